package peer

import (
	"context"

	"portway/internal/porting"
)

// Worlds are the real peers and the simulated ones. Worlds alone chooses between them, by the order's Sandbox flag,
// which never changes. A live order never meets a simulated peer, and a sandbox's order never meets a real one.
type Worlds struct {
	Live *Router
	// Sandbox are the simulated peers of a world of their own: that of one group of orders, since what is split off an
	// order stays with the same carrier, or of an account's questions about numbers that are on no order yet. Nil where no
	// sandbox is deployed; then its orders wait as for a peer that is down.
	Sandbox func(world string) *Router
}

func (w Worlds) of(o porting.Order) (*Router, error) {
	switch {
	case !o.Sandbox:
		return w.Live, nil
	case w.Sandbox == nil:
		return nil, &Down{Peer: "sandbox", Why: "none is deployed"}
	case o.Group == "":
		return w.Sandbox("account-" + string(o.Account)), nil
	}
	return w.Sandbox("group-" + string(o.Group)), nil
}

// For is the peer of an order.
func (w Worlds) For(o porting.Order, kind porting.AttemptKind) (Peer, error) {
	r, err := w.of(o)
	if err != nil {
		return nil, err
	}
	return r.For(o, kind)
}

// Choose picks the peer of an order of which nothing was asked yet.
func (w Worlds) Choose(ctx context.Context, o porting.Order) (Choice, error) {
	r, err := w.of(o)
	if err != nil {
		return Choice{}, err
	}
	return r.Choose(ctx, o)
}

// Other is the next peer that would carry the order.
func (w Worlds) Other(ctx context.Context, o porting.Order) (Peer, error) {
	r, err := w.of(o)
	if err != nil {
		return nil, err
	}
	return r.Other(ctx, o)
}

// Portability asks about the numbers of an order; of one that is not made yet its owner alone counts.
func (w Worlds) Portability(ctx context.Context, o porting.Order, tns []string) ([]Portability, error) {
	r, err := w.of(o)
	if err != nil {
		return nil, err
	}
	return r.Portability(ctx, tns)
}
