package console

import (
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/carrier"
	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// desks makes a desk with a world of its own.
func desks(t *testing.T) *office {
	t.Helper()
	w := workflowtest.New(t, workflowtest.Options{Balance: 1_000_000, Second: true})
	w.Book.Rules.HardCancelFee = 5_00
	return &office{World: w, orders: map[string]porting.OrderID{}, widgets: &desk.Widgets{Book: w.Book, Lists: w.Memory, Find: w.Memory, Act: actARN,
		Peers: []string{"locals", "locals2"}, Marks: &desk.MemoryMarks{}, Boards: w.Memory,
		Carriers: &carrier.Registry{Store: &carrier.Memory{}, Now: w.Now}, Accounts: desk.Accounts{Store: w.Memory}}}
}

// asks has the desk asked about an order, as a program of ours does.
func (o *office) asks(id porting.OrderID, key porting.MessageKey, args ...string) {
	o.Helper()
	if _, err := o.Book.Do(o.Context(), id, porting.AskDesk{By: storetest.System, Why: porting.Say(key, args...)}); err != nil {
		o.Fatal(err)
	}
}

// sent makes an order whose request the carrier has.
func (o *office) sent(tns ...string) porting.OrderID {
	o.Helper()
	id := o.Signed(tns, nil)
	o.Until("the carrier has the request", func() bool {
		a, ok := o.Order(id).Last(porting.AskPort)
		return ok && !a.Sent.IsZero()
	})
	return id
}

// A day at the desk: each situation stands on its list, shows on one screen what a person needs to decide, and is decided
// there.
func TestSituations(t *testing.T) {
	for name, test := range map[string]struct {
		makes  func(o *office) porting.OrderID
		tab    string
		shows  []string // on the order's screen
		form   string   // the decision, with what is typed
		typed  map[string]any
		status porting.Status
		kind   porting.EventKind // that the decision makes
	}{
		"a new refusal": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+12065557625", "+12065557601"}, nil)
			o.Until("the desk is asked", o.AtDesk(id))
			return id
		}, tab: "decide", shows: []string{"SV_CONFLICT", "The carrier&#39;s own words", "pw-", "Leave numbers out", "Correct a detail", "Another peer"},
			form: "reroute", typed: map[string]any{"pd-peer": "locals2"}, status: porting.Submitted, kind: porting.Repaired},
		"a refusal of one number of two": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+12065557625", "+12065557601"}, nil)
			o.Until("the desk is asked", o.AtDesk(id))
			return id
		}, tab: "decide", form: "exclude", typed: map[string]any{"pd-numbers": "206-555-7625", "pd-code1": "TN_NOT_PORTABLE", "pd-force": "yes"},
			status: porting.Submitted, kind: porting.NumberExcluded},
		"a refusal for a wrong ZIP": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+12065557625"}, nil)
			o.Until("the desk is asked", o.AtDesk(id))
			return id
		}, tab: "decide", form: "correct", typed: map[string]any{"pd-field": "zip", "pd-text": "98102"}, status: porting.Submitted, kind: porting.Corrected},
		"a resubmission": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+14255550251"}, func(d *porting.Details) { d.AutoCorrect = porting.CorrectNone })
			o.Reach(id, porting.Rejected)
			o.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Alias: "Branch 9"}, Fields: []string{"alias"}})
			o.Do(id, porting.Resubmit{By: storetest.Customer})
			return id
		}, tab: "review", shows: []string{"NAME_MISMATCH", "Since then", "Approve", "What the customer has changed since", "Branch 9"}, form: "approve", status: porting.Submitted, kind: porting.Approved},
		"held against the record": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550311")
			o.asks(id, porting.MsgAskWhoAsks)
			return id
		}, tab: "decide", shows: []string{"The order beside the carrier&#39;s record", "Verdict"}, form: "reject",
			typed: map[string]any{"pd-code1": "NAME_MISMATCH", "pd-text": "Please look at your bill."}, status: porting.Rejected, kind: porting.WasRejected},
		"a silent carrier": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550312")
			o.asks(id, porting.MsgAskSilent, "peer", "locals", "since", "2027-01-05", "pon", "P1")
			return id
		}, tab: "silent", shows: []string{"Enter an answer", "Sent", "Put off"}, form: "put_off",
			typed: map[string]any{"pd-date": "LATER", "pd-text": "They call back."}, status: porting.Submitted},
		"the day of the move": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+14255550313"}, nil)
			accepted := o.Reach(id, porting.Accepted)
			o.Until("the day has come", func() bool {
				return !o.Now().Before(accepted.FOCAt.Add(-6*time.Hour)) || o.Order(id).Status != porting.Accepted
			})
			return id
		}, tab: "today", shows: []string{"The numbers move on", "Numbers"}, form: "record",
			typed: map[string]any{"pd-outcome": "completed", "pd-who": "Kim, by phone"}, status: porting.Completed, kind: porting.WasCompleted},
		"fallout on the day": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+14255550314"}, nil)
			o.Reach(id, porting.Accepted)
			o.asks(id, porting.MsgAskMissed, "foc", "2027-01-12")
			return id
		}, tab: "fallout", shows: []string{"Try again", "Call off"}, form: "record",
			typed: map[string]any{"pd-outcome": "date", "pd-date": "2027-02-02", "pd-who": "Kim"}, status: porting.Accepted, kind: porting.FOCMoved},
		"a customer's comment": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550315")
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Can you port a day later?"})
			return id
		}, tab: "comment", shows: []string{"Can you port a day later?", "No answer needed"}, form: "comment",
			typed: map[string]any{"pd-text": "Yes, we ask the carrier."}, status: porting.Submitted, kind: porting.Commented},
		"a comment that needs no answer": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550316")
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Thank you."})
			return id
		}, tab: "comment", form: "settle_comment", status: porting.Submitted, kind: porting.CommentSettled},
		"a call to cancel": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550317")
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Please stop it."})
			return id
		}, tab: "comment", form: "hard_cancel", typed: map[string]any{"pd-text": "The customer stays."}, status: porting.HardCanceled, kind: porting.HardCancelled},
		"another day": {makes: func(o *office) porting.OrderID {
			id := o.Signed([]string{"+14255550331"}, nil)
			o.Reach(id, porting.Accepted)
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Can it be later?"})
			return id
		}, tab: "comment", shows: []string{"Another day", "Expedite"}, form: "change_date", typed: map[string]any{"pd-date": "WEEKS"},
			status: porting.Accepted, kind: porting.ChangeAsked},
		"an urgent port": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550332")
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Our service is down."})
			return id
		}, tab: "comment", form: "expedite", typed: map[string]any{"pd-outcome": "outage", "pd-fee": "FEE"}, status: porting.Submitted,
			kind: porting.ChangeAsked},
		"more time": {makes: func(o *office) porting.OrderID {
			id := o.Create([]string{"+14255550333"}, nil).ID
			o.Do(id, porting.Comment{By: storetest.Customer, Text: "Our signer is away."})
			return id
		}, tab: "comment", shows: []string{"Give more time"}, form: "extend", status: porting.Pending, kind: porting.ClockExtended},
		"an improper refusal": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550318")
			port, _ := o.Order(id).Last(porting.AskPort)
			refuse := porting.Refuse{By: porting.PeerBy("locals"), PON: port.PON, Said: "BALANCE DUE",
				Reasons: []porting.Reason{{Code: porting.AccountUnpaid, Said: "BALANCE DUE"}}}
			if _, err := o.Book.Do(o.Context(), id, refuse); err != nil {
				o.Fatal(err)
			}
			o.asks(id, porting.MsgAskRefusal, "reason", string(porting.AccountUnpaid))
			return id
		}, tab: "decide", shows: []string{"ACCOUNT_UNPAID", "BALANCE DUE", "Object"}, form: "object", status: porting.Submitted, kind: porting.Objected},
		"an answer by phone": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550319")
			o.asks(id, porting.MsgAskSilent, "peer", "locals", "since", "2027-01-05", "pon", "P1")
			return id
		}, tab: "silent", form: "record", typed: map[string]any{"pd-outcome": "refused", "pd-code1": "PORT_FREEZE", "pd-who": "Kim, by phone"},
			status: porting.Submitted, kind: porting.Refused},
		"a toll-free decline": {makes: func(o *office) porting.OrderID {
			id := o.sent("+18005550170")
			o.asks(id, porting.MsgAskRefusal, "reason", string(porting.LOAExpired))
			return id
		}, tab: "decide", shows: []string{"Ask for a document", "Reject"}, form: "reject", typed: map[string]any{"pd-code1": "LOA_EXPIRED"},
			status: porting.Rejected, kind: porting.WasRejected},
		"a bill that is too old": {makes: func(o *office) porting.OrderID {
			id := o.sent("+14255550321")
			o.asks(id, porting.MsgAskGuesses, "n", "3", "days", "1")
			return id
		}, tab: "decide", shows: []string{"Ask for a document"}, form: "ask_document", typed: map[string]any{"pd-field": "bill", "pd-text": "It must be of this month."},
			status: porting.Submitted, kind: porting.Commented},
	} {
		t.Run(name, func(t *testing.T) {
			o := desks(t)
			id := test.makes(o)
			if list := o.ask(t, deskARN, map[string]any{"view": "list", "tab": test.tab}, nil, "light", 1200); !strings.Contains(list, string(id)) {
				t.Errorf("the order is not on the list %s; it is %s, asked %v, %v", test.tab, o.Order(id).Status, o.Order(id).Desk, o.Order(id).FOCAt)
			}
			screen := o.ask(t, deskARN, map[string]any{"view": "order", "order": id}, nil, "light", 1200)
			for _, part := range test.shows {
				if !strings.Contains(screen, part) {
					t.Errorf("the screen does not show %q", part)
				}
			}
			typed := map[string]any{"pd-initials": "ab"}
			for k, v := range test.typed {
				if v == "LATER" {
					v = o.Now().AddDate(0, 0, 3).Format("2006-01-02")
				}
				switch v {
				case "WEEKS":
					v = string(porting.DateOf(o.Order(id).FOC.In(time.UTC).AddDate(0, 0, 14)))
				case "FEE":
					v = o.Book.Rules.ExpediteFee.Dollars()
				}
				typed[k] = v
			}
			seen := len(o.Events(id))
			got := o.ask(t, actARN, map[string]any{"action": test.form, "order": id, "version": o.Order(id).Version, "desk": deskARN}, typed, "light", 1200)
			if !strings.Contains(got, ", by AB, at ") {
				_, got, _ = strings.Cut(got, "</style>")
				t.Fatalf("the decision was not carried out: %.1200s", got)
			}
			made := o.Events(id)[seen:]
			if status := o.Order(id).Status; status != test.status {
				t.Errorf("the order is %s, want %s", status, test.status)
			}
			if test.kind == "" && len(made) > 0 || test.kind != "" && !slices.ContainsFunc(made, func(e porting.Event) bool {
				return e.Kind == test.kind && e.By.Name == "AB" && e.By.Way == porting.WayDesk
			}) {
				t.Errorf("the decision has made %v, want %q by AB", made, test.kind)
			}
		})
	}
}
