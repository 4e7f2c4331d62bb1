package workflow_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
	"portway/internal/text"
	"portway/internal/webhook"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

// sampleOrder is the order of all samples: the first one of every world, since its clock and its dice are always the same.
const sampleOrder porting.OrderID = "260009164804098"

func sample[T any](t *testing.T, name string) T {
	t.Helper()
	raw, err := os.ReadFile("../../events/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// signedSample is a world without its stream in which the sample's order has just been signed.
func signedSample(t *testing.T, o workflowtest.Options, number string) *workflowtest.World {
	t.Helper()
	o.NoStream = true
	w := workflowtest.New(t, o)
	same(t, "order", w.Signed([]string{number}, nil), sampleOrder)
	return w
}

func TestSamplesOfTheMachines(t *testing.T) {
	t.Parallel()
	w := signedSample(t, workflowtest.Options{}, local(1))
	csr := lambdax.Guard((&workflow.Tasks{Machine: porting.CSRMachine, Book: w.Book, Peers: w.Peers}).Run)
	out, err := csr(t.Context(), sample[workflow.Input](t, "csr.json"))
	if err != nil || out.Outcome != workflow.Passed {
		t.Errorf("csr.json: %v %v", out, err)
	}
	same(t, "status", w.Order(sampleOrder).Status, porting.Submitted)

	w = signedSample(t, workflowtest.Options{}, local(1))
	w.Until("the LSR machine has the order", func() bool { return w.Order(sampleOrder).Machine() == porting.LSRMachine })
	w.Machines.Kill()
	payload := sample[map[string]any](t, "lsr.json")
	answer, err := w.Invoke(porting.LSRMachine, payload)
	if err != nil || answer["outcome"] != string(workflow.Sent) {
		t.Errorf("lsr.json: %v %v", answer, err)
	}
	same(t, "requests", w.Locals.View().LSRs, map[string]int{"pw-" + string(sampleOrder) + "-1": 1})
	if answer, err = w.Invoke(porting.LSRMachine, payload); err != nil || answer["outcome"] != string(workflow.Sent) {
		t.Errorf("lsr.json again: %v %v", answer, err)
	}
	same(t, "requests", w.Locals.View().LSRs, map[string]int{"pw-" + string(sampleOrder) + "-1": 1})
}

func TestSampleOfTheStream(t *testing.T) {
	t.Parallel()
	w := signedSample(t, workflowtest.Options{}, local(1))
	var due []orders.Due
	for _, r := range sample[events.DynamoDBEvent](t, "notify.json").Records {
		image := r.Change.NewImage
		if d, ok := dynamo.DueOf(image["pk"].String(), image["sk"].String(), image["due_at"].String()); ok {
			due = append(due, d)
		}
	}
	same(t, "due", due, []orders.Due{{Kind: orders.DueEvent, Key: "O#" + string(sampleOrder) + "|EVENT#0000000002.0", Order: sampleOrder,
		At: workflowtest.Start.Add(2 * time.Minute)}})
	// The memory store has names of its own for what is due: the creation, for the bus alone, and the signature.
	have, err := w.Memory.Due(t.Context(), due[0].Kind, due[0].At, 10)
	if err != nil || len(have) != 2 || !have[1].At.Equal(due[0].At) || have[1].Order != due[0].Order {
		t.Fatalf("due: %v %v", have, err)
	}
	if err := w.Outbox.Stream(t.Context(), have[1:]); err != nil {
		t.Fatal(err)
	}
	same(t, "executions", len(w.Machines.Executions()), 1)

	var work []orders.Due
	for _, r := range sample[events.DynamoDBEvent](t, "deliver.json").Records {
		image := r.Change.NewImage
		if d, ok := dynamo.DeliveryOf(image["pk"].String(), image["sk"].String(), image["due_at"].String()); ok {
			work = append(work, d)
		}
	}
	same(t, "work", work, []orders.Due{{Kind: webhook.DueDelivery, Key: "W#acme#status_url|P#0" + string(sampleOrder) + "#0000000002.0",
		At: workflowtest.Start.Add(2 * time.Minute)}})
	have, err = w.Memory.Due(t.Context(), work[0].Kind, work[0].At, 10)
	if err != nil || len(have) != 1 || !have[0].At.Equal(work[0].At) {
		t.Fatalf("work: %v %v", have, err)
	}
	if err := w.Webhooks.Stream(t.Context(), have); err != nil {
		t.Fatal(err)
	}
	same(t, "webhooks", w.Hooks.Statuses(), []porting.Status{porting.Processing})
}

func TestSampleOfAnAnswer(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true})
	same(t, "order", w.Signed([]string{local(1)}, nil), sampleOrder)
	w.Until("the request was sent", func() bool { a, ok := w.Order(sampleOrder).Last(porting.AskPort); return ok && a.Ref != "" })
	w.Pass(2 * time.Hour)
	in := sample[events.APIGatewayProxyRequest](t, "answer.json")
	handle := lambdax.Guard(w.Callback.Handle)
	expect := func(what string, in events.APIGatewayProxyRequest, code int, status porting.Status) {
		t.Helper()
		out, err := handle(t.Context(), in)
		if err != nil || out.StatusCode != code {
			t.Errorf("%s: %d %v", what, out.StatusCode, err)
		}
		same(t, what, w.Order(sampleOrder).Status, status)
	}
	for name, context := range map[string]map[string]any{
		"no caller":                        nil,
		"a customer":                       {"account": "demo", "kind": "live", "key_id": "k1"},
		"a customer who says to be a peer": {"account": "demo", "kind": "live", "peer": "locals", "path": "/peers/locals"},
		"another peer":                     {"kind": "peer", "peer": "somos", "path": "/peers/somos"},
		"a peer without a path":            {"kind": "peer", "peer": "locals"},
	} {
		stranger := in
		stranger.RequestContext.Authorizer = context
		expect(name, stranger, 403, porting.Submitted)
	}
	expect("another request's id", in, 200, porting.Submitted)
	broken := in
	broken.Body = "<Notification>"
	expect("not XML", broken, 422, porting.Submitted)
	unknown := in
	unknown.Body = strings.ReplaceAll(in.Body, string(sampleOrder), "1")
	expect("no such order", unknown, 422, porting.Submitted)

	port, _ := w.Order(sampleOrder).Last(porting.AskPort)
	in.Body = strings.ReplaceAll(in.Body, "5d1b40a3-2b59-4f3f-9a0e-2f6f6a3f9c10", port.Ref)
	lie := in
	lie.Body = strings.ReplaceAll(in.Body, "<Status>FOC</Status>", "<Status>COMPLETE</Status>")
	expect("the peer's own word counts", lie, 200, porting.Accepted)
	expect("told again", in, 200, porting.Accepted)
	same(t, "accepted", len(slices.DeleteFunc(w.Kinds(sampleOrder), func(k porting.EventKind) bool { return k != porting.WasAccepted })), 1)
}

// The registry tells of a number, not of a request: the order is found by the number's claim, and the registry is asked.
func TestSampleOfANumbersNotice(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true})
	same(t, "order", w.Signed([]string{tollFree(1)}, nil), sampleOrder)
	w.Until("the request was sent", func() bool { a, ok := w.Order(sampleOrder).Last(porting.AskPort); return ok && a.Ref != "" })
	in := sample[events.APIGatewayProxyRequest](t, "answer-somos.json")
	handle := lambdax.Guard(w.Callback.Handle)
	expect := func(what string, in events.APIGatewayProxyRequest, code int, status porting.Status) {
		t.Helper()
		out, err := handle(t.Context(), in)
		if err != nil || out.StatusCode != code {
			t.Errorf("%s: %d %v", what, out.StatusCode, err)
		}
		same(t, what, w.Order(sampleOrder).Status, status)
	}
	expect("a lie: the registry is asked", in, 200, porting.Submitted)
	w.Pass(2 * time.Hour)
	elsewhere := in
	elsewhere.Resource = "/peers/locals"
	expect("another peer's path", elsewhere, 403, porting.Submitted)
	broken := in
	broken.Body = "{"
	expect("no notice", broken, 422, porting.Submitted)
	other := in
	other.Body = strings.ReplaceAll(in.Body, "833-555-0101", "833-555-0199")
	expect("a number of no order of ours", other, 200, porting.Submitted)
	expect("the registry's own word counts", in, 200, porting.Completed)
	expect("told again", in, 200, porting.Completed)
}

func TestSamplesOfTheSchedules(t *testing.T) {
	t.Parallel()
	t.Run("subscribe", func(t *testing.T) {
		w := workflowtest.New(t, workflowtest.Options{Second: true})
		tick := sample[lambdax.Tick](t, "subscribe.json")
		same(t, "time", tick.At(time.Time{}), workflowtest.Start)
		hook := bandwidth.Hook{URL: "https://portway.example/peers/locals", User: "hook", Password: porting.NewSecret("hook-password")}
		var clients []*bandwidth.Client
		for _, p := range w.Peers.Locals {
			clients = append(clients, p.(*bandwidth.Client))
		}
		renewed := func(h bandwidth.Hook) []string {
			w.Count(workflowtest.Fault{})
			if err := bandwidth.KeepAllSubscribed(t.Context(), clients, func(string) bandwidth.Hook { return h }, 30*24*time.Hour); err != nil {
				t.Error(err)
			}
			return slices.DeleteFunc(w.Calls(), func(call string) bool { return strings.Contains(call, " GET ") })
		}
		same(t, "calls on the first day", len(renewed(hook)), 0)
		w.Pass(340 * 24 * time.Hour)
		same(t, "subscriptions that were about to end", len(renewed(hook)), 2)
		same(t, "calls on the next day", len(renewed(hook)), 0)
		w.Pass(340 * 24 * time.Hour)
		same(t, "calls for a hook that takes nothing", len(renewed(bandwidth.Hook{URL: hook.URL, User: hook.User})), 0)
	})
	t.Run("redeliver", func(t *testing.T) {
		w := signedSample(t, workflowtest.Options{}, local(1))
		w.Sweep("redeliver", sample[lambdax.Tick](t, "redeliver.json"))
		same(t, "before anything is due", len(w.Machines.Executions()), 0)
		w.Sweep("redeliver", lambdax.Tick{Time: workflowtest.Start.Add(2 * time.Minute).Format(time.RFC3339)})
		same(t, "when it is due", len(w.Machines.Executions()), 1)
	})
	t.Run("status-check", func(t *testing.T) {
		w := workflowtest.New(t, workflowtest.Options{})
		same(t, "order", w.Signed([]string{local(57)}, nil), sampleOrder)
		w.Pass(time.Hour)
		swept := w.Sweep("status-check", sample[lambdax.Tick](t, "status-check.json"))
		same(t, "swept", swept, []orders.Swept{{Kind: "check", Read: 1, Done: 1}})
		last := w.Events(sampleOrder)[len(w.Events(sampleOrder))-1]
		same(t, "comment", text.English.Event(last), "Status check: the carrier has the request and has not answered yet. The next check is on Wednesday, January 13, 2027.")
	})
	t.Run("auto-cancel", func(t *testing.T) {
		w := workflowtest.New(t, workflowtest.Options{})
		same(t, "order", w.Create([]string{local(1)}, nil).ID, sampleOrder)
		same(t, "swept", w.Sweep("auto-cancel", sample[lambdax.Tick](t, "auto-cancel.json")), []orders.Swept{{Kind: "clock", Read: 1, Done: 1}, {Kind: "papers"}, {Kind: "dispute"}})
		same(t, "kinds", w.Kinds(sampleOrder), []porting.EventKind{porting.Created, porting.Reminded})
	})
}

// The Send event marks a mail of which its sender never heard; the bounce puts a comment on the order.
func TestSampleOfFeedback(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoFeedback: true})
	same(t, "order", w.Signed([]string{local(1)}, nil), sampleOrder)
	take := lambdax.Guard(func(ctx context.Context, raw json.RawMessage) (struct{}, error) {
		return struct{}{}, w.Feedbacks.Take(ctx, raw)
	})
	w.Until("the request was sent", func() bool { a, ok := w.Order(sampleOrder).Last(porting.AskPort); return ok && a.Ref != "" })
	w.LoseNext("ses:SendEmail")
	w.Reach(sampleOrder, porting.Accepted)
	w.Pass(time.Second)
	same(t, "mails", told(w), []string{"accepted"})
	mails := w.SES.Mails()
	same(t, "the sample's mail", mails[len(mails)-1].Key, string(sampleOrder)+".12")
	event := sample[json.RawMessage](t, "bounce.json")
	for range 2 {
		if _, err := take(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	w.Pass(time.Hour)
	same(t, "mails", told(w), []string{"accepted"})

	bounced := strings.Replace(string(event), `"eventType": "Send"`, `"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}`, 1)
	if _, err := take(t.Context(), json.RawMessage(bounced)); err != nil {
		t.Fatal(err)
	}
	last := w.Events(sampleOrder)[len(w.Events(sampleOrder))-1]
	if !last.Comment || !strings.Contains(text.English.Event(last), "came back") {
		t.Errorf("no comment tells of the bounce: %v", last)
	}
	w.Ends(sampleOrder, porting.Completed) // the mail is held, not the order
	same(t, "mails", told(w), []string{"accepted"})
	a, err := w.Memory.Account(t.Context(), w.Order(sampleOrder).Account)
	if err != nil || len(a.AllContacts()) != 1 || a.AllContacts()[0].Blocked != account.Bounced {
		t.Errorf("contacts %+v (%v), want a held one", a.AllContacts(), err)
	}
	if _, err := take(t.Context(), json.RawMessage(bounced)); err != nil {
		t.Errorf("a bounce after the end: %v", err)
	}
}
