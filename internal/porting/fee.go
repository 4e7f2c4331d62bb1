package porting

import "slices"

// Tariff is what the port of an account's numbers costs, and what of it comes back. An order keeps the tariff with which
// it was created. The zero Tariff is the house's.
type Tariff struct {
	// The port fee of a number by its kind; zero stands for the house's fee (Rules.PortFee), and Free for none.
	Local, TollFree, Canada Money
	// What a cancellation, another date and an expedited port cost once a carrier has the request; zero stands for the
	// house's fees, and Free for none.
	Cancel, DateChange, Expedite Money
	// What comes back for numbers that are left out while the others go on, for an order that ends without its numbers,
	// and for numbers that the carrier did not bring when the others were completed.
	LeftOut, Abandoned, Failed Refund
}

// Free is the fee in a tariff of what costs nothing, since zero stands for the house's fee. It is no amount.
const Free Money = -1

// Or returns the amount of a fee in a tariff, where the house's fee is that one.
func (m Money) Or(house Money) Money {
	switch m {
	case Free:
		return 0
	case 0:
		return house
	}
	return m
}

// Refund says when a port fee comes back.
type Refund string

// The fee comes back for what never reached a carrier, always, or never. An empty rule is the first of them (our
// decision): until a carrier is asked, nobody charges us either.
const (
	RefundUnsent Refund = "unsent"
	RefundAlways Refund = "always"
	RefundNever  Refund = "never"
)

// Refunds lists the rules.
func Refunds() []Refund { return []Refund{RefundUnsent, RefundAlways, RefundNever} }

// RefundFor says for what a fee has come back.
type RefundFor string

// The causes of a refund.
const (
	ForLeftOut   RefundFor = "left_out"
	ForAbandoned RefundFor = "abandoned"
	ForFailed    RefundFor = "failed"
	ForGoodwill  RefundFor = "goodwill" // by a person's decision
)

// rule returns the tariff's rule for a cause.
func (t Tariff) rule(why RefundFor) Refund {
	switch why {
	case ForLeftOut:
		return t.LeftOut
	case ForFailed:
		return t.Failed
	}
	return t.Abandoned
}

// Fee is what the port of one of the order's numbers costs.
func (r Rules) Fee(o Order) Money {
	fee := o.Tariff.Local
	switch class := o.Terms().Class; {
	case o.Kind == TollFree:
		fee = o.Tariff.TollFree
	case slices.Contains([]Class{CanadaWireline, CanadaWireless}, class):
		fee = o.Tariff.Canada
	}
	return fee.Or(r.PortFee)
}

// Paid is what was taken for the port, has not come back, and counts for no other order.
func (c Charges) Paid() Money { return c.PortFee - c.Refunded - c.Credited }

// refund gives back the fee of n of the numbers that had a share in it, where the order's tariff says so. Whether a
// carrier was ever asked for them is told by the order.
func (c *change) refund(why RefundFor, n, of int) {
	if n == 0 || of == 0 {
		return
	}
	switch rule := c.o.Tariff.rule(why); {
	case rule == RefundNever, rule != RefundAlways && !c.o.unsent():
		return
	}
	back := c.o.Paid()
	if n < of {
		back = back * Money(n) / Money(of)
	}
	back = min(back, c.o.Returnable())
	if back <= 0 {
		return
	}
	c.o.Refunded += back
	c.event.Refund += back
	c.event.RefundFor = why
}
