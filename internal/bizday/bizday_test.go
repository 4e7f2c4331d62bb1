package bizday_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portway/internal/bizday"
)

func calendar(t *testing.T, set, zone string) *bizday.Calendar {
	t.Helper()
	c, err := bizday.Named(set, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNamedUnknown(t *testing.T) {
	for _, tt := range []struct{ set, zone, want string }{
		{"lunar", "America/New_York", `no holiday set "lunar"`},
		{"npac", "America/Atlantis", `zone "America/Atlantis"`},
	} {
		if _, err := bizday.Named(tt.set, tt.zone); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Named(%q, %q): %v", tt.set, tt.zone, err)
		}
	}
	if _, err := bizday.New(bizday.Rules{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}, "UTC"); err == nil {
		t.Error("a week without a business day was taken")
	}
}

// An office may work on the days that are a weekend elsewhere.
func TestWeekend(t *testing.T) {
	for _, tt := range []struct {
		name    string
		weekend []time.Weekday
		open    string // of the week from Sunday to Saturday
	}{
		{"none", nil, "Sun Mon Tue Wed Thu Fri Sat"},
		{"Sunday alone", []time.Weekday{time.Sunday}, "Mon Tue Wed Thu Fri Sat"},
		{"Friday and Saturday", []time.Weekday{time.Friday, time.Saturday}, "Sun Mon Tue Wed Thu"},
		{"six days", []time.Weekday{0, 1, 2, 3, 4, 5}, "Sat"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := bizday.New(bizday.Rules{Weekend: tt.weekend}, "UTC")
			if err != nil {
				t.Fatal(err)
			}
			var open []string
			for d := range 7 {
				if day := at(t, "2026-03-01T12:00:00Z").AddDate(0, 0, d); c.IsBusinessDay(day) {
					open = append(open, day.Format("Mon"))
				}
			}
			if got := strings.Join(open, " "); got != tt.open {
				t.Errorf("open on %s, want %s", got, tt.open)
			}
		})
	}
}

// The weekdays of a year on which each office is closed.
func TestHolidays(t *testing.T) {
	for _, tt := range []struct {
		set, year string
		want      string
	}{
		{"npac", "2026", "01-01 05-25 07-03 09-07 11-26 12-25"},
		{"npac", "2027", "01-01 05-31 07-05 09-06 11-25 12-24 12-31"}, // New Year's 2028 is a Saturday
		{"somos", "2026", "01-01 05-25 07-03 09-07 11-26 12-25"},
		{"federal", "2020", "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25"}, // before Juneteenth
		{"federal", "2026", "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"},
		{"canada", "2020", "01-01 04-10 05-18 07-01 09-07 10-12 11-11 12-25 12-28"},
		{"canada", "2026", "01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-28"},
		{"canada", "2027", "01-01 03-26 05-24 07-01 09-06 09-30 10-11 11-11 12-27 12-28"}, // Christmas on a Saturday
		{"canada", "2022", "01-03 04-15 05-23 07-01 09-05 09-30 10-10 11-11 12-26 12-27"}, // Christmas on a Sunday
	} {
		t.Run(tt.set+tt.year, func(t *testing.T) {
			c := calendar(t, tt.set, "America/Chicago")
			var got []string
			for d := at(t, tt.year+"-01-01T18:00:00Z"); d.Format("2006") == tt.year; d = d.AddDate(0, 0, 1) {
				if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; !weekend && !c.IsBusinessDay(d) {
					got = append(got, d.Format("01-02"))
				}
			}
			if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDayIsJudgedInTheCalendarsZone(t *testing.T) {
	c := calendar(t, "npac", "America/Los_Angeles")
	// Saturday in UTC, still Friday evening in Seattle.
	if friday := at(t, "2026-03-07T03:00:00Z"); !c.IsBusinessDay(friday) {
		t.Error("Friday evening is a business day")
	}
	// Monday in UTC, still Sunday in Seattle.
	if sunday := at(t, "2026-03-09T03:00:00Z"); c.IsBusinessDay(sunday) {
		t.Error("Sunday evening is no business day")
	}
}

func TestAddBusinessDays(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from string
		n                int
		want             string
	}{
		{"Monday to Thursday", "America/New_York", "2026-03-02T09:00:00-05:00", 3, "2026-03-05T09:00:00-05:00"},
		{"over a weekend into summer time, same clock", "America/New_York", "2026-03-06T09:30:00-05:00", 1,
			"2026-03-09T09:30:00-04:00"},
		{"back over it", "America/New_York", "2026-03-09T09:30:00-04:00", -1, "2026-03-06T09:30:00-05:00"},
		{"over Thanksgiving", "America/New_York", "2026-11-25T16:00:00-05:00", 1, "2026-11-27T16:00:00-05:00"},
		{"over a holiday kept on Friday", "America/New_York", "2026-07-02T16:00:00-04:00", 1, "2026-07-06T16:00:00-04:00"},
		{"over the year's end", "America/New_York", "2027-12-30T16:00:00-05:00", 1, "2028-01-03T16:00:00-05:00"},
		{"from Saturday one on", "America/New_York", "2026-03-14T10:00:00-04:00", 1, "2026-03-16T10:00:00-04:00"},
		{"from Saturday one back", "America/New_York", "2026-03-14T10:00:00-04:00", -1, "2026-03-13T10:00:00-04:00"},
		{"none", "America/New_York", "2026-03-14T10:00:00-04:00", 0, "2026-03-14T10:00:00-04:00"},
		{"given in UTC", "America/New_York", "2026-03-03T02:00:00Z", 1, "2026-03-03T21:00:00-05:00"},
		{"without summer time", "America/Phoenix", "2026-03-06T09:30:00-07:00", 1, "2026-03-09T09:30:00-07:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar(t, "npac", tt.zone).AddBusinessDays(at(t, tt.from), tt.n)
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

func TestDayBefore(t *testing.T) {
	c := calendar(t, "npac", "America/Chicago")
	if got := c.DayBefore(at(t, "2026-09-08T07:00:00-05:00")).Format(time.RFC3339); got != "2026-09-04T07:00:00-05:00" {
		t.Errorf("the business day before the Tuesday after Labor Day: %s", got)
	}
}

func TestAt(t *testing.T) {
	for _, tt := range []struct {
		name, zone, day string
		hour, minute    int
		want            string
	}{
		{"winter", "America/New_York", "2026-01-15T23:00:00-05:00", 11, 30, "2026-01-15T11:30:00-05:00"},
		{"summer", "America/New_York", "2026-07-15T00:10:00-04:00", 11, 30, "2026-07-15T11:30:00-04:00"},
		{"the date is the calendar's", "America/New_York", "2026-07-15T02:00:00Z", 8, 0, "2026-07-14T08:00:00-04:00"},
		{"skipped in spring", "America/New_York", "2026-03-08T12:00:00-04:00", 2, 30, "2026-03-08T03:00:00-04:00"},
		{"skipped at its first minute", "America/New_York", "2026-03-08T12:00:00-04:00", 2, 0, "2026-03-08T03:00:00-04:00"},
		{"just before the gap", "America/New_York", "2026-03-08T12:00:00-04:00", 1, 59, "2026-03-08T01:59:00-05:00"},
		{"just after the gap", "America/New_York", "2026-03-08T12:00:00-04:00", 3, 0, "2026-03-08T03:00:00-04:00"},
		{"twice in autumn: the first", "America/New_York", "2026-11-01T12:00:00-05:00", 1, 30, "2026-11-01T01:30:00-04:00"},
		{"twice, west", "America/Los_Angeles", "2026-11-01T12:00:00-08:00", 1, 0, "2026-11-01T01:00:00-07:00"},
		{"skipped, west", "America/Los_Angeles", "2026-03-08T12:00:00-07:00", 2, 15, "2026-03-08T03:00:00-07:00"},
		{"skipped, east of Greenwich", "Europe/Berlin", "2026-03-29T12:00:00+02:00", 2, 15, "2026-03-29T03:00:00+02:00"},
		{"twice, east of Greenwich", "Europe/Berlin", "2026-10-25T12:00:00+01:00", 2, 15, "2026-10-25T02:15:00+02:00"},
		{"no clock changes", "UTC", "2026-03-08T12:00:00Z", 2, 30, "2026-03-08T02:30:00Z"},
		{"24:00", "America/New_York", "2026-03-07T12:00:00-05:00", 24, 0, "2026-03-08T00:00:00-05:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar(t, "npac", tt.zone).At(at(t, tt.day), tt.hour, tt.minute)
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

func TestNextCutoff(t *testing.T) {
	for _, tt := range []struct{ name, set, received, want string }{
		{"in the morning", "npac", "2026-03-03T09:00:00-06:00", "2026-03-03T13:00:00-06:00"},
		{"before opening", "npac", "2026-03-03T00:00:01-06:00", "2026-03-03T13:00:00-06:00"},
		{"at the cut-off", "npac", "2026-03-03T13:00:00-06:00", "2026-03-03T13:00:00-06:00"},
		{"a moment late", "npac", "2026-03-03T13:00:01-06:00", "2026-03-04T13:00:00-06:00"},
		{"late on Friday, into summer time", "npac", "2026-03-06T15:00:00-06:00", "2026-03-09T13:00:00-05:00"},
		{"on Saturday morning", "npac", "2026-03-07T09:00:00-06:00", "2026-03-09T13:00:00-05:00"},
		{"on a holiday", "npac", "2026-11-26T09:00:00-06:00", "2026-11-27T13:00:00-06:00"},
		{"given in UTC", "npac", "2026-03-03T20:00:00Z", "2026-03-04T13:00:00-06:00"},
		{"registry, late in the evening", "somos", "2026-03-03T23:59:59-06:00", "2026-03-04T00:00:00-06:00"},
		{"registry, Friday evening", "somos", "2026-03-06T23:00:00-06:00", "2026-03-07T00:00:00-06:00"},
		{"registry, Saturday", "somos", "2026-03-07T00:00:01-06:00", "2026-03-10T00:00:00-05:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar(t, tt.set, "America/Chicago").NextCutoff(at(t, tt.received))
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	for _, tt := range []struct{ name, set, received, want string }{
		{"in the morning", "npac", "2026-03-03T09:12:13-06:00", "2026-03-03T09:12:13-06:00"},
		{"before opening", "npac", "2026-03-03T05:00:00-06:00", "2026-03-03T08:00:00-06:00"},
		{"after the cut-off", "npac", "2026-03-03T13:00:01-06:00", "2026-03-04T08:00:00-06:00"},
		{"on Saturday", "npac", "2026-03-07T09:00:00-06:00", "2026-03-09T08:00:00-05:00"},
		{"registry, in the evening", "somos", "2026-03-03T22:00:00-06:00", "2026-03-03T22:00:00-06:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar(t, tt.set, "America/Chicago").Counts(at(t, tt.received))
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

var (
	anySet  = rapid.SampledFrom([]string{"npac", "federal", "somos", "canada"})
	anyZone = rapid.SampledFrom([]string{
		"America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles", "America/St_Johns",
		"America/Regina", "America/Anchorage", "Pacific/Honolulu", "Pacific/Guam", "UTC",
	})
)

// drawDay is a calendar and a time in 2020 to 2040, half of them near a
// change of clocks.
func drawDay(t *rapid.T) (*bizday.Calendar, time.Time) {
	c, err := bizday.Named(anySet.Draw(t, "set"), anyZone.Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	when := time.Unix(rapid.Int64Range(1577836800, 2208988800).Draw(t, "unix"), 0)
	if rapid.Bool().Draw(t, "near a change of clocks") {
		if _, end := when.In(c.Location()).ZoneBounds(); !end.IsZero() {
			when = end.Add(time.Duration(rapid.IntRange(-72*60, 72*60).Draw(t, "minutes off")) * time.Minute)
		}
	}
	return c, when
}

func TestAddBusinessDaysProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from := drawDay(t)
		n := rapid.IntRange(-40, 40).Draw(t, "n")
		got := c.AddBusinessDays(from, n)

		if n != 0 && !c.IsBusinessDay(got) {
			t.Fatalf("%s is no business day", got)
		}
		if c.IsBusinessDay(from) {
			if back := c.AddBusinessDays(got, -n); !back.Equal(from) {
				t.Fatalf("%s and back is %s", got, back)
			}
			if m := rapid.IntRange(-40, 40).Draw(t, "m"); !c.AddBusinessDays(got, m).Equal(c.AddBusinessDays(from, n+m)) {
				t.Fatalf("%d and %d days are not %d days", n, m, n+m)
			}
		}
		if more := c.AddBusinessDays(from, n+1); !more.After(got) {
			t.Fatalf("one day more is %s, not after %s", more, got)
		}
		if a, b := from.In(c.Location()).Format("15:04:05"), got.Format("15:04:05"); a != b {
			t.Fatalf("the clock moved from %s to %s", a, b) // no gap: clocks change on Sundays
		}
		// As many business days lie between as were asked for.
		count, step := 0, 1
		if n < 0 {
			step = -1
		}
		for d := c.At(from, 12, 0); d.Format(time.DateOnly) != got.Format(time.DateOnly); {
			d = d.AddDate(0, 0, step)
			if c.IsBusinessDay(d) {
				count += step
			}
		}
		if count != n {
			t.Fatalf("%d business days lie between, not %d", count, n)
		}
	})
}

func TestAddBusinessDaysKeepsTheOrderOfDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, a := drawDay(t)
		b := a.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "hours")) * time.Hour)
		n := rapid.IntRange(-10, 10).Draw(t, "n")
		x, y := c.AddBusinessDays(a, n), c.AddBusinessDays(b, n)
		if x.Format(time.DateOnly) > y.Format(time.DateOnly) {
			t.Fatalf("%s comes before %s, but %s after %s", a, b, x, y)
		}
	})
}

func TestDayBeforeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from := drawDay(t)
		got := c.DayBefore(from)
		if !c.IsBusinessDay(got) || got.Format(time.DateOnly) >= from.In(c.Location()).Format(time.DateOnly) {
			t.Fatalf("%s is not a business day before %s", got, from.In(c.Location()))
		}
	})
}

func TestAtProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, day := drawDay(t)
		hour, minute := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		got := c.At(day, hour, minute)
		want := fmt.Sprintf("%s %02d:%02d", day.In(c.Location()).Format(time.DateOnly), hour, minute)
		switch shown := got.Format("2006-01-02 15:04"); {
		case shown == want:
			// The first of its kind: an hour earlier the clock shows something else.
			if early := got.Add(-time.Hour); early.Format("2006-01-02 15:04") == want {
				t.Fatalf("%s is the second %s", got, want)
			}
		case shown < want:
			t.Fatalf("%s is before %s", shown, want)
		default: // skipped: nothing lies between
			if before := got.Add(-time.Second).Format("2006-01-02 15:04"); before >= want {
				t.Fatalf("%s is not the first instant after %s", got, want)
			}
		}
	})
}

func TestNextCutoffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, received := drawDay(t)
		got := c.NextCutoff(received)
		if got.Before(received) {
			t.Fatalf("%s is before %s", got, received)
		}
		if !c.IsBusinessDay(got.Add(-time.Nanosecond)) {
			t.Fatalf("%s closes no business day", got)
		}
		if again := c.NextCutoff(got.Add(-time.Nanosecond)); !again.Equal(got) {
			t.Fatalf("just before %s the cut-off is %s", got, again)
		}
		counts := c.Counts(received)
		if counts.Before(received) || counts.After(got) || !c.IsBusinessDay(counts) && !counts.Equal(got) {
			t.Fatalf("received %s, counts %s, cut-off %s", received, counts, got)
		}
		if !c.NextCutoff(counts).Equal(got) {
			t.Fatalf("received %s has cut-off %s, but %s when it counts", received, got, c.NextCutoff(counts))
		}
	})
}

// The house's set has the day after Thanksgiving, whatever Thursday that is, and single days follow a set.
func TestHouseAndSingleDays(t *testing.T) {
	for _, test := range []struct {
		set, day, holiday string
	}{
		{"house", "2026-11-27", "Day after Thanksgiving"},
		{"house", "2024-11-29", "Day after Thanksgiving"},
		{"house", "2030-11-29", "Day after Thanksgiving"}, // November 1 is a Friday
		{"house", "2030-11-22", ""},
		{"house", "2026-12-25", "Christmas Day"},
		{"house", "2026-12-24", ""},
		{"npac", "2026-11-27", ""},
		{"federal, the day after Thanksgiving, Christmas Eve", "2026-12-24", "Christmas Eve"},
		{"federal, the day after Thanksgiving, Christmas Eve", "2026-11-27", "Day after Thanksgiving"},
		{"federal, the day after Thanksgiving, Christmas Eve", "2026-10-12", "Columbus Day"},
		{"npac, christmas eve", "2026-12-24", "Christmas Eve"},
		{"canada", "2026-12-28", "Boxing Day"},
		{"npac", "2027-07-05", "Independence Day"}, // the 4th is a Sunday
		{"npac", "2027-07-04", ""},                 // a Sunday, and not the day on which it is kept
	} {
		c, err := bizday.Named(test.set, "America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation(time.DateOnly, test.day, c.Location())
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Holiday(at.Add(23 * time.Hour)); got != test.holiday {
			t.Errorf("%s on %s: %q, want %q", test.set, test.day, got, test.holiday)
		}
		if test.holiday != "" && c.IsBusinessDay(at) {
			t.Errorf("%s: %s is a business day", test.set, test.day)
		}
	}
	for _, set := range []string{"house, my birthday", "nobody's", ", Christmas Eve"} {
		if _, err := bizday.Named(set, "UTC"); err == nil {
			t.Errorf("there is a calendar %q", set)
		}
	}
}
