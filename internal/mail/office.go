package mail

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Office does the effect porting.SendMail: it writes the mail of an event and sends it to the account's porting address.
type Office struct {
	Composer Composer
	Sender   Sender
	// Address is where an account wants its porting mail; empty when it has given none.
	Address func(context.Context, porting.AccountID) (string, error)
	Now     func() time.Time
}

// Handle sends the event's mail, once however often it is called.
func (f *Office) Handle(ctx context.Context, e porting.Event, o porting.Order) error {
	m, err := f.Composer.Compose(e, o)
	if err != nil {
		return err
	}
	to, err := f.Address(ctx, e.Account)
	if err != nil {
		return err
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
	// Note writes a comment on an order.
	Note func(ctx context.Context, id porting.OrderID, text string) error
}

// Take marks a mail that SES has sent, whether or not the sender lived to see it. Of one that came back for good, or that its
// reader complained of, it writes a comment on the order and does no more: later mails go to the same address until the account
// changes it. What is not about a mail of ours is left alone.
func (f *Feedbacks) Take(ctx context.Context, event []byte) error {
	b, err := ParseFeedback(event)
	switch {
	case err != nil:
		return err
	case b.Key == "":
		return nil
	case b.Kind == Send:
		return f.Records.MarkSent(ctx, b.Key, b.MessageID)
	case b.Stops() && b.aboutOrder():
		return f.Note(ctx, porting.OrderID(b.Order), "A mail about this order came back from the account's porting address. Please check the address.")
	}
	return nil
}
