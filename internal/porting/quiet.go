package porting

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// QuietDays are the days on which an account wants no port, such as Fridays or the weeks of a freeze. It is a list with
// commas between: weekdays (friday), the last business day before a holiday of the carrier (holiday_eve), days
// (2026-12-24), and days from and to (2026-12-14/2027-01-03). The empty value is no day.
type QuietDays string

// The limits of QuietDays (our decision).
const (
	MaxQuietDays  = 30 // entries
	maxQuietRange = 62 // days from and to
	holidayEve    = "holiday_eve"
)

// weekdays are the days of the week on which numbers move, as QuietDays names them.
var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday"}

// ParseQuietDays reads the entries of a list, each in its place. Entries that are there twice count once.
func ParseQuietDays(list []string) (QuietDays, Faults) {
	var faults Faults
	if len(list) > MaxQuietDays {
		faults.Add("quiet_days", TooMany, fmt.Sprintf("Give at most %d entries.", MaxQuietDays))
		return "", faults
	}
	var all []string
	for i, entry := range list {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if why := quietFault(entry); why != "" {
			faults.Add(fmt.Sprintf("quiet_days/%d", i), BadFormat, why)
		} else if !slices.Contains(all, entry) {
			all = append(all, entry)
		}
	}
	if !slices.ContainsFunc(weekdays, func(day string) bool { return !slices.Contains(all, day) }) {
		faults.Add("quiet_days", NotAllowed, "Leave at least one of the days from Monday to Friday, since numbers move on business days only.")
	}
	return QuietDays(strings.Join(all, ",")), faults
}

// quietFault says what is wrong with an entry; empty where nothing is.
func quietFault(entry string) string {
	from, to, isRange := strings.Cut(entry, "/")
	switch {
	case entry == holidayEve || slices.Contains(weekdays, entry):
		return ""
	case isDate(from, Details{}) != "" || isRange && isDate(to, Details{}) != "":
		return "Give a day of the week such as friday, holiday_eve, a date such as 2026-12-24, or a first and a last date such as " +
			"2026-12-14/2027-01-03."
	case isRange && (from > to || Date(from).far(Date(to)) >= maxQuietRange):
		return fmt.Sprintf("Give a last date that comes after the first one, and at most %d days.", maxQuietRange)
	}
	return ""
}

// List is the entries in their order; never nil.
func (q QuietDays) List() []string {
	if q == "" {
		return []string{}
	}
	return strings.Split(string(q), ",")
}

// On says that the account wants no port on the day. The carrier's calendar tells its holidays.
func (q QuietDays) On(d Date, c Calendar) bool {
	return slices.ContainsFunc(q.List(), func(entry string) bool {
		from, to, isRange := strings.Cut(entry, "/")
		switch {
		case entry == holidayEve:
			return eveOfHoliday(d, c)
		case isRange:
			return from <= string(d) && string(d) <= to
		}
		at := d.In(time.UTC)
		return entry == string(d) || !at.IsZero() && strings.EqualFold(entry, at.Weekday().String())
	})
}

// eveOfHoliday says that the day is the carrier's last business day before one of its holidays: between it and the next
// business day lies a day from Monday to Friday.
func eveOfHoliday(d Date, c Calendar) bool {
	at := d.In(c.Location())
	if at.IsZero() || !c.IsBusinessDay(at) {
		return false
	}
	next := DateOf(c.AddBusinessDays(at, 1).In(c.Location()))
	for day := d.add(1); day < next; day = day.add(1) {
		if on := day.In(time.UTC).Weekday(); on != time.Saturday && on != time.Sunday {
			return true
		}
	}
	return false
}

// movable says that numbers of the order can move on the day: the carrier works, and the account wants ports.
func (r Rules) movable(o Order, d Date) bool {
	c := r.carrierDays(o)
	at := d.In(c.Location())
	return at.IsZero() || c.IsBusinessDay(at) && !o.QuietDays.On(d, c)
}

// quietMove says that the carrier has confirmed a day on which the account wants no port; empty where it has not.
func (r Rules) quietMove(o Order, foc Date) []Message {
	if foc == "" || !o.QuietDays.On(foc, r.carrierDays(o)) {
		return nil
	}
	return []Message{Say(MsgQuietConfirmed, "foc", string(foc))}
}
