package carrier

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"portway/internal/porting"
)

// Memory keeps the operator's rows, their changes and counters in memory, for tests and for who has no table. The zero
// Memory is empty.
type Memory struct {
	mu      sync.Mutex
	rows    map[string]Row
	changes []Change
	// Counters are what is learned, by name; Err is the error of every read of rows and counters; Reads counts them.
	Counters map[string]porting.Learned
	Err      error
	Reads    int
}

var (
	_ Keeper = (*Memory)(nil)
	_ Store  = (*Memory)(nil)
)

// Put writes a row as it is, past every check.
func (r *Memory) Put(row Row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		r.rows = map[string]Row{}
	}
	r.rows[row.ID] = row
}

// Rows reads all rows, by their ids.
func (r *Memory) Rows(context.Context) ([]Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Reads++
	return slices.SortedFunc(maps.Values(r.rows), func(a, b Row) int { return cmp.Compare(a.ID, b.ID) }), r.Err
}

// Row reads one row.
func (r *Memory) Row(_ context.Context, id string) (Row, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.rows[id]
	return row, ok, nil
}

// Change writes or removes a row with its change.
func (r *Memory) Change(_ context.Context, before Row, after *Row, c Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows[c.ID].Version != before.Version {
		return porting.Errorf(porting.Stale, "Somebody else has changed the carrier at the same time. Look at it and try again.")
	}
	if r.rows == nil {
		r.rows = map[string]Row{}
	}
	delete(r.rows, c.ID)
	if after != nil {
		r.rows[c.ID] = *after
	}
	r.changes = append(r.changes, c)
	return nil
}

// Changes reads the changes of a row, or of all rows.
func (r *Memory) Changes(_ context.Context, id string) ([]Change, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.changes)
	if id != "" {
		all = slices.DeleteFunc(all, func(c Change) bool { return c.ID != id })
	}
	slices.SortStableFunc(all, func(a, b Change) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// Learned returns the counters of the first of the names that has some.
func (r *Memory) Learned(_ context.Context, carriers []string, _ string) (porting.Learned, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Reads++
	for _, name := range carriers {
		if l, ok := r.Counters[name]; ok {
			return l, r.Err
		}
	}
	return porting.Learned{}, r.Err
}
