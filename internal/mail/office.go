package mail

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Office does the effect porting.SendMail: it writes the mail of an event and sends it to the account's porting contacts.
type Office struct {
	Composer Composer
	Sender   Sender
	// Addresses are where an account wants its porting mail. Where there are some but all of them are held, since mail to them
	// came back, there are none and held says so.
	Addresses func(context.Context, porting.AccountID) (to []string, held bool, err error)
	Now       func() time.Time
}

// Handle sends the event's mail, once however often it is called, to all addresses together. What nobody can get is done with:
// the account's contacts say why, and the order goes on (no mail holds it up).
func (f *Office) Handle(ctx context.Context, e porting.Event, o porting.Order) error {
	m, err := f.Composer.Compose(e, o)
	if err != nil {
		return err
	}
	to, held, err := f.Addresses(ctx, e.Account)
	if err != nil {
		return err
	}
	if held {
		slog.WarnContext(ctx, "mail held: all contacts bounced or complained", "order", e.Order, "event", e.Kind)
		return nil
	}
	receipt, err := f.Sender.Send(ctx, to, m, f.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "order", e.Order, "event", e.Kind, "message", receipt.MessageID,
		"before", receipt.Before, "possible_duplicate", receipt.PossibleDuplicate)
	return nil
}

// Feedbacks takes what SES tells of our mail.
type Feedbacks struct {
	Records Records
	// Hold keeps mail from the addresses on the account of the order, until the account changes or confirms them.
	Hold func(ctx context.Context, id porting.OrderID, addresses []string, complained bool) error
	// Note writes a comment on an order.
	Note func(ctx context.Context, id porting.OrderID, text string) error
}

// Take marks a mail that SES has sent, whether or not the sender lived to see it. The addresses of one that came back for good,
// or that its reader complained of, are held from now on, and a comment on the order says so. What is not about a mail of ours is
// left alone.
func (f *Feedbacks) Take(ctx context.Context, event []byte) error {
	b, err := ParseFeedback(event)
	id, aboutOrder := b.Key.Order()
	switch {
	case err != nil:
		return err
	case b.Key == (Key{}):
		return nil
	case b.Kind == Send:
		return f.Records.MarkSent(ctx, b.Key, b.MessageID)
	case b.Stops() && aboutOrder:
		if err := f.Hold(ctx, id, b.Recipients, b.Kind == Complaint); err != nil {
			return err
		}
		return f.Note(ctx, id, "A mail about this order came back. No more mail goes to that address until it is changed or confirmed among the account's contacts.")
	}
	return nil
}
