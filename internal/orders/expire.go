package orders

import (
	"context"

	"portway/internal/porting"
)

// SweepCustomers sweeps what is due from customers: their clocks, and the papers that run out. kind names what a sweep looks for.
func SweepCustomers(ctx context.Context, b *Book, kind func(porting.DueKind) DueKind) ([]Swept, error) {
	clocks, err := b.Sweep(ctx, kind(porting.DueClock), 0, Clock)
	if err != nil {
		return []Swept{clocks}, err
	}
	papers, err := b.Sweep(ctx, kind(porting.DuePapers), 0, Papers)
	return []Swept{clocks, papers}, err
}

// Papers asks for a paper anew that is about to run out.
func Papers(ctx context.Context, b *Book, d Due) error {
	_, err := b.Do(ctx, d.Order, porting.AskRenewal{By: porting.By{Role: porting.System}})
	if porting.Is(err, porting.TooEarly) || porting.Is(err, porting.WrongStatus) || porting.Is(err, porting.NotFound) {
		return nil // the index was behind the order
	}
	return err
}

// Clock works on an order whose customer's clock is due: it ends when the 45 days are up, and is reminded before.
func Clock(ctx context.Context, b *Book, d Due) error {
	system := porting.By{Role: porting.System}
	_, err := b.Change(ctx, d.Order, func(o porting.Order) (porting.Command, error) {
		switch end := b.Rules.End(o); {
		case end.IsZero(): // no longer the customer's move
			return nil, nil
		case !end.After(b.Time()):
			return porting.Expire{By: system}, nil
		}
		return porting.Remind{By: system}, nil
	})
	if porting.Is(err, porting.TooEarly) || porting.Is(err, porting.NotFound) {
		return nil // the index was behind the order
	}
	return err
}
