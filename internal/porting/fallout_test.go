package porting

import (
	"slices"
	"strings"
	"testing"
)

// hears has the order take what its peer says of it.
func (l *life) hears(a Answer) *life {
	a.About = l.o.About()
	return l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
}

// behind is the answer that all numbers have moved but those.
func behind(left ...string) Answer {
	return Answer{State: AnswerCompleted, Said: "COMPLETE", Left: left, Reasons: []Reason{{Code: TNNotInService, Numbers: left}}}
}

// What has moved is in service from that moment, and what has not keeps the order from completing, however the peer tells
// of it, in whatever order, and with the customer's consent to leave numbers out or without it.
func TestWhatDidNotMoveKeepsTheOrderOpen(t *testing.T) {
	all := tns(3)
	for _, test := range []struct {
		name          string
		answers       []Answer
		status        Status
		moved, failed []string
		asked         bool
		events        int
	}{
		{"all move", []Answer{behind()}, Completed, all, nil, false, 1},
		{"one stays behind", []Answer{behind(all[0])}, Accepted, all[1:], all[:1], true, 1},
		{"one stays behind, told twice", []Answer{behind(all[0]), behind(all[0])}, Accepted, all[1:], all[:1], true, 1},
		{"it moves later", []Answer{behind(all[0]), behind()}, Completed, all, nil, false, 2},
		{"two stay behind, one moves later", []Answer{behind(all[:2]...), behind(all[0])}, Accepted, all[1:], all[:1], true, 2},
		{"a number that nobody knows stays behind", []Answer{behind("+12065559999")}, Completed, all, nil, false, 1},
		{"one has moved, the others wait", []Answer{{State: AnswerAccepted, Moved: all[:1]}}, Accepted, all[:1], nil, false, 1},
		{"all have moved, the peer has yet to say so", []Answer{{State: AnswerAccepted, Moved: all}}, Accepted, nil, nil, false, 0},
		{"one has moved, and the request ends", []Answer{{State: AnswerAccepted, Moved: all[:1]}, {State: AnswerOver}}, Accepted, all[:1], all[1:], true, 2},
		{"one has moved, and the rest is refused", []Answer{{State: AnswerAccepted, Moved: all[:1]},
			{State: AnswerRefused, Reasons: []Reason{{Code: DueDateInvalid}}}}, Accepted, all[:1], all[1:], true, 2},
		{"one has moved, then all", []Answer{{State: AnswerAccepted, Moved: all[:1]}, behind()}, Completed, all, nil, false, 2},
	} {
		for _, consent := range []OnUnportable{"", ExcludeUnportable} {
			t.Run(test.name+" "+string(consent), func(t *testing.T) {
				l := begin(t, 3)
				l.o.Details.Unportable = consent
				l.do(reach[Accepted]...)
				before := l.o.Version
				for _, a := range test.answers {
					l.hears(a)
				}
				if l.o.Status != test.status || !slices.Equal(l.o.In(Ported), test.moved) || !slices.Equal(l.o.In(Failed), test.failed) {
					t.Errorf("%s with %v", l.o.Status, l.o.Numbers)
				}
				if asked := l.o.Desk.Key == MsgAskFallout; asked != test.asked || int(l.o.Version-before) != test.events {
					t.Errorf("asked: %v, events: %d", l.o.Desk, l.o.Version-before)
				}
				for _, n := range l.o.Numbers {
					if (n.State != Taking) == n.At.IsZero() {
						t.Errorf("%s is %q since %s", n.TN, n.State, n.At)
					}
				}
				if test.status == Accepted && len(test.moved) > 0 {
					if _, _, err := l.r.Apply(l.o, HardCancel{By: staff, Force: true}, l.at); codeOf(err) != WrongStatus {
						t.Errorf("an order with numbers of ours is called off: %v", err)
					}
				}
			})
		}
	}
}

// Everybody is told of the fallout at once: the customer by mail and webhook, with the numbers that did not move; our staff
// by a question on the list of such days, which is promised the soonest.
func TestFalloutIsTold(t *testing.T) {
	l := brought(t, Accepted).hears(behind(tns(1)...))
	e := l.events[len(l.events)-1]
	for _, effect := range []Effect{SendMail, SendWebhook} {
		if !slices.Contains(e.Effects, effect) {
			t.Errorf("%s does not follow: %v", effect, e.Effects)
		}
	}
	if e.Topic() != NumberMoved || !e.Topic().ByNameOnly() || !e.Comment || e.Message.Args["numbers"] != tns(1)[0] {
		t.Errorf("told as %s: %+v", e.Topic(), e.Message)
	}
	if waits := l.r.Waits(l.o); len(waits) != 1 || waits[0].Queue != QueueFallout {
		t.Errorf("our staff see it on %v", waits)
	}
	if l.o.Turn() != TurnStaff {
		t.Errorf("it is the turn of %s", l.o.Turn())
	}
}

// An order goes on without a number only by a decision, only once others have moved, and once. A decision that a release
// has lost is asked for again.
func TestGoingOnWithoutANumber(t *testing.T) {
	l := brought(t, Accepted)
	if _, _, err := l.r.Apply(l.o, GoWithout{By: staff}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("before the day: %v", err)
	}
	l.hears(behind(tns(1)...))
	if _, _, ok := l.o.GivenUp(); ok {
		t.Error("nobody has decided, and the number is given up")
	}
	l.do(GoWithout{By: staff})
	if _, _, err := l.r.Apply(l.o, GoWithout{By: staff}, l.at); codeOf(err) != Settled {
		t.Errorf("twice: %v", err)
	}
	reasons, complete, ok := l.o.GivenUp()
	if !ok || complete.Left != nil && len(complete.Left) > 0 == (len(reasons) > 0) {
		t.Errorf("given up: %v, completed by %+v", reasons, complete)
	}
	l.o.WithoutFailed = false // as the last release writes it
	cmd, isQuestion := l.o.AskUnmoved(system).(AskDesk)
	if !isQuestion || cmd.Why.Key != MsgAskFallout || !strings.Contains(cmd.Why.Args["numbers"], tns(1)[0]) {
		t.Errorf("asked again: %+v", cmd)
	}
}

// A number's stage follows from its own state, and from how far its order has come.
func TestStages(t *testing.T) {
	want := map[Status]Stage{
		Pending: StageTaking, Processing: StageTaking, Submitted: StageCarrier, Rejected: StageTaking, Review: StageTaking,
		Accepted: StageDated, Completed: StageActive, Cancelled: StageEnded, Abandoned: StageEnded, HardCanceled: StageEnded,
	}
	for _, status := range allStatuses() {
		l := brought(t, status)
		if got, since := l.o.StageOf(l.o.Numbers[0]); got != want[status] || since.IsZero() {
			t.Errorf("%s: %s since %s, want %s", status, got, since, want[status])
		}
	}
	for state, want := range map[NumberState]Stage{Excluded: StageExcluded, Failed: StageFailed, SnappedBack: StageSnappedBack} {
		if got, _ := brought(t, Accepted).o.StageOf(Number{State: state}); got != want {
			t.Errorf("%s: %s", state, got)
		}
	}
	l := begin(t, 1).do(signed, Pass{By: system}, SkipCSR{By: system}, portAsked)
	if got, since := l.o.StageOf(l.o.Numbers[0]); got != StageTaking || !since.Equal(l.o.Created) {
		t.Errorf("not sent yet: %s since %s", got, since)
	}
}
