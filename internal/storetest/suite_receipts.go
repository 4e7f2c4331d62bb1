package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var receiptsCases = []testCase{
	{"an idempotency key is one request's", keyTaken},
	{"an answer is written with what it tells of, or not at all", keyWithChange},
	{"a key whose try has ended is taken again", keyAgain},
	{"of parallel tries for one key one runs", keyParallel},
	{"an answer of 5,000 numbers is kept", keyLarge},
}

// try returns the receipt with which a request takes the key at a time.
func try(at time.Time) orders.Receipt {
	return orders.Receipt{Account: "i", Key: "k|1#", Print: "p", Lease: at.Add(time.Minute),
		Expires: at.Add(24 * time.Hour)}
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
	if _, ok := s.begin(orders.Receipt{Account: "j", Key: mine.Key, Print: "q", Lease: Now,
		Expires: Now.Add(time.Hour)}, Now); !ok {
		s.Error("another account's key is in the way")
	}
	if have, ok := s.begin(try(Now.Add(time.Second)), Now.Add(time.Second)); ok || have.Answer.Status != 0 ||
		have.Print != "p" {
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

// open makes the orders of a create call with the receipt of its answer.
func (s suite) open(d orders.Draft, r *orders.Receipt) error {
	p, err := s.book.PlanGroup(d)
	s.must(err)
	return s.book.Open(s.Context(), p, r)
}

func keyWithChange(s suite) {
	r := try(Now)
	s.begin(r, Now)
	r.Answer = answered
	sign := func(o porting.Order) error {
		p, err := s.book.Plan(s.Context(), o.ID, 0, func(porting.Order) (porting.Command, error) { return Sign(), nil })
		s.must(err)
		p.Receipt = &r
		return s.book.Commit(s.Context(), p.Change)
	}
	o := s.create("i", Numbers(0, 1)...)
	s.must(sign(o))
	if have, _ := s.begin(try(Now), Now); have.Answer.Body != answered.Body || have.Answer.Header["ETag"] != `"2"` {
		s.Errorf("the answer is %+v", have.Answer)
	}
	// The same try comes again, as from a process that was slow: its key has an answer.
	o = s.create("i", Numbers(1, 1)...)
	s.code(sign(o), porting.Stale)
	if got := s.load(o.ID); got.Status != porting.Pending {
		s.Errorf("the order is %s", got.Status)
	}
	draft := Draft("i", Numbers(2, 1)...)
	s.code(s.open(draft, &r), porting.Stale)
	s.create("i", Numbers(2, 1)...) // nobody holds the number
	// A change that is refused leaves nothing.
	r = try(Now)
	r.Key, r.Answer = "2", answered
	s.begin(r, Now)
	s.code(s.open(draft, &r), porting.Taken)
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
				if _, mine, err := s.store.Begin(s.Context(), try(at), at); err != nil &&
					!porting.Is(err, porting.Stale) {
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
	p, err := s.book.PlanGroup(Draft("i", Numbers(0, 5000)...))
	s.must(err)
	r.Answer = orders.Answer{Status: 201, Body: fmt.Sprint(p.Orders()[0].Numbers)}
	s.must(s.book.Open(s.Context(), p, &r))
	if have, _ := s.begin(try(Now), Now); have.Answer.Body != r.Answer.Body {
		s.Errorf("%d bytes of %d were kept", len(have.Answer.Body), len(r.Answer.Body))
	}
}
