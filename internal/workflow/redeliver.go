package workflow

import (
	"context"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Sweep works off everything of its kind that is due at the book's time.
type Sweep = func(context.Context, *orders.Book) (orders.Swept, error)

// Redeliver takes over what was left undone: events whose effects have not all followed, orders whose driver is gone, create calls
// that came to no end, and after them what the further sweeps look for, which may take long.
func Redeliver(outbox *orders.Outbox, driver *Driver, further ...Sweep) func(context.Context, *orders.Book) ([]orders.Swept, error) {
	return func(ctx context.Context, book *orders.Book) ([]orders.Swept, error) {
		var all []orders.Swept
		for _, sweep := range []struct {
			kind orders.DueKind
			work func(context.Context, *orders.Book, orders.Due) error
		}{
			{orders.DueEvent, func(ctx context.Context, _ *orders.Book, d orders.Due) error { return outbox.Deliver(ctx, d) }},
			{orders.DueIntake, func(ctx context.Context, b *orders.Book, d orders.Due) error { return b.Store.Undo(ctx, d) }},
			{orders.DueKind(porting.DueDriver), func(ctx context.Context, b *orders.Book, d orders.Due) error {
				o, err := b.Store.Load(ctx, d.Order)
				if err != nil {
					return err
				}
				return driver.Check(ctx, o)
			}},
		} {
			swept, err := book.Sweep(ctx, sweep.kind, driver.hold(sweep.kind), sweep.work)
			all = append(all, swept)
			if err != nil {
				return all, err
			}
		}
		for _, sweep := range further {
			swept, err := sweep(ctx, book)
			all = append(all, swept)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	}
}
