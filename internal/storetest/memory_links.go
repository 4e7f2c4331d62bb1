package storetest

import (
	"cmp"
	"context"
	"slices"

	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
)

var _ link.Store = (*Memory)(nil)

// linkKey names a link in memory.
type linkKey struct {
	order porting.OrderID
	id    string
}

func copyOfLink(l link.Link) link.Link {
	l.Scope = slices.Clone(l.Scope)
	return l
}

// Link implements link.Store.
func (m *Memory) Link(ctx context.Context, order porting.OrderID, id string) (link.Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, ok := m.links[linkKey{order, id}]
	if !ok {
		return link.Link{}, cmp.Or(ctx.Err(), error(link.ErrNoLink))
	}
	return copyOfLink(l), ctx.Err()
}

// Links implements link.Store.
func (m *Memory) Links(ctx context.Context, order porting.OrderID) ([]link.Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []link.Link
	for k, l := range m.links {
		if k.order == order {
			all = append(all, copyOfLink(l))
		}
	}
	slices.SortFunc(all, func(a, b link.Link) int { return cmp.Compare(a.ID, b.ID) })
	return all, ctx.Err()
}

// SaveLink implements link.Store.
func (m *Memory) SaveLink(ctx context.Context, l link.Link, r *orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	at := linkKey{l.Order, l.ID}
	if l.Version != m.links[at].Version+1 {
		return porting.Errorf(porting.Stale, "The link has changed in between; read it again.")
	}
	if err := m.answer(r); err != nil {
		return err
	}
	m.links[at] = copyOfLink(l)
	return nil
}

// ViewByLink reads an order with its latest comments, and one of its links.
func (m *Memory) ViewByLink(ctx context.Context, order porting.OrderID, id string, comments int) (link.Link, porting.Order, orders.Found, error) {
	l, err := m.Link(ctx, order, id)
	if err != nil {
		return link.Link{}, porting.Order{}, orders.Found{}, err
	}
	o, found, err := m.View(ctx, order, comments)
	if porting.Is(err, porting.NotFound) {
		err = link.ErrNoLink
	}
	return l, o, found, err
}
