package nanp

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Look-ups rely on it: each line has five columns, the last is three-digit
// codes with single spaces, and no code is in two places.
func TestAreaCodesOnce(t *testing.T) {
	form := regexp.MustCompile(`^[2-9]\d\d( [2-9]\d\d)*$`)
	uses := []string{"US", "CA", tollFree, reserved, premium, other, abroad}
	seen := map[string]bool{}
	for line := range strings.Lines(areaCodes) {
		if line[0] == '#' {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 5 || !slices.Contains(uses, columns[0]) || columns[3] == "" || !form.MatchString(columns[4]) {
			t.Errorf("not a line of the table: %q", line)
			continue
		}
		place := columns[0] == "US" || columns[0] == "CA"
		if _, err := time.LoadLocation(columns[1]); err != nil || place != (columns[1] != "") {
			t.Errorf("%s: zone %q", columns[3], columns[1])
		}
		if _, err := time.Parse(time.DateOnly, columns[2]); columns[2] != "" && (err != nil || !place) {
			t.Errorf("%s: since %q", columns[3], columns[2])
		}
		for _, npa := range strings.Fields(columns[4]) {
			if seen[npa] {
				t.Errorf("%s is listed twice", npa)
			}
			seen[npa] = true
			if a, ok := areaOf(npa); !ok || a.use != columns[0] || a.place != columns[3] {
				t.Errorf("%s is found as %+v", npa, a)
			}
		}
	}
	if len(seen) < 480 {
		t.Errorf("only %d area codes", len(seen))
	}
}
