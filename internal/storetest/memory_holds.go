package storetest

import (
	"context"
	"slices"

	"portway/internal/orders"
	"portway/internal/porting"
)

// free returns Taken where other orders than id have any of the holds.
func (m *Memory) free(numbers []string, id porting.OrderID) error {
	e := porting.Errorf(porting.Taken, "Numbers are on another live order.")
	for _, tn := range slices.Sorted(slices.Values(numbers)) {
		if holder, ok := m.holds[tn]; ok && holder != id {
			e.Faults = append(e.Faults, porting.Fault{Field: porting.HeldNumber(tn), Code: porting.NotAllowed,
				Message: "The number is on another live order."})
		}
	}
	if len(e.Faults) > 0 {
		return e
	}
	return nil
}

// Held implements orders.Store.
func (m *Memory) Held(ctx context.Context, numbers []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.free(numbers, ""); err != nil {
		return err
	}
	return ctx.Err()
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

// Release implements orders.Store.
func (m *Memory) Release(_ context.Context, o porting.Order) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	needed := set(o.Holds())
	for _, n := range o.Numbers {
		if hold := o.Owner().Hold(n.TN); m.holds[hold] == o.ID && !needed[hold] {
			delete(m.holds, hold)
		}
	}
	return nil
}

// Undo implements orders.Store. Open leaves nothing half-way here.
func (m *Memory) Undo(context.Context, orders.Due) error { return nil }
