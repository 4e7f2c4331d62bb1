package storetest

import (
	"fmt"

	"github.com/google/go-cmp/cmp"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

var sandboxCases = []testCase{
	{"sandboxes and the rest don't block each other", sandboxClaims},
	{"play money pays for a sandbox's orders alone", playMoney},
	{"a sandbox's orders fall due among their own", sandboxDue},
	{"mails are kept with their order, each once", mailsKept},
}

// play makes the order of a sandbox.
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
	tns := Numbers(0, 300) // more than one transaction holds
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
	if e := s.code(err, porting.Taken); len(e.Faults) != 2 || e.Faults[0].Field != tns[1] &&
		e.Faults[0].Field != tns[299] {
		s.Errorf("faults %+v, want the two numbers", e.Faults)
	}
	if _, err := s.play("box-1", append(Numbers(1, 200), tns[7])...); err == nil { // it is undone with all its holds
		s.Error("a number was taken twice in one sandbox")
	}
	if _, err := s.play("box-1", Numbers(1, 200)...); err != nil {
		s.Error(err)
	}
	for box, want := range map[porting.AccountID]porting.OrderID{"box-1": played["box-1"].ID,
		"box-2": played["box-2"].ID} {
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
		_, _, err := s.book.Create(s.Context(), Draft(o.Account, o.Numbers[0].TN))
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
	s.do(o.ID, porting.AskDesk{By: System, Why: porting.Words("Who is it?")})
	s.dueOf(orders.KindOf(orders.DueDesk, o.Owner()), o.ID)
	s.notDue(orders.DueDesk, o.ID)
}

func mailsKept(s suite) {
	o, other := s.create("mails", Numbers(0, 1)...), s.create("mails", Numbers(1, 1)...)
	letter := func(version int64) orders.Mail {
		return orders.Mail{Order: o.ID, Version: version, At: Now, To: "ops@example.com",
			Subject: fmt.Sprint("No. ", version), Text: "Dear customer,\n…"}
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
