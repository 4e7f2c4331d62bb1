package desk_test

import (
	"strings"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Each board counts what is there, draws it, and has it as CSV.
func TestBoards(t *testing.T) {
	c := newCounter(t)
	now := c.widgets.Book.Now()
	c.widgets.Peers = []string{"locals"}
	c.Wait("77", orders.DueEvent, now.Add(-47*time.Minute))
	c.Wait("78", orders.DueEvent, now.Add(-5*time.Minute))
	c.Wait("79", orders.DueKind(porting.DueCheck), now.Add(-7*time.Minute))
	c.Wait("80", orders.DueKind(porting.QueueSilent.Due()), now.Add(-time.Minute))
	c.Wait("81", orders.DueKind(porting.QueueSilent.Due()), now.Add(time.Minute))
	for i, at := range []time.Time{now.AddDate(0, -1, 0), now} {
		if err := account.Deposit(t.Context(), c.Memory, "acme", 1234_50, "=wire "+at.Format(time.DateOnly), at); err != nil {
			t.Fatal(i, err)
		}
	}
	e := porting.Event{Order: c.commented(t, 1), Version: 1, At: now, Tally: porting.Tally{Mark: porting.MarkRefused, Peer: "locals"}}
	if err := c.Count(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for name, parts := range map[string][]string{
		"health":   {`&#34;Effects of events&#34;,&#34;47&#34;,&#34;2&#34;`, `&#34;Status checks&#34;,&#34;7&#34;,&#34;1&#34;`, "pd-barlate"},
		"peers":    {`&#34;locals 2027-03&#34;,&#34;1&#34;,&#34;0&#34;,&#34;1&#34;`},
		"promises": {`&#34;Silent&#34;,&#34;1&#34;,&#34;2&#34;,&#34;1&#34;`, `&#34;Comments&#34;,&#34;0&#34;,&#34;1&#34;`},
		"carriers": {"Days to the port", `&#34;1&#34;`},
		"money":    {`&#34;2027-02&#34;,&#34;$0.00&#34;,&#34;$1234.50&#34;`, `&#34;2027-03&#34;,&#34;$0.00&#34;,&#34;$1234.50&#34;`},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.show(t, map[string]any{"view": "board", "tab": name, "account": "acme"})
			for _, part := range append(parts, "<rect", "As CSV") {
				if !strings.Contains(got, part) {
					_, got, _ = strings.Cut(got, "</style>")
					t.Errorf("%q is missing in\n%.4000s", part, got)
				}
			}
		})
	}
}
