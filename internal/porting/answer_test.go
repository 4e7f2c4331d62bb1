package porting

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// asks returns lives in the status whose last request stands, or is being withdrawn.
func asks(t *testing.T, s Status, a asked) (*life, bool) {
	l := brought(t, s)
	switch {
	case a == askedPort && s.Terminal() && s != Completed: // such an order is not asked about
		return l, false
	case a == askedWithdraw && (s == Pending || s == Processing || s == Accepted || s == Completed):
		return l, false
	case (a == askedCancel || a == askedChange) && s != Submitted && s != Accepted:
		return l, false
	}
	if a == askedCancel || a == askedChange {
		l.r.DateChangeFee = 1000
		wish := Wish{Kind: WishDate, Date: "2027-03-18"}
		if a == askedCancel {
			wish = Wish{Kind: WishCancel}
		}
		p, err := l.r.PlanChange(l.o, wish, l.at)
		if err != nil {
			t.Fatal(err)
		}
		return l.do(AskChange{By: customer, Wish: wish, Fee: p.Fee}), true
	}
	if s.Terminal() && s != Completed {
		l.o.Attempts = slices.Clone(brought(t, Submitted).o.Attempts)
	}
	l.o.Withdrawing = a == askedWithdraw
	return l, true
}

// Every answer means something in every status: each cell of the table has its reason, and what it does is open to an
// order in that status, which changes.
func TestEveryAnswerHasAMeaning(t *testing.T) {
	for _, s := range allStatuses() {
		for _, a := range allAsked {
			for _, state := range portAnswers {
				t.Run(fmt.Sprintf("%s,%s,%s", s, a, state), func(t *testing.T) {
					m, ok := meanings[standing{s, a}][state]
					if !ok || !strings.HasSuffix(m.reason, ".") {
						t.Fatalf("the cell is empty, or has no reason: %q", m.reason)
					}
					l, possible := asks(t, s, a)
					if !possible {
						return
					}
					for _, foc := range []Date{"", "2027-03-16", "2027-03-18"} {
						for _, reasons := range [][]Reason{nil, {{Code: ZipMismatch}}, {{Code: "JEOPARDY_CARRIER"}}} {
							told := l.r.Hear(l.o, Answer{About: l.o.About(), State: state, FOC: foc, Reasons: reasons}, peer, l.at)
							if told.Stale || m.hear == nil && len(told.Commands) > 0 {
								t.Fatalf("stale %v, commands %v", told.Stale, told.Commands)
							}
							after := *l
							after.do(told.Commands...)
						}
					}
				})
			}
		}
	}
}

// What the carrier does with a request that we no longer want is never passed over in silence.
func TestAPersonIsAskedAboutWhatTheCarrierDoesAllTheSame(t *testing.T) {
	for _, s := range []Status{Rejected, Review, Cancelled, Abandoned, HardCanceled} {
		for state, want := range map[AnswerState]MessageKey{AnswerAccepted: MsgAskAgreed, AnswerCompleted: MsgAskMoved, AnswerUnclear: MsgAskUnclear} {
			t.Run(fmt.Sprintf("%s,%s", s, state), func(t *testing.T) {
				l, _ := asks(t, s, askedWithdraw)
				a := Answer{State: state, Said: "FOC", FOC: "2027-03-16"}
				a.About = l.o.About()
				l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
				if l.o.Desk.Key != want || l.o.Turn() != TurnStaff {
					t.Fatalf("the desk is asked %q, want %q", l.o.Desk.Key, want)
				}
				if len(l.o.Holds()) != 3 || l.o.Due[DueCheck].IsZero() {
					t.Errorf("it holds %v and is due %v", l.o.Holds(), l.o.Due)
				}
				a = Answer{About: l.o.About(), State: AnswerOver}
				l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
				if l.o.Withdrawing || l.o.Desk.Key == want || s.Terminal() && len(l.o.Holds()) != 0 {
					t.Errorf("after the end of the request: withdrawing %v, desk %q, holds %v", l.o.Withdrawing, l.o.Desk.Key, l.o.Holds())
				}
			})
		}
	}
}

// An answer about a request or an order of before is stale, whatever it says; other changes of the order don't matter.
func TestAnAnswerIsAboutWhatWasAsked(t *testing.T) {
	again := []Command{
		Repair{By: system, Sup: SupOther},
		Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Version: 1, Sup: SupOther}},
		MarkSent{By: system, PON: "P1", Version: 1, Ref: "ref"},
	}
	for _, test := range []struct {
		name   string
		before []Command // of a submitted order
		then   []Command // between the question and its answer
		state  AnswerState
		stale  bool
		want   string
	}{
		{"nothing has happened", nil, nil, AnswerRefused, false, "Refuse"},
		{"a comment was written", nil, []Command{Comment{customer, "Hello."}}, AnswerRefused, false, "Refuse"},
		{"a machine waits", nil, []Command{Await{By: system, For: WaitAnswer, Token: NewSecret("token")}}, AnswerAccepted, false, "Accept"},
		{"the refusal was heard", nil, []Command{refused}, AnswerRefused, true, ""},
		{"the refusal was heard and is repaired", nil, append([]Command{refused}, again[0]), AnswerRefused, true, ""},
		{"the supplement was sent", nil, append([]Command{refused}, again...), AnswerRefused, true, ""},
		{"the supplement is on its way", []Command{refused, again[0], again[1]}, []Command{again[2]}, AnswerRefused, true, ""},
		{"it was accepted", nil, []Command{accepted}, AnswerRefused, true, ""},
		{"the date was moved", []Command{accepted}, []Command{MoveFOC{By: peer, FOC: "2027-03-18"}}, AnswerRefused, true, ""},
		{"it was given back", []Command{refused}, []Command{returned}, AnswerOver, true, ""},
		{"it was cancelled", nil, []Command{HardCancel{By: staff}}, AnswerAccepted, true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Submitted).do(test.before...)
			a := Answer{About: l.o.About(), State: test.state, FOC: "2027-03-16", Reasons: []Reason{{Code: ZipMismatch}}}
			l.do(test.then...)
			told := l.r.Hear(l.o, a, peer, l.at)
			var names []string
			for _, c := range told.Commands {
				names = append(names, commandName(c))
			}
			if got := strings.Join(names, " "); told.Stale != test.stale || got != test.want {
				t.Errorf("stale %v, commands %q; want %v, %q", told.Stale, got, test.stale, test.want)
			}
		})
	}
}

// A peer may show its answer to the version before a supplement for a while. It counts once the peer has shown anything
// else since, or the grace is over; and somebody asks again then.
func TestAnEchoIsDoubted(t *testing.T) {
	supplement := func(status Status) *life {
		l := brought(t, Submitted)
		if status == Submitted {
			l.do(refused, Repair{By: system, Sup: SupOther})
		} else {
			l.do(accepted, MoveFOC{By: peer, Why: "jeopardy"})
		}
		l.do(Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Version: 1, Sup: l.o.Resend}})
		l.do(MarkSent{By: system, PON: "P1", Version: 1, Ref: "ref"})
		l.at = l.at.Add(-time.Hour + time.Second)
		return l
	}
	why := []Reason{{Code: "JEOPARDY_CARRIER"}}
	for _, test := range []struct {
		name   string
		status Status
		first  AnswerState // what the peer shows first; none where it shows nothing
		after  time.Duration
		answer Answer
		want   string
	}{
		{"a refusal at once", Submitted, AnswerNone, 0, Answer{State: AnswerRefused, Reasons: why}, "Doubt"},
		{"an end at once", Submitted, AnswerNone, 0, Answer{State: AnswerOver}, "Doubt"},
		{"a refusal after another word", Submitted, AnswerWaiting, 0, Answer{State: AnswerRefused, Reasons: why}, "Refuse"},
		{"a refusal within the grace", Submitted, AnswerNone, 9 * time.Minute, Answer{State: AnswerRefused, Reasons: why}, "Doubt"},
		{"a refusal after the grace", Submitted, AnswerNone, 10 * time.Minute, Answer{State: AnswerRefused, Reasons: why}, "Refuse"},
		{"an acceptance at once", Submitted, AnswerNone, 0, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, "Accept"},
		{"a completion at once", Submitted, AnswerNone, 0, Answer{State: AnswerCompleted}, "Accept Complete"},
		{"a jeopardy at once", Accepted, AnswerNone, 0, Answer{State: AnswerRefused, Reasons: why}, "Doubt"},
		{"a jeopardy after another word", Accepted, AnswerWaiting, 0, Answer{State: AnswerRefused, Reasons: why}, "MoveFOC"},
		{"the date of before at once", Accepted, AnswerNone, 0, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, "Doubt"},
		{"the date of before after the grace", Accepted, AnswerNone, 10 * time.Minute, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, "MoveFOC"},
		{"the date that was asked for", Accepted, AnswerNone, 0, Answer{State: AnswerAccepted, FOC: "2027-03-18"}, "See"},
		{"the move itself", Accepted, AnswerNone, 0, Answer{State: AnswerCompleted}, "Complete"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := supplement(test.status)
			sent, at := l.at.Add(-time.Second), l.at
			if test.first != AnswerNone {
				l.do(l.r.Hear(l.o, Answer{About: l.o.About(), State: test.first}, peer, l.at).Commands...)
			}
			if l.at = at; test.after > 0 {
				l.at = sent.Add(test.after)
			}
			test.answer.About = l.o.About()
			cmds := l.r.Hear(l.o, test.answer, peer, l.at).Commands
			var names []string
			for _, c := range cmds {
				names = append(names, commandName(c))
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Fatalf("%q, want %q", got, test.want)
			}
			if test.want != "Doubt" {
				return
			}
			status := l.o.Status
			if l.do(cmds...); l.o.Status != status || l.o.Due[DueCheck].After(sent.Add(l.r.Grace)) {
				t.Errorf("the order is %s and is looked at %s", l.o.Status, l.o.Due[DueCheck])
			}
			l.at = l.at.Add(-time.Hour)
			if again := l.r.Hear(l.o, test.answer, peer, l.at).Commands; len(again) > 0 {
				t.Errorf("told again it makes %T", again[0])
			}
		})
	}
	t.Run("a sandbox's grace is as short as its days", func(t *testing.T) {
		l := supplement(Submitted)
		l.o.Sandbox, l.r.SandboxDay = true, time.Minute
		if sent := l.at.Add(-time.Second); l.r.Echoes(l.o, sent.Add(time.Second)) || !l.r.Echoes(l.o, sent.Add(time.Millisecond)) {
			t.Error("it is not a 144th of a minute")
		}
	})
}

// A request that the carrier has not answered is withdrawn when the order is given back; one that it has refused is kept,
// so that the customer's correction goes to it as a supplement.
func TestAnOrderThatIsGivenBack(t *testing.T) {
	repaired := Repair{By: system, Sup: SupOther}
	for _, test := range []struct {
		name      string
		life      []Command // of a submitted order
		withdraws bool
	}{
		{"unanswered", nil, true},
		{"refused", []Command{refused}, false},
		{"refused, and about to be changed", []Command{refused, repaired}, false},
		{"refused, and the change may be on its way", []Command{refused, repaired,
			Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Version: 1, Sup: SupOther}}}, true},
		{"over", []Command{refused, Repair{By: system, Fresh: true}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Submitted).do(test.life...).do(returned)
			if got := slices.Contains(l.last().Effects, WithdrawRequest); got != test.withdraws || l.o.Withdrawing != test.withdraws {
				t.Errorf("effects %v, withdrawing %v", l.last().Effects, l.o.Withdrawing)
			}
		})
	}
	t.Run("is taken up again with the request that the carrier has accepted", func(t *testing.T) {
		l := brought(t, Submitted).do(returned)
		hear := func(a Answer) {
			a.About = l.o.About()
			l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
		}
		hear(Answer{State: AnswerAccepted, FOC: "2027-03-16"})
		l.do(TakeUp{staff})
		if l.o.Status != Submitted || l.o.Withdrawing || !l.o.Desk.IsZero() || !slices.Contains(l.last().Effects, StartDriver) {
			t.Fatalf("it is %s, withdrawing %v, effects %v", l.o.Status, l.o.Withdrawing, l.last().Effects)
		}
		if d := l.r.DecideRequest(l.o, Order{}, l.at); d.Cause != CauseAsked {
			t.Errorf("what is asked now: %+v", d)
		}
		hear(Answer{State: AnswerAccepted, FOC: "2027-03-16"})
		hear(Answer{State: AnswerCompleted})
		if l.o.Status != Completed {
			t.Errorf("it ends %s", l.o.Status)
		}
	})
	t.Run("is taken up again while its supplement may be on its way, and the new driver waits for that", func(t *testing.T) {
		l := brought(t, Submitted).do(refused, repaired,
			Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Version: 1, Sup: SupOther}}, returned, TakeUp{staff})
		port, _ := l.o.Last(AskPort)
		if d := l.r.DecideRequest(l.o, Order{}, port.Planned.Add(time.Minute)); d.Cause != CauseUnderWay {
			t.Errorf("what is asked now: %+v", d)
		}
	})
}

// The numbers of an order that has ended are held until its request is seen to end.
func TestHoldsLastAsLongAsTheRequest(t *testing.T) {
	for _, test := range []struct {
		name string
		life []Command
		want int
	}{
		{"a cancelled draft", []Command{Cancel{By: customer}}, 0},
		{"ended while the carrier has the request", append(slices.Clone(reach[Submitted]), HardCancel{By: staff}), 3},
		{"ended while the request may be on its way",
			append(slices.Clone(reach[Submitted][:4]), HardCancel{By: staff}), 3},
		{"ended after the peer had denied the request",
			append(slices.Clone(reach[Submitted][:4]), refused, HardCancel{By: staff}), 0},
		{"its request is seen to end", append(slices.Clone(reach[Submitted]), HardCancel{By: staff}, Withdrawn{By: peer, PON: "P1"}), 0},
		{"our staff was told that it has ended", append(slices.Clone(reach[Submitted]), HardCancel{By: staff}, Withdrawn{By: staff, PON: "P1"}), 0},
		{"the port is done", reach[Completed], 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 3).do(test.life...)
			if got := len(l.o.Holds()); got != test.want {
				t.Errorf("%d holds, want %d", got, test.want)
			}
		})
	}
}

// A request that changes no other has no version before it whose answer could come late.
func TestAFirstRequestHasNoEcho(t *testing.T) {
	l := brought(t, Submitted)
	if port, ok := l.o.Last(AskPort); !ok || l.r.Echoes(l.o, port.Sent) {
		t.Error("the answer to a first request is doubted")
	}
}

// A refusal after a date that gives no reason withdraws the date; it is a jeopardy only where it is about the date.
func TestJeopardyHasAReason(t *testing.T) {
	for _, test := range []struct {
		name    string
		reasons []Reason
		want    bool
	}{
		{"NO_REASON", nil, false},
		{"ABOUT_THE_DATE", []Reason{{Code: "JEOPARDY_CARRIER"}}, true},
		{"ABOUT_THE_DATE_AND_MORE", []Reason{{Code: "JEOPARDY_CARRIER"}, {Code: ZipMismatch}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := jeopardy(test.reasons); got != test.want {
				t.Errorf("in jeopardy: %t", got)
			}
		})
	}
}
