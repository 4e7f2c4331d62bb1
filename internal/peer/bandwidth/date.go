package bandwidth

import (
	"strings"
	"time"

	"portway/internal/porting"
)

// eastern is the peer's business time: a FOC date is a day in New York, and a port without a time of its own happens at 11:30
// there. The zone data comes with the binary (build tag timetzdata).
var eastern = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic("no zone data for New York: " + err.Error())
	}
	return loc
}()

// parseFOC reads a date as the peer writes it: the day, and the instant of activation. A bare date, and midnight UTC, mean that
// day at the usual time; any other instant is on its Eastern day.
func parseFOC(s string) (porting.Date, time.Time, bool) {
	s = strings.TrimSpace(s)
	if day, err := time.Parse("2006-01-02", strings.TrimSuffix(s, "Z")); err == nil {
		return porting.DateOf(day), usual(day), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05"} {
		t, err := time.ParseInLocation(layout, s, eastern)
		if err != nil {
			continue
		}
		if utc := t.UTC(); strings.HasSuffix(s, "Z") && utc.Equal(utc.Truncate(24*time.Hour)) {
			return porting.DateOf(utc), usual(utc), true
		}
		return porting.DateOf(t.In(eastern)), t, true
	}
	return "", time.Time{}, false
}

func usual(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 11, 30, 0, 0, eastern)
}
