package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

var outboxCases = []testCase{
	{"an event is due until its last effect is delivered", delivered},
	{"the outbox works through what was missed", outbox},
}

func delivered(s suite) {
	s.account("del", 10_000)
	o := s.create("del", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	var d orders.Due
	for _, one := range s.due(orders.DueEvent, Now.Add(time.Hour)) {
		e, err := s.store.Event(s.Context(), one)
		if err != nil {
			s.Fatal(err)
		}
		if e.Order == o.ID && e.Kind == porting.NotPortable {
			d = one
			if !slices.Equal(e.Effects, []porting.Effect{porting.SendMail, porting.SendWebhook, porting.Publish}) {
				s.Fatalf("effects %v", e.Effects)
			}
		}
	}
	if d.Key == "" || d.Order != o.ID || !d.At.After(Now) {
		s.Fatalf("the event is due as %+v", d)
	}
	for _, step := range []struct {
		done []porting.Effect
		left int
	}{
		{[]porting.Effect{porting.SendMail}, 2},
		{[]porting.Effect{porting.Publish}, 1},
		{[]porting.Effect{porting.SendMail}, 1},
		{nil, 1},
		{[]porting.Effect{porting.SendWebhook}, 0},
		{[]porting.Effect{porting.SendWebhook}, 0},
	} {
		if err := s.store.Delivered(s.Context(), d, step.done); err != nil {
			s.Fatal(err)
		}
		e, err := s.store.Event(s.Context(), d)
		if err != nil || len(e.Effects) != step.left {
			s.Errorf("after %v: effects %v (%v), want %d", step.done, e.Effects, err, step.left)
		}
		still := slices.ContainsFunc(s.due(orders.DueEvent, Now.Add(time.Hour)),
			func(x orders.Due) bool { return x.Key == d.Key })
		if still != (step.left > 0) {
			s.Errorf("after %v: due %v with %d effects left", step.done, still, step.left)
		}
	}
	if err := s.store.Delivered(s.Context(), d, []porting.Effect{porting.SendMail, porting.SendWebhook}); err != nil {
		s.Error(err)
	}
}

func outbox(s suite) {
	o := s.create("out", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	var done []porting.Effect
	fail := true
	x := &orders.Outbox{Book: s.book, Events: s.store, Handlers: map[porting.Effect]orders.Handler{
		porting.StartDriver: func(_ context.Context, e porting.Event, _ porting.Order) error {
			done = append(done, porting.StartDriver)
			return nil
		},
		porting.SendWebhook: func(_ context.Context, e porting.Event, _ porting.Order) error {
			if fail {
				return errors.New("their server is down")
			}
			done = append(done, porting.SendWebhook)
			return nil
		},
		porting.Publish:    func(context.Context, porting.Event, porting.Order) error { return nil },
		porting.KeepSearch: func(context.Context, porting.Event, porting.Order) error { return nil },
		porting.FileLOA:    func(context.Context, porting.Event, porting.Order) error { return nil },
		porting.SendMail:   func(context.Context, porting.Event, porting.Order) error { return nil },
	}}
	d := s.dueOf(orders.DueEvent, o.ID)
	if err := x.Stream(s.Context(), []orders.Due{d}); err != nil {
		s.Fatal(err)
	}
	e, err := s.store.Event(s.Context(), d)
	if err != nil || !slices.Equal(e.Effects, []porting.Effect{porting.SendWebhook}) {
		s.Errorf("still to follow: %v (%v)", e.Effects, err)
	}
	fail = false
	work := func(ctx context.Context, _ *orders.Book, d orders.Due) error { return x.Deliver(ctx, d) }
	if _, err := s.book.At(Now.Add(24*time.Hour)).Sweep(s.Context(), orders.DueEvent, 0, work); err != nil {
		s.Fatal(err)
	}
	s.notDue(orders.DueEvent, o.ID)
	if !slices.Equal(done, []porting.Effect{porting.StartDriver, porting.SendWebhook}) {
		s.Errorf("done: %v", done)
	}
}
