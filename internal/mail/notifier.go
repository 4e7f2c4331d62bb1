package mail

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Notifier carries out the effect porting.SendMail: it writes the mail of an event and sends it to the account's
// porting contacts.
type Notifier struct {
	Composer Composer
	Sender   Sender
	// Addresses finds where an account wants its porting mail. held says that there is such an address, and that mail
	// to each of them is held back because it came back.
	Addresses func(context.Context, porting.AccountID) (to []string, held bool, err error)
	Now       func() time.Time
}

// Handle sends the event's mail to all addresses together, once however often it is called. A mail that nobody can get
// is no error, since no mail holds an order up; the account's contacts say why it was not sent.
func (n *Notifier) Handle(ctx context.Context, e porting.Event, o porting.Order) error {
	m, err := n.Composer.Compose(e, o)
	if err != nil {
		return err
	}
	to, held, err := n.Addresses(ctx, e.Account)
	if err != nil {
		return err
	}
	if held {
		slog.WarnContext(ctx, "mail held: all contacts bounced or complained", "order", e.Order, "event", e.Kind)
		return nil
	}
	sent, err := n.Sender.Send(ctx, to, m, n.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "order", e.Order, "event", e.Kind, "message", sent.MessageID,
		"before", sent.Before, "possible_duplicate", sent.PossibleDuplicate)
	return nil
}
