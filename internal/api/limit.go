package api

import (
	"sync"
	"time"

	"portway/internal/porting"
)

// Limit is how often an account may call: so many calls a second on average, and so many at once.
type Limit struct {
	PerSecond, Burst int
}

// limiter holds a bucket of tokens for each account. On AWS the usage plan counts over all instances of the function
// and answers before they are asked; each instance counting its own calls is the second lock, and the one that the
// local engine has.
type limiter struct {
	limit Limit

	mu      sync.Mutex
	buckets map[porting.AccountID]tokens
}

// tokens are how many there were left at a time; they come back with time.
type tokens struct {
	left float64
	at   time.Time
}

// maxBuckets bounds what is remembered.
const maxBuckets = 10_000

func newLimiter(l Limit) *limiter {
	return &limiter{limit: l, buckets: map[porting.AccountID]tokens{}}
}

// take takes a token of the account, or says how long it has to wait for one.
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
				if fill(was) >= full { // as good as unknown
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
