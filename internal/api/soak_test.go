package api

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/api/apitest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var soak = flag.Int("soak", 1000, "how many bad requests are made from the description")

// A bad request gets an answer that the description has, never one of a failure on our side. A refused request changes
// nothing.
func TestBadRequests(t *testing.T) {
	quiet(t)
	kinds := map[int]int{}
	w := fullWorld(t)
	was := w.state()
	n := 0
	for bad := range described(t).Bad(20260302) {
		if n++; n > *soak {
			break
		}
		in := w.event(bad)
		out, err := w.api.Handle(context.Background(), in)
		kinds[out.StatusCode]++
		if err == nil {
			err = described(t).Check(in.HTTPMethod, in.Path, answerOf(out))
		}
		if err != nil || out.StatusCode >= http.StatusInternalServerError {
			t.Errorf("request %d, %s, %s: answered %d, %v\n%s\n%.2000q", n, bad.From, strings.Join(bad.Why, ", "), out.StatusCode, err, out.Body, in.Body)
		}
		for _, secret := range secrets {
			if strings.Contains(out.Body, `"`+secret+`"`) && !strings.Contains(in.Body, secret) {
				t.Errorf("request %d: the answer holds a secret: %s", n, out.Body)
			}
		}
		now := w.state()
		if out.StatusCode >= http.StatusBadRequest && now != was {
			t.Errorf("request %d, %s, %s: refused with %d, and something changed:\n%s\n%s", n, bad.From, strings.Join(bad.Why, ", "), out.StatusCode, was, now)
		}
		if now != was { // it was good enough
			w = fullWorld(t)
			was = w.state()
		}
		if t.Failed() && n > 200 {
			t.Fatal("that is enough")
		}
	}
	t.Logf("%d requests, by status: %v", n-1, kinds)
	for _, status := range []int{200, 400, 404, 405, 409, 412, 415, 422} {
		if kinds[status] == 0 {
			t.Errorf("no request was answered with %d: they are not bad enough, or too bad", status)
		}
	}
}

// fullWorld has our five orders, and one of each thing of an account, made by the description's own examples.
func fullWorld(t *testing.T) *world {
	w := newWorld(t)
	w.five()
	for _, o := range described(t).Operations {
		collection, _, ok := strings.Cut(o.Path, "/{")
		make, found := described(t).Find(http.MethodPost, collection)
		if !ok || !found || collection == "/v2/portorders" || w.ids[collection] != "" {
			continue
		}
		good := make.Good(make.Examples[0])
		var made struct{ Data struct{ ID string } }
		out := w.send(w.request(good.Method, good.Path, good.Body, good.Header))
		if err := json.Unmarshal([]byte(out.Body), &made); err != nil || made.Data.ID == "" {
			t.Fatalf("%s made nothing: %s", collection, out.Body)
		}
		w.ids[collection] = made.Data.ID
	}
	return w
}

// quiet keeps the handlers' log lines out of the test's output.
func quiet(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(before) })
}

// event is the gateway's event for a request, with the order that the example needs.
func (w *world) event(r apitest.Request) events.APIGatewayProxyRequest {
	values, _ := url.ParseQuery(r.Query) // leaves out what it cannot read
	path := strings.NewReplacer("{order}", w.ids[r.Needs.Status], "{group}", w.ids[r.Needs.Status+" group"]).Replace(r.Path)
	if collection, rest, ok := strings.Cut(path, "/{"); ok && w.ids[collection] != "" {
		_, below, _ := strings.Cut(rest, "}")
		path = collection + "/" + w.ids[collection] + below
	}
	in := w.request(r.Method, path, "", r.Header)
	in.Body, in.MultiValueQueryStringParameters = r.Body, values
	return in
}

// state describes everything in the store.
func (w *world) state() string {
	var b strings.Builder
	ctx := context.Background()
	for _, id := range []porting.AccountID{mine, theirs} {
		found, err := w.store.List(ctx, id, orders.Filter{})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range found {
			whole, history, err := storetest.Whole(ctx, w.store, o.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s %s %d %d; ", id, o.ID, whole.Status, whole.Version, len(history))
		}
	}
	for _, o := range described(w.t).Operations {
		if o.Method == http.MethodGet && strings.HasPrefix(o.Path, "/v2/account") && !strings.Contains(o.Path, "{") {
			out, err := w.api.Handle(ctx, w.request(o.Method, o.Path, "", nil))
			if err != nil || out.StatusCode != http.StatusOK {
				w.t.Fatalf("%s: %d %s", o.Path, out.StatusCode, out.Body)
			}
			b.WriteString(out.Body)
		}
	}
	return b.String()
}
