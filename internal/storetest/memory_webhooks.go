package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

var _ webhook.Store = (*Memory)(nil)

// told holds the endpoints, the records of deliveries, and the work that is pending.
type told struct {
	endpoints map[string]webhook.Endpoint // by account and id
	records   map[string]webhook.Delivery // by endpoint and id
	work      map[string]webhook.Delivery // by due key
	leased    map[string]time.Time        // until when a worker has the work, by due key
}

func newTold() told {
	return told{map[string]webhook.Endpoint{}, map[string]webhook.Delivery{}, map[string]webhook.Delivery{},
		map[string]time.Time{}}
}

func hookKey(account porting.AccountID, id string) string { return string(account) + "|hook " + id }

func recordKey(d webhook.Delivery) string { return string(d.Account) + "|" + d.ID() }

func laneKey(d webhook.Delivery) string {
	return fmt.Sprintf("%s#%s|work %16s#", d.Account, d.Endpoint, d.Order)
}

func workKey(d webhook.Delivery) string {
	if d.Order == "" {
		return laneKey(d) + d.ID()
	}
	return fmt.Sprintf("%s%010d.%d", laneKey(d), d.Version, d.N)
}

// Endpoints implements webhook.Store.
func (m *Memory) Endpoints(ctx context.Context, account porting.AccountID) ([]webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []webhook.Endpoint
	for _, e := range m.told.endpoints {
		if e.Account == account {
			all = append(all, copyOf(e))
		}
	}
	slices.SortFunc(all, func(a, b webhook.Endpoint) int { return cmp.Compare(a.ID, b.ID) })
	return all, ctx.Err()
}

func copyOf(e webhook.Endpoint) webhook.Endpoint {
	e.Types, e.Secrets = slices.Clone(e.Types), slices.Clone(e.Secrets)
	return e
}

// Endpoint implements webhook.Store.
func (m *Memory) Endpoint(ctx context.Context, account porting.AccountID, id string) (webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.told.endpoints[hookKey(account, id)]
	if !ok {
		return webhook.Endpoint{}, webhook.ErrNoEndpoint
	}
	return copyOf(e), ctx.Err()
}

// SaveEndpoint implements webhook.Store.
func (m *Memory) SaveEndpoint(ctx context.Context, e webhook.Endpoint, r *orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := hookKey(e.Account, e.ID)
	if m.told.endpoints[k].Version != e.Version-1 {
		return porting.Errorf(porting.Stale, "The webhook has changed in between; read it again.")
	}
	if err := m.answer(r); err != nil {
		return err
	}
	e = copyOf(e)
	for i, s := range e.Secrets { // the table has the ciphertext alone
		e.Secrets[i].Secret = porting.SealedSecret(s.Secret.Sealed())
	}
	m.told.endpoints[k] = e
	delete(m.due, k)
	if e.PausedByUs() {
		m.due[k] = &dueEntry{Due: orders.Due{Kind: webhook.DuePause, Key: k, At: e.PausedAt}}
	}
	return ctx.Err()
}

// RemoveEndpoint implements webhook.Store.
func (m *Memory) RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.answer(r); err != nil {
		return err
	}
	delete(m.told.endpoints, hookKey(account, id))
	delete(m.due, hookKey(account, id))
	return ctx.Err()
}

// Failing implements webhook.Store.
func (m *Memory) Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.told.endpoints[hookKey(account, id)]
	if !ok {
		return time.Time{}, ctx.Err()
	}
	if e.FailingSince.IsZero() {
		e.FailingSince = at
		m.told.endpoints[hookKey(account, id)] = e
	}
	return e.FailingSince, ctx.Err()
}

// Recovered implements webhook.Store.
func (m *Memory) Recovered(ctx context.Context, account porting.AccountID, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.told.endpoints[hookKey(account, id)]; ok {
		e.FailingSince = time.Time{}
		m.told.endpoints[hookKey(account, id)] = e
	}
	return ctx.Err()
}

// Pause implements webhook.Store.
func (m *Memory) Pause(ctx context.Context, account porting.AccountID, id, why string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := hookKey(account, id)
	e, ok := m.told.endpoints[k]
	if !ok || e.Paused {
		return ctx.Err()
	}
	e.Paused, e.Why, e.PausedAt = true, why, at
	e.Version++
	m.told.endpoints[k] = e
	m.due[k] = &dueEntry{Due: orders.Due{Kind: webhook.DuePause, Key: k, At: at}}
	return ctx.Err()
}

// Paused implements webhook.Store.
func (m *Memory) Paused(ctx context.Context, d orders.Due) (webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return copyOf(m.told.endpoints[d.Key]), ctx.Err()
}

// PauseTold implements webhook.Store.
func (m *Memory) PauseTold(ctx context.Context, d orders.Due) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.due, d.Key)
	return ctx.Err()
}

// Add implements webhook.Store.
func (m *Memory) Add(ctx context.Context, d webhook.Delivery) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.told.records[recordKey(d)]; ok {
		return ctx.Err()
	}
	m.told.records[recordKey(d)] = d
	if d.State == webhook.Pending {
		m.fallsDue(d)
	}
	return ctx.Err()
}

func (m *Memory) fallsDue(d webhook.Delivery) {
	k := workKey(d)
	m.told.work[k] = d
	delete(m.told.leased, k)
	due := orders.Due{Kind: webhook.DueDelivery, Key: k, At: d.Next}
	m.due[k] = &dueEntry{Due: due}
	m.stream(due)
}

// Delivery implements webhook.Store.
func (m *Memory) Delivery(ctx context.Context, d webhook.Delivery) (webhook.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.told.records[recordKey(d)]
	if !ok {
		return webhook.Delivery{}, webhook.ErrNoDelivery
	}
	d.Attempts = slices.Clone(d.Attempts)
	return d, ctx.Err()
}

// Deliveries implements webhook.Store.
func (m *Memory) Deliveries(ctx context.Context, account porting.AccountID, endpoint string,
	p webhook.Page) ([]webhook.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	older := func(a, b webhook.Delivery) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(fmt.Sprintf("%16s", a.Order), fmt.Sprintf("%16s", b.Order)),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.N, b.N))
	}
	var all []webhook.Delivery
	for _, d := range m.told.records {
		if d.Account == account && d.Endpoint == endpoint && (p.From.IsZero() || !d.At.Before(p.From)) &&
			(p.To.IsZero() || d.At.Before(p.To)) && (p.Before == nil || older(d, *p.Before) < 0) {
			d.Attempts = slices.Clone(d.Attempts)
			all = append(all, d)
		}
	}
	slices.SortFunc(all, older)
	if !p.Oldest {
		slices.Reverse(all)
	}
	return all[:min(len(all), p.Limit)], ctx.Err()
}

// Requeue implements webhook.Store.
func (m *Memory) Requeue(ctx context.Context, d webhook.Delivery) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.told.records[recordKey(d)]
	if !ok {
		return webhook.ErrNoDelivery
	}
	have.State, have.Made, have.Next = webhook.Pending, d.Made, d.Next
	if len(d.Attempts) >= webhook.MostAttempts {
		have.Attempts = nil
	}
	m.told.records[recordKey(d)] = have
	m.fallsDue(have)
	return ctx.Err()
}

// LeaseWork implements webhook.Store.
func (m *Memory) LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (webhook.Work, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry, ok := m.at(d)
	if !ok || m.told.leased[d.Key].After(now) {
		return webhook.Work{}, false, ctx.Err()
	}
	entry.At, m.told.leased[d.Key] = until, until
	return workOf(m.told.work[d.Key], entry.Due), true, ctx.Err()
}

// workOf returns pending work. Its next try is at its due date.
func workOf(d webhook.Delivery, due orders.Due) webhook.Work {
	d.Next = due.At
	return webhook.Work{Delivery: d, Due: due}
}

// Lane implements webhook.Store.
func (m *Memory) Lane(ctx context.Context, w webhook.Work) ([]webhook.Work, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []webhook.Work
	for k, d := range m.told.work {
		if entry, ok := m.due[k]; ok && strings.HasPrefix(k, laneKey(w.Delivery)) {
			all = append(all, workOf(d, entry.Due))
		}
	}
	slices.SortFunc(all, func(a, b webhook.Work) int { return cmp.Compare(a.Due.Key, b.Due.Key) })
	return all, ctx.Err()
}

// PutOff implements webhook.Store.
func (m *Memory) PutOff(ctx context.Context, w webhook.Work, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if entry, ok := m.at(w.Due); ok {
		entry.At = until
		delete(m.told.leased, w.Due.Key)
	}
	return ctx.Err()
}

// Settle implements webhook.Store.
func (m *Memory) Settle(ctx context.Context, w webhook.Work, a webhook.Attempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry, ok := m.at(w.Due)
	if !ok {
		return ctx.Err()
	}
	delete(m.told.leased, w.Due.Key)
	have := m.told.records[recordKey(w.Delivery)]
	if have.State, have.Next = w.State, w.Next; !a.At.IsZero() {
		have.Attempts = append(slices.Clone(have.Attempts), a)
	}
	if w.State == webhook.Pending {
		entry.At = w.Next
		entry.Tries++
	} else {
		have.Next = time.Time{}
		delete(m.due, w.Due.Key)
		delete(m.told.work, w.Due.Key)
	}
	m.told.records[recordKey(w.Delivery)] = have
	return ctx.Err()
}

// EventOf implements webhook.Store.
func (m *Memory) EventOf(ctx context.Context, d webhook.Delivery) (porting.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.events[d.Order] {
		if e.Version == d.Version && e.N == d.N {
			return e, ctx.Err()
		}
	}
	return porting.Event{}, porting.Errorf(porting.NotFound, "There is no such event.")
}
