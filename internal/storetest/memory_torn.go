package storetest

import (
	"context"
	"errors"
	"slices"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

// tear is what happens during the next reading of an order.
type tear struct {
	items   int
	between func()
}

// Tear implements Tearer.
func (m *Memory) Tear(items int, between func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.torn = tear{items, between}
}

// Load implements orders.Store. As the table's, it reads an order again that changes meanwhile, a few times.
func (m *Memory) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	const loads = 4
	for range loads {
		o, whole, err := m.load(id)
		if err != nil {
			return porting.Order{}, err
		}
		if whole {
			return o, ctx.Err()
		}
	}
	return porting.Order{}, errors.New("the order changes during every reading")
}

// load reads an order once, item by item: numbers, head, attempts. whole says that they are of one version.
func (m *Memory) load(id porting.OrderID) (o porting.Order, whole bool, err error) {
	m.mu.Lock()
	t := m.torn
	m.torn = tear{}
	before, there := m.orders[id]
	m.mu.Unlock()
	after := before
	if t.between != nil {
		t.between()
		m.mu.Lock()
		after, there = m.orders[id]
		m.mu.Unlock()
	}
	if !there {
		return porting.Order{}, false, orders.ErrNoOrder
	}
	head, numbers, attempts := after, before.Numbers, after.Attempts
	if t.items >= afterHead {
		head = before
	}
	if t.between == nil {
		whole = true // nothing can have changed
	} else {
		whole = cmp.Equal(numbers, head.Numbers) && cmp.Equal(attempts, head.Attempts, exactly)
	}
	head.Numbers, head.Attempts, head.Documents = slices.Clone(numbers), slices.Clone(attempts), slices.Clone(head.Documents)
	return head, whole, nil
}
