package deskrows_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/desk"
	"portway/internal/dynamo/deskrows"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/porting"
)

// The table keeps marks and notes as memory does.
func TestRows(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client := dynamodb.NewFromConfig(e.Config())
	if err := dynamotest.Create(t.Context(), client, "rows"); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]desk.Marks{"memory": &desk.MemoryMarks{}, "table": deskrows.New(client, "rows")} {
		t.Run(name, func(t *testing.T) { keeps(t, m) })
	}
	t.Run("a write whose answer is lost is not refused because of itself", func(t *testing.T) {
		broken := &dynamotest.Lossy{}
		m := deskrows.New(dynamodb.NewFromConfig(e.Config(), func(o *dynamodb.Options) { o.HTTPClient = broken }), "rows")
		at := time.Date(2027, 1, 6, 17, 0, 0, 0, time.UTC)
		for _, write := range []func() error{
			func() error { return m.AddNote(t.Context(), desk.Note{Order: "17", At: at, By: "AB", Text: "One."}) },
			func() error {
				return m.SetMark(t.Context(), desk.Mark{Order: "17", Taken: "AB", TakenUntil: at, Version: 1})
			},
			func() error {
				return m.SetMark(t.Context(), desk.Mark{Order: "17", Later: at, LaterBy: "AB", LaterWhy: "Wait.", Version: 2})
			},
		} {
			broken.Lose = true
			if err := write(); err != nil || broken.Lose {
				t.Errorf("%v; lost %v", err, !broken.Lose)
			}
		}
		err := m.AddNote(t.Context(), desk.Note{Order: "17", At: at, By: "CD", Text: "Another."})
		if !porting.Is(err, porting.Stale) {
			t.Errorf("another note of the same instant: %v", err)
		}
	})
}

func keeps(t *testing.T, m desk.Marks) {
	ctx, now := t.Context(), time.Date(2027, 1, 5, 17, 0, 0, 7, time.UTC)
	first := desk.Mark{Order: "7", Taken: "AB", TakenUntil: now, Version: 1}
	rival := desk.Mark{Order: "7", Taken: "CD", TakenUntil: now, Version: 1}
	second := desk.Mark{Order: "7", Taken: "AB", TakenUntil: now, Later: now.AddDate(0, 0, 1), LaterBy: "CD", LaterWhy: "Ünsure.", Version: 2}
	third := desk.Mark{Order: "7", Version: 3}
	other := desk.Mark{Order: "8", Later: now.AddDate(0, 0, 2), LaterBy: "CD", LaterWhy: "Later.", Version: 1}
	for i, step := range []struct {
		mark  desk.Mark
		stale bool
		off   []porting.OrderID // what is put off then
	}{
		{first, false, nil},
		{rival, true, nil},
		{other, false, []porting.OrderID{"8"}},
		{second, false, []porting.OrderID{"7", "8"}},
		{rival, true, []porting.OrderID{"7", "8"}},
		{third, false, []porting.OrderID{"8"}},
	} {
		if err := m.SetMark(ctx, step.mark); porting.Is(err, porting.Stale) != step.stale || err != nil && !step.stale {
			t.Errorf("step %d: %v", i, err)
		}
		due, err := m.PutOff(ctx, 10)
		var off []porting.OrderID
		for _, d := range due {
			off = append(off, d.Order)
		}
		if diff := cmp.Diff(step.off, off); diff != "" || err != nil {
			t.Errorf("step %d: %s %v", i, diff, err)
		}
		all, err := m.MarksOf(ctx, []porting.OrderID{"7", "9"})
		if err != nil || len(all) != 1 || !step.stale && step.mark.Order == "7" && !cmp.Equal(all["7"], step.mark) {
			t.Errorf("step %d: read %+v (%v)", i, all, err)
		}
	}
	notes := []desk.Note{{Order: "7", At: now, By: "AB", Text: "One."}, {Order: "7", At: now.Add(1), By: "CD", Text: "Two,\nin two lines."},
		{Order: "7", At: now.Add(time.Hour), By: "AB", Text: "Three."}}
	for _, n := range notes {
		if err := m.AddNote(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	mark, got, err := m.Notes(ctx, "7", 2)
	if diff := cmp.Diff([]desk.Note{notes[2], notes[1]}, got); diff != "" || err != nil || mark != third {
		t.Error(diff, err, mark)
	}
	if mark, got, err := m.Notes(ctx, "404", 2); len(got) > 0 || err != nil || mark != (desk.Mark{}) {
		t.Error(mark, got, err)
	}
}
