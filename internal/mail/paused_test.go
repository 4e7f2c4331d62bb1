package mail

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"portway/internal/porting"
)

func TestPaused(t *testing.T) {
	at := time.Date(2026, 2, 10, 20, 0, 0, 0, time.UTC)
	m := composer(t).ComposePaused(Paused{ID: "weaaaabbbbccccdddd", Host: "hooks.example.com", Description: "Billing",
		Why: "No delivery has succeeded since February 9, 2026, 20:00 UTC.", Since: at.AddDate(0, 0, -1), At: at})
	if m.Key != (Key{About: AboutWebhook, ID: "weaaaabbbbccccdddd", Version: 1770753600}) {
		t.Errorf("its key is %s", m.Key)
	}
	got := txtar.Format(&txtar.Archive{Files: []txtar.File{
		{Name: "subject", Data: []byte(m.Subject + "\n")}, {Name: "text", Data: []byte(m.Text)},
		{Name: "html", Data: []byte(m.HTML)}}})
	golden := filepath.Join("testdata", "webhook_paused.txtar")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("differs from %s (-update writes it):\n%s", golden, got)
	}
	for line := range strings.SplitSeq(m.Text, "\n") {
		if len([]rune(line)) > 120 {
			t.Errorf("a line of %d characters", len([]rune(line)))
		}
	}
}

// A mail about a webhook that comes back is no order's.
func TestAPausedMailThatBounces(t *testing.T) {
	posts := Feedbacks{Now: time.Now, Records: memory{}, Note: func(context.Context, porting.OrderID, string) error {
		t.Error("it is told on an order")
		return nil
	}}
	for _, tags := range []string{`{"webhook":["weaaaa"],"event":["3"]}`,
		`{"order":["webhook-weaaaa"],"event":["3"]}`} { // new and old
		err := posts.Take(t.Context(), []byte(`{"detail":{"eventType":"Bounce","mail":{"messageId":"1","tags":`+tags+`},"bounce":{"bounceType":"Permanent"}}}`))
		if err != nil {
			t.Error(err)
		}
	}
}
