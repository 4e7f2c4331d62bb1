package porting

import (
	"slices"
	"time"
)

// Choice is a way in which an order may go on that only its customer can choose. Nothing is chosen silently.
type Choice struct {
	Kind ChoiceKind
	// Reason is the one that the choice answers; empty where the order was not refused.
	Reason ReasonCode
	// Day is the day of the choice; empty for the earliest one.
	Day Date
	// Other is the order of the group that has the day already.
	Other OrderID
}

// ChoiceKind names a choice.
type ChoiceKind string

// After a refusal since the end user is not ready, the customer names another day, or confirms that the end user is
// ready on the wished one. Where an order of a group has got another day than the one that all were to have, the others
// may follow it.
const (
	ChooseAnotherDay ChoiceKind = "another_day"
	ChooseSameDay    ChoiceKind = "keep_day"
	ChooseGroupDay   ChoiceKind = "group_day"
)

// ChoiceKinds lists them.
func ChoiceKinds() []ChoiceKind {
	return []ChoiceKind{ChooseAnotherDay, ChooseSameDay, ChooseGroupDay}
}

// MaxChoices is how many choices an order has at most.
const MaxChoices = 2 + nearestDays

// Choices are the choices of the order's customer now. The group has the orders of its group, this one among them or
// not.
func (r Rules) Choices(o Order, group []Order, now time.Time) []Choice {
	if o.Status == Rejected && slices.ContainsFunc(o.Reasons, func(x Reason) bool { return x.Code == JeopardyCustomer }) {
		return r.readyChoices(o, now)
	}
	if c, ok := r.groupDay(o, group, now); ok {
		return []Choice{c}
	}
	return nil
}

// readyChoices are those of an order whose end user was not ready: the days after the wished one, and the wished one.
func (r Rules) readyChoices(o Order, now time.Time) []Choice {
	keep := Choice{Kind: ChooseSameDay, Reason: JeopardyCustomer, Day: o.Details.Desired}
	var all []Choice
	if keep.Day == "" || r.DayOf(keep.Day, now, o).State == DayOpen {
		all = append(all, keep)
	}
	for _, d := range r.Days(now, o) {
		if d.State == DayOpen && d.Date > max(keep.Day, o.Asked(r, now)) && len(all) < MaxChoices-1 {
			all = append(all, Choice{Kind: ChooseAnotherDay, Reason: JeopardyCustomer, Day: d.Date})
		}
	}
	return all
}

// groupDay proposes to the order the latest day that another order of its group has, where all were to have one day and
// the order can have that one.
func (r Rules) groupDay(o Order, group []Order, now time.Time) (Choice, bool) {
	mine := r.dayToCome(o, now)
	if mine == "" || r.Frozen(o, now) {
		return Choice{}, false
	}
	c := Choice{Kind: ChooseGroupDay}
	for _, other := range group {
		day := r.dayToCome(other, now)
		if other.ID != o.ID && other.Details.Desired == o.Details.Desired && day > mine && day > c.Day {
			c.Day, c.Other = day, other.ID
		}
	}
	return c, c.Day != "" && r.DayOf(c.Day, now, o).State == DayOpen
}

// dayToCome is the day on which the numbers of the order are to move, as far as it is known: the confirmed one, the one
// that its request asks for, or the one that a request of now would ask for. It is empty where the customer wishes no
// day, and for an order that has ended.
func (r Rules) dayToCome(o Order, now time.Time) Date {
	port, sent := o.Last(AskPort)
	switch {
	case !o.Status.Live() || o.Details.Desired == "":
		return ""
	case o.FOC != "":
		return o.FOC
	case sent && port.Asked != "" && o.Status == Submitted:
		return port.Asked
	}
	return o.Asked(r, now)
}
