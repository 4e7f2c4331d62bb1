package match

import (
	"strings"
	"testing"
)

// A word of a table stands for one thing.
func TestTablesAreClear(t *testing.T) {
	for name, table := range map[string]string{"suffixes": suffixes, "directionals": directionals} {
		seen := map[string]string{}
		for line := range strings.Lines(table) {
			for _, w := range strings.Fields(line) {
				if at, ok := seen[w]; ok {
					t.Errorf("%s: %q stands in %q and in %q", name, w, at, line)
				}
				seen[w] = line
				if first, ok := standard(table, w); !ok || first != strings.Fields(line)[0] {
					t.Errorf("%s: %q is found as %q, %v", name, w, first, ok)
				}
			}
		}
	}
	for _, table := range []string{legalForms, shortForms, designators, generations, titlesBefore, states, smallNumbers,
		ordinals} {
		seen := map[string]bool{}
		for _, row := range strings.Fields(strings.ReplaceAll(table, "= ", "=- ")) {
			word, _, ok := strings.Cut(row, "=")
			if !ok || seen[word] {
				t.Errorf("%q: no row, or a second one", row)
			}
			seen[word] = true
		}
	}
}

func TestRoutesStandOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes {
		if seen[r.written] {
			t.Errorf("%q twice", r.written)
		}
		seen[r.written] = true
	}
}
