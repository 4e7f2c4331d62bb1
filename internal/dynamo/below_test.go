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
	third := mail.OrderKey("7", 3)
	lease := func(at time.Time, want mail.Lease) {
		t.Helper()
		if got, err := r.Lease(t.Context(), third, at, time.Minute); err != nil || got != want {
			t.Errorf("lease: %+v (%v), want %+v", got, err, want)
		}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	check(r.Release(t.Context(), third))
	lease(now, mail.Lease{State: mail.Fresh, Tries: 1})
	lease(now.Add(59*time.Second), mail.Lease{State: mail.Leased, Tries: 1})
	lease(now.Add(time.Minute), mail.Lease{State: mail.Unknown, Tries: 2})
	check(r.Release(t.Context(), third))
	lease(now, mail.Lease{State: mail.Fresh, Tries: 1})
	check(r.MarkSent(t.Context(), third, "first"))
	check(r.MarkSent(t.Context(), third, "second"))
	check(r.Release(t.Context(), third))
	lease(now.Add(time.Hour), mail.Lease{State: mail.Sent, Tries: 1, MessageID: "first"})
	fourth := mail.OrderKey("7", 4)
	check(r.MarkSent(t.Context(), fourth, "by feedback")) // without a lease of ours
	if got, err := r.Lease(t.Context(), fourth, now, time.Minute); err != nil || got.State != mail.Sent ||
		got.MessageID != "by feedback" {
		t.Errorf("lease: %+v (%v)", got, err)
	}
}

// A mail about a webhook has a record of its own. A record that an earlier release wrote below an order still counts: a
// mail that it says was sent is not sent again, one that it leases is left alone, and one that it released is sent.
func TestMailRecordsAboutWebhooks(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	r := mailrecord.New(client, name)
	now := storetest.Now
	key := func(id string) mail.Key { return mail.Key{About: mail.AboutWebhook, ID: id, Version: 9} }
	old := func(id string) mail.Key { return mail.OrderKey(porting.OrderID("webhook-"+id), 9) } // as it was written
	for _, id := range []string{"sent", "sending", "released"} {
		if _, err := r.Lease(t.Context(), old(id), now, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.MarkSent(t.Context(), old("sent"), "first"); err != nil {
		t.Fatal(err)
	}
	if err := r.Release(t.Context(), old("released")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		id    string
		after time.Duration
		want  mail.Lease
	}{
		{"sent", time.Hour, mail.Lease{State: mail.Sent, Tries: 1, MessageID: "first"}},
		{"sending", 59 * time.Second, mail.Lease{State: mail.Leased, Tries: 1}},
		{"sending", time.Minute, mail.Lease{State: mail.Unknown, Tries: 2}},
		{"released", 0, mail.Lease{State: mail.Fresh, Tries: 1}},
		{"new", 0, mail.Lease{State: mail.Fresh, Tries: 1}},
		{"new", 0, mail.Lease{State: mail.Leased, Tries: 1}},
	} {
		if got, err := r.Lease(t.Context(), key(test.id), now.Add(test.after), time.Minute); err != nil ||
			got != test.want {
			t.Errorf("%s: %+v (%v), want %+v", test.id, got, err, test.want)
		}
	}
	if _, ok := items(t, name, client)["M#webhook#new|MAIL#0000000009"]; !ok {
		t.Error("the record of a mail about a webhook stands elsewhere")
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
