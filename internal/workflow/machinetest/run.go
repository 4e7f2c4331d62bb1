package machinetest

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/internal/porting"
)

// Live runs each execution in a goroutine of its own, for a world in which many things happen at once. Its functions may
// run at the same time as anything else, its tasks and its waits for a token have their time limits, and every state
// takes a moment.
type Live struct {
	*Machines
	// Task runs one task in the goroutine of the caller. id names the call among all calls of the world.
	Task func(ctx context.Context, id string, name porting.Machine, payload map[string]any) (
		out map[string]any, errorName, cause string)
	// Pause draws how long the step with that name takes, at most as long as most.
	Pause func(id string, most time.Duration) time.Duration
}

// transition is how long Step Functions takes at most between two states.
const transition = 200 * time.Millisecond

// Run runs the execution to its end, or to the end of ctx.
func (l Live) Run(ctx context.Context, e *Execution) {
	for n := 0; ; n++ {
		id := fmt.Sprintf("%s/%d", e.Name, n)
		rest(ctx, l.Pause(id, transition))
		l.mu.Lock()
		s, wake, running := e.asl.States[e.at], e.wake, e.Status == types.ExecutionStatusRunning
		l.mu.Unlock()
		if wait := time.Until(wake); running && wait > 0 {
			if s.Type == "Task" { // a retry, with full jitter
				wait = l.Pause(id+"/retry", wait)
			} else {
				wait += l.Pause(id+"/wait", time.Millisecond) // the clock wakes no two executions at once
			}
			e.sleep(ctx, wait)
			l.mu.Lock()
			running = e.Status == types.ExecutionStatusRunning
			l.mu.Unlock()
		}
		if !running || ctx.Err() != nil {
			return
		}
		if s.Type == "Task" {
			l.task(ctx, id, e, s)
		} else {
			l.Step(e)
		}
	}
}

// task runs one task until the execution may go on.
func (l Live) task(ctx context.Context, id string, e *Execution, s state) {
	l.mu.Lock()
	c := l.begin(e, s)
	l.mu.Unlock()
	type answer struct {
		out              map[string]any
		errorName, cause string
	}
	answers := make(chan answer, 1)
	go func() {
		out, errorName, cause := l.Task(ctx, id, e.asl.name, c.payload)
		answers <- answer{out, errorName, cause}
	}()
	limit := time.NewTimer(s.limit())
	defer limit.Stop()
	for {
		var a answer
		select {
		case <-ctx.Done():
			return
		case <-e.moved: // by its token, or it was killed
			l.mu.Lock()
			gone := e.at != c.at || e.token != c.token || e.Status != types.ExecutionStatusRunning
			l.mu.Unlock()
			if gone {
				return
			}
			continue
		case <-limit.C:
			a = answer{errorName: "States.Timeout"}
		case a = <-answers:
		}
		l.mu.Lock()
		on := !l.end(e, s, c, a.out, a.errorName, a.cause) || c.token == "" || a.errorName != ""
		l.mu.Unlock()
		if on {
			return
		}
	}
}

// limit returns how long a task may take, its wait for a token included.
func (s state) limit() time.Duration {
	if s.TimeoutSeconds == 0 {
		return 99_999_999 * time.Second // as AWS has it
	}
	return time.Duration(s.TimeoutSeconds * float64(time.Second))
}

// Deploy takes the definitions of another release for the executions that start from now on. An execution that runs
// goes on by its own.
func (m *Machines) Deploy(release fs.FS) error {
	asl, err := read(release)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asl = asl
	return nil
}

// wakeUp tells the goroutine of a live execution that another one has changed it.
func (e *Execution) wakeUp() {
	select {
	case e.moved <- struct{}{}:
	default:
	}
}

// sleep waits for d, or until somebody wakes the execution.
func (e *Execution) sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-e.moved:
	case <-ctx.Done():
	}
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// Running reports whether the execution has not ended.
func (m *Machines) Running(e *Execution) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return e.Status == types.ExecutionStatusRunning
}

// String tells the execution's way, for the reader of a failed test.
func (e *Execution) String() string {
	return e.Name + " " + string(e.Status) + ": " + strings.Join(e.States, " → ")
}
