package orders

import (
	"context"

	"portway/internal/porting"
)

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
	if Is(err, porting.TooEarly) || Is(err, porting.NotFound) {
		return nil // the index was behind the order
	}
	return err
}
