package dynamo_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
)

func TestCalls(t *testing.T) {
	t.Parallel()
	var calls dynamo.Calls
	name, client := table(t, calls.Option)
	keys := &dynamotest.Keys{}
	store := dynamo.New(client, name, &secret.Sealer{Keys: keys, KeyID: "test"})
	book := storetest.Book(t, store)
	if err := store.OpenAccount(t.Context(), account.Account{ID: "a", Kind: account.Live,
		Balance: 10_000}); err != nil {
		t.Fatal(err)
	}
	var o porting.Order
	expect := func(what string, want map[string]int, dataKeys int, do func() error) {
		t.Helper()
		calls.Reset()
		before := keys.Made
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := calls.Count(); !maps.Equal(got, want) {
			t.Errorf("%s calls %v, want %v", what, got, want)
		}
		if got := keys.Made - before; got != dataKeys {
			t.Errorf("%s makes %d data keys, want %d", what, got, dataKeys)
		}
		t.Logf("%-22s %5.1f units %v", what, calls.Units(), calls.Count())
	}
	read := map[string]int{"Query": 1}
	step := map[string]int{"Query": 1, "TransactWriteItems": 1}
	expect("create", map[string]int{"BatchGetItem": 1, "TransactWriteItems": 1, "UpdateItem": 1}, 1, func() error {
		_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 2)...))
		if err == nil {
			o = made[0]
		}
		return err
	})
	do := func(cmd porting.Command) func() error {
		return func() error { _, err := book.Do(t.Context(), o.ID, cmd); return err }
	}
	expect("sign", step, 0, do(storetest.Sign()))
	expect("pass", step, 0, do(porting.Pass{By: storetest.System}))
	expect("plan", step, 0, do(porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskCSR, PON: "C1"}}))
	expect("take the record", step, 1, do(porting.TakeRecord{By: storetest.System, PON: "C1", State: porting.AnswerReady,
		Record: porting.Record{AccountNumber: porting.NewSecret(storetest.SecretAccount)}}))
	expect("check", step, 0, do(porting.Check{By: storetest.System, Found: []porting.Message{porting.Words("Waiting.")}}))
	expect("load", read, 0, func() error { _, err := store.Load(t.Context(), o.ID); return err })
	expect("view", map[string]int{"Query": 1}, 0, func() error {
		_, _, err := store.View(t.Context(), o.ID, 100)
		return err
	})
	// However long a history is, a call reads no more of it than is wanted.
	for _, read := range []struct {
		what string
		do   func() error
	}{
		{"its latest comments", func() error { _, _, err := store.View(t.Context(), o.ID, 5); return err }},
		{"a page of history", func() error { _, _, err := store.History(t.Context(), o.ID, 0, 5); return err }},
		{"a page of the feed", func() error { _, _, err := store.Feed(t.Context(), "a", "", 5); return err }},
	} {
		units := func() float64 {
			calls.Reset()
			if err := read.do(); err != nil {
				t.Fatal(err)
			}
			return calls.Units()
		}
		talk := func() {
			for range 15 {
				if err := do(porting.Comment{By: storetest.Customer, Text: strings.Repeat("x", 1500)})(); err != nil {
					t.Fatal(err)
				}
			}
		}
		talk()
		few := units()
		if talk(); units() > few+0.5 {
			t.Errorf("%s takes %.1f units of 15 comments, and %.1f of 30", read.what, few, units())
		}
	}
	expect("list", read, 0, func() error { _, err := store.List(t.Context(), "a", orders.Filter{}); return err })
	expect("due", map[string]int{"Query": 4}, 0, func() error {
		_,
			err := store.Due(t.Context(), "clock", storetest.Now, 10)
		return err
	})
}

// What a status change writes does not grow with the order's numbers, and nothing in the table shows a secret.
func TestTable(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	store := dynamo.New(client, name, sealer())
	book := storetest.Book(t, store)
	if err := store.OpenAccount(t.Context(), account.Account{ID: "a", Kind: account.Live,
		Balance: 10_000_000}); err != nil {
		t.Fatal(err)
	}
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 3000)...))
	if err != nil {
		t.Fatal(err)
	}
	before := items(t, name, client)
	o, err := book.Do(t.Context(), made[0].ID, storetest.Sign())
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	taken := 0
	after := items(t, name, client)
	for k, i := range after {
		if strings.HasPrefix(k, "TN#+") && i["holder"] != nil {
			taken++
		} else if fmt.Sprint(flat(i)) != fmt.Sprint(flat(before[k])) {
			changed = append(changed, k)
		}
	}
	if len(changed) != 3 || taken != 3000 { // head, event, driver's due date
		t.Errorf("a signature writes %v, and %d holds", changed, taken)
	}
	if _, ok := after["O#"+string(o.ID)+"|DUE#clock"]; ok {
		t.Error("the clock's due date is left")
	}
	for k, i := range after {
		for _, canary := range []string{storetest.SecretAccount, storetest.SecretPIN,
			"\"" + storetest.SecretSSN + "\""} {
			if strings.Contains(flat(i), canary) {
				t.Errorf("%s shows %s", k, canary)
			}
		}
	}
	if n := len(flat(after["O#"+string(o.ID)+"|ORDER"])); n > 4000 {
		t.Errorf("the head has %d bytes", n)
	}
}
