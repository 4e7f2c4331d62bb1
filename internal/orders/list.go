package orders

import (
	"reflect"
	"time"

	"portway/internal/porting"
)

// Head is an order without its attempts and with the first of its numbers alone, and how many numbers it has.
type Head struct {
	porting.Order
	Count int
}

// Filter narrows a list (D-SEA). Zero values do not narrow.
type Filter struct {
	Numbers        []string
	Sandbox        bool // the account is a sandbox, whose holds are its own
	Status         porting.Status
	Alias          string
	Group          porting.GroupID
	FOC            porting.Date
	ModifiedAfter  time.Time
	ModifiedBefore time.Time
	CreatedAfter   time.Time
	CreatedBefore  time.Time
	DoneAfter      time.Time // of completion
	DoneBefore     time.Time
	// Before keeps to orders that are older than this one, which need not exist. The next page begins behind it,
	// whatever was added since.
	Before porting.OrderID
	Limit  int
	Offset int
}

// Narrows says whether the filter leaves out some of the account's orders, paging aside.
func (f Filter) Narrows() bool {
	f.Before, f.Limit, f.Offset, f.Sandbox = "", 0, 0, false
	return !reflect.DeepEqual(f, Filter{})
}

// Matches says whether an order passes the filter, paging and numbers aside. The store knows which orders have a
// number.
func (f Filter) Matches(o porting.Order) bool {
	within := func(t, after, before time.Time) bool {
		return (after.IsZero() || t.After(after)) && (before.IsZero() || t.Before(before))
	}
	done := f.DoneAfter.IsZero() && f.DoneBefore.IsZero() ||
		o.Status == porting.Completed && within(o.StatusAt, f.DoneAfter, f.DoneBefore)
	// Ids are numbers.
	older := f.Before == "" || len(o.ID) < len(f.Before) || len(o.ID) == len(f.Before) && o.ID < f.Before
	return done && older && (f.Status == "" || o.Status == f.Status) && (f.Alias == "" || o.Details.Alias == f.Alias) &&
		(f.Group == "" || o.Group == f.Group) && (f.FOC == "" || o.FOC == f.FOC) &&
		within(o.Updated, f.ModifiedAfter, f.ModifiedBefore) && within(o.Created, f.CreatedAfter, f.CreatedBefore)
}
