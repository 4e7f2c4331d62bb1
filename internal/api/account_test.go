package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

func of(kind, members string) string {
	return `{"data":{"type":"` + kind + `","attributes":{` + members + `}}}`
}

// withKeys gives both accounts keys: ours two, of which one ends, theirs one.
func withKeys(w *world) {
	for _, k := range []account.Key{
		{Access: "MineOne1", Account: mine, Kind: account.Live, Created: now.Add(-time.Hour), Name: "the first"},
		{Access: "MineEnds", Account: mine, Kind: account.Live, Created: now.Add(-2 * time.Hour), Expires: now.Add(time.Hour)},
		{Access: "Theirs01", Account: theirs, Kind: account.Live, Created: now},
	} {
		if err := w.store.AddKey(w.t.Context(), k); err != nil {
			w.t.Fatal(err)
		}
	}
}

// withAnother gives our account a third key, Another1.
func withAnother(scopes account.Scopes, expires time.Time) func(*world) {
	return func(w *world) {
		withKeys(w)
		k := account.Key{Access: "Another1", Account: mine, Kind: account.Live, Created: now, Scopes: scopes, Expires: expires}
		if err := w.store.AddKey(w.t.Context(), k); err != nil {
			w.t.Fatal(err)
		}
	}
}

// onlyKeys gives our account the keys Another1, Another2 and so on with these scopes and no others, and theirs one.
func onlyKeys(w *world, scopes ...account.Scopes) {
	keys := []account.Key{{Access: "Theirs01", Account: theirs, Kind: account.Live, Created: now}}
	for i, s := range scopes {
		keys = append(keys, account.Key{Access: "Another" + itoa(i+1), Account: mine, Kind: account.Live, Created: now, Scopes: s})
	}
	for _, k := range keys {
		if err := w.store.AddKey(w.t.Context(), k); err != nil {
			w.t.Fatal(err)
		}
	}
}

func keysLeft(want int) func(*testing.T, *world, events.APIGatewayProxyResponse) {
	return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		for id, n := range map[porting.AccountID]int{mine: want, theirs: 1} {
			if _, keys, err := w.store.Keys(t.Context(), id); err != nil || len(keys) != n {
				t.Errorf("%s has the keys %+v (%v), want %d", id, keys, err, n)
			}
		}
	}
}

func TestAccount(t *testing.T) {
	run(t, []scenario{
		{name: "Account", request: "GET /v2/account", status: 200, after: header("ETag", `"0"`),
			expect: []string{`"type":"account","id":"a1"`, `"name":"Acme","kind":"live","balance":"77.5","currency":"USD"`, `"primary":[{"address":"ops@example.com"`, `"porting":[]`}},
		{name: "Balance", request: "GET /v2/account/balance", status: 200, expect: []string{`"attributes":{"balance":"77.5","currency":"USD"}`}},
		{name: "Ledger", request: "GET /v2/account/ledger", status: 200, not: []string{`"next"`, "{theirs}"},
			expect: []string{`"kind":"port_fee","amount":"-15","portorder_id":"{rejected}","reference":null`, `"amount":"-7.5","portorder_id":"{submitted}"`}},
		{name: "LedgerWithADeposit", request: "GET /v2/account/ledger?limit=1", status: 200, expect: []string{`"kind":"deposit","amount":"5.25","portorder_id":null,"reference":"wire 7"`, `"next":"`},
			before: func(w *world) {
				if err := w.store.Deposit(w.t.Context(), mine, 525, "wire 7", now.Add(time.Minute)); err != nil {
					w.t.Fatal(err)
				}
			}},
		{name: "LedgerFaults", request: "GET /v2/account/ledger?limit=0&cursor=x&since=1", status: 422,
			expect: []string{`"parameter":"limit"`, `"parameter":"cursor"`, `"parameter":"since"`}},
		{name: "LedgerBehindNoPlace", request: "GET /v2/account/ledger?cursor=" + cursorOf("ledger", strings.Repeat("x", 1000)), status: 422,
			expect: []string{`"parameter":"cursor"`}},
		{name: "NoSuchMethod", request: "DELETE /v2/account", status: 405, after: header("Allow", "GET, PATCH")},
	})
}

// Pages of the ledger are every line once, and make up the balance.
func TestLedgerPages(t *testing.T) {
	w := newWorld(t)
	w.five()
	var seen []string
	for target := "/v2/account/ledger?limit=1"; target != ""; {
		out := w.send(w.request("GET", target, "", nil))
		var page struct {
			Data  []struct{ Attributes struct{ Amount string } }
			Links links
		}
		if err := json.Unmarshal([]byte(out.Body), &page); err != nil || out.StatusCode != 200 {
			t.Fatal(err, out.Body)
		}
		for _, l := range page.Data {
			seen = append(seen, l.Attributes.Amount)
		}
		target = strings.TrimPrefix(page.Links.Next, "https://api.example.com")
	}
	if got := strings.Join(seen, " "); got != "-15 -7.5" && got != "-7.5 -15" {
		t.Errorf("lines %s", got)
	}
}

func TestContacts(t *testing.T) {
	const target = "PATCH /v2/account/contacts"
	held := func(w *world) {
		c, err := account.SetContacts(account.Account{ID: mine, Mail: "ops@example.com"}, map[account.Purpose][]string{account.Porting: {"a@example.com", "b@example.com"}}, now)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.store.Amend(w.t.Context(), c); err != nil {
			w.t.Fatal(err)
		}
		if err := account.BlockAddresses(w.t.Context(), w.store, mine, []string{"a@example.com"}, account.Bounced, now); err != nil {
			w.t.Fatal(err)
		}
	}
	goesTo := func(want ...string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			a, err := w.store.Account(t.Context(), mine)
			if got, _ := a.MailTo(account.Porting); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("porting mail goes to %v (%v), want %v", got, err, want)
			}
		}
	}
	run(t, []scenario{
		{name: "Read", request: "GET /v2/account/contacts", before: held, status: 200, after: header("ETag", `"2"`),
			expect: []string{`{"address":"a@example.com","since":"2026-03-02T15:00:00Z","held":"bounced","held_at":"2026-03-02T15:00:00Z"}`}},
		{name: "Change", request: target, body: of("contacts", `"porting":["a@example.com"," b@example.com "],"billing":["bills@example.com"]`), status: 200,
			expect: []string{`"primary":[{"address":"ops@example.com"`, `"porting":[{"address":"a@example.com","since":"2026-03-02T15:00:00Z","held":null`, `"bills@example.com"`},
			after:  goesTo("a@example.com", "b@example.com")},
		{name: "AsItWasRead", request: target, before: held, status: 200, after: goesTo("b@example.com"), expect: []string{`"held":"bounced"`},
			body: of("contacts", `"porting":[{"address":"a@example.com","since":null,"held":null,"held_at":null},"b@example.com"]`)},
		{name: "NonePorting", request: target, before: held, body: of("contacts", `"porting":[]`), status: 200, after: goesTo("ops@example.com")},
		{name: "AllFaults", request: target, status: 422, after: goesTo("ops@example.com"),
			body: of("contacts", `"primary":[],"porting":["nobody","a@example.com","A@example.com","a@b.example\r\nBcc: c@d.example"],"sales":["x@example.com"]`),
			expect: []string{`"pointer":"/data/attributes/primary"`, `"pointer":"/data/attributes/porting/0"`, `"code":"duplicate","pointer":"/data/attributes/porting/2"`,
				`"pointer":"/data/attributes/porting/3"`, `"code":"unknown","pointer":"/data/attributes/sales"`}},
		{name: "TooMany", request: target, body: of("contacts", `"billing":[`+strings.TrimSuffix(strings.Repeat(`"a@example.com",`, 11), ",")+`]`), status: 422, expect: []string{`"code":"too_many"`}},
		{name: "WrongTypes", request: target, body: of("contacts", `"porting":"a@example.com","billing":[7]`), status: 400},
		{name: "Nothing", request: target, body: of("contacts", ``), status: 422, expect: []string{`"code":"required"`}},
		{name: "DryRun", request: target + "?validate_only=true", body: of("contacts", `"porting":["a@example.com"]`), status: 200, after: goesTo("ops@example.com"), expect: []string{`"validated":true`}},
		{name: "Stale", request: target, before: held, header: map[string]string{"If-Match": `"1"`}, body: of("contacts", `"porting":[]`), status: 412, after: goesTo("b@example.com")},
		{name: "Fresh", request: target, before: held, header: map[string]string{"If-Match": `"2"`}, body: of("contacts", `"porting":[]`), status: 200},
		{name: "Confirm", request: "POST /v2/account/contacts/confirm", before: held, body: of("contacts", `"address":"A@example.com"`), status: 200, after: goesTo("a@example.com", "b@example.com")},
		{name: "ConfirmUnknown", request: "POST /v2/account/contacts/confirm", body: of("contacts", `"address":"x@example.com"`), status: 422, expect: []string{`"pointer":"/data/attributes/address"`}},
		{name: "ConfirmNothing", request: "POST /v2/account/contacts/confirm", body: of("contacts", ``), status: 422, expect: []string{`"code":"required"`}},
	})
}

func TestKeys(t *testing.T) {
	run(t, []scenario{
		{name: "List", request: "GET /v2/account/keys", before: withKeys, status: 200, not: []string{"secret", "Theirs01"},
			expect: []string{`"access_key":"MineEnds","key_id":"key-aypjym","name":"","created_date":"2026-03-02T13:00:00Z","expires":"2026-03-02T16:00:00Z","state":"ending"`,
				`"access_key":"MineOne1","key_id":"key-8jn5za","name":"the first","created_date":"2026-03-02T14:00:00Z","expires":null,"state":"live"`}},
		{name: "Create", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"name":" billing "`), status: 201, expect: []string{`"secret_key":"`, `"name":"billing"`}, after: keysLeft(3)},
		{name: "CreateWithoutABody", request: "POST /v2/account/keys", before: withKeys, status: 201, after: keysLeft(3)},
		{name: "CreateFaults", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"name":"`+strings.Repeat("x", 61)+`","expires":1`), status: 422, after: keysLeft(2),
			expect: []string{`"pointer":"/data/attributes/name"`, `"pointer":"/data/attributes/expires"`}},
		{name: "CreateDryRun", request: "POST /v2/account/keys?validate_only=true", before: withKeys, status: 200, after: keysLeft(2), expect: []string{`"access_key":"","key_id":null`}, not: []string{"secret"}},
		{name: "TooMany", request: "POST /v2/account/keys", status: 409, expect: []string{`"code":"too_many_keys"`}, after: keysLeft(10), before: func(w *world) {
			withKeys(w)
			for i := range 8 {
				if err := w.store.AddKey(w.t.Context(), account.Key{Access: fmt.Sprint("more", i), Account: mine, Created: now}); err != nil {
					w.t.Fatal(err)
				}
			}
		}},
		{name: "Rotate", request: "POST /v2/account/keys/MineOne1/rotate", before: withKeys, status: 201, after: keysLeft(3),
			expect: []string{`"secret_key":"`, `"replaces":"MineOne1","replaced_key_ends":"2026-03-03T15:00:00Z"`}},
		{name: "RotateAtOnce", request: "POST /v2/account/keys/MineOne1/rotate", before: withKeys, body: of("key", `"overlap_hours":0`), status: 201,
			expect: []string{`"replaced_key_ends":"2026-03-02T15:00:00Z"`}},
		{name: "RotateTooLong", request: "POST /v2/account/keys/MineOne1/rotate", before: withKeys, body: of("key", `"overlap_hours":169`), status: 422, after: keysLeft(2),
			expect: []string{`"code":"out_of_range","pointer":"/data/attributes/overlap_hours"`}},
		{name: "RotateNoNumber", request: "POST /v2/account/keys/MineOne1/rotate", before: withKeys, body: of("key", `"overlap_hours":"1"`), status: 400},
		{name: "RotateTwice", request: "POST /v2/account/keys/MineEnds/rotate", before: withKeys, status: 409, expect: []string{`"code":"key_ends"`}, after: keysLeft(2)},
		{name: "RotateTheirs", request: "POST /v2/account/keys/Theirs01/rotate", before: withKeys, status: 404, expect: []string{"The account has no such access key."}, after: keysLeft(2)},
		{name: "RotateInAnotherCase", request: "POST /v2/account/keys/mineone1/rotate", before: withKeys, status: 404, after: keysLeft(2)},
		{name: "Revoke", request: "DELETE /v2/account/keys/MineEnds", before: withKeys, status: 200, expect: []string{`"state":"revoked"`}, after: keysLeft(1)},
		{name: "RevokeTheLast", request: "DELETE /v2/account/keys/MineOne1", before: withKeys, status: 409, expect: []string{`"code":"last_key"`}, after: keysLeft(2)},
		{name: "RevokeTheirs", request: "DELETE /v2/account/keys/Theirs01", before: withKeys, status: 404, after: keysLeft(2)},
		{name: "RevokeNone", request: "DELETE /v2/account/keys/nothing1", before: withKeys, status: 404, after: keysLeft(2)},
		{name: "RevokeDryRun", request: "DELETE /v2/account/keys/MineEnds?validate_only=true", before: withKeys, status: 200, after: keysLeft(2)},
		{name: "CreateWithScopes", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"scopes":["order","read"],"address_ranges":["192.0.2.7","2001:db8::1/48"]`), status: 201,
			expect: []string{`"scopes":["read","order"],"address_ranges":["192.0.2.7/32","2001:db8::/48"]`}, after: keysLeft(3)},
		{name: "CreateWithFaultyScopes", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"scopes":["read","write"],"address_ranges":["here","10.0.0.0/33","::ffff:10.0.0.1"]`), status: 422,
			expect: []string{`"pointer":"/data/attributes/scopes/1"`, `"pointer":"/data/attributes/address_ranges/0"`, `"pointer":"/data/attributes/address_ranges/1"`, `"pointer":"/data/attributes/address_ranges/2"`}, after: keysLeft(2)},
		{name: "CreateWithoutScopes", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"scopes":[]`), status: 422, expect: []string{`"code":"required","pointer":"/data/attributes/scopes"`}, after: keysLeft(2)},
		{name: "CreateWithTooManyRanges", request: "POST /v2/account/keys", before: withKeys, status: 422, expect: []string{`"code":"too_many"`}, after: keysLeft(2),
			body: of("key", `"address_ranges":[`+strings.TrimSuffix(strings.Repeat(`"192.0.2.7",`, account.MaxRanges+1), ",")+`]`)},
		{name: "CreateWithScopesOfAnotherType", request: "POST /v2/account/keys", before: withKeys, body: of("key", `"scopes":"read","address_ranges":[7]`), status: 400, after: keysLeft(2)},
		{name: "RevokeTheLastThatAdministers", request: "DELETE /v2/account/keys/MineOne1", status: 409, expect: []string{`"code":"last_key"`}, after: keysLeft(3), before: func(w *world) {
			withKeys(w)
			if err := w.store.AddKey(w.t.Context(), account.Key{Access: "Reads001", Account: mine, Created: now, Scopes: "read order sign"}); err != nil {
				w.t.Fatal(err)
			}
		}},
		{name: "RevokeTheLastThatDoesEverything", request: "DELETE /v2/account/keys/MineOne1", status: 409, after: keysLeft(3),
			expect: []string{`"code":"last_key"`, "has every scope"}, before: withAnother("read admin", time.Time{})},
		{name: "RevokeTheLastThatDoesEverythingBesideOneThatEnds", request: "DELETE /v2/account/keys/MineOne1", status: 409,
			after: keysLeft(3), expect: []string{`"code":"last_key"`}, before: withAnother("", now.Add(time.Hour))},
		{name: "RevokeBesideOneThatDoesEverything", request: "DELETE /v2/account/keys/MineOne1", status: 200, after: keysLeft(2),
			before: withAnother("", time.Time{})},
		{name: "RevokeOneThatDoesLess", request: "DELETE /v2/account/keys/Another1", status: 200, after: keysLeft(2),
			before: withAnother("read order", time.Time{})},
		{name: "RevokeOneThatAdministersToo", request: "DELETE /v2/account/keys/Another1", status: 200, after: keysLeft(2),
			before: withAnother("admin", time.Time{})},
		{name: "RevokeWhereNoneDoesEverything", request: "DELETE /v2/account/keys/Another1", status: 200, after: keysLeft(1),
			before: func(w *world) { onlyKeys(w, "order sign", "read admin") }},
		{name: "RevokeTheLastThatAdministersWhereNoneDoesEverything", request: "DELETE /v2/account/keys/Another2", status: 409,
			after: keysLeft(2), expect: []string{"may change the account"}, before: func(w *world) { onlyKeys(w, "order sign", "read admin") }},
		{name: "RevokeStale", request: "DELETE /v2/account/keys/MineEnds", header: map[string]string{"If-Match": `"7"`}, before: withKeys, status: 412, after: keysLeft(2)},
	})
}

// A key lives: made, used, rotated, both used while they overlap, revoked.
func TestLifeOfAKey(t *testing.T) {
	w := newWorld(t)
	withKeys(w)
	issue := func(target string) (access, secret string) {
		t.Helper()
		out := w.send(w.request("POST", target, "", nil))
		var doc struct {
			Data struct {
				Attributes struct {
					Access string `json:"access_key"`
					Secret string `json:"secret_key"`
				}
			}
		}
		if err := json.Unmarshal([]byte(out.Body), &doc); err != nil || out.StatusCode != 201 {
			t.Fatal(err, out.Body)
		}
		return doc.Data.Attributes.Access, doc.Data.Attributes.Secret
	}
	opens := func(access, secret string, at time.Time) bool {
		k, err := account.Authenticate(t.Context(), w.store, access, secret, "192.0.2.7", at)
		return err == nil && k.Account == mine
	}
	first, firstSecret := issue("/v2/account/keys")
	next, nextSecret := issue("/v2/account/keys/" + first + "/rotate")
	for _, c := range []struct {
		access, secret string
		at             time.Duration
		want           bool
	}{
		{first, firstSecret, 0, true}, {next, nextSecret, 0, true}, {first, nextSecret, 0, false},
		{first, firstSecret, 24*time.Hour - 1, true}, {first, firstSecret, 24 * time.Hour, false}, {next, nextSecret, 1000 * time.Hour, true},
	} {
		if got := opens(c.access, c.secret, now.Add(c.at)); got != c.want {
			t.Errorf("after %s %s opens: %v", c.at, c.access, got)
		}
	}
	if out := w.send(w.request("DELETE", "/v2/account/keys/"+next, "", nil)); out.StatusCode != 200 || opens(next, nextSecret, now) {
		t.Errorf("%d, and the revoked key opens: %v", out.StatusCode, opens(next, nextSecret, now))
	}
}

// A person can tell which key did what: the public id of the key with which a call was made stands in the list of keys,
// in the call's events and in its lines of the log. The key itself stands in none but the list.
func TestWhichKeyDidWhat(t *testing.T) {
	w := newWorld(t)
	const secret = "examplesecretexamplesecretexample"
	for _, access := range []string{"Billing1", "Frontdsk"} {
		if err := w.store.AddKey(t.Context(), account.NewKeyOf(access, secret, mine, account.Live, now)); err != nil {
			t.Fatal(err)
		}
	}
	authorize := authorizer(w)
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	call := func(key, method, target, body string) string {
		t.Helper()
		let, err := authorize(t.Context(), access.Request{MethodArn: methodArn, Token: basicOf(key + ":" + secret)})
		if err != nil {
			t.Fatal(err)
		}
		in := w.request(method, target, body, nil)
		in.RequestContext.Authorizer = let.Context
		out := w.send(in)
		if out.StatusCode >= 300 {
			t.Fatal(out.StatusCode, out.Body)
		}
		return out.Body
	}
	o := w.order("ours", mine, []string{"+12065550101"})
	call("Billing1", "POST", "/v2/portorders/{ours}/comments", of("comment", `"text":"Please hurry."`))
	call("Frontdsk", "PATCH", "/v2/portorders/{ours}/status", of("portorder", `"status":"cancelled"`))
	logged := log.String()

	var listed struct {
		Data []struct {
			Attributes struct {
				Access string `json:"access_key"`
				KeyID  string `json:"key_id"`
			}
		}
	}
	if err := json.Unmarshal([]byte(call("Billing1", "GET", "/v2/account/keys", "")), &listed); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, k := range listed.Data {
		ids[k.Attributes.Access] = k.Attributes.KeyID
	}
	want := []string{account.KeyID(mine, "MineOne1"), ids["Billing1"], ids["Frontdsk"]}
	for _, target := range []string{"/v2/portorders/{ours}/events", "/v2/events"} {
		var told struct {
			Data []struct{ Attributes eventBody }
		}
		body := call("Billing1", "GET", target, "")
		if err := json.Unmarshal([]byte(body), &told); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range told.Data {
			if e.Attributes.KeyID != nil {
				got = append(got, *e.Attributes.KeyID)
			}
		}
		if !slices.Equal(got, want) || strings.Contains(body, "Billing1") {
			t.Errorf("%s names the keys %v, want %v\n%s", target, got, want, body)
		}
	}
	if _, all, err := storetest.Whole(t.Context(), w.store, o.ID); err != nil || all[2].By != porting.CustomerBy(ids["Frontdsk"]) {
		t.Errorf("%+v (%v)", all, err)
	}
	for _, id := range want[1:] {
		lines := slices.Collect(strings.Lines(logged))
		if n := len(slices.DeleteFunc(lines, func(line string) bool { return !strings.Contains(line, id) })); n != 2 {
			t.Errorf("%s is in %d lines of the log, want its request's and its change's:\n%s", id, n, logged)
		}
	}
	if strings.Contains(logged, "Billing1") || strings.Contains(logged, secret) {
		t.Errorf("a key is in the log:\n%s", logged)
	}
}

// A key's secret is in the answer that made it, and nothing keeps it for another one.
func TestASecretIsShownOnce(t *testing.T) {
	w := newWorld(t)
	withKeys(w)
	for _, target := range []string{"/v2/account/keys", "/v2/account/keys/MineOne1/rotate"} {
		in := w.request("POST", target, "", withKey("once "+target))
		first, again := w.send(in), w.send(in)
		_, rest, _ := strings.Cut(first.Body, `"secret_key":"`)
		secret, _, _ := strings.Cut(rest, `"`)
		if len(secret) != 32 || again.StatusCode != 409 || !strings.Contains(again.Body, "idempotency_answer_not_kept") {
			t.Errorf("%s: secret %d characters, then %d %s", target, len(secret), again.StatusCode, again.Body)
		}
		have, _, err := w.store.Begin(t.Context(), orders.Receipt{Account: mine, Key: "once " + target, Print: "another"}, now)
		if err != nil || have.Answer.Status != 201 || have.Answer.Body != "" {
			t.Errorf("kept as %+v (%v)", have.Answer, err)
		}
	}
	keysLeft(4)(t, w, events.APIGatewayProxyResponse{})
}

func TestRecords(t *testing.T) {
	gone := func(ref account.Ref, want bool) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			if _, err := account.FindPreset(t.Context(), w.store, mine, ref); porting.Is(err, porting.NotFound) != want {
				t.Errorf("the record: %v", err)
			}
		}
	}
	theirRecord := func(w *world) {
		if err := w.store.AddPreset(w.t.Context(), account.Preset{Ref: account.Ref{Kind: account.Route, ID: "77"}, Account: theirs}, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	const e911 = `"first_name":"Jane","last_name":"Roe","street_number":"1218","street_name":"3rd Ave","city":"Seattle","state":"WA","country":"US","zip":"98101"`
	run(t, []scenario{
		{name: "Routes", request: "GET /v2/account/routes", status: 200, before: theirRecord, not: []string{`"id":"77"`},
			expect: []string{`{"type":"route","id":"0","attributes":{"alias":"sip-reg","route_type":"sip-reg","value":""}`, `"id":"83834"`}},
		{name: "RoutesPage", request: "GET /v2/account/routes?limit=2", status: 200, expect: []string{`"id":"0"`, `"id":"3"`, `/v2/account/routes?cursor=` + cursorOf("route", "3") + `&limit=2`}, not: []string{`"id":"4"`}},
		{name: "RoutesNextPage", request: "GET /v2/account/routes?limit=2&cursor=" + cursorOf("route", "3"), status: 200, expect: []string{`"id":"4"`, `"id":"83834"`}, not: []string{`"id":"0"`, `"next"`}},
		{name: "AnotherKindsCursor", request: "GET /v2/account/routes?cursor=" + cursorOf("cnam", "3"), status: 422},
		{name: "Route", request: "POST /v2/account/routes", body: of("route", `"route_type":"uri","value":"sip:desk@example.com","alias":"desk"`), status: 201,
			expect: []string{`"type":"route","id":"`, `"alias":"desk","route_type":"uri","value":"sip:desk@example.com"`}},
		{name: "RouteFaults", request: "POST /v2/account/routes", body: of("route", `"route_type":"sip-reg","alias":"`+strings.Repeat("x", 101)+`","id":"0"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/route_type"`, `"code":"required","pointer":"/data/attributes/value"`, `"pointer":"/data/attributes/alias"`, `"pointer":"/data/attributes/id"`}},
		{name: "RouteValue", request: "POST /v2/account/routes", body: of("route", `"route_type":"number","value":"12"`), status: 422, expect: []string{`"pointer":"/data/attributes/value"`}},
		{name: "E911", request: "POST /v2/account/e911s", body: of("e911", e911+`,"address_type":"Suite","address_type_number":"200"`), status: 201, expect: []string{`"label":""`, `"address_type":"Suite"`}},
		{name: "E911Faults", request: "POST /v2/account/e911s", body: of("e911", `"address_type":"Suite","zip":"9810","country":"US","state":"Washington"`), status: 422,
			expect: []string{`/attributes/first_name"`, `/attributes/street_number"`, `/attributes/city"`, `"code":"invalid_format","pointer":"/data/attributes/address_type"`,
				`"code":"invalid_format","pointer":"/data/attributes/zip"`, `"code":"invalid_format","pointer":"/data/attributes/state"`}},
		{name: "CNAM", request: "POST /v2/account/cnams", body: of("cnam", `"value":"LEATHER & SONS"`), status: 201,
			expect: []string{`"approval_datetime":null,"creation_datetime":"2026-03-02T15:00:00Z","is_approved":false,"rejection_reason":null,"value":"LEATHER & SONS"`}},
		{name: "CNAMTooLong", request: "POST /v2/account/cnams", body: of("cnam", `"value":"SIXTEEN LETTERS!"`), status: 422},
		{name: "CNAMCantApproveItself", request: "POST /v2/account/cnams", body: of("cnam", `"value":"A","is_approved":true`), status: 422},
		{name: "Read", request: "GET /v2/account/cnams/1", status: 200, expect: []string{`"is_approved":true`, `"approval_datetime":"2026-03-02T15:00:00Z"`}},
		{name: "ReadTheirs", request: "GET /v2/account/routes/77", before: theirRecord, status: 404, expect: []string{"The account has no such record."}},
		{name: "ReadAnotherKind", request: "GET /v2/account/e911s/83834", status: 404},
		{name: "ReadNoID", request: "GET /v2/account/routes/x%23", status: 404},
		{name: "Remove", request: "DELETE /v2/account/routes/3", status: 200, after: gone(account.Ref{Kind: account.Route, ID: "3"}, true)},
		{name: "RemoveInUse", request: "DELETE /v2/account/routes/83834", status: 409, after: gone(account.Ref{Kind: account.Route, ID: "83834"}, false),
			expect: []string{`"code":"preset_in_use"`, "{pending}, {processing}"}, not: []string{"{cancelled}", "{theirs}"}},
		{name: "RemoveTheirs", request: "DELETE /v2/account/routes/77", before: theirRecord, status: 404},
		{name: "RemoveBuiltIn", request: "DELETE /v2/account/routes/0", status: 409, expect: []string{`"code":"preset_in_use"`}},
		{name: "RemoveDryRun", request: "DELETE /v2/account/routes/3?validate_only=true", status: 200, after: gone(account.Ref{Kind: account.Route, ID: "3"}, false)},
		{name: "CreateDryRun", request: "POST /v2/account/cnams?validate_only=true", body: of("cnam", `"value":"A"`), status: 200, expect: []string{`"validated":true`}, not: []string{`"id"`}},
	})
}

// What the documents of the sister resources have without the account is taken too.
func TestSisterPaths(t *testing.T) {
	w := newWorld(t)
	for target, status := range map[string]int{"GET /v2/routes": 200, "GET /v2/Routes/0/": 200, "GET /v2/e911s": 200, "GET /v2/cnams/1": 200, "GET /v2/cnams/9": 404,
		"GET /v2/routesx": 404, "PUT /v2/routes": 405} {
		method, path, _ := strings.Cut(target, " ")
		out, err := w.api.Handle(t.Context(), w.request(method, path, "", nil))
		if err != nil || out.StatusCode != status {
			t.Errorf("%s: %d %s (%v), want %d", target, out.StatusCode, out.Body, err, status)
		}
	}
}

// A record that is made or removed with an Idempotency-Key is so once.
func TestRecordsOnce(t *testing.T) {
	w := newWorld(t)
	for _, in := range []events.APIGatewayProxyRequest{
		w.request("POST", "/v2/account/cnams", of("cnam", `"value":"ONE"`), withKey("make")), w.request("DELETE", "/v2/account/routes/3", "", withKey("end")),
		w.request("PATCH", "/v2/account/contacts", of("contacts", `"billing":["a@example.com"]`), withKey("write")),
	} {
		first, again := w.send(in), w.send(in)
		if first.StatusCode >= 300 || again.Body != first.Body || again.Headers["Idempotency-Replayed"] != "true" {
			t.Errorf("%d %s\nthen %d %s", first.StatusCode, first.Body, again.StatusCode, again.Body)
		}
	}
	if all, err := w.store.Presets(t.Context(), mine, account.CNAM, "", 10); err != nil || len(all) != 3 {
		t.Errorf("%d CNAMs (%v), want 3", len(all), err)
	}
}

func TestPresetsNameRecords(t *testing.T) {
	const unknown = `"presets":{"cnam_id":"8","e911_id":"1","primary_route_id":"0","failover_route_id":"x"}`
	faults := []string{`"code":"unknown","pointer":"/data/attributes/presets/cnam_id"`, `"code":"unknown","pointer":"/data/attributes/presets/e911_id"`,
		`"code":"unknown","pointer":"/data/attributes/presets/failover_route_id"`}
	run(t, []scenario{
		{name: "Create", request: "POST /v2/portorders", body: attrs(minimal + `,` + unknown), status: 422, expect: faults, not: []string{"primary_route_id"}, after: nothingMade},
		{name: "CreateWithOtherFaults", request: "POST /v2/portorders", body: attrs(strings.Replace(minimal, `"98104"`, `"x"`, 1) + `,` + unknown), status: 422, after: nothingMade,
			expect: append([]string{`"pointer":"/data/attributes/zip"`}, faults...)},
		{name: "Patch", request: "PATCH /v2/portorders/{submitted}", body: attrs(unknown), status: 422, expect: faults, after: untouched("submitted")},
		{name: "PatchBuiltIn", request: "PATCH /v2/portorders/{submitted}", body: attrs(`"presets":{"primary_route_id":"0"}`), status: 200},
		{name: "PatchTheirOrder", request: "PATCH /v2/portorders/{theirs}", body: attrs(unknown), status: 404},
		{name: "NotApproved", request: "PATCH /v2/portorders/{pending}", body: attrs(`"presets":{"cnam_id":"7"}`), status: 422, after: untouched("pending"),
			expect: []string{`"code":"not_allowed","pointer":"/data/attributes/presets/cnam_id"`, "not approved"}},
		{name: "TollFreeHasNoCNAM", request: "POST /v2/portorders", status: 422, after: nothingMade, expect: []string{`"code":"not_allowed","pointer":"/data/attributes/presets/cnam_id"`},
			body: attrs(strings.Replace(minimal, "+12065550150", "+18005550150", 1) + `,"presets":{"cnam_id":"1"}`)},
		{name: "TollFreeAmongOthers", request: "POST /v2/portorders", status: 422, after: nothingMade, expect: []string{`"pointer":"/data/attributes/presets/cnam_id"`},
			body: attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+18005550150"`, 1) + `,"presets":{"cnam_id":"1"}`)},
		{name: "CNAMDoesNotFollowTollFreeIntoAGroup", request: "POST /v2/portorders/{pending group}/numbers", body: `{"numbers":["+18005550150"]}`, status: 200,
			expect: []string{`"cnam_id":null`}, before: func(w *world) {
				if out := w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"presets":{"cnam_id":"1"}`), nil)); out.StatusCode != 200 {
					w.t.Fatal(out.Body)
				}
			}},
	})
}
