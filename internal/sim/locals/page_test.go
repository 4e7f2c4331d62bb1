package locals_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"portway/internal/sim/locals"
)

// The page's table of local numbers has every row of the simulator, each once, and tells of no line that is none.
func TestPageTellsOfEveryMagicNumber(t *testing.T) {
	raw, err := os.ReadFile("../../../infra/docs/simulators.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "\n| local | what happens |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	if !ok {
		t.Fatal("infra/docs/simulators.md has no table of local numbers")
	}
	type span struct{ first, last string }
	spans := func(digits string) (all []span) {
		for _, part := range regexp.MustCompile(`, | and `).Split(strings.TrimPrefix(digits, "line "), -1) {
			first, last, several := strings.Cut(part, "–")
			if !several {
				last = first
			}
			all = append(all, span{first, last})
		}
		return all
	}
	var told []span
	for row := range strings.Lines(table) {
		told = append(told, spans(strings.TrimSpace(strings.Split(row, "|")[1]))...)
	}
	met := make([]bool, len(told))
	for _, row := range locals.Magic() {
		for _, want := range spans(row.Digits) {
			times := 0
			for i, s := range told {
				if len(s.first) == len(want.first) && s.first <= want.first && want.last <= s.last {
					times++
					met[i] = true
				}
			}
			if times != 1 {
				t.Errorf("infra/docs/simulators.md tells of %s %d times", row.Digits, times)
			}
		}
	}
	for i, s := range told {
		if !met[i] {
			t.Errorf("infra/docs/simulators.md tells of %s–%s, which is no row", s.first, s.last)
		}
	}
}
