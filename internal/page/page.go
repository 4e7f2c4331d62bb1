// Package page answers the requests of the page of a port order, which a person opens by a link, without an account. The
// page says how the order stands, and has the one thing that is wanted of the person now: sign, correct, upload, choose a
// day. [Page.Handle] answers one request of the gateway; start reading there. status.go makes the page itself, and each
// further screen has a file of its own. Sentences are written in English where they are said (sheet.Say) or in words.go, and
// translated by es.txt and fr.txt.
//
// A form becomes the same command as a call of the API, in the role of the customer. A GET changes nothing, since mail
// scanners follow links. A POST needs a token of its form, and acts of weight need a mailed code (package link).
//
// The package knows orders, links and accounts. It knows no peer, no state machine and no table.
package page

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/bucket"
	"portway/internal/carrier"
	"portway/internal/link"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Config is what the page is wired with.
type Config struct {
	Book   *orders.Book
	Links  *link.Maker
	Visits Visits
	// Accounts reads the balance, which a signature needs, and how the account's pages look.
	Accounts Accounts
	Carriers Carriers
	Files    Files
	Post     Post
	// URL is the address before /p/ that mails show; empty where it is the request's own.
	URL string
	// Bucket is the origin to which files are uploaded.
	Bucket string
	Random io.Reader
}

// Visits reads what a link opens.
type Visits interface {
	// ViewByLink reads a link of an order, the order, and its latest comments: one call. The error is link.ErrNoLink where
	// there is no such link, or no such order.
	ViewByLink(ctx context.Context, order porting.OrderID, id string, comments int) (link.Link, porting.Order, orders.Found, error)
}

// Accounts reads accounts.
type Accounts interface {
	Account(ctx context.Context, id porting.AccountID) (account.Account, error)
}

// Carriers is what is known of losing carriers.
type Carriers interface {
	Refresh(ctx context.Context)
	Directory() carrier.Directory
}

// Files signs what a browser needs to bring and to fetch the file of a document.
type Files interface {
	// Form signs the fields of a form by which one file may be uploaded to the key for that long. The browser is sent to
	// back once the file is there.
	Form(ctx context.Context, key, back string, life time.Duration) (bucket.Form, error)
	// Download lets the file at the key be fetched for that long, to be saved under the name.
	Download(ctx context.Context, key, name string, life time.Duration) (string, error)
}

// Post mails a person.
type Post interface {
	Mail(ctx context.Context, to, subject, text, html string) error
}

// Page answers requests. It is safe for concurrent use.
type Page struct{ Config }

// New wires the page.
func New(c Config) *Page { return &Page{c} }

// visit is one request by a link that opens its order.
type visit struct {
	*Page
	sheet
	in       events.APIGatewayProxyRequest
	token    link.Token
	link     link.Link
	order    porting.Order
	account  account.Account // zero where it is not known
	comments []porting.Event
	now      time.Time
	rest     string         // what follows the token in the path
	zone     *time.Location // of the order's numbers
	form     url.Values
	session  bool
	cookie   string // the secret of the session's cookie
}

// reply is an answer. A redirect leads to a path of ours, or to a signed URL of the bucket.
type reply struct {
	status   int
	html     []byte
	style    string // the account's own, which the policy lets stand in the page
	redirect string
	cookie   string
	language porting.Language // it is kept in a cookie
	file     []byte           // a calendar, in place of the HTML
}

// screen is one row of the page: the verb that it needs, how it is shown, and what its form does. A screen may need the code
// though its verb does not.
type screen struct {
	verb link.Verb
	code bool
	from string // the screen whose form sends here, where this one shows nothing
	get  func(context.Context, *visit) (reply, error)
	post func(context.Context, *visit) (reply, error)
}

func (s screen) needsCode() bool { return s.code || s.verb.Weighty() }

// screens are all screens by the segment of the path that names them. It is a function, since the screens name each other.
func screens() map[string]screen {
	return map[string]screen{
		"":         {verb: link.See, get: showStatus},
		"print":    {verb: link.See, get: showStatus},
		"code":     {verb: link.See, get: showCode, post: takeCode},
		"mail":     {verb: link.See, post: mailCode},
		"comment":  {verb: link.Comment, post: takeComment},
		"sign":     {verb: link.Sign, get: showSign, post: takeSignature},
		"correct":  {verb: link.Correct, get: showCorrect, post: takeCorrection},
		"upload":   {verb: link.Upload, get: showUpload, post: takeUpload},
		"date":     {verb: link.Date, get: showDate, post: takeDate},
		"cancel":   {verb: link.Cancel, get: showCancel, post: takeCancel},
		"back":     {verb: link.Cancel, get: showBack, post: takeBack},
		"settings": {verb: link.See, get: showSettings, post: takeSettings},
		"replace":  {verb: link.See, code: true, from: "settings", post: takeReplace},
		"group":    {verb: link.See, code: true, get: showGroup, post: takeGroup},
		"sign-all": {verb: link.Sign, get: showSignAll, post: takeSignatures},
		"file":     {verb: link.See, code: true, get: fetchFile}, // a bill has the account's number
		"date.ics": {verb: link.See, get: fetchCalendar},
	}
}

// errNothing answers a link that opens nothing and a path that does not exist, alike.
var errNothing = errors.New("the link opens nothing")

// errChanged answers a form that was made for an earlier version of the order.
var errChanged = porting.Errorf(porting.Stale, "The order has changed since you opened this page. Look at it again before you go on.")

// Handle answers one request of the gateway. It never returns an error: an error is a page, and so is a panic.
func (p *Page) Handle(ctx context.Context, in events.APIGatewayProxyRequest) (out events.APIGatewayProxyResponse, _ error) {
	began, name, v := time.Now(), "none", &visit{Page: p}
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, "panic", "type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			out = p.answer(in, reply{status: http.StatusInternalServerError, html: p.sheetOf(in).trouble(in.HTTPMethod == http.MethodPost)})
		}
		slog.InfoContext(ctx, "page", "method", in.HTTPMethod, "screen", name, "link", v.link.ID, "order", v.order.ID,
			"status", out.StatusCode, "ms", time.Since(began).Milliseconds())
	}()
	r, err := p.serve(ctx, in, v, &name)
	switch {
	case errors.Is(err, errNothing):
		r = reply{status: http.StatusNotFound, html: p.sheetOf(in).gone()}
	case err != nil && v.link.ID != "" && isRefusal(err):
		r, err = v.refused(err)
	}
	if err != nil && !errors.Is(err, errNothing) {
		slog.ErrorContext(ctx, "page failed", "screen", name, "link", v.link.ID, "order", v.order.ID, "error", porting.Plain(err))
		r = reply{status: http.StatusInternalServerError, html: p.sheetOf(in).trouble(in.HTTPMethod == http.MethodPost)}
	}
	return p.answer(in, r), nil
}

// isRefusal says that the error is a refusal of the domain, whose text is for the person.
func isRefusal(err error) bool {
	var e *porting.Error
	return errors.As(err, &e)
}

func (p *Page) serve(ctx context.Context, in events.APIGatewayProxyRequest, v *visit, name *string) (reply, error) {
	token, rest := tokenOf(in.Path)
	posts := in.HTTPMethod == http.MethodPost
	if !posts && in.HTTPMethod != http.MethodGet && in.HTTPMethod != http.MethodHead {
		return reply{}, errNothing
	}
	if posts && rest == "renew" {
		*name = "renew"
		return p.remind(ctx, in, token)
	}
	first, _, _ := strings.Cut(rest, "/")
	s, ok := screens()[first]
	if !ok || rest != first && first != "file" || posts && s.post == nil || !posts && s.get == nil {
		return reply{}, errNothing
	}
	*name = first
	opened, err := p.open(ctx, in, token, rest)
	if err != nil {
		return reply{}, err
	}
	*v = *opened
	switch {
	case !v.link.Allows(s.verb, v.order, v.now):
		return reply{}, errNothing
	case posts && !v.ours(first):
		return v.message(http.StatusForbidden, v.Say("We could not take this form"), v.Say("The form did not come from this page, or the page "+
			"was open for too long. Open the page again, and send the form once more."))
	case s.needsCode() && !v.session:
		return v.toCode(cmp.Or(s.from, rest)), nil
	case posts:
		return s.post(ctx, v)
	}
	return s.get(ctx, v)
}

// tokenOf parts a path into the token and what follows it.
func tokenOf(path string) (token, rest string) {
	path, _ = strings.CutPrefix(path, "/p/")
	token, rest, _ = strings.Cut(path, "/")
	return token, strings.TrimSuffix(rest, "/")
}

// open reads the link of a token with its order, and the account: two calls of the store. The error is errNothing for every token that
// opens nothing, whatever the cause.
func (p *Page) open(ctx context.Context, in events.APIGatewayProxyRequest, text, rest string) (*visit, error) {
	token, ok := link.ParseToken(text)
	if !ok {
		return nil, errNothing
	}
	l, o, found, err := p.Visits.ViewByLink(ctx, token.Order(), token.ID(), latest)
	if err == nil && !l.Opens(token) {
		err = link.ErrNoLink
	}
	if err != nil {
		return nil, unknown(err)
	}
	acc, err := p.Accounts.Account(ctx, l.Account)
	if err != nil && !porting.Is(err, porting.NotFound) {
		return nil, err
	}
	v := &visit{Page: p, in: in, token: token, link: l, order: o, account: acc, comments: found.Events, now: p.Book.Time(),
		rest: rest, zone: zoneOf(o, p.Book.Rules.Calendar.Location())}
	language := chosen(in)
	if language == "" {
		language = l.Language
	}
	if language == "" {
		language = accepted(in)
	}
	v.sheet = sheet{Catalogue: catalogue(language), looks: acc.Looks, path: p.prefix(in) + "/p/" + text}
	v.at = v.path
	if s := screens()[rest]; rest != "" && s.get != nil {
		v.at += "/" + rest
	}
	if l.Access(o, v.now) == link.Closed {
		return nil, errNothing
	}
	if v.form, err = formOf(in); err != nil {
		return nil, errNothing
	}
	v.cookie = v.cookieValue()
	v.session = l.InSession(v.cookie, v.now)
	return v, nil
}

// zoneOf is the zone of the order's first number; another one where the number has none.
func zoneOf(o porting.Order, other *time.Location) *time.Location {
	if len(o.Numbers) == 0 {
		return other
	}
	tn, err := nanp.Parse(o.Numbers[0].TN)
	if err != nil || tn.Zone() == "" {
		return other
	}
	zone, err := time.LoadLocation(tn.Zone())
	if err != nil {
		return other
	}
	return zone
}

// latest is how many comments the page shows.
const latest = 30

func unknown(err error) error {
	if porting.Is(err, porting.NotFound) {
		return errNothing
	}
	return err
}

// prefix is what stands before our path in the addresses of the page: that of the base address, or else the stage, which
// the gateway tells.
func (p *Page) prefix(in events.APIGatewayProxyRequest) string {
	if base, err := url.Parse(p.URL); err == nil && p.URL != "" {
		return strings.TrimSuffix(base.Path, "/")
	}
	before, ok := strings.CutSuffix(in.RequestContext.Path, in.Path)
	if !ok {
		return ""
	}
	return strings.TrimSuffix(before, "/")
}

// maxForm is how large a form may be.
const maxForm = 64 << 10

func formOf(in events.APIGatewayProxyRequest) (url.Values, error) {
	if in.HTTPMethod != http.MethodPost {
		return url.Values{}, nil
	}
	body := in.Body
	if in.IsBase64Encoded {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, err
		}
		body = string(raw)
	}
	if len(body) > maxForm || !strings.HasPrefix(header(in, "Content-Type"), "application/x-www-form-urlencoded") {
		return nil, errors.New("it is no form of ours")
	}
	return url.ParseQuery(body)
}

func header(in events.APIGatewayProxyRequest, name string) string {
	for k, v := range in.Headers {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	for k, v := range in.MultiValueHeaders {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// text returns a field of the form without spaces around it.
func (v *visit) text(name string) string { return strings.TrimSpace(v.form.Get(name)) }

// cookieName is the name of the session's cookie. Each link has one of its own, so that two orders can be open at once.
func (v *visit) cookieName() string { return "__Host-portway-" + v.link.ID }

func (v *visit) cookieValue() string { return cookie(v.in, v.cookieName()) }

// cookie is the value of a cookie of the request; empty where it has none.
func cookie(in events.APIGatewayProxyRequest, name string) string {
	cookies, err := http.ParseCookie(strings.ReplaceAll(header(in, "Cookie"), "\n", ""))
	if err != nil {
		return ""
	}
	for _, c := range cookies {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// formToken proves that a form was made by this page, for this version of the order and this session.
func (v *visit) formToken(name string) string {
	return hex.EncodeToString(v.token.MAC("form", name, strconv.FormatInt(v.order.Version, 10), v.cookie))
}

// ours says whether a form came from this page: from our origin by the browser's word, where the browser says so, and with
// a token of the form that only this page could make. A form of an earlier version of the order is ours as well, which
// changed tells.
func (v *visit) ours(name string) bool {
	made, err := http.NewRequest(http.MethodPost, v.in.Path, nil)
	if err != nil {
		return false
	}
	made.Host = header(v.in, "Host")
	for _, h := range []string{"Sec-Fetch-Site", "Origin"} {
		made.Header.Set(h, header(v.in, h))
		if made.Header.Get(h) == "" {
			made.Header.Del(h)
		}
	}
	if new(http.CrossOriginProtection).Check(made) != nil {
		return false
	}
	then := *v
	then.order.Version, err = strconv.ParseInt(v.form.Get("version"), 10, 64)
	return err == nil && same(v.form.Get("token"), then.formToken(name))
}

// changed says that the order has changed since the form was made.
func (v *visit) changed() bool {
	return v.form.Get("version") != strconv.FormatInt(v.order.Version, 10)
}

// do gives the order a command, if it is still as the form shows it.
func (v *visit) do(ctx context.Context, cmd porting.Command) error {
	if v.changed() {
		return errChanged
	}
	o, err := v.Book.Apply(ctx, v.order, cmd)
	if err == nil {
		v.order = o
	}
	return v.rivalled(ctx, v.order.ID, err)
}

// rivalled writes down which numbers another account's order holds, where err refuses a signature or a resubmission of the
// order for them, so that the order's account can leave them out or open a dispute. It returns the refusal.
func (v *visit) rivalled(ctx context.Context, id porting.OrderID, err error) error {
	return cmp.Or(v.Book.NoteRival(ctx, id, err), err)
}

// to leads back to a screen after a form was taken.
func (v *visit) to(name string) reply {
	path := v.path
	if name != "" {
		path += "/" + name
	}
	return reply{status: http.StatusSeeOther, redirect: path}
}

// address is the address of the page for a mail or for the bucket, with a token.
func (p *Page) address(in events.APIGatewayProxyRequest, t link.Token) string {
	base := strings.TrimSuffix(p.URL, "/")
	if base == "" { // the gateway's own name, which it tells itself; the header Host is anybody's
		base = "https://" + in.RequestContext.DomainName + p.prefix(in)
	}
	return base + "/p/" + t.Reveal()
}

// answer writes a reply for the gateway, with the headers that hold for each.
func (p *Page) answer(in events.APIGatewayProxyRequest, r reply) events.APIGatewayProxyResponse {
	h := map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      policy(p.Bucket, r.style),
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Referrer-Policy":              "same-origin", // with no-referrer a browser sends our own forms with the origin null
		"Strict-Transport-Security":    "max-age=31536000",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"X-Robots-Tag":                 "noindex, nofollow",
	}
	body := string(r.html)
	switch {
	case r.redirect != "":
		h["Location"], body = r.redirect, ""
	case r.file != nil:
		h["Content-Type"], h["Content-Disposition"], body = "text/calendar; charset=utf-8", `attachment; filename="port.ics"`, string(r.file)
	}
	if r.language == "" {
		r.language, _ = porting.ParseLanguage(in.QueryStringParameters["lang"])
	}
	switch {
	case r.cookie != "":
		h["Set-Cookie"] = r.cookie
	case r.language != "":
		h["Set-Cookie"] = languageKept(r.language)
	}
	if in.HTTPMethod == http.MethodHead {
		body = ""
	}
	return events.APIGatewayProxyResponse{StatusCode: r.status, Headers: h, Body: body}
}

// show makes the answer of a screen.
func (v *visit) show(status int, f frame, content ...markup) (reply, error) {
	return reply{status: status, html: v.write(f, content...), style: ownStyle(v.looks)}, nil
}

// message shows a heading and a sentence, with the way back to the page.
func (v *visit) message(status int, title, said string) (reply, error) {
	return v.show(status, frame{title: title, back: true}, el("h1", title), para(said),
		el("p", hyperlink(v.path, v.Say("Back to your order"), class("button"))))
}

// plain shows a heading and a sentence where the link opens nothing any more.
func (v *visit) plain(status int, title, said string) (reply, error) {
	return v.show(status, frame{title: title}, el("h1", title), para(said))
}

// formOf makes a form that sends to a screen, with the proof that it is ours.
func (v *visit) formOf(screen string, content ...markup) markup {
	parts := []any{at("method", "post"), at("action", v.path+"/"+screen), present("novalidate", true),
		hidden("token", v.formToken(screen)), hidden("version", strconv.FormatInt(v.order.Version, 10))}
	for _, c := range content {
		parts = append(parts, c, markup("\n"))
	}
	return el("form", parts...)
}

// done leads to the page, which says what a form has just done.
func (v *visit) done(what string) reply {
	r := v.to("")
	r.redirect += "?done=" + what
	return r
}

// refused shows a refusal of the domain that no form has taken in.
func (v *visit) refused(err error) (reply, error) {
	var e *porting.Error
	if !errors.As(err, &e) {
		return reply{}, err
	}
	said := v.sentence(e.Message)
	for _, f := range e.Faults {
		said += " " + v.fault(f)
	}
	return v.message(http.StatusConflict, v.Say("This could not be done"), said)
}

// sentence is a refusal of the domain in the page's language. One that has no translation is said in general words.
func (s sheet) sentence(english string) string {
	if own := s.Translate(english); own != english || s.Language() == porting.English {
		return own
	}
	return s.Say("The order does not allow this now. Write to our porting desk on the page of your order if you need it.")
}

// fault says what is wrong with a value. One whose sentence has no translation is said in general words.
func (s sheet) fault(f porting.Fault) string {
	if own := s.Translate(f.Message); own != f.Message || s.Language() == porting.English {
		return own
	}
	if name := s.Field(f.Field); name != f.Field {
		return s.Say("This value can't be used: {field}. Check it.", "field", s.withoutArticle(name))
	}
	return s.Say("A value can't be used. Check what you gave.")
}
