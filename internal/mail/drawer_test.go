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

// A sandbox's mail is written and kept, once, and never handed to the post; every other mail is, and none of it is kept.
func TestDrawer(t *testing.T) {
	store := storetest.NewMemory()
	drawer := &mail.Drawer{
		Composer: mail.Composer{Rules: storetest.Rules(t), API: "https://api.portway.example/v2"},
		Address:  func(context.Context, porting.AccountID) (string, error) { return "porting@acme.example", nil },
		Keep:     store.KeepMail, Now: func() time.Time { return storetest.Now },
	}
	posted := 0
	handle := drawer.Or(func(context.Context, porting.Event, porting.Order) error { posted++; return errors.New("by post") })
	book := storetest.Book(t, store)
	for _, sandbox := range []bool{false, true} {
		d := storetest.Draft("acme", storetest.Numbers(0, 1)...)
		d.Sandbox = sandbox
		_, made, err := book.Create(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		o := made[0]
		e := porting.Event{Order: o.ID, Account: o.Account, Version: 7, Kind: porting.Reminded, At: storetest.Now, Status: o.Status, Ends: storetest.Now.AddDate(0, 0, 3)}
		for range 2 {
			if err := handle(t.Context(), e, o); (err != nil) == sandbox {
				t.Errorf("sandbox %v: %v", sandbox, err)
			}
		}
		kept, _, err := store.Mails(t.Context(), o.ID, 0, 10)
		switch {
		case err != nil:
			t.Fatal(err)
		case !sandbox && (len(kept) != 0 || posted != 2):
			t.Errorf("a live order's mail: %d kept, posted %d times", len(kept), posted)
		case sandbox && (posted != 2 || len(kept) != 1 || kept[0].To != "porting@acme.example" || kept[0].Subject == "" || kept[0].Text == ""):
			t.Errorf("a sandbox's mail: posted %d times, kept %+v", posted-2, kept)
		}
	}
}
