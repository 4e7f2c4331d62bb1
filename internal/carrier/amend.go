package carrier

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"portway/internal/porting"
)

// Keeper keeps the operator's rows with their history.
type Keeper interface {
	Rows(ctx context.Context) ([]Row, error)
	// Row reads one row; ok is false where the operator has none of the carrier.
	Row(ctx context.Context, id string) (r Row, ok bool, err error)
	// Change writes a row, or removes it where after is nil, together with its change. The error is Stale where the row is
	// another one than before by now. A before without a version is no row.
	Change(ctx context.Context, before Row, after *Row, c Change) error
	// Changes reads the changes of a carrier's row, or of all rows where id is empty, oldest first.
	Changes(ctx context.Context, id string) ([]Change, error)
}

// Amendment is what an operator wants to change about a carrier.
type Amendment struct {
	ID string
	// Set has new values by field, and Unset fields whose value of the table counts again.
	Set   map[string]string
	Unset []string
	// Add makes a carrier that the table does not have, and Remove takes all that the operator has set away.
	Add, Remove bool
	By, Why     string
}

// Amend changes what the operator has set about a carrier, with every fault named, and returns the change.
func Amend(ctx context.Context, k Keeper, a Amendment, now time.Time) (Change, error) {
	rows, err := k.Rows(ctx)
	if err != nil {
		return Change{}, err
	}
	before, has, err := k.Row(ctx, a.ID)
	if err != nil {
		return Change{}, err
	}
	_, inTable := ByID(a.ID)
	switch {
	case a.Add && (inTable || has):
		return Change{}, porting.Errorf(porting.Invalid, "There is a carrier %q already. Change it with set.", a.ID)
	case !a.Add && !inTable && !has:
		return Change{}, porting.Errorf(porting.NotFound, "There is no carrier %q. Add it with add.", a.ID)
	case a.Remove && !has:
		return Change{}, porting.Errorf(porting.NotFound, "Nothing is set about %s that could be removed.", a.ID)
	case !has && len(rows) >= MaxRows:
		return Change{}, porting.Errorf(porting.Invalid, "There are %d rows already, and no more fit.", MaxRows)
	case !a.Add && !a.Remove && len(a.Set)+len(a.Unset) == 0:
		return Change{}, porting.Errorf(porting.Invalid, "Name at least one field.")
	}
	after := Row{ID: a.ID, Set: maps.Clone(before.Set), Version: before.Version + 1, By: a.By, Why: a.Why, At: now}
	if after.Set == nil {
		after.Set = map[string]string{}
	}
	var faults porting.Faults
	for _, field := range a.Unset {
		if _, set := after.Set[field]; !set {
			faults.Add(field, porting.Unknown, "It is not set.")
		}
		delete(after.Set, field)
	}
	maps.Copy(after.Set, a.Set)
	if a.Remove {
		after.Set = map[string]string{}
	}
	if a.Remove && !inTable { // nothing of the row is left to be checked
		faults = append(faults, after.reasonFaults()...)
	} else {
		faults = append(faults, after.Faults(NewDirectory(rows))...)
	}
	if err := faults.Err(); err != nil {
		return Change{}, err
	}
	c := Change{ID: a.ID, Version: after.Version, At: now, By: a.By, Why: a.Why, Before: map[string]string{}, After: map[string]string{}}
	for _, field := range slices.Sorted(maps.Keys(both(before.Set, after.Set))) {
		was, had := before.Set[field]
		is, has := after.Set[field]
		if was == is && had == has {
			continue
		}
		if had {
			c.Before[field] = was
		}
		if has {
			c.After[field] = is
		}
	}
	if len(c.Before)+len(c.After) == 0 {
		return Change{}, porting.Errorf(porting.Settled, "All of this is set already.")
	}
	keep := &after
	if len(after.Set) == 0 {
		keep = nil
	}
	if err := k.Change(ctx, before, keep, c); err != nil {
		return Change{}, fmt.Errorf("change the row of %s: %w", a.ID, err)
	}
	return c, nil
}

func both(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}
