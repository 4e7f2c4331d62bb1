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

// Register is the customer's side of webhooks: the account's endpoints, and the deliveries to them. An endpoint of
// another account is answered as one that does not exist. The register seals secrets and can't open them.
type Register struct {
	Store  Store
	Seal   func(context.Context, secret.Scope, ...secret.Part) error
	Now    func() time.Time
	Random io.Reader
	// AllowPrivate allows http and private addresses, which only the local stack does.
	AllowPrivate bool
}

// The errors for what does not exist, or belongs to another account.
var (
	ErrNoEndpoint = porting.Errorf(porting.NotFound, "The account has no such webhook.")
	ErrNoDelivery = porting.Errorf(porting.NotFound, "The webhook has no such delivery.")
)

// check tells the faults of an endpoint with those that the caller found, or refuses a new endpoint where the account
// has enough.
func (g *Register) check(ctx context.Context, e Endpoint, found porting.Faults) error {
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
		err = porting.Errorf(porting.WrongStatus, "An account has at most %d webhooks. Delete one first.",
			MostEndpoints)
	}
	return err
}

// PlanNew makes an endpoint with an id and an open secret, unless it has faults or the caller found some. Save writes
// it.
func (g *Register) PlanNew(ctx context.Context, e Endpoint, found porting.Faults) (Endpoint, error) {
	if err := g.check(ctx, e, found); err != nil {
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
	return g.freshSecret(e)
}

// Save writes an endpoint that was planned, with its open secret sealed, and with it the receipt where there is one.
// Stale means that the endpoint has changed since the plan.
func (g *Register) Save(ctx context.Context, e Endpoint, r *orders.Receipt) error {
	e.Secrets = slices.Clone(e.Secrets) // the caller shows the open one
	if err := g.Seal(ctx, scope(e.Account), e.parts()...); err != nil {
		return err
	}
	return g.Store.SaveEndpoint(ctx, e, r)
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

// isID says whether id has the form of an endpoint's id. Other ids are not looked up, since the length of the store's
// keys is limited.
func isID(id string) bool {
	text, ok := strings.CutPrefix(id, idPrefix)
	_, err := ids.DecodeString(text)
	return id == StatusURL || ok && err == nil && len(text) == ids.EncodedLen(idBytes)
}

// find reads an endpoint, or says that there is none.
func (g *Register) find(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	if !isID(id) {
		return Endpoint{}, ErrNoEndpoint
	}
	return g.Store.Endpoint(ctx, account, id)
}

// freshSecret returns e with a new secret before those that it has, which sign for another day.
func (g *Register) freshSecret(e Endpoint) (Endpoint, error) {
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
	return e, nil
}

// List reads the account's endpoints, the oldest first, without StatusURL.
func (g *Register) List(ctx context.Context, account porting.AccountID) ([]Endpoint, error) {
	all, err := g.Store.Endpoints(ctx, account)
	all = slices.DeleteFunc(all, func(e Endpoint) bool { return e.ID == StatusURL })
	slices.SortStableFunc(all, func(a, b Endpoint) int { return a.Created.Compare(b.Created) })
	return all, err
}

// Endpoint reads one endpoint, or StatusURL.
func (g *Register) Endpoint(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	e, err := g.find(ctx, account, id)
	if porting.Is(err, porting.NotFound) && id == StatusURL {
		return Endpoint{ID: StatusURL, Account: account}, nil
	}
	return e, err
}

// own reads an endpoint that the account has made. StatusURL is none.
func (g *Register) own(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	if id == StatusURL {
		return Endpoint{}, porting.Errorf(porting.WrongStatus,
			"This webhook stands for the status_url of each order. Change the status_url on the order.")
	}
	return g.find(ctx, account, id)
}

// PlanChange changes an endpoint: its URL, its types, whether it is paused. Making it active again clears its failures.
// Save writes the change.
func (g *Register) PlanChange(ctx context.Context, account porting.AccountID, id string, change func(*Endpoint) porting.Faults) (Endpoint, error) {
	e, err := g.own(ctx, account, id)
	if err != nil {
		return Endpoint{}, err
	}
	was := e
	found := change(&e)
	if err := g.check(ctx, e, found); err != nil {
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
	e.Version++
	return e, nil
}

// PlanRemoval reads an endpoint that can be removed: StatusURL can't. Remove removes it.
func (g *Register) PlanRemoval(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	return g.own(ctx, account, id)
}

// Remove deletes an endpoint, and writes the receipt with it where there is one. Its pending deliveries are not sent.
func (g *Register) Remove(ctx context.Context, e Endpoint, r *orders.Receipt) error {
	return g.Store.RemoveEndpoint(ctx, e.Account, e.ID, r)
}

// PlanSecret gives an endpoint, or StatusURL, a new secret, which is open. The old secret signs with it for a day. Save
// writes it.
func (g *Register) PlanSecret(ctx context.Context, account porting.AccountID, id string) (Endpoint, error) {
	e, err := g.Endpoint(ctx, account, id)
	if err != nil {
		return Endpoint{}, err
	}
	if e.Version == 0 {
		e.Created = g.Now().UTC()
	}
	e.Version++
	return g.freshSecret(e)
}

// Ping has a test sent at once, to a paused endpoint too. Its outcome can be read as that of any delivery.
func (g *Register) Ping(ctx context.Context, account porting.AccountID, id string) (Delivery, error) {
	if _, err := g.own(ctx, account, id); err != nil {
		return Delivery{}, err
	}
	now := g.Now().UTC()
	d := Delivery{Account: account, Endpoint: id, At: now, Type: Ping, State: Pending, Made: now, Next: now}
	return d, g.Store.Add(ctx, d)
}

// Deliveries reads an endpoint's deliveries, the newest first: at most limit, and only those before the delivery with
// the id before where that is given.
func (g *Register) Deliveries(ctx context.Context, account porting.AccountID, id string, before string,
	limit int) ([]Delivery, error) {
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

// Delivery reads one delivery.
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

// live says whether the endpoint exists and is not paused.
func (g *Register) live(ctx context.Context, account porting.AccountID, id string) error {
	e, err := g.Endpoint(ctx, account, id)
	if err == nil && e.Paused {
		err = porting.Errorf(porting.WrongStatus, "The webhook is paused. Make it active first.")
	}
	return err
}

// Replay has a delivery sent again under the same id, whatever its state is.
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

// MostReplayed is how many deliveries one call of ReplayRange queues at most.
const MostReplayed = 500

// ReplayRange queues the deliveries of the events at or after from and before to, the oldest first: those that have not
// succeeded, or all. Pings are left out. Where it reaches MostReplayed, rest is the time from which another call goes
// on; else rest is zero.
func (g *Register) ReplayRange(ctx context.Context, account porting.AccountID, id string, from, to time.Time,
	all bool) (queued int, rest time.Time, _ error) {
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
		// it was deleted just now, after its time
		if _, err := g.again(ctx, d); err != nil && !errors.Is(err, ErrNoDelivery) {
			return queued, d.At, err
		}
		queued++
	}
	return queued, time.Time{}, nil
}
