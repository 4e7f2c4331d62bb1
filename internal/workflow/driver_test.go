package workflow

import (
	"slices"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// An order whose step fails at once for as long as an outage lasts is tried again soon, then more rarely, and never less
// than daily.
func TestAnOutageIsTriedAgainMoreAndMoreRarely(t *testing.T) {
	store := storetest.NewMemory()
	book := storetest.Book(t, store)
	now := book.Now()
	book.Now = func() time.Time { return now }
	err := store.OpenAccount(t.Context(), account.Account{ID: "acme", Kind: account.Live, Balance: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	_, made, err := book.Create(t.Context(), storetest.Draft("acme", storetest.Numbers(0, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	id := made[0].ID
	do := func(cmd porting.Command) {
		t.Helper()
		if _, err := book.Do(t.Context(), id, cmd); err != nil {
			t.Fatalf("%T: %v", cmd, err)
		}
	}
	do(storetest.Sign())
	do(porting.Pass{By: storetest.System})
	ask := porting.AskDesk{By: storetest.System,
		Why: porting.Say(porting.MsgAskFailed, "error", "Lambda.ResourceNotFoundException")}
	driver := &Driver{Book: book}
	// outage checks the driver each hour, and returns the hours in which the order was tried again.
	outage := func(hours int) (tried []int) {
		t.Helper()
		for hour := range hours {
			o, err := store.Load(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if o.Desk.IsZero() {
				do(ask)
			}
			now = now.Add(time.Hour)
			if o, err = store.Load(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if err := driver.Check(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			if o, err = store.Load(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if o.Desk.IsZero() {
				tried = append(tried, hour+1)
			}
		}
		return tried
	}
	long := []int{1, 2, 3, 4, 10, 16, 22, 28, 52, 76, 100, 124, 148, 172, 196, 220}
	t.Run("OK: for ten days", func(t *testing.T) {
		if got := outage(240); !slices.Equal(got, long) {
			t.Errorf("tried after %v hours, want %v", got, long)
		}
		comments, err := store.Search(t.Context(), id, orders.Search{Comments: true, Kind: porting.Retried, Limit: 1})
		if err != nil || len(comments.Events) != 0 {
			t.Errorf("its tries are comments: %v (%v)", comments.Events, err)
		}
	})
	t.Run("OK: another outage begins anew", func(t *testing.T) {
		now = now.Add(72 * time.Hour)
		if got := outage(12); !slices.Equal(got, []int{1, 2, 3, 4, 10}) {
			t.Errorf("tried after %v hours", got)
		}
	})
	t.Run("OK: a person's decision begins anew", func(t *testing.T) {
		do(ask)
		do(porting.Retry{By: porting.By{Role: porting.Staff, Name: "AB"}})
		if got := outage(12); !slices.Equal(got, []int{1, 2, 3, 4, 10}) {
			t.Errorf("tried after %v hours", got)
		}
	})
}
