package porting

import (
	"slices"
	"strings"
	"testing"
)

func TestQuietDaysAreRead(t *testing.T) {
	for name, test := range map[string]struct {
		list []string
		want QuietDays
		at   string // of the fault
	}{
		"all forms":            {[]string{" Friday", "holiday_eve", "2026-12-24", "2026-12-28/2027-01-03", "friday"}, "friday,holiday_eve,2026-12-24,2026-12-28/2027-01-03", ""},
		"none":                 {[]string{}, "", ""},
		"a day of the weekend": {[]string{"friday", "sunday"}, "", "quiet_days/1"},
		"no date":              {[]string{"2026-02-30"}, "", "quiet_days/0"},
		"a range backwards":    {[]string{"2026-12-24/2026-12-01"}, "", "quiet_days/0"},
		"a range without end":  {[]string{"2026-12-24/"}, "", "quiet_days/0"},
		"a range of a year":    {[]string{"2026-01-01/2026-12-31"}, "", "quiet_days/0"},
		"every day":            {[]string{"monday", "tuesday", "wednesday", "thursday", "friday"}, "", "quiet_days"},
		"too many":             {strings.Split(strings.Repeat("friday,", MaxQuietDays)+"friday", ","), "", "quiet_days"},
	} {
		t.Run(name, func(t *testing.T) {
			got, faults := ParseQuietDays(test.list)
			if test.at != "" && (len(faults) != 1 || faults[0].Field != test.at) || test.at == "" && len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if test.at == "" && got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if again, _ := ParseQuietDays(got.List()); test.at == "" && again != got {
				t.Errorf("%q is read as %q", got, again)
			}
		})
	}
}

// No request asks for a quiet day, and no list of days offers one, whatever the class and the carrier's refusals are. A
// day that the customer wishes is refused with the nearest days, at create and at the signature.
func TestNothingAsksForAQuietDay(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	quiet := QuietDays("friday,holiday_eve,2026-12-07,2026-12-14/2026-12-16")
	for _, terms := range Classes {
		o := orderOf(terms.Class, "WA", "")
		o.QuietDays = quiet
		c := r.carrierDays(o)
		for i := range 45 {
			wish := DateOf(at).add(i)
			o.Details.Desired = wish
			if d := o.Asked(r, at); quiet.On(d, c) || !c.IsBusinessDay(d.In(c.Location())) || d < wish {
				t.Errorf("%s: asks for %s where %s is wished", terms.Class, d, wish)
			}
			if wish > DateOf(at) && c.IsBusinessDay(wish.In(c.Location())) && quiet.On(wish, c) {
				faults := r.DayFaults(wish, at, o)
				if len(faults) != 1 || faults[0].Days.Wrong != DayQuiet || !strings.Contains(faults[0].Message, "wants no port") {
					t.Errorf("%s: %s is taken: %+v", terms.Class, wish, faults)
				}
			}
		}
		if d := r.EarliestOfAll(at, o); quiet.On(d, c) {
			t.Errorf("%s: the earliest day is %s", terms.Class, d)
		}
		for _, day := range r.Days(at, o) {
			if quiet.On(day.Date, c) && day.State == DayOpen {
				t.Errorf("%s: %s is offered", terms.Class, day.Date)
			}
		}
		for _, d := range r.Nearest("2026-12-15", at, o) {
			if quiet.On(d, c) {
				t.Errorf("%s: %s is near", terms.Class, d)
			}
		}
	}
}

func TestHolidayEve(t *testing.T) {
	r := houseRules(t)
	c := r.carrierDays(orderOf(Wireline, "WA", ""))
	var eves []Date
	for d := Date("2026-11-20"); d < "2027-01-05"; d = d.add(1) {
		if QuietDays(holidayEve).On(d, c) {
			eves = append(eves, d)
		}
	}
	if want := []Date{"2026-11-25", "2026-12-24", "2026-12-31"}; !slices.Equal(eves, want) {
		t.Errorf("%v, want %v", eves, want)
	}
}

// A day that has become quiet since it was wished is moved, and told; so is one that the carrier confirms all the same.
func TestAQuietDayIsTold(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	o := orderOf(Wireline, "WA", "2026-12-11")
	o.QuietDays = "friday"
	d := o.Asked(r, at)
	if why := r.askedFor(o, d, at); d != "2026-12-14" || why != AskedQuiet {
		t.Errorf("asks for %s for %q", d, why)
	}
	if m := o.AskedMessage(Attempt{Asked: d, AskedFor: AskedQuiet}); m.Key != MsgAsksQuiet {
		t.Errorf("told as %q", m.Key)
	}
	l := brought(t, Submitted)
	l.o.QuietDays = "2027-03-16"
	_, events, err := l.r.Apply(l.o, Accept{peer, "P1", "FOC", "2027-03-16", l.at, false}, l.at)
	if err != nil || !slices.ContainsFunc(events[0].Message.List, func(m Message) bool { return m.Key == MsgQuietConfirmed }) {
		t.Errorf("%v, %v", events, err)
	}
}
