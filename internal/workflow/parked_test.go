package workflow_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// sesPaused is SES's answer for an account whose sending is paused.
var sesPaused = &smithyhttp.ResponseError{
	Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusBadRequest}},
	Err:      &types.SendingPausedException{},
}

// parkedOnly ends the test unless one piece of work is parked, of the kind and the order, and returns its row of the
// staff's queue.
func parkedOnly(t *testing.T, w *workflowtest.World, id porting.OrderID, kind orders.DueKind) orders.Queued {
	t.Helper()
	parked := w.Parked()
	if len(parked) != 1 || parked[0].Order != id || parked[0].Of != kind {
		t.Fatalf("parked: %+v\n%s", parked, w.Story())
	}
	q, err := w.Memory.Queued(t.Context(), parked[0])
	if err != nil || q.Kind != kind || q.Why.IsZero() {
		t.Fatalf("the staff's queue says %+v (%v)", q, err)
	}
	return q
}

// SES is paused for more than a day while an order is given back. The customer gets the mail when the pause is over.
func TestARejectionMailOutlivesAPauseOfSES(t *testing.T) {
	for _, pause := range []time.Duration{25 * time.Hour, 26 * time.Hour, 10 * 24 * time.Hour} {
		t.Run(pause.String(), func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{"+12065557625"}, nil)
			w.Until("the machine waits for the desk", func() bool { return w.Order(id).Wait.For == porting.WaitDesk })
			paused := true
			w.Trouble = func(call string) error {
				if paused && call == "ses:SendEmail" {
					return sesPaused
				}
				return nil
			}
			begins := w.Now()
			w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB",
				Reasons: []desk.Reason{{Code: porting.PortFreeze}}})
			w.Pass(pause)
			if q := parkedOnly(t, w, id, orders.DueEvent); q.Since.Sub(begins) < 24*time.Hour ||
				q.Since.Sub(begins) > 25*time.Hour {
				t.Errorf("parked since %s of a pause that began at %s", q.Since, begins)
			}
			same(t, "mails", len(told(w)), 0)
			paused = false
			over := w.Now()
			w.Until("the mail is sent", func() bool { return len(told(w)) > 0 && w.Quiet() })
			same(t, "mails", told(w), []string{"rejected"})
			if late := w.Now().Sub(over); late > 24*time.Hour+time.Minute {
				t.Errorf("the mail was sent %s after the pause", late)
			}
			same(t, "parked", len(w.Parked()), 0)
		})
	}
}

// For more than a day no look at an order comes to anything, and the peer sends no notices. The status check goes on by
// itself when that is over, and the order completes.
func TestAnOrderOutlivesADayWithoutAStatusCheck(t *testing.T) {
	const day = 26 * time.Hour
	for name, test := range map[string]struct {
		trouble func(w *workflowtest.World, begins bool)
		parks   bool
	}{
		"the peer knows no such order": {trouble: func(w *workflowtest.World, begins bool) { w.Absent = begins }},
		"the check can't be written down": {parks: true, trouble: func(w *workflowtest.World, begins bool) {
			w.Trouble = func(call string) error {
				if begins && call == "store:Commit checked" {
					return errors.New("throttled")
				}
				return nil
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The carrier answers after the first check, so that only a later one can tell of the answer.
			w := workflowtest.New(t, workflowtest.Options{NoNotices: true, Step: 5 * 24 * time.Hour})
			id := w.Signed([]string{local(1)}, nil)
			w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
			first := w.Order(id).Due[porting.DueCheck]
			test.trouble(w, true)
			w.Pass(first.Sub(w.Now()) + day)
			if test.parks {
				if q := parkedOnly(t, w, id, orders.DueKind(porting.DueCheck)); q.Since.Sub(first) < 24*time.Hour {
					t.Errorf("parked since %s, first due at %s", q.Since, first)
				}
			}
			test.trouble(w, false)
			w.Ends(id, porting.Completed)
			same(t, "parked", len(w.Parked()), 0)
			once(t, w)
		})
	}
}

// No execution can be looked up for a day. The watch over the driver is parked, looks again by itself, and replaces the
// driver that died meanwhile.
func TestADriverIsWatchedAfterALongOutage(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 10 * 24 * time.Hour}) // and nothing else happens meanwhile
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	down := true
	w.Trouble = func(call string) error {
		if down && call == "states:DescribeExecution" {
			return errors.New("throttled")
		}
		return nil
	}
	w.Until("the watch is parked", func() bool { return len(w.Parked()) > 0 })
	parkedOnly(t, w, id, orders.DueKind(porting.DueDriver))
	w.Machines.Kill()
	down = false
	over := w.Now()
	w.Until("the driver is replaced", func() bool { return slices.Contains(w.Kinds(id), porting.Redriven) })
	if late := w.Now().Sub(over); late > 7*time.Hour {
		t.Errorf("the driver was replaced %s after the outage", late)
	}
	w.Ends(id, porting.Completed)
	same(t, "parked", len(w.Parked()), 0)
	once(t, w)
}
