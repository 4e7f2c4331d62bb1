package porting

import (
	"slices"
	"testing"
	"time"
)

// Every question to the desk, and each of the other reasons to wait for a person, puts the order on its list.
func TestListsOfTheDesk(t *testing.T) {
	comment, answer := Comment{customer, "When?"}, Comment{staff, "Tomorrow."}
	for name, tc := range map[string]struct {
		on   Status
		then []Command
		want []Queue
	}{
		"an order with the carrier waits for nobody": {Submitted, nil, nil},
		"a review":                                          {Review, nil, []Queue{QueueReview}},
		"a question with no list of its own":                {Submitted, []Command{AskDesk{By: system, Why: Say(MsgAskFailed, "error", "Permanent")}}, []Queue{QueueDecide}},
		"a question of a younger release":                   {Submitted, []Command{AskDesk{By: system, Why: Say("ask_moon")}}, []Queue{QueueDecide}},
		"a silent carrier":                                  {Submitted, []Command{AskDesk{By: system, Why: Say(MsgAskSilent)}}, []Queue{QueueSilent}},
		"a question that was answered":                      {Submitted, []Command{AskDesk{By: system, Why: Say(MsgAskSilent)}, Retry{By: staff}}, nil},
		"an agreed day":                                     {Accepted, nil, []Queue{QueueToday}},
		"an agreed day that has passed unconfirmed":         {Accepted, []Command{AskDesk{By: system, Why: Say(MsgAskMissed)}}, []Queue{QueueFallout}},
		"a comment":                                         {Submitted, []Command{comment}, []Queue{QueueComment}},
		"a comment on an order with a day":                  {Accepted, []Command{comment}, []Queue{QueueComment, QueueToday}},
		"a comment that was answered":                       {Submitted, []Command{comment, answer}, nil},
		"a comment to which the system has added":           {Submitted, []Command{comment, Comment{system, "Mail came back."}}, []Queue{QueueComment}},
		"a comment that needs no answer":                    {Submitted, []Command{comment, SettleComment{staff}}, nil},
		"a comment before the order was given back":         {Submitted, []Command{comment, Return{By: staff, Reasons: []Reason{{Code: OtherReason}}}}, nil},
		"a comment before our machine gave the order back":  {Submitted, []Command{comment, Return{By: system, Reasons: []Reason{{Code: OtherReason}}}}, []Queue{QueueComment}},
		"a comment on an order that has ended":              {Submitted, []Command{comment, HardCancel{By: staff, Why: "Asked for."}}, nil},
		"a comment and a question are two places":           {Submitted, []Command{comment, AskDesk{By: system, Why: Say(MsgAskFailed)}}, []Queue{QueueDecide, QueueComment}},
		"a comment on an order that waits for its customer": {Rejected, []Command{comment}, []Queue{QueueComment}},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, tc.on)
			for _, cmd := range tc.then {
				l.do(cmd)
			}
			var got []Queue
			for _, w := range l.r.Waits(l.o) {
				got = append(got, w.Queue)
				if at := l.o.Due[w.Queue.Due()]; !at.Equal(w.By) || w.Since.IsZero() || w.By.IsZero() {
					t.Errorf("%s since %s by %s, and the due date is %s", w.Queue, w.Since, w.By, at)
				}
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("it is on %v, want %v", got, tc.want)
			}
			for _, q := range Queues() {
				if _, due := l.o.Due[q.Due()]; due != slices.Contains(tc.want, q) {
					t.Errorf("due on %s: %v", q, due)
				}
			}
		})
	}
}

// A place on a list keeps its promise, whatever else happens to the order; a new question has a promise of its own.
func TestAPromiseStands(t *testing.T) {
	l := brought(t, Submitted)
	l.do(AskDesk{By: system, Why: Say(MsgAskSilent, "pon", "P1")})
	first := l.r.Waits(l.o)[0]
	l.at = l.at.Add(48 * time.Hour)
	l.do(Comment{system, "Mail came back."})
	if again := l.r.Waits(l.o)[0]; again != first {
		t.Errorf("the place was %v and is %v", first, again)
	}
	l.do(Retry{By: staff}).do(AskDesk{By: system, Why: Say(MsgAskUnclear, "pon", "P1")})
	if other := l.r.Waits(l.o)[0]; !other.Since.After(first.Since) || !other.By.After(first.By) {
		t.Errorf("the new question is as old as the first: %v", other)
	}
}

// The desk's hours are those of its business days.
func TestDeskHours(t *testing.T) {
	c := rules(t).Calendar
	at := func(day, hour, minute int) time.Time {
		return time.Date(2027, 1, day, hour, minute, 0, 0, c.Location())
	}
	for name, tc := range map[string]struct {
		from  time.Time
		hours int
		want  time.Time
	}{
		"within the day":                    {at(5, 10, 0), 4, at(5, 14, 0)},
		"to the end of the day":             {at(5, 9, 0), 8, at(5, 17, 0)},
		"over night":                        {at(5, 15, 30), 4, at(6, 11, 30)},
		"one day is the same time tomorrow": {at(5, 10, 15), 8, at(6, 10, 15)},
		"before the desk opens":             {at(5, 3, 0), 2, at(5, 11, 0)},
		"after it has closed":               {at(5, 17, 0), 2, at(6, 11, 0)},
		"over the weekend":                  {at(8, 16, 0), 2, at(11, 10, 0)},
		"from a Sunday":                     {at(10, 12, 0), 2, at(11, 11, 0)},
		"over New Year and a weekend":       {at(0, 16, 0), 2, at(4, 10, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := deskHours(c, tc.from, tc.hours); !got.Equal(tc.want) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
