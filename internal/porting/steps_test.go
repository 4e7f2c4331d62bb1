package porting

import (
	"slices"
	"testing"
	"time"
)

// said is what an event tells: the keys of its message and of those within, and whether customers read it.
func said(e Event) string {
	text := string(e.Message.Key)
	for _, m := range e.Message.List {
		text += " " + string(m.Key)
	}
	if e.Comment {
		text += ", a comment"
	}
	return text
}

// What each of the system's steps tells, and whether the customer reads it.
func TestWhatAStepTells(t *testing.T) {
	chosen := portAsked
	chosen.Why = []Message{Words("It is the cheapest.")}
	whole := Repair{By: system, Repairs: []RepairKind{SendWhole}, Sup: SupOther}
	dropping := func(tn string) Repair {
		r := whole
		r.Repairs, r.Drop = []RepairKind{DropThem}, []Reason{{Code: TNNotFound, Numbers: []string{tn}}}
		return r
	}
	mainNumber := whole
	mainNumber.Remaining = Remaining{Active: true, BTN: "+12065550177"}
	down := Delay{By: system, Why: Say(MsgPeerDown), Peer: "locals"}
	lacking := TakeRecord{By: system, PON: "C1", State: AnswerLacking, Said: "a name"}
	given := lacking
	given.Given = true
	csr := []Command{signed, Pass{By: system}, csrAsked, MarkSent{By: system, PON: "C1", Ref: "ref"}}
	sent := reach[Submitted]
	after := func(before []Command, more ...Command) []Command { return append(slices.Clone(before), more...) }
	for _, test := range []struct {
		name string
		cmds []Command
		want string
	}{
		{"a request is planned", after(csr, portAsked), "planned"},
		{"a request is planned at a peer that was chosen", after(csr, chosen), "peer_chosen , a comment"},
		{"the record was asked for", csr, "record_asked, a comment"},
		{"the request was sent", sent, "sent, a comment"},

		{"the record came", after(csr, TakeRecord{By: system, PON: "C1", State: AnswerReady}), "record_came, a comment"},
		{"there is no record", after(csr, TakeRecord{By: system, PON: "C1", State: AnswerNoRecord}), "no_record"},
		{"the record is awaited", after(csr, TakeRecord{By: system, PON: "C1", State: AnswerWaiting}), "record_awaited"},
		{"the carrier wants more for the record", after(csr, lacking), "record_lacks, a comment"},
		{"which the order has, and we send", after(csr, given), "record_given, a comment"},
		{"it is told once", after(csr, lacking, lacking), "record_awaited"},

		{"a repair", after(sent, refused, whole), "repaired, a comment"},
		{"a repair that leaves a number out", after(sent, refused, dropping(tns(3)[0])), "repaired did_leave_out, a comment"},
		{"a repair of a number that is left out already", after(sent, Exclude{system, tns(1), NoCoverage}, refused, dropping(tns(3)[0])), "repaired, a comment"},
		{"a repair with another main number", after(sent, refused, mainNumber), "repaired did_main_number, a comment"},
		{"a repair with the same one again", after(sent, refused, mainNumber, refused, mainNumber), "repaired, a comment"},

		{"the first delay", after(sent, down), "peer_down, a comment"},
		{"the second one", after(sent, down, down), "peer_down"},
		{"another step's first delay", after(sent, down, accepted, down), "peer_down, a comment"},

		{"all numbers moved", after(sent, accepted, Complete{By: peer}), "completed, a comment"},
		{"some did not", after(sent, accepted, Complete{By: peer, Left: tns(1), Why: TNNotFound}), "partly_moved, a comment"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := said(begin(t, 3).do(test.cmds...).last()); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A request is the same as another by its kind, its PON and its version; the same one is planned and sent once.
func TestARequestIsPlannedOnce(t *testing.T) {
	plan := func(kind AttemptKind, pon PON, version int) Plan {
		return Plan{By: system, Attempt: Attempt{Kind: kind, PON: pon, Version: version}}
	}
	for _, test := range []struct {
		name string
		cmd  Command
		want ErrorCode
	}{
		{"OK: another kind", plan(AskCSR, "P1", 0), ""},
		{"OK: another PON", plan(AskPort, "P2", 0), ""},
		{"OK: another version", plan(AskPort, "P1", 1), ""},
		{"ErrSettled: planned", plan(AskPort, "P1", 0), Settled},
		{"ErrSettled: sent", portSent, Settled},
		{"ErrNotFound: sent", MarkSent{By: system, PON: "P9"}, NotFound},
		{"ErrNotFound: a record", TakeRecord{By: system, PON: "P1"}, NotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Submitted)
			if _, _, err := l.r.Apply(l.o, test.cmd, l.at); codeOf(err) != test.want {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// A check that brings the carrier's silence to somebody is remembered, and one that does not changes nothing of it.
func TestChecksRememberWhomTheyTold(t *testing.T) {
	l := brought(t, Submitted).do(Check{By: system})
	if l.o.Repairs[Escalate] != 0 || !l.o.Escalated.IsZero() {
		t.Errorf("told nobody: %v at %s", l.o.Repairs, l.o.Escalated)
	}
	told := l.at
	l.do(Check{By: system, Chased: ChasedPeer}, Check{By: system})
	if l.o.Repairs[Escalate] != int(ChasedPeer) || !l.o.Escalated.Equal(told) {
		t.Errorf("told the peer: %v at %s, want %s", l.o.Repairs, l.o.Escalated, told)
	}
}

// What moves is ours, and what is left out stays so.
func TestCompletedNumbers(t *testing.T) {
	numbers := tns(3)
	l := brought(t, Submitted).do(Exclude{system, numbers[:1], NoCoverage}, accepted, Complete{By: peer, Left: numbers[1:2], Why: TNNotFound})
	excludedAt, now := l.o.Numbers[0].At, l.last().At.Truncate(time.Second)
	want := []Number{{TN: numbers[0], State: Excluded, Reason: NoCoverage, At: excludedAt},
		{TN: numbers[1], State: Excluded, Reason: TNNotFound, At: now}, {TN: numbers[2], State: Ported, At: now}}
	if !slices.Equal(l.o.Numbers, want) || !excludedAt.Before(now) || excludedAt.IsZero() {
		t.Errorf("%v, want %v", l.o.Numbers, want)
	}
}

// A customer's second try has the carrier asked anew for a record that it would not give, and for no other.
func TestApproveAsksForTheRecordAgain(t *testing.T) {
	for _, state := range []AnswerState{AnswerLacking, AnswerReady, AnswerNoRecord} {
		l := begin(t, 1).do(signed, Pass{By: system}, csrAsked, MarkSent{By: system, PON: "C1", Ref: "ref"},
			TakeRecord{By: system, PON: "C1", State: state}, returned, Resubmit{By: customer}, Approve{By: staff})
		want := Attempt{State: state, Reads: 1}
		if state == AnswerLacking {
			want = Attempt{State: AnswerWaiting}
		}
		if csr, ok := l.o.Last(AskCSR); !ok || csr.State != want.State || csr.Reads != want.Reads {
			t.Errorf("after %s it is %s with %d reads, want %s with %d", state, csr.State, csr.Reads, want.State, want.Reads)
		}
	}
}

// The record is kept with the request that asked for it, which is the order's first attempt.
func TestRecordIsKeptWithItsRequest(t *testing.T) {
	l := begin(t, 1).do(signed, Pass{By: system}, csrAsked, MarkSent{By: system, PON: "C1", Ref: "ref"})
	at := l.at
	l.do(TakeRecord{By: system, PON: "C1", State: AnswerReady, Record: Record{Zip: "98102"}})
	if csr := l.o.Attempts[0]; csr.Record.Zip != "98102" || !csr.Answered.Equal(at) {
		t.Errorf("the record is %+v, of %s", csr.Record, csr.Answered)
	}
}

// A wait is named by the version of the order that began it.
func TestWaitIsNamedByItsVersion(t *testing.T) {
	l := brought(t, Submitted).do(Await{By: system, For: WaitAnswer, Token: NewSecret("token")})
	if l.o.Wait.Seq != l.o.Version {
		t.Errorf("the wait that began in version %d is %d", l.o.Version, l.o.Wait.Seq)
	}
}

// An answer about the port is no answer about a record that was asked for since.
func TestAnswerIsOfThePort(t *testing.T) {
	l := brought(t, Submitted).do(Plan{By: system, Attempt: Attempt{Kind: AskCSR, Peer: "locals", PON: "C2"}}, accepted)
	port, _ := l.o.Last(AskPort)
	csr, _ := l.o.Last(AskCSR)
	if port.State != AnswerAccepted || csr.State != AnswerNone {
		t.Errorf("the port is %q, the record %q", port.State, csr.State)
	}
}

// A date that is put off moves the instant of activation by as many days, also where the clocks change in between.
func TestJeopardyMovesTheInstant(t *testing.T) {
	for _, test := range []struct {
		name      string
		foc, want Date
	}{
		{"within a week", "2027-03-16", "2027-03-18"},
		{"into summer time", "2027-03-11", "2027-03-15"},
		{"over a weekend", "2027-03-18", "2027-03-22"},
	} {
		t.Run(test.name, func(t *testing.T) {
			at := test.foc.In(time.UTC).Add(15 * time.Hour)
			l := brought(t, Submitted).do(Accept{By: peer, PON: "P1", FOC: test.foc, At: at}, MoveFOC{By: peer, Why: "jeopardy"})
			if want := test.want.In(time.UTC).Add(15 * time.Hour); l.o.FOC != test.want || !l.o.FOCAt.Equal(want) {
				t.Errorf("moved to %s, %s; want %s, %s", l.o.FOC, l.o.FOCAt.UTC(), test.want, want)
			}
		})
	}
}

// A sender that puts the step off gives up its own lease of the request, and leaves that of anybody else alone: two
// senders of one request would make two requests at the carrier.
func TestDelayEndsItsOwnLease(t *testing.T) {
	ask := func(kind AttemptKind, pon PON, version int) Command {
		return Plan{By: system, Attempt: Attempt{Kind: kind, Peer: "locals", PON: pon, Version: version}}
	}
	repaired := Repair{By: system, Sup: SupOther}
	leases := func(l *life) (all []time.Time) {
		for _, a := range l.o.Attempts {
			all = append(all, a.Leased)
		}
		return all
	}
	for _, test := range []struct {
		name  string
		life  []Command
		gives func(l *life) time.Time // the lease that the caller gives up
		cause Cause                   // of the next decision
	}{
		{"its own", []Command{ask(AskPort, "P1", 0)}, func(l *life) time.Time { return leases(l)[0] }, CausePlanned},
		{"its own, of a supplement", []Command{ask(AskPort, "P1", 0), portSent, refused, repaired, ask(AskPort, "P1", 1)},
			func(l *life) time.Time { return leases(l)[1] }, CausePlanned},
		{"one that another sender has taken over", []Command{ask(AskPort, "P1", 0)}, func(l *life) time.Time {
			before := leases(l)[0]
			l.do(Lease{By: system, PON: "P1"})
			return before
		}, CauseUnderWay},
		{"none", []Command{ask(AskPort, "P1", 0)}, func(*life) time.Time { return time.Time{} }, CauseUnderWay},
		{"none, of a supplement", []Command{ask(AskPort, "P1", 0), portSent, refused, repaired, ask(AskPort, "P1", 1)},
			func(*life) time.Time { return time.Time{} }, CauseUnderWay},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1).do(signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}).do(test.life...)
			gives := test.gives(l)
			now := l.at.Add(-time.Hour) // of the last command
			l.do(Delay{By: system, Why: Say(MsgPeerDown), Peer: "locals", Leased: gives})
			if d := l.r.DecideRequest(l.o, Order{}, now.Add(time.Second)); d.Cause != test.cause {
				t.Errorf("what is asked next: %s, want %s; leases %v", d.Cause, test.cause, leases(l))
			}
		})
	}
}

// When a request has ended, the desk is asked for a review again where the order waits for one, and for nothing else.
func TestWithdrawnLeavesTheReview(t *testing.T) {
	over := Withdrawn{By: peer, PON: "P1", Said: "CANCELLED"}
	for _, test := range []struct {
		name string
		more []Command
		want MessageKey
	}{
		{"with the customer", []Command{returned}, ""},
		{"in review", []Command{returned, Resubmit{By: customer}}, MsgAskReview},
		{"ended", []Command{HardCancel{By: staff, Why: "Asked for."}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Submitted).do(test.more...)
			l.o.Desk = Say(MsgAskMoved)
			if l.do(over); l.o.Desk.Key != test.want || l.o.Withdrawing {
				t.Errorf("the desk is asked %q, want %q; to be withdrawn: %t", l.o.Desk.Key, test.want, l.o.Withdrawing)
			}
		})
	}
}
