package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

const (
	few, many = 1_000, 20_000 // live orders
	dueOrders = 50
	page      = 100 // of a sweep

	fillLimit = 150 * time.Second
	// A reminder falls due 31 days (45 less 14) after a pending order was made. The orders that are due were made
	// before that.
	longAgo = 40 * 24 * time.Hour
)

// sweeps reads the orders that are due among few live orders, then among many, and compares the items that the queries
// read.
func sweeps(ctx context.Context, progress func(string)) ([]Figure, error) {
	t, err := newTable(ctx)
	if err != nil {
		return nil, err
	}
	defer t.close()
	ctx, cancel := context.WithTimeoutCause(ctx, fillLimit, errors.New("the table took too long to fill"))
	defer cancel()
	if err := t.fill(ctx, 0, dueOrders, time.Now().Add(-longAgo)); err != nil {
		return nil, err
	}
	if err := t.fill(ctx, dueOrders, few, time.Now()); err != nil {
		return nil, err
	}
	before, err := t.due(ctx)
	if err != nil {
		return nil, err
	}
	figures := []Figure{reads(few, before)}
	begin := time.Now()
	if err := t.fill(ctx, few, many, time.Now()); err != nil {
		return figures, err
	}
	progress(fmt.Sprintf("made %d orders in %.0f s", many-few, time.Since(begin).Seconds()))
	after, err := t.due(ctx)
	if err != nil {
		return figures, err
	}
	f := reads(many, after)
	f.Goal, f.Met = fmt.Sprintf("%d, as among %d", before.scanned, few), after.scanned == before.scanned
	return append(figures, f), nil
}

func reads(live int, c cost) Figure {
	return Figure{What: fmt.Sprintf("items read among %d live orders", live),
		Value: fmt.Sprintf("%2d, by %s and %.1f units", c.scanned, count(c.reads, "read"), c.readUnits)}
}

// due reads what is due, as the sweep does.
func (t *table) due(ctx context.Context) (cost, error) {
	return t.meter.of(func() error {
		due, err := t.store.Due(ctx, orders.DueKind(porting.DueClock), time.Now(), page)
		if err == nil && len(due) != dueOrders {
			err = fmt.Errorf("%d orders are due, not %d", len(due), dueOrders)
		}
		return err
	})
}

// fill makes the orders numbered from first to before last, as of a time, with one number each, by the store's own
// Open.
func (t *table) fill(ctx context.Context, first, last int, at time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	book := *t.book.At(at)
	book.Store = t.on() // without the meter, which lets one request through at a time
	var next atomic.Int64
	next.Store(int64(first))
	var all sync.WaitGroup
	for range 2 * runtime.NumCPU() {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < last && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				_, _, err := book.Create(ctx, draft(n))
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func draft(n int) orders.Draft {
	return orders.Draft{
		By: porting.CustomerBy(""), Account: owner,
		Details: porting.Details{
			Alias: fmt.Sprintf("Shop %d", n), BillingName: "Jane Roe", Company: "Paper Kite Bakery",
			Provider:        "Example Telco",
			ProviderAccount: porting.NewSecret("000123"), PIN: porting.NewSecret("4321"), UsageType: porting.Business,
			Street: "12 Example Ave", City: "Seattle", State: "WA", Zip: "98104", Country: "US",
		},
		Lines: []porting.Line{{TN: numbers(n, 1)[0], Kind: porting.Local, Country: "US",
			Carrier: porting.Carrier{SPID: "8303", Name: "Example Telco"}}},
	}
}
