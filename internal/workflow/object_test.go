package workflow_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// notesOf counts the notes that were written at the first Locals peer.
func notesOf(w *workflowtest.World) (n int) {
	for _, call := range w.Calls() {
		if strings.HasPrefix(call, "locals POST ") && strings.HasSuffix(call, "/notes") {
			n++
		}
	}
	return n
}

// A refusal without ground of a port that the record proves to be simple is contested by rule: the record is pulled once
// more, a note objects, the carrier gives way, and nobody is asked.
func TestAnImproperRefusalIsContestedByRule(t *testing.T) {
	for name, options := range map[string]workflowtest.Options{
		"once": {}, "the stream comes twice": {TwiceOver: true}, "the stream is lost": {NoStream: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, options)
			id := w.Signed([]string{"+12065557550"}, nil)
			w.Count(workflowtest.Fault{})
			o := w.Ends(id, porting.Completed)
			same(t, "class", o.Class, porting.SimpleWireline)
			same(t, "state", o.Objection.State, porting.ObjectionEnded)
			same(t, "outcome", o.Objection.Outcome, porting.ObjectionWon)
			same(t, "reasons", o.Objection.Reasons, []porting.ReasonCode{porting.NameMismatch})
			same(t, "owner", o.Objection.Owner, "")
			same(t, "notes", notesOf(w), 1)
			same(t, "requests for the record", len(w.Locals.View().CSRs), 2)
			if kinds := w.Kinds(id); slices.Contains(kinds, porting.DeskAsked) || slices.Contains(kinds, porting.WasRejected) {
				t.Errorf("somebody was asked\n%s", w.Story())
			}
			for _, want := range []string{"We contest this; there is nothing for you to do.",
				"The carrier has withdrawn the refusal that we contested."} {
				if !says(w, id, want) {
					t.Errorf("nobody says %q\n%s", want, w.Story())
				}
			}
			same(t, "mails", told(w), []string{"accepted", "completed"})
			once(t, w)
		})
	}
}

// A carrier that does not give way is escalated by the clock, until the evidence is kept and a person complains.
func TestAnObjectionClimbsTheLadder(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557551"}, nil)
	w.Count(workflowtest.Fault{})
	w.Until("it is contested", func() bool { return w.Order(id).Objection.State == porting.ObjectionRaised })
	from := w.Now()
	w.Until("a person is to complain", w.AtDesk(id))
	o := w.Order(id)
	same(t, "asked", o.Desk.Key, porting.MsgAskComplaint)
	same(t, "step", o.Objection.Step, porting.Step("fcc_informal"))
	same(t, "notes", notesOf(w), 4)
	if took := w.Now().Sub(from); took < 10*24*time.Hour || took > 16*24*time.Hour { // 4 hours and 8 business days
		t.Errorf("the ladder took %s", took)
	}
	w.Until("the evidence is kept", func() bool { return w.Order(id).Objection.Pack != "" })
	o = w.Order(id)
	pack := w.Files.KeptAs(o, o.Objection.Pack)
	if !bytes.HasPrefix(pack, []byte("%PDF-")) || int64(len(pack)) != o.Objection.PackSize {
		t.Errorf("the pack of evidence is %d bytes, %q", len(pack), pack[:min(len(pack), 8)])
	}
	same(t, "documents of the customer", len(o.Documents), 1) // the LOA

	if reply := w.Desk(desk.Action{Action: "object", Order: id, Initials: "ab"}); len(reply.Errors) > 0 {
		t.Fatalf("the complaint can't be written down: %+v", reply.Errors)
	}
	same(t, "asked", w.Order(id).Desk, porting.Message{})
	same(t, "owner", w.Order(id).Objection.Owner, "AB")
	speak(w, id, "FOC", "2027-02-12")
	w.Ends(id, porting.Completed)
	same(t, "outcome", w.Order(id).Objection.Outcome, porting.ObjectionWon)
}

// A refusal without ground whose class no record proves waits for a person with the objection ready.
func TestAnUnprovenObjectionWaitsForAPerson(t *testing.T) {
	start := func(t *testing.T) (*workflowtest.World, porting.OrderID) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{"+12065557617", also(1)}, nil)
		w.Count(workflowtest.Fault{})
		w.Until("a person is asked", w.AtDesk(id))
		o := w.Order(id)
		same(t, "asked", o.Desk.Key, porting.MsgAskObject)
		same(t, "state", o.Objection.State, porting.ObjectionPrepared)
		if text := o.Desk.Args["text"]; !strings.Contains(text, "no ground to refuse a port") || !strings.Contains(text, "52.34") {
			t.Errorf("the objection says %q", text)
		}
		if !says(w, id, "What is owed to the carrier remains owed.") {
			t.Errorf("nobody says that the debt remains\n%s", w.Story())
		}
		same(t, "notes", notesOf(w), 0)
		return w, id
	}
	t.Run("who sends it", func(t *testing.T) {
		w, id := start(t)
		w.Desk(desk.Action{Action: "object", Order: id, Initials: "ab"})
		o := w.Ends(id, porting.Completed)
		same(t, "outcome", o.Objection.Outcome, porting.ObjectionWon)
		same(t, "owner", o.Objection.Owner, "AB")
		same(t, "notes", notesOf(w), 1)
		if slices.Contains(w.Kinds(id), porting.WasRejected) {
			t.Errorf("the customer was asked\n%s", w.Story())
		}
		once(t, w)
	})
	t.Run("who drops it", func(t *testing.T) {
		w, id := start(t)
		w.Desk(desk.Action{Action: "drop_objection", Order: id, Initials: "ab"})
		o := w.Reach(id, porting.Rejected)
		same(t, "outcome", o.Objection.Outcome, porting.ObjectionDropped)
		same(t, "reasons", codes(o.Reasons), []porting.ReasonCode{porting.AccountUnpaid})
		same(t, "notes", notesOf(w), 0)
	})
	t.Run("who rejects the order", func(t *testing.T) {
		w, id := start(t)
		w.Desk(desk.Action{Action: "reject", Order: id, Initials: "ab", Reasons: []desk.Reason{{Code: porting.AccountUnpaid}}})
		same(t, "outcome", w.Reach(id, porting.Rejected).Objection.Outcome, porting.ObjectionDropped)
	})
	t.Run("who has the request sent again", func(t *testing.T) {
		w, id := start(t)
		w.Desk(desk.Action{Action: "retry", Order: id, Initials: "ab"})
		same(t, "outcome", w.Ends(id, porting.Completed).Objection.Outcome, porting.ObjectionOvertaken)
	})
}

// A refusal that contradicts the record has the record pulled again, and is our staff's before it is the customer's.
func TestARefusalThatContradictsTheRecord(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557552"}, nil)
	w.Until("a person is asked", w.AtDesk(id))
	o := w.Order(id)
	same(t, "asked", o.Desk.Key, porting.MsgAskContradiction)
	same(t, "requests for the record", len(w.Locals.View().CSRs), 2)
	same(t, "mails", told(w), []string(nil))
	same(t, "objection", o.Objection, porting.Objection{})
	w.Desk(desk.Action{Action: "retry", Order: id, Initials: "ab"})
	w.Ends(id, porting.Completed)
	once(t, w)
}

// A carrier that gives way while the customer has the order back takes the order up again, and nobody is asked.
func TestACarrierGivesWayBesideTheCustomersFix(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557551"}, nil)
	w.Until("it is contested", func() bool { return w.Order(id).Objection.State == porting.ObjectionRaised })
	w.Do(id, porting.Return{By: storetest.System, Reasons: w.Order(id).Reasons})
	o := w.Reach(id, porting.Rejected)
	same(t, "state", o.Objection.State, porting.ObjectionRaised)
	if !says(w, id, "We contest the refusal as well.") {
		t.Errorf("nobody says that it is contested\n%s", w.Story())
	}
	speak(w, id, "FOC", "2027-02-12")
	w.Ends(id, porting.Completed)
	same(t, "outcome", w.Order(id).Objection.Outcome, porting.ObjectionWon)
	if slices.Contains(w.Kinds(id), porting.DeskAsked) {
		t.Errorf("a person was asked\n%s", w.Story())
	}
}

// A crash between the objection and the return does not keep the quicker fix from the customer, and objects once.
func TestTheQuickerFixSurvivesACrash(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557620", also(1)}, nil) // held until the carrier has spoken with the holder
	o := w.Reach(id, porting.Rejected)
	same(t, "asked", o.Desk.Key, porting.MsgAskObject)
	same(t, "mails", told(w), []string{"rejected"})

	w = workflowtest.New(t, workflowtest.Options{})
	id = w.Signed([]string{"+12065557620", also(1)}, nil)
	w.Until("it is refused", func() bool { return slices.Contains(w.Kinds(id), porting.Refused) })
	w.Do(id, porting.Object{By: storetest.System}) // and whoever did so has died
	w.Reach(id, porting.Rejected)
	contested := 0
	for _, kind := range w.Kinds(id) {
		if kind == porting.Objected {
			contested++
		}
	}
	same(t, "objections", contested, 1)
}
