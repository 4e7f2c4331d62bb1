package room_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"portway/internal/lambdax"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/call"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/sandbox"
	"portway/internal/sandbox/room"
	"portway/internal/sim/locals"
)

// kept are worlds in memory.
type kept struct {
	mu     sync.Mutex
	worlds map[string]room.World
	due    map[string]time.Time
	saves  int
}

func (k *kept) Load(_ context.Context, name string) (room.World, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.worlds[name], nil
}

func (k *kept) Save(_ context.Context, name string, w room.World, next time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.worlds[name].Version != w.Version {
		return room.ErrOutrun
	}
	w.Version++
	k.saves++
	k.worlds[name] = w
	delete(k.due, name)
	if !next.IsZero() {
		k.due[name] = next
	}
	return nil
}

func (k *kept) Due(_ context.Context, until time.Time, limit int) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var names []string
	for name, at := range k.due {
		if !at.After(until) && len(names) < limit {
			names = append(names, name)
		}
	}
	return names, nil
}

// stage is the sandbox's function behind Lambda's Invoke, as its callers reach it, with a clock in our hands. Every
// call is another instance's.
type stage struct {
	*testing.T
	worlds   *kept
	now      time.Time
	function *sandbox.Function
	mu       sync.Mutex
	notices  []string // the states that our hook was told of
	strange  []string // calls that were not signed
}

const day = time.Minute

func newStage(t *testing.T) *stage {
	s := &stage{T: t, worlds: &kept{worlds: map[string]room.World{}, due: map[string]time.Time{}},
		now: time.Date(2030, 3, 4, 15, 0, 0, 0, time.UTC)}
	lambda := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in sandbox.Call
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		if auth := r.Header.Get("Authorization"); r.URL.Path != "/2015-03-31/functions/test-sandbox/invocations" ||
			!strings.Contains(auth, "/us-east-1/lambda/aws4_request") {
			s.mu.Lock()
			s.strange = append(s.strange, r.URL.Path+" "+auth)
			s.mu.Unlock()
		}
		out, err := s.room().Handle(r.Context(), in)
		if err != nil {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(lambda.Close)
	s.function = &sandbox.Function{Function: lambdax.Function{
		URL: lambda.URL + "/2015-03-31/functions/test-sandbox/invocations", Region: "us-east-1",
		Keys: credentials.NewStaticCredentialsProvider("key", "secret", ""), HTTP: lambda.Client(), Now: time.Now}}
	t.Cleanup(func() {
		if len(s.strange) > 0 {
			t.Errorf("calls that Lambda would refuse: %v", s.strange)
		}
	})
	return s
}

// room is the function; our hook asks for its credentials, as API Gateway does.
func (s *stage) room() *room.Room {
	hook := roundTrip(func(r *http.Request) (*http.Response, error) {
		if user, password, _ := r.BasicAuth(); user != "locals" || password != "hook" {
			return &http.Response{StatusCode: http.StatusUnauthorized,
				Header: http.Header{"Www-Authenticate": {"Basic"}}, Body: http.NoBody}, nil
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_, status, _ := strings.Cut(string(body), "<Status>")
		status, _, _ = strings.Cut(status, "<")
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notices = append(s.notices, status)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	return &room.Room{Worlds: s.worlds, Now: func() time.Time { return s.now }, Day: day,
		Hook: locals.Hook{URL: "https://portway.example/peers/locals", User: "locals", Password: "hook"},
		HTTP: &http.Client{Transport: hook}}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (s *stage) tick() int {
	s.Helper()
	out, err := s.room().Handle(s.Context(), sandbox.Call{Time: s.now.Format(time.RFC3339)})
	if err != nil {
		s.Fatal(err)
	}
	return out.Ticked
}

func (s *stage) locals(world string) *bandwidth.Client {
	return bandwidth.New(bandwidth.Config{Name: "sandbox-locals", BaseURL: "http://sandbox.invalid/api/v1",
		Account: "9900001", Site: "743", User: "sandbox",
		HTTP:  s.function.Client(world, sandbox.Locals),
		Calls: []call.Option{call.Sleep(func(context.Context, time.Duration) error { return nil }), call.Pace(0)}})
}

func request(pon, tn string) peer.Request {
	return peer.Request{PON: porting.PON(pon), Date: "2030-03-14", LOA: []byte("%PDF-1.7"), Order: porting.Order{
		Numbers: []porting.Number{{TN: tn}},
		Given: porting.Given{Details: porting.Details{BillingName: "Jane Roe", UsageType: porting.Residential,
			Street: "12 Example Ave", City: "Seattle", State: "WA",
			Zip: "98104", Country: "US", ProviderAccount: porting.NewSecret("000123"),
			PIN: porting.NewSecret("4321")}}}}
}

func (s *stage) submit(p peer.Peer, r peer.Request) string {
	s.Helper()
	ref, err := p.Submit(s.Context(), r)
	if err != nil {
		s.Fatal(err)
	}
	return ref
}

// An order lives by the clock alone: nothing runs between two calls, the tick tells what has happened, each thing once.
func TestAnOrderLivesByTicks(t *testing.T) {
	s := newStage(t)
	p := s.locals("group-1")
	ref := s.submit(p, request("pw-1-1", "+12065550101"))
	if n := s.tick(); n > 1 {
		t.Errorf("%d worlds are due", n)
	}
	s.notices = nil
	for range 3 { // a third of a day each
		s.now = s.now.Add(day / 3)
		s.tick()
		s.tick() // the next minute's comes early
	}
	if got := strings.Join(s.notices, " "); got != "FOC COMPLETE" {
		t.Errorf("we were told %s", got)
	}
	if a, err := p.Read(t.Context(), ref); err != nil || a.State != porting.AnswerCompleted {
		t.Errorf("it is %+v (%v)", a, err)
	}
	if n := s.tick(); n != 0 {
		t.Errorf("%d worlds are due when all is over", n)
	}
}

// A call that finds nothing new writes nothing, and one that finds something due has it told.
func TestACallWorksOffWhatIsDue(t *testing.T) {
	s := newStage(t)
	p := s.locals("group-1")
	ref := s.submit(p, request("pw-1-1", "+12065550101"))
	before := s.worlds.saves
	if _, err := p.Portability(t.Context(), []string{"+12065550101"}); err != nil || s.worlds.saves != before {
		t.Errorf("a question wrote %d times (%v)", s.worlds.saves-before, err)
	}
	s.notices, s.now = nil, s.now.Add(day/3)
	if a, err := p.Read(t.Context(), ref); err != nil || a.State != porting.AnswerAccepted {
		t.Errorf("it is %+v (%v)", a, err)
	}
	if got := strings.Join(s.notices, " "); got != "FOC" {
		t.Errorf("we were told %s", got)
	}
}

// Two groups never meet, be they of the same numbers.
func TestWorldsAreApart(t *testing.T) {
	s := newStage(t)
	first, second := s.locals("group-1"), s.locals("group-2")
	ref := s.submit(first, request("pw-1-1", "+12065550101"))
	s.submit(second, request("pw-2-1", "+12065550101"))
	if _, found, err := second.Find(t.Context(), request("pw-1-1", "+12065550101")); found || err != nil {
		t.Errorf("the other's request is found: %v, %v", found, err)
	}
	var down *peer.Down
	if a, err := second.Read(t.Context(), ref); err == nil && a.State == porting.AnswerWaiting ||
		errors.As(err, &down) {
		t.Errorf("the other's request is read: %+v, %v", a, err)
	}
}

// Calls at once lose nothing of each other.
func TestCallsAtOnce(t *testing.T) {
	s := newStage(t)
	const callers = 6
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			n := string(rune('1' + i))
			if _, err := s.locals("group-1").Submit(t.Context(), request("pw-1-"+n, "+1206555010"+n)); err != nil {
				t.Errorf("request %s: %v", n, err)
			}
		})
	}
	all.Wait()
	for i := range callers {
		n := string(rune('1' + i))
		if _, found, err := s.locals("group-1").Find(t.Context(), request("pw-1-"+n, "+1206555010"+n)); !found ||
			err != nil {
			t.Errorf("request %s is lost (%v)", n, err)
		}
	}
}

// The registry tells nobody: its numbers move on by the clock, whoever looks.
func TestTheRegistry(t *testing.T) {
	s := newStage(t)
	p := somos.New(somos.Config{Name: "sandbox-somos", BaseURL: "http://sandbox.invalid", User: "sandbox",
		RespOrg: sandbox.RespOrg, Sessions: open{}, Now: func() time.Time { return s.now },
		HTTP: s.function.Client("group-1", sandbox.TollFree), Poll: time.Millisecond,
		Call: []call.Option{call.Sleep(func(context.Context, time.Duration) error { return nil })}})
	for _, test := range []struct {
		number string
		want   porting.AnswerState
	}{
		{"+18005550101", porting.AnswerCompleted},
		{"+18005550140", porting.AnswerRefused},
		{"+18005559206", porting.AnswerCompleted}, // connections break: what was asked has happened, and is found
		{"+18005550153", porting.AnswerCompleted}, // every answer is deferred
	} {
		t.Run(test.number, func(t *testing.T) {
			r := request("pw-1-"+test.number[9:], test.number)
			r.Order.Kind = porting.TollFree
			ref, err := p.Submit(t.Context(), r)
			for range 5 {
				var down *peer.Down
				if !errors.As(err, &down) {
					break
				}
				var found bool
				if ref, found, err = p.Find(t.Context(), r); err == nil && !found {
					ref, err = p.Submit(t.Context(), r)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			s.now = s.now.Add(day)
			var a porting.Answer
			for range 5 {
				if a, err = p.Read(t.Context(), ref); err == nil {
					break
				}
			}
			if err != nil || a.State != test.want {
				t.Errorf("it is %+v (%v), want %s", a, err, test.want)
			}
		})
	}
	if n := s.tick(); n != 0 {
		t.Errorf("%d worlds are due", n)
	}
}

// open is the session at a registry that asks for none.
type open struct{}

func (open) Load(context.Context) (somos.Session, error) {
	return somos.Session{AccessToken: porting.NewSecret("sandbox"),
		Expires: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC), Version: 1}, nil
}
func (open) Save(context.Context, somos.Session) error { return nil }

// events/sandbox.json is one of the adapter's calls; and fate is in nobody's hands.
func TestSampleEvent(t *testing.T) {
	raw, err := os.ReadFile("../../../events/sandbox.json")
	if err != nil {
		t.Fatal(err)
	}
	var in sandbox.Call
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	out, err := s.room().Handle(t.Context(), in)
	if err != nil || out.Status != http.StatusOK || !strings.Contains(string(out.Body), "2065550101") {
		t.Errorf("%+v (%v)", out, err)
	}
	for _, url := range []string{"/_sim/orders", "/_sim/advance", "/v3/ip/../../_sim/advance"} {
		in.Method, in.URL = http.MethodPost, url
		if out, err := s.room().Handle(t.Context(), in); err != nil || out.Status < 400 {
			t.Errorf("%s: %+v (%v)", url, out, err)
		}
	}
	if _, err := s.room().Handle(t.Context(), sandbox.Call{World: "group-1", Peer: "bank"}); err == nil {
		t.Error("a peer that there is not was played")
	}
	if names := slices.Sorted(func(yield func(string) bool) {
		for name := range s.worlds.worlds {
			if !yield(name) {
				return
			}
		}
	}); len(names) != 0 {
		t.Errorf("questions have left %v behind", names)
	}
}
