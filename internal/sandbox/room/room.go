// Package room is the sandbox's function: [Room] answers for the simulated peers, whose state is kept in the table
// between calls.
//
// A world is the state of the simulated peers for one group of orders, or for one account's questions about numbers
// that are on no order yet. No world sees another. A call reads its world, lets happen what is due by the clock, is
// answered, and writes the world back where it has changed. If somebody else has written the world meanwhile, the call
// is done over. Nothing runs between two calls: where a carrier will have something to tell, the world falls due, and
// the schedule's tick tells it.
//
// Start reading at Room.Handle. The peers are the packages below internal/sim; the table is behind [Worlds].
package room

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"portway/internal/porting"
	"portway/internal/sandbox"
	"portway/internal/sim/locals"
	"portway/internal/sim/somos"
)

// World is the state of one peer in one world.
type World struct {
	State   []byte
	Version int64 // 0 where nobody has written the world yet
}

// ErrOutrun says that another call has written the world since it was read.
var ErrOutrun = errors.New("another call has written the world since it was read")

// Worlds keeps worlds.
type Worlds interface {
	// Load reads a world. A world that nobody has written is empty.
	Load(ctx context.Context, name string) (World, error)
	// Save writes a world where the stored version is w's, else it answers ErrOutrun. The world falls due at next,
	// unless that is zero.
	Save(ctx context.Context, name string, w World, next time.Time) error
	// Due reads the names of at most limit worlds that fall due at until or before.
	Due(ctx context.Context, until time.Time, limit int) ([]string, error)
}

// Room answers for the simulated peers.
type Room struct {
	Worlds Worlds
	Now    func() time.Time
	// Day is how long a day lasts in sandboxes.
	Day time.Duration
	// Hook is the address that takes the Locals peer's notices. Without a password no notices are sent, and the status
	// check finds what they would tell.
	Hook locals.Hook
	// HookPassword reads the password of Hook before each call. nil takes the one that Hook has.
	HookPassword func(context.Context) string
	HTTP         *http.Client
}

const (
	// tries is how often a call is done when other calls write its world meanwhile. Each try that fails is another call's
	// success, so that a group with a few calls at once never comes near it.
	tries = 32
	// page is how many worlds a tick updates at most. The next tick takes the rest.
	page = 500
	// reserve is the part of the function's time that a tick leaves unused.
	reserve = 5 * time.Second
)

// Handle answers one call, or does the tick.
func (r *Room) Handle(ctx context.Context, call sandbox.Call) (sandbox.Answer, error) {
	if call.World == "" {
		return r.tick(ctx, call.Time)
	}
	answer, err := r.update(ctx, call.World+"/"+call.Peer, func(p peer) sandbox.Answer { return serve(ctx, p, call) })
	slog.InfoContext(ctx, "simulated peer answered", "world", call.World, "peer", call.Peer, "method", call.Method,
		"status", answer.Status)
	return answer, err
}

// tick updates every world in which something is due.
func (r *Room) tick(ctx context.Context, at string) (sandbox.Answer, error) {
	until := r.Now()
	if t, err := time.Parse(time.RFC3339, at); err == nil && t.Before(until) {
		until = t
	}
	names, err := r.Worlds.Due(ctx, until, page)
	if err != nil {
		return sandbox.Answer{}, err
	}
	ticked := 0
	for _, name := range names {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < reserve {
			break
		}
		if _, err := r.update(ctx, name, func(peer) sandbox.Answer { return sandbox.Answer{} }); err != nil {
			// the next tick tries again
			slog.WarnContext(ctx, "world not updated", "world", name, "error", porting.Plain(err))
			continue
		}
		ticked++
	}
	return sandbox.Answer{Ticked: ticked}, nil
}

// update does something in a world and writes the world back. Only then are the carriers' notices sent.
func (r *Room) update(ctx context.Context, name string, do func(peer) sandbox.Answer) (sandbox.Answer, error) {
	for n := 1; ; n++ {
		w, err := r.Worlds.Load(ctx, name)
		if err != nil {
			return sandbox.Answer{}, err
		}
		p, err := r.peer(ctx, name, w)
		if err != nil {
			return sandbox.Answer{}, err
		}
		before, err := p.Snapshot()
		if err != nil {
			return sandbox.Answer{}, err
		}
		answer := do(p)
		tell := p.Take()
		if w.State, err = p.Snapshot(); err != nil {
			return sandbox.Answer{}, err
		}
		if bytes.Equal(before, w.State) {
			return answer, nil
		}
		err = r.Worlds.Save(ctx, name, w, p.Next())
		switch {
		case err == nil:
			tell(ctx)
			return answer, nil
		case !errors.Is(err, ErrOutrun) || n == tries:
			return sandbox.Answer{}, err
		}
	}
}

// peer is a simulated peer.
type peer interface {
	http.Handler
	Snapshot() ([]byte, error)
	Restore([]byte) error
	// Take takes the notices that are due out of the state. The function that it returns sends them.
	Take() (tell func(context.Context))
	// Next is the time of the next notice; zero where there is none.
	Next() time.Time
}

// quiet is the registry, which sends no notices.
type quiet struct{ *somos.Server }

func (quiet) Take() func(context.Context) { return func(context.Context) {} }
func (quiet) Next() time.Time             { return time.Time{} }

// peer makes the peer that the name of a world ends with, in the world's state. Its steps are parts of a day: an answer
// after a third of a day, the numbers moved after two thirds, the registry's due date after one and a third. So all of
// it happens before the agreed date, which is at least three business days ahead.
func (r *Room) peer(ctx context.Context, name string, w World) (peer, error) {
	step := max(r.Day/3, time.Millisecond)
	var p peer
	switch {
	case strings.HasSuffix(name, "/"+sandbox.Locals):
		o := locals.Options{Step: step, Complete: 2 * step, Now: r.Now, HTTP: r.HTTP, Slow: slow}
		hook := r.Hook
		if r.HookPassword != nil {
			hook.Password = r.HookPassword(ctx)
		}
		if hook.Password != "" {
			o.Hook = hook
		}
		p = locals.New(o)
	case strings.HasSuffix(name, "/"+sandbox.TollFree):
		p = quiet{somos.New(somos.Options{Open: true, User: "sandbox", RespOrg: sandbox.RespOrg, Company: "Portway",
			Step: step, Due: 4 * step, Now: r.Now, Slow: slow})}
	default:
		return nil, errors.New("the sandbox has no such peer")
	}
	if w.Version == 0 {
		return p, nil
	}
	return p, p.Restore(w.State)
}

// slow is how long a slow answer takes: longer than an adapter waits (8 s), shorter than the function may run.
const slow = 10 * time.Second

// serve has the peer answer a call.
func serve(ctx context.Context, p peer, call sandbox.Call) (answer sandbox.Answer) {
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler {
				panic(v)
			}
			answer = sandbox.Answer{} // the connection broke
		}
	}()
	if strings.Contains(call.URL, "/_sim/") { // customers do not steer the simulated peers
		return sandbox.Answer{Status: http.StatusNotFound}
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, call.URL, bytes.NewReader(call.Body))
	if err != nil {
		return sandbox.Answer{Status: http.StatusBadRequest}
	}
	req.Header = call.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Del("Authorization") // IAM has checked the caller
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	p.ServeHTTP(w, req)
	return sandbox.Answer{Status: w.status, Header: w.header, Body: w.body.Bytes()}
}

// recorder is an http.ResponseWriter that keeps the answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }
