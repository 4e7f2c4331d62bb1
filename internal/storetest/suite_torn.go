package storetest

import (
	"errors"
	"slices"

	"portway/internal/porting"
)

// A Tearer can have somebody else write while an order is read. An order is several items of the table, and no read of
// several items is one instant: numbers of before may come with a head of after, and a head of before with attempts of
// after.
type Tearer interface {
	// Tear lets the next Load read so many of the order's items, call between, and read the rest. The items come as
	// chunks of numbers, head, attempts. It holds for one reading; a reading that is repeated is not torn again.
	Tear(items int, between func())
}

// With up to 1,000 numbers an order has one chunk, and its head is the second item.
const (
	afterNumbers = 1
	afterHead    = 2
)

var tornCases = []testCase{
	{"a number that left the order while it was read does not come back without its hold", tornExclusion},
	{"numbers and head are of one version", tornNumbers},
	{"head and attempts are of one version", tornAttempts},
	{"a view is of one version with its comments", tornView},
	{"an order that changes during every reading is read later", alwaysTorn},
}

func (s suite) tear(items int, between func()) {
	s.Helper()
	t, ok := s.store.(Tearer)
	if !ok {
		s.Fatal("the store can't be made to tear a read")
	}
	t.Tear(items, between)
}

// exclude takes a number off the order.
func exclude(o porting.Order, n int) porting.Exclude {
	return porting.Exclude{By: System, TNs: []string{o.Numbers[n].TN}, Reason: porting.NoCoverage}
}

// tornExclusion is the history of one number on two live orders: a process read the order's numbers, another one
// excluded a number, a second account took that number, and the first process read the head and wrote.
func tornExclusion(s suite) {
	s.account("torn", 10_000)
	o := s.create("torn", Numbers(0, 3)...)
	s.do(o.ID, Sign())
	number := o.Numbers[1].TN
	var other porting.Order
	s.tear(afterNumbers, func() {
		s.do(o.ID, exclude(o, 1))
		other = s.do(s.create("taker", number).ID, Sign())
	})
	s.do(o.ID, exclude(o, 0))
	got := s.load(o.ID)
	if got.Numbers[1].State != porting.Excluded || slices.Contains(got.Holds(), got.Owner().Hold(number)) {
		s.Errorf("the order has %s again: %+v", number, got.Numbers)
	}
	holder, err := s.store.Holder(s.Context(), other.Owner().Hold(number))
	if err != nil || holder != other.ID {
		s.Errorf("%s is held by %s (%v), want %s", number, holder, err, other.ID)
	}
}

func tornNumbers(s suite) {
	s.account("torn", 10_000)
	o := s.create("torn", Numbers(0, 3)...)
	s.do(o.ID, Sign())
	var want porting.Order
	s.tear(afterNumbers, func() { want = s.do(o.ID, exclude(o, 2)) })
	got, err := s.store.Load(s.Context(), o.ID)
	s.kept("torn behind the numbers", want.Version, got.Version, err)
	s.kept("torn behind the numbers", want.Numbers, got.Numbers, err)
}

func tornAttempts(s suite) {
	s.account("torn", 10_000)
	o := s.create("torn", Numbers(0, 3)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}})
	var want porting.Order
	s.tear(afterHead, func() { want = s.do(o.ID, porting.MarkSent{By: System, PON: "C1", Ref: "csr-1"}) })
	got, err := s.store.Load(s.Context(), o.ID)
	s.kept("torn behind the head", want.Version, got.Version, err)
	s.kept("torn behind the head", want.Attempts, got.Attempts, err)
}

// tornView reads the history before a comment and the order after it, or the other way round. A view that shows a
// version without that version's comment would be kept by its reader until the next change.
func tornView(s suite) {
	o := s.create("torn", Numbers(0, 3)...)
	for _, items := range []int{afterNumbers, afterHead} {
		text := []string{"", "Before the head.", "Behind the head."}[items]
		s.tear(items, func() { s.do(o.ID, porting.Comment{By: Customer, Text: text}) })
		got, found, err := s.store.View(s.Context(), o.ID, 10)
		s.must(err)
		for _, e := range found.Events {
			if e.Version > got.Version {
				s.Errorf("version %d is shown with a comment of version %d", got.Version, e.Version)
			}
		}
		said := slices.ContainsFunc(found.Events, func(e porting.Event) bool { return e.Message.Text == text })
		if written := s.load(o.ID).Version; said != (got.Version == written) {
			s.Errorf("version %d of %d is shown, and its comment is shown: %v", got.Version, written, said)
		}
	}
}

// alwaysTorn has somebody exclude a number during each reading. The error is the store's, not the caller's: the same
// call may succeed later, and no order is given that never was.
func alwaysTorn(s suite) {
	s.account("torn", 10_000)
	o := s.create("torn", Numbers(0, 100)...)
	s.do(o.ID, Sign())
	n := 0
	var again func()
	again = func() {
		if n++; n < 50 {
			s.do(o.ID, exclude(o, n))
			s.tear(afterNumbers, again)
		}
	}
	s.tear(afterNumbers, again)
	got, err := s.store.Load(s.Context(), o.ID)
	if err == nil || errors.As(err, new(*porting.Error)) || got.ID != "" {
		s.Errorf("an order that changes during every reading is read as version %d: %v", got.Version, err)
	}
	if n < 2 || n > 10 {
		s.Errorf("it was read %d times, want a few", n)
	}
	s.tear(afterNumbers, func() {})
	if _, err := s.store.Load(s.Context(), o.ID); err != nil {
		s.Errorf("it can't be read later: %v", err)
	}
}
