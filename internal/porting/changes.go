package porting

import (
	"slices"
	"time"
)

// A submitted order changes by what its customer asks for (AskedChange), as far as the carrier agrees. The planner
// ([Rules.PlanChange]) says first what a change would take. Its status changes only when the carrier's does, and a change
// that the carrier refuses leaves the order as it was.

// WishKind is what a customer may ask for on an order that has been submitted. Kinds are stored with orders.
type WishKind string

// Another date; other details of the account; fewer numbers; more numbers, on a rejected order alone; the end of the
// order; or a date before the carrier's interval, for which carriers want a reason.
const (
	WishDate       WishKind = "date"
	WishCorrection WishKind = "correction"
	WishRemoval    WishKind = "remove_numbers"
	WishAddition   WishKind = "add_numbers"
	WishCancel     WishKind = "cancel"
	WishExpedite   WishKind = "expedite"
)

// WishKinds lists all kinds.
func WishKinds() []WishKind {
	return []WishKind{WishDate, WishCorrection, WishRemoval, WishAddition, WishCancel, WishExpedite}
}

// Wish is a change that a customer asks for.
type Wish struct {
	Kind WishKind
	// Date is the day of WishDate, and the day that WishExpedite asks for where it names one.
	Date Date
	// To has the named Fields (wire names) of WishCorrection.
	To     Details
	Fields []string
	// Numbers are those that WishRemoval takes off and WishAddition adds, in E.164. Flags are what is known of the carrier
	// of added numbers.
	Numbers []string
	Flags   CarrierFlags
	// Reason is why WishExpedite is urgent.
	Reason ExpediteReason
	// Signs says that the customer signs the LOA as it is after a correction.
	Signs     bool
	Signature Signature
	Intake    Intake // as in Sign
}

// ExpediteReason is a reason for which carriers move numbers before their interval is over (Lumen: an outage, or a medical
// emergency). Reasons are stored with orders.
type ExpediteReason string

// The reasons that carriers take.
const (
	ForOutage  ExpediteReason = "outage"
	ForMedical ExpediteReason = "medical"
)

// AskedChange is a change that was asked for, with what came of it. It holds no secret that its order does not hold.
type AskedChange struct {
	Kind  WishKind
	State ChangeState
	By    Role // the customer, or our staff for the customer
	At    time.Time
	// Ended is when it was done, refused or overtaken; zero before.
	Ended time.Time
	// Date is the day that was asked for, and From the agreed day of then.
	Date, From Date
	Numbers    []string
	// Fields are the details of a correction, and Was has their values of before until the carrier has the correction.
	Fields []string
	Was    Details
	Reason ExpediteReason
	// Fee was accepted, and is taken when the change is done.
	Fee Money
	// Outcome says what came of it; empty before the end.
	Outcome Message
}

// ChangeState is how a change stands. States are stored with orders.
type ChangeState string

// A change is asked for and still to be sent, is with the carrier, or is with our staff, who ask the carrier. It ends
// done, refused, or overtaken by something else that has become of the order.
const (
	ChangeAskedFor    ChangeState = "asked"
	ChangeWithCarrier ChangeState = "with_carrier"
	ChangeWithStaff   ChangeState = "with_staff"
	ChangeIsDone      ChangeState = "done"
	ChangeIsRefused   ChangeState = "refused"
	ChangeOvertaken   ChangeState = "overtaken"
)

// ChangeStates lists all states.
func ChangeStates() []ChangeState {
	return []ChangeState{ChangeAskedFor, ChangeWithCarrier, ChangeWithStaff, ChangeIsDone, ChangeIsRefused, ChangeOvertaken}
}

// Open says that nobody has answered yet.
func (s ChangeState) Open() bool {
	return s == ChangeAskedFor || s == ChangeWithCarrier || s == ChangeWithStaff
}

// MaxChanges is how many changes of one order are kept: more were never asked for by mistake (our decision).
const MaxChanges = 50

// OpenChange returns the change that waits for an answer; ok is false where none does. There is one at most.
func (o Order) OpenChange() (ch AskedChange, ok bool) {
	if n := len(o.Changes); n > 0 && o.Changes[n-1].State.Open() {
		return o.Changes[n-1], true
	}
	return AskedChange{}, false
}

// openChange returns the place of the open change; nil where there is none.
func (c *change) openChange() *AskedChange {
	if _, ok := c.o.OpenChange(); !ok {
		return nil
	}
	return &c.o.Changes[len(c.o.Changes)-1]
}

// CancelAsked says that the carrier is asked to end the request since the order is to end: a supplement of type 1. The
// mark is the type of what is asked, so that it outlives functions that know no changes.
func (o Order) CancelAsked() bool { return o.Withdrawing && o.Resend == SupCancel && o.withCarrier() }

// changing returns the open change that is, or is to be, asked of the carrier by a request.
func (o Order) changing() (AskedChange, bool) {
	ch, ok := o.OpenChange()
	return ch, ok && ch.Kind != WishCancel && ch.State != ChangeWithStaff && o.withCarrier()
}

// AsAsked returns the order as the next request says it: without the numbers that the customer asks to leave out.
func (o Order) AsAsked() Order {
	ch, ok := o.changing()
	if !ok || ch.Kind != WishRemoval {
		return o
	}
	o.Numbers = slices.Clone(o.Numbers)
	for i, n := range o.Numbers {
		if slices.Contains(ch.Numbers, n.TN) {
			o.Numbers[i].State = Excluded
		}
	}
	return o
}

// movedFrom is the agreed date before the last one that the customer has moved: the old carrier may still cut the line
// on it (Telnyx's guide). It is empty where nothing was moved.
func (o Order) movedFrom() Date {
	for _, ch := range slices.Backward(o.Changes) {
		if ch.Kind == WishDate && ch.State == ChangeIsDone {
			return ch.From
		}
	}
	return ""
}
