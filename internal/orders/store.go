// Package orders does what is done with orders: it creates them, gives them commands, sweeps what falls due, and
// carries out the effects of their events.
//
// Start with [Book], which has these use cases, and [Book.Do], the shortest of them: read an order, let
// porting.Rules.Apply change it, write the change. [Outbox] carries out what follows from events. What a store has to
// do is said here too, by role: [Reader], [Writer], [DueDates], [Events], [Receipts] and [Mails].
//
// The package is the only caller of porting's Apply. It knows no HTTP, no peer, no state machine and no table.
package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Store is what a Book asks of the place where orders are kept. Its errors are *porting.Error (NotFound, Stale, Taken,
// NoFunds) where the facts are the caller's; any other error is the store's own trouble.
type Store interface {
	Reader
	Writer
	DueDates
}

// Reader reads orders, their history, and which order holds a number.
type Reader interface {
	// Load reads an order with its numbers and attempts: one call.
	Load(ctx context.Context, id porting.OrderID) (porting.Order, error)
	// View reads an order with its latest comments, at most as many as are wanted.
	View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, Found, error)
	// Search reads events of an order from the latest back. An order that does not exist has none.
	Search(ctx context.Context, id porting.OrderID, s Search) (Found, error)
	// History reads an order's events after a version, oldest first, at most limit. more says that there are later
	// ones; a page of large events may be shorter than the limit.
	History(ctx context.Context, id porting.OrderID, after int64, limit int) (events []porting.Event, more bool,
		err error)
	// Group reads a group and the heads of its orders (without numbers and attempts).
	Group(ctx context.Context, id porting.GroupID) (porting.Group, []porting.Order, error)
	// List reads an account's orders, newest first, without attempts and with the first of their numbers alone.
	List(ctx context.Context, account porting.AccountID, f Filter) ([]porting.Order, error)
	// Heads reads the heads of orders in the order of ids, at most 100 of them. An order that does not exist is left out.
	// The store may lag a little.
	Heads(ctx context.Context, ids []porting.OrderID) ([]Head, error)
	// Feed reads the events of all orders of an account behind the place after, in the order in which they were
	// written, at most limit. The store may lag a little. more says that there are later ones, as with History.
	Feed(ctx context.Context, account porting.AccountID, after Place, limit int) (found []Placed, more bool, err error)
	// Held returns Taken where live orders have any of the holds, and names the numbers of those.
	Held(ctx context.Context, holds []string) error
	// Holder returns the live order that has the hold, NotFound where none has.
	Holder(ctx context.Context, hold string) (porting.OrderID, error)
}

// Writer writes orders with everything that changes along with them.
type Writer interface {
	// Open writes the orders of one create call with their events and holds, all or nothing. Numbers that do not fit
	// into one transaction are held in batches behind an intake record, and Undo undoes what a crash in the middle
	// leaves. Taken names the numbers that are on another live order; Stale means that an id is used already.
	Open(ctx context.Context, g porting.Group, made []Change, redeliver time.Time) error
	// Extend writes changes to orders of a group, and orders that are new in it, in one transaction. The last of g's
	// orders are the new ones; Stale means that the group or one of the orders has changed since it was read. A number
	// that one change gives up and another takes is passed on, and is free at no time.
	Extend(ctx context.Context, g porting.Group, made []Change, redeliver time.Time) error
	// HandOver writes a change of each of two orders, which may be of different accounts, in one transaction. A number
	// that the first gives up and the second takes goes from hand to hand, and is free at no time. Stale means that one of
	// the orders has changed since it was read.
	HandOver(ctx context.Context, from, to Change, redeliver time.Time) error
	// Commit writes one change in one transaction: the order where its version is still Before's, the events, the holds
	// taken and released, the charge, and the due dates that changed. Events with effects fall due at redeliver.
	Commit(ctx context.Context, c Change, redeliver time.Time) error
	// Draft counts n more unsigned numbers of an account. Invalid means that the account would have more of them than it
	// may (porting.UnsignedError).
	Draft(ctx context.Context, account porting.AccountID, n int) error
	// Release frees, in batches, the holds that an order has and no longer needs. It may be repeated.
	Release(ctx context.Context, o porting.Order) error
	// Undo ends an intake that was left half-way: it frees the numbers, and the orders never exist.
	Undo(ctx context.Context, d Due) error
}

// Change is one step of an order, with the events that tell it.
type Change struct {
	Before porting.Order // the zero Order for a new one
	After  porting.Order
	Events []porting.Event
	// Receipt is written in the same transaction. Where another try has its key by now, the change is Stale. Of the
	// changes of one create call, the first has it.
	Receipt *Receipt
}
