package webhook_test

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
	"portway/internal/webhook"
)

const (
	acme  porting.AccountID = "acme"
	other porting.AccountID = "other"
)

// world is an account with orders, endpoints and a clock.
type world struct {
	*testing.T
	memory   *storetest.Memory
	book     *orders.Book
	register *webhook.Register
	sender   *webhook.Sender

	numbers int // given out
	seen    map[string]bool

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, memory: storetest.NewMemory(), seen: map[string]bool{}, now: storetest.Now}
	w.book = storetest.Book(t, w.memory)
	w.book.Now = w.clock
	if err := w.memory.OpenAccount(t.Context(), account.Account{ID: acme, Kind: account.Live,
		Balance: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	sealer := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"}
	w.register = &webhook.Register{Store: w.memory, Seal: sealer.Seal, Now: w.clock, Random: rand.Reader,
		AllowPrivate: true}
	w.sender = &webhook.Sender{Store: w.memory, Client: webhook.NewClient(true), Open: sealer.OpenAll, Now: w.clock}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// server is a customer's, which answers as it is told and remembers what came.
type server struct {
	url string

	mu     sync.Mutex
	answer func(*http.Request) int
	got    []got
}

type got struct {
	header http.Header
	body   string
}

func newServer(t *testing.T) *server {
	s := &server{answer: func(*http.Request) int { return http.StatusOK }}
	h := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		code := s.answer(r)
		s.got = append(s.got, got{r.Header, string(body)})
		rw.WriteHeader(code)
	}))
	t.Cleanup(h.Close)
	s.url = h.URL + "/hook?key=s3cret"
	return s
}

func (s *server) answers(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(*http.Request) int { return code }
}

func (s *server) all() []got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// told are the sequence numbers that came.
func (s *server) told() string {
	var all []string
	for _, g := range s.all() {
		all = append(all, g.header.Get("webhook-sequence"))
	}
	return strings.Join(all, " ")
}

// verifies says whether one of a delivery's signatures is by the secret, as the specification has it.
func (g got) verifies(secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%s.%s", g.header.Get("webhook-id"), g.header.Get("webhook-timestamp"), g.body)
	return slices.Contains(strings.Fields(g.header.Get("webhook-signature")),
		"v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
}

// save writes an endpoint that was planned, as for a request without an Idempotency-Key.
func (w *world) save(e webhook.Endpoint, err error) webhook.Endpoint {
	w.Helper()
	if err == nil {
		err = w.register.Save(w.Context(), e, nil)
	}
	if err != nil {
		w.Fatal(err)
	}
	return e
}

// endpoint makes an endpoint, and gives its secret.
func (w *world) endpoint(url string, types ...string) (id, secret string) {
	w.Helper()
	e := w.save(w.register.PlanNew(w.Context(), webhook.Endpoint{Account: acme, URL: url, Types: types}, nil))
	return e.ID, e.Secrets[0].Secret.Reveal()
}

// order makes an order whose status is told to url, and does to it what there is to do.
func (w *world) order(url string, steps ...porting.Command) porting.OrderID {
	w.Helper()
	w.numbers++
	draft := storetest.Draft(acme, storetest.Numbers(w.numbers, 1)...)
	draft.Details.StatusURL = url
	_, made, err := w.book.Create(w.Context(), draft)
	if err != nil {
		w.Fatal(err)
	}
	w.do(made[0].ID, steps...)
	return made[0].ID
}

// do gives commands, a second apart, and tells of them.
func (w *world) do(id porting.OrderID, steps ...porting.Command) {
	w.Helper()
	for _, step := range steps {
		w.pass(time.Second)
		o, err := w.book.Do(w.Context(), id, step)
		if err != nil {
			w.Fatal(err)
		}
		_, events, err := storetest.Whole(w.Context(), w.memory, id)
		if err != nil {
			w.Fatal(err)
		}
		for range 2 { // it may be told of again
			if err := w.sender.Tell(w.Context(), events[len(events)-1], o); err != nil {
				w.Fatal(err)
			}
		}
	}
}

// stream hands over all work that is new, at once and twice, as a stream may.
func (w *world) stream() {
	w.Helper()
	due, err := w.memory.Due(w.Context(), webhook.DueDelivery, w.clock().AddDate(1, 0, 0), 100)
	if err != nil {
		w.Fatal(err)
	}
	// a replay is new again
	due = slices.DeleteFunc(due, func(d orders.Due) bool { return w.seen[d.Key] && d.At.After(w.clock()) })
	for _, d := range due {
		w.seen[d.Key] = true
	}
	for range 2 {
		if err := w.sender.Stream(w.Context(), due); err != nil {
			w.Fatal(err)
		}
	}
}

// sweepFor lets time go by with a sweep each minute.
func (w *world) sweepFor(d time.Duration) {
	w.Helper()
	for end := w.clock().Add(d); w.clock().Before(end); {
		w.pass(time.Minute)
		if _, err := w.sender.Sweep(w.Context(), w.book.At(w.clock())); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) deliveries(id string) []webhook.Delivery {
	w.Helper()
	all, err := w.register.Deliveries(w.Context(), acme, id, "", 100)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

var passed = porting.Pass{By: storetest.System}

func TestEndpointsAreTold(t *testing.T) {
	w := newWorld(t)
	all, comments, own := newServer(t), newServer(t), newServer(t)
	id, key := w.endpoint(all.url)
	w.endpoint(comments.url, "portorder.comment")
	w.order(own.url, storetest.Sign(), porting.Comment{By: storetest.Customer, Text: "Hello."}, passed)
	w.stream()

	if got := all.told(); got != "2 3 4" {
		t.Errorf("who wants all is told %s", got)
	}
	if got := comments.told(); got != "3" {
		t.Errorf("who wants comments is told %s", got)
	}
	if got := own.told(); got != "2 4" {
		t.Errorf("status_url is told %s", got)
	}
	for _, g := range all.all() {
		if !g.verifies(key) || g.verifies("whsec_c2VjcmV0") {
			t.Errorf("signature %q", g.header.Get("webhook-signature"))
		}
		if strings.Contains(g.body, "s3cret") {
			t.Errorf("an endpoint is told the order's status_url: %s", g.body)
		}
	}
	if g := own.all()[0]; g.header.Get("webhook-signature") != "" || g.header.Get("webhook-id") == "" ||
		!strings.Contains(g.body, `"url_override":"`+own.url) {
		t.Errorf("status_url got %+v", g)
	}
	var comment struct {
		Data struct {
			Type       string
			Attributes struct {
				EventType string `json:"event_type"`
				Message   string
				Sequence  int
			}
		}
	}
	if err := json.Unmarshal([]byte(comments.all()[0].body), &comment); err != nil ||
		comment.Data.Type != "po_comment" ||
		comment.Data.Attributes.EventType != "comment" || comment.Data.Attributes.Message != "Hello." ||
		comment.Data.Attributes.Sequence != 3 {
		t.Errorf("%+v (%v)", comment, err)
	}
	log := w.deliveries(id)
	if len(log) != 3 || log[0].Version != 4 || log[0].State != webhook.Delivered || len(log[0].Attempts) != 1 ||
		log[0].Attempts[0].Status != 200 {
		t.Errorf("the list is %+v", log)
	}
	if log := w.deliveries(webhook.StatusURL); len(log) != 2 || log[0].State != webhook.Delivered {
		t.Errorf("the list of status_url is %+v", log)
	}
}

// What fails is tried ten times over a day, under one id, and then given up; the others hear of it once, and at once.
func TestADeadEndpoint(t *testing.T) {
	w := newWorld(t)
	dead, well := newServer(t), newServer(t)
	dead.answers(http.StatusServiceUnavailable)
	id, key := w.endpoint(dead.url)
	w.endpoint(well.url)
	w.order("", storetest.Sign())
	w.stream()
	w.sweepFor(23 * time.Hour)
	if e, err := w.register.Endpoint(t.Context(), acme, id); err != nil || e.Paused || e.FailingSince.IsZero() {
		t.Fatalf("after 23 hours: %+v (%v)", e, err)
	}
	w.sweepFor(2 * time.Hour)

	tries := dead.all()
	if len(tries) != 10 || well.told() != "2" {
		t.Errorf("%d tries, and the other was told %q", len(tries), well.told())
	}
	for _, g := range tries {
		if g.header.Get("webhook-id") != tries[0].header.Get("webhook-id") || g.body != tries[0].body ||
			!g.verifies(key) {
			t.Errorf("a try is not like the first: %+v", g)
		}
	}
	log := w.deliveries(id)
	if len(log) != 1 || log[0].State != webhook.GivenUp || len(log[0].Attempts) != 10 ||
		log[0].Attempts[3].Why != "The server answered 503." {
		t.Fatalf("the list is %+v", log)
	}
	if d := log[0].Attempts[9].At.Sub(log[0].Attempts[0].At); d < 24*time.Hour || d > 24*time.Hour+15*time.Minute {
		t.Errorf("the last try came after %s", d)
	}
	e, err := w.register.Endpoint(t.Context(), acme, id)
	if err != nil || !e.Paused || e.Why == "" {
		t.Fatalf("it is not paused: %+v (%v)", e, err)
	}

	// The customer is told, once.
	var mails []webhook.Endpoint
	tellPaused := w.sender.TellPaused(func(_ context.Context, e webhook.Endpoint) error {
		if mails = append(mails, e); len(mails) == 1 {
			return errors.New("the mail was not taken")
		}
		return nil
	})
	for range 4 {
		if _, err := tellPaused(t.Context(), w.book.At(w.clock())); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Hour)
	}
	if len(mails) != 2 || mails[1].ID != id {
		t.Errorf("mails: %+v", mails)
	}

	// What comes while it is paused is remembered, and replayed when it is back.
	w.order("", storetest.Sign())
	w.stream()
	if log := w.deliveries(id); log[0].State != webhook.Missed {
		t.Errorf("told to a paused endpoint: %+v", log[0])
	}
	if _, _, err := w.register.ReplayRange(t.Context(), acme, id, storetest.Now, w.clock(), false); !porting.Is(err,
		porting.WrongStatus) {
		t.Errorf("a replay to a paused endpoint: %v", err)
	}
	dead.answers(http.StatusNoContent)
	d, err := w.register.Ping(t.Context(), acme, id)
	if err != nil {
		t.Fatal(err)
	}
	w.stream()
	if d, err := w.register.Delivery(t.Context(), acme, id, d.ID()); err != nil || d.State != webhook.Delivered ||
		d.Attempts[0].Status != 204 {
		t.Errorf("the ping: %+v (%v)", d, err)
	}
	w.save(w.register.PlanChange(t.Context(), acme, id, func(e *webhook.Endpoint) porting.Faults { e.Paused = false; return nil }))
	n, rest, err := w.register.ReplayRange(t.Context(), acme, id, storetest.Now, w.clock().Add(time.Second), false)
	if err != nil || n != 2 || !rest.IsZero() {
		t.Errorf("replayed %d, rest %s (%v)", n, rest, err)
	}
	w.stream()
	again := dead.all()[10:]
	if len(again) != 3 || !slices.ContainsFunc(again,
		func(g got) bool { return g.header.Get("webhook-id") == tries[0].header.Get("webhook-id") }) {
		t.Errorf("%d came after the pause", len(again))
	}
	if e, err := w.register.Endpoint(t.Context(), acme, id); err != nil || !e.FailingSince.IsZero() {
		t.Errorf("it is well again, and %+v (%v)", e, err)
	}
}

// An endpoint that was down gets an order's changes in their order; one that refuses a single message gets the others
// after an hour.
func TestOrder(t *testing.T) {
	t.Run("Down", func(t *testing.T) {
		w := newWorld(t)
		s := newServer(t)
		s.answers(http.StatusBadGateway)
		w.endpoint(s.url)
		id := w.order("", storetest.Sign())
		w.stream()
		w.do(id, porting.Comment{By: storetest.Customer, Text: "One."}, passed)
		w.stream()
		if got := s.told(); got != "2" {
			t.Errorf("told %s while the first is to be tried again", got)
		}
		s.answers(http.StatusOK)
		w.sweepFor(10 * time.Minute)
		if got := s.told(); got != "2 2 3 4" {
			t.Errorf("told %s", got)
		}
	})
	t.Run("OneRefused", func(t *testing.T) {
		w := newWorld(t)
		s := newServer(t)
		s.answer = func(r *http.Request) int {
			if r.Header.Get("webhook-sequence") == "2" {
				return http.StatusBadRequest
			}
			return http.StatusOK
		}
		w.endpoint(s.url)
		w.order("", storetest.Sign(), passed)
		w.stream()
		w.sweepFor(2 * time.Hour)
		if got := s.told(); !strings.HasPrefix(got, "2 2 2 2 ") || strings.Count(got, "3") != 1 {
			t.Errorf("told %s", got)
		}
	})
	t.Run("AnotherOrderGoesOn", func(t *testing.T) {
		w := newWorld(t)
		s := newServer(t)
		s.answer = func(r *http.Request) int {
			if len(s.got) == 0 {
				return http.StatusBadRequest
			}
			return http.StatusOK
		}
		w.endpoint(s.url)
		w.order("", storetest.Sign())
		w.stream()
		w.order("", storetest.Sign(), passed)
		w.stream()
		if got := s.told(); got != "2 2 3" {
			t.Errorf("told %s", got)
		}
	})
}

// In one round a server that does not answer is tried once, however much there is to tell it.
func TestADeadServerIsTriedOnceInARound(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	s.answers(http.StatusInternalServerError)
	id, _ := w.endpoint(s.url)
	for range 3 * 16 {
		w.pass(time.Second + time.Millisecond)
		w.order("", storetest.Sign())
	}
	w.stream()
	// those under way at the time of the first failure, and again as the stream repeats
	if n := len(s.all()); n > 2*16 {
		t.Errorf("%d calls", n)
	}
	for _, d := range w.deliveries(id) {
		if d.State != webhook.Pending || len(d.Attempts) != 1 {
			t.Errorf("%+v", d)
		}
	}
}

func TestGoneForGood(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	s.answers(http.StatusGone)
	id, _ := w.endpoint(s.url)
	w.order("", storetest.Sign())
	w.stream()
	if e, err := w.register.Endpoint(t.Context(), acme, id); err != nil || !e.Paused ||
		!strings.Contains(e.Why, "410") {
		t.Errorf("%+v (%v)", e, err)
	}
}

func TestTheEndpointsOwnPatience(t *testing.T) {
	w := newWorld(t)
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "1800")
		rw.WriteHeader(http.StatusTooManyRequests)
	}))
	defer s.Close()
	id, _ := w.endpoint(s.URL)
	w.order("", storetest.Sign())
	w.stream()
	if d := w.deliveries(id)[0]; d.Next.Sub(w.clock()) != 30*time.Minute {
		t.Errorf("tried again at %s, now %s", d.Next, w.clock())
	}
}

// An old secret signs beside the new one for a day, and the table has neither.
func TestRotation(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	id, old := w.endpoint(s.url)
	e := w.save(w.register.PlanSecret(t.Context(), acme, id))
	fresh := e.Secrets[0].Secret.Reveal()
	w.order("", storetest.Sign())
	w.stream()
	w.pass(24 * time.Hour)
	w.order("", storetest.Sign())
	w.stream()
	got := s.all()
	if len(got) != 2 || !got[0].verifies(old) || !got[0].verifies(fresh) || got[1].verifies(old) ||
		!got[1].verifies(fresh) {
		t.Errorf("%d deliveries, signatures %q", len(got), got[0].header.Get("webhook-signature"))
	}
	stored, err := w.memory.Endpoint(t.Context(), acme, id)
	if err != nil || len(stored.Secrets) != 2 || stored.Secrets[0].Secret.Reveal() != "" ||
		stored.Secrets[0].Secret.Sealed() == "" {
		t.Errorf("stored %+v (%v)", stored, err)
	}

	t.Run("StatusURL", func(t *testing.T) {
		own := newServer(t)
		e := w.save(w.register.PlanSecret(t.Context(), acme, webhook.StatusURL))
		w.pass(time.Second)
		w.order(own.url, storetest.Sign())
		w.stream()
		if got := own.all(); len(got) != 1 || !got[0].verifies(e.Secrets[0].Secret.Reveal()) {
			t.Errorf("%+v", got)
		}
		if all, err := w.register.List(t.Context(), acme); err != nil || len(all) != 1 {
			t.Errorf("%d endpoints (%v)", len(all), err)
		}
	})
}

func TestDeletedWhileSomethingIsToBeTold(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	id, _ := w.endpoint(s.url)
	w.order("", storetest.Sign())
	e, err := w.register.PlanRemoval(t.Context(), acme, id)
	if err == nil {
		err = w.register.Remove(t.Context(), e, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.stream()
	if due, err := w.memory.Due(t.Context(), webhook.DueDelivery, w.clock().AddDate(1, 0, 0), 10); len(s.all()) != 0 ||
		len(due) != 0 || err != nil {
		t.Errorf("%d calls, %d due (%v)", len(s.all()), len(due), err)
	}
}

// A sweep that takes long leaves what it is at to nobody else.
func TestALongSweep(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	w.endpoint(s.url)
	w.order("", storetest.Sign())
	w.pass(time.Hour)
	began := w.book.At(w.clock())
	w.pass(4 * time.Minute)
	s.answer = func(*http.Request) int {
		if due, err := w.memory.Due(t.Context(), webhook.DueDelivery, w.clock(), 10); err != nil || len(due) != 0 {
			t.Errorf("while it is delivered, %d are due (%v)", len(due), err)
		}
		return http.StatusOK
	}
	if _, err := w.sender.Sweep(t.Context(), began); err != nil || len(s.all()) != 1 {
		t.Errorf("%d calls (%v)", len(s.all()), err)
	}
}

// What a paused endpoint can't be told any more does not keep the others waiting, however much it is.
func TestABacklogOfAPausedEndpoint(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	paused, _ := w.endpoint("https://hooks.example.com/")
	well, _ := w.endpoint(s.url)
	add := func(to string, order int, at time.Time) {
		d := webhook.Delivery{Account: acme, Endpoint: to, At: at, Order: porting.OrderID(strconv.Itoa(order)),
			Version: 2, Type: webhook.Types()[0],
			State: webhook.Pending, Made: at, Next: at}
		if err := w.memory.Add(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 350 {
		add(paused, n+1, w.clock())
	}
	if err := w.memory.Pause(t.Context(), acme, paused, "Dead.", w.clock()); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	if _, err := w.register.Ping(t.Context(), acme, well); err != nil {
		t.Fatal(err)
	}
	w.sweepFor(time.Minute)
	if len(s.all()) != 1 {
		t.Errorf("the other endpoint was told %d things", len(s.all()))
	}
}

// ailed is a store that tells when an endpoint's failure has been noted.
type ailed struct {
	webhook.Store
	noted chan struct{}
}

func (s ailed) Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (time.Time, error) {
	since, err := s.Store.Failing(ctx, account, id, at)
	close(s.noted)
	return since, err
}

// A delivery ends the row of failures that began beside it.
func TestWellAgainInTheSameRound(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	id, _ := w.endpoint(s.url)
	noted := make(chan struct{})
	w.sender.Store = ailed{w.memory, noted}
	poison := w.order("", storetest.Sign())
	w.order("", storetest.Sign())
	h := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err != nil || strings.Contains(string(body), string(poison)) {
			rw.WriteHeader(http.StatusBadRequest)
			return
		}
		<-noted
	}))
	defer h.Close()
	w.save(w.register.PlanChange(t.Context(), acme, id, func(e *webhook.Endpoint) porting.Faults { e.URL = h.URL; return nil }))
	due, err := w.memory.Due(t.Context(), webhook.DueDelivery, w.clock().AddDate(1, 0, 0), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sender.Stream(t.Context(), due); err != nil {
		t.Fatal(err)
	}
	if e, err := w.register.Endpoint(t.Context(), acme, id); err != nil || !e.FailingSince.IsZero() {
		t.Errorf("it fails since %s (%v)", e.FailingSince, err)
	}
}

// after is a store that gives an account's work once a failure has been noted.
type after struct {
	webhook.Store
	account porting.AccountID
	noted   chan struct{}
	once    sync.Once
}

func (s *after) Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (time.Time, error) {
	s.once.Do(func() { close(s.noted) })
	return s.Store.Failing(ctx, account, id, at)
}

func (s *after) LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (webhook.Work, bool, error) {
	w, ok, err := s.Store.LeaseWork(ctx, d, now, until)
	if w.Account == s.account {
		<-s.noted
	}
	return w, ok, err
}

// A worker that has delivered a change goes on with the next one of its order, unless another worker has that one.
func TestNobodyTakesWhatAnotherHolds(t *testing.T) {
	for _, test := range []struct {
		name string
		at   time.Duration // of the sweep, from now
		want int           // the calls
	}{
		{"in a sweep of now", 0, 1},
		{"in a sweep as of a later day, when the lease would be over", 24 * time.Hour, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			s := newServer(t)
			w.endpoint(s.url)
			o := w.order("", storetest.Sign())
			w.do(o, porting.Comment{By: storetest.Staff, Text: "Hello."})
			due, err := w.memory.Due(t.Context(), webhook.DueDelivery, w.clock().AddDate(1, 0, 0), 10)
			if err != nil || len(due) < 2 {
				t.Fatalf("%d due (%v)", len(due), err)
			}
			slices.SortFunc(due, func(a, b orders.Due) int { return cmp.Compare(a.Key, b.Key) })
			for _, d := range due[1:] {
				if _, ok, err := w.memory.LeaseWork(t.Context(), d, w.clock(), w.clock().Add(time.Minute)); !ok || err != nil {
					t.Fatal(ok, err)
				}
			}
			if test.at == 0 {
				err = w.sender.Stream(t.Context(), due[:1])
			} else {
				_, err = w.sender.Sweep(t.Context(), w.book.At(w.clock().Add(test.at)))
			}
			if err != nil || len(s.all()) != test.want {
				t.Errorf("%d calls (%v), want %d", len(s.all()), err, test.want)
			}
		})
	}
}

// What fails at a URL for one account says nothing of another's at the same.
func TestTwoAccountsAtOneURL(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	s.answers(http.StatusServiceUnavailable)
	w.endpoint(s.url)
	w.order("", storetest.Sign())
	if err := w.memory.OpenAccount(t.Context(), account.Account{ID: other, Kind: account.Live}); err != nil {
		t.Fatal(err)
	}
	w.save(w.register.PlanNew(t.Context(), webhook.Endpoint{Account: other, URL: s.url}, nil))
	draft := storetest.Draft(other, storetest.Numbers(100, 1)...)
	draft.Details.StatusURL = ""
	_, made, err := w.book.Create(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	w.do(made[0].ID, storetest.Sign())
	w.sender.Store = &after{Store: w.memory, account: other, noted: make(chan struct{})}
	due, err := w.memory.Due(t.Context(), webhook.DueDelivery, w.clock().AddDate(1, 0, 0), 10)
	if err != nil || len(due) != 2 {
		t.Fatalf("%d due (%v)", len(due), err)
	}
	if err := w.sender.Stream(t.Context(), due); err != nil || len(s.all()) != 2 {
		t.Errorf("%d calls (%v), want one for each", len(s.all()), err)
	}
}

// silent is a store that nobody may ask.
type silent struct {
	webhook.Store
	*testing.T
}

func (s silent) Endpoint(_ context.Context, _ porting.AccountID, id string) (webhook.Endpoint, error) {
	s.Errorf("the store is asked for %.20q", id)
	return webhook.Endpoint{}, webhook.ErrNoEndpoint
}

// What can be no id is known without the store, whose keys have an end.
func TestNoID(t *testing.T) {
	w := newWorld(t)
	id, _ := w.endpoint("https://hooks.example.com/")
	w.register.Store = silent{w.memory, t}
	for _, id := range []string{"", "we", "WE" + id[2:], id + "a", id[1:], id[:17] + "1", id[:16] + "|a",
		"we" + strings.Repeat("a", 2000)} {
		for what, try := range map[string]func() error{
			"read": func() error { _, err := w.register.Endpoint(t.Context(), acme, id); return err },
			"ping": func() error { _, err := w.register.Ping(t.Context(), acme, id); return err },
		} {
			if err := try(); !porting.Is(err, porting.NotFound) {
				t.Errorf("%s %.20q: %v", what, id, err)
			}
		}
	}
}

// Nothing of one account's is another's, whatever ids it names.
func TestAnotherAccount(t *testing.T) {
	w := newWorld(t)
	s := newServer(t)
	id, _ := w.endpoint(s.url)
	w.order("", storetest.Sign())
	w.stream()
	d := w.deliveries(id)[0].ID()
	ctx := t.Context()
	for name, try := range map[string]func() error{
		"read": func() error { _, err := w.register.Endpoint(ctx, other, id); return err },
		"change": func() error {
			_, err := w.register.PlanChange(ctx, other, id, func(*webhook.Endpoint) porting.Faults { return nil })
			return err
		},
		"remove":     func() error { _, err := w.register.PlanRemoval(ctx, other, id); return err },
		"rotate":     func() error { _, err := w.register.PlanSecret(ctx, other, id); return err },
		"ping":       func() error { _, err := w.register.Ping(ctx, other, id); return err },
		"deliveries": func() error { _, err := w.register.Deliveries(ctx, other, id, "", 10); return err },
		"delivery":   func() error { _, err := w.register.Delivery(ctx, other, id, d); return err },
		"by status_url": func() error {
			_, err := w.register.Delivery(ctx, other, webhook.StatusURL, strings.Replace(d, id, webhook.StatusURL, 1))
			return err
		},
		"replay": func() error { _, err := w.register.Replay(ctx, other, id, d); return err },
		"replay range": func() error {
			_, _, err := w.register.ReplayRange(ctx, other, id, storetest.Now, w.clock(), true)
			return err
		},
	} {
		if err := try(); !porting.Is(err, porting.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := w.register.List(ctx, other); err != nil || len(all) != 0 {
		t.Errorf("the other account sees %+v (%v)", all, err)
	}
}

// Every fault of an endpoint is told at once.
func TestFaults(t *testing.T) {
	w := newWorld(t)
	w.register.AllowPrivate = false
	for _, test := range []struct {
		e    webhook.Endpoint
		want string
	}{
		{webhook.Endpoint{}, "url required"},
		{webhook.Endpoint{URL: "http://example.com/", Types: []string{"x", "portorder.comment", "portorder.comment"},
			Description: strings.Repeat("x", 201)},
			"url invalid_format, description too_long, types/0 invalid_format, types/2 duplicate"},
		{webhook.Endpoint{URL: "https://10.0.0.1/"}, "url invalid_format"},
		{webhook.Endpoint{URL: "https://[::1]:443/"}, "url invalid_format"},
		{webhook.Endpoint{URL: "https://u:p@example.com/"}, "url invalid_format"},
		{webhook.Endpoint{URL: "https://example.com/" + strings.Repeat("x", 2000)}, "url too_long"},
		{webhook.Endpoint{URL: "https://example.com/", Description: "Billing\n\nHow to go on"},
			"description invalid_format"},
		{webhook.Endpoint{URL: "https://hooks.example.com/a?key=1", Types: webhook.Types()}, ""},
	} {
		var got []string
		var e *porting.Error
		if _, err := w.register.PlanNew(t.Context(), test.e, nil); errors.As(err, &e) {
			for _, f := range e.Faults {
				got = append(got, f.Field+" "+string(f.Code))
			}
		}
		if text := strings.Join(got, ", "); text != test.want {
			t.Errorf("%+v has the faults %q, want %q", test.e, text, test.want)
		}
	}
	t.Run("TooMany", func(t *testing.T) {
		for range webhook.MostEndpoints {
			w.endpoint("https://hooks.example.com/")
		}
		if _, err := w.register.PlanNew(t.Context(), webhook.Endpoint{Account: acme, URL: "https://hooks.example.com/"}, nil); !porting.Is(err, porting.WrongStatus) {
			t.Errorf("one more: %v", err)
		}
	})
}
