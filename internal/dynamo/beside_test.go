package dynamo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/dynamo/mailrecord"
	"portway/internal/dynamo/somossession"
	"portway/internal/mail"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/storetest"
)

func TestMailRecords(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	r := mailrecord.New(client, name)
	now := storetest.Now
	claim := func(at time.Time, want mail.Claim) {
		t.Helper()
		if got, err := r.Claim(t.Context(), "7.3", at, time.Minute); err != nil || got != want {
			t.Errorf("claim: %+v (%v), want %+v", got, err, want)
		}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	check(r.Release(t.Context(), "7.3"))
	claim(now, mail.Claim{State: mail.Fresh, Tries: 1})
	claim(now.Add(59*time.Second), mail.Claim{State: mail.Held, Tries: 1})
	claim(now.Add(time.Minute), mail.Claim{State: mail.Unknown, Tries: 2})
	check(r.Release(t.Context(), "7.3"))
	claim(now, mail.Claim{State: mail.Fresh, Tries: 1})
	check(r.MarkSent(t.Context(), "7.3", "first"))
	check(r.MarkSent(t.Context(), "7.3", "second"))
	check(r.Release(t.Context(), "7.3"))
	claim(now.Add(time.Hour), mail.Claim{State: mail.Sent, Tries: 1, MessageID: "first"})
	check(r.MarkSent(t.Context(), "7.4", "by feedback")) // without a claim of ours
	if got, err := r.Claim(t.Context(), "7.4", now, time.Minute); err != nil || got.State != mail.Sent || got.MessageID != "by feedback" {
		t.Errorf("claim: %+v (%v)", got, err)
	}
	if _, err := r.Claim(t.Context(), "nonsense", now, time.Minute); err == nil {
		t.Error("no error for a key that is none")
	}
}

func TestSomosSession(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	store := somossession.New(client, name, sealer())
	if s, err := store.Load(t.Context()); err != nil || s != (somos.Session{}) {
		t.Errorf("session %v (%v), want none", s, err)
	}
	want := somos.Session{AccessToken: porting.NewSecret("CANARY-1"), RefreshToken: porting.NewSecret("CANARY-2"),
		ClientKey: porting.NewSecret("CANARY-3"), ClientSecret: porting.NewSecret("CANARY-4"), Expires: storetest.Now}
	if err := store.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := cmp.Comparer(func(a, b porting.Secret) bool { return a.Reveal() == b.Reveal() })
	if diff := cmp.Diff(want, got, text); diff != "" {
		t.Errorf("saved (-), loaded (+):\n%s", diff)
	}
	for k, i := range items(t, name, client) {
		for _, canary := range []string{"CANARY-1", "CANARY-2", "CANARY-3", "CANARY-4"} {
			if strings.Contains(flat(i), canary) {
				t.Errorf("%s shows %s", k, canary)
			}
		}
	}
}
