package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

// followSandbox makes a narrator that follows orders of the sandbox's account by the API.
func followSandbox(t *testing.T) *narrator {
	file := up.File
	file.AccessKey, file.SecretKey = file.SandboxAccess, file.SandboxSecret
	return &narrator{file: file, mail: &mailbox{file: file, shown: map[string]bool{}},
		print: func(line string) { t.Log(line) }}
}

// lives runs the schedules until the order has the status, so that a test need not wait for the minutes between their
// runs.
func lives(want porting.Status) func(context.Context, *narrator) error {
	return func(ctx context.Context, t *narrator) error {
		pause := time.NewTicker(300 * time.Millisecond)
		defer pause.Stop()
		for {
			if _, err := t.look(ctx); err != nil {
				return err
			}
			switch {
			case t.status == want:
				return nil
			case t.status.Terminal():
				return fmt.Errorf("order %s is %s, not %s", t.order, t.status, want)
			}
			for name, event := range map[string]any{"sandbox": map[string]any{},
				"status-check": map[string]any{"sandbox": true}} {
				if _, err := t.file.Invoke(ctx, name, event); err != nil {
					return err
				}
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("order %s is still %s, not %s", t.order, t.status, want)
			case <-pause.C:
			}
		}
	}
}

// On the deployed stack the sandbox's function answers for a sandbox's carriers. The stack's own simulated carriers,
// which take the place of real peers, hear of none of a sandbox's orders, and no mail is sent: the API shows it.
func TestSandboxLives(t *testing.T) {
	for _, test := range []struct {
		name, number string
		mails        int
		tell         func(context.Context, *narrator) error
	}{
		{"straight", "+12065550111", 2, lives(porting.Completed)},
		{"tollfree", "+18005550111", 2, lives(porting.Completed)},
		{"staff", "+12065550148", 2, lives(porting.Completed)}, // the sandbox's desk has it tried again
		{"rejected", "+12065550143", 3, func(ctx context.Context, t *narrator) error {
			if err := lives(porting.Rejected)(ctx, t); err != nil {
				return err
			}
			change := map[string]any{"data": map[string]any{"type": "portorder",
				"attributes": map[string]any{"street": "14 Example Ave",
					"signature_name": "Sam Signer", "signature_title": "Operations"}}}
			if _, err := t.call(ctx, http.MethodPatch, t.path(""), change, http.StatusOK); err != nil {
				return err
			}
			again := map[string]any{"data": map[string]any{"type": "portorder",
				"attributes": map[string]any{"status": "review"}}}
			if _, err := t.call(ctx, http.MethodPatch, t.path("/status"), again, http.StatusOK); err != nil {
				return err
			}
			return lives(porting.Completed)(ctx, t) // no person reviews in a sandbox
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, told := limited(t), followSandbox(t)
			attrs := stories()[0].attrsWith(test.number)
			attrs["status_url"] = hook.url + "/hook"
			if err := told.live(ctx, story{name: test.name, attrs: attrs, tell: test.tell}); err != nil {
				t.Fatal(err)
			}
			for _, o := range up.Locals.View().Orders {
				if strings.Contains(o.CustomerOrderID, told.order) {
					t.Errorf("a Locals peer outside has heard of it: %+v", o)
				}
			}
			for _, txn := range up.Somos.Transactions().Transactions {
				if strings.Contains(txn.Key, told.order) {
					t.Errorf("the registry outside has heard of it: %+v", txn)
				}
			}
			o, err := up.Store.Load(ctx, porting.OrderID(told.order))
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range o.Attempts {
				if !strings.HasPrefix(a.Peer, "sandbox-") {
					t.Errorf("an attempt at %s", a.Peer)
				}
			}
			mails, err := up.File.Mails(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range mails {
				if strings.Contains(m.Subject+m.Text, told.order) {
					t.Errorf("a mail was sent: %s", m.Subject)
				}
			}
			for kept := 0; kept < test.mails; { // effects come after the status
				raw, err := told.call(ctx, http.MethodGet, told.path("/mails"), nil, http.StatusOK)
				if err != nil {
					t.Fatal(err)
				}
				kept = strings.Count(string(raw), `"subject":`)
			}
			hook.statuses(ctx, t, told.order, 4)
		})
	}
}
