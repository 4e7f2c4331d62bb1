package storetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var largeCases = []testCase{
	{"a create call of 5,000 numbers", large},
	{"a large create names all numbers that are taken", largeTaken},
	{"a large signature takes all numbers or none", largeSignature},
	{"a large order frees its numbers in the end", largeRelease},
	{"a large order leaves many numbers out", largeExclude},
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
		_, _, err := s.book.Create(s.Context(), Draft("large", tn))
		s.code(err, porting.Taken)
	}
	signed := s.do(o.ID, Sign())
	if got := s.due(orders.DueIntake, Now.AddDate(1, 0, 0)); len(got) != 0 || signed.Status != porting.Processing {
		s.Errorf("%d records of work are left, and the order is %s", len(got), signed.Status)
	}
	s.must(s.store.Release(s.Context(), signed)) // the effect of a step that changes the kind of many holds
	for _, tn := range []string{tns[0], tns[2499], tns[4999]} {
		_, err := s.book.Do(s.Context(), s.create("other", tn).ID, Sign())
		s.taken(err, o.ID, tn)
	}
}

func largeSignature(s suite) {
	tns := Numbers(0, 300)
	o := s.create("a", tns...)
	small := s.create("b", tns[7], tns[250])
	s.do(small.ID, Sign())
	_, err := s.book.Do(s.Context(), o.ID, Sign())
	s.taken(err, small.ID, tns[7], tns[250])
	s.taken(s.store.Held(s.Context(), tns), o.ID, tns[7], tns[250])
	s.do(small.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	s.do(o.ID, Sign())
	s.taken(s.store.Held(s.Context(), tns), o.ID, tns...)
}

func largeTaken(s suite) {
	tns := Numbers(0, 300)
	s.create("a", tns[7], tns[250])
	_, _, err := s.book.Create(s.Context(), Draft("a", tns...))
	if e := s.code(err, porting.Taken); len(e.Faults) != 2 || e.Faults[0].Field != tns[7] ||
		e.Faults[1].Field != tns[250] {
		s.Errorf("faults %+v", e.Faults)
	}
	s.create("a", tns[8:250]...)
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
	_, _, err = s.book.Create(s.Context(), Draft("a", tns[0]))
	s.code(err, porting.Taken)
	for range 2 {
		if err := s.store.Release(s.Context(), o); err != nil {
			s.Fatal(err)
		}
	}
	s.create("a", tns...)
	if err := s.store.Release(s.Context(), o); err != nil { // late: they are another order's now
		s.Fatal(err)
	}
	_, _, err = s.book.Create(s.Context(), Draft("a", tns[0]))
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
	s.do(s.create("b", tns[:300]...).ID, Sign())
	_, err := s.book.Do(s.Context(), s.create("b", tns[300]).ID, Sign())
	s.taken(err, o.ID, tns[300])
}
