package somos

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// patient makes the client wait for others until they are done, however long that takes.
func patient(c *Client) *Client {
	c.cfg.Sleep = func(ctx context.Context, _ time.Duration) error { return pause(ctx, 100*time.Microsecond) }
	return c
}

// TestColdStarts: instances that all find no session, or an ended one, end up in one session, and none signs another
// out.
func TestColdStarts(t *testing.T) {
	r := newRig(t)
	store := NewMemory()
	clients := []*Client{patient(r.client(store)), patient(r.client(store)), patient(r.client(store))}
	for range 4 {
		var done sync.WaitGroup
		for i := range 9 {
			done.Go(func() {
				var down *peer.Down // when the others need longer than maxPolls
				if _, err := clients[i%3].Portability(t.Context(), []string{tn("01")}); err != nil && !errors.As(err, &down) {
					t.Error(err)
				}
			})
		}
		done.Wait()
		r.advance(13 * time.Hour) // the token ends
	}
	if n := r.sim.Transactions().Takeovers; n != 0 || r.count("POST /v3/ip/sec/session/open") != 1 ||
		r.count("POST /token") != 3 {
		t.Errorf("%d take-overs, %v", n, r.calls())
	}
}

// TestSignedOut: when somebody else takes the login, one instance takes it back and the others follow.
func TestSignedOut(t *testing.T) {
	r := newRig(t)
	store := NewMemory()
	a, b, stranger := r.client(store), r.client(store), r.client(nil)
	for _, c := range []*Client{a, b, stranger, a, b} {
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
	}
	if n := r.sim.Transactions().Takeovers; n != 2 {
		t.Errorf("%d take-overs", n)
	}
}

func TestClaims(t *testing.T) {
	signIns := func(r *rig) int { return r.count("POST /v3/ip/sec/session/open") }
	t.Run("another one's is waited for", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		other, c := r.client(store), r.client(store)
		lease := Session{Version: 1, Lease: other.id, Until: r.clock().Add(leaseLife)}
		if err := store.Save(t.Context(), lease); err != nil {
			t.Fatal(err)
		}
		waits := 0
		c.cfg.Sleep = func(ctx context.Context, _ time.Duration) error {
			if waits++; waits == 2 {
				s := must(other.open(ctx))(t)
				s.Version = 2
				return store.Save(ctx, s)
			}
			return nil
		}
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		if waits != 2 || signIns(r) != 1 {
			t.Errorf("%d waits, %d sign-ins", waits, signIns(r))
		}
	})
	t.Run("a dead one's lapses", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		if err := store.Save(t.Context(), Session{Version: 1, Lease: "dead", Until: r.clock().Add(leaseLife)}); err != nil {
			t.Fatal(err)
		}
		c := r.client(store)
		var down *peer.Down
		if _, err := c.Portability(t.Context(), []string{tn("01")}); !errors.As(err, &down) ||
			down.Why != "another instance is signing in" || signIns(r) != 0 {
			t.Errorf("before: %v", err)
		}
		r.advance(leaseLife)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
	})
	t.Run("our own is taken up again", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		c := r.client(store)
		if err := store.Save(t.Context(), Session{Version: 1, Lease: c.id, Until: r.clock().Add(leaseLife)}); err != nil {
			t.Fatal(err)
		}
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
	})
	t.Run("given up when the sign-in fails", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		r.lose(func(q *http.Request) bool { return strings.HasSuffix(q.URL.Path, "/open") }, nil)
		var down *peer.Down
		if _, err := r.client(store).Portability(t.Context(), []string{tn("01")}); !errors.As(err, &down) {
			t.Fatal(err)
		}
		r.lose(nil, nil)
		must(r.client(store).Portability(t.Context(), []string{tn("01")}))(t)
	})
	t.Run("who was outrun takes the other one's session", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		slow, fast := r.client(store), r.client(store)
		once := false
		r.lose(nil, func(q *http.Request) bool { // slow is so slow that its lease lapses and fast takes over
			if strings.HasSuffix(q.URL.Path, "/open") && !once {
				once = true
				r.advance(leaseLife)
				must(fast.Portability(t.Context(), []string{tn("01")}))(t)
			}
			return false
		})
		must(slow.Portability(t.Context(), []string{tn("01")}))(t)
		if n := r.sim.Transactions().Takeovers; n != 1 || signIns(r) != 3 {
			t.Errorf("%d take-overs in %d sign-ins", n, signIns(r))
		}
	})
}

// TestPace: at most two requests in any second, sign-in and retries included.
func TestPace(t *testing.T) {
	r := newRig(t)
	start := r.clock()
	c := r.client(nil)
	c.calls = call.New("somos", c.cfg.HTTP, call.Pace(Gentle), call.Clock(r.clock),
		call.Random(func() float64 { return 1 }),
		call.Sleep(func(_ context.Context, d time.Duration) error { r.advance(d); return nil }))
	var at []time.Time
	r.lose(func(*http.Request) bool { at = append(at, r.clock()); return false }, nil)
	must(c.Submit(t.Context(), request(0, tn("01"))))(t) // sign-in, upload, submit
	var down *peer.Down
	if _, err := c.Portability(t.Context(), []string{tn("54")}); !errors.As(err, &down) { // down three times
		t.Fatal(err)
	}
	if len(at) != 6 || at[0] != start {
		t.Fatalf("%d calls, the first at %s", len(at), at[0])
	}
	for i := range at[Gentle:] {
		if at[i+Gentle].Sub(at[i]) < time.Second {
			t.Errorf("calls at %v", at)
		}
	}
}

// A password that was changed since it was read is read again when the registry refuses the old one. Without a password the
// registry is not called, since it locks a login after some wrong ones.
func TestChangedPassword(t *testing.T) {
	for _, test := range []struct {
		name, first, second, why string
		calls                    int
	}{
		{name: "changed", first: "staple-1", second: password, calls: 2},
		{name: "unchanged", first: "staple-1", second: "staple-1", why: "sign-in refused PW0801", calls: 1},
		{name: "changed to another wrong one", first: "staple-1", second: "staple-2", why: "sign-in refused PW0801", calls: 2},
		{name: "none", why: "our password is not known"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			c := r.client(nil)
			c.cfg.Secret = func(_ context.Context, refused porting.Secret) (porting.Secret, error) {
				if refused.IsSet() {
					return porting.NewSecret(test.second), nil
				}
				return porting.NewSecret(test.first), nil
			}
			_, err := c.Portability(t.Context(), []string{tn("01")})
			var down *peer.Down
			if (err == nil) != (test.why == "") || err != nil && (!errors.As(err, &down) || down.Why != test.why || !down.Refuses) {
				t.Errorf("%v, want %q", err, test.why)
			}
			if got := r.count("POST /v3/ip/sec/session/open"); got != test.calls {
				t.Errorf("%d sign-ins, want %d", got, test.calls)
			}
		})
	}
}
