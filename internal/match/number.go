package match

import (
	"slices"
	"strings"
)

// compareAccounts compares account numbers as text: leading zeros count, and
// only spaces and dashes do not, as long as the two sides do not set them at
// different places. Neither number goes into the reason.
func compareAccounts(order, carrier Side) Field {
	f := Field{Name: "provider_account"}
	a, b := strings.TrimSpace(order.AccountNumber), strings.TrimSpace(carrier.AccountNumber)
	bare, theirs := without(a), without(b)
	switch isBTN := ten(a) != "" && (ten(a) == ten(carrier.BTN) || ten(a) == ten(order.BTN)); {
	case b == "":
		return silence.on(f)
	case a == b:
		return same.on(f)
	case a == "":
		return orderLess.on(f)
	case bare == "":
		return accountMissing.on(f)
	case bare == theirs && a != bare && b != theirs && !slices.Equal(groups(a), groups(b)):
		return accountGrouped.on(f) // 1-23 and 12-3 may be two accounts
	case bare == theirs:
		return accountSpaced.on(f)
	case isBTN:
		return accountIsBTN.on(f)
	case strings.TrimLeft(bare, "0") == strings.TrimLeft(theirs, "0"):
		return accountZeros.on(f)
	case strings.EqualFold(bare, theirs):
		return accountCase.on(f)
	}
	return accountOther.on(f)
}

// groups are the parts of a number between spaces and dashes.
func groups(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return without(string(r)) == "" })
}

// compareNumbers looks for the order's numbers on the account. All there is
// Equal, also when others stay behind: Extra and the reason tell that it is a
// partial port. One that is not there is Differs.
func compareNumbers(order, carrier []string) Field {
	f := Field{Name: "numbers"}
	wanted, account := tens(order), tens(carrier)
	if len(account) == 0 {
		return silence.on(f)
	}
	f.Carrier = strings.Join(account, " ")
	for _, n := range wanted {
		if !slices.Contains(account, n) {
			f.Missing = append(f.Missing, n)
		}
	}
	f.Extra = len(account) - (len(wanted) - len(f.Missing))
	stay := ""
	if f.Extra > 0 {
		stay = othersStay
	}
	switch {
	case len(wanted) == 0:
		f.Verdict, f.Reason = Differs, noNumbers
	case len(f.Missing) > 0:
		f.Verdict, f.Reason = Differs, notOnAccount
		f.Score = 89 * (len(wanted) - len(f.Missing)) / len(wanted)
		if stay != "" {
			f.Reason += "," + stay
		}
	default:
		f.Verdict, f.Score, f.Reason = Equal, 100, stay
	}
	return f
}

// tens is each number once as ten digits, in order; what is no number stays
// as it is, and so equals only itself.
func tens(list []string) []string {
	var out []string
	for _, s := range list {
		n := ten(s)
		if n == "" {
			n = strings.TrimSpace(s)
		}
		if n != "" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ten is the ten digits of a North American number, or empty.
func ten(s string) string {
	var digits []byte
	for _, r := range fold(s) {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case !strings.ContainsRune(" +()-./", r):
			return ""
		}
	}
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 10 {
		return ""
	}
	return string(digits)
}

// btnKey is the ten digits of the billing number; an extension behind it is no
// part of it.
func btnKey(s string) string {
	s = strings.ToLower(fold(s))
	for _, mark := range []string{"extension", "ext.", "ext", "x"} {
		if number, extension, ok := strings.Cut(s, mark); ok && strings.Trim(extension, " 0123456789") == "" {
			s = number
		}
	}
	return ten(s)
}

// btnText is E.164, as the order takes it.
func btnText(s string) string {
	if n := btnKey(s); n != "" {
		return "+1" + n
	}
	return s
}
