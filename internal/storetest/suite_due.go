package storetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var dueCases = []testCase{
	{"due dates follow the order", dueFollows},
	{"a due date is leased once", leaseOnce},
	{"a failure counts and puts off", failCounts},
	{"success clears the failures", successClears},
	{"what is parked waits for staff until the order moves on", parked},
	{"what is parked goes back to its kind", unparked},
	{"an effect that is owed is tried until it has followed", parkedEvent},
	{"the desk's queue", deskQueue},
	{"the desk's lists", deskLists},
	{"due dates page by page", duePages},
	{"a paper that runs out is asked for once", papersRunOut},
}

// due returns the kind of an order's own due date.
func due(k porting.DueKind) orders.DueKind { return orders.DueKind(k) }

func dueFollows(s suite) {
	s.account("due", 10_000)
	o := s.create("due", Numbers(0, 1)...)
	clock, check, driver := due(porting.DueClock), due(porting.DueCheck), due(porting.DueDriver)
	if d := s.dueOf(clock, o.ID); !d.At.Equal(o.Due[porting.DueClock]) || d.Kind != clock || d.Tries != 0 {
		s.Errorf("due %+v, want at %s", d, o.Due[porting.DueClock])
	}
	if got := s.due(clock, o.Due[porting.DueClock].Add(-1)); slices.ContainsFunc(got,
		func(d orders.Due) bool { return d.Order == o.ID }) {
		s.Error("it is due a nanosecond early")
	}
	s.do(o.ID, Sign())
	s.notDue(clock, o.ID)
	s.dueOf(driver, o.ID)
	o = s.do(o.ID, porting.Pass{By: System})
	if d := s.dueOf(check, o.ID); !d.At.Equal(o.Due[porting.DueCheck]) {
		s.Errorf("the check is due at %s, want %s", d.At, o.Due[porting.DueCheck])
	}
	s.do(o.ID, porting.HardCancel{By: Staff, Why: "Asked for."})
	for _, kind := range []orders.DueKind{clock, check, driver} {
		s.notDue(kind, o.ID)
	}
}

func leaseOnce(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	d := s.dueOf(due(porting.DueClock), o.ID)
	hold := d.At.Add(time.Minute)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			got, ok, err := s.store.Lease(s.Context(), d, hold)
			if err != nil {
				s.Error(err)
			}
			if ok {
				won.Add(1)
				if !got.At.Equal(hold) || got.Key != d.Key || got.Order != o.ID {
					s.Errorf("leased %+v", got)
				}
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		s.Errorf("%d sweeps leased it, want one", won.Load())
	}
	if got := s.dueOf(d.Kind, o.ID); !got.At.Equal(hold) {
		s.Errorf("it is due at %s, want %s", got.At, hold)
	}
}

func failCounts(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	seen := s.dueOf(due(porting.DueClock), o.ID)
	d := seen
	for n := range 3 {
		leased, ok, err := s.store.Lease(s.Context(), d, d.At.Add(time.Minute))
		if err != nil || !ok || leased.Tries != n {
			s.Fatalf("lease %d: %+v, %v, %v", n, leased, ok, err)
		}
		next := leased.At.Add(time.Hour)
		if err := s.store.Fail(s.Context(), leased, next); err != nil {
			s.Fatal(err)
		}
		if d = s.dueOf(d.Kind, o.ID); !d.At.Equal(next) {
			s.Errorf("it is due at %s, want %s", d.At, next)
		}
	}
	// The order has moved on. A failure of what was due before counts no more.
	s.do(o.ID, porting.Cancel{By: Customer})
	if err := s.store.Fail(s.Context(), d, d.At.Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
	s.notDue(d.Kind, o.ID)
}

// successClears looks after a driver: the order stays as it is, so the watch stays due.
func successClears(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	kind := due(porting.DueClock)
	d, _, err := s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(time.Minute))
	s.must(err)
	s.must(s.store.Fail(s.Context(), d, Now.Add(2*time.Minute)))
	failed, ok, err := s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(time.Hour))
	if err != nil || !ok || failed.Tries != 1 {
		s.Fatalf("leased %+v, %v, %v", failed, ok, err)
	}
	s.must(s.store.Succeed(s.Context(), d, Now.Add(5*time.Hour))) // by a worker whose lease is over
	if got := s.dueOf(kind, o.ID); !got.At.Equal(failed.At) {
		s.Errorf("a worker without a lease moves it to %s", got.At)
	}
	s.must(s.store.Succeed(s.Context(), failed, Now.Add(2*time.Hour)))
	again, ok, err := s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(3*time.Hour))
	if err != nil || !ok || again.Tries != 0 {
		s.Errorf("after a success it is leased as %+v, %v, %v", again, ok, err)
	}
}

func parked(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	kind := due(porting.DueClock)
	d, _, err := s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(time.Hour))
	s.must(err)
	s.must(s.store.Park(s.Context(), d, "It failed six times.", Now, Now.Add(6*time.Hour)))
	s.notDue(kind, o.ID)
	p := s.dueOf(orders.DueParked, o.ID)
	want := orders.Queued{Kind: kind, Why: porting.Words("It failed six times."), Since: Now, Tries: 1}
	if q, err := s.store.Queued(s.Context(), p); !cmp.Equal(q, want) || err != nil || !p.At.Equal(Now.Add(6*time.Hour)) ||
		p.Of != kind {
		s.Errorf("parked as %+v because of %+v (%v)", p, q, err)
	}
	// A change that leaves the date as it is leaves it parked. A change that moves the date ends that.
	s.do(o.ID, porting.Comment{By: Customer, Text: "Hello?"})
	s.dueOf(orders.DueParked, o.ID)
	at := Rules(s).End(o).AddDate(0, 0, -14)
	if _, err := s.book.At(at).Do(s.Context(), o.ID, porting.Remind{By: System}); err != nil {
		s.Fatal(err)
	}
	s.notDue(orders.DueParked, o.ID)
	if d := s.dueOf(kind, o.ID); d.Tries != 0 {
		s.Errorf("it comes back with %d tries", d.Tries)
	}
	// What an order no longer waits for is not parked any more.
	d, _, err = s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(time.Hour))
	s.must(err)
	s.must(s.store.Park(s.Context(), d, "It failed six times.", Now, Now.Add(6*time.Hour)))
	s.do(o.ID, porting.Cancel{By: Customer})
	for _, d := range s.due(orders.DueParked, Now.AddDate(10, 0, 0)) {
		if d.Order == o.ID && d.Of == kind {
			s.Error("the clock of an order that is over is parked")
		}
	}
}

// unparked follows parked work back to its kind: by a success, and by one more failure.
func unparked(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	kind := due(porting.DueClock)
	var d orders.Due
	lease := func() {
		s.Helper()
		var ok bool
		var err error
		d, ok, err = s.store.Lease(s.Context(), s.dueOf(kind, o.ID), Now.Add(7*time.Hour))
		if err != nil || !ok || d.Of != "" {
			s.Fatalf("leased %+v, %v, %v", d, ok, err)
		}
	}
	lease()
	s.must(s.store.Park(s.Context(), d, "It failed six times.", Now, Now.Add(6*time.Hour)))
	parked := s.dueOf(orders.DueParked, o.ID)
	again := Now.Add(6 * time.Hour)
	want := orders.Queued{Kind: kind, Since: Now, Tries: 1}
	for n, won := range []bool{true, false} { // by two processes
		q, ok, err := s.store.Unpark(s.Context(), parked, again)
		if err != nil || ok != won || ok && !cmp.Equal(q, want) {
			s.Errorf("process %d: %+v, %v, %v", n, q, ok, err)
		}
	}
	s.notDue(orders.DueParked, o.ID)
	if d := s.dueOf(kind, o.ID); !d.At.Equal(again) {
		s.Errorf("it is due at %s", d.At)
	}
	lease()
	s.must(s.store.Park(s.Context(), d, "It failed again.", again, again.Add(24*time.Hour)))
	want = orders.Queued{Kind: kind, Why: porting.Words("It failed again."), Since: Now, Tries: 2}
	if q, err := s.store.Queued(s.Context(), s.dueOf(orders.DueParked, o.ID)); !cmp.Equal(q, want) || err != nil {
		s.Errorf("parked again: %+v (%v)", q, err)
	}
	_, _, err := s.store.Unpark(s.Context(), s.dueOf(orders.DueParked, o.ID), again)
	s.must(err)
	lease()
	s.must(s.store.Succeed(s.Context(), d, again))
	later := Now.AddDate(0, 1, 0)
	d, _, err = s.store.Lease(s.Context(), s.dueOf(kind, o.ID), later)
	s.must(err)
	s.must(s.store.Park(s.Context(), d, "It failed six times more.", later, later.Add(time.Hour)))
	want = orders.Queued{Kind: kind, Why: porting.Words("It failed six times more."), Since: later, Tries: 1}
	if q, err := s.store.Queued(s.Context(), s.dueOf(orders.DueParked, o.ID)); !cmp.Equal(q, want) || err != nil {
		s.Errorf("parked after a success: %+v (%v)", q, err)
	}
}

// parkedEvent follows an effect that is owed by an order which is over: it is tried until it has followed.
func parkedEvent(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	s.do(o.ID, porting.Cancel{By: Customer})
	broken := errors.New("broken")
	tries := 0
	work := func(ctx context.Context, _ *orders.Book, d orders.Due) error {
		e, err := s.store.Event(ctx, d)
		if err != nil || d.Order != o.ID {
			return err
		}
		if s.onlyPublished(d) {
			return s.store.Delivered(ctx, d, e.Effects)
		}
		if tries++; broken != nil {
			return broken
		}
		return s.store.Delivered(ctx, d, e.Effects)
	}
	at := Now
	pass := func(d time.Duration) {
		for end := at.Add(d); at.Before(end); at = at.Add(10 * time.Minute) {
			book := *s.book
			book.Now = func() time.Time { return at }
			_, err := book.SweepParked(s.Context())
			s.must(err)
			_, err = book.Sweep(s.Context(), orders.DueEvent, 0, work)
			s.must(err)
		}
	}
	pass(25 * time.Hour)
	parked := s.dueOf(orders.DueParked, o.ID)
	if parked.Of != orders.DueEvent {
		s.Errorf("parked as %+v", parked)
	}
	tries = 0
	pass(24 * time.Hour)
	if tries != 4 {
		s.Errorf("tried %d times in its first day, want every 6 hours", tries)
	}
	tries = 0
	pass(10 * 24 * time.Hour)
	if tries < 9 || tries > 10 {
		s.Errorf("tried %d times in ten days, want daily", tries)
	}
	q, err := s.store.Queued(s.Context(), s.dueOf(orders.DueParked, o.ID))
	if err != nil || q.Kind != orders.DueEvent || q.Why.IsZero() || q.Since.Before(Now.Add(24*time.Hour)) ||
		q.Since.After(Now.Add(25*time.Hour)) {
		s.Errorf("the queue says %+v (%v)", q, err)
	}
	broken = nil
	book := *s.book
	book.Now = func() time.Time { return at }
	if released, err := book.ReleaseParked(s.Context(), orders.Parked{Order: o.ID}, "AB"); err != nil ||
		len(released) != 1 || released[0].Order != o.ID {
		s.Errorf("released %+v (%v)", released, err)
	}
	pass(10 * time.Minute)
	s.notDue(orders.DueParked, o.ID)
	s.notDue(orders.DueEvent, o.ID)
}

func deskQueue(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	asked := porting.Say(porting.MsgAskFailed, "error", "Permanent").With(porting.Words("Look at it."))
	s.do(o.ID, porting.AskDesk{By: System, Why: asked})
	d := s.dueOf(orders.DueDesk, o.ID)
	want := orders.Queued{Kind: orders.DueDesk, Why: asked, Since: Now}
	if q, err := s.store.Queued(s.Context(), d); !cmp.Equal(q, want) || err != nil || !d.At.Equal(Now) {
		s.Errorf("the desk is asked at %s: %+v (%v)", d.At, q, err)
	}
	s.do(o.ID, porting.Retry{By: Staff})
	s.notDue(orders.DueDesk, o.ID)
}

// deskLists follows one order over the lists on which it waits for a person.
func deskLists(s suite) {
	o := s.create("a", Numbers(0, 2)...)
	on := func(q porting.Queue) orders.DueKind { return due(q.Due()) }
	s.do(o.ID, porting.Comment{By: Customer, Text: "When?"})
	first := s.dueOf(on(porting.QueueComment), o.ID)
	s.do(o.ID, porting.Comment{By: Customer, Text: "Hello?"})
	if again := s.dueOf(on(porting.QueueComment), o.ID); !again.At.Equal(first.At) {
		s.Errorf("the second comment moves the promise from %s to %s", first.At, again.At)
	}
	o = s.do(o.ID, Sign())
	asked := porting.Say(porting.MsgAskSilent, "peer", "locals", "since", "2027-03-02", "pon", "P1")
	o = s.do(o.ID, porting.AskDesk{By: System, Why: asked})
	d := s.dueOf(on(porting.QueueSilent), o.ID)
	heads, err := s.store.Heads(s.Context(), []porting.OrderID{"7", o.ID})
	want := o
	want.Numbers, want.Attempts = o.Numbers[:2], nil
	s.kept("its head", []orders.Head{{Order: want, Count: 2}}, heads, err)
	if o.DeskAt != Now || o.Unanswered != Now || !d.At.After(Now) {
		s.Errorf("asked at %s, a comment waits since %s, promised by %s", o.DeskAt, o.Unanswered, d.At)
	}
	q := s.dueOf(orders.DueDesk, o.ID)
	queued, err := s.store.AllQueued(s.Context(), []orders.Due{q, q}[:1])
	s.kept("its question", []orders.Queued{{Kind: orders.DueDesk, Why: asked, Since: Now}}, queued, err)
	s.do(o.ID, porting.Retry{By: Staff})
	s.notDue(on(porting.QueueSilent), o.ID)
	s.dueOf(on(porting.QueueComment), o.ID)
	s.do(o.ID, porting.SettleComment{By: Staff})
	s.notDue(on(porting.QueueComment), o.ID)
}

// duePages reads due dates page by page, of which many fall due at one instant. No page has one twice, and none is left out.
func duePages(s suite) {
	want := 0
	for n := range 7 { // the clocks of orders that were made at one instant fall due at one instant
		s.create("a", Numbers(n, 1)...)
		want++
	}
	for _, length := range []int{1, 2, 3, 7, 8} {
		var behind orders.Due
		seen := map[string]bool{}
		for len(seen) < want {
			page, err := s.store.DueBehind(s.Context(), due(porting.DueClock), behind, Now.AddDate(1, 0, 0), length)
			if err != nil || len(page) == 0 {
				s.Fatalf("%d of %d by pages of %d (%v)", len(seen), want, length, err)
			}
			for _, d := range page {
				if seen[d.Key] || d.At.Before(behind.At) {
					s.Errorf("%s comes again or too late, by pages of %d", d.Key, length)
				}
				seen[d.Key] = true
			}
			behind = page[len(page)-1]
		}
		if rest, err := s.store.DueBehind(s.Context(), due(porting.DueClock), behind, Now.AddDate(1, 0, 0), length); len(rest) > 0 || err != nil {
			s.Errorf("behind the last one are %v (%v)", rest, err)
		}
	}
	if early, err := s.store.DueBehind(s.Context(), due(porting.DueClock), orders.Due{}, Now, 10); len(early) > 0 || err != nil {
		s.Errorf("too early are %v (%v)", early, err)
	}
}

func papersRunOut(s suite) {
	o := s.refusedFor("r", porting.Reason{Code: porting.ZipMismatch}, Numbers(0, 1)...)
	kind := orders.DueKind(porting.DuePapers)
	asked := s.dueOf(kind, o.ID).At
	for range 2 {
		if err := orders.Papers(s.Context(), s.book.At(asked), orders.Due{Kind: kind, Order: o.ID}); err != nil {
			s.Fatal(err)
		}
	}
	s.notDue(kind, o.ID)
	after, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	last := events[len(events)-1]
	if after.Version != o.Version+1 || !after.Renewals[porting.SignedLOA].Equal(o.Signature.At) ||
		last.Kind != porting.RenewalAsked ||
		last.Paper != porting.SignedLOA || !last.Ends.After(asked) {
		s.Errorf("%v, %+v", after.Renewals, last)
	}
}
