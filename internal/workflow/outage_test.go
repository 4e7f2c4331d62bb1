package workflow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// Whatever is away, and for however long, no order is left to our staff for it: each goes on when it is back. The outage
// begins between two steps of the machines, a little before the second, which is to read the carrier's record. One of
// less than three hours asks nobody even for a while.
func TestAnOutageLeavesNothingToStaff(t *testing.T) {
	for _, what := range []string{"store:", "kms:"} {
		for _, away := range []time.Duration{
			30 * time.Second, 5 * time.Minute, 15 * time.Minute, 3 * time.Hour, 26 * time.Hour,
		} {
			t.Run(what+" "+away.String(), func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, workflowtest.Options{})
				var ids []porting.OrderID
				for n := range 20 {
					ids = append(ids, w.Signed([]string{fmt.Sprintf("+12065%02d0101", 20+n)}, nil))
				}
				w.Until("each carrier is asked for its record", func() bool {
					return !slices.ContainsFunc(ids, func(id porting.OrderID) bool {
						csr, _ := w.Order(id).Last(porting.AskCSR)
						return csr.Sent.IsZero()
					})
				})
				w.Pass(4*time.Minute + 50*time.Second) // the record is read after 5 minutes
				w.Begin(workflowtest.Outage{What: what, For: away})
				w.Pass(away + 26*time.Hour)
				for _, id := range ids {
					if o := w.Order(id); !o.Desk.IsZero() {
						t.Errorf("the order waits for a person: %v", o.Desk)
					}
					if away <= 3*time.Hour && slices.Contains(w.Kinds(id), porting.DeskAsked) {
						t.Error("a person was asked about an outage that is over by itself")
					}
				}
				for _, id := range ids {
					w.Ends(id, porting.Completed)
				}
			})
		}
	}
}

// What an outage has left to our staff all the same comes back without them, all of it together.
func TestWhatAnOutageLeftComesBack(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	var ids []porting.OrderID
	for n := range 3 {
		ids = append(ids, w.Signed([]string{fmt.Sprintf("+12065%02d0101", 20+n)}, nil))
	}
	w.Begin(workflowtest.Outage{What: "kms:Decrypt", For: 20 * time.Hour})
	w.Until("all are at the desk", func() bool {
		for _, id := range ids {
			if w.Order(id).Desk.IsZero() {
				return false
			}
		}
		return true
	})
	w.Pass(8 * time.Hour)
	for _, id := range ids {
		if o := w.Order(id); o.Status != porting.Submitted && o.Status != porting.Accepted || !o.Desk.IsZero() {
			t.Errorf("order %s is %s and waits for %v\n%s", o.ID, o.Status, o.Desk, w.Story())
		}
	}
	for _, id := range ids {
		w.Ends(id, porting.Completed)
	}
}

// A token whose execution waits on another one is replaced by a new run, and so is one that is missing.
func TestNobodyHoldsTheToken(t *testing.T) {
	for _, test := range []struct {
		name string
		harm func(w *workflowtest.World, id porting.OrderID)
	}{
		{"a dead token of an older try is there", func(w *workflowtest.World, id porting.OrderID) {
			w.Do(id, porting.Await{By: porting.By{Role: porting.System}, For: porting.WaitAnswer, Token: porting.NewSecret("dead")})
		}},
		{"none is there", func(w *workflowtest.World, id porting.OrderID) {
			w.Do(id, porting.Resume{By: porting.By{Role: porting.System}, Seq: w.Order(id).Wait.Seq})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Step: 6 * time.Hour})
			id := w.Signed([]string{local(1)}, nil)
			w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
			test.harm(w, id)
			o := w.Reach(id, porting.Completed)
			if o.Driver.Run < 2 {
				t.Errorf("the order was brought to its end by run %d", o.Driver.Run)
			}
			for _, e := range w.Machines.Executions() {
				if e.Status == types.ExecutionStatusFailed {
					t.Errorf("execution %s failed", e.Name)
				}
			}
		})
	}
}

// The token of an older try never takes the place of a newer one.
func TestAnOlderTryLeavesNoToken(t *testing.T) {
	entered := workflowtest.Start
	fence := func(after time.Duration, try int) porting.Fence {
		return porting.Fence{Entered: entered.Add(after), Try: try}
	}
	for _, test := range []struct {
		name        string
		first, then porting.Fence
		taken       bool
	}{
		{"the next try", fence(0, 0), fence(0, 1), true},
		{"the next state", fence(0, 3), fence(time.Second, 0), true},
		{"the same try again", fence(0, 1), fence(0, 1), true},
		{"an older try", fence(0, 1), fence(0, 0), false},
		{"an older state", fence(time.Second, 0), fence(0, 5), false},
		{"an execution of an earlier release", fence(0, 1), porting.Fence{}, true},
	} {
		for _, resumed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, resumed=%v", test.name, resumed), func(t *testing.T) {
				w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
				id := w.Signed([]string{local(1)}, nil)
				w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
				system := porting.By{Role: porting.System}
				first, then := test.first, test.then
				first.Entered = first.Entered.Add(48 * time.Hour)
				if !then.Entered.IsZero() {
					then.Entered = then.Entered.Add(48 * time.Hour)
				}
				w.Do(id, porting.Await{By: system, For: porting.WaitAnswer, Token: porting.NewSecret("first"), Fence: first})
				if resumed {
					w.Do(id, porting.Resume{By: system, Seq: w.Order(id).Wait.Seq})
				}
				w.Do(id, porting.Await{By: system, For: porting.WaitAnswer, Token: porting.NewSecret("then"), Fence: then})
				same(t, "taken", w.Order(id).Wait.Token.Reveal() == "then", test.taken)
			})
		}
	}
}
