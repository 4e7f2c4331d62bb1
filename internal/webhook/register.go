package webhook

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
)

// Register is the customer's side: which endpoints the account has, and what was told to them. Another account's are as unknown as
// none. It seals secrets and can't open them.
type Register struct {
	Store  Store
	Seal   func(context.Context, secret.Scope, ...secret.Part) error
	Now    func() time.Time
	Random io.Reader
	// AllowPrivate lets http and private addresses be endpoints, on the local stack alone.
	AllowPrivate bool
}

// The answers for what is not there, or is another account's.
var (
	ErrNoEndpoint = porting.Errorf(porting.NotFound, "No such webhook")
	ErrNoDelivery = porting.Errorf(porting.NotFound, "No such delivery")
)

// tries is how often a change is made again that was outrun.
const tries = 3

// Check says with what error Create would refuse an endpoint, after the faults that the caller found already.
func (g *Register) Check(ctx context.Context, e Endpoint, found porting.Faults) error {
	if err := found.Merge(e.check(g.AllowPrivate)); err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return err
	}
	if e.Version > 0 {
		return nil
	}
	all, err := g.List(ctx, e.Account)
	if err == nil && len(all) >= MostEndpoints {
		err = porting.Errorf(porting.WrongStatus, "An account has at most %d webhooks; delete one first.", MostEndpoints)
	}
	return err
}

// Answer is called with an endpoint before it is written, and may give the receipt to be written along.
type Answer func(Endpoint) *orders.Receipt

// Create makes an endpoint, unless it has faults or the caller found some. Its secret comes back open, this once.
func (g *Register) Create(ctx context.Context, e Endpoint, found porting.Faults, answer Answer) (Endpoint, error) {
	if err := g.Check(ctx, e, found); err != nil {
		return Endpoint{}, err
	}
	id, err := g.newID()
	if err != nil {
		return Endpoint{}, err
	}
	e.ID, e.Version, e.Created = id, 1, g.Now().UTC()
	if e.Paused {
		e.PausedAt = e.Created
	}
	return g.freshSecret(ctx, e, answer)
}

const (
	idPrefix = "we"
	idBytes  = 10
)

var ids = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (g *Register) newID() (string, error) {
	raw := make([]byte, idBytes)
	if _, err := io.ReadFull(g.Random, raw); err != nil {
		return "", fmt.Errorf("draw an id: %w", err)
	}
	return idPrefix + ids.EncodeToString(raw), nil
}

// isID says whether id can be an endpoint's; nothing else is asked of the store, whose keys have an end.
func isID(id string) bool {
	text, ok := strings.CutPrefix(id, idPrefix)
	_, err := ids.DecodeString(text)
	return id == StatusURL || ok && err == nil && len(text) == ids.EncodedLen(idBytes)
}

// find reads an endpoint.
func (g *Register) find(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	if !isID(id) {
		return Endpoint{}, ErrNoEndpoint
	}
	return g.Store.Endpoint(ctx, account, id)
}

// freshSecret saves e with a new secret in front of those that it has, which sign on for a while.
func (g *Register) freshSecret(ctx context.Context, e Endpoint, answer Answer) (Endpoint, error) {
	fresh, err := newSecret(g.Random)
	if err != nil {
		return Endpoint{}, err
	}
	now := g.Now().UTC()
	secrets := []Signing{{Secret: fresh}}
	for _, s := range e.signs(now) {
		if end := now.Add(overlap); s.Until.IsZero() || s.Until.After(end) {
			s.Until = end
		}
		secrets = append(secrets, s)
	}
	e.Secrets = secrets[:min(len(secrets), mostSecrets)]
	if err := g.Seal(ctx, scope(e.Account), e.parts()...); err != nil {
		return Endpoint{}, err
	}
	shown := e
	shown.Secrets = slices.Clone(e.Secrets)
	shown.Secrets[0].Secret = fresh
	return shown, g.Store.SaveEndpoint(ctx, e, answer(shown))
}

// List are the account's own endpoints, the oldest first.
func (g *Register) List(ctx context.Context, account porting.AccountID) ([]Endpoint, error) {
	all, err := g.Store.Endpoints(ctx, account)
	all = slices.DeleteFunc(all, func(e Endpoint) bool { return e.ID == StatusURL })
	slices.SortStableFunc(all, func(a, b Endpoint) int { return a.Created.Compare(b.Created) })
	return all, err
}

// Endpoint is one of them, or StatusURL.
func (g *Register) Endpoint(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	e, err := g.find(ctx, account, id)
	if porting.Is(err, porting.NotFound) && id == StatusURL {
		return Endpoint{ID: StatusURL, Account: account}, nil
	}
	return e, err
}

// own is an endpoint of the account's own making.
func (g *Register) own(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	if id == StatusURL {
		return Endpoint{}, porting.Errorf(porting.WrongStatus, "This stands for the orders' status_url, which is the orders' own.")
	}
	return g.find(ctx, account, id)
}

// Change changes an endpoint: where it is, what it is told, whether it is paused. A change that lets it go on forgets its failures.
// When dry it is only tried.
func (g *Register) Change(ctx context.Context, account porting.AccountID, id string, dry bool, change func(*Endpoint) []porting.Fault, answer Answer) (Endpoint, error) {
	for n := 1; ; n++ {
		e, err := g.own(ctx, account, id)
		if err != nil {
			return Endpoint{}, err
		}
		was := e
		found := change(&e)
		if err := g.Check(ctx, e, found); err != nil {
			return Endpoint{}, err
		}
		switch {
		case e.Paused && !was.Paused:
			e.PausedAt, e.Why = g.Now().UTC(), ""
		case !e.Paused:
			e.PausedAt, e.Why = time.Time{}, ""
		}
		if was.Paused && !e.Paused || was.URL != e.URL {
			e.FailingSince = time.Time{}
		}
		if e.Version++; dry {
			return e, nil
		}
		if err := g.Store.SaveEndpoint(ctx, e, answer(e)); !porting.Is(err, porting.Stale) || n >= tries {
			return e, err
		}
	}
}

// Remove ends an endpoint: what was still to be told to it is not.
func (g *Register) Remove(ctx context.Context, account porting.AccountID, id string, answer Answer) (Endpoint, error) {
	e, err := g.own(ctx, account, id)
	if err != nil {
		return Endpoint{}, err
	}
	return e, g.Store.RemoveEndpoint(ctx, account, id, answer(e))
}

// Rotate gives an endpoint, or StatusURL, a new secret, which comes back open, this once. The old one signs beside it for a day.
func (g *Register) Rotate(ctx context.Context, account porting.AccountID, id string, answer Answer) (Endpoint, error) {
	e, err := g.Endpoint(ctx, account, id)
	if err != nil {
		return Endpoint{}, err
	}
	if e.Version == 0 {
		e.Created = g.Now().UTC()
	}
	e.Version++
	return g.freshSecret(ctx, e, answer)
}

// Ping has a test delivered, at once and to a paused endpoint too; what becomes of it is read like any delivery.
func (g *Register) Ping(ctx context.Context, account porting.AccountID, id string) (Delivery, error) {
	if _, err := g.own(ctx, account, id); err != nil {
		return Delivery{}, err
	}
	now := g.Now().UTC()
	d := Delivery{Account: account, Endpoint: id, At: now, Type: Ping, State: Pending, Made: now, Next: now}
	return d, g.Store.Add(ctx, d)
}

// Deliveries are what an endpoint was told, and is still to be told.
func (g *Register) Deliveries(ctx context.Context, account porting.AccountID, id string, before string, limit int) ([]Delivery, error) {
	if _, err := g.Endpoint(ctx, account, id); err != nil {
		return nil, err
	}
	p := Page{Limit: limit}
	if before != "" {
		d, ok := parseID(account, id, before)
		if !ok {
			return nil, ErrNoDelivery
		}
		p.Before = &d
	}
	return g.Store.Deliveries(ctx, account, id, p)
}

// Delivery is one of them.
func (g *Register) Delivery(ctx context.Context, account porting.AccountID, id, delivery string) (Delivery, error) {
	if _, err := g.Endpoint(ctx, account, id); err != nil {
		return Delivery{}, err
	}
	d, ok := parseID(account, id, delivery)
	if !ok {
		return Delivery{}, ErrNoDelivery
	}
	return g.Store.Delivery(ctx, d)
}

// live is an endpoint that can be told something.
func (g *Register) live(ctx context.Context, account porting.AccountID, id string) error {
	e, err := g.Endpoint(ctx, account, id)
	if err == nil && e.Paused {
		err = porting.Errorf(porting.WrongStatus, "The webhook is paused; let it go on first.")
	}
	return err
}

// Replay has a delivery made again, whatever became of it, under the same id.
func (g *Register) Replay(ctx context.Context, account porting.AccountID, id, delivery string) (Delivery, error) {
	if err := g.live(ctx, account, id); err != nil {
		return Delivery{}, err
	}
	d, err := g.Delivery(ctx, account, id, delivery)
	if err != nil {
		return Delivery{}, err
	}
	return g.again(ctx, d)
}

func (g *Register) again(ctx context.Context, d Delivery) (Delivery, error) {
	now := g.Now().UTC()
	d.State, d.Made, d.Next = Pending, now, now
	return d, g.Store.Requeue(ctx, d)
}

// MostReplayed is how many deliveries one call queues.
const MostReplayed = 500

// ReplayRange queues the deliveries of the events from one instant until before another, the oldest first: those that did not arrive,
// among them what waits for a later try, or all. Where it stops short, rest is the instant from which another call goes on, and zero otherwise. Pings are left out.
func (g *Register) ReplayRange(ctx context.Context, account porting.AccountID, id string, from, to time.Time, all bool) (queued int, rest time.Time, _ error) {
	if err := g.live(ctx, account, id); err != nil {
		return 0, time.Time{}, err
	}
	found, err := g.Store.Deliveries(ctx, account, id, Page{From: from, To: to, Limit: MostReplayed + 1, Oldest: true})
	if err != nil {
		return 0, time.Time{}, err
	}
	for n, d := range found {
		if n == MostReplayed {
			return queued, d.At, nil
		}
		if d.Type == Ping || d.State == Delivered && !all {
			continue
		}
		if _, err := g.again(ctx, d); err != nil && !errors.Is(err, ErrNoDelivery) { // its time to be kept was over just now
			return queued, d.At, err
		}
		queued++
	}
	return queued, time.Time{}, nil
}
