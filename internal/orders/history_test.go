package orders_test

import (
	"errors"
	"testing"

	"portway/internal/orders"
	"portway/internal/porting"
)

// The zero place is the end of the history.
func TestBefore(t *testing.T) {
	at := func(version int64, n int) orders.Seq { return orders.Seq{Version: version, N: n} }
	for _, test := range []struct {
		name string
		s, t orders.Seq
		want bool
	}{
		{"an earlier version", at(1, 2), at(2, 1), true},
		{"a later version", at(2, 1), at(1, 2), false},
		{"an earlier event of the same change", at(1, 1), at(1, 2), true},
		{"the same event", at(1, 1), at(1, 1), false},
		{"a later event of the same change", at(1, 2), at(1, 1), false},
		{"the end", at(9, 9), orders.Seq{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.s.Before(test.t); got != test.want {
				t.Errorf("%v before %v: %t", test.s, test.t, got)
			}
		})
	}
}

// A search finds the events of its kind alone.
func TestSearchByKind(t *testing.T) {
	for kind, want := range map[porting.EventKind]int{"": 2, porting.Reminded: 1, porting.Created: 1, porting.Expired: 0} {
		found, err := orders.Search{Kind: kind, Limit: 9}.Walk(func(yield func(porting.Event, error) bool) {
			_ = yield(porting.Event{Version: 2, Kind: porting.Reminded}, nil) && yield(porting.Event{Version: 1, Kind: porting.Created}, nil)
		})
		if err != nil || len(found.Events) != want {
			t.Errorf("%q: %d events, want %d (%v)", kind, len(found.Events), want, err)
		}
	}
}

// A search for what is rare ends at its depth and says where to go on, so that no reader waits for the whole history.
func TestSearchDepth(t *testing.T) {
	for _, test := range []struct {
		name   string
		events int64
		pages  []int // the comments found on each, of which the order has one: its first event
	}{
		{"a short history", 10, []int{1}},
		{"as deep as a search goes", orders.SearchDepth, []int{1}},
		{"one deeper", orders.SearchDepth + 1, []int{0, 1}},
		{"much deeper", 2*orders.SearchDepth + 500, []int{0, 0, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			search := orders.Search{Comments: true, Limit: 100}
			for n, want := range test.pages {
				read := 0
				found, err := search.Walk(func(yield func(porting.Event, error) bool) {
					for v := test.events; v > 0; v-- {
						if !(orders.Seq{Version: v}).Before(search.Before) {
							continue
						}
						if read++; !yield(porting.Event{Version: v, Comment: v == 1}, nil) {
							return
						}
					}
				})
				last := n == len(test.pages)-1
				if err != nil || len(found.Events) != want || read > orders.SearchDepth+1 ||
					(found.Earlier == orders.Seq{}) != last {
					t.Fatalf("page %d: %d comments of %d events read, earlier ones before %v, %v", n+1,
						len(found.Events), read, found.Earlier, err)
				}
				search.Before = found.Earlier
			}
		})
	}
	down := errors.New("the store is down")
	_, err := orders.Search{Limit: 1}.Walk(func(yield func(porting.Event, error) bool) { yield(porting.Event{}, down) })
	if !errors.Is(err, down) {
		t.Errorf("the store's trouble is told as %v", err)
	}
}
