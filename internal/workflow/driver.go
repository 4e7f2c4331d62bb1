package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// StepFunctions is the part of AWS Step Functions that the driver needs.
type StepFunctions interface {
	StartExecution(context.Context, *sfn.StartExecutionInput, ...option) (*sfn.StartExecutionOutput, error)
	SendTaskSuccess(context.Context, *sfn.SendTaskSuccessInput, ...option) (*sfn.SendTaskSuccessOutput, error)
	DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...option) (*sfn.DescribeExecutionOutput, error)
}

type option = func(*sfn.Options)

// Driver starts and resumes the state machines.
type Driver struct {
	AWS      StepFunctions
	Machines map[porting.Machine]string // ARNs
	Book     *orders.Book
	Pace     Pace
}

// ExecutionName names an execution by account, order, machine and run, so that the list on the console reads like a
// work list. It has at most 80 characters.
func ExecutionName(o porting.Order) string {
	account := string(o.Account)
	if len(account) > 32 {
		account = account[:32]
	}
	return fmt.Sprintf("%s-%s-%s-%d", account, o.ID, o.Driver.Machine, o.Driver.Run)
}

// Start handles the effect StartDriver: it starts the machine that the order calls for now. If the execution's name is
// taken, the machine was started already.
func (d *Driver) Start(ctx context.Context, _ porting.Event, o porting.Order) error {
	if o.Machine() == porting.NoMachine {
		return nil
	}
	input, err := json.Marshal(map[string]any{"order": o.ID, "run": o.Driver.Run})
	if err != nil {
		return err
	}
	_, err = d.AWS.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(d.Machines[o.Driver.Machine]),
		Name:            aws.String(ExecutionName(o)),
		Input:           aws.String(string(input)),
	})
	var exists *types.ExecutionAlreadyExists
	if errors.As(err, &exists) {
		return nil
	}
	return err
}

// resumed is how long the function that resumes a machine may take to write that down. A token that is unknown so soon
// after its outcome may have been used a moment ago, by the same event that was handed over twice.
const resumed = 2 * time.Minute

// Resume handles the effect ResumeWait: it tells the waiting machine the outcome and clears the token. A token that Step
// Functions does not know any more tells nothing of its execution: another function may have used it, the execution may
// have ended, or it may wait on another token that was never written down. The order then gets a new run, which finds
// out from the order what is left to do; a run that is still there ends by itself at its next step.
func (d *Driver) Resume(ctx context.Context, _ porting.Event, o porting.Order) error {
	w := o.Wait
	if w.Outcome == "" || !w.Token.IsSet() {
		return nil
	}
	output, err := json.Marshal(d.Pace.Output(o, w.Outcome, d.Book.Now()))
	if err != nil {
		return err
	}
	_, err = d.AWS.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{
		TaskToken: aws.String(w.Token.Reveal()), Output: aws.String(string(output)),
	})
	var late *types.TaskTimedOut
	var gone *types.TaskDoesNotExist
	var bad *types.InvalidToken
	if err != nil && !errors.As(err, &late) && !errors.As(err, &gone) && !errors.As(err, &bad) {
		return err
	}
	if err != nil {
		return d.replace(ctx, o.ID, w)
	}
	_, err = d.Book.Do(ctx, o.ID, porting.Resume{By: system, Seq: w.Seq})
	return err
}

// replace starts a new run in the place of one that waited on a dead token. A wait of an earlier run, and that of an order
// that has nobody to move it, is over with its token.
func (d *Driver) replace(ctx context.Context, id porting.OrderID, w porting.Wait) error {
	_, err := d.Book.Change(ctx, id, func(o porting.Order) (porting.Command, error) {
		switch {
		case o.Wait.Seq != w.Seq || !o.Wait.Token.IsSet():
			return nil, nil
		case o.Machine() == porting.NoMachine || w.Run != o.Driver.Run:
			return porting.Resume{By: system, Seq: w.Seq}, nil
		case d.Book.Now().Sub(o.Updated) < resumed:
			return nil, porting.Errorf(porting.TooEarly, "The machine may have been resumed a moment ago.")
		}
		return porting.Redrive{By: system, Run: o.Driver.Run}, nil
	})
	return err
}

// Check starts the order's machine again if its run is gone, or if nobody will ever resume it ([porting.Rules.Stuck]). It
// tries again what an outage has left to our staff.
func (d *Driver) Check(ctx context.Context, o porting.Order) error {
	if o.Machine() == porting.NoMachine {
		return nil
	}
	if o.AskedByOutage() {
		return d.retry(ctx, o)
	}
	arn := executionARN(d.Machines[o.Driver.Machine], ExecutionName(o))
	out, err := d.AWS.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(arn)})
	var none *types.ExecutionDoesNotExist
	switch {
	case err != nil && !errors.As(err, &none):
		return err
	case err == nil && out.Status == types.ExecutionStatusRunning && !d.Book.Rules.Stuck(o, d.Book.Now()):
		return nil
	}
	_, err = d.Book.Do(ctx, o.ID, porting.Redrive{By: bySweep, Run: o.Driver.Run})
	return err
}

// retry tries again what an outage has left to our staff, more rarely the longer the outage lasts: each try makes events,
// and a comment of the status check that follows it.
func (d *Driver) retry(ctx context.Context, o porting.Order) error {
	tries, err := d.Book.Store.Search(ctx, o.ID, orders.Search{Kind: porting.Retried, Limit: hourlyRetries + sixHourlyRetries})
	if err != nil || d.Book.Now().Before(nextRetry(tries.Events)) {
		return err
	}
	_, err = d.Book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
		if !o.AskedByOutage() {
			return nil, nil
		}
		return porting.Retry{By: system}, nil
	})
	if porting.Is(err, porting.WrongStatus) { // in review, whose question is there as well
		return nil
	}
	return err
}

// An order that an outage has left is tried again by every check of its driver, which is hourly, then every 6 hours, and
// then daily.
const hourlyRetries, sixHourlyRetries = 4, 4

// nextRetry returns when the system may next try an order again, after the tries that there were, the oldest first. The
// system's tries belong to one outage while no more than two days lie between them, and no person has decided.
func nextRetry(tries []porting.Event) time.Time {
	if len(tries) == 0 {
		return time.Time{}
	}
	last := tries[len(tries)-1].At
	n := 0
	for i, after := len(tries)-1, last; i >= 0; i-- {
		if tries[i].By.Role != porting.System || after.Sub(tries[i].At) > 48*time.Hour {
			break
		}
		n, after = n+1, tries[i].At
	}
	switch {
	case n < hourlyRetries:
		return time.Time{}
	case n < hourlyRetries+sixHourlyRetries:
		return last.Add(6 * time.Hour)
	}
	return last.Add(24 * time.Hour)
}

// executionARN makes the ARN of a named execution of a machine.
func executionARN(machine, name string) string {
	return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + name
}
