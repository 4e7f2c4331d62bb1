package bandwidth

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portway/internal/porting"
)

// lines are a testdata file's, without blanks and comments.
func lines(t *testing.T, name string) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(string(raw), "\n"), func(l string) bool { return l == "" || l[0] == '#' })
}

func TestEveryPublishedCodeIsDecided(t *testing.T) {
	decided := warnings
	for _, row := range codes {
		decided += " " + row.code + " "
	}
	published := 0
	for _, line := range lines(t, "codes.txt") {
		span, words, _ := strings.Cut(line, " ")
		from, to, ok := strings.Cut(span, "-")
		if !ok {
			to = from
		}
		first, err := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err != nil || err2 != nil || last < first || words == "" {
			t.Fatalf("no codes in %q", line)
		}
		for n := first; n <= last; n++ {
			published++
			if !is(decided, strconv.Itoa(n)) {
				t.Errorf("%d is not decided: %s", n, words)
			}
		}
	}
	if published < 300 {
		t.Errorf("only %d codes were read", published)
	}
}

func TestCodesAreInTheTableOfReasons(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range codes {
		if row.reason.Info().Code != row.reason {
			t.Errorf("%s: no reason %s", row.code, row.reason)
		}
		for _, c := range strings.Fields(row.code) {
			if is(warnings, c) || seen[c+row.vendor] {
				t.Errorf("%s stands twice, or is a warning", c)
			}
			seen[c+row.vendor] = true
		}
	}
}

func TestCodesAreText(t *testing.T) {
	for _, c := range []struct {
		code, vendor string
		want         porting.ReasonCode
	}{
		{"7418", "6J", "HIGH_VOLUME_MANUAL"},
		{"7434", "E24", "PORT_TYPE_INCORRECT"},
		{"7434", "E6h", "BTN_REMAINING"},
		{"7434", "", "BTN_REMAINING"},
		{"16008", "", "ACCOUNT_UNPAID"},
		{"07401", "", "ACCOUNT_UNPAID"}, // another code than 7401
		{"6205", "E40", "TN_ALREADY_OURS"},
		{"7417", "", "ACCOUNT_UNPAID"}, // by its words
		{"7401", "", porting.AccountMismatch},
	} {
		f := fault{code: c.code, text: "refused, balance due [" + c.vendor + "]"}
		if got := reasonCode(f); got != c.want {
			t.Errorf("%s [%s] is %s, want %s", c.code, c.vendor, got, c.want)
		}
		if r := reasons([]fault{f}); r[0].Raw != c.code {
			t.Errorf("%s became %s", c.code, r[0].Raw)
		}
	}
}
