package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A class has hours or has none; where it has some, an hour within those of the carriers is taken, in the zone of the
// numbers, and any other one is refused with the nearest that can be.
func TestHours(t *testing.T) {
	at := time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC) // a Tuesday
	for _, test := range []struct {
		name, state, zone string
		day               Date
		hour              Clock
		want              string // a part of the fault; empty for none
	}{
		{"within the hours", "WA", "America/Los_Angeles", "2026-12-10", "10:00", ""},
		{"the first minute", "WA", "America/Los_Angeles", "2026-12-10", "07:00", ""}, // 8:00 in Denver, of the Western region
		{"the last minute", "WA", "America/Los_Angeles", "2026-12-10", "16:00", ""},
		{"too early", "WA", "America/Los_Angeles", "2026-12-10", "06:59", "between 7:00 AM PST and 4:00 PM PST on that day. The nearest possible time is 07:00."},
		{"too late", "WA", "America/Los_Angeles", "2026-12-10", "23:30", "The nearest possible time is 16:00."},
		{"an address far from the numbers", "WA", "America/New_York", "2026-12-10", "18:30", ""}, // 16:30 in Denver
		{"the other side of the date line", "GU", "Pacific/Guam", "2026-12-10", "10:00", "while it is another day"},
		{"an order of before zones", "NY", "", "2026-12-10", "08:00", ""},
		{"an order of before zones, too early", "NY", "", "2026-12-10", "07:59", "The nearest possible time is 08:00."},
		{"without a day", "WA", "America/Los_Angeles", "", "10:00", "Give desired_completion_date too"},
	} {
		for _, terms := range Classes {
			t.Run(test.name+", "+string(terms.Class), func(t *testing.T) {
				r := houseRules(t)
				if terms.Class == CanadaWireless && test.zone == "" {
					t.Skip("the zone of Canadian numbers was always kept")
				}
				o := orderOf(terms.Class, test.state, test.day)
				o.Home.Zone, o.Details.DesiredTime = test.zone, test.hour
				faults := r.HourFaults(o.Details, at, o)
				var said []string
				for _, f := range faults {
					said = append(said, f.Field+" "+string(f.Code)+" "+f.Message)
				}
				got := strings.Join(said, "; ")
				switch has := slices.Contains([]Class{Wireless, CanadaWireless}, terms.Class); {
				case terms.Hour != has:
					t.Errorf("the class has hours: %v", terms.Hour)
				case !has:
					if !strings.HasPrefix(got, "desired_completion_time not_allowed Leave the time of day out.") || !strings.Contains(got, "+12065550101") {
						t.Error(got)
					}
				case terms.Class == CanadaWireless: // its carriers are in Toronto, whatever the address
					if test.day != "" && len(faults) > 1 {
						t.Error(got)
					}
				case test.want == "" && got != "" || !strings.Contains(got, test.want):
					t.Error(got)
				}
				for _, f := range faults { // what is proposed can be
					if _, nearest, ok := strings.Cut(f.Message, "The nearest possible time is "); ok {
						o.Details.DesiredTime = Clock(strings.TrimSuffix(nearest, "."))
						if more := r.HourFaults(o.Details, at, o); len(more) > 0 {
							t.Errorf("%s is refused too: %v", o.Details.DesiredTime, more)
						}
					}
				}
			})
		}
	}
	t.Run("one of several orders has none", func(t *testing.T) {
		one, two := orderOf(Wireless, "WA", "2026-12-10"), orderOf(Wireline, "WA", "2026-12-10")
		one.Details.DesiredTime = "10:00"
		if got := houseRules(t).HourFaults(one.Details, at, one, two); len(got) != 1 || got[0].Code != NotAllowed {
			t.Error(got)
		}
	})
}

// The wished, the asked and the confirmed hour stand beside each other, and the events tell them.
func TestHoursOfAnOrder(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	brings := func(t *testing.T, wish Clock, accept Accept) *life {
		t.Helper()
		l := &life{t: t, r: rules(t), at: now}
		cmd := sampleCreate(1)
		cmd.Wireless, cmd.Home, cmd.Details.DesiredTime = true, Home{Country: "US", Zone: zone.String()}, wish
		l.do(cmd, signed, Pass{By: system}, SettleCSR{By: system, Why: Words("There is none.")})
		d := l.r.DecideRequest(l.o, Order{}, l.at)
		if d.Do != DoSend || d.Request.Time != wish {
			t.Fatalf("%+v", d)
		}
		l.do(Plan{By: system, Attempt: d.Request.Attempt()},
			MarkSent{By: system, PON: d.Request.PON, Ref: "ref", Asked: d.Request.Date, Time: d.Request.Time})
		asks := slices.ContainsFunc(l.last().Message.List, func(m Message) bool { return m.Key == MsgAsksHour && m.Args["at"] == string(wish)+" PDT" })
		if asks != (wish != "") || l.o.Attempts[0].AskedTime != wish {
			t.Errorf("it asks for %q: %v", l.o.Attempts[0].AskedTime, l.last().Message)
		}
		if at := l.r.MoveAt(l.o, d.Request.Date, d.Request.Time); wish != "" && !at.Equal(wish.On(d.Request.Date, zone)) || wish == "" && !at.IsZero() {
			t.Errorf("it asks for %v", at)
		}
		accept.By, accept.PON, accept.Said = peer, d.Request.PON, "FOC"
		return l.do(accept)
	}
	at := func(clock Clock) time.Time { return clock.On("2027-03-16", zone).UTC() }
	for _, test := range []struct {
		name      string
		wish      Clock
		accept    Accept
		confirmed Clock
		told      MessageKey
	}{
		{"as wished", "10:00", Accept{FOC: "2027-03-16", At: at("10:00"), Timed: true}, "10:00", MsgMovesAt},
		{"another hour", "10:00", Accept{FOC: "2027-03-16", At: at("13:45"), Timed: true}, "13:45", MsgMovesOther},
		{"no hour", "10:00", Accept{FOC: "2027-03-16", At: at("08:30")}, "", MsgNoHour},
		{"none wished", "", Accept{FOC: "2027-03-16", At: at("08:30"), Timed: true}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brings(t, test.wish, test.accept)
			if l.o.FOCTime != test.confirmed || l.o.Details.DesiredTime != test.wish || l.r.HourMessage(l.o).Key != test.told {
				t.Errorf("confirmed %q, wished %q, %v", l.o.FOCTime, l.o.Details.DesiredTime, l.r.HourMessage(l.o))
			}
			told := slices.ContainsFunc(l.last().Message.List, func(m Message) bool { return m.Key == test.told })
			if told != (test.told != "") {
				t.Errorf("told: %v", l.last().Message)
			}
			l.do(MoveFOC{By: peer, FOC: "2027-03-18", At: Clock("11:15").On("2027-03-18", zone), Timed: true})
			if want := map[bool]Clock{true: "11:15"}[test.wish != ""]; l.o.FOCTime != want {
				t.Errorf("after another date %q, want %q", l.o.FOCTime, want)
			}
		})
	}
	t.Run("another hour of the agreed day is told once", func(t *testing.T) {
		l := brings(t, "10:00", Accept{FOC: "2027-03-16", At: at("10:00"), Timed: true})
		hears := func(clock Clock) []Command {
			a := Answer{State: AnswerAccepted, Said: "FOC", FOC: "2027-03-16", At: at(clock), Timed: true}
			a.About = l.o.About()
			return l.r.Hear(l.o, a, peer, l.at).Commands
		}
		if cmds := hears("10:00"); len(cmds) > 0 {
			t.Errorf("the same hour: %v", cmds)
		}
		l.do(hears("12:30")...)
		if l.o.FOC != "2027-03-16" || l.o.FOCTime != "12:30" || !l.o.FOCAt.Equal(at("12:30")) || l.last().Message.Key != MsgHourMoved {
			t.Errorf("%s %s, %v", l.o.FOC, l.o.FOCTime, l.last().Message)
		}
		if cmds := hears("12:30"); len(cmds) > 0 {
			t.Errorf("it is told again: %v", cmds)
		}
		l.o.FOCTime, l.o.Details.DesiredTime = "", "" // a function of the last release has written the order
		if cmds := hears("12:30"); len(cmds) > 0 {
			t.Errorf("after the last release: %v", cmds)
		}
	})
	t.Run("an edit without the day", func(t *testing.T) {
		l := &life{t: t, r: rules(t), at: now}
		cmd := sampleCreate(1)
		cmd.Wireless, cmd.Details.DesiredTime = true, "10:00"
		l.do(cmd)
		_, _, err := l.r.Apply(l.o, Edit{By: customer, Fields: []string{"desired_completion_date"}}, l.at)
		if got := faultsOf(err); !slices.Equal(got, []string{"desired_completion_time not_allowed"}) {
			t.Error(got)
		}
	})
	t.Run("the request tells its hour by its digest", func(t *testing.T) {
		o := brought(t, Submitted).o
		before := o.RequestDigest().Reveal()
		if o.Details.DesiredTime = "10:00"; o.RequestDigest().Reveal() == before {
			t.Error("the digest is the same")
		}
	})
}
