package workflow_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/workflow/workflowtest"
)

// A peer's information about an order that goes on stops nothing: nobody is asked, and nothing is repaired.
func TestInformationStopsNothing(t *testing.T) {
	for line, why := range map[string]string{
		"6100": "the partner tries again by itself", "7418": "the date may slip", "7423": "other numbers fail", "7444": "the carrier's systems fail",
		"7484": "the peer's staff corrects it", "7485": "the peer's staff makes several orders of it", "7515": "a warning stands beside the order",
		"7526": "answers are written in the peer's other ways",
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{"+1206555" + line}, nil)
			w.Ends(id, porting.Completed)
			for _, kind := range w.Kinds(id) {
				if slices.Contains([]porting.EventKind{porting.Refused, porting.Repaired, porting.DeskAsked, porting.Corrected}, kind) {
					t.Errorf("%s\n%s", kind, w.Story())
				}
			}
			once(t, w)
		})
	}
}

// What a peer says and nobody understands is for our staff, and the order stays as it is.
func TestWhatNobodyUnderstandsIsForStaff(t *testing.T) {
	for name, test := range map[string]struct {
		line   string
		stands porting.Status
		says   string
		told   []string
	}{
		"a state that nobody has published": {"7528", porting.Accepted, "“ON_HOLD”", []string{"accepted"}},
		"a date that can't be read":         {"7529", porting.Submitted, "“FOC of to be agreed”", nil},
		// The date is off, which the customer has to know.
		"a port that was undone": {"7527", porting.Submitted, "Port undone", []string{"accepted", "the"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{"+1206555" + test.line}, nil)
			w.Until("a person is asked", w.AtDesk(id))
			o := w.Order(id)
			same(t, "status", o.Status, test.stands)
			if !strings.Contains(text.English.Staff(o.Desk), test.says) {
				t.Errorf("the desk is asked %v", o.Desk)
			}
			same(t, "mails", told(w), test.told)
		})
	}
}

// denying is a peer that refuses to tell of any request.
type denying struct{ peer.Peer }

func (d denying) Read(context.Context, string) (porting.Answer, error) {
	return porting.Answer{}, &peer.Denied{Peer: d.Name(), Reasons: []porting.Reason{{Code: porting.PeerCancelled, Raw: "7200", Said: "Unable to find the order."}}}
}

// A peer that does not tell of a request that it has taken is asked by our staff.
func TestARequestThatThePeerDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true, Step: 24 * time.Hour})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	w.Peers.Locals[0] = denying{w.Peers.Locals[0]}
	w.Until("a person is asked", w.AtDesk(id))
	same(t, "status", w.Order(id).Status, porting.Submitted)
	if !strings.Contains(text.English.Staff(w.Order(id).Desk), "7200") {
		t.Errorf("the desk is asked %v", w.Order(id).Desk)
	}
}

// A change that comes after the numbers have moved changes nothing: the order completes.
func TestAChangeOfACompleteRequest(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true, AutoApprove: true})
	id := w.Signed([]string{local(43)}, nil)
	w.Reach(id, porting.Rejected)
	speak(w, id, "COMPLETE", "")
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"}, Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	w.Ends(id, porting.Completed)
	same(t, "fee", w.Spent(), porting.Money(750))
}
