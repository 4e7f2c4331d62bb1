package peer_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"portway/internal/peer"
	"portway/internal/porting"
)

// named is a peer that says who was asked.
type named struct {
	peer.Peer
	name  string
	asked *[]string
}

func (n named) Name() string { return n.name }

func (n named) Portability(_ context.Context, tns []string) ([]peer.Portability, error) {
	*n.asked = append(*n.asked, n.name)
	var all []peer.Portability
	for _, tn := range tns {
		all = append(all, peer.Portability{TN: tn, Portable: true})
	}
	return all, nil
}

// A sandbox's order gets the simulated peers of its own world, every other one the real peers: for whatever is asked,
// and whatever its attempts say.
func TestWorldsNeverMeet(t *testing.T) {
	var asked, worlds []string
	router := func(name string) *peer.Router {
		p := func(kind string) peer.Peer { return named{name: name + "-" + kind, asked: &asked} }
		return &peer.Router{Locals: []peer.Peer{p("locals"), p("locals2")}, TollFree: p("somos")}
	}
	w := peer.Worlds{Live: router("live"), Sandbox: func(world string) *peer.Router {
		worlds = append(worlds, world)
		return router("sandbox")
	}}
	numbers := []porting.Number{{TN: "+12065550101"}}
	both := []string{"+12065550101", "+18005550101"}
	for _, kind := range []porting.Kind{porting.Local, porting.TollFree} {
		for _, sandbox := range []bool{false, true} {
			own, other := "live", "sandbox"
			if sandbox {
				own, other = other, own
			}
			o := porting.Order{ID: "7", Group: "6", Account: "acme", Kind: kind, Sandbox: sandbox, Numbers: numbers}
			for _, ask := range []porting.AttemptKind{porting.AskCSR, porting.AskPort} {
				p, err := w.For(o, ask)
				if err != nil || p.Name()[:len(own)] != own {
					t.Errorf("%s of %s: %v (%v)", ask, own, p, err)
				}
				crossed := o
				crossed.Attempts = []porting.Attempt{{Kind: ask, Peer: other + "-locals"}}
				if p, err := w.For(crossed, ask); err == nil {
					t.Errorf("an attempt of %s's leads an order of %s to %s", other, own, p.Name())
				}
			}
			if c, err := w.Choose(t.Context(), o); err != nil || c.Peer.Name()[:len(own)] != own {
				t.Errorf("the choice for %s: %+v (%v)", own, c, err)
			}
			if p, err := w.Other(t.Context(), o); err != nil || kind == porting.Local && p.Name()[:len(own)] != own {
				t.Errorf("another peer of %s: %v (%v)", own, p, err)
			}
			asked = nil
			if _, err := w.Portability(t.Context(), o, both); err != nil {
				t.Error(err)
			}
			if len(asked) < 2 || slices.ContainsFunc(asked, func(name string) bool { return name[:len(own)] != own }) {
				t.Errorf("asked for %s were %v", own, asked)
			}
		}
	}
	worlds = nil
	for _, o := range []porting.Order{{ID: "7", Group: "6", Account: "acme", Sandbox: true},
		{Account: "acme", Sandbox: true}, {ID: "7", Group: "6", Account: "acme"}, {Account: "acme"}} {
		if _, err := w.Portability(t.Context(), o, both); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"group-6", "account-acme"}; !slices.Equal(worlds, want) {
		t.Errorf("the worlds were %v, want %v", worlds, want)
	}
	w.Sandbox = nil
	var down *peer.Down
	if _, err := w.For(porting.Order{Sandbox: true}, porting.AskPort); !errors.As(err, &down) {
		t.Errorf("without a sandbox: %v, want an order that waits", err)
	}
	if _, err := w.Choose(t.Context(), porting.Order{Sandbox: true}); !errors.As(err, &down) {
		t.Errorf("without a sandbox: %v, want an order that waits", err)
	}
	if p, err := w.For(porting.Order{}, porting.AskPort); err != nil || p.Name() != "live-locals" {
		t.Errorf("a live order: %v (%v)", p, err)
	}
}
