package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"portway/internal/porting"
)

var holdsCases = []testCase{
	{"a number is on one live order, across accounts", oneLiveOrder},
	{"Held names the numbers that are on live orders", held},
	{"Holder is the live order of a number", holder},
	{"of parallel creates for one number one wins", parallelCreates},
	{"a number is held and freed as it is added and removed", changeNumbers},
	{"a number left out is free at once", leftOut},
	{"an order that ends frees its numbers", endFrees},
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
	p, err := s.book.PlanGroup(Draft("c", tns[:3]...))
	s.must(err)
	s.code(s.store.Held(s.Context(), p.Takes()), porting.Taken)
	p, err = s.book.PlanGroup(Draft("c", tns[2:5]...))
	s.must(err)
	if made := p.WithoutIDs().Orders(); len(made) != 1 || made[0].ID != "" || made[0].Group != "" ||
		p.Orders()[0].ID == "" {
		s.Errorf("without ids the plan is %v", made)
	}
	s.must(s.store.Held(s.Context(), p.Takes()))
	change, err := s.book.Plan(s.Context(), s.create("c", tns[5]).ID, 0, func(porting.Order) (porting.Command, error) {
		return porting.ChangeNumbers{By: Customer, Add: tns[:1]}, nil
	})
	s.must(err)
	if got := change.Takes(); !slices.Equal(got, tns[:1]) {
		s.Errorf("the change takes %v, want %v", got, tns[:1])
	}
	s.code(s.store.Held(s.Context(), change.Takes()), porting.Taken)
	s.create("c", tns[2:5]...) // a plan takes nothing
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
			case !porting.Is(err, porting.Taken) && !porting.Is(err, porting.Stale):
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
	_, err = s.book.Do(s.Context(), o.ID, porting.ChangeNumbers{By: Customer, Add: []string{tns[3]},
		Remove: []string{tns[1]}})
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
	for range 25 { // more orders than a hold remembers
		o := s.create("a", tns...)
		s.do(o.ID, porting.Cancel{By: Customer})
	}
	if got := s.create("b", tns...); got.Status != porting.Pending {
		s.Errorf("status %s", got.Status)
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
