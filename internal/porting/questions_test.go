package porting

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// question is a question to the desk as it may be asked, and the actions that answer it.
type question struct {
	key     MessageKey
	on      Status
	prepare func(*life)
	answers []string
}

// deskActions are the commands by which our staff answer a question.
var deskActions = map[string]func(Order) Command{
	"approve": func(o Order) Command {
		if o.Status == Submitted && !o.CSRSettled {
			return SettleCSR{By: staff, Why: Say(MsgRecordJudged)}
		}
		return Approve{By: staff}
	},
	"reject":          func(Order) Command { return Return{By: staff, Reasons: []Reason{{Code: OtherReason}}} },
	"retry":           func(Order) Command { return Retry{By: staff} },
	"take_up":         func(Order) Command { return TakeUp{By: staff} },
	"snapped_back":    func(Order) Command { return TakeSnapback{By: staff} },
	"refuse_snapback": func(Order) Command { return RefuseSnapback{By: staff, Why: "Too late."} },
	"switch_again":    func(Order) Command { return AskSwitchAgain{By: staff} },
	"served_by_hand":  func(Order) Command { return ServeByHand{By: staff} },
	"go_without":      func(Order) Command { return GoWithout{By: staff} },
	"release": func(o Order) Command {
		port, _ := o.Last(AskPort)
		return Withdrawn{By: staff, PON: port.PON}
	},
	"hard_cancel":    func(Order) Command { return HardCancel{By: staff, Why: "Asked for.", Force: true} },
	"decide_dispute": func(Order) Command { return DecideDispute{By: staff, For: Asking, Why: "The bill is newer."} },
	"ask_papers":     func(Order) Command { return AskPapers{By: staff} },
	"close_case":     func(Order) Command { return CloseCase{By: staff, State: CaseAuthorised, Why: "The bill shows it."} },
}

// chased brings the silence of the carrier to our staff.
func chased(l *life) {
	l.do(Check{By: system, Chased: ChasedStaff, Found: []Message{Words("Silent.")}})
}

// liveRequest leaves a request of the order at the carrier, though the order is not with the carrier any more.
func liveRequest(l *life) {
	l.o.Attempts = []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1", Ref: "ref", Planned: l.at, Sent: l.at, State: AnswerWaiting}}
	l.o.Withdrawing = l.o.Status.Terminal()
}

// unpaid is a refusal that the carrier may not give.
var unpaid = Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: AccountUnpaid}}}

// prepared brings a refusal to our staff that the carrier may not give, with the objection ready.
func prepared(l *life) { l.do(unpaid, Object{By: system}) }

// untold is an objection that no note could bring to the carrier, on the rung after so many others.
func untold(rungs int) func(*life) {
	return func(l *life) {
		prepared(l)
		l.do(Object{By: staff})
		for range rungs {
			l.do(EscalateObjection{By: staff})
		}
		l.do(TellObjection{By: system, Step: l.o.Objection.Step})
	}
}

// besides is an objection that is prepared while the customer has the order back, with the quicker fix.
func besides(l *life) {
	l.o.Status, l.o.Reasons = Submitted, nil
	l.o.Attempts[len(l.o.Attempts)-1].State = AnswerWaiting
	prepared(l)
	l.do(Return{By: system, Reasons: l.o.Reasons})
}

// goingBack has our staff asked to bring the numbers of the completed order back.
func goingBack(l *life) { l.do(AskSnapback{By: customer, HolderAsks: true, Why: "No dial tone."}) }

// wonBack decides a case about the port a day after its numbers have moved.
func wonBack(l *life) {
	doubtedPort(l)
	l.at = l.o.Numbers[0].At.Add(SnapbackTime + time.Hour)
	l.do(CloseCase{By: staff, State: CaseReturned, Why: "Nothing shows that the holder wanted it."})
}

// fellOut leaves the first number behind on the day, while the others move.
func fellOut(l *life) {
	l.do(TakeMoved{By: peer, Moved: tns(3)[1:], Failed: tns(1), Reasons: []Reason{{Code: TNNotInService, Numbers: tns(1)}}})
}

// switchRefuses has our switch refuse the order's first number, in the step that the order is at.
func switchRefuses(l *life) {
	l.r.Switch = true
	step, day := Activate, Date("")
	if l.o.Status == Accepted {
		step, day = Prepare, l.o.FOC
	}
	l.do(TakeProvision{By: system, Step: step, Day: day, Answers: []SwitchAnswer{{TN: tns(1)[0], Answer: SwitchRefused, Reason: "no_route"}}})
}

var questions = []question{
	{MsgAskReview, Review, nil, []string{"approve", "reject", "take_up", "hard_cancel"}},
	{MsgAskNoOtherDate, Accepted, nil, []string{"retry", "hard_cancel"}},
	{MsgAskRefusal, Submitted, func(l *life) { l.do(refused) }, []string{"retry", "reject", "hard_cancel", "object"}},
	{MsgAskTaxID, Submitted, func(l *life) { l.do(refused) }, []string{"retry", "reject", "hard_cancel", "object"}},
	{MsgAskContradiction, Submitted, func(l *life) { l.do(refused) }, []string{"retry", "reject", "hard_cancel", "object"}},
	{MsgAskObject, Submitted, prepared, []string{"object", "drop_objection", "retry", "reject", "hard_cancel"}},
	{MsgAskObject, Rejected, besides, []string{"object", "drop_objection", "take_up", "release"}},
	{MsgAskTellObjection, Submitted, untold(0),
		[]string{"object", "escalate", "drop_objection", "retry", "reject", "hard_cancel"}},
	{MsgAskComplaint, Submitted, untold(4),
		[]string{"object", "escalate", "drop_objection", "retry", "reject", "hard_cancel"}},
	{MsgAskUnconfirmed, Accepted, nil, []string{"retry", "hard_cancel"}},
	{MsgAskFailed, Processing, nil, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskFailed, Submitted, nil, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskFailed, Accepted, nil, []string{"retry", "hard_cancel"}},
	{MsgAskOtherAccount, Submitted, func(l *life) { l.o.CSRSettled = false }, []string{"approve", "retry", "reject", "hard_cancel"}},
	{MsgAskResold, Submitted, func(l *life) { l.o.CSRSettled = false }, []string{"approve", "retry", "reject", "hard_cancel"}},
	{MsgAskWhoAsks, Submitted, func(l *life) { l.o.CSRSettled = false }, []string{"approve", "retry", "reject", "hard_cancel"}},
	{MsgAskGuesses, Submitted, func(l *life) { l.o.CSRSettled = false }, []string{"approve", "retry", "reject", "hard_cancel"}},
	{MsgAskRecover, Processing, nil, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskRecover, Submitted, func(l *life) { l.o.CSRSettled, l.o.Attempts = false, nil }, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskMissed, Accepted, nil, []string{"retry", "hard_cancel"}},
	{MsgAskFallout, Accepted, fellOut, []string{"retry", "go_without"}},
	{MsgAskSnapback, Completed, goingBack, []string{"snapped_back", "refuse_snapback"}},
	{MsgAskWinback, Completed, wonBack, []string{"snapped_back", "refuse_snapback"}},
	{MsgAskSwitch, Accepted, switchRefuses, []string{"switch_again", "served_by_hand", "hard_cancel"}},
	{MsgAskSwitch, Completed, switchRefuses, []string{"switch_again", "served_by_hand"}},
	{MsgAskUnclear, Accepted, fellOut, []string{"retry", "go_without"}},
	{MsgAskSilent, Submitted, chased, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskDenied, Submitted, nil, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskUnclear, Submitted, nil, []string{"retry", "reject", "hard_cancel"}},
	{MsgAskUnclear, Accepted, nil, []string{"retry", "hard_cancel"}},
	{MsgAskAgreed, Rejected, liveRequest, []string{"retry", "take_up", "release"}},
	{MsgAskMoved, Rejected, liveRequest, []string{"retry", "take_up"}},
	{MsgAskMoved, Review, liveRequest, []string{"retry", "take_up"}},
	{MsgAskMoved, HardCanceled, liveRequest, []string{"retry", "release"}},
	{MsgAskMoved, Abandoned, liveRequest, []string{"retry", "release"}},
	{MsgAskAgreed, Review, liveRequest, []string{"approve", "retry", "take_up", "reject", "release", "hard_cancel"}},
	{MsgAskAgreed, HardCanceled, liveRequest, []string{"retry", "release"}},
	{MsgAskAgreed, Abandoned, liveRequest, []string{"retry", "release"}},
	{MsgAskUnclear, Rejected, liveRequest, []string{"retry", "take_up", "release"}},
	{MsgAskWithdrawal, HardCanceled, liveRequest, []string{"retry", "release"}},
	{MsgAskWithdrawal, Abandoned, liveRequest, []string{"retry", "release"}},
	{MsgAskAuthority, Completed, doubtedPort, []string{"close_case"}},
	{MsgAskDispute, Pending, asksFor, []string{"decide_dispute", "ask_papers"}},
}

// Each action on each question either is refused with a reason and changes nothing, or it answers: nobody is asked any
// more, and something goes on because of it, whatever waits at that moment.
func TestEachAnswerToEachQuestionChangesSomething(t *testing.T) {
	waits := map[string]Wait{
		"nothing waits":                 {},
		"a machine waits for the desk":  {For: WaitDesk, Machine: LSRMachine, Run: 1, Token: NewSecret("token")},
		"a machine waits for an answer": {For: WaitAnswer, Machine: LSRMachine, Run: 1, Token: NewSecret("token")},
	}
	for _, q := range questions {
		for name, action := range deskActions {
			for waiting, wait := range waits {
				t.Run(fmt.Sprintf("%s %s/%s/%s", q.on, q.key, name, waiting), func(t *testing.T) {
					l := brought(t, q.on)
					if q.prepare != nil {
						q.prepare(l)
					}
					l.o.Desk, l.o.Wait = Say(q.key), wait
					o, events, err := l.r.Apply(l.o, action(l.o), l.at)
					if !slices.Contains(q.answers, name) {
						if err == nil || len(events) > 0 {
							t.Fatalf("%s is taken, and was not expected to answer this", name)
						}
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					if o.Desk.Key == q.key {
						t.Error("the question is still asked")
					}
					moved := slices.ContainsFunc(events[0].Effects, func(e Effect) bool {
						return e == StartDriver || e == ResumeWait || e == WithdrawRequest || e == SendMail || e == SendObjection || e == AskSwitch
					})
					moved = moved || o.Objection.State == ObjectionRaised && !o.Objection.Sent.IsZero() && !o.Due[DueCheck].IsZero()
					moved = moved || name == "served_by_hand"                         // a person has done it
					moved = moved || name == "drop_objection" && o.Status == Rejected // the customer has the order
					ended := o.Status.Terminal() && o.Status != l.o.Status
					freed := l.o.HasOpenRequest() && !o.HasOpenRequest()
					asked := name == "retry" && o.Due[DueCheck].Equal(l.at)
					if !moved && !ended && !freed && !asked {
						t.Errorf("nothing follows: status %s, effects %v", o.Status, events[0].Effects)
					}
				})
			}
		}
	}
}

// A carrier that is silent again after our staff had it tried again is chased again.
func TestRetryChasesASilentCarrierAnew(t *testing.T) {
	l := brought(t, Submitted)
	l.at = l.at.AddDate(0, 0, 30)
	if got := l.r.Silent(l.o, l.at); got != ChasedPeer {
		t.Fatalf("a carrier silent for 30 days is brought to %v", got)
	}
	chased(l)
	l.o.Desk = Say(MsgAskSilent)
	if got := l.r.Silent(l.o, l.at); got != NotChased {
		t.Fatalf("our staff are asked already, and it is brought to %v", got)
	}
	at := l.at
	l.do(Retry{By: staff})
	if got := l.r.Silent(l.o, l.at); got != ChasedPeer {
		t.Errorf("after the retry it is brought to %v", got)
	}
	if due := l.o.Due[DueCheck]; !due.Equal(at) {
		t.Errorf("the carrier is asked at %s, want at once (%s)", due, at)
	}
}

// The system tries again what an outage has left to our staff, and no other question.
func TestOnlyAnOutageIsTriedAgainByTheSystem(t *testing.T) {
	for name, want := range map[string]ErrorCode{
		"Transient": "", "States.Timeout": "", "Lambda.Unknown": "", "Sandbox.Timedout": "", "Lambda.TooManyRequestsException": "",
		"Permanent": WrongStatus, "States.Runtime": WrongStatus, "": WrongStatus,
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, Submitted)
			l.o.Desk = Say(MsgAskFailed, "error", name)
			_, _, err := l.r.Apply(l.o, Retry{By: system}, l.at)
			if codeOf(err) != want {
				t.Errorf("%v, want %q", err, want)
			}
		})
	}
	l := brought(t, Submitted)
	l.o.Desk = Say(MsgAskSilent)
	if _, _, err := l.r.Apply(l.o, Retry{By: system}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("a question to a person is answered by the system: %v", err)
	}
}

// Every question that there is has its row above.
func TestEveryQuestionHasItsAnswers(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "message.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "MsgAsk") || strings.HasPrefix(spec.Names[0].Name, "MsgAsks") || len(spec.Values) != 1 {
			return true
		}
		lit, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		key, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if !slices.ContainsFunc(questions, func(q question) bool { return q.key == MessageKey(key) }) {
			t.Errorf("%s has no row in questions: which actions answer it, and in which status?", spec.Names[0].Name)
		}
		return true
	})
	if seen < 10 {
		t.Errorf("only %d questions were found", seen)
	}
}
