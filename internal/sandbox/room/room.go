// Package room is the sandbox's function: it plays the simulated peers, which know nothing from one call to the next but what
// stands in the table.
//
// Every group of orders has a world of its own, so that no others ever meet or wait for each other, and every account one for
// its questions about numbers that are on no order yet. A call reads its world, lets pass what is due by the clock, is answered, and writes
// the world back, where it has changed and nobody else has written it meanwhile; else it is done over. Nothing runs between two calls. Where a carrier has
// something to tell by then, the world falls due, and the schedule's tick has it told.
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

// World is what is known of one peer in one world.
type World struct {
	State   []byte
	Version int64 // 0 where nothing is known yet
}

// ErrOutrun says that another call has written the world since it was read.
var ErrOutrun = errors.New("another call has written the world meanwhile")

// Worlds keeps worlds.
type Worlds interface {
	// Load reads a world; one that nobody has written is empty.
	Load(ctx context.Context, name string) (World, error)
	// Save writes a world over the version that w says, else it answers ErrOutrun. It falls due at next, unless that is zero.
	Save(ctx context.Context, name string, w World, next time.Time) error
	// Due reads the names of worlds that fall due at or before until, at most limit.
	Due(ctx context.Context, until time.Time, limit int) ([]string, error)
}

// Room plays the peers.
type Room struct {
	Worlds Worlds
	Now    func() time.Time
	// Day is how long a day lasts.
	Day time.Duration
	// Hook takes the Locals peer's notices; without a password there are none, and the status check finds what they would tell.
	Hook locals.Hook
	HTTP *http.Client
}

const (
	// tries is how often a call is done over when another one was faster.
	tries = 8
	// page is how many worlds a tick moves on at most; the next one takes the rest.
	page = 500
	// reserve is kept of the caller's time.
	reserve = 5 * time.Second
)

// Handle does one call, or the tick.
func (r *Room) Handle(ctx context.Context, call sandbox.Call) (sandbox.Answer, error) {
	if call.World == "" {
		return r.tick(ctx, call.Time)
	}
	answer, err := r.play(ctx, call.World+"/"+call.Peer, func(p peer) sandbox.Answer { return serve(ctx, p, call) })
	slog.InfoContext(ctx, "played", "world", call.World, "peer", call.Peer, "method", call.Method, "status", answer.Status)
	return answer, err
}

// tick moves on every world in which something is due.
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
		if _, err := r.play(ctx, name, func(peer) sandbox.Answer { return sandbox.Answer{} }); err != nil {
			slog.WarnContext(ctx, "world not moved on", "world", name, "error", porting.Plain(err)) // the next tick tries again
			continue
		}
		ticked++
	}
	return sandbox.Answer{Ticked: ticked}, nil
}

// play does something in a world and writes it back; only then is told what there is to tell.
func (r *Room) play(ctx context.Context, name string, do func(peer) sandbox.Answer) (sandbox.Answer, error) {
	for n := 1; ; n++ {
		w, err := r.Worlds.Load(ctx, name)
		if err != nil {
			return sandbox.Answer{}, err
		}
		p, err := r.peer(name, w)
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
	// Take takes what there is to tell; what it returns tells it.
	Take() (tell func(context.Context))
	// Next is when there is something to tell; zero when there is not.
	Next() time.Time
}

// quiet is the registry: it tells nobody anything.
type quiet struct{ *somos.Server }

func (quiet) Take() func(context.Context) { return func(context.Context) {} }
func (quiet) Next() time.Time             { return time.Time{} }

// The carriers' steps, in parts of a day: an answer in a third of one, the numbers moved in two thirds, the registry's due date
// after one and a third; so all of it happens before the date that was agreed to, three business days or more ahead.
func (r *Room) peer(name string, w World) (peer, error) {
	step := max(r.Day/3, time.Millisecond)
	var p peer
	switch {
	case strings.HasSuffix(name, "/"+sandbox.Locals):
		o := locals.Options{Step: step, Complete: 2 * step, Now: r.Now, HTTP: r.HTTP, Slow: slow}
		if r.Hook.Password != "" {
			o.Hook = r.Hook
		}
		p = locals.New(o)
	case strings.HasSuffix(name, "/"+sandbox.TollFree):
		p = quiet{somos.New(somos.Options{Open: true, User: "sandbox", RespOrg: sandbox.RespOrg, Company: "Portway", Step: step, Due: 4 * step, Now: r.Now, Slow: slow})}
	default:
		return nil, errors.New("the sandbox has no such peer")
	}
	if w.Version == 0 {
		return p, nil
	}
	return p, p.Restore(w.State)
}

// slow is a slow answer: longer than an adapter waits (8 s), shorter than the function may take.
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
	if strings.Contains(call.URL, "/_sim/") { // fate is not the customer's
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
	req.Header.Del("Authorization") // IAM has let the caller in
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	p.ServeHTTP(w, req)
	return sandbox.Answer{Status: w.status, Header: w.header, Body: w.body.Bytes()}
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }
