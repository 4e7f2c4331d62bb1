// Package bizday counts business days for one office: a carrier's order desk,
// the NPAC, the toll-free registry, our own. Each has its zone, its weekend,
// its holidays and the hour after which a request counts as tomorrow's.
// Days are judged in the calendar's own zone, even if a time comes in another one;
// times come back in the calendar's zone.
package bizday

import (
	"fmt"
	"time"

	"github.com/rickar/cal/v2"
)

// Rules describe a calendar.
type Rules struct {
	Weekend  []time.Weekday
	Holidays []*cal.Holiday
	Opens    Clock // a request received earlier counts from here
	Cutoff   Clock // a request received up to here counts today
}

// Clock is a local time of day.
type Clock struct{ Hour, Minute int }

// Calendar is one office's business calendar. It is safe for concurrent use.
type Calendar struct {
	days          *cal.BusinessCalendar
	loc           *time.Location
	opens, cutoff Clock
}

// New makes a calendar of rules in an IANA zone. A function binary needs the
// build tag timetzdata, because provided.al2023 has no zone files.
func New(rules Rules, zone string) (*Calendar, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("bizday: zone %q: %w", zone, err)
	}
	days := cal.NewBusinessCalendar()
	for d := time.Sunday; d <= time.Saturday; d++ {
		days.SetWorkday(d, true)
	}
	for _, d := range rules.Weekend {
		days.SetWorkday(d, false)
	}
	if len(rules.Weekend) >= 7 {
		return nil, fmt.Errorf("bizday: a weekend of %d days leaves no business day", len(rules.Weekend))
	}
	days.AddHoliday(rules.Holidays...)
	return &Calendar{days: days, loc: loc, opens: rules.Opens, cutoff: rules.Cutoff}, nil
}

// Location is the calendar's zone.
func (c *Calendar) Location() *time.Location { return c.loc }

// IsBusinessDay reports whether t's date, in the calendar's zone, is neither
// in the weekend nor the observed day of a holiday.
func (c *Calendar) IsBusinessDay(t time.Time) bool { return c.days.IsWorkday(c.noon(t)) }

// Holiday names the holiday that is observed on t's date in the calendar's zone; empty for any other day.
func (c *Calendar) Holiday(t time.Time) string {
	if _, observed, h := c.days.IsHoliday(c.noon(t)); observed && h != nil {
		return h.Name
	}
	return ""
}

// AddBusinessDays is n business days after t's date, or before it when n is
// negative, at t's local clock time. From a day that is no business day, one
// day on is the next business day. With n = 0 it is t itself.
//
// Where the clock time is skipped that day, the rule of At holds.
func (c *Calendar) AddBusinessDays(t time.Time, n int) time.Time {
	t = t.In(c.loc)
	if n == 0 {
		return t
	}
	y, m, d := c.days.WorkdaysFrom(c.noon(t), n).Date()
	return wall(time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), c.loc)
}

// DayBefore is the last business day before t's date, at t's local clock time.
func (c *Calendar) DayBefore(t time.Time) time.Time { return c.AddBusinessDays(t, -1) }

// At is t's local date at that local clock time; 24:00 is the start of the
// next day. A time that the change to summer time skips becomes the first
// instant after the gap, and one that comes twice in autumn is the first of
// the two.
func (c *Calendar) At(t time.Time, hour, minute int) time.Time {
	return c.clock(c.noon(t), Clock{hour, minute})
}

// NextCutoff is the cut-off that a request received then has to its credit,
// as 47 CFR 52.35(a) counts: received from 08:00 to 13:00 local it counts
// that day, later as at 08:00 of the next business day. Its edges:
//
//   - on a business day up to and including the cut-off: that day's cut-off,
//     also before the office opens;
//   - on a business day after it: the next business day's;
//   - on a weekend or holiday: the next business day's, at any hour.
//
// A cut-off of 24:00 belongs to the day that it closes.
func (c *Calendar) NextCutoff(received time.Time) time.Time {
	return c.clock(c.countsOn(received), c.cutoff)
}

// Counts is when a request received then counts as received: at that time
// while the office takes requests, else when it next opens. Interval clocks
// start here.
func (c *Calendar) Counts(received time.Time) time.Time {
	received = received.In(c.loc)
	if opens := c.clock(c.countsOn(received), c.opens); opens.After(received) {
		return opens
	}
	return received
}

// countsOn is the business day, as noon in UTC, by whose cut-off a request
// received then is in time.
func (c *Calendar) countsOn(received time.Time) time.Time {
	day := c.noon(received)
	if c.days.IsWorkday(day) && !received.After(c.clock(day, c.cutoff)) {
		return day
	}
	return c.days.WorkdaysFrom(day, 1)
}

// clock is a local time of day on a date.
func (c *Calendar) clock(day time.Time, at Clock) time.Time {
	return wall(time.Date(day.Year(), day.Month(), day.Day(), at.Hour, at.Minute, 0, 0, time.UTC), c.loc)
}

// noon is noon in UTC on t's local date: a carrier of the date on which the
// engine can step without meeting a change of clocks.
func (c *Calendar) noon(t time.Time) time.Time {
	y, m, d := t.In(c.loc).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
}

// wall is the instant at which clocks in loc show what naive shows in UTC.
// time.Date leaves open what it does with skipped and repeated times.
func wall(naive time.Time, loc *time.Location) time.Time {
	t := time.Date(naive.Year(), naive.Month(), naive.Day(), naive.Hour(), naive.Minute(), naive.Second(),
		naive.Nanosecond(), loc)
	start, end := t.ZoneBounds()
	switch shown := unzoned(t); {
	case shown.After(naive): // it jumped the gap: back to the gap's end
		return start
	case shown.Before(naive): // it fell short of the gap
		return end
	}
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-1).Zone()
	_, now := t.Zone()
	if first := t.Add(time.Duration(now-before) * time.Second); first.Before(start) && unzoned(first).Equal(naive) {
		return first
	}
	return t
}

// unzoned returns the time that the clock shows, as if it were UTC.
func unzoned(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
