// Package storetest tests the stores of orders, accounts and webhooks, and has a store in memory that passes the tests.
//
// [Run] tests a [Store], promise by promise; the promises stand by subject in suite_*.go. [Memory] is the store for
// tests of what stands on a store. fixture.go has what such tests begin with, full.go the values that have something in
// every field.
//
// The package stands above orders, account and webhook, and below the packages whose tests use it. It must not know the
// table: what holds for the table alone is tested in package dynamo.
package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/webhook"
)

// Store is all that is kept of orders, of the accounts that pay for them, of the webhooks that tell of them, and of the
// documents that are still to be fetched.
type Store interface {
	orders.Store
	orders.Events
	orders.Receipts
	orders.Mails
	account.Store
	webhook.Store
	pull.Store
	link.Store
	ViewByLink(ctx context.Context, order porting.OrderID, id string, comments int) (link.Link, porting.Order, orders.Found, error)
	Heads(ctx context.Context, ids []porting.OrderID) ([]orders.Head, error)
	AllQueued(ctx context.Context, of []orders.Due) ([]orders.Queued, error)
	DueBehind(ctx context.Context, kind orders.DueKind, behind orders.Due, until time.Time, limit int) ([]orders.Due, error)
	Count(ctx context.Context, e porting.Event) error
	Refund(ctx context.Context, e porting.Event) error
	Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error)
	Learned(ctx context.Context, carriers []string, since string) (porting.Learned, error)
}

// suite is the test of one promise, with the store that makes it and a book on that store.
type suite struct {
	*testing.T
	store Store
	book  *orders.Book
}

func (s suite) create(a porting.AccountID, tns ...string) porting.Order {
	s.Helper()
	_, made, err := s.book.Create(s.Context(), Draft(a, tns...))
	if err != nil {
		s.Fatal(err)
	}
	return made[0]
}

func (s suite) do(id porting.OrderID, cmd porting.Command) porting.Order {
	s.Helper()
	o, err := s.book.Do(s.Context(), id, cmd)
	if err != nil {
		s.Fatalf("%T: %v", cmd, err)
	}
	return o
}

func (s suite) load(id porting.OrderID) porting.Order {
	s.Helper()
	o, err := s.store.Load(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

func (s suite) account(id porting.AccountID, balance porting.Money) {
	s.Helper()
	a := account.Account{ID: id, Name: "Test", Mail: "ops@example.com", Kind: account.Live, Balance: balance,
		Created: Now}
	if err := s.store.OpenAccount(s.Context(), a); err != nil {
		s.Fatal(err)
	}
}

func (s suite) balance(id porting.AccountID) porting.Money {
	s.Helper()
	a, err := s.store.Account(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return a.Balance
}

func (s suite) due(kind orders.DueKind, until time.Time) []orders.Due {
	s.Helper()
	all, err := s.store.Due(s.Context(), kind, until, 1000)
	if err != nil {
		s.Fatal(err)
	}
	return all
}

// onlyPublished says that the bus and the search alone have still to be told of an event, as of every event, or that it is a
// creation, of which the customer is told by mail besides.
func (s suite) onlyPublished(d orders.Due) bool {
	s.Helper()
	if d.Kind != orders.DueEvent {
		return false
	}
	e, err := s.store.Event(s.Context(), d)
	s.must(err)
	return e.Kind == porting.Created ||
		!slices.ContainsFunc(e.Effects, func(f porting.Effect) bool { return f != porting.Publish && f != porting.KeepSearch })
}

func (s suite) dueOf(kind orders.DueKind, id porting.OrderID) orders.Due {
	s.Helper()
	var found []orders.Due
	for _, d := range s.due(kind, Now.AddDate(1, 0, 0)) {
		if d.Order == id && !s.onlyPublished(d) {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		s.Fatalf("order %s is due for %s %d times, want once", id, kind, len(found))
	}
	return found[0]
}

func (s suite) notDue(kind orders.DueKind, id porting.OrderID) {
	s.Helper()
	for _, d := range s.due(kind, Now.AddDate(10, 0, 0)) {
		if d.Order == id {
			s.Errorf("order %s is due for %s", id, kind)
		}
	}
}

// code checks that err is a *porting.Error of the code, and returns it.
func (s suite) code(err error, want porting.ErrorCode) *porting.Error {
	s.Helper()
	var e *porting.Error
	if !errors.As(err, &e) || e.Code != want {
		s.Fatalf("error %v, want one of code %s", err, want)
	}
	return e
}

// testCase is one promise that a store makes.
type testCase struct {
	promise string
	test    func(suite)
}

// Run tests a store. Each promise gets a store of its own, or one whose earlier contents do not disturb it.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, subject := range []struct {
		name  string
		cases []testCase
	}{
		{"values", valuesCases},
		{"orders", ordersCases},
		{"torn reads", tornCases},
		{"history", historyCases},
		{"holds", holdsCases},
		{"disputes", disputesCases},
		{"money", moneyCases},
		{"accounts", accountsCases},
		{"due", dueCases},
		{"outbox", outboxCases},
		{"scores", scoresCases},
		{"large orders", largeCases},
		{"groups", groupsCases},
		{"splitting off", splitoffCases},
		{"receipts", receiptsCases},
		{"lists", listsCases},
		{"sandboxes", sandboxCases},
		{"webhooks", webhooksCases},
		{"documents to pull", pullCases},
		{"links", linksCases},
	} {
		t.Run(subject.name, func(t *testing.T) {
			for _, c := range subject.cases {
				t.Run(c.promise, func(t *testing.T) {
					t.Parallel()
					s := open(t)
					c.test(suite{t, s, Book(t, s)})
				})
			}
		})
	}
}

// must ends the test where there is an error.
func (s suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s suite) lines(id porting.AccountID, before string, limit int) []account.Line {
	s.Helper()
	lines, err := s.store.Ledger(s.Context(), id, before, limit)
	if err != nil {
		s.Fatal(err)
	}
	return lines
}

func (s suite) keys(id porting.AccountID) (account.Account, []account.Key) {
	s.Helper()
	a, keys, err := s.store.Keys(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	for _, k := range keys {
		if k.Hash != [len(k.Hash)]byte{} {
			s.Error("the list of keys holds a hash")
		}
	}
	return a, keys
}

func (s suite) opened(id porting.OrderID) porting.Order {
	s.Helper()
	o := s.load(id)
	d := &o.Details
	d.ProviderAccount, d.PIN, d.LastFourSSN = d.ProviderAccount.Opened(SecretAccount), d.PIN.Opened(SecretPIN),
		d.LastFourSSN.Opened(SecretSSN)
	return o
}
