package porting

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Record returns the newest record of the account that the carrier has given. A later request for the record that came
// to nothing does not take the place of an earlier record.
func (o Order) Record() (csr Attempt, ok bool) {
	for _, a := range slices.Backward(o.Attempts) {
		if a.Kind == AskCSR && a.State == AnswerReady {
			return a, true
		}
	}
	return Attempt{}, false
}

// Contradicts says that the carrier's record contradicts the reason: the record has a value for what the reason is
// about, and it is the order's own, but for case, punctuation and spaces. An account number is compared only while it is
// open.
func (o Order) Contradicts(reason Reason) bool {
	switch reason.Code {
	case NameMismatch, AddressMismatch, ZipMismatch, BTNMismatch, AccountMismatch:
	default:
		return false // the others are not about a value of the record
	}
	csr, ok := o.Record()
	if !ok {
		return false
	}
	told, agree := 0, 0
	for name, theirs := range recordValues(csr.Record, reason.Code) {
		if theirs == "" {
			continue
		}
		told++
		if o.alike(name, theirs) {
			agree++
		}
	}
	return told > 0 && agree == told
}

// recordValues are the record's values that a reason is about, by the wire names of the details.
func recordValues(rec Record, code ReasonCode) map[string]string {
	switch code {
	case NameMismatch:
		return map[string]string{"billing_name": rec.Name}
	case AddressMismatch:
		return map[string]string{"street": rec.Street, "city": rec.City, "state": rec.State, "zip": rec.Zip}
	case ZipMismatch:
		return map[string]string{"zip": rec.Zip}
	case BTNMismatch:
		return map[string]string{"billing_number": rec.BTN}
	case AccountMismatch:
		return map[string]string{"provider_account": rec.AccountNumber.Reveal()}
	}
	return nil
}

// alike says that the order's detail is the record's value, but for case, punctuation and spaces. A record has one name,
// the company's or the person's, and a street with its unit in one line.
func (o Order) alike(name, theirs string) bool {
	d := o.Details
	mine := []string{""}
	switch name {
	case "billing_name":
		mine = []string{d.BillingName}
		if d.Company != "" {
			mine = append(mine, d.Company)
		}
	case "street":
		mine = []string{d.Street, d.Street + " " + d.Street2}
		if d.Street2 != "" {
			mine = mine[1:]
		}
	case "provider_account":
		mine = []string{d.ProviderAccount.Reveal()}
	default:
		mine[0], _ = d.Get(name)
	}
	return slices.ContainsFunc(mine, func(m string) bool { return SameLetters(m, theirs) })
}

// SameLetters says that two values are the same but for case, punctuation and spaces, and not empty.
func SameLetters(a, b string) bool {
	a, b = lettersOf(a), lettersOf(b)
	return a != "" && a == b
}

func lettersOf(s string) string {
	return strings.ToLower(strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c) {
			return c
		}
		return -1
	}, s))
}

// Meaning says what is wrong by a reason, in plain words. It never says that two values differ that are equal: where the
// carrier's record contradicts the reason, it says so.
func (o Order) Meaning(reason Reason) string {
	if o.Contradicts(reason) {
		return "The carrier says that this differs from its record, though the record that it gave us agrees with the order."
	}
	return reason.Code.Info().Meaning
}

// Advice says what the customer does about a reason.
func (o Order) Advice(reason Reason) string {
	if o.Contradicts(reason) {
		return "Ask the carrier which value it has on file, enter that and resubmit. If your value is right, say so in a comment."
	}
	return reason.Code.Info().Do
}

// PeerCode returns a peer's or a carrier's code if it has the form of those that are published, such as 7402, 26500,
// 505002, E17A or EXPIRED, and nothing for anything else: whatever stands in the place of a code may be an account number
// or a name as well.
func PeerCode(raw string) string {
	if codeForm.MatchString(raw) || slices.Contains(peerWords[:], raw) {
		return raw
	}
	return ""
}

// codeForm is the form of the published codes: 1 to 5 digits, six that begin with 5 at the toll-free registry, and those
// of carriers, which have up to 4 digits between letters.
var codeForm = regexp.MustCompile(`^([0-9]{1,5}|5[0-9]{5}|[0-9]{1,2}[A-Z]{1,3}|[A-Z]{1,3}[0-9]{1,4}[A-Za-z]{0,3})$`)

// peerWords are the published words that stand in the place of a code.
var peerWords = [...]string{"SPARE", "UNAVAILABLE", "DISCONNECT", "DISCONNECTED", "TRANSITIONAL", "EXPIRED", "PORT_FAILED",
	"BRCUD", "BRRCC", "BRDUP", "BRDXX", "EXCEPTION", "FAILED", "CANCELLED", "SNAPBACK", "INVALID_TFNS", "REJECTED",
	"DECLINED", "INVALID", FrozenRequest}
