package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// show returns a screen of the desk.
func (c *counter) show(t *testing.T, call map[string]any) string {
	t.Helper()
	call["widgetContext"] = map[string]any{"theme": "light", "width": 1000, "forms": map[string]any{"all": call["typed"]}}
	delete(call, "typed")
	raw, err := json.Marshal(call)
	if err != nil {
		t.Fatal(err)
	}
	return c.widgets.Show(t.Context(), showARN, raw).(string)
}

// commented makes an order whose customer has written, so that it waits for a person.
func (c *counter) commented(t *testing.T, n int) porting.OrderID {
	t.Helper()
	draft := storetest.Draft("acme", storetest.Numbers(n, 1)...)
	_, made, err := c.widgets.Book.Create(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.widgets.Book.Do(t.Context(), made[0].ID, porting.Comment{By: porting.CustomerBy("key-1"), Text: "When?"}); err != nil {
		t.Fatal(err)
	}
	return made[0].ID
}

// What our staff agree on among themselves changes nothing of the order, and no customer reads it.
func TestMarks(t *testing.T) {
	act := func(action string, more map[string]any) map[string]any {
		all := map[string]any{"action": action}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	type step struct {
		by, action string
		typed      map[string]any
		says       string
	}
	for name, test := range map[string]struct {
		steps []step
		list  string // on the list of comments
		off   string // on the list of what is put off
	}{
		"taken": {steps: []step{{"ab", "take", nil, "Done: Take, by AB"}}, list: "AB works on it"},
		"taken by another one": {steps: []step{{"ab", "take", nil, "Done"}, {"cd", "take", nil, "AB has taken the order. Ask AB"},
			{"cd", "take", map[string]any{"pd-force": "yes"}, "Done: Take, by CD"}}, list: "CD works on it"},
		"handed over": {steps: []step{{"ab", "hand_over", map[string]any{"pd-who": "c"}, "Give the initials of the person who takes"},
			{"ab", "hand_over", map[string]any{"pd-who": "cd"}, "Done: Hand over"}}, list: "CD works on it"},
		"put off": {steps: []step{{"ab", "put_off", map[string]any{"pd-date": "2027-03-02", "pd-text": "They call."}, "Give a day after today and not after 2027-05-01"},
			{"ab", "put_off", map[string]any{"pd-date": "2027-03-05"}, "Say in one line why"},
			{"ab", "put_off", map[string]any{"pd-date": "2027-03-05", "pd-text": "They call."}, "Done: Put off, by AB"}},
			list: "Nothing waits here", off: "Put off by AB: They call."},
		"brought back": {steps: []step{{"ab", "put_off", map[string]any{"pd-date": "2027-03-05", "pd-text": "They call."}, "Done"},
			{"ab", "bring_back", nil, "Done: Bring back"}}, list: "The customer has written a comment", off: "Nothing waits here"},
		"noted": {steps: []step{{"ab", "note", map[string]any{"pd-text": " "}, "Write the note."},
			{"ab", "note", map[string]any{"pd-text": "account 620162"}, "Send as written"},
			{"ab", "note", map[string]any{"pd-text": "They sounded unsure."}, "They sounded unsure."}}, list: "The customer has written a comment"},
		"no initials": {steps: []step{{"7", "take", nil, "Give the initials of the person who decides"}}, list: "The customer has written a comment"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t)
			id := c.commented(t, 1)
			before, err := c.Load(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range test.steps {
				typed := map[string]any{"pd-initials": s.by}
				for k, v := range s.typed {
					typed[k] = v
				}
				if got := c.act(t, act(s.action, map[string]any{"order": id}), typed); !strings.Contains(got, s.says) {
					_, got, _ = strings.Cut(got, "</style>")
					t.Errorf("step %d: %q is missing in\n%.1500s", i, s.says, got)
				}
			}
			after, err := c.Load(t.Context(), id)
			if err != nil || after.Version != before.Version {
				t.Errorf("the order has version %d, had %d (%v)", after.Version, before.Version, err)
			}
			for tab, want := range map[string]string{"comment": test.list, "later": test.off} {
				if got := c.show(t, map[string]any{"view": "list", "tab": tab}); !strings.Contains(got, want) {
					t.Errorf("the list %s has no %q", tab, want)
				}
			}
		})
	}
	t.Run("over when it ends", func(t *testing.T) {
		c := newCounter(t)
		id := c.commented(t, 1)
		c.act(t, act("put_off", map[string]any{"order": id}), map[string]any{"pd-initials": "ab", "pd-date": "2027-03-05", "pd-text": "They call."})
		c.act(t, act("take", map[string]any{"order": id}), map[string]any{"pd-initials": "ab"})
		c.widgets.Book.Now = func() time.Time { return time.Date(2027, 3, 5, 16, 0, 0, 0, time.UTC) }
		if got := c.show(t, map[string]any{"view": "list", "tab": "comment"}); !strings.Contains(got, string(id)) || strings.Contains(got, "works on it") {
			t.Error("the order is not back on its list, or still taken")
		}
	})
	t.Run("by an event of a program", func(t *testing.T) {
		c := newCounter(t)
		id := c.commented(t, 1)
		raw := json.RawMessage(fmt.Sprintf(`{"action": "take", "order": %q, "initials": "ab"}`, id))
		reply, err := c.widgets.Decide(t.Context(), actARN, raw)
		if r, ok := reply.(desk.Reply); !ok || err != nil || len(r.Errors) > 0 || r.Order != id {
			t.Errorf("%+v (%v)", reply, err)
		}
	})
}

// counted counts the reads of due dates, and the most that came of one.
type counted struct {
	*storetest.Memory
	mu          sync.Mutex // the lists are read at once
	reads, most int
}

func (c *counted) DueBehind(ctx context.Context, kind orders.DueKind, behind orders.Due, until time.Time, limit int) ([]orders.Due, error) {
	found, err := c.Memory.DueBehind(ctx, kind, behind, until, limit)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads++
	c.most = max(c.most, len(found))
	return found, err
}

// A list of ten thousand is read page by page, one read of the list each, and every order comes once.
func TestTenThousandWait(t *testing.T) {
	c := newCounter(t)
	lists := &counted{Memory: c.Memory}
	c.widgets.Lists = lists
	const all = 10_000
	at := time.Date(2027, 3, 2, 20, 0, 0, 0, time.UTC)
	for n := range all {
		c.Memory.Wait(porting.OrderID(fmt.Sprint(1_000_000+n)), orders.DueKind(porting.QueueSilent.Due()), at.Add(time.Duration(n/40)*time.Minute))
	}
	button := regexp.MustCompile(`>Next page</button><cwdb-action[^>]*>([^<]*)<`)
	row := regexp.MustCompile(`<th scope="row">(\d+)</th>`)
	call, seen := map[string]any{"view": "list", "tab": "silent"}, map[string]bool{}
	for page := 0; ; page++ {
		lists.reads, lists.most = 0, 0
		got := c.show(t, call)
		if page == 0 && !strings.Contains(got, "Silent 100+") {
			t.Error("the first page does not say that more than a hundred wait")
		}
		if want := 1; page > 0 && lists.reads != want || lists.most > 101 {
			t.Fatalf("page %d took %d reads, one of them of %d places", page, lists.reads, lists.most)
		}
		for _, m := range row.FindAllStringSubmatch(got, -1) {
			if seen[m[1]] {
				t.Fatalf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		if len(got) > 200_000 {
			t.Fatalf("page %d has %d bytes", page, len(got))
		}
		next := button.FindStringSubmatch(got)
		if next == nil {
			break
		}
		call = map[string]any{}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(next[1], "&#34;", `"`)), &call); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d orders were shown", len(seen), all)
	}
}
