package orders

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"portway/internal/porting"
)

// Joining is what becomes of numbers that join a group, order by order.
type Joining struct {
	Group porting.Group
	// First is the head of the group's first order, from which new ones have their details.
	First porting.Order
	// Orders are those that took numbers, as they are now; Opened says which of them are new.
	Orders []porting.Order
	Opened map[porting.OrderID]bool
	// Others are the heads of the group's other orders.
	Others []porting.Order
}

// Join adds numbers to a group of the account (D-GNU): each goes to a pending order of its own kind, country and losing
// carrier, or on a new order in the group, all in one transaction. fits says whether a line may go on an order that is of its
// kind and carrier. A new order has the details and presets of the group's first one, save a date that has passed, and the
// secrets of the draft: a sealed secret can be opened under its own order's name alone, and nobody here may open it.
func (b *Book) Join(ctx context.Context, d Draft, fits func(porting.Order, porting.Line) bool, receipt func(Joining) *Receipt) error {
	for n := 1; ; n++ {
		j, made, err := b.join(ctx, d, fits)
		if err != nil {
			return err
		}
		made[0].Receipt = receipt(j)
		err = b.Store.Extend(ctx, j.Group, made, b.redeliver())
		if porting.Is(err, porting.Stale) && n < tries {
			continue
		}
		return err
	}
}

// PreviewJoin is what Join would make, new orders without ids, or the error with which it would refuse.
func (b *Book) PreviewJoin(ctx context.Context, d Draft, fits func(porting.Order, porting.Line) bool) (Joining, error) {
	j, _, err := b.join(ctx, d, fits)
	if err != nil {
		return j, err
	}
	for i, o := range j.Orders {
		if j.Opened[o.ID] {
			delete(j.Opened, o.ID)
			j.Orders[i].ID = ""
			j.Opened[""] = true
		}
	}
	var numbers []string
	for _, l := range d.Lines {
		numbers = append(numbers, j.First.Owner().Hold(l.TN))
	}
	return j, b.Store.Held(ctx, numbers)
}

func (b *Book) join(ctx context.Context, d Draft, fits func(porting.Order, porting.Line) bool) (Joining, []Change, error) {
	j := Joining{Opened: map[porting.OrderID]bool{}}
	g, heads, err := b.Store.Group(ctx, d.Group)
	if err == nil && (g.Account != d.Account || len(heads) == 0) {
		err = ErrNoGroup
	}
	if err != nil {
		return j, nil, err
	}
	pending := map[porting.OrderID]porting.Order{}
	faults := slices.Clone(d.Faults)
	adds := map[porting.OrderID][]int{} // places of the lines that an order takes
	var rest []int
	for i, l := range d.Lines {
		at := slices.IndexFunc(heads, func(head porting.Order) bool {
			if head.Status != porting.Pending || head.Kind != l.Kind || head.Carrier.SPID != l.Carrier.SPID {
				return false
			}
			o, read := pending[head.ID]
			if !read {
				if o, err = b.Store.Load(ctx, head.ID); err != nil {
					return false
				}
				pending[head.ID] = o
			}
			return o.Status == porting.Pending && fits(o, l)
		})
		if err != nil {
			return j, nil, err
		}
		if at < 0 {
			rest = append(rest, i)
			continue
		}
		adds[heads[at].ID] = append(adds[heads[at].ID], i)
	}
	var made []Change
	refused := func(err error, places []int) error {
		return faults.Merge(porting.WithFields(err, func(field string) string { return placed(field, places) }))
	}
	for _, head := range heads {
		places, takes := adds[head.ID]
		if !takes {
			j.Others = append(j.Others, head)
			continue
		}
		before := pending[head.ID]
		after, events, err := b.Rules.Apply(before, porting.ChangeNumbers{By: d.By, Add: numbersAt(d.Lines, places)}, b.Time())
		if err := refused(err, places); err != nil {
			return j, nil, err
		}
		made = append(made, Change{Before: before, After: after, Events: events})
	}
	first := heads[0]
	j.First = first
	details := first.Details.WithSecretsOf(d.Details)
	if details.Desired <= porting.DateOf(b.Time().In(b.Rules.Calendar.Location())) {
		details.Desired = ""
	}
	var left []porting.Line
	for _, i := range rest {
		left = append(left, d.Lines[i])
	}
	for n, part := range porting.GroupLines(left) {
		var places []int
		for _, i := range rest {
			if slices.Contains(part.Numbers, d.Lines[i].TN) {
				places = append(places, i)
			}
		}
		presets := first.Presets
		if part.Kind == porting.TollFree {
			presets.CNAM = "" // it is for local numbers
		}
		cmd := porting.Create{By: d.By, ID: porting.OrderID(b.id(n)), Group: g.ID, Account: d.Account, Sandbox: first.Sandbox, Kind: part.Kind, Carrier: part.Carrier,
			Details: details, Presets: presets, Numbers: part.Numbers}
		after, events, err := b.Rules.Apply(porting.Order{}, cmd, b.Time())
		if err := refused(err, places); err != nil {
			return j, nil, err
		}
		if g.Orders = append(g.Orders, after.ID); len(g.Orders) > MaxGroup && !slices.ContainsFunc(faults, isGroupFault) {
			faults = append(faults, groupFault)
		}
		j.Opened[after.ID] = true
		made = append(made, Change{After: after, Events: events})
	}
	if err := faults.Err(); err != nil {
		return j, nil, err
	}
	for _, c := range made {
		j.Orders = append(j.Orders, c.After)
	}
	j.Group = g
	return j, made, nil
}

// MaxGroup is how many orders a group may have when a new one joins it, so that its answers stay small; orders that are split
// off come on top: our decision.
const MaxGroup = 200

var groupFault = porting.Fault{Field: "numbers", Code: porting.TooMany,
	Message: "A group has at most " + strconv.Itoa(MaxGroup) + " orders; make a new group for these numbers."}

func isGroupFault(f porting.Fault) bool { return f == groupFault }

// placed is the field of a fault found in a part of the call's numbers, as it stands in the call.
func placed(field string, places []int) string {
	list, at, ok := strings.Cut(field, "/")
	n, err := strconv.Atoi(at)
	if !ok || err != nil || list != "numbers" && list != "add" || n >= len(places) {
		return field
	}
	return "numbers/" + strconv.Itoa(places[n])
}

func numbersAt(lines []porting.Line, places []int) []string {
	var all []string
	for _, i := range places {
		all = append(all, lines[i].TN)
	}
	return all
}

// ErrNoGroup is the answer for a group that does not exist, or is another account's.
var ErrNoGroup = porting.Errorf(porting.NotFound, "No such port order group")
