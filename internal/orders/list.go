package orders

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"portway/internal/porting"
)

// Head is an order without its attempts and with the first few of its numbers alone, and how many numbers it has.
type Head struct {
	porting.Order
	Count int
}

// FewNumbers is how many numbers a head has at most.
const FewNumbers = 5

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
	Desired        porting.Date
	// Turn, Reason and DueBefore depend on more of an order than lists by time have ([Filter.Fits]).
	Turn      porting.Turn
	Reason    porting.ReasonCode // among those of the present rejection
	DueBefore time.Time          // of what happens next by itself
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
		(f.Desired == "" || o.Details.Desired == f.Desired) && f.mayFit(o.Status) &&
		within(o.Updated, f.ModifiedAfter, f.ModifiedBefore) && within(o.Created, f.CreatedAfter, f.CreatedBefore)
}

// Deep says that the filter asks for what only the orders themselves tell.
func (f Filter) Deep() bool { return f.Turn != "" || f.Reason != "" || !f.DueBefore.IsZero() }

// mayFit says whether an order of the status may pass what [Filter.Fits] judges.
func (f Filter) mayFit(s porting.Status) bool {
	turn := f.Turn == "" || s.Turn() == f.Turn || f.Turn == porting.TurnStaff && s.Live()
	return turn && (f.Reason == "" || ShowsReasons(s)) && (f.DueBefore.IsZero() || s.Live())
}

// ShowsReasons says that the reasons of an order in this status are its customer's to read. As long as an order is
// submitted, we repair what a carrier has refused.
func ShowsReasons(s porting.Status) bool { return s != porting.Submitted }

// Fits says whether an order passes the filter where that depends on more than lists by time have.
func (f Filter) Fits(r porting.Rules, o porting.Order) bool {
	_, at, next := Next(r, o)
	return (f.Turn == "" || o.Turn() == f.Turn) &&
		(f.Reason == "" || ShowsReasons(o.Status) &&
			slices.ContainsFunc(o.Reasons, func(reason porting.Reason) bool { return reason.Code == f.Reason })) &&
		(f.DueBefore.IsZero() || next && at.Before(f.DueBefore))
}

// maxLooked is how many orders one call looks at for a deep filter: ten reads of a hundred.
const maxLooked = 1000

// headsAtOnce is how many heads one read takes.
const headsAtOnce = 100

// HeadPage is a part of a list. More says that there are more orders behind it, and Next is the one behind which they begin.
// A page of a deep filter may be shorter than its limit, and have more behind it.
type HeadPage struct {
	Rows []Head
	More bool
	Next porting.OrderID
}

// Rows reads a page of an account's orders as a work list shows them. What it costs depends on the limit alone, and for a
// deep filter on maxLooked.
func (b *Book) Rows(ctx context.Context, account porting.AccountID, f Filter) (HeadPage, error) {
	if !f.Deep() {
		wanted := f
		wanted.Limit++ // one more, to know whether there is a next page
		found, err := b.Store.List(ctx, account, wanted)
		if err != nil {
			return HeadPage{}, err
		}
		p := HeadPage{More: len(found) > f.Limit}
		found = found[:min(f.Limit, len(found))]
		if p.More {
			p.Next = found[len(found)-1].ID
		}
		p.Rows, err = b.Heads(ctx, found)
		return p, err
	}
	part, skip, p := f, f.Offset, HeadPage{}
	part.Offset, part.Limit = 0, headsAtOnce
	for looked := 0; ; {
		found, err := b.Store.List(ctx, account, part)
		if err != nil {
			return HeadPage{}, err
		}
		heads, err := b.Heads(ctx, found)
		if err != nil {
			return HeadPage{}, err
		}
		for _, h := range heads {
			looked, part.Before = looked+1, h.ID
			switch {
			case !f.Fits(b.Rules, h.Order):
			case skip > 0:
				skip--
			case len(p.Rows) == f.Limit:
				p.More, p.Next = true, p.Rows[f.Limit-1].ID
				return p, nil
			default:
				p.Rows = append(p.Rows, h)
			}
		}
		if len(found) < headsAtOnce {
			return p, nil
		}
		if looked >= maxLooked {
			p.More, p.Next = true, part.Before
			return p, nil
		}
	}
}

// Heads reads the heads of orders of a list, in its order. Of one that cannot be read yet, since reads lag a little, the list's
// row stands for the head.
func (b *Book) Heads(ctx context.Context, found []porting.Order) ([]Head, error) {
	all := make([]Head, 0, len(found))
	for part := range slices.Chunk(found, headsAtOnce) {
		ids := make([]porting.OrderID, 0, len(part))
		for _, o := range part {
			ids = append(ids, o.ID)
		}
		heads, err := b.Store.Heads(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, o := range part {
			h := Head{Order: o, Count: len(o.Numbers)}
			if i := slices.IndexFunc(heads, func(h Head) bool { return h.ID == o.ID }); i >= 0 {
				h = heads[i]
			}
			all = append(all, h)
		}
	}
	return all, nil
}

// Coming is something that happens by itself at that time at the latest, unless the order changes before.
type Coming struct {
	Event string
	At    time.Time
}

// Comings lists what happens to an order by itself, the soonest first.
func Comings(r porting.Rules, o porting.Order) []Coming {
	at := map[string]time.Time{"status check": o.Due[porting.DueCheck], "completion": o.FOCAt, "request for fresh papers": o.Due[porting.DuePapers]}
	if o.Status == porting.Submitted {
		at["request to the toll-free registry"] = o.HandOver
	}
	end := r.End(o)
	at["automatic end of the order"] = end
	if clock := o.Due[porting.DueClock]; clock.Before(end) {
		at["reminder"] = clock
	}
	if o.Status != porting.Accepted { // a date that has gone by, or was withdrawn
		delete(at, "completion")
	}
	var all []Coming
	for _, what := range slices.SortedFunc(maps.Keys(at), func(x, y string) int { return cmp.Or(at[x].Compare(at[y]), cmp.Compare(x, y)) }) {
		if !at[what].IsZero() {
			all = append(all, Coming{what, at[what]})
		}
	}
	return all
}

// Next returns the first of what happens to an order by itself; ok is false where nothing does.
func Next(r porting.Rules, o porting.Order) (event string, at time.Time, ok bool) {
	for _, c := range Comings(r, o) {
		return c.Event, c.At, true
	}
	return "", time.Time{}, false
}
