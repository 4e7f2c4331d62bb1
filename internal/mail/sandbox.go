package mail

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Sandbox keeps the mail of sandboxes' orders for its customer to read, in place of sending it. The mail is written as
// any other.
type Sandbox struct {
	Composer Composer
	// Address finds where an account wants its porting mail; it is empty where the account has given none.
	Address func(context.Context, porting.AccountID) (string, error)
	Keep    func(context.Context, orders.Mail) error
	// Page is as the Notifier's.
	Page Pages
	Now  func() time.Time
}

// Or carries out the effect porting.SendMail: the mail of a sandbox's order is kept, and every other mail is left to
// send.
func (s *Sandbox) Or(send orders.Handler) orders.Handler {
	return func(ctx context.Context, e porting.Event, o porting.Order) error {
		if !o.Sandbox {
			return send(ctx, e, o)
		}
		if moot(e, o) {
			return nil
		}
		to, err := s.Address(ctx, e.Account)
		if err != nil {
			return err
		}
		var reader Reader
		if s.Page != nil && to != "" {
			if reader, err = s.Page(ctx, o, to); err != nil {
				return err
			}
		}
		m, err := s.Composer.For(reader).Compose(e, o, reader.Page)
		if err != nil {
			return err
		}
		return s.Keep(ctx, orders.Mail{Order: e.Order, Version: e.Version, At: s.Now().UTC(), To: to,
			Subject: m.Subject, Text: m.Text})
	}
}
