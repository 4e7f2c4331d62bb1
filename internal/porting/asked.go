package porting

import "time"

// The four dates of an order stand beside each other: the customer wishes one (Details.Desired), a request asks for one
// (Attempt.Asked), the carrier confirms one (Answers.FOC), and the port is done on one. None takes the place of another.

// AskedFor says why a request asks for its date. It is stored with the attempt.
type AskedFor string

// A request asks for the wished day; for the earliest one, since none is wished; for the earliest one, since the wished day
// is sooner; for the next business day, since the carrier is closed on the wished one; for the next day that is no quiet
// day of the account, since the wished one has become one; or for a day that is late enough for a carrier that has
// refused an earlier one.
const (
	AskedAsWished AskedFor = "wished"
	AskedEarliest AskedFor = "earliest"
	AskedTooSoon  AskedFor = "too_soon"
	AskedClosed   AskedFor = "closed"
	AskedQuiet    AskedFor = "quiet"
	AskedRefused  AskedFor = "refused"
)

// AskedForAll lists why a request may ask for its date.
func AskedForAll() []AskedFor {
	return []AskedFor{AskedAsWished, AskedEarliest, AskedTooSoon, AskedClosed, AskedQuiet, AskedRefused}
}

// Asked is the date that we ask of the carrier: the customer's, or the earliest legal one where there is none or it has
// become too soon. A day on which the carrier is closed, as an older order may have one, becomes the next business day,
// and a quiet day of the account the next day that is none. Where quiet days leave no day within reach, the carrier's
// day counts.
func (o Order) Asked(r Rules, now time.Time) Date {
	d, c := max(o.Details.Desired, r.Earliest(o, now)), r.carrierDays(o)
	if at := d.In(c.Location()); !at.IsZero() && !c.IsBusinessDay(at) {
		d = DateOf(c.AddBusinessDays(at, 1))
	}
	loud := d
	for range maxCalendar {
		if r.movable(o, loud) {
			return loud
		}
		loud = loud.add(1)
	}
	return d
}

// Earliest is the first date that the order's carrier has to accept, by the terms of the order's class, and not before the
// day that the carrier has wanted since it refused an earlier one.
func (r Rules) Earliest(o Order, now time.Time) Date {
	return max(r.EarliestOf(o.Terms(), o.Details.State, len(o.Active()), now), o.NotBefore)
}

// askedFor says why a request of now asks for the date.
func (r Rules) askedFor(o Order, d Date, now time.Time) AskedFor {
	wish, c := o.Details.Desired, r.carrierDays(o)
	switch {
	case d == wish:
		return AskedAsWished
	case o.NotBefore != "" && d >= o.NotBefore && wish < o.NotBefore:
		return AskedRefused
	case wish == "":
		return AskedEarliest
	case o.QuietDays.On(wish, c) && r.Earliest(o, now) <= d && wish >= r.Earliest(o, now):
		return AskedQuiet
	case !c.IsBusinessDay(wish.In(c.Location())) && r.Earliest(o, now) <= d && wish >= r.Earliest(o, now):
		return AskedClosed
	}
	return AskedTooSoon
}

// AskedMessage says for which date the attempt asks, and why where that is not the wished one. It is empty for an attempt
// without a date, as those of older releases are.
func (o Order) AskedMessage(a Attempt) Message {
	date, wish := string(a.Asked), string(o.Details.Desired)
	switch {
	case a.Asked == "" || o.Kind == TollFree && wish == "":
		return Message{}
	case o.Kind == TollFree: // the registry's requests carry no date
		return Say(MsgMayMove, "day", date)
	case a.AskedFor == AskedAsWished:
		return Say(MsgAsksWished, "date", date)
	case a.AskedFor == AskedRefused:
		return Say(MsgAsksRefused, "date", date)
	case a.AskedFor == AskedTooSoon && wish != "":
		return Say(MsgAsksTooSoon, "date", date, "wish", wish)
	case a.AskedFor == AskedClosed && wish != "":
		return Say(MsgAsksClosed, "date", date, "wish", wish)
	case a.AskedFor == AskedQuiet && wish != "":
		return Say(MsgAsksQuiet, "date", date, "wish", wish)
	}
	return Say(MsgAsksEarliest, "date", date)
}

// AnotherDay says that the event tells of a request for another day than the wished one.
func (e Event) AnotherDay() bool {
	for _, m := range e.Message.List {
		switch m.Key {
		case MsgAsksTooSoon, MsgAsksClosed, MsgAsksQuiet, MsgAsksRefused:
			return true
		}
	}
	return false
}

// Done is the day on which the numbers came into service with us, in the desk's zone; empty before.
func (r Rules) Done(o Order) Date {
	if o.Status != Completed {
		return ""
	}
	return DateOf(o.StatusAt.In(r.Calendar.Location()))
}

// confirmedOther says what was wished and asked for where the carrier has confirmed another date; empty where it has
// confirmed the wished one.
func (o Order) confirmedOther(foc Date) []Message {
	port, _ := o.Last(AskPort)
	switch wish := o.Details.Desired; {
	case wish != "" && wish != foc && port.Asked != "" && port.Asked != wish && o.Kind != TollFree:
		return []Message{Say(MsgWishedAndAsked, "wish", string(wish), "asked", string(port.Asked))}
	case wish != "" && wish != foc:
		return []Message{Say(MsgWishedOther, "wish", string(wish))}
	}
	return nil
}
