package porting

import (
	"slices"
	"testing"
)

// A request asks for the wished day where it can, and says why where it can't. The wish stays as it was.
func TestWhatIsAskedAndWhy(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	for _, test := range []struct {
		name      string
		wish      Date
		notBefore Date
		want      Date
		why       AskedFor
		message   MessageKey
	}{
		{"the wished day", "2026-12-10", "", "2026-12-10", AskedAsWished, MsgAsksWished},
		{"no wish", "", "", "2026-12-07", AskedEarliest, MsgAsksEarliest},
		{"too soon by now", "2026-12-03", "", "2026-12-07", AskedTooSoon, MsgAsksTooSoon},
		{"past by now", "2026-11-20", "", "2026-12-07", AskedTooSoon, MsgAsksTooSoon},
		{"an older order's Christmas", "2026-12-25", "", "2026-12-28", AskedClosed, MsgAsksClosed},
		{"an older order's weekend, too soon", "2026-12-05", "", "2026-12-07", AskedTooSoon, MsgAsksTooSoon},
		{"after a refusal", "2026-12-10", "2026-12-14", "2026-12-14", AskedRefused, MsgAsksRefused},
		{"after a refusal, without a wish", "", "2026-12-14", "2026-12-14", AskedRefused, MsgAsksRefused},
		{"after a refusal, a later wish", "2026-12-16", "2026-12-14", "2026-12-16", AskedAsWished, MsgAsksWished},
		{"an old refusal", "", "2026-11-02", "2026-12-07", AskedRefused, MsgAsksRefused},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := orderOf(Wireline, "WA", test.wish)
			o.NotBefore = test.notBefore
			got := o.Asked(r, at)
			why := r.askedFor(o, got, at)
			if got != test.want || why != test.why {
				t.Errorf("%s for %q, want %s for %q", got, why, test.want, test.why)
			}
			if m := o.AskedMessage(Attempt{Asked: got, AskedFor: why}); m.Key != test.message {
				t.Errorf("told as %q", m.Key)
			}
			if !slices.Contains(AskedForAll(), why) {
				t.Errorf("%q is not listed", why)
			}
		})
	}
	if m := (Order{}).AskedMessage(Attempt{}); !m.IsZero() {
		t.Errorf("an attempt of an older release tells %q", m.Key)
	}
}

// From the wish to the done day: each date has its place, a refusal of the date moves the request's alone, and what is
// not as wished is told in a comment and, when it is asked for, in a mail.
func TestFourDates(t *testing.T) {
	l := begin(t, 1)
	l.r = houseRules(t)
	sent := func(o Order) (Attempt, Event) {
		port, _ := o.Last(AskPort)
		return port, l.last()
	}
	l.do(Sign{By: customer, Signature: Signature{Name: "Ada Lovelace", Title: "Owner"}})
	l.do(Pass{By: system})
	l.do(SettleCSR{By: system, Why: Say(MsgRecordAgrees)})
	ask := func() {
		t.Helper()
		q := l.r.DecideRequest(l.o, Order{}, l.at).Request
		a := q.Attempt()
		a.Peer = "locals"
		l.do(Plan{By: system, Attempt: a})
		l.do(MarkSent{By: system, PON: a.PON, Version: a.Version, Ref: "R", Asked: q.Date})
	}
	wish := l.o.Details.Desired
	ask()
	if port, e := sent(l.o); port.Asked != wish || port.AskedFor != AskedAsWished || e.Mailed() {
		t.Fatalf("asks for %s (%s), wished %s; mailed %v", port.Asked, port.AskedFor, wish, e.Mailed())
	}
	port, _ := l.o.Last(AskPort)
	l.do(Refuse{By: peer, PON: port.PON, Reasons: []Reason{{Code: DueDateTooSoon}}})
	m, ok := l.r.FindRepair(l.o, Help{}, l.at)
	if !ok || m.NotBefore <= wish {
		t.Fatalf("no other day: %+v", m)
	}
	l.do(m)
	ask()
	port, e := sent(l.o)
	if l.o.Details.Desired != wish || port.Asked != m.NotBefore || port.AskedFor != AskedRefused || !e.AnotherDay() || !e.Mailed() ||
		!slices.Contains(e.Effects, SendMail) {
		t.Fatalf("wished %s, asks for %s (%s), want %s; effects %v", l.o.Details.Desired, port.Asked, port.AskedFor, m.NotBefore, e.Effects)
	}
	foc := m.NotBefore.add(7)
	l.do(Accept{By: peer, PON: port.PON, FOC: foc, At: foc.In(l.at.Location())})
	if l.o.FOC != foc || len(l.last().Message.List) != 1 || l.last().Message.List[0].Key != MsgWishedAndAsked || l.r.Done(l.o) != "" {
		t.Errorf("confirmed %s: %+v", l.o.FOC, l.last().Message)
	}
	l.do(Complete{By: peer})
	port, _ = l.o.Last(AskPort)
	if l.o.Details.Desired != wish || port.Asked != m.NotBefore || l.o.FOC != foc || l.r.Done(l.o) == "" {
		t.Errorf("wished %s, asked %s, confirmed %s, done %s", l.o.Details.Desired, port.Asked, l.o.FOC, l.r.Done(l.o))
	}
}

// A refusal that says that the end user is not ready goes to the customer, who chooses the day; every other refusal of a
// date has a rule.
func TestWhoChoosesTheNextDay(t *testing.T) {
	r := houseRules(t)
	for _, info := range Reasons {
		if !slices.Contains(info.Fields, "desired_completion_date") {
			continue
		}
		o := orderOf(Wireline, "WA", "2027-03-15")
		o.Status, o.Reasons = Submitted, []Reason{{Code: info.Code}}
		o.Attempts = []Attempt{{Kind: AskPort, PON: "P1", Ref: "R", State: AnswerRefused}}
		want := RepairIt
		if info.Code == JeopardyCustomer || info.Code == DateOutOfRange {
			want = RepairByCustomer
		}
		if got := r.DecideRepair(o, Help{}, now); got.Do != want {
			t.Errorf("%s: %s, want %s", info.Code, got.Do, want)
		}
	}
}
