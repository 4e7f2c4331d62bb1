package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// endpointBody is an endpoint as its owner sees it. Its secret stands in the answer that made it, and in no other.
type endpointBody struct {
	URL         string   `json:"url"`
	Description string   `json:"description"`
	Types       []string `json:"types"` // empty: all
	State       string   `json:"state"`
	PausedAt    *string  `json:"paused_at"`
	PausedWhy   *string  `json:"paused_why"`
	Failing     *string  `json:"failing_since"`
	Created     *string  `json:"created_at"`
	// SecretOverlap is the time until which an older secret signs beside the newest.
	SecretOverlap *string `json:"old_secret_until"`
	Secret        *string `json:"secret,omitempty"`
}

// The states of an endpoint.
const (
	endpointActive = "active"
	endpointPaused = "paused"
)

func endpointOf(e webhook.Endpoint, now time.Time) resource {
	b := endpointBody{URL: e.URL, Description: e.Description, Types: append([]string{}, e.Types...), State: endpointActive,
		PausedAt: stamp(e.PausedAt), PausedWhy: orNull(e.Why), Failing: stamp(e.FailingSince), Created: stamp(e.Created)}
	if e.Paused {
		b.State = endpointPaused
		if e.Why == "" {
			b.PausedWhy = orNull("You paused it.")
		}
	}
	for _, s := range e.Secrets {
		if s.Until.After(now) && (b.SecretOverlap == nil || *b.SecretOverlap < *stamp(s.Until)) {
			b.SecretOverlap = stamp(s.Until)
		}
	}
	if e.ID == webhook.StatusURL {
		b.Types = []string{webhook.Types()[0]}
		b.Description = "The status_url of each order."
	}
	return resource{Type: "webhook", ID: e.ID, Attributes: b}
}

// withSecret is the endpoint in the one answer that shows its secret.
func (a *API) withSecret(e webhook.Endpoint) resource {
	r := a.shown(e)
	b := r.Attributes.(endpointBody)
	b.Secret = orNull(e.Secrets[0].Secret.Reveal())
	r.Attributes = b
	return r
}

type deliveryBody struct {
	Event    string        `json:"event"`
	Order    *string       `json:"portorder_id"`
	Sequence *int64        `json:"sequence"`
	At       string        `json:"at"` // of the event
	State    string        `json:"state"`
	Next     *string       `json:"next_attempt_at"`
	Attempts []attemptBody `json:"attempts"`
}

type attemptBody struct {
	At       string  `json:"at"`
	Status   *int    `json:"response_status"`
	Failure  *string `json:"failure"`
	Duration int64   `json:"duration_ms"`
}

func deliveryOf(d webhook.Delivery) resource {
	b := deliveryBody{Event: d.Type, Order: orNull(string(d.Order)), At: *stamp(d.At), State: string(d.State), Next: stamp(d.Next), Attempts: []attemptBody{}}
	if d.Version > 0 {
		b.Sequence = &d.Version
	}
	for _, a := range d.Attempts {
		one := attemptBody{At: *stamp(a.At), Failure: orNull(a.Why), Duration: a.Took.Milliseconds()}
		if a.Status != 0 {
			one.Status = &a.Status
		}
		b.Attempts = append(b.Attempts, one)
	}
	return resource{Type: "delivery", ID: d.ID(), Attributes: b}
}

// readEndpoint reads the attributes of a body into e.
func readEndpoint(attrs object, fs *porting.Faults, e *webhook.Endpoint) {
	attrs.expect(fs, strings.TrimSuffix(attributes, "/"), "url", "description", "types", "state")
	if v, ok := attrs.text(fs, "url", "url"); ok {
		if v = porting.TidyForm(v); v != e.URL && porting.LineFault(v) != "" {
			fs.Add("url", porting.BadFormat, porting.LineFault(v))
		}
		e.URL = v
	}
	if v, ok := attrs.text(fs, "description", "description"); ok {
		if v = porting.TidyLine(v); v != e.Description && porting.LineFault(v) != "" {
			fs.Add("description", porting.BadFormat, porting.LineFault(v))
		}
		e.Description = v
	}
	if v, there := attrs.values["types"]; there {
		e.Types = readTypes(v, fs)
	}
	if v, ok := attrs.text(fs, "state", "state"); ok {
		if v != endpointActive && v != endpointPaused {
			fs.Add("state", porting.BadFormat, "Give active or paused.")
		}
		e.Paused = v == endpointPaused
	}
}

// readTypes reads a list of types. Null and the empty list stand for all types.
func readTypes(v any, fs *porting.Faults) []string {
	list, ok := v.([]any)
	if !ok && v != nil {
		fs.Add("types", wrongType, "Send a list of strings.")
		return nil
	}
	if most := len(webhook.Types()); len(list) > most {
		fs.Add("types", porting.TooMany, fmt.Sprintf("Give at most %d types.", most))
		return nil
	}
	var types []string
	for i, one := range list {
		text, ok := one.(string)
		if !ok {
			fs.Add(fmt.Sprintf("types/%d", i), wrongType, "Send a string.")
		}
		types = append(types, text)
	}
	return types
}

// createWebhook is POST /v2/account/webhooks.
func (a *API) createWebhook(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("webhook")
	if err != nil {
		return reply{}, err
	}
	e := webhook.Endpoint{Account: r.account}
	readEndpoint(attrs, &fs, &e)
	e, err = a.webhooks.PlanNew(ctx, e, fs)
	if err != nil {
		return reply{}, err
	}
	if r.dry {
		e.ID = ""
		return validated(reply{body: document{Data: a.shown(e)}}), nil
	}
	return r.commit(reply{status: http.StatusCreated, body: document{Data: a.withSecret(e)}}, a.saving(ctx, e))
}

// saving writes an endpoint with the receipt of the answer that shows it.
func (a *API) saving(ctx context.Context, e webhook.Endpoint) func(*orders.Receipt) error {
	return func(receipt *orders.Receipt) error { return a.webhooks.Save(ctx, e, receipt) }
}

// listWebhooks is GET /v2/account/webhooks.
func (a *API) listWebhooks(ctx context.Context, r *request) (reply, error) {
	all, err := a.webhooks.List(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	out := list{Data: []resource{}}
	for _, e := range all {
		out.Data = append(out.Data, a.shown(e))
	}
	return reply{status: http.StatusOK, body: out}, nil
}

// readWebhook is GET /v2/account/webhooks/{webhook}.
func (a *API) readWebhook(ctx context.Context, r *request) (reply, error) {
	e, err := a.webhooks.Endpoint(ctx, r.account, r.params["webhook"])
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: document{Data: a.shown(e)}}, nil
}

// changeWebhook is PATCH /v2/account/webhooks/{webhook}.
func (a *API) changeWebhook(ctx context.Context, r *request) (reply, error) {
	attrs, around, err := r.document("webhook")
	if err != nil {
		return reply{}, err
	}
	return orders.Retry(func(int) (reply, error) {
		e, err := a.webhooks.PlanChange(ctx, r.account, r.params["webhook"], func(e *webhook.Endpoint) porting.Faults {
			fs := slices.Clone(around)
			readEndpoint(attrs, &fs, e)
			return fs
		})
		if err != nil {
			return reply{}, err
		}
		out := reply{status: http.StatusOK, body: document{Data: a.shown(e)}}
		if r.dry {
			return validated(out), nil
		}
		return r.commit(out, a.saving(ctx, e))
	})
}

// shown is an endpoint as it stands now.
func (a *API) shown(e webhook.Endpoint) resource { return endpointOf(e, a.book.Now()) }

// removeWebhook is DELETE /v2/account/webhooks/{webhook}. It answers with the endpoint as it was.
func (a *API) removeWebhook(ctx context.Context, r *request) (reply, error) {
	if err := r.nothing(); err != nil {
		return reply{}, err
	}
	e, err := a.webhooks.PlanRemoval(ctx, r.account, r.params["webhook"])
	if err != nil {
		return reply{}, err
	}
	out := reply{status: http.StatusOK, body: document{Data: a.shown(e)}}
	if r.dry {
		return validated(out), nil
	}
	return r.commit(out, func(receipt *orders.Receipt) error { return a.webhooks.Remove(ctx, e, receipt) })
}

// rehearsed answers a dry run with what a reading call answers.
func (a *API) rehearsed(read reply, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return validated(read), nil
}

// nothing refuses a body of a call that takes none. An empty object counts as none.
func (r *request) nothing() error {
	body, err := r.raw()
	if err != nil || strings.TrimSpace(body) == "" {
		return err
	}
	o, err := r.object()
	if err != nil {
		return err
	}
	var fs porting.Faults
	o.expect(&fs, "")
	return fs.Err()
}

// rotateWebhook is POST /v2/account/webhooks/{webhook}/secret.
func (a *API) rotateWebhook(ctx context.Context, r *request) (reply, error) {
	if err := r.nothing(); err != nil {
		return reply{}, err
	}
	if r.dry {
		return a.rehearsed(a.readWebhook(ctx, r))
	}
	e, err := a.webhooks.PlanSecret(ctx, r.account, r.params["webhook"])
	if err != nil {
		return reply{}, err
	}
	return r.commit(reply{status: http.StatusCreated, body: document{Data: a.withSecret(e)}}, a.saving(ctx, e))
}

// pingWebhook is POST /v2/account/webhooks/{webhook}/ping: a test is sent at once, and its delivery tells the outcome.
func (a *API) pingWebhook(ctx context.Context, r *request) (reply, error) {
	if err := r.nothing(); err != nil {
		return reply{}, err
	}
	if r.dry {
		return a.rehearsed(a.readWebhook(ctx, r))
	}
	d, err := a.webhooks.Ping(ctx, r.account, r.params["webhook"])
	return r.queued(d, err)
}

// queued answers with a delivery that is to be sent.
func (r *request) queued(d webhook.Delivery, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusAccepted, body: document{Data: deliveryOf(d), Links: &links{Self: r.webhookPath() + "/deliveries/" + d.ID()}}}, nil
}

func (r *request) webhookPath() string { return r.base + "/v2/account/webhooks/" + r.params["webhook"] }

// listDeliveries is GET /v2/account/webhooks/{webhook}/deliveries: newest first, by the time of the event.
func (a *API) listDeliveries(ctx context.Context, r *request) (reply, error) {
	p, err := r.page(pageSize, "after", cursors("after", "delivery", func(string) bool { return true }))
	if err != nil {
		return reply{}, err
	}
	found, err := a.webhooks.Deliveries(ctx, r.account, r.params["webhook"], p.place, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	path := r.webhookPath() + "/deliveries"
	all, around := []resource{}, &links{Self: path + queryText(r.query())}
	for _, d := range found[:min(p.limit, len(found))] {
		all = append(all, deliveryOf(d))
	}
	if len(found) > p.limit {
		around.Next = path + queryText(url.Values{"limit": {itoa(p.limit)}, "after": {cursorOf("delivery", found[p.limit-1].ID())}})
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around}}, nil
}

// readDelivery is GET /v2/account/webhooks/{webhook}/deliveries/{delivery}.
func (a *API) readDelivery(ctx context.Context, r *request) (reply, error) {
	d, err := a.webhooks.Delivery(ctx, r.account, r.params["webhook"], r.params["delivery"])
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: document{Data: deliveryOf(d)}}, nil
}

// replayDelivery is POST /v2/account/webhooks/{webhook}/deliveries/{delivery}/replay.
func (a *API) replayDelivery(ctx context.Context, r *request) (reply, error) {
	if err := r.nothing(); err != nil {
		return reply{}, err
	}
	if r.dry {
		return a.rehearsed(a.readDelivery(ctx, r))
	}
	d, err := a.webhooks.Replay(ctx, r.account, r.params["webhook"], r.params["delivery"])
	return r.queued(d, err)
}

// replayBody tells how many deliveries a call queued, and from which time another call goes on.
type replayBody struct {
	Queued int     `json:"queued"`
	From   string  `json:"from"`
	To     string  `json:"to"`
	Rest   *string `json:"continue_from"`
}

// replayCall is the range of time whose deliveries a call sends again: those that did not arrive, or all of them.
type replayCall struct {
	from, to time.Time
	all      bool
}

// replayCall reads the range, which ends now unless the body says otherwise.
func (r *request) replayCall(now time.Time) (replayCall, error) {
	attrs, fs, err := r.document("replay")
	if err != nil {
		return replayCall{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "from", "to", "include_delivered")
	call := replayCall{to: now}
	if to, ok := attrs.time(&fs, "to"); ok {
		call.to = to
	}
	from, ok := attrs.time(&fs, "from")
	if call.from = from; !ok && (attrs.values["from"] == nil || attrs.values["from"] == "") {
		fs.Add("from", porting.Required, "This is required.")
	}
	all, isBool := attrs.values["include_delivered"].(bool)
	if v, there := attrs.values["include_delivered"]; there && v != nil && !isBool {
		fs.Add("include_delivered", wrongType, "Give true or false.")
	}
	call.all = all
	if len(fs) == 0 && !call.from.Before(call.to) {
		fs.Add("to", porting.OutOfRange, "Give a time after from.")
	}
	return call, fs.Err()
}

// time reads the named time, from 1970 to 9999: other times have no place among the stored ones. ok is false where
// there is none.
func (o object) time(fs *porting.Faults, name string) (t time.Time, ok bool) {
	v, ok := o.text(fs, name, name)
	if !ok || v == "" {
		return time.Time{}, false
	}
	before := len(*fs)
	t = readTime(name, v, fs).UTC()
	if year := t.Year(); len(*fs) == before && (year < 1970 || year > 9999) {
		fs.Add(name, porting.OutOfRange, "Give a time from 1970 to 9999.")
	}
	return t, len(*fs) == before
}

// replayRange is POST /v2/account/webhooks/{webhook}/replay: the deliveries of a range of time are sent again.
func (a *API) replayRange(ctx context.Context, r *request) (reply, error) {
	in, err := r.replayCall(a.book.Now().UTC())
	if err != nil {
		return reply{}, err
	}
	body := replayBody{From: *stamp(in.from), To: *stamp(in.to)}
	if r.dry {
		if _, err := a.readWebhook(ctx, r); err != nil {
			return reply{}, err
		}
		return validated(reply{body: document{Data: resource{Type: "replay", Attributes: body}}}), nil
	}
	n, rest, err := a.webhooks.ReplayRange(ctx, r.account, r.params["webhook"], in.from, in.to, in.all)
	if err != nil {
		return reply{}, err
	}
	body.Queued, body.Rest = n, stamp(rest)
	return reply{status: http.StatusAccepted, body: document{Data: resource{Type: "replay", Attributes: body}}}, nil
}
