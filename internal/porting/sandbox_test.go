package porting

import (
	"slices"
	"testing"
	"time"
)

// played is a life in a sandbox where a day lasts a minute.
func played(t *testing.T) *life {
	l := begin(t, 1)
	l.o.Sandbox, l.r.SandboxDay = true, time.Minute
	return l
}

// What simulated carriers do counts for nobody's score.
func TestSandboxKeepsNoScore(t *testing.T) {
	for _, sandbox := range []bool{false, true} {
		l := begin(t, 1)
		l.o.Sandbox = sandbox
		l.do(signed, Pass{system}, SkipCSR{system, Words("none")}, Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "p", PON: "P"}}, MarkSent{By: system, PON: "P", Version: 0, Ref: "ref"},
			Accept{peer, "P", "FOC", DateOf(l.at.AddDate(0, 0, 10)), l.at.AddDate(0, 0, 10), false})
		if got := slices.Contains(l.last().Effects, KeepScore); got == sandbox {
			t.Errorf("sandbox %v: scored %v", sandbox, got)
		}
	}
}

// What a sandbox's order waits for comes as soon as its days are short; the dates that it tells are the calendar's.
func TestSandboxTime(t *testing.T) {
	within := func(t *testing.T, what string, at, from time.Time, days float64) {
		t.Helper()
		if got := at.Sub(from).Minutes(); got < days-1 || got > days+1 {
			t.Errorf("the %s comes after %.2f minutes, want %.0f", what, got, days)
		}
	}
	t.Run("45 days, and the reminders before", func(t *testing.T) {
		l := played(t)
		l.o.Due = nil
		l.do(Edit{By: customer, To: Details{Alias: "New"}, Fields: []string{"alias"}})
		within(t, "end", l.r.End(l.o), l.o.Created, 45)
		within(t, "first reminder", l.o.Due[DueClock], l.o.Created, 45-14)
		if _, _, err := l.r.Apply(l.o, Expire{system}, l.r.End(l.o).Add(-1)); codeOf(err) != TooEarly {
			t.Errorf("a nanosecond early: %v", err)
		}
		if o, _, err := l.r.Apply(l.o, Expire{system}, l.r.End(l.o)); err != nil || o.Status != Cancelled {
			t.Errorf("at its end it is %s, %v", o.Status, err)
		}
	})
	t.Run("every reminder by itself", func(t *testing.T) {
		l := played(t)
		for n, days := range l.r.Reminders {
			l.at = l.r.left(l.o, days)
			if l.do(Remind{system}); l.o.Reminders != n+1 {
				t.Errorf("%d days before the end the order has had %d reminders, want %d", days, l.o.Reminders, n+1)
			}
		}
		if !l.o.Due[DueClock].Equal(l.r.End(l.o)) {
			t.Errorf("after the last reminder the clock is due %s, want %s", l.o.Due[DueClock], l.r.End(l.o))
		}
	})
	t.Run("the status check, and a date of the calendar", func(t *testing.T) {
		l := played(t)
		l.do(signed, Pass{system}, SkipCSR{system, Words("none")}, Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "p", PON: "P"}}, MarkSent{By: system, PON: "P", Version: 0, Ref: "ref"})
		within(t, "check", l.o.Due[DueCheck], l.o.StatusAt, 3)
		if got, want := l.o.Asked(l.r, l.at), begin(t, 1).o.Asked(l.r, l.at); got != want {
			t.Errorf("it asks for %s, a live order for %s", got, want)
		}
	})
	t.Run("the agreed day, its freeze, and the day after", func(t *testing.T) {
		l := played(t)
		l.do(signed, Pass{system}, SkipCSR{system, Words("none")}, Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "p", PON: "P"}}, MarkSent{By: system, PON: "P", Version: 0, Ref: "ref"})
		at := l.at.AddDate(0, 0, 10)
		l.do(Accept{peer, "P", "FOC", DateOf(at), at, false})
		within(t, "activation", l.o.FOCAt, l.o.StatusAt, 10)
		if l.o.FOC != DateOf(at) {
			t.Errorf("it tells %s, want the carrier's %s", l.o.FOC, DateOf(at))
		}
		if before, in := l.r.Frozen(l.o, l.o.FOCAt.Add(-2*time.Minute)), l.r.Frozen(l.o, l.o.FOCAt.Add(-30*time.Second)); before || !in {
			t.Errorf("frozen two days before: %v, half a day before: %v", before, in)
		}
		for days, want := range map[time.Duration][2]bool{0: {false, false}, 2: {true, false}, 4: {true, true}} {
			missed, ask := l.r.Missed(l.o, l.o.FOCAt.Add(days*time.Minute))
			if missed != want[0] || ask != want[1] {
				t.Errorf("%d days later: missed %v, asked %v", days, missed, ask)
			}
		}
	})
	t.Run("silence, and the letter's age", func(t *testing.T) {
		l := played(t)
		l.do(signed, Pass{system}, SkipCSR{system, Words("none")}, Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "p", PON: "P"}}, MarkSent{By: system, PON: "P", Version: 0, Ref: "ref"})
		port, _ := l.o.Last(AskPort)
		quiet := time.Duration(l.o.Terms().Quiet) * time.Minute // business days, among which there may be weekends
		if l.r.Silent(l.o, port.Sent.Add(quiet/2)) != NotChased || l.r.Silent(l.o, port.Sent.Add(2*quiet+4*time.Minute)) != ChasedPeer {
			t.Error("silence is not told by the sandbox's days")
		}
		if l.r.LOAExpired(l.o, l.o.Signature.At.Add(29*time.Minute)) || !l.r.LOAExpired(l.o, l.o.Signature.At.Add(31*time.Minute)) {
			t.Error("a letter is not 30 of the sandbox's days old")
		}
	})
	t.Run("a live order beside it takes its days", func(t *testing.T) {
		l := played(t)
		l.o.Sandbox = false
		l.do(Edit{By: customer, To: Details{Alias: "New"}, Fields: []string{"alias"}})
		if got := l.r.End(l.o).Sub(l.o.Created); got < 44*24*time.Hour {
			t.Errorf("it ends after %s", got)
		}
	})
}
