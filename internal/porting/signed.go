package porting

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// What was signed is what is sent: a request says of holder, company, addresses and provider what the signed LOA says,
// and asks for no number that the LOA does not list. The rows of [Detail] say of which details this is required.

// Unsigned returns what a request of now would say otherwise than the LOA that was signed: the wire names of details,
// and "numbers" for a number that the LOA does not list. It is empty for an order that may be sent. Spelling does not
// count, nor does what [Signature.Conformed] holds.
func (o Order) Unsigned() []string {
	var names []string
	s := o.Signature
	moved := o.Details.differsFrom(s.LOA, address)
	billed := o.Details.movedAccount(s.LOA)
	if s.Conformed.Street != "" && len(moved) > 0 {
		if o.Details.differsFrom(s.Conformed, address) == nil {
			moved = nil
		}
	}
	for _, row := range detailRows {
		switch {
		case !row.Signed:
		case slices.Contains(address, row.Name):
			if slices.Contains(moved, row.Name) {
				names = append(names, row.Name)
			}
		case slices.Contains(accountAddress, row.Name):
			if slices.Contains(billed, row.Name) {
				names = append(names, row.Name)
			}
		case !sameSpelling(row, row.Value(o.Details), row.Value(s.LOA)) &&
			(row.Value(s.Conformed) == "" || !sameSpelling(row, row.Value(o.Details), row.Value(s.Conformed))):
			names = append(names, row.Name)
		}
	}
	if listed := s.Numbers; listed != nil {
		if !every(o.Active(), func(tn string) bool { return slices.Contains(listed, tn) }) {
			names = append(names, "numbers")
		}
	}
	return names
}

// differsFrom returns those of the named details that are not the same in both, apart from their spelling.
func (d Details) differsFrom(other Details, names []string) []string {
	var differ []string
	for _, row := range detailRows {
		if slices.Contains(names, row.Name) && !sameSpelling(row, row.Value(d), row.Value(other)) {
			differ = append(differ, row.Name)
		}
	}
	return differ
}

// SignatureNeeded returns what a new signature is needed for before the order can be sent: the names that Unsigned returns,
// and "loa" where the LOA has become too old. An order that nobody has signed needs its first signature, and no new one.
func (r Rules) SignatureNeeded(o Order, now time.Time) []string {
	if o.Signature.IsZero() {
		return nil
	}
	names := r.Unsigned(o)
	if r.LOAExpired(o, now) {
		names = append(names, "loa")
	}
	return names
}

// AsksSignature says whether a change of these details needs a new signature. The service address of the carrier's record
// does not.
func AsksSignature(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		row, ok := DetailRow(name)
		return ok && row.Signed && !slices.Contains(address, name)
	})
}

// mustBeSigned refuses to send an order whose LOA says something else. Each fault names what has to be signed.
func (c *change) mustBeSigned() error {
	names, old := c.Unsigned(c.o), c.LOAExpired(c.o, c.now)
	if len(names) == 0 && !old {
		return nil
	}
	e := Errorf(SignatureNeeded, "The letter of agency that was signed says something else. Sign the corrected one.")
	if old {
		e.Faults = append(e.Faults, c.oldLOAFault(c.o))
	}
	if len(names) == 0 {
		e.Message = "The letter of agency that was signed has become too old. Sign it again."
	}
	for _, name := range names {
		e.Faults = append(e.Faults, Fault{Field: name, Code: FaultCode(SignatureNeeded),
			Message: "The letter of agency was signed with another value. Sign it again, and it is sent as corrected."})
	}
	return e
}

// unsignedReason gives an order back whose request would say something else than its LOA.
func unsignedReason(names []string) Reason {
	return Reason{Code: LOASignatureInvalid, Note: Say(MsgSignAgain, "fields", strings.Join(names, ","))}
}

// conform remembers that the order has the service address of the carrier's record from now on, and the record's
// spelling of the details in form. The signed LOA covers both. It tells what the customer is to hear of it.
func (c *change) conform(form []string) []Message {
	s := &c.o.Signature
	if s.At.IsZero() {
		return nil
	}
	for _, row := range detailRows {
		if row.Signed && slices.Contains(form, row.Name) && !slices.Contains(address, row.Name) {
			row.copy(&s.Conformed, &c.o.Details)
		}
	}
	if c.o.Details.differsFrom(s.LOA, address) == nil || s.Conformed.Street != "" && c.o.Details.differsFrom(s.Conformed, address) == nil {
		return nil
	}
	for _, row := range detailRows {
		if slices.Contains(address, row.Name) {
			row.copy(&s.Conformed, &c.o.Details)
		}
	}
	return []Message{Say(MsgConformed)}
}

// takesRecordAddress says whether each part of the order's service address that was edited is what the carrier's record
// has, by the fixes that are offered and the record itself, or what was signed.
func (o Order) takesRecordAddress() bool {
	offered := o.Details.only(func(r Detail) bool { return slices.Contains(address, r.Name) })
	known := map[string]string{}
	if csr, ok := o.Record(); ok {
		rec := csr.Record
		known = map[string]string{"street": rec.Street, "city": rec.City, "state": rec.State, "zip": rec.Zip}
		if rec.Street != "" {
			known["street2"] = "" // the record's one line holds the unit too
		}
	}
	for _, reason := range o.Reasons {
		for name, value := range reason.Patch {
			known[name] = value
		}
	}
	for name, value := range known {
		if slices.Contains(address, name) && (value != "" || name == "street2") {
			offered.Set(name, value)
		}
	}
	for _, name := range o.Details.differsFrom(o.Signature.LOA, address) {
		if slices.Contains(o.Details.differsFrom(offered, []string{name}), name) {
			return false
		}
		if _, ok := known[name]; !ok {
			return false
		}
	}
	return true
}

// list returns the order's numbers as a letter of agency lists them.
func (o Order) list() []string {
	tns := make([]string, 0, len(o.Numbers))
	for _, n := range o.Numbers {
		tns = append(tns, n.TN)
	}
	return tns
}

// original makes the signature tell which order was signed, and with which numbers, before numbers leave the order. A
// signature of a release before has neither: until now it was the order's own, with all numbers that it has.
func (o Order) original() Signature {
	s := o.Signature
	if !s.At.IsZero() && s.Order == "" {
		s.Order, s.Numbers = o.ID, o.list()
	}
	return s
}

// SignedNumbers returns the numbers that the signed LOA lists.
func (o Order) SignedNumbers() []string {
	if o.Signature.Numbers == nil {
		return o.list()
	}
	return o.Signature.Numbers
}

// sameSpelling says whether two values are the same but for case, punctuation and blanks, the four digits after a ZIP
// code, and how a company's legal form is written. It calls less the same than package match does.
func sameSpelling(row Detail, a, b string) bool {
	return a == b || foldSpelling(row.Name, a) == foldSpelling(row.Name, b)
}

func foldSpelling(name, s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c) && c != '.' && c != '\'' && c != '&'
	})
	for i, word := range words {
		words[i] = strings.NewReplacer(".", "", "'", "").Replace(word)
		if form, ok := companyForms[words[i]]; ok && name == "company" && i == len(words)-1 && i > 0 {
			words[i] = form
		}
	}
	folded := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	switch {
	case strings.HasSuffix(name, "zip") && len(folded) >= 5 && strings.Trim(folded[:5], "0123456789") == "":
		return folded[:5]
	case strings.HasSuffix(name, "zip"):
		return strings.ReplaceAll(folded, " ", "")
	}
	return folded
}

// companyForms are the spellings of a company's legal form at the end of its name.
var companyForms = map[string]string{
	"incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd",
}
