package api

import (
	"bytes"
	"cmp"
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
	"portway/internal/carrier"
	"portway/internal/link"
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
	// Carriers is what is known of losing carriers; nil is the built-in table alone.
	Carriers Carriers
	// BaseURL stands before /v2 in links. When it is empty, links are made from each request: a function can't know the
	// address of its gateway from the template that makes both.
	BaseURL string
	// Links makes links to orders' pages, and Pages is the address before /p/ in them.
	Links *link.Maker
	Pages string
	// Files signs the URLs of documents' files.
	Files Files
	// AllowOrigin is the one origin whose pages may call the API from a browser; empty for none.
	AllowOrigin string
	// Limit is how often one account may call; the zero value sets none.
	Limit Limit
	// Random makes keys; nil is crypto/rand's.
	Random io.Reader
}

// Portability asks the peers whether numbers can be brought to us, and who has them now, for an order that need not
// exist: its owner says which peers are asked. The answers come in the order of tns.
type Portability interface {
	Portability(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error)
}

// Mails reads the mails about a sandbox's orders.
type Mails interface {
	// Mails reads the latest of them before a version (0 for none), oldest first, at most limit; more says that there
	// are earlier ones.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []orders.Mail, more bool, err error)
	// SentMails does the same for mails that were sent, before a place (empty for none).
	SentMails(ctx context.Context, id porting.OrderID, before string, limit int) (all []orders.SentMail, more bool, err error)
}

// API answers the customer's requests. It is safe for concurrent use.
type API struct {
	book     *orders.Book
	receipts orders.Receipts
	accounts account.Store
	peers    Portability
	kept     Mails
	files    Files
	links    *link.Maker
	pages    string
	baseURL  string
	origin   string
	limiter  *limiter
	random   io.Reader
	webhooks *webhook.Register
	// profiles tells what is known of losing carriers.
	profiles Carriers
}

// New wires the API.
func New(c Config) *API {
	if c.Carriers == nil {
		c.Carriers = &carrier.Registry{Store: &carrier.Memory{}, Now: time.Now}
	}
	return &API{
		profiles: c.Carriers,
		book:     c.Book, receipts: c.Receipts, accounts: c.Accounts, webhooks: c.Webhooks, peers: c.Portability, kept: c.Mails, files: c.Files,
		links: c.Links, pages: strings.TrimSuffix(c.Pages, "/"),
		baseURL: strings.TrimSuffix(c.BaseURL, "/"), origin: c.AllowOrigin, limiter: newLimiter(c.Limit), random: c.Random,
	}
}

// route is one row of the table. A name in braces fits any segment. {order} and {group} are ids of ours, which are read
// before the handler is called; the handler asks for any other by its name.
type route struct {
	method string
	path   string
	handle func(*API, context.Context, *request) (reply, error)
	// changes says that the call writes, and so takes an Idempotency-Key.
	changes bool
	// carriers says that the call tells of losing carriers.
	carriers bool
	// makes says that the call makes a group.
	makes bool
	// secret says that the answer shows a secret, this once: it is not kept for a repeated request.
	secret bool
	// each is the path of the call that this one carries out for each order of a group.
	each string
	// bare says that the body has its attributes at the top, without {"data": {"attributes"}} around them.
	bare bool
}

// scope returns the scope that the call needs. A call that signs by its body needs the scope sign too, which
// [request.document] checks.
func (r route) scope() account.Scope {
	switch {
	case !r.changes: // the check of portability is a POST that changes nothing
		return account.ScopeRead
	case strings.HasPrefix(r.path, "/v2/account"):
		return account.ScopeAdmin
	case cmp.Or(r.each, r.path) == "/v2/portorders/{order}/loa":
		return account.ScopeSign
	}
	return account.ScopeOrder
}

// may refuses a call for which the caller's key lacks the scope.
func (r *request) may(one account.Scope) error {
	if !r.scopes.Has(one) {
		return account.LacksScope(one)
	}
	return nil
}

func (r route) String() string { return strings.TrimSpace(r.method + " " + r.path) }

// pointer returns the JSON Pointer of a field of the body.
func (r route) pointer(field string) string {
	switch {
	case strings.HasPrefix(field, "/"):
		return field
	case r.bare:
		return "/" + field
	}
	return attributes + field
}

// routes are all calls of the API. A literal path stands before a pattern that fits it too.
var routes = slices.Concat([]route{
	{method: "POST", path: "/v2/portorders/portability", handle: (*API).checkPortability, bare: true, carriers: true},
	{method: "POST", path: "/v2/portorders", handle: (*API).create, changes: true, makes: true},
	{method: "POST", path: "/v2/portorders/sheet", handle: (*API).createSheet, changes: true, makes: true},
	{method: "GET", path: "/v2/portorders", handle: (*API).list},
	{method: "GET", path: "/v2/portorders/{order}", handle: (*API).details},
	{method: "PATCH", path: "/v2/portorders/{order}", handle: (*API).patch, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/dates", handle: (*API).listDays},
	{method: "GET", path: "/v2/portorders/{order}/status", handle: (*API).status},
	{method: "PATCH", path: "/v2/portorders/{order}/status", handle: (*API).patchStatus, changes: true},
	{method: "PATCH", path: "/v2/portorders/{order}/relationships/numbers", handle: (*API).changeNumbers, changes: true, bare: true},
	{method: "POST", path: "/v2/portorders/{group}/numbers", handle: (*API).join, changes: true, bare: true},
	{method: "GET", path: "/v2/portorders/{order}/loa", handle: (*API).loa},
	{method: "POST", path: "/v2/portorders/{order}/loa", handle: (*API).sign, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/disputes", handle: (*API).listDisputes},
	{method: "POST", path: "/v2/portorders/{order}/disputes", handle: (*API).openDispute, changes: true},
	{method: "POST", path: "/v2/portorders/{order}/upload_file", handle: (*API).uploadFile, changes: true, bare: true},
	{method: "POST", path: "/v2/portorders/{order}/files", handle: (*API).pullFile, changes: true, bare: true},
	{method: "GET", path: "/v2/portorders/{order}/files", handle: (*API).listFiles},
	{method: "GET", path: "/v2/portorders/{order}/files/{file}", handle: (*API).file},
	{method: "GET", path: "/v2/events", handle: (*API).feed},
	{method: "GET", path: "/v2/portorders/{order}/events", handle: (*API).events},
	{method: "GET", path: "/v2/portorders/{order}/explain", handle: (*API).explain},
	{method: "POST", path: "/v2/portorders/{order}/fixes/{fix}", handle: (*API).applyFix, changes: true},
	{method: "POST", path: "/v2/portorders/{order}/changes", handle: (*API).askChange, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/changes", handle: (*API).listChanges},
	{method: "GET", path: "/v2/portorders/{order}/changes/{change}", handle: (*API).readChange},
	{method: "POST", path: "/v2/portorders/{order}/extend", handle: (*API).extend, changes: true},
	{method: "POST", path: "/v2/portorders/{order}/reopen", handle: (*API).reopen, changes: true},
	{method: "GET", path: "/v2/portorders/{order}/mails", handle: (*API).mails},
	{method: "GET", path: "/v2/portorders/{order}/links", handle: (*API).listLinks},
	{method: "POST", path: "/v2/portorders/{order}/links", handle: (*API).createLink, changes: true, secret: true},
	{method: "DELETE", path: "/v2/portorders/{order}/links/{link}", handle: (*API).revokeLink, changes: true},
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
	{method: "POST", path: "/v2/portorders/{order}/snapback", handle: (*API).snapback, changes: true},
	{method: "GET", path: "/v2/carriers", handle: (*API).carriers, carriers: true},
	{method: "GET", path: "/v2/carriers/{carrier}", handle: (*API).carrier, carriers: true},
	{method: "GET", path: "/v2/account", handle: (*API).account},
	{method: "PATCH", path: "/v2/account", handle: (*API).setAccount, changes: true},
	{method: "GET", path: "/v2/account/balance", handle: (*API).balance},
	{method: "GET", path: "/v2/account/ledger", handle: (*API).ledger},
	{method: "GET", path: "/v2/account/contacts", handle: (*API).contacts},
	{method: "PATCH", path: "/v2/account/contacts", handle: (*API).setContacts, changes: true},
	{method: "POST", path: "/v2/account/contacts/confirm", handle: (*API).confirmContact, changes: true},
	{method: "GET", path: "/v2/account/keys", handle: (*API).keys},
	{method: "POST", path: "/v2/account/keys", handle: (*API).newKey, changes: true, secret: true},
	{method: "DELETE", path: "/v2/account/keys/{key}", handle: (*API).revokeKey, changes: true},
	{method: "POST", path: "/v2/account/keys/{key}/rotate", handle: (*API).rotateKey, changes: true, secret: true},
}, togetherRoutes, recordRoutes(account.Route), recordRoutes(account.E911), recordRoutes(account.CNAM))

// find returns the row for a request, and the segments that stand in the places of its names. A request that fits no
// row is a 404 or, where the path has other methods, a 405 that lists them.
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
		return route{}, nil, refuse(http.StatusNotFound, codeUnknownRoute, "The requested URL was not found.") // the documented words (C-GO)
	}
	p := refuse(http.StatusMethodNotAllowed, codeMethod, "The method is not allowed for the requested URL.") // the documented words (C-PHP)
	p.header = map[string]string{"Allow": strings.Join(allow, ", ")}
	return route{}, nil, p
}

// match compares the segments of a path with those of a row. Case does not count (the documented curl has /LOA), nor does
// a slash at the end.
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
	// kept says that the answer was written, for a repeated request, in the transaction that did what it tells.
	kept bool
}

// Handle answers one request of the gateway. It never returns an error, which the gateway would show: an error is a
// reply, and so is a panic.
func (a *API) Handle(ctx context.Context, in events.APIGatewayProxyRequest) (out events.APIGatewayProxyResponse, _ error) {
	began := time.Now()
	r := a.read(in)
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "request", r.id, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			out = r.answer(refuse(http.StatusInternalServerError, codeInternal, sorry).reply(r))
		}
		slog.InfoContext(ctx, "request", "request", r.id, "method", in.HTTPMethod, "route", r.row.String(), "account", r.account,
			"key_id", r.by.Name, "order", r.order, "status", out.StatusCode, "ms", time.Since(began).Milliseconds())
	}()
	answer, err := a.serve(ctx, r)
	if err != nil {
		p := r.problem(err)
		if p.status >= http.StatusInternalServerError {
			slog.ErrorContext(ctx, "request failed", "request", r.id, "route", r.row.String(), "key_id", r.by.Name,
				"order", r.order, "error", porting.Plain(err))
		}
		answer = p.reply(r)
	}
	return r.answer(answer), nil
}

// sorry is the customer's text for a failure on our side. The log has the cause.
const sorry = "Something went wrong on our side. Try again, or send us the id of this answer."

func (a *API) serve(ctx context.Context, r *request) (reply, error) {
	path := sister(r.in.Path)
	if r.in.HTTPMethod == http.MethodOptions {
		return preflight(path)
	}
	if r.account == "" { // the gateway lets no peer and nobody without an account in; this is the second lock
		return reply{}, unauthorized()
	}
	if wait := a.limiter.take(r.account, a.book.Now()); wait > 0 {
		p := refuse(http.StatusTooManyRequests, codeTooMany, "The account sends too many requests. Wait as many seconds as the header Retry-After says.")
		p.header = map[string]string{"Retry-After": itoa(int(math.Ceil(wait.Seconds())))}
		return reply{}, p
	}
	if !r.ranges.Contain(r.in.RequestContext.Identity.SourceIP) { // the gateway may know the key's credentials from another address
		slog.InfoContext(ctx, "credentials refused", "code", porting.Forbidden, "account", r.account, "key_id", r.by.Name,
			"address", r.in.RequestContext.Identity.SourceIP)
		return reply{}, unauthorized()
	}
	row, params, err := find(r.in.HTTPMethod, path)
	if err != nil {
		return reply{}, err
	}
	r.row, r.params = row, params
	if err := r.may(row.scope()); err != nil {
		return reply{}, err
	}
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
	if row.each != "" {
		return a.eachOrder(ctx, r)
	}
	if row.changes || row.carriers {
		a.profiles.Refresh(ctx)
	}
	if row.changes {
		if r.dry, err = r.validateOnly(); err != nil {
			return reply{}, err
		}
		key, err := r.idempotencyKey()
		if err != nil {
			return reply{}, err
		}
		if key != "" && !r.dry { // a dry run may come as often as it likes
			return a.once(ctx, r, key)
		}
	}
	return row.handle(a, ctx, r)
}

// unauthorized refuses a caller without credentials that open.
func unauthorized() *problem {
	p := refuse(http.StatusUnauthorized, codeUnauthorized, "The access key or the secret key is wrong, or none was sent. Send both by HTTP Basic.")
	p.header = map[string]string{"WWW-Authenticate": `Basic realm="portway"`}
	return p
}

// isID reports whether s has the form of our ids. A text of another form is never looked up.
func isID(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0 && n < 1<<53 && strconv.FormatInt(n, 10) == s
}

// maxReply is how many bytes a body may have: half of the 6 MB that a function may return, since each quote of the body
// takes two bytes there. Every list has a bound, so that no answer comes near it.
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
		a = refuse(http.StatusInternalServerError, codeInternal, sorry).reply(r)
		body.Reset()
		_ = enc.Encode(a.body) // texts alone can always be written
	}
	return r.response(a, body.String())
}

func (r *request) response(a reply, body string) events.APIGatewayProxyResponse {
	header := map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store", "X-Request-Id": r.id,
		"Strict-Transport-Security": "max-age=31536000", "X-Content-Type-Options": "nosniff"}
	for k, v := range allow(r.origin) {
		header[k] = v
	}
	for k, v := range a.header {
		header[k] = v
	}
	return events.APIGatewayProxyResponse{StatusCode: a.status, Headers: header, Body: body}
}
