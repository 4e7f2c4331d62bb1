package locals_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A question that no source answers has a key. It stands in the page about the wire, in the adapter and in the
// simulated peer.
func TestOpenQuestionsAreMarkedOnBothSides(t *testing.T) {
	page, err := os.ReadFile("../../../infra/docs/wire-locals.md")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, m := range regexp.MustCompile(`(?m)^\| (L[0-9]+) \|`).FindAllStringSubmatch(string(page), -1) {
		asked = append(asked, m[1])
	}
	slices.Sort(asked)
	if len(asked) == 0 {
		t.Fatal("the page asks nothing")
	}
	for _, side := range []string{".", "../../peer/bandwidth"} {
		files, err := filepath.Glob(filepath.Join(side, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var marked []string
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				marked = append(marked, regexp.MustCompile(`\bL[0-9]+\b`).FindAllString(string(raw), -1)...)
			}
		}
		slices.Sort(marked)
		if marked = slices.Compact(marked); fmt.Sprint(marked) != fmt.Sprint(asked) {
			t.Errorf("%s marks %v, the page asks %v", side, marked, asked)
		}
	}
}
