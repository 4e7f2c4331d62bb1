package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// bounds says of each list in an answer how long it gets, where the description names no maxItems.
var bounds = map[string]string{
	"numbers":       "whole: an order has at most MaxNumbers",
	"number_states": "whole: one for each number",
	"excluded":      "one for each number of the call",
	"portable":      "one for each number of the call",
	"nonportable":   "one for each number of the call",

	"hypernetwork_enabled": "one for each number of the call",

	"errors":     "the faults of a call about one order, of its body or of the order's own numbers and attributes",
	"rejections": "the reasons of the present rejection, in one item of the store (400 KB)",
	"reasons":    "the reasons of one event, in one item of the store (400 KB)",
	"fixes":      "one for each reason of the present rejection",
	"fields":     "the attributes of an order",
	"papers":     "the documents that a reason names",
	"actions":    "the calls that are open to the customer",
	"next":       "the kinds of due dates",
	"orders":     "the open orders of a group, which has at most MaxGroup and those that were split off",
	"missing":    "one for each order that the call opened",
	"attributes": "the secrets of an order",
	"types":      "the types of events",
	"primary":    "contacts have a limit for each purpose",
	"billing":    "contacts have a limit for each purpose",
	"porting":    "contacts have a limit for each purpose",

	"signature_needed": "the attributes of an order",
}

// A list is one that the store adds to as time goes by: its route, how it is filled, and how many entries an answer
// has.
var lists = []struct {
	route string
	fill  func(w *world)
	have  int
	page  int // unless a limit is asked for
	most  int // with the largest limit, or where there is none to ask for
}{
	{"GET /v2/portorders", func(w *world) {
		for i := range 230 {
			w.order(fmt.Sprint("more ", i), mine, []string{fmt.Sprintf("+1206555%04d", 2000+i)})
		}
	}, 235, defaultLimit, maxLimit},
	{"GET /v2/portorders/{order}/files", func(w *world) {
		w.grow(func(o *porting.Order) {
			for i := range 230 {
				o.Documents = append(o.Documents,
					porting.Document{ID: porting.DocumentID(itoa(i + 1)), Name: "l.pdf", Kind: porting.LOADocument,
						State: porting.DocumentComplete, Digest: "d", Added: now, Settled: now})
			}
		})
	}, 230, latest, maxLimit},
	{"GET /v2/portorders/{order}/changes", func(w *world) {
		w.grow(func(o *porting.Order) {
			for range porting.MaxChanges {
				o.Changes = append(o.Changes, porting.AskedChange{Kind: porting.WishDate, State: porting.ChangeIsDone, By: porting.Customer,
					At: now, Ended: now, Outcome: porting.Say(porting.MsgChangeMade)})
			}
		})
	}, porting.MaxChanges, 0, porting.MaxChanges},
	{"GET /v2/portorders/{order}/disputes", func(w *world) {
		w.grow(func(o *porting.Order) {
			for range porting.MaxDisputes + porting.MaxContests {
				o.Disputes = append(o.Disputes, porting.Dispute{Side: porting.Asking, Rival: "7", Numbers: []string{"+12065550101"},
					State: porting.DisputeOver, Opened: now, Over: now})
			}
		})
	}, porting.MaxDisputes + porting.MaxContests, 0, porting.MaxDisputes + porting.MaxContests},
	{"GET /v2/portorders/{order}/comments", func(w *world) { w.talk(230) }, 230, latest, maxLimit},
	{"GET /v2/portorders/{order}/events", func(w *world) { w.talk(230) }, 231, pageSize, maxLimit},
	{"GET /v2/events", func(w *world) { w.talk(230) }, 242, pageSize, maxLimit},
	{"GET /v2/portorders/{order}/mails", func(w *world) {
		for i := range 230 {
			w.store.Outlined(orders.SentMail{Order: porting.OrderID(w.ids["pending"]), Version: int64(i + 1), At: now, To: "a…@example.com",
				Subject: "S", Fate: orders.MailDelivered, FateAt: now})
		}
	}, 230, latest, maxLimit},
	{"GET /v2/portorders/{order}/links", func(w *world) {
		for range maxLinks + 5 {
			w.send(w.request("POST", "/v2/portorders/{pending}/links", "", nil))
		}
	}, maxLinks, 0, maxLinks},
	{"GET /v2/account/ledger", func(w *world) {
		for i := range 230 {
			if err := account.Deposit(w.t.Context(), w.store, mine, 100, itoa(i),
				now.Add(time.Duration(i)*time.Second)); err != nil {
				w.t.Fatal(err)
			}
		}
	}, 232, pageSize, maxLimit},
	{"GET /v2/account/routes", func(w *world) { w.presets(account.Route, 230) }, 234, pageSize, maxLimit},
	{"GET /v2/account/e911s", func(w *world) { w.presets(account.E911, 230) }, 231, pageSize, maxLimit},
	{"GET /v2/account/cnams", func(w *world) { w.presets(account.CNAM, 230) }, 232, pageSize, maxLimit},
	{"GET /v2/account/webhooks/{webhook}/deliveries", func(w *world) {
		w.endpoints(1)
		for i := range 230 {
			d := webhook.Delivery{Account: mine, Endpoint: w.ids["webhook"], Type: webhook.Types()[0], State: webhook.Delivered,
				At: now.Add(time.Duration(i) * time.Second), Order: porting.OrderID(w.ids["pending"]), Version: int64(i + 1)}
			if err := w.store.Add(w.t.Context(), d); err != nil {
				w.t.Fatal(err)
			}
		}
	}, 230, pageSize, maxLimit},
	{"GET /v2/account/webhooks", func(w *world) { w.endpoints(webhook.MostEndpoints) }, webhook.MostEndpoints, 0,
		webhook.MostEndpoints},
	{"GET /v2/carriers", func(*world) {}, len(carrier.All()), pageSize, maxLimit},
	{"GET /v2/account/keys", func(w *world) {
		for range 5 * account.MaxKeys { // each key beyond the limit follows one that is revoked
			out := w.send(w.request("POST", "/v2/account/keys", "", nil))
			if out.StatusCode == http.StatusCreated {
				continue
			}
			out = w.send(w.request("GET", "/v2/account/keys", "", nil))
			var all struct{ Data []resource }
			if err := json.Unmarshal([]byte(out.Body), &all); err != nil || len(all.Data) == 0 {
				w.t.Fatal(err, out.Body)
			}
			w.send(w.request("DELETE", "/v2/account/keys/"+all.Data[len(all.Data)-1].ID, "", nil))
		}
	}, account.MaxKeys, 0, account.MaxKeys},
}

// grow changes the pending order in the store, as no rule would.
func (w *world) grow(change func(*porting.Order)) {
	w.t.Helper()
	before := w.stored("pending")
	after := before
	change(&after)
	after.Version++
	e := porting.Event{Order: after.ID, Group: after.Group, Account: after.Account, Version: after.Version, Kind: porting.Edited, At: now,
		By: customer, Before: before.Status, Status: after.Status, Message: porting.Words("Changed."), Reasons: after.Reasons}
	if err := w.store.Commit(w.t.Context(), orders.Change{Before: before, After: after, Events: []porting.Event{e}}, now); err != nil {
		w.t.Fatal(err)
	}
}

// talk writes n comments on the pending order.
func (w *world) talk(n int) {
	w.t.Helper()
	for i := range n {
		if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["pending"]),
			porting.Comment{By: customer, Text: fmt.Sprint("No. ", i)}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) presets(kind account.PresetKind, n int) {
	w.t.Helper()
	have, err := w.store.Presets(w.t.Context(), mine, kind, "", 1)
	if err != nil || len(have) == 0 {
		w.t.Fatal(err)
	}
	for i := range n {
		p := have[0]
		p.ID = itoa(1_000_000 + i)
		if err := w.store.AddPreset(w.t.Context(), p, nil); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) endpoints(n int) {
	w.t.Helper()
	for i := range n {
		out := w.send(w.request("POST", "/v2/account/webhooks",
			fmt.Sprintf(`{"data":{"type":"webhook","attributes":{"url":"https://example.com/hook%d"}}}`, i), nil))
		var made struct{ Data resource }
		if err := json.Unmarshal([]byte(out.Body), &made); err != nil || out.StatusCode != http.StatusCreated {
			w.t.Fatal(err, out.Body)
		}
		w.ids["webhook"] = made.Data.ID
	}
}

// Every list in an answer has an end: the description says how many entries it has, or the table here why they are few.
func TestEveryListHasABound(t *testing.T) {
	tested := map[string]bool{}
	for _, l := range lists {
		tested[l.route] = true
	}
	for _, o := range described(t).Operations {
		for at, most := range described(t).Lists(o) {
			name := at[strings.LastIndex(at, "/")+1:]
			switch {
			case at == "data" || o.Method == http.MethodGet && at == "data/attributes/orders/data":
				if route := o.Method + " " + o.Path; !tested[route] {
					t.Errorf("%s answers with a list, and its bound is not tested", route)
				}
			case at == "data/attributes/orders/data": // those that a create call makes
			case most == 0 && bounds[name] == "":
				t.Errorf("%s %s: the list %s has no bound", o.Method, o.Path, at)
			}
		}
	}
	for _, l := range lists {
		t.Run(l.route, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			l.fill(w)
			method, path, _ := strings.Cut(l.route, " ")
			path = strings.NewReplacer("{order}", "{pending}").Replace(path)
			if l.page > 0 {
				if rows, next := w.listed(method, path); len(rows) != l.page || next == "" {
					t.Errorf("%d rows, next %q; want %d and a next page", len(rows), next, l.page)
				}
				out := w.send(w.request(method, fmt.Sprintf("%s?limit=%d", path, l.most+1), "", nil))
				if out.StatusCode != http.StatusUnprocessableEntity {
					t.Errorf("a limit above %d is answered with %d", l.most, out.StatusCode)
				}
				path += fmt.Sprintf("?limit=%d", l.most)
			}
			seen := map[string]bool{}
			for target, n := path, 0; target != ""; n++ {
				var rows []string
				rows, target = w.listed(method, target)
				if len(rows) > l.most || n == 0 && len(rows) != min(l.most, l.have) || n > 3 {
					t.Fatalf("page %d has %d rows, want at most %d", n+1, len(rows), l.most)
				}
				for _, id := range rows {
					if seen[id] {
						t.Errorf("%s comes twice", id)
					}
					seen[id] = true
				}
			}
			if len(seen) != l.have {
				t.Errorf("%d rows on all pages, want %d", len(seen), l.have)
			}
		})
	}
}

// listed reads a page: the ids of its rows, and the next one.
func (w *world) listed(method, target string) (ids []string, next string) {
	w.t.Helper()
	out := w.send(w.request(method, target, "", nil))
	var page struct {
		Data  json.RawMessage
		Links links
	}
	if err := json.Unmarshal([]byte(out.Body), &page); err != nil || out.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d %.300s", target, out.StatusCode, out.Body)
	}
	var rows []resource
	var within struct {
		Attributes struct{ Orders struct{ Data []resource } }
	}
	if json.Unmarshal(page.Data, &rows) != nil {
		if err := json.Unmarshal(page.Data, &within); err != nil {
			w.t.Fatal(err)
		}
		rows = within.Attributes.Orders.Data
	}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids, strings.TrimPrefix(page.Links.Next, "https://api.example.com")
}

// An order shows its latest comments, and says where the others are.
func TestLatestComments(t *testing.T) {
	for _, test := range []struct{ have, shown int }{{0, 0}, {latest, latest}, {latest + 1, latest},
		{2*latest + 5, latest}} {
		t.Run(itoa(test.have), func(t *testing.T) {
			w := newWorld(t)
			w.five()
			w.talk(test.have)
			out := w.send(w.request("GET", "/v2/portorders/{pending}", "", nil))
			var o struct {
				Data struct {
					Attributes struct {
						Comments []commentBody `json:"comments"`
						Earlier  *string       `json:"earlier_comments"`
					}
				}
			}
			if err := json.Unmarshal([]byte(out.Body), &o); err != nil {
				t.Fatal(err)
			}
			got, earlier := o.Data.Attributes.Comments, o.Data.Attributes.Earlier
			if len(got) != test.shown || (earlier != nil) != (test.have > test.shown) {
				t.Fatalf("%d comments, earlier ones %v; want %d", len(got), earlier, test.shown)
			}
			seen := len(got)
			for i, c := range got {
				if want := fmt.Sprint("No. ", test.have-test.shown+i); c.Text != want {
					t.Fatalf("comment %d is %q, want %q", i, c.Text, want)
				}
			}
			for target := strings.TrimPrefix(*cmp.Or(earlier, new(string)), "https://api.example.com"); target != ""; {
				var rows []string
				rows, target = w.listed("GET", target)
				seen += len(rows)
			}
			if seen != test.have {
				t.Errorf("%d comments on all pages, want %d", seen, test.have)
			}
		})
	}
	run(t, []scenario{
		{name: "ACursorOfAnotherList", request: "GET /v2/portorders/{pending}/comments?cursor=" + cursorOf("files", "7"),
			status: 422, expect: []string{`"parameter":"cursor"`}},
		{name: "NoPlace", request: "GET /v2/portorders/{pending}/comments?cursor=" + cursorOf("comments", "7.x"),
			status: 422},
		{name: "NoPlaceButLikeOne", request: "GET /v2/portorders/{pending}/comments?cursor=" + cursorOf("comments", "07.0"),
			status: 422},
		{name: "FilesBeforeNone", request: "GET /v2/portorders/{pending}/files?cursor=" + cursorOf("files", "x"),
			status: 422},
		{name: "MailsBeforeNone", request: "GET /v2/portorders/{pending}/mails?cursor=" + cursorOf("mails", "0"),
			status: 422},
		{name: "AnotherAccounts", request: "GET /v2/portorders/{theirs}/comments?cursor=x", status: 404},
	})
}

// A group takes no more orders than its answers can show.
func TestAGroupHasABound(t *testing.T) {
	w := newWorld(t)
	w.five()
	g, _, err := w.store.Group(t.Context(), porting.GroupID(w.ids["pending group"]))
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < orders.MaxGroup; i++ {
		o := w.stored("pending")
		o.ID, o.Version, o.Numbers = porting.OrderID(itoa(1_000_000+i)), 1,
			[]porting.Number{{TN: fmt.Sprintf("+1206555%04d", 3000+i)}}
		g.Orders = append(g.Orders, o.ID)
		e := porting.Event{Order: o.ID, Group: g.ID, Account: mine, Version: 1, Kind: porting.Created, At: now,
			Status: o.Status}
		if err := w.store.Extend(t.Context(), g, []orders.Change{{After: o, Events: []porting.Event{e}}}, now); err != nil {
			t.Fatal(err)
		}
	}
	const join = "/v2/portorders/{pending group}/numbers"
	out := w.send(w.request("POST", join, `{"numbers":["+18885550177"]}`, nil))
	if out.StatusCode != 422 || !strings.Contains(out.Body, "at most 200 orders") ||
		!strings.Contains(out.Body, `"code":"too_many"`) {
		t.Errorf("one more: %d %s", out.StatusCode, out.Body)
	}
	out = w.send(w.request("POST", join, `{"numbers":["+12065550151"]}`, nil)) // on an order that there is
	if out.StatusCode != 200 {
		t.Errorf("a number for an order of the group: %d %s", out.StatusCode, out.Body)
	}
	out = w.send(w.request("GET", "/v2/portorders?group_id={pending group}&status", "", nil))
	if n := strings.Count(out.Body, `"type":"portorder"`); out.StatusCode != 200 || n != orders.MaxGroup {
		t.Errorf("the group: %d with %d orders", out.StatusCode, n)
	}
}

// lambdaLimit is what a function may answer with: 6 MB of JSON (AWS Lambda quotas, synchronous invocations), in which
// the body is a text once more.
const lambdaLimit = 6 << 20

// The largest answers that there can be stay below what a function may answer with.
func TestTheLargestAnswers(t *testing.T) {
	worst := strings.Repeat(`\"`, 1000) // 2,000 characters, of which each takes four bytes in the end
	talk := func(w *world, n int) {
		for range n {
			if _, err := w.book.Do(t.Context(), porting.OrderID(w.ids["pending"]),
				porting.Comment{By: customer, Text: worst}); err != nil {
				t.Fatal(err)
			}
		}
	}
	numbers := func(n int) []string {
		all := make([]string, 0, n)
		for i := range n {
			all = append(all, fmt.Sprintf("+1206%07d", 2200000+i))
		}
		return all
	}
	// large makes an order of as many numbers as there may be, all left out, for as many reasons as one item of the
	// store holds.
	large := func(w *world) {
		w.grow(func(o *porting.Order) {
			o.Numbers, o.Status = nil, porting.Rejected
			all := numbers(porting.MaxNumbers)
			for _, tn := range all {
				o.Numbers = append(o.Numbers, porting.Number{TN: tn, State: porting.Excluded, Reason: "LOA_SIGNATURE_INVALID"})
			}
			for _, info := range porting.Reasons[:5] {
				o.Reasons = append(o.Reasons, porting.Reason{Code: info.Code, Raw: "7000", Said: worst[:500], Numbers: all})
			}
			for i := range 300 {
				o.Documents = append(o.Documents,
					porting.Document{ID: porting.DocumentID(itoa(i + 1)), Name: strings.Repeat(`"`, 96) + ".pdf",
						Kind:  porting.LOADocument,
						State: porting.DocumentError, Why: porting.Words(strings.Repeat("w", 100)),
						From: "https://example.com/" + strings.Repeat("x", 1980), Added: now, Settled: now})
			}
		})
	}
	whole := func(method, path, body string, before func(w *world)) func(t *testing.T) events.APIGatewayProxyResponse {
		return func(t *testing.T) events.APIGatewayProxyResponse {
			w := newWorld(t)
			w.five()
			if before != nil {
				before(w)
			}
			in := w.request(method, path, body, nil)
			out, err := w.api.Handle(t.Context(), in) // its form is another test's
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	list := func(n int, of string) string { return `[` + strings.TrimSuffix(strings.Repeat(of+",", n), ",") + `]` }
	most, _ := json.Marshal(numbers(porting.MaxNumbers))
	for _, test := range []struct {
		name   string
		answer func(t *testing.T) events.APIGatewayProxyResponse
		status int
	}{
		{"an order", whole("GET", "/v2/portorders/{pending}", "", func(w *world) { talk(w, 300); large(w) }), 200},
		{"an order with 3,000 comments", whole("GET", "/v2/portorders/{pending}", "", func(w *world) { talk(w, 3000) }), 200},
		{"comments", whole("GET", "/v2/portorders/{pending}/comments?limit=200", "", func(w *world) { talk(w, 300) }), 200},
		{"events of comments", whole("GET", "/v2/portorders/{pending}/events?limit=200", "", func(w *world) { talk(w, 300) }),
			200},
		{"events with many numbers", whole("GET", "/v2/portorders/{pending}/events?limit=200", "", func(w *world) {
			large(w)
			for range 200 {
				w.grow(func(o *porting.Order) {})
			}
		}), 200},
		{"the feed", whole("GET", "/v2/events?limit=200", "", func(w *world) {
			large(w)
			for range 200 {
				w.grow(func(o *porting.Order) {})
			}
		}), 200},
		{"an explanation", whole("GET", "/v2/portorders/{pending}/explain", "", large), 200},
		{"files", whole("GET", "/v2/portorders/{pending}/files?limit=200", "", large), 200},
		{"mails", whole("GET", "/v2/portorders/{pending}/mails?limit=200", "", func(w *world) {
			for i := range 300 {
				w.store.Outlined(orders.SentMail{Order: porting.OrderID(w.ids["pending"]), Version: int64(i + 1), At: now,
					To: strings.Repeat("a", 60) + "…@example.com", Subject: strings.Repeat("S", 200), Fate: orders.MailDelivered, FateAt: now})
			}
		}), 200},
		{"an order that is created", whole("POST", "/v2/portorders",
			attrs(strings.Replace(minimal, `["+12065550150"]`, string(most), 1)+`,"on_unportable":"exclude"`), nil), 201},
		{"faults", whole("POST", "/v2/portorders",
			attrs(strings.Replace(minimal, `["+12065550150"]`, list(porting.MaxNumbers, `"12"`), 1)), nil), 422},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := test.answer(t)
			all, err := json.Marshal(out)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes", len(all))
			if out.StatusCode != test.status || len(all) > lambdaLimit {
				t.Errorf("%d with %d bytes, want %d with at most %d: %.300s", out.StatusCode, len(all), test.status, lambdaLimit,
					out.Body)
			}
		})
	}
}
