package account

import (
	"fmt"
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
	// For says for what a fee has come back.
	For porting.RefundFor
}

// LineKind tells why a balance has changed.
type LineKind string

// The kinds of lines.
const (
	DepositLine   LineKind = "deposit"
	PortFeeLine   LineKind = "port_fee"
	CancelFeeLine LineKind = "cancel_fee"
	RefundLine    LineKind = "refund"
)

// RefundOf names the line that an event's refund makes.
func RefundOf(e porting.Event) string {
	return fmt.Sprintf("%s#%s#%d", e.Order, RefundLine, e.Version)
}

// FeeOf returns the kind of the line that an event's charge makes.
func FeeOf(e porting.Event) LineKind {
	if e.Kind == porting.HardCancelled {
		return CancelFeeLine
	}
	return PortFeeLine
}
