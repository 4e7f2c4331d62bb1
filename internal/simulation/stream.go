package simulation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"portway/internal/orders"
	"portway/internal/webhook"
)

// shard delivers records in their order, one batch at a time.
type shard struct {
	fn      string
	name    string
	mu      sync.Mutex
	records []orders.Due
	wake    chan struct{}
}

// shards of the table's stream, by function: the parallelization factor of the template.
var shardsOf = map[string]int{"notify": 4, "deliver": 10}

// readers starts a reader for each shard. All wait before the first record comes: a reader that began with a record would
// read it at once or after a wait, as the scheduler has it.
func (w *World) readers() {
	for fn, n := range shardsOf {
		for k := range n {
			s := &shard{fn: fn, name: fmt.Sprintf("%s-%d", fn, k), wake: make(chan struct{}, 1)}
			w.shards[fn] = append(w.shards[fn], s)
			go w.readShard(s)
		}
	}
}

// streamed takes an event or a delivery that was written.
func (w *World) streamed(d orders.Due) {
	fn := "notify"
	if d.Kind == webhook.DueDelivery {
		fn = "deliver"
	}
	pick := roll(0, fn, cmp.Or(string(d.Order), d.Key))
	s := w.shards[fn][pick.below(shardsOf[fn])]
	s.mu.Lock()
	s.records = append(s.records, d)
	s.mu.Unlock()
	signal(s.wake)
	for _, wake := range w.wakeups {
		signal(wake)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// readShard hands the records of a shard to its function. A batch whose function fails is handed over four times at
// most.
func (w *World) readShard(s *shard) {
	for n := 0; ; n++ {
		s.mu.Lock()
		batch := slices.Clone(s.records[:min(len(s.records), 10)])
		s.records = s.records[len(batch):]
		s.mu.Unlock()
		if len(batch) == 0 {
			select {
			case <-s.wake:
				d := roll(w.plan.Seed, "stream", s.name, fmt.Sprint(n))
				w.sleep(w.ctx, d.between(20*time.Millisecond, 600*time.Millisecond))
				continue
			case <-w.ctx.Done():
				return
			}
		}
		switch w.mishap(Stream, fmt.Sprint(s.name, n)) {
		case Lost:
			continue
		case Late:
			d := roll(w.plan.Seed, "late", s.name, fmt.Sprint(n))
			w.sleep(w.ctx, d.between(time.Second, of(&d, time.Minute, 10*time.Minute, 3*time.Hour)))
		case Twice:
			_, _ = w.invoke(s.fn, fmt.Sprintf("%s/%d/first", s.name, n), func(ctx context.Context, i *instance) error {
				return i.stream(ctx, batch)
			})
		}
		for try := range 4 {
			id := fmt.Sprintf("%s/%d/%d", s.name, n, try)
			died, err := w.invoke(s.fn, id, func(ctx context.Context, i *instance) error { return i.stream(ctx, batch) })
			if !died && err == nil || w.ctx.Err() != nil {
				break
			}
			d := roll(w.plan.Seed, "stream again", id)
			w.sleep(w.ctx, d.between(time.Second, 3*time.Second))
		}
	}
}
