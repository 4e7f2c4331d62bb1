package porting

import (
	"slices"
	"testing"
	"time"
)

// Our switch takes the calls of a toll-free number from the wished day on, since the registry may change its control
// sooner, and those of a local number as soon as it has moved. It is not asked about what moved long before anybody asked.
func TestWhenTheSwitchTakesTheCalls(t *testing.T) {
	for _, test := range []struct {
		name    string
		kind    Kind
		desired int // days after the move; 0 for no wished day
		asked   time.Duration
		want    time.Duration // after the move; negative for never
	}{
		{name: "local, at once", kind: Local, want: 0},
		{name: "local, whatever day was wished", kind: Local, desired: 3, want: 0},
		{name: "toll-free without a wished day", kind: TollFree, want: 0},
		{name: "toll-free, on the wished day", kind: TollFree, desired: 2, want: 48 * time.Hour},
		{name: "in the last hour of the first day", kind: Local, asked: 24 * time.Hour, want: 24 * time.Hour},
		{name: "a switch that comes later", kind: Local, asked: 25 * time.Hour, want: -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Completed)
			l.r.Switch = true
			moved := time.Date(2027, 3, 16, 0, 0, 0, 0, l.r.Calendar.Location())
			l.o.Kind = test.kind
			if test.desired != 0 {
				l.o.Details.Desired = DateOf(moved.AddDate(0, 0, test.desired))
			}
			for i := range l.o.Numbers {
				l.o.Numbers[i].At = moved
			}
			now := moved.Add(test.asked)
			due := l.r.SwitchDue(l.o, now)
			if test.want < 0 && !due.IsZero() || test.want >= 0 && !due.Equal(moved.Add(test.want)) {
				t.Errorf("due %s, the numbers moved %s", due, moved)
			}
			jobs := l.r.SwitchJobs(l.o, now)
			if asks := len(jobs) > 0; asks != (test.want >= 0 && test.want <= test.asked) {
				t.Errorf("it is asked for %v", jobs)
			}
		})
	}
}

// The wished day of a toll-free order outlives its end, as long as our switch needs it.
func TestTheWishedDayIsKept(t *testing.T) {
	for _, row := range DetailRows() {
		if row.Name == "desired_completion_date" && row.Erased {
			t.Error("the wished day is erased when the order ends")
		}
	}
}

// What the last release does not know is asked for again, under the same key, and never twice at a time: its marks are
// gone after it has written the order, and the switch's work is due at once.
func TestTheSwitchIsAskedAfterTheLastReleaseHasWritten(t *testing.T) {
	l := brought(t, Accepted)
	l.r.Switch = true
	l.do(Comment{customer, "Hello."})
	if e := l.last(); !slices.Contains(e.Effects, AskSwitch) || l.o.Numbers[0].Provision.Step != Prepare {
		t.Fatalf("effects %v, %+v", e.Effects, l.o.Numbers[0])
	}
	if l.do(Comment{customer, "Hello."}); slices.Contains(l.last().Effects, AskSwitch) {
		t.Error("what is asked already is asked by another event")
	}
	l.o.Numbers = slices.Clone(l.o.Numbers)
	for i := range l.o.Numbers {
		l.o.Numbers[i].Provision = Provision{}
	}
	if l.do(Comment{customer, "Hello."}); !slices.Contains(l.last().Effects, AskSwitch) {
		t.Error("what was lost is not asked again")
	}
}
