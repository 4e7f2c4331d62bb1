package porting

import (
	"strconv"
	"time"
)

// An order that was given up comes back as a new one: Reopen marks the old order, and Restart makes the new one in the
// same transaction, in the same group and with the same details. The old one stays as it ended. Whoever reopens an order
// tells the secrets and signs again, since both were given for the order that has ended.

// ReopenDays is for how many days an order that was given up can be reopened (our decision).
const ReopenDays = 30

// MaxReopened is how many numbers the transaction that reopens an order takes; a larger order is made anew.
const MaxReopened = HoldsPerTransaction - 10

// givenUp are the statuses of an order that ended without its numbers.
var givenUp = in(Cancelled, Abandoned, HardCanceled)

// ReopenUntil returns until when the order can be reopened; zero for an order that cannot be.
func (r Rules) ReopenUntil(o Order) time.Time {
	if !givenUp.has(o.Status) || o.ReopenedAs != "" || len(o.Active()) == 0 || len(o.Active()) > MaxReopened ||
		o.Details.BillingName == "" || o.Authority.Open() {
		return time.Time{}
	}
	return r.Paced(o, o.StatusAt, o.StatusAt.In(r.Calendar.Location()).AddDate(0, 0, ReopenDays))
}

// reopen marks an order that a new one takes the place of.
func reopen(c *change, cmd Reopen) error {
	o := &c.o
	switch until := c.ReopenUntil(*o); {
	case o.ReopenedAs != "":
		return Errorf(WrongStatus, "The order was reopened as order %s already.", o.ReopenedAs)
	case o.Withdrawing:
		return Errorf(WrongStatus, "The carrier still has a request of the order. The order can be reopened when the carrier has let it go.")
	case o.Authority.Open():
		return Errorf(WrongStatus, "Somebody says that the port was not authorised. The order can be reopened once that is decided.")
	case len(o.Active()) > MaxReopened:
		return Errorf(WrongStatus, "The order has more than %d numbers and cannot be reopened. Make a new order with its numbers.", MaxReopened)
	case until.IsZero():
		return Errorf(WrongStatus, "The order has no number or no details any more. Make a new order.")
	case !c.now.Before(until):
		return Errorf(WrongStatus, "The order ended more than %d days ago and cannot be reopened. Make a new order with its numbers.", ReopenDays)
	case cmd.As == "" || cmd.As == o.ID:
		return Errorf(Invalid, "A reopened order has an id of its own.")
	}
	o.ReopenedAs = cmd.As
	o.Credited += o.countable()
	o.Credit = 0
	c.say(Say(MsgReopened, "order", string(cmd.As)))
	return nil
}

// countable is what was paid for the order's port, or counted for it, where no carrier ever had it.
func (o Order) countable() Money {
	if !o.unsent() {
		return 0
	}
	return o.Paid() + o.Credit
}

// restart makes the order that takes the place of From. It has the numbers, the details and the papers of that one as far
// as they still hold: no secret, no signature, no day that has become impossible, and no bill that has become too old.
func restart(c *change, cmd Restart) error {
	from := cmd.From
	c.o = Order{
		ID: cmd.ID, Group: from.Group, Account: from.Account, Sandbox: from.Sandbox, Reopens: from.ID, Status: Pending, Created: c.now,
		Kind: from.Kind, Carrier: from.Carrier, Home: from.Home, Class: from.Class, Flags: from.Flags,
		Given:     Given{Details: from.Details.only(func(r Detail) bool { return r.secret == nil }), Presets: from.Presets},
		Charges:   Charges{Tariff: cmd.Tariff, Credit: from.countable()},
		QuietDays: cmd.Quiet,
	}
	for _, tn := range from.Active() {
		c.o.Numbers = append(c.o.Numbers, Number{TN: tn})
	}
	c.o.Class, _ = Classify(c.o.facts())
	c.ownTerms()
	if len(c.dayFaults()) > 0 {
		c.o.Details.Desired, c.o.Details.DesiredTime = "", ""
	}
	for _, d := range from.Documents {
		if d.State == DocumentComplete && !d.LOA && !c.Stale(c.o, d, c.now) {
			d.Of, d.ID = from.Keeper(d), c.o.NextDocument()
			c.o.Documents = append(c.o.Documents, d)
		}
	}
	c.tell(Say(MsgReopens, "order", string(from.ID), "n", strconv.Itoa(len(c.o.Numbers))), c.fresh(nil))
	c.event.Comment = true
	return nil
}

// extend gives the customer the days of an order a second time. Only the clock that runs is extended: a later rejection
// begins a clock of its own.
func extend(c *change, _ Extend) error {
	if !c.o.Extended.IsZero() {
		return Errorf(WrongStatus, "The time of the order was extended already, and can be extended once.")
	}
	if !c.now.Before(c.End(c.o)) {
		return Errorf(WrongStatus, "The time of the order is up.")
	}
	c.o.Extended, c.o.Reminders = c.now, 0
	end := c.End(c.o)
	c.event.Ends = end
	c.say(Say(MsgExtended, "ends", string(DateOf(end.In(c.Calendar.Location()))), "days", strconv.Itoa(c.LifeDays)))
	return nil
}

// ExtendedTo returns when the order would end if its time was extended now; zero where it cannot be.
func (r Rules) ExtendedTo(o Order, now time.Time) time.Time {
	if end := r.End(o); end.IsZero() || !o.Extended.IsZero() || !now.Before(end) {
		return time.Time{}
	}
	o.Extended = now
	return r.End(o)
}
