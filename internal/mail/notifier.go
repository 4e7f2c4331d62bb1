package mail

import (
	"context"
	"errors"
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
	// Page makes the link of a person to the order's page. Where Page is nil, mails show the calls of the API.
	Page Pages
	Now  func() time.Time
}

// Pages finds what the mail of a person has of its own.
type Pages = func(ctx context.Context, o porting.Order, to string) (Reader, error)

// Reader is what a mail has for its one reader.
type Reader struct {
	Link     string           // the id of the reader's link
	Page     string           // the address that the link opens; empty for a reader who gets none
	Language porting.Language // empty for English
}

// Handle sends the event's mail, once to each address however often it is called. With pages each address gets a mail of
// its own, with a link of its own, so that a link says who has it. A mail that nobody can get is no error, since no mail
// holds an order up; the account's contacts say why it was not sent.
func (n *Notifier) Handle(ctx context.Context, e porting.Event, o porting.Order) error {
	if moot(e, o) {
		return nil
	}
	if _, err := n.Composer.Compose(e, o, ""); err != nil {
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
	if n.Page == nil || len(to) == 0 {
		return n.send(ctx, e, o, to, Reader{})
	}
	var all []error
	for _, one := range to {
		reader, err := n.Page(ctx, o, one)
		if err == nil {
			err = n.send(ctx, e, o, []string{one}, reader)
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

// moot says that the mail would ask for what was done before it could be sent: a signature that was given with the order, or
// to be ready for a day that is no longer the agreed one.
func moot(e porting.Event, o porting.Order) bool {
	switch e.Kind {
	case porting.Created:
		return o.Status != porting.Pending
	case porting.DayAnnounced:
		return o.Status != porting.Accepted || o.FOC != e.FOC
	}
	return false
}

func (n *Notifier) send(ctx context.Context, e porting.Event, o porting.Order, to []string, r Reader) error {
	m, err := n.Composer.For(r).Compose(e, o, r.Page)
	if err != nil {
		return err
	}
	m.Key.To = r.Link
	sent, err := n.Sender.Send(ctx, to, m, n.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "order", e.Order, "event", e.Kind, "link", r.Link, "message", sent.MessageID,
		"before", sent.Before, "possible_duplicate", sent.PossibleDuplicate)
	return nil
}
