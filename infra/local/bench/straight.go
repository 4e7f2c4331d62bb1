package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/infra/local/stack"
	"portway/internal/porting"
)

const (
	maxTransitions = 20
	lifeLimit      = 2 * time.Minute
)

// straight runs one order without trouble on the whole local stack, and reads the histories of its executions.
func straight(ctx context.Context) ([]Figure, error) {
	s, err := stack.Up(ctx, stack.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Down() }() // the process ends whatever is left
	ctx, cancel := context.WithTimeoutCause(ctx, lifeLimit, errors.New("the order took too long"))
	defer cancel()
	signed, completed, err := live(ctx, s.File)
	if err != nil {
		return nil, err
	}
	return histories(ctx, sfn.NewFromConfig(s.Engine.Config()), s.File, span{signed, completed})
}

// span is a stretch of time.
type span struct{ from, to time.Time }

func (s span) length() time.Duration { return s.to.Sub(s.from) }

// within is how much of s lies in o.
func (s span) within(o span) time.Duration {
	if s.from.Before(o.from) {
		s.from = o.from
	}
	if s.to.After(o.to) {
		s.to = o.to
	}
	return max(0, s.length())
}

// live follows an order from its signature to completion, and returns the times of both. The last digits of its number
// say that nothing goes wrong on the way.
func live(ctx context.Context, f stack.File) (signed, completed time.Time, err error) {
	var group struct {
		Data struct {
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	err = ask(ctx, f, http.MethodPost, "", portorder(map[string]any{
		"numbers": []string{"+12065550101"}, "billing_name": "Jane Roe", "company": "Paper Kite Bakery",
		"provider":         "Example Telco",
		"provider_account": "000123", "pin": "4321", "usage_type": "Business", "street": "12 Example Ave",
		"city":  "Seattle",
		"state": "WA", "zip": "98104", "country": "US",
	}), &group)
	if err != nil {
		return signed, completed, err
	}
	order := "/" + group.Data.Attributes.Orders.Data[0].ID
	signed = time.Now()
	if err := ask(ctx, f, http.MethodPost, order+"/loa", data("loa",
		map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}), nil); err != nil {
		return signed, completed, err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var now struct {
			Data struct {
				Attributes struct{ Status porting.Status }
			}
		}
		if err := ask(ctx, f, http.MethodGet, order+"/status", nil, &now); err != nil {
			return signed, completed, err
		}
		switch status := now.Data.Attributes.Status; {
		case status == porting.Completed:
			return signed, time.Now(), nil
		case status.Terminal():
			return signed, completed, fmt.Errorf("the order is %s", status)
		}
		select {
		case <-ctx.Done():
			return signed, completed, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

func ask(ctx context.Context, f stack.File, method, path string, body, into any) error {
	a, err := f.Call(ctx, method, "/v2/portorders"+path, body)
	if err != nil {
		return err
	}
	if a.Status >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %d: %s", method, a.Status, a.Body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(a.Body, into)
}

// histories counts the states that the executions of the only order entered, and the time that they waited.
func histories(ctx context.Context, client *sfn.Client, f stack.File, life span) ([]Figure, error) {
	var figures []Figure
	all := 0
	var waited time.Duration
	for _, machine := range []string{"csr", "lsr"} {
		list, err := ended(ctx, client, f.StateMachines[machine])
		if err != nil {
			return nil, err
		}
		n := 0
		for _, e := range list {
			entered, waits, err := history(ctx, client, e.ExecutionArn)
			if err != nil {
				return nil, err
			}
			n += entered
			for _, wait := range waits {
				waited += wait.within(life)
			}
		}
		all += n
		figures = append(figures, Figure{What: "states entered, " + machine + " machine",
			Value: fmt.Sprintf("%2d in %s", n, count(len(list), "execution"))})
	}
	return append(figures,
		Figure{What: "state transitions", Value: fmt.Sprintf("%2d", all), Goal: fmt.Sprintf("≤ %d", maxTransitions),
			Met: all > 0 && all <= maxTransitions},
		Figure{What: "time without waits for dates and carriers",
			Value: fmt.Sprintf("%.1f s of %.1f s", (life.length() - waited).Seconds(), life.length().Seconds())},
	), nil
}

// ended returns a machine's executions once none is running.
func ended(ctx context.Context, client *sfn.Client, machine string) ([]types.ExecutionListItem, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := client.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: aws.String(machine)})
		if err != nil {
			return nil, err
		}
		running := func(e types.ExecutionListItem) bool { return e.Status == types.ExecutionStatusRunning }
		if len(out.Executions) > 0 && !slices.ContainsFunc(out.Executions, running) {
			return out.Executions, nil
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// history counts the states that an execution entered, and finds its waits: Wait states, and tasks that are answered by
// task token. The waits of such tasks include their function calls where the history does not tell the two apart.
func history(ctx context.Context, client *sfn.Client, execution *string) (entered int, waits []span, err error) {
	var since time.Time // when the present wait began
	pages := sfn.NewGetExecutionHistoryPaginator(client, &sfn.GetExecutionHistoryInput{ExecutionArn: execution})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, nil, err
		}
		for _, e := range page.Events {
			at := aws.ToTime(e.Timestamp)
			if strings.HasSuffix(string(e.Type), "StateEntered") {
				entered++
			}
			switch e.Type {
			case types.HistoryEventTypeTaskScheduled:
				if d := e.TaskScheduledEventDetails; d != nil && strings.HasSuffix(aws.ToString(d.Resource),
					".waitForTaskToken") {
					since = at
				}
			case types.HistoryEventTypeTaskSubmitted:
				if !since.IsZero() {
					since = at
				}
			case types.HistoryEventTypeWaitStateEntered:
				since = at
			case types.HistoryEventTypeWaitStateExited, types.HistoryEventTypeTaskSucceeded:
				if !since.IsZero() {
					waits = append(waits, span{since, at})
				}
				since = time.Time{}
			}
		}
	}
	return entered, waits, nil
}
