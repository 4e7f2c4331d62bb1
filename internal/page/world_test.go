package page

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/bucket"
	"portway/internal/carrier"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// world is a page over a store in memory, with a mailbox. Its clock stands until a test moves it.
type world struct {
	*testing.T
	store *storetest.Memory
	book  *orders.Book
	page  *Page
	now   time.Time
	mails []mail
}

type mail struct{ to, subject, text, html string }

func (w *world) Mail(_ context.Context, to, subject, text, html string) error {
	w.mails = append(w.mails, mail{to, subject, text, html})
	return nil
}

func (w *world) Form(_ context.Context, key, back string, _ time.Duration) (bucket.Form, error) {
	return bucket.Form{URL: "https://bucket.example.com/", Fields: []bucket.Field{{Name: "key", Value: key},
		{Name: "success_action_redirect", Value: back}}}, nil
}

func (w *world) Download(_ context.Context, key, name string, _ time.Duration) (string, error) {
	return "https://bucket.example.com/" + key + "?as=" + name, nil
}

const (
	stage  = "/live"
	person = "jane@example.com"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, store: storetest.NewMemory(), now: storetest.Now}
	w.book = storetest.Book(t, w.store)
	w.book.Now = func() time.Time { return w.now }
	if err := w.store.OpenAccount(t.Context(), account.Account{ID: "a", Name: "Acme", Mail: "ops@example.com", Kind: account.Live,
		Balance: 100_000, Created: w.now}); err != nil {
		t.Fatal(err)
	}
	// Bytes that differ from call to call, and are the same in every run.
	random := strings.NewReader(strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTU", 4000))
	w.page = New(Config{Book: w.book, Visits: w.store, Accounts: w.store, Files: w, Post: w, URL: "https://port.example.com/live",
		Bucket: "https://bucket.example.com", Random: random,
		Carriers: &carrier.Registry{Store: &carrier.Memory{}, Now: w.book.Now},
		Links: &link.Maker{Store: w.store, Now: w.book.Now, Random: random,
			Key: func(context.Context) ([]byte, error) { return bytes.Repeat([]byte{5}, 32), nil }}})
	return w
}

// order makes an order of n numbers and brings it along.
func (w *world) order(n int, steps ...porting.Command) porting.Order {
	w.Helper()
	made, err := w.make(n, steps...)
	if err != nil {
		w.Fatal(err)
	}
	return made
}

var from int // no two orders of one test binary have the same numbers

func (w *world) make(n int, steps ...porting.Command) (porting.Order, error) {
	from++
	_, all, err := w.book.Create(w.Context(), storetest.Draft("a", storetest.Numbers(from, n)...))
	if err != nil {
		return porting.Order{}, err
	}
	o := all[0]
	for _, cmd := range steps {
		if o, err = w.book.Do(w.Context(), o.ID, cmd); err != nil {
			return porting.Order{}, err
		}
	}
	return o, nil
}

func (w *world) load(o porting.Order) porting.Order {
	w.Helper()
	o, err := w.store.Load(w.Context(), o.ID)
	if err != nil {
		w.Fatal(err)
	}
	return o
}

// browser is a person with a link, who keeps cookies and follows redirects.
type browser struct {
	*world
	token   string
	cookies map[string]string
	accept  string // the languages that it names
	last    events.APIGatewayProxyResponse
	at      string
}

func (w *world) open(o porting.Order) *browser {
	w.Helper()
	_, token, err := w.page.Links.ForMail(w.Context(), o, person)
	if err != nil {
		w.Fatal(err)
	}
	b := &browser{world: w, token: token.Reveal(), cookies: map[string]string{}}
	b.get("")
	return b
}

func (b *browser) event(method, path, body string) events.APIGatewayProxyRequest {
	path, query, _ := strings.Cut(path, "?")
	in := events.APIGatewayProxyRequest{HTTPMethod: method, Path: path, Body: body, QueryStringParameters: map[string]string{},
		Headers: map[string]string{"Host": "port.example.com"}}
	values, _ := url.ParseQuery(query)
	for name := range values {
		in.QueryStringParameters[name] = values.Get(name)
	}
	in.RequestContext.Path = stage + path
	in.RequestContext.Identity.SourceIP = "192.0.2.7"
	if b.accept != "" {
		in.Headers["Accept-Language"] = b.accept
	}
	var cookies []string
	for name, value := range b.cookies {
		cookies = append(cookies, name+"="+value)
	}
	if len(cookies) > 0 {
		in.Headers["Cookie"] = strings.Join(cookies, "; ")
	}
	if method == http.MethodPost {
		in.Headers["Content-Type"] = "application/x-www-form-urlencoded"
		in.Headers["Origin"] = "https://port.example.com"
	}
	return in
}

func (b *browser) send(in events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	b.Helper()
	out, err := b.page.Handle(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	b.last, b.at = out, in.Path
	if c, err := http.ParseSetCookie(out.Headers["Set-Cookie"]); err == nil {
		b.cookies[c.Name] = c.Value
	}
	return out
}

// get opens a screen, and follows redirects within the page.
func (b *browser) get(screen string) string {
	b.Helper()
	path := "/p/" + b.token
	if screen != "" {
		path += "/" + screen
	}
	return b.follow(b.send(b.event(http.MethodGet, path, "")))
}

func (b *browser) follow(out events.APIGatewayProxyResponse) string {
	b.Helper()
	for range 5 {
		path, ours := strings.CutPrefix(out.Headers["Location"], stage)
		if out.StatusCode != http.StatusSeeOther || !ours {
			break
		}
		out = b.send(b.event(http.MethodGet, path, ""))
	}
	return out.Body
}

var (
	formTag  = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)".*?</form>`)
	inputTag = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// post fills in the form of the page that sends to the screen, and sends it.
func (b *browser) post(screen string, fields map[string]string) string {
	b.Helper()
	for _, form := range formTag.FindAllStringSubmatch(b.last.Body, -1) {
		action := html.UnescapeString(form[1])
		if action != stage+"/p/"+b.token+"/"+screen {
			continue
		}
		values := url.Values{}
		for _, in := range inputTag.FindAllStringSubmatch(form[0], -1) {
			values.Add(html.UnescapeString(in[1]), html.UnescapeString(in[2]))
		}
		for name, value := range fields {
			values.Set(name, value)
		}
		return b.follow(b.send(b.event(http.MethodPost, strings.TrimPrefix(action, stage), values.Encode())))
	}
	_, shown, _ := strings.Cut(b.last.Body, "<main")
	b.Fatalf("the page has no form for %s:\n%s", screen, shown)
	return ""
}

var digits = regexp.MustCompile(`\d{6}`)

// enter gets a code by mail, enters it, and so comes to the screen.
func (b *browser) enter(screen string) string {
	b.Helper()
	b.get(screen)
	b.post("mail", nil)
	return b.post("code", map[string]string{"code": digits.FindString(b.mails[len(b.mails)-1].text)})
}

func (w *world) has(body string, parts ...string) {
	w.Helper()
	_, shown, _ := strings.Cut(body, "<main")
	for _, part := range parts {
		if !strings.Contains(body, part) {
			w.Errorf("the page lacks %q:\n%s", part, shown)
		}
	}
}

// The ways of an order that the tests begin with.
var (
	rejection = porting.Return{By: storetest.Staff, Proof: porting.ProofAccount, Reasons: []porting.Reason{
		{Code: porting.ZipMismatch, Raw: "7508", Said: "ZIP does not match", Patch: map[string]string{"zip": "98104"}},
		{Code: porting.PINInvalid, Raw: "7501"}}}
	toRejected = []porting.Command{storetest.Sign(), porting.Pass{By: storetest.System}, rejection}
	toCarrier  = []porting.Command{storetest.Sign(), porting.Pass{By: storetest.System}, porting.SettleCSR{By: storetest.System, Why: porting.Words("It matches.")},
		porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
		porting.MarkSent{By: storetest.System, PON: "P1", Ref: "1"}}
	toAgreed = append(slices.Clone(toCarrier), porting.Accept{By: porting.PeerBy("locals"), PON: "P1", Said: "FOC", FOC: "2027-03-16",
		At: time.Date(2027, 3, 16, 18, 0, 0, 0, time.UTC)})
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
