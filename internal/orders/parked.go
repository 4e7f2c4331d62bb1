package orders

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/metric"
	"portway/internal/porting"
)

// Work that has failed for a day is parked: staff see it with the reason, an alarm tells of it, and it is tried slowly
// from then on. It is never given up by itself. What belongs to an order's dates goes when the order moves on; what else
// is parked is an effect that is still owed: a mail, a request to withdraw, numbers to free.

// parkedFor returns the time between the n-th failure and the next try of parked work: 6 hours for the first day, since
// most trouble is over by then, and a day afterwards.
func parkedFor(n int) time.Duration {
	if n < parkAfter+4 {
		return 6 * time.Hour
	}
	return 24 * time.Hour
}

// parkedMost is how much parked work is read at a time. DynamoDB reads about as many keys of a shard in one call.
const parkedMost = 10_000

// always is later than every due date.
var always = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// SweepParked returns the parked work that is due at the book's time to the sweeps of its own kind, which try it once:
// with success it is parked no more, and with one more failure it is parked again, by the reason of then. It counts all
// that is parked by kind, as the metric Parked, and measures what it returns in hours since it was first parked, as the
// metric ParkedHours.
func (b *Book) SweepParked(ctx context.Context) (Swept, error) {
	s := Swept{Kind: DueParked}
	all, err := b.Store.Due(ctx, DueParked, always, parkedMost)
	if err != nil {
		return s, err
	}
	count := map[DueKind]int{}
	now := b.Now().UTC()
	for _, d := range all {
		count[d.Of]++
		if d.At.After(b.Time()) {
			continue
		}
		s.Read++
		q, ok, err := b.Store.Unpark(ctx, d, b.soon())
		if err != nil {
			return s, err
		}
		if ok {
			s.Done++
			metric.Gauge(ctx, now, metric.ParkedHours, string(q.Kind), int(now.Sub(q.Since).Hours()), "order", d.Order)
		}
	}
	for kind, n := range count {
		metric.Gauge(ctx, now, metric.Parked, string(kind), n)
	}
	return s, nil
}

// soon is when work that is returned falls due: now, and not after the time as of which the other sweeps of this run
// look.
func (b *Book) soon() time.Time {
	if now := b.Now().UTC(); now.Before(b.Time()) {
		return now
	}
	return b.Time()
}

// Parked says which parked work is meant. An empty field means all.
type Parked struct {
	Order porting.OrderID
	Kind  DueKind // of the work
	Key   string
}

func (p Parked) matches(d Due) bool {
	return (p.Order == "" || p.Order == d.Order) && (p.Kind == "" || p.Kind == d.Of) && (p.Key == "" || p.Key == d.Key)
}

// ParkedWork lists what is parked.
func (b *Book) ParkedWork(ctx context.Context, of Parked) ([]Due, error) {
	all, err := b.Store.Due(ctx, DueParked, always, parkedMost)
	var found []Due
	for _, d := range all {
		if of.matches(d) {
			found = append(found, d)
		}
	}
	return found, err
}

// ReleaseParked has parked work tried at once: the next sweep of its kind takes it. It returns what it has released.
func (b *Book) ReleaseParked(ctx context.Context, of Parked, by string) ([]Due, error) {
	all, err := b.ParkedWork(ctx, of)
	if err != nil {
		return nil, err
	}
	var released []Due
	for _, d := range all {
		_, ok, err := b.Store.Unpark(ctx, d, b.soon())
		if err != nil {
			return released, err
		}
		if ok {
			released = append(released, d)
			slog.InfoContext(ctx, "parked work released", "order", d.Order, "kind", d.Of, "by", by)
		}
	}
	return released, nil
}
