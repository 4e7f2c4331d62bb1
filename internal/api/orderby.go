package api

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// maxSorted is how many orders can be sorted in another way than by time. The index has them by time: any other way
// takes reading all that match, and this many are one read of the table.
const maxSorted = 1000

// summaryOf is the status of each group.
type summaryOf map[porting.GroupID]porting.Summary

// sortKey compares two orders by an attribute.
type sortKey struct {
	name    string
	compare func(a, b porting.Order, of summaryOf) int
}

// urgency is the order of group statuses.
var urgency = []porting.Summary{porting.RequiresAction, porting.InProgress, porting.AllCompleted, porting.AllCanceled}

// sortKeys are the documented names (D-SEA), and created_date, which is ours. Statuses sort by the course of an order's
// life. An order without a date sorts behind those that have one.
var sortKeys = []sortKey{
	{"status", func(a, b porting.Order, _ summaryOf) int { return cmp.Compare(a.Status.Rank(), b.Status.Rank()) }},
	{"group_status", func(a, b porting.Order, of summaryOf) int {
		return cmp.Compare(slices.Index(urgency, of[a.Group]), slices.Index(urgency, of[b.Group]))
	}},
	{"completion_date", func(a, b porting.Order, _ summaryOf) int {
		return cmp.Compare(cmp.Or(a.FOC, "later"), cmp.Or(b.FOC, "later"))
	}},
	{"numbers", func(a, b porting.Order, _ summaryOf) int { return cmp.Compare(firstNumber(a), firstNumber(b)) }},
	{"alias", func(a, b porting.Order, _ summaryOf) int {
		return cmp.Compare(strings.ToLower(a.Details.Alias), strings.ToLower(b.Details.Alias))
	}},
	{"modified_date", func(a, b porting.Order, _ summaryOf) int { return a.Updated.Compare(b.Updated) }},
	{"created_date", func(a, b porting.Order, _ summaryOf) int { return a.Created.Compare(b.Created) }},
}

func firstNumber(o porting.Order) string {
	if len(o.Numbers) == 0 {
		return ""
	}
	return o.Numbers[0].TN
}

// sorting is the value of order_by. Orders that are the same by all of it stay newest first.
type sorting []struct {
	sortKey
	down bool
}

func (by sorting) has(name string) bool {
	for _, s := range by {
		if s.name == name {
			return true
		}
	}
	return false
}

// readSorting takes the parameter repeated, or with commas between the names. A minus before a name sorts down.
func readSorting(values []string, fs *porting.Faults) sorting {
	var by sorting
	for name := range strings.SplitSeq(strings.Join(values, ","), ",") {
		plain, down := strings.CutPrefix(strings.ToLower(strings.TrimSpace(name)), "-") // Status in the documents
		i := slices.IndexFunc(sortKeys, func(k sortKey) bool { return k.name == plain })
		if i < 0 {
			var known []string
			for _, k := range sortKeys {
				known = append(known, k.name)
			}
			fs.Add("order_by", porting.BadFormat, "Give one or more of "+strings.Join(known, ", ")+", each with a minus before it to sort down.")
			return nil
		}
		if by.has(plain) {
			fs.Add("order_by", porting.Duplicate, "Give each name once only.")
			return nil
		}
		by = append(by, struct {
			sortKey
			down bool
		}{sortKeys[i], down})
	}
	return by
}

// sorted reads the orders that pass the filter, sorted as order_by says.
func (a *API) sorted(ctx context.Context, account porting.AccountID, f orders.Filter, by sorting) ([]porting.Order, error) {
	read := f
	if by.has("group_status") { // a group's status is that of all its orders, whatever is listed of them
		read = orders.Filter{Sandbox: f.Sandbox}
	}
	read.Limit, read.Offset = maxSorted+1, 0
	found, err := a.book.Store.List(ctx, account, read)
	if err != nil {
		return nil, err
	}
	if len(found) > maxSorted {
		var fs porting.Faults
		fs.Add("order_by", porting.TooMany, "At most "+itoa(maxSorted)+" orders can be sorted, and more of them match. Narrow them down, or leave order_by out.")
		return nil, fs.Err()
	}
	states, of := map[porting.GroupID][]porting.Status{}, summaryOf{}
	for _, o := range found {
		states[o.Group] = append(states[o.Group], o.Status)
		of[o.Group] = porting.Summarize(states[o.Group])
	}
	found = slices.DeleteFunc(found, func(o porting.Order) bool { return !f.Matches(o) })
	if f.Deep() {
		heads, err := a.book.Heads(ctx, found)
		if err != nil {
			return nil, err
		}
		fits := map[porting.OrderID]bool{}
		for _, h := range heads {
			fits[h.ID] = f.Fits(a.book.Rules, h.Order)
		}
		found = slices.DeleteFunc(found, func(o porting.Order) bool { return !fits[o.ID] })
	}
	slices.SortStableFunc(found, func(x, y porting.Order) int {
		for _, s := range by {
			if c := s.compare(x, y, of); c != 0 && s.down {
				return -c
			} else if c != 0 {
				return c
			}
		}
		return 0
	})
	found = found[min(f.Offset, len(found)):]
	return found[:min(f.Limit, len(found))], nil
}
