package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// request is one request of the gateway with everything that a handler needs of it. No handler changes it.
type request struct {
	in      events.APIGatewayProxyRequest
	id      string
	account porting.AccountID
	sandbox bool // the account is one
	by      porting.By
	scopes  account.Scopes // what the caller's key opens
	ranges  account.Ranges // and from where
	base    string         // stands before /v2 in links
	origin  string         // its pages may read the answer
	row     route
	params  map[string]string // the segments in the places of the row's names
	order   porting.OrderID
	group   porting.GroupID
	// dry says that nothing is to be changed.
	dry bool
	// key is the record of the request's idempotency key, where it has one.
	key *orders.Receipt
	// owner is the caller's account once it was read.
	owner *account.Account
}

// attributes is the place of the attributes in most bodies.
const attributes = "/data/attributes/"

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func (a *API) read(in events.APIGatewayProxyRequest) *request {
	r := &request{in: in, id: in.RequestContext.RequestID, base: a.baseURL, origin: a.origin}
	if !uuidForm.MatchString(r.id) {
		r.id = newUUID()
	}
	caller, _ := access.CustomerOf(in.RequestContext.Authorizer) // serve refuses a caller without an account
	r.account, r.sandbox, r.by = caller.Account, caller.Sandbox, porting.CustomerBy(caller.KeyID)
	r.scopes, r.ranges = caller.Scopes, caller.Ranges
	if r.base == "" {
		host := in.RequestContext.DomainName
		if host == "" {
			host = r.header("Host")
		}
		scheme := "https"
		if r.header("X-Forwarded-Proto") == "http" {
			scheme = "http"
		}
		r.base = scheme + "://" + host
		if stage, ok := strings.CutSuffix(in.RequestContext.Path, in.Path); ok { // the gateway's own path has the stage before ours
			r.base += strings.TrimSuffix(stage, "/")
		}
	}
	return r
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// header returns a header by its name in any case.
func (r *request) header(name string) string {
	for k, v := range r.in.Headers {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	for k, v := range r.in.MultiValueHeaders {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// maxBody is how large a body may be.
const maxBody = 1 << 20

// raw returns the body as it was sent.
func (r *request) raw() (string, error) {
	tooLarge := refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "The body is too large. Send at most 1 MB.")
	if !r.in.IsBase64Encoded {
		if len(r.in.Body) > maxBody {
			return "", tooLarge
		}
		return r.in.Body, nil
	}
	if base64.StdEncoding.DecodedLen(len(r.in.Body)) > maxBody+3 {
		return "", tooLarge
	}
	body, err := base64.StdEncoding.DecodeString(r.in.Body)
	if err != nil {
		return "", malformed("The body cannot be decoded from base64.")
	}
	if len(body) > maxBody {
		return "", tooLarge
	}
	return string(body), nil
}

// mediaType returns the kind of the body. Without a Content-Type it is JSON.
func (r *request) mediaType() string {
	value := r.header("Content-Type")
	if strings.TrimSpace(value) == "" {
		return jsonType
	}
	kind, _, err := mime.ParseMediaType(value)
	if err != nil {
		return "unreadable"
	}
	return kind
}

const (
	jsonType    = "application/json"
	jsonAPIType = "application/vnd.api+json" // the numbers pages send it
	formType    = "application/x-www-form-urlencoded"
	textType    = "text/plain"
	csvType     = "text/csv"
)

var notJSON = refuse(http.StatusUnsupportedMediaType, codeMediaType, "Send the body as application/json.")

// object reads the body as a JSON object.
func (r *request) object() (object, error) {
	body, err := r.raw()
	if err != nil {
		return object{}, err
	}
	if kind := r.mediaType(); kind != jsonType && kind != jsonAPIType {
		return object{}, notJSON
	}
	return readObject(body)
}

// document reads the attributes of a body in the wire's wrapper, {"data": {"type", "attributes"}}. The type may be left
// out, as in the documented cancel. The faults are those of the wrapper. A body with a signature is refused where the
// caller's key may not sign.
func (r *request) document(kind string) (object, porting.Faults, error) {
	var fs porting.Faults
	doc, err := r.object()
	if err != nil {
		return object{}, nil, err
	}
	doc.expect(&fs, "", "data")
	data, err := doc.child("", "data")
	if err != nil {
		return object{}, nil, err
	}
	data.expect(&fs, "/data", "type", "id", "attributes")
	attrs, err := data.child("/data", "attributes")
	if err != nil {
		return object{}, nil, err
	}
	if slices.ContainsFunc(attrs.names, isSignature) {
		if err := r.may(account.ScopeSign); err != nil {
			return object{}, nil, err
		}
	}
	if got, ok := data.text(&fs, "/data/type", "type"); ok && got != kind {
		fs.Add("/data/type", porting.NotAllowed, "Send the type "+kind+".")
	}
	if got, ok := data.text(&fs, "/data/id", "id"); ok && got != cmp.Or(string(r.order), r.params["webhook"]) {
		fs.Add("/data/id", porting.NotAllowed, "Leave the id out, or send the one in the URL.")
	}
	return attrs, fs, nil
}

// isSignature says whether the attribute is a part of a signature.
func isSignature(name string) bool { return strings.HasPrefix(name, "signature_") }

// mine reads the order of the URL.
func (r *request) mine(ctx context.Context, b *orders.Book) (porting.Order, error) {
	return b.Mine(ctx, r.account, r.order)
}

// decision is the command that a body asks for, with the faults of the body. Without a command nothing is to be done.
type decision struct {
	command porting.Command
	faults  porting.Faults
}

// change gives the order of the URL a command, which decide makes from the order. The answer is show's reply, made from
// the changed order and its latest comments, at most as many as are wanted. Faults of the body and those that the domain
// finds in the command are told together.
func (a *API) change(ctx context.Context, r *request, comments int, decide func(porting.Order) (decision, error),
	show func(orders.Plan) (reply, error)) (reply, error) {
	return orders.Retry(func(int) (reply, error) {
		plan, err := a.book.Plan(ctx, r.order, comments, func(o porting.Order) (porting.Command, error) {
			if o.Account != r.account {
				return nil, orders.ErrNoOrder
			}
			if err := r.fits(o); err != nil {
				return nil, err
			}
			d, err := decide(o)
			if err != nil || len(d.faults) == 0 {
				return d.command, err
			}
			if d.command == nil {
				return nil, d.faults.Err()
			}
			return nil, together(d.faults, a.book.Try(o, d.command))
		})
		if err != nil {
			return reply{}, r.towardsChanges(err)
		}
		out, err := show(plan)
		switch {
		case err != nil:
			return reply{}, err
		case r.dry:
			return validated(out), a.book.HeldByOwn(ctx, plan.Takes())
		case len(plan.Events) == 0:
			return out, nil
		}
		return r.commit(out, func(receipt *orders.Receipt) error {
			plan.Receipt = receipt
			return a.book.Commit(ctx, plan.Change)
		})
	})
}

// commit writes what a call does, and with it the answer where the request has an idempotency key.
func (r *request) commit(out reply, write func(*orders.Receipt) error) (reply, error) {
	if err := write(r.receipt(out)); err != nil {
		return reply{}, err
	}
	out.kept = r.key != nil
	return out, nil
}

// validateOnly reads the parameter of a dry run. A value that is neither true nor false is refused: it must not become
// a real run.
func (r *request) validateOnly() (bool, error) { return r.yes("validate_only") }

// yes reads a parameter that is true or false; one that is not there is false.
func (r *request) yes(name string) (bool, error) {
	values := r.query()[name]
	if len(values) == 1 && values[0] == "true" {
		return true, nil
	}
	if len(values) == 0 || len(values) == 1 && values[0] == "false" {
		return false, nil
	}
	p := refuse(http.StatusUnprocessableEntity, errorCode(porting.BadFormat), name+": Give true or false.")
	p.entries[0].parameter = name
	return false, p
}

// validated makes the answer of a dry run from that of a real one: the same body, and the mark that nothing was
// changed.
func validated(a reply) reply {
	doc, _ := a.body.(document)
	var about meta
	if doc.Meta != nil {
		about = *doc.Meta
	}
	about.Validated = true
	doc.Meta = &about
	return reply{status: http.StatusOK, body: doc}
}

// whole answers a change with the whole order.
func (a *API) whole(r *request, status int, known func() (intake, error)) func(orders.Plan) (reply, error) {
	return func(p orders.Plan) (reply, error) {
		var in intake
		if showsReadiness(p.After.Status) {
			var err error
			if in, err = known(); err != nil {
				return reply{}, err
			}
		}
		return a.orderReply(r, status, p.After, p.Comments, in).warn(a.dayWarnings(p.After)...), nil
	}
}

// fits refuses the call if If-Match names another version of the order.
func (r *request) fits(o porting.Order) error {
	if r.expects(o.Version) {
		return nil
	}
	return refuse(http.StatusPreconditionFailed, codePrecondition,
		"The order has changed since the version that If-Match names. Read it again.")
}

// expects says whether If-Match, when there is one, names this version.
func (r *request) expects(version int64) bool {
	want := r.header("If-Match")
	if strings.TrimSpace(want) == "" {
		return true
	}
	for tag := range strings.SplitSeq(want, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || tag == etag(version) {
			return true
		}
	}
	return false
}

func etag(version int64) string { return fmt.Sprintf(`"%d"`, version) }

// page is the part of a list that a call asks for: how many entries, and from which place. The place is empty at the
// beginning.
type page struct {
	limit int
	place string
}

// page reads the parameters of a page: limit, which is size if the call has none, and the named parameter, whose value
// read turns into the place. Any other parameter is a fault.
func (r *request) page(size int, name string, read func(value string, fs *porting.Faults) string) (page, error) {
	p := page{limit: size}
	var fs porting.Faults
	q := r.query()
	for _, n := range names(q) {
		switch values := q[n]; {
		case n != "limit" && n != name:
			fs.Add(escape(n), porting.Unknown, "There is no such parameter.")
		case len(values) > 1:
			fs.Add(n, porting.Duplicate, "Give this parameter once only.")
		case n == "limit":
			p.limit = readCount(n, values[0], 1, maxLimit, &fs)
		case values[0] != "":
			p.place = read(values[0], &fs)
		}
	}
	return p, fs.Err()
}

// cursors reads the cursors of a kind; fits says whether the place of one can be there.
func cursors(name, kind string, fits func(place string) bool) func(string, *porting.Faults) string {
	return func(value string, fs *porting.Faults) string {
		place, ok := readCursor(kind, value)
		if !ok || !fits(place) {
			fs.Add(name, porting.BadFormat, "Give a cursor from links.next of the page before.")
		}
		return place
	}
}
