package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// What the rules propose for each pair of papers, before and after the time for them is over.
func TestProposeDispute(t *testing.T) {
	older, newer := now.AddDate(0, 0, -3), now.AddDate(0, 0, -1)
	for _, test := range []struct {
		name        string
		asks, holds DisputeFacts
		before      Proposal
		after       Proposal
	}{
		{
			"both have papers, and the asking side signed later",
			DisputeFacts{LOA: newer, Valid: true, Bill: true}, DisputeFacts{LOA: older, Valid: true, Bill: true},
			Proposal{Asking, MsgNewestLOA}, Proposal{Asking, MsgNewestLOA},
		},
		{
			"both have papers, and the holding side signed later",
			DisputeFacts{LOA: older, Valid: true, Bill: true}, DisputeFacts{LOA: newer, Valid: true, Proof: true},
			Proposal{Holding, MsgNewestLOA}, Proposal{Holding, MsgNewestLOA},
		},
		{
			"both have papers, and signed at the same time",
			DisputeFacts{LOA: older, Valid: true, Bill: true}, DisputeFacts{LOA: older, Valid: true, Bill: true},
			Proposal{Holding, MsgNewestLOA}, Proposal{Holding, MsgNewestLOA},
		},
		{
			"the holding side has shown nothing",
			DisputeFacts{LOA: newer, Valid: true, Bill: true}, DisputeFacts{LOA: older, Valid: true},
			Proposal{"", MsgPapersAwaited}, Proposal{Asking, MsgOnePapers},
		},
		{
			"the bill of the asking side has become too old",
			DisputeFacts{LOA: newer, Valid: true}, DisputeFacts{LOA: older, Valid: true, Proof: true},
			Proposal{"", MsgPapersAwaited}, Proposal{Holding, MsgOnePapers},
		},
		{
			"neither side has shown anything",
			DisputeFacts{LOA: newer, Valid: true}, DisputeFacts{LOA: older, Valid: true},
			Proposal{"", MsgPapersAwaited}, Proposal{Holding, MsgNoPapers},
		},
		{
			"the LOA of the holding side is not valid, whatever its papers",
			DisputeFacts{LOA: older, Valid: true}, DisputeFacts{LOA: newer, Bill: true, Proof: true},
			Proposal{Asking, MsgOneLOA}, Proposal{Asking, MsgOneLOA},
		},
		{
			"the LOA of the asking side is not valid",
			DisputeFacts{LOA: newer, Bill: true}, DisputeFacts{LOA: older, Valid: true},
			Proposal{Holding, MsgOneLOA}, Proposal{Holding, MsgOneLOA},
		},
		{"no LOA is valid", DisputeFacts{Bill: true}, DisputeFacts{}, Proposal{Holding, MsgNoLOA}, Proposal{Holding, MsgNoLOA}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ProposeDispute(test.asks, test.holds, false); got != test.before {
				t.Errorf("before the end: %+v, want %+v", got, test.before)
			}
			if got := ProposeDispute(test.asks, test.holds, true); got != test.after {
				t.Errorf("after the end: %+v, want %+v", got, test.after)
			}
		})
	}
}

// What can be shown follows from the order: the numbers that were signed for, what was edited since, and the bill's age.
func TestDisputeFacts(t *testing.T) {
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	for name, test := range map[string]struct {
		change func(*life)
		at     time.Time
		want   DisputeFacts
	}{
		"as it was opened":              {func(*life) {}, day(1), DisputeFacts{Valid: true, Bill: true}},
		"the bill is too old":           {func(*life) {}, day(31), DisputeFacts{}},
		"the company was changed since": {func(l *life) { l.o.Details.Company = "Bluebird" }, day(1), DisputeFacts{Bill: true}},
		"the account number matched":    {func(l *life) { l.o.Proof.By = ProofAccount }, day(1), DisputeFacts{Valid: true, Bill: true, Proof: true}},
		"the LOA does not list a number": {func(l *life) { l.o.Signature.Numbers = tns(2)[1:] }, day(1),
			DisputeFacts{Bill: true}},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, 1)
			asksFor(l)
			test.change(l)
			test.want.LOA = l.o.Disputes[0].LOA
			if got := l.r.DisputeFacts(l.o, l.o.Disputes[0], test.at); got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

// What a dispute is refused for, all at once, and what it leaves as it was.
func TestOpenDisputeIsRefused(t *testing.T) {
	open := OpenDispute{By: customer, Signature: signed.Signature, Rival: "9", Numbers: tns(1)}
	for name, test := range map[string]struct {
		prepare func(*life)
		numbers int
		code    ErrorCode
		fields  []string
	}{
		"no bill, and no name":     {func(l *life) { open.Signature.Name = "" }, 1, Invalid, []string{"signature_name", "documents"}},
		"the bill is not accepted": {func(l *life) { billed(l); l.o.Documents[0].State = DocumentProcessing }, 1, Invalid, []string{"documents"}},
		"the bill is too old":      {func(l *life) { billed(l); l.o.Documents[0].Dated = "2027-01-01" }, 1, Invalid, []string{"documents"}},
		"too many numbers":         {billed, MaxDisputed + 1, Invalid, []string{"numbers"}},
		"the same dispute, again":  {asksFor, 1, WrongStatus, nil},
		"the numbers are free":     {func(l *life) { billed(l); open.Numbers = nil }, 1, WrongStatus, nil},
		"the order has had too many": {func(l *life) {
			billed(l)
			for range MaxDisputes {
				l.o.Disputes = append(l.o.Disputes, Dispute{Side: Asking, Rival: "8", State: DisputeOver})
			}
		}, 1, WrongStatus, nil},
	} {
		t.Run(name, func(t *testing.T) {
			open = OpenDispute{By: customer, Signature: signed.Signature, Rival: "9", Numbers: tns(1)}
			l := begin(t, test.numbers)
			test.prepare(l)
			_, events, err := l.r.Apply(l.o, open, l.at)
			var fields []string
			if e, ok := err.(*Error); ok {
				for _, f := range e.Faults {
					fields = append(fields, f.Field)
				}
			}
			if codeOf(err) != test.code || len(events) > 0 || !slices.Equal(fields, test.fields) {
				t.Errorf("%v with faults of %v, want %s with %v", err, fields, test.code, test.fields)
			}
		})
	}
}

// A dispute makes the signed LOA and takes nothing; what was signed stays as it is until the dispute is over.
func TestDisputeSignsAndHoldsNothing(t *testing.T) {
	l := begin(t, 2)
	asksFor(l)
	if l.o.Status != Pending || !l.o.OwnOnly || l.o.Signature.IsZero() || len(l.r.Unsigned(l.o)) > 0 {
		t.Fatalf("status %s, own %v, signature %+v", l.o.Status, l.o.OwnOnly, l.o.Signature)
	}
	if _, ok := l.o.LOA(); !ok || !slices.Contains(l.last().Effects, FileLOA) {
		t.Errorf("the LOA is not kept: %v", l.last().Effects)
	}
	for _, hold := range l.o.Holds() {
		if HoldOwner(hold) == "" {
			t.Errorf("it holds %s against everybody", hold)
		}
	}
	for name, cmd := range map[string]Command{
		"the company": Edit{By: customer, To: Details{Company: "Bluebird"}, Fields: []string{"company"}},
		"a number":    ChangeNumbers{By: customer, Add: []string{"+12065550199"}},
	} {
		if _, _, err := l.r.Apply(l.o, cmd, l.at); codeOf(err) != WrongStatus {
			t.Errorf("%s is changed: %v", name, err)
		}
	}
	l.do(Edit{By: customer, To: Details{Alias: "Shop"}, Fields: []string{"alias"}}, ChangeNumbers{By: customer, Remove: tns(2)[1:]})
	l.do(DecideDispute{By: staff, For: Holding, Why: "The other LOA is newer."})
	l.do(Edit{By: customer, To: Details{Company: "Bluebird"}, Fields: []string{"company"}})
}

// The clock asks for a look at its end; a person who is asked takes its place; numbers on their way are looked at hourly.
func TestDisputeClock(t *testing.T) {
	l := begin(t, 1)
	asksFor(l)
	ends := l.o.Disputes[0].Ends
	if want := l.r.Calendar.AddBusinessDays(l.o.Disputes[0].Opened, 2); !ends.Equal(want) || !l.o.Due[DueDispute].Equal(ends) {
		t.Fatalf("it ends at %s, due %s, want %s", ends, l.o.Due[DueDispute], want)
	}
	l.do(AskDispute{system, "9", Proposal{Asking, MsgNewestLOA}})
	if !l.o.Due[DueDispute].IsZero() || l.o.Desk.Args["for"] != "asking" || l.o.Turn() != TurnStaff {
		t.Errorf("due %s, asked %+v", l.o.Due[DueDispute], l.o.Desk)
	}
	if _, _, err := l.r.Apply(l.o, AskDispute{system, "9", Proposal{Asking, MsgNewestLOA}}, l.at); codeOf(err) != Settled {
		t.Errorf("asked twice: %v", err)
	}
	at := l.at
	l.do(AskPapers{By: staff})
	if again := l.r.Calendar.AddBusinessDays(at, 2); !l.o.Due[DueDispute].Equal(again) || !l.o.Desk.IsZero() {
		t.Errorf("papers asked for until %s, want %s", l.o.Due[DueDispute], again)
	}
	at = l.at
	l.do(DecideDispute{By: staff, For: Asking, Why: "So it is."})
	if !l.o.Due[DueDispute].Equal(at.Add(time.Hour)) || !slices.Contains(l.last().Effects, SettleDispute) {
		t.Errorf("due %s, effects %v", l.o.Due[DueDispute], l.last().Effects)
	}
	if _, _, err := l.r.Apply(l.o, DecideDispute{By: staff, For: Holding}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("decided twice: %v", err)
	}
}

// The order that loses keeps the numbers until the winner takes them, and not before its carrier has let them go.
func TestYield(t *testing.T) {
	for _, test := range []struct {
		status  Status
		numbers int // how many of two are disputed
		to      Status
		with    bool // a carrier has a request
	}{
		{Processing, 2, Cancelled, false}, {Rejected, 2, Abandoned, true}, {Review, 2, HardCanceled, true},
		{Submitted, 2, HardCanceled, true}, {Accepted, 2, HardCanceled, true},
		{Processing, 1, Processing, false}, {Rejected, 1, Rejected, true}, {Review, 1, Rejected, true},
		{Submitted, 1, Rejected, true}, {Accepted, 1, Rejected, true},
	} {
		t.Run(string(test.status)+" loses "+string(rune('0'+test.numbers))+" of 2", func(t *testing.T) {
			l := begin(t, 2)
			for _, cmd := range reach[test.status] {
				l.do(cmd)
			}
			holding(test.numbers)(l)
			if test.numbers == 2 {
				l.do(Yield{system, "9"})
			} else {
				l.do(YieldNumbers{system, "9"})
			}
			if l.o.Status != test.to || l.o.CancelFee != 0 || l.o.Withdrawing != test.with {
				t.Fatalf("status %s, fee %s, withdrawing %v", l.o.Status, l.o.CancelFee, l.o.Withdrawing)
			}
			if got := slices.Contains(l.last().Effects, WithdrawRequest); got != test.with {
				t.Errorf("effects %v", l.last().Effects)
			}
			if test.with {
				if _, _, err := l.r.Apply(l.o, LetGo{system, "9"}, l.at); codeOf(err) != TooEarly {
					t.Errorf("let go before the carrier: %v", err)
				}
				l.do(Withdrawn{By: peer, PON: "P1"})
			}
			for _, tn := range tns(test.numbers) {
				if !slices.Contains(l.o.Holds(), tn) {
					t.Errorf("%s is free for anybody", tn)
				}
			}
			l.do(LetGo{system, "9"})
			for _, tn := range tns(test.numbers) {
				if slices.Contains(l.o.Holds(), tn) {
					t.Errorf("%s is still held", tn)
				}
			}
			if l.o.Disputed() || strings.Join(l.o.Yields(), "") != "" {
				t.Errorf("disputes %+v", l.o.Disputes)
			}
		})
	}
	t.Run("not so close to the day that the carrier takes no change", func(t *testing.T) {
		l := brought(t, Accepted)
		holding(1)(l)
		if _, _, err := l.r.Apply(l.o, Yield{system, "9"}, l.o.FOCAt.Add(-time.Hour)); codeOf(err) != WrongStatus {
			t.Error(err)
		}
	})
}

// The winner is submitted with the signature of its dispute; a wished day that has gone by is left out.
func TestTakeOver(t *testing.T) {
	l := begin(t, 1)
	asksFor(l)
	at := l.o.Signature.At
	l.do(DecideDispute{By: staff, For: Asking, Why: "So it is."})
	l.at = l.at.AddDate(0, 0, 14)
	l.do(TakeOver{system, "9"})
	if l.o.Status != Processing || l.o.OwnOnly || !l.o.Signature.At.Equal(at) || l.o.Details.Desired != "" || l.o.Disputed() {
		t.Errorf("status %s, own %v, signed %s, day %q", l.o.Status, l.o.OwnOnly, l.o.Signature.At, l.o.Details.Desired)
	}
	if !slices.Contains(l.last().Effects, StartDriver) {
		t.Errorf("nobody drives it: %v", l.last().Effects)
	}
}

// A dispute ends with what it is about, on either side.
func TestDisputeEndsWithItsOrder(t *testing.T) {
	t.Run("the asking order is cancelled", func(t *testing.T) {
		l := begin(t, 1)
		asksFor(l)
		l.do(AskDispute{system, "9", Proposal{Asking, MsgNewestLOA}}, Cancel{By: customer})
		if l.o.Disputed() || !l.o.Desk.IsZero() || !slices.Contains(l.last().Effects, SettleDispute) {
			t.Errorf("%+v, desk %+v, effects %v", l.o.Disputes, l.o.Desk, l.last().Effects)
		}
	})
	t.Run("the holding order completes", func(t *testing.T) {
		l := brought(t, Accepted)
		holding(1)(l)
		l.do(Complete{By: peer})
		if l.o.Disputed() || !slices.Contains(l.last().Effects, SettleDispute) {
			t.Errorf("%+v, effects %v", l.o.Disputes, l.last().Effects)
		}
	})
}

// The customer learns of few numbers that others hold, and each time of what is new.
func TestNoteRival(t *testing.T) {
	l := begin(t, 9)
	l.do(NoteRival{system, append([]string{"+12065559999"}, tns(9)...)})
	if got := l.o.AlsoAsked; !slices.Equal(got, tns(MaxAlsoAsked)) || !l.last().Comment {
		t.Errorf("told of %v", got)
	}
	if _, _, err := l.r.Apply(l.o, NoteRival{system, tns(9)}, l.at); codeOf(err) != Settled {
		t.Errorf("told twice: %v", err)
	}
	if l.do(ChangeNumbers{By: customer, Remove: tns(1)}); slices.Contains(l.o.AlsoAsked, tns(1)[0]) {
		t.Error("a number that is gone is still offered a dispute")
	}
	if l.do(signed); len(l.o.AlsoAsked) > 0 {
		t.Error("a signed order is still offered a dispute")
	}
}

// A rejected order whose hold has lapsed disputes its numbers as a pending one does, and is sent again when it wins.
func TestDisputeOfRejectedOrder(t *testing.T) {
	lapsed := func(t *testing.T) *life {
		l := begin(t, 2)
		l.do(signed, Return{By: system, Reasons: []Reason{{Code: AddressInvalid}}})
		if _, _, err := l.r.Apply(l.o, NoteRival{system, tns(1)}, l.at); codeOf(err) != Settled {
			t.Errorf("an order that keeps its numbers is told of another one: %v", err)
		}
		billed(l)
		open := OpenDispute{By: customer, Signature: signed.Signature, Rival: "9", Numbers: tns(1)}
		if _, _, err := l.r.Apply(l.o, open, l.at); codeOf(err) != WrongStatus {
			t.Errorf("an order that keeps its numbers disputes them: %v", err)
		}
		l.at = l.r.Lapses(l.o)
		l.do(Lapse{By: system}, NoteRival{system, tns(1)})
		return l
	}
	opened := func(t *testing.T) *life {
		l := lapsed(t)
		l.at = l.at.AddDate(0, 0, 3)
		l.do(OpenDispute{By: customer, Signature: signed.Signature, Rival: "9", Numbers: tns(1)})
		if l.o.Status != Rejected || !l.o.OwnOnly || !l.o.Disputed() || !l.o.ClockFrom.Equal(l.o.Disputes[0].Opened) || l.o.Due[DueDispute].IsZero() {
			t.Fatalf("status %s, own %v, %+v, clock from %s", l.o.Status, l.o.OwnOnly, l.o.Disputes, l.o.ClockFrom)
		}
		return l
	}
	t.Run("it is told which numbers, until it leaves them out", func(t *testing.T) {
		l := lapsed(t)
		if !slices.Equal(l.o.AlsoAsked, tns(1)) {
			t.Fatalf("told of %v", l.o.AlsoAsked)
		}
		p, err := l.r.PlanChange(l.o, Wish{Kind: WishRemoval, Numbers: tns(1)}, l.at)
		if err != nil {
			t.Fatal(err)
		}
		if l.do(p.Command(customer, p.Fee)); len(l.o.AlsoAsked) > 0 {
			t.Errorf("told of %v", l.o.AlsoAsked)
		}
	})
	t.Run("it wins, and is sent again", func(t *testing.T) {
		l := opened(t)
		l.do(DecideDispute{By: staff, For: Asking, Why: "So it is."}, TakeOver{system, "9"})
		if l.o.Status != Review || l.o.OwnOnly || l.o.Disputed() || l.o.Desk.Key != MsgAskReview || !slices.Contains(l.last().Effects, StartDriver) {
			t.Errorf("status %s, own %v, %+v, desk %s, effects %v", l.o.Status, l.o.OwnOnly, l.o.Disputes, l.o.Desk.Key, l.last().Effects)
		}
	})
	t.Run("it loses, and stays with the customer", func(t *testing.T) {
		l := opened(t)
		l.do(AskDispute{system, "9", Proposal{Holding, MsgNoPapers}}, DecideDispute{By: staff, For: Holding, Why: "So it is."})
		if l.o.Status != Rejected || l.o.Disputed() || !l.o.Desk.IsZero() {
			t.Errorf("status %s, %+v, desk %s", l.o.Status, l.o.Disputes, l.o.Desk.Key)
		}
	})
	t.Run("what was signed stays", func(t *testing.T) {
		l := opened(t)
		edit := Edit{By: customer, To: Details{Company: "Bluebird"}, Fields: []string{"company"}}
		if _, _, err := l.r.Apply(l.o, edit, l.at); codeOf(err) != WrongStatus {
			t.Errorf("the company is changed: %v", err)
		}
	})
	t.Run("it is abandoned, and the dispute is over", func(t *testing.T) {
		l := opened(t)
		if l.do(Cancel{By: customer}); l.o.Disputed() || !slices.Contains(l.last().Effects, SettleDispute) {
			t.Errorf("%+v", l.o.Disputes)
		}
	})
	t.Run("it is sent again by its customer, and the dispute is over", func(t *testing.T) {
		l := opened(t)
		if l.do(Resubmit{By: customer}); l.o.Disputed() || len(l.o.AlsoAsked) > 0 {
			t.Errorf("%+v, told of %v", l.o.Disputes, l.o.AlsoAsked)
		}
	})
}

// In a sandbox the last digits of a number play the other account.
func TestSimulatedRival(t *testing.T) {
	for digits, want := range map[string]Side{"9901": Asking, "9902": Holding} {
		t.Run(digits, func(t *testing.T) {
			l := played(t)
			l.o.Numbers = []Number{{TN: "+1206555" + digits}}
			_, _, err := l.r.Apply(l.o, signed, l.at)
			held := RivalNumbers(err)
			if codeOf(err) != Taken || len(held) != 1 {
				t.Fatal(err)
			}
			billed(l)
			l.do(OpenDispute{By: customer, Signature: signed.Signature, Rival: SimulatedRival, Numbers: held})
			d := l.o.Disputes[0]
			l.at = d.Opened // a sandbox's LOA ages fast
			got := ProposeDispute(l.r.DisputeFacts(l.o, d, l.at), SimulatedFacts(d), true)
			if got.For != want {
				t.Fatalf("proposed %+v", got)
			}
			l.do(DecideDispute{By: staff, For: want, Why: "So it is."})
			if want == Holding {
				if _, _, err := l.r.Apply(l.o, signed, l.at); codeOf(err) != Taken {
					t.Errorf("signed all the same: %v", err)
				}
				return
			}
			l.at = d.Opened
			l.do(TakeOver{system, SimulatedRival})
		})
	}
	l := begin(t, 1)
	l.o.Numbers = []Number{{TN: "+12065559901"}}
	l.do(signed) // of a live account
}
