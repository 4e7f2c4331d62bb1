package orders

import (
	"context"

	"portway/internal/porting"
)

// bySweep gives the commands of the sweeps.
var bySweep = porting.SystemBy(porting.WaySweep)

// SweepCustomers sweeps what is due from customers: their clocks, the papers that run out, and the disputes between
// them. kind makes the kind of a sweep from that of an order's due date, which differs for sandboxes.
func SweepCustomers(ctx context.Context, b *Book, kind func(porting.DueKind) DueKind) ([]Swept, error) {
	clocks, err := b.Sweep(ctx, kind(porting.DueClock), 0, Clock)
	if err != nil {
		return []Swept{clocks}, err
	}
	papers, err := b.Sweep(ctx, kind(porting.DuePapers), 0, Papers)
	if err != nil {
		return []Swept{clocks, papers}, err
	}
	disputes, err := b.SweepDisputes(ctx, kind)
	return []Swept{clocks, papers, disputes}, err
}

// Papers asks the customer for a fresh paper in place of one that is about to run out.
func Papers(ctx context.Context, b *Book, d Due) error {
	_, err := b.Do(ctx, d.Order, porting.AskRenewal{By: bySweep})
	if porting.Is(err, porting.TooEarly) || porting.Is(err, porting.WrongStatus) || porting.Is(err, porting.NotFound) {
		return nil // the index was behind the order
	}
	return err
}

// Clock ends an order when its customer's 45 days are over, and reminds the customer before. A rejected order's hold on
// numbers of which no carrier was asked lapses. The customer of an accepted order is told the day before the numbers move.
func Clock(ctx context.Context, b *Book, d Due) error {
	_, err := b.Change(ctx, d.Order, func(o porting.Order) (porting.Command, error) {
		switch end := b.Rules.End(o); {
		case b.Rules.Announces(o, b.Time()):
			return porting.Announce{By: bySweep}, nil
		case end.IsZero(): // no longer the customer's move
			return nil, nil
		case !end.After(b.Time()):
			return porting.Expire{By: bySweep}, nil
		}
		if lapses := b.Rules.Lapses(o); !lapses.IsZero() && !lapses.After(b.Time()) {
			return porting.Lapse{By: bySweep}, nil
		}
		return porting.Remind{By: bySweep}, nil
	})
	if porting.Is(err, porting.TooEarly) || porting.Is(err, porting.NotFound) {
		return nil // the index was behind the order
	}
	return err
}
