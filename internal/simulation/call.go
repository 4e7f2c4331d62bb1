package simulation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"portway/internal/storetest"
)

// invocation is one run of a function, or somebody outside who makes calls. Its calls draw from its own name.
type invocation struct {
	w  *World
	id string
	// function says that a process of ours makes the calls, which may crash.
	function bool
	died     atomic.Bool

	mu     sync.Mutex
	counts map[string]int
}

type invocationKey struct{}
type scopeKey struct{}

// as returns a context whose calls are those of a new invocation with that name.
func (w *World) as(ctx context.Context, id string) (context.Context, *invocation) {
	inv := &invocation{w: w, id: id, counts: map[string]int{}}
	return context.WithValue(ctx, invocationKey{}, inv), inv
}

func invocationOf(ctx context.Context) *invocation {
	inv, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		panic("a call without an invocation")
	}
	return inv
}

// scoped returns a context whose calls are told apart from other calls that the same invocation makes at the same time.
func scoped(ctx context.Context, name string) context.Context {
	was, _ := ctx.Value(scopeKey{}).(string)
	return context.WithValue(ctx, scopeKey{}, was+"/"+name)
}

// name names a call among all calls of the world.
func (inv *invocation) name(ctx context.Context, what string) string {
	scope, _ := ctx.Value(scopeKey{}).(string)
	what = inv.id + scope + " " + what
	inv.mu.Lock()
	defer inv.mu.Unlock()
	inv.counts[what]++
	return what + " " + strconv.Itoa(inv.counts[what])
}

var (
	// Each of these holds a secret, as the error of a library may. It must not be shown.
	errThrottled = errors.New("too many calls: " + storetest.SecretAccount)
	errAway      = errors.New("no connection: " + storetest.SecretAccount)
	errLost      = errors.New("connection reset: " + storetest.SecretAccount)
	errDead      = errors.New("the process is dead")
)

// latency is how long one half of a call to a part takes.
var latency = map[Part][2]time.Duration{
	Table:    {500 * time.Microsecond, 8 * time.Millisecond},
	Keys:     {time.Millisecond, 10 * time.Millisecond},
	Machines: {5 * time.Millisecond, 60 * time.Millisecond},
	Mail:     {10 * time.Millisecond, 200 * time.Millisecond},
	Storage:  {5 * time.Millisecond, 60 * time.Millisecond},
	Bus:      {5 * time.Millisecond, 60 * time.Millisecond},
}

// farLatency is the same for a part that is not on AWS.
var farLatency = [2]time.Duration{15 * time.Millisecond, 700 * time.Millisecond}

// call makes one call of a part: it is on its way for a while, has its effect, and its answer is on its way for a while.
// The faults of the plan may let either half get lost. again has the effect without an answer to anybody; a call without
// it has its effect neither late nor twice.
func (w *World) call(ctx context.Context, p Part, what string, effect func() error, again ...func()) error {
	inv := invocationOf(ctx)
	if inv.died.Load() {
		return errDead
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	name := inv.name(ctx, what)
	d := roll(w.plan.Seed, name)
	takes, ok := latency[p]
	if !ok {
		takes = farLatency
	}
	there, back, silence := d.between(takes[0], takes[1]), d.between(takes[0], takes[1]), w.silence(p)
	if at, _ := ctx.Value(instantKey{}).(bool); at {
		there, back, silence = 0, 0, 0
	}
	w.steps.Add(1)
	hit := w.mishap(p, name)
	if hit == "" && inv.function && w.mishap(Functions, name) == Crash {
		hit = Crash
	}
	if hit == Late || hit == Twice {
		if len(again) == 0 {
			hit = Slow
		} else {
			later := d.between(time.Second, of(&d, 5*time.Second, 40*time.Second, 4*time.Minute))
			go func() {
				time.Sleep(there + later)
				w.trace(name, "late")
				again[0]()
			}()
		}
	}
	arrived := w.sleep(ctx, there)
	w.trace(name, string(hit))
	switch {
	case hit == Away:
		w.sleep(ctx, back)
		return errAway
	case hit == Throttled:
		w.sleep(ctx, back)
		return errThrottled
	case hit == LostCall, hit == Late:
		w.sleep(ctx, silence)
		return errLost
	case hit == Crash && d.chance(0.5):
		inv.died.Store(true)
		return errDead
	case !arrived:
		return ctx.Err()
	case inv.died.Load():
		return errDead
	}
	err := effect()
	switch hit {
	case LostAnswer:
		w.sleep(ctx, back+silence)
		return errLost
	case Crash:
		inv.died.Store(true)
	case Slow:
		if back > 0 {
			back += d.between(time.Second, 25*time.Second)
		}
	}
	if !w.sleep(ctx, back) {
		return ctx.Err()
	}
	if inv.died.Load() {
		return errDead
	}
	return err
}

// silence is how long a caller waits for an answer that does not come, unless it gives up before.
func (w *World) silence(p Part) time.Duration {
	if _, ours := latency[p]; ours {
		return 3 * time.Second // the SDK's own tries
	}
	return time.Minute
}

// mishap returns the kind of the fault that hits a call; empty for none.
func (w *World) mishap(p Part, name string) Kind {
	now := w.since()
	for _, f := range w.plan.Faults {
		if f.Part != p || now < f.From || now >= f.From+f.For || f.Kind == Lagging || f.Kind == Forgetful || f.Kind == Kill {
			continue
		}
		d := roll(w.plan.Seed, "hit", strconv.Itoa(f.N), name)
		if d.chance(f.Share) {
			w.hit(p, f.Kind, 1)
			return f.Kind
		}
	}
	return ""
}

// hit counts what a fault has hit.
func (w *World) hit(p Part, k Kind, n int) {
	w.hitting.Lock()
	defer w.hitting.Unlock()
	w.hits[Trouble{p, k}] += n
}

// state returns the kind of the trouble that a peer is in as a whole; empty for none.
func (w *World) state(p Part) Kind {
	now := w.since()
	for _, f := range w.plan.Faults {
		if f.Part == p && now >= f.From && now < f.From+f.For && (f.Kind == Lagging || f.Kind == Forgetful) {
			return f.Kind
		}
	}
	return ""
}

type instantKey struct{}

// instantly returns a context whose calls take no time. A call that is made under a lock of the caller needs it: a
// goroutine that waits for a lock keeps the clock from going on.
func instantly(ctx context.Context) context.Context {
	return context.WithValue(ctx, instantKey{}, true)
}

// sleep waits. It reports false where ctx ended first.
func (w *World) sleep(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// trace writes a line of what happens, where the history is kept.
func (w *World) trace(what string, more ...string) {
	if !w.keepTrace {
		return
	}
	line := fmt.Sprintf("%s %s %s", w.since(), what, strings.Join(more, " "))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, strings.TrimSpace(line))
}
