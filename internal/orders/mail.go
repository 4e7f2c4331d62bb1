package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Mail is a mail about a sandbox's order, which is kept and not sent.
type Mail struct {
	Order   porting.OrderID
	Version int64 // of the order after the event that the mail tells
	At      time.Time
	To      string
	Subject string
	Text    string
}

// Mails keeps mails with their orders.
type Mails interface {
	// KeepMail writes a mail. Where the event's mail is kept already, that one stays.
	KeepMail(ctx context.Context, m Mail) error
	// Mails reads the latest mails of an order, oldest first: at most limit, and only those before the version unless
	// that is 0. more says that there are earlier ones.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []Mail, more bool, err error)
}
