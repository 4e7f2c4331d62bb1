package call_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
)

const secret = "https://user:hunter2@peer.example/orders?pin=4711"

// script is a peer that answers by a list; the last entry repeats.
type script struct {
	steps []func(*http.Request) (*http.Response, error)
	calls int
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	step := s.steps[min(s.calls, len(s.steps)-1)]
	s.calls++
	return step(r)
}

func status(code int, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		res := &http.Response{StatusCode: code, Header: http.Header{}, Body: &body{strings.NewReader("answer 4711")}}
		for i := 0; i+1 < len(header); i += 2 {
			res.Header.Set(header[i], header[i+1])
		}
		return res, nil
	}
}

type body struct{ *strings.Reader }

func (*body) Close() error { return nil }

func broken(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

var (
	reset   = broken(&net.OpError{Op: "read", Err: errors.New("reset by 10.0.0.1")})
	refused = broken(&net.OpError{Op: "dial", Err: errors.New("refused by 10.0.0.1")})
)

func get(ctx context.Context) (*http.Request, error) {
	return http.NewRequestWithContext(ctx, http.MethodGet, secret, nil)
}

func TestDo(t *testing.T) {
	for _, c := range []struct {
		name  string
		safe  bool
		steps []func(*http.Request) (*http.Response, error)
		calls int
		pause time.Duration // the last one
		want  int           // status; 0 is Down
		why   string
	}{
		{"OK", true, []func(*http.Request) (*http.Response, error){status(200)}, 1, 0, 200, ""},
		{"a client error is an answer", true, []func(*http.Request) (*http.Response, error){status(404)}, 1, 0, 404, ""},
		{"a safe call is repeated after a broken connection", true, []func(*http.Request) (*http.Response, error){
			reset, status(200)}, 2, 200 * time.Millisecond, 200, ""},
		{"a safe call is repeated after 503", true, []func(*http.Request) (*http.Response, error){status(503), status(503),
			status(200)}, 3, 400 * time.Millisecond, 200, ""},
		{"it is given up after three tries", true, []func(*http.Request) (*http.Response, error){status(503)}, 3,
			400 * time.Millisecond, 0, "HTTP 503"},
		{"an unsafe call is not repeated after 503", false, []func(*http.Request) (*http.Response, error){status(503),
			status(200)}, 1, 0, 0, "HTTP 503"},
		{"an unsafe call is not repeated after 429", false, []func(*http.Request) (*http.Response, error){status(429),
			status(200)}, 1, 0, 0, "HTTP 429"},
		{"an unsafe call is not repeated after a broken connection", false, []func(*http.Request) (*http.Response, error){
			reset, status(200)}, 1, 0, 0, "connection broke"},
		{"an unsafe call that found no connection is repeated", false, []func(*http.Request) (*http.Response, error){
			refused, status(201)}, 2, 200 * time.Millisecond, 201, ""},
		{"the peer's own pause is kept", true, []func(*http.Request) (*http.Response, error){status(429, "Retry-After", "2"),
			status(200)}, 2, 2 * time.Second, 200, ""},
		{"a reset is counted from the answer's date", true, []func(*http.Request) (*http.Response, error){
			status(429, "Date", "Mon, 04 Mar 2030 15:00:00 GMT", "X-RateLimit-Reset", "1898866803"), status(200)}, 2,
			3 * time.Second, 200, ""},
		{"a reset that has passed is no pause", true, []func(*http.Request) (*http.Response, error){
			status(429, "Date", "Mon, 04 Mar 2030 15:00:00 GMT", "X-RateLimit-Reset", "1898866700"), status(200)}, 2,
			200 * time.Millisecond, 200, ""},
		{"a far reset is not waited for", true, []func(*http.Request) (*http.Response, error){
			status(429, "Date", "Mon, 04 Mar 2030 15:00:00 GMT", "X-RateLimit-Reset", "1898870400"), status(200)}, 1, 0, 0,
			"HTTP 429"},
		{"a reset that can't be read is no pause", true, []func(*http.Request) (*http.Response, error){
			status(429, "X-RateLimit-Reset", "soon"), status(200)}, 2, 200 * time.Millisecond, 200, ""},
		{"a date is counted from the answer's date", true, []func(*http.Request) (*http.Response, error){
			status(503, "Date", "Mon, 04 Mar 2030 15:00:00 GMT", "Retry-After", "Mon, 04 Mar 2030 15:00:04 GMT"), status(200)},
			2, 4 * time.Second, 200, ""},
		{"a long pause is not waited for", true, []func(*http.Request) (*http.Response, error){
			status(429, "Retry-After", "60"), status(200)}, 1, 0, 0, "HTTP 429"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{steps: c.steps}
			var last time.Duration
			caller := call.New("locals", &http.Client{Transport: s},
				call.Random(func() float64 { return 0 }),
				call.Sleep(func(_ context.Context, d time.Duration) error { last = d; return nil }))
			r, err := caller.Do(t.Context(), c.safe, get)
			if s.calls != c.calls || last != c.pause {
				t.Errorf("%d calls, last pause %s; want %d, %s", s.calls, last, c.calls, c.pause)
			}
			if c.want != 0 {
				if err != nil || r.Status != c.want {
					t.Fatalf("got %d, %v; want %d", r.Status, err, c.want)
				}
				return
			}
			var down *peer.Down
			if !errors.As(err, &down) || down.Why != c.why || down.Peer != "locals" {
				t.Fatalf("got %v; want Down: %s", err, c.why)
			}
			for _, leak := range []string{"hunter2", "4711", "10.0.0.1", "example"} {
				if strings.Contains(err.Error(), leak) {
					t.Errorf("the error tells %q: %v", leak, err)
				}
			}
		})
	}
}

func TestDoTimeLimit(t *testing.T) {
	s := &script{steps: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}}}
	caller := call.New("locals", &http.Client{Transport: s}, call.Limit(time.Millisecond), call.Attempts(1))
	_, err := caller.Do(t.Context(), true, get)
	var down *peer.Down
	if !errors.As(err, &down) || down.Why != "no answer in time" {
		t.Fatalf("got %v", err)
	}
}

func TestDoCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &script{steps: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		cancel()
		return nil, context.Canceled
	}}}
	if _, err := call.New("locals", &http.Client{Transport: s}).Do(ctx, true, get); !errors.Is(err, context.Canceled) ||
		s.calls != 1 {
		t.Fatalf("got %v after %d calls", err, s.calls)
	}
}

func TestDoCancelledBetweenTries(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &script{steps: []func(*http.Request) (*http.Response, error){status(503)}}
	caller := call.New("locals", &http.Client{Transport: s}, call.Sleep(func(context.Context, time.Duration) error {
		cancel()
		return ctx.Err()
	}))
	if _, err := caller.Do(ctx, true, get); !errors.Is(err, context.Canceled) || s.calls != 1 {
		t.Fatalf("got %v after %d calls", err, s.calls)
	}
}

func TestDoBuildFails(t *testing.T) {
	bad := errors.New("no such thing")
	_, err := call.New("locals", nil).Do(t.Context(), true, func(context.Context) (*http.Request, error) {
		return nil, bad
	})
	if !errors.Is(err, bad) {
		t.Fatalf("got %v", err)
	}
}

func TestDoAnswerTooLong(t *testing.T) {
	s := &script{steps: []func(*http.Request) (*http.Response, error){func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: &body{strings.NewReader(strings.Repeat("x", call.MaxBody+1))}}, nil
	}}}
	_, err := call.New("locals", &http.Client{Transport: s}).Do(t.Context(), false, get)
	var down *peer.Down
	if !errors.As(err, &down) || down.Why != "answer too long" {
		t.Fatalf("got %v", err)
	}
}

func TestCircuit(t *testing.T) {
	now := time.Date(2030, 3, 4, 12, 0, 0, 0, time.UTC)
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logged, nil)))
	defer slog.SetDefault(before)
	s := &script{steps: []func(*http.Request) (*http.Response, error){status(500)}}
	caller := call.New("locals", &http.Client{Transport: s}, call.Attempts(1), call.Circuit(3, 30*time.Second),
		call.Clock(func() time.Time { return now }))
	do := func() error { _, err := caller.Do(t.Context(), true, get); return err }
	for range 3 {
		if do() == nil {
			t.Fatal("a 500 was taken for an answer")
		}
	}
	if do() == nil || s.calls != 3 {
		t.Fatalf("an open circuit let a call out: %d calls", s.calls)
	}
	now = now.Add(30 * time.Second)
	probe, after := do(), do()
	if probe == nil || after == nil || s.calls != 4 {
		t.Fatalf("half open, one probe goes out and its failure opens again; %d calls", s.calls)
	}
	now = now.Add(30 * time.Second)
	s.steps = append(s.steps[:0], status(200))
	probe, after = do(), do()
	if probe != nil || after != nil || s.calls != 6 {
		t.Fatalf("a good probe closes the circuit; %d calls", s.calls)
	}
	if n := strings.Count(logged.String(), `"Peer":"locals","CircuitOpen":1,"why":"HTTP 500"`); n != 2 {
		t.Errorf("the circuit opened twice and was counted %d times: %s", n, logged.String())
	}
}

func TestPace(t *testing.T) {
	now := time.Date(2030, 3, 4, 12, 0, 0, 0, time.UTC)
	s := &script{steps: []func(*http.Request) (*http.Response, error){status(200)}}
	var out []time.Time
	start := now
	caller := call.New("locals", &http.Client{Transport: s}, call.Pace(3), call.Clock(func() time.Time { return now }),
		call.Sleep(func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }))
	for range 8 {
		if _, err := caller.Do(t.Context(), true, get); err != nil {
			t.Fatal(err)
		}
		out = append(out, now)
		now = now.Add(10 * time.Millisecond)
	}
	for i := range out[3:] {
		if d := out[i+3].Sub(out[i]); d < time.Second {
			t.Errorf("calls %d to %d went out within %s", i+1, i+4, d)
		}
	}
	if now.Sub(start) > 2100*time.Millisecond {
		t.Errorf("eight calls took %s", now.Sub(start))
	}
}

func TestPaceEndsWithItsContext(t *testing.T) {
	s := &script{steps: []func(*http.Request) (*http.Response, error){status(200)}}
	caller := call.New("locals", &http.Client{Transport: s}, call.Pace(1), call.AtOnce(1),
		call.Sleep(func(context.Context, time.Duration) error { return context.DeadlineExceeded }))
	_, first := caller.Do(t.Context(), false, get)
	_, second := caller.Do(t.Context(), false, get)
	var down *peer.Down
	if first != nil || !errors.As(second, &down) || down.Why != "too many calls at once" || s.calls != 1 {
		t.Fatalf("%v, %v after %d calls", first, second, s.calls)
	}
}

func TestAtOnce(t *testing.T) {
	in, out := make(chan struct{}), make(chan struct{})
	s := &script{steps: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		in <- struct{}{}
		<-out
		return status(200)(r)
	}}}
	caller := call.New("locals", &http.Client{Transport: s}, call.AtOnce(1))
	first := make(chan error)
	go func() { _, err := caller.Do(t.Context(), true, get); first <- err }()
	<-in
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	_, err := caller.Do(ctx, true, get)
	var down *peer.Down
	if !errors.As(err, &down) || down.Why != "too many calls at once" {
		t.Errorf("a second call beside the first: %v", err)
	}
	close(out)
	if err := <-first; err != nil {
		t.Error(err)
	}
	go func() { <-in }()
	if _, err := caller.Do(t.Context(), true, get); err != nil {
		t.Error(err)
	}
}
