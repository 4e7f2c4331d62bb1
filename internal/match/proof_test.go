package match_test

import (
	"testing"

	"portway/internal/match"
)

func TestProves(t *testing.T) {
	for _, tt := range []struct {
		name          string
		order, record match.Side
		want          bool
	}{
		{"the same number", match.Side{AccountNumber: "A-1234"}, match.Side{AccountNumber: "A-1234"}, true},
		{"other case", match.Side{AccountNumber: "a1234"}, match.Side{AccountNumber: "A1234"}, true},
		{"other punctuation", match.Side{AccountNumber: "12.34/5"}, match.Side{AccountNumber: "1 2345"}, true},
		{"leading zeros", match.Side{AccountNumber: "1234"}, match.Side{AccountNumber: "00-1234"}, true},
		{"all of it at once", match.Side{AccountNumber: "a 1234"}, match.Side{AccountNumber: "0A-1234"}, true},
		{"zeros inside", match.Side{AccountNumber: "1034"}, match.Side{AccountNumber: "134"}, false},
		{"a digit more", match.Side{AccountNumber: "12345"}, match.Side{AccountNumber: "1234"}, false},
		{"none on the order", match.Side{}, match.Side{AccountNumber: "1234"}, false},
		{"none on the record", match.Side{AccountNumber: "1234"}, match.Side{}, false},
		{"none on either", match.Side{}, match.Side{}, false},
		{"zeros alone", match.Side{AccountNumber: "000"}, match.Side{AccountNumber: "0"}, false},
		{"punctuation alone", match.Side{AccountNumber: "--"}, match.Side{AccountNumber: "-"}, false},
		{"the billing number of the record", match.Side{AccountNumber: "206-555-0101"},
			match.Side{AccountNumber: "2065550101", BTN: "+12065550101"}, false},
		{"the billing number of the order", match.Side{AccountNumber: "2065550101", BTN: "+12065550101"},
			match.Side{AccountNumber: "2065550101"}, false},
		{"the ported number", match.Side{AccountNumber: "1 206 555 0101", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "1-206-555-0101"}, false},
		{"ten digits of their own", match.Side{AccountNumber: "2065550199", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "2065550199", BTN: "2065550101"}, true},
		{"the number with zeros and ones behind it", match.Side{AccountNumber: "206-555-0101-001", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "2065550101001"}, false},
		{"the number with zeros before it", match.Side{AccountNumber: "002065550101", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "2065550101"}, false},
		{"the number with a code of the customer's", match.Side{AccountNumber: "206-555-0101-437", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "2065550101437"}, true},
		{"the number in full width", match.Side{AccountNumber: "２065550101", Numbers: []string{"+12065550101"}},
			match.Side{AccountNumber: "２065550101"}, false},
		{"a word in its place", match.Side{AccountNumber: "n/a"}, match.Side{AccountNumber: "N/A"}, false},
		{"a longer word", match.Side{AccountNumber: "unknown"}, match.Side{AccountNumber: "UNKNOWN"}, false},
		{"two digits", match.Side{AccountNumber: "0047"}, match.Side{AccountNumber: "47"}, false},
		{"three digits", match.Side{AccountNumber: "000123"}, match.Side{AccountNumber: "123"}, true},
		{"one digit all over", match.Side{AccountNumber: "999999999"}, match.Side{AccountNumber: "999-999-999"}, false},
		{"letters and four digits", match.Side{AccountNumber: "AB-4711"}, match.Side{AccountNumber: "ab4711"}, true},
		{"everything but the account number", match.Side{Name: "A B", Zip: "98101", BTN: "2065550101", AccountNumber: "7"},
			match.Side{Name: "A B", Zip: "98101", BTN: "2065550101", AccountNumber: "8"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := match.Proves(tt.order, tt.record); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
			if back := match.Proves(tt.record, tt.order); back != tt.want {
				t.Errorf("the other way round: %v, want %v", back, tt.want)
			}
		})
	}
}

func TestMarksOnly(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"12 Elm Rd.", "12 ELM RD", true},
		{"12-A Elm", "12A ELM", true},
		{"O'Brien", "OBRIEN", true},
		{"12 Elm Road", "12 ELM RD", false},
		{"98101", "98101-1234", false},
		{"Pat Example", "PAT Q EXAMPLE", false},
	} {
		if got := match.MarksOnly(tt.a, tt.b); got != tt.want {
			t.Errorf("%q and %q: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}
