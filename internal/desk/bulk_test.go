package desk_test

import (
	"context"
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var bulkButton = regexp.MustCompile(`<cwdb-action[^>]*>(\{&#34;bulk&#34;.*?)</cwdb-action>`)

// presses returns the payload of the button that carries a bulk decision out; nil where there is none.
func presses(t *testing.T, screen string) map[string]any {
	t.Helper()
	m := bulkButton.FindStringSubmatch(screen)
	if m == nil {
		return nil
	}
	var payload map[string]any
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &payload); err != nil {
		t.Fatal(err)
	}
	return payload
}

// A decision on many orders shows the outcome for each before, is carried out on those that are as they were seen, and
// reports each outcome.
func TestBulk(t *testing.T) {
	preview := func(t *testing.T, c *counter, typed map[string]any) string {
		t.Helper()
		return c.show(t, map[string]any{"view": "bulk", "tab": "comment", "preview": true, "typed": typed})
	}
	kinds := func(t *testing.T, c *counter, id porting.OrderID) []porting.EventKind {
		t.Helper()
		events, _, err := c.History(t.Context(), id, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var all []porting.EventKind
		for _, e := range events {
			all = append(all, e.Kind)
		}
		return all
	}
	for name, test := range map[string]struct {
		typed    map[string]any
		previews string
		reports  string
		event    porting.EventKind // on each order but the stale one; empty where none is made
		stale    string            // the report of the order that has changed; empty where that does not matter
	}{
		"a comment": {map[string]any{"pd-verb": "comment", "pd-text": "We look into it.", "pd-initials": "ab"}, "The customer reads: We look into it.",
			"Done with 2 of 3 orders, by AB", porting.Commented, "Not done: You saw version"},
		"no answer needed": {map[string]any{"pd-verb": "settle_comment", "pd-initials": "ab"}, "The order stays pending.",
			"Done with 2 of 3 orders, by AB", porting.CommentSettled, "Not done: You saw version"},
		"taken": {map[string]any{"pd-verb": "take", "pd-initials": "ab"}, "Changes among ourselves", "Done with 3 of 3 orders, by AB", "", ""},
		"put off": {map[string]any{"pd-verb": "put_off", "pd-text": "They call.", "pd-date": "2027-03-05", "pd-initials": "ab"},
			"Changes among ourselves", "Done with 3 of 3 orders, by AB", "", ""},
		"without initials": {map[string]any{"pd-verb": "take"}, "Changes among ourselves", "Not done: Give the initials", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t)
			ids := []porting.OrderID{c.commented(t, 1), c.commented(t, 2), c.commented(t, 3)}
			shown := preview(t, c, test.typed)
			payload := presses(t, shown)
			if payload == nil || !strings.Contains(shown, test.previews) || !strings.Contains(shown, "Do it with 3 orders") {
				t.Fatalf("the preview has no %q: %.2500s", test.previews, shown[strings.Index(shown, "</style>"):])
			}
			before := kinds(t, c, ids[2])
			if _, err := c.widgets.Book.Do(t.Context(), ids[2], porting.Comment{By: storetest.Customer, Text: "Hello?"}); err != nil {
				t.Fatal(err)
			}
			report := c.act(t, payload, test.typed)
			if !strings.Contains(report, test.reports) || !strings.Contains(report, test.stale) {
				t.Errorf("the report has no %q or %q: %.2500s", test.reports, test.stale, report[strings.Index(report, "</style>"):])
			}
			for i, id := range ids {
				made := kinds(t, c, id)
				want := []porting.EventKind{}
				if i == 2 {
					made, want = made[len(before):], []porting.EventKind{porting.Commented}
				} else if made = made[2:]; test.event != "" {
					want = []porting.EventKind{test.event}
				}
				if !slices.Equal(made, want) {
					t.Errorf("order %d has the events %v, want %v", i, made, want)
				}
			}
			// Pressed again, after an answer that was lost, it decides on no order twice.
			c.act(t, payload, test.typed)
			if again := kinds(t, c, ids[0]); test.event != "" && len(again) != 3 {
				t.Errorf("pressed again, the order has the events %v", again)
			}
		})
	}
	t.Run("what can't be done is no button", func(t *testing.T) {
		c := newCounter(t)
		c.commented(t, 1)
		shown := preview(t, c, map[string]any{"pd-verb": "approve", "pd-initials": "ab"})
		if presses(t, shown) != nil || !strings.Contains(shown, "Nothing: ") {
			t.Errorf("%.1500s", shown[strings.Index(shown, "</style>"):])
		}
	})
	t.Run("a filter narrows it", func(t *testing.T) {
		c := newCounter(t)
		c.commented(t, 1)
		shown := c.show(t, map[string]any{"view": "bulk", "tab": "comment", "customer": "other"})
		if !strings.Contains(shown, "Nothing waits here that could be decided on.") {
			t.Error("orders of another customer are decided on")
		}
	})
	t.Run("where the time ends, the rest is left to another press", func(t *testing.T) {
		c := newCounter(t)
		ids := []porting.OrderID{c.commented(t, 1), c.commented(t, 2), c.commented(t, 3)}
		typed := map[string]any{"pd-verb": "settle_comment", "pd-initials": "ab"}
		payload := presses(t, preview(t, c, typed))
		payload["widgetContext"] = map[string]any{"theme": "light", "forms": map[string]any{"all": typed}}
		raw, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Second) // less than the reserve
		defer stop()
		out, err := c.widgets.Decide(ctx, actARN, raw)
		if err != nil {
			t.Fatal(err)
		}
		rest := presses(t, out.(string))
		if rest == nil || !strings.Contains(out.(string), "Done with 1 of 1 orders") || len(rest["orders"].([]any)) != 2 {
			t.Fatalf("%.1500s", out.(string)[strings.Index(out.(string), "</style>"):])
		}
		if report := c.act(t, rest, nil); !strings.Contains(report, "Done with 2 of 2 orders, by AB") {
			t.Errorf("%.1500s", report[strings.Index(report, "</style>"):])
		}
		for _, id := range ids {
			if all := kinds(t, c, id); all[len(all)-1] != porting.CommentSettled {
				t.Errorf("order %s has the events %v", id, all)
			}
		}
	})
}

// The screen of an order has each mail that was sent, and what has become of it.
func TestMailsOnTheScreen(t *testing.T) {
	c := newCounter(t)
	id := c.commented(t, 1)
	at := time.Date(2027, 3, 2, 16, 0, 0, 0, time.UTC)
	words := map[orders.MailFate]string{orders.MailSending: "is being sent", orders.MailSent: "was sent", orders.MailRefused: "was refused by our mail service",
		orders.MailDelivered: "was delivered", orders.MailBounced: "bounced", orders.MailComplained: "was complained of as spam"}
	for _, fate := range orders.MailFates() {
		c.Outlined(orders.SentMail{Order: id, Version: 1, At: at, To: "g…@navy.example", Subject: "Your numbers", Fate: fate, FateAt: at})
		got := c.show(t, map[string]any{"view": "order", "order": id})
		_, got, _ = strings.Cut(got, "<h3>Mails</h3>")
		if words[fate] == "" || !strings.Contains(got, words[fate]) || !strings.Contains(got, "Your numbers") || !strings.Contains(got, "g…@navy.example") {
			t.Errorf("the mail that is %s is shown as %.600s", fate, got)
		}
	}
}
