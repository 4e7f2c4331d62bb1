package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/webhook"
)

const hooks = "/v2/account/webhooks"

// hook makes an endpoint of the account, and gives its id.
func (w *world) hook(id porting.AccountID, header map[string]string) (string, events.APIGatewayProxyResponse) {
	w.t.Helper()
	in := w.request("POST", hooks, `{"data":{"type":"webhook","attributes":{"url":"https://hooks.example.com/a?key=s3cret","description":"Billing"}}}`, header)
	in.RequestContext.Authorizer = map[string]any{"account": string(id), "kind": "live"}
	out := w.send(in)
	var doc struct{ Data struct{ ID string } }
	if err := json.Unmarshal([]byte(out.Body), &doc); err != nil || out.StatusCode != http.StatusCreated && header == nil {
		w.t.Fatalf("%d %s (%v)", out.StatusCode, out.Body, err)
	}
	return doc.Data.ID, out
}

// missed lets the account's endpoints be told of an order's signature, and gives the delivery to one of them.
func (w *world) delivery(hook string, id porting.AccountID, tn string) webhook.Delivery {
	w.t.Helper()
	o := w.order("hooked "+hook, id, []string{tn}, signed)
	_, history, err := storetest.Whole(context.Background(), w.store, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.courier.Tell(context.Background(), history[len(history)-1], o); err != nil {
		w.t.Fatal(err)
	}
	all, err := w.store.Deliveries(context.Background(), id, hook, webhook.Page{Limit: 1})
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%v %v", all, err)
	}
	return all[0]
}

func TestWebhooks(t *testing.T) {
	w := newWorld(t)
	id, made := w.hook(mine, nil)
	if !strings.Contains(made.Body, `"secret":"whsec_`) {
		t.Errorf("no secret: %s", made.Body)
	}
	d := w.delivery(id, mine, "+12065550101")
	w.ids["hook"], w.ids["delivery"] = id, d.ID()
	body := func(attributes string) string {
		return `{"data":{"type":"webhook","attributes":{` + attributes + `}}}`
	}
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		want, not                  string
	}{
		{"listed", "GET", hooks, "", 200, `"url":"https://hooks.example.com/a?key=s3cret"`, "whsec_"},
		{"read", "GET", hooks + "/{hook}", "", 200, `"state":"active"`, "whsec_"},
		{"of status_url", "GET", hooks + "/status_url", "", 200, `"id":"status_url"`, "whsec_"},
		{"unknown", "GET", hooks + "/weabc", "", 404, `"The account has no such webhook."`, ""},
		{"a dry change", "PATCH", hooks + "/{hook}?validate_only=true", body(`"state":"paused"`), 200, `"validated":true`, ""},
		{"every fault", "PATCH", hooks + "/{hook}", body(`"url":"http://x.example/","types":["x"],"state":"off","secret":"x"`), 422,
			`"pointer":"/data/attributes/types/0"`, ""},
		{"types of another kind", "PATCH", hooks + "/{hook}", body(`"types":"portorder.comment"`), 400, `"wrong_type"`, ""},
		{"paused", "PATCH", hooks + "/{hook}", `{"data":{"type":"webhook","id":"{hook}","attributes":{"state":"paused"}}}`, 200, `"paused_why":"You paused it."`, ""},
		{"no replay while paused", "POST", hooks + "/{hook}/deliveries/{delivery}/replay", "", 409, `"wrong_status"`, ""},
		{"active again", "PATCH", hooks + "/{hook}", body(`"state":"active","types":null`), 200, `"paused_at":null`, ""},
		{"ping", "POST", hooks + "/{hook}/ping", "", 202, `"event":"webhook.ping"`, ""},
		{"ping of status_url", "POST", hooks + "/status_url/ping", "", 409, `"wrong_status"`, ""},
		{"a body where none is wanted", "POST", hooks + "/{hook}/ping", `{"x":1}`, 422, `"pointer":"/x"`, ""},
		{"deliveries", "GET", hooks + "/{hook}/deliveries?limit=1", "", 200, `"next":"https://`, ""},
		{"deliveries behind no cursor", "GET", hooks + "/{hook}/deliveries?after=x", "", 422, `"parameter":"after"`, ""},
		{"a delivery", "GET", hooks + "/{hook}/deliveries/{delivery}", "", 200, `"state":"pending"`, "s3cret"},
		{"no delivery", "GET", hooks + "/{hook}/deliveries/msg_x", "", 404, `"The webhook has no such delivery."`, ""},
		{"the delivery of another endpoint", "GET", hooks + "/status_url/deliveries/{delivery}", "", 404, `"The webhook has no such delivery."`, ""},
		{"replayed", "POST", hooks + "/{hook}/deliveries/{delivery}/replay", "{}", 202, `"id":"{delivery}"`, ""},
		{"a replayed range", "POST", hooks + "/{hook}/replay", `{"data":{"type":"replay","attributes":{"from":"2026-03-01","to":"2026-03-03","include_delivered":true}}}`, 202, `"queued":1`, ""},
		{"a range without end", "POST", hooks + "/{hook}/replay", `{"data":{"attributes":{"to":"2026-03-02","include_delivered":1,"x":1}}}`, 400, `"pointer":"/data/attributes/from"`, ""},
		{"a range from nothing", "POST", hooks + "/{hook}/replay", `{"data":{"attributes":{"from":""}}}`, 422, `"pointer":"/data/attributes/from"`, ""},
		{"a range from the beginning of time", "POST", hooks + "/{hook}/replay", `{"data":{"attributes":{"from":"0001-01-01"}}}`, 422, `"pointer":"/data/attributes/from"`, ""},
		{"a range beyond all time", "POST", hooks + "/{hook}/replay", `{"data":{"attributes":{"from":"2026-03-01","to":"9999-12-31T23:59:59-01:00"}}}`, 422, `"pointer":"/data/attributes/to"`, ""},
		{"a range that ends before it begins", "POST", hooks + "/{hook}/replay", `{"data":{"attributes":{"from":"2026-03-02","to":"2026-03-01"}}}`, 422, `"out_of_range"`, ""},
		{"a new secret", "POST", hooks + "/{hook}/secret", "", 201, `"old_secret_until":"2026-03-03T15:00:00Z"`, ""},
		{"a secret for status_url", "POST", hooks + "/status_url/secret", "", 201, `"secret":"whsec_`, ""},
		{"status_url stays", "DELETE", hooks + "/status_url", "", 409, `"wrong_status"`, ""},
		{"deleted", "DELETE", hooks + "/{hook}", "", 200, `"id":"{hook}"`, ""},
		{"gone", "DELETE", hooks + "/{hook}", "", 404, `"The account has no such webhook."`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := w.send(w.request(test.method, test.target, test.body, nil))
			if out.StatusCode != test.status || !strings.Contains(out.Body, w.fill(test.want)) || test.not != "" && strings.Contains(out.Body, test.not) {
				t.Errorf("%d %s, want %d with %s, without %q", out.StatusCode, out.Body, test.status, w.fill(test.want), test.not)
			}
		})
	}
}

// An account that names another's endpoint or delivery is told what it would be told of none.
func TestWebhooksOfAnotherAccount(t *testing.T) {
	w := newWorld(t)
	id, _ := w.hook(theirs, nil)
	d := w.delivery(id, theirs, "+12065550106")
	n := 0
	for _, r := range routes {
		if !strings.HasPrefix(r.path, hooks+"/") {
			continue
		}
		n++
		body := ""
		switch {
		case r.method == "PATCH":
			body = `{"data":{"attributes":{"state":"paused"}}}`
		case strings.HasSuffix(r.path, "}/replay") && !strings.Contains(r.path, "{delivery}"):
			body = `{"data":{"attributes":{"from":"2026-03-01"}}}`
		}
		for _, dry := range []string{"", "?validate_only=true"} {
			ask := func(id, delivery string) events.APIGatewayProxyResponse {
				return w.send(w.request(r.method, strings.NewReplacer("{webhook}", id, "{delivery}", delivery).Replace(r.path)+dry, body, nil))
			}
			if r.method == "GET" && dry != "" {
				continue
			}
			got, want := ask(id, d.ID()), ask("weaaaaaaaaaaaaaaaa", "msg_none")
			if got.StatusCode != http.StatusNotFound || got.Body != want.Body {
				t.Errorf("%s %s%s: %d %s", r.method, r.path, dry, got.StatusCode, got.Body)
			}
			if strings.Contains(r.path, "{delivery}") {
				if got := ask(webhook.StatusURL, strings.Replace(d.ID(), id, webhook.StatusURL, 1)); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s %s%s of status_url: %d %s", r.method, r.path, dry, got.StatusCode, got.Body)
				}
			}
		}
	}
	if n != 9 {
		t.Errorf("%d routes were walked", n)
	}
	out := w.send(w.request("GET", hooks, "", nil))
	if strings.Contains(out.Body, id) {
		t.Errorf("another's webhook is listed: %s", out.Body)
	}
	if e, err := w.store.Endpoint(t.Context(), theirs, id); err != nil || e.Version != 1 {
		t.Errorf("another's webhook was changed: %+v (%v)", e, err)
	}
}

// A secret is shown once: its answer is not kept for a repeated request.
func TestTheSecretIsNotKept(t *testing.T) {
	w := newWorld(t)
	key := map[string]string{"Idempotency-Key": "one"}
	if _, out := w.hook(mine, key); out.StatusCode != http.StatusCreated || !strings.Contains(out.Body, "whsec_") {
		t.Fatalf("%d %s", out.StatusCode, out.Body)
	}
	_, out := w.hook(mine, key)
	if out.StatusCode != http.StatusConflict || !strings.Contains(out.Body, "idempotency_answer_not_kept") {
		t.Errorf("the same again: %d %s", out.StatusCode, out.Body)
	}
	if all, err := w.store.Endpoints(t.Context(), mine); err != nil || len(all) != 1 {
		t.Errorf("%d endpoints (%v)", len(all), err)
	}
}

// dying is a store whose function ends when an endpoint has been written.
type dying struct{ webhook.Store }

func (s dying) SaveEndpoint(ctx context.Context, e webhook.Endpoint, r *orders.Receipt) error {
	if err := s.Store.SaveEndpoint(ctx, e, r); err != nil {
		return err
	}
	panic("out of memory")
}

func (s dying) RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error {
	if err := s.Store.RemoveEndpoint(ctx, account, id, r); err != nil {
		return err
	}
	panic("out of memory")
}

// What a request with a key did to a webhook is not done again, though the function died before it answered.
func TestWebhooksOnce(t *testing.T) {
	for _, c := range []struct {
		name, request, body string
		status              int
	}{
		{"Create", "POST " + hooks, `{"data":{"attributes":{"url":"https://hooks.example.com/b"}}}`, 409}, // the answer showed the secret
		{"Rotate", "POST " + hooks + "/{hook}/secret", "", 409},
		{"Change", "PATCH " + hooks + "/{hook}", `{"data":{"attributes":{"state":"paused"}}}`, 200},
		{"Remove", "DELETE " + hooks + "/{hook}", "", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			clock := now
			w.book.Now = func() time.Time { return clock }
			id, _ := w.hook(mine, nil)
			method, target, _ := strings.Cut(strings.Replace(c.request, "{hook}", id, 1), " ")
			send := func() events.APIGatewayProxyResponse {
				return w.send(w.request(method, target, c.body, withKey("one")))
			}
			w.api.webhooks.Store = dying{w.store}
			if out := send(); out.StatusCode != 500 {
				t.Fatalf("got %d %s", out.StatusCode, out.Body)
			}
			w.api.webhooks.Store = w.store
			before, err := w.store.Endpoints(t.Context(), mine)
			if err != nil {
				t.Fatal(err)
			}
			clock = now.Add(keyLease)
			if out := send(); out.StatusCode != c.status {
				t.Errorf("again: %d %s", out.StatusCode, out.Body)
			}
			after, err := w.store.Endpoints(t.Context(), mine)
			if err != nil || !reflect.DeepEqual(before, after) {
				t.Errorf("it was done twice (%v):\n%+v\n%+v", err, before, after)
			}
		})
	}
}

// What is posted is as it is described, whatever the topic.
func TestWebhookBodiesAreDescribed(t *testing.T) {
	told := map[porting.Topic]bool{}
	for _, kind := range []porting.EventKind{porting.Commented, porting.FOCMoved, porting.FOCLost, porting.NumberExcluded, porting.Parted, porting.Reminded, porting.DocumentKept, porting.DocumentFailed,
		porting.DisputeOpened} {
		e := porting.Event{Order: "150626304004106", Account: "acme", Version: 3, N: 1, Kind: kind, At: now, Before: porting.Accepted, Status: porting.Accepted,
			Message: porting.Words("Something."), FOC: "2026-03-20", Ends: now, Reasons: []porting.Reason{{Code: porting.TNNotFound, Numbers: []string{"+12065550111"}}}}
		body, err := webhook.Compose(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := described(t).Valid("OrderWebhook", body); err != nil {
			t.Errorf("%s: %v\n%s", kind, err, body)
		}
		told[e.Topic()] = true
	}
	if len(told) != len(porting.Topics())-1 {
		t.Errorf("told %v", told)
	}
	types := described(t).Words("WebhookEventType")
	for _, kind := range webhook.Types() {
		if _, ok := types[kind]; !ok {
			t.Errorf("%s is not described", kind)
		}
		delete(types, kind)
	}
	if len(types) > 0 {
		t.Errorf("described, and never told: %v", types)
	}
}
