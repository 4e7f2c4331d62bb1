package workflow_test

import (
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// The request for a Canadian mobile number that is signed in the evening goes out on the next morning where the number is
// at home, and the customer has read both before. The address is one in the US.
func TestTheHolderIsAskedInTheMorning(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	w.Pass(10 * time.Hour) // 22:00 in Toronto
	id := w.Signed([]string{"+14165550101"}, nil)
	w.Until("the request is sent", func() bool {
		port, ok := w.Order(id).Last(porting.AskPort)
		return ok && !port.Sent.IsZero()
	})
	port, _ := w.Order(id).Last(porting.AskPort)
	if want := time.Date(2027, 1, 6, 14, 0, 0, 0, time.UTC); port.Sent.Before(want) || port.Sent.After(want.Add(10*time.Minute)) {
		t.Errorf("sent at %s, want %s\n%s", port.Sent, want, w.Story())
	}
	for _, words := range []string{"refuses the port unless the holder says yes within 90 minutes",
		"The request goes to the carrier on Wednesday, January 6, 2027 at 9:00 in the time zone of the number"} {
		if !says(w, id, words) {
			t.Errorf("nobody says %q\n%s", words, w.Story())
		}
	}
	mails := 0
	for _, subject := range w.SES.Subjects() {
		if strings.Contains(subject, "the holder has to answer a message") {
			mails++
		}
	}
	if mails != 1 {
		t.Errorf("%d mails tell of the message to the holder before the request: %q", mails, w.SES.Subjects())
	}
	o := w.Ends(id, porting.Completed)
	if o.Class != porting.CanadaWireless || o.CSRSettled && len(o.Attempts) != 1 {
		t.Errorf("the order is %s with %d attempts", o.Class, len(o.Attempts))
	}
}
