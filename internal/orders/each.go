package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// EachWithin is how long a call about a whole group works: the gateway hangs up after 29 seconds, and the last order still
// has to be finished.
const EachWithin = 18 * time.Second

// Each calls act for each of the orders, one after the other, until the time is over. It returns how many of them it has
// come to, one at least. What act has done stays done: a caller who goes on later begins with the first order again, whose
// act has to find that it was done.
func (b *Book) Each(ctx context.Context, all []porting.Order, within time.Duration, act func(context.Context, porting.Order)) int {
	began := b.Now()
	for n, o := range all {
		if n > 0 && (ctx.Err() != nil || b.Now().Sub(began) >= within) {
			return n
		}
		act(ctx, o)
	}
	return len(all)
}
