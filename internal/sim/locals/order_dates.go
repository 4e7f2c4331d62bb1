package locals

import (
	"strings"
	"time"
)

// granted is the day that the carrier agrees to: the one asked for, if it is still to come, else three business days
// from now.
func (s *Server) granted(o *order, at time.Time) string {
	day := at.In(eastern)
	if asked, ok := o.when(); ok && o.date() >= day.Format(time.DateOnly) {
		day = asked.In(eastern)
	} else {
		for n := 3; n > 0; {
			if day = day.AddDate(0, 0, 1); weekday(day) {
				n--
			}
		}
	}
	if o.row.late > 0 {
		for day = day.AddDate(0, 0, o.row.late); !weekday(day); {
			day = day.AddDate(0, 0, 1)
		}
	}
	return day.Format(time.DateOnly)
}

func weekday(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }

// noon is the instant of activation on a day: half past eleven in New York ([guide] stand-alone port-ins).
func noon(day string) string {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" 11:30", eastern)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// ownHour says that the hour of a date counts: on a triggered order, and where the losing carrier is a mobile network
// ([guide] stand-alone port-ins).
func (v values) ownHour() bool {
	return v.Triggered == "true" || len(v.Numbers) > 0 && carrierOf(v.Numbers[0]).mobile
}

// when is the instant that the order asks for. An hour counts only where the order has one of its own. A bare day on a
// triggered order is midnight in UTC, the evening before ([old guide] reference, RequestedFocDate; L6), and half past
// eleven on every other order. A date without a zone is none (L7).
func (v values) when() (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, strings.TrimSuffix(v.RequestedFOC, "Z")); err == nil {
		if v.Triggered == "true" {
			return day, true
		}
		return half(day), true
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(form, v.RequestedFOC); err == nil {
			if v.ownHour() {
				return t, true
			}
			return half(t.In(eastern)), true
		}
	}
	return time.Time{}, false
}

// working says that numbers move at that hour: from 6:00 to 22:00 in New York. Networks of the peer's own open at 5:00, and
// this simulator is the stricter one ([guide] stand-alone port-ins).
func working(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	return minute >= 6*60 && minute <= 22*60
}

func half(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 11, 30, 0, 0, eastern)
}

// date is the day that the order asks for, in New York.
func (v values) date() string {
	t, ok := v.when()
	if !ok {
		return ""
	}
	return t.In(eastern).Format(time.DateOnly)
}

// requested is the date asked for, as answers show it.
func (v values) requested() string {
	t, ok := v.when()
	if !ok {
		return v.RequestedFOC
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// actual is the date agreed, as answers show it: with the hour asked for where the order has one of its own.
func (o *order) actual() string {
	switch t, ok := o.when(); {
	case o.row.unreadable:
		return "to be agreed"
	case ok && o.ownHour():
		day, err := time.ParseInLocation(time.DateOnly, o.foc, eastern)
		if err != nil {
			return ""
		}
		at := t.In(eastern)
		return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, eastern).UTC().Format(time.RFC3339)
	}
	return noon(o.foc)
}
