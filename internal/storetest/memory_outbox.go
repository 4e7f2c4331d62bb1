package storetest

import (
	"context"
	"fmt"
	"slices"

	"portway/internal/orders"
	"portway/internal/porting"
)

func eventKey(e porting.Event) string { return fmt.Sprintf("%s|event %d.%d", e.Order, e.Version, e.N) }

// Event implements orders.Store.
func (m *Memory) Event(_ context.Context, d orders.Due) (porting.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.events[d.Order] {
		if eventKey(e) == d.Key {
			return e, nil
		}
	}
	return porting.Event{}, porting.Errorf(porting.NotFound, "There is no such event.")
}

// Delivered implements orders.Store.
func (m *Memory) Delivered(_ context.Context, d orders.Due, effects []porting.Effect) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, e := range m.events[d.Order] {
		if eventKey(e) != d.Key {
			continue
		}
		var left []porting.Effect
		for _, effect := range e.Effects {
			if !slices.Contains(effects, effect) {
				left = append(left, effect)
			}
		}
		m.events[d.Order][i].Effects = left
		if len(left) == 0 {
			delete(m.due, d.Key)
		}
	}
	return nil
}
