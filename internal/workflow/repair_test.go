package workflow

import (
	"testing"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// What was decided on an order is not done to an order that has changed since.
func TestDecisionsAreForTheOrderThatWasRead(t *testing.T) {
	refused := porting.Refuse{By: porting.PeerBy("locals"), PON: "P1", Said: "REJECTED",
		Reasons: []porting.Reason{{Code: porting.OtherReason}}}
	for _, test := range []struct {
		name string
		do   func(t *testing.T, tasks *Tasks, read porting.Order) (porting.Outcome, error)
	}{
		{"a question to our staff", func(t *testing.T, tasks *Tasks, read porting.Order) (porting.Outcome, error) {
			out, err := tasks.carryOut(t.Context(), read, read, porting.RepairDecision{Do: porting.RepairByStaff, Reason: porting.OtherReason})
			return out.Outcome, err
		}},
		{"a return to the customer", func(t *testing.T, tasks *Tasks, read porting.Order) (porting.Outcome, error) {
			out, err := tasks.carryOut(t.Context(), read, read, porting.RepairDecision{Do: porting.RepairByCustomer})
			return out.Outcome, err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := storetest.NewMemory()
			book := storetest.Book(t, store)
			if err := store.OpenAccount(t.Context(), account.Account{ID: "acme", Kind: account.Live, Balance: 1_000_000}); err != nil {
				t.Fatal(err)
			}
			_, made, err := book.Create(t.Context(), storetest.Draft("acme", storetest.Numbers(0, 1)...))
			if err != nil {
				t.Fatal(err)
			}
			id := made[0].ID
			do := func(cmds ...porting.Command) (o porting.Order) {
				t.Helper()
				for _, cmd := range cmds {
					if o, err = book.Do(t.Context(), id, cmd); err != nil {
						t.Fatalf("%T: %v", cmd, err)
					}
				}
				return o
			}
			read := do(storetest.Sign(), porting.Pass{By: storetest.System},
				porting.SkipCSR{By: storetest.System, Why: porting.Say(porting.MsgSkippedLate)},
				porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
				porting.MarkSent{By: storetest.System, PON: "P1", Ref: "ref"}, refused)
			now := do(porting.Repair{By: storetest.System, Sup: porting.SupOther}) // somebody else was faster
			out, err := test.do(t, &Tasks{Machine: porting.LSRMachine, Book: book}, read)
			if err != nil || out != Again {
				t.Errorf("the step answers %q (%v)", out, err)
			}
			if o, err := store.Load(t.Context(), id); err != nil || o.Version != now.Version || !o.Desk.IsZero() {
				t.Errorf("the order has become %s, asked %q (%v)", o.Status, o.Desk.Key, err)
			}
		})
	}
	t.Run("a review by rule", func(t *testing.T) {
		store := storetest.NewMemory()
		book := storetest.Book(t, store)
		_, made, err := book.Create(t.Context(), storetest.Draft("acme", storetest.Numbers(0, 1)...))
		if err != nil {
			t.Fatal(err)
		}
		var read porting.Order
		for _, cmd := range []porting.Command{
			storetest.Sign(),
			porting.Return{By: storetest.System, Reasons: []porting.Reason{{Code: porting.OtherReason}}},
			porting.Resubmit{By: storetest.Customer},
			porting.AskDesk{By: storetest.System, Why: porting.Say(porting.MsgAskAgreed)},
		} {
			if read, err = book.Do(t.Context(), made[0].ID, cmd); err != nil {
				t.Fatalf("%T: %v", cmd, err)
			}
		}
		tasks := &Tasks{Machine: porting.LSRMachine, Book: book, AutoApprove: true}
		if err := tasks.decideReview(t.Context(), read, porting.Approve{By: system}); err != nil {
			t.Fatal(err)
		}
		if o, err := store.Load(t.Context(), read.ID); err != nil || o.Status != porting.Review || o.Desk.Key != porting.MsgAskAgreed {
			t.Errorf("the order is %s, asked %q (%v)", o.Status, o.Desk.Key, err)
		}
	})
}
