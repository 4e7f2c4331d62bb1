package orders_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

func TestCreate(t *testing.T) {
	t.Run("OK: one order for each kind, country and carrier, with ids in order", func(t *testing.T) {
		book := storetest.Book(t, storetest.NewMemory())
		d := storetest.Draft("a", storetest.Numbers(0, 3)...)
		d.Lines[1].Carrier.SPID = "5678"
		d.Lines = append(d.Lines, porting.Line{TN: "+18005550100", Kind: porting.TollFree})
		g, made, err := book.Create(t.Context(), d)
		if err != nil || len(made) != 3 || len(g.Orders) != 3 {
			t.Fatalf("%d orders (%v), want 3", len(made), err)
		}
		last := string(g.ID)
		for i, o := range made {
			n, err := strconv.ParseInt(string(o.ID), 10, 64)
			if err != nil || n > 1<<53 || len(o.ID) != len(last) || string(o.ID) <= last {
				t.Errorf("the id %s after %s (%v)", o.ID, last, err)
			}
			if o.Group != g.ID || o.ID != g.Orders[i] || o.Version != 1 || o.Status != porting.Pending {
				t.Errorf("order %+v", o)
			}
			last = string(o.ID)
		}
	})
	t.Run("ErrInvalid: every fault of the call, the caller's first", func(t *testing.T) {
		d := storetest.Draft("a", "1")
		d.Details.City = ""
		d.Faults = []porting.Fault{{Field: "numbers/0", Code: porting.Unknown, Message: "No such number."}}
		for i := range orders.MaxOrders + 1 {
			d.Lines = append(d.Lines, porting.Line{TN: storetest.Numbers(0, 40)[i], Kind: porting.Local,
				Carrier: porting.Carrier{SPID: strconv.Itoa(i)}})
		}
		_, _, err := storetest.Book(t, storetest.NewMemory()).Create(t.Context(), d)
		var e *porting.Error
		if !errors.As(err, &e) || e.Code != porting.Invalid {
			t.Fatal(err)
		}
		var got []string
		for _, f := range e.Faults {
			got = append(got, f.Field+" "+string(f.Code))
		}
		if want := []string{"numbers/0 unknown", "city required", "numbers too_many"}; !slices.Equal(got, want) {
			t.Errorf("faults %q, want %q", got, want)
		}
	})
	t.Run("as many orders as one call may make", func(t *testing.T) {
		d := storetest.Draft("a", storetest.Numbers(0, orders.MaxOrders)...)
		for i := range d.Lines {
			d.Lines[i].Carrier.SPID = strconv.Itoa(i)
		}
		_, made, err := storetest.Book(t, storetest.NewMemory()).Create(t.Context(), d)
		if err != nil || len(made) != orders.MaxOrders {
			t.Errorf("%d orders, %v", len(made), err)
		}
	})
	t.Run("ErrInvalid: a caller name where one of the numbers is toll-free", func(t *testing.T) {
		d := storetest.Draft("a", storetest.Numbers(0, 1)...)
		d.Presets.CNAM = "11"
		book := storetest.Book(t, storetest.NewMemory())
		if err := book.Check(d); err != nil {
			t.Errorf("for a local number: %v", err)
		}
		d.Lines = append(d.Lines, porting.Line{TN: "+18005550100", Kind: porting.TollFree})
		if err := book.Check(d); !porting.Is(err, porting.Invalid) || !strings.Contains(err.Error(), "presets/cnam_id") {
			t.Error(err)
		}
	})
	t.Run("the group's id is the caller's, and another one where it is taken", func(t *testing.T) {
		const mine porting.GroupID = "8000000000000001"
		for times, want := range []bool{true, false} {
			s := &raced{Memory: storetest.NewMemory(), times: times}
			d := storetest.Draft("a", storetest.Numbers(0, 1)...)
			d.Group = mine
			g, made, err := storetest.Book(t, s).Create(t.Context(), d)
			if err != nil || (g.ID == mine) != want || made[0].Group != g.ID {
				t.Errorf("taken %d times: the group is %s, of the order %s (%v)", times, g.ID, made[0].Group, err)
			}
		}
	})
	t.Run("an id that is taken is drawn again", func(t *testing.T) {
		book := storetest.Book(t, storetest.NewMemory())
		draws := []uint16{1, 1, 1, 1, 2, 2}
		book.Random = func() uint16 { n := draws[0]; draws = draws[1:]; return n }
		for i := range 2 {
			if _, _, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 2)[i])); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestMine(t *testing.T) {
	book := storetest.Book(t, storetest.NewMemory())
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	if o, err := book.Mine(t.Context(), "a", made[0].ID); err != nil || o.ID != made[0].ID {
		t.Errorf("%s, %v", o.ID, err)
	}
	for _, ask := range []struct {
		account porting.AccountID
		id      porting.OrderID
	}{{"b", made[0].ID}, {"a", "404"}, {"", made[0].ID}} {
		if o, err := book.Mine(t.Context(), ask.account, ask.id); !errors.Is(err, orders.ErrNoOrder) || o.ID != "" {
			t.Errorf("%+v: %s, %v", ask, o.ID, err)
		}
	}
}

// raced is a store in which somebody else is faster so many times.
type raced struct {
	*storetest.Memory
	times int
}

func (s *raced) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	if s.times--; s.times >= 0 {
		return &porting.Error{Code: porting.Stale}
	}
	return s.Memory.Commit(ctx, c, redeliver)
}

func (s *raced) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	if s.times--; s.times >= 0 {
		return &porting.Error{Code: porting.Stale}
	}
	return s.Memory.Open(ctx, g, made, redeliver)
}

func TestDo(t *testing.T) {
	for times, want := range []porting.ErrorCode{"", "", "", porting.Stale} {
		t.Run(fmt.Sprintf("somebody else is faster %d times", times), func(t *testing.T) {
			s := &raced{Memory: storetest.NewMemory()}
			book := storetest.Book(t, s)
			_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
			if err != nil {
				t.Fatal(err)
			}
			s.times = times
			o, err := book.Do(t.Context(), made[0].ID, storetest.Sign())
			if want == "" && (err != nil || o.Status != porting.Processing) || want != "" && !porting.Is(err, want) {
				t.Errorf("%s, %v", o.Status, err)
			}
		})
	}
	t.Run("what the order has already is no error", func(t *testing.T) {
		book := storetest.Book(t, storetest.NewMemory())
		_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := book.Do(t.Context(), made[0].ID, storetest.Sign()); err != nil {
			t.Fatal(err)
		}
		o, err := book.Do(t.Context(), made[0].ID, porting.Resume{By: storetest.System, Seq: 7})
		if err != nil || o.Version != 2 {
			t.Errorf("version %d, %v", o.Version, err)
		}
	})
	t.Run("no command, no change", func(t *testing.T) {
		book := storetest.Book(t, storetest.NewMemory())
		_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
		if err != nil {
			t.Fatal(err)
		}
		o, err := book.Change(t.Context(), made[0].ID, func(porting.Order) (porting.Command, error) { return nil, nil })
		if err != nil || o.Version != 1 {
			t.Errorf("version %d, %v", o.Version, err)
		}
	})
}

func TestSweep(t *testing.T) {
	kind := orders.DueKind(porting.DueClock)
	// made is a book with n orders whose clocks are all due at its time.
	made := func(t *testing.T, n int) (*orders.Book, []porting.Order) {
		book := storetest.Book(t, storetest.NewMemory())
		var all []porting.Order
		for i := range n {
			_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, n)[i]))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, made[0])
		}
		return book.At(book.Rules.End(all[0])), all
	}
	t.Run("OK: the clocks run out, over more than a page", func(t *testing.T) {
		book, all := made(t, 130)
		s, err := book.Sweep(t.Context(), kind, 0, orders.Clock)
		if err != nil || s.Read != 130 || s.Done != 130 || s.Failed != 0 {
			t.Errorf("%+v, %v", s, err)
		}
		for _, o := range all {
			if o, err := book.Store.Load(t.Context(), o.ID); err != nil || o.Status != porting.Cancelled {
				t.Errorf("order %s is %s (%v)", o.ID, o.Status, err)
			}
		}
		if s, err := book.Sweep(t.Context(), kind, 0, orders.Clock); err != nil || s.Read != 0 {
			t.Errorf("a second sweep: %+v, %v", s, err)
		}
	})
	t.Run("one that panics does not stop the others, and is parked in the end", func(t *testing.T) {
		book, all := made(t, 3)
		bad := all[1].ID
		work := func(ctx context.Context, b *orders.Book, d orders.Due) error {
			if d.Order == bad {
				panic("secret text")
			}
			return orders.Clock(ctx, b, d)
		}
		at := book.Time()
		var failed, parked int
		for range 8 {
			s, err := book.At(at).Sweep(t.Context(), kind, time.Minute, work)
			if err != nil {
				t.Fatal(err)
			}
			failed, parked = failed+s.Failed, parked+s.Parked
			at = at.Add(24 * time.Hour)
		}
		if failed != 6 || parked != 1 {
			t.Errorf("failed %d times, parked %d times; want 6 and 1", failed, parked)
		}
		queue, err := book.Store.Due(t.Context(), orders.DueParked, at, 10)
		if err != nil || len(queue) != 1 || queue[0].Order != bad {
			t.Fatalf("parked: %+v (%v)", queue, err)
		}
		q, err := book.Store.Queued(t.Context(), queue[0])
		if err != nil || q.Why.Text == "" || strings.Contains(fmt.Sprint(q.Why), "secret text") {
			t.Errorf("because of %+v (%v)", q, err)
		}
	})
	t.Run("each failure waits longer, and is logged with its number", func(t *testing.T) {
		var log strings.Builder
		quiet := slog.Default()
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		defer slog.SetDefault(quiet)
		book, all := made(t, 1)
		at := book.Time()
		book.Now = func() time.Time { return at }
		for n := 1; n <= 2; n++ {
			log.Reset()
			_, err := book.At(at).Sweep(t.Context(), kind, 0, func(context.Context, *orders.Book, orders.Due) error { return errDown })
			if err != nil {
				t.Fatal(err)
			}
			next := at.Add(orders.Backoff(n))
			due, err := book.Store.Due(t.Context(), kind, next, 10)
			if err != nil || len(due) != 1 || due[0].Order != all[0].ID || !due[0].At.Equal(next) {
				t.Errorf("after failure %d due %+v, want at %s (%v)", n, due, next, err)
			}
			if want := fmt.Sprintf("tries=%d", n); !strings.Contains(log.String(), want) {
				t.Errorf("%s is not logged: %s", want, log.String())
			}
			at = next
		}
	})
	t.Run("an item is leased for the usual time, or for the caller's", func(t *testing.T) {
		for lease, want := range map[time.Duration]time.Duration{0: 15 * time.Minute, time.Minute: time.Minute} {
			book, _ := made(t, 1)
			var held time.Time
			_, err := book.Sweep(t.Context(), kind, lease, func(ctx context.Context, b *orders.Book, d orders.Due) error {
				held = d.At
				return orders.Clock(ctx, b, d)
			})
			if err != nil || !held.Equal(book.Now().Add(want)) {
				t.Errorf("a lease of %s ends at %s, want %s after %s (%v)", lease, held, want, book.Now(), err)
			}
		}
	})
	t.Run("six single throttles in a week of good looks do not park the driver's watch", func(t *testing.T) {
		book, _ := made(t, 1)
		now := book.Time()
		book.Now = func() time.Time { return now }
		failures, looks := 0, 0
		look := func(_ context.Context, _ *orders.Book, d orders.Due) error {
			if looks++; looks%24 == 5 {
				failures++
				return errors.New("throttled")
			}
			return nil // and the order stays as it is: the watch is due again at the end of its lease
		}
		for now = now.Add(time.Minute); looks < 7*24; now = now.Add(time.Minute) {
			s, err := book.At(now).Sweep(t.Context(), kind, time.Hour, look)
			if err != nil || s.Parked > 0 {
				t.Fatalf("after %d failures in %d looks: %+v, %v", failures, looks, s, err)
			}
		}
		if failures < 6 {
			t.Errorf("%d failures", failures)
		}
	})
	t.Run("a sweep that runs late leases for a time that is not over", func(t *testing.T) {
		book, all := made(t, 3)
		at := book.Time()
		book.Now = func() time.Time { return at.Add(20 * time.Minute) } // the schedule's event came late
		done := map[porting.OrderID]int{}
		late := book.At(at)
		_, err := late.Sweep(t.Context(), kind, 0, func(ctx context.Context, _ *orders.Book, d orders.Due) error {
			done[d.Order]++
			if len(done) > 1 {
				return nil
			}
			next := book.At(book.Now()) // the schedule's next event comes in time
			_, err := next.Sweep(ctx, kind, 0, func(_ context.Context, _ *orders.Book, d orders.Due) error {
				done[d.Order]++
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all {
			if done[o.ID] != 1 {
				t.Errorf("%d sweeps work on order %s at once", done[o.ID], o.ID)
			}
		}
	})
	for name, fails := range map[string]error{"succeeds": nil, "fails": errors.New("throttled")} {
		t.Run("a sweep as of a later day that "+name+" leaves what is due before that day as it was", func(t *testing.T) {
			book, all := made(t, 130)
			end := book.Time()
			now := end.AddDate(0, 0, -40)
			book.Now = func() time.Time { return now }
			read := map[porting.OrderID]int{}
			s, err := book.At(end).Sweep(t.Context(), kind, 0, func(_ context.Context, _ *orders.Book, d orders.Due) error {
				read[d.Order]++
				return fails
			})
			if err != nil || s.Done+s.Failed != 130 || len(read) != 130 {
				t.Errorf("%d orders were read: %+v, %v", len(read), s, err)
			}
			// Whoever looks as of today has nothing to do for them, and as of the day they are due as before.
			if due, err := book.Store.Due(t.Context(), kind, now.Add(24*time.Hour), 1000); err != nil || len(due) != 0 {
				t.Errorf("%d are due within a day (%v)", len(due), err)
			}
			due, err := book.Store.Due(t.Context(), kind, end, 1000)
			if err != nil || len(due) != len(all) {
				t.Errorf("%d of %d are due on their day (%v)", len(due), len(all), err)
			}
		})
	}
	t.Run("a sweep as of a later day does not switch a watch off until then", func(t *testing.T) {
		book, _ := made(t, 1)
		now := book.Time()
		book.Now = func() time.Time { return now }
		looks := 0
		look := func(context.Context, *orders.Book, orders.Due) error { looks++; return nil }
		if _, err := book.At(now.AddDate(0, 0, 45)).Sweep(t.Context(), kind, time.Hour, look); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
		if _, err := book.At(now).Sweep(t.Context(), kind, time.Hour, look); err != nil || looks != 2 {
			t.Errorf("%d looks within the hour, want 2 (%v)", looks, err)
		}
	})
	t.Run("little time left: the rest is for the next sweep", func(t *testing.T) {
		book, _ := made(t, 3)
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		if s, err := book.Sweep(ctx, kind, 0, orders.Clock); err != nil || s.Read != 0 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestBackoff(t *testing.T) {
	var sum time.Duration
	last := time.Duration(0)
	for n := 1; n <= 5; n++ {
		d := orders.Backoff(n)
		if d <= last {
			t.Errorf("after failure %d it waits %s, no longer than before", n, d)
		}
		last = d
		sum += d
	}
	if sum < 24*time.Hour || orders.Backoff(0) != orders.Backoff(1) || orders.Backoff(99) != last {
		t.Errorf("six tries span %s", sum)
	}
}

// broken is a store that can't put off what has failed, and counts the effects that it takes off.
type broken struct {
	*storetest.Memory
	delivered int
}

var errDown = errors.New("the store is down")

func (s *broken) Fail(context.Context, orders.Due, time.Time) error { return errDown }

func (s *broken) Delivered(ctx context.Context, d orders.Due, effects []porting.Effect) error {
	s.delivered++
	return s.Memory.Delivered(ctx, d, effects)
}

// published puts what is due of an order on the bus where nothing else follows from it, as from the creation.
func published(t *testing.T, book *orders.Book, events orders.Events) {
	t.Helper()
	due, err := book.Store.Due(t.Context(), orders.DueEvent, storetest.Now.Add(time.Hour), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("due %+v (%v)", due, err)
	}
	put := func(context.Context, porting.Event, porting.Order) error { return nil }
	x := &orders.Outbox{Book: book, Events: events, Handlers: map[porting.Effect]orders.Handler{porting.Publish: put, porting.KeepSearch: put, porting.SendMail: put}}
	if err := x.Stream(t.Context(), due); err != nil {
		t.Fatal(err)
	}
}

// The stream's error is the store's alone. Where no effect was carried out nothing is written.
func TestOutboxOfABrokenStore(t *testing.T) {
	s := &broken{Memory: storetest.NewMemory()}
	book := storetest.Book(t, s)
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	published(t, book, s.Memory)
	if _, err := book.Do(t.Context(), made[0].ID, storetest.Sign()); err != nil {
		t.Fatal(err)
	}
	events, err := s.Due(t.Context(), orders.DueEvent, storetest.Now.Add(2*time.Minute), 10)
	if err != nil || len(events) != 1 {
		t.Fatalf("%d due (%v)", len(events), err)
	}
	x := &orders.Outbox{Book: book, Events: s, Handlers: map[porting.Effect]orders.Handler{}}
	if err := x.Stream(t.Context(), events); !errors.Is(err, errDown) || s.delivered != 0 {
		t.Errorf("%v, and %d writes", err, s.delivered)
	}
	carried := func(context.Context, porting.Event, porting.Order) error { return nil }
	x.Handlers = map[porting.Effect]orders.Handler{porting.SendWebhook: carried, porting.StartDriver: carried, porting.FileLOA: carried,
		porting.Publish: carried, porting.KeepSearch: carried}
	if err := x.Stream(t.Context(), events); err != nil || s.delivered != 1 {
		t.Errorf("%v, and %d writes", err, s.delivered)
	}
}

func TestOutbox(t *testing.T) {
	book := storetest.Book(t, storetest.NewMemory())
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	published(t, book, book.Store.(orders.Events))
	if _, err := book.Do(t.Context(), made[0].ID, storetest.Sign()); err != nil {
		t.Fatal(err)
	}
	due := func(at time.Time) []orders.Due {
		all, err := book.Store.Due(t.Context(), orders.DueEvent, at, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	events := due(storetest.Now.Add(2 * time.Minute))
	if len(events) != 1 || !events[0].At.Equal(storetest.Now.Add(2*time.Minute)) {
		t.Fatalf("due %+v, want one two minutes on", events)
	}
	calls := 0
	x := &orders.Outbox{Book: book, Events: book.Store.(orders.Events), Handlers: map[porting.Effect]orders.Handler{
		porting.SendWebhook: func(context.Context, porting.Event, porting.Order) error { calls++; return nil },
		porting.StartDriver: func(context.Context, porting.Event, porting.Order) error { panic("bad") },
		porting.FileLOA:     func(context.Context, porting.Event, porting.Order) error { return nil },
		porting.Publish:     func(context.Context, porting.Event, porting.Order) error { return nil },
		porting.KeepSearch:  func(context.Context, porting.Event, porting.Order) error { return nil },
	}}
	if err := x.Stream(t.Context(), events[:1]); err != nil {
		t.Fatal(err)
	}
	if got := due(storetest.Now.Add(2 * time.Minute)); len(got) != 1 ||
		!got[0].At.Equal(storetest.Now.Add(time.Minute)) {
		t.Errorf("after a failure due %+v, want in a minute", got)
	}
	delete(x.Handlers, porting.StartDriver)
	if err := x.Deliver(t.Context(), events[0]); err == nil {
		t.Error("no error where nobody handles an effect")
	}
	x.Handlers[porting.StartDriver] = func(context.Context, porting.Event, porting.Order) error { return nil }
	before := calls
	for range 2 {
		if err := x.Deliver(t.Context(), events[0]); err != nil {
			t.Fatal(err)
		}
	}
	if calls != before {
		t.Errorf("the webhook was sent %d times more", calls-before)
	}
	if got := due(storetest.Now.Add(24 * time.Hour)); len(got) != 0 {
		t.Errorf("still due: %+v", got)
	}
}

// A sandbox's due dates have kinds of their own; whether a driver is alive is checked for all orders alike.
func TestKindOf(t *testing.T) {
	sandbox, live := porting.Owner{Account: "a", Sandbox: true}, porting.Owner{Account: "a"}
	for _, test := range []struct {
		kind  orders.DueKind
		owner porting.Owner
		want  orders.DueKind
	}{
		{orders.DueKind(porting.DueClock), live, "clock"}, {orders.DueKind(porting.DueClock), sandbox, "sandbox-clock"},
		{orders.DueKind(porting.DueDriver), live, "driver"}, {orders.DueKind(porting.DueDriver), sandbox, "driver"},
		{orders.DueDesk, sandbox, "sandbox-desk"},
	} {
		if got := orders.KindOf(test.kind, test.owner); got != test.want {
			t.Errorf("%s of a sandbox's order (%t) is %s, want %s", test.kind, test.owner.Sandbox, got, test.want)
		}
	}
}
