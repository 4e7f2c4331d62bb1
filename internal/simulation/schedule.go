package simulation

import (
	"context"
	"fmt"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/webhook"
)

// schedule is a function that runs at fixed times.
type schedule struct {
	fn    string
	every time.Duration
	kinds []orders.DueKind // what it looks for
	// slow are kinds for which runs are left out until a later one can see to several items at once.
	slow []orders.DueKind
}

// slowly is the time between two runs for the slow kinds alone.
const slowly = 20 * time.Minute

var schedules = []schedule{
	{fn: "redeliver", every: time.Minute,
		kinds: []orders.DueKind{orders.DueEvent, orders.DueIntake, webhook.DueDelivery, webhook.DuePause},
		slow:  []orders.DueKind{orders.DueKind(porting.DueDriver), orders.DueParked}},
	{fn: "pull", every: time.Minute, kinds: []orders.DueKind{pull.DuePull}},
	{fn: "status-check", every: 15 * time.Minute, kinds: []orders.DueKind{orders.DueKind(porting.DueCheck)}},
	{fn: "auto-cancel", every: 15 * time.Minute,
		kinds: []orders.DueKind{orders.DueKind(porting.DueClock), orders.DueKind(porting.DuePapers), orders.DueKind(porting.DueDispute)}},
}

// schedule runs a function at its times. Runs that would find nothing are left out. What it draws follows from the time of
// the run, since several signals of one instant wake it once or more often.
func (w *World) schedule(s schedule, wake chan struct{}) {
	for w.ctx.Err() == nil {
		next := time.Now().Add(24 * time.Hour).Truncate(s.every)
		for _, of := range []struct {
			kinds []orders.DueKind
			every time.Duration
		}{{s.kinds, s.every}, {s.slow, slowly}} {
			if due := w.memory.NextDue(of.kinds...); !due.IsZero() {
				if at := due.Add(of.every - 1).Truncate(of.every); at.Before(next) {
					next = at
				}
			}
		}
		if soon := time.Now().Truncate(s.every).Add(s.every); next.Before(soon) {
			next = soon
		}
		d := roll(w.plan.Seed, "schedule", s.fn, fmt.Sprint(next.Unix()))
		t := time.NewTimer(time.Until(next) + d.between(time.Microsecond, 900*time.Millisecond))
		select {
		case <-t.C:
		case <-wake:
			t.Stop()
			continue
		case <-w.ctx.Done():
			t.Stop()
			return
		}
		go w.tick(s, next)
	}
}

// tick invokes the function of a schedule. Lambda tries an event that failed twice more.
func (w *World) tick(s schedule, at time.Time) {
	for try := range 3 {
		id := fmt.Sprintf("%s/%d", at.Sub(Start), try)
		died, err := w.invoke(s.fn, id, func(ctx context.Context, i *instance) error { return i.sweep(ctx, s.fn, at) })
		if !died && err == nil {
			return
		}
		d := roll(w.plan.Seed, "async again", s.fn, id)
		if !w.sleep(w.ctx, d.between(time.Minute, time.Minute*time.Duration(2+try))) {
			return
		}
	}
}
