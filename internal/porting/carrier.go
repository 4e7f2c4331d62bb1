package porting

import "time"

// Class is a kind of losing carrier, which all have the same terms.
type Class string

// The classes. A toll-free number's carrier is its RespOrg, at the registry.
const (
	USLocal  Class = "us-local"
	Canadian Class = "canada"
	Registry Class = "toll-free"
)

// Terms are what the carriers of a class ask for, and how long they take.
type Terms struct {
	Class    Class
	Lead     int    // business days from the day on which a request counts as received to the earliest date of the port
	Cutoff   int    // the hour, local to the calendar, after which a request counts as received on the next business day
	Quiet    int    // business days in which they normally answer
	LOADays  int    // days that a letter of agency may be old; 0 is the house's (Rules.LOADays)
	Holidays string // the holiday set (Rules.Holidays)
	Source   string
}

// Carriers are the terms of each class. The first row serves whoever has none of its own.
var Carriers = []Terms{
	{USLocal, 4, 13, 5, 0, "npac", "47 CFR 52.35(a): 13:00 local; 4 business days for all but simple ports. Five days of silence: our decision"},
	{Canadian, 2, 13, 5, 0, "canada", "CRTC: 2 business days for a simple port; the US cut-off is assumed"},
	{Registry, 2, 24, 2, 30, "somos", "Somos: a letter of at most 30 days; the controlling RespOrg has 2 business days; a request of any hour counts that day"},
}

// projectQuiet is how many times longer the answer to a project may take (NANC best practice 67: about 15 business days).
const projectQuiet = 3

// CarrierOf are the terms of the order's carrier.
func CarrierOf(o Order) Terms {
	class := USLocal
	switch {
	case o.Kind == TollFree:
		class = Registry
	case o.Details.Country == "CA":
		class = Canadian
	}
	for _, t := range Carriers {
		if t.Class == class {
			return t
		}
	}
	return Carriers[0]
}

// received is the day on which a request of then counts as received, at that clock time.
func (t Terms) received(c Calendar, then time.Time) time.Time {
	if c.IsBusinessDay(then) && !then.After(c.At(then, t.Cutoff, 0)) {
		return then
	}
	return c.AddBusinessDays(then, 1)
}

// carrierDays is the carriers' calendar; the desk's where the house has none for them.
func (r Rules) carrierDays(t Terms) Calendar {
	if c, ok := r.Holidays[t.Holidays]; ok {
		return c
	}
	return r.Calendar
}
