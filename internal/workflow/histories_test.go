package workflow_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

// Histories of an outside that lags, overlaps and goes on after we have changed our mind. Each was seen to fail before
// the rule that it tells of.

// behind is a peer whose answers lag behind what it has taken: for a while after a supplement it shows what it showed
// before.
type behind struct {
	peer.Peer
	w   *workflowtest.World
	lag time.Duration

	mu    sync.Mutex
	old   porting.Answer
	until time.Time
}

func (b *behind) Supplement(ctx context.Context, ref string, r peer.Request) (string, error) {
	old, err := b.Peer.Read(ctx, ref)
	if err != nil {
		return "", err
	}
	ref, err = b.Peer.Supplement(ctx, ref, r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.old, b.until = old, b.w.Now().Add(b.lag)
	return ref, err
}

func (b *behind) Read(ctx context.Context, ref string) (porting.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.w.Now().Before(b.until) {
		return b.old, nil
	}
	return b.Peer.Read(ctx, ref)
}

// slow is a peer whose next answer takes long: meanwhile the order goes on.
type slow struct {
	peer.Peer
	meanwhile func()
}

func (s *slow) Read(ctx context.Context, ref string) (porting.Answer, error) {
	answer, err := s.Peer.Read(ctx, ref)
	if f := s.meanwhile; f != nil {
		s.meanwhile = nil
		f()
	}
	return answer, err
}

// keeping is a peer that lets no request go.
type keeping struct{ peer.Peer }

func (k keeping) Cancel(context.Context, string) error {
	return &peer.Denied{Peer: k.Name(), Reasons: []porting.Reason{{Code: porting.LateChangeRefused, Raw: "7300"}}}
}

// slowSubmit is a peer at which making a request takes long: meanwhile another invocation runs.
type slowSubmit struct {
	peer.Peer
	submits   int
	meanwhile func()
}

func (s *slowSubmit) Submit(ctx context.Context, r peer.Request) (string, error) {
	s.submits++
	if f := s.meanwhile; f != nil {
		s.meanwhile = nil
		f()
	}
	return s.Peer.Submit(ctx, r)
}

func count(w *workflowtest.World, id porting.OrderID, kind porting.EventKind) int {
	n := 0
	for _, e := range w.Events(id) {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// A peer shows its refusal for three seconds, or a minute, after it has taken the supplement that answers it. The order
// waits for the answer to the supplement.
func TestAPeerThatLagsBehindWhatItHasTaken(t *testing.T) {
	for name, test := range map[string]struct {
		number string
		lag    time.Duration
		kind   porting.EventKind // what the peer said before the supplement
	}{
		"a refusal, for 3 seconds":      {local(47), 3 * time.Second, porting.Refused},
		"a refusal, for a minute":       {local(47), time.Minute, porting.Refused},
		"a refusal, for 9 minutes":      {local(49), 9 * time.Minute, porting.Refused},
		"a jeopardy, for a few minutes": {local(55), 5 * time.Minute, porting.FOCMoved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			w.Peers.Locals[0] = &behind{Peer: w.Peers.Locals[0], w: w, lag: test.lag}
			id := w.Signed([]string{test.number}, consent(porting.CorrectAll))
			w.Ends(id, porting.Completed)
			same(t, "times", count(w, id, test.kind), 1)
			if mails := told(w); slices.Contains(mails, "rejected") {
				t.Errorf("mails %v", mails)
			}
			once(t, w)
		})
	}
}

// A peer that goes on showing its refusal longer than the grace means it.
func TestARefusalThatLastsCounts(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	w.Peers.Locals[0] = &behind{Peer: w.Peers.Locals[0], w: w, lag: 30 * 24 * time.Hour}
	id := w.Signed([]string{local(49)}, consent(porting.CorrectAll))
	w.Until("the second refusal is heard", func() bool { return count(w, id, porting.Refused) == 2 })
	port, _ := w.Order(id).Last(porting.AskPort)
	if waited := w.Now().Sub(port.Sent); waited > 20*time.Minute {
		t.Errorf("it was heard after %s", waited)
	}
}

// Two notices tell of one refusal, and the answer to the slower question comes when the refusal is repaired already.
func TestTwoNoticesOfOneAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		number string
		status porting.Status
		kind   porting.EventKind
	}{
		"a refusal":  {local(49), porting.Submitted, porting.Refused},
		"a jeopardy": {local(55), porting.Accepted, porting.FOCMoved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			p := &slow{Peer: w.Peers.Locals[0]}
			w.Peers.Locals[0] = p
			id := w.Signed([]string{test.number}, consent(porting.CorrectAll))
			w.Until("the peer is asked", func() bool {
				port, _ := w.Order(id).Last(porting.AskPort)
				return port.Ref != "" && w.Order(id).Status == test.status
			})
			w.NoNotices = true
			for refused := false; !refused; {
				w.Pass(10 * time.Minute)
				port, _ := w.Order(id).Last(porting.AskPort)
				answer, err := p.Peer.Read(t.Context(), port.Ref)
				if err != nil || w.Order(id).Status != test.status {
					t.Fatalf("%v\n%s", err, w.Story())
				}
				refused = answer.State == porting.AnswerRefused
			}
			p.meanwhile = func() {
				if _, _, err := workflow.Ask(t.Context(), w.Book, w.Peers, w.Order(id)); err != nil {
					t.Fatal(err)
				}
				w.Pass(30 * time.Minute)
			}
			if _, _, err := workflow.Ask(t.Context(), w.Book, w.Peers, w.Order(id)); err != nil {
				t.Fatal(err)
			}
			w.Ends(id, porting.Completed)
			same(t, "times", count(w, id, test.kind), 1)
			once(t, w)
			if mails := told(w); len(slices.Compact(slices.Sorted(slices.Values(mails)))) != len(mails) {
				t.Errorf("mails %v", mails)
			}
		})
	}
}

var frozen = []desk.Reason{{Code: "PORT_FREEZE"}}

// Our staff gives an order back that the carrier works on: the request is withdrawn, and the corrected order goes to the
// carrier as a new one.
func TestAnOrderIsGivenBackWhileTheCarrierHasIt(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true, Step: 24 * time.Hour})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: frozen})
	w.Pass(48 * time.Hour)
	same(t, "at the peer", w.Locals.View().Orders[0].Status, "CANCELLED")
	if o := w.Order(id); o.Status != porting.Rejected || o.Withdrawing || o.HasOpenRequest() {
		t.Fatalf("the order is %s\n%s", o.Status, w.Story())
	}
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"}, Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	w.Ends(id, porting.Completed)
	same(t, "requests", len(w.Locals.View().Orders), 2)
}

// The carrier keeps the request of an order that was given back, and ports the numbers. A person is asked each time, and
// takes the order up again.
func TestTheCarrierGoesOnWithAnOrderThatWasGivenBack(t *testing.T) {
	for name, reach := range map[string]porting.MessageKey{
		"it agrees to a date": porting.MsgAskAgreed, "the numbers move": porting.MsgAskMoved,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Step: 2 * time.Hour})
			id := w.Signed([]string{local(1)}, nil)
			w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
			w.Peers.Locals[0] = keeping{w.Peers.Locals[0]}
			w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: frozen})
			w.Until("a person is asked about the withdrawal", w.AtDesk(id))
			same(t, "question", w.Order(id).Desk.Key, porting.MsgAskWithdrawal)
			w.Until("a person is asked", func() bool { return w.Order(id).Desk.Key == reach })
			o := w.Order(id)
			if o.Status != porting.Rejected || len(o.Holds()) != 1 || o.Turn() != porting.TurnStaff {
				t.Fatalf("the order is %s\n%s", o.Status, w.Story())
			}
			if reply := w.Desk(desk.Action{Action: "take_up", Order: id, Initials: "AB"}); len(reply.Errors) > 0 {
				t.Fatal(reply.Errors)
			}
			w.Ends(id, porting.Completed)
			same(t, "requests", len(w.Locals.View().Orders), 1)
			same(t, "fee", w.Spent(), porting.Money(750))
		})
	}
}

// An abandoned order's request is not let go, and the carrier moves the numbers. Nobody else gets them before our staff
// has settled it.
func TestTheNumbersOfAnEndedOrderAreHeld(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 2 * time.Hour})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	w.Peers.Locals[0] = keeping{w.Peers.Locals[0]}
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: frozen})
	w.Do(id, porting.Cancel{By: storetest.Customer})
	held := func(what string) {
		t.Helper()
		if err := w.Memory.Held(t.Context(), []string{local(1)}); !porting.Is(err, porting.Taken) {
			t.Errorf("%s, the number is free (%v)\n%s", what, err, w.Story())
		}
	}
	held("at the end")
	w.Until("a person is asked", w.AtDesk(id))
	held("while the carrier keeps the request")
	w.Until("the numbers have moved", func() bool { return w.Order(id).Desk.Key == porting.MsgAskMoved })
	w.Pass(60 * 24 * time.Hour)
	held("after the carrier has moved the numbers")
	if reply := w.Desk(desk.Action{Action: "release", Order: id, Initials: "AB"}); len(reply.Errors) > 0 {
		t.Fatal(reply.Errors)
	}
	if err := w.Memory.Held(t.Context(), []string{local(1)}); err != nil {
		t.Error(err)
	}
	same(t, "status", w.Order(id).Status, porting.Abandoned)
	w.Until("all is quiet", w.Quiet)
}

// The peer is away for days when an order is cancelled. Its request is withdrawn when the peer is back, and the numbers
// are held until then; a person is asked meanwhile.
func TestAWithdrawalThatTakesDays(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour, NoNotices: true})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	w.Gone = true
	w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
	w.Until("a person is asked", w.AtDesk(id))
	same(t, "holds", len(w.Order(id).Holds()), 1)
	w.Gone = false
	w.Until("the request has ended", func() bool { return !w.Order(id).Withdrawing })
	same(t, "at the peer", w.Locals.View().Orders[0].Status, "CANCELLED")
	if o := w.Order(id); len(o.Holds()) != 0 || len(o.Due) != 0 || !o.Desk.IsZero() {
		t.Errorf("it holds %v, is due %v, and the desk is asked %q", o.Holds(), o.Due, o.Desk.Key)
	}
}

// Two invocations do the step at once. One sends, the other waits.
func TestTwoInvocationsSendOneRequest(t *testing.T) {
	for name, number := range map[string]string{"local": local(1), "toll-free": tollFree(1)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			var p *slowSubmit
			if name == "local" {
				p = &slowSubmit{Peer: w.Peers.Locals[0]}
				w.Peers.Locals[0] = p
			} else {
				p = &slowSubmit{Peer: w.Peers.TollFree}
				w.Peers.TollFree = p
			}
			id := w.Signed([]string{number}, nil)
			second := ""
			p.meanwhile = func() {
				answer, err := w.Invoke(porting.LSRMachine, map[string]any{"step": "send", "order": id, "run": w.Order(id).Driver.Run})
				if err != nil {
					t.Error(err)
				}
				second, _ = answer["outcome"].(string)
			}
			w.Ends(id, porting.Completed)
			same(t, "submits", p.submits, 1)
			same(t, "the second invocation", second, string(workflow.Delayed))
			same(t, "refusals", count(w, id, porting.Refused), 0)
		})
	}
}

// Whoever has written a request down dies before it is sent. The lease runs out, and the next one sends it.
func TestALeaseRunsOut(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the record is asked for", func() bool { return count(w, id, porting.AttemptSent) > 0 })
	w.Machines.Kill()
	w.Do(id, porting.SkipCSR{By: storetest.System, Why: porting.Say(porting.MsgSkippedLate)})
	w.Do(id, porting.Plan{By: storetest.System, Attempt: porting.Attempt{
		Kind: porting.AskPort, Peer: "locals", PON: w.Order(id).NextPON(porting.AskPort)}})
	sends := func(want porting.Outcome) {
		t.Helper()
		answer, err := w.Invoke(porting.LSRMachine, map[string]any{"step": "send", "order": id, "run": w.Order(id).Driver.Run})
		if err != nil || answer["outcome"] != string(want) {
			t.Errorf("%v (%v), want %s", answer, err, want)
		}
	}
	sends(workflow.Delayed)
	w.Pass(porting.SendLimit - time.Second)
	sends(workflow.Delayed)
	same(t, "requests", len(w.Locals.View().Orders), 0)
	w.Pass(time.Second)
	sends(workflow.Sent)
	same(t, "leases", count(w, id, porting.AttemptLeased), 1)
	w.Ends(id, porting.Completed)
	once(t, w)
}

// The answer to a submit is lost. What changes on the order before the request is found reaches the carrier as a
// supplement.
func TestACorrectionOfARequestWhoseAnswerWasLost(t *testing.T) {
	for name, corrects := range map[string]bool{"corrected meanwhile": true, "as it was": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
			id := w.Signed([]string{local(1)}, nil)
			w.LoseNext("locals POST /api/v1/accounts/9500149/portins")
			w.Until("the request may be at the peer", func() bool { return len(w.Locals.View().Orders) == 1 })
			port, _ := w.Order(id).Last(porting.AskPort)
			if !port.Sent.IsZero() {
				t.Fatal("the answer was not lost")
			}
			if corrects {
				w.Do(id, porting.Correct{By: storetest.System, Patch: map[string]string{"street": "502 Pike Street"}})
			}
			w.Until("the order knows of it", func() bool { return count(w, id, porting.AttemptSent) > 0 })
			w.Pass(time.Hour)
			supplements := 0
			if corrects {
				supplements = 1
			}
			same(t, "supplements", w.Locals.View().Orders[0].Supplements, supplements)
			w.Ends(id, porting.Completed)
			same(t, "requests", len(w.Locals.View().Orders), 1)
			once(t, w)
		})
	}
}

// The answer to a submit is lost, our staff gives the order back, and the customer corrects it. The carrier gets what
// was corrected.
func TestAnOrderIsGivenBackBeforeItsRequestIsKnown(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour, AutoApprove: true})
	id := w.Signed([]string{local(1)}, nil)
	w.LoseNext("locals POST /api/v1/accounts/9500149/portins")
	w.Until("the request may be at the peer", func() bool { return len(w.Locals.View().Orders) == 1 })
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: frozen})
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"}, Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	w.Ends(id, porting.Completed)
	var states []string
	for _, o := range w.Locals.View().Orders {
		states = append(states, o.Status)
	}
	slices.Sort(states)
	same(t, "at the peer", states, []string{"CANCELLED", "COMPLETE"})
}
