package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

func withKey(key string) map[string]string { return map[string]string{"idempotency-key": key} }

const signature = `{"data":{"type":"loa","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`

// A request that comes again with its key is answered as it was, byte by byte, and does nothing.
func TestAReplayIsTheFirstAnswer(t *testing.T) {
	for _, c := range []struct {
		name, request, body string
		status              int
	}{
		{"Create", "POST /v2/portorders", attrs(minimal), 201},
		{"Sign", "POST /v2/portorders/{pending}/loa", signature, 201},
		{"Resubmit", "PATCH /v2/portorders/{rejected}/status", attrs(`"status":"review"`), 200},
		{"ResubmitBySigning", "POST /v2/portorders/{rejected}/loa", signature, 201},
		{"Cancel", "PATCH /v2/portorders/{pending}/status", attrs(`"status":"cancelled"`), 200},
		{"CancelByDetails", "PATCH /v2/portorders/{pending}", attrs(`"status":"cancelled"`), 200},
		{"Details", "PATCH /v2/portorders/{pending}", attrs(`"zip":"98104"`), 200},
		{"MaskAlone", "PATCH /v2/portorders/{pending}", attrs(`"pin":"********"`), 200},
		{"Numbers", "PATCH /v2/portorders/{pending}/relationships/numbers", `{"add":["+12065550120"]}`, 200},
		{"Comment", "POST /v2/portorders/{pending}/comments", `{"data":{"attributes":{"text":"Hello"}}}`, 201},
		{"Extend", "POST /v2/portorders/{pending}/extend", "", 200},
		{"Reopen", "POST /v2/portorders/{cancelled}/reopen", "", 201},
		{"WrongStatus", "PATCH /v2/portorders/{processing}/status", attrs(`"status":"cancelled"`), 409},
		{"Faults", "POST /v2/portorders", attrs(`"numbers":["1"]`), 422},
		{"Unknown", "POST /v2/portorders/{theirs}/loa", signature, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			method, target, _ := strings.Cut(c.request, " ")
			first := w.send(w.request(method, target, c.body, withKey("one")))
			if first.StatusCode != c.status || first.Headers["Idempotency-Replayed"] != "" {
				t.Fatalf("got %d %v %s", first.StatusCode, first.Headers, first.Body)
			}
			before := w.everything()
			for _, key := range []string{"one", `"one"`, ` "one" `} { // bare and quoted are the same key
				in := w.request(method, target, c.body, withKey(key))
				in.RequestContext.RequestID = "00000000-0000-4000-8000-000000000000"
				again := w.send(in)
				if again.StatusCode != first.StatusCode || again.Body != first.Body || again.Headers["Idempotency-Replayed"] != "true" ||
					again.Headers["ETag"] != first.Headers["ETag"] || again.Headers["Location"] != first.Headers["Location"] {
					t.Errorf("%s: %d %v %s\nwant %d %s", key, again.StatusCode, again.Headers, again.Body, first.StatusCode, first.Body)
				}
			}
			if after := w.everything(); after != before {
				t.Errorf("the replay changed something: %d, then %d", before, after)
			}
		})
	}
}

// everything is the sum of the versions of all orders.
func (w *world) everything() int64 {
	w.t.Helper()
	var sum int64
	for _, account := range []porting.AccountID{mine, theirs} {
		found, err := w.store.List(context.Background(), account, orders.Filter{})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range found {
			o, err := w.store.Load(context.Background(), o.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			sum += o.Version
		}
	}
	return sum
}

func TestIdempotencyKey(t *testing.T) {
	create := func(w *world) events.APIGatewayProxyResponse {
		return w.send(w.request("POST", "/v2/portorders", attrs(minimal), withKey("one")))
	}
	first := func(w *world) { create(w) }
	other := strings.Replace(minimal, `98104`, `98105`, 1)
	run(t, []scenario{
		{name: "AnotherBody", before: first, request: "POST /v2/portorders", body: attrs(other), header: withKey("one"), status: 422,
			expect: []string{`"code":"idempotency_key_reused"`}},
		{name: "AnotherPath", before: first, request: "POST /v2/portorders/{pending}/loa", body: signature, header: withKey("one"), status: 422, after: untouched("pending")},
		{name: "AnotherKey", before: first, request: "POST /v2/portorders", body: attrs(minimal), header: withKey("two"), status: 409,
			expect: []string{`"code":"number_in_live_order"`}},
		{name: "NoKey", before: first, request: "POST /v2/portorders", body: attrs(minimal), status: 409},
		{name: "ReadsHeedNone", before: first, request: "GET /v2/portorders/{pending}", header: withKey(""), status: 200},
		{name: "Empty", request: "POST /v2/portorders", body: attrs(minimal), header: withKey(` `), status: 400, expect: []string{`"code":"invalid_idempotency_key"`}},
		{name: "EmptyQuotes", request: "POST /v2/portorders", body: attrs(minimal), header: withKey(`""`), status: 400},
		{name: "HalfQuoted", request: "POST /v2/portorders", body: attrs(minimal), header: withKey(`"one`), status: 400},
		{name: "Longest", request: "POST /v2/portorders", body: attrs(minimal), header: withKey(strings.Repeat("x", 255)), status: 201},
		{name: "TooLong", request: "POST /v2/portorders", body: attrs(minimal), header: withKey(strings.Repeat("x", 256)), status: 400},
		{name: "NotASCII", request: "POST /v2/portorders", body: attrs(minimal), header: withKey("schlüssel"), status: 400},
	})

	t.Run("EachAccountHasItsOwn", func(t *testing.T) {
		w := newWorld(t)
		create(w)
		in := w.request("POST", "/v2/portorders", attrs(other), withKey("one"))
		in.RequestContext.Authorizer["account"] = string(theirs)
		if out := w.send(in); out.StatusCode != 201 {
			t.Errorf("got %d %s", out.StatusCode, out.Body)
		}
	})
	t.Run("StillRunning", func(t *testing.T) {
		w := newWorld(t)
		var inner events.APIGatewayProxyResponse
		w.api.peers = peersFunc(func(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error) {
			inner = create(w)
			return w.peers.Portability(ctx, o, tns)
		})
		if out := create(w); out.StatusCode != 201 {
			t.Errorf("the first: %d %s", out.StatusCode, out.Body)
		}
		if inner.StatusCode != 409 || !strings.Contains(inner.Body, "idempotency_in_progress") || inner.Headers["Retry-After"] == "" {
			t.Errorf("the second: %d %v %s", inner.StatusCode, inner.Headers, inner.Body)
		}
	})
	t.Run("OurOwnTroubleIsNotKept", func(t *testing.T) {
		w := newWorld(t)
		peerDown(w)
		if out := create(w); out.StatusCode != 503 {
			t.Fatalf("got %d %s", out.StatusCode, out.Body)
		}
		w.peers.err = nil
		if out := create(w); out.StatusCode != 201 || out.Headers["Idempotency-Replayed"] != "" {
			t.Errorf("got %d %s", out.StatusCode, out.Body)
		}
	})
	t.Run("ALostRaceIsNotKept", func(t *testing.T) {
		w := newWorld(t)
		w.five()
		w.book.Store = racingStore{w.store, w.book}
		patch := func() int {
			return w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"zip":"98104"`), withKey("one"))).StatusCode
		}
		if got := patch(); got != 409 {
			t.Fatalf("got %d", got)
		}
		w.book.Store = w.store
		if got := patch(); got != 200 {
			t.Errorf("got %d", got)
		}
	})
	t.Run("ACrashHoldsTheKeyForALease", func(t *testing.T) {
		w := newWorld(t)
		clock := now
		w.book.Now = func() time.Time { return clock }
		w.api.peers = peersFunc(func(_ context.Context, _ porting.Order, _ []string) ([]peer.Portability, error) {
			panic("out of memory")
		})
		if out := create(w); out.StatusCode != 500 {
			t.Fatalf("got %d %s", out.StatusCode, out.Body)
		}
		w.api.peers = w.peers
		if out := create(w); out.StatusCode != 409 {
			t.Errorf("within the lease: %d %s", out.StatusCode, out.Body)
		}
		clock = now.Add(keyLease)
		if out := create(w); out.StatusCode != 201 {
			t.Errorf("after the lease: %d %s", out.StatusCode, out.Body)
		}
		clock = now.Add(keyLease + keyLife)
		if out := create(w); out.StatusCode != 409 || !strings.Contains(out.Body, "number_in_live_order") {
			t.Errorf("a day later the key is a new one: %d %s", out.StatusCode, out.Body)
		}
		if found, err := w.store.List(t.Context(), mine, orders.Filter{}); err != nil || len(found) != 1 {
			t.Errorf("%d orders (%v)", len(found), err)
		}
	})
}

type peersFunc func(context.Context, porting.Order, []string) ([]peer.Portability, error)

func (f peersFunc) Portability(ctx context.Context, o porting.Order, tns []string) ([]peer.Portability, error) {
	return f(ctx, o, tns)
}
