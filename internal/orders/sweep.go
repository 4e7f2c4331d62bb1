package orders

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"portway/internal/metric"
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
	// sweepLease is how long a sweep keeps an item that it works on from others.
	sweepLease = 15 * time.Minute
	// sweepReserve is the part of the caller's time that a sweep leaves for its own end. Items that are left over wait
	// for the next sweep.
	sweepReserve = 5 * time.Second
	// parkAfter is the number of failures after which staff are asked.
	parkAfter = 6
)

// Sweep does work on every item of the kind that is due at the book's time. It leases each item by moving its due date,
// so that two sweeps never work on the same one; a lease of 0 is the usual one. work reads the order again, since the
// index may lag behind. Success clears the count of failures. An item whose work fails is due again later, each time
// after a longer while, and is parked with the reason after repeated failures, where SweepParked goes on with it. It
// never stops the others.
//
// What is due follows the book's time, and leases and repetitions follow the wall clock: a sweep that runs late holds
// its items for their whole lease, and one as of a later day leaves the dates that lie before that day as they were.
func (b *Book) Sweep(ctx context.Context, kind DueKind, lease time.Duration,
	work func(context.Context, *Book, Due) error) (Swept, error) {
	at := b.Time()
	s := Swept{Kind: kind}
	if lease == 0 {
		lease = sweepLease
	}
	measured := false
	seen := map[string]bool{} // a sweep as of a later day finds the items again that it has leased
	for {
		limit := sweepPage + len(seen)
		page, err := b.Store.Due(ctx, kind, at, limit)
		if err != nil {
			return s, err
		}
		if !measured {
			measured = true
			b.MeasureDue(ctx, kind, page)
		}
		leased := false
		for _, due := range page {
			if end, ok := ctx.Deadline(); ok && time.Until(end) < sweepReserve {
				return s, nil
			}
			if seen[due.Key] {
				continue
			}
			seen[due.Key] = true
			s.Read++
			d, ok, err := b.Store.Lease(ctx, due, b.Now().UTC().Add(lease))
			if err != nil {
				return s, err
			}
			if !ok {
				continue
			}
			leased = true
			if err := Guard(func() error { return work(ctx, b.At(at), d) }); err != nil {
				s.Failed++
				parked, err := b.failed(ctx, d, due.At, err)
				if err != nil {
					return s, err
				}
				if parked {
					s.Parked++
				}
				continue
			}
			s.Done++
			if err := b.succeeded(ctx, d, due.At); err != nil {
				return s, err
			}
		}
		if len(page) < limit || !leased {
			return s, nil
		}
	}
}

// MeasureDue writes the metric DueAge of the kind: for how long the first of page has been due, the oldest of those that
// a sweep has just read. It counts by the wall clock, so that a sweep as of a later day finds nothing late.
func (b *Book) MeasureDue(ctx context.Context, kind DueKind, page []Due) {
	now := b.Now().UTC()
	var age time.Duration
	if len(page) > 0 {
		age = max(0, now.Sub(page[0].At))
	}
	metric.Gauge(ctx, now, metric.DueAge, string(kind), int(age.Seconds()))
}

// succeeded clears the failures of leased work that stays due. It puts a date back that lay ahead of the wall clock when
// the sweep took it. In the usual case there is nothing to write: the work has removed or moved the due date, or the
// item has not failed and stays due at the end of its lease.
func (b *Book) succeeded(ctx context.Context, d Due, was time.Time) error {
	if ahead := was.After(b.Now()); ahead {
		return b.Store.Succeed(ctx, d, was)
	}
	if d.Tries > 0 {
		return b.Store.Succeed(ctx, d, d.At)
	}
	return nil
}

// Guard does work on one item of many. It turns a panic into an error, so that one bad item never stops the others.
func Guard(work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in the work on one item (%T)", r)
		}
	}()
	return work()
}

// failed counts a failure of the work on d, and parks d where the work has failed too often. d is due again after a
// while, and not before the date that it had when it was taken.
func (b *Book) failed(ctx context.Context, d Due, was time.Time, cause error) (parked bool, err error) {
	slog.WarnContext(ctx, "due item failed", "order", d.Order, "kind", d.Kind, "tries", d.Tries+1, "error",
		porting.Plain(cause))
	now := b.Now().UTC()
	if d.Tries+1 >= parkAfter {
		return true, b.Store.Park(ctx, d, porting.Plain(cause), now, now.Add(parkedFor(d.Tries+1)))
	}
	next := now.Add(Backoff(d.Tries + 1))
	if was.After(next) {
		next = was
	}
	return false, b.Store.Fail(ctx, d, next)
}

// Backoff returns the time between the n-th failure and the next try. It grows with n, so that parkAfter tries take a
// day.
func Backoff(n int) time.Duration {
	steps := [...]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 4 * time.Hour, 19 * time.Hour}
	return steps[min(max(n, 1), len(steps))-1]
}
