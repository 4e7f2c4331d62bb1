package account

import (
	"context"
	"errors"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Revise writes the change that decide makes of the account and its keys as they are read.
func Revise(ctx context.Context, s Store, id porting.AccountID, decide func(Account, []Key) (Change, error)) error {
	_, err := orders.Retry(func(int) (Change, error) {
		a, keys, err := s.Keys(ctx, id)
		if err != nil {
			return Change{}, err
		}
		c, err := decide(a, keys)
		if err != nil {
			return Change{}, err
		}
		return c, s.Amend(ctx, c)
	})
	return err
}

// BlockAddresses blocks mail to addresses of the account, for which SES has reported a bounce or a complaint.
func BlockAddresses(ctx context.Context, s Store, id porting.AccountID, addresses []string, why Block,
	now time.Time) error {
	nothing := errors.New("they are blocked already, or gone")
	err := Revise(ctx, s, id, func(a Account, _ []Key) (Change, error) {
		c, ok := BlockMail(a, addresses, why, now)
		if !ok {
			return c, nothing
		}
		return c, nil
	})
	if errors.Is(err, nothing) {
		return nil
	}
	return err
}

// OrderReader reads an order.
type OrderReader interface {
	Load(ctx context.Context, id porting.OrderID) (porting.Order, error)
}

// Blocker returns a function that blocks addresses on the account of an order.
// Blocker is Undeliverable for the account that an order is of.
func Blocker(s Store, of OrderReader,
	now func() time.Time) func(_ context.Context, id porting.OrderID, addresses []string, complained bool) error {
	return func(ctx context.Context, id porting.OrderID, addresses []string, complained bool) error {
		o, err := of.Load(ctx, id)
		if err != nil {
			return err
		}
		why := Bounced
		if complained {
			why = Complained
		}
		return BlockAddresses(ctx, s, o.Account, addresses, why, now().UTC())
	}
}
