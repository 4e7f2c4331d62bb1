package workflow_test

import (
	"slices"
	"testing"
	"time"

	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// addBill adds a bill to the order, whose file was checked.
func addBill(w *workflowtest.World, id porting.OrderID) {
	w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, Size: 100}})
	docs := w.Order(id).Documents
	w.Do(id, porting.SettleDocument{By: storetest.System, ID: docs[len(docs)-1].ID, Digest: "d1", Size: 100, Pages: 1})
}

// A toll-free number that only the registry's help desk can hand over goes back for the papers that the help desk wants.
// With them it waits at our desk, and it completes when the registry has it under our RespOrg, without a request, for one
// fee.
func TestTheHelpDeskHandsANumberOver(t *testing.T) {
	for name, number := range map[string]string{
		"a transitional number":                   tollFree(48),
		"the number of a RespOrg that is no more": "+18335559403",
	} {
		for when, before := range map[string]bool{"the bill comes before the signature": true, "the bill comes later": false} {
			t.Run(name+", "+when, func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
				var id porting.OrderID
				if before {
					o := w.Create([]string{number}, nil)
					id = o.ID
					addBill(w, id)
					w.Do(id, porting.Sign{By: storetest.Customer, Signature: porting.Signature{Name: "Ada Lovelace", Title: "Owner"}})
				} else {
					id = w.Signed([]string{number}, nil)
					o := w.Ends(id, porting.Rejected)
					if len(o.Reasons) != 1 || !o.Reasons[0].Code.ByHelpDesk() {
						t.Fatalf("rejected for %+v", o.Reasons)
					}
					addBill(w, id)
					w.Do(id, porting.Resubmit{By: storetest.Customer})
				}
				w.Until("our staff is asked", w.AtDesk(id))
				o := w.Order(id)
				if o.Desk.Key != porting.MsgAskRecover || o.Desk.Args["numbers"] != number {
					t.Fatalf("our staff is asked %+v", o.Desk)
				}
				w.Do(id, porting.Retry{By: storetest.Staff}) // too early: the registry has it as before
				w.Until("our staff is asked again", w.AtDesk(id))
				w.Pass(4 * 24 * time.Hour)
				w.Do(id, porting.Retry{By: storetest.Staff})
				o = w.Ends(id, porting.Completed)
				if len(o.Numbers) != 1 || o.Numbers[0].State != porting.Ported || o.Numbers[0].At.IsZero() {
					t.Errorf("the numbers are %+v", o.Numbers)
				}
				same(t, "fee", w.Spent(), porting.Money(750))
				if _, sent := o.Last(porting.AskPort); sent {
					t.Error("a request was sent for it")
				}
				if kinds := w.Kinds(id); slices.Contains(kinds, porting.NotPortable) {
					t.Errorf("the order went through %v", kinds)
				}
			})
		}
	}
}

// While the help desk has one number, the others of the order do not wait for it: it goes back on an order of its own.
func TestANumberForTheHelpDeskLeavesTheOthers(t *testing.T) {
	for _, consent := range []porting.OnUnportable{"", porting.ExcludeUnportable} {
		t.Run(string(consent), func(t *testing.T) {
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			o := w.Create([]string{tollFree(1), tollFree(48)}, func(d *porting.Details) { d.Unportable = consent })
			addBill(w, o.ID)
			w.Do(o.ID, porting.Sign{By: storetest.Customer, Signature: porting.Signature{Name: "Ada Lovelace", Title: "Owner"}})
			w.Until("the number is on an order of its own", func() bool { return len(siblings(w, o.ID)) == 1 })
			back := siblings(w, o.ID)[0]
			same(t, "status", back.Status, porting.Rejected)
			w.Do(back.ID, porting.Resubmit{By: storetest.Customer})
			w.Until("our staff is asked", func() bool { return w.Order(back.ID).Desk.Key == porting.MsgAskRecover })
			o = w.Ends(o.ID, porting.Completed)
			if len(o.Numbers) != 1 || o.Numbers[0].TN != tollFree(1) || o.Numbers[0].State != porting.Ported {
				t.Errorf("the numbers are %+v", o.Numbers)
			}
		})
	}
}
