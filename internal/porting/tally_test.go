package porting

import (
	"slices"
	"testing"
	"time"
)

// A carrier's habit is what it has lately done, once there is enough of it; older months count less, and half a year is forgotten.
func TestHabit(t *testing.T) {
	at := when(t, "2027-03-31 12:00")
	answers := func(month string, days ...int) Month {
		m := Month{Month: month}
		copy(m.Days[:], days)
		return m
	}
	for _, test := range []struct {
		name   string
		months []Month
		want   Habit
	}{
		{"nothing known", nil, Habit{}},
		{"nine answers are too few", []Month{answers("2027-03", 0, 9)}, Habit{}},
		{"ten are enough", []Month{answers("2027-03", 0, 10)}, Habit{10, 1, 1}},
		{"half within a day, nine in ten within three", []Month{answers("2027-03", 5, 5, 3, 5, 1, 1)}, Habit{20, 1, 3}},
		{"all peers together", []Month{answers("2027-03", 0, 5), answers("2027-03", 0, 0, 5)}, Habit{10, 1, 2}},
		{"a month ago counts half", []Month{answers("2027-03", 10), answers("2027-02", 0, 0, 0, 0, 18)}, Habit{19, 0, 4}},
		{"five months ago counts a thirty-second", []Month{answers("2027-03", 0, 0, 0, 0, 10), answers("2026-10", 0, 96)}, Habit{13, 4, 4}},
		{"what is old is forgotten", []Month{answers("2026-09", 0, 0, 0, 1000)}, Habit{}},
		{"the future counts for nothing", []Month{answers("2027-04", 0, 0, 0, 1000)}, Habit{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := HabitOf(test.months, at); got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
	if got := ScoreSince(at); got != "2026-10" {
		t.Errorf("months count since %s", got)
	}
}

// What the events of a life add to the score: which peer, which carrier, and in how many business days.
func TestTally(t *testing.T) {
	accepted := brought(t, Accepted)
	port, _ := accepted.o.Last(AskPort)
	base := Tally{Peer: port.Peer, Carrier: accepted.o.Carrier.SPID}
	with := func(change func(*Tally)) Tally {
		tally := base
		change(&tally)
		return tally
	}
	last := (*life).last
	submitted := func(days int, cmd func(*life) Command) Event {
		l := brought(t, Submitted)
		port, ok := l.o.Last(AskPort)
		if !ok || port.Sent.IsZero() {
			t.Fatal("the order was not sent")
		}
		l.at = l.r.Calendar.AddBusinessDays(port.Sent, days)
		l.do(cmd(l))
		return last(l)
	}
	refuse := func(code ReasonCode) func(*life) Command {
		return func(l *life) Command {
			port, _ := l.o.Last(AskPort)
			return Refuse{By: peer, PON: port.PON, Said: "no", Reasons: []Reason{{Code: code}}}
		}
	}
	for _, test := range []struct {
		name string
		got  Event
		want Tally
	}{
		{"accepted in two days, for a date three later", submitted(2, func(l *life) Command {
			port, _ := l.o.Last(AskPort)
			date := DateOf(l.r.Calendar.AddBusinessDays(port.Sent, 6))
			return Accept{By: peer, PON: port.PON, FOC: date}
		}), with(func(t *Tally) { t.Mark, t.Answered, t.Days, t.Lead = MarkAccepted, true, 2, 5 })},
		{"for a date in many months", submitted(2, func(l *life) Command {
			port, _ := l.o.Last(AskPort)
			return Accept{By: peer, PON: port.PON, FOC: "2028-03-02"}
		}), with(func(t *Tally) { t.Mark, t.Answered, t.Days, t.Lead = MarkAccepted, true, 2, 31 })},
		{"refused on the day", submitted(0, refuse("PIN_INVALID")), with(func(t *Tally) { t.Mark, t.Answered = MarkRefused, true })},
		{"no more than ten days are told apart", submitted(14, refuse("PIN_INVALID")), with(func(t *Tally) { t.Mark, t.Answered, t.Days = MarkRefused, true, 10 })},
		{"not carried: no answer of the carrier's", submitted(1, refuse("PEER_DENIED")), with(func(t *Tally) { t.Mark = MarkDenied })},
		{"moved", func() Event {
			l := brought(t, Accepted)
			l.do(MoveFOC{peer, "2027-03-20", now, false, ""})
			return last(l)
		}(), with(func(t *Tally) { t.Mark = MarkMoved })},
		{"lost", func() Event { l := brought(t, Accepted); l.do(LoseFOC{By: peer}); return last(l) }(), with(func(t *Tally) { t.Mark = MarkLost })},
		{"down", func() Event {
			l := brought(t, Submitted)
			l.do(Delay{By: system, Why: Words("Down."), Peer: "locals"})
			return last(l)
		}(), Tally{Mark: MarkDown, Peer: "locals"}},
		{"waited for something else", func() Event {
			l := brought(t, Submitted)
			l.do(Delay{By: system, Why: Words("Not yet.")})
			return last(l)
		}(), Tally{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got.Tally != test.want {
				t.Errorf("%+v, want %+v", test.got.Tally, test.want)
			}
			if got, want := slices.Contains(test.got.Effects, KeepScore), test.want.Mark != ""; got != want {
				t.Errorf("is counted: %v, want %v", got, want)
			}
		})
	}
}

// A sandbox is played: it tells nothing of any peer.
func TestASandboxCountsNothing(t *testing.T) {
	for _, cmd := range []Command{accepted, refused, Delay{By: system, Why: Words("Down."), Peer: "locals"}} {
		l := brought(t, Submitted)
		l.o.Sandbox = true
		if e := l.do(cmd).last(); e.Tally != (Tally{}) || slices.Contains(e.Effects, KeepScore) {
			t.Errorf("%T counts %+v", cmd, e.Tally)
		}
	}
}

// Months are told apart at their ends, and in UTC.
func TestMonthWeight(t *testing.T) {
	at := time.Date(2027, 5, 31, 23, 0, 0, 0, time.FixedZone("", -3*3600)) // June in UTC
	for month, want := range map[string]float64{"2027-06": 1, "2027-05": 0.5, "2027-02": 0.0625, "2027-01": 0.03125, "2026-12": 0, "2027-07": 0, "": 0} {
		if got := (Month{Month: month}).Weight(at); got != want {
			t.Errorf("%q counts %v, want %v", month, got, want)
		}
	}
}
