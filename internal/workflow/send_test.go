package workflow

import (
	"slices"
	"testing"

	"portway/internal/porting"
)

// The step Send has an outcome for every cause for which it asks nothing of the carrier, and no other.
func TestEveryCauseHasAnOutcome(t *testing.T) {
	asks := []porting.Cause{
		porting.CauseWithdrawing, porting.CausePlanned, porting.CauseFirst, porting.CauseChange, porting.CauseOver,
	}
	i := slices.IndexFunc(Steps(), func(r StepRow) bool { return r.Step == Send })
	for _, cause := range porting.Causes() {
		t.Run(string(cause), func(t *testing.T) {
			switch outcome, ok := unsent[cause]; {
			case ok == slices.Contains(asks, cause):
				t.Errorf("it has an outcome of its own: %v", ok)
			case ok && !slices.Contains(Steps()[i].Outcomes, outcome):
				t.Errorf("the step has no outcome %q", outcome)
			}
		})
	}
	if len(unsent)+len(asks) != len(porting.Causes()) {
		t.Errorf("%d causes have outcomes, %d ask, and there are %d", len(unsent), len(asks), len(porting.Causes()))
	}
}
