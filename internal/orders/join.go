package orders

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"portway/internal/porting"
)

// Joining tells what becomes of numbers that join a group, order by order. It is not written yet.
type Joining struct {
	Group porting.Group
	// First is the head of the group's first order, from which new ones have their details.
	First porting.Order
	// Orders took the numbers, and are as they are now; Opened says which of them are new.
	Orders []porting.Order
	Opened map[porting.OrderID]bool
	// Others are the heads of the group's other orders.
	Others []porting.Order

	made []Change
}

// Takes returns the holds that the orders take.
func (j Joining) Takes() []string { return takes(j.made...) }

// WithoutIDs returns the plan as a dry run shows it: its new orders have no ids.
func (j Joining) WithoutIDs() Joining {
	orders, opened := slices.Clone(j.Orders), map[porting.OrderID]bool{}
	for i, o := range orders {
		if j.Opened[o.ID] {
			orders[i].ID, opened[""] = "", true
		}
	}
	j.Orders, j.Opened = orders, opened
	return j
}

// MaxGroup is how many orders a group may have when a new one joins it, so that its answers stay small. Orders that are
// split off come on top: our decision.
const MaxGroup = 200

// ErrNoGroup is the answer for a group that does not exist, or is another account's.
var ErrNoGroup = porting.Errorf(porting.NotFound, "No such port order group")

// Fits says whether a line may go on an order of its kind and carrier.
type Fits func(porting.Order, porting.Line) bool

// Extend writes the changes of PlanJoin in one transaction, and with them the receipt where there is one.
func (b *Book) Extend(ctx context.Context, j Joining, r *Receipt) error {
	made := slices.Clone(j.made)
	made[0].Receipt = r
	if err := b.draft(ctx, made...); err != nil {
		return err
	}
	return b.Store.Extend(ctx, j.Group, made, b.redeliver())
}

// PlanJoin adds numbers to a group of the account (D-GNU), or tells every fault of the call. Each number goes to a
// pending order of its own kind and losing carrier that it fits, or on a new order in the group. A new order has the
// details and presets of the group's first one and the secrets of the draft: a sealed secret can be opened under its own
// order's name alone, and nobody here may open it.
func (b *Book) PlanJoin(ctx context.Context, d Draft, fits Fits) (Joining, error) {
	g, heads, err := b.groupOf(ctx, d)
	if err != nil {
		return Joining{}, err
	}
	pending, err := b.takers(ctx, heads, d.Lines)
	if err != nil {
		return Joining{}, err
	}
	placed := assign(d.Lines, pending, fits)
	call := assembly{book: b, draft: d, faults: slices.Clone(d.Faults)}
	if err := call.extend(pending, placed.on); err != nil {
		return Joining{}, err
	}
	opened, err := call.open(heads[0], placed.rest)
	if err != nil {
		return Joining{}, err
	}
	g.Orders = append(g.Orders, opened...)
	if len(opened) > 0 && len(g.Orders) > MaxGroup {
		call.faults.Add("numbers", porting.TooMany,
			"A group has at most "+strconv.Itoa(MaxGroup)+" orders; make a new group for these numbers.")
	}
	if err := call.faults.Err(); err != nil {
		return Joining{}, err
	}
	j := Joining{Group: g, First: heads[0], Opened: map[porting.OrderID]bool{}, made: call.made}
	for _, id := range opened {
		j.Opened[id] = true
	}
	for _, c := range call.made {
		j.Orders = append(j.Orders, c.After)
	}
	for _, head := range heads {
		if len(placed.on[head.ID]) == 0 {
			j.Others = append(j.Others, head)
		}
	}
	return j, nil
}

// groupOf reads the draft's group and the heads of its orders, of which there is one at least.
func (b *Book) groupOf(ctx context.Context, d Draft) (porting.Group, []porting.Order, error) {
	g, heads, err := b.Store.Group(ctx, d.Group)
	if err == nil && (g.Account != d.Account || len(heads) == 0) {
		err = ErrNoGroup
	}
	return g, heads, err
}

// takers reads those of the orders that may take one of the lines, in their order.
func (b *Book) takers(ctx context.Context, heads []porting.Order, lines []porting.Line) ([]porting.Order, error) {
	var all []porting.Order
	for _, head := range heads {
		if !slices.ContainsFunc(lines, func(l porting.Line) bool { return mayTake(head, l) }) {
			continue
		}
		o, err := b.Store.Load(ctx, head.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// mayTake says that the order's numbers can still be changed, and are of the line's kind and losing carrier.
func mayTake(o porting.Order, l porting.Line) bool {
	return o.Status == porting.Pending && o.Kind == l.Kind && o.Carrier.SPID == l.Carrier.SPID
}

// assigned says on which order each line of a call goes, by the lines' places.
type assigned struct {
	on   map[porting.OrderID][]int
	rest []int // these go on new orders
}

// assign puts each line on the first order that may take it and that it fits.
func assign(lines []porting.Line, pending []porting.Order, fits Fits) assigned {
	a := assigned{on: map[porting.OrderID][]int{}}
	for place, l := range lines {
		i := slices.IndexFunc(pending, func(o porting.Order) bool { return mayTake(o, l) && fits(o, l) })
		if i < 0 {
			a.rest = append(a.rest, place)
			continue
		}
		id := pending[i].ID
		a.on[id] = append(a.on[id], place)
	}
	return a
}

// opening is the command that opens an order for a part of the draft's lines, beside the group's first order. A desired
// date on which its numbers can't move is left out, since the call names no date. CNAM is a preset of local numbers alone.
func (b *Book) opening(d Draft, first porting.Order, part porting.Part) porting.Create {
	details, presets := first.Details.WithSecretsOf(d.Details), first.Presets
	if part.Kind == porting.TollFree {
		presets.CNAM = ""
	}
	cmd := porting.Create{By: d.By, Group: d.Group, Account: d.Account, Sandbox: first.Sandbox, Tariff: first.Tariff, Quiet: first.QuietDays, Kind: part.Kind,
		Carrier: part.Carrier, Home: part.Home(), Wireless: part.Wireless, Flags: part.Flags,
		Details: details, Presets: presets, Numbers: part.Numbers}
	if len(b.Rules.DayFaults(details.Desired, b.Time(), b.Rules.Planned(cmd))) > 0 {
		cmd.Details.Desired, cmd.Details.DesiredTime = "", ""
	}
	return cmd
}

// assembly gathers the changes that one call makes, and the faults of all of them.
type assembly struct {
	book   *Book
	draft  Draft
	made   []Change
	faults porting.Faults
}

// extend adds the lines to orders, by the orders' ids.
func (a *assembly) extend(pending []porting.Order, on map[porting.OrderID][]int) error {
	for _, o := range pending {
		places := on[o.ID]
		if len(places) == 0 {
			continue
		}
		lines := pick(a.draft.Lines, places)
		cmd := porting.ChangeNumbers{By: a.draft.By, Add: numbersOf(lines), Flags: porting.FlagsOf(lines)}
		if err := a.apply(o, cmd, places); err != nil {
			return err
		}
	}
	return nil
}

// open makes orders of the lines at the places, and returns their ids.
func (a *assembly) open(first porting.Order, places []int) ([]porting.OrderID, error) {
	var opened []porting.OrderID
	for n, part := range porting.GroupLines(pick(a.draft.Lines, places)) {
		cmd := a.book.opening(a.draft, first, part)
		cmd.ID = porting.OrderID(a.book.id(n))
		if err := a.apply(porting.Order{}, cmd, pick(places, part.Places)); err != nil {
			return nil, err
		}
		opened = append(opened, cmd.ID)
	}
	return opened, nil
}

// apply makes the change of cmd, whose numbers are those of the call at places. An error that is no fault of the call's
// fields ends the call.
func (a *assembly) apply(o porting.Order, cmd porting.Command, places []int) error {
	after, events, err := a.book.Rules.Apply(o, cmd, a.book.Time())
	a.made = append(a.made, Change{Before: o, After: after, Events: events})
	return a.faults.Merge(porting.WithFields(err, func(field string) string { return inCall(field, places) }))
}

// inCall names the field of a fault, which tells a number by its place in a part of the call, as it stands in the whole
// call.
func inCall(field string, places []int) string {
	list, at, ok := strings.Cut(field, "/")
	n, err := strconv.Atoi(at)
	if !ok || err != nil || list != "numbers" && list != "add" || n >= len(places) {
		return field
	}
	return "numbers/" + strconv.Itoa(places[n])
}

// pick returns the items at the places.
func pick[T any](all []T, places []int) []T {
	picked := make([]T, 0, len(places))
	for _, at := range places {
		picked = append(picked, all[at])
	}
	return picked
}

func numbersOf(lines []porting.Line) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.TN)
	}
	return all
}
