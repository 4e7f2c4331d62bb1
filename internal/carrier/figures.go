package carrier

import (
	"cmp"
	"context"
	"slices"

	"portway/internal/porting"
)

// Figures are what the orders of all customers have shown of one carrier in the last quarters. Business days are the
// carrier's. No customer can be told from them.
type Figures struct {
	// Orders is the number of orders that the carrier has answered, and Accounts a number of accounts that had these orders
	// at least; there may be more.
	Orders, Accounts int
	// CSR is the time from asking for the record to the record, FOC from the request to the carrier's agreement, and Port
	// from the first request to the completed port, where no later
	// day was wished. What took porting.MaxTook days or more counts as so many.
	CSR, FOC, Port Days
	// Refusals are the reasons of refusals, the most frequent first. An order counts once for each reason.
	Refusals []Refusal
}

// Days are business days: half of the orders took at most Median, nine in ten at most Ninety. Of no orders nothing is known.
type Days struct{ Orders, Median, Ninety int }

// Refusal is a reason for which the carrier has refused.
type Refusal struct {
	Code   porting.ReasonCode
	Orders int
	// Share is the part of the carrier's answered orders, from 0 to 1.
	Share float64
}

// From ShownOrders orders of ShownAccounts accounts on, a carrier's figures are shown to customers (our decision).
const (
	ShownOrders   = 20
	ShownAccounts = 3
)

// Shown says that the figures may be shown to customers.
func (f Figures) Shown() bool { return f.Orders >= ShownOrders && f.Accounts >= ShownAccounts }

// Share is the part of the carrier's orders that it refused for the reason; 0 where none was.
func (f Figures) Share(code porting.ReasonCode) float64 {
	for _, r := range f.Refusals {
		if r.Code == code {
			return r.Share
		}
	}
	return 0
}

// FiguresReader tells what orders have shown of carriers. The Registry is one.
type FiguresReader interface {
	// Figures returns the figures of a carrier: of a profile, or where p is empty, of the SPID alone. ok is false where
	// they may not be shown to customers.
	Figures(ctx context.Context, p Profile, spid string) (f Figures, ok bool, err error)
}

// FiguresOf makes figures of a carrier's counters.
func FiguresOf(l porting.Learned) Figures {
	f := Figures{Orders: l.Orders, CSR: daysOf(l.CSR), FOC: daysOf(l.FOC), Port: daysOf(l.Port)}
	for _, seen := range l.Slots {
		if seen {
			f.Accounts++
		}
	}
	for code, n := range l.Refused {
		if n > 0 && l.Orders > 0 {
			f.Refusals = append(f.Refusals, Refusal{Code: code, Orders: n, Share: min(1, float64(n)/float64(l.Orders))})
		}
	}
	slices.SortFunc(f.Refusals, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Code, b.Code))
	})
	return f
}

// daysOf reads the median and the 90th percentile off a count by days.
func daysOf(counts [porting.MaxTook + 1]int) Days {
	var d Days
	for _, n := range counts {
		d.Orders += n
	}
	within := func(tenths int) int {
		sum := 0
		for days, n := range counts {
			if sum += n; 10*sum >= tenths*d.Orders {
				return days
			}
		}
		return porting.MaxTook
	}
	if d.Orders > 0 {
		d.Median, d.Ninety = within(5), within(9)
	}
	return d
}
