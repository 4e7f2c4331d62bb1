package orders

import (
	"context"
	"errors"
	"sync"
	"time"

	"portway/internal/metric"
	"portway/internal/porting"
)

// Handler carries out one effect of an event. It may be called again for the same effect, which must do no harm. o is
// the order as it is now, which may be later than the event.
type Handler func(ctx context.Context, e porting.Event, o porting.Order) error

// Events keeps events together with the effects that still have to follow from them.
type Events interface {
	// Event reads one event and the effects that still have to follow from it.
	Event(ctx context.Context, d Due) (porting.Event, error)
	// Delivered takes effects off an event's list. The due date is removed with the last of them.
	Delivered(ctx context.Context, d Due, effects []porting.Effect) error
}

// Outbox carries out the effects of events. The stream hands it each event at once. An event whose effects failed, or
// that the stream lost, is swept by its due date.
type Outbox struct {
	Book     *Book
	Events   Events
	Handlers map[porting.Effect]Handler
}

// Stream carries out the effects of the events that the stream has just handed over: those of one order one after the
// other, those of different orders at the same time, so that no order waits for a slow endpoint of another. Its error
// is the store's: an event whose effects failed falls due again.
func (x *Outbox) Stream(ctx context.Context, dues []Due) error {
	byOrder := map[porting.OrderID][]Due{}
	for _, d := range dues {
		byOrder[d.Order] = append(byOrder[d.Order], d)
	}
	failures := make(chan error, len(dues))
	var lag longest
	defer lag.measure(ctx, x.Book.Now)
	var all sync.WaitGroup
	for _, mine := range byOrder {
		all.Go(func() {
			for _, d := range mine {
				if err := Guard(func() error { return x.deliver(ctx, d, &lag) }); err != nil {
					_, err := x.Book.failed(ctx, d, time.Time{}, err) // the stream comes before the due date
					failures <- err
				}
			}
		})
	}
	all.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

// Deliver carries out the effects that still have to follow from an event. One that fails does not keep the others
// back.
func (x *Outbox) Deliver(ctx context.Context, d Due) error { return x.deliver(ctx, d, new(longest)) }

// longest is the longest time from an event to its effects, in a batch.
type longest struct {
	mu    sync.Mutex
	any   bool
	since time.Time // of the oldest event
}

// note takes the time of an event into account.
func (l *longest) note(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.any || at.Before(l.since) {
		l.any, l.since = true, at
	}
}

// measure writes the metric OutboxLag once all effects were tried.
func (l *longest) measure(ctx context.Context, clock func() time.Time) {
	if now := clock().UTC(); l.any {
		metric.Gauge(ctx, now, metric.OutboxLag, "", int(max(0, now.Sub(l.since)).Seconds()))
	}
}

func (x *Outbox) deliver(ctx context.Context, d Due, lag *longest) error {
	e, err := x.Events.Event(ctx, d)
	if err != nil || len(e.Effects) == 0 {
		return err
	}
	lag.note(e.At)
	o, err := x.Book.Store.Load(ctx, e.Order)
	if err != nil {
		return err
	}
	var done []porting.Effect
	var failures []error
	for _, effect := range e.Effects {
		handle, ok := x.Handlers[effect]
		if !ok {
			failures = append(failures, porting.Errorf(porting.Invalid, "Nobody handles %q.", effect))
			continue
		}
		if err := handle(ctx, e, o); err != nil {
			failures = append(failures, err)
			continue
		}
		done = append(done, effect)
	}
	if len(done) > 0 {
		if err := x.Events.Delivered(ctx, d, done); err != nil {
			return err
		}
	}
	return errors.Join(failures...)
}
