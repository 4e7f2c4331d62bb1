package lambdax

import (
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Tick is what a schedule hands to its function: the time it stands for. Handing over another one tells that day's sweep.
type Tick struct {
	Time string `json:"time"`
	// Sandbox asks for the sandboxes' sweep, which has a schedule of its own.
	Sandbox bool `json:"sandbox"`
}

// Kind is what the sweep looks for.
func (t Tick) Kind(kind porting.DueKind) orders.DueKind {
	return orders.KindOf(orders.DueKind(kind), porting.Owner{Sandbox: t.Sandbox})
}

// At is the tick's time, or now where there is none that can be read (a local engine does not fill it in).
func (t Tick) At(now time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339, t.Time); err == nil {
		return at
	}
	return now
}
