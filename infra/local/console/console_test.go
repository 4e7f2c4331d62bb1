package console

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/infra/local/browser"
	"portway/internal/carrier"
	"portway/internal/desk"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

const (
	deskARN = "arn:aws:lambda:us-east-1:000000000000:function:portway-desk"
	actARN  = "arn:aws:lambda:us-east-1:000000000000:function:portway-desk-action"
)

var pictures = flag.Bool("pictures", false, "take the pictures of infra/docs/desk.md anew")

// office is a desk with an order in each of the situations that the tests are about.
type office struct {
	*workflowtest.World
	widgets *desk.Widgets
	orders  map[string]porting.OrderID
}

// hostile is a text that would be more than a text where it is not escaped.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1) </textarea></style>&amp;`

// open makes the office. The text is what customers and peers have written.
func open(t *testing.T, text string) *office {
	w := workflowtest.New(t, workflowtest.Options{Balance: 1_000_000})
	w.Book.Rules.HardCancelFee = 5_00
	join := func(context.Context, porting.AccountID) error { return nil }
	o := &office{World: w, orders: map[string]porting.OrderID{}, widgets: &desk.Widgets{Book: w.Book, Lists: w.Memory, Find: w.Memory, Act: actARN,
		Marks: &desk.MemoryMarks{}, Boards: w.Memory,
		Carriers: &carrier.Registry{Store: &carrier.Memory{}, Now: w.Now}, Accounts: desk.Accounts{Store: w.Memory, Join: join}, Peers: []string{"locals", "locals2"},
		Mail: func(e porting.Event, o porting.Order) (subject, body string, ok bool) {
			if !slices.Contains(e.Effects, porting.SendMail) {
				return "", "", false
			}
			m, err := mail.Composer{Rules: w.Book.Rules, API: "https://api.portway.example/v2"}.Compose(e, o, "")
			return m.Subject, m.Text, err == nil
		},
		Links: desk.Links{Region: "us-east-1", Table: "portway", Bucket: "documents", Logs: []string{"/portway/lsr"},
			Machines: map[porting.Machine]string{"csr": "arn:aws:states:us-east-1:000000000000:stateMachine:csr",
				"lsr": "arn:aws:states:us-east-1:000000000000:stateMachine:lsr"}}}}
	odd := func(d *porting.Details) { d.Alias, d.AutoCorrect = text[:min(90, len(text))], porting.CorrectNone }
	o.orders["accepted"] = w.Signed([]string{"+14255550101"}, nil)
	w.Reach(o.orders["accepted"], porting.Accepted)
	o.orders["rejected"] = w.Signed([]string{"+14255550151"}, odd)
	w.Reach(o.orders["rejected"], porting.Rejected)
	o.orders["review"] = w.Signed([]string{"+14255550251"}, odd)
	w.Reach(o.orders["review"], porting.Rejected)
	o.orders["asked"] = w.Signed([]string{"+12065557625"}, nil)
	w.Until("the desk is asked", w.AtDesk(o.orders["asked"]))
	o.orders["conflict"] = w.Signed([]string{"+12065577625"}, nil)
	w.Until("the desk is asked", w.AtDesk(o.orders["conflict"]))
	for name, tn := range map[string]string{"waiting": "+14255550301", "cancel": "+14255550302", "comment": "+14255550303", "parked": "+14255550304"} {
		o.orders[name] = w.Signed([]string{tn}, nil)
	}
	w.Until("the carrier has the requests", func() bool {
		for _, name := range []string{"waiting", "cancel", "comment", "parked"} {
			if a, ok := w.Order(o.orders[name]).Last(porting.AskPort); !ok || a.Sent.IsZero() {
				return false
			}
		}
		return true
	})
	w.Do(o.orders["review"], porting.Resubmit{By: porting.CustomerBy("key-1")})
	w.Do(o.orders["comment"], porting.Comment{By: porting.CustomerBy("key-1"), Text: "When will it be done? " + text})
	mark := desk.Mark{Order: o.orders["asked"], Taken: "XY", TakenUntil: w.Now().Add(time.Hour), Version: 1}
	if err := o.widgets.Marks.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	if err := o.widgets.Marks.AddNote(t.Context(), desk.Note{Order: mark.Order, At: w.Now(), By: "XY", Text: text}); err != nil {
		t.Fatal(err)
	}
	due, err := w.Memory.Due(t.Context(), orders.DueKind(porting.DueCheck), w.Now().AddDate(1, 0, 0), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		if d.Order == o.orders["parked"] {
			if err := w.Memory.Park(t.Context(), d, "The peer answered: "+text, w.Now(), w.Now().Add(6*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return o
}

// invoke plays Lambda.
func (o *office) invoke(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	var answer any
	var err error
	switch arn {
	case deskARN:
		answer = o.widgets.Show(ctx, deskARN, payload)
	case actARN:
		answer, err = o.widgets.Decide(ctx, actARN, payload)
	default:
		err = errors.New("there is no such function")
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// ask calls the desk's function as a widget does, and returns the HTML.
func (o *office) ask(t *testing.T, arn string, payload, fields map[string]any, theme string, width int) string {
	t.Helper()
	event := map[string]any{"widgetContext": map[string]any{"theme": theme, "width": width, "timezone": map[string]string{"offsetISO": "-08:00"},
		"forms": map[string]any{"all": fields}}}
	for k, v := range payload {
		event[k] = v
	}
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	out, err := o.invoke(t.Context(), arn, raw)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := json.Unmarshal(out, &text); err != nil {
		t.Fatalf("the answer is no HTML: %s", out)
	}
	return text
}

// Every screen is a fixed point of the console's sanitiser, below 200 KB, without a secret, and has nothing that would not
// work in the console.
func TestEveryScreenIsShownAsItIs(t *testing.T) {
	o := open(t, hostile)
	type call struct {
		name            string
		arn             string
		payload, fields map[string]any
	}
	var calls []call
	show := func(name string, payload, fields map[string]any) {
		calls = append(calls, call{name, deskARN, payload, fields})
	}
	for _, tab := range []string{"decide", "review", "comment", "today", "fallout", "silent", "later", "parked", "all", "moon"} {
		show("list "+tab, map[string]any{"view": "list", "tab": tab}, nil)
	}
	show("a filter", map[string]any{"view": "list", "filter": true}, map[string]any{"pd-carrier": hostile, "pd-days": "0"})
	show("a search for nothing", map[string]any{"view": "search"}, map[string]any{"pd-q": hostile})
	show("an empty search", map[string]any{"view": "search"}, nil)
	show("a search for a name of several", map[string]any{"view": "search"}, map[string]any{"pd-q": o.Order(o.orders["waiting"]).Details.BillingName})
	show("a decision on many", map[string]any{"view": "bulk", "tab": "all"}, map[string]any{"pd-text": hostile})
	show("the preview of a decision on many", map[string]any{"view": "bulk", "tab": "all", "preview": true}, map[string]any{"pd-verb": "comment", "pd-text": hostile})
	show("the preview of no decision on many", map[string]any{"view": "bulk", "tab": "all", "preview": true}, map[string]any{"pd-verb": hostile})
	calls = append(calls, call{"a decision on many orders that have changed", actARN, map[string]any{"bulk": "comment", "desk": deskARN,
		"orders": []any{map[string]any{"order": o.orders["waiting"], "version": 1}}}, map[string]any{"pd-initials": "ab", "pd-text": hostile}},
		call{"no decision on many orders", actARN, map[string]any{"bulk": "reject", "desk": deskARN}, nil})
	show("a wrong parameter", map[string]any{"page": "two"}, nil)
	for _, tab := range []string{"health", "peers", "promises", "carriers", "money", "moon"} {
		show("the board "+tab, map[string]any{"view": "board", "tab": tab}, map[string]any{"pd-account": string(workflowtest.Account)})
	}
	show("the money of nobody", map[string]any{"view": "board", "tab": "money"}, map[string]any{"pd-account": hostile})
	show("accounts", map[string]any{"view": "accounts"}, nil)
	show("the form that opens an account", map[string]any{"view": "accounts", "form": "open_account"}, map[string]any{"pd-name": hostile})
	show("an account", map[string]any{"view": "account", "account": workflowtest.Account}, nil)
	show("no account", map[string]any{"view": "account"}, map[string]any{"pd-account": hostile})
	for _, form := range []string{"deposit", "issue_key", "revoke_key", "contacts", "confirm_mail", "prices", "limit", "judge_name"} {
		show("the account with the form "+form, map[string]any{"view": "account", "account": workflowtest.Account, "form": form, "key": hostile},
			map[string]any{"pd-amount": hostile, "pd-toporting": hostile, "pd-why": hostile, "pd-keyname": hostile, "pd-local": hostile, "pd-most": hostile})
	}
	for _, act := range []string{"open_account", "deposit", "issue_key", "revoke_key", "contacts", "confirm_mail", "prices", "limit", "judge_name", "moon"} {
		calls = append(calls, call{"a refused decision on an account, " + act, actARN, map[string]any{"account_action": act, "account": workflowtest.Account,
			"version": 99, "key": hostile, "desk": deskARN}, map[string]any{"pd-initials": "ab", "pd-amount": hostile, "pd-toporting": hostile, "pd-local": hostile,
			"pd-keyname": hostile, "pd-most": hostile}})
	}
	for name, id := range o.orders {
		show("order "+name, map[string]any{"view": "order", "order": id}, nil)
		for _, form := range []string{"approve", "reject", "retry", "record", "comment", "settle_comment", "accept_bill", "take_up", "release", "hard_cancel", "take", "hand_over",
			"put_off", "bring_back", "note", "exclude", "correct", "reroute", "ask_document", "change_date", "expedite", "extend"} {
			show("order "+name+" with the form "+form, map[string]any{"view": "order", "order": id, "form": form},
				map[string]any{"pd-text": hostile, "pd-initials": hostile, "pd-code1": "NAME_MISMATCH", "pd-q": hostile})
			show("order "+name+" with the preview of "+form, map[string]any{"view": "order", "order": id, "form": form, "preview": true, "insert": true},
				map[string]any{"pd-text": hostile, "pd-code1": "NAME_MISMATCH", "pd-canned": "NAME_MISMATCH", "pd-field": "bill", "pd-numbers": hostile})
		}
		calls = append(calls, call{"a refused decision on " + name, actARN, map[string]any{"action": "reject", "order": id, "version": 1, "desk": deskARN},
			map[string]any{"pd-text": hostile}})
	}
	for _, c := range calls {
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int{400, 1200} {
				t.Run(fmt.Sprintf("%s/%s/%d", c.name, theme, width), func(t *testing.T) {
					got := o.ask(t, c.arn, c.payload, c.fields, theme, width)
					clean, removed := Sanitise(got)
					if len(removed) > 0 {
						t.Errorf("the console would take out %v", removed)
					}
					if clean != got {
						t.Errorf("the console would show another text:\n%s", difference(got, clean))
					}
					if found := Lint(got); len(found) > 0 {
						t.Error(found)
					}
					if len(got) > 200_000 {
						t.Errorf("it has %d bytes", len(got))
					}
					d := storetest.Details()
					for _, secret := range []string{d.ProviderAccount.Reveal(), d.PIN.Reveal()} {
						if secret != "" && strings.Contains(got, secret) {
							t.Errorf("it shows the secret %q", secret)
						}
					}
				})
			}
		}
	}
}

// The sample of the desk's event is answered as the console would show it.
func TestSampleEvent(t *testing.T) {
	raw, err := os.ReadFile("../../../events/desk.json")
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, hostile)
	out, err := o.invoke(t.Context(), deskARN, raw)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := json.Unmarshal(out, &text); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"pd-dark", `aria-current="page" class="btn">Review 1`, string(o.orders["review"]), "times in UTC-08:00"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing", part)
		}
	}
	if out, err := o.invoke(t.Context(), deskARN, []byte(`{"describe": true}`)); err != nil || !strings.Contains(string(out), "``` yaml") {
		t.Errorf("described as %s (%v)", out, err)
	}
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("given …%s\nshown …%s", a[from:min(len(a), i+80)], b[from:min(len(b), i+80)])
}

// The sanitiser takes out what the console does, and tells of it.
func TestSanitise(t *testing.T) {
	for raw, want := range map[string]struct {
		clean   string
		removed []string
	}{
		`<p title="x">a</p>`:                                {`<p title="x">a</p>`, nil},
		`<p onclick="x()">a</p>`:                            {`<p>a</p>`, []string{"the attribute onclick of p"}},
		`<script>x()</script>b`:                             {`b`, []string{"the element script"}},
		`<iframe src="https://a.example"></iframe>b`:        {`b`, []string{"the element iframe"}},
		`<svg><use href="#a"></use></svg>`:                  {`<svg></svg>`, []string{"the element use"}},
		`<a href="javascript:x()">a</a>`:                    {`<a>a</a>`, []string{"the attribute href of a"}},
		`<style>.pd { }</style>`:                            {``, []string{"a style that comes first"}},
		`<p></p><style>.pd { }</style>`:                     {`<p></p><style>.pd { }</style>`, nil},
		`<button type="button" name="action">a</button>`:    {`<button type="button">a</button>`, []string{"the attribute name of button"}},
		`<b></b><cwdb-action confirmation="Cancel: sure?">`: {`<b></b><cwdb-action></cwdb-action>`, []string{"the attribute confirmation of cwdb-action"}},
		`<!-- a -->b`:                                       {`b`, []string{"a comment"}},
	} {
		if clean, removed := Sanitise(raw); clean != want.clean || !slices.Equal(removed, want.removed) {
			t.Errorf("%s became %s without %v, want %s without %v", raw, clean, removed, want.clean, want.removed)
		}
	}
}

// The lint finds what would not work.
func TestLint(t *testing.T) {
	const wrong = `<cwdb-action action="call">{</cwdb-action><input name="x" id="y"/><a>a</a><button>b</button><style>p { }</style>`
	want := []string{"a button that submits", "a call without an endpoint", "a field without the prefix pd-", "a link that leads nowhere",
		"an action whose content is no JSON", "an action without an element before it", "the field y has no label", "the id y", "the selector p"}
	if got := Lint(wrong); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// dashboard serves the office in a page.
func (o *office) dashboard(t *testing.T) string {
	console := &Console{Name: "portway-desk", Invoke: o.invoke, Body: func(context.Context) (string, error) {
		return `{"widgets": [{"type": "custom", "x": 0, "y": 0, "width": 24, "height": 24, "properties": {"title": "Porting desk", "endpoint": "` +
			deskARN + `", "params": {"view": "list"}}}]}`, nil
	}}
	server := httptest.NewServer(console.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// The pictures of the page about the desk.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("make pictures takes them")
	}
	o := open(t, "Reference 7")
	browser.Run(t, "infra/local/console/testdata/pictures.mjs", map[string]any{"url": o.dashboard(t), "orders": o.orders, "to": "../../docs"})
}

// A person works at the desk in a browser: every test clicks.
func TestDesk(t *testing.T) {
	o := open(t, hostile)
	browser.Run(t, "infra/local/console/testdata/desk.mjs", map[string]any{"url": o.dashboard(t), "orders": o.orders, "customer": workflowtest.Account,
		"later": o.Now().AddDate(0, 0, 20).Format("2006-01-02")})
	for name, want := range map[string]porting.Status{"review": porting.Submitted, "waiting": porting.Accepted, "cancel": porting.HardCanceled} {
		if got := o.Order(o.orders[name]).Status; got != want {
			t.Errorf("the order %s is %s, want %s", name, got, want)
		}
	}
	if at := o.Order(o.orders["comment"]).Unanswered; !at.IsZero() {
		t.Errorf("the comment waits since %s", at)
	}
	if parked := o.Parked(); len(parked) != 0 {
		t.Errorf("parked is still %v", parked)
	}
}
