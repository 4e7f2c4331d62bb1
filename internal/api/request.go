package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// request is one request of the gateway with what the handlers ask of it.
type request struct {
	in      events.APIGatewayProxyRequest
	id      string
	account porting.AccountID
	sandbox bool // the account is one
	by      porting.By
	base    string // what stands before /v2 in links
	origin  string // whose pages may read the answer
	route   string
	params  map[string]string // what stands in the route's names
	order   porting.OrderID
	group   porting.GroupID
	// prefix stands before a fault's field in its pointer.
	prefix string
	// numbers are the telephone numbers of the body, to be named in a conflict.
	numbers []sent
	// receipt is the record of the request's idempotency key, where it has one; kept says that it is written.
	receipt *orders.Receipt
	kept    bool
	// dry says that nothing is to be changed.
	dry bool
	// secret says that the answer shows a secret.
	secret bool
}

// attributes is where most bodies have their attributes.
const attributes = "/data/attributes/"

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

func (a *API) read(in events.APIGatewayProxyRequest) *request {
	r := &request{in: in, id: in.RequestContext.RequestID, base: a.baseURL, origin: a.origin}
	if !uuidForm.MatchString(r.id) {
		r.id = newUUID()
	}
	owner, _ := in.RequestContext.Authorizer["account"].(string)
	r.account = porting.AccountID(owner)
	r.sandbox = in.RequestContext.Authorizer["kind"] == string(account.Sandbox)
	r.by = porting.By{Role: porting.Customer, Name: owner}
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

// header is a header by its name in any case.
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

// raw is the body as it was sent.
func (r *request) raw() (string, error) {
	tooLarge := refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "A body has at most 1 MB.")
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
		return "", malformed("The body could not be decoded.")
	}
	if len(body) > maxBody {
		return "", tooLarge
	}
	return string(body), nil
}

// mediaType is the kind of the body; nothing said is JSON.
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
)

var notJSON = refuse(http.StatusUnsupportedMediaType, codeMediaType, "Send the body as application/json.")

// object is the JSON object that is the body.
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

// document is the attributes of a body in the wire's wrapper, {"data": {"type", "attributes"}}. The type may be left out (the
// documented cancel does). What is wrong around the attributes is among the faults.
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
	if got, ok := data.text(&fs, "/data/type", "type"); ok && got != kind {
		fs.Add("/data/type", porting.NotAllowed, "The type is "+kind+".")
	}
	if got, ok := data.text(&fs, "/data/id", "id"); ok && got != cmp.Or(string(r.order), r.params["webhook"]) {
		fs.Add("/data/id", porting.NotAllowed, "An id is given by us; in a change it is the one in the URL.")
	}
	return attrs, fs, nil
}

// mine reads the order of the URL.
func (r *request) mine(ctx context.Context, b *orders.Book) (porting.Order, error) {
	return b.Mine(ctx, r.account, r.order)
}

// answer makes the reply to a change from the order as it becomes.
type answer struct {
	// comments is how many of the order's latest comments the reply shows; no more are read.
	comments int
	reply    func(porting.Order, orders.Found) reply
}

// showing is an answer that shows no comments.
func showing(show func(porting.Order) reply) answer {
	return answer{reply: func(o porting.Order, _ orders.Found) reply { return show(o) }}
}

// change gives the order of the URL one command, made from the order as it is read, and answers with what it becomes.
func (r *request) change(ctx context.Context, b *orders.Book, decide func(porting.Order) (porting.Command, error),
	answer answer) (reply, error) {
	guarded := func(o porting.Order) (porting.Command, error) {
		if o.Account != r.account {
			return nil, orders.ErrNoOrder
		}
		if !r.expects(o.Version) {
			return nil, refuse(http.StatusPreconditionFailed, codePrecondition,
				"The order is no longer the one that If-Match names; read it again.")
		}
		return decide(o)
	}
	if r.dry {
		o, comments, err := b.Rehearse(ctx, r.order, answer.comments, guarded)
		if err != nil {
			return reply{}, err
		}
		return validated(answer.reply(o, comments)), nil
	}
	var out reply
	done, err := b.Revise(ctx, r.order, answer.comments, guarded, func(o porting.Order, comments orders.Found) *orders.Receipt {
		out = answer.reply(o, comments)
		return r.keep(out)
	})
	if err != nil {
		return reply{}, err
	}
	r.kept = done
	return out, nil
}

// validateOnly is the parameter of a dry run. What is neither yes nor no is refused: it must not become a real run.
func (r *request) validateOnly() (bool, error) {
	values := r.query()["validate_only"]
	if len(values) == 1 && values[0] == "true" {
		return true, nil
	}
	if len(values) == 0 || len(values) == 1 && values[0] == "false" {
		return false, nil
	}
	p := refuse(http.StatusUnprocessableEntity, errorCode(porting.BadFormat), "validate_only: true or false.")
	p.entries[0].parameter = "validate_only"
	return false, p
}

// validated makes the answer of a real run that of a dry one: the same body, and the word that nothing was changed.
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

// withOrder answers a change with the whole order.
func (a *API) withOrder(r *request, status int) answer {
	return answer{latest, func(o porting.Order, comments orders.Found) reply { return a.whole(r, status, o, comments) }}
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

// page reads limit and the parameter that says where to go on, and refuses anything else.
func (r *request) page(q url.Values, place string, read func(string, *porting.Faults)) (limit int, _ error) {
	return r.pageOf(pageSize, q, place, read)
}

// pageOf is page for a list whose pages have that size unless another limit is asked for.
func (r *request) pageOf(size int, q url.Values, place string, read func(string, *porting.Faults)) (limit int, _ error) {
	r.prefix = ""
	limit = size
	var fs porting.Faults
	for _, name := range names(q) {
		switch values := q[name]; {
		case name != "limit" && name != place:
			fs.Add(escape(name), porting.Unknown, "There is no such parameter.")
		case len(values) > 1:
			fs.Add(name, porting.Duplicate, "This can be given once only.")
		case name == "limit":
			limit = readCount(name, values[0], 1, maxLimit, &fs)
		case values[0] != "":
			read(values[0], &fs)
		}
	}
	return limit, fs.Err()
}
