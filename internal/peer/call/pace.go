package call

import (
	"context"
	"sync"
	"time"
)

// pace remembers when the last calls went out: the next one goes a second after the oldest of them.
type pace struct {
	mu   sync.Mutex
	out  []time.Time
	next int
}

// slot returns the time from which one more call may go out, and reserves it for the caller.
func (p *pace) slot(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now
	if free := p.out[p.next].Add(time.Second); free.After(at) {
		at = free
	}
	p.out[p.next] = at
	p.next = (p.next + 1) % len(p.out)
	return at
}

// turn waits until the call may go out; ok is false when ctx is over before that. done gives its place back.
func (c *Caller) turn(ctx context.Context) (done func(), ok bool) {
	done = func() {}
	if c.places != nil {
		select {
		case c.places <- struct{}{}:
			done = func() { <-c.places }
		case <-ctx.Done():
			return done, false
		}
	}
	if c.pace == nil {
		return done, true
	}
	now := c.now()
	if d := c.pace.slot(now).Sub(now); d > 0 && c.sleep(ctx, d) != nil {
		done()
		return func() {}, false
	}
	return done, true
}
