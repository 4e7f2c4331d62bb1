package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// DueDates keeps the timers of orders, which sweeps work off.
type DueDates interface {
	// Due reads what falls due at or before until, in order of time within each shard, at most limit.
	Due(ctx context.Context, kind DueKind, until time.Time, limit int) ([]Due, error)
	// Lease moves a due date to until where it still is as d has it, so that nobody else works on it before. ok is
	// false where another sweep was faster.
	Lease(ctx context.Context, d Due, until time.Time) (leased Due, ok bool, err error)
	// Succeed clears the failures of leased work that has succeeded and stays due, and lets it fall due at next. Work
	// whose due date has changed in between stays as it is.
	Succeed(ctx context.Context, d Due, next time.Time) error
	// Fail counts a failure of the work on d, which falls due again at next.
	Fail(ctx context.Context, d Due, next time.Time) error
	// Park puts a due date whose work has failed too often where staff see it, with the reason. It is due again among
	// what is parked (DueParked) at next. It counts as parked since at, unless it was parked before.
	Park(ctx context.Context, d Due, why string, at, next time.Time) error
	// Unpark returns what is parked to its own kind, where it is due at at, and tells how it stood. It keeps the count of
	// failures, so that one more parks it again. ok is false where it is not parked any more as d has it.
	Unpark(ctx context.Context, d Due, at time.Time) (q Queued, ok bool, err error)
	// Queued reads why staff see a due date, of the kinds DueDesk and DueParked.
	Queued(ctx context.Context, d Due) (Queued, error)
}

// Queued is a row of the staff's queue.
type Queued struct {
	// Kind is the kind of the work that was parked, and DueDesk for a question.
	Kind DueKind
	// Why is the question to staff, or the last failure.
	Why porting.Message
	// Since is when the question was asked, or when the work was first parked.
	Since time.Time
	// Tries counts the failures in a row.
	Tries int
}

// DueKind says what a sweep looks for: a kind of due date of an order (porting.DueKind), or of the store itself.
type DueKind string

// The kinds of the store itself. Nothing sweeps the questions to staff: an answer takes them away.
const (
	DueEvent  DueKind = "event"  // an event from which effects still have to follow
	DueIntake DueKind = "intake" // a large create call that has not ended
	DueDesk   DueKind = "desk"   // a question to staff, due since it was asked
	DueParked DueKind = "parked" // work that failed too often, due when it is tried again
)

// KindOf returns the kind among which an order's due date, or its question to the desk, falls due. The orders of a
// sandbox have kinds of their own. Their days are short, so that a sweep as of a later day would end all of them, and
// no person answers their questions. Whether a driver is alive is checked for all orders in the same way.
func KindOf(kind DueKind, w porting.Owner) DueKind {
	if w.Sandbox && kind != DueKind(porting.DueDriver) {
		return "sandbox-" + kind
	}
	return kind
}

// Due is one item that falls due.
type Due struct {
	Kind  DueKind
	Key   string // the store's name of the item
	Order porting.OrderID
	At    time.Time
	Tries int     // the failures so far; Lease reads them
	Of    DueKind // the kind of the work, where Kind is DueParked
}
