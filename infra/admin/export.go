package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/bizday"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// exportCommand writes what is kept of an account.
var exportCommand = command{
	name:    "export",
	summary: "write all data of an account, as JSON and documents",
	about: `The directory gets what the API tells the customer, in the API's own form (infra/openapi.yaml): account.json,
lists as JSON Lines (a record a line), an orders/<id>.json for each order with its history, and the accepted documents
beside it. Secrets are left out as the API leaves them out: account numbers are masked, and PINs, secret keys and secrets of
webhooks are in no export. A command that was interrupted is given again, with the same directory: an order whose file has
the order's present version is not read again.`,
	example: `go run ./infra/admin export -table portway-Table -bucket portway-documents -id acme -to acme-export`,
	needs:   []string{"table", "bucket", "id", "to"},
	flags:   exportAccount,
}

// The API's lists about an account, with the file of each, and those about one order, with the attribute of each in the
// order's file. TestExportHasEveryCall holds them to the calls of the API's description.
var (
	ofAccount = map[string]string{
		"/v2/account/contacts": "contacts.jsonl", "/v2/account/keys": "keys.jsonl", "/v2/account/ledger": "ledger.jsonl",
		"/v2/account/webhooks": "webhooks.jsonl", "/v2/account/routes": "routes.jsonl", "/v2/account/e911s": "e911s.jsonl",
		"/v2/account/cnams": "cnams.jsonl",
	}
	ofOrder = map[string]string{
		"/events": "events", "/comments": "comments", "/files": "files", "/mails": "mails", "/changes": "changes", "/disputes": "disputes",
		"/links": "links",
	}
)

const deliveriesFile = "deliveries.jsonl"

// stores are the parts of the table that the API reads.
type stores interface {
	orders.Store
	orders.Receipts
	account.Store
	webhook.Store
	api.Mails
	link.Store
}

// reader returns the API over the stores, as calls that only read need it.
func reader(s stores, of api.Files, now func() time.Time) (*api.API, error) {
	days, err := bizday.Named("npac", "America/New_York")
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{
		Book: &orders.Book{Store: s, Rules: porting.Standard(days), Now: now}, Receipts: s, Accounts: s, Mails: s, Files: of,
		Webhooks: &webhook.Register{Store: s, Now: now}, Links: &link.Maker{Store: s, Now: now}, BaseURL: base,
	}), nil
}

const base = "https://export.invalid"

// places are the keys of files, in the place of the URLs by which customers fetch them.
type places struct{}

func (places) Upload(context.Context, string, int64, time.Duration) (string, error) {
	return "", errors.New("an export brings no files")
}

func (places) Download(_ context.Context, key, _ string, _ time.Duration) (string, error) {
	return key, nil
}

func exportAccount(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	name := set.String("bucket", "", "`name` of the bucket, DocumentsName of the stack's outputs")
	to := set.String("to", "", "`directory` that gets the data")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		d, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		a, err := d.accounts.Account(ctx, porting.AccountID(*id))
		if err != nil {
			return err
		}
		calls, err := d.api(places{})
		if err != nil {
			return err
		}
		e := exporter{api: calls, owner: a, files: d.files, bucket: *name, to: *to}
		if err := e.account(ctx); err != nil {
			return err
		}
		if err := e.orders(ctx); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s has the account %s, with %d orders and %d documents; %d of the orders were there before.\n",
			*to, a.ID, e.written+e.there, e.documents, e.there)
		return nil
	}
}

// exporter writes the data of one account.
type exporter struct {
	api    *api.API
	owner  account.Account
	files  files
	bucket string
	to     string

	written, there, documents int
}

// answer is a document of the API.
type answer struct {
	Data  json.RawMessage
	Links struct{ Next string }
	etag  string
}

// get makes a call of the API as the account itself.
func (e *exporter) get(ctx context.Context, target string) (answer, error) {
	path, query, _ := strings.Cut(strings.TrimPrefix(target, base), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return answer{}, err
	}
	in := events.APIGatewayProxyRequest{HTTPMethod: "GET", Path: path, QueryStringParameters: map[string]string{}, MultiValueQueryStringParameters: values}
	for name := range values {
		in.QueryStringParameters[name] = values.Get(name)
	}
	in.RequestContext.Authorizer = map[string]any{"account": string(e.owner.ID), "kind": string(e.owner.Kind), "scopes": string(account.ScopeRead)}
	got, err := e.api.Handle(ctx, in)
	if err != nil {
		return answer{}, err
	}
	var a answer
	if got.StatusCode != 200 {
		return answer{}, fmt.Errorf("%s is answered %d: %s", path, got.StatusCode, strings.TrimSpace(got.Body))
	}
	err = json.Unmarshal([]byte(got.Body), &a)
	a.etag = got.Headers["ETag"]
	return a, err
}

// each calls do with every record of a list, over all its pages. A single record is a list of one.
func (e *exporter) each(ctx context.Context, target string, do func(json.RawMessage) error) error {
	for target != "" {
		a, err := e.get(ctx, target)
		if err != nil {
			return err
		}
		all, err := records(a.Data)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := do(one); err != nil {
				return err
			}
		}
		target = a.Links.Next
	}
	return nil
}

// records returns the records of an answer: of a list, of a list in the documented envelope of orders, or the one record.
func records(data json.RawMessage) ([]json.RawMessage, error) {
	var all []json.RawMessage
	if bytes.HasPrefix(data, []byte("[")) {
		err := json.Unmarshal(data, &all)
		return all, err
	}
	var one struct {
		Type       string
		Attributes struct {
			Orders struct{ Data []json.RawMessage }
		}
	}
	if err := json.Unmarshal(data, &one); err != nil {
		return nil, err
	}
	if one.Type == "portorder_list" {
		return one.Attributes.Orders.Data, nil
	}
	return []json.RawMessage{data}, nil
}

// account writes the account and its lists.
func (e *exporter) account(ctx context.Context) error {
	a, err := e.get(ctx, "/v2/account")
	if err != nil {
		return err
	}
	if err := e.write("account.json", indented(a.Data)); err != nil {
		return err
	}
	var hooks []string
	for target, file := range ofAccount {
		var lines bytes.Buffer
		err := e.each(ctx, target, func(one json.RawMessage) error {
			if target == "/v2/account/webhooks" {
				hooks = append(hooks, idOf(one))
			}
			lines.Write(append(bytes.TrimSpace(one), '\n'))
			return nil
		})
		if err != nil {
			return err
		}
		if err := e.write(file, lines.Bytes()); err != nil {
			return err
		}
	}
	var lines bytes.Buffer
	for _, hook := range hooks {
		err := e.each(ctx, "/v2/account/webhooks/"+hook+"/deliveries", func(one json.RawMessage) error {
			lines.Write(append(bytes.TrimSpace(one), '\n'))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return e.write(deliveriesFile, lines.Bytes())
}

// orders writes each order of the account with its documents.
func (e *exporter) orders(ctx context.Context) error {
	return e.each(ctx, "/v2/portorders?limit=100", func(one json.RawMessage) error {
		id := idOf(one)
		if id == "" || strings.ContainsAny(id, `/\.`) {
			return fmt.Errorf("an order has the id %q", id)
		}
		return e.order(ctx, id)
	})
}

func (e *exporter) order(ctx context.Context, id string) error {
	target, file := "/v2/portorders/"+id, filepath.Join("orders", id+".json")
	a, err := e.get(ctx, target)
	if err != nil {
		return err
	}
	if had, err := os.ReadFile(filepath.Join(e.to, file)); err == nil {
		var before struct {
			Version string `json:"version"`
		}
		if json.Unmarshal(had, &before) == nil && before.Version == a.etag {
			e.there++
			return nil
		}
	}
	whole := map[string]any{"version": a.etag, "order": a.Data}
	for path, name := range ofOrder {
		all := []json.RawMessage{}
		err := e.each(ctx, target+path, func(one json.RawMessage) error {
			all = append(all, one)
			if path == "/files" {
				return e.document(ctx, id, idOf(one))
			}
			return nil
		})
		if err != nil {
			return err
		}
		whole[name] = all
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		return err
	}
	e.written++
	return e.write(file, indented(raw)) // the last file of the order, so that it stands for all of them
}

// document writes an accepted document of an order.
func (e *exporter) document(ctx context.Context, order, id string) error {
	a, err := e.get(ctx, "/v2/portorders/"+order+"/files/"+url.PathEscape(id))
	if err != nil {
		return err
	}
	var d struct{ Attributes struct{ URL *string } }
	if err := json.Unmarshal(a.Data, &d); err != nil || d.Attributes.URL == nil {
		return err
	}
	raw, err := e.files.Read(ctx, e.bucket, *d.Attributes.URL)
	if err != nil {
		return err
	}
	e.documents++
	return e.write(filepath.Join("orders", order+"-"+id+extension(raw)), raw)
}

// extension is the ending of the name of a kept file.
func extension(raw []byte) string {
	if bytes.HasPrefix(raw, []byte("%PDF")) {
		return ".pdf"
	}
	return ".bin"
}

// write writes a file whole or not at all.
func (e *exporter) write(name string, raw []byte) error {
	path := filepath.Join(e.to, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func idOf(record json.RawMessage) string {
	var r struct{ ID string }
	if json.Unmarshal(record, &r) != nil {
		return ""
	}
	return r.ID
}

func indented(raw []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return raw
	}
	out.WriteByte('\n')
	return out.Bytes()
}
