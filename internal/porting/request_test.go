package porting

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// withPONs are the commands of reach with the references that orders have in truth.
func withPONs(cmds []Command) []Command {
	var all []Command
	for _, cmd := range cmds {
		switch c := cmd.(type) {
		case Plan:
			c.Attempt.PON = "pw-1-1"
			cmd = c
		case MarkSent:
			c.PON = "pw-1-1"
			cmd = c
		case Refuse:
			c.PON = "pw-1-1"
			cmd = c
		}
		all = append(all, cmd)
	}
	return all
}

// Each case is one outcome: what is sent to whom, or why nothing is.
func TestDecideRequest(t *testing.T) {
	const asked = Date("2027-03-15")
	passed := []Command{signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}}
	planned := append(slices.Clone(passed), portAsked)
	sent := append(slices.Clone(planned), portSent)
	refusedNow := append(slices.Clone(sent), refused)
	repaired := func(m Repair) []Command {
		m.By = system
		return append(slices.Clone(refusedNow), m)
	}
	repairPlanned := append(repaired(Repair{Sup: SupOther}),
		Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupOther}})
	jeopardy := append(slices.Clone(reach[Accepted]), MoveFOC{By: peer, Why: "jeopardy"})
	splitOff := func(o Order) Order {
		o.SplitOffFrom, o.Attempts = "9", nil
		return o
	}
	sentAgain := append(slices.Clone(repairPlanned), MarkSent{By: system, PON: "pw-1-1", Version: 1, Ref: "ref2"})
	nameless := append(slices.Clone(planned), MarkSent{By: system, PON: "pw-1-1"})
	other := func(o Order) Order {
		o.SplitOffFrom, o.OtherAccount, o.Details.ProviderAccount = "9", true, Secret{}
		return o
	}
	holding := Order{Status: Submitted, Answers: Answers{Attempts: []Attempt{{Kind: AskPort, Sent: now}}},
		NextRequest: NextRequest{Resend: SupOther}}
	old, later := now.AddDate(0, 0, 40), now.Add(12*time.Hour)
	decided := map[Cause]bool{}
	renamed := func(o Order) Order {
		o.Details.Company = "Difference Engines"
		return o
	}
	for _, test := range []struct {
		name   string
		life   []Command
		change func(Order) Order // what no command of this order alone brings about
		from   Order
		at     time.Time // now where it is zero
		want   Decision
	}{
		{name: "nothing while the customer fills the order in", want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
		{name: "nothing while the order is screened",
			life: reach[Processing], want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
		{name: "nothing while the customer corrects a rejected order", life: reach[Rejected],
			want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
		{name: "nothing after the port", life: reach[Completed], want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
		{name: "nothing once the carrier has the request",
			life: sent, want: Decision{Do: DoNothing, Cause: CauseAsked}},
		{name: "nothing once the carrier has agreed to a date", life: reach[Accepted],
			want: Decision{Do: DoNothing, Cause: CauseDateAgreed}},
		{name: "nothing once the carrier has a request without an account number", life: sent, change: other,
			want: Decision{Do: DoNothing, Cause: CauseAsked}},
		{name: "nothing once the carrier has the request of what was split off", life: sent, from: holding,
			want: Decision{Do: DoNothing, Cause: CauseAsked}},

		{name: "wait for the review", life: reach[Review], want: Decision{Do: DoWait, Cause: CauseReview}},
		{name: "wait for the invocation that is sending the request", life: planned,
			want: Decision{Do: DoWait, Cause: CauseUnderWay}},
		{name: "wait for the repair of a refusal", life: refusedNow, want: Decision{Do: DoWait, Cause: CauseRefused}},
		{name: "wait until the first order's request has let go of the numbers", life: passed, change: splitOff,
			from: holding, want: Decision{Do: DoWait, Cause: CauseOtherRequest}},

		{name: "give back for the number of another account", life: passed,
			change: func(o Order) Order { return splitOff(other(o)) },
			want:   Decision{Do: DoGiveBack, Cause: CauseAccountNumber, Reasons: []Reason{{Code: AccountMissing}}}},
		{name: "give back a first request with an old LOA", life: passed, at: old,
			want: Decision{Do: DoGiveBack, Cause: CauseOldLOA, Reasons: []Reason{{Code: LOAExpired}}}},
		{name: "give back a change with an old LOA", life: repaired(Repair{Sup: SupOther}), at: old,
			want: Decision{Do: DoGiveBack, Cause: CauseOldLOA, Reasons: []Reason{{Code: LOAExpired}}}},
		{name: "give back a new request with an old LOA", life: repaired(Repair{Fresh: true}), at: old,
			want: Decision{Do: DoGiveBack, Cause: CauseOldLOA, Reasons: []Reason{{Code: LOAExpired}}}},

		{name: "give back a first request that says something else than its LOA", life: passed, change: renamed,
			want: Decision{Do: DoGiveBack, Cause: CauseUnsigned, Reasons: []Reason{unsignedReason([]string{"company"})}}},
		{name: "give back a planned request that says something else than its LOA", life: planned, at: later, change: renamed,
			want: Decision{Do: DoGiveBack, Cause: CauseUnsigned, Reasons: []Reason{unsignedReason([]string{"company"})}}},
		{name: "give back a change that says something else than its LOA", life: repaired(Repair{Sup: SupOther}), change: renamed,
			want: Decision{Do: DoGiveBack, Cause: CauseUnsigned, Reasons: []Reason{unsignedReason([]string{"company"})}}},
		{name: "nothing of a request that the carrier has, whatever its LOA says", life: sent, change: renamed,
			want: Decision{Do: DoNothing, Cause: CauseAsked}},
		{name: "give back for the number of another account at another carrier, whose LOA is to be signed", life: passed,
			change: func(o Order) Order {
				o.Details.Provider = "New Bell"
				return splitOff(other(o))
			},
			want: Decision{Do: DoGiveBack, Cause: CauseAccountNumber,
				Reasons: []Reason{{Code: AccountMissing}, unsignedReason([]string{"provider"})}}},

		{name: "wait for the day on which the holder can answer", life: passed,
			change: func(o Order) Order {
				o.Class, o.Home = CanadaWireless, Home{Country: "CA", Zone: "Asia/Tokyo"} // where it is night
				return o
			},
			want: Decision{Do: DoWait, Cause: CauseHolder}},
		{name: "send a first request to the peer that is chosen", life: passed,
			want: Decision{Do: DoSend, Cause: CauseFirst, Request: Request{Kind: AskPort, PON: "pw-1-1", Date: asked}}},
		{name: "send the first request of what was split off",
			life: passed, change: splitOff, from: Order{Status: Submitted},
			want: Decision{Do: DoSend, Cause: CauseFirst, Request: Request{Kind: AskPort, PON: "pw-1-1", Date: asked}}},
		{name: "send a planned request again after a crash", life: planned, at: later,
			want: Decision{Do: DoSend, Cause: CausePlanned, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Date: asked, Unconfirmed: true}}},
		{name: "send a planned request also with an old LOA, since the peer may have it", life: planned, at: old,
			want: Decision{Do: DoSend, Cause: CausePlanned, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Date: "2027-04-16", Unconfirmed: true}}},
		{name: "send supplement 3 for a correction", life: repaired(Repair{Sup: SupOther}),
			want: Decision{Do: DoSend, Cause: CauseChange, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupOther, Ref: "ref", Date: asked}}},
		{name: "send a planned supplement again after a crash", life: repairPlanned, at: later,
			want: Decision{Do: DoSend, Cause: CausePlanned, Request: Request{Kind: AskPort, Peer: "locals", PON: "pw-1-1",
				Version: 1, Sup: SupOther, Ref: "ref", Date: asked, Unconfirmed: true}}},
		{name: "send supplement 2 for another date of an accepted order", life: jeopardy,
			want: Decision{Do: DoSend, Cause: CauseChange, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupDate, Ref: "ref", Date: "2027-03-18"}}},
		{name: "send another date also with an old LOA, which the carrier has seen", life: jeopardy, at: old,
			want: Decision{Do: DoSend, Cause: CauseChange, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupDate, Ref: "ref", Date: "2027-03-18"}}},
		{name: "send a planned date again after a crash", at: later,
			life: append(slices.Clone(jeopardy), Plan{By: system,
				Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupDate}}),
			want: Decision{Do: DoSend, Cause: CausePlanned, Request: Request{Kind: AskPort, Peer: "locals", PON: "pw-1-1",
				Version: 1, Sup: SupDate, Ref: "ref", Date: "2027-03-18", Unconfirmed: true}}},
		{name: "send a further supplement to the reference that the last one was given",
			life: append(slices.Clone(sentAgain), refused, Repair{By: system, Sup: SupOther}),
			want: Decision{Do: DoSend, Cause: CauseChange, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 2, Sup: SupOther, Ref: "ref2", Date: asked}}},
		{name: "send a supplement for a customer's correction",
			life: append(slices.Clone(reach[Review]), Approve{By: staff}),
			want: Decision{Do: DoSend, Cause: CauseChange, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupOther, Ref: "ref", Date: asked}}},
		{name: "send a new request in the place of one that is over", life: repaired(Repair{Fresh: true}),
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "send a new request in the place of one that the peer has refused to take",
			life: append(slices.Clone(planned), refused, Repair{By: system, Fresh: true}),
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "send a new request in the place of one for which the peer told no reference", life: nameless,
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "send a new request where a change has no reference to name",
			life: append(slices.Clone(nameless), refused, Repair{By: system, Sup: SupOther}),
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "send a request to another peer", life: repaired(Repair{Peer: "locals2"}),
			want: Decision{Do: DoSend, Cause: CausePlanned, Request: Request{
				Kind: AskPort, Peer: "locals2", PON: "pw-1-2", Date: asked, Unconfirmed: true}}},

		{name: "withdraw the request of a cancelled order", life: append(slices.Clone(sent), HardCancel{By: staff}),
			want: Decision{Do: DoWithdraw, Cause: CauseEnded, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Sup: SupCancel, Ref: "ref"}}},
		{name: "withdraw by the reference of the last supplement",
			life: append(slices.Clone(sentAgain), HardCancel{By: staff}),
			want: Decision{Do: DoWithdraw, Cause: CauseEnded, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Version: 1, Sup: SupCancel, Ref: "ref2"}}},
		{name: "withdraw a request that may have been sent", life: append(slices.Clone(planned), HardCancel{By: staff}),
			want: Decision{Do: DoWithdraw, Cause: CauseEnded, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Sup: SupCancel, Unconfirmed: true}}},
		{name: "withdraw a supplement that may have been sent, or what it changes",
			life: append(slices.Clone(repairPlanned), HardCancel{By: staff}),
			want: Decision{Do: DoWithdraw, Cause: CauseEnded, Request: Request{Kind: AskPort, Peer: "locals", PON: "pw-1-1",
				Version: 1, Sup: SupCancel, Ref: "ref", Unconfirmed: true}}},
		{name: "withdraw a request that the carrier had not answered before the corrected order is sent",
			life: append(slices.Clone(sent), returned, Resubmit{customer}, Approve{By: staff}),
			want: Decision{Do: DoWithdraw, Cause: CauseWithdrawing, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-1", Sup: SupCancel, Ref: "ref"}}},
		{name: "send the corrected order anew once its earlier request is withdrawn",
			life: append(slices.Clone(sent), returned, Resubmit{customer}, Approve{By: staff},
				Withdrawn{By: peer, PON: "pw-1-1"}),
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "send the corrected order anew if its request ended while a supplement was about to be sent",
			life: append(slices.Clone(sent), refused, Repair{By: system, Sup: SupOther}, returned,
				Withdrawn{By: peer, PON: "pw-1-1"}, Resubmit{customer}, Approve{By: staff}),
			want: Decision{Do: DoSend, Cause: CauseOver, Request: Request{
				Kind: AskPort, Peer: "locals", PON: "pw-1-2", Date: asked}}},
		{name: "nothing for a cancelled order whose request is over",
			life: append(repaired(Repair{Fresh: true}), HardCancel{By: staff}),
			want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
		{name: "nothing yet for a toll-free order whose wished day is far", life: passed, change: asTollFree,
			want: Decision{Do: DoWait, Cause: CauseHandOver, At: when(t, "2027-03-11 09:00").In(losAngeles(t))}},
		{name: "a toll-free request two business days before its day", life: passed, change: asTollFree,
			at:   when(t, "2027-03-11 09:00"),
			want: Decision{Do: DoSend, Cause: CauseFirst, Request: Request{Kind: AskPort, PON: "pw-1-1", Date: asked}}},
		{name: "nothing for an order that was cancelled before it was sent", life: reach[Cancelled],
			want: Decision{Do: DoNothing, Cause: CauseNotOpen}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := begin(t, 3).do(withPONs(test.life)...).o
			if test.change != nil {
				o = test.change(o)
			}
			at := test.at
			if at.IsZero() {
				at = now
			}
			if got := rules(t).DecideRequest(o, test.from, at); !reflect.DeepEqual(got, test.want) {
				t.Errorf("\n%+v, want\n%+v", got, test.want)
			}
		})
		decided[test.want.Cause] = true
	}
	for _, cause := range Causes() {
		if !decided[cause] {
			t.Errorf("no case is decided by %s", cause)
		}
	}
}

// The order from which numbers were split off is read only where its request may still have them.
func TestNeedsOrigin(t *testing.T) {
	for _, test := range []struct {
		name   string
		status Status
		change func(*Order)
		want   bool
	}{
		{"first request of what was split off", Submitted, func(*Order) {}, true},
		{"an order of its own", Submitted, func(o *Order) { o.SplitOffFrom = "" }, false},
		{"asked already", Submitted, func(o *Order) { o.Attempts = []Attempt{{Kind: AskPort}} }, false},
		{"its record alone was asked for", Submitted, func(o *Order) { o.Attempts = []Attempt{{Kind: AskCSR}} }, true},
		{"with the customer", Rejected, func(*Order) {}, false},
		{"waits for its account number", Submitted, func(o *Order) { o.OtherAccount = true }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Kind: Local, Status: test.status, SplitOffFrom: "9"}
			test.change(&o)
			if got := o.NeedsOrigin(); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// Orders that ended in a release before Withdrawing was stored are withdrawn as long as their requests may live.
func TestHasToWithdraw(t *testing.T) {
	for _, test := range []struct {
		name        string
		status      Status
		withdrawing bool
		state       AnswerState
		want        bool
	}{
		{"ended, and to be withdrawn", HardCanceled, true, AnswerOver, true},
		{"ended while the carrier had the request", HardCanceled, false, AnswerWaiting, true},
		{"ended after the request", HardCanceled, false, AnswerOver, false},
		{"completed", Completed, false, AnswerAccepted, false},
		{"with the carrier", Submitted, false, AnswerWaiting, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Status: test.status, Answers: Answers{Attempts: []Attempt{{Kind: AskPort, PON: "P1", State: test.state}}}}
			o.Withdrawing = test.withdrawing
			if got := o.hasToWithdraw(); got != test.want {
				t.Errorf("has to withdraw: %t", got)
			}
		})
	}
}

func asTollFree(o Order) Order {
	o.Kind, o.Class = TollFree, TollFreePort
	return o
}

func losAngeles(t *testing.T) *time.Location {
	t.Helper()
	return rules(t).Calendar.Location()
}
