package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"portway/internal/orders"
	"portway/internal/porting"
)

var holdsCases = []testCase{
	{"a number is on one live order of an account", oneOfAnAccount},
	{"a number is on one signed order, across accounts", oneSigned},
	{"Held names the numbers that are on live orders", held},
	{"Holder is the live order of a number", holder},
	{"of parallel creates of an account for one number one wins", parallelCreates},
	{"of parallel signatures for one number one wins", parallelSignatures},
	{"a number is held and freed as it is added and removed", changeNumbers},
	{"a number left out is free at once", leftOut},
	{"an order that ends frees its numbers", endFrees},
	{"a hold that lapses leaves the number to others, and is taken anew", lapses},
	{"an account has as many unsigned numbers as it may", unsignedLimit},
	{"an unsigned order of an earlier release gives its hold up when another account signs", earlierDraft},
}

// taken checks that err refuses the numbers and tells nothing of the order that has them.
func (s suite) taken(err error, by porting.OrderID, tns ...string) {
	s.Helper()
	e := s.code(err, porting.Taken)
	var fields []string
	for _, f := range e.Faults {
		fields = append(fields, f.Field)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, tns) {
		s.Errorf("faults for %v, want %v", fields, tns)
	}
	if strings.Contains(err.Error(), string(by)) {
		s.Errorf("the error tells the other order: %v", err)
	}
}

func oneOfAnAccount(s suite) {
	tns := Numbers(0, 4)
	o := s.create("a", tns[:3]...)
	for range 2 { // as a draft, and as a signed order
		_, _, err := s.book.Create(s.Context(), Draft("a", tns[1:]...))
		s.taken(err, o.ID, tns[1:3]...)
		s.do(o.ID, porting.Comment{By: Customer, Text: "Hello."})
		if o.Status == porting.Pending {
			o = s.do(o.ID, Sign())
		}
	}
	draft := s.create("a", tns[3])
	_, err := s.book.Do(s.Context(), draft.ID, porting.ChangeNumbers{By: Customer, Add: tns[:1]})
	s.taken(err, o.ID, tns[0])
}

func oneSigned(s suite) {
	tns := Numbers(0, 4)
	first, second, third := s.create("a", tns[:3]...), s.create("b", tns[1:]...), s.create("c", tns[0])
	s.do(second.ID, Sign())
	_, err := s.book.Do(s.Context(), first.ID, Sign())
	s.taken(err, second.ID, tns[1:3]...)
	if got := s.load(first.ID); got.Status != porting.Pending || got.Version != first.Version {
		s.Errorf("the order that was not signed is %s, version %d", got.Status, got.Version)
	}
	s.do(third.ID, Sign())
	s.do(second.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	_, err = s.book.Do(s.Context(), first.ID, Sign())
	s.taken(err, third.ID, tns[0])
	s.do(first.ID, porting.ChangeNumbers{By: Customer, Remove: tns[:1]})
	s.do(first.ID, Sign())
}

func held(s suite) {
	tns := Numbers(0, 120)
	signed := s.create("a", tns[:2]...)
	s.do(signed.ID, Sign())
	over := s.create("b", tns[110])
	s.do(over.ID, porting.Cancel{By: Customer})
	last := s.create("b", tns[119])
	s.do(last.ID, Sign())
	s.create("b", tns[50]) // a draft is told to nobody else
	s.taken(s.store.Held(s.Context(), tns), signed.ID, tns[0], tns[1], tns[119])
	if err := errors.Join(s.store.Held(s.Context(), tns[2:119]), s.store.Held(s.Context(), nil)); err != nil {
		s.Error(err)
	}
	for who, want := range map[porting.AccountID][]string{"a": tns[:2], "b": tns[50:51], "c": nil} {
		var holds []string
		for _, tn := range tns[:60] {
			holds = append(holds, porting.Owner{Account: who}.OwnHold(tn))
		}
		err := s.book.HeldByOwn(s.Context(), holds)
		if want == nil {
			s.must(err)
			s.must(s.book.HeldByOwn(s.Context(), tns)) // nothing is told of others
		} else {
			s.taken(err, signed.ID, want...)
		}
	}
	p, err := s.book.PlanGroup(Draft("a", tns[:3]...))
	s.must(err)
	s.taken(s.store.Held(s.Context(), p.Takes()), signed.ID, tns[:2]...)
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
	if got := change.Takes(); !slices.Equal(got, []string{"c/" + tns[0]}) {
		s.Errorf("the change takes %v, want %v", got, tns[:1])
	}
	s.must(s.store.Held(s.Context(), change.Takes()))
	s.create("c", tns[2:5]...) // a plan takes nothing
}

// race has as many callers as there are do something at the same time, and counts those who were not refused.
func (s suite) race(callers int, do func(n int) error) int32 {
	var won atomic.Int32
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			switch err := do(n); {
			case err == nil:
				won.Add(1)
			case !porting.Is(err, porting.Taken) && !porting.Is(err, porting.Stale):
				s.Error(err)
			}
		})
	}
	wg.Wait()
	return won.Load()
}

func parallelCreates(s suite) {
	won := s.race(8, func(int) error {
		_, _, err := s.book.Create(s.Context(), Draft("p", Numbers(0, 1)...))
		return err
	})
	if won != 1 {
		s.Errorf("%d creates won, want exactly one", won)
	}
}

func parallelSignatures(s suite) {
	var drafts []porting.OrderID
	for n := range 8 {
		drafts = append(drafts, s.create(porting.AccountID(fmt.Sprintf("p%d", n)), Numbers(0, 1)...).ID)
	}
	won := s.race(len(drafts), func(n int) error {
		_, err := s.book.Do(s.Context(), drafts[n], Sign())
		return err
	})
	if won != 1 {
		s.Errorf("%d signatures won, want exactly one", won)
	}
}

func changeNumbers(s suite) {
	tns := Numbers(0, 4)
	o := s.create("a", tns[0], tns[1])
	other := s.create("a", tns[3])
	s.do(o.ID, porting.ChangeNumbers{By: Customer, Add: []string{tns[2]}, Remove: []string{tns[0]}})
	s.create("a", tns[0]) // is free again
	_, _, err := s.book.Create(s.Context(), Draft("a", tns[2]))
	s.code(err, porting.Taken)
	_, err = s.book.Do(s.Context(), o.ID, porting.ChangeNumbers{By: Customer, Add: []string{tns[3]},
		Remove: []string{tns[1]}})
	s.taken(err, other.ID, tns[3])
	if got := s.load(o.ID).Active(); !slices.Equal(got, tns[1:3]) {
		s.Errorf("the order has %v, want %v", got, tns[1:3])
	}
}

func leftOut(s suite) {
	tns := Numbers(0, 2)
	o := s.create("a", tns...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Exclude{By: System, TNs: tns[:1], Reason: porting.NoCoverage})
	s.do(s.create("b", tns[0]).ID, Sign())
	_, err := s.book.Do(s.Context(), s.create("c", tns[1]).ID, Sign())
	s.taken(err, o.ID, tns[1])
}

func lapses(s suite) {
	tns := Numbers(0, 60) // with their other hold, more than one transaction takes
	o, rival := s.create("a", tns...), s.create("b", tns[:1]...)
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Return{By: System, Reasons: []porting.Reason{{Code: porting.AddressInvalid}}})
	_, err := s.book.Do(s.Context(), rival.ID, Sign())
	s.taken(err, o.ID, tns[0])
	s.book = s.book.At(Now.AddDate(0, 0, 8))
	rival = s.do(rival.ID, Sign()) // whose signature has the other hold lapse before any sweep
	o = s.load(o.ID)
	if !o.OwnOnly {
		s.Error("the hold has not lapsed")
	}
	s.must(s.store.Release(s.Context(), o))
	_, _, err = s.book.Create(s.Context(), Draft("a", tns[5]))
	s.taken(err, o.ID, tns[5])
	_, err = s.book.Do(s.Context(), o.ID, porting.Resubmit{By: Customer})
	s.taken(err, rival.ID, tns[0])
	s.do(rival.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	s.do(o.ID, porting.Resubmit{By: Customer})
	if err := s.store.Release(s.Context(), o); !porting.Is(err, porting.Stale) { // of the lapse, and late
		s.Errorf("error %v, want Stale", err)
	}
	s.taken(s.store.Held(s.Context(), tns), o.ID, tns...)
}

func unsignedLimit(s suite) {
	tns := Numbers(0, 12)
	s.must(s.store.LimitUnsigned(s.Context(), "a", 5))
	o := s.create("a", tns[:3]...)
	_, _, err := s.book.Create(s.Context(), Draft("a", tns[3:6]...))
	if e := s.code(err, porting.Invalid); len(e.Faults) != 1 || e.Faults[0].Field != "numbers" || e.Faults[0].Code != porting.TooMany ||
		!strings.Contains(e.Faults[0].Message, "may have 5 numbers") || !strings.Contains(e.Faults[0].Message, "has 3.") {
		s.Errorf("the error is %v", err)
	}
	second := s.create("a", tns[3:5]...)
	_, err = s.book.Do(s.Context(), o.ID, porting.ChangeNumbers{By: Customer, Add: tns[5:6]})
	s.code(err, porting.Invalid)
	s.do(o.ID, porting.ChangeNumbers{By: Customer, Add: tns[5:6], Remove: tns[:1]})
	s.create("b", tns[:12]...) // another account's limit is its own
	s.do(o.ID, Sign())
	third := s.create("a", tns[6:9]...)
	s.do(second.ID, porting.Cancel{By: Customer})
	s.create("a", tns[3:5]...)
	_, _, err = s.book.Create(s.Context(), Draft("a", tns[10:11]...))
	s.code(err, porting.Invalid)
	s.must(s.store.LimitUnsigned(s.Context(), "a", 0))
	s.create("a", tns[10:11]...)
	s.do(third.ID, Sign())
}

func earlierDraft(s suite) {
	tns := Numbers(0, 3)
	old, rival := s.create("a", tns[:2]...), s.create("b", tns[1:]...)
	earlier := old
	earlier.OwnOnly = false
	earlier.Version++
	s.must(s.store.Commit(s.Context(), orders.Change{Before: old, After: earlier}, Now))
	s.taken(s.store.Held(s.Context(), tns), old.ID, tns[:2]...)
	s.do(rival.ID, Sign())
	if got := s.load(old.ID); !got.OwnOnly || got.Status != porting.Pending {
		s.Errorf("it is %s, own %v", got.Status, got.OwnOnly)
	}
	_, _, err := s.book.Create(s.Context(), Draft("a", tns[1]))
	s.taken(err, old.ID, tns[1])
	_, err = s.book.Do(s.Context(), old.ID, Sign())
	s.taken(err, rival.ID, tns[1])
}

func endFrees(s suite) {
	tns := Numbers(0, 3)
	for range 25 { // more orders than a hold remembers
		o := s.create("a", tns...)
		s.do(o.ID, porting.Cancel{By: Customer})
	}
	for range 25 {
		o := s.create("a", tns...)
		s.do(o.ID, Sign())
		s.do(o.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	}
	s.do(s.create("b", tns...).ID, Sign())
}

func holder(s suite) {
	tns := Numbers(0, 2)
	o := s.create("hold", tns[0])
	_, err := s.store.Holder(s.Context(), tns[0])
	s.code(err, porting.NotFound)
	s.do(o.ID, Sign())
	for tn, want := range map[string]porting.OrderID{tns[0]: o.ID, tns[1]: ""} {
		if got, err := s.store.Holder(s.Context(), tn); got != want || (err == nil) != (want != "") {
			s.Errorf("%s is held by %q, want %q (%v)", tn, got, want, err)
		}
	}
	s.do(o.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	_, err = s.store.Holder(s.Context(), tns[0])
	s.code(err, porting.NotFound)
}
