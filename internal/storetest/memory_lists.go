package storetest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Group implements orders.Store.
func (m *Memory) Group(_ context.Context, id porting.GroupID) (porting.Group, []porting.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g, ok := m.groups[id]
	if !ok {
		return porting.Group{}, nil, porting.Errorf(porting.NotFound, "No such port order group")
	}
	var heads []porting.Order
	for _, id := range g.Orders {
		o := m.orders[id]
		o.Numbers, o.Attempts = nil, nil
		heads = append(heads, o)
	}
	return g, heads, nil
}

// Heads reads the heads of orders, as the table's Heads does.
func (m *Memory) Heads(_ context.Context, ids []porting.OrderID) ([]orders.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []orders.Head
	for _, id := range ids {
		if o, ok := m.orders[id]; ok {
			h := orders.Head{Order: o, Count: len(o.Numbers)}
			h.Attempts, h.Numbers = nil, nil
			for _, n := range o.Numbers[:min(orders.FewNumbers, len(o.Numbers))] {
				h.Numbers = append(h.Numbers, porting.Number{TN: n.TN})
			}
			all = append(all, h)
		}
	}
	return all, nil
}

// AllQueued reads why staff see due dates, as the table's AllQueued does.
func (m *Memory) AllQueued(ctx context.Context, of []orders.Due) ([]orders.Queued, error) {
	all := make([]orders.Queued, 0, len(of))
	for _, d := range of {
		q, err := m.Queued(ctx, d)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

// List implements orders.Store. As the table's, it answers with what lists show and no more.
func (m *Memory) List(_ context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []porting.Order
	wanted := set(f.Numbers)
	for _, o := range m.orders {
		has := slices.ContainsFunc(o.Numbers, func(n porting.Number) bool { return wanted[n.TN] })
		if o.Account == id && f.Matches(o) && (len(wanted) == 0 || has) {
			all = append(all, inLists(o))
		}
	}
	slices.SortFunc(all, func(a, b porting.Order) int {
		return cmp.Or(cmp.Compare(len(b.ID), len(a.ID)), strings.Compare(string(b.ID), string(a.ID)))
	})
	all = all[min(f.Offset, len(all)):]
	if f.Limit > 0 {
		all = all[:min(f.Limit, len(all))]
	}
	return all, nil
}

// Feed implements orders.Store.
func (m *Memory) Feed(ctx context.Context, account porting.AccountID, after orders.Place, limit int) ([]orders.Placed,
	bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	feed := slices.Clone(m.feeds[account])
	slices.SortFunc(feed, func(a, b orders.Placed) int { return cmp.Compare(a.Place, b.Place) })
	feed = slices.DeleteFunc(feed, func(e orders.Placed) bool { return e.Place <= after })
	page, more := pageOf(feed, limit, func(p orders.Placed) int { return sizeOf(p.Event) })
	return page, more, ctx.Err()
}
