// Package orders is what is done with orders: create them, give them commands, sweep what is due, and work off what follows
// from their events. It owns the Store interface and is the only caller of porting's Apply.
package orders

import (
	"context"
	"reflect"
	"time"

	"portway/internal/porting"
)

// Store keeps orders, their history and their timers. An error is a *porting.Error (NotFound, Stale, Taken, NoFunds) where
// the facts are the caller's, anything else is the store's own trouble.
type Store interface {
	// Load reads an order with its numbers and attempts: one call.
	Load(ctx context.Context, id porting.OrderID) (porting.Order, error)
	// View reads an order with its latest comments, at most as many as are wanted.
	View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, Found, error)
	// Search reads events of an order from the latest back; an order that does not exist has none.
	Search(ctx context.Context, id porting.OrderID, s Search) (Found, error)
	// History reads an order's events after a version, oldest first, at most limit. more says that there are others behind
	// them; a page of large events may be shorter than the limit.
	History(ctx context.Context, id porting.OrderID, after int64, limit int) (events []porting.Event, more bool, err error)
	// Open writes the orders of one create call with their events and claims, all or nothing. More numbers than fit into one
	// transaction are claimed in batches behind an intake record; a crash in the middle is undone by Undo. Taken names the
	// numbers that are on another live order; Stale means that an id is used already.
	Open(ctx context.Context, g porting.Group, made []Change, redeliver time.Time) error
	// Extend writes changes to orders of a group, and orders that are new in it, in one transaction. The last of g's orders are
	// the new ones; Stale means that the group or one of the orders has changed since it was read. A number that one of the
	// changes gives up and another takes goes from hand to hand and is never free.
	Extend(ctx context.Context, g porting.Group, made []Change, redeliver time.Time) error
	// Commit writes one change in one transaction: the order where its version is still Before's, the events, the claims taken
	// and released, the charge, and the due dates that changed. Events with effects fall due at redeliver.
	Commit(ctx context.Context, c Change, redeliver time.Time) error
	// Held is Taken, naming the numbers of all of them, where any of the claims is a live order's.
	Held(ctx context.Context, claims []string) error
	// Holder is the live order that has the claim; NotFound when none has.
	Holder(ctx context.Context, claim string) (porting.OrderID, error)
	// Group reads a group and the heads of its orders (without numbers and attempts).
	Group(ctx context.Context, id porting.GroupID) (porting.Group, []porting.Order, error)
	// List reads an account's orders, newest first, without attempts and with the first of their numbers alone.
	List(ctx context.Context, account porting.AccountID, f Filter) ([]porting.Order, error)
	// Feed reads an account's events, of all its orders, behind the place after, as they were written, at most limit. The store
	// may lag a little. more is as History's.
	Feed(ctx context.Context, account porting.AccountID, after Place, limit int) (found []Placed, more bool, err error)
	// Event reads one event and what is still to follow from it.
	Event(ctx context.Context, due Due) (porting.Event, error)

	// Due reads what falls due at or before until, in order of time within each shard, at most limit.
	Due(ctx context.Context, kind DueKind, until time.Time, limit int) ([]Due, error)
	// Claim moves a due date to hold if it still is where d saw it; ok is false when somebody else was faster.
	Claim(ctx context.Context, d Due, hold time.Time) (claimed Due, ok bool, err error)
	// Fail counts a failure of what was due, to be tried again at next.
	Fail(ctx context.Context, d Due, next time.Time) error
	// Park takes a due date out of the sweeps for good and puts it where staff see it, with the reason.
	Park(ctx context.Context, d Due, why string, at time.Time) error
	// Delivered takes the effects off an event's list; the due date goes with the last of them.
	Delivered(ctx context.Context, d Due, effects []porting.Effect) error
	// Release frees, in batches, the claims that an order has and no longer needs; it may be repeated.
	Release(ctx context.Context, o porting.Order) error
	// Undo ends an intake that was left half-way: its claims are freed, its orders never were.
	Undo(ctx context.Context, d Due) error

	// Begin takes an idempotency key for a request, where it is free at now. Where it is not, mine is false and have is the
	// record that is there: of another request, of one that still runs, or with its answer.
	Begin(ctx context.Context, want Receipt, now time.Time) (have Receipt, mine bool, err error)
	// Finish writes the answer of a request that did nothing, ReleaseKey gives its key back. Neither does anything where the
	// record has an answer, or another try has taken the key since.
	Finish(ctx context.Context, r Receipt) error
	ReleaseKey(ctx context.Context, r Receipt) error
}

// Change is one step of an order and the events that tell it.
type Change struct {
	Before porting.Order
	After  porting.Order
	Events []porting.Event
	// Receipt is written in the same transaction, where its key is still this try's; else the change is Stale. Of the changes
	// of one create call, the first carries it.
	Receipt *Receipt
}

// DueKind is what a sweep looks for: porting's kinds, and those of the store itself.
type DueKind string

// The kinds that are no order's own.
const (
	DueEvent  DueKind = "event"  // an event whose effects have not all followed
	DueIntake DueKind = "intake" // a large create call that has not come to its end
	DueDesk   DueKind = "desk"   // a person is asked; due since then, never swept
	DueParked DueKind = "parked" // given up after repeated failures, never swept
)

// KindOf is the kind among which an order's due date, or its question to the desk, falls due. A sandbox's have kinds of their
// own: its days are short, so that a sweep as of a later day would end all its orders, and no person answers there. Whether a
// driver is well is our own business for all orders alike.
func KindOf(kind DueKind, w porting.Owner) DueKind {
	if w.Sandbox && kind != DueKind(porting.DueDriver) {
		return "sandbox-" + kind
	}
	return kind
}

// Due is one thing that falls due.
type Due struct {
	Kind  DueKind
	Key   string // the store's own name of it
	Order porting.OrderID
	At    time.Time
	Tries int // failures so far
}

// Filter narrows a list (D-SEA). Zero values do not narrow.
type Filter struct {
	Numbers        []string
	Sandbox        bool // whose claims tell the orders of the numbers
	Status         porting.Status
	Alias          string
	Group          porting.GroupID
	FOC            porting.Date
	ModifiedAfter  time.Time
	ModifiedBefore time.Time
	CreatedAfter   time.Time
	CreatedBefore  time.Time
	DoneAfter      time.Time // completed
	DoneBefore     time.Time
	// Before keeps to orders that are older than this one, be it there or not: a page goes on behind it whatever was added.
	Before porting.OrderID
	Limit  int
	Offset int
}

// Narrows says whether there are orders of the account that do not pass, paging aside.
func (f Filter) Narrows() bool {
	f.Before, f.Limit, f.Offset, f.Sandbox = "", 0, 0, false
	return !reflect.DeepEqual(f, Filter{})
}

// Matches says whether an order passes the filter, its paging aside. Numbers are the store's to judge.
func (f Filter) Matches(o porting.Order) bool {
	within := func(t, after, before time.Time) bool {
		return (after.IsZero() || t.After(after)) && (before.IsZero() || t.Before(before))
	}
	done := f.DoneAfter.IsZero() && f.DoneBefore.IsZero() ||
		o.Status == porting.Completed && within(o.StatusAt, f.DoneAfter, f.DoneBefore)
	older := f.Before == "" || len(o.ID) < len(f.Before) || len(o.ID) == len(f.Before) && o.ID < f.Before // ids are numbers
	return done && older && (f.Status == "" || o.Status == f.Status) && (f.Alias == "" || o.Details.Alias == f.Alias) &&
		(f.Group == "" || o.Group == f.Group) && (f.FOC == "" || o.FOC == f.FOC) &&
		within(o.Updated, f.ModifiedAfter, f.ModifiedBefore) && within(o.Created, f.CreatedAfter, f.CreatedBefore)
}
