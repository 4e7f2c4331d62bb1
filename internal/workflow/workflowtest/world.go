// Package workflowtest is a whole Portway in one process, for tests of whole lives: the store in memory, the two state
// machines, the real peer adapters against the simulated carriers, the outbox behind its stream, mail and webhooks. Nothing
// sleeps: a virtual clock jumps from one thing that happens to the next. Every outside call is counted and can be made to
// fail, before or after its effect, with the caller living on or dying of it.
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

	"portway/internal/account"
	"portway/internal/desk"
	"portway/internal/document"
	"portway/internal/egress"
	"portway/internal/lambdax"
	"portway/internal/mail"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/call"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/setup/flow"
	"portway/internal/sim/locals"
	simsomos "portway/internal/sim/somos"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

// Start is when every world begins: a Tuesday, nine in the morning at the desk.
var Start = time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)

// Account is the one customer.
const Account porting.AccountID = "acme"

// Balance is what the account has at first.
const Balance porting.Money = 100_000

// Options are what differs between worlds. The zero value is production with slow carriers.
type Options struct {
	Step        time.Duration // a carrier's time for an answer (1 h)
	Complete    time.Duration // from FOC to completion at the Locals peer (7 days)
	Pace        workflow.Pace // of the machines' waits
	AutoApprove bool
	Balance     porting.Money // in place of Balance; negative for none
	Down        int           // how many calls about a number of row 59 fail
	Second      bool          // there is a second Locals peer, named locals2
	Refuses     string        // the code with which the first Locals peer refuses to carry whatever is new

	Gone      bool // the first Locals peer answers no call about orders or numbers
	Triggered bool // orders at the Locals peers wait for our word on their day
	Deaf      bool // nobody at the first Locals peer reads the notes written to it

	NoStream   bool // stream records are lost
	TwiceOver  bool // each stream record comes twice
	NoNotices  bool // the peer's notices are lost
	NoFeedback bool // SES tells nothing
}

// Fault is one outside call that goes wrong.
type Fault struct {
	At    int  // the how-manieth call since Count; 0 for none
	After bool // its effect comes about, only its answer is lost
	Die   bool // the caller dies of it: nothing it does from then on has an effect
}

// Peers asks one router for every order, a sandbox's too.
type Peers struct{ *peer.Router }

// Portability asks about the numbers; it does not matter on which order they are.
func (p Peers) Portability(ctx context.Context, _ porting.Order, tns []string) ([]peer.Portability, error) {
	return p.Router.Portability(ctx, tns)
}

// World is one Portway. Its tests are single-threaded unless they say otherwise.
type World struct {
	testing.TB
	Options
	Memory    *storetest.Memory
	Book      *orders.Book
	Machines  *Machines
	Driver    *workflow.Driver
	Outbox    *orders.Outbox
	Webhooks  *webhook.Sender
	Peers     Peers
	Callback  *workflow.Callback
	Feedbacks *mail.Feedbacks
	Locals    *locals.Server
	Locals2   *locals.Server // nil without Options.Second
	Somos     *simsomos.Server
	SES       *SES
	Hooks     *Hooks
	Files     *Bucket
	// Staff, where it is set, looks at the world whenever nothing else happens.
	Staff func()
	// Together has two notify functions at each event that is swept.
	Together bool
	// Errors are the texts of everything that went wrong at a function's edge.
	Errors []string

	tasks map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error)
	hook  func(context.Context, hookIn) (hookOut, error)
	swept map[string]time.Time
	// sweeps are those of webhooks.
	sweeps []workflow.Sweep

	mu     sync.Mutex
	now    time.Time
	calls  []string
	fault  Fault
	once   string // the next call of this name fails, after its effect
	dead   bool
	ids    uint16
	seen   map[string]bool
	stream []orders.Due
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
	w := &World{TB: t, Options: o, Memory: storetest.NewMemory(), now: Start, seen: map[string]bool{}, swept: map[string]time.Time{}}
	sealer := &secret.Sealer{Keys: keys{w}, KeyID: "alias/portway"}
	store := &store{Memory: w.Memory, w: w, sealer: sealer}
	w.Book = &orders.Book{Store: store, Rules: storetest.Rules(t), Now: w.Now, Random: w.random}

	asl, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	w.Machines = &Machines{now: w.Now, call: w.Call, invoke: w.task, asl: asl, tokens: map[string]*Execution{}}
	arns := map[porting.Machine]string{}
	for arn, d := range asl {
		arns[d.name] = arn
	}
	w.Driver = &workflow.Driver{AWS: w.Machines, Machines: arns, Book: w.Book, Pace: o.Pace}

	w.carriers()
	w.tasks = map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error){}
	w.Files = &Bucket{w: w, files: map[string][]byte{}}
	for name := range arns {
		tasks := &workflow.Tasks{Machine: name, Book: w.Book, Peers: w.Peers, Open: sealer.OpenOrder, Pace: o.Pace, AutoApprove: o.AutoApprove, Files: w.Files}
		w.tasks[name] = lambdax.Guard(tasks.Run)
	}

	w.SES = &SES{w: w}
	w.Hooks = newHooks(w)
	records := &Records{w: w}
	w.Feedbacks = &mail.Feedbacks{Records: records, Block: account.Blocker(w.Memory, store, w.Now), Note: func(ctx context.Context, id porting.OrderID, text string) error {
		_, err := w.Book.Do(ctx, id, porting.Comment{By: storetest.System, Text: text})
		if porting.Is(err, porting.WrongStatus) {
			return nil
		}
		return err
	}}
	w.Webhooks = &webhook.Sender{Store: store, Client: webhook.NewClient(true), Open: sealer.OpenAll, Now: w.Now}
	parts := flow.Parts{
		Book: w.Book, Store: store, Driver: w.Driver, Peers: w.Peers, Webhook: w.Webhooks,
		Files: &document.Files{Book: w.Book, Bucket: w.Files, Client: egress.Client(document.PullLimit, true)},
		Mail:  mail.Sender{SES: w.SES, Records: records, From: "porting@portway.example", Configuration: "portway"},
		API:   "https://api.portway.example/v2", Now: w.Now,
	}
	w.Outbox, w.sweeps = parts.Outbox(), parts.WebhookSweeps()

	balance := Balance
	if o.Balance != 0 {
		balance = max(o.Balance, 0)
	}
	err = w.Memory.OpenAccount(t.Context(), account.Account{ID: Account, Name: "Acme", Mail: "porting@acme.example", Kind: account.Live, Balance: balance})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.noLeak)
	return w
}

// carriers wires the real adapters to the simulated carriers.
func (w *World) carriers() {
	sim := func() *locals.Server {
		return locals.New(locals.Options{
			User: "portway", Password: "locals-password", Step: w.Step, Complete: w.Complete, Now: w.Now, Down: w.Down,
			HTTP: &http.Client{Transport: notices{w}},
		})
	}
	w.Locals = sim()
	w.Somos = simsomos.New(simsomos.Options{
		User: "ZZPWAPI1", Password: "somos-password-1", RespOrg: "ZZPW1", Company: "Portway", Step: w.Step, Now: w.Now,
		TokenLife: 12 * time.Hour, RefreshLife: 48 * time.Hour,
		Push: "https://hook:hook-password@portway.example/peers/somos", HTTP: &http.Client{Transport: notices{w}},
	})
	calm := []call.Option{call.Clock(w.Now), call.Sleep(func(context.Context, time.Duration) error { return nil })}
	client := func(name string, h http.Handler) (*http.Client, string) {
		server := httptest.NewServer(h)
		transport := &http.Transport{}
		w.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
		return &http.Client{Transport: lossy{w, name, transport}}, server.URL
	}
	toSomos, somosURL := client("somos", w.Somos)
	dial := func(name string, h http.Handler) *bandwidth.Client {
		to, url := client(name, h)
		return bandwidth.New(bandwidth.Config{
			Name: name, BaseURL: url + "/api/v1", Account: "9500149", Site: "1234", User: "portway",
			Password: porting.NewSecret("locals-password"), HTTP: to, Calls: calm, Triggered: w.Triggered,
		})
	}
	local := dial("locals", w.choosy(w.Locals))
	w.Peers = Peers{&peer.Router{Scores: w.Book.Store.(*store), Now: w.Now, Locals: []peer.Peer{local}, TollFree: somos.New(somos.Config{
		Name: "somos", BaseURL: somosURL, User: "ZZPWAPI1", Password: porting.NewSecret("somos-password-1"), RespOrg: "ZZPW1",
		HTTP: toSomos, Now: w.Now, Poll: time.Millisecond, Call: calm,
	})}}
	hook := bandwidth.Hook{URL: "https://portway.example/peers/locals", User: "hook", Password: porting.NewSecret("hook-password")}
	w.Callback = &workflow.Callback{Book: w.Book, Peers: w.Peers, User: "hook", Password: porting.NewSecret("hook-password"),
		Read: map[string]func([]byte) (peer.Notice, error){"/peers/locals": bandwidth.ReadNotice, "/peers/somos": somos.ReadNotice}}
	w.hook = lambdax.Guard(w.Callback.Handle)
	if err := local.Subscribe(w.Context(), hook); err != nil {
		w.Fatal(err)
	}
	if !w.Second {
		return
	}
	w.Locals2 = sim()
	second := dial("locals2", w.Locals2)
	w.Peers.Locals = append(w.Peers.Locals, second)
	if err := second.Subscribe(w.Context(), hook); err != nil {
		w.Fatal(err)
	}
}

// choosy is a peer that refuses to carry new orders with the code of Options.Refuses, where there is one, reads no notes where
// it is Deaf, and is down where it is Gone.
func (w *World) choosy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case w.Gone && !strings.Contains(r.URL.Path, "/subscriptions"):
			rw.WriteHeader(http.StatusServiceUnavailable)
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
		fmt.Fprintf(rw, `<LnpOrderResponse><Errors><Code>%s</Code><Description>not for you</Description></Errors></LnpOrderResponse>`, w.Refuses)
	})
}

// bothLocals are the simulated Locals peers.
func (w *World) bothLocals() []*locals.Server {
	if w.Locals2 == nil {
		return []*locals.Server{w.Locals}
	}
	return []*locals.Server{w.Locals, w.Locals2}
}

// Now is the virtual clock.
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
	errLost = errors.New("connection reset: " + AccountCanary) // a library's error may hold anything, and must not be shown
	errDead = errors.New("the process is dead")
)

// Call makes one outside call, or what the fault makes of it.
func (w *World) Call(what string, do func() error) error {
	w.mu.Lock()
	if w.dead {
		w.mu.Unlock()
		return errDead
	}
	w.calls = append(w.calls, what)
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
	err := do()
	if hit {
		return errLost
	}
	return err
}

// Count begins to count the outside calls anew, with a fault among them.
func (w *World) Count(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.fault = nil, f
}

// LoseNext loses the answer of the next call of that name.
func (w *World) LoseNext(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.once = what
}

// Calls are the outside calls since Count.
func (w *World) Calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// process runs one invocation of a function; died says that it did not live to its end.
func (w *World) process(do func(context.Context) error) (died bool) {
	if err := do(w.Context()); err != nil {
		w.mu.Lock()
		var named messages.InvokeResponse_Error
		if errors.As(err, &named) { // only these leave a function
			w.Errors = append(w.Errors, named.Message)
		}
		w.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	died, w.dead = w.dead, false
	return died
}

// task is one invocation of a machine's function.
func (w *World) task(name porting.Machine, in workflow.Input) (workflow.Output, error) {
	var out workflow.Output
	var err error
	if w.process(func(ctx context.Context) error { out, err = w.tasks[name](ctx, in); return err }) {
		return workflow.Output{}, errDead
	}
	return out, err
}

// nameOf is the error as Step Functions names it.
func nameOf(err error) (name, cause string) {
	var named messages.InvokeResponse_Error
	if errors.As(err, &named) {
		return named.Type, named.Message
	}
	// What AWS reports of a function that ran out of memory or time.
	return "Lambda.Unknown", "The function died."
}

// Until lets the world go on until done, or fails the test when nothing is left to happen.
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

// Pass lets d go by.
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

// settle does everything that can happen now.
func (w *World) settle() {
	for n := 0; ; n++ {
		if n > 10_000 {
			w.Fatalf("the world turns in a circle\n%s", w.Story())
		}
		if w.notify() || w.step() || w.feedback() {
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

// notify hands over one record of the stream. A batch that fails is given once more and then dropped.
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

func (w *World) step() bool {
	e, _ := w.Machines.ready()
	if e == nil {
		return false
	}
	w.Machines.step(e)
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
	for range 3 { // EventBridge tries again
		var err error
		if died := w.process(func(ctx context.Context) error { _, err = take(ctx, event); return err }); err == nil && !died {
			break
		}
	}
	return true
}

// sweeps are the schedules, a minute apart, with what they look for.
var sweeps = []struct {
	name  string
	kinds []orders.DueKind
}{
	{"redeliver", []orders.DueKind{orders.DueEvent, orders.DueIntake, orders.DueKind(porting.DueDriver), webhook.DueDelivery, webhook.DuePause}},
	{"status-check", []orders.DueKind{orders.DueKind(porting.DueCheck)}},
	{"auto-cancel", []orders.DueKind{orders.DueKind(porting.DueClock), orders.DueKind(porting.DuePapers)}},
}

// dueAt is when the named sweep next has something to do; zero when it has nothing.
func (w *World) dueAt(name string, kinds []orders.DueKind) time.Time {
	var first time.Time
	for _, kind := range kinds {
		// Reading ahead of the clock is the test's own business and no call.
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
	for _, s := range sweeps {
		if at := w.dueAt(s.name, s.kinds); at.IsZero() || at.After(w.Now()) {
			continue
		}
		w.swept[s.name] = w.Now()
		w.Sweep(s.name, lambdax.Tick{Time: w.Now().Format(time.RFC3339)})
		did = true
	}
	return did
}

// Sweep runs one of the schedules' functions.
func (w *World) Sweep(name string, tick lambdax.Tick) []orders.Swept {
	var all []orders.Swept
	w.process(func(ctx context.Context) error {
		run := lambdax.Guard(func(ctx context.Context, tick lambdax.Tick) ([]orders.Swept, error) {
			book := w.Book.At(tick.At(w.Now()))
			one := func(s orders.Swept, err error) ([]orders.Swept, error) { return []orders.Swept{s}, err }
			switch name {
			case "status-check":
				return one(book.Sweep(ctx, orders.DueKind(porting.DueCheck), 0, workflow.Check(w.Peers)))
			case "auto-cancel":
				return orders.SweepCustomers(ctx, book, tick.Kind)
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

// together delivers what is due by two functions at the same time.
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

// Invoke runs one step of a machine by hand.
func (w *World) Invoke(name porting.Machine, payload map[string]any) (map[string]any, error) {
	out, errorName, cause := w.Machines.lambda(name, payload)
	if errorName != "" {
		return nil, errors.New(errorName + ": " + cause)
	}
	return out, nil
}

// next is when the next thing can happen; zero when nothing can.
func (w *World) next() time.Time {
	_, first := w.Machines.ready()
	sooner := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, s := range sweeps {
		sooner(w.dueAt(s.name, s.kinds))
	}
	sooner(w.SES.next())
	if !w.NoNotices && !first.IsZero() && w.busy() {
		sooner(w.Now().Add(w.Step / 2))
	}
	return first
}

// busy says that the carriers have something to tell by and by.
func (w *World) busy() bool {
	return slices.ContainsFunc(w.bothLocals(), func(peer *locals.Server) bool {
		return slices.ContainsFunc(peer.View().Orders, func(o locals.OrderView) bool {
			return slices.Contains([]string{"SUBMITTED", "REQUESTED_SUPP", "REQUESTED_CANCEL", "FOC"}, o.Status)
		})
	})
}

// Create makes an order as the API does, by the peers' word on the numbers.
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
	case errors.As(err, &down): // made when the peer was up
		for _, tn := range tns {
			found = append(found, peer.Portability{TN: tn, Carrier: porting.Carrier{SPID: "8X34", Name: "Mockingbird Mobile"}})
		}
	case err != nil:
		w.Fatal(err)
	}
	var lines []porting.Line
	for _, p := range found {
		line := porting.Line{TN: p.TN, Kind: porting.Local, Country: "US", Carrier: p.Carrier}
		if n, err := nanp.Parse(p.TN); err == nil && n.TollFree() {
			line.Kind = porting.TollFree
		}
		lines = append(lines, line)
	}
	_, made, err := w.Book.Create(w.Context(), orders.Draft{By: storetest.Customer, Account: Account, Details: d, Lines: lines})
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

// Do gives a command of the customer's, who tries again after a failure; that it was carried out the first time is no fault.
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

// Desk takes a decision of our staff.
func (w *World) Desk(a desk.Action) desk.Reply {
	w.Helper()
	reply, err := desk.Act(w.Context(), w.Book, a)
	if err != nil {
		w.Fatal(err)
	}
	return reply
}

// Order is the order as it stands, its secrets sealed.
func (w *World) Order(id porting.OrderID) porting.Order {
	w.Helper()
	o, err := w.Memory.Load(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return o
}

// Family are the orders of the order's group, itself first.
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

// Events is the order's history.
func (w *World) Events(id porting.OrderID) []porting.Event {
	w.Helper()
	_, events, err := storetest.Whole(w.Context(), w.Memory, id)
	if err != nil {
		w.Fatal(err)
	}
	return events
}

// Kinds are the kinds of the order's events, those aside that only tell of waiting.
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

// Is says for Until that the order is in the status.
func (w *World) Is(id porting.OrderID, s porting.Status) func() bool {
	return func() bool { return w.Order(id).Status == s }
}

// Reach lets the world go on until the order is in the status.
func (w *World) Reach(id porting.OrderID, s porting.Status) porting.Order {
	w.Helper()
	w.Until("order is "+string(s), w.Is(id, s))
	return w.Order(id)
}

// AtDesk says for Until that a person is asked about the order.
func (w *World) AtDesk(id porting.OrderID) func() bool {
	return func() bool { return !w.Order(id).Desk.IsZero() }
}

// Quiet says that nothing runs, and nothing is left to deliver.
func (w *World) Quiet() bool {
	for _, e := range w.Machines.Executions() {
		if e.Status == types.ExecutionStatusRunning {
			return false
		}
	}
	for _, kind := range []orders.DueKind{orders.DueEvent, webhook.DueDelivery} {
		if due, err := w.Memory.Due(w.Context(), kind, Start.AddDate(10, 0, 0), 1); err != nil || len(due) > 0 {
			return false
		}
	}
	return !w.pending() && w.SES.next().IsZero()
}

// Ends lets the world go on until the order is in a last status and all is quiet.
func (w *World) Ends(id porting.OrderID, s porting.Status) porting.Order {
	w.Helper()
	w.Until("order is "+string(s)+" and all is quiet", func() bool { return w.Order(id).Status == s && w.Quiet() })
	return w.Order(id)
}

// Spent is what the account has paid.
func (w *World) Spent() porting.Money {
	w.Helper()
	a, err := w.Memory.Account(w.Context(), Account)
	if err != nil {
		w.Fatal(err)
	}
	return Balance - a.Balance
}

// Parked are the due items that staff have to look at.
func (w *World) Parked() []orders.Due {
	due, err := w.Memory.Due(w.Context(), orders.DueParked, Start.AddDate(10, 0, 0), 100)
	if err != nil {
		w.Fatal(err)
	}
	return due
}

// Story is all that happened, for the eyes of whoever reads a failed test.
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
		fmt.Fprintf(&b, "order %s is %s, desk %q, driver %v, wait %v\n", o.ID, o.Status, o.Desk, o.Driver, o.Wait)
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
