package somos

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	simsomos "portway/internal/sim/somos"
)

// TestTrouble drives the client through every row of answers that come to grief: they are a peer that is down, and one
// request is made, whatever of it is lost.
func TestTrouble(t *testing.T) {
	for _, magic := range simsomos.Magic() {
		if !strings.HasPrefix(magic.Digits, "92") {
			continue
		}
		t.Run(magic.Digits+" "+magic.What, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(o *simsomos.Options) { o.Slow = time.Hour }) // it ends with the call's own limit
			c := r.client(nil)
			c.calls = call.New("somos", c.cfg.HTTP, append(c.cfg.Call, call.Limit(100*time.Millisecond),
				call.Sleep(func(context.Context, time.Duration) error { return nil }))...)
			num, downs := tn(magic.Digits), 0
			must(c.Portability(t.Context(), []string{tn("01")}))(t) // signed in
			for {
				ref, ok, err := c.Find(t.Context(), request(0, num))
				if err == nil && !ok {
					ref, err = c.Submit(t.Context(), request(0, num))
				}
				var down *peer.Down
				if errors.As(err, &down) && downs < 10 {
					downs++
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if got, want := r.life(c, ref, 4), "waiting PENDING > accepted PORT_PROCESSING > completed PORTED"; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				break
			}
			if downs == 0 {
				t.Error("there was no trouble")
			}
			if all := r.sim.Transactions(); all.Submits["PW000124/0"] != 1 || all.Takeovers != 0 {
				t.Errorf("%+v", all)
			}
		})
	}
}

// TestSubmitInTrouble: the submit itself has its effect, and its answer is lost.
func TestSubmitInTrouble(t *testing.T) {
	for _, digits := range []string{"9201", "9202", "9203", "9204", "9206"} {
		t.Run(digits, func(t *testing.T) {
			r := newRig(t)
			c := r.client(nil)
			q := request(0, tn(digits))
			var down *peer.Down
			if _, err := c.Submit(t.Context(), q); !errors.As(err, &down) {
				t.Fatal(err)
			}
			var ref string
			for range 4 {
				found, ok, err := c.Find(t.Context(), q)
				if err == nil && !ok {
					t.Fatal("not found")
				}
				ref = found
			}
			if ref == "" || r.sim.Transactions().Submits["PW000124/0"] != 1 {
				t.Errorf("%q: %+v", ref, r.sim.Transactions())
			}
		})
	}
}
