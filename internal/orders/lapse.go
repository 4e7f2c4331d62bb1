package orders

import (
	"context"
	"errors"
	"slices"

	"portway/internal/porting"
)

// lapseMost is how many orders give numbers up before a change is tried again.
const lapseMost = 20

// lapse has orders give up numbers that they hold against other accounts and need not: unsigned orders of an earlier
// release, and rejected ones whose time is up and which no sweep has met yet. taken is the refusal of a change that wants
// those numbers; it is Stale where one of them is free now, so that the change is tried again, else it stays as it is.
func (b *Book) lapse(ctx context.Context, taken error) error {
	var e *porting.Error
	if !errors.As(taken, &e) || e.Code != porting.Taken {
		return taken
	}
	seen := map[porting.OrderID]bool{}
	freed := false
	for _, f := range e.Faults {
		id, err := b.Store.Holder(ctx, f.Field)
		if porting.Is(err, porting.NotFound) || err == nil && seen[id] {
			continue
		}
		if err != nil {
			return err
		}
		if len(seen) == lapseMost {
			break
		}
		seen[id] = true
		o, err := b.Store.Load(ctx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(o.Holds(), o.Owner().Hold(f.Field)) && !slices.Contains(o.Holds(), f.Field) {
			// A release that knew no disputes has written it: it has no need of the number.
			if err := b.Store.Release(ctx, o); err != nil {
				return err
			}
			freed = true
			continue
		}
		o, err = b.Apply(ctx, o, porting.Lapse{By: porting.SystemBy(porting.WaySweep)})
		if err == nil && o.OwnOnly {
			err = b.Store.Release(ctx, o) // of a large order, whose transaction leaves its holds to an effect
			freed = freed || err == nil
		}
		switch {
		case err != nil && !porting.Is(err, porting.TooEarly) && !porting.Is(err, porting.WrongStatus) &&
			!porting.Is(err, porting.Stale):
			return err
		}
	}
	if freed {
		return porting.Errorf(porting.Stale, "Numbers have just become free; try again.")
	}
	return taken
}
