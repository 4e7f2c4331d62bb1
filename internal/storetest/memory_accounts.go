package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

var _ account.Store = (*Memory)(nil)

// Account implements account.Store.
func (m *Memory) Account(_ context.Context, id porting.AccountID) (account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[id]
	if !ok {
		return a, porting.Errorf(porting.NotFound, "There is no such account.")
	}
	return a, nil
}

// OpenAccount implements account.Store.
func (m *Memory) OpenAccount(_ context.Context, a account.Account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.accounts[a.ID]; ok {
		return porting.Errorf(porting.Settled, "The account is there already.")
	}
	m.accounts[a.ID] = a
	return nil
}

// SetTariff implements account.Store.
func (m *Memory) SetTariff(_ context.Context, id porting.AccountID, t porting.Tariff) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[id]
	if !ok {
		return porting.Errorf(porting.NotFound, "There is no such account.")
	}
	a.Tariff = t
	m.accounts[id] = a
	return nil
}

// LimitUnsigned implements account.Store.
func (m *Memory) LimitUnsigned(_ context.Context, id porting.AccountID, most int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unsigned[id] = most
	return nil
}

// Draft implements orders.Store.
func (m *Memory) Draft(ctx context.Context, id porting.AccountID, n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	has := 0
	for _, o := range m.orders {
		if o.Account == id {
			has += o.Drafted()
		}
	}
	if most := cmp.Or(m.unsigned[id], porting.UnsignedNumbers); has+n > most {
		return porting.UnsignedError(n, most, has)
	}
	return ctx.Err()
}

// Refund gives the refund of an event back, once.
func (m *Memory) Refund(_ context.Context, e porting.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	what := account.RefundOf(e)
	if e.Refund == 0 || m.once[what] {
		return nil
	}
	a, ok := m.accounts[e.Account]
	if !ok {
		return porting.Errorf(porting.NotFound, "There is no such account.")
	}
	a.Balance += e.Refund
	m.accounts[e.Account] = a
	m.enter(e.Account, what, account.Line{At: e.At, Kind: account.RefundLine, Amount: e.Refund, Order: e.Order, For: e.RefundFor})
	return nil
}

// enter writes a line of the ledger.
func (m *Memory) enter(id porting.AccountID, what string, l account.Line) {
	m.once[what] = true
	l.Place = l.At.UTC().Format("2006-01-02T15:04:05.000000000Z") + "#" + what
	m.ledger[id] = append(m.ledger[id], l)
}

// Deposit implements account.Store.
func (m *Memory) Deposit(_ context.Context, id porting.AccountID, amount porting.Money, reference string,
	at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[id]
	what := string(id) + "#deposit#" + reference
	switch {
	case !ok:
		return porting.Errorf(porting.NotFound, "There is no such account.")
	case m.once[what]:
		return porting.Errorf(porting.Settled, "The deposit was made already.")
	}
	a.Balance += amount
	m.accounts[id] = a
	m.enter(id, what, account.Line{At: at, Kind: account.DepositLine, Amount: amount, Reference: reference})
	return nil
}

// Ledger implements account.Store.
func (m *Memory) Ledger(ctx context.Context, id porting.AccountID, before string, limit int) ([]account.Line, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.ledger[id])
	slices.SortFunc(all, func(a, b account.Line) int { return cmp.Compare(b.Place, a.Place) })
	all = slices.DeleteFunc(all, func(l account.Line) bool { return before != "" && l.Place >= before })
	return all[:min(limit, len(all))], ctx.Err()
}

// Key implements account.Store.
func (m *Memory) Key(_ context.Context, access string) (account.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.keys[access]
	if !ok {
		return k, porting.Errorf(porting.NotFound, "The account has no such access key.")
	}
	return k, nil
}

// AddKey implements account.Store.
func (m *Memory) AddKey(_ context.Context, k account.Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.keys[k.Access]; ok {
		return porting.Errorf(porting.Settled, "The access key is there already.")
	}
	m.keys[k.Access] = k
	return nil
}

// Keys implements account.Store. The hashes are not told.
func (m *Memory) Keys(ctx context.Context, id porting.AccountID) (account.Account, []account.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[id]
	if !ok {
		return a, nil, porting.Errorf(porting.NotFound, "There is no such account.")
	}
	var keys []account.Key
	for _, k := range m.keys {
		if k.Account == id {
			k.Hash = [len(k.Hash)]byte{}
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b account.Key) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Access, b.Access))
	})
	return a, keys, ctx.Err()
}

// Amend implements account.Store.
func (m *Memory) Amend(ctx context.Context, c account.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[c.Before.ID]
	if !ok || a.Version != c.Before.Version {
		return porting.Errorf(porting.Stale, "The account has changed in between; read it again.")
	}
	for _, k := range c.Add {
		if _, there := m.keys[k.Access]; there {
			return porting.Errorf(porting.Settled, "The access key is there already.")
		}
	}
	if err := m.answer(c.Receipt); err != nil {
		return err
	}
	a.Version, a.Contacts, a.Mail, a.Strict, a.Quiet, a.MailCalls, a.Looks = c.After.Version, c.After.Contacts, c.After.Mail, c.After.Strict, c.After.Quiet, c.After.MailCalls, c.After.Looks
	m.accounts[a.ID] = a
	for _, k := range c.Add {
		m.keys[k.Access] = k
	}
	for _, k := range c.Update {
		have := m.keys[k.Access]
		have.Expires = k.Expires
		m.keys[k.Access] = have
	}
	for _, access := range c.Remove {
		delete(m.keys, access)
	}
	return ctx.Err()
}

// Presets implements account.Store.
func (m *Memory) Presets(ctx context.Context, id porting.AccountID, kind account.PresetKind, after string,
	limit int) ([]account.Preset, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []account.Preset
	for ref, p := range m.presets[id] {
		if ref.Kind == kind && byNumber(ref.ID, after) > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b account.Preset) int { return byNumber(a.ID, b.ID) })
	return all[:min(limit, len(all))], ctx.Err()
}

// byNumber compares ids as the numbers that they are.
func byNumber(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }

// FindPresets implements account.Store.
func (m *Memory) FindPresets(ctx context.Context, id porting.AccountID,
	refs []account.Ref) (map[account.Ref]account.Preset, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[account.Ref]account.Preset{}
	for _, ref := range refs {
		if p, ok := m.presets[id][ref]; ok {
			found[ref] = p
		}
	}
	return found, ctx.Err()
}

// AddPreset implements account.Store.
func (m *Memory) AddPreset(ctx context.Context, p account.Preset, r *orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.presets[p.Account][p.Ref]; ok {
		return porting.Errorf(porting.Stale, "The id is used already.")
	}
	if err := m.answer(r); err != nil {
		return err
	}
	if m.presets[p.Account] == nil {
		m.presets[p.Account] = map[account.Ref]account.Preset{}
	}
	p.Fields = maps.Clone(p.Fields)
	m.presets[p.Account][p.Ref] = p
	return ctx.Err()
}

// JudgePreset implements account.Store.
func (m *Memory) JudgePreset(ctx context.Context, p account.Preset) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.presets[p.Account][p.Ref]; !ok {
		return account.ErrNoPreset
	}
	m.presets[p.Account][p.Ref] = p
	return ctx.Err()
}

// RemovePreset implements account.Store.
func (m *Memory) RemovePreset(ctx context.Context, id porting.AccountID, ref account.Ref, r *orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.presets[id][ref]; !ok {
		return account.ErrNoPreset
	}
	if err := m.answer(r); err != nil {
		return err
	}
	delete(m.presets[id], ref)
	return ctx.Err()
}

// PresetUsers implements account.Store.
func (m *Memory) PresetUsers(ctx context.Context, id porting.AccountID, ref account.Ref, limit int) ([]porting.OrderID,
	error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var users []porting.OrderID
	for _, o := range m.orders {
		if o.Account == id && o.Status.Live() && account.Refers(o.Presets, ref) {
			users = append(users, o.ID)
		}
	}
	slices.SortFunc(users, func(a, b porting.OrderID) int { return byNumber(string(a), string(b)) })
	return users[:min(limit, len(users))], ctx.Err()
}
