package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"go.yaml.in/yaml/v3"

	"portway/infra"
	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/api"
	"portway/internal/bucket"
	"portway/internal/dynamo"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
)

// notExported are the reading calls of the API whose answers no export has, with the reason.
var notExported = map[string]string{
	"/v2/portorders/{order}/status":           "it is in the order",
	"/v2/portorders/{order}/dates":            "it is computed from the calendar",
	"/v2/portorders/{order}/explain":          "it is computed from the order",
	"/v2/portorders/{order}/loa":              "it is the text to be signed; a signed LOA is a document",
	"/v2/portorders/{order}/changes/{change}": "it is in the list",
	"/v2/events":                                           "each order has its events",
	"/v2/account/webhooks/{webhook}":                       "it is in the list",
	"/v2/account/balance":                                  "it is in the account",
	"/v2/account/routes/{record}":                          "it is in the list",
	"/v2/account/e911s/{record}":                           "it is in the list",
	"/v2/account/cnams/{record}":                           "it is in the list",
	"/v2/carriers":                                         "it is nothing of the account's",
	"/v2/carriers/{carrier}":                               "it is nothing of the account's",
	"/v2/account/webhooks/{webhook}/deliveries/{delivery}": "it is in the list",
}

// Each call of the API that reads is exported, or is known not to be. A new one is neither, and fails here.
func TestExportHasEveryCall(t *testing.T) {
	var description struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal([]byte(infra.OpenAPI()), &description); err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{"/v2/account": true, "/v2/portorders": true, "/v2/portorders/{order}": true,
		"/v2/portorders/{order}/files/{file}": true, "/v2/account/webhooks/{webhook}/deliveries": true}
	for path := range ofAccount {
		exported[path] = true
	}
	for path := range ofOrder {
		exported["/v2/portorders/{order}"+path] = true
	}
	reading := 0
	for path, methods := range description.Paths {
		if _, reads := methods["get"]; !reads {
			continue
		}
		reading++
		if exported[path] == (notExported[path] != "") {
			t.Errorf("GET %s is exported: %v; the reason why it is not: %q", path, exported[path], notExported[path])
		}
	}
	if reading < len(exported) {
		t.Errorf("the description has %d reading calls, and %d are exported", reading, len(exported))
	}
}

// counted counts the files that are read, and fails from one of them on.
type counted struct {
	versions
	reads, failFrom int
}

func (c *counted) Read(ctx context.Context, bucket, key string) ([]byte, error) {
	if c.reads++; c.failFrom > 0 && c.reads >= c.failFrom {
		return nil, errors.New("the network is away")
	}
	return c.versions.Read(ctx, bucket, key)
}

// An account's data are written whole from the table and the bucket, without a secret and without anything of another
// account. A run that was interrupted goes on where it was, and a changed order is written anew.
func TestExport(t *testing.T) {
	cfg := enginetest.Start(t, engine.Options{}).Config()
	client, files := dynamodb.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	table, name := "portway", "documents"
	if err := dynamotest.Create(t.Context(), client, table); err != nil {
		t.Fatal(err)
	}
	if _, err := files.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	store := dynamo.New(client, table, &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.OpenAccount(t.Context(), storetest.FullAccount()))
	must(store.AddKey(t.Context(), storetest.FullKey()))
	must(store.AddPreset(t.Context(), storetest.FullPreset(), nil))
	hook := storetest.FullEndpoint()
	hook.ID = "weaaaaaaaaaaaaaaaa"
	must(store.SaveEndpoint(t.Context(), hook, nil))
	const deposits = 120 // more than a page
	for n := range deposits {
		must(store.Deposit(t.Context(), "acme", 500, fmt.Sprint("wire ", n), storetest.Now.Add(time.Duration(n)*time.Minute)))
	}
	other := storetest.FullAccount()
	other.ID, other.Name = "other", "Somebody else"
	must(store.OpenAccount(t.Context(), other))
	commit := func(n int, of porting.AccountID, version int64) porting.Order {
		o := storetest.FullOrder(porting.OrderID(fmt.Sprint(9000000000000001 + n)))
		o.Account, o.Version, o.Group = of, version, porting.GroupID(fmt.Sprint(8000000000000001+n))
		o.OwnOnly, o.OtherAccount, o.Withdrawing = false, false, false
		o.Details.PIN, o.Details.ProviderAccount = porting.NewSecret("4711-pin"), porting.NewSecret("accountno98765")
		o.Details.LastFourSSN = porting.NewSecret("6789")
		o.Numbers = []porting.Number{{TN: fmt.Sprintf("+1206555020%d", n)}}
		o.Documents = []porting.Document{{ID: "1", Name: "bill.pdf", Kind: porting.BillDocument, State: porting.DocumentComplete, Digest: fmt.Sprint("digest", n), Added: storetest.Now},
			{ID: "2", Name: "coming.pdf", Kind: porting.BillDocument, State: porting.DocumentPending, Added: storetest.Now}}
		e := storetest.FullEvent(o)
		e.Effects, e.Charge, e.Refund, e.Credit = nil, 0, 0, 0
		change := orders.Change{After: o, Events: []porting.Event{e}}
		if version > 1 {
			before, err := store.Load(t.Context(), o.ID)
			must(err)
			change.Before = before
		}
		must(store.Commit(t.Context(), change, storetest.Now))
		if version == 1 {
			must(store.KeepMail(t.Context(), storetest.FullMail(o)))
			key := bucket.Kept(of, o.ID, o.Documents[0].Digest)
			_, err := files.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("%PDF of " + string(o.ID))})
			must(err)
		}
		return o
	}
	for n := range 3 {
		commit(n, "acme", 1)
	}
	commit(3, "other", 1)

	from := &counted{versions: versions{files}, failFrom: 3}
	now := func() time.Time { return storetest.Now.Add(time.Hour) }
	connect := func(context.Context, string) (deployment, error) {
		return deployment{accounts: store, files: from, now: now(),
			api: func(of api.Files) (*api.API, error) { return reader(dynamo.New(client, table, nil), of, now) }}, nil
	}
	dir := filepath.Join(t.TempDir(), "out")
	export := func(want int, say string) {
		t.Helper()
		var out, problems bytes.Buffer
		if code := run(t.Context(), []string{"export", "-table", table, "-bucket", name, "-id", "acme", "-to", dir}, &out, &problems, connect); code != want ||
			!strings.Contains(out.String()+problems.String(), say) {
			t.Fatalf("%d %s %s", code, out.String(), problems.String())
		}
	}
	export(notDone, "the network is away") // at the third order
	from.failFrom = 0
	export(done, "with 3 orders and 1 documents; 2 of the orders were there before")
	if from.reads != 4 {
		t.Errorf("%d files were read over both runs, want 3 and the one that failed", from.reads)
	}
	commit(1, "acme", 2)
	export(done, "with 3 orders and 1 documents; 2 of the orders were there before")

	got := map[string]string{}
	must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		got[strings.TrimPrefix(path, dir+"/")] = string(raw)
		return err
	}))
	want := []string{"account.json", "cnams.jsonl", "contacts.jsonl", "deliveries.jsonl", "e911s.jsonl", "keys.jsonl", "ledger.jsonl",
		"orders/9000000000000001-1.pdf", "orders/9000000000000001.json", "orders/9000000000000002-1.pdf", "orders/9000000000000002.json",
		"orders/9000000000000003-1.pdf", "orders/9000000000000003.json", "routes.jsonl", "webhooks.jsonl"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("the files are %q", names)
	}
	for file, parts := range map[string][]string{
		"account.json": {`"name": "Acme"`}, "keys.jsonl": {`"access_key":"Acme0001"`, `"scopes":["read","order"]`}, "ledger.jsonl": {`"wire 7"`},
		"cnams.jsonl": {`"ACME"`}, "webhooks.jsonl": {"hooks.example.com"}, "contacts.jsonl": {"pay@example.com"},
		"orders/9000000000000002.json":  {`"version": "\"2\""`, "+12065550201", `"bill.pdf"`, `"Your order"`, `"billing_name": "`},
		"orders/9000000000000003-1.pdf": {"%PDF of 9000000000000003"},
	} {
		for _, part := range parts {
			if !strings.Contains(got[file], part) {
				t.Errorf("%s lacks %s:\n%.2000s", file, part, got[file])
			}
		}
	}
	if n := strings.Count(got["ledger.jsonl"], `"kind":"deposit"`); n != deposits {
		t.Errorf("the ledger has %d deposits, want %d", n, deposits)
	}
	for file, text := range got {
		for _, secret := range []string{"4711-pin", "accountno98765", "sealed", "9000000000000004", "Somebody else"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %q", file, secret)
			}
		}
		if strings.HasSuffix(file, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", file)
		}
		if strings.HasSuffix(file, ".jsonl") {
			for line := range strings.Lines(text) {
				if !json.Valid([]byte(line)) {
					t.Errorf("%s has the line %s", file, line)
				}
			}
		}
	}
	if code := run(t.Context(), []string{"export", "-table", table, "-bucket", name, "-id", "nobody", "-to", dir}, new(bytes.Buffer), new(bytes.Buffer), connect); code != notDone {
		t.Errorf("an account that is not there: %d", code)
	}
}
