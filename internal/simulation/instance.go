package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda/messages"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/bus"
	"portway/internal/document"
	"portway/internal/lambdax"
	"portway/internal/mail"
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
	"portway/internal/sim/locals"
	simsomos "portway/internal/sim/somos"
	"portway/internal/storetest"
	"portway/internal/webhook"
	"portway/internal/workflow"
	"portway/internal/workflow/machinetest"
)

// instance is a process of a function: it has its own clock and its own memory of what the peers were like.
type instance struct {
	w      *World
	fn     string
	n      int
	last   bool   // it is of the last release
	store  *store // as its release reads and writes it
	skew   time.Duration
	jumped sync.Once
	ids    int
	book   *orders.Book
	peers  peers
	tasks  map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error)

	outbox    *orders.Outbox
	redeliver func(context.Context, *orders.Book) ([]orders.Swept, error)
	webhooks  *webhook.Sender
	puller    *pull.Puller
	files     *document.Files
	callback  *workflow.Callback
	feedbacks *mail.Feedbacks
}

// peers asks one router for every order.
type peers struct{ *peer.Router }

// Portability asks about the numbers, whatever order they are on.
func (p peers) Portability(ctx context.Context, _ porting.Order, tns []string) ([]peer.Portability, error) {
	return p.Router.Portability(ctx, tns)
}

// newInstance starts a process of a function.
func (w *World) newInstance(fn string, n int) *instance {
	d := roll(w.plan.Seed, "instance", fn, fmt.Sprint(n))
	i := &instance{w: w, fn: fn, n: n, skew: d.between(-1500*time.Millisecond, 1500*time.Millisecond)}
	i.last = w.since() < w.plan.Deploy || w.since() < w.plan.Deploy+w.plan.Overlap && d.chance(0.5)
	i.store = &store{Memory: w.memory, w: w, sealer: w.sealer, last: i.last}
	i.book = &orders.Book{Store: i.store, Rules: w.rules, Now: i.now, Random: i.random}
	i.adapters()
	i.machines()
	i.effects()
	return i
}

// now returns the time by the clock of the instance.
func (i *instance) now() time.Time {
	skew, since := i.skew, i.w.since()
	for _, f := range i.w.plan.Faults {
		if f.Kind == Jump && since >= f.From && since < f.From+f.For {
			d := roll(i.w.plan.Seed, "jump", fmt.Sprint(f.N), i.fn, fmt.Sprint(i.n))
			if d.chance(f.Share) {
				i.jumped.Do(func() { i.w.hit(Clocks, Jump, 1) })
				skew += d.between(-time.Minute, time.Minute)
			}
		}
	}
	return time.Now().Add(skew).UTC()
}

func (i *instance) random() uint16 {
	i.ids++
	d := roll(i.w.plan.Seed, "id", i.fn, fmt.Sprint(i.n, "/", i.ids))
	return uint16(d.next())
}

// adapters makes the real adapters of the peers.
func (i *instance) adapters() {
	calls := []call.Option{call.Clock(i.now), call.Sleep(i.pause), call.Random(func() float64 { return 0.5 })}
	r := &peer.Router{Scores: i.store, Now: i.now, TollFree: somos.New(somos.Config{
		Name: "somos", BaseURL: "https://somos.example", User: "ZZPWAPI1", RespOrg: "ZZPW1",
		Password: porting.NewSecret("somos-password-1"), HTTP: i.w.ways[Somos], Now: i.now, Sleep: i.pause,
		Sessions: sessions{i.w}, Call: calls,
	})}
	for _, p := range i.w.plan.Peers {
		r.Locals = append(r.Locals, bandwidth.New(bandwidth.Config{
			Name: string(p), BaseURL: "https://" + string(p) + ".example/api/v1", Account: "9500149", Site: "1234",
			User: "portway", Password: porting.NewSecret("locals-password"), HTTP: i.w.ways[p], Calls: calls, Now: i.now,
		}))
	}
	i.peers = peers{r}
}

// pause waits between two tries of a call. No two goroutines wake at once.
func (i *instance) pause(ctx context.Context, d time.Duration) error {
	more := roll(i.w.plan.Seed, invocationOf(ctx).name(ctx, "pause"))
	if !i.w.sleep(ctx, d+more.between(1, time.Millisecond)) {
		return ctx.Err()
	}
	return nil
}

// machines makes the tasks and the driver.
func (i *instance) machines() {
	i.tasks = map[porting.Machine]func(context.Context, workflow.Input) (workflow.Output, error){}
	for name := range machinetest.ARNs() {
		tasks := &workflow.Tasks{Machine: name, Book: i.book, Peers: i.peers, Open: i.w.sealer.OpenOrder, Files: i.w.storage}
		i.tasks[name] = lambdax.Guard(tasks.Run)
	}
}

// effects makes what carries out the effects of events.
func (i *instance) effects() {
	w := i.w
	i.webhooks = &webhook.Sender{Store: i.store, Client: webhook.NewClientOver(w.hosts), Now: i.now,
		Open: func(ctx context.Context, s secret.Scope, parts ...secret.Part) error { // under a lock of the sender
			return w.sealer.OpenAll(instantly(ctx), s, parts...)
		}}
	driver := &workflow.Driver{AWS: w.machines, Machines: machinetest.ARNs(), Book: i.book}
	i.puller = &pull.Puller{Book: i.book, Store: i.store, Bucket: w.storage, Client: &http.Client{Transport: w.hosts},
		Start: func(ctx context.Context, id porting.AccountID) error {
			start := func() error { w.pull(string(id)+" for "+invocationOf(ctx).id, id); return nil }
			return w.call(ctx, Functions, "pull "+string(id), start)
		}}
	i.files = &document.Files{Book: i.book, Bucket: w.storage, Reprint: reprint}
	parts := flow.Parts{
		Book: i.book, Store: i.store, Driver: driver, Peers: i.peers, Webhook: i.webhooks,
		Files: &document.Files{Book: i.book, Bucket: w.storage}, Pull: i.puller,
		Mail: mail.Sender{SES: w.ses, Records: w.records, From: "porting@portway.example", Configuration: "portway"},
		API:  "https://api.portway.example/v2", Now: i.now,
		Search: w.memory.KeepSearch,
		Switch: &provision.Asker{Book: i.book},
		Bus: &bus.Publisher{Put: func(ctx context.Context, entries []bus.Entry) error {
			return w.call(ctx, Bus, "put", func() error { w.busTook(entries); return nil }, func() { w.busTook(entries) })
		}},
	}
	i.outbox = parts.Outbox()
	for effect, handle := range i.outbox.Handlers {
		i.outbox.Handlers[effect] = func(ctx context.Context, e porting.Event, o porting.Order) error {
			return handle(scoped(ctx, fmt.Sprintf("%s.%d %s", e.Order, e.Version, effect)), e, o)
		}
	}
	i.redeliver = workflow.Redeliver(i.outbox, driver, parts.Sweeps()...)
	i.callback = &workflow.Callback{
		Book: i.book, Peers: i.peers,
		Read: map[string]func([]byte) (peer.Notice, error){
			access.LocalsPath: bandwidth.ReadNotice, access.SomosPath: somos.ReadNotice,
		},
	}
	i.feedbacks = &mail.Feedbacks{Now: i.now, Records: w.records, Block: account.Blocker(w.memory, i.store, i.now),
		Note: func(ctx context.Context, id porting.OrderID, text string) error {
			_, err := i.book.Do(ctx, id, porting.Comment{By: storetest.System, Text: text})
			if porting.Is(err, porting.WrongStatus) {
				return nil
			}
			return err
		}}
}

// guarded runs a handler as a function does.
func guarded(ctx context.Context, do func(context.Context) error) error {
	_, err := lambdax.Guard(func(ctx context.Context, _ struct{}) (struct{}, error) { return struct{}{}, do(ctx) })(ctx, struct{}{})
	return err
}

// stream hands a batch of records to the function.
func (i *instance) stream(ctx context.Context, batch []orders.Due) error {
	return guarded(ctx, func(ctx context.Context) error {
		if i.fn == "deliver" {
			return i.webhooks.Stream(ctx, batch)
		}
		return i.outbox.Stream(ctx, batch)
	})
}

// sweep runs the function of a schedule.
func (i *instance) sweep(ctx context.Context, fn string, at time.Time) error {
	tick := lambdax.Tick{Time: at.UTC().Format(time.RFC3339)}
	return guarded(ctx, func(ctx context.Context) error {
		book := i.book.At(tick.At(i.now()))
		switch fn {
		case "status-check":
			_, err := book.Sweep(ctx, tick.Kind(porting.DueCheck), 0, workflow.Check(i.peers))
			return err
		case "pull":
			_, err := i.puller.Sweep(ctx, book)
			return err
		case "auto-cancel":
			_, err := orders.SweepCustomers(ctx, book, tick.Kind)
			return err
		}
		_, err := i.redeliver(ctx, book)
		return err
	})
}

// feedback takes an event of SES.
func (i *instance) feedback(ctx context.Context, event json.RawMessage) error {
	return guarded(ctx, func(ctx context.Context) error { return i.feedbacks.Take(ctx, event) })
}

// reprint copies a PDF as it is: the real one reads and writes PDFs in a process of its own, which no history needs.
func reprint(_ context.Context, file []byte) (made []byte, pages int, why porting.Message, err error) {
	if !bytes.HasPrefix(file, []byte("%PDF")) {
		return nil, 0, porting.Say(porting.MsgFileNotPDF), nil
	}
	return file, 1, porting.Message{}, nil
}

// errorOf returns the name and the cause of a function's error, as Step Functions has them.
func errorOf(err error) (name, cause string) {
	var named messages.InvokeResponse_Error
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &named):
		return named.Type, named.Message
	}
	return "Lambda.Unknown", "The function died."
}

// --- the peers ---

// sessions keeps the session at the registry in the table.
type sessions struct{ w *World }

func (s sessions) Load(ctx context.Context) (out somos.Session, err error) {
	err = s.w.call(ctx, Table, "load session", func() error { out, err = s.w.sessions.Load(ctx); return err })
	return out, err
}

func (s sessions) Save(ctx context.Context, x somos.Session) error {
	return s.w.call(ctx, Table, "save session", func() error { return s.w.sessions.Save(ctx, x) })
}

// carriers makes the simulated carriers, which send us their notices.
func (w *World) carriers() {
	notices := &http.Client{Transport: notices{w}}
	w.locals = map[Part]*locals.Server{}
	for _, p := range []Part{Locals, Locals2} {
		w.locals[p] = locals.New(locals.Options{User: "portway", Password: "locals-password", Step: w.plan.Step,
			Complete: w.plan.Complete, Now: time.Now, HTTP: notices,
			Hook: locals.Hook{URL: "https://portway.example/peers/locals", User: "hook", Password: "hook-password"}})
		w.way(p, w.locals[p])
		go w.tell(p, w.locals[p].Next, w.locals[p].Push)
	}
	w.somos = simsomos.New(simsomos.Options{
		User: "ZZPWAPI1", Password: "somos-password-1", RespOrg: "ZZPW1", Company: "Portway", Step: w.plan.Step,
		Now: time.Now, TokenLife: 12 * time.Hour, RefreshLife: 48 * time.Hour,
		Push: "https://somos:somos-hook@portway.example/peers/somos", HTTP: notices,
	})
	w.way(Somos, w.somos)
	go w.tell(Somos, w.somos.Next, w.somos.Push)
}

// way makes the way to a peer.
func (w *World) way(p Part, server http.Handler) {
	w.ways[p] = &http.Client{Transport: &wire{w: w, part: p, next: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(rw, r)
		w.requested(p, r.Method)
		signal(w.stirred[p])
	})}}
}

// tell has a peer send its notices when there is something to tell. What it draws follows from what it has told, since
// several signals of one instant wake it once or more often.
func (w *World) tell(p Part, next func() time.Time, push func(context.Context)) {
	for n := 0; w.ctx.Err() == nil; {
		at := next()
		d := roll(w.plan.Seed, "peer", string(p), fmt.Sprint(n), fmt.Sprint(at.UnixNano()))
		pause := 1000 * time.Hour
		if !at.IsZero() {
			pause = max(0, time.Until(at)) + d.between(time.Millisecond, time.Second)
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
			ctx, _ := w.as(w.ctx, fmt.Sprintf("%s/%d", p, n))
			push(ctx)
			n++
		case <-w.stirred[p]:
			t.Stop()
		case <-w.ctx.Done():
			t.Stop()
			return
		}
	}
}

// notices is the way of the peers' notices to us. It takes a notice at once, and delivers it later.
type notices struct{ w *World }

// hooks are the credentials that the peers were given for their notices.
var hooks = access.Hooks{
	{Peer: "locals", Path: access.LocalsPath, User: "hook", Password: porting.NewSecret("hook-password")},
	{Peer: "somos", Path: access.SomosPath, User: "somos", Password: porting.NewSecret("somos-hook")},
}

// RoundTrip implements http.RoundTripper.
func (x notices) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	status, header := http.StatusOK, http.Header{}
	let, err := access.Peers(hooks)(r.Context(), access.Request{Token: r.Header.Get("Authorization"),
		MethodArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/live/" + r.Method + r.URL.Path})
	if err != nil {
		status = http.StatusUnauthorized
		header.Set("WWW-Authenticate", `Basic realm="portway"`)
	} else {
		x.w.leaves("notice", string(body))
		x.w.notice(invocationOf(r.Context()).name(r.Context(), "notice"), r, body, let.Context)
	}
	return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: r}, nil
}

// notice delivers a notice of a peer, with the context that the gateway got from its authorizer.
func (w *World) notice(name string, r *http.Request, body []byte, caller map[string]any) {
	in := events.APIGatewayProxyRequest{HTTPMethod: r.Method, Resource: r.URL.Path, Body: string(body),
		Headers: map[string]string{}}
	for header := range r.Header {
		in.Headers[header] = r.Header.Get(header)
	}
	in.RequestContext.Authorizer = caller
	deliver := func(name string, most time.Duration) {
		d := roll(w.plan.Seed, "notice", name)
		if !w.sleep(w.ctx, d.between(10*time.Millisecond, most)) {
			return
		}
		_, err := w.invoke("answer", name, func(ctx context.Context, i *instance) error {
			_, err := lambdax.Guard(i.callback.Handle)(ctx, in)
			return err
		})
		w.leaves("error of a notice", fmt.Sprint(err))
	}
	soon, d := 2*time.Second, roll(w.plan.Seed, "late notice", name)
	switch w.mishap(Notices, name) {
	case Lost:
		return
	case Late:
		soon = of(&d, time.Minute, 5*time.Hour, 60*time.Hour)
	case Twice:
		go deliver(name+"/again", of(&d, 2*time.Second, 10*time.Minute, 60*time.Hour))
	}
	go deliver(name, soon)
}
