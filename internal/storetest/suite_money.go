package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/account"
	"portway/internal/porting"
)

var moneyCases = []testCase{
	{"the fee is taken once", feeOnce},
	{"ErrNoFunds leaves everything as it was", noFunds},
	{"a fee for ending may leave a debt", debt},
	{"a deposit counts once", deposits},
	{"what no carrier was asked for comes back, once, to the account that paid", refunds},
	{"the ledger tells every change of a balance, newest first", ledger},
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

func refunds(s suite) {
	s.account("back", 10_000)
	o := s.create("back", Numbers(0, 4)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Exclude{By: System, TNs: Numbers(0, 1), Reason: porting.NoCoverage})
	s.do(o.ID, porting.Return{By: Staff, Reasons: []porting.Reason{{Code: porting.OtherReason}}})
	s.do(o.ID, porting.Cancel{By: Customer})
	events, _, err := s.store.History(s.Context(), o.ID, 0, 100)
	s.must(err)
	if got := s.balance("back"); got != 7_000 {
		s.Errorf("before the effects the balance is %d cents, want 7000", got)
	}
	for range 2 {
		for _, e := range events {
			s.must(s.store.Refund(s.Context(), e))
		}
	}
	if got := s.balance("back"); got != 10_000 {
		s.Errorf("the balance is %d cents, want 10000", got)
	}
	var got []string
	for _, l := range s.lines("back", "", 10) {
		got = append(got, fmt.Sprintf("%s %d %s", l.Kind, l.Amount, l.For))
	}
	if want := []string{"refund 2250 abandoned", "refund 750 left_out", "port_fee -3000 "}; !cmp.Equal(want, got) {
		s.Errorf("the ledger has %q, want %q", got, want)
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

func deposits(s suite) {
	s.account("d", 0)
	for n := range 2 { // tried again at another time
		if err := account.Deposit(s.Context(), s.store, "d", 500, "wire-1",
			Now.Add(time.Duration(n)*time.Hour)); err != nil && !porting.Is(err, porting.Settled) {
			s.Fatal(err)
		}
	}
	if got := s.balance("d"); got != 500 {
		s.Errorf("the balance is %d cents, want 500", got)
	}
	if lines := s.lines("d", "", 10); len(lines) != 1 {
		s.Errorf("the ledger is %+v, want one line", lines)
	}
	s.code(account.Deposit(s.Context(), s.store, "nobody", 500, "wire-1", Now), porting.NotFound)
	s.code(account.Deposit(s.Context(), s.store, "d", -500, "wire-2", Now), porting.Invalid)
}

func ledger(s suite) {
	s.account("l", 0)
	s.account("m", 0)
	for n, amount := range []porting.Money{10_000, 500, 700} {
		at := Now.Add(time.Duration(n-5) * time.Hour)
		if err := account.Deposit(s.Context(), s.store, "l", amount, fmt.Sprint("wire-", n), at); err != nil {
			s.Fatal(err)
		}
	}
	if err := account.Deposit(s.Context(), s.store, "m", 9, "wire-0", Now); err != nil {
		s.Fatal(err)
	}
	o := s.create("l", Numbers(0, 2)...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}})
	s.do(o.ID, porting.MarkSent{By: System, PON: "P1", Ref: "1"})
	s.book = s.book.At(Now.Add(time.Hour))
	s.do(o.ID, porting.HardCancel{By: Staff, Why: "Asked for."})
	want := []account.Line{
		{At: Now.Add(time.Hour), Kind: account.CancelFeeLine, Amount: -2_500, Order: o.ID},
		{At: Now, Kind: account.PortFeeLine, Amount: -1_500, Order: o.ID},
		{At: Now.Add(-3 * time.Hour), Kind: account.DepositLine, Amount: 700, Reference: "wire-2"},
		{At: Now.Add(-4 * time.Hour), Kind: account.DepositLine, Amount: 500, Reference: "wire-1"},
		{At: Now.Add(-5 * time.Hour), Kind: account.DepositLine, Amount: 10_000, Reference: "wire-0"},
	}
	var got []account.Line
	sum, before := porting.Money(0), ""
	for {
		page := s.lines("l", before, 2)
		for _, l := range page {
			before, l.Place = l.Place, ""
			got, sum = append(got, l), sum+l.Amount
		}
		if len(page) < 2 {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("want (-), got (+):\n%s", diff)
	}
	if balance := s.balance("l"); sum != balance {
		s.Errorf("the lines make %d, the balance is %d", sum, balance)
	}
}
