package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// endpointBody is an endpoint as its owner sees it. The secret is there in the answer that made it, and never again.
type endpointBody struct {
	URL         string   `json:"url"`
	Description string   `json:"description"`
	Types       []string `json:"types"` // empty: all
	State       string   `json:"state"`
	PausedAt    *string  `json:"paused_at"`
	PausedWhy   *string  `json:"paused_why"`
	Failing     *string  `json:"failing_since"`
	Created     *string  `json:"created_at"`
	// SecretOverlap is until when an older secret signs beside the newest.
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

// withSecret is the one answer that shows the secret.
func withSecret(e webhook.Endpoint, now time.Time) resource {
	r := endpointOf(e, now)
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

// readEndpoint reads what the body says of e.
func readEndpoint(attrs object, fs *porting.Faults, e *webhook.Endpoint) {
	attrs.expect(fs, strings.TrimSuffix(attributes, "/"), "url", "description", "types", "state")
	if v, ok := attrs.text(fs, "url", "url"); ok {
		e.URL = porting.TidyForm(v)
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
			fs.Add("state", porting.BadFormat, "One of active, paused.")
		}
		e.Paused = v == endpointPaused
	}
}

// readTypes takes a list; null and the empty list are all types.
func readTypes(v any, fs *porting.Faults) []string {
	list, ok := v.([]any)
	if !ok && v != nil {
		fs.Add("types", wrongType, "This must be a list of strings.")
		return nil
	}
	if most := len(webhook.Types()); len(list) > most {
		fs.Add("types", porting.TooMany, fmt.Sprintf("At most %d.", most))
		return nil
	}
	var types []string
	for i, one := range list {
		text, ok := one.(string)
		if !ok {
			fs.Add(fmt.Sprintf("types/%d", i), wrongType, "This must be a string.")
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
	now := a.book.Now()
	if r.dry {
		if err := a.webhooks.Check(ctx, e, fs); err != nil {
			return reply{}, err
		}
		e.Created = now
		return validated(reply{body: document{Data: endpointOf(e, now)}}), nil
	}
	return r.written(func(answer webhook.Answer) error {
		_, err := a.webhooks.Create(ctx, e, fs, answer)
		return err
	}, http.StatusCreated, func(e webhook.Endpoint) resource { return withSecret(e, now) })
}

// written answers with the endpoint that a change writes, and has the answer kept in the same step where the request has a key.
func (r *request) written(change func(webhook.Answer) error, status int, show func(webhook.Endpoint) resource) (reply, error) {
	var out reply
	err := change(func(e webhook.Endpoint) *orders.Receipt {
		out = reply{status: status, body: document{Data: show(e)}}
		return r.keep(out)
	})
	if err != nil {
		return reply{}, err
	}
	r.kept = r.receipt != nil
	return out, nil
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
	change := func(e *webhook.Endpoint) []porting.Fault {
		fs := append(porting.Faults{}, around...)
		readEndpoint(attrs, &fs, e)
		return fs
	}
	if r.dry {
		e, err := a.webhooks.Change(ctx, r.account, r.params["webhook"], true, change, nil)
		return a.rehearsed(reply{body: document{Data: a.shown(e)}}, err)
	}
	return r.written(func(answer webhook.Answer) error {
		_, err := a.webhooks.Change(ctx, r.account, r.params["webhook"], false, change, answer)
		return err
	}, http.StatusOK, a.shown)
}

// shown is an endpoint as it stands now.
func (a *API) shown(e webhook.Endpoint) resource { return endpointOf(e, a.book.Now()) }

// removeWebhook is DELETE /v2/account/webhooks/{webhook}. It answers with what there was.
func (a *API) removeWebhook(ctx context.Context, r *request) (reply, error) {
	if err := r.nothing(); err != nil {
		return reply{}, err
	}
	if r.dry {
		return a.rehearsed(a.readWebhook(ctx, r))
	}
	return r.written(func(answer webhook.Answer) error {
		_, err := a.webhooks.Remove(ctx, r.account, r.params["webhook"], answer)
		return err
	}, http.StatusOK, a.shown)
}

// rehearsed makes a reading the answer of a dry run.
func (a *API) rehearsed(read reply, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return validated(read), nil
}

// nothing refuses a body where none is wanted; an empty object is none.
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
	return r.written(func(answer webhook.Answer) error {
		_, err := a.webhooks.Rotate(ctx, r.account, r.params["webhook"], answer)
		return err
	}, http.StatusCreated, func(e webhook.Endpoint) resource { return withSecret(e, a.book.Now()) })
}

// pingWebhook is POST /v2/account/webhooks/{webhook}/ping: a test is delivered at once, and its delivery tells how it went.
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

// queued answers with a delivery that is to be made.
func (r *request) queued(d webhook.Delivery, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusAccepted, body: document{Data: deliveryOf(d), Links: &links{Self: r.webhookPath() + "/deliveries/" + d.ID()}}}, nil
}

func (r *request) webhookPath() string { return r.base + "/v2/account/webhooks/" + r.params["webhook"] }

// listDeliveries is GET /v2/account/webhooks/{webhook}/deliveries: newest first, by the time of the event.
func (a *API) listDeliveries(ctx context.Context, r *request) (reply, error) {
	q := r.query()
	before := ""
	limit, err := r.page(q, "after", func(v string, fs *porting.Faults) {
		id, ok := readCursor("delivery", v)
		if !ok {
			fs.Add("after", porting.BadFormat, "A cursor comes from links.next of the page before.")
		}
		before = id
	})
	if err != nil {
		return reply{}, err
	}
	found, err := a.webhooks.Deliveries(ctx, r.account, r.params["webhook"], before, limit+1)
	if err != nil {
		return reply{}, err
	}
	path := r.webhookPath() + "/deliveries"
	all, page := []resource{}, &links{Self: path + queryText(q)}
	for n, d := range found {
		if n == limit {
			page.Next = path + queryText(url.Values{"limit": {itoa(limit)}, "after": {cursorOf("delivery", found[n-1].ID())}})
			break
		}
		all = append(all, deliveryOf(d))
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: page}}, nil
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

// replayBody tells what a call queued, and from where another one goes on.
type replayBody struct {
	Queued int     `json:"queued"`
	From   string  `json:"from"`
	To     string  `json:"to"`
	Rest   *string `json:"continue_from"`
}

// replayRange is POST /v2/account/webhooks/{webhook}/replay: what of a range of time did not arrive, or all of it, is made again.
func (a *API) replayRange(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("replay")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "from", "to", "include_delivered")
	now := a.book.Now().UTC()
	from, to := time.Time{}, now
	read := func(name string, into *time.Time) bool {
		v, ok := attrs.text(&fs, name, name)
		if ok && v != "" {
			before := len(fs)
			*into = readTime(name, v, &fs).UTC()
			if year := into.Year(); len(fs) == before && (year < 1970 || year > 9999) { // what has no place among the stored instants
				fs.Add(name, porting.OutOfRange, "A time from 1970 to 9999.")
			}
			return len(fs) == before
		}
		return false
	}
	if read("to", &to); !read("from", &from) && (attrs.values["from"] == nil || attrs.values["from"] == "") {
		fs.Add("from", porting.Required, "This is required.")
	}
	all, isBool := attrs.values["include_delivered"].(bool)
	if v, there := attrs.values["include_delivered"]; there && v != nil && !isBool {
		fs.Add("include_delivered", wrongType, "This must be true or false.")
	}
	if len(fs) == 0 && !from.Before(to) {
		fs.Add("to", porting.OutOfRange, "This must be later than from.")
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	body := replayBody{From: *stamp(from), To: *stamp(to)}
	if r.dry {
		if _, err := a.readWebhook(ctx, r); err != nil {
			return reply{}, err
		}
		return validated(reply{body: document{Data: resource{Type: "replay", Attributes: body}}}), nil
	}
	n, rest, err := a.webhooks.ReplayRange(ctx, r.account, r.params["webhook"], from, to, all)
	if err != nil {
		return reply{}, err
	}
	body.Queued, body.Rest = n, stamp(rest)
	return reply{status: http.StatusAccepted, body: document{Data: resource{Type: "replay", Attributes: body}}}, nil
}
