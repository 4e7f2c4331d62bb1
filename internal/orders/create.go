package orders

import (
	"context"
	"slices"
	"strconv"
	"time"

	"portway/internal/porting"
)

// Draft is a create call.
type Draft struct {
	By      porting.By
	Account porting.AccountID
	Sandbox bool
	Tariff  porting.Tariff // the account's
	Quiet   porting.QuietDays
	Details porting.Details
	Presets porting.Presets
	// Documents are pulled for each of the orders.
	Documents []porting.Document
	// Lines are the numbers in the caller's order, each with what decides which order it goes on.
	Lines []porting.Line
	// Faults are the ones that the caller has found. They are told with the others.
	Faults porting.Faults
	// Group is the id that the group gets unless it is taken. Where it is empty, one is made.
	Group porting.GroupID
}

// NewGroup makes the id of a new group.
func (b *Book) NewGroup() porting.GroupID { return porting.GroupID(b.id(0)) }

// MaxOrders is the number of orders that one create call may make, so that they fit into one transaction with their
// holds.
const MaxOrders = 30

// Create makes the orders of one call, all of them or none: one for each kind of number, country and losing carrier
// ([porting.GroupLines]). It tells every fault of the call at once.
func (b *Book) Create(ctx context.Context, d Draft) (porting.Group, []porting.Order, error) {
	p, err := Retry(func(n int) (Opening, error) {
		if n > 1 {
			d.Group = "" // an id was taken, so others are made
		}
		p, err := b.PlanGroup(d)
		if err != nil {
			return Opening{}, err
		}
		return p, b.Open(ctx, p, nil)
	})
	if err != nil {
		return porting.Group{}, nil, err
	}
	return p.Group, p.Orders(), nil
}

// Check finds every fault of the call, on whatever order a number would go. It makes nothing.
func (b *Book) Check(d Draft) error {
	whole := porting.Create{By: d.By, Details: d.Details, Presets: d.Presets, Documents: d.Documents}
	for _, l := range d.Lines {
		whole.Numbers = append(whole.Numbers, l.TN)
		if l.Kind == porting.TollFree {
			whole.Kind = porting.TollFree // it has the stricter rules
		}
	}
	faults := d.Faults
	faults = append(slices.Clip(faults), b.dayFaults(d, &whole)...)
	_, _, err := b.Rules.Apply(porting.Order{}, whole, b.Time())
	if err := faults.Merge(err); err != nil {
		return err
	}
	if n := len(porting.GroupLines(d.Lines)); n > MaxOrders {
		faults.Add("numbers", porting.TooMany,
			"The numbers are with "+strconv.Itoa(n)+" carriers. Send numbers of at most "+strconv.Itoa(MaxOrders)+
				" carriers in one call.")
	}
	return faults.Err()
}

// dayFaults judges the requested day and its hour by all orders of the call together, so that the days that it proposes are common to
// them. It takes both off the whole, which is of no order's carrier.
func (b *Book) dayFaults(d Draft, whole *porting.Create) porting.Faults {
	details := d.Details.Tidy()
	if _, err := porting.ParseDate(string(details.Desired)); err != nil && details.DesiredTime == "" || len(d.Lines) == 0 {
		return nil
	}
	var all []porting.Order
	for _, part := range porting.GroupLines(d.Lines) {
		all = append(all, b.Rules.Planned(creation(d, part)))
	}
	faults := b.Rules.HourFaults(details, b.Time(), all...)
	if details.DesiredTime.Valid() {
		whole.Details.DesiredTime = ""
	}
	if _, err := porting.ParseDate(string(details.Desired)); err != nil {
		return faults
	}
	whole.Details.Desired = ""
	return append(b.Rules.DayFaults(details.Desired, b.Time(), all...), faults...)
}

// creation is the command that makes the order of a part of the draft's lines. It has no ids.
func creation(d Draft, part porting.Part) porting.Create {
	return porting.Create{By: d.By, Account: d.Account, Sandbox: d.Sandbox, Tariff: d.Tariff, Quiet: d.Quiet, Kind: part.Kind, Carrier: part.Carrier,
		Home: part.Home(), Wireless: part.Wireless, Flags: part.Flags, Details: d.Details, Presets: d.Presets,
		Documents: d.Documents, Numbers: part.Numbers}
}

// make makes the orders of a call, with new ids.
func (b *Book) make(d Draft) (porting.Group, []Change, error) {
	now := b.Time()
	g := porting.Group{ID: d.Group, Account: d.Account, Created: now}
	if g.ID == "" {
		g.ID = b.NewGroup()
	}
	var made []Change
	for i, part := range porting.GroupLines(d.Lines) {
		cmd := creation(d, part)
		cmd.ID, cmd.Group = porting.OrderID(b.id(i+1)), g.ID
		o, events, err := b.Rules.Apply(porting.Order{}, cmd, now)
		if err != nil {
			return g, nil, err
		}
		g.Orders = append(g.Orders, o.ID)
		made = append(made, Change{After: o, Events: events})
	}
	return g, made, nil
}

// id makes a new id from 41 bits of milliseconds since 2025 and 12 random bits. So ids are ordered by time, made
// without a counter, and below 2^53, so that any JSON client reads them as numbers. The store refuses an id that is
// taken. The n-th id of one call is n milliseconds later.
func (b *Book) id(n int) string {
	since := b.Now().Sub(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds() + int64(n)
	return strconv.FormatInt(since<<12|int64(b.Random()&0xfff), 10)
}
