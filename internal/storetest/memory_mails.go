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

// Outlined adds the record of a mail, as package mailrecord writes it to the table.
func (m *Memory) Outlined(l orders.SentMail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[l.Order] = append(m.sent[l.Order], l)
	slices.SortFunc(m.sent[l.Order], func(a, b orders.SentMail) int { return cmp.Compare(a.Place(), b.Place()) })
}

// SentMails implements orders.Mails.
func (m *Memory) SentMails(ctx context.Context, id porting.OrderID, before string, limit int) ([]orders.SentMail, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(m.sent[id]),
		func(l orders.SentMail) bool { return before != "" && l.Place() >= before })
	slices.Reverse(all)
	page, more := pageOf(all, limit, func(l orders.SentMail) int { return 200 + len(l.Subject) + len(l.To) })
	slices.Reverse(page)
	return page, more, ctx.Err()
}
