package orders

import (
	"context"
	"slices"

	"portway/internal/porting"
)

// A caller who answers with the change that it makes takes three steps. It asks the book for a plan, which reads and
// decides and writes nothing. It makes its answer from the plan. Then it has the plan and the answer written in one
// transaction, the answer as a [Receipt]. A dry run leaves the last step out. [Retry] repeats all three where another
// writer was faster.

// tries is the number of times that a change is tried whose order another writer changes in between.
const tries = 3

// Retry calls do again as long as it returns [porting.Stale], three times in all. do gets the number of the call, from
// 1.
func Retry[T any](do func(n int) (T, error)) (T, error) {
	for n := 1; ; n++ {
		made, err := do(n)
		if n == tries || !porting.Is(err, porting.Stale) {
			return made, err
		}
	}
}

// Plan is a change of one order that is not written yet.
type Plan struct {
	Change
	// Comments are the latest comments of the order as it will be.
	Comments Found
}

// Plan reads an order with its latest comments, at most as many as are wanted, and makes the change for the command
// that decide makes. A plan without events changes nothing: decide made no command, or the order has carried it out
// already.
func (b *Book) Plan(ctx context.Context, id porting.OrderID, comments int, decide Decide) (Plan, error) {
	o, had, err := b.Store.View(ctx, id, comments)
	if err != nil {
		return Plan{}, err
	}
	after, events, err := b.apply(o, decide)
	if err != nil {
		return Plan{}, err
	}
	return Plan{
		Change:   Change{Before: o, After: after, Events: events},
		Comments: had.with(Search{Comments: true, Limit: comments}, events),
	}, nil
}

// HeldByOwn returns Taken where the account's own orders have the numbers of any of the holds. It tells nothing of holds
// against other accounts: a dry run must not tell which numbers others ask for.
func (b *Book) HeldByOwn(ctx context.Context, holds []string) error {
	return b.Store.Held(ctx, slices.DeleteFunc(slices.Clone(holds), func(hold string) bool {
		return porting.HoldOwner(hold) == ""
	}))
}

// draft counts the unsigned numbers that customers add by the changes.
func (b *Book) draft(ctx context.Context, made ...Change) error {
	n := 0
	for _, c := range made {
		if more := c.After.Drafted() - c.Before.Drafted(); more > 0 && (c.Before.Version == 0 || c.Before.OwnOnly) {
			n += more
		}
	}
	if n == 0 {
		return nil
	}
	return b.Store.Draft(ctx, made[0].After.Account, n)
}

// Takes returns the holds that the change takes.
func (c Change) Takes() []string { return takes(c) }

func takes(made ...Change) []string {
	var all []string
	for _, c := range made {
		all = append(all, porting.TakesHolds(c.Before, c.After)...)
	}
	return all
}

// Commit writes a change of one order, unless it has no events. Where the numbers that it takes are held by orders that
// hold too much (lapse), these give them up, and the change is Stale.
func (b *Book) Commit(ctx context.Context, c Change) error {
	if len(c.Events) == 0 {
		return nil
	}
	if err := b.draft(ctx, c); err != nil {
		return err
	}
	if err := b.Store.Commit(ctx, c, b.redeliver()); err != nil {
		return b.lapse(ctx, err)
	}
	c.log(ctx, b.Now().UTC())
	return nil
}

// Opening is a group with its orders that is not written yet.
type Opening struct {
	Group porting.Group
	made  []Change
}

// PlanGroup makes the orders of a create call, grouped by kind, country and losing carrier. It tells every fault of the
// call at once.
func (b *Book) PlanGroup(d Draft) (Opening, error) {
	if err := b.Check(d); err != nil {
		return Opening{}, err
	}
	g, made, err := b.make(d)
	return Opening{Group: g, made: made}, err
}

// Orders returns the group's orders.
func (p Opening) Orders() []porting.Order {
	all := make([]porting.Order, 0, len(p.made))
	for _, c := range p.made {
		all = append(all, c.After)
	}
	return all
}

// Takes returns the holds that the orders take.
func (p Opening) Takes() []string { return takes(p.made...) }

// WithoutIDs returns the plan as a dry run shows it: neither the group nor its orders have an id.
func (p Opening) WithoutIDs() Opening {
	p.Group.ID, p.made = "", slices.Clone(p.made)
	for i := range p.made {
		p.made[i].After.ID, p.made[i].After.Group = "", ""
	}
	return p
}

// Open writes a group with its orders, all or none, and with them the receipt where there is one.
func (b *Book) Open(ctx context.Context, p Opening, r *Receipt) error {
	made := slices.Clone(p.made)
	made[0].Receipt = r
	if err := b.draft(ctx, made...); err != nil {
		return err
	}
	if err := b.Store.Open(ctx, p.Group, made, b.redeliver()); err != nil {
		return err
	}
	for _, c := range made {
		c.measure(ctx, b.Now().UTC())
	}
	return nil
}
