package account

import (
	"time"

	"portway/internal/porting"
)

// Line is one change of a balance.
type Line struct {
	// Place is the store's own name of the line. Places sort by time.
	Place  string
	At     time.Time
	Kind   LineKind
	Amount porting.Money // negative for a charge
	// Order has paid the fee; Reference is the reference of the deposit. A line has one of the two.
	Order     porting.OrderID
	Reference string
}

// LineKind tells why a balance has changed.
type LineKind string

// The kinds of lines.
const (
	DepositLine   LineKind = "deposit"
	PortFeeLine   LineKind = "port_fee"
	CancelFeeLine LineKind = "cancel_fee"
)

// FeeOf returns the kind of the line that an event's charge makes.
func FeeOf(e porting.Event) LineKind {
	if e.Kind == porting.HardCancelled {
		return CancelFeeLine
	}
	return PortFeeLine
}
