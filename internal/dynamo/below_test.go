package dynamo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/dynamo"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/dynamo/somossession"
	"portway/internal/mail"
	"portway/internal/orders"
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
		if got, err := r.Lease(t.Context(), third, mail.Outline{}, at, time.Minute); err != nil || got != want {
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
	if got, err := r.Lease(t.Context(), fourth, mail.Outline{}, now, time.Minute); err != nil || got.State != mail.Sent ||
		got.MessageID != "by feedback" {
		t.Errorf("lease: %+v (%v)", got, err)
	}
}

// The record of a mail tells to whom it went and what became of it, however its news are ordered, until its order is erased.
func TestSentMails(t *testing.T) {
	name, client := table(t)
	r, store := mailrecord.New(client, name), dynamo.New(client, name, sealer())
	id, now := porting.OrderID("7000000000000001"), storetest.Now
	key := func(version int64, link string) mail.Key {
		k := mail.OrderKey(id, version)
		k.To = link
		return k
	}
	send := func(k mail.Key, to string) {
		t.Helper()
		if _, err := r.Lease(t.Context(), k, mail.Outline{To: to, Subject: fmt.Sprint("No. ", k.Version)}, now, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	mark := func(k mail.Key, fates ...orders.MailFate) {
		t.Helper()
		for i, fate := range fates {
			if err := r.Mark(t.Context(), k, fate, now.Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(key(2, ""), "a…@example.com")
	send(key(3, "aaaaaaaa"), "b…@example.com")
	send(key(3, "bbbbbbbb"), "c…@example.com")
	send(key(12, "aaaaaaaa"), "b…@example.com")
	if err := r.MarkSent(t.Context(), key(3, "aaaaaaaa"), "m"); err != nil {
		t.Fatal(err)
	}
	mark(key(3, "bbbbbbbb"), orders.MailComplained, orders.MailDelivered, orders.MailBounced)
	mark(key(12, "aaaaaaaa"), orders.MailDelivered, orders.MailBounced)
	mark(key(13, "aaaaaaaa"), orders.MailDelivered) // of which no record exists
	sent := func(version int64, link, to string, fate orders.MailFate, after time.Duration) orders.SentMail {
		m := orders.SentMail{Order: id, Version: version, Link: link, At: now, To: to, Subject: fmt.Sprint("No. ", version), Fate: fate}
		if after >= 0 {
			m.FateAt = now.Add(after)
		}
		return m
	}
	all := []orders.SentMail{
		sent(2, "", "a…@example.com", orders.MailSending, -1), sent(3, "aaaaaaaa", "b…@example.com", orders.MailSent, -1),
		sent(3, "bbbbbbbb", "c…@example.com", orders.MailComplained, 0), sent(12, "aaaaaaaa", "b…@example.com", orders.MailBounced, time.Second),
	}
	for _, test := range []struct {
		name, before string
		limit        int
		want         []orders.SentMail
		more         bool
	}{
		{name: "all", limit: 4, want: all},
		{name: "the latest", limit: 2, want: all[2:], more: true},
		{name: "those before", before: all[2].Place(), limit: 1, want: all[1:2], more: true},
		{name: "those before a place of no mail", before: "0000000003#azzzzzzz", limit: 5, want: all[:2]},
		{name: "none before the first", before: all[0].Place(), limit: 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, more, err := store.SentMails(t.Context(), id, test.before, test.limit)
			if diff := cmp.Diff(test.want, got, storetest.Same); err != nil || more != test.more || diff != "" {
				t.Errorf("want (-), got (+): %v, more %v\n%s", err, more, diff)
			}
		})
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
		if _, err := r.Lease(t.Context(), old(id), mail.Outline{}, now, time.Minute); err != nil {
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
		if got, err := r.Lease(t.Context(), key(test.id), mail.Outline{}, now.Add(test.after), time.Minute); err != nil ||
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
