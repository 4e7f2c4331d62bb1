package mail_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portway/internal/mail"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// A sandbox's mail is written and kept, once, and never sent; every other mail is sent, and never kept.
func TestSandboxMailIsKept(t *testing.T) {
	store := storetest.NewMemory()
	sandbox := &mail.Sandbox{
		Composer: mail.Composer{Rules: storetest.Rules(t), API: "https://api.portway.example/v2"},
		Address:  func(context.Context, porting.AccountID) (string, error) { return "porting@acme.example", nil },
		Keep:     store.KeepMail, Now: func() time.Time { return storetest.Now },
	}
	sent := 0
	handle := sandbox.Or(func(context.Context, porting.Event, porting.Order) error {
		sent++
		return errors.New("it is sent")
	})
	book := storetest.Book(t, store)
	for _, owner := range []porting.AccountID{"live", "sandbox"} { // an account is of one kind
		isSandbox := owner == "sandbox"
		d := storetest.Draft(owner, storetest.Numbers(0, 1)...)
		d.Sandbox = isSandbox
		_, made, err := book.Create(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		o := made[0]
		e := porting.Event{Order: o.ID, Account: o.Account, Version: 7, Kind: porting.Reminded, At: storetest.Now,
			Status: o.Status, Ends: storetest.Now.AddDate(0, 0, 3)}
		for range 2 {
			if err := handle(t.Context(), e, o); (err != nil) == isSandbox {
				t.Errorf("sandbox %v: %v", isSandbox, err)
			}
		}
		kept, _, err := store.Mails(t.Context(), o.ID, 0, 10)
		switch {
		case err != nil:
			t.Fatal(err)
		case !isSandbox && (len(kept) != 0 || sent != 2):
			t.Errorf("a live order's mail: %d kept, sent %d times", len(kept), sent)
		case isSandbox && (sent != 2 || len(kept) != 1 || kept[0].To != "porting@acme.example" ||
			kept[0].Subject == "" || kept[0].Text == ""):
			t.Errorf("a sandbox's mail: sent %d times, kept %+v", sent-2, kept)
		}
	}
}
