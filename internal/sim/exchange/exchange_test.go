package exchange_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"portway/internal/sim/exchange"
)

// The page's table of the switch has every row, and no other.
func TestPageTellsOfEveryLine(t *testing.T) {
	raw, err := os.ReadFile("../../../infra/docs/simulators.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "\n| line | what happens |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	if !ok {
		t.Fatal("infra/docs/simulators.md has no table of the switch")
	}
	rows := map[string]string{}
	for row := range strings.Lines(table) {
		parts := strings.Split(row, "|")
		rows[strings.TrimSpace(parts[1])] = strings.TrimSpace(parts[2])
	}
	for _, row := range exchange.Magic() {
		if rows[row.Digits] != row.Story {
			t.Errorf("the page tells of %s as %q, not %q", row.Digits, rows[row.Digits], row.Story)
		}
		delete(rows, row.Digits)
	}
	if len(rows) > 0 {
		t.Errorf("the page tells of lines that there are not: %v", rows)
	}
}

// The switch answers as its table says, and refuses calls of another form.
func TestAnswer(t *testing.T) {
	const place = `,"location":{"street":"12 Example Ave"}`
	call := func(step, tn, more string) string {
		return `{"schema":"1","step":"` + step + `","key":"k","order":"1","account":"acme","kind":"local","date":"2027-03-16","numbers":["` + tn + `"]` + more + `}`
	}
	for _, test := range []struct{ name, call, answer, reason string }{
		{"prepared", call("prepare", "+12065550101", place), "ready", ""},
		{"slow", call("activate", "+12065559801", ""), "later", "queued"},
		{"slow, asked again", call("activate", "+12065559801", `,"again":true`), "ready", ""},
		{"refused", call("prepare", "+12065559802", place), "refused", "no_trunk"},
		{"asked again by a person", call("prepare", "+12065559802", place+`,"round":1`), "ready", ""},
		{"refused for good", call("prepare", "+12065559803", place+`,"round":3`), "refused", "address_unknown"},
		{"a test call that fails", call("check", "+12065559805", ""), "refused", "no_answer"},
		{"another step", call("activate", "+12065559805", ""), "ready", ""},
		{"undone", call("undo", "+12065550101", ""), "ready", ""},
		{"prepared without a place", call("prepare", "+12065550101", ""), "", ""},
		{"no step of ours", call("dance", "+12065550101", ""), "", ""},
		{"no E.164", call("check", "2065550101", ""), "", ""},
		{"no JSON", "<a>", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw, err := exchange.Answer([]byte(test.call))
			if test.answer == "" {
				if err == nil {
					t.Errorf("it answers %s", raw)
				}
				return
			}
			var got struct {
				Numbers []struct{ Answer, Reason string }
			}
			if err != nil || json.Unmarshal(raw, &got) != nil || len(got.Numbers) != 1 ||
				got.Numbers[0].Answer != test.answer || got.Numbers[0].Reason != test.reason {
				t.Errorf("%s, %v", raw, err)
			}
		})
	}
}
