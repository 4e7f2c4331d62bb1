package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/text"
	"portway/internal/workflow/workflowtest"
)

// A carrier that wants SSN digits gets no second request by itself: our staff is asked what no request can do, the
// customer reads why, and the request goes again when our staff says so.
func TestTaxIDIsForPeople(t *testing.T) {
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557443", "+12065550202"}, nil)
	sent := func() int {
		n := 0
		for _, o := range w.Locals.View().Orders {
			n += 1 + o.Supplements
		}
		return n
	}
	for try := 1; ; try++ {
		w.Until("our staff is asked", w.AtDesk(id))
		o := w.Order(id)
		question := text.English.Staff(o.Desk)
		if o.Desk.Key != porting.MsgAskTaxID || !strings.Contains(question, "retry") || sent() != try {
			t.Fatalf("asked %q after %d requests, want %d\n%s", question, sent(), try, w.Story())
		}
		if reply := w.Desk(desk.Action{Action: "retry", Order: id, Initials: "AB"}); len(reply.Errors) > 0 {
			t.Fatalf("the desk can't try again: %+v", reply)
		}
		w.Until("it is answered", func() bool { return w.Order(id).Status == porting.Accepted || w.AtDesk(id)() })
		if w.Order(id).Status == porting.Accepted {
			break
		}
		if try == 3 {
			t.Fatalf("the carrier is never content\n%s", w.Story())
		}
	}
	w.Ends(id, porting.Completed)
	if !slices.ContainsFunc(w.Events(id), func(e porting.Event) bool {
		return e.Comment && strings.Contains(text.English.Event(e), "has no place for them")
	}) {
		t.Errorf("no comment says why the digits do not help\n%s", w.Story())
	}
}
