package desk

import (
	"strings"

	"portway/internal/porting"
	"portway/internal/text"
)

// disputes shows both sides of each dispute of the order beside each other: what each has signed and can show, and what
// the rules propose. Secrets are on neither side.
func (s *screen) disputes(o porting.Order) markup {
	var all []markup
	for place, d := range o.Disputes {
		all = append(all, s.dispute(o, place, d))
	}
	if len(all) == 0 {
		return ""
	}
	return section("Disputes", all...)
}

func (s *screen) dispute(o porting.Order, place int, d porting.Dispute) markup {
	title := "Dispute " + porting.DisputeID(place) + " about " + strings.Join(some(d.Numbers, 5), ", ")
	state := map[porting.DisputeState]string{porting.DisputeOpen: "It is open.", porting.DisputeOver: "It is over.",
		porting.DisputeMoving: "It was decided for the asking side, and the numbers are on their way."}[d.State]
	if d.Winner != "" && d.State == porting.DisputeOver {
		state += " The " + string(d.Winner) + " side has the numbers."
	}
	if d.By != "" {
		state += " Decided by " + d.By + "."
	}
	mine := s.Book.Rules.DisputeFacts(o, d, s.now)
	theirs, rival, found := s.rival(o, d)
	if !found {
		return el("div", el("h3", title), el("p", state+" The other order can't be read."))
	}
	asks, holds, asking, holding := mine, theirs, o, rival
	if d.Side == porting.Holding {
		asks, holds, asking, holding = theirs, mine, rival, o
	}
	yes := func(b bool) markup {
		if b {
			return sign("same", "yes")
		}
		return sign("late", "no")
	}
	row := func(name string, a, h markup) []markup { return []markup{plain(name), a, h} }
	rows := [][]markup{
		row("Order", s.orderLink(asking), s.orderLink(holding)),
		row("Status", plain(string(asking.Status)), plain(string(holding.Status))),
		row("Account", plain(string(asking.Account)), plain(string(holding.Account))),
		row("Person", plain(asking.Details.BillingName), plain(holding.Details.BillingName)),
		row("Company", plain(asking.Details.Company), plain(holding.Details.Company)),
		row("Service address", plain(address(asking)), plain(address(holding))),
		row("LOA signed", s.when(asks.LOA), s.when(holds.LOA)),
		row("LOA valid for these numbers", yes(asks.Valid), yes(holds.Valid)),
		row("Recent bill accepted", yes(asks.Bill), yes(holds.Bill)),
		row("Holds the account, proven by the record", yes(asks.Proof), yes(holds.Proof)),
	}
	parts := []markup{el("h3", title), el("p", state),
		table("Both sides", []string{"Fact", "Asking side", "Holding side"}, rows)}
	if d.State == porting.DisputeOpen {
		p := porting.ProposeDispute(asks, holds, !d.Ends.After(s.now))
		said := "The rules propose nothing yet. "
		if p.For != "" {
			said = "By the rules the " + string(p.For) + " side gets the numbers. "
		}
		parts = append(parts, el("p", el("strong", said+text.English.Staff(porting.Say(p.Why)))), el("p", "Papers are waited for until ", s.when(d.Ends), "."))
	}
	return el("div", parts)
}

// rival reads the other order of a dispute, and what it can show.
func (s *screen) rival(o porting.Order, d porting.Dispute) (porting.DisputeFacts, porting.Order, bool) {
	if d.Rival == porting.SimulatedRival {
		return porting.SimulatedFacts(d), porting.Order{ID: d.Rival, Status: porting.Submitted}, true
	}
	other, err := s.Book.Store.Load(s.ctx, d.Rival)
	if err != nil {
		return porting.DisputeFacts{}, porting.Order{}, false
	}
	theirs := other.DisputeWith(o.ID)
	return s.Book.Rules.DisputeFacts(other, theirs, s.now), other, true
}

func (s *screen) orderLink(o porting.Order) markup {
	if o.ID == porting.SimulatedRival {
		return plain("a simulated order")
	}
	return s.see(string(o.ID), Call{View: "order", Order: o.ID})
}

func address(o porting.Order) string {
	d := o.Details
	return strings.Join(strings.Fields(d.Street+" "+d.Street2+" "+d.City+" "+d.State+" "+d.Zip), " ")
}
