package mail

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Drawer is where the mail of a sandbox's orders goes: written as any other, and kept where its customer may read it.
type Drawer struct {
	Composer Composer
	// Address is where an account wants its porting mail; empty when it has given none.
	Address func(context.Context, porting.AccountID) (string, error)
	Keep    func(context.Context, orders.Mail) error
	Now     func() time.Time
}

// Or does the effect porting.SendMail: what is a sandbox's stays in the drawer, everything else goes by post.
func (d *Drawer) Or(post orders.Handler) orders.Handler {
	return func(ctx context.Context, e porting.Event, o porting.Order) error {
		if !o.Sandbox {
			return post(ctx, e, o)
		}
		m, err := d.Composer.Compose(e, o)
		if err != nil {
			return err
		}
		to, err := d.Address(ctx, e.Account)
		if err != nil {
			return err
		}
		return d.Keep(ctx, orders.Mail{Order: e.Order, Version: e.Version, At: d.Now().UTC(), To: to, Subject: m.Subject, Text: m.Text})
	}
}
