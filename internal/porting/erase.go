package porting

import "time"

// LOATerm is how long a signed LOA has to be kept after its signature: two years (47 CFR 64.1120(a)(1)(ii)), one of which may
// have a leap day.
const LOATerm = 731 * 24 * time.Hour

// Erased returns an order that has ended without what tells of persons: the personal and secret details, the carrier's
// records, the signer, the names of files, and every text that somebody has written. What stays tells which numbers went
// where, when, for what fee, by whose decision and why. An order that has not ended, or whose request the carrier has not
// given up yet, is refused, since its details are still needed.
//
// The signed LOA is a file and is kept for two years (47 CFR 64.1120(a)(1)(ii)); the order no longer repeats it.
func (o Order) Erased() (Order, error) {
	if !o.Status.Terminal() || o.Withdrawing {
		return o, Errorf(WrongStatus, "Order %s has not ended, so its details are still needed.", o.ID)
	}
	if o.Authority.Open() || !o.Desk.IsZero() {
		return o, Errorf(WrongStatus, "A person still has to decide about order %s, so its details are still needed.", o.ID)
	}
	o.Version++
	o.Details = o.Details.impersonal()
	o.Presets.Alias = ""
	o.Signature = Signature{At: o.Signature.At, Order: o.Signature.Order, Capacity: o.Signature.Capacity,
		EndUserDated: o.Signature.EndUserDated, Words: o.Signature.Words, Language: o.Signature.Language, Operator: o.Signature.Operator}
	o.Documents = erasedEach(o.Documents, func(d *Document) { d.Name, d.From, d.Why = "", "", Message{} })
	o.Changes = erasedEach(o.Changes, func(c *AskedChange) { c.Was, c.Outcome = c.Was.impersonal(), Message{} })
	o.Reasons = ErasedReasons(o.Reasons)
	o.Attempts = erasedEach(o.Attempts, func(a *Attempt) { a.Record, a.Digest = Record{}, Secret{} })
	o.Wait.Token, o.ChangedFrom, o.SearchKept = Secret{}, nil, ""
	o.Remaining.BTN = ""
	o.Objection.Pack, o.Objection.PackSize = "", 0
	o.Authority.Who, o.Authority.Pack, o.Authority.PackSize = "", "", 0
	return o, nil
}

// ErasedReasons returns reasons by their codes and numbers alone, without the carrier's words and values of details.
func ErasedReasons(all []Reason) []Reason {
	return erasedEach(all, func(r *Reason) { r.Said, r.Note, r.Patch = "", Message{}, nil })
}

// impersonal returns the details that tell of no person. The alias and the address for notices are the customer's own
// words.
func (d Details) impersonal() Details {
	d = d.only(func(r Detail) bool { return !r.Personal && r.secret == nil })
	d.Alias, d.StatusURL = "", ""
	return d
}

// erasedEach returns the elements of a list, changed. The list itself stays as it is.
func erasedEach[T any](all []T, change func(*T)) []T {
	var changed []T
	for _, one := range all {
		change(&one)
		changed = append(changed, one)
	}
	return changed
}
