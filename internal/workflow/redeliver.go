package workflow

import (
	"context"
	"time"

	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Sweep works off everything that is due at the book's time.
type Sweep = func(context.Context, *orders.Book) (orders.Swept, error)

// Redeliver makes the sweep that finishes work that was left undone: parked work, which comes first since it goes back to
// the sweeps of its kind, effects of events, create calls that died half-way, and orders whose driver is gone. The
// further sweeps come last, since they may take long.
func Redeliver(
	outbox *orders.Outbox, driver *Driver, further ...Sweep,
) func(context.Context, *orders.Book) ([]orders.Swept, error) {
	deliver := func(ctx context.Context, _ *orders.Book, d orders.Due) error { return outbox.Deliver(ctx, d) }
	undo := func(ctx context.Context, book *orders.Book, d orders.Due) error { return book.Store.Undo(ctx, d) }
	// A driver that runs is checked again at the end of its lease.
	drivers := func(ctx context.Context, book *orders.Book) (orders.Swept, error) {
		standing := map[porting.Status]int{}
		swept, err := book.Sweep(ctx, orders.DueKind(porting.DueDriver), driver.Book.Rules.DriverCheck,
			func(ctx context.Context, book *orders.Book, d orders.Due) error {
				o, err := book.Store.Load(ctx, d.Order)
				if err != nil {
					return err
				}
				if !o.Sandbox {
					standing[o.Status]++
				}
				return driver.Check(ctx, o)
			})
		for status, n := range standing {
			metric.Gauge(ctx, book.Now().UTC(), metric.Orders, string(status), n)
		}
		return swept, err
	}
	sweeps := append([]Sweep{
		func(ctx context.Context, book *orders.Book) (orders.Swept, error) { return book.SweepParked(ctx) },
		sweepOf(orders.DueEvent, 0, deliver),
		sweepOf(orders.DueIntake, 0, undo),
		drivers,
	}, further...)
	return func(ctx context.Context, book *orders.Book) ([]orders.Swept, error) {
		var all []orders.Swept
		for _, sweep := range sweeps {
			swept, err := sweep(ctx, book)
			all = append(all, swept)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	}
}

// sweepOf makes the sweep of a kind. It leases each item for hold, after which the item is due again; 0 is the usual
// time.
func sweepOf(
	kind orders.DueKind, hold time.Duration, work func(context.Context, *orders.Book, orders.Due) error,
) Sweep {
	return func(ctx context.Context, book *orders.Book) (orders.Swept, error) {
		return book.Sweep(ctx, kind, hold, work)
	}
}
