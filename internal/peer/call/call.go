// Package call makes bounded calls to a peer. Each try has a time limit; a call that is safe to repeat is tried again,
// with jitter; a pace and a number of calls at once are kept to; a circuit leaves a broken peer alone for a while.
//
// Start at [New] and [Caller.Do]. The package knows HTTP, peer's errors and metric. It must not know any peer's wire.
package call

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"portway/internal/metric"
	"portway/internal/peer"
)

// MaxBody limits the bytes of an answer; a longer answer is a broken one.
const MaxBody = 10 << 20

// Response is an answer, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Caller calls one peer. It is safe for concurrent use.
type Caller struct {
	name     string
	client   *http.Client
	attempts int
	limit    time.Duration
	circuit  circuit
	pace     *pace
	places   chan struct{} // one for each call that may be out
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	random   func() float64
}

// Option changes a Caller's numbers, or its clock, waits and dice, which tests replace.
type Option func(*Caller)

// Attempts sets the number of tries of a safe call (3).
func Attempts(n int) Option { return func(c *Caller) { c.attempts = max(n, 1) } }

// Limit sets the time that one try may take, with its body (8 s).
func Limit(d time.Duration) Option { return func(c *Caller) { c.limit = d } }

// Circuit opens after so many failures in a row (5), for so long (30 s).
func Circuit(failures int, rest time.Duration) Option {
	return func(c *Caller) { c.circuit.limit, c.circuit.rest = failures, rest }
}

// Pace lets at most so many calls go out in any second, counting retries. 0 is no limit and the default. A call waits
// for its turn, at most as long as its context lasts.
func Pace(perSecond int) Option {
	return func(c *Caller) {
		c.pace = nil
		if perSecond > 0 {
			c.pace = &pace{out: make([]time.Time, perSecond)}
		}
	}
}

// AtOnce lets at most so many calls be out together. 0 is no limit and the default.
func AtOnce(n int) Option {
	return func(c *Caller) {
		c.places = nil
		if n > 0 {
			c.places = make(chan struct{}, n)
		}
	}
}

// Clock replaces time.Now.
func Clock(now func() time.Time) Option { return func(c *Caller) { c.now = now } }

// Sleep replaces the wait between two tries.
func Sleep(sleep func(context.Context, time.Duration) error) Option {
	return func(c *Caller) { c.sleep = sleep }
}

// Random replaces the jitter's dice: a number from 0 up to 1.
func Random(random func() float64) Option { return func(c *Caller) { c.random = random } }

// New makes a caller for the peer of that name; a nil client is a plain one of its own.
func New(name string, client *http.Client, opts ...Option) *Caller {
	if client == nil {
		client = &http.Client{}
	}
	c := &Caller{name: name, client: client, attempts: 3, limit: 8 * time.Second, now: time.Now, sleep: wait,
		random: rand.Float64}
	c.circuit = circuit{limit: 5, rest: 30 * time.Second}
	for _, o := range opts {
		o(c)
	}
	return c
}

// Do sends the request that build makes; build is called again for each try. A safe call may be repeated; another call
// is repeated only when no connection came about. Do returns answers with a status below 500 other than 429. It returns
// a *peer.Down for those, for no answer, for a broken one and for an open circuit. An error of build, and a ctx that
// was cancelled, come back as they are.
func (c *Caller) Do(ctx context.Context, safe bool,
	build func(context.Context) (*http.Request, error)) (Response, error) {
	var failed failure
	for try := range c.attempts {
		if try > 0 {
			pause := c.pause(try)
			if failed.after > longestPause || c.sleep(ctx, max(pause, failed.after)) != nil {
				break
			}
		}
		if !c.circuit.enter(c.now()) {
			return Response{}, c.down(failed.or("left alone after failures"))
		}
		done, ok := c.turn(ctx)
		if !ok {
			c.circuit.leave()
			failed.why = failed.or("too many calls at once")
			break
		}
		r, f, err := c.try(ctx, build)
		done()
		switch {
		case err != nil:
			c.circuit.leave()
			return Response{}, err
		case f.why == "":
			c.circuit.succeed()
			return r, nil
		}
		if now := c.now(); c.circuit.fail(now) {
			metric.Count(ctx, now, metric.CircuitOpen, c.name, "why", f.why)
		}
		failed = f
		if ctx.Err() != nil || !safe && !f.unsent {
			break
		}
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return Response{}, ctx.Err()
	}
	return Response{}, c.down(failed.why)
}

func (c *Caller) down(why string) error { return &peer.Down{Peer: c.name, Why: why} }

// failure says why a try gave no answer. It never holds an address or a body.
type failure struct {
	why    string
	unsent bool          // the request certainly never reached the peer
	after  time.Duration // how long the peer asks us to stay away
}

func (f failure) or(why string) string {
	if f.why != "" {
		return f.why
	}
	return why
}

func (c *Caller) try(ctx context.Context,
	build func(context.Context) (*http.Request, error)) (Response, failure, error) {
	limited, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	req, err := build(limited)
	if err != nil {
		return Response{}, failure{}, err
	}
	res, err := c.client.Do(req)
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return Response{}, failure{}, ctx.Err()
		}
		return Response{}, class(err), nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	switch {
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return Response{}, failure{why: "HTTP " + strconv.Itoa(res.StatusCode), after: retryAfter(res.Header, c.now())}, nil
	case err != nil:
		return Response{}, class(err), nil
	case len(body) > MaxBody:
		return Response{}, failure{why: "answer too long"}, nil
	}
	return Response{Status: res.StatusCode, Header: res.Header, Body: body}, failure{}, nil
}

// class names the kind of a transport error. The error's own text holds the address, which may hold secrets.
func class(err error) failure {
	var op *net.OpError
	var timeout net.Error
	dial := errors.As(err, &op) && op.Op == "dial"
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return failure{why: "no answer in time", unsent: dial}
	case dial:
		return failure{why: "no connection", unsent: true}
	}
	return failure{why: "connection broke"}
}

// longestPause limits the time that a call waits for a peer that asks for a pause. If the peer asks for more, the order
// waits.
const longestPause = 5 * time.Second

// pause is the backoff before a try: 200 ms, then twice that and so on, of which the dice take up to a half.
func (c *Caller) pause(try int) time.Duration {
	d := min(200*time.Millisecond<<(try-1), longestPause)
	return d - time.Duration(c.random()*float64(d)/2)
}

// longestRest limits the pause that is read from an answer.
const longestRest = time.Hour

// retryAfter returns the pause that the answer asks for: the seconds or the date of Retry-After, or else the epoch
// seconds of X-RateLimit-Reset. Dates count from the answer's own date, since our clock may differ.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		now = at
	}
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(min(n, int(longestRest/time.Second))) * time.Second
	}
	at, err := http.ParseTime(v)
	if n, bad := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err != nil && bad == nil {
		at, err = time.Unix(n, 0), nil
	}
	if err != nil {
		return 0
	}
	return min(max(0, at.Sub(now)), longestRest)
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
