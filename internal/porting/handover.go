package porting

import (
	"slices"
	"time"
)

// HandOverAt is when a toll-free request is handed over to the registry, so that its numbers move by the day: as many
// business days before it as the controlling RespOrg has to answer, in the desk's first hour. The registry's own future
// date only delays the handing over, and the numbers may move as soon as the RespOrg agrees: a request that is handed
// over weeks before the day moves weeks before it. It is the zero time for an order of another kind, and for no day.
func (r Rules) HandOverAt(o Order, d Date) time.Time {
	if o.Kind != TollFree || d == "" {
		return time.Time{}
	}
	c := r.carrierDays(o)
	day := d.In(c.Location())
	if day.IsZero() {
		return time.Time{}
	}
	return c.At(c.AddBusinessDays(day, -o.Terms().Lead), r.CheckHour, 0)
}

// handOver is when the order's request goes to the registry by the order's own speed of time: as it was planned, or as it
// would be planned now. It is the zero time where nothing has to wait: for another kind, without a wished day, and after
// the registry has the request.
func (r Rules) handOver(o Order) time.Time {
	switch {
	case o.Kind != TollFree || o.Status != Submitted || o.Details.Desired == "":
		return time.Time{}
	case !o.HandOver.IsZero():
		return o.HandOver
	}
	return r.Paced(o, o.StatusAt, r.HandOverAt(o, max(o.Details.Desired, o.NotBefore)))
}

// waitsForHandOver says that it is too early to hand the request over.
func (s situation) waitsForHandOver() bool { return s.now.Before(s.handOver(s.o)) }

// planHandOver writes down when the request goes to the registry, and tells the customer from when on the numbers may
// move.
func planHandOver(c *change, cmd PlanHandOver) error {
	if !c.o.HandOver.IsZero() {
		return Errorf(Settled, "The day of the handing over is planned already.")
	}
	if c.o.Kind != TollFree || c.o.Details.Desired == "" {
		return Errorf(WrongStatus, "Nothing of this order waits for a day.")
	}
	c.o.HandOver = cmd.At
	day := max(c.o.Details.Desired, c.o.NotBefore)
	c.say(Say(MsgHandOverPlanned, "on", string(DateOf(c.HandOverAt(c.o, day))), "day", string(day)))
	return nil
}

// handedOver ends the wait for the day: the request has been planned at the peer, or the order has left the carrier.
func (c *change) handedOver() {
	if c.o.Status != Submitted || c.event.Kind == AttemptPlanned && slices.ContainsFunc(c.o.Attempts, func(a Attempt) bool { return a.Kind == AskPort }) {
		c.o.HandOver = time.Time{}
	}
}
