package porting

import (
	"fmt"
	"slices"
)

// Capacity says in what capacity somebody signs an LOA. The subscriber signs, who is the party that the account names, or an
// adult whom that party has authorized (47 CFR 64.1100(h)). A reseller serves the subscriber, and holds the LOA that the
// subscriber has signed; the carrier may ask for that one (Telnyx's help: the end customer signs).
type Capacity string

// The holder of the account, somebody whom the holder has authorized, and a reseller who holds the end user's own LOA.
const (
	Holder     Capacity = "holder"
	Authorized Capacity = "authorized"
	Reseller   Capacity = "reseller"
)

// Capacities lists them all.
func Capacities() []Capacity { return []Capacity{Holder, Authorized, Reseller} }

// capacity takes the capacity of a new signature, Authorized where nobody said any: a holder is authorized too. The
// signature of a reseller rests on the newest accepted LOA that was uploaded, which is kept with the order, and whose day
// counts for the age of the LOA.
func (c *change) capacity(s *Signature) Faults {
	if s.Capacity == "" {
		s.Capacity = Authorized
	}
	s.EndUserLOA, s.EndUserDated = "", ""
	var faults Faults
	switch s.Capacity {
	case Holder, Authorized:
	case Reseller:
		d, ok := c.o.Newest(LOADocument)
		switch {
		case ok:
			s.EndUserLOA, s.EndUserDated = d.Digest, d.Dated
			if d.Dated == "" {
				faults.Add("signature_capacity", Required, "Nobody has said on which day the end user signed the uploaded LOA. "+
					"Add it to the order again, and give that day in dated.")
			} else if c.loaOlder(c.o, d.Dated, c.now) {
				faults.Add("signature_capacity", OutOfRange, fmt.Sprintf("The end user signed the uploaded LOA more than "+
					"%d days ago. Have the end user sign a new one, and upload it with the kind loa.", c.loaDays(c.o)))
			}
		case c.o.awaits(LOADocument):
			faults.Add("signature_capacity", Required,
				"The end user's LOA is still being checked. Sign when its state is complete.")
		default:
			faults.Add("signature_capacity", Required, "The end user's own LOA is missing. Add it to the order as a "+
				"document of the kind loa, and sign when that document's state is complete.")
		}
	default:
		faults.Add("signature_capacity", BadFormat, "Give one of holder, authorized, reseller.")
	}
	return faults
}

// Enclosures returns the documents that go with the next request: those that the carrier has asked for, and with a
// reseller's LOA for toll-free numbers the end user's own, without which the registry declines (ROC code 09).
func (o Order) Enclosures() []DocumentID {
	all := slices.Clone(o.Enclosed)
	if o.Kind != TollFree || o.Signature.Capacity != Reseller {
		return all
	}
	for _, d := range o.Documents {
		if d.Kind == LOADocument && !d.LOA && d.State == DocumentComplete && d.Digest == o.Signature.EndUserLOA &&
			!slices.Contains(all, d.ID) {
			return append(all, d.ID)
		}
	}
	return all
}

// awaits says that a document of the kind is still to come, or being checked.
func (o Order) awaits(kind DocumentKind) bool {
	for _, d := range o.Documents {
		if d.Kind == kind && !d.LOA && d.Settled.IsZero() {
			return true
		}
	}
	return false
}
