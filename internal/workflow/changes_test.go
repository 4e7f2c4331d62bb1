package workflow_test

import (
	"slices"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// wishes has the customer ask for a change, at the fee of the plan.
func wishes(t *testing.T, w *workflowtest.World, id porting.OrderID, wish porting.Wish) porting.ChangePlan {
	t.Helper()
	p, err := w.Book.Rules.PlanChange(w.Order(id), wish, w.Now())
	if err != nil {
		t.Fatalf("%v\n%s", err, w.Story())
	}
	w.Do(id, p.Command(storetest.Customer, p.Fee))
	return p
}

// settled waits until the order's last change is answered, and returns the order.
func settled(w *workflowtest.World, id porting.OrderID) porting.Order {
	w.Until("the change is answered", func() bool {
		_, open := w.Order(id).OpenChange()
		return !open
	})
	return w.Order(id)
}

// far wishes for a day two weeks ahead, so that there is time for changes.
func far(w *workflowtest.World) func(*porting.Details) {
	return func(d *porting.Details) { d.Desired = businessDay(w, 14) }
}

// businessDay is a business day at least so many days ahead.
func businessDay(w *workflowtest.World, days int) porting.Date {
	c := w.Book.Rules.Calendar
	day := w.Now().In(c.Location()).AddDate(0, 0, days)
	for !c.IsBusinessDay(day) {
		day = day.AddDate(0, 0, 1)
	}
	return porting.DateOf(day)
}

// Another date goes to the carrier as a supplement of the same request, through machines whose definitions know of no
// changes, and the numbers move on it.
func TestAnotherDate(t *testing.T) {
	for _, status := range []porting.Status{porting.Submitted, porting.Accepted} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{local(1)}, far(w))
			w.Until("the carrier has it", func() bool {
				o := w.Order(id)
				a, ok := o.Last(porting.AskPort)
				return ok && !a.Sent.IsZero() && o.Status == status
			})
			wish := businessDay(w, 21)
			wishes(t, w, id, porting.Wish{Kind: porting.WishDate, Date: wish})
			same(t, "state", settled(w, id).Changes[0].State, porting.ChangeIsDone)
			w.Reach(id, porting.Accepted)
			w.Until("the carrier has agreed", func() bool { return w.Order(id).FOC == wish })
			same(t, "requests", len(w.Locals.View().Orders), 1)
			w.Ends(id, porting.Completed)
			once(t, w)
		})
	}
}

// A cancellation ends the order when the carrier confirms it, for its fee. A carrier that keeps the order is a person's, who
// tells the customer; and a port that goes through all the same is told as what it is.
func TestTheCustomerCancels(t *testing.T) {
	for _, status := range []porting.Status{porting.Submitted, porting.Accepted} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{local(1)}, far(w))
			w.Until("the carrier has it", func() bool {
				a, ok := w.Order(id).Last(porting.AskPort)
				return ok && !a.Sent.IsZero() && w.Order(id).Status == status
			})
			wishes(t, w, id, porting.Wish{Kind: porting.WishCancel})
			o := w.Ends(id, porting.HardCanceled)
			same(t, "state", o.Changes[0].State, porting.ChangeIsDone)
			same(t, "holds", len(o.Holds()), 0)
			same(t, "at the peer", w.Locals.View().Orders[0].Status, "CANCELLED")
			same(t, "fees", w.Spent(), porting.Money(750+2500))
		})
	}
	kept := func(t *testing.T) (*workflowtest.World, porting.OrderID) {
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{local(58)}, far(w))
		w.Reach(id, porting.Accepted)
		wishes(t, w, id, porting.Wish{Kind: porting.WishCancel})
		w.Until("a person is asked", w.AtDesk(id))
		same(t, "question", w.Order(id).Desk.Key, porting.MsgAskWithdrawal)
		return w, id
	}
	t.Run("the carrier keeps it, and a person says so", func(t *testing.T) {
		t.Parallel()
		w, id := kept(t)
		reply := w.Desk(desk.Action{Action: "refuse_change", Order: id, Initials: "AB", Text: "The carrier does not let it go any more."})
		same(t, "faults", len(reply.Errors), 0)
		o := w.Order(id)
		same(t, "state", o.Changes[0].State, porting.ChangeIsRefused)
		same(t, "status", o.Status, porting.Accepted)
		w.Ends(id, porting.Completed)
		same(t, "fees", w.Spent(), porting.Money(750))
	})
	t.Run("the carrier keeps it, and moves the numbers", func(t *testing.T) {
		t.Parallel()
		w, id := kept(t)
		w.Until("the numbers move", func() bool { return w.Order(id).Status == porting.Completed })
		o := w.Order(id)
		same(t, "state", o.Changes[0].State, porting.ChangeOvertaken)
		events := w.Events(id)
		i := slices.IndexFunc(events, func(e porting.Event) bool { return e.Kind == porting.WasCompleted })
		if i < 0 || !slices.ContainsFunc(events[i].Message.List, func(m porting.Message) bool { return m.Key == porting.MsgMovedAllTheSame }) {
			t.Errorf("the customer is not told\n%s", w.Story())
		}
		if until := w.Book.Rules.SnapbackUntil(o); !until.Equal(o.StatusAt.Add(24 * time.Hour)) {
			t.Errorf("the numbers can be moved back until %s", until)
		}
	})
}

// A change that the peer or the carrier does not take leaves the order as it was: the numbers move on the agreed date.
func TestAChangeThatIsNotTaken(t *testing.T) {
	for name, number := range map[string]string{
		"the carrier is frozen": "+12065557514",
		"the peer drops it":     "+12065557530",
		"no supplement at all":  "+12065557433",
	} {
		for _, kind := range []porting.WishKind{porting.WishDate, porting.WishRemoval} {
			t.Run(name+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
				id := w.Signed([]string{number, also(1)}, far(w))
				before := w.Reach(id, porting.Accepted)
				wishes(t, w, id, porting.Wish{Kind: kind, Date: businessDay(w, 21), Numbers: []string{also(1)}})
				o := settled(w, id)
				same(t, "state", o.Changes[0].State, porting.ChangeIsRefused)
				same(t, "status", o.Status, porting.Accepted)
				same(t, "date", o.FOC, before.FOC)
				same(t, "numbers", len(o.Active()), 2)
				same(t, "wish", o.Details.Desired, before.Details.Desired)
				w.Ends(id, porting.Completed)
				same(t, "fees", w.Spent(), porting.Money(2*750))
				once(t, w)
			})
		}
	}
}

// The state transitions of an order in its whole life, those of runs that a change has replaced among them.
// infra/docs/figures.md has the numbers.
func TestTransitionsOfAChange(t *testing.T) {
	for name, tc := range map[string]struct {
		wish porting.Wish
		end  porting.Status
		want int
	}{
		"none":         {porting.Wish{}, porting.Completed, 18},
		"another date": {porting.Wish{Kind: porting.WishDate}, porting.Completed, 30},
		"cancellation": {porting.Wish{Kind: porting.WishCancel}, porting.HardCanceled, 18},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{local(1)}, far(w))
			w.Reach(id, porting.Accepted)
			if tc.wish.Kind != "" {
				tc.wish.Date = businessDay(w, 21)
				wishes(t, w, id, tc.wish)
			}
			w.Ends(id, tc.end)
			w.Pass(30 * 24 * time.Hour)
			if got := entered(w); got != tc.want {
				t.Errorf("%d transitions, want %d", got, tc.want)
			}
		})
	}
}

// entered counts the states that all executions have entered.
func entered(w *workflowtest.World) int {
	n := 0
	for _, e := range w.Machines.Executions() {
		n += len(e.States)
	}
	return n
}
