package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

type dueEntry struct {
	orders.Due
	why    porting.Message
	parked time.Time // since when
}

func dueKey(id porting.OrderID, kind orders.DueKind) string { return fmt.Sprintf("%s|%s", id, kind) }

func (m *Memory) put(id porting.OrderID, kind orders.DueKind, at time.Time, why porting.Message) {
	k := dueKey(id, kind)
	m.due[k] = &dueEntry{Due: orders.Due{Kind: kind, Key: k, Order: id, At: at}, why: why}
}

// Wait makes an order due, which need not exist.
func (m *Memory) Wait(id porting.OrderID, kind orders.DueKind, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(id, kind, at, porting.Message{})
}

// Due implements orders.Store.
func (m *Memory) Due(_ context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []orders.Due
	for _, e := range m.due {
		if e.Kind == kind && !e.At.After(until) {
			d := e.Due
			d.Tries = 0 // Lease reads them
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b orders.Due) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return all[:min(limit, len(all))], nil
}

// DueBehind reads due dates from behind a place on, as the table's DueBehind does.
func (m *Memory) DueBehind(ctx context.Context, kind orders.DueKind, behind orders.Due, until time.Time, limit int) ([]orders.Due, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	later := func(a, b orders.Due) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) }
	var all []orders.Due // the first of them, in order
	for _, e := range m.due {
		d := e.Due
		if d.Tries = 0; d.Kind != kind || d.At.After(until) || later(d, behind) <= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(all, d, later)
		if at < limit {
			all = slices.Insert(all, at, d)
			all = all[:min(limit, len(all))]
		}
	}
	return all, ctx.Err()
}

// at returns the entry of d. ok is false where its due date has changed.
func (m *Memory) at(d orders.Due) (*dueEntry, bool) {
	e, ok := m.due[d.Key]
	return e, ok && e.Kind == d.Kind && e.At.Equal(d.At)
}

// Lease implements orders.Store.
func (m *Memory) Lease(_ context.Context, d orders.Due, hold time.Time) (orders.Due, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.at(d)
	if !ok {
		return d, false, nil
	}
	e.At = hold
	return e.Due, true, nil
}

// Succeed implements orders.Store.
func (m *Memory) Succeed(_ context.Context, d orders.Due, next time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at(d); ok {
		e.At, e.Tries, e.parked = next, 0, time.Time{}
	}
	return nil
}

// Fail implements orders.Store.
func (m *Memory) Fail(_ context.Context, d orders.Due, next time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at(d); ok {
		e.At = next
		e.Tries++
	}
	return nil
}

// Park implements orders.Store.
func (m *Memory) Park(_ context.Context, d orders.Due, why string, at, next time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at(d); ok {
		if e.Kind != orders.DueParked {
			e.Of = e.Kind
		}
		e.Kind, e.At, e.why = orders.DueParked, next, porting.Words(why)
		e.Tries++
		if e.parked.IsZero() {
			e.parked = at
		}
	}
	return nil
}

// Unpark implements orders.Store.
func (m *Memory) Unpark(_ context.Context, d orders.Due, at time.Time) (orders.Queued, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.at(d)
	if !ok {
		return orders.Queued{}, false, nil
	}
	e.Kind, e.Of, e.At, e.why = e.Of, "", at, porting.Message{}
	return e.queued(), true, nil
}

// Queued implements orders.Store.
func (m *Memory) Queued(_ context.Context, d orders.Due) (orders.Queued, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.due[d.Key]; ok {
		return e.queued(), nil
	}
	return orders.Queued{}, nil
}

func (e dueEntry) queued() orders.Queued {
	q := orders.Queued{Kind: e.Kind, Why: e.why, Since: e.parked, Tries: e.Tries}
	if e.Kind == orders.DueParked {
		q.Kind = e.Of
	}
	if q.Since.IsZero() {
		q.Since = e.At
	}
	return q
}
