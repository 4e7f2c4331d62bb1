package porting

import (
	"strings"
	"time"
)

// Who moves an order on: one of two state machines, which may wait for an answer, a review or the desk.

// Driver is the state machine that moves the order now, and the number of its run on this order, from 1.
type Driver struct {
	Machine Machine
	Run     int
	// Fence is the newest try of a state of this run that has left its token here.
	Fence Fence
}

// Fence names one try of one state of an execution. Step Functions calls a function again where it has lost the answer of
// the first call, which may still be at work: the token of an older try is worth nothing, and must not take the place of
// a newer one.
type Fence struct {
	Entered time.Time // when the execution entered the state ($$.State.EnteredTime)
	Try     int       // how often the state was tried before ($$.State.RetryCount)
}

// before reports whether f is an older try than other.
func (f Fence) before(other Fence) bool {
	return f.Entered.Before(other.Entered) || f.Entered.Equal(other.Entered) && f.Try < other.Try
}

// Machine is one of the two state machines.
type Machine string

// The machines. NoMachine: the customer's move, or nobody's.
const (
	NoMachine  Machine = ""
	CSRMachine Machine = "csr"
	LSRMachine Machine = "lsr"
)

// Machine says which state machine has to drive the order as it stands: the truth is the order, not the driver.
func (o Order) Machine() Machine {
	switch o.Status {
	case Processing:
		return CSRMachine
	case Submitted:
		if !o.CSRSettled {
			return CSRMachine
		}
		return LSRMachine
	case Review, Accepted:
		return LSRMachine
	}
	return NoMachine
}

// Wait is a state machine that waits by task token.
type Wait struct {
	For     WaitFor
	Machine Machine
	// Run is the run of the machine that waits. It is 0 in waits that began before runs were written down.
	Run   int
	Token Secret
	// Seq is the order's version at which the wait began; it names the wait without its token.
	Seq int64
	// Outcome is what the machine is to be told; empty while it still waits.
	Outcome Outcome
}

// WaitFor is what a machine waits for.
type WaitFor string

// A machine waits for the carrier's answer, for the team's review, or for a decision at the desk.
const (
	WaitAnswer WaitFor = "answer"
	WaitReview WaitFor = "review"
	WaitDesk   WaitFor = "desk"
)

// Outcome is a word by which a task tells its state machine how to go on.
type Outcome string

// The outcomes of waits; the workflow adds those of its other tasks.
const (
	OutAccepted Outcome = "accepted" // there is a date
	OutRefused  Outcome = "refused"  // the carrier said no
	OutApproved Outcome = "approved" // the team has reviewed the corrections
	OutSettled  Outcome = "settled"  // the CSR needs no more looking at
	OutRetry    Outcome = "retry"    // staff wants it tried again
	OutOver     Outcome = "over"     // this machine has nothing more to do
)

// waitOn is the outcome of a wait that is not over.
const waitOn Outcome = ""

// outcome is what the waiting machine is to be told as the order stands: the first row of its kind of wait that
// applies.
func (o Order) outcome() Outcome {
	if o.Machine() == NoMachine {
		return OutOver
	}
	for _, row := range outcomes {
		if row.wait == o.Wait.For && row.when(o) {
			return row.out
		}
	}
	return waitOn
}

// outcomeRow is one row of the table of outcomes.
type outcomeRow struct {
	wait WaitFor
	when func(Order) bool
	out  Outcome
}

// outcomes is how each kind of wait ends. The order may have moved by more than one step since the wait began: a
// carrier may accept an order while the team reviews it or our staff looks at it.
var outcomes = []outcomeRow{
	{WaitAnswer, Order.isAccepted, OutAccepted},
	{WaitAnswer, Order.isRefused, OutRefused},
	{WaitAnswer, Order.hasChangeToSend, OutRefused},
	{WaitAnswer, anyOrder, waitOn},

	{WaitReview, Order.isInReview, waitOn},
	{WaitReview, Order.isAccepted, OutAccepted},
	{WaitReview, anyOrder, OutApproved},

	{WaitDesk, Order.isAtDesk, waitOn},
	{WaitDesk, Order.isContested, waitOn},
	{WaitDesk, Order.hasDateToSend, OutRetry},
	{WaitDesk, Order.isAccepted, OutAccepted},
	{WaitDesk, Order.isSettledByDesk, OutSettled},
	{WaitDesk, anyOrder, OutRetry},
}

// AskedByOutage reports whether a person was asked only because a step failed for as long as an outage lasted: by an error
// of AWS's own, or by one that the function has called transient. What failed for good, and a machine's own faults, need
// the person.
func (o Order) AskedByOutage() bool {
	name := o.Desk.Args["error"]
	own := strings.HasPrefix(name, "States.") && name != "States.Timeout"
	return o.Desk.Key == MsgAskFailed && name != "" && name != "Permanent" && !own
}

// awaited returns what the order's machine has to be waiting for, as the order stands: the team's review, or the answer to
// a request that the carrier has. It is empty where the machine is at work, or waits for the clock.
func (r Rules) awaited(o Order, now time.Time) WaitFor {
	if o.Machine() != LSRMachine {
		return ""
	}
	switch r.DecideRequest(o, Order{}, now).Cause {
	case CauseReview:
		return WaitReview
	case CauseAsked:
		if o.Desk.IsZero() {
			return WaitAnswer
		}
	}
	return ""
}

// Stuck reports whether nobody will resume the order's machine, though its execution runs: the machine was to be told an
// outcome and was not, or it has to wait and the order has no token of it. The order must have been as it is for
// DriverCheck, since a machine that goes on leaves its token a little later.
func (r Rules) Stuck(o Order, now time.Time) bool {
	if now.Sub(o.Updated) < r.DriverCheck {
		return false
	}
	if o.Wait.Token.IsSet() {
		return o.Wait.Outcome != waitOn
	}
	return r.awaited(o, now) != ""
}

func anyOrder(Order) bool { return true }

func (o Order) isAccepted() bool { return o.Status == Accepted }

func (o Order) isInReview() bool { return o.Status == Review }

func (o Order) isAtDesk() bool { return !o.Desk.IsZero() }

// isRefused says that the carrier has refused the last request.
func (o Order) isRefused() bool {
	port, _ := o.Last(AskPort)
	return port.State == AnswerRefused
}

// hasDateToSend says that the carrier of an accepted order is still to be asked for another date.
func (o Order) hasDateToSend() bool {
	port, _ := o.Last(AskPort)
	return o.isAccepted() && (o.Resend != SupNew || port.Sent.IsZero())
}

// hasChangeToSend says that the carrier of a submitted order has to be asked for something else than it was. The machine
// finds out by the step after a refusal, which the definitions of all releases have: there is nothing to repair, and so
// the request is sent again.
func (o Order) hasChangeToSend() bool {
	port, asked := o.Last(AskPort)
	return o.Status == Submitted && asked && !o.CancelAsked() && !port.Sent.IsZero() && (o.Resend != SupNew || o.Withdrawing)
}

// isSettledByDesk says that the machine that compares the order with the CSR has waited, and need not compare any more.
func (o Order) isSettledByDesk() bool { return o.Wait.Machine == CSRMachine && o.CSRSettled }

// canAsk says that a person may be asked why: nobody is asked yet, or what was asked is less urgent.
func (o Order) canAsk(why Message) bool { return o.Desk.IsZero() || urgency(why) > urgency(o.Desk) }

// urgency ranks what a person is asked: a review and our own switch wait for whatever the carrier has said, and everything for numbers
// that are about to move, or have moved, against our will.
func urgency(why Message) int {
	switch why.Key {
	case MsgAskReview, MsgAskSwitch:
		return 0
	case MsgAskAgreed:
		return 2
	case MsgAskMoved:
		return 3
	}
	return 1
}
