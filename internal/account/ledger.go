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
	// Order has paid the fee. Reference is the reference of a deposit, and tells of a fee what counts for it that another
	// order has paid.
	Order     porting.OrderID
	Reference string
	// For says for what a fee has come back, and Change for which change a fee was taken.
	For    porting.RefundFor
	Change porting.WishKind
}

// LineKind tells why a balance has changed.
type LineKind string

// The kinds of lines.
const (
	DepositLine   LineKind = "deposit"
	PortFeeLine   LineKind = "port_fee"
	CancelFeeLine LineKind = "cancel_fee"
	ChangeFeeLine LineKind = "change_fee"
	RefundLine    LineKind = "refund"
)

// RefundOf names the line that an event's refund makes.
func RefundOf(e porting.Event) string {
	return fmt.Sprintf("%s#%s#%d", e.Order, RefundLine, e.Version)
}

// FeeOf returns the kind of the line that an event's charge makes. The kind of the event decides, which functions of all
// releases keep.
func FeeOf(e porting.Event) LineKind {
	switch e.Kind {
	case porting.HardCancelled:
		return CancelFeeLine
	case porting.ChangeAsked, porting.ChangeDone, porting.FOCMoved, porting.AttemptSent, porting.Withdrew:
		return ChangeFeeLine
	}
	return PortFeeLine
}

// ReferenceOf says what counts for an event's charge that another order has paid; empty for nothing.
func ReferenceOf(e porting.Event) string {
	if e.Credit == 0 {
		return ""
	}
	return fmt.Sprintf("less $%s paid for order %s", e.Credit.Dollars(), e.CreditOf)
}

// ChargeOf names the line that an event's charge makes. An order has its port fee and its cancellation's fee once, and the
// fee of a change for each of them.
func ChargeOf(e porting.Event) string {
	if kind := FeeOf(e); kind != ChangeFeeLine {
		return fmt.Sprintf("%s#%s", e.Order, kind)
	}
	return fmt.Sprintf("%s#%s#%d", e.Order, ChangeFeeLine, e.Version)
}

// MayLeaveDebt says that the event's charge is taken whatever the balance is: the fee was accepted before, and what it is for
// has happened.
func MayLeaveDebt(e porting.Event) bool { return FeeOf(e) != PortFeeLine }
