package porting

import "slices"

// OwnTerms are the terms of one carrier where they differ from those of the port's class. A zero field is the class's.
type OwnTerms struct {
	// Profile is the id of the carrier's profile; empty where the carrier has none.
	Profile string
	// SimpleLead is the interval of a simple port, or of one number of a class with an interval for that; Lead is any
	// other port's. Both are in business days.
	SimpleLead, Lead int
	// SimpleFOCHours and FOCHours are the same for the time until the carrier's answer.
	SimpleFOCHours, FOCHours int
	// Cutoff is the hour of the cut-off, in the IANA zone Zone.
	Cutoff int
	Zone   string
	// Holidays names the calendar of the carrier's business days.
	Holidays string
	// ProjectFrom is the number of numbers from which the carrier negotiates.
	ProjectFrom int
	// MaxAheadDays is the distance of the latest date that the carrier takes.
	MaxAheadDays int
	// LOADays and BillDays are the greatest ages of an LOA and of a bill.
	LOADays, BillDays int
	// ChangeDays is the number of business days before an agreed date until which the carrier takes a change.
	ChangeDays int
	// NoCSR says that the carrier gives no record of the account.
	NoCSR bool
}

// Losing is what an order tells of its losing carrier, for who looks up the carrier's own terms (Rules.OwnTerms).
type Losing struct {
	Carrier  Carrier
	Provider string // the name that the customer gave
	Wireless bool
	Number   string // one of the order's numbers, whose zone may count
}

// With returns the terms of a port from a carrier with terms of its own. The terms of toll-free numbers are the registry's
// whoever holds them, and the interval of a project is agreed on for each one. Days that a carrier takes to answer beyond
// those of its class, or fewer days, move the time in which its silence is normal. The stricter age of the LOA counts.
func (t Terms) With(own OwnTerms) Terms {
	if t.Class == TollFreePort {
		return t
	}
	lead, hours := own.Lead, own.FOCHours
	if t.Class == SimpleWireline {
		lead, hours = own.SimpleLead, own.SimpleFOCHours
	}
	if lead > 0 && !t.Negotiated {
		t.Lead = lead
	}
	if own.SimpleLead > 0 && t.OneLine > 0 {
		t.OneLine = own.SimpleLead
	}
	if hours > 0 && t.FOCHours > 0 {
		t.Quiet = max(1, t.Quiet+wholeDays(hours)-wholeDays(t.FOCHours))
		t.FOCHours = hours
	}
	if own.Cutoff > 0 {
		t.Cutoff = own.Cutoff
	}
	if own.Zone != "" {
		t.Zone = own.Zone
	}
	if own.Holidays != "" {
		t.Holidays = own.Holidays
		t.Assumed = slices.DeleteFunc(slices.Clone(t.Assumed), func(field string) bool { return field == "Holidays" })
	}
	if own.MaxAheadDays > 0 {
		t.MaxAhead = own.MaxAheadDays
	}
	if own.LOADays > 0 && (t.LOADays == 0 || own.LOADays < t.LOADays) {
		t.LOADays = own.LOADays
	}
	if own.BillDays > 0 {
		t.BillDays = own.BillDays
	}
	t.CSR = t.CSR && !own.NoCSR
	return t
}

// wholeDays is how many days the hours reach into.
func wholeDays(hours int) int { return (hours + 23) / 24 }

// ownTerms takes the carrier's own terms as they are now: while the order is the customer's, and when it is signed or
// resubmitted (our decision). In between the order keeps the terms by which dates were told. An order whose project limit
// has changed is classified anew.
func (c *change) ownTerms() {
	if c.OwnTerms == nil || c.o.Kind != Local {
		return
	}
	l := Losing{Carrier: c.o.Carrier, Provider: c.o.Details.Provider,
		Wireless: c.o.Class == Wireless || c.o.Class == CanadaWireless}
	if len(c.o.Numbers) > 0 {
		l.Number = c.o.Numbers[0].TN
	}
	before := c.o.Own.ProjectFrom
	c.o.Own = c.OwnTerms(l)
	if c.o.Class != "" && c.o.Own.ProjectFrom != before {
		c.o.Class, _ = Classify(c.o.facts())
	}
}

// projectFrom is the number of numbers from which the order's carrier negotiates.
func (o Order) projectFrom() int {
	if o.Own.ProjectFrom > 0 {
		return o.Own.ProjectFrom
	}
	return ProjectSize
}
