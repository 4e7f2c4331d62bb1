package storetest

import (
	"cmp"
	"context"
	"slices"

	"portway/internal/orders"
	"portway/internal/porting"
)

// KeepMail implements orders.Mails.
func (m *Memory) KeepMail(ctx context.Context, l orders.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.mails[l.Order], func(have orders.Mail) bool { return have.Version == l.Version }) {
		return ctx.Err()
	}
	m.mails[l.Order] = append(m.mails[l.Order], l)
	slices.SortFunc(m.mails[l.Order], func(a, b orders.Mail) int { return cmp.Compare(a.Version, b.Version) })
	return ctx.Err()
}

// Mails implements orders.Mails.
func (m *Memory) Mails(ctx context.Context, id porting.OrderID, before int64, limit int) ([]orders.Mail, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(m.mails[id]),
		func(l orders.Mail) bool { return before > 0 && l.Version >= before })
	slices.Reverse(all)
	page, more := pageOf(all, limit, func(l orders.Mail) int { return 100 + len(l.Subject) + len(l.Text) })
	slices.Reverse(page)
	return page, more, ctx.Err()
}
