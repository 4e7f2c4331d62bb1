// Package machinetest is Step Functions as far as our two state machines use them, for tests: it runs the machines' own
// definitions. Start reading at [New]. A test steps the executions itself, as [Machines.Ready] and [Machines.Step] have
// it.
//
// The package knows the tasks' input and output. It must not know what the tasks do.
package machinetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/infra"
	"portway/internal/porting"
	"portway/internal/workflow"
)

// Token is the beginning of every task token. A token must not be shown, so tests look for it.
const Token = "CANARY-TOKEN-"

// Outside is what the machines need of the world around them.
type Outside struct {
	Now func() time.Time
	// Call makes a call of the Step Functions API, which may fail before or after do.
	Call func(ctx context.Context, what string, do func() error) error
	// Invoke runs one task. The name of an error tells the machine whether to retry.
	Invoke func(porting.Machine, workflow.Input) (out workflow.Output, errorName, cause string)
	// Started, if set, is told of each execution that starts. It must not wait.
	Started func(*Execution)
}

// Machines are Step Functions as far as our two state machines use them: Task, Choice, Wait, Succeed and Fail, Retry
// without its dice, Catch, and waiting for a task token. They run on the clock of the world outside, one state at a
// time.
type Machines struct {
	Outside

	mu     sync.Mutex
	asl    map[string]definition // by ARN
	runs   []*Execution
	byARN  map[string]*Execution
	tokens map[string]*Execution
	count  int
}

// New makes the machines from their own definitions.
func New(o Outside) (*Machines, error) {
	asl, err := definitions()
	return &Machines{Outside: o, asl: asl, tokens: map[string]*Execution{}, byARN: map[string]*Execution{}}, err
}

// ARNs returns the ARN of each machine.
func ARNs() map[porting.Machine]string {
	all := map[porting.Machine]string{}
	for _, name := range names {
		all[name] = machineARN(name)
	}
	return all
}

var names = []porting.Machine{porting.CSRMachine, porting.LSRMachine}

type definition struct {
	name    porting.Machine
	StartAt string
	States  map[string]state
}

type state struct {
	Type           string
	Resource       string
	Parameters     struct{ Payload map[string]string }
	ResultSelector map[string]string
	ResultPath     string
	Retry          []retrier
	Catch          []catcher
	Choices        []struct{ Variable, StringEquals, Next string }
	Default        string
	SecondsPath    string
	TimestampPath  string
	TimeoutSeconds float64
	Next           string
	Error          string
}

type retrier struct {
	ErrorEquals     []string
	IntervalSeconds float64
	MaxAttempts     int
	BackoffRate     float64
	MaxDelaySeconds float64
}

type catcher struct {
	ErrorEquals []string
	ResultPath  string
	Next        string
}

// Execution is one run of a machine.
type Execution struct {
	Name   string
	Status types.ExecutionStatus
	// States are those that it has entered; History is everything that its history shows, save the task tokens that AWS itself
	// writes into a task's parameters.
	States  []string
	History []string

	arn, input string
	asl        definition
	at         string
	data       map[string]any
	wake       time.Time // the instant from which it may go on
	entered    time.Time // when it entered the present state
	token      string    // it waits for this
	tried      []int     // tries of the present state, by retrier
	moved      chan struct{}
}

// definitions are the real files, read once.
var definitions = sync.OnceValues(func() (map[string]definition, error) {
	return read(infra.Machines())
})

// read reads the definitions of a release's machines.
func read(files fs.FS) (map[string]definition, error) {
	all := map[string]definition{}
	for _, name := range names {
		raw, err := fs.ReadFile(files, string(name)+".asl.json")
		if err != nil {
			return nil, err
		}
		d := definition{name: name}
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, err
		}
		all[machineARN(name)] = d
	}
	return all, nil
}

func machineARN(name porting.Machine) string {
	return "arn:aws:states:us-east-1:111122223333:stateMachine:portway-" + string(name)
}

// StartExecution implements workflow.StepFunctions. As AWS has it, the name of a closed execution is taken, while repeating
// the start of one that runs is harmless.
func (m *Machines) StartExecution(ctx context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	err := m.Call(ctx, "states:StartExecution", func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		asl, ok := m.asl[aws.ToString(in.StateMachineArn)]
		name, input := aws.ToString(in.Name), aws.ToString(in.Input)
		if !ok || len(name) > 80 {
			return fmt.Errorf("ValidationException: %s %q", aws.ToString(in.StateMachineArn), name)
		}
		arn := strings.Replace(*in.StateMachineArn, ":stateMachine:", ":execution:", 1) + ":" + name
		if e := m.find(arn); e != nil {
			if e.Status == types.ExecutionStatusRunning && e.input == input {
				return nil
			}
			return &types.ExecutionAlreadyExists{}
		}
		e := &Execution{Name: name, Status: types.ExecutionStatusRunning, arn: arn, input: input, asl: asl,
			moved: make(chan struct{}, 1)}
		if err := json.Unmarshal([]byte(input), &e.data); err != nil {
			return err
		}
		e.note("input", e.data)
		m.runs = append(m.runs, e)
		m.byARN[arn] = e
		m.enter(e, asl.StartAt)
		if m.Started != nil {
			m.Started(e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sfn.StartExecutionOutput{}, nil
}

// SendTaskSuccess implements workflow.StepFunctions.
func (m *Machines) SendTaskSuccess(ctx context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	err := m.Call(ctx, "states:SendTaskSuccess", func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		token := aws.ToString(in.TaskToken)
		e, ok := m.tokens[token]
		switch {
		case !ok:
			return &types.InvalidToken{}
		case e.token != token || e.Status != types.ExecutionStatusRunning:
			return &types.TaskTimedOut{}
		}
		var out map[string]any
		if err := json.Unmarshal([]byte(aws.ToString(in.Output)), &out); err != nil {
			return err
		}
		e.token = ""
		m.succeed(e, out)
		e.wakeUp()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sfn.SendTaskSuccessOutput{}, nil
}

// DescribeExecution implements workflow.StepFunctions.
func (m *Machines) DescribeExecution(ctx context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	out := &sfn.DescribeExecutionOutput{}
	err := m.Call(ctx, "states:DescribeExecution", func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		e := m.find(aws.ToString(in.ExecutionArn))
		if e == nil {
			return &types.ExecutionDoesNotExist{}
		}
		out.Status = e.Status
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Executions are all that were started, in their order.
func (m *Machines) Executions() []*Execution {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.runs)
}

// Kill ends every running execution, as a person in the console can.
func (m *Machines) Kill() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, e := range m.runs {
		if e.Status == types.ExecutionStatusRunning {
			e.Status, e.token = types.ExecutionStatusAborted, ""
			e.wakeUp()
			n++
		}
	}
	return n
}

func (m *Machines) find(arn string) *Execution {
	return m.byARN[arn]
}

// Ready returns an execution that can go on now, and else when the next one can; zero when none waits for the clock.
func (m *Machines) Ready() (*Execution, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var next time.Time
	for _, e := range m.runs {
		switch {
		case e.Status != types.ExecutionStatusRunning || e.token != "":
		case !e.wake.After(m.Now()):
			return e, time.Time{}
		case next.IsZero() || e.wake.Before(next):
			next = e.wake
		}
	}
	return nil, next
}

// Step carries out the state that the execution is in.
func (m *Machines) Step(e *Execution) {
	m.mu.Lock()
	s := e.asl.States[e.at]
	switch s.Type {
	case "Choice":
		m.choose(e, s)
	case "Wait":
		m.enter(e, s.Next) // its time was set when it was entered
	case "Succeed":
		e.Status = types.ExecutionStatusSucceeded
	case "Fail":
		e.Status = types.ExecutionStatusFailed
		e.note("failed", s.Error)
	case "Task":
		m.mu.Unlock()
		m.task(e, s)
		return
	default:
		e.Status = types.ExecutionStatusFailed
		e.note("failed", "no state "+e.at)
	}
	m.mu.Unlock()
}

// enter puts e into a state; a Wait has its time from now on.
func (m *Machines) enter(e *Execution, at string) {
	s := e.asl.States[at]
	e.at, e.wake, e.tried = at, m.Now(), make([]int, len(s.Retry))
	e.entered = e.wake
	e.States = append(e.States, at)
	e.note(at, e.data)
	if s.Type != "Wait" {
		return
	}
	switch v := e.path(s.SecondsPath + s.TimestampPath).(type) {
	case float64:
		e.wake = m.Now().Add(time.Duration(v * float64(time.Second)))
	case string:
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			e.Status = types.ExecutionStatusFailed
			e.note("failed", "no time: "+v)
			return
		}
		if t.After(e.wake) {
			e.wake = t
		}
	default:
		e.Status = types.ExecutionStatusFailed
		e.note("failed", "nothing to wait for")
	}
}

func (m *Machines) choose(e *Execution, s state) {
	for _, c := range s.Choices {
		if e.path(c.Variable) == c.StringEquals {
			m.enter(e, c.Next)
			return
		}
	}
	m.enter(e, s.Default)
}

func (m *Machines) task(e *Execution, s state) {
	m.mu.Lock()
	call := m.begin(e, s)
	m.mu.Unlock()
	out, name, cause := m.Lambda(e.asl.name, call.payload)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.end(e, s, call, out, name, cause)
}

// taskCall is one call of a task's function.
type taskCall struct {
	at      string
	token   string // empty for a state that does not wait for one
	payload map[string]any
}

// begin makes the call of the task that the execution is in.
func (m *Machines) begin(e *Execution, s state) taskCall {
	c := taskCall{at: e.at, payload: map[string]any{}}
	if strings.HasSuffix(s.Resource, ".waitForTaskToken") {
		m.count++
		c.token = fmt.Sprintf("%s%d", Token, m.count)
		m.tokens[c.token], e.token = e, c.token
	}
	tries := 0
	for _, n := range e.tried {
		tries += n
	}
	context := map[string]any{
		"Task":      map[string]any{"Token": c.token},
		"State":     map[string]any{"Name": e.at, "EnteredTime": stamp(e.entered), "RetryCount": float64(tries)},
		"Execution": map[string]any{"Name": e.Name, "Id": e.arn},
	}
	for name, value := range s.Parameters.Payload {
		name, isPath := strings.CutSuffix(name, ".$")
		switch {
		case strings.HasPrefix(value, "$$."):
			c.payload[name] = walk(context, value)
		case isPath:
			c.payload[name] = e.path(value)
		default:
			c.payload[name] = value
		}
	}
	return c
}

// stamp writes an instant as the context object has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// end takes the answer of a call. It reports false where the execution has gone on without it.
func (m *Machines) end(e *Execution, s state, c taskCall, out map[string]any, errorName, cause string) bool {
	if e.at != c.at || e.Status != types.ExecutionStatusRunning || e.token != c.token {
		return false // resumed while the function was still at it, or killed
	}
	switch {
	case errorName != "":
		e.token = ""
		m.fail(e, s, errorName, cause)
	case c.token == "":
		m.succeed(e, map[string]any{"Payload": out, "StatusCode": 200.0})
	}
	return true
}

// Lambda invokes the machine's function: everything passes through JSON, and an error comes back as its type's name.
func (m *Machines) Lambda(name porting.Machine, payload map[string]any) (out map[string]any, errorName, cause string) {
	return Through(payload, func(in workflow.Input) (workflow.Output, string, string) { return m.Invoke(name, in) })
}

// Through passes a task's input and output through JSON, as Step Functions does.
func Through(payload map[string]any, invoke func(workflow.Input) (workflow.Output, string, string)) (
	out map[string]any, errorName, cause string) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return nil, "States.Runtime", err.Error()
	}
	var in workflow.Input
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, "States.Runtime", err.Error()
	}
	answer, errorName, cause := invoke(in)
	if errorName != "" {
		return nil, errorName, cause
	}
	if raw, err = json.Marshal(answer); err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return nil, "States.Runtime", err.Error()
	}
	return out, "", ""
}

func (m *Machines) succeed(e *Execution, result map[string]any) {
	s := e.asl.States[e.at]
	selected := map[string]any{}
	for name, path := range s.ResultSelector {
		selected[strings.TrimSuffix(name, ".$")] = walk(result, path)
	}
	e.put(s.ResultPath, selected)
	m.enter(e, s.Next)
}

func (m *Machines) fail(e *Execution, s state, name, cause string) {
	e.note("task failed", map[string]any{"Error": name, "Cause": cause})
	covers := func(names []string) bool {
		return slices.Contains(names, name) || slices.Contains(names, "States.ALL") || slices.Contains(names, "States.TaskFailed") && name != "States.Timeout"
	}
	for i, r := range s.Retry {
		if !covers(r.ErrorEquals) {
			continue
		}
		if e.tried[i] < r.MaxAttempts {
			pause := min(r.IntervalSeconds*math.Pow(r.BackoffRate, float64(e.tried[i])), r.MaxDelaySeconds)
			e.tried[i]++
			e.wake = m.Now().Add(time.Duration(pause * float64(time.Second)))
			return
		}
		break
	}
	for _, c := range s.Catch {
		if covers(c.ErrorEquals) {
			e.put(c.ResultPath, map[string]any{"Error": name, "Cause": cause})
			m.enter(e, c.Next)
			return
		}
	}
	e.Status = types.ExecutionStatusFailed
}

func (e *Execution) note(what string, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		raw = []byte(err.Error())
	}
	e.History = append(e.History, what+" "+string(raw))
}

func (e *Execution) path(path string) any { return walk(e.data, path) }

func walk(v any, path string) any {
	for _, name := range strings.Split(path, ".")[1:] {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// put writes v at a path of one step, as ours are.
func (e *Execution) put(path string, v any) {
	data := map[string]any{}
	for name, old := range e.data {
		data[name] = old
	}
	data[strings.TrimPrefix(path, "$.")] = v
	e.data = data
}
