package orders

import (
	"context"

	"portway/internal/porting"
)

// Split carries out a repair that takes numbers off an order: what is left on it, the orders of the numbers that go on by
// themselves, and the group that they are in, all in one transaction, so that a number is on one of them at any time. o is the
// order as it was read, with its secrets open. Stale is for the caller, who reads the order again: it may have been split.
func (b *Book) SplitOff(ctx context.Context, o porting.Order, m porting.Repair) (porting.Order, error) {
	g, _, err := b.Store.Group(ctx, o.Group)
	if err != nil {
		return o, err
	}
	made := []Change{{Before: o}}
	siblings := m.SplitOff
	m.SplitOff = nil
	for i, s := range siblings {
		s.ID = porting.OrderID(b.id(i))
		m.SplitOff = append(m.SplitOff, s)
		after, events, err := b.Rules.Apply(porting.Order{}, porting.SplitOff{By: m.By, From: o, Sibling: s}, b.Time())
		if err != nil {
			return o, err
		}
		g.Orders = append(g.Orders, after.ID)
		made = append(made, Change{After: after, Events: events})
	}
	if made[0].After, made[0].Events, err = b.Rules.Apply(o, m, b.Time()); err != nil {
		return o, err
	}
	if err := b.Store.Extend(ctx, g, made, b.redeliver()); err != nil {
		return o, err
	}
	for _, c := range made {
		c.log(ctx)
	}
	return made[0].After, nil
}
