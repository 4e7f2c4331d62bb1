package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// signed is a customer's endpoint that checks signatures by the Standard Webhooks specification.
type signed struct {
	url    string
	secret string

	mu   sync.Mutex
	dead bool
	got  []signedCall
}

type signedCall struct {
	id, sequence, body string
	ok                 bool
}

func newSigned(t *testing.T) *signed {
	s := &signed{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL + "/hook?key=" + canaryAccount // a URL's keys stay out of logs and mails
	return s
}

func (s *signed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "no body", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.secret, "whsec_"))
	h := hmac.New(sha256.New, key)
	id := r.Header.Get("webhook-id")
	fmt.Fprintf(h, "%s.%s.%s", id, r.Header.Get("webhook-timestamp"), body)
	want := "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	s.got = append(s.got, signedCall{id, r.Header.Get("webhook-sequence"), string(body),
		slices.Contains(strings.Fields(r.Header.Get("webhook-signature")), want)})
	if s.dead {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (s *signed) calls() []signedCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

const webhooks = "/v2/account/webhooks"

// hooked is the part of the API's answers about webhooks that the test reads.
type hooked struct {
	Data struct {
		ID         string
		Attributes struct {
			Secret, State string
			PausedWhy     string `json:"paused_why"`
			Queued        int
			Attempts      []struct {
				Status int `json:"response_status"`
			}
		}
	}
}

func ask(t *testing.T, told *narrator, ctx context.Context, method, path string, attributes map[string]any,
	status int) hooked {
	t.Helper()
	var body any
	if attributes != nil {
		body = map[string]any{"data": map[string]any{"attributes": attributes}}
	}
	raw, err := told.call(ctx, method, path, body, status)
	var out hooked
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// register makes the endpoint.
func (s *signed) register(t *testing.T, told *narrator, ctx context.Context) (path string) {
	made := ask(t, told, ctx, http.MethodPost, webhooks, map[string]any{"url": s.url}, http.StatusCreated)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = made.Data.Attributes.Secret
	return webhooks + "/" + made.Data.ID
}

// eventually waits for something that happens by a stream.
func eventually(t *testing.T, ctx context.Context, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("it never came to this: %s", what)
		case <-tick.C:
		}
	}
}

// On the deployed stack an account has two endpoints. The one that is well gets every event at once, signed. The dead
// one is tried over a day, then paused, and the account gets a mail; when it is back it gets what it missed. The test
// is not parallel: a sweep as of a later day is a sweep of every order.
func TestWebhookEndpoints(t *testing.T) {
	ctx, told := limited(t), follow(t)
	well, dead := newSigned(t), newSigned(t)
	wellAt, deadAt := well.register(t, told, ctx), dead.register(t, told, ctx)
	dead.dead = true
	t.Cleanup(func() {
		for _, at := range []string{wellAt, deadAt} {
			ask(t, told, context.Background(), http.MethodDelete, at, nil, http.StatusOK)
		}
	})

	// A ping of each, before anything has happened.
	ping := ask(t, told, ctx, http.MethodPost, wellAt+"/ping", nil, http.StatusAccepted)
	eventually(t, ctx, "the ping has arrived", func() bool {
		return ask(t, told, ctx, http.MethodGet, wellAt+"/deliveries/"+ping.Data.ID, nil,
			http.StatusOK).Data.Attributes.State == "delivered"
	})
	ping = ask(t, told, ctx, http.MethodPost, deadAt+"/ping", nil, http.StatusAccepted)
	eventually(t, ctx, "the ping has failed", func() bool {
		d := ask(t, told, ctx, http.MethodGet, deadAt+"/deliveries/"+ping.Data.ID, nil, http.StatusOK).Data.Attributes
		return d.State == "failed" && len(d.Attempts) == 1 && d.Attempts[0].Status == http.StatusServiceUnavailable
	})

	err := told.live(ctx, story{name: "webhooks", attrs: stories()[0].attrsWith("+12065550207"), tell: completes})
	if err != nil {
		t.Fatal(err)
	}
	statuses := func(s *signed) (all []string) {
		for _, c := range s.calls() {
			var event struct {
				Data struct {
					Attributes struct {
						EventType string `json:"event_type"`
						Status    string
					}
				}
			}
			if err := json.Unmarshal([]byte(c.body), &event); err != nil || !c.ok {
				t.Errorf("a call that does not verify, or is no event: %+v (%v)", c, err)
			}
			if event.Data.Attributes.EventType == "status_change" {
				all = append(all, event.Data.Attributes.Status)
			}
		}
		return all
	}
	want := "[processing submitted accepted completed]"
	eventually(t, ctx, "the endpoint was told", func() bool { return len(statuses(well)) >= 4 })
	if got := fmt.Sprint(statuses(well)); got != want {
		t.Errorf("the endpoint was told %s, want %s", got, want)
	}

	// A day goes by, as far as the sweep knows.
	begin := time.Now()
	var state hooked
	for _, after := range []time.Duration{3 * time.Minute, 9 * time.Minute, 25 * time.Minute, 65 * time.Minute,
		126 * time.Minute, 4*time.Hour + 8*time.Minute,
		8*time.Hour + 10*time.Minute, 15*time.Hour + 12*time.Minute, 24*time.Hour + 15*time.Minute,
		24*time.Hour + 17*time.Minute} {
		if raw, err := up.File.Sweep(ctx, "redeliver", begin.Add(after)); err != nil {
			t.Fatalf("%s (%v)", raw, err)
		}
		if state = ask(t, told, ctx, http.MethodGet, deadAt, nil,
			http.StatusOK); state.Data.Attributes.State == "paused" && after < 24*time.Hour {
			t.Errorf("paused after %s", after)
		}
	}
	if state.Data.Attributes.State != "paused" || state.Data.Attributes.PausedWhy == "" {
		t.Errorf("after a day it is %+v", state.Data.Attributes)
	}
	first := dead.calls()[1] // the ping was the one before
	for _, c := range dead.calls() {
		if !c.ok {
			t.Errorf("a try that does not verify: %+v", c)
		}
	}
	if d := ask(t, told, ctx, http.MethodGet, deadAt+"/deliveries/"+first.id, nil,
		http.StatusOK).Data.Attributes; d.State != "failed" || len(d.Attempts) != 10 {
		t.Errorf("the first change is %s after %d tries", d.State, len(d.Attempts))
	}
	if got := fmt.Sprint(statuses(well)); got != want {
		t.Errorf("the other endpoint was told %s", got)
	}
	mails, err := up.File.Mails(ctx)
	if err != nil {
		t.Fatal(err)
	}
	paused := 0
	for _, m := range mails {
		if strings.Contains(m.Subject, "Webhook paused") {
			paused++
			if strings.Contains(m.Text+m.HTML, canaryAccount) || !strings.Contains(m.Text, state.Data.ID) {
				t.Errorf("the mail about the pause: %s", m.Text)
			}
		}
	}
	if paused != 1 {
		t.Errorf("%d mails about the pause", paused)
	}

	// It is back.
	dead.mu.Lock()
	dead.dead = false
	dead.got = nil
	dead.mu.Unlock()
	ask(t, told, ctx, http.MethodPatch, deadAt, map[string]any{"state": "active"}, http.StatusOK)
	queued := ask(t, told, ctx, http.MethodPost, deadAt+"/replay",
		map[string]any{"from": begin.Add(-time.Hour).UTC().Format(time.RFC3339)}, http.StatusAccepted)
	if queued.Data.Attributes.Queued < 4 {
		t.Errorf("%d queued", queued.Data.Attributes.Queued)
	}
	// what waited for a later try is due now
	if _, err := up.File.Sweep(ctx, "redeliver", time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, "what was missed has come", func() bool { return len(statuses(dead)) >= 4 })
	if got := dead.calls(); !slices.ContainsFunc(got, func(c signedCall) bool {
		return c.id == first.id &&
			c.body == first.body
	}) {
		t.Errorf("the first change did not come again under its id")
	}
	ask(t, told, ctx, http.MethodPost, deadAt+"/deliveries/"+first.id+"/replay", nil, http.StatusAccepted)
	eventually(t, ctx, "one delivery has come again", func() bool { return len(statuses(dead)) >= 5 })
}
