package storetest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Watch has watch told of each event with effects and of each delivery as it is written, as the table's stream does.
// watch must neither wait nor call the store.
func (m *Memory) Watch(watch func(orders.Due)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watch = watch
}

func (m *Memory) stream(d orders.Due) {
	if m.watch != nil {
		m.watch(d)
	}
}

// Holds returns every hold with its order.
func (m *Memory) Holds() map[string]porting.OrderID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.holds)
}

// Orders returns every order as it stands, the oldest first.
func (m *Memory) Orders() []porting.Order {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.orders), func(a, b porting.Order) int { return cmp.Compare(a.ID, b.ID) })
}

// Events returns the whole history of an order, oldest first.
func (m *Memory) Events(id porting.OrderID) []porting.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.events[id])
}

// NextDue returns when the first item of any of the kinds falls due; the zero time when none does.
func (m *Memory) NextDue(kinds ...orders.DueKind) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	var first time.Time
	for _, e := range m.due {
		if slices.Contains(kinds, e.Kind) && (first.IsZero() || e.At.Before(first)) {
			first = e.At
		}
	}
	return first
}
