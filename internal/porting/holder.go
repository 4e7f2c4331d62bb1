package porting

import (
	"cmp"
	"slices"
	"time"
)

// Where a number is at home decides the terms of its port, whatever address the customer gives: a Canadian number of a
// customer in the US is ported by Canadian rules.

// Home is where the numbers of an order are at home, by their area codes.
type Home struct {
	Country string // US or CA; empty where the area codes tell none, and on orders of before it was kept
	// Zone is the IANA name of the time zone of the first number; empty for toll-free numbers, and on US orders of before
	// it was kept.
	Zone string
}

// country returns the country of the order's numbers, else of its service address.
func (o Order) country() string { return cmp.Or(o.Home.Country, o.Details.Country) }

// The old carrier of a Canadian mobile number sends its holder a message, and refuses the port unless the holder says yes
// within 90 minutes (practice of the Canadian carriers; port guides of Twilio, Freedom and Videotron). So the customer is
// told before, and requests go out in the holder's daytime, early enough for the answer.
const HolderMinutes = 90

// holderFrom and holderUntil are the hours of the holder's daytime: our decision.
const (
	holderFrom  = 9
	holderUntil = 19
)

// AsksHolder says that the old carrier asks the holder of the number before it lets the number go.
func (o Order) AsksHolder() bool { return o.Class == CanadaWireless }

// holderMessage tells that the holder is about to be asked; empty where no carrier does.
func (o Order) holderMessage() []Message {
	if !o.AsksHolder() {
		return nil
	}
	return []Message{Say(MsgHolderAsked)}
}

// HolderDay returns the instant from which a request may go out so that its holder is asked by day: now, or the next
// morning in the zone of the number.
func (r Rules) HolderDay(o Order, now time.Time) time.Time {
	zone := r.Calendar.Location()
	if z, err := time.LoadLocation(o.Home.Zone); err == nil && o.Home.Zone != "" {
		zone = z
	}
	local := now.In(zone)
	at := func(days, hour int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, hour, 0, 0, 0, zone)
	}
	switch {
	case !o.AsksHolder():
		return now
	case local.Before(at(0, holderFrom)):
		return at(0, holderFrom)
	case local.Before(at(0, holderUntil)):
		return now
	}
	return at(1, holderFrom)
}

// HolderDate is the day of HolderDay where the number is at home.
func (r Rules) HolderDate(o Order, now time.Time) Date { return DateOf(r.HolderDay(o, now)) }

// Precautions are what the customer should see to before the numbers move, by the class of the port and by what the customer
// has said of the lines.
func (o Order) Precautions() []Message {
	var all []Message
	d := o.Details
	if o.AsksHolder() {
		all = append(all, Say(MsgHolderAsked))
	}
	if o.Kind == TollFree {
		return all
	}
	if d.OnLine != "" {
		all = append(all, Say(MsgServicesEnd, "services", d.OnLine))
	}
	if d.HuntGroup == PartOfGroup {
		all = append(all, Say(MsgHuntGroup))
	}
	if d.RingingFrom != "" {
		all = append(all, Say(MsgTollFreeFirst, "numbers", d.RingingFrom))
	}
	if o.MainLeaves() {
		all = append(all, Say(MsgMainLeaves))
	}
	return all
}

// fresh are the precautions that the customer was not told before.
func (c *change) fresh(before []Message) []Message {
	return slices.DeleteFunc(c.o.Precautions(), func(m Message) bool { return slices.ContainsFunc(before, m.Equal) })
}

// tell writes m for the history, and as a comment where more has to be told with it.
func (c *change) tell(m Message, more []Message) {
	if len(more) == 0 {
		c.note(m)
		return
	}
	c.say(m.With(more...))
}
