package dynamo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"portway/internal/orders"
	"portway/internal/porting"
)

// groupItem is a group: the orders of one create call.
type groupItem struct {
	key
	Account string   `dynamodbav:"account"`
	Created stamp    `dynamodbav:"created"`
	Orders  []string `dynamodbav:"orders"`
}

func groupOf(g porting.Group) groupItem {
	i := groupItem{key: groupKey(g.ID), Account: string(g.Account), Created: stampOf(g.Created)}
	for _, id := range g.Orders {
		i.Orders = append(i.Orders, string(id))
	}
	return i
}

// Group reads a group and the heads of its orders: a roll-up of each order as it stood when it was read. A number that
// moves from one of the orders to a new one meanwhile may be missing from the roll-up until the next reading. Nothing is
// written on that ground: Extend checks the size of the group and the version of each order that it changes.
func (s *Store) Group(ctx context.Context, id porting.GroupID) (porting.Group, []porting.Order, error) {
	var i groupItem
	ok, err := s.get(ctx, groupKey(id).String(), &i)
	if err != nil {
		return porting.Group{}, nil, err
	}
	if !ok {
		return porting.Group{}, nil, porting.Errorf(porting.NotFound, "No such port order group")
	}
	g := porting.Group{ID: id, Account: porting.AccountID(i.Account), Created: i.Created.time()}
	for _, o := range i.Orders {
		g.Orders = append(g.Orders, porting.OrderID(o))
	}
	heads, err := s.heads(ctx, g.Orders)
	return g, heads, err
}

// Extend writes changes to orders of a group, and orders that are new in it, in one transaction. A number that one
// order gives up and another takes is passed on.
func (s *Store) Extend(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	var drafts []string
	for _, c := range made {
		if c.After.OwnOnly {
			drafts = append(drafts, held(c)...)
		}
	}
	if err := s.newDrafts(ctx, drafts); err != nil {
		return err
	}
	w := &writes{table: s.table}
	var opened []string
	from := map[string]porting.Order{} // by the hold that the order gives up
	for _, c := range made {
		for _, hold := range released(c) {
			from[hold] = c.After
		}
	}
	for _, c := range made {
		one, err := s.changes(ctx, c, redeliver)
		if err != nil {
			return err
		}
		w.items, w.refuse = append(w.items, one.items...), append(w.refuse, one.refuse...)
		w.err = errors.Join(w.err, one.err)
		w.quiet(c, held(c))
		for _, hold := range held(c) {
			if giver, ok := from[hold]; ok {
				w.pass(hold, giver, c.After)
				delete(from, hold)
			} else {
				w.hold(hold, c.After)
			}
		}
		if c.Before.Version == 0 {
			opened = append(opened, string(c.After.ID))
		}
	}
	if len(opened) > 0 {
		more, err := attributevalue.Marshal(opened)
		if err != nil {
			return err
		}
		w.update(groupKey(g.ID), "SET orders = list_append(orders, :more)", "size(orders) = :had",
			item{":more": more, ":had": number(int64(len(g.Orders) - len(opened)))}, means(errStale))
	}
	for _, hold := range slices.Sorted(maps.Keys(from)) {
		w.free(hold, from[hold], nil)
	}
	return s.run(ctx, w)
}
