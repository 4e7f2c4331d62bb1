package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Letter is a mail that was written and not sent: that of a sandbox's order, which never leaves.
type Mail struct {
	Order   porting.OrderID
	Version int64 // of the order after the event that it tells of
	At      time.Time
	To      string
	Subject string
	Text    string
}

// Letters keeps letters with their orders.
type Mails interface {
	// KeepLetter writes a letter; the one of an event that is there already stays.
	KeepMail(ctx context.Context, l Mail) error
	// Letters reads the latest letters of an order, oldest first: at most limit, and those before a version alone unless it is 0.
	// more says that there are earlier ones.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []Mail, more bool, err error)
}
