package orders

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"portway/internal/porting"
)

// Book is the order book: the use cases over a store and the house's rules.
type Book struct {
	Store Store
	Rules porting.Rules
	// Now is the wall clock. As-of time, where a sweep is told a date, comes by At.
	Now func() time.Time
	// Random gives 12 random bits for ids.
	Random func() uint16

	at time.Time
}

// At is the book as of t: commands happen at t, while deliveries still fall due by the wall clock.
func (b Book) At(t time.Time) *Book {
	b.at = t
	return &b
}

// Time is the time at which commands happen.
func (b *Book) Time() time.Time {
	if b.at.IsZero() {
		return b.Now().UTC()
	}
	return b.at.UTC()
}

// redeliverAfter is how long the stream has before the sweep takes an event's effects over. It must exceed notify's time-out.
const redeliverAfter = 2 * time.Minute

func (b *Book) redeliver() time.Time { return b.Now().UTC().Add(redeliverAfter) }

// today is the date in the desk's zone.
func (b *Book) today() porting.Date {
	return porting.DateOf(b.Time().In(b.Rules.Calendar.Location()))
}

// Do reads the order, applies cmd and commits; on a stale version it reads again, three times at most. What the order has
// already (porting.Settled) is no error: the order comes back as it is.
func (b *Book) Do(ctx context.Context, id porting.OrderID, cmd porting.Command) (porting.Order, error) {
	return b.Change(ctx, id, func(porting.Order) (porting.Command, error) { return cmd, nil })
}

// Change is Do with a command made from the order as it is read; no command means that nothing is to be done.
func (b *Book) Change(ctx context.Context, id porting.OrderID, decide func(porting.Order) (porting.Command, error)) (porting.Order, error) {
	return Retry(func(int) (porting.Order, error) {
		o, err := b.Store.Load(ctx, id)
		if err != nil {
			return porting.Order{}, err
		}
		return b.step(ctx, o, decide)
	})
}

// Apply carries out cmd on an order that was just read: one transaction and no read. Stale is for the caller.
func (b *Book) Apply(ctx context.Context, o porting.Order, cmd porting.Command) (porting.Order, error) {
	return b.step(ctx, o, func(porting.Order) (porting.Command, error) { return cmd, nil })
}

// Try says with what error Do would refuse cmd as the order stands, without doing it. It serves those who have found faults
// of their own and want to tell all of them at once.
func (b *Book) Try(o porting.Order, cmd porting.Command) error {
	_, _, err := b.Rules.Apply(o, cmd, b.Time())
	return err
}

func (b *Book) step(ctx context.Context, o porting.Order, decide func(porting.Order) (porting.Command, error)) (porting.Order, error) {
	after, events, err := b.apply(o, decide)
	if err != nil {
		return o, err
	}
	if err := b.Commit(ctx, Change{Before: o, After: after, Events: events}); err != nil {
		return o, err
	}
	return after, nil
}

// apply is the order after the command that decide makes of it. Without events there is nothing to write: there was no command,
// or the order has already what it wants.
func (b *Book) apply(o porting.Order, decide func(porting.Order) (porting.Command, error)) (porting.Order, []porting.Event, error) {
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

func (c Change) log(ctx context.Context) {
	for _, e := range c.Events {
		slog.InfoContext(ctx, "order changed", "order", e.Order, "version", e.Version, "event", e.Kind, "status", e.Status, "by", e.By.Role)
	}
}

// Draft is a create call.
type Draft struct {
	By      porting.By
	Account porting.AccountID
	Sandbox bool
	Details porting.Details
	Presets porting.Presets
	// Documents are pulled for each of the orders.
	Documents []porting.Document
	// Lines are the numbers with what decides where they go, in the caller's order.
	Lines []porting.Line
	// Faults are what the caller found already; they are reported with the rest.
	Faults porting.Faults
	// Group is the id that the group gets if nobody has it; without one, Create makes one.
	Group porting.GroupID
}

// NewGroup is a new group's id.
func (b *Book) NewGroup() porting.GroupID { return porting.GroupID(b.id(0)) }

// MaxOrders is how many orders one create call may make: what fits into one transaction beside their claims.
const MaxOrders = 30

// Create makes the orders of one call, grouped by kind, country and losing carrier ([porting.GroupLines]), all or none. It tells
// every fault of the input at once.
func (b *Book) Create(ctx context.Context, d Draft) (porting.Group, []porting.Order, error) {
	p, err := Retry(func(n int) (Opening, error) {
		if n > 1 {
			d.Group = "" // an id was taken: others
		}
		p, err := b.PlanGroup(d)
		if err != nil {
			return Opening{}, err
		}
		return p, b.Open(ctx, p, nil)
	})
	if err != nil {
		return porting.Group{}, nil, err
	}
	return p.Group, p.Orders(), nil
}

// Check finds every fault of the call, whatever order a number would go on, without making anything.
func (b *Book) Check(d Draft) error {
	whole := porting.Create{By: d.By, Details: d.Details, Presets: d.Presets, Documents: d.Documents}
	for _, l := range d.Lines {
		whole.Numbers = append(whole.Numbers, l.TN)
		if l.Kind == porting.TollFree {
			whole.Kind = porting.TollFree // which has the narrower rules
		}
	}
	faults := d.Faults
	_, _, err := b.Rules.Apply(porting.Order{}, whole, b.Time())
	if err := faults.Merge(err); err != nil {
		return err
	}
	if n := len(porting.GroupLines(d.Lines)); n > MaxOrders {
		faults.Add("numbers", porting.TooMany,
			"The numbers are with "+strconv.Itoa(n)+" carriers. Send numbers of at most "+strconv.Itoa(MaxOrders)+" carriers in one call.")
	}
	return faults.Err()
}

func (b *Book) make(d Draft) (porting.Group, []Change, error) {
	now := b.Time()
	g := porting.Group{ID: d.Group, Account: d.Account, Created: now}
	if g.ID == "" {
		g.ID = b.NewGroup()
	}
	var made []Change
	for i, part := range porting.GroupLines(d.Lines) {
		cmd := porting.Create{By: d.By, ID: porting.OrderID(b.id(i + 1)), Group: g.ID, Account: d.Account, Sandbox: d.Sandbox,
			Kind: part.Kind, Carrier: part.Carrier, Details: d.Details, Presets: d.Presets, Documents: d.Documents, Numbers: part.Numbers}
		o, events, err := b.Rules.Apply(porting.Order{}, cmd, now)
		if err != nil {
			return g, nil, err
		}
		g.Orders = append(g.Orders, o.ID)
		made = append(made, Change{After: o, Events: events})
	}
	return g, made, nil
}

// id is a new id: 41 bits of milliseconds since 2025 and 12 random ones, so that ids are ordered by time, below 2^53 (any
// JSON client reads them as numbers) and made without a counter. The store refuses one that is taken. The n-th id of one call
// is n milliseconds on.
func (b *Book) id(n int) string {
	since := b.Now().Sub(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds() + int64(n)
	return strconv.FormatInt(since<<12|int64(b.Random()&0xfff), 10)
}

// Mine reads an order of the account: another account's order is as unknown as none.
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

// ErrNoOrder is the answer for an order that does not exist, or is another account's. The wording is the wire's.
var ErrNoOrder = porting.Errorf(porting.NotFound, "No such port order")
