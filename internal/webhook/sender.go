package webhook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
)

// Sender writes deliveries of events, and sends them to the endpoints. It is safe for concurrent use.
type Sender struct {
	Store  Store
	Client *Client
	// Open opens sealed secrets.
	Open func(context.Context, secret.Scope, ...secret.Part) error
	Now  func() time.Time
}

const (
	// headStart is how long the stream has before the sweep takes a new delivery over.
	headStart = 2 * time.Minute
	// leaseTerm is how long a worker has leased work to itself. It is longer than a try.
	leaseTerm = 90 * time.Second
	// atOnce is how many deliveries are under way at a time.
	atOnce = 16
	// sweepPage is how much work a sweep reads at a time.
	sweepPage = 100
	// reserve is the part of a function's time that it keeps for the last try.
	reserve = limit + 5*time.Second
)

// Tell carries out the effect porting.SendWebhook: it writes a delivery for each endpoint that wants the event, once
// however often it is called. Stream or Sweep sends it.
func (s *Sender) Tell(ctx context.Context, e porting.Event, _ porting.Order) error {
	topic := e.Topic()
	if topic == "" {
		return nil
	}
	all, err := s.Store.Endpoints(ctx, e.Account)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	d := Delivery{Account: e.Account, At: e.At, Order: e.Order, Version: e.Version, N: e.N, Type: typeOf(topic),
		Made: now}
	if topic == porting.StatusChange && e.StatusURL != "" {
		all = append(all, Endpoint{ID: StatusURL})
	}
	for _, to := range all {
		isStatusURL := to.ID == StatusURL
		stored := isStatusURL && to.Version != 0 // its secret alone is stored; the URL is the order's
		if stored || !isStatusURL && !to.wants(d.Type) {
			continue
		}
		d.Endpoint, d.State, d.Next = to.ID, Pending, now.Add(headStart)
		if to.Paused {
			d.State, d.Next = Missed, time.Time{}
		}
		if err := s.Store.Add(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// Stream sends the deliveries that the table's stream has just handed over. It fails only where the store does: a
// delivery that fails falls due again.
func (s *Sender) Stream(ctx context.Context, dues []orders.Due) error {
	return s.round(ctx, dues, s.Now().UTC()).err
}

// Sweep sends every delivery that is due at the book's time.
func (s *Sender) Sweep(ctx context.Context, b *orders.Book) (orders.Swept, error) {
	swept := orders.Swept{Kind: DueDelivery}
	for measured := false; ; measured = true {
		page, err := s.Store.Due(ctx, DueDelivery, b.Time(), sweepPage)
		if err != nil {
			return swept, err
		}
		if !measured {
			b.MeasureDue(ctx, DueDelivery, page)
		}
		swept.Read += len(page)
		r := s.round(ctx, page, b.Time())
		swept.Done, swept.Failed = swept.Done+r.done, swept.Failed+r.failed
		if r.err != nil || len(page) < sweepPage || r.taken == 0 || late(ctx) { // leased work is no longer due
			return swept, r.err
		}
	}
}

// late says that the function has no time left for another try.
func late(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < reserve
}

// round sends a batch of deliveries as of an instant.
type round struct {
	*Sender
	at time.Time

	mu        sync.Mutex
	endpoints map[string]*opened
	// did not answer in this round, so that the account's other deliveries there are not tried
	down                map[target]bool
	taken, done, failed int
	err                 error
}

// target is a URL of one account. Two accounts may name the same URL; a failure of one says nothing of the other's.
type target struct {
	account porting.AccountID
	url     string
}

// opened is an endpoint with its secrets open. It is read once in a round.
type opened struct {
	once sync.Once
	Endpoint
	gone bool
	err  error
	// failed says that a delivery has failed in this round, which FailingSince, read before, does not tell.
	failed atomic.Bool
}

func (s *Sender) round(ctx context.Context, dues []orders.Due, at time.Time) *round {
	r := &round{Sender: s, at: at, endpoints: map[string]*opened{}, down: map[target]bool{}}
	// Keys sort by endpoint, order and change. So the first delivery of an order goes first, and the others follow it.
	dues = slices.Clone(dues)
	slices.SortFunc(dues, func(a, b orders.Due) int { return cmp.Compare(a.Key, b.Key) })
	queue := make(chan orders.Due)
	var all sync.WaitGroup
	for range min(atOnce, len(dues)) {
		all.Go(func() {
			for d := range queue {
				r.note(orders.Guard(func() error { return r.follow(ctx, d) }))
			}
		})
	}
	for _, d := range dues {
		if late(ctx) {
			break // the next sweep takes the rest
		}
		queue <- d
	}
	close(queue)
	all.Wait()
	return r
}

func (r *round) note(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errors.Join(r.err, err)
}

// follow does the work that is due. After a delivery it goes on with the next work of the same order.
func (r *round) follow(ctx context.Context, d orders.Due) error {
	for {
		// Leases go by the clock, also in a sweep as of another time: a round may last longer than a lease, and a
		// sweep as of a later day must not take what another worker holds today.
		now := r.Now().UTC()
		w, ok, err := r.Store.LeaseWork(ctx, d, now, now.Add(leaseTerm))
		if err != nil || !ok {
			return err
		}
		r.count(&r.taken)
		delivered, err := r.try(ctx, w)
		if err != nil || !delivered || w.Order == "" || late(ctx) {
			return err
		}
		lane, err := r.Store.Lane(ctx, w)
		if err != nil || len(lane) == 0 {
			return err
		}
		d = lane[0].Due
	}
}

// try tries leased work once.
func (r *round) try(ctx context.Context, w Work) (delivered bool, _ error) {
	to, err := r.endpoint(ctx, w)
	if err != nil {
		return false, r.settle(ctx, w, Attempt{At: r.at}, ours(ctx, w, err))
	}
	if to.gone || to.Paused && w.Type != Ping {
		w.State = Missed
		return false, r.Store.Settle(ctx, w, Attempt{})
	}
	if until, err := r.behind(ctx, w); err != nil || !until.IsZero() {
		if err == nil {
			err = r.Store.PutOff(ctx, w, until)
		}
		return false, err
	}
	m, err := r.message(ctx, w, to)
	if err != nil {
		return false, r.settle(ctx, w, Attempt{At: r.at}, ours(ctx, w, err))
	}
	began := r.Now()
	a := Attempt{At: r.at}
	var failed *Failed
	if r.isDown(target{w.Account, m.URL}) && w.Type != Ping {
		failed = &Failed{Why: "We did not try it, because another delivery to this server had just failed."}
	} else if a.Status, err = r.Client.Post(ctx, m); err != nil && !errors.As(err, &failed) {
		failed = ours(ctx, w, err)
	}
	a.Took = r.Now().Sub(began)
	if err := r.settle(ctx, w, a, failed); err != nil {
		return false, err
	}
	if failed == nil {
		if !to.FailingSince.IsZero() || to.failed.Load() {
			err = r.Store.Recovered(ctx, w.Account, w.Endpoint)
		}
		return true, err
	}
	if failed.ours {
		return false, nil
	}
	r.setDown(target{w.Account, m.URL}, failed)
	return false, r.countFailure(ctx, w, to, failed)
}

// ours logs a failure that is not the endpoint's. The work is tried again as any other.
func ours(ctx context.Context, w Work, err error) *Failed {
	slog.ErrorContext(ctx, "webhook not delivered", "endpoint", w.Endpoint, "order", w.Order, "version", w.Version,
		"error", porting.Plain(err))
	return &Failed{Why: "Something went wrong on our side.", ours: true}
}

// settle writes the outcome of a try, and when the next try is.
func (r *round) settle(ctx context.Context, w Work, a Attempt, failed *Failed) error {
	w.State, w.Next = Delivered, time.Time{}
	if failed != nil {
		a.Why, w.State, w.Next = failed.Why, Pending, next(w.Due.Tries+1, r.at, failed.After)
		if w.Next.IsZero() || w.Type == Ping { // a test is tried once
			w.State, w.Next = GivenUp, time.Time{}
		}
	}
	slog.InfoContext(ctx, "webhook", "account", w.Account, "endpoint", w.Endpoint, "order", w.Order, "version",
		w.Version, "type", w.Type,
		"tries", w.Due.Tries+1, "state", w.State, "status", a.Status, "why", a.Why, "ms", a.Took.Milliseconds())
	if failed == nil {
		r.count(&r.done)
	} else {
		r.count(&r.failed)
	}
	return r.Store.Settle(ctx, w, a)
}

// behind is the time until which w has to wait for the delivery of an earlier change of its order; zero where it need
// not wait.
func (r *round) behind(ctx context.Context, w Work) (time.Time, error) {
	if w.Order == "" {
		return time.Time{}, nil
	}
	lane, err := r.Store.Lane(ctx, w)
	if err != nil {
		return time.Time{}, err
	}
	for _, other := range lane {
		earlier := other.Version < w.Version || other.Version == w.Version && other.N < w.N
		if earlier && r.at.Before(other.Made.Add(holdBack)) {
			// The worker that delivers the earlier change goes on with w. If it dies before that, w falls due by
			// itself.
			return maxTime(other.Due.At, r.at.Add(time.Minute)), nil
		}
	}
	return time.Time{}, nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// message is the request that delivers the work.
func (r *round) message(ctx context.Context, w Work, to *opened) (Message, error) {
	m := Message{URL: to.URL, ID: w.ID(), Sequence: w.Version, At: r.Now()}
	for _, s := range to.signs(r.at) {
		m.Secrets = append(m.Secrets, s.Secret)
	}
	if w.Type == Ping {
		body, err := composePing(w.Delivery)
		m.Body = body
		return m, err
	}
	e, err := r.Store.EventOf(ctx, w.Delivery)
	if err != nil {
		return Message{}, err
	}
	if w.Endpoint == StatusURL {
		m.URL = e.StatusURL
	} else {
		e.StatusURL = "" // it may hold a key, which is not for this endpoint
	}
	m.Body, err = Compose(e)
	return m, err
}

// countFailure notes a failure of the endpoint. It pauses an endpoint that has answered nothing for a day, and one that
// answers 410, by which Standard Webhooks says that the endpoint is gone for good. A status_url is never paused: it
// ends with its order.
func (r *round) countFailure(ctx context.Context, w Work, to *opened, f *Failed) error {
	if w.Endpoint == StatusURL || w.Type == Ping {
		return nil
	}
	to.failed.Store(true)
	since, err := r.Store.Failing(ctx, w.Account, w.Endpoint, r.at)
	reason, why := "", "gone"
	switch {
	case err != nil || since.IsZero():
		return err
	case f.Status == http.StatusGone:
		reason = "Your server answered 410 (Gone), which says that the endpoint is gone for good."
	case r.at.Sub(since) >= pauseAfter:
		why = "failing"
		reason = fmt.Sprintf("No delivery has succeeded since %s.",
			since.UTC().Format("Monday, January 2, 2006, 15:04 MST"))
	default:
		return nil
	}
	metric.Count(ctx, r.Now().UTC(), metric.WebhookPaused, why, "account", w.Account, "endpoint", w.Endpoint, "reason",
		reason)
	return r.Store.Pause(ctx, w.Account, w.Endpoint, reason, r.at)
}

// endpoint finds the endpoint that the work is for.
func (r *round) endpoint(ctx context.Context, w Work) (*opened, error) {
	r.mu.Lock()
	key := string(w.Account) + "#" + w.Endpoint
	o := r.endpoints[key]
	if o == nil {
		o = &opened{}
		r.endpoints[key] = o
	}
	r.mu.Unlock()
	o.once.Do(func() {
		o.Endpoint, o.err = r.Store.Endpoint(ctx, w.Account, w.Endpoint)
		if porting.Is(o.err, porting.NotFound) {
			o.gone, o.err = w.Endpoint != StatusURL, nil
			return
		}
		if o.err == nil {
			o.Secrets = o.signs(r.at)
			o.err = r.Open(ctx, scope(w.Account), o.parts()...)
		}
	})
	return o, o.err
}

func (r *round) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

func (r *round) isDown(at target) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down[at]
}

// setDown keeps the round from waiting again for a target that does not answer. A refusal of one message says nothing
// of the next, so after a refusal the round goes on.
func (r *round) setDown(at target, f *Failed) {
	if f.Status != 0 && f.Status < http.StatusInternalServerError && f.Status != http.StatusTooManyRequests {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[at] = true
}

// TellPaused sweeps the endpoints that were paused, and has notify tell their customers. notify may be called twice for
// one pause.
func (s *Sender) TellPaused(
	notify func(context.Context, Endpoint) error,
) func(context.Context, *orders.Book) (orders.Swept, error) {
	return func(ctx context.Context, b *orders.Book) (orders.Swept, error) {
		return b.Sweep(ctx, DuePause, 0, func(ctx context.Context, _ *orders.Book, d orders.Due) error {
			e, err := s.Store.Paused(ctx, d)
			if err != nil {
				return err
			}
			if e.PausedByUs() {
				if err := notify(ctx, e); err != nil {
					return err
				}
			}
			return s.Store.PauseTold(ctx, d)
		})
	}
}
