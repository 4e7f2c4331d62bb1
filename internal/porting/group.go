package porting

import (
	"slices"
	"time"
)

// Group is the orders that one create call made, and those that joined them since.
type Group struct {
	ID      GroupID
	Account AccountID
	Created time.Time
	Orders  []OrderID
}

// Summary is a group's status in one word (D-GRP).
type Summary string

// The four summaries, as documented.
const (
	RequiresAction Summary = "Requires Action"
	InProgress     Summary = "In Progress"
	AllCompleted   Summary = "Completed"
	AllCanceled    Summary = "Canceled"
)

// Summarize rolls the statuses of a group's orders up. The documented rules overlap, and Review is in none of them: our
// decision is this order of evaluation, Review as work in progress, and Canceled only when no order is completed.
func Summarize(statuses []Status) Summary {
	anyOf := func(some ...Status) bool {
		return slices.ContainsFunc(statuses, func(s Status) bool { return slices.Contains(some, s) })
	}
	switch {
	case anyOf(Pending, Rejected):
		return RequiresAction
	case anyOf(Processing, Submitted, Accepted, Review):
		return InProgress
	case anyOf(Completed):
		return AllCompleted
	}
	return AllCanceled
}

// Part is the lines of a call that go on one order.
type Part struct {
	Kind    Kind
	Country string
	Zone    string // of the first number
	Carrier Carrier
	// Wireless says that all numbers are a mobile network's. Where some are not, the longer terms hold.
	Wireless bool
	Flags    CarrierFlags
	Numbers  []string
	// Places are the places of the numbers among the lines.
	Places []int
}

// GroupLines sorts lines into orders: local and toll-free never mix, nor the US and Canada, nor two losing carriers
// (D-GRP, D-CRE), nor numbers that the registry's help desk has to hand over and others. A toll-free number has no
// country. The parts come in the order of their first numbers.
func GroupLines(lines []Line) []Part {
	var parts []Part
	for at, l := range lines {
		if l.Kind == TollFree {
			l.Country = ""
		}
		i := slices.IndexFunc(parts, func(p Part) bool {
			return p.Kind == l.Kind && p.Country == l.Country && p.Carrier.SPID == l.Carrier.SPID &&
				(p.Flags.Recovery == "") == (l.Flags.Recovery == "")
		})
		if i < 0 {
			parts = append(parts, Part{Kind: l.Kind, Country: l.Country, Zone: l.Zone, Carrier: l.Carrier, Wireless: l.Wireless, Flags: l.Flags})
			i = len(parts) - 1
		}
		parts[i].Wireless = parts[i].Wireless && l.Wireless
		parts[i].Flags = parts[i].Flags.with(l.Flags)
		parts[i].Numbers = append(parts[i].Numbers, l.TN)
		parts[i].Places = append(parts[i].Places, at)
	}
	return parts
}

// Home is where the part's numbers are at home.
func (p Part) Home() Home {
	h := Home{Country: p.Country}
	if p.Kind != TollFree {
		h.Zone = p.Zone
	}
	return h
}
