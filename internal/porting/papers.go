package porting

import (
	"maps"
	"slices"
	"time"
)

// A carrier takes papers up to an age only, and while an order is open it may have to be sent again. So a fresh paper is asked for
// before the one that is there runs out, once for each.

// paperRow is a paper that runs out.
type paperRow struct {
	paper string                // its name, as in ReasonInfo.Papers
	dated func(Order) time.Time // zero where the order has none
	days  func(Rules, Order) int
	rule  string
}

var aging = []paperRow{
	{SignedLOA, Order.loaDated, Rules.loaDays,
		"30 days at Somos and Neustar, 15 at some Canadian carriers, 60 by 47 CFR 64.1130(j); a carrier may have its own"},
	{Bill, newestBill, Rules.billDays, "30 days (S-DOC), 90 where a toll-free number is recovered by hand"},
}

// newestBill is when the newest accepted bill was issued; zero where nobody said it of any. A bill tells no hour: the end of its day
// counts, by the clock of Greenwich, which is the afternoon of that day at the desk, so that its last day is the same one (Stale).
func newestBill(o Order) time.Time {
	var newest time.Time
	for _, d := range o.Documents {
		if day := d.Dated.In(time.UTC); d.Kind == BillDocument && d.State == DocumentComplete && day.After(newest) {
			newest = day
		}
	}
	if newest.IsZero() {
		return newest
	}
	return newest.Add(24*time.Hour - time.Second)
}

// watched are the statuses in which papers are watched: those of an order that may have to be sent (again).
var watched = in(Submitted, Review, Accepted, Rejected)

// Aging is a paper that is to be asked for anew.
type Aging struct {
	Paper string
	Dated time.Time
	Ask   time.Time // when the customer is asked for a fresh one
	Ends  time.Time // after that instant carriers do not take this one
}

// Papers are the papers of the order that will have to be asked for anew, the soonest first. Of an accepted order only those are
// that run out before the agreed date.
func (r Rules) Papers(o Order) []Aging {
	if !watched.has(o.Status) {
		return nil
	}
	var all []Aging
	for _, row := range aging {
		a := Aging{Paper: row.paper, Dated: row.dated(o)}
		if a.Dated.IsZero() || o.Renewals[row.paper].Equal(a.Dated) {
			continue
		}
		days := row.days(r, o)
		a.Ends = r.Paced(o, a.Dated, a.Dated.AddDate(0, 0, days))
		a.Ask = r.Paced(o, a.Dated, a.Dated.AddDate(0, 0, days-r.RenewDays))
		if o.Status == Accepted && !o.FOCAt.After(a.Ends) {
			continue
		}
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b Aging) int { return a.Ask.Compare(b.Ask) })
	return all
}

// papers is when a paper is next to be asked for.
func (r Rules) papers(o Order) time.Time {
	if all := r.Papers(o); len(all) > 0 {
		return all[0].Ask
	}
	return time.Time{}
}

func askRenewal(c *change, _ AskRenewal) error {
	all := c.Papers(c.o)
	if len(all) == 0 || all[0].Ask.After(c.now) {
		return Errorf(TooEarly, "No paper is to be asked for anew.")
	}
	a := all[0]
	c.o.Renewals = maps.Clone(c.o.Renewals)
	if c.o.Renewals == nil {
		c.o.Renewals = map[string]time.Time{}
	}
	c.o.Renewals[a.Paper] = a.Dated
	c.event.Paper, c.event.Ends = a.Paper, a.Ends
	until := DateOf(a.Ends.In(c.Calendar.Location()))
	if a.Ends.After(c.now) {
		c.say(Say(MsgPaperUntil, "paper", a.Paper, "until", string(until)))
	} else {
		c.say(Say(MsgPaperSince, "paper", a.Paper, "since", string(until)))
	}
	return nil
}

// Wanted says that a fresh one of the paper was asked for and has not come yet.
func (o Order) Wanted(paper string) bool {
	i := slices.IndexFunc(aging, func(row paperRow) bool { return row.paper == paper })
	if i < 0 {
		return false
	}
	dated := aging[i].dated(o)
	return !dated.IsZero() && o.Renewals[paper].Equal(dated)
}

// mustBeWanted refuses a paper on the way that nobody asked for: what may be changed when is documented (D-DOC, D-LOA).
func (c *change) mustBeWanted(paper string) error {
	if c.o.Wanted(paper) || paper != SignedLOA && (c.o.Disputed() || c.o.Authority.Open()) {
		return nil
	}
	return Errorf(WrongStatus, "The order is %s; a %s is taken now only when a fresh one was asked for.", c.o.Status, paper)
}

// renewBill takes a fresh bill, or a fresh LOA of a reseller's end user, for an order that goes on as it is.
func renewBill(c *change, cmd AddDocument) error {
	paper := Bill
	switch cmd.Document.Kind {
	case BillDocument:
	case LOADocument: // the end user's, on which a reseller's signature rests
		paper = SignedLOA
	default:
		paper = "document"
	}
	if err := c.mustBeWanted(paper); err != nil {
		return err
	}
	return addDocument(c, cmd)
}

// renew takes a fresh letter for an order that goes on as it is: what is sent to the carrier from now on has it.
func renew(c *change, cmd Sign) error {
	if err := c.mustBeWanted(SignedLOA); err != nil {
		return err
	}
	before := c.o.loaDated()
	if err := c.signature(cmd, nil); err != nil {
		return err
	}
	if c.o.Signature.Capacity == Reseller && !c.o.loaDated().After(before) {
		var faults Faults
		faults.Add("signature_capacity", Required, "The end user's LOA is still the one that becomes too old. Add a newer "+
			"one to the order as a document of the kind loa, and sign when that document's state is complete.")
		return faults.Err()
	}
	c.say(Say(MsgLOARenewed))
	return nil
}
