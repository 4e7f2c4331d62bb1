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

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
)

// Sender tells endpoints what happened. It is safe for concurrent use.
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
	// hold is how long taken work is left to the one who took it: longer than a try.
	hold = 90 * time.Second
	// atOnce is how many deliveries are under way at a time.
	atOnce = 16
	// sweepPage is how much work a sweep reads at a time, and reserve what it keeps of its time for the end.
	sweepPage = 100
	reserve   = limit + 5*time.Second
)

// Tell handles the effect porting.SendWebhook: it writes a delivery for each who wants to be told of the event, once however
// often it is called. Nothing is posted here.
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
	d := Delivery{Account: e.Account, At: e.At, Order: e.Order, Version: e.Version, N: e.N, Type: typeOf(topic), Made: now}
	if topic == porting.StatusChange && e.StatusURL != "" {
		all = append(all, Endpoint{ID: StatusURL})
	}
	for _, to := range all {
		own := to.ID == StatusURL
		if own && (to.Version != 0 || topic != porting.StatusChange) || !own && !to.wants(d.Type) {
			continue // what is stored of StatusURL is its secret alone
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

// Stream delivers what the stream has just handed over. It fails only where the store does: what could not be delivered falls due
// again.
func (s *Sender) Stream(ctx context.Context, dues []orders.Due) error {
	return s.round(ctx, dues, s.Now().UTC()).err
}

// Sweep delivers everything that is due at the book's time.
func (s *Sender) Sweep(ctx context.Context, b *orders.Book) (orders.Swept, error) {
	swept := orders.Swept{Kind: DueDelivery}
	for {
		page, err := s.Store.Due(ctx, DueDelivery, b.Time(), sweepPage)
		if err != nil {
			return swept, err
		}
		swept.Read += len(page)
		r := s.round(ctx, page, b.Time())
		swept.Done, swept.Failed = swept.Done+r.done, swept.Failed+r.failed
		if r.err != nil || len(page) < sweepPage || r.taken == 0 || late(ctx) { // what was taken is due no longer
			return swept, r.err
		}
	}
}

// late says that there is no time left for another try.
func late(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < reserve
}

// round is one bout of deliveries as of an instant.
type round struct {
	*Sender
	at time.Time

	mu                  sync.Mutex
	endpoints           map[string]*opened
	down                map[place]bool // what failed in this round: the account's others to it are not tried in it
	taken, done, failed int
	err                 error
}

// place is where an account has something told: two may name one URL, and neither answers for the other.
type place struct {
	account porting.AccountID
	url     string
}

// opened is an endpoint, read once in a round, with its secrets open.
type opened struct {
	once sync.Once
	Endpoint
	gone bool
	err  error
	// ailing says that a delivery has failed in this round, which the endpoint as it was read does not know.
	ailing atomic.Bool
}

func (s *Sender) round(ctx context.Context, dues []orders.Due, at time.Time) *round {
	r := &round{Sender: s, at: at, endpoints: map[string]*opened{}, down: map[place]bool{}}
	// Keys sort by endpoint, order and change: of one order the first goes first, and takes the others with it.
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
			break // what is left over is swept the next time
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

// follow does the work that is due, and after a delivery what waited behind it.
func (r *round) follow(ctx context.Context, d orders.Due) error {
	for {
		w, ok, err := r.Store.LeaseWork(ctx, d, maxTime(r.at, r.Now().UTC()).Add(hold)) // a round may last longer than a hold
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

// try is one try of taken work.
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
	if r.isDown(place{w.Account, m.URL}) && w.Type != Ping {
		failed = &Failed{Why: "not tried, another delivery had just failed there"}
	} else if a.Status, err = r.Client.Post(ctx, m); err != nil && !errors.As(err, &failed) {
		failed = ours(ctx, w, err)
	}
	a.Took = r.Now().Sub(began)
	if err := r.settle(ctx, w, a, failed); err != nil {
		return false, err
	}
	if failed == nil {
		if !to.FailingSince.IsZero() || to.ailing.Load() {
			err = r.Store.Recovered(ctx, w.Account, w.Endpoint)
		}
		return true, err
	}
	if failed.ours {
		return false, nil
	}
	r.setDown(place{w.Account, m.URL}, failed)
	return false, r.ail(ctx, w, to, failed)
}

// ours is a failure that is no fault of the endpoint's: told to the log, and tried again like the others.
func ours(ctx context.Context, w Work, err error) *Failed {
	slog.ErrorContext(ctx, "webhook not delivered", "endpoint", w.Endpoint, "order", w.Order, "version", w.Version, "error", porting.Plain(err))
	return &Failed{Why: "something went wrong on our side", ours: true}
}

// settle writes what became of a try.
func (r *round) settle(ctx context.Context, w Work, a Attempt, failed *Failed) error {
	w.State, w.Next = Delivered, time.Time{}
	if failed != nil {
		a.Why, w.State, w.Next = failed.Why, Pending, next(w.Due.Tries+1, r.at, failed.After)
		if w.Next.IsZero() || w.Type == Ping { // a test is not repeated
			w.State, w.Next = GivenUp, time.Time{}
		}
	}
	slog.InfoContext(ctx, "webhook", "account", w.Account, "endpoint", w.Endpoint, "order", w.Order, "version", w.Version, "type", w.Type,
		"tries", w.Due.Tries+1, "state", w.State, "status", a.Status, "why", a.Why, "ms", a.Took.Milliseconds())
	if failed == nil {
		r.count(&r.done)
	} else {
		r.count(&r.failed)
	}
	return r.Store.Settle(ctx, w, a)
}

// behind is until when w has to wait for an earlier change of its order; zero when it need not.
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
			// It takes w along when it is delivered; should it not live to, w looks again.
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

// message is the work as it is posted.
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
		e.StatusURL = "" // it may carry a key, and the endpoint is another
	}
	m.Body, err = Compose(e)
	return m, err
}

// ail counts a failure against the endpoint, and pauses one that has been dead for long, or says that it is gone for good
// (410, as Standard Webhooks has it). A status_url is an order's own and goes with it.
func (r *round) ail(ctx context.Context, w Work, to *opened, f *Failed) error {
	if w.Endpoint == StatusURL || w.Type == Ping {
		return nil
	}
	to.ailing.Store(true)
	since, err := r.Store.Failing(ctx, w.Account, w.Endpoint, r.at)
	reason := ""
	switch {
	case err != nil || since.IsZero():
		return err
	case f.Status == http.StatusGone:
		reason = "The endpoint answered 410: it is gone for good."
	case r.at.Sub(since) >= pauseAfter:
		reason = fmt.Sprintf("No delivery has succeeded since %s.", since.UTC().Format("January 2, 2006, 15:04 MST"))
	default:
		return nil
	}
	slog.WarnContext(ctx, "webhook endpoint paused", "account", w.Account, "endpoint", w.Endpoint, "why", reason)
	return r.Store.Pause(ctx, w.Account, w.Endpoint, reason, r.at)
}

// endpoint is whom the work is for.
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

func (r *round) isDown(at place) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down[at]
}

// setDown spares an endpoint that does not answer the rest of the round, and us the waiting. A refusal of one message says
// nothing of the next.
func (r *round) setDown(at place, f *Failed) {
	if f.Status != 0 && f.Status < http.StatusInternalServerError && f.Status != http.StatusTooManyRequests {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[at] = true
}

// TellPaused sweeps the endpoints that were paused, and has notify tell their customers. notify may be called twice for one pause.
func (s *Sender) TellPaused(notify func(context.Context, Endpoint) error) func(context.Context, *orders.Book) (orders.Swept, error) {
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
