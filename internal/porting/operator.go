package porting

import "slices"

// Operator is the carrier that runs this installation: the new carrier of the LOA.
type Operator struct {
	// Name is the legal name, and Address the postal address in one line; both stand at the head of the LOA.
	Name, Address string
	// Phone is how the operator's porting desk is called; it may be empty.
	Phone string
	// RespOrg is the operator's id as the responsible organization of toll-free numbers.
	RespOrg string
}

// otherOperator names what the operator is called otherwise than on the LOA: another new carrier, and for toll-free numbers
// another RespOrg, need a new LOA (47 CFR 64.1130(e)(3); Somos's guidelines name the RespOrg). Spelling, address and
// telephone number do not count. A signature of an older release names no carrier and no RespOrg.
func (r Rules) otherOperator(o Order) []string {
	signed := o.Signature.Operator
	differs := func(a, b string) bool {
		return a != "" && b != "" && foldSpelling("company", a) != foldSpelling("company", b)
	}
	var names []string
	if differs(signed.Name, r.Operator.Name) {
		names = append(names, "new_carrier")
	}
	if o.Kind == TollFree && differs(signed.RespOrg, r.Operator.RespOrg) {
		names = append(names, "resporg")
	}
	return names
}

// Unsigned returns what a request of now would say otherwise than the LOA that was signed: the wire names of details;
// "numbers" for a number that the LOA does not list; "new_carrier" and "resporg" where the operator has become another one.
// It is empty for an order that may be sent.
func (r Rules) Unsigned(o Order) []string {
	return slices.Concat(o.Unsigned(), r.otherOperator(o))
}
