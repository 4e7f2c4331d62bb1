package desk_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// sample reads events/desk-action.json: the rejection of an order about which the desk was asked.
func sample(t *testing.T) desk.Action {
	t.Helper()
	raw, err := os.ReadFile("../../events/desk-action.json")
	if err != nil {
		t.Fatal(err)
	}
	var a desk.Action
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// asked makes a world with the sample's order on the staff queue, because of a conflict at the number registry.
func asked(t *testing.T) (*workflowtest.World, porting.OrderID) {
	t.Helper()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557625"}, nil)
	w.Until("the machine waits for the desk", func() bool { return w.Order(id).Wait.For == porting.WaitDesk })
	return w, id
}

func TestRejectGivesTheOrderBackWithReasons(t *testing.T) {
	w, id := asked(t)
	reply := w.Desk(sample(t))
	if diff := cmp.Diff(desk.Reply{Order: id, Status: porting.Rejected, Turn: porting.TurnCustomer},
		reply); diff != "" {
		t.Error(diff)
	}
	o := w.Order(id)
	want := []porting.Reason{{Code: "PORT_FREEZE", Note: porting.Words("The account is locked since December."), Numbers: []string{"+12065557625"}}}
	if diff := cmp.Diff(want, o.Reasons); diff != "" || !o.Desk.IsZero() {
		t.Error(diff, o.Desk)
	}
	events := w.Events(id)
	if by := events[len(events)-1].By; by != porting.StaffBy("AB") {
		t.Errorf("by %v", by)
	}
	w.Until("all is quiet", w.Quiet)
}

func TestEachDecision(t *testing.T) {
	for _, test := range []struct {
		name   string
		action desk.Action
		status porting.Status
		kind   porting.EventKind
	}{
		{"retry", desk.Action{Action: "retry"}, porting.Submitted, porting.Retried},
		{"comment", desk.Action{Action: "comment", Text: "I have called them:\n\t“à bientôt”"}, porting.Submitted,
			porting.Commented},
		{"hard cancel", desk.Action{Action: "hard_cancel", Text: "The customer stays."}, porting.HardCanceled,
			porting.HardCancelled},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, id := asked(t)
			test.action.Order, test.action.Initials = id, "xyz"
			reply := w.Desk(test.action)
			if len(reply.Errors) > 0 || reply.Status != test.status {
				t.Errorf("reply %+v", reply)
			}
			if !slices.Contains(w.Kinds(id), test.kind) {
				t.Errorf("no event %s", test.kind)
			}
		})
	}
}

func TestARefusalTellsWhy(t *testing.T) {
	w, id := asked(t)
	before := w.Order(id).Version
	for _, test := range []struct {
		name   string
		action desk.Action
		fields []string // of the faults
		code   string   // of the first
	}{
		{"nothing", desk.Action{}, []string{"action", "order", "version", "initials"}, "unknown"},
		{"unknown action", desk.Action{Action: "approve_all", Order: id, Initials: "AB"}, []string{"action"},
			"unknown"},
		{"no initials", desk.Action{Action: "retry", Order: id, Initials: "A1"}, []string{"initials"}, "required"},
		{"reject without a reason", desk.Action{Action: "reject", Order: id, Initials: "AB"}, []string{"reasons"},
			"required"},
		{"reject for no reason of ours", desk.Action{Action: "reject", Order: id, Initials: "AB",
			Reasons: []desk.Reason{{Code: "PORT_FREEZE"}, {Code: "MOON"}}},
			[]string{"reasons/1/code"}, "unknown"},
		{"an empty comment", desk.Action{Action: "comment", Order: id, Initials: "AB"}, []string{"text"}, "required"},
		{"a comment that turns the reading direction", desk.Action{Action: "comment", Order: id, Initials: "AB",
			Text: "pay\u202egnp.exe"}, []string{"text"}, "invalid_format"},
		{"a comment with a terminal's escape", desk.Action{Action: "comment", Order: id, Initials: "AB",
			Text: "a\x1b[2Jb"}, []string{"text"}, "invalid_format"},
		{"reject for another order's numbers", desk.Action{Action: "reject", Order: id, Initials: "AB",
			Reasons: []desk.Reason{{Code: "PORT_FREEZE"},
				{Code: porting.TNNotFound, Numbers: []string{"+12065557625", "+12065550149", "2065557625"}}}},
			[]string{"reasons/1/numbers/1", "reasons/1/numbers/2"}, "unknown"},
		{"approve what is not in review", desk.Action{Action: "approve", Order: id, Initials: "AB"}, []string{""},
			"wrong_status"},
		{"no such order", desk.Action{Action: "retry", Order: "7", Version: 1, Initials: "AB"}, []string{""}, "not_found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reply := w.Desk(test.action)
			var fields []string
			for _, f := range reply.Errors {
				fields = append(fields, f.Field)
			}
			if !slices.Equal(fields, test.fields) || reply.Errors[0].Code != test.code {
				t.Errorf("errors %+v", reply.Errors)
			}
		})
	}
	if after := w.Order(id).Version; after != before {
		t.Errorf("a refusal changed the order: version %d, was %d", after, before)
	}
}

func TestAMalformedEventIsAFault(t *testing.T) {
	w, id := asked(t)
	before := w.Order(id).Version
	for _, test := range []struct{ name, event, field, code string }{
		{"a text", `"str"`, "", "invalid_format"},
		{"a list", `[1]`, "", "invalid_format"},
		{"cut off", `{"action":"retry"`, "", "invalid_format"},
		{"empty", ``, "", "invalid_format"},
		{"null", `null`, "action", "unknown"},
		{"a number for a text", `{"action":5}`, "action", "invalid_format"},
		{"a number for the order", `{"action":"retry","order":260009164804098,"initials":"AB"}`, "order",
			"invalid_format"},
		{"a text for a list", `{"action":"reject","reasons":"PORT_FREEZE"}`, "reasons", "invalid_format"},
		{"a text for the version", `{"action":"retry","version":"7"}`, "version", "invalid_format"},
		{"a text for a flag", `{"action":"hard_cancel","force":"true"}`, "force", "invalid_format"},
		{"a field we don't know", `{"action":"retry","order":"` + string(id) + `","initials":"AB","forced":true}`,
			"forced", "unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reply, err := desk.Take(t.Context(), w.Book, json.RawMessage(test.event))
			if err != nil || len(reply.Errors) == 0 || reply.Errors[0].Field != test.field ||
				reply.Errors[0].Code != test.code {
				t.Errorf("%+v, %v", reply, err)
			}
		})
	}
	if after := w.Order(id).Version; after != before {
		t.Errorf("a malformed event changed the order: version %d, was %d", after, before)
	}
}

// The function, which reads strictly, takes the sample as it is.
func TestTheSampleIsTaken(t *testing.T) {
	w, id := asked(t)
	event, err := os.ReadFile("../../events/desk-action.json")
	if err != nil {
		t.Fatal(err)
	}
	reply, err := desk.Take(t.Context(), w.Book, event)
	if diff := cmp.Diff(desk.Reply{Order: id, Status: porting.Rejected, Turn: porting.TurnCustomer},
		reply); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestApproveAfterReview(t *testing.T) {
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065550143"}, nil)
	w.Reach(id, porting.Rejected)
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"},
		Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	// Two of our staff decide on the same page: the second one hears that it is done.
	seen := w.Order(id).Version
	first := w.Desk(desk.Action{Action: "approve", Order: id, Initials: "AB"})
	second := w.Desk(desk.Action{Action: "approve", Order: id, Version: seen, Initials: "CD"})
	if first.Status != porting.Submitted || len(second.Errors) != 1 || second.Errors[0].Field != "version" {
		t.Errorf("%+v, %+v", first, second)
	}
	w.Ends(id, porting.Completed)
}

// A decision on an order that has changed since the person saw it changes nothing, and tells what has changed. That a
// machine waits or goes on is no change for a person.
func TestADecisionOnAStalePage(t *testing.T) {
	for action, a := range map[string]desk.Action{
		"approve":     {Action: "approve"},
		"reject":      {Action: "reject", Reasons: []desk.Reason{{Code: "PORT_FREEZE"}}},
		"retry":       {Action: "retry"},
		"take_up":     {Action: "take_up"},
		"release":     {Action: "release"},
		"comment":     {Action: "comment", Text: "I have called them."},
		"hard_cancel": {Action: "hard_cancel", Text: "The customer stays.", Force: true},
	} {
		t.Run(action, func(t *testing.T) {
			w, id := asked(t)
			a.Order, a.Initials, a.Version = id, "AB", w.Order(id).Version
			w.Do(id, porting.Comment{By: storetest.Customer, Text: "Please wait for my call."})
			before := w.Order(id)
			reply := w.Desk(a)
			if len(reply.Errors) != 1 || reply.Errors[0].Field != "version" || reply.Errors[0].Code != "stale_version" ||
				!strings.Contains(reply.Errors[0].Message, "Meanwhile: Please wait for my call. Look at the order again") {
				t.Errorf("%+v", reply)
			}
			if after := w.Order(id); after.Version != before.Version {
				t.Errorf("version %d became %d", before.Version, after.Version)
			}
		})
	}
	t.Run("of a later version", func(t *testing.T) {
		w, id := asked(t)
		if reply := w.Desk(desk.Action{Action: "retry", Order: id, Initials: "AB", Version: w.Order(id).Version + 1}); len(reply.Errors) != 1 {
			t.Errorf("%+v", reply)
		}
	})
	t.Run("where only a machine has begun to wait", func(t *testing.T) {
		w, id := asked(t)
		events := w.Events(id)
		if last := events[len(events)-1]; last.Kind != porting.Waiting {
			t.Fatalf("the last event is %s", last.Kind)
		}
		reply := w.Desk(desk.Action{Action: "retry", Order: id, Initials: "AB", Version: w.Order(id).Version - 1})
		if len(reply.Errors) > 0 {
			t.Errorf("%+v", reply)
		}
	})
}

// Work that is parked is tried by order or by kind. It is tried at once, and parked again where it fails again.
func TestUnpark(t *testing.T) {
	for name, of := range map[string]func(porting.OrderID) desk.Action{
		"of an order": func(id porting.OrderID) desk.Action { return desk.Action{Order: id} },
		"of a kind":   func(porting.OrderID) desk.Action { return desk.Action{Kind: orders.DueEvent} },
		"of a kind on an order": func(id porting.OrderID) desk.Action {
			return desk.Action{Order: id, Kind: orders.DueEvent}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, id := asked(t)
			broken := true
			w.Trouble = func(call string) error {
				if broken && call == "store:Account" { // which a mail needs
					return errors.New("throttled")
				}
				return nil
			}
			rejects := sample(t)
			rejects.Version = w.Order(id).Version
			w.Desk(rejects)
			w.Pass(25 * time.Hour)
			a := of(id)
			a.Action, a.Initials = "unpark", "AB"
			row := func() orders.Queued {
				t.Helper()
				if len(w.Parked()) != 1 {
					t.Fatalf("parked: %v\n%s", w.Parked(), w.Story())
				}
				q, err := w.Memory.Queued(t.Context(), w.Parked()[0])
				if err != nil {
					t.Fatal(err)
				}
				return q
			}
			before := row()
			for _, a := range []desk.Action{
				{Action: "unpark", Initials: "AB", Order: "404"},
				{Action: "unpark", Initials: "AB", Kind: "check"},
				{Action: "unpark", Initials: "AB"},
				{Action: "comment", Initials: "AB", Order: id, Version: 1, Kind: "event", Text: "Hello?"},
			} {
				if reply := w.Desk(a); len(reply.Errors) != 1 || reply.Unparked != 0 {
					t.Errorf("%+v: %+v", a, reply)
				}
			}
			if reply := w.Desk(a); reply.Unparked != 1 || len(reply.Errors) > 0 {
				t.Errorf("unparked: %+v", reply)
			}
			w.Pass(time.Minute)
			if after := row(); after.Tries != before.Tries+1 || !after.Since.Equal(before.Since) {
				t.Errorf("after a failure it is parked as %+v, before as %+v", after, before)
			}
			broken = false
			w.Desk(a)
			w.Pass(time.Minute)
			if len(w.Parked()) > 0 || len(w.SES.Mails()) != 2 { // that it was created, and what was parked
				t.Errorf("parked: %v, mails: %d\n%s", w.Parked(), len(w.SES.Mails()), w.Story())
			}
		})
	}
}

// What a carrier has told a person counts like its answer through the peer, and says who entered it.
func TestWhatACarrierSaidByPhone(t *testing.T) {
	told := desk.Action{Action: "record", Initials: "ab", Who: "Kim", Text: "She read the PON back."}
	for name, test := range map[string]struct {
		change func(*desk.Action)
		status porting.Status
		kind   porting.EventKind
		fields []string
	}{
		"a date": {func(a *desk.Action) { a.Outcome, a.Date = "date", "2027-01-14" }, porting.Accepted, porting.WasAccepted, nil},
		"a refusal": {func(a *desk.Action) { a.Outcome, a.Reasons = "refused", []desk.Reason{{Code: porting.PortFreeze}} },
			porting.Submitted, porting.Refused, nil},
		"the move of the numbers": {func(a *desk.Action) { a.Outcome = "completed" }, porting.Completed, porting.WasCompleted, nil},
		"nothing":                 {func(a *desk.Action) { a.Who = " " }, porting.Submitted, "", []string{"outcome", "who"}},
		"a day that is past":      {func(a *desk.Action) { a.Outcome, a.Date = "date", "2027-01-04" }, porting.Submitted, "", []string{"date"}},
		"no day":                  {func(a *desk.Action) { a.Outcome, a.Date = "date", "tomorrow" }, porting.Submitted, "", []string{"date"}},
		"a refusal for nothing":   {func(a *desk.Action) { a.Outcome = "refused" }, porting.Submitted, "", []string{"reasons"}},
		"an old page":             {func(a *desk.Action) { a.Outcome, a.Version = "completed", 1 }, porting.Submitted, "", []string{"version"}},
		"words with an account number": {func(a *desk.Action) { a.Outcome, a.Text = "completed", "account 620162" },
			porting.Submitted, "", []string{"text"}},
		"a name with a telephone number": {func(a *desk.Action) { a.Outcome, a.Who = "completed", "Kim, 206 555 0123" },
			porting.Submitted, "", []string{"text"}},
		"an account number behind many words": {func(a *desk.Action) { a.Outcome, a.Text = "completed", strings.Repeat("well, ", 60)+"account 620162" },
			porting.Submitted, "", []string{"text"}},
		"the same words, when the person is sure": {func(a *desk.Action) { a.Outcome, a.Text, a.Sure = "completed", "account 620162", true },
			porting.Completed, porting.WasCompleted, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{"+14255550301"}, nil)
			w.Until("the carrier has the request", func() bool {
				port, ok := w.Order(id).Last(porting.AskPort)
				return ok && !port.Sent.IsZero()
			})
			a := told
			a.Order = id
			test.change(&a)
			reply := w.Desk(a)
			var fields []string
			for _, f := range reply.Errors {
				fields = append(fields, f.Field)
			}
			if o := w.Order(id); o.Status != test.status || !slices.Equal(fields, test.fields) {
				t.Fatalf("the order is %s, want %s; faults %+v", o.Status, test.status, reply.Errors)
			}
			if test.kind == "" {
				return
			}
			events := w.Events(id)
			i := slices.IndexFunc(events, func(e porting.Event) bool { return e.Kind == test.kind })
			if want := (porting.By{Role: porting.PeerRole, Way: porting.WayDesk, Name: "AB"}); i < 0 || events[i].By != want {
				t.Errorf("no event %s by %v: %v", test.kind, want, w.Kinds(id))
			}
		})
	}
}

// The operator's page names every decision that an event may have.
func TestEveryDecisionIsDocumented(t *testing.T) {
	w, _ := asked(t)
	reply := w.Desk(desk.Action{Action: "?"})
	_, names, ok := strings.Cut(reply.Errors[0].Message, "Give one of the actions ")
	if !ok {
		t.Fatalf("%+v", reply)
	}
	page, err := os.ReadFile("../../infra/docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(names, "."), ", ") {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("operate.md does not name the decision %s", name)
		}
	}
}
