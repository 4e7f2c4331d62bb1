package porting

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portway/internal/bizday"
)

// houseRules are the rules with the calendars that the functions have.
func houseRules(t testing.TB) Rules {
	t.Helper()
	r := rules(t)
	named := func(set, zone string) Calendar {
		c, err := bizday.Named(set, zone)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	r.Holidays = map[string]Calendar{"canada": named("canada", "America/Toronto"), "somos": named("somos", "America/Chicago")}
	for _, zone := range RegionZones() {
		r.Holidays["house "+zone] = named("house", zone)
	}
	r.MoreHolidays = func(set, zone string) (Calendar, bool) {
		c, err := bizday.Named(set, zone)
		return c, err == nil
	}
	return r
}

func orderOf(class Class, state string, wish Date) Order {
	o := Order{ID: OrderID(class), Status: Pending, Kind: Local, Class: class, Numbers: []Number{{TN: "+12065550101"}}}
	o.Details.State, o.Details.Country, o.Details.Desired = state, "US", wish
	if class == TollFreePort {
		o.Kind = TollFree
	}
	return o
}

// Each class judges a day by its own carriers' calendar; the reason, the holiday and the nearest days are told.
func TestDays(t *testing.T) {
	const at = "2026-12-01 09:00" // a Tuesday, in the desk's zone, Pacific
	for _, test := range []struct {
		name, now string
		class     Class
		day       Date
		want      DayState
		holiday   string
		nearest   string
	}{
		{"today", at, Wireline, "2026-12-01", DayPast, "", "2026-12-07 2026-12-08 2026-12-09"},
		{"past", at, Wireline, "2020-02-29", DayPast, "", "2026-12-07 2026-12-08 2026-12-09"},
		{"a Saturday", at, Wireline, "2026-12-12", DayWeekend, "", "2026-12-10 2026-12-11 2026-12-14"},
		{"a Sunday", at, Wireline, "2026-12-13", DayWeekend, "", "2026-12-11 2026-12-14 2026-12-15"},
		{"Christmas", at, Wireline, "2026-12-25", DayHoliday, "Christmas Day", "2026-12-23 2026-12-24 2026-12-28"},
		{"Christmas of a simple port", at, SimpleWireline, "2026-12-25", DayHoliday, "Christmas Day", "2026-12-23 2026-12-24 2026-12-28"},
		{"Christmas at the registry", at, TollFreePort, "2026-12-25", DayHoliday, "Christmas Day", "2026-12-23 2026-12-24 2026-12-28"},
		{"Christmas in Canada", at, CanadaWireline, "2026-12-25", DayHoliday, "Christmas Day", "2026-12-22 2026-12-23 2026-12-24"},
		{"Boxing Day, kept on Monday", at, CanadaWireless, "2026-12-28", DayHoliday, "Boxing Day", "2026-12-29 2026-12-30 2026-12-31"},
		{"Boxing Day is a day like others in the US", at, Wireline, "2026-12-28", DayOpen, "", ""},
		{"the day after Thanksgiving, assumed", "2026-11-10 09:00", Wireline, "2026-11-27", DayHoliday,
			"Day after Thanksgiving", "2026-11-24 2026-11-25 2026-11-30"},
		{"not at the registry", "2026-11-10 09:00", TollFreePort, "2026-11-27", DayOpen, "", ""},
		{"nor in Canada", "2026-11-10 09:00", CanadaWireline, "2026-11-26", DayOpen, "", ""},
		{"too soon", at, Wireline, "2026-12-04", DayTooSoon, "", ""},
		{"soon enough for one line", at, Wireless, "2026-12-02", DayOpen, "", ""},
		{"the earliest", at, Wireline, "2026-12-07", DayOpen, "", ""},
		{"the latest", at, Wireline, "2026-12-31", DayOpen, "", ""},
		{"a month and a day", at, Wireline, "2027-01-04", DayTooFar, "", ""},
		{"a holiday too far ahead is one all the same", at, Wireline, "2027-12-24", DayHoliday, "Christmas Day", "2026-12-29 2026-12-30 2026-12-31"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, o := houseRules(t), orderOf(test.class, "WA", test.day)
			got := r.DayOf(test.day, when(t, test.now), o)
			if got.State != test.want || got.Holiday != test.holiday {
				t.Errorf("%+v, want %s %q", got, test.want, test.holiday)
			}
			if got.Unpublished != strings.Contains(test.name, "assumed") {
				t.Errorf("unpublished: %v", got.Unpublished)
			}
			faults := r.DayFaults(test.day, when(t, test.now), o)
			if (len(faults) == 1) != test.want.Never() {
				t.Fatalf("faults %v", faults)
			}
			if !test.want.Never() {
				return
			}
			var near []string
			for _, d := range faults[0].Days.Nearest {
				near = append(near, string(d))
				if !strings.Contains(faults[0].Message, d.Words()) {
					t.Errorf("the words leave %s out: %s", d, faults[0].Message)
				}
			}
			if got := strings.Join(near, " "); got != test.nearest || faults[0].Field != "desired_completion_date" {
				t.Errorf("%s: nearest %s, want %s", faults[0].Field, got, test.nearest)
			}
		})
	}
}

// A carrier's own holidays and limit take the place of the class's, and are not assumed.
func TestDaysOfACarrier(t *testing.T) {
	r, now := houseRules(t), when(t, "2026-12-01 09:00")
	telnyx := TermsOf(Wireline)
	telnyx.Holidays = "federal, the day after Thanksgiving, Christmas Eve"
	c := r.CarrierDays(telnyx, "WA")
	for day, want := range map[Date]bool{"2026-12-24": false, "2026-12-25": false, "2026-12-23": true, "2027-01-18": false, "2026-11-27": false} {
		if got := c.IsBusinessDay(day.In(c.Location())); got != want {
			t.Errorf("%s is a business day: %v", day, got)
		}
	}
	unknown := TermsOf(Wireline)
	unknown.Holidays = "the boss's birthday"
	if got := r.CarrierDays(unknown, "WA"); got != r.Calendar {
		t.Errorf("a set that nobody knows gives %v", got)
	}
	if got := r.Latest(now, orderOf(Wireline, "WA", "")); got != "2026-12-31" {
		t.Errorf("latest %s", got)
	}
}

// Orders that are to move together share their days: the ones on which none of their carriers is closed.
func TestDaysOfSeveralOrders(t *testing.T) {
	r, now := houseRules(t), when(t, "2026-12-01 09:00")
	local, free, canada := orderOf(Wireline, "WA", ""), orderOf(TollFreePort, "WA", ""), orderOf(CanadaWireline, "", "")
	for _, test := range []struct {
		name   string
		orders []Order
		day    Date
		want   DayState
	}{
		{"soon enough for one, too soon for the other", []Order{free, local}, "2026-12-03", DayTooSoon},
		{"the first common day", []Order{free, local, canada}, "2026-12-07", DayOpen},
		{"closed at one of them", []Order{local, canada}, "2026-12-28", DayHoliday},
		{"a day that can never be for one is the gravest", []Order{orderOf(ProjectPort, "WA", ""), canada}, "2026-12-28", DayHoliday},
		{"no orders", nil, "2026-12-25", DayOpen},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := r.DayOf(test.day, now, test.orders...); got.State != test.want {
				t.Errorf("%+v, want %s", got, test.want)
			}
		})
	}
	if got := r.EarliestOfAll(now, free, local, canada); got != "2026-12-07" {
		t.Errorf("earliest common day %s", got)
	}
	if got := r.Nearest("2026-12-28", now, local, canada); !slices.Equal(got, []Date{"2026-12-29", "2026-12-30", "2026-12-31"}) {
		t.Errorf("nearest common days %v", got)
	}
}

// Whatever day is asked for: a day that is proposed is possible, there are at most three, each once and in order; the
// earliest is possible for all, and a refusal always comes with a proposal.
func TestEveryProposalIsPossible(t *testing.T) {
	r := houseRules(t)
	classes := []Class{SimpleWireline, Wireline, ProjectPort, Wireless, Resold, TollFreePort, CanadaWireline, CanadaWireless}
	rapid.Check(t, func(t *rapid.T) {
		at := now.Add(time.Duration(rapid.IntRange(0, 3*365*24*60).Draw(t, "minutes")) * time.Minute)
		wish := DateOf(at).add(rapid.IntRange(-40, 400).Draw(t, "ahead"))
		var all []Order
		for range rapid.IntRange(1, 4).Draw(t, "orders") {
			state := rapid.SampledFrom([]string{"WA", "NY", "CO", "IL", "PR", "", "??"}).Draw(t, "state")
			all = append(all, orderOf(rapid.SampledFrom(classes).Draw(t, "class"), state, wish))
		}
		near := r.Nearest(wish, at, all...)
		if len(near) == 0 || len(near) > 3 || !slices.IsSorted(near) || len(slices.Compact(slices.Clone(near))) != len(near) {
			t.Fatalf("proposes %v", near)
		}
		first, last := r.EarliestOfAll(at, all...), r.Latest(at, all...)
		for _, d := range append(near, first) {
			if s := r.DayOf(d, at, all...).State; s != DayOpen && !(d == first && s == DayTooFar && first > last) {
				t.Fatalf("%s is %s, earliest %s, latest %s", d, s, first, last)
			}
		}
		faults := r.DayFaults(wish, at, all...)
		if never := r.DayOf(wish, at, all...).State.Never(); never != (len(faults) == 1) {
			t.Fatalf("%s never: %v, faults %v", wish, never, faults)
		}
		if len(faults) == 1 && faults[0].Days.Nearest[0] == "" {
			t.Fatal("a refusal proposes nothing")
		}
		if len(all) == 1 && wish != "" && !r.DayOf(all[0].Asked(r, at), at, all...).State.inTime() {
			t.Fatalf("asks for %s", all[0].Asked(r, at))
		}
	})
}

// inTime says that a carrier may take the day: it is open, or too far ahead, which the screening refuses.
func (s DayState) inTime() bool { return s == DayOpen || s == DayTooFar }

// A day that can never be is refused at create, edit, signature and resubmission, and nothing changes. An order of
// before, with such a day, can be edited otherwise, and what is asked for it is the next business day.
func TestADayThatCanNeverBe(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	refused := func(t *testing.T, o Order, cmd Command) {
		t.Helper()
		after, _, err := r.Apply(o, cmd, at)
		var e *Error
		if !Is(err, Invalid) {
			t.Fatalf("%T is taken: %v", cmd, err)
		}
		if e = err.(*Error); len(e.Faults) != 1 || e.Faults[0].Days.Wrong != DayHoliday || after.Version != o.Version {
			t.Errorf("%T: %+v", cmd, e.Faults)
		}
	}
	create := sampleCreate(1)
	create.Details.Desired = "2026-12-25"
	refused(t, Order{}, create)
	create.Details.Desired = "2026-12-24"
	o, _, err := r.Apply(Order{}, create, at)
	if err != nil {
		t.Fatal(err)
	}
	to := o.Details
	to.Desired = "2026-12-25"
	refused(t, o, Edit{By: customer, To: to, Fields: []string{"desired_completion_date"}})
	older := o
	older.Details.Desired = "2026-12-25"
	refused(t, older, Sign{By: customer, Signature: Signature{Name: "Ada Lovelace", Title: "Owner"}})
	rejected := older
	rejected.Status = Rejected
	refused(t, rejected, Resubmit{By: customer})
	refused(t, rejected, Sign{By: customer, Signature: Signature{Name: "Ada Lovelace", Title: "Owner"}})
	to = older.Details
	to.Alias = "Annex"
	if after, _, err := r.Apply(older, Edit{By: customer, To: to, Fields: []string{"alias"}}, at); err != nil || after.Details.Alias != "Annex" {
		t.Errorf("an older order can't be edited: %v", err)
	}
	if got := older.Asked(r, at); got != "2026-12-28" {
		t.Errorf("asks for %s", got)
	}
}

// What becomes of a day that is taken and not possible is told: too soon, too far ahead, or not for all orders of a call.
func TestDayDoubt(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	submitted := orderOf(Wireline, "WA", "2026-12-04")
	submitted.Status = Submitted
	for _, test := range []struct {
		name   string
		orders []Order
		wrong  DayState
		words  string
	}{
		{"possible", []Order{orderOf(Wireline, "WA", "2026-12-10")}, "", ""},
		{"none asked for", []Order{orderOf(Wireline, "WA", "")}, "", ""},
		{"too soon", []Order{orderOf(Wireline, "WA", "2026-12-04")}, DayTooSoon, "we ask for the earliest one: Monday, December 7, 2026"},
		{"too far", []Order{orderOf(Wireline, "WA", "2027-01-20")}, DayTooFar, "is Thursday, December 31, 2026"},
		{"not for all", []Order{orderOf(TollFreePort, "WA", "2026-12-03"), orderOf(Wireline, "WA", "2026-12-03")}, DayTooSoon,
			"The nearest day on which all of them can move is Monday, December 7, 2026"},
		{"asked already", []Order{submitted}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			advice, words := r.DayDoubt(at, test.orders...)
			if advice.Wrong != test.wrong || !strings.Contains(words, test.words) || (words == "") != (test.wrong == "") {
				t.Errorf("%q %q", advice.Wrong, words)
			}
		})
	}
}
