package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// free returns Taken where other orders than id have any of the holds.
func (m *Memory) free(holds []string, id porting.OrderID) error {
	return m.taken(holds, func(hold string) bool { return m.others(hold, id) })
}

// open returns Taken where any order has one of the holds of a draft, or a signed order of its account the number.
func (m *Memory) open(holds []string) error {
	return m.taken(holds, func(hold string) bool { return m.others(hold, "") || m.signed(hold) })
}

func (m *Memory) others(hold string, id porting.OrderID) bool {
	holder, ok := m.holds[hold]
	return ok && holder != id
}

// signed says that a signed order of the account that the hold is limited to has the number.
func (m *Memory) signed(hold string) bool {
	holder, ok := m.holds[porting.HeldNumber(hold)]
	return ok && m.orders[holder].Account == porting.HoldOwner(hold)
}

// taken returns Taken for those of the holds of which is says so.
func (m *Memory) taken(holds []string, is func(hold string) bool) error {
	var taken []string
	for _, hold := range slices.Sorted(slices.Values(holds)) {
		if is(hold) {
			taken = append(taken, hold)
		}
	}
	if len(taken) > 0 {
		return porting.TakenError(taken...)
	}
	return nil
}

// Held implements orders.Store.
func (m *Memory) Held(ctx context.Context, numbers []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cmp.Or(m.open(numbers), ctx.Err())
}

// Holder implements orders.Store.
func (m *Memory) Holder(_ context.Context, hold string) (porting.OrderID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, ok := m.holds[hold]; ok {
		return id, nil
	}
	return "", porting.Errorf(porting.NotFound, "No live order has the number.")
}

// Had returns the order that has the hold and those that had it before, as the table's Had does.
func (m *Memory) Had(_ context.Context, hold string) ([]porting.OrderID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []porting.OrderID
	for id, o := range m.orders {
		over := slices.ContainsFunc(o.Numbers, func(n porting.Number) bool {
			return o.Owner().Hold(n.TN) == hold && (n.State == porting.Excluded || !o.Status.Live() && !o.Withdrawing)
		})
		if over && m.holds[hold] != id {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b porting.OrderID) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a)) })
	if id, ok := m.holds[hold]; ok {
		ids = append([]porting.OrderID{id}, ids...)
	}
	return ids, nil
}

// KeepSearch keeps the words by which the order is found.
func (m *Memory) KeepSearch(_ context.Context, o porting.Order) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.words[o.ID] = o.SearchWords()
	return nil
}

// Found returns the orders of a word, as the table's rows do (package searchrows).
func (m *Memory) Found(_ context.Context, word string, limit int) ([]porting.OrderID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []porting.OrderID
	for id, words := range m.words {
		if slices.Contains(words, word) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b porting.OrderID) int { return m.orders[b].Created.Compare(m.orders[a].Created) })
	return ids[:min(limit, len(ids))], nil
}

// Release implements orders.Store.
func (m *Memory) Release(_ context.Context, o porting.Order) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.orders[o.ID].OwnOnly != o.OwnOnly {
		return porting.Errorf(porting.Stale, "The order has another kind of hold by now.")
	}
	needed := set(o.Holds())
	for _, n := range o.Numbers {
		for _, hold := range []string{o.Owner().Hold(n.TN), o.Owner().OwnHold(n.TN)} {
			if m.holds[hold] == o.ID && !needed[hold] {
				delete(m.holds, hold)
			}
		}
	}
	return nil
}

// HandOver implements orders.Store.
func (m *Memory) HandOver(ctx context.Context, from, to orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range []orders.Change{from, to} {
		if m.orders[c.After.ID].Version != c.Before.Version {
			return porting.Errorf(porting.Stale, "The order has changed in between; read it again.")
		}
		if err := m.payable(c); err != nil {
			return err
		}
	}
	given := porting.Without(from.Before.Holds(), from.After.Holds())
	for _, hold := range given {
		if m.holds[hold] != from.After.ID {
			return porting.TakenError(hold)
		}
	}
	if err := m.free(porting.Without(to.After.Holds(), given), to.After.ID); err != nil {
		return err
	}
	m.write(from, redeliver)
	m.write(to, redeliver)
	return ctx.Err()
}

// Undo implements orders.Store. Open leaves nothing half-way here.
func (m *Memory) Undo(context.Context, orders.Due) error { return nil }
