package desk

import (
	"maps"
	"slices"
	"testing"
)

// Every decision has a form, and every form a decision.
func TestEveryDecisionHasAForm(t *testing.T) {
	var have []string
	for _, f := range allForms() {
		have = append(have, f.action)
		if f.title == "" || f.does == "" || f.confirm == "" {
			t.Errorf("%s does not say what it does", f.action)
		}
	}
	want := slices.Concat(slices.Collect(maps.Keys(actions)), []string{recordAnswer}, marks)
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("there are forms for %v, and decisions %v", have, want)
	}
}

// Every decision on an account has a form, and every form a decision.
func TestEveryDecisionOnAnAccountHasAForm(t *testing.T) {
	var have []string
	for _, f := range accountForms {
		have = append(have, f.action)
		if f.title == "" || f.does == "" || f.confirm == "" {
			t.Errorf("%s does not say what it does", f.action)
		}
	}
	slices.Sort(have)
	if want := slices.Sorted(maps.Keys(accountDeeds)); !slices.Equal(have, want) {
		t.Errorf("there are forms for %v, and decisions %v", have, want)
	}
}
