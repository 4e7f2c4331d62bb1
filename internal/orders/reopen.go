package orders

import (
	"context"
	"slices"

	"portway/internal/porting"
)

// Terms are what an account pays and when it works, as an order made now takes them.
type Terms struct {
	Tariff porting.Tariff
	Quiet  porting.QuietDays
}

// Reopening is an order that takes the place of one that was given up. It is not written yet.
type Reopening struct {
	Group    porting.Group
	Old, New porting.Order

	made []Change
}

// Takes returns the holds that the new order takes.
func (p Reopening) Takes() []string { return takes(p.made...) }

// WithoutIDs returns the plan as a dry run shows it: the new order has no id.
func (p Reopening) WithoutIDs() Reopening {
	p.New.ID = ""
	return p
}

// PlanReopen makes the order that takes the place of an order as it was read. An order is reopened once; the group
// tells it too, since a function of an older release may have lost the mark on the order itself.
func (b *Book) PlanReopen(ctx context.Context, o porting.Order, by porting.By, t Terms) (Reopening, error) {
	g, heads, err := b.Store.Group(ctx, o.Group)
	if err != nil {
		return Reopening{}, err
	}
	if i := slices.IndexFunc(heads, func(h porting.Order) bool { return h.Reopens == o.ID }); i >= 0 {
		o.ReopenedAs = heads[i].ID // it is refused with that order's id
	}
	cmd := porting.Restart{By: by, ID: porting.OrderID(b.id(0)), From: o, Tariff: t.Tariff, Quiet: t.Quiet}
	p := Reopening{Group: g}
	old, events, err := b.Rules.Apply(o, porting.Reopen{By: by, As: cmd.ID}, b.Time())
	if err != nil {
		return Reopening{}, err
	}
	p.Old, p.made = old, []Change{{Before: o, After: old, Events: events}}
	p.New, events, err = b.Rules.Apply(porting.Order{}, cmd, b.Time())
	if err != nil {
		return Reopening{}, err
	}
	p.made = append(p.made, Change{After: p.New, Events: events})
	p.Group.Orders = append(slices.Clone(g.Orders), p.New.ID)
	return p, nil
}

// Restart writes a reopening in one transaction, and with it the receipt where there is one. Taken names the numbers that
// are on other orders by now.
func (b *Book) Restart(ctx context.Context, p Reopening, r *Receipt) error {
	made := slices.Clone(p.made)
	made[0].Receipt = r
	if err := b.draft(ctx, made...); err != nil {
		return err
	}
	if err := b.Store.Extend(ctx, p.Group, made, b.redeliver()); err != nil {
		return b.lapse(ctx, err)
	}
	for _, c := range made {
		c.log(ctx, b.Now().UTC())
	}
	return nil
}

// Reopen reads an order that was given up and makes the one that takes its place, which it returns. Of two calls at once,
// one makes it, and the other is refused with its id.
func (b *Book) Reopen(ctx context.Context, id porting.OrderID, by porting.By, t Terms) (porting.Order, error) {
	return Retry(func(int) (porting.Order, error) {
		o, err := b.Store.Load(ctx, id)
		if err != nil {
			return porting.Order{}, err
		}
		p, err := b.PlanReopen(ctx, o, by, t)
		if err != nil {
			return porting.Order{}, err
		}
		return p.New, b.Restart(ctx, p, nil)
	})
}
