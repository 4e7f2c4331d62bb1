package page

import (
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	chromium "portway/infra/local/browser"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var pictures = flag.Bool("pictures", false, "take the pictures of infra/docs/page.md anew")

// screenShown is a screen of an order for the browser: where it is, and the cookie of a session where it needs one.
type screenShown struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Cookie string `json:"cookie"`
	Value  string `json:"value"`
	Form   string `json:"form"` // the button that sends an empty form, so that its problems are shown
}

// serve serves the page on this machine, as the gateway would.
func (w *world) serve() (url string) {
	w.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.Error(err)
		}
		in := events.APIGatewayProxyRequest{HTTPMethod: r.Method, Path: strings.TrimPrefix(r.URL.Path, stage), Body: string(body), Headers: map[string]string{"Host": r.Host},
			QueryStringParameters: map[string]string{}}
		for name := range r.Header {
			in.Headers[name] = r.Header.Get(name)
		}
		for name := range r.URL.Query() {
			in.QueryStringParameters[name] = r.URL.Query().Get(name)
		}
		in.RequestContext.Identity.SourceIP = "192.0.2.7"
		made, err := w.page.Handle(r.Context(), in)
		if err != nil {
			w.Error(err)
		}
		for name, value := range made.Headers {
			out.Header().Set(name, value)
		}
		out.WriteHeader(made.StatusCode)
		_, _ = io.WriteString(out, made.Body)
	}))
	var err error
	if server.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		w.Fatal(err)
	}
	server.Start()
	w.Cleanup(server.Close)
	w.page.URL = server.URL + stage
	return w.page.URL
}

// gallery makes orders in all situations, and tells where their screens are.
func (w *world) gallery() []screenShown {
	w.book.Rules.HardCancelFee, w.book.Rules.DateChangeFee, w.book.Rules.ExpediteFee = 2500, 750, 9900
	var all []screenShown
	show := func(name, screen string, o porting.Order, form string) {
		b := w.open(o)
		s := screenShown{Name: name, Path: "/p/" + b.token, Form: form}
		if screen != "" {
			s.Path += "/" + screen
		}
		if screens()[screen].needsCode() {
			b.enter(screen)
			for s.Cookie, s.Value = range b.cookies {
			}
		}
		all = append(all, s)
	}
	show("pending", "", w.order(3), "")
	show("letter", "sign", w.order(2), "Sign and send")
	show("letter of many", "sign", w.order(200), "")
	group := w.group(3)
	show("group", "group", group[0], "")
	show("letters", "sign-all", group[1], "Sign and send all")
	show("code", "code", w.order(1), "")
	show("submitted", "", w.order(1, toCarrier...), "")
	show("rejected", "", w.order(1, append([]porting.Command{porting.Comment{By: storetest.Customer, Text: "Is the ZIP code wrong?"}}, toRejected...)...), "")
	show("correct", "correct", w.order(1, toRejected...), "")
	show("upload", "upload", w.order(1), "")
	show("date", "date", w.order(1), "")
	show("another date", "date", w.order(1, toAgreed...), "")
	show("cancel", "cancel", w.order(1, toAgreed...), "")
	show("settings", "settings", w.order(1), "")
	show("accepted", "", w.order(25, append(toAgreed, porting.AskChange{By: storetest.Customer, Wish: porting.Wish{Kind: porting.WishDate, Date: "2027-03-22"},
		Fee: 750})...), "")
	now := w.now
	moved := w.order(1, toAgreed...)
	w.now = time.Date(2027, 3, 16, 20, 0, 0, 0, time.UTC)
	if _, err := w.book.Do(w.Context(), moved.ID, porting.Complete{By: porting.PeerBy("locals")}); err != nil {
		w.Fatal(err)
	}
	show("completed", "", moved, "")
	show("back", "back", moved, "Ask for it")
	w.now = now
	show("cancelled", "", w.order(1, porting.Cancel{By: storetest.Customer}), "")
	return append(all, screenShown{Name: "gone", Path: "/p/nothing"})
}

// Every screen fits, is accessible by WCAG 2.2 AA, and can be worked with the keyboard and without a script.
func TestScreensInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs the browser that make browser installs")
	}
	w := newWorld(t)
	url := w.serve()
	shown := w.gallery()
	from++
	trial := storetest.Draft("a", storetest.Numbers(from, 1)...)
	trial.Sandbox = true // so that the page shows the code itself
	_, made, err := w.book.Create(t.Context(), trial)
	if err != nil {
		t.Fatal(err)
	}
	o := made[0]
	b := w.open(o)
	chromium.Run(t, "internal/page/testdata/screens.mjs", map[string]any{"url": url, "screens": shown, "walk": "/p/" + b.token})
	if got := w.load(o); got.Status != porting.Processing || got.Signature.Language != porting.Spanish {
		t.Errorf("the order that was signed by the keyboard is %s, in %q", got.Status, got.Signature.Language)
	}
}

// The pictures of the page's documentation.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("make pictures takes them")
	}
	w := newWorld(t)
	url := w.serve()
	chromium.Run(t, "internal/page/testdata/pictures.mjs", map[string]any{"url": url, "screens": w.gallery(), "to": "../../infra/docs"})
}
