package account_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var now = time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)

func TestOpen(t *testing.T) {
	good := account.Account{ID: "acme", Name: "Acme", Mail: "ops@example.com", Kind: account.Live, Created: now}
	t.Run("OK: the secret is shown once and kept as a hash", func(t *testing.T) {
		s := storetest.NewMemory()
		c, err := account.Open(t.Context(), s, good, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Access) != 8 || len(c.Secret.Reveal()) != 32 {
			t.Errorf("credentials of %d and %d characters, want 8 and 32", len(c.Access), len(c.Secret.Reveal()))
		}
		k, err := s.Key(t.Context(), c.Access)
		if err != nil || k.Account != "acme" {
			t.Fatalf("key of %q (%v)", k.Account, err)
		}
		if printed := fmt.Sprintf("%v %+v %#v %s", c, c, c, k.Hash); strings.Contains(printed, c.Secret.Reveal()) {
			t.Errorf("a print shows the secret: %s", printed)
		}
	})
	t.Run("ErrInvalid names every fault", func(t *testing.T) {
		_, err := account.Open(t.Context(), storetest.NewMemory(),
			account.Account{ID: "a|b", Mail: "nobody", Kind: "gold"}, nil)
		var e *porting.Error
		if !errors.As(err, &e) || e.Code != porting.Invalid || len(e.Faults) != 4 {
			t.Errorf("error %v, want four faults", err)
		}
	})
	t.Run("ErrSettled for one that is there", func(t *testing.T) {
		s := storetest.NewMemory()
		for n, want := range []porting.ErrorCode{"", porting.Settled} {
			_, err := account.Open(t.Context(), s, good, nil)
			var e *porting.Error
			if errors.As(err, &e); n == 1 && (e == nil || e.Code != want) || n == 0 && err != nil {
				t.Errorf("call %d: %v", n, err)
			}
		}
	})
	t.Run("ErrRandom", func(t *testing.T) {
		if _, err := account.Open(t.Context(), storetest.NewMemory(), good, bytes.NewReader(nil)); err == nil {
			t.Error("no error without randomness")
		}
	})
}

// Whatever is sent to a sandbox reaches nobody.
func TestPost(t *testing.T) {
	for kind, want := range map[account.Kind]string{
		account.Live: "ops@example.com", account.Sandbox: "success@simulator.amazonses.com",
	} {
		got, _ := (account.Account{Kind: kind, Mail: "ops@example.com"}).MailTo(account.Porting)
		if len(got) != 1 || got[0] != want {
			t.Errorf("mail for a %s account goes to %s, want %s", kind, got, want)
		}
	}
}

// down is a store that can't be reached.
type down struct{ *storetest.Memory }

func (down) Key(context.Context, string) (account.Key, error) {
	return account.Key{}, errors.New("timeout")
}

func TestAuthenticate(t *testing.T) {
	s := storetest.NewMemory()
	if err := s.AddKey(t.Context(), account.NewKeyOf("12345678", "secret", "acme", account.Live, now)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name           string
		access, secret string
		ok             bool
	}{
		{"OK", "12345678", "secret", true},
		{"ErrCredentials: another secret", "12345678", "Secret", false},
		{"ErrCredentials: no secret", "12345678", "", false},
		{"ErrCredentials: unknown key", "87654321", "secret", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			k, err := account.Authenticate(t.Context(), s, test.access, test.secret, "", now)
			if test.ok && (k.Owner() != porting.Owner{Account: "acme"} || err != nil) ||
				!test.ok && !errors.Is(err, account.ErrCredentials) {
				t.Errorf("%v, %v", k, err)
			}
		})
	}
	t.Run("a store that is down is no wrong password", func(t *testing.T) {
		_, err := account.Authenticate(t.Context(), down{s}, "12345678", "secret", "", now)
		if err == nil || errors.Is(err, account.ErrCredentials) {
			t.Errorf("error %v", err)
		}
	})
}

// The public id of a key stays the same for good, since events have it. It tells the keys of an account apart, and too
// little of a key to find it.
func TestKeyID(t *testing.T) {
	if got := account.KeyID("acme", "Acme0001"); got != "key-6fvpxv" {
		t.Errorf("an old key has another id now: %s", got)
	}
	if id := account.KeyID("acme", ""); id != "" {
		t.Errorf("no key has the id %q", id)
	}
	if same := account.KeyID("other", "Acme0001"); same == account.KeyID("acme", "Acme0001") {
		t.Error("two accounts share an id")
	}
	const keys, form = 1000, "key-7f3q2m"
	seen := map[string]bool{}
	for n := range keys {
		access := fmt.Sprintf("Acme%04d", n)
		id := account.KeyID("acme", access)
		if len(id) != len(form) || !strings.HasPrefix(id, "key-") || strings.Contains(id, access) {
			t.Errorf("the id of %s is %q", access, id)
		}
		seen[id] = true
	}
	if len(seen) != keys {
		t.Errorf("%d keys have %d ids", keys, len(seen))
	}
}

// The fee of a change is another line than the fee of the port, whatever event tells that the change is done.
func TestFeeOf(t *testing.T) {
	for kind, want := range map[porting.EventKind]account.LineKind{
		porting.Passed: account.PortFeeLine, porting.Approved: account.PortFeeLine, porting.HardCancelled: account.CancelFeeLine,
		porting.ChangeAsked: account.ChangeFeeLine, porting.ChangeDone: account.ChangeFeeLine, porting.FOCMoved: account.ChangeFeeLine,
		porting.AttemptSent: account.ChangeFeeLine, porting.Withdrew: account.ChangeFeeLine,
	} {
		if got := account.FeeOf(porting.Event{Kind: kind}); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}
