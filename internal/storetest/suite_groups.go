package storetest

import (
	"fmt"
	"slices"
	"sync"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var groupsCases = []testCase{
	{"a create call is all or nothing", allOrNothing},
	{"a group has its orders", group},
	{"numbers join a group's orders, or new ones in it", joinGroup},
}

func allOrNothing(s suite) {
	tns := Numbers(0, 2)
	s.create("a", tns[1])
	_, _, err := s.book.Create(s.Context(), mixed("a", tns...))
	s.code(err, porting.Taken)
	if all, err := s.store.List(s.Context(), "a", orders.Filter{}); len(all) != 1 || err != nil {
		s.Errorf("%d orders (%v), want the first alone", len(all), err)
	}
	if _, made, err := s.book.Create(s.Context(), mixed("a", tns[0])); err != nil || len(made) != 2 {
		s.Errorf("%d orders (%v), want 2", len(made), err)
	}
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
	join := func(d orders.Draft) (orders.Joining, error) {
		return orders.Retry(func(int) (orders.Joining, error) {
			j, err := s.book.PlanJoin(s.Context(), d, any)
			if err != nil {
				return j, err
			}
			return j, s.book.Extend(s.Context(), j, nil)
		})
	}
	plan, err := s.book.PlanJoin(s.Context(), draft, any)
	s.must(err)
	if j := plan.WithoutIDs(); len(j.Orders) != 2 || j.Orders[1].ID != "" || !j.Opened[""] || plan.Orders[1].ID == "" ||
		!slices.Equal(plan.Takes(), []string{"j/" + tns[1], "j/" + tns[2], "j/" + tns[3]}) {
		s.Errorf("the plan is %+v and takes %v", plan, plan.Takes())
	}
	got, err := join(draft)
	s.must(err)
	if old := s.load(made[0].ID); old.Version != 2 || len(old.Numbers) != 2 || !old.Details.ProviderAccount.IsSet() {
		s.Errorf("the group's first order is %+v", old)
	}
	if len(got.Orders) != 2 || !got.Opened[got.Orders[1].ID] {
		s.Fatalf("joined: %+v", got)
	}
	fresh := s.load(got.Orders[1].ID)
	want := Details()
	if d := fresh.Details; d.BillingName != want.BillingName || d.Desired != want.Desired ||
		d.ProviderAccount.IsSet() || !d.PIN.IsSet() || d.LastFourSSN.IsSet() {
		s.Errorf("the new order's details are %+v", d)
	}
	after, heads, err := s.store.Group(s.Context(), g.ID)
	if err != nil || len(heads) != 2 || !slices.Equal(after.Orders, []porting.OrderID{made[0].ID, fresh.ID}) {
		s.Errorf("the group is %+v with %d orders (%v)", after, len(heads), err)
	}
	// All numbers join or none, and only the account's own group.
	s.create("j", tns[5])
	draft.Lines = append(Lines(tns[4:6]), other[0])
	draft.Lines[2].TN = tns[6]
	_, err = join(draft)
	s.code(err, porting.Taken)
	if s.load(made[0].ID).Version != 2 || s.load(fresh.ID).Version != 1 {
		s.Error("a refused call has changed an order")
	}
	draft.Account = "k"
	_, err = join(draft)
	s.code(err, porting.NotFound)
	// Of parallel joins that each open an order, none is lost.
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			d := orders.Draft{By: Customer, Account: "j", Group: g.ID, Lines: Lines(tns[6+i : 7+i])}
			d.Lines[0].Carrier.SPID = fmt.Sprint(7000 + i)
			if _, err := join(d); err != nil {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	if after, _, err = s.store.Group(s.Context(), g.ID); err != nil || len(after.Orders) != 4 {
		s.Errorf("the group has %d orders, want 4 (%v)", len(after.Orders), err)
	}
}
