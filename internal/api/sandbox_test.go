package api

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// The key says what kind its account is, the authorizer hands it on, and an order is what its account was when it was
// made; nothing that a customer sends has a say in it.
func TestSandboxIsTheAuthorizersWord(t *testing.T) {
	w := newWorld(t)
	var asked []porting.Order
	w.api.peers = peersFunc(func(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error) {
		asked = append(asked, o)
		return w.peers.Portability(ctx, o, tns)
	})
	if err := w.store.OpenAccount(t.Context(), account.Account{ID: "box", Kind: account.Sandbox, Balance: 100_00}); err != nil {
		t.Fatal(err)
	}
	key := account.NewKeyOf("sandbox1", "examplesecret", "box", account.Sandbox, now)
	if err := w.store.AddKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	let, err := authorizer(w)(t.Context(), access.Request{MethodArn: methodArn, Token: basicOf("sandbox1:examplesecret")})
	if err != nil {
		t.Fatal(err)
	}
	as := func(context map[string]any, method, target, body string) events.APIGatewayProxyResponse {
		in := w.request(method, target, body, nil)
		in.RequestContext.Authorizer = context
		return w.send(in)
	}
	live := map[string]any{"account": string(mine), "kind": string(account.Live)}
	for _, context := range []map[string]any{live, let.Context} { // the same number, twice: once in the sandbox
		if out := as(context, "POST", "/v2/portorders", attrs(minimal)); out.StatusCode != 201 {
			t.Fatalf("%v: %d %s", context, out.StatusCode, out.Body)
		}
		if out := as(context, "POST", "/v2/portorders", attrs(minimal)); out.StatusCode != 409 || !strings.Contains(out.Body, "+12065550150") {
			t.Errorf("%v, again: %d %s", context, out.StatusCode, out.Body)
		}
	}
	if out := as(live, "POST", "/v2/portorders", attrs(minimal+`,"sandbox":true`)); out.StatusCode < 400 {
		t.Errorf("a customer chooses to be a sandbox: %d %s", out.StatusCode, out.Body)
	}
	for _, o := range asked {
		if o.Sandbox != (o.Account == "box") {
			t.Errorf("the peers were asked for %+v", o.Owner())
		}
	}
	for owner, context := range map[porting.Owner]map[string]any{{Account: mine}: live, {Account: "box", Sandbox: true}: let.Context} {
		all, err := w.store.List(t.Context(), owner.Account, orders.Filter{})
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v has %d orders (%v)", owner, len(all), err)
		}
		if o, err := w.store.Load(t.Context(), all[0].ID); err != nil || o.Owner() != owner {
			t.Errorf("the order is %+v's, want %+v's (%v)", o.Owner(), owner, err)
		}
		group := "/v2/portorders/" + string(all[0].Group)
		if out := as(context, "POST", group+"/numbers", `{"numbers":["+12065550157"]}`); out.StatusCode != 200 { // with another carrier: a new order
			t.Errorf("join: %d %s", out.StatusCode, out.Body)
		}
		for _, order := range mustList(t, w, owner.Account) {
			if order.Owner() != owner {
				t.Errorf("an order of the group is %+v's, want %+v's", order.Owner(), owner)
			}
		}
		out := as(context, "GET", "/v2/portorders?numbers=%2B12065550150", "")
		if !strings.Contains(out.Body, string(all[0].ID)) {
			t.Errorf("by its number: %s", out.Body)
		}
	}
}

// A live order's list of mails tells to whom they went, masked, and what became of them; pages lead to the earlier ones.
func TestSentMails(t *testing.T) {
	w := newWorld(t)
	w.five()
	id := porting.OrderID(w.ids["pending"])
	for i, fate := range []orders.MailFate{orders.MailDelivered, orders.MailBounced, orders.MailSending} {
		w.store.Outlined(orders.SentMail{Order: id, Version: int64(i + 2), Link: "abcdefgh", At: now, To: "o…@example.com", Subject: "Move",
			Fate: fate, FateAt: now.Add(time.Duration(i) * time.Minute)})
	}
	w.store.Outlined(orders.SentMail{Order: id, Version: 1, Fate: orders.MailSent}) // of an earlier release
	path := "/v2/portorders/" + string(id) + "/mails"
	get := func(query string) string {
		out := w.send(w.request("GET", path+query, "", nil))
		if out.StatusCode != 200 {
			t.Fatalf("%d %s", out.StatusCode, out.Body)
		}
		return out.Body
	}
	latest := get("?limit=1")
	for _, want := range []string{`"id":"` + string(id) + `.4.abcdefgh"`, `"to":"o…@example.com"`, `"fate":"sending"`, `"next":`} {
		if !strings.Contains(latest, want) {
			t.Errorf("the latest lacks %s: %s", want, latest)
		}
	}
	all := get("")
	for _, want := range []string{`"id":"` + string(id) + `.1","attributes":{"at":null,"to":null,"subject":null,"fate":"sent","fate_at":null}`,
		`"fate":"delivered","fate_at":"` + now.Format("2006-01-02T15:04:05Z"), `"fate":"bounced"`} {
		if !strings.Contains(all, want) {
			t.Errorf("all lack %s: %s", want, all)
		}
	}
	var page struct {
		Links struct{ Next string }
	}
	if err := json.Unmarshal([]byte(latest), &page); err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(page.Links.Next, "?")
	if earlier := get("?" + query); !strings.Contains(earlier, `.3.abcdefgh"`) || strings.Contains(earlier, `.4.abcdefgh"`) {
		t.Errorf("the page before: %s", earlier)
	}
}

// The mail of a sandbox's order is read where it is kept, by its own customer; that of any other order is not kept.
func TestMailsOfASandbox(t *testing.T) {
	w := newWorld(t)
	draft := orders.Draft{By: customer, Details: fullDetails(), Lines: storetest.Lines([]string{"+12065550150"})}
	made := map[porting.AccountID]porting.OrderID{}
	for id, sandbox := range map[porting.AccountID]bool{mine: false, "box": true} {
		draft.Account, draft.Sandbox = id, sandbox
		_, all, err := w.book.Create(t.Context(), draft)
		if err != nil {
			t.Fatal(err)
		}
		made[id] = all[0].ID
	}
	if err := w.store.KeepMail(t.Context(), orders.Mail{Order: made["box"], Version: 3, At: now, To: "ops@example.com", Subject: "Accepted", Text: "Dear customer"}); err != nil {
		t.Fatal(err)
	}
	get := func(as porting.AccountID, kind account.Kind, id porting.OrderID) events.APIGatewayProxyResponse {
		in := w.request("GET", "/v2/portorders/"+string(id)+"/mails", "", nil)
		in.RequestContext.Authorizer = map[string]any{"account": string(as), "kind": string(kind)}
		return w.send(in)
	}
	want := `{"data":[{"type":"mail","id":"` + string(made["box"]) + `.3","attributes":{"at":"` + now.Format("2006-01-02T15:04:05Z") +
		`","to":"ops@example.com","subject":"Accepted","text":"Dear customer"}}],"links":{"self":"https://api.example.com/v2/portorders/` + string(made["box"]) + `/mails"}}`
	if out := get("box", account.Sandbox, made["box"]); out.StatusCode != 200 || strings.TrimSpace(out.Body) != want {
		t.Errorf("%d %s, want %s", out.StatusCode, out.Body, want)
	}
	if out := get(mine, account.Live, made[mine]); out.StatusCode != 200 || !strings.HasPrefix(out.Body, `{"data":[],"links":`) {
		t.Errorf("a live order's: %d %s", out.StatusCode, out.Body)
	}
	if out := get(mine, account.Live, made["box"]); out.StatusCode != 404 || strings.Contains(out.Body, "Dear") {
		t.Errorf("another account's: %d %s", out.StatusCode, out.Body)
	}
}

// mustList is every order of an account, whole.
func mustList(t *testing.T, w *world, id porting.AccountID) []porting.Order {
	t.Helper()
	heads, err := w.store.List(t.Context(), id, orders.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range heads {
		if heads[i], err = w.store.Load(t.Context(), heads[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	return heads
}
