package main

import (
	"strings"
	"testing"

	"portway/internal/carrier"
	"portway/internal/porting"
)

// An operator sets, shows, takes back and removes what a carrier wants, and reads who did it.
func TestCarriers(t *testing.T) {
	s := newStack(t)
	for _, step := range []struct {
		line string
		code int
		says []string // in what is printed, or else among the problems
	}{
		{"carriers list -table T", done, []string{"cox", "Cox", "tds"}},
		{"carriers show -table T -carrier cox", done, []string{"complex.days published 4", "it has answered: 0"}},
		{"carriers show -table T -carrier example", notDone, []string{`there is no carrier "example"`}},
		{"carriers history -table T", done, []string{"0 changes."}},
		{"carriers set -table T -carrier cox -set complex.days=5 -set csr.given=no -by AB -why Told.", done,
			[]string{`complex.days set to "5"`, `csr.given set to "no"`, "AB: Told.", "within a minute"}},
		{"carriers set -table T -carrier cox -set complex.days=5 -by AB -why Told.", done, []string{"Nothing has changed"}},
		{"carriers show -table T -carrier cox", done, []string{"complex.days operator 5", "csr.given operator no"}},
		{"carriers set -table T -carrier cox -set complex.days=6 -by CD -why Again.", done, []string{`complex.days set to "6", was "5"`}},
		{"carriers set -table T -carrier cox -set complex.days=0 -set fee=1 -by CD -why Again.", notDone, []string{"complex.days: ", "fee: There is no such field."}},
		{"carriers set -table T -carrier cox -set complex.days -by CD -why Again.", notUnderstood, []string{"field=value"}},
		{"carriers set -table T -carrier cox -set a=1 -set a=2 -by CD -why Again.", notUnderstood, []string{"field=value"}},
		{"carriers set -table T -carrier cox -by CD -why Again.", notDone, []string{"Name at least one field."}},
		{"carriers set -table T -carrier cox -set complex.days=6 -why Again.", notUnderstood, []string{"-by is missing"}},
		{"carriers set -table T -carrier cox -set complex.days=6 -by CD", notUnderstood, []string{"-why is missing"}},
		{"carriers unset -table T -carrier cox -field csr.given -by AB -why Wrong.", done, []string{`csr.given taken back, was "no"`}},
		{"carriers unset -table T -carrier cox -field csr.given -by AB -why Wrong.", notDone, []string{"csr.given: It is not set."}},
		{"carriers add -table T -carrier extel -set name=Extel -set kind=wireline -set spids=9X01 -by AB -why New.", done, []string{`name set to "Extel"`}},
		{"carriers add -table T -carrier extel -set name=Extel -set kind=wireline -by AB -why New.", notDone, []string{"already"}},
		{"carriers list -table T", done, []string{"extel", "9X01", "operator"}},
		{"carriers remove -table T -carrier extel -by AB -why Gone.", done, []string{"taken back"}},
		{"carriers show -table T -carrier extel", notDone, []string{"no carrier"}},
		{"carriers remove -table T -carrier tds -by AB -why Gone.", notDone, []string{"Nothing is set about tds"}},
		{"carriers history -table T -carrier cox", done, []string{"AB: Told.", "CD: Again.", "AB: Wrong.", "3 changes."}},
		{"carriers history -table T", done, []string{"AB: New.", "AB: Gone.", "5 changes."}},
	} {
		t.Run(step.line, func(t *testing.T) {
			code, out, problems := s.run(t, strings.Fields(step.line)...)
			if code != step.code {
				t.Fatalf("code %d, want %d: %s%s", code, step.code, out, problems)
			}
			for _, want := range step.says {
				if !strings.Contains(strings.Join(strings.Fields(out+problems), " "), want) {
					t.Errorf("it does not say %q:\n%s%s", want, out, problems)
				}
			}
		})
	}
}

// Our staff sees what orders have shown before customers do.
func TestFiguresForStaff(t *testing.T) {
	s := newStack(t)
	l := porting.Learned{Orders: 4, Refused: map[porting.ReasonCode]int{porting.PINInvalid: 1}}
	l.FOC[2] = 4
	s.carriers.Counters = map[string]porting.Learned{"cox": l}
	_, out, _ := s.run(t, "carriers", "show", "-table", "T", "-carrier", "cox")
	for _, want := range []string{"it has answered: 4", "FOC: half of 4 within 2 business days", "refused for PIN_INVALID: 1 (25 %)",
		"customers see figures from 20 orders of 3 accounts on"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
}

// The help names every field that can be set.
func TestHelpNamesFields(t *testing.T) {
	for _, field := range carrier.SettableFields() {
		if !strings.Contains(fieldList(), field) {
			t.Errorf("%s is missing", field)
		}
	}
}
