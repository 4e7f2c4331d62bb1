package api

import (
	"context"
	"slices"
	"strings"
	"testing"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

func filterOf(tns ...string) orders.Filter { return orders.Filter{Numbers: tns} }

func TestWorkList(t *testing.T) {
	names := func(all ...string) func(*world) []string {
		return func(w *world) []string {
			ids := make([]string, 0, len(all))
			for _, name := range all {
				ids = append(ids, w.ids[name])
			}
			slices.Sort(ids)
			return ids
		}
	}
	for _, c := range []struct {
		name, query string
		want        func(*world) []string
	}{
		{"TurnOfTheCustomer", "turn=customer", names("pending", "rejected")},
		{"TurnOfStaff", "turn=staff", names("processing")},
		{"TurnOfTheCarrier", "turn=carrier", names("submitted")},
		{"TurnSorted", "turn=customer&order_by=status", names("pending", "rejected")},
		{"Reason", "reason=zip_mismatch", names("rejected")},
		{"AnotherReason", "reason=PIN_INVALID", names()},
		{"RequestedDate", "desired_completion_date=2026-03-20&status=pending", names("pending")},
		{"AnotherRequestedDate", "desired_completion_date=2026-03-21", names()},
		{"WhatComesSoon", "next_before=2026-03-10&status=submitted", names("submitted")},
		{"WhatComesLater", "next_before=2026-03-03&turn=customer", names()},
		{"NumberInAnySpelling", "numbers=(206)%20555-0101", names("pending")},
		{"NumberOfAnEndedOrder", "numbers=206.555.0105", names("cancelled")},
		{"NumberAndTurn", "numbers=2065550101&turn=staff", names()},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			ids, _ := w.listed("GET", "/v2/portorders?"+c.query)
			if slices.Sort(ids); !slices.Equal(ids, c.want(w)) {
				t.Errorf("%v, want %v", ids, c.want(w))
			}
		})
	}
	run(t, []scenario{
		{name: "Shown", request: "GET /v2/portorders?status=rejected", status: 200,
			expect: []string{`"next":{"event":"reminder","at":"`, `"number_count":2,"numbers":["+12065550110","+12065550111"],"reason":"ZIP_MISMATCH","turn":"customer"`}},
		{name: "NothingComes", request: "GET /v2/portorders?status=cancelled", status: 200, expect: []string{`"next":null`, `"reason":null,"turn":""`}},
		{name: "Faults", request: "GET /v2/portorders?turn=mine&reason=WHY&next_before=soon&format=xml&desired_completion_date=1", status: 422,
			expect: []string{`"parameter":"turn"`, `"parameter":"reason"`, `"parameter":"next_before"`, `"parameter":"format"`, `"parameter":"desired_completion_date"`}},
	})
}

// A deep filter goes through all orders, page by page, whatever its limit is.
func TestPagesOfADeepFilter(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 130 {
		name := "order " + itoa(i)
		var steps []porting.Command
		if i%13 == 0 {
			steps = []porting.Command{signed}
		}
		w.order(name, mine, []string{"+1206555" + itoa(2000+i)}, steps...)
		if i%13 == 0 {
			want = append(want, w.ids[name])
		}
	}
	var got []string
	for target := "/v2/portorders?turn=staff&limit=3"; target != ""; {
		ids, next := w.listed("GET", target)
		if len(ids) > 3 {
			t.Fatalf("a page of %d", len(ids))
		}
		got, target = append(got, ids...), next
	}
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%d orders, want %d", len(got), len(want))
	}
}

// countingStore counts the calls that read orders.
type countingStore struct {
	*storetest.Memory
	calls map[string]int
}

func (s *countingStore) List(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	s.calls["List"]++
	return s.Memory.List(ctx, id, f)
}

func (s *countingStore) Heads(ctx context.Context, ids []porting.OrderID) ([]orders.Head, error) {
	s.calls["Heads"]++
	return s.Memory.Heads(ctx, ids)
}

func (s *countingStore) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	s.calls["Load"]++
	return s.Memory.Load(ctx, id)
}

func (s *countingStore) View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	s.calls["View"]++
	return s.Memory.View(ctx, id, comments)
}

// A list reads its orders a hundred at a time, however many it shows.
func TestListsReadByTheHundred(t *testing.T) {
	w := newWorld(t)
	for i := range 205 {
		w.order("order "+itoa(i), mine, []string{"+1206555" + itoa(2000+i)})
	}
	for _, c := range []struct{ query, want string }{
		{"", "List 1 Heads 1"},
		{"?limit=100", "List 1 Heads 1"},
		{"?limit=200", "List 1 Heads 2"},
		{"?limit=200&order_by=alias", "List 1 Heads 2"},
		{"?turn=customer&limit=200", "List 3 Heads 3"},
		{"?numbers=2065552000", "List 1 Heads 1"},
		{"?format=csv", "List 1 Heads 3"},
	} {
		t.Run(c.query, func(t *testing.T) {
			counting := &countingStore{Memory: w.store, calls: map[string]int{}}
			w.book.Store = counting
			defer func() { w.book.Store = w.store }()
			if out := w.send(w.request("GET", "/v2/portorders"+c.query, "", nil)); out.StatusCode != 200 {
				t.Fatal(out.Body)
			}
			var got []string
			for _, name := range []string{"List", "Heads", "Load", "View"} {
				if n := counting.calls[name]; n > 0 {
					got = append(got, name+" "+itoa(n))
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}
