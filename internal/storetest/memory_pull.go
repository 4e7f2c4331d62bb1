package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"portway/internal/porting"
	"portway/internal/pull"
)

var _ pull.Store = (*Memory)(nil)

// AddPull implements pull.Store.
func (m *Memory) AddPull(ctx context.Context, j pull.Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := fmt.Sprintf("pull %s|%16s#%s", j.Account, j.Order, j.Document)
	if _, ok := m.pulls[k]; ok {
		return ctx.Err()
	}
	j.Due.Kind, j.Due.Key, j.Due.Order = pull.DuePull, k, j.Order
	m.pulls[k] = j
	m.due[k] = &dueEntry{Due: j.Due}
	return ctx.Err()
}

// PullAccounts implements pull.Store.
func (m *Memory) PullAccounts(ctx context.Context, until time.Time) ([]porting.AccountID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []porting.AccountID
	for k, j := range m.pulls {
		if !m.due[k].At.After(until) && !slices.Contains(all, j.Account) {
			all = append(all, j.Account)
		}
	}
	slices.Sort(all)
	return all, ctx.Err()
}

// Pulls implements pull.Store.
func (m *Memory) Pulls(ctx context.Context, account porting.AccountID) ([]pull.Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []pull.Job
	for _, k := range slices.Sorted(maps.Keys(m.pulls)) {
		if j := m.pulls[k]; j.Account == account {
			j.Due = m.due[k].Due
			all = append(all, j)
		}
	}
	slices.SortStableFunc(all, func(a, b pull.Job) int { return a.Due.At.Compare(b.Due.At) })
	return all, ctx.Err()
}

// LeasePull implements pull.Store.
func (m *Memory) LeasePull(ctx context.Context, j pull.Job, until time.Time) (pull.Job, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry, ok := m.at(j.Due)
	if !ok {
		return j, false, ctx.Err()
	}
	entry.At = until
	j.Due, j.Leased = entry.Due, until
	m.pulls[j.Due.Key] = j
	return j, true, ctx.Err()
}

// PutOffPull implements pull.Store.
func (m *Memory) PutOffPull(ctx context.Context, j pull.Job, next time.Time, asked bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry, ok := m.at(j.Due)
	if !ok {
		return ctx.Err()
	}
	entry.At = next
	entry.Tries++
	j.Leased = time.Time{}
	if asked {
		j.Asked++
	}
	m.pulls[j.Due.Key] = j
	return ctx.Err()
}

// EndPull implements pull.Store.
func (m *Memory) EndPull(ctx context.Context, j pull.Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.at(j.Due); ok {
		delete(m.pulls, j.Due.Key)
		delete(m.due, j.Due.Key)
	}
	return ctx.Err()
}
