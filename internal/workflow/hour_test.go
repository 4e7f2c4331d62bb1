package workflow_test

import (
	"testing"

	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// The hour that the customer of a mobile number wishes goes to the peer with the date, comes back with the agreed one, and
// is told. It is the hour where the number is at home.
func TestAWishedHourComesBack(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+14165550101"}, func(d *porting.Details) { d.DesiredTime = "14:30" })
	o := w.Reach(id, porting.Accepted)
	port, _ := o.Last(porting.AskPort)
	same(t, "asked", port.AskedTime, porting.Clock("14:30"))
	same(t, "confirmed", o.FOCTime, porting.Clock("14:30"))
	same(t, "agreed day", o.FOC, o.Details.Desired)
	for _, told := range []string{"On that day it asks for 2:30 PM EST, as you wished.", "The carrier has confirmed 2:30 PM EST as the time of the day."} {
		if !says(w, id, told) {
			t.Errorf("nobody is told %q\n%s", told, w.Story())
		}
	}
}
