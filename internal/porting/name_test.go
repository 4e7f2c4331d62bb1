package porting

import (
	"os"
	"strings"
	"testing"
)

// Names of many cultures, each with what a porting desk takes it for.
func TestPersons(t *testing.T) {
	raw, err := os.ReadFile("testdata/persons.tsv")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	seen := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 3 || columns[1] != "person" && columns[1] != "none" || seen[columns[0]] {
			t.Errorf("not a line of the table, or a second one: %q", line)
			continue
		}
		seen[columns[0]] = true
		counts[columns[1]]++
		t.Run(columns[0], func(t *testing.T) {
			if got := isPerson(columns[0]); got != (columns[1] == "person") {
				t.Errorf("a person: %t, want %s (%s); its words are %q", got, columns[1], columns[2], nameWords(columns[0]))
			}
		})
	}
	if counts["person"] < 120 || counts["none"] < 80 {
		t.Errorf("too few names: %v", counts)
	}
}
