package storetest

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

func receiptKey(r orders.Receipt) string { return string(r.Account) + "#" + r.Key }

// running says whether the key still belongs to the try of the receipt, and has no answer.
func (m *Memory) running(r orders.Receipt) bool {
	have, ok := m.receipts[receiptKey(r)]
	return ok && have.Answer.Status == 0 && have.Lease.Equal(r.Lease)
}

func (m *Memory) answer(r *orders.Receipt) error {
	if r == nil {
		return nil
	}
	if !m.running(*r) {
		return porting.Errorf(porting.Stale, "The request's key is another try's by now.")
	}
	m.receipts[receiptKey(*r)] = *r
	return nil
}

// Begin implements orders.Store.
func (m *Memory) Begin(ctx context.Context, want orders.Receipt, now time.Time) (orders.Receipt, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.receipts[receiptKey(want)]
	if ok && !have.Free(want.Print, now) {
		return have, false, ctx.Err()
	}
	want.Answer = orders.Answer{}
	m.receipts[receiptKey(want)] = want
	return want, true, ctx.Err()
}

// Finish implements orders.Store.
func (m *Memory) Finish(ctx context.Context, r orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running(r) {
		m.receipts[receiptKey(r)] = r
	}
	return ctx.Err()
}

// ReleaseKey implements orders.Store.
func (m *Memory) ReleaseKey(ctx context.Context, r orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running(r) {
		delete(m.receipts, receiptKey(r))
	}
	return ctx.Err()
}
