// Package workflowtest runs a whole Portway in one process, for tests of the whole life of an order: the store in
// memory, the two state machines, the real peer adapters against the simulated carriers, the outbox behind its stream,
// mail and webhooks. Start reading at [World].
//
// Nothing sleeps: a virtual clock jumps from one event to the next. Every outside call is counted and can be made to
// fail, before or after its effect, and its caller may crash with it. The simulated carriers must not know our
// adapters.
package workflowtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/bus"
	"portway/internal/desk"
	"portway/internal/document"
	"portway/internal/lambdax"
	"portway/internal/mail"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/call"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/provision"
	"portway/internal/pull"
	"portway/internal/secret"
	"portway/internal/setup/flow"
	"portway/internal/sim/exchange"
	"portway/internal/sim/locals"
	simsomos "portway/internal/sim/somos"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/webhook"
	"portway/internal/workflow"
	"portway/internal/workflow/machinetest"
)

// Start is the first instant of every world: a Tuesday, nine in the morning at the desk.
var Start = time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)

// Account is the only customer of a world.
const Account porting.AccountID = "acme"

// Balance is the first balance of the account.
const Balance porting.Money = 100_000

// Options are the differences between worlds. The zero value is production with slow carriers.
type Options struct {
	Step        time.Duration // a carrier's time for an answer; zero is 1 hour
	Complete    time.Duration // from FOC to completion at the Locals peer; zero is 7 days
	Due         time.Duration // two business days at the toll-free registry; zero counts them by its calendar
	Pace        workflow.Pace // the pace of the machines' waits
	AutoApprove bool
	Balance     porting.Money // the first balance in the place of Balance; a negative one is zero
	Down        int           // the number of calls that fail about a number of row 59
	Second      bool          // has a second Locals peer, named locals2
	Refuses     string        // the code with which the first Locals peer refuses every new order

	Gone      bool // the first Locals peer answers no call about orders or numbers
	Shut      bool // it refuses our login instead
	Absent    bool // it answers 404 about every order
	Triggered bool // orders at the Locals peers wait for our call on their day
	Switch    bool // the operator has a switch, which is asked about numbers
	Deaf      bool // the first Locals peer loses the notes that are written to it

	Sandbox bool // the account is a sandbox, about whose orders SandboxDesk decides in place of our staff

	NoStream   bool // the stream's records are lost
	TwiceOver  bool // each record of the stream comes twice
	NoNotices  bool // the peer's notices are lost
	NoFeedback bool // SES reports nothing
}

// Fault is one outside call that goes wrong.
type Fault struct {
	At    int  // the number of the call since Count, from 1; 0 for none
	After bool // the call has its effect, and only the answer is lost
	Die   bool // the caller crashes: nothing that it does from then on has an effect
}

// Outage is a time in which every outside call whose name begins with What fails without an effect.
type Outage struct {
	What string
	For  time.Duration // from now on
}

// Peers asks one router for every order, also for those of sandboxes.
type Peers struct{ *peer.Router }

// Portability asks about the numbers, whatever order they are on.
func (p Peers) Portability(ctx context.Context, _ porting.Order, tns []string) ([]peer.Portability, error) {
	return p.Router.Portability(ctx, tns)
}

// World is one Portway. It runs in the goroutine of its test, except where a test asks for more.
type World struct {
	testing.TB
	Options
	Memory    *storetest.Memory
	Book      *orders.Book
	Machines  *machinetest.Machines
	Driver    *workflow.Driver
	Outbox    *orders.Outbox
	Webhooks  *webhook.Sender
	Puller    *pull.Puller
	Peers     Peers
	Callback  *workflow.Callback
	Feedbacks *mail.Feedbacks
	Locals    *locals.Server
	Locals2   *locals.Server // nil without Options.Second
	Somos     *simsomos.Server
	SES       *SES
	Hooks     *Hooks
	Files     *Bucket
	// Hosts answers for the hosts of customers' documents.
	Hosts *Hosts
	// Staff, if set, is called whenever nothing else happens, to act as our staff would.
	Staff func()
	// Together has two notify functions deliver each event that is swept, at the same time.
	Together bool
	// Trouble, if set, is asked before each outside call. The call fails with its error and has no effect.
	Trouble func(call string) error
	// Errors has the text of every error that a function has returned.
	Errors []string

	tasks map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error)
	hook  func(context.Context, hookIn) (hookOut, error)
	swept map[string]time.Time
	// sweeps are the sweeps of webhooks.
	sweeps []workflow.Sweep

	mu     sync.Mutex
	now    time.Time
	calls  []string
	fault  Fault
	out    map[string]time.Time // the ends of outages, by the beginning of the calls' names
	once   string               // the next call of this name loses its answer
	dead   bool
	ids    uint16
	seen   map[string]bool
	stream []orders.Due
	pulls  []porting.AccountID // the calls of the function that pulls documents
	onBus  []bus.Entry
	// onSwitch is what the switch was asked, and switchDown says that it fails every call.
	onSwitch   []provision.Request
	switchDown bool
}

// New makes a world.
func New(t testing.TB, o Options) *World {
	t.Helper()
	Logs.install()
	if o.Step == 0 {
		o.Step = time.Hour
	}
	if o.Complete == 0 {
		o.Complete = 7 * 24 * time.Hour
	}
	w := &World{
		TB: t, Options: o, Memory: storetest.NewMemory(), now: Start,
		seen: map[string]bool{}, swept: map[string]time.Time{},
	}
	sealer := &secret.Sealer{Keys: keys{w}, KeyID: "alias/portway"}
	store := &store{Memory: w.Memory, w: w, sealer: sealer}
	w.Book = &orders.Book{Store: store, Rules: storetest.Rules(t), Now: w.Now, Random: w.random}
	w.Book.Rules.Switch = w.Switch
	w.carriers()
	w.machines(sealer)
	w.effects(store, sealer)
	w.openAccount()
	t.Cleanup(w.noLeak)
	return w
}

// machines makes the state machines from their own definitions, and the functions that do their tasks.
func (w *World) machines(sealer *secret.Sealer) {
	machines, err := machinetest.New(machinetest.Outside{
		Now: w.Now, Invoke: w.task,
		Call: func(_ context.Context, what string, do func() error) error { return w.Call(what, do) },
	})
	if err != nil {
		w.Fatal(err)
	}
	w.Machines = machines
	w.Files = &Bucket{w: w, files: map[string][]byte{}}
	w.tasks = map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error){}
	arns := machinetest.ARNs()
	for name := range arns {
		tasks := &workflow.Tasks{
			Machine: name, Book: w.Book, Peers: w.Peers, Open: sealer.OpenOrder, Pace: w.Pace,
			AutoApprove: w.AutoApprove, Files: w.Files,
		}
		w.tasks[name] = lambdax.Guard(tasks.Run)
	}
	w.Driver = &workflow.Driver{AWS: w.Machines, Machines: arns, Book: w.Book, Pace: w.Pace}
}

// effects makes the parts that carry out the effects of events, with doubles of what lies outside.
func (w *World) effects(store *store, sealer *secret.Sealer) {
	w.SES = &SES{w: w}
	w.Hooks, w.Hosts = newHooks(w), &Hosts{w: w}
	records := &Records{w: w}
	w.Feedbacks = &mail.Feedbacks{Now: w.Now, Records: records, Block: account.Blocker(w.Memory, store, w.Now),
		Note: func(ctx context.Context, id porting.OrderID, text string) error {
			_, err := w.Book.Do(ctx, id, porting.Comment{By: storetest.System, Text: text})
			if porting.Is(err, porting.WrongStatus) {
				return nil
			}
			return err
		}}
	w.Puller = &pull.Puller{Book: w.Book, Store: store, Bucket: w.Files, Client: &http.Client{Transport: w.Hosts},
		Start: func(_ context.Context, id porting.AccountID) error {
			return w.Call("lambda:Invoke", func() error { w.started(id); return nil })
		}}
	w.Webhooks = &webhook.Sender{Store: store, Client: webhook.NewClient(true), Open: sealer.OpenAll, Now: w.Now}
	parts := flow.Parts{
		Book: w.Book, Store: store, Driver: w.Driver, Peers: w.Peers, Webhook: w.Webhooks,
		Files: &document.Files{Book: w.Book, Bucket: w.Files}, Pull: w.Puller,
		Mail: mail.Sender{SES: w.SES, Records: records, From: "porting@portway.example", Configuration: "portway"},
		API:  "https://api.portway.example/v2", Now: w.Now,
		Search: func(ctx context.Context, o porting.Order) error {
			return w.Call("store:KeepSearch", func() error { return w.Memory.KeepSearch(ctx, o) })
		},
		Bus: &bus.Publisher{Put: func(_ context.Context, entries []bus.Entry) error {
			return w.Call("events:PutEvents", func() error { w.busTook(entries); return nil })
		}},
		Switch: w.switches(),
	}
	w.Outbox, w.sweeps = parts.Outbox(), parts.Sweeps()
}

// switches asks the simulated switch, where the world has one.
func (w *World) switches() *provision.Asker {
	ask := func(_ context.Context, r provision.Request) (reply provision.Reply, err error) {
		err = w.Call("lambda:Invoke switch", func() error {
			payload, err := json.Marshal(r)
			if err != nil {
				return err
			}
			w.mu.Lock()
			w.onSwitch = append(w.onSwitch, r)
			down := w.switchDown
			w.mu.Unlock()
			if down {
				return errors.New("the switch is down")
			}
			said, err := exchange.Answer(payload)
			if err != nil {
				w.Errorf("the switch refuses the call %s: %v", payload, err)
				return err
			}
			return json.Unmarshal(said, &reply)
		})
		return reply, err
	}
	return &provision.Asker{Book: w.Book, Live: ask, Sandbox: ask}
}

// OnSwitch returns what the switch was asked.
func (w *World) OnSwitch() []provision.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.onSwitch)
}

// SwitchDown has the switch fail every call from now on, or answer again.
func (w *World) SwitchDown(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.switchDown = down
}

// busTook keeps what was put on the bus.
func (w *World) busTook(entries []bus.Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onBus = append(w.onBus, entries...)
}

// OnBus returns what was put on the bus.
func (w *World) OnBus() []bus.Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.onBus)
}

// openAccount opens the customer's account.
func (w *World) openAccount() {
	balance := Balance
	if w.Options.Balance != 0 {
		balance = max(w.Options.Balance, 0)
	}
	kind := account.Live
	if w.Sandbox {
		kind = account.Sandbox
	}
	err := w.Memory.OpenAccount(w.Context(), account.Account{
		ID: Account, Name: "Acme", Mail: "porting@acme.example", Kind: kind, Balance: balance,
	})
	if err != nil {
		w.Fatal(err)
	}
}

// carriers makes the simulated carriers, the real adapters that call them, and the router over the adapters.
func (w *World) carriers() {
	w.Locals = w.newLocals()
	w.Somos = simsomos.New(simsomos.Options{
		User: "ZZPWAPI1", Password: "somos-password-1", RespOrg: "ZZPW1", Company: "Portway", Step: w.Step, Due: w.Due, Now: w.Now,
		TokenLife: 12 * time.Hour, RefreshLife: 48 * time.Hour,
		Push: "https://somos:somos-hook@portway.example/peers/somos", HTTP: &http.Client{Transport: notices{w}},
	})
	toSomos, somosURL := w.client("somos", w.Somos)
	adapters := []*bandwidth.Client{w.dial("locals", w.choosy(w.Locals))}
	if w.Second {
		w.Locals2 = w.newLocals()
		adapters = append(adapters, w.dial("locals2", w.Locals2))
	}
	w.Peers = Peers{&peer.Router{Scores: w.Book.Store.(*store), Now: w.Now, TollFree: somos.New(somos.Config{
		Name: "somos", BaseURL: somosURL, User: "ZZPWAPI1", RespOrg: "ZZPW1",
		Password: porting.NewSecret("somos-password-1"),
		HTTP:     toSomos, Now: w.Now, Poll: time.Millisecond, Call: w.noPauses(),
	})}}
	for _, adapter := range adapters {
		w.Peers.Locals = append(w.Peers.Locals, adapter)
	}
	w.Callback = &workflow.Callback{
		Book: w.Book, Peers: w.Peers,
		Read: map[string]func([]byte) (peer.Notice, error){
			access.LocalsPath: bandwidth.ReadNotice, access.SomosPath: somos.ReadNotice,
		},
	}
	w.hook = lambdax.Guard(w.Callback.Handle)
	for _, adapter := range adapters {
		err := adapter.Subscribe(w.Context(), bandwidth.Hook{
			URL: "https://portway.example/peers/locals", User: "hook", Password: porting.NewSecret("hook-password"),
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

// newLocals makes a simulated Locals peer.
func (w *World) newLocals() *locals.Server {
	return locals.New(locals.Options{
		User: "portway", Password: "locals-password", Step: w.Step, Complete: w.Complete, Now: w.Now, Down: w.Down,
		HTTP: &http.Client{Transport: notices{w}},
	})
}

// dial makes the real adapter of a simulated Locals peer.
func (w *World) dial(name string, h http.Handler) *bandwidth.Client {
	to, url := w.client(name, h)
	return bandwidth.New(bandwidth.Config{
		Name: name, BaseURL: url + "/api/v1", Account: "9500149", Site: "1234", User: "portway",
		Password: porting.NewSecret("locals-password"), HTTP: to, Calls: w.noPauses(), Triggered: w.Triggered,
	})
}

// client serves the handler on the loopback, and returns a client of it whose calls the world counts.
func (w *World) client(name string, h http.Handler) (*http.Client, string) {
	server := httptest.NewServer(h)
	transport := &http.Transport{}
	w.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
	return &http.Client{Transport: lossy{w, name, transport}}, server.URL
}

// noPauses has an adapter repeat its calls at once.
func (w *World) noPauses() []call.Option {
	return []call.Option{call.Clock(w.Now), call.Sleep(func(context.Context, time.Duration) error { return nil })}
}

// choosy makes the first Locals peer refuse new orders or us, know no order, lose notes or be down, as the options
// Refuses, Shut, Absent, Deaf and Gone say.
func (w *World) choosy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case w.Gone && !strings.Contains(r.URL.Path, "/subscriptions"):
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		case w.Shut && !strings.Contains(r.URL.Path, "/subscriptions"):
			rw.WriteHeader(http.StatusUnauthorized)
			return
		case r.Method == http.MethodGet && w.Absent && strings.Contains(r.URL.Path, "/portins/"):
			rw.WriteHeader(http.StatusNotFound)
			return
		case r.Method == http.MethodPost && w.Deaf && strings.HasSuffix(r.URL.Path, "/notes"):
			rw.WriteHeader(http.StatusCreated)
			return
		case r.Method != http.MethodPost || w.Refuses == "" || !strings.HasSuffix(r.URL.Path, "/portins"):
			next.ServeHTTP(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "application/xml")
		rw.WriteHeader(http.StatusBadRequest)
		const refusal = `<LnpOrderResponse><Errors><Code>%s</Code><Description>not for you</Description></Errors></LnpOrderResponse>`
		fmt.Fprintf(rw, refusal, w.Refuses)
	})
}

// bothLocals returns the simulated Locals peers.
func (w *World) bothLocals() []*locals.Server {
	if w.Locals2 == nil {
		return []*locals.Server{w.Locals}
	}
	return []*locals.Server{w.Locals, w.Locals2}
}

// Now returns the time of the virtual clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *World) set(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.After(w.now) {
		w.now = t
	}
}

func (w *World) random() uint16 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return w.ids
}

var (
	// errLost holds a secret, as the error of a library may. It must not be shown.
	errLost = errors.New("connection reset: " + AccountCanary)
	errDead = errors.New("the process is dead")
)

// Call makes one outside call. If the world's fault is at this call, Call fails as the fault says.
func (w *World) Call(what string, do func() error) error {
	w.mu.Lock()
	if w.dead {
		w.mu.Unlock()
		return errDead
	}
	w.calls = append(w.calls, what)
	for name, end := range w.out {
		if strings.HasPrefix(what, name) && w.now.Before(end) {
			w.mu.Unlock()
			return errLost
		}
	}
	hit, after := len(w.calls) == w.fault.At, w.fault.After
	if w.once == what {
		hit, after, w.once = true, true, ""
	}
	if hit && len(w.calls) == w.fault.At && w.fault.Die {
		w.dead = true
	}
	w.mu.Unlock()
	if hit && !after {
		return errLost
	}
	if w.Trouble != nil {
		if err := w.Trouble(what); err != nil {
			return err
		}
	}
	err := do()
	if hit {
		return errLost
	}
	return err
}

// Count counts the outside calls anew, and sets the fault.
func (w *World) Count(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.fault = nil, f
}

// Begin begins an outage.
func (w *World) Begin(o Outage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.out == nil {
		w.out = map[string]time.Time{}
	}
	w.out[o.What] = w.now.Add(o.For)
}

// LoseNext loses the answer of the next call of the name.
func (w *World) LoseNext(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.once = what
}

// Calls lists the outside calls since Count.
func (w *World) Calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// process runs one invocation of a function. It reports whether the function crashed.
func (w *World) process(do func(context.Context) error) (died bool) {
	if err := do(w.Context()); err != nil {
		w.mu.Lock()
		var named messages.InvokeResponse_Error
		if errors.As(err, &named) { // no other error leaves a function
			w.Errors = append(w.Errors, named.Message)
		}
		w.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	died, w.dead = w.dead, false
	return died
}

// task invokes the function of a machine.
func (w *World) task(name porting.Machine, in workflow.Input) (out workflow.Output, errorName, cause string) {
	var err error
	if w.process(func(ctx context.Context) error { out, err = w.tasks[name](ctx, in); return err }) {
		err = errDead
	}
	if err != nil {
		errorName, cause = nameOf(err)
	}
	return out, errorName, cause
}

// nameOf returns the error's name and cause, as Step Functions has them.
func nameOf(err error) (name, cause string) {
	var named messages.InvokeResponse_Error
	if errors.As(err, &named) {
		return named.Type, named.Message
	}
	// AWS reports this for a function that ran out of memory or time.
	return "Lambda.Unknown", "The function died."
}

// Until lets the world go on until done. It fails the test if nothing is left to happen, or after 60 days.
func (w *World) Until(what string, done func() bool) {
	w.Helper()
	end := w.Now().AddDate(0, 0, 60)
	for {
		w.settle()
		if w.Staff != nil {
			w.Staff()
			w.settle()
		}
		if done() {
			return
		}
		next := w.next()
		if next.IsZero() || next.After(end) {
			w.Fatalf("it never came to this: %s\n%s", what, w.Story())
		}
		w.set(next)
	}
}

// Pass lets the time d go by.
func (w *World) Pass(d time.Duration) {
	w.Helper()
	end := w.Now().Add(d)
	for {
		w.settle()
		next := w.next()
		if next.IsZero() || next.After(end) {
			w.set(end)
			w.settle()
			return
		}
		w.set(next)
	}
}

// settle lets everything happen that can happen now.
func (w *World) settle() {
	for n := 0; ; n++ {
		if n > 10_000 {
			w.Fatalf("the world turns in a circle\n%s", w.Story())
		}
		if w.notify() || w.step() || w.feedback() || w.pull() {
			continue
		}
		for _, peer := range w.bothLocals() {
			peer.Push(w.Context())
		}
		w.Somos.Push(w.Context())
		if !w.pending() && !w.sweep() {
			return
		}
	}
}

func (w *World) pending() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.stream) > 0
}

// notify delivers one record of the stream. A record whose delivery fails is delivered once more and then dropped.
func (w *World) notify() bool {
	w.mu.Lock()
	if len(w.stream) == 0 {
		w.mu.Unlock()
		return false
	}
	d := w.stream[0]
	w.stream = w.stream[1:]
	w.mu.Unlock()
	for range 2 {
		var err error
		died := w.process(func(ctx context.Context) error {
			_, err = lambdax.Guard(func(ctx context.Context, d orders.Due) (struct{}, error) {
				if d.Kind == webhook.DueDelivery {
					return struct{}{}, w.Webhooks.Stream(ctx, []orders.Due{d})
				}
				return struct{}{}, w.Outbox.Stream(ctx, []orders.Due{d})
			})(ctx, d)
			return err
		})
		if err == nil && !died && !w.TwiceOver {
			break
		}
	}
	return true
}

// started notes a call of the function that pulls documents.
func (w *World) started(account porting.AccountID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pulls = append(w.pulls, account)
}

// pull runs one call of the function that pulls documents. A call that fails is not repeated: the schedule takes over.
func (w *World) pull() bool {
	w.mu.Lock()
	if len(w.pulls) == 0 {
		w.mu.Unlock()
		return false
	}
	account := w.pulls[0]
	w.pulls = w.pulls[1:]
	w.mu.Unlock()
	w.Hosts.aside(true)
	defer w.Hosts.aside(false)
	w.process(func(ctx context.Context) error {
		_, err := lambdax.Guard(w.Puller.Work)(ctx, account)
		return err
	})
	return true
}

func (w *World) step() bool {
	e, _ := w.Machines.Ready()
	if e == nil {
		return false
	}
	w.Machines.Step(e)
	return true
}

func (w *World) feedback() bool {
	event, ok := w.SES.event()
	if !ok {
		return false
	}
	take := lambdax.Guard(func(ctx context.Context, raw json.RawMessage) (struct{}, error) {
		return struct{}{}, w.Feedbacks.Take(ctx, raw)
	})
	for range 3 { // as often as EventBridge tries
		var err error
		died := w.process(func(ctx context.Context) error { _, err = take(ctx, event); return err })
		if err == nil && !died {
			break
		}
	}
	return true
}

// schedule is one sweep that runs once a minute.
type schedule struct {
	name  string
	kinds []orders.DueKind
}

// sweeps are the schedules, which run once a minute, with the kinds of items that they look for.
var sweeps = []schedule{
	{"redeliver", []orders.DueKind{
		orders.DueParked, orders.DueEvent, orders.DueIntake, orders.DueKind(porting.DueDriver), webhook.DueDelivery, webhook.DuePause,
		orders.DueKind(porting.DueSwitch),
	}},
	{"pull", []orders.DueKind{pull.DuePull}},
	{"status-check", []orders.DueKind{orders.DueKind(porting.DueCheck)}},
	{"auto-cancel", []orders.DueKind{orders.DueKind(porting.DueClock), orders.DueKind(porting.DuePapers), orders.DueKind(porting.DueDispute)}},
}

// schedules are the sweeps of the world: those of its sandbox too, if it has one.
func (w *World) schedules() []schedule {
	if !w.Sandbox {
		return sweeps
	}
	all := slices.Clone(sweeps)
	for i, s := range all {
		if s.name == "status-check" || s.name == "auto-cancel" {
			all[i].kinds = nil
			for _, kind := range s.kinds {
				all[i].kinds = append(all[i].kinds, orders.KindOf(kind, porting.Owner{Sandbox: true}))
			}
		}
	}
	return append(all, schedule{"sandbox-desk", []orders.DueKind{orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true})}})
}

// kindOf returns the kind of the sweeps of the world's orders.
func (w *World) kindOf(kind porting.DueKind) orders.DueKind {
	return orders.KindOf(orders.DueKind(kind), porting.Owner{Sandbox: w.Sandbox})
}

// dueAt returns when the named sweep next has something to do; zero if never.
func (w *World) dueAt(name string, kinds []orders.DueKind) time.Time {
	var first time.Time
	for _, kind := range kinds {
		// The world itself looks ahead here: it is no call of a function.
		due, err := w.Memory.Due(w.Context(), kind, Start.AddDate(10, 0, 0), 1)
		if err == nil && len(due) > 0 && (first.IsZero() || due[0].At.Before(first)) {
			first = due[0].At
		}
	}
	if again := w.swept[name].Add(time.Minute); !first.IsZero() && first.Before(again) {
		return again
	}
	return first
}

func (w *World) sweep() bool {
	did := false
	for _, s := range w.schedules() {
		if at := w.dueAt(s.name, s.kinds); at.IsZero() || at.After(w.Now()) {
			continue
		}
		w.swept[s.name] = w.Now()
		w.Sweep(s.name, lambdax.Tick{Time: w.Now().Format(time.RFC3339)})
		did = true
	}
	return did
}

// Sweep runs the function of a schedule.
func (w *World) Sweep(name string, tick lambdax.Tick) []orders.Swept {
	var all []orders.Swept
	w.process(func(ctx context.Context) error {
		run := lambdax.Guard(func(ctx context.Context, tick lambdax.Tick) ([]orders.Swept, error) {
			book := w.Book.At(tick.At(w.Now()))
			one := func(s orders.Swept, err error) ([]orders.Swept, error) { return []orders.Swept{s}, err }
			switch name {
			case "status-check":
				return one(book.Sweep(ctx, w.kindOf(porting.DueCheck), 0, workflow.Check(w.Peers)))
			case "sandbox-desk":
				return one(book.Sweep(ctx, orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true}), 0, workflow.SandboxDesk))
			case "pull":
				w.Hosts.aside(true)
				defer w.Hosts.aside(false)
				return one(w.Puller.Sweep(ctx, book))
			case "auto-cancel":
				kind := tick.Kind
				if w.Sandbox {
					kind = w.kindOf
				}
				return orders.SweepCustomers(ctx, book, kind)
			}
			if w.Together {
				w.together(ctx)
			}
			return workflow.Redeliver(w.Outbox, w.Driver, w.sweeps...)(ctx, book)
		})
		var err error
		all, err = run(ctx, tick)
		return err
	})
	return all
}

// together delivers the events that are due by two functions at the same time.
func (w *World) together(ctx context.Context) {
	due, err := w.Memory.Due(ctx, orders.DueEvent, w.Now(), 100)
	if err != nil {
		w.Error(err)
	}
	for _, d := range due {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := w.Outbox.Stream(ctx, []orders.Due{d}); err != nil {
					w.Error(err)
				}
			})
		}
		both.Wait()
	}
}

// Invoke runs one step of a machine.
func (w *World) Invoke(name porting.Machine, payload map[string]any) (map[string]any, error) {
	out, errorName, cause := w.Machines.Lambda(name, payload)
	if errorName != "" {
		return nil, errors.New(errorName + ": " + cause)
	}
	return out, nil
}

// next returns when the next thing can happen; zero if nothing can.
func (w *World) next() time.Time {
	_, first := w.Machines.Ready()
	sooner := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, s := range w.schedules() {
		sooner(w.dueAt(s.name, s.kinds))
	}
	sooner(w.SES.next())
	if !w.NoNotices && !first.IsZero() && w.busy() {
		sooner(w.Now().Add(w.Step / 2))
	}
	return first
}

// busy reports whether a carrier works on an order, and may send a notice later.
func (w *World) busy() bool {
	return slices.ContainsFunc(w.bothLocals(), func(peer *locals.Server) bool {
		return slices.ContainsFunc(peer.View().Orders, func(o locals.OrderView) bool {
			return slices.Contains([]string{"SUBMITTED", "REQUESTED_SUPP", "REQUESTED_CANCEL", "FOC"}, o.Status)
		})
	})
}

// Create makes an order as the API does: the peers are asked about the numbers.
func (w *World) Create(tns []string, change func(*porting.Details)) porting.Order {
	w.Helper()
	d := storetest.Details()
	d.Desired, d.BillingNumber, d.StatusURL = "2027-01-12", tns[0], w.Hooks.URL
	if change != nil {
		change(&d)
	}
	found, err := w.Peers.Portability(w.Context(), porting.Order{}, tns)
	var down *peer.Down
	switch {
	case errors.As(err, &down): // the order was made while the peer was up
		for _, tn := range tns {
			carrier := porting.Carrier{SPID: "8X34", Name: "Mockingbird Mobile"}
			found = append(found, peer.Portability{TN: tn, Carrier: carrier})
		}
	case err != nil:
		w.Fatal(err)
	}
	var lines []porting.Line
	for _, p := range found {
		line := porting.Line{TN: p.TN, Kind: porting.Local, Country: "US", Carrier: p.Carrier}
		n, err := nanp.Parse(p.TN)
		switch {
		case err == nil && n.TollFree():
			line.Kind = porting.TollFree
		case err == nil && (n.Country() == "CA" || w.Sandbox): // by the class of its country, or as the API does
			line.Country, line.Zone, line.Wireless = n.Country(), n.Zone(), p.Wireless
		}
		lines = append(lines, line)
	}
	draft := orders.Draft{By: storetest.Customer, Account: Account, Sandbox: w.Sandbox, Details: d, Lines: lines}
	_, made, err := w.Book.Create(w.Context(), draft)
	if err != nil || len(made) != 1 {
		w.Fatalf("%d orders: %v", len(made), err)
	}
	return made[0]
}

// Signed makes an order and signs it.
func (w *World) Signed(tns []string, change func(*porting.Details)) porting.OrderID {
	w.Helper()
	id := w.Create(tns, change).ID
	w.Do(id, storetest.Sign())
	return id
}

// Do gives a command of the customer, who tries again after a failure. A later try may find that an earlier one has
// worked.
func (w *World) Do(id porting.OrderID, cmd porting.Command) {
	w.Helper()
	var err error
	for n := range 3 {
		died := w.process(func(ctx context.Context) error { _, err = w.Book.Do(ctx, id, cmd); return err })
		if !died && (err == nil || n > 0 && porting.Is(err, porting.WrongStatus)) {
			return
		}
	}
	w.Fatalf("%T: %v", cmd, err)
}

// Desk takes a decision of our staff. A person who gives no version has just looked at the order.
func (w *World) Desk(a desk.Action) desk.Reply {
	w.Helper()
	if o, err := w.Memory.Load(w.Context(), a.Order); err == nil && a.Version == 0 {
		a.Version = o.Version
	}
	reply, err := desk.Act(w.Context(), w.Book, a)
	if err != nil {
		w.Fatal(err)
	}
	return reply
}

// Order returns the order as it stands, with its secrets sealed.
func (w *World) Order(id porting.OrderID) porting.Order {
	w.Helper()
	o, err := w.Memory.Load(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return o
}

// Family returns the order, and then the other orders of its group.
func (w *World) Family(id porting.OrderID) []porting.Order {
	w.Helper()
	first := w.Order(id)
	g, _, err := w.Memory.Group(w.Context(), first.Group)
	if err != nil {
		w.Fatal(err)
	}
	all := []porting.Order{first}
	for _, member := range g.Orders {
		if member != id {
			all = append(all, w.Order(member))
		}
	}
	return all
}

// Events returns the order's history.
func (w *World) Events(id porting.OrderID) []porting.Event {
	w.Helper()
	_, events, err := storetest.Whole(w.Context(), w.Memory, id)
	if err != nil {
		w.Fatal(err)
	}
	return events
}

// Kinds returns the kinds of the order's events, without those that only tell of waiting.
func (w *World) Kinds(id porting.OrderID) []porting.EventKind {
	w.Helper()
	var kinds []porting.EventKind
	for _, e := range w.Events(id) {
		if !slices.Contains([]porting.EventKind{porting.Waiting, porting.Resumed, porting.RecordAwaited}, e.Kind) {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

// Is makes a condition for Until: the order is in the status.
func (w *World) Is(id porting.OrderID, s porting.Status) func() bool {
	return func() bool { return w.Order(id).Status == s }
}

// Reach lets the world go on until the order is in the status.
func (w *World) Reach(id porting.OrderID, s porting.Status) porting.Order {
	w.Helper()
	w.Until("order is "+string(s), w.Is(id, s))
	return w.Order(id)
}

// AtDesk makes a condition for Until: a person is asked about the order.
func (w *World) AtDesk(id porting.OrderID) func() bool {
	return func() bool { return !w.Order(id).Desk.IsZero() }
}

// Quiet reports whether no machine runs, and nothing is left to deliver.
func (w *World) Quiet() bool {
	for _, e := range w.Machines.Executions() {
		if e.Status == types.ExecutionStatusRunning {
			return false
		}
	}
	for _, kind := range []orders.DueKind{orders.DueEvent, webhook.DueDelivery, pull.DuePull} {
		if due, err := w.Memory.Due(w.Context(), kind, Start.AddDate(10, 0, 0), 1); err != nil || len(due) > 0 {
			return false
		}
	}
	return !w.pending() && w.SES.next().IsZero()
}

// Ends lets the world go on until the order is in the status and all is quiet.
func (w *World) Ends(id porting.OrderID, s porting.Status) porting.Order {
	w.Helper()
	w.Until("order is "+string(s)+" and all is quiet", func() bool { return w.Order(id).Status == s && w.Quiet() })
	return w.Order(id)
}

// Spent returns the money that the account has paid.
func (w *World) Spent() porting.Money {
	w.Helper()
	a, err := w.Memory.Account(w.Context(), Account)
	if err != nil {
		w.Fatal(err)
	}
	return Balance - a.Balance
}

// Parked returns the due items that staff have to look at.
func (w *World) Parked() []orders.Due {
	due, err := w.Memory.Due(w.Context(), orders.DueParked, Start.AddDate(10, 0, 0), 100)
	if err != nil {
		w.Fatal(err)
	}
	return due
}

// Story tells everything that has happened, for the reader of a failed test.
func (w *World) Story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "at %s, fault %+v", w.Now().Format(time.RFC3339), w.fault)
	if n := w.fault.At; n > 0 && n <= len(w.calls) {
		fmt.Fprintf(&b, " (%s)", w.calls[n-1])
	}
	b.WriteString("\n")
	list, err := w.Memory.List(context.Background(), Account, orders.Filter{})
	if err != nil {
		return err.Error()
	}
	for _, row := range list {
		o, events, err := storetest.Whole(context.Background(), w.Memory, row.ID)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&b, "order %s is %s, desk %v, driver %v, wait %v\n", o.ID, o.Status, o.Desk, o.Driver, o.Wait)
		for _, e := range events {
			fmt.Fprintf(&b, "  %s %s %s: %s %v\n", e.At.Format("01-02 15:04:05"), e.Status, e.Kind, text.English.StaffEvent(e), e.Effects)
		}
	}
	for _, e := range w.Machines.Executions() {
		fmt.Fprintf(&b, "execution %s %s: %s\n", e.Name, e.Status, strings.Join(e.States, " → "))
	}
	for _, m := range w.SES.Mails() {
		fmt.Fprintf(&b, "mail %s: %s\n", m.Key, m.Subject)
	}
	view, err := json.Marshal(w.Locals.View())
	if err != nil {
		return err.Error()
	}
	b.Write(view)
	return b.String()
}
