// Package match compares what an order says with the losing carrier's record
// of the account, its customer service record (CSR), field by field.
//
// Most rejections are a name, an address or an account number that is not
// what the carrier has, down to a comma or a suite. Compare finds them before
// the carrier does, and says what to write instead.
//
// It is careful in one direction: two values that might belong to different people, places or accounts are never called
// the same. In doubt it calls them different, and offers the carrier's own words.
package match

import "strings"

// Verdict is the result for one field.
type Verdict string

// The verdicts. Equal is the same text, Equivalent the same after
// normalising, Differs anything else, and Absent a record that is silent.
const (
	Equal      Verdict = "equal"
	Equivalent Verdict = "equivalent"
	Differs    Verdict = "differs"
	Absent     Verdict = "absent"
)

// Field is the comparison of one field.
type Field struct {
	// the wire attribute: billing_name, company, street, street2, city, state, zip, provider_account, billing_number,
	// numbers
	Name    string
	Verdict Verdict
	// how near the two are: 100 equal, 90 to 99 equivalent, below that a difference, 0 also where the record is silent
	Score   int
	Reason  string // codes with commas between ([Reasons]); empty when Equal says it all
	Carrier string // the carrier's value; always empty for provider_account, which is secret

	// Patch has the values with which the order says what the record says, by
	// wire attribute; nil where there is nothing to set, and for
	// provider_account, which the caller takes from its own sealed record.
	// Street and street2 always come together, since a unit may move between
	// the two.
	Patch map[string]string

	Missing []string // numbers: of the order and not on the account, ten digits each
	Extra   int      // numbers: how many others stay on the account; more than none makes a partial port
}

// Side is one side's facts: the order's, or the carrier's record.
type Side struct {
	Name                                       string // the authorized person, or the residential customer
	Company                                    string
	Street, Street2, City, State, Zip, Country string
	AccountNumber                              string
	BTN                                        string
	Numbers                                    []string // E.164 or ten digits
}

// Compare gives a verdict for each of the ten fields, always in the same
// order. The carrier's customer name may come as Name although it is a
// business: it is matched with the order's company or with its person.
func Compare(order, carrier Side) []Field {
	canada := order.Country == "CA" || carrier.Country == "CA"
	fields := make([]Field, 0, 10)
	fields = append(fields, compareNames(order, carrier)...)
	fields = append(fields, compareStreets(order, carrier, canada)...)
	return append(fields,
		simple("city", order.City, carrier.City, cityKey, sameText),
		simple("state", order.State, carrier.State, stateKey, stateText),
		simple("zip", order.Zip, carrier.Zip, zipKey, zipText),
		compareAccounts(order, carrier),
		simple("billing_number", order.BTN, carrier.BTN, btnKey, btnText),
		compareNumbers(order.Numbers, carrier.Numbers),
	)
}

// simple compares a field that has one key: two values are equivalent when
// their keys are the same and not empty. text is the carrier's value in the
// form in which the order takes it.
func simple(name, order, carrier string, key, text func(string) string) Field {
	order, carrier = strings.TrimSpace(order), strings.TrimSpace(carrier)
	f := Field{Name: name, Carrier: carrier, Patch: map[string]string{name: text(carrier)}}
	alike := func(a, b string) bool { return key(a) != "" && key(a) == key(b) }
	switch {
	case carrier == "":
		f = silence.on(f)
	case order == carrier:
		f = same.on(f)
	case order == "":
		f = orderLess.on(f)
	case sameSpelling(order, carrier, alike):
		f = respelled.on(f)
	default:
		f = other.unlike(strings.ToLower(order), strings.ToLower(carrier)).on(f)
	}
	if f.Verdict == Equal || f.Verdict == Absent {
		f.Patch = nil
	}
	if f.Patch[name] == order {
		f.Patch = nil // only the carrier's spelling differs from the form we take
	}
	return f
}

func sameText(s string) string { return s }
