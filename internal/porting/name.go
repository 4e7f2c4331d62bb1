package porting

import "strings"

var (
	poBoxForm  = Pattern(`(?i)\b(p\.?\s*o\.?\s*(box|b)\b|post\s+office\s+box|(c\.?\s*p\.?|case\s+postale)\s+\d)`)
	legalForms = Pattern(`(?i)\b(inc|llc|l\.l\.c|ltd|corp|corporation|company|gmbh|limited|incorporated|plc|pllc|llp)\b`)
	titleWords = " mr mrs ms miss mx dr prof rev jr sr ii iii iv esq phd md "
)

// isPerson says that s is one individual's first and last name. Middle names and initials, prefixes and suffixes are
// ignored; a company, several people, or an initial for the first name are not a person's name (S-PRO, S-PRE).
func isPerson(s string) bool {
	if strings.ContainsAny(s, "&/+;0123456789") || legalForms(s) {
		return false
	}
	var words []string
	for w := range strings.FieldsSeq(strings.ReplaceAll(s, ",", " ")) {
		w = strings.ToLower(strings.Trim(w, "."))
		if w == "and" || w == "or" {
			return false
		}
		if w != "" && !strings.Contains(titleWords, " "+w+" ") {
			words = append(words, w)
		}
	}
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	first, last := []rune(words[0]), []rune(words[len(words)-1])
	return len(first) > 1 && len(last) > 1
}

// isStreet says that s can be the street line of a service address: it has a word, and is no PO box.
func isStreet(s string) bool {
	return !isPOBox(s) && strings.ContainsFunc(s, func(c rune) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c > 127 })
}

func isPOBox(s string) bool { return poBoxForm(s) }
