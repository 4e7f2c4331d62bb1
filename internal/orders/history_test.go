package orders_test

import (
	"errors"
	"testing"

	"portway/internal/orders"
	"portway/internal/porting"
)

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
