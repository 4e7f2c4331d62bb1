package porting

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A customer may wish an hour of the day where the class has it (Terms.Hour): 10:00 is 10:00 where the numbers are at home.
// The hours that are wished (Details.DesiredTime), asked for (Attempt.AskedTime) and confirmed (Answers.FOCTime) stand
// beside each other as the days do.

// Clock is a time of the day in the form HH:MM, from 00:00 to 23:59.
type Clock string

var clockForm = Pattern(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// Valid says that the time has that form.
func (c Clock) Valid() bool { return clockForm(string(c)) }

func isClock(v string, _ Details) string {
	if !Clock(v).Valid() {
		return "Give a time of the day in the form HH:MM, such as 14:30."
	}
	return ""
}

// ClockOf returns the time of the day of t, in its zone.
func ClockOf(t time.Time) Clock { return Clock(t.Format("15:04")) }

// On returns the instant of the time on a day in a zone; zero where either can't be read.
func (c Clock) On(d Date, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly+" 15:04", string(d)+" "+string(c), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// words writes the time on a day as a message carries it: 10:00 PST.
func (c Clock) words(d Date, zone *time.Location) string { return c.On(d, zone).Format("15:04 MST") }

// clockWords writes the time of the day of t as people do, such as 10:00 AM PST.
func clockWords(t time.Time) string { return t.Format("3:04 PM MST") }

// NumbersZone is the zone in which the hours of the order are told: that of its first number. An order of before the zone
// was kept has the zone of its carrier's days (our decision).
func (r Rules) NumbersZone(o Order) *time.Location {
	if z, err := time.LoadLocation(o.Home.Zone); err == nil && o.Home.Zone != "" {
		return z
	}
	return r.carrierDays(o).Location()
}

// MoveAt is the instant for which a request asks; zero where it names no hour.
func (r Rules) MoveAt(o Order, d Date, c Clock) time.Time {
	if c == "" {
		return time.Time{}
	}
	return c.On(d, r.NumbersZone(o))
}

// askedTime is the hour that a request of now asks for: the wished one, where the class has hours. A change that leaves an
// agreed date as it is leaves its hour too.
func (o Order) askedTime() Clock {
	switch {
	case !o.Terms().Hour:
		return ""
	case o.isAccepted() && o.FOCTime != "" && !o.changesDate():
		return o.FOCTime
	}
	return o.Details.DesiredTime
}

// changesDate says that the customer has asked for another date, and the carrier has not agreed yet.
func (o Order) changesDate() bool {
	ch, changing := o.changing()
	return changing && ch.Kind == WishDate
}

// confirmedTime is the hour that the carrier has confirmed with a date. It is kept where the customer has wished one and the
// answer names one.
func (r Rules) confirmedTime(o Order, at time.Time, timed bool) Clock {
	if !timed || o.Details.DesiredTime == "" || at.IsZero() {
		return ""
	}
	return ClockOf(at.In(r.NumbersZone(o)))
}

// askedHour tells the hour for which an attempt asks; empty where it names none.
func (r Rules) askedHour(o Order, a Attempt) []Message {
	if a.AskedTime == "" {
		return nil
	}
	return []Message{Say(MsgAsksHour, "at", a.AskedTime.words(a.Asked, r.NumbersZone(o)))}
}

// confirmedHour tells the hour of the order's agreed date beside the wished one; empty where none was wished.
func (r Rules) confirmedHour(o Order) []Message {
	zone, wish := r.NumbersZone(o), o.Details.DesiredTime
	switch {
	case wish == "":
		return nil
	case o.FOCTime == "":
		return []Message{Say(MsgNoHour, "wish", wish.words(o.FOC, zone))}
	case o.FOCTime != wish:
		return []Message{Say(MsgMovesOther, "at", o.FOCTime.words(o.FOC, zone), "wish", wish.words(o.FOC, zone))}
	}
	return []Message{Say(MsgMovesAt, "at", o.FOCTime.words(o.FOC, zone))}
}

// HourMessage tells the hour of the order's agreed date; empty where none was wished, or no date is agreed.
func (r Rules) HourMessage(o Order) Message {
	if told := r.confirmedHour(o); o.FOC != "" && len(told) > 0 {
		return told[0]
	}
	return Message{}
}

// hourField is the wire name of the wished hour.
const hourField = "desired_completion_time"

// HourFaults refuse a wished hour that can't be asked for: without a day, on an order whose class has no hours, or outside
// of the hours in which the carriers of the class move numbers on that day. The last ones propose the nearest hour that can.
// An hour or a day of another form is checked elsewhere. Which classes have hours and which hours the carriers have is assumed:
// no carrier publishes them.
func (r Rules) HourFaults(d Details, now time.Time, orders ...Order) Faults {
	var faults Faults
	if !d.DesiredTime.Valid() || len(orders) == 0 {
		return nil
	}
	if i := slices.IndexFunc(orders, func(o Order) bool { return !o.Terms().Hour }); i >= 0 {
		faults.Add(hourField, NotAllowed, "Leave the time of day out. It can be asked for only where all numbers are with mobile "+
			"carriers"+fewOf(orders[i].Active())+". Other carriers set the hour themselves.")
		return faults
	}
	switch {
	case d.Desired == "":
		faults.Add(hourField, NotAllowed, "Give desired_completion_date too: a time of day can be asked for only with a day.")
		return faults
	case isDate(string(d.Desired), d) != "":
		return nil
	}
	for _, o := range orders {
		if wrong := r.hourFault(d, o, now); wrong != "" {
			faults.Add(hourField, OutOfRange, wrong)
			return faults
		}
	}
	return nil
}

// fewOf names the first number of those that have no hours.
func fewOf(tns []string) string {
	switch len(tns) {
	case 0:
		return ""
	case 1:
		return ", and " + tns[0] + " is not"
	}
	return fmt.Sprintf(", and %s and %d more are not", tns[0], len(tns)-1)
}

// hourFault says why the hour can't be on its day, and which one can.
func (r Rules) hourFault(d Details, o Order, now time.Time) string {
	terms, days, zone := o.Terms(), r.carrierDays(o), r.NumbersZone(o)
	at := d.DesiredTime.On(d.Desired, zone)
	if !at.After(now) {
		return "" // its day is refused
	}
	first, last := Clock("00:00").On(d.Desired, zone), Clock("23:59").On(d.Desired, zone)
	if terms.Closes > 0 {
		day := d.Desired.In(days.Location())
		first, last = later(first, days.At(day, terms.Opens, 0)), earlier(last, days.At(day, terms.Closes, 0))
	}
	nearest := first
	switch {
	case last.Before(first):
		return "Leave the time of day out. The carrier moves numbers while it is another day where these numbers are."
	case at.Before(first):
	case at.After(last):
		nearest = last
	default:
		return ""
	}
	return strings.Join([]string{"The numbers must move between", clockWords(first.In(zone)), "and", clockWords(last.In(zone)),
		"on that day. The nearest possible time is", string(ClockOf(nearest.In(zone))) + "."}, " ")
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// editedHour are the faults of the wished hour after an edit. An hour that was once taken is judged anew only where it, or its
// day, is another one, so that an older order can still be edited.
func (c *change) editedHour(was Details) Faults {
	if d := c.o.Details; d.DesiredTime == was.DesiredTime && d.Desired == was.Desired {
		return nil
	}
	return c.HourFaults(c.o.Details, c.now, c.o)
}
