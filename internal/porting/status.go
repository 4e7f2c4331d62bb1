package porting

import (
	"slices"
	"strings"
)

// Status is the public state of an order, in its wire form (D-STA, D-HOOK).
type Status string

// The ten statuses. None is the order that does not exist yet.
const (
	None         Status = ""
	Pending      Status = "pending"
	Processing   Status = "processing"
	Submitted    Status = "submitted"
	Accepted     Status = "accepted"
	Rejected     Status = "rejected"
	Review       Status = "review"
	Completed    Status = "completed"
	Cancelled    Status = "cancelled"
	Abandoned    Status = "abandoned"
	HardCanceled Status = "hard_canceled"
)

// Statuses in the order of an order's life.
var statuses = [...]struct {
	status Status
	turn   Turn
}{
	{Pending, TurnCustomer},
	{Processing, TurnStaff},
	{Submitted, TurnCarrier},
	{Accepted, TurnCalendar},
	{Rejected, TurnCustomer},
	{Review, TurnStaff},
	{Completed, TurnNobody},
	{Cancelled, TurnNobody},
	{Abandoned, TurnNobody},
	{HardCanceled, TurnNobody},
}

// Turn says whose move it is. Clocks, mail and the group summary follow it.
type Turn string

// Whose move it is. Staff stands for all of us, the system's own work included.
const (
	TurnNobody   Turn = ""
	TurnCustomer Turn = "customer"
	TurnStaff    Turn = "staff"
	TurnCarrier  Turn = "carrier"
	TurnCalendar Turn = "calendar"
)

// ParseStatus reads a status from the wire; the American spelling of cancelled is taken too.
func ParseStatus(s string) (Status, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "canceled":
		s = string(Cancelled)
	case "hard_cancelled":
		s = string(HardCanceled)
	}
	for _, row := range statuses {
		if string(row.status) == s {
			return row.status, true
		}
	}
	return None, false
}

// Turn says whose move it is in this status, unless a person of ours is asked (Order.Turn).
func (s Status) Turn() Turn {
	for _, row := range statuses {
		if row.status == s {
			return row.turn
		}
	}
	return TurnNobody
}

// Rank is the place of the status in an order's life.
func (s Status) Rank() int {
	for i, row := range statuses {
		if row.status == s {
			return i
		}
	}
	return len(statuses)
}

// Terminal says that nothing can happen to the order any more.
func (s Status) Terminal() bool { return s != None && s.Turn() == TurnNobody }

// Live says that the order exists and is not over.
func (s Status) Live() bool { return s.Turn() != TurnNobody }

// statusSet is a set of statuses, in table order.
type statusSet []Status

func in(s ...Status) statusSet { return s }

func (set statusSet) has(s Status) bool {
	for _, x := range set {
		if x == s {
			return true
		}
	}
	return false
}

var (
	fresh   = in(None)
	live    = in(Pending, Processing, Submitted, Accepted, Rejected, Review)
	working = in(Processing, Submitted, Accepted, Review)
	// asking are the statuses in which a peer may have a request of the order.
	asking = in(Submitted, Accepted, Rejected, Review, Cancelled, Abandoned, HardCanceled)
	// onSwitch are those in which numbers may be on our switch: a date was agreed at some time.
	onSwitch = in(Submitted, Accepted, Rejected, Review, Completed, Cancelled, Abandoned, HardCanceled)
	// askable are those in which a person of ours may be asked about the order.
	askable = in(Processing, Submitted, Accepted, Rejected, Review, Cancelled, Abandoned, HardCanceled)
	// existing is every status but none: a machine may still run when its order is over.
	existing = append(slices.Clone(live), Completed, Cancelled, Abandoned, HardCanceled)
)
