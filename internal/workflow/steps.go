// Package workflow is the two state machines: what their tasks do with an order (CSR and LSR), how they are started and
// resumed, and how fast they wait. The order is the truth and the machine only its driver: a task reads the order, does the
// one thing that its step and the order's state call for, and may run twice.
package workflow

import (
	"context"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Input is what a state hands to its task: ids only, and the token where the state waits for it.
type Input struct {
	Step  Step            `json:"step"`
	Order porting.OrderID `json:"order"`
	// Run is which run of the machine this is; a run that is no longer the order's own ends by itself.
	Run   int            `json:"run"`
	Token porting.Secret `json:"token,omitzero"`
	// Error is the name of the error that led to the step.
	Error string `json:"error,omitempty"`
}

// OrderID says which order the step is about.
func (in Input) OrderID() porting.OrderID { return in.Order }

// Output is what a task tells its machine. Wait (seconds) and Until are there always, since a state that waits reads one.
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

// The outcomes of tasks; those of waits are porting's.
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
)

// StepRow is one task of a machine and the outcomes that it may have.
type StepRow struct {
	Machine  porting.Machine
	Step     Step
	Token    bool // the state waits for its token
	Outcomes []porting.Outcome
	does     func(*Tasks, context.Context, porting.Order, Input) (Output, error)
}

// Steps is every task of the two machines. The state machines are checked against it: each row has its state, each outcome
// its choice.
func Steps() []StepRow {
	const csr, lsr = porting.CSRMachine, porting.LSRMachine
	outs := func(o ...porting.Outcome) []porting.Outcome { return append(o, porting.OutOver) }
	return []StepRow{
		{csr, Screen, false, outs(Passed, Delayed), (*Tasks).screen},
		{csr, RequestCSR, false, outs(Asked, Skipped, Delayed), (*Tasks).requestCSR},
		{csr, ReadCSR, false, outs(Ready, NotYet, Skipped, Delayed), (*Tasks).readCSR},
		{csr, Compare, false, outs(porting.OutSettled, ToDesk), (*Tasks).compare},
		{csr, Park, false, outs(Parked), (*Tasks).park},
		{csr, Desk, true, outs(porting.OutRetry, porting.OutSettled), (*Tasks).desk},
		{lsr, Send, false, outs(Sent, ToReview, porting.OutAccepted, porting.OutRefused, Delayed), (*Tasks).send},
		{lsr, TeamReview, true, outs(porting.OutApproved), (*Tasks).review},
		{lsr, Answer, true, outs(porting.OutAccepted, porting.OutRefused), (*Tasks).answer},
		{lsr, Repair, false, outs(Again, Later, ToDesk), (*Tasks).repair},
		{lsr, Confirm, false, outs(Completed, Later, porting.OutRefused, ToDesk, Delayed), (*Tasks).confirm},
		{lsr, Park, false, outs(Parked), (*Tasks).park},
		{lsr, Desk, true, outs(porting.OutRetry, porting.OutAccepted), (*Tasks).desk},
	}
}

// Tasks does the steps of one machine.
type Tasks struct {
	Machine porting.Machine
	Book    *orders.Book
	Peers   Peers
	// Open gives back the order with its secrets readable.
	Open func(context.Context, porting.Order) (porting.Order, error)
	Pace Pace
	// Files is where the documents are that go with a request.
	Files Files
	// AutoApprove lets a resubmitted order that passes every check go to the carrier without a person's review.
	AutoApprove bool
}

// Files reads a file of at most that many bytes.
type Files interface {
	Get(ctx context.Context, key string, most int64) ([]byte, error)
}

var system = porting.By{Role: porting.System}

// Run does one step. An order that this run no longer drives is over for it.
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
	if ours := o.Driver.Machine == t.Machine && o.Driver.Run == in.Run; !ours {
		switch gone := o.Driver.Machine == porting.NoMachine && o.Driver.Run == in.Run; {
		case !row.Token:
			return t.out(o, porting.OutOver), nil
		case !gone: // another run waits; Step Functions looks at nothing that the function says here but an error
			return Output{}, porting.Errorf(porting.Settled, "This run no longer drives the order.")
		}
	}
	out, err := row.does(t, ctx, o, in)
	if err != nil {
		return Output{}, err
	}
	if !row.Token && !slices.Contains(row.Outcomes, out.Outcome) {
		return Output{}, porting.Errorf(porting.Invalid, "The step %s has no outcome %q.", in.Step, out.Outcome)
	}
	return out, nil
}

// out is an outcome with the waits that belong to the order as it stands.
func (t *Tasks) out(o porting.Order, outcome porting.Outcome) Output {
	return t.Pace.Output(o, outcome, t.Book.Time())
}

// Pace is how fast the machines wait: Day is how long a calendar day lasts for them, 24 hours on AWS, seconds in a local stack;
// Sandbox is that for a sandbox's orders.
type Pace struct{ Day, Sandbox time.Duration }

// of is the pace of an order's own.
func (p Pace) of(o porting.Order) Pace {
	if o.Sandbox {
		p.Day = p.Sandbox
	}
	return p
}

// Scale is d at this pace.
func (p Pace) Scale(d time.Duration) time.Duration {
	if p.Day == 0 {
		return d
	}
	return time.Duration(float64(d) * float64(p.Day) / float64(24*time.Hour))
}

// Output is an outcome with the waits that belong to the order: the FOC instant, and a wait that grows with each CSR read and
// each delay.
func (p Pace) Output(o porting.Order, outcome porting.Outcome, now time.Time) Output {
	n := o.Delays
	if csr, ok := o.Last(porting.AskCSR); ok && o.Status == porting.Submitted && !o.CSRSettled {
		n = max(n, csr.Reads)
	}
	p = p.of(o)
	until := now
	switch {
	case !o.FOCAt.After(now):
	case o.Sandbox: // it is as near as a sandbox's days are short
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

// growing are the waits between two tries: a CSR is there in minutes where a carrier answers by machine, in a day or three
// where people look (24 hours is the target, three business days what carriers publish).
func growing(n int) time.Duration {
	waits := [...]time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour}
	return waits[min(n, len(waits)-1)]
}

// patience is how often a step waits for somebody before our staff is asked.
const patience = 8
