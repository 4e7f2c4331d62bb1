// Package simulation lives histories of a whole Portway whose outside overlaps, lags and fails for hours, and looks for
// broken promises in them. Start reading at [Draw], which makes the plan of a history from a seed, and at [Run], which
// lives it. infra/docs/simulation.md says what is simulated and what is not.
//
// What runs is the product: the domain's rules, the use cases, the tasks, the effects, the peers' adapters, and the two
// state machines' own definitions. What is simulated is outside of it: the table, the machines' service, KMS, SES, S3,
// the carriers, the customers with their servers, and our staff.
//
// A history is a bubble of testing/synctest. A call is split into its way to the effect, the effect, and the way of the
// answer; each way takes a time that follows from the seed and the call's own name. So one goroutine wakes at a time,
// and the same plan gives the same history.
package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portway/infra"
	"portway/internal/account"
	"portway/internal/bizday"
	"portway/internal/bucket"
	"portway/internal/document"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/sim/locals"
	simsomos "portway/internal/sim/somos"
	"portway/internal/storetest"
	"portway/internal/webhook"
	"portway/internal/workflow"
	"portway/internal/workflow/machinetest"
)

// Start is the first instant of every history: a Tuesday, nine in the morning at the desk.
var Start = time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)

// Horizon is how long a history lasts at most. It is longer than the longest fault and twice the customers' 45 days.
const Horizon = 110 * 24 * time.Hour

// World is one history.
type World struct {
	plan      Plan
	keepTrace bool
	ctx       context.Context
	end       context.CancelFunc
	hitting   sync.Mutex
	hits      map[Trouble]int
	steps     atomic.Int64

	rules    porting.Rules
	memory   *storetest.Memory
	sealer   *secret.Sealer
	machines *machinetest.Machines
	live     machinetest.Live
	storage  *storage
	ses      *ses
	records  *records
	sessions somos.SessionStore
	locals   map[Part]*locals.Server
	somos    *simsomos.Server
	ways     map[Part]*http.Client
	hosts    http.RoundTripper
	shards   map[string][]*shard // by function
	wakeups  []chan struct{}     // of the schedules

	mu         sync.Mutex
	idle       map[string][]*instance
	made       map[string]int // instances of each function
	lines      []string
	violations []Violation
	stirred    map[Part]chan struct{} // a peer was called
	news       map[porting.GroupID]chan struct{}
	mails      []mailed
	hooks      []hooked
	onBus      map[string]int       // how often an event came to the bus, by its id
	asked      map[string]time.Time // when an execution was to be started, by its name
}

// Result is what came of a history.
type Result struct {
	Plan       Plan
	Violations []Violation
	Steps      int64
	// Hits counts what the faults have hit: calls, records, notices, executions.
	Hits  map[Trouble]int
	Trace []string
	// Ends counts the orders by the status that they came to.
	Ends map[porting.Status]int
	Took time.Duration // of the virtual clock
}

// Run lives the history of a plan. With trace it keeps a line for each thing that happens.
func Run(t *testing.T, p Plan, trace bool) Result {
	installLogs()
	var r Result
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(Start))
		w := newWorld(t, p, trace)
		w.run()
		w.judge()
		r = Result{Plan: p, Violations: w.violations, Steps: w.steps.Load(), Hits: w.hits, Trace: w.lines,
			Ends: map[porting.Status]int{}, Took: w.since()}
		for _, o := range w.memory.Orders() {
			r.Ends[o.Status]++
		}
	})
	return r
}

// rules are the standard rules, whose calendar is read once.
var rules = sync.OnceValues(func() (porting.Rules, error) {
	c, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		return porting.Rules{}, err
	}
	r := porting.Standard(c)
	r.HardCancelFee, r.DateChangeFee, r.ExpediteFee, r.Operator = 2500, 700, 9900, storetest.Operator
	return r, nil
})

func newWorld(t *testing.T, p Plan, trace bool) *World {
	r, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	w := &World{
		plan: p, keepTrace: trace, rules: r, memory: storetest.NewMemory(), sessions: somos.NewMemory(),
		idle: map[string][]*instance{}, made: map[string]int{}, shards: map[string][]*shard{}, hits: map[Trouble]int{},
		stirred: map[Part]chan struct{}{}, news: map[porting.GroupID]chan struct{}{}, ways: map[Part]*http.Client{}, asked: map[string]time.Time{},
	}
	for _, p := range []Part{Locals, Locals2, Somos} {
		w.stirred[p] = make(chan struct{}, 1)
	}
	w.ctx, w.end = context.WithCancel(context.WithValue(t.Context(), worldKey{}, w))
	w.sealer = &secret.Sealer{Keys: keys{w}, KeyID: "alias/portway"}
	w.storage, w.ses = &storage{w: w, files: map[string][]byte{}}, &ses{w: w}
	w.records = &records{w: w, rows: map[mail.Key]*record{}}
	w.hosts = customers{w}
	w.readers()
	w.memory.Watch(w.streamed)
	w.carriers()
	w.machines, err = machinetest.New(machinetest.Outside{Now: time.Now, Started: w.started,
		Call: func(ctx context.Context, what string, do func() error) error {
			return w.call(ctx, Machines, what, do, func() { _ = do() })
		}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Deploy > 0 {
		w.deploy(os.DirFS("testdata/previous"))
	}
	w.live = machinetest.Live{Machines: w.machines, Task: w.task, Pause: func(id string, most time.Duration) time.Duration {
		d := roll(p.Seed, "machine", id)
		return d.between(1, most)
	}}
	for _, a := range Accounts {
		err := w.memory.OpenAccount(w.ctx, account.Account{ID: a, Name: strings.ToUpper(string(a)),
			Mail: "porting@" + string(a) + ".example", Kind: account.Live, Balance: balance})
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// balance is the first balance of each account.
const balance porting.Money = 1_000_000

// worldKey is the key of the world of a context.
type worldKey struct{}

// since returns the time since the start.
func (w *World) since() time.Duration { return time.Since(Start) }

// run lets the history go by, until every order is over and all is quiet.
func (w *World) run() {
	var people sync.WaitGroup
	for _, s := range schedules {
		wake := make(chan struct{}, 1)
		w.wakeups = append(w.wakeups, wake)
		go w.schedule(s, wake)
	}
	for _, o := range w.plan.Orders {
		people.Go(func() { w.customer(o) })
	}
	go w.staff()
	w.events()
	for w.since() < Horizon {
		w.sleep(w.ctx, 8*time.Hour+7*time.Microsecond)
		if w.quiet() {
			break
		}
	}
	w.end()
	people.Wait()
	synctest.Wait()
}

// events lets happen what the plan has for an instant: a deployment, and the end of all executions.
func (w *World) events() {
	at := func(after time.Duration, do func()) {
		go func() {
			if w.sleep(w.ctx, after+time.Nanosecond) {
				do()
			}
		}()
	}
	if w.plan.Deploy > 0 {
		at(w.plan.Deploy, func() {
			w.trace("deploy")
			w.deploy(infra.Machines())
			w.mu.Lock()
			defer w.mu.Unlock()
			clear(w.idle)
		})
	}
	for _, f := range w.plan.Faults {
		if f.Kind == Kill {
			at(f.From, func() { w.trace("kill"); w.hit(Machines, Kill, w.machines.Kill()) })
		}
	}
}

// deploy takes the machines' definitions of a release.
func (w *World) deploy(release fs.FS) {
	if err := w.machines.Deploy(release); err != nil {
		w.violate("the machines can be deployed", "", err.Error())
	}
}

// quiet reports whether every order is over, and nothing is left to do for any.
func (w *World) quiet() bool {
	all := w.memory.Orders()
	groups := map[porting.GroupID]bool{}
	for _, o := range all {
		groups[o.Group] = true
		if !o.Status.Terminal() {
			return false
		}
	}
	last := w.plan.Orders[len(w.plan.Orders)-1].From
	for _, o := range w.plan.Orders {
		last = max(last, o.From)
	}
	for _, f := range w.plan.Faults {
		last = max(last, f.From+f.For)
	}
	if w.since() < last+24*time.Hour || w.running() > 0 {
		return false
	}
	return w.memory.NextDue(orders.DueEvent, orders.DueIntake, webhook.DueDelivery, orders.DueParked).IsZero() &&
		len(w.openRequests()) == 0 && len(w.memory.Holds()) == 0
}

func (w *World) running() int {
	n := 0
	for _, e := range w.machines.Executions() {
		if w.machines.Running(e) {
			n++
		}
	}
	return n
}

// --- functions ---

// limits are the functions with their time limits, as the template has them.
var limits = map[string]time.Duration{
	"api": 29 * time.Second, "answer": 29 * time.Second, "csr": 60 * time.Second, "lsr": 60 * time.Second,
	"notify": 60 * time.Second, "deliver": 60 * time.Second, "bounce": 30 * time.Second,
	"status-check": 300 * time.Second, "auto-cancel": 300 * time.Second, "redeliver": 300 * time.Second,
	"desk-action": 30 * time.Second, "pull": 300 * time.Second, "document": 60 * time.Second,
}

// invoke runs one invocation of a function in an instance of its own, as Lambda does: an instance takes one event at a
// time. It reports whether the instance died, of a crash or of the function's time limit.
func (w *World) invoke(fn, id string, do func(context.Context, *instance) error) (died bool, err error) {
	id = fn + ":" + id
	d := roll(w.plan.Seed, "invoke", id)
	i, cold := w.take(fn)
	start := d.between(time.Millisecond, 8*time.Millisecond)
	if cold {
		start += d.between(80*time.Millisecond, 400*time.Millisecond)
	}
	if !w.sleep(w.ctx, start) {
		return true, errDead
	}
	ctx, inv := w.as(w.ctx, id)
	inv.function = true
	ctx, cancel := context.WithTimeout(ctx, limits[fn])
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(ctx, i) }()
	limit := time.NewTimer(limits[fn] + time.Nanosecond)
	defer limit.Stop()
	select {
	case err = <-done:
	case <-limit.C:
		inv.died.Store(true)
	}
	if inv.died.Load() {
		return true, errDead
	}
	w.mu.Lock()
	if !i.last || w.since() < w.plan.Deploy+w.plan.Overlap {
		w.idle[fn] = append(w.idle[fn], i)
	}
	w.mu.Unlock()
	return false, err
}

// take returns an instance of a function that does nothing now, or a new one.
func (w *World) take(fn string) (i *instance, cold bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if idle := w.idle[fn]; len(idle) > 0 {
		w.idle[fn] = idle[:len(idle)-1]
		return idle[len(idle)-1], false
	}
	w.made[fn]++
	return w.newInstance(fn, w.made[fn]), true
}

// --- the machines ---

// started runs an execution.
func (w *World) started(e *machinetest.Execution) {
	w.moves(e.Name)
	go w.live.Run(w.ctx, e)
}

// task invokes the function of a machine.
func (w *World) task(_ context.Context, id string, name porting.Machine, payload map[string]any) (
	out map[string]any, errorName, cause string) {
	w.leavesJSON("payload of a task", without(payload, "token"))
	out, errorName, cause = machinetest.Through(payload, func(in workflow.Input) (workflow.Output, string, string) {
		var out workflow.Output
		died, err := w.invoke(string(name), id+"/"+string(in.Step), func(ctx context.Context, i *instance) (err error) {
			out, err = i.tasks[name](ctx, in)
			return err
		})
		if died { // Step Functions has two names for it
			d := roll(w.plan.Seed, "death", id)
			return out, of(&d, "Lambda.Unknown", "Sandbox.Timedout"), "The function died."
		}
		name, cause := errorOf(err)
		return out, name, cause
	})
	w.leavesJSON("output of a task", out)
	w.leaves("error of a task", errorName+" "+cause)
	return out, errorName, cause
}

func without(payload map[string]any, name string) map[string]any {
	all := map[string]any{}
	for k, v := range payload {
		if k != name {
			all[k] = v
		}
	}
	return all
}

// feedback delivers an event of SES.
func (w *World) feedback(key string, event json.RawMessage) {
	go func() {
		for try := range 3 {
			id := fmt.Sprintf("%s/%d", key, try)
			d := roll(w.plan.Seed, "feedback", id)
			if !w.sleep(w.ctx, d.between(time.Second, 20*time.Second+time.Duration(try)*time.Minute)) {
				return
			}
			died, err := w.invoke("bounce", id, func(ctx context.Context, i *instance) error {
				return i.feedback(ctx, event)
			})
			if !died && err == nil {
				return
			}
		}
	}()
}

// pull invokes the function that fetches an account's documents. It is not tried again, since its schedule takes over.
func (w *World) pull(id string, account porting.AccountID) {
	go func() {
		_, _ = w.invoke("pull", id, func(ctx context.Context, i *instance) error {
			return guarded(ctx, func(ctx context.Context) error { _, err := i.puller.Work(ctx, account); return err })
		})
	}()
}

// arrived invokes the function that checks a file which has arrived, as S3 tells of it.
func (w *World) arrived(key string, n int) {
	var event document.Arrival
	event.Detail.Object.Key = key
	if _, _, _, ok := bucket.Arrived(key); !ok {
		return
	}
	go func() {
		for try := range 11 {
			id := fmt.Sprintf("%s/%d/%d", key, n, try)
			d := roll(w.plan.Seed, "arrival", id)
			if !w.sleep(w.ctx, d.between(100*time.Millisecond, 5*time.Second+time.Duration(try*try)*time.Minute)) {
				return
			}
			died, err := w.invoke("document", id, func(ctx context.Context, i *instance) error {
				return guarded(ctx, func(ctx context.Context) error { return i.files.Arrived(ctx, event) })
			})
			if !died && err == nil {
				return
			}
		}
	}()
}

// --- the customers' servers ---

// customers is the way to the servers of all customers.
type customers struct{ w *World }

// RoundTrip implements http.RoundTripper.
func (c customers) RoundTrip(r *http.Request) (*http.Response, error) {
	name, _, _ := strings.Cut(r.URL.Host, ".")
	a := porting.AccountID(name)
	host := &wire{w: c.w, part: hostOf(a), next: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet { // a document
			rw.Header().Set("Content-Type", "application/pdf")
			_, _ = rw.Write([]byte("%PDF-1.7\n")) // into memory
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		c.w.hooked(a, string(body))
		rw.WriteHeader(http.StatusNoContent)
	})}
	return host.RoundTrip(r)
}
