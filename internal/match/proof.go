package match

import (
	"slices"
	"strings"
	"unicode"
)

// Proves reports whether the order has the record's account number, which is a secret of the account: equal but for
// case, punctuation and leading zeros. An account number that anybody can guess is no secret ([isGuessed]).
func Proves(order, carrier Side) bool {
	if !SameAccount(order, carrier) {
		return false
	}
	public := slices.Concat([]string{order.BTN, carrier.BTN}, order.Numbers, carrier.Numbers)
	return !isGuessed(bareAccount(order.AccountNumber), public)
}

// isGuessed reports whether an account number is a word in the place of one, such as "N/A", has fewer than three digits
// or one digit alone, or is a telephone number that the two sides have, with zeros and ones beside it at most.
func isGuessed(account string, public []string) bool {
	digits := slices.DeleteFunc([]rune(account), func(r rune) bool { return !unicode.IsDigit(r) })
	if len(digits) < 3 || len(slices.Compact(slices.Clone(digits))) == 1 {
		return true
	}
	return slices.ContainsFunc(public, func(tn string) bool {
		rest, found := strings.CutPrefix(strings.TrimLeft(account, "01"), strings.TrimLeft(ten(tn), "01"))
		return ten(tn) != "" && found && strings.Trim(rest, "01") == ""
	})
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
