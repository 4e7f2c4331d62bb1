package orders

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Swept is what a sweep did.
type Swept struct {
	Kind   DueKind `json:"kind"`
	Read   int     `json:"read"`
	Done   int     `json:"done"`
	Failed int     `json:"failed"`
	Parked int     `json:"parked"`
}

const (
	sweepPage = 100
	// sweepHold is how long a claimed item is left to the one who claimed it.
	sweepHold = 15 * time.Minute
	// sweepReserve is kept of the caller's time for the end of the sweep; what is left over is swept the next time.
	sweepReserve = 5 * time.Second
	// parkAfter is how often something may fail before staff are asked.
	parkAfter = 6
)

// Sweep does work for everything of the kind that is due at the book's time. Each is claimed by moving its due date, so that
// two sweeps never do the same; work reads the order again, since the index may lag. One that fails is tried again later,
// ever later, and after repeated failures parked with the reason; it never stops the others.
func (b *Book) Sweep(ctx context.Context, kind DueKind, hold time.Duration, work func(context.Context, *Book, Due) error) (Swept, error) {
	at := b.Time()
	s := Swept{Kind: kind}
	if hold == 0 {
		hold = sweepHold
	}
	for {
		page, err := b.Store.Due(ctx, kind, at, sweepPage)
		if err != nil {
			return s, err
		}
		claimed := 0
		for _, d := range page {
			if end, ok := ctx.Deadline(); ok && time.Until(end) < sweepReserve {
				return s, nil
			}
			s.Read++
			d, ok, err := b.Store.Lease(ctx, d, at.Add(hold))
			if err != nil {
				return s, err
			}
			if !ok {
				continue
			}
			claimed++
			if err := Guard(func() error { return work(ctx, b.At(at), d) }); err != nil {
				s.Failed++
				parked, err := b.failed(ctx, d, at, err)
				if err != nil {
					return s, err
				}
				if parked {
					s.Parked++
				}
				continue
			}
			s.Done++
		}
		if len(page) < sweepPage || claimed == 0 {
			return s, nil
		}
	}
}

// Guard does work on one item of many. It makes a panic an error, so that one bad item never stops the others.
func Guard(work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in the work on one item (%T)", r)
		}
	}()
	return work()
}

// failed counts the failure, and parks what has failed too often.
func (b *Book) failed(ctx context.Context, d Due, at time.Time, cause error) (parked bool, err error) {
	slog.WarnContext(ctx, "due item failed", "order", d.Order, "kind", d.Kind, "tries", d.Tries+1, "error", porting.Plain(cause))
	if d.Tries+1 >= parkAfter {
		return true, b.Store.Park(ctx, d, porting.Plain(cause), at)
	}
	return false, b.Store.Fail(ctx, d, at.Add(Backoff(d.Tries+1)))
}

// Backoff is the time between the n-th failure and the next try: it grows so that parkAfter tries span a day.
func Backoff(n int) time.Duration {
	steps := [...]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 4 * time.Hour, 19 * time.Hour}
	return steps[min(max(n, 1), len(steps))-1]
}
