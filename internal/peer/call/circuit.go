package call

import (
	"sync"
	"time"
)

// circuit keeps calls away from a peer that has failed limit times in a row. When rest is over one call may probe; the
// others still stay away until it has come back well.
type circuit struct {
	limit int
	rest  time.Duration

	mu      sync.Mutex
	failed  int
	until   time.Time
	probing bool
}

// enter says whether a call may go out now. Each enter that was let in is followed by succeed, fail or leave.
func (c *circuit) enter(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.failed < c.limit:
		return true
	case c.probing || now.Before(c.until):
		return false
	}
	c.probing = true
	return true
}

func (c *circuit) succeed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed, c.probing = 0, false
}

// fail notes a failure. opened says that calls are kept away from now on: after the first failures in a row, or after a
// probe.
func (c *circuit) fail(now time.Time) (opened bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
	if c.failed >= c.limit {
		opened = c.failed == c.limit || c.probing
		c.until = now.Add(c.rest)
	}
	c.probing = false
	return opened
}

// leave ends a call that told nothing about the peer.
func (c *circuit) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probing = false
}
