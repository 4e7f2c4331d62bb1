package workflow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/workflow/workflowtest"
)

// says tells whether a comment of the order has the words.
func says(w *workflowtest.World, id porting.OrderID, words string) bool {
	return slices.ContainsFunc(w.Events(id), func(e porting.Event) bool { return e.Comment && strings.Contains(text.English.StaffEvent(e), words) })
}

// A peer that refuses to carry an order is not asked again: the next one that can bring the numbers gets it, and the customer
// is told why.
func TestAnotherPeerCarriesTheOrder(t *testing.T) {
	for name, code := range map[string]string{"our account there": "7310", "no coverage": "7331"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Second: true, Refuses: code})
			id := w.Signed([]string{local(1), also(1)}, nil)
			o := w.Ends(id, porting.Completed)
			same(t, "denied by", o.Denied(), []string{"locals"})
			same(t, "at the first", len(w.Locals.View().Orders), 0)
			same(t, "at the second", w.Locals2.View().LSRs, map[string]int{"pw-" + string(id) + "-2": 1})
			same(t, "mails", told(w), []string{"accepted", "completed"})
			same(t, "fee", w.Spent(), porting.Money(1500))
			if want := "locals does not carry the order. locals2 says that it can bring the numbers, and is asked instead"; !says(w, id, want) {
				t.Errorf("nobody says %q\n%s", want, w.Story())
			}
		})
	}
	t.Run("none that can bring the numbers", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Refuses: "7310"})
		id := w.Signed([]string{local(1)}, nil)
		w.Until("a person is asked", w.AtDesk(id))
		same(t, "status", w.Order(id).Status, porting.Submitted)
	})
}

// A request that exists at the peer which can't carry it is cancelled there before another peer asks for the same numbers.
func TestTheFirstPeerLetsGo(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Second: true})
	id := w.Signed([]string{local(57)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	body := fmt.Sprintf(`{"order": "pw-%s-1", "status": "EXCEPTION", "code": "7310"}`, id)
	w.Locals.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sim/answer", strings.NewReader(body)))
	w.Until("the second peer has it", func() bool { return len(w.Locals2.View().Orders) == 1 })
	same(t, "at the first", w.Locals.View().Orders[0].Status, "CANCELLED")
	same(t, "denied by", w.Order(id).Denied(), []string{"locals"})
}

// What the carrier rejects is no better with another peer.
func TestACarriersRejectionStaysWithItsPeer(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Second: true})
	id := w.Signed([]string{local(41)}, nil)
	o := w.Reach(id, porting.Rejected)
	same(t, "reasons", codes(o.Reasons), []porting.ReasonCode{"PIN_INVALID"})
	w.Pass(24 * time.Hour)
	same(t, "at the second", len(w.Locals2.View().Orders), 0)
	same(t, "denied by", o.Denied(), []string(nil))
}

// A carrier that is silent for longer than usual is chased: first by one note to the people at the peer, which may be all that it
// takes, and when that does not help by our staff, who may have it chased again.
func TestASilentCarrierIsChased(t *testing.T) {
	const note = "silent for longer than the usual 5 business days. We have escalated the order at locals: “We have asked our porting partner by a note to look into it”. The next check is on "
	t.Run("a note helps", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{local(57)}, nil)
		w.Reach(id, porting.Accepted)
		if !says(w, id, note) || slices.Contains(w.Kinds(id), porting.DeskAsked) {
			t.Errorf("the check does not tell of the note, or staff were asked\n%s", w.Story())
		}
	})
	t.Run("nobody reads it", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Deaf: true})
		id := w.Signed([]string{local(57)}, nil)
		w.Count(workflowtest.Fault{})
		w.Until("it is escalated", func() bool { return says(w, id, note) })
		if port, _ := w.Order(id).Last(porting.AskPort); w.Now().Sub(port.Sent) < 7*24*time.Hour || w.Now().Sub(port.Sent) > 10*24*time.Hour {
			t.Errorf("escalated after %s", w.Now().Sub(port.Sent))
		}
		at := w.Now()
		w.Until("a person is asked", w.AtDesk(id))
		if waited := w.Now().Sub(at); waited < 2*24*time.Hour || waited > 6*24*time.Hour {
			t.Errorf("staff were asked %s later", waited)
		}
		if !says(w, id, "The carrier is still silent, and what we asked of the people at locals has not helped. Our staff asks there. The next check is on ") {
			t.Errorf("the check does not tell of it\n%s", w.Story())
		}
		w.Desk(desk.Action{Action: "retry", Order: id, Initials: "AB"})
		same(t, "asked", w.Order(id).Desk, porting.Message{})
		w.Until("a person is asked again", w.AtDesk(id))
		notes := 0
		for _, call := range w.Calls() {
			if strings.HasPrefix(call, "locals POST ") && strings.HasSuffix(call, "/notes") {
				notes++
			}
		}
		same(t, "notes", notes, 2) // one before and one after our staff had it tried again
	})
}

// Each answer counts once in the scores of its peer and its carrier, however often its event is delivered.
func TestAnswersCountOnce(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{TwiceOver: true, AutoApprove: true})
	id := w.Signed([]string{local(43)}, nil) // refused for its address
	w.Reach(id, porting.Rejected)
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"}, Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	o := w.Ends(id, porting.Completed)
	for _, of := range []porting.Scored{porting.ScoreOfPeer("locals"), porting.ScoreOfCarrier(o.Carrier.SPID)} {
		months, err := w.Memory.Months(t.Context(), of, "2026-08")
		if err != nil || len(months) != 1 {
			t.Fatalf("%s: %+v (%v)", of, months, err)
		}
		if m := months[0]; m.Marks[porting.MarkRefused] != 1 || m.Marks[porting.MarkAccepted] != 1 || m.Days[0] != 2 {
			t.Errorf("%s: %+v\n%s", of, m, w.Story())
		}
	}
}

// known are scores that are given.
type known map[porting.Scored][]porting.Month

func (k known) Months(_ context.Context, of porting.Scored, _ string) ([]porting.Month, error) {
	return k[of], nil
}

// What has happened with the peers decides who is asked first, what is known of the carrier how soon it is asked again; the order
// says why. Without scores the configured order stands, and a peer that is down leaves the order to another one.
func TestTheRouterSaysWhatItChose(t *testing.T) {
	month := func(peer string, accepted, refused int) porting.Month {
		return porting.Month{Month: "2027-01", Peer: peer, Lead: 3 * accepted, Marks: map[porting.Mark]int{porting.MarkAccepted: accepted, porting.MarkRefused: refused}}
	}
	fast := month("locals", 0, 0)
	fast.Days[0] = 40
	scores := known{
		porting.ScoreOfPeer("locals"):  {month("locals", 30, 10)},
		porting.ScoreOfPeer("locals2"): {month("locals2", 39, 1)},
		porting.ScoreOfCarrier("8X34"): {fast},
	}
	for name, test := range map[string]struct {
		options workflowtest.Options
		scores  known
		peer    string
		says    string
	}{
		"the configured order": {workflowtest.Options{Second: true}, nil, "locals", "it is the first of our peers for these numbers."},
		"the better one": {workflowtest.Options{Second: true}, scores, "locals2",
			"lately 98 % of its orders got a date, 3.0 business days away; at locals 75 % of its orders got a date, 3.0 business days away."},
		"the first is down": {workflowtest.Options{Second: true, Gone: true}, nil, "locals2", "locals can't be reached at present; it brings all numbers."},
		"the only one":      {workflowtest.Options{}, nil, "locals", "it is our only peer for these numbers."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, test.options)
			if test.scores != nil {
				w.Peers.Scores = test.scores
			}
			id := w.Signed([]string{local(1)}, nil)
			w.Until("it was sent", func() bool { port, _ := w.Order(id).Last(porting.AskPort); return !port.Sent.IsZero() })
			o := w.Order(id)
			port, _ := o.Last(porting.AskPort)
			same(t, "peer", port.Peer, test.peer)
			if want := "The order goes through " + test.peer + ": " + test.says; !says(w, id, want) {
				t.Errorf("nobody says %q\n%s", want, w.Story())
			}
			if known := o.Habit.Answers > 0; known != (test.scores != nil) {
				t.Errorf("the carrier's habit is %+v", o.Habit)
			}
			if tomorrow := o.Due[porting.DueCheck].Sub(w.Now()) < 24*time.Hour; tomorrow != (test.scores != nil) {
				t.Errorf("the next check is on %s", o.Due[porting.DueCheck])
			}
			w.Ends(id, porting.Completed)
		})
	}
}

// A peer that is down, and is the only one, delays the order and never rejects it; the delays are on its card.
func TestTheOnlyPeerIsDown(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Gone: true})
	id := w.Signed([]string{local(1)}, nil)
	w.Pass(3 * 24 * time.Hour)
	same(t, "status", w.Order(id).Status, porting.Processing)
	months, err := w.Memory.Months(t.Context(), porting.ScoreOfPeer("locals"), "2027-01")
	if err != nil || len(months) != 1 || months[0].Marks[porting.MarkDown] != w.Order(id).Delays || months[0].DownAt.IsZero() {
		t.Errorf("%+v (%v), delayed %d times", months, err, w.Order(id).Delays)
	}
}

// A peer that refuses our login is passed over; where it is the only one, the order waits. Our staff hears why either way.
func TestAPeerRefusesOurLogin(t *testing.T) {
	const refuses = "locals refuses to be asked (our login is refused, HTTP 401)"
	t.Run("another brings the numbers", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Second: true, Shut: true})
		id := w.Signed([]string{local(1)}, nil)
		o := w.Ends(id, porting.Completed)
		port, _ := o.Last(porting.AskPort)
		same(t, "peer", port.Peer, "locals2")
		if !says(w, id, "The order goes through locals2: "+refuses+", so that our login and account there have to be checked; it brings all numbers.") {
			t.Errorf("nobody says why\n%s", w.Story())
		}
	})
	t.Run("nobody else", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Shut: true})
		id := w.Signed([]string{local(1)}, nil)
		w.Pass(24 * time.Hour)
		same(t, "status", w.Order(id).Status, porting.Processing)
		if !says(w, id, refuses+". The order waits and is tried again. Check our login and account there.") {
			t.Errorf("nobody says why\n%s", w.Story())
		}
		w.Shut = false
		w.Ends(id, porting.Completed)
	})
}

// A peer that was to be asked for the record, or was asked, and can't be reached for days keeps nobody waiting where another one
// brings the numbers: that one is asked for the record, and carries the order. An only peer is waited for.
func TestThePeerWithTheRecordIsDown(t *testing.T) {
	for name, sent := range map[string]bool{"before it was asked": false, "after it was asked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Second: true, Step: 24 * time.Hour})
			id := w.Create([]string{local(1)}, nil).ID
			w.Count(workflowtest.Fault{})
			if !sent {
				w.LoseNext("locals POST /api/v1/accounts/9500149/csrs")
			}
			w.Do(id, storetest.Sign())
			w.Until("the peer is chosen", func() bool {
				csr, ok := w.Order(id).Last(porting.AskCSR)
				w.Gone = ok
				return ok && (csr.Ref != "") == sent
			})
			w.Gone = true
			o := w.Ends(id, porting.Completed)
			csr, _ := o.Last(porting.AskCSR)
			port, _ := o.Last(porting.AskPort)
			same(t, "peers", []string{csr.Peer, port.Peer}, []string{"locals2", "locals2"})
			same(t, "record", csr.State, porting.AnswerReady)
			same(t, "at the first", len(w.Locals.View().Orders), 0)
			same(t, "mails", told(w), []string{"asked", "accepted", "completed"}) // for a later day, after such a wait
			if waited := csr.Planned.Sub(o.Attempts[0].Planned); waited < 2*24*time.Hour || waited > 4*24*time.Hour {
				t.Errorf("the other one was asked after %s", waited)
			}
			if !says(w, id, "The order goes through locals2: locals could not be reached for long, and this one brings all numbers.") {
				t.Errorf("nobody says why\n%s", w.Story())
			}
			once(t, w)
		})
	}
	t.Run("nobody else", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
		id := w.Signed([]string{local(1)}, nil)
		w.Until("it was asked", func() bool { csr, _ := w.Order(id).Last(porting.AskCSR); return csr.Ref != "" })
		w.Gone = true
		w.Pass(15 * 24 * time.Hour)
		same(t, "status", w.Order(id).Status, porting.Submitted)
		same(t, "desk", w.Order(id).Desk, porting.Message{})
		w.Gone = false
		w.Ends(id, porting.Completed)
		once(t, w)
	})
}

// A record that is not given before more is told is asked for with what the order has; what the order has not, the customer is
// asked for, and then told to the carrier in its turn.
func TestTheRecordWantsMore(t *testing.T) {
	const wants = "+12065557509" // the carrier wants the PIN, whatever it was told before
	t.Run("the order has it", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{wants}, nil)
		w.Ends(id, porting.Completed)
		if !says(w, id, "The carrier asked for more before it gives its record (CSR), and we sent what the order has. It wrote: “end user PIN wanted”") ||
			!slices.Contains(w.Kinds(id), porting.RecordReceived) {
			t.Errorf("the record did not come, or nobody was told\n%s", w.Story())
		}
	})
	t.Run("the customer has it", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
		id := w.Signed([]string{wants}, func(d *porting.Details) { d.PIN = porting.Secret{} })
		o := w.Reach(id, porting.Rejected)
		same(t, "reasons", codes(o.Reasons), []porting.ReasonCode{"PIN_MISSING"})
		w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{PIN: porting.NewSecret(storetest.SecretPIN)}, Fields: []string{"pin"}})
		w.Do(id, porting.Resubmit{By: storetest.Customer})
		w.Ends(id, porting.Completed)
		if !slices.Contains(w.Kinds(id), porting.RecordReceived) {
			t.Errorf("the record did not come\n%s", w.Story())
		}
		once(t, w)
	})
}

// At a peer that waits for our word the numbers move on their day because we say so.
func TestTriggeredOrdersMoveOnOurWord(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Triggered: true})
	id := w.Signed([]string{local(1)}, nil)
	o := w.Reach(id, porting.Accepted)
	w.Count(workflowtest.Fault{})
	w.Ends(id, porting.Completed)
	same(t, "on the day", porting.DateOf(w.Now().In(w.Book.Rules.Calendar.Location())), o.FOC)
	words := slices.DeleteFunc(w.Calls(), func(call string) bool {
		return !strings.HasPrefix(call, "locals PUT ") || !strings.HasSuffix(call, "/activationStatus")
	})
	same(t, "words", len(words), 1)
	once(t, w)
}

// A letter of agency that has become too old is not sent: the order comes back for another signature, and goes on with it.
func TestAnOldLetterIsNotSent(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(43)}, nil)
	w.Reach(id, porting.Rejected)
	w.Pass(28 * 24 * time.Hour)
	supplements := w.Locals.View().Orders[0].Supplements
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{}, Fields: []string{"desired_completion_date"}})
	w.Do(id, porting.Resubmit{By: storetest.Customer})
	w.Until("the machine waits for the review", func() bool { return w.Order(id).Wait.For == porting.WaitReview })
	w.Pass(3 * 24 * time.Hour) // nothing approves it meanwhile
	if reply := w.Desk(desk.Action{Action: "approve", Order: id, Initials: "AB"}); len(reply.Errors) == 0 {
		t.Error("staff approve an order with an old LOA")
	}
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: []desk.Reason{{Code: porting.LOAExpired}}})
	o := w.Reach(id, porting.Rejected)
	same(t, "reasons", codes(o.Reasons), []porting.ReasonCode{porting.LOAExpired})
	same(t, "sent", w.Locals.View().Orders[0].Supplements, supplements)
	if _, err := w.Book.Do(t.Context(), id, porting.Resubmit{By: storetest.Customer}); !porting.Is(err, porting.SignatureNeeded) {
		t.Errorf("resubmitted with the old LOA: %v", err)
	}
	w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Street: "502 Pike Street"}, Fields: []string{"street"}})
	w.Do(id, storetest.Sign())
	w.Until("the machine waits for the review", func() bool { return w.Order(id).Wait.For == porting.WaitReview })
	w.Desk(desk.Action{Action: "approve", Order: id, Initials: "AB"})
	w.Ends(id, porting.Completed)
	same(t, "fee", w.Spent(), porting.Money(750))
	once(t, w)
}

// A cancellation an hour before the date has to be meant.
func TestHardCancelJustBeforeTheDate(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(1)}, nil)
	w.Until("a person is asked or a date is there", func() bool { return w.Order(id).Status == porting.Accepted })
	reply := w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
	same(t, "a week before the date it is open", reply.Status, porting.HardCanceled)

	late := workflowtest.New(t, workflowtest.Options{})
	id = late.Signed([]string{local(1)}, nil)
	o := late.Reach(id, porting.Accepted)
	late.Pass(o.FOCAt.Sub(late.Now()) - time.Hour)
	reply = late.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB", Text: "They stay."})
	if len(reply.Errors) != 1 || !strings.Contains(reply.Errors[0].Message, "takes no change in the last 24 hours") {
		t.Errorf("an hour before the date: %+v", reply)
	}
	reply = late.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB", Text: "They insist.", Force: true})
	same(t, "meant", reply.Status, porting.HardCanceled)
}

// The registry escalates by its own rules; our staff is not asked.
func TestASilentRespOrgIsEscalatedAtTheRegistry(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
	id := w.Signed([]string{tollFree(50)}, nil)
	w.Until("it was escalated", func() bool { return w.Order(id).Repairs[porting.Escalate] > 0 })
	if !says(w, id, "The carrier has been silent for longer than the usual 2 business days. We have escalated the order at somos: ") {
		t.Errorf("the check does not tell of it\n%s", w.Story())
	}
	same(t, "desk", w.Order(id).Desk, porting.Message{})
}

// A day that passes without a word of completion is told, and is a person's after two business days.
func TestADayThatPassesIsChased(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Complete: 20 * 24 * time.Hour})
	id := w.Signed([]string{local(1)}, nil)
	w.Reach(id, porting.Accepted)
	w.Until("a person is asked", w.AtDesk(id))
	o := w.Order(id)
	if late := w.Now().Sub(o.FOCAt); late < 24*time.Hour || late > 4*24*time.Hour {
		t.Errorf("asked %s after the date", late)
	}
	if !says(w, id, "We ask again every business day.") {
		t.Errorf("the check does not tell of it\n%s", w.Story())
	}
	w.Ends(id, porting.Completed)
}

// A letter that runs out while the carrier takes its time is asked for anew by one mail; with a fresh one the order is sent again
// after a refusal that comes later.
func TestALetterIsRenewedOnTheWay(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Step: 5 * 24 * time.Hour}) // of which this carrier takes ten
	id := w.Signed([]string{"+12065557502"}, nil)
	w.Until("a fresh letter is asked for", func() bool { return slices.Contains(w.Kinds(id), porting.RenewalAsked) })
	if asked := w.Now().Sub(w.Order(id).Signature.At); asked < 25*24*time.Hour || asked > 26*24*time.Hour {
		t.Errorf("asked after %s", asked)
	}
	w.Until("it is told", func() bool { return slices.Equal(told(w), []string{"please"}) })
	w.Do(id, storetest.Sign())
	same(t, "status", w.Order(id).Status, porting.Submitted)
	w.Pass(10 * 24 * time.Hour)
	speak(w, id, "EXCEPTION", "7471")
	w.Until("it is sent again", func() bool {
		port, _ := w.Order(id).Last(porting.AskPort)
		return port.Version == 1 && !port.Sent.IsZero()
	})
	speak(w, id, "FOC", "")
	w.Ends(id, porting.Completed)
	same(t, "mails", told(w), []string{"please", "asked", "accepted", "completed"}) // after ten days, for a later day
}
