package peer

import (
	"context"
	"errors"
	"fmt"

	"portway/internal/nanp"
	"portway/internal/porting"
)

// Router chooses the peer for a number or an order: Somos for toll-free, else the Locals in their order.
type Router struct {
	Locals   []Peer // the first one that can bring a number does
	TollFree Peer
}

// For is the peer of an order: the one that has its last request, else the first for its kind.
func (r *Router) For(o porting.Order, kind porting.AttemptKind) (Peer, error) {
	if a, ok := o.Last(kind); ok {
		return r.Named(a.Peer)
	}
	if o.Kind == porting.TollFree {
		return r.TollFree, nil
	}
	if len(r.Locals) == 0 {
		return nil, errors.New("no Locals peer is configured")
	}
	return r.Locals[0], nil
}

// Named is the peer of that name.
func (r *Router) Named(name string) (Peer, error) {
	for _, p := range append([]Peer{r.TollFree}, r.Locals...) {
		if p != nil && p.Name() == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no peer %q is configured", name)
}

// Portability asks the right peers about all numbers and answers in their order. A number that one Locals peer can't bring is
// asked of the next; the last one's reason stands.
func (r *Router) Portability(ctx context.Context, tns []string) ([]Portability, error) {
	found := map[string]Portability{}
	var local, tollFree []string
	for _, tn := range tns {
		n, err := nanp.Parse(tn)
		switch {
		case err != nil:
			found[tn] = Portability{TN: tn, Reason: "TN_NOT_PORTABLE"}
		case n.TollFree():
			tollFree = append(tollFree, tn)
		default:
			local = append(local, tn)
		}
	}
	if err := ask(ctx, r.TollFree, tollFree, found); err != nil {
		return nil, err
	}
	for _, p := range r.Locals {
		var open []string
		for _, tn := range local {
			if !found[tn].Portable {
				open = append(open, tn)
			}
		}
		if err := ask(ctx, p, open, found); err != nil {
			return nil, err
		}
	}
	answers := make([]Portability, 0, len(tns))
	for _, tn := range tns {
		answer, ok := found[tn]
		if !ok {
			answer = Portability{TN: tn, Reason: porting.NoCoverage}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// portabilityBatch is how many numbers one call asks about.
const portabilityBatch = 500

func ask(ctx context.Context, p Peer, tns []string, found map[string]Portability) error {
	for len(tns) > 0 && p != nil {
		batch := tns[:min(len(tns), portabilityBatch)]
		tns = tns[len(batch):]
		answers, err := p.Portability(ctx, batch)
		if err != nil {
			return err
		}
		for _, a := range answers {
			found[a.TN] = a
		}
	}
	return nil
}
