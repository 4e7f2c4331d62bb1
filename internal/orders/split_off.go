package orders

import (
	"context"

	"portway/internal/porting"
)

// SplitOff carries out a repair that splits numbers off an order. One transaction writes the order with the numbers
// that stay, the orders that were split off, and their group, so that a number is on one of the orders at any time. o
// is the order as it was read, with its secrets open. Where somebody else has changed the order in between, the error
// is Stale: the caller reads the order again, from which the numbers may have been split off already.
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
		c.log(ctx, b.Now().UTC())
	}
	return made[0].After, nil
}
