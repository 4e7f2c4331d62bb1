package orders

import (
	"context"
	"slices"
	"time"

	"portway/internal/porting"
)

// Lookups returns the instants at which carriers were asked for the record of the order's number, for all orders of its
// account that have or had the number (porting.Quota).
func (b *Book) Lookups(ctx context.Context, o porting.Order) ([]time.Time, error) {
	return b.counted(ctx, o, func(o porting.Order) []time.Time { return o.Lookups })
}

// Misses returns the instants at which unproven orders of the account were compared with the record of the order's
// number and differed.
func (b *Book) Misses(ctx context.Context, o porting.Order) ([]time.Time, error) {
	return b.counted(ctx, o, func(o porting.Order) []time.Time { return o.Misses })
}

// counted collects instants of the order and of the account's other orders with its first number, by which its record is
// asked for. Orders that have not changed within the quota's days have none that count, and neither has one of which no
// carrier was asked. The orders of a sandbox are another owner's.
func (b *Book) counted(ctx context.Context, o porting.Order, of func(porting.Order) []time.Time) ([]time.Time, error) {
	all := slices.Clone(of(o))
	active := o.Active()
	if len(active) == 0 {
		return all, nil
	}
	since := b.Time().AddDate(0, 0, -b.Rules.Quota.Days)
	others, err := b.Store.List(ctx, o.Account, Filter{Numbers: active[:1], Sandbox: o.Sandbox, ModifiedAfter: since})
	if err != nil {
		return nil, err
	}
	for _, listed := range others {
		switch listed.Status {
		case porting.Pending, porting.Processing, porting.Cancelled:
			continue
		}
		if listed.ID == o.ID {
			continue
		}
		other, err := b.Store.Load(ctx, listed.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, of(other)...)
	}
	return all, nil
}
