package porting

import (
	"cmp"
	"slices"
	"time"
)

// Class is the trade's class of a port. It decides how soon a carrier has to let the numbers go, what the carrier may ask
// for, and on what grounds it may refuse. Classes are stored with orders.
type Class string

// The classes. Cable companies and VoIP providers with numbers of their own have the wireline classes: 47 CFR 52.34 and
// 52.36 bind them as they bind telephone companies.
const (
	SimpleWireline Class = "simple_wireline"
	Wireline       Class = "wireline"
	ProjectPort    Class = "project"
	Wireless       Class = "wireless"
	Resold         Class = "resold"
	TollFreePort   Class = "toll_free"
	CanadaWireline Class = "canada_wireline"
	CanadaWireless Class = "canada_wireless"
)

// Terms are the terms of one class: a row of [Classes].
type Terms struct {
	Class Class
	// Lead is the number of business days from the day on which a request counts as received to the earliest date of the
	// port. OneLine is the same for a single number where the class has a shorter interval for one; else it is 0.
	Lead, OneLine int
	// Negotiated says that the carrier and we agree on the interval, and Lead is what to expect.
	Negotiated bool
	// Cutoff is the hour after which a request counts as received on the next business day.
	Cutoff int
	// Regional says that the cut-off is in the zone of the NPAC region (RegionOf); else it is in the calendar's own.
	Regional bool
	// Zone is the IANA name of the cut-off's zone where the carrier publishes it; it takes the place of the region's.
	Zone string
	// Holidays names the calendar of the carriers' business days (Rules.Holidays).
	Holidays string
	// MaxAhead is the number of calendar days ahead of its submission that a request may ask for; 0 is the house's
	// (Rules.MaxAheadDays).
	MaxAhead int
	// Opens and Closes are the hours, in the cut-off's zone, between which the carriers of the class move numbers on the day.
	// Nobody promises an hour before the carrier has confirmed the date. Both are 0 where the numbers move at any hour.
	Opens, Closes int
	// Hour says that a request may name the hour at which the numbers move.
	Hour bool
	// FOCHours is the time in which the carrier gives a date or refuses: business hours where BusinessHours, else clock
	// hours. It is 0 where no rule sets one.
	FOCHours      int
	BusinessHours bool
	// Quiet is the number of business days in which the carriers of the class normally answer.
	Quiet int
	// CSR says that the carriers of the class give a record of the account.
	CSR bool
	// Needs are the details that the carrier may ask for, by their wire names, and Possible are those that it may ask for
	// where the account has one.
	Needs, Possible []string
	// LOA says when the carrier may see the LOA, and LOADays how old the LOA may be; 0 is the house's (Rules.LOADays).
	// BillDays is the same for a bill (Rules.BillDays).
	LOA      LOADemand
	LOADays  int
	BillDays int
	// Refuses are the grounds on which a carrier of the class may refuse what it was told of the customer and the account.
	Refuses []ReasonCode
	// Change says how an agreed date may change.
	Change ChangeRule
	Source string
	// Assumed names the fields for which no source was found.
	Assumed []string
}

// LOADemand says when a carrier may see the LOA.
type LOADemand string

// A carrier sees the LOA with every request, or when it asks for it.
const (
	LOAAlways   LOADemand = "always"
	LOAOnDemand LOADemand = "on_request"
)

// ChangeRule says how an agreed date may change.
type ChangeRule string

// A date changes by a supplement (LSR SUP 2), by agreement with the carrier's project desk, or not at all: then a new
// request takes the place of the old one.
const (
	ChangeBySupplement ChangeRule = "supplement"
	ChangeByAgreement  ChangeRule = "agreement"
	ChangeByRequest    ChangeRule = "new_request"
)

// What a carrier may compare. On a simple port it is the number, the account, the ZIP, and a passcode that the subscriber
// was given on request (47 CFR 52.36(a) lists 14 fields, no name and no street among them).
var (
	simpleGrounds   = []ReasonCode{AccountMismatch, AccountMissing, ZipMismatch, PINMissing, PINInvalid, TNNotFound}
	wirelineGrounds = append([]ReasonCode{NameMismatch, AddressMismatch, BTNMismatch, PendingOrder, PortFreeze}, simpleGrounds...)
	wirelessGrounds = append([]ReasonCode{PortFreeze}, simpleGrounds...)
	wirelineNeeds   = []string{"provider_account", "zip", "billing_name", "street", "city", "state", "billing_number"}
	wirelessNeeds   = []string{"provider_account", "pin", "zip"}
)

// Classes are the terms of each class. The sources are the rules where there are some, and else the port guides of
// carriers (infra/docs/sources.md). Quiet is our decision.
var Classes = []Terms{
	{
		Class: SimpleWireline, Lead: 1, Cutoff: 13, Regional: true, Holidays: "house", Opens: 8, Closes: 17, FOCHours: 4, BusinessHours: true,
		Quiet: 2, CSR: true, Needs: []string{"provider_account", "zip"}, Possible: []string{"pin"}, LOA: LOAOnDemand,
		Refuses: simpleGrounds, Change: ChangeBySupplement,
		Source: "47 CFR 52.35(a): 1 business day, received until 13:00; 52.36(a): 14 fields; 4 business hours: the port " +
			"guides of Cox, Lumen, Peerless and Allstream",
		Assumed: []string{"Quiet", "Holidays", "Opens", "Closes"},
	},
	{
		Class: Wireline, Lead: 4, Cutoff: 13, Regional: true, Holidays: "house", Opens: 8, Closes: 17, FOCHours: 24, Quiet: 5, CSR: true,
		Needs: wirelineNeeds, Possible: []string{"pin"}, LOA: LOAOnDemand, Refuses: wirelineGrounds,
		Change:  ChangeBySupplement,
		Source:  "47 CFR 52.35(a): 4 business days; 24 hours: NANC provisioning flows and carriers' port guides",
		Assumed: []string{"Quiet", "Holidays", "Opens", "Closes"},
	},
	{
		// Lead is our decision, since every project is negotiated.
		Class: ProjectPort, Lead: 15, Negotiated: true, Cutoff: 13, Regional: true, Holidays: "house", Opens: 8, Closes: 17,
		Quiet: 5 * projectQuiet, CSR: true, Needs: wirelineNeeds, Possible: []string{"pin"}, LOA: LOAOnDemand,
		Refuses: append([]ReasonCode{HighVolumeManual}, wirelineGrounds...), Change: ChangeByAgreement,
		Source:  "negotiated; NANC best practice 67 suggests about 15 business days, ComSpan has 10 for 51 to 100 numbers",
		Assumed: []string{"Lead", "Cutoff", "Quiet", "Holidays", "Opens", "Closes"},
	},
	{
		// Between two mobile carriers it would be 2.5 hours. We are none, so that a mobile number's way to us is an
		// intermodal port.
		Class: Wireless, Lead: 4, OneLine: 1, Cutoff: 13, Regional: true, Holidays: "house", Opens: 8, Closes: 17, Hour: true, Quiet: 5,
		Needs: wirelessNeeds, LOA: LOAOnDemand, Refuses: wirelessGrounds, Change: ChangeBySupplement,
		Source:  "47 CFR 52.35(a), (e)(3): intermodal ports have the wireline intervals; 52.37(b): a PIN before the release",
		Assumed: []string{"Quiet", "Holidays", "Opens", "Closes"},
	},
	{
		Class: Resold, Lead: 4, Cutoff: 13, Regional: true, Holidays: "house", Opens: 8, Closes: 17, FOCHours: 24, Quiet: 5, CSR: true,
		Needs: wirelineNeeds, Possible: []string{"pin"}, LOA: LOAOnDemand, Refuses: wirelineGrounds,
		Change:  ChangeBySupplement,
		Source:  "FCC, DOC-339018A1: a resold line is no simple port; NANC provisioning flows: the reseller's part comes first",
		Assumed: []string{"Lead", "Quiet", "Holidays", "Opens", "Closes"},
	},
	{
		Class: TollFreePort, Lead: 2, Cutoff: 24, Holidays: "somos", Quiet: 2, LOA: LOAAlways, LOADays: 30,
		Needs: []string{"billing_name", "company"}, Refuses: []ReasonCode{LOAExpired, LOASignatureInvalid, LOAIllegible, LOATNMissing},
		Change: ChangeByRequest,
		Source: "Somos: an LOA of at most 30 days; the controlling RespOrg has 2 business days; a request of any hour " +
			"counts that day; a change of date is a new request",
	},
	{
		// The cut-off is assumed to be the US one.
		Class: CanadaWireline, Lead: 2, Cutoff: 13, Holidays: "canada", Opens: 8, Closes: 17, Quiet: 5, CSR: true, LOA: LOAAlways,
		Needs: wirelineNeeds, Refuses: wirelineGrounds, Change: ChangeBySupplement,
		Source: "Telecom Decision CRTC 2005-72: 2 business days for a simple port, between telephone and mobile " +
			"companies too; Bandwidth's help: an LOA always",
		Assumed: []string{"Cutoff", "Quiet", "CSR", "Refuses", "Change", "Opens", "Closes"},
	},
	{
		Class: CanadaWireless, Lead: 2, Cutoff: 13, Holidays: "canada", Opens: 8, Closes: 17, Hour: true, Quiet: 5, LOA: LOAAlways,
		Needs: []string{"provider_account"}, Possible: []string{"pin"}, Refuses: wirelessGrounds,
		Change: ChangeBySupplement,
		Source: "Telecom Decision CRTC 2005-72 as for CanadaWireline; the holder answers the old carrier's message " +
			"within 90 minutes (Twilio's and Videotron's help)",
		Assumed: []string{"Cutoff", "Quiet", "Refuses", "Change", "Opens", "Closes"},
	},
}

// projectQuiet is how many times longer the answer to a project may take (NANC best practice 67: about 15 business days).
const projectQuiet = 3

// TermsOf returns the terms of a class. One that is not known has those of a wireline port that is not simple.
func TermsOf(class Class) Terms {
	for _, t := range Classes {
		if t.Class == class {
			return t
		}
	}
	return TermsOf(Wireline)
}

// Terms returns the terms of the order: those of its class, with its carrier's own. An order of before classes has the
// class of its kind and country.
func (o Order) Terms() Terms {
	class := o.Class
	if class == "" {
		class, _ = Classify(Facts{Kind: o.Kind, Country: o.country()})
	}
	return TermsOf(class).With(o.Own)
}

// Lasting is the number of business days from the day on which a request of so many numbers counts as received to the
// earliest date of the port.
func (t Terms) Lasting(numbers int) int {
	if t.OneLine > 0 && numbers == 1 {
		return t.OneLine
	}
	return t.Lead
}

// Facts are what is known of a port when its class is decided.
type Facts struct {
	Kind     Kind
	Country  string // US, CA or empty
	Wireless bool   // the losing carrier is a mobile network
	Resold   bool   // another company sells the carrier's numbers to the customer
	Numbers  int    // that take part
	// ProjectFrom is the number of numbers from which the carrier negotiates; 0 is the house's (ProjectSize).
	ProjectFrom int
	// Record has the numbers of the account by the carrier's record; nil where there is no record or it lists none.
	Record []string
	// Number is the number of a port of one number.
	Number string
	// BTN is the account's main number by the record, where it tells one.
	BTN string
	// OneLine is the customer's word that the account has one line.
	OneLine bool
	// NotSimple is the carrier's word that the port is not simple.
	NotSimple bool
}

// Basis says how sure a class is.
type Basis string

// A class is promised where kind, peer or record prove it. A simple port is only asked for where nothing but the customer's
// word stands for it: its date may then become that of a wireline port.
const (
	Promised Basis = "promised"
	Asked    Basis = "asked"
)

// Classify decides the class of a port. A port is simple where the carrier's record shows one number, which is the
// account's main number, and nobody resells it; the record of a peer tells no complex features, on which the carrier may
// still refuse (NotSimple). What is promised is our decision.
func Classify(f Facts) (Class, Basis) {
	projectFrom := f.ProjectFrom
	if projectFrom == 0 {
		projectFrom = ProjectSize
	}
	switch {
	case f.Kind == TollFree:
		return TollFreePort, Promised
	case f.Country == "CA" && f.Wireless:
		return CanadaWireless, Promised
	case f.Country == "CA":
		return CanadaWireline, Promised
	case f.Wireless:
		return Wireless, Promised
	case f.Numbers >= projectFrom:
		return ProjectPort, Promised
	case f.Resold:
		return Resold, Promised
	case f.Numbers != 1 || f.NotSimple:
		return Wireline, Promised
	case len(f.Record) == 1 && f.Record[0] == f.Number && (f.BTN == "" || f.BTN == f.Number):
		return SimpleWireline, Promised
	case f.OneLine && f.Record == nil:
		return SimpleWireline, Asked
	}
	return Wireline, Promised
}

// Basis says how sure the order's class is: a simple port is promised only while the carrier's record shows it.
func (o Order) Basis() Basis {
	f := o.facts()
	f.OneLine = false
	if class, _ := Classify(f); o.Class == SimpleWireline && class != SimpleWireline {
		return Asked
	}
	return Promised
}

// Wireless says that the losing carrier is a mobile network.
func (o Order) Wireless() bool { return o.Class == Wireless || o.Class == CanadaWireless }

// facts are what the order tells of its class. The record of an unproven order tells nothing, since the class, and the
// date that follows from it, would tell the customer how many lines the account has.
func (o Order) facts() Facts {
	active := o.Active()
	f := Facts{Kind: o.Kind, Country: o.country(), Numbers: len(active), ProjectFrom: o.Own.ProjectFrom,
		Wireless: o.Wireless(), Resold: o.Resold(), OneLine: o.Details.OneLine}
	if len(active) > 0 {
		f.Number = active[0]
	}
	if csr, ok := o.Record(); ok && o.Proof.Given() {
		f.Record, f.BTN = csr.Record.Numbers, csr.Record.BTN
	}
	return f
}

// classify decides the order's class anew from what is known now. It tells a change of class with its reason and the new
// earliest date: because is the message of that reason, for which two kinds of change have sentences of their own.
func (c *change) classify(f Facts, because MessageKey) []Message {
	was := c.o.Terms().Class
	c.o.Class, _ = Classify(f)
	switch {
	case c.o.Class == was:
		return nil
	case c.o.Class == SimpleWireline && because == MsgClassByRecord:
		because = MsgIsSimple
	}
	return []Message{Say(because, "earliest", string(c.Earliest(c.o, c.now)))}
}

// shrink makes a project that has lost numbers a port of the class of those that it still has, and tells that.
func (c *change) shrink() {
	if c.o.Class != ProjectPort || !c.o.Status.Live() {
		return
	}
	because := MsgClassByNumbers
	if slices.Contains([]MessageKey{MsgRepaired, MsgRepairedPart, MsgOtherPeer}, c.event.Message.Key) { // a list of what was done
		because = MsgDidReclass
	}
	if told := c.classify(c.o.facts(), because); len(told) > 0 {
		c.event.Message.List = append(slices.Clone(c.event.Message.List), told...)
		c.event.Comment = true
	}
}

// notSimple are the refusals that only a port that is not simple gets: the interval is too short, or the line has more to it
// (our decision).
var notSimple = [...]ReasonCode{DueDateTooSoon, SpecialFeature, BroadbandOnLine, MultiLineRule}

// refusedAsSimple says that the carrier does not take the port for a simple one.
func (o Order) refusedAsSimple(reasons []Reason) bool {
	return o.Class == SimpleWireline &&
		slices.ContainsFunc(reasons, func(r Reason) bool { return slices.Contains(notSimple[:], r.Code) })
}

// received is the day on which a request of then counts as received, at that clock time.
func (t Terms) received(c Calendar, then time.Time) time.Time {
	if c.IsBusinessDay(then) && !then.After(c.At(then, t.Cutoff, 0)) {
		return then
	}
	return c.AddBusinessDays(then, 1)
}

// EarliestOf is the first date that a carrier of those terms has to accept for so many numbers in a state: the interval
// from the day on which a request of now counts as received.
func (r Rules) EarliestOf(t Terms, state string, numbers int, now time.Time) Date {
	c := r.CarrierDays(t, state)
	return DateOf(c.AddBusinessDays(t.received(c, now), t.Lasting(numbers)).In(c.Location()))
}

// CarrierDays returns the carriers' calendar for a customer in a state: that of the zone that the carrier publishes, or
// the NPAC region's where the class counts by it, else the class's own; the desk's where the house has none for them.
func (r Rules) CarrierDays(t Terms, state string) Calendar {
	zone := ""
	if t.Regional {
		zone = RegionOf(state).Zone()
	}
	for _, zone := range []string{t.Zone, zone} {
		if c, ok := r.Holidays[t.Holidays+" "+zone]; ok && zone != "" {
			return c
		}
	}
	if c, ok := r.Holidays[t.Holidays]; ok {
		return c
	}
	if r.MoreHolidays != nil {
		if c, ok := r.MoreHolidays(t.Holidays, cmp.Or(t.Zone, zone, r.Calendar.Location().String())); ok {
			return c
		}
	}
	return r.Calendar
}

// carrierDays returns the calendar of the order's carrier, by the service address's state (our decision).
func (r Rules) carrierDays(o Order) Calendar { return r.CarrierDays(o.Terms(), o.Details.State) }
