package workflow_test

import (
	"context"
	"testing"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

// earlier is a store whose first answer is the order as it was.
type earlier struct {
	orders.Store
	was  porting.Order
	read bool
}

func (e *earlier) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	if !e.read {
		e.read = true
		return e.was, nil
	}
	return e.Store.Load(ctx, id)
}

// An order ends just after a step has read it. The step says that its run is over, or leaves its token for the driver, and
// fails with nothing that anybody would have to look at.
func TestAStepThatIsOvertakenByTheOrdersEnd(t *testing.T) {
	for _, machine := range []porting.Machine{porting.CSRMachine, porting.LSRMachine} {
		for _, end := range []porting.Status{porting.Completed, porting.Cancelled} {
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{local(1)}, nil)
			w.Until(string(machine), func() bool { return w.Order(id).Driver.Machine == machine })
			was := w.Order(id)
			if end == porting.Cancelled {
				w.Do(id, porting.HardCancel{By: storetest.Staff, Why: "The customer called.", Force: true})
			} else {
				w.Ends(id, end)
			}
			for _, row := range workflow.Steps() {
				if row.Machine != machine {
					continue
				}
				t.Run(string(machine)+" "+string(row.Step)+" "+string(end), func(t *testing.T) {
					book := *w.Book
					book.Store = &earlier{Store: w.Book.Store, was: was}
					tasks := &workflow.Tasks{Machine: machine, Book: &book, Peers: w.Peers, Pace: w.Pace, Files: w.Files,
						Open: func(_ context.Context, o porting.Order) (porting.Order, error) { return o, nil }}
					_, err := tasks.Run(t.Context(), workflow.Input{Order: id, Run: was.Driver.Run, Step: row.Step,
						Token: porting.NewSecret("token"), Entered: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
					if err != nil && (!row.Token || !porting.Is(err, porting.Settled)) {
						t.Errorf("%v", err)
					}
				})
			}
		}
	}
}
