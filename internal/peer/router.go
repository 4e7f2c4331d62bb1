package peer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"portway/internal/nanp"
	"portway/internal/porting"
)

// Router chooses the peer for a number or an order: Somos for toll-free, else the Locals in their order.
type Router struct {
	Locals   []Peer // the first one that can bring a number does
	TollFree Peer
}

// For is the peer of an order: the one that has its last request, else the first for its kind that has not refused to carry it.
func (r *Router) For(o porting.Order, kind porting.AttemptKind) (Peer, error) {
	if a, ok := o.Last(kind); ok && a.State != porting.AnswerDenied {
		return r.Named(a.Peer)
	}
	if o.Kind == porting.TollFree {
		return r.TollFree, nil
	}
	for _, p := range r.Locals {
		if !slices.Contains(o.Denied(), p.Name()) {
			return p, nil
		}
	}
	return nil, errors.New("no Locals peer is configured that would carry the order")
}

// Other is the next Locals peer that has not refused to carry the order, has not got it now, and says that it can bring all its
// numbers; nil when there is none. Peers that can't be reached are an error only when no other one is found.
func (r *Router) Other(ctx context.Context, o porting.Order) (Peer, error) {
	if o.Kind == porting.TollFree {
		return nil, nil
	}
	passed := o.Denied()
	if a, ok := o.Last(porting.AskPort); ok {
		passed = append(passed, a.Peer)
	}
	var failed error
	for _, p := range r.Locals {
		if slices.Contains(passed, p.Name()) {
			continue
		}
		found := map[string]Portability{}
		if err := ask(ctx, p, o.Active(), found); err != nil {
			failed = err
			continue
		}
		if !slices.ContainsFunc(o.Active(), func(tn string) bool { return !found[tn].Portable }) {
			return p, nil
		}
	}
	return nil, failed
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

// Portability asks the right peers about all numbers and answers in their order; it does not matter on which order they are. A number that one Locals peer can't bring is
// asked of the next; the last one's reason stands.
func (r *Router) Portability(ctx context.Context, _ porting.Order, tns []string) ([]Portability, error) {
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
