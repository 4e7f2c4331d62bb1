package api

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rows are the rows of the page's tables whose head begins so: their cells.
func rows(t *testing.T, head string) [][]string {
	t.Helper()
	page, err := os.ReadFile("../../infra/docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "\n"+head)
	if !ok {
		t.Fatalf("infra/docs/api.md has no table %q", head)
	}
	var all [][]string
	for i, line := range strings.Split(table, "\n") {
		if i < 2 { // the rest of the head, and the line below it
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		all = append(all, cells)
	}
	return all
}

var quotedForm = regexp.MustCompile("`([^`]+)`")

// quoted lists the texts in backticks.
func quoted(cell string) []string {
	var all []string
	for _, m := range quotedForm.FindAllStringSubmatch(cell, -1) {
		all = append(all, m[1])
	}
	return all
}

// verdict checks that a row says how it stands to Flowroute's documents, and gives a reason for a difference.
func verdict(t *testing.T, row []string, because string) {
	t.Helper()
	if said := row[1]; !slices.Contains([]string{"same", "more", "differs", "ours"}, said) || said != "same" && because == "" {
		t.Errorf("%s: %q because %q", row[0], said, because)
	}
}

// The page's table of calls has every route, each in one row, and no other call but the webhook. A path that ends in
// … stands for all below it.
func TestPageTellsOfEveryCall(t *testing.T) {
	told := map[string]int{}
	for _, row := range rows(t, "| call | documented |") {
		verdict(t, row, row[3])
		for _, call := range quoted(row[0]) {
			method, path, _ := strings.Cut(call, " ")
			path, _, _ = strings.Cut(path, "?")
			n := 0
			for _, r := range routes {
				below, all := strings.CutSuffix(path, "…")
				if r.method == method && (r.path == path || all && strings.HasPrefix(r.path, below)) {
					told[r.method+" "+r.path]++
					n++
				}
			}
			if n == 0 && path != "<status_url>" {
				t.Errorf("infra/docs/api.md tells of %s, which is no call", call)
			}
		}
	}
	for _, r := range routes {
		name := r.method + " " + r.path
		if want := map[string]int{"GET /v2/portorders": 2}[name]; told[name] != max(want, 1) { // the list, and a group's status
			t.Errorf("infra/docs/api.md tells of %s %d times", name, told[name])
		}
	}
}

// The page's table of attributes has every attribute of an order, read or sent, each once.
func TestPageTellsOfEveryAttribute(t *testing.T) {
	told := map[string]int{}
	for _, row := range rows(t, "| attribute | documented |") {
		verdict(t, row, row[2])
		for _, name := range quoted(row[0]) {
			told[name]++
		}
	}
	const create = "#/components/schemas/CreateRequest/properties/data/properties/attributes"
	all := append(described(t).Attributes("#/components/schemas/OrderAttributes"), described(t).Attributes(create)...)
	slices.Sort(all)
	for _, name := range slices.Compact(all) {
		if told[name] != 1 {
			t.Errorf("infra/docs/api.md tells of %s %d times", name, told[name])
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("infra/docs/api.md tells of %s, which is no attribute", name)
	}
}
