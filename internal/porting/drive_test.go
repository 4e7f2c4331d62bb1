package porting

import (
	"testing"
	"time"
)

// Each kind of wait ends as the order's state has it, also where more than one thing has happened since it began.
func TestOutcome(t *testing.T) {
	sent := Attempt{Kind: AskPort, Sent: now, State: AnswerWaiting}
	said := func(state AnswerState) func(*Order) {
		return func(o *Order) { o.Attempts[0].State = state }
	}
	for _, test := range []struct {
		name   string
		wait   WaitFor
		of     Machine
		status Status
		change func(*Order)
		want   Outcome
	}{
		{"no answer yet", WaitAnswer, LSRMachine, Submitted, nil, waitOn},
		{"a date", WaitAnswer, LSRMachine, Accepted, said(AnswerAccepted), OutAccepted},
		{"a refusal", WaitAnswer, LSRMachine, Submitted, said(AnswerRefused), OutRefused},
		{"a request that is over, before it is told as a refusal", WaitAnswer, LSRMachine, Submitted, said(AnswerOver), waitOn},
		{"no more answer to come", WaitAnswer, LSRMachine, Rejected, said(AnswerRefused), OutOver},
		{"the port while it waited", WaitAnswer, LSRMachine, Completed, said(AnswerCompleted), OutOver},

		{"no review yet", WaitReview, LSRMachine, Review, nil, waitOn},
		{"a review though the last refusal stands", WaitReview, LSRMachine, Review, said(AnswerRefused), waitOn},
		{"reviewed", WaitReview, LSRMachine, Submitted, nil, OutApproved},
		{"accepted right after the review", WaitReview, LSRMachine, Accepted, nil, OutAccepted},
		{"given back by the review", WaitReview, LSRMachine, Rejected, nil, OutOver},

		{"no decision yet", WaitDesk, LSRMachine, Submitted, func(o *Order) { o.Desk = Words("Which name is right?") }, waitOn},
		{"no decision yet about an accepted order", WaitDesk, LSRMachine, Accepted,
			func(o *Order) { o.Desk = Words("Call the carrier.") }, waitOn},
		{"tried again", WaitDesk, LSRMachine, Submitted, nil, OutRetry},
		{"tried again though the refusal stands", WaitDesk, LSRMachine, Submitted, said(AnswerRefused), OutRetry},
		{"another date to ask for", WaitDesk, LSRMachine, Accepted, func(o *Order) { o.Resend = SupDate }, OutRetry},
		{"another date that may have been asked for", WaitDesk, LSRMachine, Accepted,
			func(o *Order) { o.Attempts[0].Sent = time.Time{} }, OutRetry},
		{"accepted while the desk looked", WaitDesk, LSRMachine, Accepted, nil, OutAccepted},
		{"settled without the record", WaitDesk, CSRMachine, Submitted, nil, OutSettled},
		{"compared again", WaitDesk, CSRMachine, Submitted, func(o *Order) { o.CSRSettled = false }, OutRetry},
		{"screened again", WaitDesk, CSRMachine, Processing, func(o *Order) { o.CSRSettled = false }, OutRetry},
		{"given back by the desk", WaitDesk, LSRMachine, Rejected, nil, OutOver},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Status: test.status, Drive: Drive{Wait: Wait{For: test.wait, Machine: test.of}},
				Answers: Answers{CSRSettled: true, Attempts: []Attempt{sent}}}
			if test.change != nil {
				test.change(&o)
			}
			if got := o.outcome(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// What is more urgent takes the place of what a person was asked before.
func TestCanAsk(t *testing.T) {
	for _, test := range []struct {
		name       string
		asked, why MessageKey
		want       bool
	}{
		{"nobody is asked", "", MsgAskUnclear, true},
		{"the same again", MsgAskUnclear, MsgAskUnclear, false},
		{"something as urgent", MsgAskUnclear, MsgAskSilent, false},
		{"that the numbers are about to move", MsgAskUnclear, MsgAskAgreed, true},
		{"something less urgent", MsgAskAgreed, MsgAskUnclear, false},
		{"a review waits", MsgAskUnclear, MsgAskReview, false},
		{"what the carrier says comes before a review", MsgAskReview, MsgAskUnclear, true},
		{"that the numbers moved comes before everything", MsgAskUnclear, MsgAskMoved, true},
		{"also before a review", MsgAskReview, MsgAskMoved, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var o Order
			if test.asked != "" {
				o.Desk = Say(test.asked)
			}
			if got := o.canAsk(Say(test.why)); got != test.want {
				t.Errorf("may be asked: %t", got)
			}
		})
	}
}
