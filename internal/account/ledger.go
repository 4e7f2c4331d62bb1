package account

import (
	"time"

	"portway/internal/porting"
)

// Line is one change of a balance.
type Line struct {
	// Place is the store's own name of the line, in the order of time.
	Place  string
	At     time.Time
	Kind   LineKind
	Amount porting.Money // negative for a charge
	// Order is the order that a fee is for, Reference what a deposit came by.
	Order     porting.OrderID
	Reference string
}

// LineKind is what a change of a balance was.
type LineKind string

// The kinds of lines.
const (
	DepositLine   LineKind = "deposit"
	PortFeeLine   LineKind = "port_fee"
	CancelFeeLine LineKind = "cancel_fee"
)

// FeeOf is the kind of line that an event's charge makes.
func FeeOf(e porting.Event) LineKind {
	if e.Kind == porting.HardCancelled {
		return CancelFeeLine
	}
	return PortFeeLine
}
