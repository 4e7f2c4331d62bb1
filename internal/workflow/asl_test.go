package workflow

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/lambdax"
	"portway/internal/porting"
)

// machine is a state machine as far as the checks go.
type machine struct {
	Comment string
	StartAt string
	States  map[string]state
}

type state struct {
	Type           string
	Comment        string
	Resource       string
	Next           string
	Default        string
	TimeoutSeconds int
	SecondsPath    string
	TimestampPath  string
	ResultPath     string
	ResultSelector map[string]string
	Parameters     struct {
		FunctionName string
		Payload      map[string]string
	}
	Choices []struct {
		Variable     string
		StringEquals string
		Next         string
	}
	Retry []rule
	Catch []rule
}

type rule struct {
	ErrorEquals     []string
	IntervalSeconds int
	MaxAttempts     int
	BackoffRate     float64
	JitterStrategy  string
	MaxDelaySeconds int
	ResultPath      string
	Next            string
}

// token says that the state waits to be resumed.
func (s state) token() bool { return strings.HasSuffix(s.Resource, ".waitForTaskToken") }

// retries returns for how long the state is tried again after an error of that name.
func (s state) retries(name string) time.Duration {
	for _, r := range s.Retry {
		if !slices.Contains(r.ErrorEquals, name) {
			continue
		}
		seconds := 0.0
		for n := range r.MaxAttempts {
			seconds += min(float64(r.IntervalSeconds)*math.Pow(r.BackoffRate, float64(n)), float64(r.MaxDelaySeconds))
		}
		return time.Duration(seconds) * time.Second
	}
	return 0
}

func read(t *testing.T, m porting.Machine) machine {
	t.Helper()
	raw, err := os.ReadFile("../../infra/" + string(m) + ".asl.json")
	if err != nil {
		t.Fatal(err)
	}
	var asl machine
	if err := json.Unmarshal(raw, &asl); err != nil {
		t.Fatal(err)
	}
	return asl
}

// awsErrors is AWS's own list of what a caller of Lambda should retry.
var awsErrors = []string{
	"Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException", "Lambda.AWSLambdaException",
	"Lambda.SdkClientException", "Lambda.TooManyRequestsException",
}

// died are the errors of a function that crashed, ran out of memory or out of time.
var died = []string{"Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"}

// longest is the outage that every step has to outlast by its own retries, without its dice.
const longest = 8 * time.Hour

func eachMachine(t *testing.T, check func(*testing.T, porting.Machine, machine)) {
	for _, m := range []porting.Machine{porting.CSRMachine, porting.LSRMachine} {
		t.Run(string(m), func(t *testing.T) { check(t, m, read(t, m)) })
	}
}

func TestEveryTaskHasItsStateAndEveryOutcomeItsChoice(t *testing.T) {
	eachMachine(t, func(t *testing.T, name porting.Machine, m machine) {
		tasks := map[Step]int{}
		for at, s := range m.States {
			if s.Type != "Task" {
				continue
			}
			step := Step(s.Parameters.Payload["step"])
			tasks[step]++
			i := slices.IndexFunc(Steps(), func(r StepRow) bool { return r.Machine == name && r.Step == step })
			if i < 0 {
				t.Errorf("%q has the step %q, which no code does", at, step)
				continue
			}
			row := Steps()[i]
			if row.Token != s.token() {
				t.Errorf("%q: waits for a token: %v, the code says %v", at, s.token(), row.Token)
			}
			next := m.States[s.Next]
			if next.Type != "Choice" {
				t.Errorf("%q is not followed by a choice", at)
			}
			var named []porting.Outcome
			for _, c := range next.Choices {
				if c.Variable != "$.said.outcome" {
					t.Errorf("%q chooses by %q", s.Next, c.Variable)
				}
				named = append(named, porting.Outcome(c.StringEquals))
			}
			slices.Sort(named)
			want := slices.Sorted(slices.Values(row.Outcomes))
			if !slices.Equal(named, want) {
				t.Errorf("%q chooses among %v, the task says %v", s.Next, named, want)
			}
			if m.States[next.Default].Type != "Fail" {
				t.Errorf("%q has no Fail as its default", s.Next)
			}
		}
		for _, row := range Steps() {
			if row.Machine == name && tasks[row.Step] != 1 {
				t.Errorf("the step %q has %d states", row.Step, tasks[row.Step])
			}
		}
	})
}

func TestEveryTaskIsBoundedRetriedAndCaught(t *testing.T) {
	ours := slices.Concat([]string{lambdax.Transient, "States.ALL", "States.Timeout"}, died, awsErrors)
	eachMachine(t, func(t *testing.T, _ porting.Machine, m machine) {
		for at, s := range m.States {
			if s.Comment == "" {
				t.Errorf("%q has no comment", at)
			}
			if s.Type != "Task" {
				continue
			}
			if s.TimeoutSeconds <= 60 {
				t.Errorf("%q has %d TimeoutSeconds; the function itself may take 60", at, s.TimeoutSeconds)
			}
			var retried []string
			for _, r := range s.Retry {
				retried = append(retried, r.ErrorEquals...)
				if r.JitterStrategy != "FULL" || r.MaxDelaySeconds == 0 || r.MaxAttempts == 0 || r.IntervalSeconds < 2 || r.BackoffRate < 2 {
					t.Errorf("%q retries %v without jitter or bounds", at, r.ErrorEquals)
				}
			}
			for _, name := range slices.Concat(awsErrors, died, []string{lambdax.Transient}) {
				if !slices.Contains(retried, name) {
					t.Errorf("%q does not retry %s", at, name)
				}
				if lasts := s.retries(name); lasts < longest {
					t.Errorf("%q retries %s for %s, want at least %s", at, name, lasts, longest)
				}
			}
			caught := false
			for _, c := range s.Catch {
				caught = caught || slices.Contains(c.ErrorEquals, "States.ALL")
				retried = append(retried, c.ErrorEquals...)
			}
			if !caught && s.Parameters.Payload["step"] != string(Park) {
				t.Errorf("%q catches nothing", at)
			}
			for _, name := range retried {
				if !slices.Contains(ours, name) {
					t.Errorf("%q names the error %q, which nobody raises", at, name)
				}
			}
		}
	})
}

func TestPayloadsHoldIdsOnly(t *testing.T) {
	allowed := map[string]string{"order.$": "$.order", "run.$": "$.run", "token.$": "$$.Task.Token", "error.$": "$.error.Error",
		"entered.$": "$$.State.EnteredTime", "try.$": "$$.State.RetryCount"}
	eachMachine(t, func(t *testing.T, _ porting.Machine, m machine) {
		for at, s := range m.States {
			for name, value := range s.Parameters.Payload {
				if name != "step" && allowed[name] != value {
					t.Errorf("%q hands over %s = %s", at, name, value)
				}
			}
		}
	})
}

func TestEveryStateIsReachedAndLeadsSomewhere(t *testing.T) {
	eachMachine(t, func(t *testing.T, _ porting.Machine, m machine) {
		reached := map[string]bool{}
		var walk func(at string)
		walk = func(at string) {
			s, ok := m.States[at]
			if !ok {
				t.Errorf("there is no state %q", at)
			}
			if reached[at] || !ok {
				return
			}
			reached[at] = true
			next := []string{s.Next, s.Default}
			for _, c := range s.Choices {
				next = append(next, c.Next)
			}
			for _, c := range s.Catch {
				next = append(next, c.Next)
			}
			n := 0
			for _, to := range next {
				if to != "" {
					n++
					walk(to)
				}
			}
			if ends := s.Type == "Succeed" || s.Type == "Fail"; ends != (n == 0) {
				t.Errorf("%q (%s) leads to %d states", at, s.Type, n)
			}
		}
		walk(m.StartAt)
		for at := range m.States {
			if !reached[at] {
				t.Errorf("%q is never reached", at)
			}
		}
	})
}

// A straight order passes each state at most once: the goal is at most 20 transitions.
func TestAStraightOrderTakesFewTransitions(t *testing.T) {
	paths := map[porting.Machine][]porting.Outcome{
		porting.CSRMachine: {Passed, Asked, Ready, porting.OutSettled},
		porting.LSRMachine: {Sent, porting.OutAccepted, Completed},
	}
	total := 0
	for name, said := range paths {
		m := read(t, name)
		at := m.StartAt
		for {
			s := m.States[at]
			total++
			if s.Type == "Succeed" {
				break
			}
			if s.Type != "Choice" {
				at = s.Next
				continue
			}
			i := slices.IndexFunc(s.Choices, func(c struct {
				Variable     string
				StringEquals string
				Next         string
			}) bool {
				return c.StringEquals == string(said[0])
			})
			if i < 0 {
				t.Fatalf("%q has no choice %q", at, said[0])
			}
			at, said = s.Choices[i].Next, said[1:]
		}
	}
	if total > 20 {
		t.Errorf("a straight order takes %d transitions", total)
	}
	t.Logf("a straight order takes %d transitions", total)
}
