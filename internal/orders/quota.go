package orders

import (
	"context"
	"slices"
	"time"

	"portway/internal/porting"
)

// Misses returns the times at which the unproven order was compared with the number's record and differed
// (porting.Quota), and those of the account's other orders with its first number. It leaves out orders that have not
// changed within the quota's days, and orders of which no carrier was asked. The orders of a sandbox and live orders are
// counted apart.
func (b *Book) Misses(ctx context.Context, o porting.Order) ([]time.Time, error) {
	all := slices.Clone(o.Misses)
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
		all = append(all, other.Misses...)
	}
	return all, nil
}
