package dynamo

import (
	"context"
	"errors"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Open writes the orders of one create call, all or nothing: in one transaction if they fit into it, else by an intake.
func (s *Store) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	if err := s.newDrafts(ctx, holdsOf(made)); err != nil {
		return err
	}
	whole := &writes{table: s.table}
	whole.put(groupOf(g), isNew, nil, means(errInUse))
	var heads []*writes
	for _, c := range made {
		w, err := s.changes(ctx, c, redeliver)
		if err != nil {
			return err
		}
		heads = append(heads, w)
		whole.items, whole.refuse = append(whole.items, w.items...), append(whole.refuse, w.refuse...)
		whole.err = errors.Join(whole.err, w.err)
		for _, tn := range c.After.Holds() {
			whole.hold(tn, c.After)
		}
	}
	if whole.err != nil || len(whole.items) <= maxItems {
		return s.run(ctx, whole)
	}
	return s.intake(ctx, g, made, heads, redeliver)
}
