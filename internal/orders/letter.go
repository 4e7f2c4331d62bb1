package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Letter is a mail that was written and not sent: that of a sandbox's order, which never leaves.
type Letter struct {
	Order   porting.OrderID
	Version int64 // of the order after the event that it tells of
	At      time.Time
	To      string
	Subject string
	Text    string
}

// Letters keeps letters with their orders.
type Letters interface {
	// KeepLetter writes a letter; the one of an event that is there already stays.
	KeepLetter(ctx context.Context, l Letter) error
	// Letters reads those of an order, oldest first.
	Letters(ctx context.Context, id porting.OrderID) ([]Letter, error)
}
