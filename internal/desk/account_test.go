package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/bizday"
	"portway/internal/carrier"
	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

const (
	showARN = "arn:aws:lambda:us-east-1:000000000000:function:portway-desk"
	actARN  = "arn:aws:lambda:us-east-1:000000000000:function:portway-desk-action"
)

// counter is a desk with the account acme, and remembers who joined the usage plan.
type counter struct {
	*storetest.Memory
	widgets *desk.Widgets
	joined  []porting.AccountID
	down    error // of the usage plan
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	days, err := bizday.Named("npac", "America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{Memory: storetest.NewMemory()}
	now := func() time.Time { return time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC) }
	made := uint16(0)
	book := &orders.Book{Store: c.Memory, Rules: porting.Standard(days), Now: now, Random: func() uint16 { made++; return made }}
	join := func(_ context.Context, id porting.AccountID) error {
		c.joined = append(c.joined, id)
		return c.down
	}
	c.widgets = &desk.Widgets{Book: book, Lists: c.Memory, Find: c.Memory, Act: actARN, Marks: &desk.MemoryMarks{}, Boards: c.Memory,
		Carriers: &carrier.Registry{Store: &carrier.Memory{}, Now: now}, Accounts: desk.Accounts{Store: c.Memory, Join: join}}
	if _, err := account.Open(t.Context(), c.Memory, account.Account{ID: "acme", Name: "Acme", Mail: "ops@acme.example", Kind: account.Live,
		Created: now()}, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.AddPreset(t.Context(), account.Preset{Ref: account.Ref{Kind: account.CNAM, ID: "7"}, Account: "acme"}, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// act sends a decision as a button does, with what was typed, and returns the screen.
func (c *counter) act(t *testing.T, decision map[string]any, typed map[string]any) string {
	t.Helper()
	event := map[string]any{"desk": showARN, "widgetContext": map[string]any{"theme": "light", "width": 1000, "forms": map[string]any{"all": typed}}}
	for k, v := range decision {
		event[k] = v
	}
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.widgets.Decide(t.Context(), actARN, raw)
	if err != nil {
		t.Fatal(err)
	}
	return out.(string)
}

func TestDecisionsOnAccounts(t *testing.T) {
	keysOf := func(t *testing.T, c *counter) (account.Account, []account.Key) {
		t.Helper()
		a, keys, err := c.Keys(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		return a, keys
	}
	acme := func(action string) map[string]any { return map[string]any{"account_action": action, "account": "acme"} }
	for name, test := range map[string]struct {
		decision, typed map[string]any
		down            error
		says            string
		holds           func(t *testing.T, c *counter) bool
	}{
		"OK: opened": {
			decision: map[string]any{"account_action": "open_account"}, says: "The account new is open.",
			typed: map[string]any{"pd-id": "new", "pd-name": "New", "pd-mail": "a@new.example", "pd-kind": "sandbox", "pd-amount": "$1,000.50"},
			holds: func(t *testing.T, c *counter) bool {
				a, keys, err := c.Keys(t.Context(), "new")
				return err == nil && a.Balance == 1000_50 && a.Kind == account.Sandbox && len(keys) == 1 && len(c.joined) == 1
			}},
		"every fault of a new account is told, and nothing joins": {
			decision: map[string]any{"account_action": "open_account"}, says: "Give one mail address",
			typed: map[string]any{"pd-id": "a b"},
			holds: func(_ *testing.T, c *counter) bool { return len(c.joined) == 0 }},
		"an amount that is none opens nothing": {
			decision: map[string]any{"account_action": "open_account"}, says: "Write an amount in US dollars",
			typed: map[string]any{"pd-id": "new", "pd-name": "New", "pd-mail": "a@new.example", "pd-kind": "live", "pd-amount": "1.5"},
			holds: func(_ *testing.T, c *counter) bool { return len(c.joined) == 0 }},
		"no account where the gateway can't count it": {
			decision: map[string]any{"account_action": "open_account"}, says: "It may not have been done", down: errors.New("403"),
			typed: map[string]any{"pd-id": "new", "pd-name": "New", "pd-mail": "a@new.example", "pd-kind": "live"},
			holds: func(t *testing.T, c *counter) bool {
				_, err := c.Account(t.Context(), "new")
				return porting.Is(err, porting.NotFound)
			}},
		"no decision without initials": {
			decision: acme("deposit"), says: "Give the initials",
			typed: map[string]any{"pd-amount": "5", "pd-reference": "wire", "pd-initials": "7"},
			holds: func(t *testing.T, c *counter) bool { a, _ := keysOf(t, c); return a.Balance == 0 }},
		"OK: a deposit": {
			decision: acme("deposit"), says: "$5.00 was entered", typed: map[string]any{"pd-amount": "5", "pd-reference": "wire"},
			holds: func(t *testing.T, c *counter) bool { a, _ := keysOf(t, c); return a.Balance == 500 }},
		"no deposit without a reference": {
			decision: acme("deposit"), says: "Give a deposit of more than 0 and a reference", typed: map[string]any{"pd-amount": "5"},
			holds: func(t *testing.T, c *counter) bool { a, _ := keysOf(t, c); return a.Balance == 0 }},
		"OK: a further key": {
			decision: acme("issue_key"), says: "The secret is shown this once", typed: map[string]any{"pd-keyname": "night"},
			holds: func(t *testing.T, c *counter) bool {
				_, k := keysOf(t, c)
				return len(k) == 2 && k[0].Name+k[1].Name == "night"
			}},
		"OK: a key of some scopes, from some addresses": {
			decision: acme("issue_key"), says: "The secret is shown this once",
			typed: map[string]any{"pd-scopes": "read order", "pd-ranges": "192.0.2.0/24 2001:db8::/48"},
			holds: func(t *testing.T, c *counter) bool {
				_, k := keysOf(t, c)
				return len(k) == 2 && slices.ContainsFunc(k, func(k account.Key) bool {
					return k.Scopes == "read order" && k.Ranges == "192.0.2.0/24 2001:db8::/48"
				})
			}},
		"no key of faulty addresses": {
			decision: acme("issue_key"), says: "Give a range of addresses", typed: map[string]any{"pd-ranges": "192.0.2.0/24 here"},
			holds: func(t *testing.T, c *counter) bool { _, k := keysOf(t, c); return len(k) == 1 }},
		"a stale page issues no key": {
			decision: map[string]any{"account_action": "issue_key", "account": "acme", "version": 3}, says: "have changed since you saw them",
			holds: func(t *testing.T, c *counter) bool { _, k := keysOf(t, c); return len(k) == 1 }},
		"the last key stays": {
			decision: map[string]any{"account_action": "revoke_key", "account": "acme", "key": "ACCESS"}, says: "This is the last key",
			holds: func(t *testing.T, c *counter) bool { _, k := keysOf(t, c); return len(k) == 1 }},
		"OK: contacts": {
			decision: acme("contacts"), says: "The contacts are changed",
			typed: map[string]any{"pd-toprimary": "one@acme.example", "pd-toporting": "two@acme.example, three@acme.example"},
			holds: func(t *testing.T, c *counter) bool {
				a, _ := keysOf(t, c)
				return len(a.Contacts) == 3 && a.Mail == "one@acme.example"
			}},
		"a wrong address is told beside its field": {
			decision: acme("contacts"), says: `id="pd-toporting-wrong"`, typed: map[string]any{"pd-toprimary": "one@acme.example", "pd-toporting": "two"},
			holds: func(t *testing.T, c *counter) bool { a, _ := keysOf(t, c); return len(a.Contacts) == 0 }},
		"OK: prices": {
			decision: acme("prices"), says: "The prices of new orders are changed", typed: map[string]any{"pd-tollfree": "15", "pd-failed": "never"},
			holds: func(t *testing.T, c *counter) bool {
				a, _ := keysOf(t, c)
				return a.Tariff == porting.Tariff{TollFree: 15_00, Failed: porting.RefundNever}
			}},
		"OK: a number that costs nothing": {
			decision: acme("prices"), says: "The prices of new orders are changed", typed: map[string]any{"pd-local": "0"},
			holds: func(t *testing.T, c *counter) bool {
				a, _ := keysOf(t, c)
				return a.Tariff == porting.Tariff{Local: porting.Free}
			}},
		"a price above the highest is refused": {
			decision: acme("prices"), says: "Write an amount from 0 to 9999.99", typed: map[string]any{"pd-local": "10000"},
			holds: func(t *testing.T, c *counter) bool { a, _ := keysOf(t, c); return a.Tariff == porting.Tariff{} }},
		"OK: a limit": {
			decision: acme("limit"), says: "The limit is set", typed: map[string]any{"pd-most": "2"},
			holds: func(t *testing.T, c *counter) bool {
				return porting.Is(c.Draft(t.Context(), "acme", 3), porting.Invalid)
			}},
		"OK: a caller name is approved": {
			decision: map[string]any{"account_action": "judge_name", "account": "acme", "key": "7"}, says: "The caller name is decided on",
			typed: map[string]any{"pd-verdict": "approve"},
			holds: func(t *testing.T, c *counter) bool {
				p, err := account.FindPreset(t.Context(), c.Memory, "acme", account.Ref{Kind: account.CNAM, ID: "7"})
				return err == nil && !p.Approved.IsZero()
			}},
		"a rejection needs a reason": {
			decision: map[string]any{"account_action": "judge_name", "account": "acme", "key": "7"}, says: `id="pd-why-wrong"`,
			typed: map[string]any{"pd-verdict": "reject"},
			holds: func(t *testing.T, c *counter) bool {
				p, err := account.FindPreset(t.Context(), c.Memory, "acme", account.Ref{Kind: account.CNAM, ID: "7"})
				return err == nil && p.Rejected == ""
			}},
		"a button that nobody knows": {decision: acme("give_away"), says: "The button can&#39;t be read",
			holds: func(*testing.T, *counter) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t)
			c.down = test.down
			_, keys := keysOf(t, c)
			if test.decision["key"] == "ACCESS" {
				test.decision["key"] = keys[0].Access
			}
			typed := map[string]any{"pd-initials": "ab"}
			for k, v := range test.typed {
				typed[k] = v
			}
			if got := c.act(t, test.decision, typed); !strings.Contains(got, test.says) {
				_, got, _ = strings.Cut(got, "</style>")
				t.Errorf("%q is missing in\n%.2000s", test.says, got)
			}
			if !test.holds(t, c) {
				t.Error("the account is not as it should be")
			}
		})
	}
}

func TestDollars(t *testing.T) {
	for words, want := range map[string]porting.Money{"500": 500_00, "7.50": 7_50, "$1,500.50": 1500_50, "0": 0, " 3 ": 3_00} {
		if got, err := account.Dollars(words); err != nil || got != want {
			t.Errorf("%q is %d (%v), want %d", words, got, err, want)
		}
	}
	for _, words := range []string{"", "-5", "7.5", "7.505", "five", "1e9", "9999999999999", "7.", ".50", "+7"} {
		if got, err := account.Dollars(words); err == nil {
			t.Errorf("%q is %d", words, got)
		}
	}
}
