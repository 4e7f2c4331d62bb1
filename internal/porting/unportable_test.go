package porting

import (
	"maps"
	"slices"
	"testing"
)

// leftOut are the ways by which a number can be left out of an order: each is tried on the first of three numbers, for a
// reason, and returns what became of the order.
var leftOut = map[string]func(*testing.T, *life, ReasonCode) Order{
	"the screening": func(t *testing.T, l *life, code ReasonCode) Order {
		l.do(reach[Processing]...)
		s := l.o.Sift([]Reason{{Code: code, Numbers: tns(1)}})
		for _, r := range s.Out {
			l.do(Exclude{By: system, TNs: r.Numbers, Reason: r.Code})
		}
		switch {
		case s.Apart:
			back(t, l, tns(1), s.Back)
		case len(s.Back) > 0:
			l.do(Return{By: system, Reasons: s.Back})
		}
		return l.o
	},
	"a refusal": func(t *testing.T, l *life, code ReasonCode) Order {
		l.do(reach[Submitted]...)
		l.do(Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: code, Numbers: tns(1)}}})
		d := l.r.DecideRepair(l.o, Help{}, l.at)
		switch {
		case d.Do == RepairIt && slices.Equal(d.Repair.Repairs, []RepairKind{DropThem}):
			l.do(d.Repair)
		case d.Do == RepairByCustomer:
			l.do(Return{By: system, Reasons: l.o.Reasons})
		}
		return l.o
	},
	"the end": func(t *testing.T, l *life, code ReasonCode) Order {
		l.do(reach[Accepted]...)
		a := Answer{State: AnswerCompleted, Left: tns(1), Reasons: []Reason{{Code: code, Numbers: tns(1)}}}
		a.About = l.o.About()
		l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
		if l.o.Status != Accepted || !slices.Equal(l.o.In(Failed), tns(1)) {
			t.Errorf("the order is %s with %v", l.o.Status, l.o.Numbers)
		}
		l.do(GoWithout{By: staff})
		reasons, complete, ok := l.o.GivenUp()
		if !ok {
			t.Fatal("nothing is given up")
		}
		if len(reasons) > 0 {
			back(t, l, tns(1), reasons)
		}
		l.do(complete)
		return l.o
	},
	"the desk's approval": func(t *testing.T, l *life, code ReasonCode) Order {
		l.do(reach[Submitted]...)
		l.do(Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: code, Numbers: tns(1)}}},
			Return{By: system, Reasons: []Reason{{Code: code, Numbers: tns(1)}}}, Resubmit{By: customer}, Approve{By: staff})
		return l.o
	},
}

// back carries out what takes numbers off the order, and holds the order that they are on then.
func back(t *testing.T, l *life, tns []string, reasons []Reason) {
	t.Helper()
	cmd, ok := l.o.GoesBack(tns, reasons)
	if !ok {
		t.Fatal("nothing goes back")
	}
	cmd.Sibling.ID = "9"
	made, events, err := l.r.Apply(Order{}, ComeBack{By: cmd.By, From: l.o, Sibling: cmd.Sibling, Reasons: cmd.Reasons}, l.at)
	switch {
	case err != nil:
		t.Fatal(err)
	case made.Status != Rejected || !slices.Equal(made.Active(), tns) || len(made.Reasons) != 1 || made.SplitOffFrom != l.o.ID:
		t.Errorf("the order of what goes back is %+v", made)
	case !slices.Contains(events[0].Effects, SendMail) || !slices.Contains(events[0].Effects, SendWebhook) || made.Due[DueClock].IsZero():
		t.Errorf("the customer is not told, or has no clock: %+v", events)
	}
	fee := l.o.PortFee
	l.do(cmd)
	if l.o.PortFee+made.PortFee != fee {
		t.Errorf("the fee was %v, and is %v and %v", fee, l.o.PortFee, made.PortFee)
	}
}

// A number is left out by the customer's consent alone, whoever finds it, and only for a reason that nothing can be done
// about. Else the order comes back, or the number does.
func TestLeftOutByConsentAlone(t *testing.T) {
	for way, leave := range leftOut {
		for _, info := range Reasons {
			if info.Scope == OfOrder {
				continue
			}
			for _, consent := range []OnUnportable{"", ExcludeUnportable} {
				t.Run(way+" "+string(info.Code)+" "+string(consent), func(t *testing.T) {
					l := begin(t, 3)
					l.o.Details.Unportable = consent
					o := leave(t, l, info.Code)
					out := slices.ContainsFunc(o.Numbers, func(n Number) bool { return n.State == Excluded })
					if may := consent == ExcludeUnportable && info.Code.MayLeaveOut(); out && !may {
						t.Errorf("left out: %v", o.Numbers)
					} else if may && !out {
						t.Errorf("%s, not left out: %v", o.Status, o.Numbers)
					}
					if way == "the end" && o.Status != Completed {
						t.Errorf("the rest is %s", o.Status)
					}
					if way != "the end" && way != "the desk's approval" && consent == "" && info.Code.MayLeaveOut() {
						want := map[string]string{"on_unportable": "exclude"}
						if o.Status != Rejected || len(o.Reasons) != 1 || !maps.Equal(o.Reasons[0].Patch, want) || o.Reasons[0].Note.IsZero() {
							t.Errorf("%s with %+v, want the choice", o.Status, o.Reasons)
						}
					}
				})
			}
		}
	}
}

// The customer takes the offer, and the order goes on without the number that it came back for.
func TestTheChoiceIsTaken(t *testing.T) {
	l := begin(t, 3)
	l.o.Details.Unportable = ""
	l.do(reach[Processing]...)
	l.do(Return{By: system, Reasons: l.o.Sift([]Reason{{Code: NoCoverage, Numbers: tns(1)}}).Back})
	l.do(Edit{By: customer, To: Details{Unportable: ExcludeUnportable}, Fields: []string{"on_unportable"}}, Resubmit{By: customer}, Approve{By: system})
	if l.o.Status != Submitted || !slices.Equal(l.o.Active(), tns(3)[1:]) || l.o.PortFee != 2*l.r.PortFee {
		t.Errorf("%s with %v for %v", l.o.Status, l.o.Numbers, l.o.PortFee)
	}
}

// Nobody's command leaves a number out without the consent, save our staff's.
func TestNoCommandLeavesOutWithoutConsent(t *testing.T) {
	for name, cmd := range map[string]Command{
		"exclude":  Exclude{By: system, TNs: tns(1), Reason: NoCoverage},
		"repair":   Repair{By: system, Drop: []Reason{{Code: NoCoverage, Numbers: tns(1)}}},
		"complete": Complete{By: peer, Left: tns(1), Why: NoCoverage},
	} {
		s := Submitted
		if name == "complete" {
			s = Accepted
		}
		l := brought(t, s)
		l.o.Details.Unportable = ""
		if _, _, err := l.r.Apply(l.o, cmd, l.at); codeOf(err) != WrongStatus {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := brought(t, Submitted)
	l.o.Details.Unportable = ""
	l.do(Exclude{By: staff, TNs: tns(1), Reason: NoCoverage})
}
