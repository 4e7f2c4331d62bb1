package workflow_test

import (
	"testing"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow"
)

// Nobody waits for staff in a sandbox: what they are asked is tried again, a few times, and then goes back to the customer; and
// the sandbox desk touches no other order.
func TestSandboxDesk(t *testing.T) {
	t.Parallel()
	store := storetest.NewMemory()
	book := storetest.Book(t, store)
	draft := storetest.Draft("box", storetest.Numbers(0, 1)...)
	do := func(o porting.Order, cmds ...porting.Command) porting.Order {
		t.Helper()
		for _, cmd := range cmds {
			after, err := book.Do(t.Context(), o.ID, cmd)
			if err != nil {
				t.Fatalf("%T: %v", cmd, err)
			}
			o = after
		}
		return o
	}
	sweep := func() int {
		t.Helper()
		swept, err := book.Sweep(t.Context(), orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true}), 0, workflow.SandboxDesk)
		if err != nil || swept.Failed > 0 {
			t.Fatalf("%+v (%v)", swept, err)
		}
		return swept.Done
	}
	ask := porting.AskDesk{By: storetest.System, Why: porting.Words("The carrier's refusal needs a person.")}
	made := map[bool]porting.Order{}
	for sandbox, owner := range map[bool]porting.AccountID{false: "shop", true: "box"} {
		draft.Account, draft.Sandbox = owner, sandbox
		_, all, err := book.Create(t.Context(), draft)
		if err != nil {
			t.Fatal(err)
		}
		made[sandbox] = do(all[0], storetest.Sign(), ask)
	}
	for n := 1; n <= 3; n++ {
		if done := sweep(); done != 1 {
			t.Fatalf("question %d: %d decisions", n, done)
		}
		o, err := store.Load(t.Context(), made[true].ID)
		if err != nil || !o.Desk.IsZero() || o.Status != porting.Processing {
			t.Fatalf("question %d: %s, asked %v (%v)", n, o.Status, o.Desk, err)
		}
		do(o, ask)
	}
	sweep()
	if o, err := store.Load(t.Context(), made[true].ID); err != nil || o.Status != porting.Rejected {
		t.Errorf("after three tries it is %s (%v)", o.Status, err)
	}
	if o, err := store.Load(t.Context(), made[false].ID); err != nil || o.Desk.IsZero() {
		t.Errorf("a live order's question was answered (%v)", err)
	}
	if done := sweep(); done != 0 {
		t.Errorf("%d decisions when nothing is asked", done)
	}
}

// The numbers of a sandbox's order that has ended are not held for good by a played carrier that keeps its request.
func TestSandboxDeskFreesTheNumbersOfAnEndedOrder(t *testing.T) {
	t.Parallel()
	store := storetest.NewMemory()
	book := storetest.Book(t, store)
	draft := storetest.Draft("box", storetest.Numbers(0, 1)...)
	draft.Sandbox = true
	err := store.OpenAccount(t.Context(), account.Account{ID: "box", Kind: account.Sandbox, Balance: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	_, made, err := book.Create(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	id := made[0].ID
	do := func(cmds ...porting.Command) {
		t.Helper()
		for _, cmd := range cmds {
			if _, err := book.Do(t.Context(), id, cmd); err != nil {
				t.Fatalf("%T: %v", cmd, err)
			}
		}
	}
	staff := porting.By{Role: porting.Staff, Name: "AB"}
	do(storetest.Sign(), porting.Pass{By: storetest.System}, porting.SkipCSR{By: storetest.System, Why: porting.Words("none")},
		porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
		porting.MarkSent{By: storetest.System, PON: "P1", Ref: "1"}, porting.HardCancel{By: staff, Why: "Asked for."})
	for n := range 4 {
		if o, err := store.Load(t.Context(), id); err != nil || len(o.Holds()) != 1 {
			t.Fatalf("before question %d it holds %v (%v)", n+1, o.Holds(), err)
		}
		do(porting.AskDesk{By: storetest.System, Why: porting.Say(porting.MsgAskWithdrawal)})
		kind := orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true})
		if swept, err := book.Sweep(t.Context(), kind, 0, workflow.SandboxDesk); err != nil || swept.Done != 1 {
			t.Fatalf("%+v (%v)", swept, err)
		}
	}
	if o, err := store.Load(t.Context(), id); err != nil || o.Status != porting.HardCanceled || len(o.Holds()) != 0 || len(o.Due) != 0 {
		t.Errorf("it is %s, holds %v, is due %v (%v)", o.Status, o.Holds(), o.Due, err)
	}
}
