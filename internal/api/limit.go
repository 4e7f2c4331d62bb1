package api

import (
	"sync"
	"time"

	"portway/internal/porting"
)

// Limit says how often an account may call: PerSecond on average, and at most Burst at once.
type Limit struct {
	PerSecond, Burst int
}

// limiter holds a bucket of tokens for each account, and a call takes one token. Each instance of the function counts
// the calls that it gets itself. On AWS the usage plan of the gateway counts over all instances, and refuses before an
// instance is called. So this limit is the second one on AWS, and the only one on the local engine.
type limiter struct {
	limit Limit

	mu      sync.Mutex
	buckets map[porting.AccountID]tokens
}

// tokens says how many tokens a bucket had left at a time. A bucket fills again by Limit.PerSecond.
type tokens struct {
	left float64
	at   time.Time
}

// maxBuckets is how many accounts a limiter remembers before it forgets those whose buckets are full.
const maxBuckets = 10_000

func newLimiter(l Limit) *limiter {
	return &limiter{limit: l, buckets: map[porting.AccountID]tokens{}}
}

// take takes a token of the account and returns 0. If there is none, take returns the time until there is one.
func (l *limiter) take(id porting.AccountID, now time.Time) time.Duration {
	if l.limit.PerSecond <= 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	full, perSecond := float64(max(l.limit.Burst, 1)), float64(l.limit.PerSecond)
	fill := func(b tokens) float64 {
		return min(full, b.left+max(0, now.Sub(b.at).Seconds())*perSecond)
	}
	b, known := l.buckets[id]
	if !known {
		b = tokens{full, now}
		if len(l.buckets) >= maxBuckets {
			for other, was := range l.buckets {
				if fill(was) >= full { // the account would begin with as many
					delete(l.buckets, other)
				}
			}
		}
	}
	b = tokens{fill(b), now}
	wait := time.Duration(0)
	if b.left < 1 {
		wait = time.Duration((1 - b.left) / perSecond * float64(time.Second))
	} else {
		b.left--
	}
	l.buckets[id] = b
	return wait
}
