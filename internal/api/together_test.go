package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/orders"
	"portway/internal/porting"
)

// grouped makes a group of n pending orders, each with another carrier, and returns their ids.
func (w *world) grouped(n int) []porting.OrderID {
	w.t.Helper()
	draft := orders.Draft{By: customer, Account: mine, Details: fullDetails()}
	for i := range n {
		draft.Lines = append(draft.Lines, porting.Line{TN: "+1206555020" + itoa(i), Kind: porting.Local, Country: "US",
			Carrier: porting.Carrier{SPID: "000" + itoa(i), Name: "Acme Tel"}})
	}
	g, made, err := w.book.Create(w.t.Context(), draft)
	if err != nil {
		w.t.Fatal(err)
	}
	w.ids["group"] = string(g.ID)
	ids := make([]porting.OrderID, 0, n)
	for i, o := range made {
		ids, w.ids["order "+itoa(i)] = append(ids, o.ID), string(o.ID)
	}
	return ids
}

// entriesOf reads the answer of a call about a group: each order's state and HTTP status, in the group's order.
func entriesOf(t *testing.T, out events.APIGatewayProxyResponse) (states []string, statuses []int) {
	t.Helper()
	var body struct {
		Data struct {
			Attributes struct {
				Orders struct {
					Data []struct {
						Attributes struct {
							State  string
							Status int
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out.Body), &body); err != nil || out.StatusCode != 207 {
		t.Fatalf("%d %s (%v)", out.StatusCode, out.Body, err)
	}
	for _, one := range body.Data.Attributes.Orders.Data {
		states, statuses = append(states, one.Attributes.State), append(statuses, one.Attributes.Status)
	}
	return states, statuses
}

func TestCallsAboutAGroup(t *testing.T) {
	const comment = `{"data":{"type":"comment","attributes":{"text":"Call first."}}}`
	for _, c := range []struct {
		name, request, body string
		before              func(*world)
		states              []string
		statuses            []int
		expect, not         []string
		ends                []porting.Status // of the orders
	}{
		{"Sign", "POST loa", signature, nil, []string{"done", "done", "done"}, []int{201, 201, 201},
			[]string{`"done":3,"refused":0,"open":0`, `"status":"processing"`}, []string{"billing_name"}, []porting.Status{porting.Processing, porting.Processing, porting.Processing}},
		{"SignWhatIsSigned", "POST loa", signature, func(w *world) { w.order2(1, signed) }, []string{"done", "refused", "done"}, []int{201, 409, 201},
			[]string{`"code":"wrong_status"`}, nil, []porting.Status{porting.Processing, porting.Processing, porting.Processing}},
		{"Cancel", "PATCH status", attrs(`"status":"cancelled"`), nil, []string{"done", "done", "done"}, []int{200, 200, 200},
			[]string{`"status":"cancelled"`}, nil, []porting.Status{porting.Cancelled, porting.Cancelled, porting.Cancelled}},
		{"Resubmit", "PATCH status", attrs(`"status":"review"`), func(w *world) { w.order2(0, signed, passed, rejected) },
			[]string{"done", "refused", "refused"}, []int{200, 409, 409}, nil, nil, []porting.Status{porting.Review, porting.Pending, porting.Pending}},
		{"Comment", "POST comments", comment, nil, []string{"done", "done", "done"}, []int{201, 201, 201}, []string{`"text":"Call first."`}, nil, nil},
		{"CommentOnEnded", "POST comments", comment, func(w *world) { w.order2(2, porting.Cancel{By: customer}) },
			[]string{"done", "done", "refused"}, []int{201, 201, 409}, nil, nil, nil},
		{"Change", "POST changes", asks(`"kind":"cancel"`), func(w *world) { w.order2(0, signed, passed) }, []string{"done", "done", "done"},
			[]int{202, 202, 202}, []string{`"leads_to":"hard_canceled"`, `"leads_to":"cancelled"`}, nil,
			[]porting.Status{porting.HardCanceled, porting.Cancelled, porting.Cancelled}},
		{"Upload", "POST upload_file", `{"filename":"bill.pdf","kind":"bill"}`, nil, []string{"done", "done", "done"}, []int{200, 200, 200},
			[]string{"{order 0}", "{order 2}", `"url":"https://bucket`}, nil, nil},
		{"Pull", "POST files", `{"url":"https://files.example.com/bill.pdf"}`, nil, []string{"done", "done", "done"}, []int{200, 200, 200}, nil, nil, nil},
		{"FaultsOfEach", "POST comments", `{"data":{"type":"comment","attributes":{"text":"","color":"red"}}}`, nil,
			[]string{"refused", "refused", "refused"}, []int{422, 422, 422}, []string{`"pointer":"/data/attributes/color"`, `"pointer":"/data/attributes/text"`}, nil, nil},
		{"ADryRun", "POST loa?validate_only=true", signature, nil, []string{"done", "done", "done"}, []int{200, 200, 200},
			[]string{`"validated":true`}, nil, []porting.Status{porting.Pending, porting.Pending, porting.Pending}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			ids := w.grouped(3)
			if c.before != nil {
				c.before(w)
			}
			method, path, _ := strings.Cut(c.request, " ")
			out := w.send(w.request(method, "/v2/portorders/groups/{group}/"+path, c.body, nil))
			states, statuses := entriesOf(t, out)
			if !slices.Equal(states, c.states) || !slices.Equal(statuses, c.statuses) {
				t.Errorf("%v with %v, want %v with %v: %s", states, statuses, c.states, c.statuses, out.Body)
			}
			for _, part := range c.expect {
				if !strings.Contains(out.Body, w.fill(part)) {
					t.Errorf("%q is missing in %s", part, out.Body)
				}
			}
			for _, part := range c.not {
				if strings.Contains(out.Body, part) {
					t.Errorf("%q stands in %s", part, out.Body)
				}
			}
			for i, want := range c.ends {
				o, err := w.store.Load(t.Context(), ids[i])
				if err != nil || o.Status != want {
					t.Errorf("order %d is %s, want %s (%v)", i, o.Status, want, err)
				}
			}
			key := out.Headers["Idempotency-Key"]
			if dry := strings.Contains(path, "?"); dry != (key == "") {
				t.Errorf("the key is %q", key)
			}
			if key == "" {
				return
			}
			again := w.send(w.request(method, "/v2/portorders/groups/{group}/"+path, c.body, map[string]string{"Idempotency-Key": key}))
			whole := !slices.Contains(states, "open")
			if out.Headers["Idempotency-Replayed"] != "" || whole && (again.Headers["Idempotency-Replayed"] != "true" || again.Body != out.Body) {
				t.Errorf("repeated %q: %s\nit was %s", again.Headers["Idempotency-Replayed"], again.Body, out.Body)
			}
		})
	}
}

// order2 brings the n-th order of the group along.
func (w *world) order2(n int, steps ...porting.Command) {
	w.t.Helper()
	for _, step := range steps {
		if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["order "+itoa(n)]), step); err != nil {
			w.t.Fatal(err)
		}
	}
}

// A call that does not come to all orders in time says so, and goes on when it is repeated with its key: no order has it
// twice.
func TestACallAboutAGroupGoesOn(t *testing.T) {
	w := newWorld(t)
	ids := w.grouped(5)
	at := w.book.Now()
	w.book.Now = func() time.Time { at = at.Add(orders.EachWithin / 16); return at }
	const text = `{"data":{"type":"comment","attributes":{"text":"Call first."}}}`
	key := ""
	for calls := 1; ; calls++ {
		header := map[string]string{}
		if key != "" {
			header = withKey(key)
		}
		out := w.send(w.request("POST", "/v2/portorders/groups/{group}/comments", text, header))
		states, _ := entriesOf(t, out)
		if key = out.Headers["Idempotency-Key"]; key == "" {
			t.Fatal("the answer names no key")
		}
		if !slices.Contains(states, "open") {
			if calls < 2 || out.Headers["Retry-After"] != "" {
				t.Errorf("all was done in call %d, which asks for another after %q", calls, out.Headers["Retry-After"])
			}
			break
		}
		if states[0] != "done" || out.Headers["Retry-After"] == "" || calls > len(ids) {
			t.Fatalf("call %d: %v, to be repeated after %q", calls, states, out.Headers["Retry-After"])
		}
	}
	for _, id := range ids {
		found, err := w.store.Search(t.Context(), id, orders.Search{Comments: true, Limit: 10})
		if err != nil || len(found.Events) != 1 {
			t.Errorf("order %s has %d comments (%v)", id, len(found.Events), err)
		}
	}
	// The key belongs to that comment, for every order.
	out := w.send(w.request("POST", "/v2/portorders/groups/{group}/comments", strings.Replace(text, "Call", "Write", 1), withKey(key)))
	if _, statuses := entriesOf(t, out); !slices.Equal(statuses, []int{422, 422, 422, 422, 422}) {
		t.Errorf("the key with another comment: %v", statuses)
	}
}

func TestCallsAboutAGroupRefused(t *testing.T) {
	run(t, []scenario{
		{name: "AnotherAccounts", request: "POST /v2/portorders/groups/{theirs group}/loa", body: signature, status: 404},
		{name: "NoSuchGroup", request: "POST /v2/portorders/groups/{none group}/loa", body: signature, status: 404},
		{name: "WithAVersion", request: "POST /v2/portorders/groups/{pending group}/loa", body: signature, header: map[string]string{"If-Match": `"1"`}, status: 400,
			expect: []string{"Leave it out"}},
		{name: "NoJSON", request: "POST /v2/portorders/groups/{pending group}/loa", body: "{", status: 400, expect: []string{`"code":"malformed"`}},
		{name: "NoMethod", request: "GET /v2/portorders/groups/{pending group}/loa", status: 405},
	})
}
