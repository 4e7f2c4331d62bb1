// Package nanp reads telephone numbers of the North American Numbering Plan
// the way people write them and says what porting needs to know about them:
// toll-free or geographic, United States or Canada, and whose clock its
// carrier works by.
//
// It judges the form of a number and its area code, not whether the number is
// in service: that is the portability check's question. Number assignments
// below the area code (NPA-NXX and thousands blocks) are not held here.
package nanp

import (
	"strings"
	"unicode"
)

// Number is a ten-digit North American number. Numbers compare with == and
// serve as map keys; the zero Number is none.
type Number struct {
	e164 string // always +1NXXNXXXXXX, or empty
}

// Parse reads a number as people send it: "+12065661654", "12065661654",
// "2065661654", "(206) 566-1654", "206.566.1654", "tel:+1-206-566-1654".
//
// A number that is refused comes back as a *ParseError, which wraps the Fault
// that tells why. One whose area code is not known is not refused; see
// Doubtful. Numbers 555-0100 to 555-0199, set aside for fiction (ATIS
// 555 NXX guidelines), are accepted: the local stack and its tests live on
// them.
func Parse(s string) (Number, error) {
	ten, fault := tenDigits(s)
	if fault != "" {
		return Number{}, &ParseError{Input: s, Fault: fault}
	}
	npa, nxx, line := ten[:3], ten[3:6], ten[6:]
	if fault, where := faultOfNPA(npa); fault != "" {
		return Number{}, &ParseError{Input: s, Fault: fault, Where: where}
	}
	n := Number{e164: "+1" + ten}
	// Toll-free numbers have no exchange, so that 800-411-… is a number as any
	// other (Somos, 8YY number administration guidelines).
	if !isNXX(nxx) && !(n.TollFree() && nxx[0] >= '2') {
		return Number{}, &ParseError{Input: s, Fault: ErrNXX}
	}
	if nxx == "555" && line == "1212" {
		return Number{}, &ParseError{Input: s, Fault: ErrDirectory}
	}
	return n, nil
}

// Dialable is the E.164 text of ten digits however they are written, whether
// or not there is such a number; false when s is no ten digits.
func Dialable(s string) (string, bool) {
	ten, fault := tenDigits(s)
	if fault != "" {
		return "", false
	}
	return "+1" + ten, true
}

// E164 is the canonical text, "+12065661654". It is the form that is stored
// and sent.
func (n Number) E164() string { return n.e164 }

// Ten is the ten-digit national form that US carriers use, "2065661654".
func (n Number) Ten() string {
	if n.e164 == "" {
		return ""
	}
	return n.e164[2:]
}

// NPA is the area code, "206".
func (n Number) NPA() string {
	if n.e164 == "" {
		return ""
	}
	return n.e164[2:5]
}

// TollFree tells a number that ports through the Somos registry from one that
// ports through the NPAC.
func (n Number) TollFree() bool {
	a, _ := areaOf(n.NPA())
	return n.e164 != "" && a.use == tollFree
}

// Country is "US" or "CA", or empty for the zero Number and for an area code
// that is not known. Puerto Rico, the
// Virgin Islands, Guam, American Samoa and the Northern Marianas are "US".
// Toll-free numbers are shared between both countries; they are "US" since
// one US registry (Somos) moves them all.
func (n Number) Country() string {
	switch a, _ := areaOf(n.NPA()); {
	case n.e164 == "":
		return ""
	case a.use == tollFree:
		return "US"
	default:
		return a.use
	}
}

// Zone is the IANA name of the time zone in which most lines of the area code
// are, for instance "America/Chicago". It is a default for deadlines
// ("08:00–13:00 local", 47 CFR 52.35); what a carrier's profile says comes
// first. Toll-free numbers have no place, and neither has an area code that is
// not known; theirs is the registry's Central Time.
func (n Number) Zone() string {
	a, _ := areaOf(n.NPA())
	if n.e164 == "" || a.zone != "" {
		return a.zone
	}
	return "America/Chicago"
}

// IsZero reports whether n is no number.
func (n Number) IsZero() bool { return n.e164 == "" }

// String is E164.
func (n Number) String() string { return n.e164 }

// MarshalText writes E164, so that a Number is a string in JSON.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.e164), nil }

// UnmarshalText is Parse; the empty text is the zero Number.
func (n *Number) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = Number{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// separators may stand between digits.
const separators = " \t()-./\u2212"

// isSeparator reports whether c may stand between digits: what people write,
// and the spaces and dashes that word processors and web pages put in place of
// the plain ones.
func isSeparator(c rune) bool {
	return strings.ContainsRune(separators, c) || unicode.In(c, unicode.Zs, unicode.Pd)
}

// shown takes out the marks that show nothing: contact cards and office
// programs put them around a number, to keep it from left to right. The mark
// that turns digits around (U+202E) stays, and is refused: it shows a number
// other than the one that is sent.
func shown(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) && c != '\u202e' {
			return -1
		}
		return c
	}, s)
}

// tenDigits strips what is written around the ten national digits.
func tenDigits(s string) (string, Fault) {
	s = strings.TrimSpace(shown(s))
	if len(s) >= 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	s, plus := strings.CutPrefix(s, "+")
	var buf [12]byte // one more than fits, so that too many digits show
	digits := buf[:0]
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if len(digits) < cap(digits) {
				digits = append(digits, byte(r))
			}
		case !isSeparator(r):
			return "", ErrCharacter
		}
	}
	switch {
	case plus && len(digits) > 0 && digits[0] != '1':
		return "", ErrCountryCode
	case len(digits) == 11 && digits[0] == '1':
		return string(digits[1:]), ""
	case len(digits) == 10 && !plus:
		return string(digits), ""
	}
	return "", ErrLength
}

// faultOfNPA judges an area code; where names the place it belongs to when
// that is outside the United States and Canada.
func faultOfNPA(npa string) (fault Fault, where string) {
	if !isNXX(npa) || npa[1] == '9' || npa[:2] == "37" || npa[:2] == "96" {
		// N11 are service codes; N9X, 37X and 96X are held back for a
		// longer numbering plan (ATIS-0300055, NPA allocation guidelines).
		return ErrNPA, ""
	}
	switch a, _ := areaOf(npa); a.use {
	case reserved:
		return ErrTollFreeReserved, ""
	case premium:
		return ErrPremium, ""
	case other:
		return ErrNonGeographic, ""
	case abroad:
		return ErrAbroad, a.place
	}
	return "", ""
}

// isNXX reports whether three digits may stand as an area code or a central
// office code: the first is 2 to 9, and the last two are not 11.
func isNXX(three string) bool { return three[0] >= '2' && three[1:] != "11" }
