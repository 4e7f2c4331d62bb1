package workflow_test

import (
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// A carrier that asks for the LOA once the numbers have moved opens a case by itself, once; the LOA goes to the carrier, and
// a note says so.
func TestACarrierAsksForTheLOA(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
	id := w.Signed([]string{"+12065557531"}, nil)
	w.Ends(id, porting.Completed)
	w.Until("a case is open and the carrier is answered", func() bool {
		orders := w.Locals.View().Orders
		return w.Order(id).Authority.Open() && orders[0].Notes > 1 && w.Order(id).Authority.Pack != ""
	})
	a := w.Order(id).Authority
	same(t, "raised by", a.Raised, porting.RaisedByCarrier)
	if !strings.Contains(a.Who, "signed LOA today") || a.Ends.IsZero() {
		t.Errorf("the case is %+v", a)
	}
	o := w.Locals.View().Orders[0]
	same(t, "LOAs", o.LOAs, 1)
	same(t, "notes", o.Notes, 2)
	opened := 0
	for _, e := range w.Events(id) {
		if e.Kind == porting.CaseOpened {
			opened++
		}
	}
	same(t, "cases", opened, 1)
}
