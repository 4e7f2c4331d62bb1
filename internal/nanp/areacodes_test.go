package nanp

import (
	"regexp"
	"strings"
	"testing"
)

// Look-ups rely on it: each list is three-digit codes with single spaces, and
// no code is in two places.
func TestAreaCodesOnce(t *testing.T) {
	lists := []string{tollFree, tollFreeReserved, nonGeographic, "900"}
	for _, a := range abroad {
		lists = append(lists, a.npas)
	}
	for _, p := range places {
		lists = append(lists, p.npas)
	}
	form := regexp.MustCompile(`^[2-9]\d\d( [2-9]\d\d)*$`)
	seen := map[string]bool{}
	for _, list := range lists {
		if !form.MatchString(list) {
			t.Errorf("not a list of area codes: %q", list)
		}
		for _, npa := range strings.Fields(list) {
			if seen[npa] {
				t.Errorf("%s is listed twice", npa)
			}
			seen[npa] = true
		}
	}
}
