package orders_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// What is parked is counted by kind with every sweep, and aged whenever it is tried again.
func TestParkedWorkIsMeasured(t *testing.T) {
	store := storetest.NewMemory()
	book := storetest.Book(t, store)
	now := storetest.Now
	book.Now = func() time.Time { return now }
	clock := orders.DueKind(porting.DueClock)
	for i := range 3 {
		if _, _, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(i, 1)...)); err != nil {
			t.Fatal(err)
		}
	}
	due, err := store.Due(t.Context(), clock, now.AddDate(1, 0, 0), 2)
	if err != nil || len(due) != 2 {
		t.Fatalf("%d due (%v)", len(due), err)
	}
	for i, d := range due {
		if err := store.Park(t.Context(), d, "throttled", now, now.Add(time.Duration(6+24*i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
	defer slog.SetDefault(before)
	measured := func(after time.Duration) []string {
		t.Helper()
		out.Reset()
		now = storetest.Now.Add(after)
		if _, err := book.SweepParked(t.Context()); err != nil {
			t.Fatal(err)
		}
		var all []string
		for line := range bytes.Lines(out.Bytes()) {
			var l struct {
				Kind                string
				Parked, ParkedHours *int
			}
			if err := json.Unmarshal(line, &l); err != nil {
				t.Fatal(err)
			}
			if l.Parked != nil {
				all = append(all, fmt.Sprintf("%s: %d", l.Kind, *l.Parked))
			}
			if l.ParkedHours != nil {
				all = append(all, fmt.Sprintf("%s: %d hours", l.Kind, *l.ParkedHours))
			}
		}
		slices.Sort(all)
		return all
	}
	for _, step := range []struct {
		after time.Duration
		want  []string
	}{
		{time.Hour, []string{"clock: 2"}},
		{6*time.Hour + time.Minute, []string{"clock: 2", "clock: 6 hours"}},
		{6*time.Hour + 2*time.Minute, []string{"clock: 1"}},
		{30 * time.Hour, []string{"clock: 1", "clock: 30 hours"}},
		{31 * time.Hour, nil},
	} {
		if got := measured(step.after); !slices.Equal(got, step.want) {
			t.Errorf("after %s: %q, want %q", step.after, got, step.want)
		}
	}
}
