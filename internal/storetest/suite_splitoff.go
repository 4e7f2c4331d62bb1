package storetest

import (
	"errors"
	"slices"
	"sync"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

var splitoffCases = []testCase{
	{"numbers are split off an order and are never free", splitOrder},
	{"a large order is split step by step", splitLarge},
	{"an order is reopened once, and its fee counts", reopenOrder},
}

// refusedFor is a new order of the numbers that the carrier has refused for the reason, as a task reads it: its secrets
// open.
func (s suite) refusedFor(a porting.AccountID, r porting.Reason, tns ...string) porting.Order {
	s.Helper()
	s.account(a, 750*porting.Money(len(tns)))
	id := s.create(a, tns...).ID
	for _, cmd := range []porting.Command{
		Sign(), porting.Pass{By: System}, porting.SettleCSR{By: System, Why: porting.Words("It matches.")},
		porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
		porting.MarkSent{By: System, PON: "P1", Ref: "ref"},
		porting.Refuse{By: Peer, PON: "P1", Said: "EXCEPTION",
			Reasons: []porting.Reason{r}},
	} {
		s.do(id, cmd)
	}
	return s.opened(id)
}

func (s suite) mend(o porting.Order) porting.Repair {
	s.Helper()
	m, ok := s.book.Rules.FindRepair(o, porting.Help{}, s.book.Time())
	if !ok {
		s.Fatalf("no repair of %v", o.Reasons)
	}
	return m
}

func splitOrder(s suite) {
	tns := Numbers(0, 5)
	o := s.refusedFor("p", porting.Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: tns[2:4]}, tns[:4]...)
	m := s.mend(o)
	// Of two tasks that split numbers off the same order, one does.
	var wg sync.WaitGroup
	results := make(chan error, 2)
	for range 2 {
		wg.Go(func() {
			_, err := s.book.SplitOff(s.Context(), o, m)
			results <- err
		})
	}
	wg.Wait()
	first, second := <-results, <-results
	if first != nil {
		first, second = second, first
	}
	if first != nil {
		s.Fatal(first)
	}
	s.code(second, porting.Stale)

	g, heads, err := s.store.Group(s.Context(), o.Group)
	if err != nil || len(heads) != 2 {
		s.Fatalf("the group has %d orders (%v)", len(heads), err)
	}
	rest, sibling := s.load(o.ID), s.load(g.Orders[1])
	if !slices.Equal(rest.Active(), tns[:2]) || rest.Version != o.Version+1 || rest.Resend != porting.SupOther ||
		len(rest.Numbers) != 2 {
		s.Errorf("the order is %+v", rest)
	}
	if !slices.Equal(sibling.Active(), tns[2:4]) || sibling.Status != porting.Submitted ||
		sibling.SplitOffFrom != o.ID || !sibling.OtherAccount {
		s.Errorf("its sibling is %+v", sibling)
	}
	if d := sibling.Details; d.BillingName != o.Details.BillingName || d.ProviderAccount.IsSet() ||
		!d.LastFourSSN.IsSet() {
		s.Errorf("its details are %+v", d)
	}
	if s.balance("p") != 0 || rest.PortFee != 1500 || sibling.PortFee != 1500 {
		s.Errorf("fees %s and %s, balance %s", rest.PortFee, sibling.PortFee, s.balance("p"))
	}
	s.dueOf(orders.DueEvent, sibling.ID)
	s.dueOf(orders.DueKind(porting.DueDriver), sibling.ID)
	_, err = s.book.Do(s.Context(), s.create("q", tns...).ID, Sign())
	if e := s.code(err, porting.Taken); len(e.Faults) != 4 {
		s.Errorf("taken: %v", e.Faults)
	}
	for tn, holder := range map[string]porting.OrderID{tns[0]: o.ID, tns[3]: sibling.ID} {
		found, err := s.store.List(s.Context(), "p", orders.Filter{Numbers: []string{tn}})
		if err != nil || len(found) != 1 || found[0].ID != holder {
			s.Errorf("%s is on %v (%v)", tn, found, err)
		}
	}
	// The end of the sibling frees its own numbers and no others.
	s.do(sibling.ID, porting.HardCancel{By: Staff, Why: "Asked for."})
	if err := s.store.Held(s.Context(), tns[2:]); err != nil {
		s.Error(err)
	}
	s.code(s.store.Held(s.Context(), tns[:2]), porting.Taken)
}

func splitLarge(s suite) {
	tns := Numbers(0, 160)
	o := s.refusedFor("l", porting.Reason{Code: "HIGH_VOLUME_MANUAL"}, tns...)
	for len(o.Reasons) > 0 {
		if _, err := s.book.SplitOff(s.Context(), o, s.mend(o)); err != nil {
			s.Fatal(err)
		}
		e := new(porting.Error)
		if err := s.store.Held(s.Context(), tns); !errors.As(err, &e) || len(e.Faults) != len(tns) {
			s.Fatalf("a number was free: %v", err)
		}
		o = s.opened(o.ID)
	}
	g, _, err := s.store.Group(s.Context(), o.Group)
	if err != nil || len(g.Orders) != 4 {
		s.Fatalf("the group is %+v (%v)", g, err)
	}
	var all []string
	fee := porting.Money(0)
	for _, id := range g.Orders {
		part := s.load(id)
		if part.Project() {
			s.Errorf("order %s has %d numbers", id, len(part.Numbers))
		}
		all = append(all, part.Active()...)
		fee += part.PortFee
	}
	if slices.Sort(all); !slices.Equal(all, slices.Sorted(slices.Values(tns))) || fee != 160*750 {
		s.Errorf("%d numbers for %s", len(all), fee)
	}
}

func reopenOrder(s suite) {
	tns := Numbers(0, porting.MaxReopened)
	s.account("r", 750*porting.Money(len(tns)))
	kept := porting.Tariff{Abandoned: porting.RefundNever}
	draft := Draft("r", tns...)
	draft.Tariff = kept
	_, opened, err := s.book.Create(s.Context(), draft)
	s.must(err)
	id, paid := opened[0].ID, 750*porting.Money(len(tns))
	for _, cmd := range []porting.Command{Sign(), porting.Pass{By: System}, porting.HardCancel{By: Staff, Why: "Asked for."}} {
		s.do(id, cmd)
	}
	s.must(s.store.Release(s.Context(), s.load(id))) // the effect of its signature, which frees the holds of the draft
	// Of two calls that reopen the same order, one does, and the other is told its id.
	var wg sync.WaitGroup
	type result struct {
		made porting.Order
		err  error
	}
	results := make(chan result, 2)
	for range 2 {
		wg.Go(func() {
			made, err := s.book.Reopen(s.Context(), id, porting.CustomerBy("key"), orders.Terms{Tariff: kept})
			results <- result{made, err}
		})
	}
	wg.Wait()
	first, second := <-results, <-results
	if first.err != nil {
		first, second = second, first
	}
	if first.err != nil {
		s.Fatal(first.err)
	}
	s.code(second.err, porting.WrongStatus)
	made := s.load(first.made.ID)
	if made.Reopens != id || len(made.Active()) != len(tns) || made.Credit != paid || s.load(id).ReopenedAs != made.ID {
		s.Errorf("order %s with %d numbers and $%s takes the place of %s", made.ID, len(made.Active()), made.Credit, made.Reopens)
	}
	if g, heads, err := s.store.Group(s.Context(), made.Group); err != nil || len(heads) != 2 || g.Orders[1] != made.ID {
		s.Errorf("the group has the orders %v (%v)", g.Orders, err)
	}
	found, err := s.store.List(s.Context(), "r", orders.Filter{Numbers: tns[:1]})
	if err != nil || len(found) != 2 {
		s.Errorf("the first number is on %d orders (%v)", len(found), err)
	}
	// The mark on the old order is lost where a function of an older release writes it; the group tells all the same.
	lost := s.load(id)
	lost.ReopenedAs = ""
	_, err = s.book.PlanReopen(s.Context(), lost, porting.CustomerBy("key"), orders.Terms{})
	s.code(err, porting.WrongStatus)
	// What was kept of the fee counts, once, and the ledger says for what.
	s.do(made.ID, Sign())
	after := s.do(made.ID, porting.Pass{By: System})
	lines := s.lines("r", "", 10)
	line := lines[slices.IndexFunc(lines, func(l account.Line) bool { return l.Order == made.ID })]
	if s.balance("r") != 0 || line.Amount != 0 || line.Order != made.ID || after.Credit != 0 ||
		line.Reference != "less $"+paid.Dollars()+" paid for order "+string(id) {
		s.Errorf("the last line of the ledger is %+v, and the balance is $%s", line, s.balance("r"))
	}
	if old := s.load(id); old.Paid() != 0 || after.Paid() != paid {
		s.Errorf("the orders have paid $%s and $%s", old.Paid(), after.Paid())
	}
}
