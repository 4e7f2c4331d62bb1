package porting

import "cmp"

// CarrierFlags are what is known of an order's losing carrier when its numbers are put on the order: by the peer's
// answer to the portability check, and by the carrier's profile. That the carrier is a mobile network is in the class.
type CarrierFlags struct {
	// AccountNumber says that the carrier wants the account number before it answers about the account (Bandwidth:
	// LosingCarrierAccountNumberRequired).
	AccountNumber bool
	// LeadDays is the least number of calendar days that the carrier takes, an estimate of the peer's (Bandwidth:
	// LosingCarrierMinimumPortingInterval); 0 is unknown.
	LeadDays int
	// Resold says that another company sells the network's numbers to the customer.
	Resold bool
	// Recovery is the reason for which the registry's help desk alone can hand the numbers over; empty where a request can
	// move them.
	Recovery ReasonCode
}

// with returns what is known of numbers of both flags together: the most of each.
func (f CarrierFlags) with(g CarrierFlags) CarrierFlags {
	return CarrierFlags{AccountNumber: f.AccountNumber || g.AccountNumber, LeadDays: max(f.LeadDays, g.LeadDays),
		Resold: f.Resold || g.Resold, Recovery: cmp.Or(f.Recovery, g.Recovery)}
}

// Resold says that another company sells the numbers to the customer: by the carriers' profiles, or by the customer's word.
func (o Order) Resold() bool { return o.Kind == Local && (o.Flags.Resold || o.Details.Reseller != "") }

// FlagsOf returns what is known of the carrier of all the lines.
func FlagsOf(lines []Line) CarrierFlags {
	var all CarrierFlags
	for _, l := range lines {
		all = all.with(l.Flags)
	}
	return all
}
