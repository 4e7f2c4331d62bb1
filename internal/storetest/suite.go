// Package storetest is the test of an orders.Store, and a store in memory that passes it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portway/internal/account"
	"portway/internal/bizday"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// Store is what the suite tests: the orders' store, the accounts that the fees come from, and the webhooks that tell of orders.
type Store interface {
	orders.Store
	orders.Mails
	account.Store
	webhook.Store
	Why(ctx context.Context, d orders.Due) (string, error)
	Count(ctx context.Context, e porting.Event) error
	Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error)
}

// Now is when everything in the suite happens, a Tuesday.
var Now = time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)

// Customer, System and Peer are who gives commands.
var (
	Customer = porting.By{Role: porting.Customer, Name: "customer"}
	System   = porting.By{Role: porting.System}
	Staff    = porting.By{Role: porting.Staff, Name: "AB"}
	Peer     = porting.By{Role: porting.PeerRole, Name: "locals"}
)

// Rules are the standard ones in a desk's calendar.
func Rules(t testing.TB) porting.Rules {
	t.Helper()
	c, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	r := porting.Standard(c)
	r.HardCancelFee = 2500
	return r
}

// ids makes the ids of all books of one test binary different.
var ids atomic.Uint32

// Book is a book on a store, whose clock stands still.
func Book(t testing.TB, s orders.Store) *orders.Book {
	t.Helper()
	return &orders.Book{Store: s, Rules: Rules(t), Now: func() time.Time { return Now }, Random: func() uint16 { return uint16(ids.Add(1)) }}
}

// Secrets that a Details holds. No event, and no print of an order, may show one of them.
const (
	SecretAccount = "CANARY-ACCT-7731"
	SecretPIN     = "CANARY-PIN-8842"
	SecretSSN     = "9953"
)

// Details are complete and without fault.
func Details() porting.Details {
	return porting.Details{
		Alias: "Head office", BillingName: "Ada Lovelace", Company: "Analytical Engines", BillingNumber: "+12065550100",
		Provider: "Old Bell", ProviderAccount: porting.NewSecret(SecretAccount), PIN: porting.NewSecret(SecretPIN),
		LastFourSSN: porting.NewSecret(SecretSSN), UsageType: porting.Business, Street: "500 Pike Street", City: "Seattle",
		State: "WA", Zip: "98101", Country: "US", Desired: "2027-03-15", LOAEmail: "ada@example.com",
		StatusURL: "https://example.com/hook", AutoCorrect: porting.CorrectAll,
	}
}

// Numbers are n numbers, others for every from.
func Numbers(from, n int) []string {
	tns := make([]string, n)
	for i := range tns {
		tns[i] = fmt.Sprintf("+1206%07d", 2000000+from*10000+i)
	}
	return tns
}

// Lines are numbers of one carrier.
func Lines(tns []string) []porting.Line {
	lines := make([]porting.Line, len(tns))
	for i, tn := range tns {
		lines[i] = porting.Line{TN: tn, Kind: porting.Local, Country: "US", Carrier: porting.Carrier{SPID: "1234", Name: "Old Bell"}}
	}
	return lines
}

// Draft is a create call for numbers.
func Draft(a porting.AccountID, tns ...string) orders.Draft {
	return orders.Draft{By: Customer, Account: a, Details: Details(), Lines: Lines(tns)}
}

// Sign is the customer's signature.
func Sign() porting.Sign {
	return porting.Sign{By: Customer, Signature: porting.Signature{Name: "Ada Lovelace", Title: "CEO", IP: "192.0.2.1"}}
}

// Same compares orders and events as a store has to keep them: instants whatever their zone, and secrets by their presence,
// since a store may keep them sealed.
var Same = cmp.Options{
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b porting.Secret) bool { return a.IsSet() == b.IsSet() }),
	cmpopts.EquateEmpty(),
}

// suite is one test's store and book.
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
	a := account.Account{ID: id, Name: "Test", Mail: "ops@example.com", Kind: account.Live, Balance: balance, Created: Now}
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

func (s suite) dueOf(kind orders.DueKind, id porting.OrderID) orders.Due {
	s.Helper()
	var found []orders.Due
	for _, d := range s.due(kind, Now.AddDate(1, 0, 0)) {
		if d.Order == id {
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

// code checks that err is our own of the code.
func (s suite) code(err error, want porting.ErrorCode) *porting.Error {
	s.Helper()
	var e *porting.Error
	if !errors.As(err, &e) || e.Code != want {
		s.Fatalf("error %v, want one of code %s", err, want)
	}
	return e
}

// Run is the suite. Each test has a store of its own, or one whose earlier contents do not disturb it.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, test := range []struct {
		name string
		run  func(suite)
	}{
		{"Load gives back what was written, in every field", everyField},
		{"History tells what happened, oldest first", history},
		{"View has the latest comments", latestComments},
		{"Search walks back through the history", searchBack},
		{"History comes in pages", historyPages},
		{"a page of large events is a short one", shortPages},
		{"ErrNotFound", notFound},
		{"Commit refuses a stale version", stale},
		{"parallel writers lose no update", parallelWriters},
		{"a number is on one live order, across accounts", oneLiveOrder},
		{"sandboxes and the rest don't block each other", sandboxClaims},
		{"play money pays for a sandbox's orders alone", playMoney},
		{"a sandbox's orders fall due among their own", sandboxDue},
		{"letters are kept with their order, each once", lettersKept},
		{"letters come in pages, the latest first", letterPages},
		{"Held names the numbers that are on live orders", held},
		{"Holder is the live order of a number", holder},
		{"of parallel creates for one number one wins", parallelCreates},
		{"a number is claimed and freed with the order's list", changeNumbers},
		{"a number left out is free at once", leftOut},
		{"an order that ends frees its numbers", endFrees},
		{"the fee is taken once", feeOnce},
		{"ErrNoFunds leaves everything as it was", noFunds},
		{"a fee for ending may leave a debt", debt},
		{"a deposit counts once", deposits},
		{"access keys", accessKeys},
		{"keys come, end and go with their account's version", settleKeys},
		{"contacts change, and are held", settleContacts},
		{"an account's change and its answer are written together", settleOnce},
		{"the ledger tells every change of a balance, newest first", ledger},
		{"records for presets", presetRecords},
		{"a record's live orders are found", presetUsers},
		{"due dates follow the order", dueFollows},
		{"a due date is claimed once", claimOnce},
		{"a failure counts and puts off", failCounts},
		{"what is parked waits for staff until the order moves on", parked},
		{"the desk's queue", deskQueue},
		{"an event is due until its last effect is delivered", delivered},
		{"the outbox works through what was missed", outbox},
		{"an event counts once in the scores", scores},
		{"parallel counts lose nothing", parallelScores},
		{"a create call is all or nothing", allOrNothing},
		{"a create call of 5,000 numbers", large},
		{"a large create names all numbers that are taken", largeTaken},
		{"a large order frees its numbers in the end", largeRelease},
		{"a large order leaves many numbers out", largeExclude},
		{"a group has its orders", group},
		{"numbers join a group's orders, or new ones in it", joinGroup},
		{"numbers are split off an order and are never free", splitOrder},
		{"a large order is split step by step", splitLarge},
		{"a paper that runs out is asked for once", papersRunOut},
		{"an idempotency key is one request's", keyTaken},
		{"an answer is written with what it tells of, or not at all", keyWithChange},
		{"a key whose try has ended is taken again", keyAgain},
		{"of parallel tries for one key one runs", keyParallel},
		{"an answer of 5,000 numbers is kept", keyLarge},
		{"the feed tells every event of an account, once", feed},
		{"list filters", listFilters},
		{"list pages, newest first", listPages},
		{"list finds orders by number, past ones too", listNumbers},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			test.run(suite{t, s, Book(t, s)})
		})
	}
}

// lived is an order with something in every field.
func lived(s suite) porting.Order {
	s.account("full", 100_000)
	o := s.create("full", Numbers(1, 3)...)
	s.do(o.ID, porting.SetPresets{By: Customer, To: porting.Presets{CNAM: "1", E911: "2", PrimaryRoute: "3", FailoverRoute: "4", Alias: "5"},
		Fields: porting.PresetFields()})
	bill := porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, Dated: porting.DateOf(Now), From: "https://example.com/bill?key=1", Size: 7}
	s.do(o.ID, porting.AddDocument{By: Customer, Document: bill})
	s.do(o.ID, porting.TakeDocument{By: System, ID: "1"})
	s.do(o.ID, porting.SettleDocument{By: System, ID: "1", Digest: "d1", Size: 1234, Pages: 3})
	bill.From = ""
	s.do(o.ID, porting.AddDocument{By: Customer, Document: bill})
	s.do(o.ID, porting.SettleDocument{By: System, ID: "2", Why: "It is no PDF file."})
	s.do(o.ID, porting.AddDocument{By: Customer, Document: bill})
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Exclude{By: System, TNs: []string{o.Numbers[1].TN}, Reason: porting.NoCoverage})
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}})
	s.do(o.ID, porting.MarkSent{By: System, PON: "C1", Ref: "csr-1"})
	s.do(o.ID, porting.TakeRecord{By: System, PON: "C1", State: porting.AnswerReady, Said: "READY", Record: porting.Record{
		Name: "Ada Lovelace", Street: "500 PIKE ST", City: "SEATTLE", State: "WA", Zip: "98101", AccountNumber: porting.NewSecret(SecretAccount),
		BTN: "+12065550100", Numbers: Numbers(1, 3)}})
	s.do(o.ID, porting.SettleCSR{By: System, Why: "It matches."})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}})
	s.do(o.ID, porting.MarkSent{By: System, PON: "P1", Ref: "port-1"})
	s.do(o.ID, porting.Await{By: System, For: porting.WaitAnswer, Token: porting.NewSecret("token")})
	s.do(o.ID, porting.Refuse{By: Peer, PON: "P1", Said: "REJECTED", Reasons: []porting.Reason{{Code: porting.ZipMismatch, Raw: "7402",
		Said: "zip", Numbers: Numbers(1, 1), Patch: map[string]string{"zip": "98102"}}}})
	s.do(o.ID, porting.Repair{By: System, Repairs: []porting.RepairKind{porting.FromCSR}, Patch: map[string]string{"zip": "98102"}, Sup: porting.SupOther, Why: "zip",
		Remaining: porting.Remaining{Active: true, BTN: "+12065550199"}, Enclose: []porting.DocumentID{"1"}})
	s.do(o.ID, porting.Delay{By: System, Why: "The peer is down."})
	return s.do(o.ID, porting.Refuse{By: Peer, PON: "P1", Said: "REJECTED", Reasons: []porting.Reason{{Code: porting.NameMismatch}}})
}

func everyField(s suite) {
	o := lived(s)
	if diff := cmp.Diff(o, s.load(o.ID), Same); diff != "" {
		s.Errorf("written (-), read (+):\n%s", diff)
	}
	o = s.do(o.ID, porting.AskDesk{By: System, Why: "Which name is right?"})
	o = s.do(o.ID, porting.Return{By: Staff, Reasons: o.Reasons})
	if diff := cmp.Diff(o, s.load(o.ID), Same); diff != "" {
		s.Errorf("rejected: written (-), read (+):\n%s", diff)
	}
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Approve{By: Staff})
	o = s.do(o.ID, porting.Accept{By: Peer, PON: "P1", Said: "FOC", FOC: "2027-03-16", At: Now.AddDate(0, 0, 14)})
	if diff := cmp.Diff(o, s.load(o.ID), Same); diff != "" {
		s.Errorf("accepted: written (-), read (+):\n%s", diff)
	}
	o = s.do(o.ID, porting.Complete{By: Peer, Said: "COMPLETE"})
	if diff := cmp.Diff(o, s.load(o.ID), Same); diff != "" {
		s.Errorf("completed: written (-), read (+):\n%s", diff)
	}
	if s.load(o.ID).Details.PIN.IsSet() {
		s.Error("the PIN is kept though it has served")
	}
}

func history(s suite) {
	o := lived(s)
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	if diff := cmp.Diff(o, got, Same); diff != "" {
		s.Errorf("the order: written (-), read (+):\n%s", diff)
	}
	if len(events) != int(o.Version) {
		s.Fatalf("%d events, want one for each of %d versions", len(events), o.Version)
	}
	var all []string
	for i, e := range events {
		if e.Version != int64(i+1) || e.Order != o.ID {
			s.Errorf("event %d is of order %s version %d", i, e.Order, e.Version)
		}
		all = append(all, fmt.Sprintf("%+v", e))
	}
	if e := events[0]; e.Kind != porting.Created || e.By != Customer || !e.At.Equal(Now) || e.Account != "full" || e.Group != o.Group {
		s.Errorf("the first event is %+v", e)
	}
	passed := events[slices.IndexFunc(events, func(e porting.Event) bool { return e.Kind == porting.Passed })]
	if passed.Charge != 1500 || passed.Before != porting.Processing || passed.Status != porting.Submitted || passed.StatusURL == "" {
		s.Errorf("the event of the fee is %+v", passed)
	}
	for _, secret := range []string{SecretAccount, SecretPIN} {
		if strings.Contains(strings.Join(all, "\n"), secret) {
			s.Errorf("an event shows %s", secret)
		}
	}
}

func notFound(s suite) {
	_, err := s.store.Load(s.Context(), "404")
	s.code(err, porting.NotFound)
	_, _, err = s.store.View(s.Context(), "404", 10)
	s.code(err, porting.NotFound)
	_, _, err = s.store.Group(s.Context(), "404")
	s.code(err, porting.NotFound)
	o := s.create("a", Numbers(0, 1)...)
	d := s.dueOf(due(porting.DueClock), o.ID)
	_, err = s.store.Event(s.Context(), orders.Due{Kind: orders.DueEvent, Key: d.Key + ".404", Order: o.ID})
	s.code(err, porting.NotFound)
}

// due is the kind of an order's own due date.
func due(k porting.DueKind) orders.DueKind { return orders.DueKind(k) }

func stale(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	edit := porting.Edit{By: Customer, To: porting.Details{Alias: "first"}, Fields: []string{"alias"}}
	if _, err := s.book.Apply(s.Context(), o, edit); err != nil {
		s.Fatal(err)
	}
	edit.To.Alias = "second"
	_, err := s.book.Apply(s.Context(), o, edit)
	s.code(err, porting.Stale)
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil || got.Details.Alias != "first" || got.Version != 2 || len(events) != 2 {
		s.Errorf("the alias is %q in version %d with %d events (%v)", got.Details.Alias, got.Version, len(events), err)
	}
}

func parallelWriters(s suite) {
	const writers = 20
	o := s.create("a", Numbers(0, 1)...)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for {
				_, err := s.book.Do(s.Context(), o.ID, porting.Comment{By: Customer, Text: fmt.Sprintf("comment %d", i)})
				if err == nil {
					return
				}
				if !orders.Is(err, porting.Stale) {
					s.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range events {
		seen[e.Text] = true
	}
	if got.Version != writers+1 || len(events) != writers+1 || len(seen) != writers+1 {
		s.Errorf("version %d with %d events, %d of them different; want %d of each", got.Version, len(events), len(seen), writers+1)
	}
}

func oneLiveOrder(s suite) {
	tns := Numbers(0, 4)
	o := s.create("a", tns[:3]...)
	for _, who := range []porting.AccountID{"a", "b"} {
		_, _, err := s.book.Create(s.Context(), Draft(who, tns[1:]...))
		e := s.code(err, porting.Taken)
		var fields []string
		for _, f := range e.Faults {
			fields = append(fields, f.Field)
		}
		slices.Sort(fields)
		if !slices.Equal(fields, tns[1:3]) {
			s.Errorf("faults for %v, want %v", fields, tns[1:3])
		}
		if strings.Contains(err.Error(), string(o.ID)) {
			s.Errorf("the error tells the other order: %v", err)
		}
	}
	if free := s.create("b", tns[3]); len(free.Numbers) != 1 {
		s.Errorf("%d numbers", len(free.Numbers))
	}
}

// play is a create call of a sandbox.
func (s suite) play(a porting.AccountID, tns ...string) (porting.Order, error) {
	d := Draft(a, tns...)
	d.Sandbox = true
	_, made, err := s.book.Create(s.Context(), d)
	if err != nil {
		return porting.Order{}, err
	}
	return made[0], nil
}

func sandboxClaims(s suite) {
	tns := Numbers(0, 300) // more than one transaction claims
	played := map[porting.AccountID]porting.Order{}
	real := s.create("live", tns[0])
	for _, box := range []porting.AccountID{"box-1", "box-2"} {
		o, err := s.play(box, tns...)
		if err != nil {
			s.Fatalf("%s: %v", box, err)
		}
		if got := s.load(o.ID); got.Owner() != (porting.Owner{Account: box, Sandbox: true}) {
			s.Errorf("the order is %+v's", got.Owner())
		}
		played[box] = o
	}
	other := s.create("other", tns[1])
	_, err := s.play("box-1", tns[299], tns[1])
	if e := s.code(err, porting.Taken); len(e.Faults) != 2 || e.Faults[0].Field != tns[1] && e.Faults[0].Field != tns[299] {
		s.Errorf("faults %+v, want the two numbers", e.Faults)
	}
	if _, err := s.play("box-1", append(Numbers(1, 200), tns[7])...); err == nil { // undone, with all that it claimed
		s.Error("a number was taken twice in one sandbox")
	}
	if _, err := s.play("box-1", Numbers(1, 200)...); err != nil {
		s.Error(err)
	}
	for box, want := range map[porting.AccountID]porting.OrderID{"box-1": played["box-1"].ID, "box-2": played["box-2"].ID} {
		all, err := s.store.List(s.Context(), box, orders.Filter{Numbers: tns[:1], Sandbox: true})
		if err != nil || len(all) != 1 || all[0].ID != want {
			s.Errorf("%s has %d orders with the number (%v)", box, len(all), err)
		}
	}
	over := s.do(played["box-1"].ID, porting.Cancel{By: Customer})
	if err := s.store.Release(s.Context(), over); err != nil {
		s.Fatal(err)
	}
	if _, err := s.play("box-1", tns[:2]...); err != nil {
		s.Errorf("the end of a sandbox's order frees its numbers: %v", err)
	}
	for _, o := range []porting.Order{real, other} { // which are held as before
		_, _, err := s.book.Create(s.Context(), Draft("third", o.Numbers[0].TN))
		s.code(err, porting.Taken)
	}
	_, err = s.play("box-2", tns[0])
	s.code(err, porting.Taken)
}

func playMoney(s suite) {
	tns := Numbers(0, 2)
	for id, kind := range map[porting.AccountID]account.Kind{"box": account.Sandbox, "real": account.Live} {
		a := account.Account{ID: id, Name: "Test", Mail: "ops@example.com", Kind: kind, Balance: 10_000, Created: Now}
		if err := s.store.OpenAccount(s.Context(), a); err != nil {
			s.Fatal(err)
		}
	}
	pass := func(o porting.Order, err error) error {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
		s.do(o.ID, Sign())
		_, err = s.book.Do(s.Context(), o.ID, porting.Pass{By: System})
		return err
	}
	if err := pass(s.play("box", tns[0])); err != nil {
		s.Error(err)
	}
	if err := pass(s.play("real", tns[1])); err == nil {
		s.Error("a live account paid for a sandbox's order")
	}
	if err := pass(s.create("box", tns[1]), nil); err == nil {
		s.Error("play money paid for a real order")
	}
	if box, real := s.balance("box"), s.balance("real"); box != 9_250 || real != 10_000 {
		s.Errorf("the balances are %s and %s, want 92.5 and 100", box, real)
	}
}

func sandboxDue(s suite) {
	s.account("due-live", 10_000)
	tn := Numbers(0, 1)[0]
	real := s.create("due-live", tn)
	o, err := s.play("due-box", tn)
	if err != nil {
		s.Fatal(err)
	}
	apart := func(kind porting.DueKind) {
		s.Helper()
		s.notDue(due(kind), o.ID)
		s.notDue(orders.KindOf(due(kind), o.Owner()), real.ID)
	}
	apart(porting.DueClock)
	s.dueOf(orders.KindOf(due(porting.DueClock), o.Owner()), o.ID)
	s.do(o.ID, Sign())
	s.notDue(orders.KindOf(due(porting.DueClock), o.Owner()), o.ID)
	s.dueOf(due(porting.DueDriver), o.ID)
	s.do(o.ID, porting.AskDesk{By: System, Why: "Who is it?"})
	s.dueOf(orders.KindOf(orders.DueDesk, o.Owner()), o.ID)
	s.notDue(orders.DueDesk, o.ID)
}

func lettersKept(s suite) {
	o, other := s.create("letters", Numbers(0, 1)...), s.create("letters", Numbers(1, 1)...)
	letter := func(version int64) orders.Mail {
		return orders.Mail{Order: o.ID, Version: version, At: Now, To: "ops@example.com", Subject: fmt.Sprint("No. ", version), Text: "Dear customer,\n…"}
	}
	again := letter(2)
	again.Subject = "Another"
	for _, l := range []orders.Mail{letter(12), letter(2), again, letter(2)} {
		if err := s.store.KeepMail(s.Context(), l); err != nil {
			s.Fatal(err)
		}
	}
	for id, want := range map[porting.OrderID][]orders.Mail{o.ID: {letter(2), letter(12)}, other.ID: nil} {
		got, more, err := s.store.Mails(s.Context(), id, 0, 2)
		if diff := cmp.Diff(want, got, Same); err != nil || more || diff != "" {
			s.Errorf("kept (-), read (+): %v, more %v\n%s", err, more, diff)
		}
	}
	if diff := cmp.Diff(o, s.load(o.ID), Same); diff != "" {
		s.Errorf("the order before (-), after (+):\n%s", diff)
	}
}

func held(s suite) {
	tns := Numbers(0, 120)
	s.create("a", tns[:2]...)
	over := s.create("b", tns[110])
	s.create("b", tns[119])
	s.do(over.ID, porting.Cancel{By: Customer})
	e := s.code(s.store.Held(s.Context(), tns), porting.Taken)
	var fields []string
	for _, f := range e.Faults {
		fields = append(fields, f.Field)
	}
	if want := []string{tns[0], tns[1], tns[119]}; !slices.Equal(fields, want) {
		s.Errorf("held are %v, want %v", fields, want)
	}
	if err := errors.Join(s.store.Held(s.Context(), tns[2:119]), s.store.Held(s.Context(), nil)); err != nil {
		s.Error(err)
	}
	_, err := s.book.Preview(s.Context(), Draft("c", tns[:3]...))
	s.code(err, porting.Taken)
	if made, err := s.book.Preview(s.Context(), Draft("c", tns[2:5]...)); err != nil || len(made) != 1 || made[0].ID != "" {
		s.Errorf("a preview is %v (%v)", made, err)
	}
	_, _, err = s.book.Rehearse(s.Context(), s.create("c", tns[5]).ID, 0, func(porting.Order) (porting.Command, error) {
		return porting.ChangeNumbers{By: Customer, Add: tns[:1]}, nil
	})
	s.code(err, porting.Taken)
	s.create("c", tns[2:5]...) // the preview has taken nothing
}

func parallelCreates(s suite) {
	const callers = 8
	tn := Numbers(0, 1)
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			_, _, err := s.book.Create(s.Context(), Draft(porting.AccountID(fmt.Sprintf("p%d", i)), tn...))
			switch {
			case err == nil:
				won.Add(1)
			case !orders.Is(err, porting.Taken) && !orders.Is(err, porting.Stale):
				s.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		s.Errorf("%d of %d creates won, want exactly one", won.Load(), callers)
	}
}

func changeNumbers(s suite) {
	tns := Numbers(0, 4)
	o := s.create("a", tns[0], tns[1])
	s.create("b", tns[3])
	s.do(o.ID, porting.ChangeNumbers{By: Customer, Add: []string{tns[2]}, Remove: []string{tns[0]}})
	s.create("b", tns[0]) // is free again
	_, _, err := s.book.Create(s.Context(), Draft("b", tns[2]))
	s.code(err, porting.Taken)
	_, err = s.book.Do(s.Context(), o.ID, porting.ChangeNumbers{By: Customer, Add: []string{tns[3]}, Remove: []string{tns[1]}})
	s.code(err, porting.Taken)
	if got := s.load(o.ID).Active(); !slices.Equal(got, tns[1:3]) {
		s.Errorf("the order has %v, want %v", got, tns[1:3])
	}
}

func leftOut(s suite) {
	tns := Numbers(0, 2)
	o := s.create("a", tns...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Exclude{By: System, TNs: tns[:1], Reason: porting.NoCoverage})
	s.create("b", tns[0])
	_, _, err := s.book.Create(s.Context(), Draft("b", tns[1]))
	s.code(err, porting.Taken)
}

func endFrees(s suite) {
	tns := Numbers(0, 3)
	for range 25 { // more often than a claim remembers
		o := s.create("a", tns...)
		s.do(o.ID, porting.Cancel{By: Customer})
	}
	if got := s.create("b", tns...); got.Status != porting.Pending {
		s.Errorf("status %s", got.Status)
	}
}

func feeOnce(s suite) {
	s.account("fee", 10_000)
	o := s.create("fee", Numbers(0, 2)...)
	s.do(o.ID, Sign())
	processing := s.load(o.ID)
	s.do(o.ID, porting.Pass{By: System})
	if got := s.balance("fee"); got != 8_500 {
		s.Errorf("the balance is %d cents, want 8500", got)
	}
	_, err := s.book.Apply(s.Context(), processing, porting.Pass{By: System})
	s.code(err, porting.Stale)
	s.do(o.ID, porting.Return{By: Staff, Reasons: []porting.Reason{{Code: porting.OtherReason}}})
	s.do(o.ID, porting.Resubmit{By: Customer})
	s.do(o.ID, porting.Approve{By: Staff})
	if got := s.balance("fee"); got != 8_500 {
		s.Errorf("after a resubmission the balance is %d cents, want 8500", got)
	}
}

func noFunds(s suite) {
	s.account("poor", 1_499)
	o := s.create("poor", Numbers(0, 2)...)
	before := s.do(o.ID, Sign())
	_, err := s.book.Do(s.Context(), o.ID, porting.Pass{By: System})
	s.code(err, porting.NoFunds)
	if diff := cmp.Diff(before, s.load(o.ID), Same); diff != "" {
		s.Errorf("before (-), after (+):\n%s", diff)
	}
	if got := s.balance("poor"); got != 1_499 {
		s.Errorf("the balance is %d cents, want 1499", got)
	}
	if err := account.Deposit(s.Context(), s.store, "poor", 1, "wire-1", Now); err != nil {
		s.Fatal(err)
	}
	s.do(o.ID, porting.Pass{By: System})
	if got := s.balance("poor"); got != 0 {
		s.Errorf("the balance is %d cents, want 0", got)
	}
}

func debt(s suite) {
	s.account("debt", 750)
	o := s.create("debt", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}})
	s.do(o.ID, porting.MarkSent{By: System, PON: "P1", Ref: "1"})
	s.do(o.ID, porting.HardCancel{By: Staff, Why: "Asked for."})
	if got := s.balance("debt"); got != -2_500 {
		s.Errorf("the balance is %d cents, want -2500", got)
	}
}

func dueFollows(s suite) {
	s.account("due", 10_000)
	o := s.create("due", Numbers(0, 1)...)
	clock, check, driver := due(porting.DueClock), due(porting.DueCheck), due(porting.DueDriver)
	if d := s.dueOf(clock, o.ID); !d.At.Equal(o.Due[porting.DueClock]) || d.Kind != clock || d.Tries != 0 {
		s.Errorf("due %+v, want at %s", d, o.Due[porting.DueClock])
	}
	if got := s.due(clock, o.Due[porting.DueClock].Add(-1)); slices.ContainsFunc(got, func(d orders.Due) bool { return d.Order == o.ID }) {
		s.Error("it is due a nanosecond early")
	}
	s.do(o.ID, Sign())
	s.notDue(clock, o.ID)
	s.dueOf(driver, o.ID)
	o = s.do(o.ID, porting.Pass{By: System})
	if d := s.dueOf(check, o.ID); !d.At.Equal(o.Due[porting.DueCheck]) {
		s.Errorf("the check is due at %s, want %s", d.At, o.Due[porting.DueCheck])
	}
	s.do(o.ID, porting.HardCancel{By: Staff, Why: "Asked for."})
	for _, kind := range []orders.DueKind{clock, check, driver} {
		s.notDue(kind, o.ID)
	}
}

func claimOnce(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	d := s.dueOf(due(porting.DueClock), o.ID)
	hold := d.At.Add(time.Minute)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			got, ok, err := s.store.Claim(s.Context(), d, hold)
			if err != nil {
				s.Error(err)
			}
			if ok {
				won.Add(1)
				if !got.At.Equal(hold) || got.Key != d.Key || got.Order != o.ID {
					s.Errorf("claimed %+v", got)
				}
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		s.Errorf("%d sweeps claimed it, want one", won.Load())
	}
	if got := s.dueOf(d.Kind, o.ID); !got.At.Equal(hold) {
		s.Errorf("it is due at %s, want %s", got.At, hold)
	}
}

func failCounts(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	seen := s.dueOf(due(porting.DueClock), o.ID)
	d := seen
	for n := range 3 {
		claimed, ok, err := s.store.Claim(s.Context(), d, d.At.Add(time.Minute))
		if err != nil || !ok || claimed.Tries != n {
			s.Fatalf("claim %d: %+v, %v, %v", n, claimed, ok, err)
		}
		next := claimed.At.Add(time.Hour)
		if err := s.store.Fail(s.Context(), claimed, next); err != nil {
			s.Fatal(err)
		}
		if d = s.dueOf(d.Kind, o.ID); !d.At.Equal(next) {
			s.Errorf("it is due at %s, want %s", d.At, next)
		}
	}
	// The order moves on: a failure of what was due before is nobody's any more.
	s.do(o.ID, porting.Cancel{By: Customer})
	if err := s.store.Fail(s.Context(), d, d.At.Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
	s.notDue(d.Kind, o.ID)
}

func parked(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	kind := due(porting.DueClock)
	d, _, err := s.store.Claim(s.Context(), s.dueOf(kind, o.ID), Now.Add(time.Hour))
	if err != nil {
		s.Fatal(err)
	}
	if err := s.store.Park(s.Context(), d, "It failed six times.", Now); err != nil {
		s.Fatal(err)
	}
	s.notDue(kind, o.ID)
	p := s.dueOf(orders.DueParked, o.ID)
	if why, err := s.store.Why(s.Context(), p); why != "It failed six times." || err != nil || !p.At.Equal(Now) {
		s.Errorf("parked at %s because %q (%v)", p.At, why, err)
	}
	// A change that leaves the date alone leaves it parked; one that moves it brings it back.
	s.do(o.ID, porting.Comment{By: Customer, Text: "Hello?"})
	s.dueOf(orders.DueParked, o.ID)
	at := Rules(s).End(o).AddDate(0, 0, -14)
	if _, err := s.book.At(at).Do(s.Context(), o.ID, porting.Remind{By: System}); err != nil {
		s.Fatal(err)
	}
	s.notDue(orders.DueParked, o.ID)
	if d := s.dueOf(kind, o.ID); d.Tries != 0 {
		s.Errorf("it comes back with %d tries", d.Tries)
	}
}

func deskQueue(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.AskDesk{By: System, Why: "Which name is right?"})
	d := s.dueOf(orders.DueDesk, o.ID)
	if why, err := s.store.Why(s.Context(), d); why != "Which name is right?" || err != nil || !d.At.Equal(Now) {
		s.Errorf("the desk is asked at %s: %q (%v)", d.At, why, err)
	}
	s.do(o.ID, porting.Retry{By: Staff})
	s.notDue(orders.DueDesk, o.ID)
}

func delivered(s suite) {
	s.account("del", 10_000)
	o := s.create("del", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	var d orders.Due
	for _, one := range s.due(orders.DueEvent, Now.Add(time.Hour)) {
		e, err := s.store.Event(s.Context(), one)
		if err != nil {
			s.Fatal(err)
		}
		if e.Order == o.ID && e.Kind == porting.NotPortable {
			d = one
			if !slices.Equal(e.Effects, []porting.Effect{porting.SendMail, porting.SendWebhook}) {
				s.Fatalf("effects %v", e.Effects)
			}
		}
	}
	if d.Key == "" || d.Order != o.ID || !d.At.After(Now) {
		s.Fatalf("the event is due as %+v", d)
	}
	for _, step := range []struct {
		done []porting.Effect
		left int
	}{
		{[]porting.Effect{porting.SendMail}, 1},
		{[]porting.Effect{porting.SendMail}, 1},
		{nil, 1},
		{[]porting.Effect{porting.SendWebhook}, 0},
		{[]porting.Effect{porting.SendWebhook}, 0},
	} {
		if err := s.store.Delivered(s.Context(), d, step.done); err != nil {
			s.Fatal(err)
		}
		e, err := s.store.Event(s.Context(), d)
		if err != nil || len(e.Effects) != step.left {
			s.Errorf("after %v: effects %v (%v), want %d", step.done, e.Effects, err, step.left)
		}
		still := slices.ContainsFunc(s.due(orders.DueEvent, Now.Add(time.Hour)), func(x orders.Due) bool { return x.Key == d.Key })
		if still != (step.left > 0) {
			s.Errorf("after %v: due %v with %d effects left", step.done, still, step.left)
		}
	}
	if err := s.store.Delivered(s.Context(), d, []porting.Effect{porting.SendMail, porting.SendWebhook}); err != nil {
		s.Error(err)
	}
}

func outbox(s suite) {
	o := s.create("out", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	var done []porting.Effect
	fail := true
	x := &orders.Outbox{Book: s.book, Handlers: map[porting.Effect]orders.Handler{
		porting.StartDriver: func(_ context.Context, e porting.Event, _ porting.Order) error {
			done = append(done, porting.StartDriver)
			return nil
		},
		porting.SendWebhook: func(_ context.Context, e porting.Event, _ porting.Order) error {
			if fail {
				return errors.New("their server is down")
			}
			done = append(done, porting.SendWebhook)
			return nil
		},
		porting.FileLOA: func(context.Context, porting.Event, porting.Order) error { return nil },
	}}
	d := s.dueOf(orders.DueEvent, o.ID)
	if err := x.Stream(s.Context(), []orders.Due{d}); err != nil {
		s.Fatal(err)
	}
	e, err := s.store.Event(s.Context(), d)
	if err != nil || !slices.Equal(e.Effects, []porting.Effect{porting.SendWebhook}) {
		s.Errorf("still to follow: %v (%v)", e.Effects, err)
	}
	fail = false
	work := func(ctx context.Context, _ *orders.Book, d orders.Due) error { return x.Deliver(ctx, d) }
	if _, err := s.book.At(Now.Add(24*time.Hour)).Sweep(s.Context(), orders.DueEvent, 0, work); err != nil {
		s.Fatal(err)
	}
	s.notDue(orders.DueEvent, o.ID)
	if !slices.Equal(done, []porting.Effect{porting.StartDriver, porting.SendWebhook}) {
		s.Errorf("done: %v", done)
	}
}

// mixed is a draft of local and toll-free numbers, which makes two orders.
func mixed(a porting.AccountID, tns ...string) orders.Draft {
	d := Draft(a, tns...)
	d.Lines = append(d.Lines, porting.Line{TN: "+18005550100", Kind: porting.TollFree, Carrier: porting.Carrier{SPID: "ABC01", Name: "RespOrg"}})
	return d
}

func allOrNothing(s suite) {
	tns := Numbers(0, 2)
	s.create("b", tns[1])
	_, _, err := s.book.Create(s.Context(), mixed("a", tns...))
	s.code(err, porting.Taken)
	if all, err := s.store.List(s.Context(), "a", orders.Filter{}); len(all) != 0 || err != nil {
		s.Errorf("%d orders (%v), want none", len(all), err)
	}
	if _, made, err := s.book.Create(s.Context(), mixed("a", tns[0])); err != nil || len(made) != 2 {
		s.Errorf("%d orders (%v), want 2", len(made), err)
	}
}

func large(s suite) {
	tns := Numbers(0, 5000)
	o := s.create("large", tns...)
	got := s.load(o.ID)
	if diff := cmp.Diff(o, got, Same); diff != "" {
		s.Errorf("written (-), read (+):\n%.2000s", diff)
	}
	if got := s.due(orders.DueIntake, Now.AddDate(1, 0, 0)); len(got) != 0 {
		s.Errorf("%d intakes are left", len(got))
	}
	for _, tn := range []string{tns[0], tns[2499], tns[4999]} {
		_, _, err := s.book.Create(s.Context(), Draft("other", tn))
		s.code(err, porting.Taken)
	}
}

func largeTaken(s suite) {
	tns := Numbers(0, 300)
	s.create("b", tns[7], tns[250])
	_, _, err := s.book.Create(s.Context(), Draft("a", tns...))
	if e := s.code(err, porting.Taken); len(e.Faults) != 2 || e.Faults[0].Field != tns[7] || e.Faults[1].Field != tns[250] {
		s.Errorf("faults %+v", e.Faults)
	}
	s.create("c", tns[8:250]...)
}

func largeRelease(s suite) {
	tns := Numbers(0, 450)
	o := s.create("a", tns...)
	o = s.do(o.ID, porting.Cancel{By: Customer})
	d := s.dueOf(orders.DueEvent, o.ID)
	e, err := s.store.Event(s.Context(), d)
	if err != nil || !slices.Contains(e.Effects, porting.ReleaseNumbers) {
		s.Fatalf("effects %v (%v)", e.Effects, err)
	}
	_, _, err = s.book.Create(s.Context(), Draft("b", tns[0]))
	s.code(err, porting.Taken)
	for range 2 {
		if err := s.store.Release(s.Context(), o); err != nil {
			s.Fatal(err)
		}
	}
	s.create("b", tns...)
	if err := s.store.Release(s.Context(), o); err != nil { // late: they are another's now
		s.Fatal(err)
	}
	_, _, err = s.book.Create(s.Context(), Draft("c", tns[0]))
	s.code(err, porting.Taken)
}

func largeExclude(s suite) {
	tns := Numbers(0, 400)
	o := s.create("a", tns...)
	s.do(o.ID, Sign())
	o = s.do(o.ID, porting.Exclude{By: System, TNs: tns[:300], Reason: porting.NoCoverage})
	if err := s.store.Release(s.Context(), o); err != nil {
		s.Fatal(err)
	}
	s.create("b", tns[:300]...)
	_, _, err := s.book.Create(s.Context(), Draft("b", tns[300]))
	s.code(err, porting.Taken)
}

func group(s suite) {
	g, made, err := s.book.Create(s.Context(), mixed("g", Numbers(0, 2)...))
	if err != nil {
		s.Fatal(err)
	}
	got, heads, err := s.store.Group(s.Context(), g.ID)
	if err != nil {
		s.Fatal(err)
	}
	if diff := cmp.Diff(g, got, Same); diff != "" {
		s.Errorf("written (-), read (+):\n%s", diff)
	}
	for i := range made {
		made[i].Numbers = nil
	}
	if diff := cmp.Diff(made, heads, Same); diff != "" {
		s.Errorf("heads: written (-), read (+):\n%s", diff)
	}
}

func joinGroup(s suite) {
	tns := Numbers(0, 8)
	g, made, err := s.book.Create(s.Context(), Draft("j", tns[0]))
	if err != nil {
		s.Fatal(err)
	}
	other := Lines(tns[2:4])
	for i := range other {
		other[i].Carrier.SPID = "5678"
	}
	draft := orders.Draft{By: Customer, Account: "j", Group: g.ID, Lines: append(Lines(tns[1:2]), other...),
		Details: porting.Details{PIN: porting.NewSecret(SecretPIN)}}
	any := func(porting.Order, porting.Line) bool { return true }
	var got orders.Joining
	keep := func(j orders.Joining) *orders.Receipt { got = j; return nil }
	if j, err := s.book.PreviewJoin(s.Context(), draft, any); err != nil || len(j.Orders) != 2 || j.Orders[1].ID != "" {
		s.Errorf("a preview is %+v (%v)", j, err)
	}
	if err := s.book.Join(s.Context(), draft, any, keep); err != nil {
		s.Fatal(err)
	}
	if old := s.load(made[0].ID); old.Version != 2 || len(old.Numbers) != 2 || !old.Details.ProviderAccount.IsSet() {
		s.Errorf("the group's first order is %+v", old)
	}
	if len(got.Orders) != 2 || !got.Opened[got.Orders[1].ID] {
		s.Fatalf("joined: %+v", got)
	}
	fresh := s.load(got.Orders[1].ID)
	want := Details()
	if d := fresh.Details; d.BillingName != want.BillingName || d.Desired != want.Desired || d.ProviderAccount.IsSet() || !d.PIN.IsSet() || d.LastFourSSN.IsSet() {
		s.Errorf("the new order's details are %+v", d)
	}
	after, heads, err := s.store.Group(s.Context(), g.ID)
	if err != nil || len(heads) != 2 || !slices.Equal(after.Orders, []porting.OrderID{made[0].ID, fresh.ID}) {
		s.Errorf("the group is %+v with %d orders (%v)", after, len(heads), err)
	}
	// All or nothing, and nobody else's group.
	s.create("k", tns[5])
	draft.Lines = append(Lines(tns[4:6]), other[0])
	draft.Lines[2].TN = tns[6]
	s.code(s.book.Join(s.Context(), draft, any, keep), porting.Taken)
	if s.load(made[0].ID).Version != 2 || s.load(fresh.ID).Version != 1 {
		s.Error("a refused call has changed an order")
	}
	draft.Account = "k"
	s.code(s.book.Join(s.Context(), draft, any, keep), porting.NotFound)
	// Of parallel joins that open an order each, none is lost.
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			d := orders.Draft{By: Customer, Account: "j", Group: g.ID, Lines: Lines(tns[6+i : 7+i])}
			d.Lines[0].Carrier.SPID = fmt.Sprint(7000 + i)
			if err := s.book.Join(s.Context(), d, any, func(orders.Joining) *orders.Receipt { return nil }); err != nil {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	if after, _, err = s.store.Group(s.Context(), g.ID); err != nil || len(after.Orders) != 4 {
		s.Errorf("the group has %d orders, want 4 (%v)", len(after.Orders), err)
	}
}

// try is a receipt as a request takes it at a time.
func try(at time.Time) orders.Receipt {
	return orders.Receipt{Account: "i", Key: "k|1#", Print: "p", Lease: at.Add(time.Minute), Expires: at.Add(24 * time.Hour)}
}

var answered = orders.Answer{Status: 201, Header: map[string]string{"ETag": `"2"`}, Body: "the answer"}

func (s suite) begin(want orders.Receipt, at time.Time) (orders.Receipt, bool) {
	s.Helper()
	have, mine, err := s.store.Begin(s.Context(), want, at)
	if err != nil {
		s.Fatal(err)
	}
	return have, mine
}

func keyTaken(s suite) {
	mine := try(Now)
	if have, ok := s.begin(mine, Now); !ok || have.Answer.Status != 0 {
		s.Fatalf("a new key is %+v, %v", have, ok)
	}
	if _, ok := s.begin(orders.Receipt{Account: "j", Key: mine.Key, Print: "q", Lease: Now, Expires: Now.Add(time.Hour)}, Now); !ok {
		s.Error("another account's key is in the way")
	}
	if have, ok := s.begin(try(Now.Add(time.Second)), Now.Add(time.Second)); ok || have.Answer.Status != 0 || have.Print != "p" {
		s.Errorf("while it runs the key is %+v, %v", have, ok)
	}
	mine.Answer = answered
	if err := s.store.Finish(s.Context(), mine); err != nil {
		s.Fatal(err)
	}
	other := mine
	other.Answer.Body = "another answer"
	if err := errors.Join(s.store.Finish(s.Context(), other), s.store.ReleaseKey(s.Context(), mine)); err != nil {
		s.Fatal(err)
	}
	have, ok := s.begin(try(Now.Add(time.Hour)), Now.Add(time.Hour))
	if diff := cmp.Diff(mine, have, Same); ok || diff != "" {
		s.Errorf("answered (-), read (+) %v:\n%s", ok, diff)
	}
	if have, ok := s.begin(try(Now.Add(24*time.Hour)), Now.Add(24*time.Hour)); !ok {
		s.Errorf("a day later the key is still %+v", have)
	}
}

func keyWithChange(s suite) {
	r := try(Now)
	s.begin(r, Now)
	r.Answer = answered
	receipt := func(porting.Order, orders.Found) *orders.Receipt { return &r }
	sign := func(porting.Order) (porting.Command, error) { return Sign(), nil }
	o := s.create("i", Numbers(0, 1)...)
	if done, err := s.book.Revise(s.Context(), o.ID, 0, sign, receipt); err != nil || !done {
		s.Fatalf("done %v, %v", done, err)
	}
	if have, _ := s.begin(try(Now), Now); have.Answer.Body != answered.Body || have.Answer.Header["ETag"] != `"2"` {
		s.Errorf("the answer is %+v", have.Answer)
	}
	// The same try again, as by a process that woke up late: its key is answered.
	o = s.create("i", Numbers(1, 1)...)
	done, err := s.book.Revise(s.Context(), o.ID, 0, sign, receipt)
	s.code(err, porting.Stale)
	if got := s.load(o.ID); done || got.Status != porting.Pending {
		s.Errorf("done %v: the order is %s", done, got.Status)
	}
	draft := Draft("i", Numbers(2, 1)...)
	draft.Receipt = func(porting.Group, []porting.Order) *orders.Receipt { return &r }
	_, _, err = s.book.Create(s.Context(), draft)
	s.code(err, porting.Stale)
	s.create("i", Numbers(2, 1)...) // nobody holds the number
	// Of a refused change nothing is kept.
	r = try(Now)
	r.Key, r.Answer = "2", answered
	s.begin(r, Now)
	draft = Draft("i", Numbers(2, 1)...)
	draft.Receipt = func(porting.Group, []porting.Order) *orders.Receipt { return &r }
	_, _, err = s.book.Create(s.Context(), draft)
	s.code(err, porting.Taken)
	if have, ok := s.begin(r, Now); ok || have.Answer.Status != 0 {
		s.Errorf("a refused create left %+v, %v", have, ok)
	}
}

func keyAgain(s suite) {
	first := try(Now)
	s.begin(first, Now)
	other := try(Now.Add(time.Minute))
	other.Print = "q"
	if have, ok := s.begin(other, Now.Add(time.Minute)); ok || have.Print != "p" {
		s.Errorf("another request has taken the key: %+v", have)
	}
	second := try(Now.Add(time.Minute))
	if have, ok := s.begin(second, Now.Add(time.Minute)); !ok {
		s.Fatalf("after the lease the key is %+v", have)
	}
	first.Answer = answered
	if err := errors.Join(s.store.Finish(s.Context(), first), s.store.ReleaseKey(s.Context(), first)); err != nil {
		s.Fatal(err)
	}
	if have, ok := s.begin(second, Now.Add(90*time.Second)); ok || have.Answer.Status != 0 {
		s.Errorf("the first try has touched the second: %+v, %v", have, ok)
	}
	if err := s.store.ReleaseKey(s.Context(), second); err != nil {
		s.Fatal(err)
	}
	if _, ok := s.begin(other, Now.Add(90*time.Second)); !ok {
		s.Error("a key given back is not free")
	}
}

func keyParallel(s suite) {
	for _, at := range []time.Time{Now, Now.Add(time.Minute)} { // a new key, and one whose lease is over
		var wg sync.WaitGroup
		var won atomic.Int32
		for range 10 {
			wg.Go(func() {
				if _, mine, err := s.store.Begin(s.Context(), try(at), at); err != nil && !orders.Is(err, porting.Stale) {
					s.Error(err)
				} else if mine {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			s.Errorf("%d tries run at once", won.Load())
		}
	}
}

func keyLarge(s suite) {
	r := try(Now)
	s.begin(r, Now)
	draft := Draft("i", Numbers(0, 5000)...)
	draft.Receipt = func(_ porting.Group, made []porting.Order) *orders.Receipt {
		r.Answer = orders.Answer{Status: 201, Body: fmt.Sprint(made[0].Numbers)}
		return &r
	}
	if _, _, err := s.book.Create(s.Context(), draft); err != nil {
		s.Fatal(err)
	}
	if have, _ := s.begin(try(Now), Now); have.Answer.Body != r.Answer.Body {
		s.Errorf("%d bytes of %d were kept", len(have.Answer.Body), len(r.Answer.Body))
	}
}

func feed(s suite) {
	lived(s) // of another account
	one := s.create("feed", Numbers(4, 1)...)
	two := s.create("feed", Numbers(5, 1)...)
	later := *s.book
	later.Now = func() time.Time { return Now.Add(time.Hour) }
	if _, err := later.At(Now.AddDate(0, 0, -7)).Do(s.Context(), two.ID, Sign()); err != nil { // written later, whenever it happened
		s.Fatal(err)
	}
	if _, err := later.Do(s.Context(), one.ID, porting.Comment{By: Customer, Text: "Hello"}); err != nil {
		s.Fatal(err)
	}
	var want, got []string
	for _, id := range []porting.OrderID{one.ID, two.ID} {
		_, history, err := Whole(s.Context(), s.store, id)
		if err != nil {
			s.Fatal(err)
		}
		for _, e := range history {
			e.Effects = nil
			want = append(want, fmt.Sprintf("%+v", e))
		}
	}
	var after, resume orders.Place
	for {
		page, err := later.Feed(s.Context(), "feed", after, 3)
		if err != nil {
			s.Fatal(err)
		}
		if len(page.Events) > 3 {
			s.Errorf("a page of 3 has %d events", len(page.Events))
		}
		for _, e := range page.Events {
			if e.Place <= after {
				s.Errorf("%s comes after %s", e.Place, after)
			}
			after = e.Place
			got = append(got, fmt.Sprintf("%+v", e.Event))
		}
		resume = page.Resume
		if !page.More {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("history (-), feed (+):\n%s", diff)
	}
	again, err := later.Feed(s.Context(), "feed", resume, 10)
	if err != nil || len(again.Events) != 2 || again.More { // what has not settled comes again
		s.Errorf("behind what has settled: %d events (%v)", len(again.Events), err)
	}
}

func listFilters(s suite) {
	s.account("lf", 100_000)
	tns := Numbers(0, 4)
	one := s.create("lf", tns[0])
	_, two, err := s.book.At(Now.Add(24*time.Hour)).Create(s.Context(), orders.Draft{By: Customer, Account: "lf",
		Details: func() porting.Details { d := Details(); d.Alias = "Second"; return d }(), Lines: Lines(tns[1:2])})
	if err != nil {
		s.Fatal(err)
	}
	s.create("else", tns[2])
	done := s.create("lf", tns[3])
	s.do(done.ID, Sign())
	s.do(done.ID, porting.Pass{By: System})
	s.do(done.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}})
	s.do(done.ID, porting.MarkSent{By: System, PON: "P1", Ref: "1"})
	s.do(done.ID, porting.Accept{By: Peer, PON: "P1", FOC: "2027-03-16", At: Now})
	if _, err := s.book.At(Now.Add(48*time.Hour)).Do(s.Context(), done.ID, porting.Complete{By: Peer}); err != nil {
		s.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		filter orders.Filter
		want   []porting.OrderID
	}{
		{"all", orders.Filter{}, []porting.OrderID{one.ID, two[0].ID, done.ID}},
		{"status", orders.Filter{Status: porting.Pending}, []porting.OrderID{one.ID, two[0].ID}},
		{"alias", orders.Filter{Alias: "Second"}, []porting.OrderID{two[0].ID}},
		{"group", orders.Filter{Group: one.Group}, []porting.OrderID{one.ID}},
		{"foc", orders.Filter{FOC: "2027-03-16"}, []porting.OrderID{done.ID}},
		{"created after", orders.Filter{CreatedAfter: Now}, []porting.OrderID{two[0].ID}},
		{"created before", orders.Filter{CreatedBefore: Now.Add(time.Second)}, []porting.OrderID{one.ID, done.ID}},
		{"modified after", orders.Filter{ModifiedAfter: Now.Add(25 * time.Hour)}, []porting.OrderID{done.ID}},
		{"completed after", orders.Filter{DoneAfter: Now}, []porting.OrderID{done.ID}},
		{"completed before", orders.Filter{DoneBefore: Now}, nil},
		{"two at once", orders.Filter{Status: porting.Pending, Alias: "Second"}, []porting.OrderID{two[0].ID}},
		{"numbers and status", orders.Filter{Numbers: tns, Status: porting.Completed}, []porting.OrderID{done.ID}},
	} {
		all, err := s.store.List(s.Context(), "lf", test.filter)
		if err != nil {
			s.Fatal(err)
		}
		var got []porting.OrderID
		for _, o := range all {
			got = append(got, o.ID)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			s.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	all, err := s.store.List(s.Context(), "lf", orders.Filter{FOC: "2027-03-16"})
	if err != nil || len(all) != 1 {
		s.Fatalf("%d orders (%v)", len(all), err)
	}
	o := s.load(done.ID)
	want := porting.Order{ID: o.ID, Group: o.Group, Account: o.Account, Status: o.Status, StatusAt: o.StatusAt, Created: o.Created,
		Updated: o.Updated, Kind: o.Kind, Carrier: o.Carrier, Answers: porting.Answers{FOC: o.FOC}, Given: porting.Given{Details: porting.Details{Alias: o.Details.Alias, Desired: o.Details.Desired}},
		Numbers: []porting.Number{{TN: o.Numbers[0].TN}}}
	if diff := cmp.Diff(want, all[0], Same); diff != "" {
		s.Errorf("what a list shows: order (-), list (+):\n%s", diff)
	}
}

func listPages(s suite) {
	var want []porting.OrderID
	for i := range 7 {
		o := s.create("pages", Numbers(0, 7)[i])
		want = append(want, o.ID)
	}
	// Newest first, by number, however long the ids are.
	slices.SortFunc(want, func(a, b porting.OrderID) int { return strings.Compare(string(b), string(a)) })
	var got []porting.OrderID
	for offset := 0; offset < 9; offset += 3 {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Limit: 3, Offset: offset})
		if err != nil {
			s.Fatal(err)
		}
		if len(page) > 3 {
			s.Errorf("a page of %d", len(page))
		}
		for _, o := range page {
			got = append(got, o.ID)
		}
	}
	if !slices.Equal(got, want) {
		s.Errorf("pages of %v, want %v", got, want)
	}
	// A page behind an order stays what it is while orders are added.
	got = nil
	for n, before := 0, porting.OrderID(""); n < 9; n += 3 {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Limit: 3, Before: before})
		if err != nil {
			s.Fatal(err)
		}
		for _, o := range page {
			got = append(got, o.ID)
			before = o.ID
		}
		s.create("pages", Numbers(1, 9)[n])
	}
	if !slices.Equal(got, want) {
		s.Errorf("pages behind an order of %v, want %v", got, want)
	}
	first := s.load(want[6]).Numbers[0].TN
	for before, n := range map[porting.OrderID]int{want[6]: 0, want[5]: 1, "": 1, "99": 0} {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Numbers: []string{first}, Before: before})
		if err != nil || len(page) != n {
			s.Errorf("by number before %q: %d orders, want %d (%v)", before, len(page), n, err)
		}
	}
}

func listNumbers(s suite) {
	tns := Numbers(0, 3)
	first := s.create("ln", tns[0], tns[1])
	s.do(first.ID, porting.Cancel{By: Customer})
	other := s.create("other", tns[0])
	s.do(other.ID, porting.Cancel{By: Customer})
	second := s.create("ln", tns[0])
	removed := s.create("ln", tns[1], tns[2])
	s.do(removed.ID, porting.ChangeNumbers{By: Customer, Remove: []string{tns[1]}})
	for _, test := range []struct {
		numbers []string
		want    []porting.OrderID
	}{
		{tns[:1], []porting.OrderID{second.ID, first.ID}},
		{tns[1:2], []porting.OrderID{first.ID}},
		{tns, []porting.OrderID{removed.ID, second.ID, first.ID}},
		{[]string{"+12069999999"}, nil},
	} {
		all, err := s.store.List(s.Context(), "ln", orders.Filter{Numbers: test.numbers})
		if err != nil {
			s.Fatal(err)
		}
		var got []porting.OrderID
		for _, o := range all {
			got = append(got, o.ID)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			s.Errorf("%v: %v, want %v", test.numbers, got, test.want)
		}
	}
}

func holder(s suite) {
	tns := Numbers(0, 2)
	o := s.create("hold", tns[0])
	for tn, want := range map[string]porting.OrderID{tns[0]: o.ID, tns[1]: ""} {
		if got, err := s.store.Holder(s.Context(), tn); got != want || (err == nil) != (want != "") {
			s.Errorf("%s is held by %q, want %q (%v)", tn, got, want, err)
		}
	}
	s.do(o.ID, porting.Cancel{By: Customer})
	_, err := s.store.Holder(s.Context(), tns[0])
	s.code(err, porting.NotFound)
}

// tallied are events as the store has them, with what the test wants them to count.
func (s suite) tallied(tallies ...porting.Tally) []porting.Event {
	s.Helper()
	var all []porting.Event
	for n, tally := range tallies {
		o := s.create("scores", Numbers(n, 1)...)
		_, events, err := Whole(s.Context(), s.store, o.ID)
		if err != nil {
			s.Fatal(err)
		}
		e := events[0]
		e.Tally = tally
		all = append(all, e)
	}
	return all
}

func scores(s suite) {
	events := s.tallied(
		porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 2, Lead: 5},
		porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 99, Lead: 7},
		porting.Tally{Mark: porting.MarkRefused, Peer: "locals2", Carrier: "8X34", Answered: true},
		porting.Tally{Mark: porting.MarkDown, Peer: "locals"},
		porting.Tally{Mark: porting.MarkLost, Peer: "locals", Carrier: "6214"},
		porting.Tally{}, // counts nothing
	)
	events[4].At = Now.AddDate(0, -2, 0)
	for range 2 {
		for _, e := range events {
			if err := s.store.Count(s.Context(), e); err != nil {
				s.Fatal(err)
			}
		}
	}
	unknown := events[0]
	unknown.Version += 7
	if err := s.store.Count(s.Context(), unknown); err != nil { // an event that never was counts nothing
		s.Error(err)
	}
	down := events[3].At
	both := porting.Month{Month: "2027-03", Peer: "locals", Marks: map[porting.Mark]int{porting.MarkAccepted: 2}, Lead: 12}
	both.Days[2], both.Days[porting.MaxDays] = 1, 1
	march, other := both, porting.Month{Month: "2027-03", Peer: "locals2", Marks: map[porting.Mark]int{porting.MarkRefused: 1}}
	march.Marks, march.DownAt = map[porting.Mark]int{porting.MarkAccepted: 2, porting.MarkDown: 1}, down
	other.Days[0] = 1
	january := porting.Month{Month: "2027-01", Peer: "locals", Marks: map[porting.Mark]int{porting.MarkLost: 1}}
	for _, test := range []struct {
		of    porting.Scored
		since string
		want  []porting.Month
	}{
		{porting.ScoreOfPeer("locals"), "2027-01", []porting.Month{january, march}},
		{porting.ScoreOfPeer("locals"), "2027-02", []porting.Month{march}},
		{porting.ScoreOfCarrier("8X34"), "2026-10", []porting.Month{both, other}},
		{porting.ScoreOfCarrier("6214"), "2026-10", []porting.Month{january}},
		{porting.ScoreOfPeer("nobody"), "2026-10", nil},
	} {
		got, err := s.store.Months(s.Context(), test.of, test.since)
		if err != nil {
			s.Fatal(err)
		}
		slices.SortFunc(got, func(a, b porting.Month) int { return strings.Compare(a.Month+a.Peer, b.Month+b.Peer) })
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			s.Errorf("%s since %s: want (-), got (+):\n%s", test.of, test.since, diff)
		}
	}
}

func parallelScores(s suite) {
	const writers = 8
	tallies := make([]porting.Tally, writers)
	for n := range tallies {
		tallies[n] = porting.Tally{Mark: porting.MarkAccepted, Peer: "busy", Carrier: "busy", Answered: true, Days: 1}
	}
	events := s.tallied(tallies...)
	var all sync.WaitGroup
	for _, e := range slices.Concat(events, events) { // each by two functions
		all.Go(func() {
			for { // as the outbox does
				if err := s.store.Count(s.Context(), e); !orders.Is(err, porting.Stale) {
					if err != nil {
						s.Error(err)
					}
					return
				}
			}
		})
	}
	all.Wait()
	for _, of := range []porting.Scored{porting.ScoreOfPeer("busy"), porting.ScoreOfCarrier("busy")} {
		months, err := s.store.Months(s.Context(), of, "2027-03")
		if err != nil || len(months) != 1 || months[0].Marks[porting.MarkAccepted] != writers || months[0].Days[1] != writers {
			s.Errorf("%s: %+v (%v)", of, months, err)
		}
	}
}
