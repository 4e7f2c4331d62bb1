package account

import (
	"context"
	"errors"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Revise changes an account by what decide makes of it as it is read with its keys.
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

// Undeliverable holds mail to the addresses back, of which SES says that mail there does no good.
func Undeliverable(ctx context.Context, s Store, id porting.AccountID, addresses []string, why Hold, now time.Time) error {
	nothing := errors.New("they are held already, or gone")
	err := Revise(ctx, s, id, func(a Account, _ []Key) (Change, error) {
		c, ok := HoldMail(a, addresses, why, now)
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

// Holder is Undeliverable for the account that an order is of.
func Holder(s Store, of OrderReader, now func() time.Time) func(context.Context, porting.OrderID, []string, bool) error {
	return func(ctx context.Context, id porting.OrderID, addresses []string, complained bool) error {
		o, err := of.Load(ctx, id)
		if err != nil {
			return err
		}
		why := Bounced
		if complained {
			why = Complained
		}
		return Undeliverable(ctx, s, o.Account, addresses, why, now().UTC())
	}
}
