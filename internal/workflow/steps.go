// Package workflow drives orders through the carriers: it has the tasks of the two state machines (CSR and LSR), starts
// and resumes the machines, takes the peers' notices, and checks on open orders. Start reading at [Steps], the table of
// tasks, and at [Tasks.Run].
//
// The order is the truth, and the machine only drives it: a task reads the order, does the one thing that its step and
// the order's state call for, and may run twice. What is asked of a carrier is decided by the domain
// ([porting.Rules.DecideRequest], [porting.Rules.FindRepair]); a task carries the decision out.
//
// The package knows peers by their interface and orders by their book. It must not know a peer's wire or the table's
// items.
package workflow

import (
	"context"
	"errors"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Input is the input of a task. It holds ids only, and the token if the state waits for one.
type Input struct {
	Step  Step            `json:"step"`
	Order porting.OrderID `json:"order"`
	// Run is the number of the machine's run on this order. A run that no longer drives the order ends by itself.
	Run   int            `json:"run"`
	Token porting.Secret `json:"token,omitzero"`
	// Entered and Try name the try of the state to which the token belongs. Executions of earlier releases have neither.
	Entered time.Time `json:"entered,omitzero"`
	Try     int       `json:"try,omitempty"`
	// Error names the error that led to the step.
	Error string `json:"error,omitempty"`
}

// OrderID returns the order that the step is about.
func (in Input) OrderID() porting.OrderID { return in.Order }

// Output is the output of a task. It always has Wait (in seconds) and Until, since a state that waits reads one of
// them.
type Output struct {
	Outcome porting.Outcome `json:"outcome"`
	Wait    int             `json:"wait"`
	Until   string          `json:"until"`
}

// Step names a task.
type Step string

// The tasks, in the order of an order's life.
const (
	Screen     Step = "screen"
	RequestCSR Step = "request-csr"
	ReadCSR    Step = "read-csr"
	Compare    Step = "compare"
	Send       Step = "send"
	Answer     Step = "answer"
	Repair     Step = "repair"
	TeamReview Step = "review"
	Confirm    Step = "confirm"
	Park       Step = "park"
	Desk       Step = "desk"
)

// The outcomes of tasks. Package porting has the outcomes of waits.
const (
	Passed    porting.Outcome = "passed"
	Asked     porting.Outcome = "asked"
	Skipped   porting.Outcome = "skipped"
	Ready     porting.Outcome = "ready"
	NotYet    porting.Outcome = "waiting"
	Sent      porting.Outcome = "sent"
	ToReview  porting.Outcome = "review"
	Again     porting.Outcome = "again"
	Later     porting.Outcome = "later"
	ToDesk    porting.Outcome = "desk"
	Completed porting.Outcome = "completed"
	Delayed   porting.Outcome = "delayed"
	Parked    porting.Outcome = "parked"
	Scheduled porting.Outcome = "scheduled"
)

// StepRow is one task of a machine and the outcomes that it may have.
type StepRow struct {
	Machine  porting.Machine
	Step     Step
	Token    bool // the state waits for its token
	Outcomes []porting.Outcome
	does     doing
}

// Steps lists every task of the two machines. Tests check the machines' definitions against it: each row has its state,
// and each outcome its choice.
func Steps() []StepRow {
	const csr, lsr = porting.CSRMachine, porting.LSRMachine
	return []StepRow{
		task(csr, Screen, (*Tasks).screen, Passed, Delayed),
		task(csr, RequestCSR, (*Tasks).requestCSR, Asked, Skipped, Delayed),
		task(csr, ReadCSR, (*Tasks).readCSR, Ready, NotYet, Skipped, Delayed),
		task(csr, Compare, (*Tasks).compare, porting.OutSettled, ToDesk),
		task(csr, Park, (*Tasks).park, Parked),
		wait(csr, Desk, (*Tasks).desk, porting.OutRetry, porting.OutSettled),
		task(lsr, Send, (*Tasks).send, Sent, ToReview, porting.OutAccepted, porting.OutRefused, Delayed, Scheduled),
		wait(lsr, TeamReview, (*Tasks).review, porting.OutApproved),
		wait(lsr, Answer, (*Tasks).answer, porting.OutAccepted, porting.OutRefused),
		task(lsr, Repair, (*Tasks).repair, Again, Later, ToDesk),
		task(lsr, Confirm, (*Tasks).confirm, Completed, Later, porting.OutRefused, ToDesk, Delayed),
		task(lsr, Park, (*Tasks).park, Parked),
		wait(lsr, Desk, (*Tasks).desk, porting.OutRetry, porting.OutAccepted),
	}
}

// doing does one step of an order.
type doing func(*Tasks, context.Context, porting.Order, Input) (Output, error)

// task makes the row of a task that answers at once. Each task may find that its machine has nothing more to do.
func task(m porting.Machine, s Step, does doing, outcomes ...porting.Outcome) StepRow {
	return StepRow{Machine: m, Step: s, Outcomes: append(outcomes, porting.OutOver), does: does}
}

// wait makes the row of a task whose state waits for a task token.
func wait(m porting.Machine, s Step, does doing, outcomes ...porting.Outcome) StepRow {
	row := task(m, s, does, outcomes...)
	row.Token = true
	return row
}

// Tasks does the steps of one machine.
type Tasks struct {
	Machine porting.Machine
	Book    *orders.Book
	Peers   Peers
	// Open returns the order with its secrets readable.
	Open func(context.Context, porting.Order) (porting.Order, error)
	Pace Pace
	// Files has the documents that go with a request.
	Files Files
	// AutoApprove lets a resubmitted order that passes every check go to the carrier without a person's review.
	AutoApprove bool
}

// Files reads files. Get refuses one of more bytes than most.
type Files interface {
	Get(ctx context.Context, key string, most int64) ([]byte, error)
}

// system gives the commands of a state machine's steps, and bySweep those of the sweeps.
var (
	system  = porting.SystemBy(porting.WayWorkflow)
	bySweep = porting.SystemBy(porting.WaySweep)
)

// Run does one step. The outcome is OutOver if this run no longer drives the order.
func (t *Tasks) Run(ctx context.Context, in Input) (Output, error) {
	i := slices.IndexFunc(Steps(), func(r StepRow) bool { return r.Machine == t.Machine && r.Step == in.Step })
	if i < 0 {
		return Output{}, porting.Errorf(porting.Invalid, "The machine %s has no step %q.", t.Machine, in.Step)
	}
	row := Steps()[i]
	o, err := t.Book.Store.Load(ctx, in.Order)
	if err != nil {
		return Output{}, err
	}
	gone := o.Driver.Machine == porting.NoMachine && o.Driver.Run == in.Run
	if !t.drives(o, in) && !(row.Token && gone) {
		return t.over(o, row)
	}
	out, err := row.does(t, ctx, o, in)
	var refused *porting.Error
	if errors.As(err, &refused) && refused.Code != porting.Stale { // the order may have gone on since it was read
		if now, failed := t.Book.Store.Load(ctx, in.Order); failed == nil && !t.drives(now, in) {
			return t.over(now, row)
		}
	}
	if err != nil {
		return Output{}, err
	}
	if !row.Token && !slices.Contains(row.Outcomes, out.Outcome) {
		return Output{}, porting.Errorf(porting.Invalid, "The step %s has no outcome %q.", in.Step, out.Outcome)
	}
	return out, nil
}

// drives reports whether this run drives the order.
func (t *Tasks) drives(o porting.Order, in Input) bool {
	return o.Driver.Machine == t.Machine && o.Driver.Run == in.Run
}

// over answers a step of a run that no longer drives the order. Of a state with a token, Step Functions reads nothing but
// an error.
func (t *Tasks) over(o porting.Order, row StepRow) (Output, error) {
	if row.Token {
		return Output{}, porting.Errorf(porting.Settled, "This run no longer drives the order.")
	}
	return t.out(o, porting.OutOver), nil
}

// out makes the output of a step, with the waits that the order calls for as it stands.
func (t *Tasks) out(o porting.Order, outcome porting.Outcome) Output {
	return t.Pace.Output(o, outcome, t.Book.Time())
}

// Pace is the speed of time for the machines' waits. Day is how long a calendar day lasts: 24 hours on AWS, seconds on
// the local stack. Sandbox is the same for the orders of sandboxes.
type Pace struct{ Day, Sandbox time.Duration }

// of returns the pace of the order.
func (p Pace) of(o porting.Order) Pace {
	if o.Sandbox {
		p.Day = p.Sandbox
	}
	return p
}

// Scale returns how long d lasts at this pace.
func (p Pace) Scale(d time.Duration) time.Duration {
	if p.Day == 0 {
		return d
	}
	return time.Duration(float64(d) * float64(p.Day) / float64(24*time.Hour))
}

// Output makes the output of an outcome with the waits that the order calls for: until the FOC instant, and for a time
// that grows with each reading of the CSR and each delay.
func (p Pace) Output(o porting.Order, outcome porting.Outcome, now time.Time) Output {
	n := o.Delays
	if csr, ok := o.Last(porting.AskCSR); ok && o.Status == porting.Submitted && !o.CSRSettled {
		n = max(n, csr.Reads)
	}
	p = p.of(o)
	until := now
	switch {
	case outcome == Scheduled: // HandOver has the pace already
		if o.HandOver.After(now) {
			until = o.HandOver
		}
	case !o.FOCAt.After(now):
	case o.Sandbox: // FOCAt has the sandbox's own speed already
		until = o.FOCAt
	default:
		until = now.Add(p.Scale(o.FOCAt.Sub(now)))
	}
	return Output{
		Outcome: outcome,
		Wait:    max(1, int(p.Scale(growing(n)).Seconds())),
		Until:   until.UTC().Truncate(time.Second).Add(time.Second).Format(time.RFC3339),
	}
}

// growing returns the wait before the try after n. A carrier's machine gives a CSR in minutes, its people in one to
// three days (24 hours is the target; carriers publish three business days).
func growing(n int) time.Duration {
	waits := [...]time.Duration{
		5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	}
	return waits[min(n, len(waits)-1)]
}

// patience is how often a step waits for a peer before our staff is asked.
const patience = 8
