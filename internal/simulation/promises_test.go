package simulation

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Each promise can be broken: a history of one order breaks none, and breaks the promise when the world is doctored.
func TestPromises(t *testing.T) {
	said := porting.Message{}
	// change writes a change past all rules.
	change := func(w *World, kind porting.EventKind, effects []porting.Effect, do func(*porting.Order)) {
		before := w.memory.Orders()[0]
		after := before
		after.Numbers = slices.Clone(before.Numbers)
		do(&after)
		after.Version++
		e := porting.Event{Order: after.ID, Group: after.Group, Account: after.Account, Version: after.Version, Kind: kind,
			Message: said, At: time.Now(), Before: before.Status, Status: after.Status, Effects: effects}
		before.Numbers = nil // so that no hold is given up
		err := w.memory.Commit(context.Background(), orders.Change{Before: before, After: after, Events: []porting.Event{e}},
			time.Now())
		if err != nil {
			w.violate("the world can be doctored", "", err.Error())
		}
	}
	for _, test := range []struct {
		promise string
		doctor  func(*World)
	}{
		{"an order's end is its carrier's end, or a person is asked", func(w *World) {
			change(w, porting.Commented, nil, func(o *porting.Order) {
				o.Status, o.Numbers[0].State = porting.Cancelled, porting.Taking
			})
		}},
		{"an order's end is its carrier's end, or a person is asked", func(w *World) {
			change(w, porting.Commented, nil, func(o *porting.Order) { o.Numbers[0].TN = "+12065559999" })
		}},
		{"an order that is over holds no number", func(w *World) {
			change(w, porting.Commented, nil, func(o *porting.Order) { o.Status = porting.Submitted })
			change(w, porting.Commented, nil, func(o *porting.Order) { o.Status = porting.Completed })
		}},
		{"a fee is taken once for each submission, and comes back once for what no carrier was asked", func(w *World) {
			for _, id := range Accounts {
				_ = w.memory.Deposit(context.Background(), id, 750, "twice", time.Now())
			}
		}},
		{"a machine knows every outcome of its tasks", func(w *World) {
			e := w.machines.Executions()[0]
			e.States = append(e.States, unplanned)
		}},
		{"an order is reopened once, and its fee counts once", func(w *World) {
			change(w, porting.Commented, nil, func(o *porting.Order) { o.ReopenedAs = "7" })
		}},
		{"every order comes to its end, or waits for somebody who knows it", func(w *World) {
			change(w, porting.Commented, nil, func(o *porting.Order) {
				o.Status, o.Desk, o.Due = porting.Review, porting.Message{}, nil
			})
		}},
		{"an outage of less than three hours asks nobody", func(w *World) {
			said = porting.Say(porting.MsgDeskAsked).With(porting.Say(porting.MsgAskFailed, "error", "Transient"))
			change(w, porting.DeskAsked, nil, func(*porting.Order) {})
			said = porting.Message{}
		}},
		{"the effects of every event are carried out", func(w *World) {
			change(w, porting.Commented, []porting.Effect{porting.SendMail}, func(*porting.Order) {})
		}},
		{"each mail is sent", func(w *World) { change(w, porting.WasRejected, nil, func(*porting.Order) {}) }},
		{"each webhook is sent", func(w *World) {
			change(w, porting.WasCancelled, nil, func(o *porting.Order) { o.Status = porting.Cancelled })
		}},
		{"each event comes to the bus", func(w *World) { change(w, porting.Commented, nil, func(*porting.Order) {}) }},
		{oneHolder, func(w *World) {
			o := w.memory.Orders()[0]
			o.Status, o.Numbers = porting.Submitted, []porting.Number{{TN: "+12065559999"}}
			w.committed(orders.Change{After: o})
		}},
		{oneRequest, func(w *World) {
			ctx, _ := w.as(context.Background(), "doctor")
			o := w.memory.Orders()[0]
			o.Details, o.Numbers = w.details(w.plan.Orders[0]), []porting.Number{{TN: "+12065551201"}}
			o.Details.BillingNumber = "+12065551201"
			for _, p := range w.newInstance("doctor", 1).peers.Locals {
				if _, err := p.Submit(ctx, peer.Request{PON: "pw-1-1", Order: o, LOA: []byte("%PDF")}); err != nil {
					w.violate("the world can be doctored", "", err.Error())
				}
			}
		}},
		{ownMail, func(w *World) {
			w.mailed(w.memory.Orders()[0].ID, "1", []string{"porting@somebody.example"}, "")
		}},
		{unsureMails, func(w *World) {
			o := w.memory.Orders()[0]
			for range mostMails + 1 {
				w.mailed(o.ID, "1", []string{"porting@" + string(o.Account) + ".example"}, "")
			}
		}},
		{ownWebhook, func(w *World) { w.hooked("somebody", `{"data":"`+string(w.memory.Orders()[0].ID)+`"}`) }},
		{noSecret, func(w *World) { w.leaves("log", "the PIN is CANARY-PIN-1") }},
		{soonMoved, func(w *World) {
			w.asked["late"] = time.Now().Add(-time.Hour)
			w.moves("late")
		}},
	} {
		t.Run(test.promise, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(Start))
				p := Draw(3, 1)
				p.Faults, p.Deploy, p.Orders[0].Numbers = nil, 0, []string{"+12065551301"}
				w := newWorld(t, p, false)
				w.run()
				w.judge()
				if len(w.violations) > 0 {
					t.Fatalf("before: %v", w.violations)
				}
				test.doctor(w)
				w.judge()
				if !slices.ContainsFunc(w.violations, func(v Violation) bool { return v.Promise == test.promise }) ||
					slices.ContainsFunc(w.violations, func(v Violation) bool { return v.Promise == "the world can be doctored" }) {
					t.Errorf("broken: %v", w.violations)
				}
			})
		})
	}
}

// A plan is cut down to what breaks the promise: two orders of 30, and one fault.
func TestShrink(t *testing.T) {
	p := Draw(5, ordersOf)
	p.Faults = append(p.Faults, Fault{N: 77})
	small := Shrink(p, 500, func(q Plan) bool {
		has := func(n int) bool { return slices.ContainsFunc(q.Orders, func(o Order) bool { return o.N == n }) }
		return has(4) && has(23) && slices.ContainsFunc(q.Faults, func(f Fault) bool { return f.N == 77 })
	})
	if len(small.Orders) != 2 || len(small.Faults) != 1 {
		t.Errorf("%d orders and %d faults are left", len(small.Orders), len(small.Faults))
	}
	if again := p.Only("4,23", "77"); len(again.Orders) != 2 || len(again.Faults) != 1 {
		t.Errorf("%v", again)
	}
}
