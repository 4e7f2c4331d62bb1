package somos

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The page's table of toll-free numbers has every row of the simulated registry, each once, and tells of no row that
// does not exist.
func TestPageTellsOfEveryMagicNumber(t *testing.T) {
	raw, err := os.ReadFile("../../../infra/docs/simulators.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "\n| toll-free | what happens |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	if !ok {
		t.Fatal("infra/docs/simulators.md has no table of toll-free numbers")
	}
	told := map[string]int{} // by the digits, two or four of them
	for line := range strings.Lines(table) {
		cell := strings.Split(line, "|")[1]
		for _, m := range regexp.MustCompile(`(\d+)(?:–(\d+))?`).FindAllStringSubmatch(cell, -1) {
			for _, digits := range each(t, m[1], m[2]) {
				told[digits]++
			}
		}
	}
	for _, row := range Magic() {
		first, last, _ := strings.Cut(row.Digits, "-")
		for _, digits := range each(t, first, last) {
			if told[digits] != 1 {
				t.Errorf("infra/docs/simulators.md tells of %s %d times (%s)", digits, told[digits], row.What)
			}
			delete(told, digits)
		}
	}
	for digits := range told {
		t.Errorf("infra/docs/simulators.md tells of %s, which no row has", digits)
	}
}

// each lists the numbers from first to last, in the digits of first. Without last it is first alone.
func each(t *testing.T, first, last string) []string {
	from, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	to := from
	if last != "" {
		if to, err = strconv.Atoi(last); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for n := from; n <= to; n++ {
		digits := strconv.Itoa(n)
		all = append(all, strings.Repeat("0", len(first)-len(digits))+digits)
	}
	return all
}
