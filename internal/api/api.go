package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// Config is what the API is wired with.
type Config struct {
	Book        *orders.Book
	Receipts    orders.Receipts
	Webhooks    *webhook.Register
	Accounts    account.Store
	Portability Portability
	Mails       Mails
	// BaseURL is what stands before /v2 in links. When it is empty, links are made from each request: a function can't
	// know its gateway's address from the template that makes both.
	BaseURL string
	// Files signs the URLs of documents' files.
	Files Files
	// AllowOrigin is the one origin whose pages may call the API from a browser; empty for none.
	AllowOrigin string
	// Limit is how often one account may call; the zero value sets none.
	Limit Limit
	// Random makes keys; nil is crypto/rand's.
	Random io.Reader
	// LOACopy is the legal text of the letter of agency. It must be what the signed letter prints: porting.LOACopy.
	LOACopy string
}

// Portability asks the peers whether numbers can be brought to us, and who has them now, for an order that may not be made yet:
// its owner says which peers are asked. The answers come in the order of tns.
type Portability interface {
	Portability(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error)
}

// Mails reads the mails about a sandbox's orders.
type Mails interface {
	// Mails reads the latest of them before a version (0 for none), oldest first, at most limit; more says that there are
	// earlier ones.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []orders.Mail, more bool, err error)
}

// API answers the customer's requests. It is safe for concurrent use.
type API struct {
	book     *orders.Book
	receipts orders.Receipts
	accounts account.Store
	peers    Portability
	kept     Mails
	files    Files
	baseURL  string
	loaCopy  string
	origin   string
	limiter  *limiter
	random   io.Reader
	webhooks *webhook.Register
}

// New wires the API.
func New(c Config) *API {
	return &API{webhooks: c.Webhooks, book: c.Book, receipts: c.Receipts, accounts: c.Accounts, peers: c.Portability, kept: c.Mails, files: c.Files, baseURL: strings.TrimSuffix(c.BaseURL, "/"), loaCopy: c.LOACopy,
		origin: c.AllowOrigin, limiter: newLimiter(c.Limit), random: c.Random}
}

// route is one row of the table. Where a name in braces stands, any segment fits: {order} and {group} are ids of ours and are
// read before the handler is called, any other name is the handler's to ask for.
type route struct {
	method string
	path   string
	handle func(*API, context.Context, *request) (reply, error)
	// changes says that it writes, and so heeds an Idempotency-Key; makes, that it makes a group.
	changes bool
	makes   bool
	// secret says that its answer shows a secret, this once: it is not kept for a repeated request.
	secret bool
}

// routes is the whole API. A literal path stands before the pattern that it fits too.
var routes = slices.Concat([]route{
	{method: "POST", path: "/v2/portorders/portability", handle: (*API).checkPortability},
	{method: "POST", path: "/v2/portorders", handle: (*API).create, changes: true, makes: true},
	{method: "GET", path: "/v2/portorders", handle: (*API).list},
	{method: "GET", path: "/v2/portorders/{order}", handle: (*API).details},
	{method: "PATCH", path: "/v2/portorders/{order}", handle: (*API).patch, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/status", handle: (*API).status},
	{method: "PATCH", path: "/v2/portorders/{order}/status", handle: (*API).patchStatus, changes: true},
	{method: "PATCH", path: "/v2/portorders/{order}/relationships/numbers", handle: (*API).changeNumbers, changes: true},
	{method: "POST", path: "/v2/portorders/{group}/numbers", handle: (*API).join, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/loa", handle: (*API).loa},
	{method: "POST", path: "/v2/portorders/{order}/loa", handle: (*API).sign, changes: true},
	{method: "POST", path: "/v2/portorders/{order}/upload_file", handle: (*API).uploadFile, changes: true},
	{method: "POST", path: "/v2/portorders/{order}/files", handle: (*API).pullFile, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/files", handle: (*API).listFiles},
	{method: "GET", path: "/v2/portorders/{order}/files/{file}", handle: (*API).file},
	{method: "GET", path: "/v2/events", handle: (*API).feed},
	{method: "GET", path: "/v2/portorders/{order}/events", handle: (*API).events},
	{method: "GET", path: "/v2/portorders/{order}/explain", handle: (*API).explain},
	{method: "POST", path: "/v2/portorders/{order}/fixes/{fix}", handle: (*API).applyFix, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/mails", handle: (*API).mails},
	{method: "GET", path: "/v2/account/webhooks", handle: (*API).listWebhooks},
	{method: "POST", path: "/v2/account/webhooks", handle: (*API).createWebhook, changes: true, secret: true},
	{method: "GET", path: "/v2/account/webhooks/{webhook}", handle: (*API).readWebhook},
	{method: "PATCH", path: "/v2/account/webhooks/{webhook}", handle: (*API).changeWebhook, changes: true},
	{method: "DELETE", path: "/v2/account/webhooks/{webhook}", handle: (*API).removeWebhook, changes: true},
	{method: "POST", path: "/v2/account/webhooks/{webhook}/secret", handle: (*API).rotateWebhook, changes: true, secret: true},
	{method: "POST", path: "/v2/account/webhooks/{webhook}/ping", handle: (*API).pingWebhook, changes: true},
	{method: "POST", path: "/v2/account/webhooks/{webhook}/replay", handle: (*API).replayRange, changes: true},
	{method: "GET", path: "/v2/account/webhooks/{webhook}/deliveries", handle: (*API).listDeliveries},
	{method: "GET", path: "/v2/account/webhooks/{webhook}/deliveries/{delivery}", handle: (*API).readDelivery},
	{method: "POST", path: "/v2/account/webhooks/{webhook}/deliveries/{delivery}/replay", handle: (*API).replayDelivery, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/comments", handle: (*API).comments},
	{method: "POST", path: "/v2/portorders/{order}/comments", handle: (*API).comment, changes: true},
	{method: "GET", path: "/v2/account", handle: (*API).account},
	{method: "GET", path: "/v2/account/balance", handle: (*API).balance},
	{method: "GET", path: "/v2/account/ledger", handle: (*API).ledger},
	{method: "GET", path: "/v2/account/contacts", handle: (*API).contacts},
	{method: "PATCH", path: "/v2/account/contacts", handle: (*API).setContacts, changes: true},
	{method: "POST", path: "/v2/account/contacts/confirm", handle: (*API).confirmContact, changes: true},
	{method: "GET", path: "/v2/account/keys", handle: (*API).keys},
	{method: "POST", path: "/v2/account/keys", handle: (*API).newKey, changes: true, secret: true},
	{method: "DELETE", path: "/v2/account/keys/{key}", handle: (*API).revokeKey, changes: true},
	{method: "POST", path: "/v2/account/keys/{key}/rotate", handle: (*API).rotateKey, changes: true, secret: true},
}, recordRoutes(account.Route), recordRoutes(account.E911), recordRoutes(account.CNAM))

// find is the row for a request, with what stood in the place of each name. What fits no row is a 404 or, with the methods that
// the path knows, a 405.
func find(method, path string) (route, map[string]string, error) {
	var known string
	var allow []string
	for _, r := range routes {
		params, ok := r.match(path)
		if !ok || known != "" && r.path != known {
			continue
		}
		if r.method == method {
			return r, params, nil
		}
		known = r.path
		allow = append(allow, r.method)
	}
	if known == "" {
		return route{}, nil, refuse(http.StatusNotFound, codeUnknownRoute, "The requested URL was not found.")
	}
	p := refuse(http.StatusMethodNotAllowed, codeMethod, "The method is not allowed for the requested URL.")
	p.header = map[string]string{"Allow": strings.Join(allow, ", ")}
	return route{}, nil, p
}

// match compares segment by segment, whatever the case (the documented curl has /LOA) and with or without a slash at the end.
func (r route) match(path string) (map[string]string, bool) {
	want, have := strings.Split(r.path, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(have) {
		return nil, false
	}
	params := map[string]string{}
	for i := range want {
		name, isName := strings.CutPrefix(want[i], "{")
		switch {
		case isName && have[i] != "":
			params[strings.TrimSuffix(name, "}")] = have[i]
		case !strings.EqualFold(want[i], have[i]):
			return nil, false
		}
	}
	return params, true
}

// reply is what a handler answers.
type reply struct {
	status int
	body   any
	header map[string]string
}

// Handle answers one request of the gateway. It never returns an error, for the gateway would show it; what goes wrong is a
// reply, a panic too.
func (a *API) Handle(ctx context.Context, in events.APIGatewayProxyRequest) (out events.APIGatewayProxyResponse, _ error) {
	began := time.Now()
	r := a.read(in)
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "request", r.id, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			out = r.answer(refuse(http.StatusInternalServerError, codeInternal, "Something went wrong on our side.").reply(r))
		}
		slog.InfoContext(ctx, "request", "request", r.id, "method", in.HTTPMethod, "route", r.route, "account", r.account,
			"order", r.order, "status", out.StatusCode, "ms", time.Since(began).Milliseconds())
	}()
	answer, err := a.serve(ctx, r)
	if err != nil {
		p := r.problem(err)
		if p.status >= http.StatusInternalServerError {
			slog.ErrorContext(ctx, "request failed", "request", r.id, "route", r.route, "order", r.order, "error", porting.Plain(err))
		}
		answer = p.reply(r)
	}
	return r.answer(answer), nil
}

func (a *API) serve(ctx context.Context, r *request) (reply, error) {
	path := sister(r.in.Path)
	if r.in.HTTPMethod == http.MethodOptions {
		return preflight(path)
	}
	if r.account == "" { // the gateway lets nobody in without; this is the second lock
		p := refuse(http.StatusUnauthorized, codeUnauthorized, "Valid credentials are required.")
		p.header = map[string]string{"WWW-Authenticate": `Basic realm="portway"`}
		return reply{}, p
	}
	if wait := a.limiter.take(r.account, a.book.Now()); wait > 0 {
		p := refuse(http.StatusTooManyRequests, codeTooMany, "The account calls too often; wait as long as Retry-After says.")
		p.header = map[string]string{"Retry-After": itoa(int(math.Ceil(wait.Seconds())))}
		return reply{}, p
	}
	row, params, err := find(r.in.HTTPMethod, path)
	if err != nil {
		return reply{}, err
	}
	r.route, r.prefix, r.params, r.secret = row.method+" "+row.path, attributes, params, row.secret
	if id, ok := params["order"]; ok {
		if !isID(id) {
			return reply{}, orders.ErrNoOrder
		}
		r.order = porting.OrderID(id)
	}
	if id, ok := params["group"]; ok {
		if !isID(id) {
			return reply{}, orders.ErrNoGroup
		}
		r.group = porting.GroupID(id)
	}
	if row.changes {
		if r.dry, err = r.validateOnly(); err != nil {
			return reply{}, err
		}
		key, err := r.key()
		if err != nil {
			return reply{}, err
		}
		if key != "" && !r.dry { // a dry run may come as often as it likes
			return a.once(ctx, r, row, key)
		}
	}
	return row.handle(a, ctx, r)
}

// isID says whether s can be an id of ours; nothing else is asked of the store.
func isID(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0 && n < 1<<53 && strconv.FormatInt(n, 10) == s
}

// maxReply is how many bytes a body may have: half of what a function may return (6 MB), in which the body is a text where each
// quote takes two bytes. Every list has a bound, so that no answer comes near it.
const maxReply = 3 << 20

// answer writes a reply for the gateway.
func (r *request) answer(a reply) events.APIGatewayProxyResponse {
	if as, ok := a.body.(asItWas); ok {
		return r.response(a, string(as))
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a.body); err != nil || body.Len() > maxReply {
		a = refuse(http.StatusInternalServerError, codeInternal, "The answer could not be written.").reply(r)
		body.Reset()
		_ = enc.Encode(a.body) // texts alone can always be written
	}
	return r.response(a, body.String())
}

func (r *request) response(a reply, body string) events.APIGatewayProxyResponse {
	header := map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store", "X-Request-Id": r.id}
	for k, v := range allow(r.origin) {
		header[k] = v
	}
	for k, v := range a.header {
		header[k] = v
	}
	return events.APIGatewayProxyResponse{StatusCode: a.status, Headers: header, Body: body}
}
