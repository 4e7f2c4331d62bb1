package orders_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// measures reads the metrics that do writes, each as its name, its dimension's value and its number.
func measures(t *testing.T, do func() error) []string {
	t.Helper()
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
	err := do()
	slog.SetDefault(before)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for text := range bytes.Lines(out.Bytes()) {
		var line map[string]any
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatal(err)
		}
		for _, row := range metric.Rows() {
			if n, ok := line[row.Name]; ok && line["_aws"] != nil {
				all = append(all, fmt.Sprint(row.Name, " ", line[row.Dimension], " ", n))
			}
		}
	}
	return all
}

// An order's status is counted, and its time in a turn measured, where the change is written. A sweep tells how old the
// oldest due item was, by the wall clock; where nothing is due it says so.
func TestOrdersAreMeasured(t *testing.T) {
	store := storetest.NewMemory()
	book := storetest.Book(t, store)
	now := storetest.Now
	book.Now = func() time.Time { return now }
	clock := orders.DueKind(porting.DueClock)
	sweep := func(at time.Time) func() error {
		return func() error {
			_, err := book.At(at).Sweep(t.Context(), clock, 0, func(context.Context, *orders.Book, orders.Due) error {
				return errors.New("not now")
			})
			return err
		}
	}
	var id porting.OrderID
	for _, step := range []struct {
		name  string
		after time.Duration // of the wall clock, since the start
		do    func() error
		want  []string
	}{
		{"a new order comes to its first status", 0, func() error {
			_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
			if err == nil {
				id = made[0].ID
			}
			return err
		}, []string{"OrderStatus pending 1"}},
		{"nothing is due", time.Minute, func() error { return sweep(now)() }, []string{"DueAge clock 0"}},
		{"a sweep as of a later day finds nothing late", time.Minute, sweep(storetest.Now.AddDate(0, 0, 40)),
			[]string{"DueAge clock 0"}},
		{"what failed is due again, and was left for an hour", time.Hour, func() error {
			due, err := store.Due(t.Context(), clock, now.AddDate(1, 0, 0), 1)
			if err != nil {
				return err
			}
			now = due[0].At.Add(time.Hour)
			return sweep(now)()
		}, []string{"DueAge clock 3600"}},
		{"the customer's turn ends", 25 * time.Hour, func() error {
			_, err := book.Do(t.Context(), id, porting.Cancel{By: storetest.Customer})
			return err
		}, []string{"OrderStatus cancelled 1", "TurnTime customer 90000"}},
	} {
		now = storetest.Now.Add(step.after)
		if got := measures(t, step.do); !slices.Equal(got, step.want) {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}
