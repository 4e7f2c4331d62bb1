package orders

import (
	"context"
	"slices"

	"portway/internal/porting"
)

// SplitOff carries out a repair that splits numbers off an order. One transaction writes the order with the numbers
// that stay, the orders that were split off, and their group, so that a number is on one of the orders at any time. o
// is the order as it was read, with its secrets open. Where somebody else has changed the order in between, the error
// is Stale: the caller reads the order again, from which the numbers may have been split off already.
func (b *Book) SplitOff(ctx context.Context, o porting.Order, m porting.Repair) (porting.Order, error) {
	siblings := slices.Clone(m.SplitOff)
	var made []porting.Command
	for i := range siblings {
		siblings[i].ID = porting.OrderID(b.id(i))
		made = append(made, porting.SplitOff{By: m.By, From: o, Sibling: siblings[i]})
	}
	m.SplitOff = siblings
	return b.part(ctx, o, m, made...)
}

// BringBack gives numbers of an order back to their customer on an order of their own, and lets the rest go on. It writes
// as SplitOff does.
func (b *Book) BringBack(ctx context.Context, o porting.Order, cmd porting.BringBack) (porting.Order, error) {
	cmd.Sibling.ID = porting.OrderID(b.id(0))
	return b.part(ctx, o, cmd,
		porting.ComeBack{By: cmd.By, From: o, Sibling: cmd.Sibling, Reasons: cmd.Reasons})
}

// part carries out cmd on an order, and in the same transaction the commands that make orders of its numbers.
func (b *Book) part(ctx context.Context, o porting.Order, cmd porting.Command, makes ...porting.Command) (porting.Order, error) {
	g, _, err := b.Store.Group(ctx, o.Group)
	if err != nil {
		return o, err
	}
	made := []Change{{Before: o}}
	for _, m := range makes {
		after, events, err := b.Rules.Apply(porting.Order{}, m, b.Time())
		if err != nil {
			return o, err
		}
		g.Orders = append(g.Orders, after.ID)
		made = append(made, Change{After: after, Events: events})
	}
	if made[0].After, made[0].Events, err = b.Rules.Apply(o, cmd, b.Time()); err != nil {
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
