package orders

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"portway/internal/metric"
	"portway/internal/porting"
)

// Book is the order book: the use cases over a store and the rules. Its fields are set once; it is safe for concurrent
// use.
type Book struct {
	Store Store
	Rules porting.Rules
	// Now is the wall clock. A sweep as of another date uses At.
	Now func() time.Time
	// Random returns 12 random bits for ids.
	Random func() uint16

	at time.Time
}

// At returns the book as of t: commands happen at t, while effects still fall due by the wall clock.
func (b Book) At(t time.Time) *Book {
	b.at = t
	return &b
}

// Time returns the time at which commands happen.
func (b *Book) Time() time.Time {
	if b.at.IsZero() {
		return b.Now().UTC()
	}
	return b.at.UTC()
}

// redeliverAfter is how long the stream has for the effects of an event before a sweep takes over. It exceeds the
// time-out of function notify.
const redeliverAfter = 2 * time.Minute

func (b *Book) redeliver() time.Time { return b.Now().UTC().Add(redeliverAfter) }

// Do reads the order, applies cmd and commits. Where somebody else has changed the order in between, it reads again,
// three times in all. A command that the order has carried out already (porting.Settled) is no error: Do returns the
// order as it is.
func (b *Book) Do(ctx context.Context, id porting.OrderID, cmd porting.Command) (porting.Order, error) {
	return b.Change(ctx, id, func(porting.Order) (porting.Command, error) { return cmd, nil })
}

// Change is Do with a command that decide makes from the order as it was read. It does nothing where decide returns no
// command.
func (b *Book) Change(ctx context.Context, id porting.OrderID, decide Decide) (porting.Order, error) {
	return Retry(func(int) (porting.Order, error) {
		o, err := b.Store.Load(ctx, id)
		if err != nil {
			return porting.Order{}, err
		}
		return b.step(ctx, o, decide)
	})
}

// Apply carries out cmd on an order that was just read: one transaction and no read. Where somebody else has changed
// the order in between, the error is Stale.
func (b *Book) Apply(ctx context.Context, o porting.Order, cmd porting.Command) (porting.Order, error) {
	return b.step(ctx, o, func(porting.Order) (porting.Command, error) { return cmd, nil })
}

// Try returns the error with which Do would refuse cmd as the order stands, and changes nothing. A caller that has
// found faults of its own uses it to tell all faults at once.
func (b *Book) Try(o porting.Order, cmd porting.Command) error {
	_, _, err := b.Preview(o, cmd)
	return err
}

// Preview returns the order as cmd would leave it, with the events that would tell of it, and changes nothing.
func (b *Book) Preview(o porting.Order, cmd porting.Command) (porting.Order, []porting.Event, error) {
	return b.Rules.Apply(o, cmd, b.Time())
}

// Decide makes a command from an order as it was read. No command says that there is nothing to do.
type Decide = func(porting.Order) (porting.Command, error)

func (b *Book) step(ctx context.Context, o porting.Order, decide Decide) (porting.Order, error) {
	after, events, err := b.apply(o, decide)
	if err != nil {
		return o, err
	}
	if err := b.Commit(ctx, Change{Before: o, After: after, Events: events}); err != nil {
		return o, err
	}
	return after, nil
}

// apply returns the order after the command that decide makes. Without events there is nothing to write: decide made no
// command, or the order has carried it out already.
func (b *Book) apply(o porting.Order, decide Decide) (porting.Order, []porting.Event, error) {
	cmd, err := decide(o)
	if err != nil || cmd == nil {
		return o, nil, err
	}
	after, events, err := b.Rules.Apply(o, cmd, b.Time())
	if porting.Is(err, porting.Settled) {
		return o, nil, nil
	}
	if err != nil {
		return o, nil, err
	}
	return after, events, nil
}

// measure counts the status to which a live order has come, and measures for how long the order was in the one before.
func (c Change) measure(ctx context.Context, now time.Time) {
	before, after := c.Before, c.After
	if before.Status == after.Status || after.Sandbox {
		return
	}
	metric.Count(ctx, now, metric.OrderStatus, string(after.Status), "order", after.ID)
	if since := cmp.Or(before.StatusAt, before.Created); !since.IsZero() {
		metric.Gauge(ctx, now, metric.TurnTime, string(before.Turn()), int(max(0, after.Updated.Sub(since)).Seconds()),
			"order", after.ID, "status", before.Status)
	}
}

func (c Change) log(ctx context.Context, now time.Time) {
	c.measure(ctx, now)
	for _, e := range c.Events {
		slog.InfoContext(ctx, "order changed", "order", e.Order, "version", e.Version, "event", e.Kind, "status",
			e.Status, "by", e.By.Role, "way", e.By.Way, "name", e.By.Name)
	}
}

// Mine reads an order of the account. The answer for another account's order is the one for an order that does not
// exist.
func (b *Book) Mine(ctx context.Context, account porting.AccountID, id porting.OrderID) (porting.Order, error) {
	o, err := b.Store.Load(ctx, id)
	if err == nil && o.Account != account {
		err = ErrNoOrder
	}
	if err != nil {
		return porting.Order{}, err
	}
	return o, nil
}

// ErrNoOrder is the error for an order that does not exist or belongs to another account. Its text is the documented
// one.
var ErrNoOrder = porting.Errorf(porting.NotFound, "No such port order")
