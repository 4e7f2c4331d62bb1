package lambdax

import (
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Tick is the event of a schedule: the time as of which its function sweeps. A test or a person may give another time,
// to run the sweep of that day.
type Tick struct {
	Time string `json:"time"`
	// Sandbox asks for the sweep of the sandboxes' orders, which has a schedule of its own.
	Sandbox bool `json:"sandbox"`
}

// Kind is the kind of due dates that the sweep reads: the live orders' or the sandboxes'.
func (t Tick) Kind(kind porting.DueKind) orders.DueKind {
	return orders.KindOf(orders.DueKind(kind), porting.Owner{Sandbox: t.Sandbox})
}

// At is the tick's time, or now where the tick has no readable time (the local engine does not fill it in).
func (t Tick) At(now time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339, t.Time); err == nil {
		return at
	}
	return now
}
