package porting

import (
	"slices"
	"time"
)

// Who asks for a number has to prove it, since the carrier's record says who holds the number and how to take it away.
// Secrets of the account prove; facts that others can know do not: neither name, address, ZIP, billing number nor the
// number itself. Before the proof, all that is told of the record is match or no match for each detail.

// Proof says by which secret of the account the customer has proven to be its holder, and when. The zero value says
// that the order is unproven.
type Proof struct {
	By ProofKind
	At time.Time
}

// ProofKind is a secret that proves. Its text is stored with the order.
type ProofKind string

// The secrets: the account number of the carrier's record, but for case, punctuation and leading zeros; a PIN that the
// carrier has asked for and taken; and a bill that our staff has accepted. ProofEarlier marks an order of an earlier
// release that was past the comparison with the record: it keeps what it has shown, until it is compared again.
const (
	Unproven     ProofKind = ""
	ProofAccount ProofKind = "account_number"
	ProofPIN     ProofKind = "pin"
	ProofBill    ProofKind = "bill"
	ProofEarlier ProofKind = "earlier_release"
)

// Given says that the customer has proven to be the holder.
func (p Proof) Given() bool { return p.By != Unproven }

// Compared returns the proof with which a comparison with the carrier's record begins: an order of an earlier release
// has to prove itself when it is compared again.
func (p Proof) Compared() Proof {
	if p.By == ProofEarlier {
		return Proof{}
	}
	return p
}

// Correction is how far a detail may be corrected from the carrier's record, always within the customer's consent.
type Correction int

// A detail is not corrected; takes the record's case, punctuation and spaces around its own letters and digits; takes
// the record's form of it (an account number's dashes and leading zeros); or takes the record's value.
const (
	NoCorrection Correction = iota
	MarksOnly
	FormOnly
	Content
)

// Disclosure says what an order may tell its customer of the carrier's record for one detail, and take of it. Whatever
// it says, a customer may read whether the detail matches.
type Disclosure struct {
	Shown     bool // the record's value, as a fix, in the history or in the carrier's words
	Hinted    bool // how the two values differ
	Corrected Correction
}

// What a record and a carrier's answer have beside the details of an order.
const (
	CarrierText   = "carrier_text"   // the carrier's own words
	OrderNumbers  = "numbers"        // which of the order's numbers are on the account
	OtherNumbers  = "other_numbers"  // numbers of the account that are not on the order
	OtherFeatures = "other_features" // services of the account
)

// disclosures is the table of what an unproven and a proven order disclose. A detail that never comes from the
// carrier's record has no row and is free.
var disclosures = []struct {
	what          string
	before, after Disclosure
}{
	{"billing_name", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"company", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"billing_number", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"street", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"street2", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"city", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"state", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"zip", Disclosure{Corrected: MarksOnly}, Disclosure{Shown: true, Hinted: true, Corrected: Content}},
	{"provider_account", Disclosure{}, Disclosure{Hinted: true, Corrected: FormOnly}},
	{"pin", Disclosure{}, Disclosure{}},
	{"last_4_ssn", Disclosure{}, Disclosure{}},
	{OrderNumbers, Disclosure{}, Disclosure{Shown: true, Hinted: true}},
	{CarrierText, Disclosure{}, Disclosure{Shown: true, Hinted: true}},
	{OtherNumbers, Disclosure{}, Disclosure{}},
	{OtherFeatures, Disclosure{}, Disclosure{}},
}

// Discloses returns the table's row for a detail, by its wire name, or for something else of the record.
func (p Proof) Discloses(what string) Disclosure {
	for _, row := range disclosures {
		switch {
		case row.what != what:
		case p.Given():
			return row.after
		default:
			return row.before
		}
	}
	return Disclosure{Shown: true, Hinted: true, Corrected: Content}
}

// prove takes the proof that a command brings. A proof that the order has stays, save that of an earlier release.
func (c *change) prove(by ProofKind) {
	if by != Unproven && by != ProofEarlier && !c.o.Proof.Compared().Given() {
		c.o.Proof = Proof{By: by, At: c.now}
	}
}

// acceptBill takes our staff's word that the order's bill is the account's, which unlocks the carrier's record.
func acceptBill(c *change, _ AcceptBill) error {
	d, ok := c.o.Newest(BillDocument)
	switch {
	case !ok:
		return Errorf(WrongStatus, "The order has no bill whose file was accepted. Ask the customer to upload one.")
	case c.Stale(c.o, d, c.now):
		return Errorf(WrongStatus, "The bill is more than %d days old. Ask the customer to upload a newer one.", c.billDays(c.o))
	case c.o.Proof.Compared().Given():
		return Errorf(Settled, "The customer has proven already to be the holder of the account.")
	}
	c.prove(ProofBill)
	c.say(Say(MsgBillProves, "id", string(d.ID)))
	return nil
}

// guard marks a message of an unproven order that may tell of the carrier's record, so that whoever writes it for
// customers leaves that out, also when the order is proven later. Our staff reads all of it.
func (c *change) guard() {
	if !c.o.Proof.Given() && (len(c.event.Reasons) > 0 || c.event.Message.tellsOfRecord()) {
		c.event.Message.Unproven = true
	}
}

// tellsOfRecord says that the message, or one within it, has the carrier's words or a detail's new value.
func (m Message) tellsOfRecord() bool {
	for _, name := range []string{"said", "before", "after"} {
		if m.Args[name] != "" {
			return true
		}
	}
	return slices.ContainsFunc(m.List, Message.tellsOfRecord)
}

// Quota is how often one account may compare a number with its record in vain within its days. What differs from the
// record answers a guess, so guesses are counted. The counts stand on the orders themselves: all orders of an account
// that have or had the number count together, and a sandbox's orders are the sandbox's alone.
type Quota struct {
	Misses int // comparisons of an unproven order that found a difference
	Days   int
}

// Within returns how many of the instants are within the quota's days before now.
func (q Quota) Within(misses []time.Time, now time.Time) (n int) {
	for _, at := range misses {
		if at.AddDate(0, 0, q.Days).After(now) {
			n++
		}
	}
	return n
}

// count adds now to the instants. More than a person ever looks at are not kept.
func count(all []time.Time, now time.Time) []time.Time {
	const kept = 20
	all = append(slices.Clone(all), now)
	return all[max(0, len(all)-kept):]
}
