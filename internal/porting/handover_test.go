package porting

import (
	"testing"
	"time"
)

// A toll-free request with a wished day goes to the registry two business days before it, never weeks before and never on
// a day on which the registry is closed; without a wish, or when it is late, at once.
func TestHandOver(t *testing.T) {
	r := houseRules(t)
	for _, test := range []struct {
		name, now string
		wish      Date
		notBefore Date
		want      string // in Central Time; empty for at once
	}{
		{"two business days before", "2026-11-26 09:00", "2026-12-16", "", "2026-12-14 09:00"},
		{"over a weekend", "2026-12-01 09:00", "2026-12-14", "", "2026-12-10 09:00"},
		{"over Christmas", "2026-12-01 09:00", "2026-12-28", "", "2026-12-23 09:00"},
		{"the earliest day", "2026-12-01 10:00", "2026-12-03", "", ""},
		{"sooner than that", "2026-12-01 09:00", "2026-12-02", "", ""},
		{"no wish", "2026-12-01 09:00", "", "", ""},
		{"the registry wanted a later day", "2026-12-01 09:00", "2026-12-08", "2026-12-10", "2026-12-08 09:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := orderOf(TollFreePort, "WA", test.wish)
			o.Status, o.NotBefore = Submitted, test.notBefore
			o.StatusAt = when(t, test.now)
			got := r.handOver(o)
			waits := situation{Rules: r, o: o, now: when(t, test.now)}.waitsForHandOver()
			if waits != (test.want != "") {
				t.Fatalf("waits: %v, until %s", waits, got)
			}
			if test.want != "" && got.Format("2006-01-02 15:04") != test.want {
				t.Errorf("handed over at %s, want %s", got, test.want)
			}
		})
	}
	o := orderOf(Wireline, "WA", "2026-12-16")
	o.Status, o.StatusAt = Submitted, when(t, "2026-12-01 09:00")
	if got := r.handOver(o); !got.IsZero() {
		t.Errorf("a local order waits until %s", got)
	}
}

// The instant of the handing over is written once, is told with the day from which the numbers may move, moves the status
// check behind it, and goes when the request is planned or the order leaves the carrier.
func TestPlanHandOver(t *testing.T) {
	r := houseRules(t)
	o := orderOf(TollFreePort, "WA", "2026-12-16")
	at := when(t, "2026-12-01 09:00")
	o.Status, o.StatusAt, o.CSRSettled = Submitted, at, true
	until := r.handOver(o)
	planned, events, err := r.Apply(o, PlanHandOver{system, until}, at)
	if err != nil {
		t.Fatal(err)
	}
	said := events[0].Message
	if said.Args["on"] != "2026-12-14" || said.Args["day"] != "2026-12-16" || !events[0].Comment || !planned.HandOver.Equal(until) {
		t.Errorf("%+v, until %s", said, planned.HandOver)
	}
	if check := planned.Due[DueCheck]; !check.Equal(until.Add(24 * time.Hour)) {
		t.Errorf("checked at %s", check)
	}
	if _, _, err := r.Apply(planned, PlanHandOver{system, until}, at); !Is(err, Settled) {
		t.Errorf("planned twice: %v", err)
	}
	if r.Stuck(planned, at.AddDate(0, 0, 9)) {
		t.Error("the order is stuck")
	}
	sent, _, err := r.Apply(planned, Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "somos", PON: "P1", Asked: "2026-12-16"}}, until)
	if err != nil || !sent.HandOver.IsZero() {
		t.Errorf("%v, still waits until %s", err, sent.HandOver)
	}
	told, events, err := r.Apply(sent, MarkSent{By: system, PON: "P1", Ref: "R", Asked: "2026-12-16"}, until)
	if err != nil || len(events[0].Message.List) != 1 || events[0].Message.List[0].Key != MsgMayMove || told.Due[DueCheck].After(until.AddDate(0, 0, 4)) {
		t.Errorf("%v: %+v, checked at %s", err, events[0].Message, told.Due[DueCheck])
	}
	ended, _, err := r.Apply(planned, HardCancel{By: staff}, at)
	if err != nil || !ended.HandOver.IsZero() || ended.HasOpenRequest() {
		t.Errorf("%v, an order that has ended waits until %s", err, ended.HandOver)
	}
}
