package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/bizday"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
	"portway/internal/webhook"
)

var update = flag.Bool("update", false, "write the golden files")

// now is the test's fixed time: a Monday.
var now = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

const (
	mine   porting.AccountID = "a1"
	theirs porting.AccountID = "b2"

	requestID = "7fcfd1cd-9f1c-4b5a-8d3e-0a1b2c3d4e5f"
)

// world is an API over a store in memory, with peers that know a few numbers.
type world struct {
	t       *testing.T
	store   *storetest.Memory
	book    *orders.Book
	peers   *fakePeers
	courier *webhook.Sender
	api     *API
	// ids stand in scenarios' paths as {name}.
	ids map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	days, err := bizday.Named("npac", "America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: storetest.NewMemory(), peers: &fakePeers{}, ids: map[string]string{"none": "4503599627370495", "none group": "4503599627370495"}}
	var n atomic.Uint32
	w.book = &orders.Book{Store: w.store, Rules: porting.Standard(days), Now: func() time.Time { return now },
		Random: func() uint16 { return uint16(n.Add(1)) }}
	w.book.Rules.Operator = storetest.Operator
	sealer := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"}
	w.courier = &webhook.Sender{Store: w.store, Client: webhook.NewClient(true), Open: sealer.OpenAll, Now: w.book.Now}
	webhooks := &webhook.Register{Store: w.store, Seal: sealer.Seal, Now: w.book.Now, Random: rand.Reader}
	w.api = New(Config{Book: w.book, Receipts: w.store, Accounts: w.store, Webhooks: webhooks, Portability: w.peers, Mails: w.store, Files: signer{},
		Links: &link.Maker{Store: w.store, Now: w.book.Now, Random: rand.Reader,
			Key: func(context.Context) ([]byte, error) { return bytes.Repeat([]byte{3}, 32), nil }}, Pages: "https://order.example.com", BaseURL: "https://api.example.com/"})
	for _, id := range []porting.AccountID{mine, theirs} {
		if err := w.store.OpenAccount(context.Background(), account.Account{ID: id, Name: "Acme", Mail: "ops@example.com", Kind: account.Live, Balance: 100_00}); err != nil {
			t.Fatal(err)
		}
	}
	w.records(mine)
	w.records("demo")
	return w
}

// signer signs URLs that tell what they allow.
type signer struct{}

func (signer) Upload(_ context.Context, key string, size int64, life time.Duration) (string, error) {
	return fmt.Sprintf("https://bucket.example.com/%s?put&size=%d&for=%s", key, size, life), nil
}

func (signer) Download(_ context.Context, key, name string, life time.Duration) (string, error) {
	return fmt.Sprintf("https://bucket.example.com/%s?get&as=%s&for=%s", key, name, life), nil
}

// records gives the account the records that presets refer to in the tests: routes 3, 4 and 83834, the E911 address 2,
// and the CNAMs 1, which is approved, and 7, which is not.
func (w *world) records(id porting.AccountID) {
	w.t.Helper()
	route := map[string]string{"alias": "office", "route_type": "host", "value": "sip.example.com"}
	help := map[string]string{"first_name": "Jane", "last_name": "Roe", "street_number": "1218", "street_name": "3rd Ave", "city": "Seattle",
		"state": "WA", "country": "US", "zip": "98101"}
	for _, p := range []account.Preset{
		{Ref: account.Ref{Kind: account.Route, ID: "3"}, Fields: route}, {Ref: account.Ref{Kind: account.Route, ID: "4"}, Fields: route},
		{Ref: account.Ref{Kind: account.Route, ID: "83834"}, Fields: route}, {Ref: account.Ref{Kind: account.E911, ID: "2"}, Fields: help},
		{Ref: account.Ref{Kind: account.CNAM, ID: "1"}, Approved: now, Fields: map[string]string{"value": "LEATHER INC"}},
		{Ref: account.Ref{Kind: account.CNAM, ID: "7"}, Fields: map[string]string{"value": "NOT YET"}},
	} {
		p.Account, p.Created = id, now
		if err := w.store.AddPreset(context.Background(), p, nil); err != nil {
			w.t.Fatal(err)
		}
	}
}

// fakePeers answer by the last digit of a number: 9 is not portable, a toll-free one
// with 6 is transitional, 8 is on our own network, 7 is with another
// carrier. Those of the exchange 555 in the area code 503 are with a mobile carrier.
type fakePeers struct {
	err   error
	asked int
}

func (p *fakePeers) Portability(_ context.Context, _ porting.Order, tns []string) ([]peer.Portability, error) {
	p.asked++
	if p.err != nil {
		return nil, p.err
	}
	var all []peer.Portability
	for _, tn := range tns {
		answer := peer.Portability{TN: tn, Portable: true, Carrier: porting.Carrier{SPID: "8303", Name: "Acme Tel"}}
		switch tn[len(tn)-1] {
		case '9':
			answer.Portable, answer.Reason = false, porting.NoCoverage
		case '8':
			answer.OnNet = true
		case '6':
			if strings.HasPrefix(tn, "+1888") {
				answer.Portable, answer.Reason = false, porting.TFTransitional
			}
		case '7':
			answer.Carrier = porting.Carrier{SPID: "6529", Name: "Other Tel"}
		}
		if strings.HasPrefix(tn, "+1503555") {
			answer.Carrier, answer.Wireless = porting.Carrier{SPID: "8X34", Name: "Acme Mobile"}, true
		}
		all = append(all, answer)
	}
	return all, nil
}

func fullDetails() porting.Details {
	return porting.Details{
		Alias: "Head office", BillingName: "Jane Roe", Company: "Leather Inc.", BillingNumber: "+12065550100", Provider: "Acme Tel",
		ProviderAccount: porting.NewSecret("ACCT-778812"), PIN: porting.NewSecret("4321"), LastFourSSN: porting.NewSecret("6789"),
		UsageType: porting.Business, Street: "1218 3rd Ave", Street2: "Suite 200", City: "Seattle", State: "WA", Zip: "98101",
		Country: "US", Desired: "2026-03-20", LOAEmail: "jane@example.com", LOACC: "joe@example.com", CNAMLookups: true,
		StatusURL: "https://customer.example.com/hook", AutoCorrect: porting.CorrectAddress,
		Unportable: porting.ExcludeUnportable,
	}
}

// secrets are the values that no answer may hold.
var secrets = []string{"ACCT-778812", "4321", "6789"}

// order makes an order of the account with the numbers and brings it along by the commands.
func (w *world) order(name string, id porting.AccountID, tns []string, steps ...porting.Command) porting.Order {
	w.t.Helper()
	ctx := context.Background()
	draft := orders.Draft{By: porting.CustomerBy(account.KeyID(id, "MineOne1")), Account: id, Details: fullDetails(),
		Presets: porting.Presets{PrimaryRoute: "83834", Alias: "front desk"}}
	for _, tn := range tns {
		draft.Lines = append(draft.Lines, porting.Line{TN: tn, Kind: porting.Local, Country: "US", Carrier: porting.Carrier{SPID: "8303", Name: "Acme Tel"}})
	}
	g, made, err := w.book.Create(ctx, draft)
	if err != nil {
		w.t.Fatal(err)
	}
	o := made[0]
	for _, step := range steps {
		if o, err = w.book.Do(ctx, o.ID, step); err != nil {
			w.t.Fatalf("%T: %v", step, err)
		}
	}
	w.ids[name], w.ids[name+" group"] = string(o.ID), string(g.ID)
	return o
}

var (
	customer = porting.CustomerBy(account.KeyID(mine, "MineOne1"))
	system   = porting.SystemBy(porting.WayWorkflow)
	staff    = porting.StaffBy("mk")

	signed   = porting.Sign{By: customer, Signature: porting.Signature{Name: "Jane Roe", Title: "Owner"}}
	passed   = porting.Pass{By: system}
	rejected = porting.Return{By: staff, Proof: porting.ProofAccount, Reasons: []porting.Reason{
		{Code: porting.ZipMismatch, Raw: "7508", Said: "ZIP does not match", Patch: map[string]string{"zip": "98104", "provider_account": "ACCT-778812"}},
		{Code: porting.TNNotFound, Numbers: []string{"+12065550111"}},
	}}
)

// five makes one order of ours in each of the statuses that matter, and one of another account.
func (w *world) five() {
	w.order("pending", mine, []string{"+12065550101", "+12065550102"})
	w.order("processing", mine, []string{"+12065550103"}, signed)
	w.order("submitted", mine, []string{"+12065550104"}, signed, passed)
	w.order("rejected", mine, []string{"+12065550110", "+12065550111"}, signed, passed, rejected)
	w.order("cancelled", mine, []string{"+12065550105"}, porting.Cancel{By: customer})
	w.order("theirs", theirs, []string{"+12065550106"})
}

func (w *world) fill(s string) string {
	for name, id := range w.ids {
		s = strings.ReplaceAll(s, "{"+name+"}", id)
	}
	return s
}

// request is a gateway's event as the handler gets it.
func (w *world) request(method, target, body string, header map[string]string) events.APIGatewayProxyRequest {
	path, query, _ := strings.Cut(w.fill(target), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		w.t.Fatal(err)
	}
	in := events.APIGatewayProxyRequest{HTTPMethod: method, Path: path, Body: w.fill(body), Headers: header,
		MultiValueQueryStringParameters: values}
	in.RequestContext.RequestID = requestID
	in.RequestContext.Identity.SourceIP = "192.0.2.7"
	in.RequestContext.Authorizer = map[string]any{"account": string(mine), "kind": "live",
		"key_id": account.KeyID(mine, "MineOne1")}
	return in
}

// send sends the event and checks what holds of every answer.
func (w *world) send(in events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	w.t.Helper()
	out, err := w.api.Handle(context.Background(), in)
	if err != nil {
		w.t.Fatalf("the handler returned an error to the gateway: %v", err)
	}
	isText := strings.HasPrefix(out.Headers["Content-Type"], "text/")
	if !isText && (out.Headers["Content-Type"] != "application/json" || !json.Valid([]byte(out.Body))) {
		w.t.Errorf("not JSON: %q", out.Body)
	}
	checkContract(w.t, in, out)
	if out.StatusCode >= 400 {
		checkEnvelope(w.t, out)
	}
	for _, secret := range secrets {
		if strings.Contains(out.Body, `"`+secret+`"`) {
			w.t.Errorf("the answer holds a secret: %s", out.Body)
		}
	}
	return out
}

func checkEnvelope(t *testing.T, out events.APIGatewayProxyResponse) {
	t.Helper()
	var doc envelope
	if err := json.Unmarshal([]byte(out.Body), &doc); err != nil || len(doc.Errors) == 0 {
		t.Errorf("no error envelope: %v %s", err, out.Body)
	}
	codes, err := sourceCodes()
	if err != nil {
		t.Error(err)
	}
	for _, e := range doc.Errors {
		if !codes[e.Code].allows(e.Status) {
			t.Errorf("the catalogue of codes has no %s with the status %d", e.Code, e.Status)
		}
		if e.Status != out.StatusCode || !uuidForm.MatchString(e.ID) || e.Title == "" || e.Detail == "" || e.Code == "" {
			t.Errorf("status %d with a poor entry: %+v", out.StatusCode, e)
		}
		if why := notSentences(e.Detail); why != "" {
			t.Errorf("%q is no sentence for its reader: %s", e.Detail, why)
		}
	}
}

var (
	fieldBefore = regexp.MustCompile(`^[^ ]+: `)
	verb        = regexp.MustCompile(`(?i)\b(is|are|was|were|be|has|have|had|must|may|can|cannot|can't|does|do|did|went|came|could|set|sends|stands|goes|asks|give|send|use|name|leave|exists|holds|cancel|sign|write|add|say|` +
		`take|read|try|change|create|wait|delete|make|check|ask|revoke|rotate|belongs?|starts?|names?)\b`)
	sentenceEnd = regexp.MustCompile(`\.\s+\b`)
	// documented are the words of the documents themselves (C-GO), which clients may know.
	documented = []string{"No such port order", "No such port order group"}
)

// notSentences says why a detail, without the name of its field, is not made of whole sentences with a verb; empty when
// it is.
func notSentences(detail string) string {
	if slices.Contains(documented, detail) {
		return ""
	}
	text := fieldBefore.ReplaceAllString(detail, "")
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case !unicode.IsUpper(first) && !unicode.IsDigit(first) && first != '+':
		return "it begins with a small letter"
	case !strings.HasSuffix(text, "."):
		return "it has no end"
	}
	for _, one := range sentenceEnd.Split(strings.TrimSuffix(text, "."), -1) {
		if !verb.MatchString(one) {
			return "\"" + one + "\" has no verb"
		}
	}
	return ""
}

func TestNotSentences(t *testing.T) {
	for detail, good := range map[string]bool{
		"zip: Give a ZIP code of five digits, or of nine with a dash, such as 98101-1234.":  true,
		"The order is submitted. Only a pending or rejected order can be changed this way.": true,
		"+12065550101 is on another live port order.":                                       true,
		"No such port order":                                   true,
		"No such access key":                                   false,
		"alias: At most 100 characters.":                       false,
		"email: One mail address.":                             false,
		"zip: Give a ZIP code of five digits. Or nine.":        false,
		"types: one of them has a fault.":                      false,
		"pin: Use letters, digits, spaces and . # / _ - only.": true,
		"This is required":                                     false,
	} {
		if why := notSentences(detail); (why == "") != good {
			t.Errorf("%q: %q", detail, why)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(got), "", "  "); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if pretty.String() != string(want) {
		t.Errorf("%s differs; go test -update writes it anew. Got:\n%s", path, pretty.String())
	}
}

const methodArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/v2/portorders"

// authorizer is the gateway's authorizer over the world's keys.
func authorizer(w *world) access.Authorizer {
	return access.Customers(func(ctx context.Context, key, secret, address string) (account.Key, error) {
		return account.Authenticate(ctx, w.store, key, secret, address, now)
	}, func() time.Time { return now })
}

// basicOf is the Authorization header of credentials.
func basicOf(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}
