package bandwidth

import (
	"strings"
	"time"

	"portway/internal/porting"
)

// eastern is the peer's business time: a FOC date is a day in New York, and a port without an hour of its own happens
// at 11:30 there. The zone data comes with the binary (build tag timetzdata).
var eastern = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic("no zone data for New York: " + err.Error())
	}
	return loc
}()

// dayForms and timeForms are the ways in which the peer writes dates (infra/docs/wire-locals.md, dates). One without a
// zone is taken for Eastern: open question L7.
var (
	dayForms  = []string{"2006-01-02", "2006-01-02Z07:00"}
	timeForms = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00",
		"2006-01-02T15:04Z0700", "2006-01-02T15:04:05"}
)

// parseTime reads an instant, or a bare day, which is then midnight in UTC.
func parseTime(s string) (t time.Time, day, ok bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	for _, form := range dayForms {
		if t, err := time.Parse(form, s); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), true, true
		}
	}
	for _, form := range timeForms {
		if t, err := time.ParseInLocation(form, s, eastern); err == nil {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}

// instant reads a time stamp; zero where it can't be read.
func instant(s string) time.Time {
	t, _, _ := parseTime(s)
	return t
}

// parseFOC reads a FOC date: its day in New York, and the instant of activation. Midnight in UTC means two things (open
// question L6). On an order that has an hour of its own it is 20:00 or 19:00 Eastern of the day before; on every other
// order, and in all notices, it is a bare day.
func parseFOC(s string, ownHour bool) (porting.Date, time.Time, bool) {
	t, day, ok := parseTime(s)
	if !ok {
		return "", time.Time{}, false
	}
	_, offset := t.Zone()
	if midnight := offset == 0 && t.Equal(t.Truncate(24*time.Hour)); day || midnight && !ownHour {
		return porting.DateOf(t.UTC()), usual(t.UTC()), true
	}
	return porting.DateOf(t.In(eastern)), t, true
}

// namesHour says that a date has an hour with it.
func namesHour(s string) bool {
	_, day, ok := parseTime(s)
	return ok && !day
}

// usual is the hour at which a port without an hour of its own happens.
func usual(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 11, 30, 0, 0, eastern)
}

// wireDate is a date as we ask for it, with the hour that the customer wishes where there is one: the peer heeds the hour of
// triggered orders and of mobile numbers. It is written with its offset, so that it never reads as midnight in UTC. A
// triggered order would take a bare day for the evening before (old reference, RequestedFocDate), so it gets the usual
// hour with it.
func wireDate(d porting.Date, at time.Time, triggered bool) string {
	if !at.IsZero() {
		return at.Format(time.RFC3339)
	}
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil || !triggered {
		return string(d)
	}
	return usual(day).Format(time.RFC3339)
}
