package match

import (
	"slices"
	"strings"
	"unicode"
)

// Proves reports whether the order has the record's account number, which is a secret of the account: equal but for
// case, punctuation and leading zeros. An account number that is one of the two sides' telephone numbers is no secret.
func Proves(order, carrier Side) bool {
	if !SameAccount(order, carrier) {
		return false
	}
	mine := bareAccount(order.AccountNumber)
	public := slices.Concat([]string{order.BTN, carrier.BTN}, order.Numbers, carrier.Numbers)
	return !slices.ContainsFunc(public, func(tn string) bool { return ten(tn) != "" && ten(tn) == ten(mine) })
}

// bareAccount is an account number without case, punctuation and leading zeros.
func bareAccount(s string) string { return strings.TrimLeft(signless(s), "0") }

// signless is the letters and digits of a text, in lower case, and nothing else of it.
func signless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, fold(s))
}

// MarksOnly reports whether two texts differ in case, punctuation and spaces alone: whoever has the one learns nothing
// by the other.
func MarksOnly(a, b string) bool { return signless(a) == signless(b) }

// SameAccount reports whether the two account numbers are the same but for case, punctuation and leading zeros.
func SameAccount(order, carrier Side) bool {
	mine := bareAccount(order.AccountNumber)
	return mine != "" && mine == bareAccount(carrier.AccountNumber)
}
