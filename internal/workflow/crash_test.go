package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

// journey is a life whose every outside call is made to fail, one at a time.
type journey struct {
	name    string
	number  string
	with    string // another number of the order; empty when it has one
	fix     string // what the customer corrects when the order is rejected, by a street; empty when it is not
	mails   []string
	ends    porting.Status
	options workflowtest.Options
}

// swift has carriers that answer in a minute and days that last one.
func swift(o workflowtest.Options) workflowtest.Options {
	o.Step, o.Complete, o.Pace = time.Minute, 5*time.Minute, workflow.Pace{Day: time.Minute}
	return o
}

func journeys() []journey {
	byRule := swift(workflowtest.Options{AutoApprove: true})
	return []journey{
		{"straight", local(1), "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
		{"with a supplement", local(47), "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
		{"moved after the FOC", local(55), "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
		{"rejected and corrected", local(43), "", "502 Pike Street", []string{"accepted", "completed", "rejected"}, porting.Completed, byRule},
		{"more is wanted for the record", "+12065557509", "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
		{"split", apart, local(62), "", []string{"accepted", "accepted", "completed", "completed", "rejected"}, porting.Completed, byRule},
		{"toll-free", tollFree(1), "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
		{"toll-free, sent anew", tollFree(45), "", "", []string{"accepted", "completed"}, porting.Completed, swift(workflowtest.Options{})},
	}
}

// walk lives the journey with one fault, and then goes on until all is quiet.
func (j journey) walk(w *workflowtest.World, f workflowtest.Fault) porting.OrderID {
	w.Helper()
	numbers := slices.DeleteFunc([]string{j.number, j.with}, func(tn string) bool { return tn == "" })
	id := w.Create(numbers, nil).ID
	if f.Die {
		// A function that dies in a step leaves the order to our staff, who have it tried again.
		w.Staff = func() {
			for _, o := range w.Family(id) {
				if !o.Desk.IsZero() {
					w.Desk(desk.Action{Action: "retry", Order: o.ID, Initials: "AB"})
					w.Staff = nil
					return
				}
			}
		}
	}
	w.Count(f)
	w.Do(id, storetest.Sign())
	if j.fix != "" {
		w.Reach(id, porting.Rejected)
		w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: j.fix}, Fields: []string{"street"}})
		w.Do(id, storetest.Sign())
	}
	if j.with != "" {
		second := sibling(w, id)
		w.Reach(second.ID, porting.Rejected)
		tellAccount(w, second.ID)
	}
	w.Ends(id, j.ends)
	for _, o := range w.Family(id) {
		w.Ends(o.ID, j.ends)
	}
	return id
}

// For every outside call of a life, and for a call that had no effect, or had it and whose answer was lost, and for a caller
// that lives on or dies of it: the order comes to the same end, by the machines' retries and the sweeps alone, with one request
// at the carrier, one fee, and one of each mail.
func TestEveryCallMayFail(t *testing.T) {
	for n, j := range journeys() {
		if racing && n >= 2 {
			continue // the race detector makes everything ten times slower, and learns nothing new here
		}
		t.Run(j.name, func(t *testing.T) {
			w := workflowtest.New(t, j.options)
			id := j.walk(w, workflowtest.Fault{})
			j.check(t, w, id)
			calls := w.Calls()
			if testing.Verbose() {
				t.Logf("%d calls", len(calls))
			}
			for k, what := range calls {
				faults := []workflowtest.Fault{{At: k + 1, Die: true}, {At: k + 1, After: true, Die: true}}
				if n < 2 {
					faults = append(faults, workflowtest.Fault{At: k + 1}, workflowtest.Fault{At: k + 1, After: true})
				}
				for _, f := range faults {
					t.Run(fmt.Sprintf("%d %s after=%v die=%v", f.At, what, f.After, f.Die), func(t *testing.T) {
						t.Parallel()
						w := workflowtest.New(t, j.options)
						j.check(t, w, j.walk(w, f))
					})
				}
			}
		})
	}
}

// A note asks people at the peer once, whatever becomes of the calls by which it is looked for and written.
func TestANoteIsWrittenOnce(t *testing.T) {
	j := journey{name: "escalated by a note", number: local(57), mails: []string{"accepted", "completed"}, ends: porting.Completed,
		options: swift(workflowtest.Options{NoNotices: true})}
	w := workflowtest.New(t, j.options)
	j.check(t, w, j.walk(w, workflowtest.Fault{}))
	hit := 0
	for k, what := range w.Calls() {
		if !strings.HasSuffix(what, "/notes") {
			continue
		}
		hit++
		for _, f := range faults(k + 1) {
			t.Run(fmt.Sprintf("%d %s after=%v die=%v", f.At, what, f.After, f.Die), func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, j.options)
				j.check(t, w, j.walk(w, f))
			})
		}
	}
	if hit < 2 {
		t.Errorf("only %d calls were about notes", hit)
	}
}

// faults are the ways in which the k-th call may fail.
func faults(k int) []workflowtest.Fault {
	return []workflowtest.Fault{{At: k}, {At: k, After: true}, {At: k, Die: true}, {At: k, After: true, Die: true}}
}

// What is cancelled here is cancelled at the peer, whatever becomes of the calls by which that is done, for one fee.
func TestACancellationReachesThePeer(t *testing.T) {
	for _, number := range []string{local(1), tollFree(1)} {
		cancelled := func(t *testing.T, f workflowtest.Fault) (calls int) {
			w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
			id := w.Signed([]string{number}, nil)
			w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
			port, _ := w.Order(id).Last(porting.AskPort)
			w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
			w.Count(f)
			w.Ends(id, porting.HardCanceled)
			calls = len(w.Calls())
			w.Count(workflowtest.Fault{})
			w.Pass(25 * time.Hour) // the carrier's own time for it
			p, err := w.Peers.Named(port.Peer)
			if err != nil {
				t.Fatal(err)
			}
			if answer, err := p.Read(t.Context(), port.Ref); err != nil || answer.State != porting.AnswerOver {
				t.Errorf("at the peer it is %+v (%v)\n%s", answer, err, w.Story())
			}
			same(t, "fee", w.Spent(), porting.Money(750+2500))
			once(t, w)
			return calls
		}
		for k := range cancelled(t, workflowtest.Fault{}) {
			for _, f := range faults(k + 1) {
				t.Run(fmt.Sprintf("%s %d after=%v die=%v", number, f.At, f.After, f.Die), func(t *testing.T) {
					t.Parallel()
					cancelled(t, f)
				})
			}
		}
	}
}

// What the registry's help desk is to decide is handed to it once, whatever becomes of the calls by which that is done.
func TestAnEscalationIsMadeOnce(t *testing.T) {
	escalated := func(t *testing.T, f workflowtest.Fault) []string {
		w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
		id := w.Signed([]string{tollFree(50)}, nil)
		w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
		w.Count(f)
		w.Ends(id, porting.Completed)
		calls, made := w.Calls(), 0
		for k, what := range calls {
			if strings.HasSuffix(what, "/roc/escalate") && (k+1 != f.At || f.After) {
				made++
			}
		}
		same(t, "escalations", made, 1)
		once(t, w)
		if t.Failed() {
			t.Log(w.Story())
		}
		return calls
	}
	hit := 0
	for k, what := range escalated(t, workflowtest.Fault{}) {
		if !strings.HasSuffix(what, "/roc/escalate") {
			continue
		}
		hit++
		for _, f := range faults(k + 1) {
			t.Run(fmt.Sprintf("%d after=%v die=%v", f.At, f.After, f.Die), func(t *testing.T) {
				t.Parallel()
				escalated(t, f)
			})
		}
	}
	same(t, "calls that may fail", hit, 1)
}

func (j journey) check(t *testing.T, w *workflowtest.World, id porting.OrderID) {
	t.Helper()
	once(t, w)
	// Of a date that moved before anybody had heard of the first one there is nothing to tell, and a fault that takes days
	// has another day asked for than the wished one.
	mails := slices.DeleteFunc(told(w), func(s string) bool { return s == "new" || s == "asked" })
	slices.Sort(mails)
	same(t, "mails", mails, j.mails)
	var due, sent []string
	var events []porting.Event
	numbers := 0
	for _, o := range w.Family(id) {
		events = append(events, w.Events(o.ID)...)
		numbers += len(o.Numbers)
	}
	moot := map[string]bool{} // mails that are sent only while they still ask for something
	for _, e := range events {
		key := fmt.Sprintf("%s.%d", e.Order, e.Version)
		if e.Kind == porting.Created || e.Kind == porting.DayAnnounced {
			moot[key] = true
		} else if e.Mailed() {
			due = append(due, key)
		}
	}
	for _, m := range w.SES.Mails() {
		if !moot[m.Key] {
			sent = append(sent, m.Key)
		}
	}
	slices.Sort(due)
	slices.Sort(sent)
	same(t, "mails by their events", sent, due)
	same(t, "fee", w.Spent(), porting.Money(750*numbers))
	for _, o := range w.Locals.View().Orders {
		if o.Notes > 1 {
			t.Errorf("%d notes on one order", o.Notes)
		}
	}
	statuses := w.Hooks.Statuses()
	for _, e := range events {
		if len(e.Effects) > 0 {
			t.Errorf("%s of version %d is still to follow from %s", e.Effects, e.Version, e.Kind)
		}
		if e.StatusChanged() && !slices.Contains(statuses, e.Status) {
			t.Errorf("the customer's server never heard of %s", e.Status)
		}
	}
	if t.Failed() {
		t.Log(w.Story())
	}
}
