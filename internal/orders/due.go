package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// DueDates are the timers of orders, which sweeps work off.
type DueDates interface {
	// Due reads what falls due at or before until, in order of time within each shard, at most limit.
	Due(ctx context.Context, kind DueKind, until time.Time, limit int) ([]Due, error)
	// Lease moves a due date to until where it still is as d has it, so that nobody else works on it before. ok is false where
	// another sweep was faster.
	Lease(ctx context.Context, d Due, until time.Time) (leased Due, ok bool, err error)
	// Fail counts a failure of the work on d, which falls due again at next.
	Fail(ctx context.Context, d Due, next time.Time) error
	// Park takes a due date out of the sweeps for good and puts it where staff see it, with the reason.
	Park(ctx context.Context, d Due, why string, at time.Time) error
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
