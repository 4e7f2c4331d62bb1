package workflow_test

import (
	"bytes"
	"testing"

	"portway/internal/bucket"
	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// A reseller's toll-free numbers are asked for with the end user's own LOA, which links the reseller with the subscriber.
func TestAResellersTollFreeNumber(t *testing.T) {
	const linked = "+18335559402"
	sign := storetest.Sign()
	sign.Signature.Capacity = porting.Reseller
	give := func(w *workflowtest.World, id porting.OrderID) {
		file := []byte("%PDF-1.7 the end user's LOA")
		w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "loa.pdf", Kind: porting.LOADocument,
			Dated: porting.DateOf(w.Now().AddDate(0, 0, -1))}})
		o := w.Order(id)
		if err := w.Files.Put(t.Context(), bucket.Kept(o.Account, id, "d"), bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
		w.Do(id, porting.SettleDocument{By: storetest.System, ID: o.Documents[len(o.Documents)-1].ID, Digest: "d", Size: int64(len(file)), Pages: 1})
	}
	t.Run("signed as a reseller", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Create([]string{linked}, nil).ID
		give(w, id)
		w.Do(id, sign)
		o := w.Ends(id, porting.Completed)
		same(t, "capacity", o.Signature.Capacity, porting.Reseller)
		same(t, "requests", len(w.Somos.Transactions().Submits), 1)
		same(t, "mails", told(w), []string{"accepted", "completed"})
	})
	t.Run("signed as authorized, declined, and signed as a reseller", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
		id := w.Signed([]string{linked}, nil)
		w.Until("a person is asked, since sending the LOA again does not help", w.AtDesk(id))
		w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: []desk.Reason{{Code: porting.LOARequired}}})
		w.Reach(id, porting.Rejected)
		give(w, id)
		w.Do(id, sign)
		w.Ends(id, porting.Completed)
	})
}

// A carrier that wants to see a bill gets the one that the customer has given us, without the customer; without one, the customer is
// asked, and what is uploaded then goes with the next request.
func TestABillGoesToTheCarrier(t *testing.T) {
	const wantsBill = "+12065557613" // the line is the peer's code of it
	give := func(w *workflowtest.World, id porting.OrderID) {
		file := []byte("%PDF-1.7 a bill")
		w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}})
		o := w.Order(id)
		if err := w.Files.Put(t.Context(), bucket.Kept(o.Account, id, "d"), bytes.NewReader(file), int64(len(file))); err != nil {
			t.Fatal(err)
		}
		bill := o.Documents[len(o.Documents)-1]
		w.Do(id, porting.SettleDocument{By: storetest.System, ID: bill.ID, Digest: "d", Size: int64(len(file)), Pages: 1})
	}
	t.Run("that is there", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Create([]string{wantsBill}, nil).ID
		give(w, id)
		w.Do(id, storetest.Sign())
		o := w.Ends(id, porting.Completed)
		if o.Repairs[porting.SendPaper] != 1 || o.Enclosed != nil || !says(w, id, "We resolved the carrier's refusal (by sending the document)") {
			t.Errorf("repairs %v, enclosed %v\n%s", o.Repairs, o.Enclosed, w.Story())
		}
		same(t, "mails", told(w), []string{"accepted", "completed"})
	})
	t.Run("that is uploaded then", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
		id := w.Signed([]string{wantsBill}, nil)
		w.Reach(id, porting.Rejected)
		give(w, id)
		w.Do(id, porting.Resubmit{By: storetest.Customer})
		o := w.Ends(id, porting.Completed)
		same(t, "mails", told(w), []string{"rejected", "accepted", "completed"})
		if port, _ := o.Last(porting.AskPort); port.Version != 1 || o.Enclosed != nil {
			t.Errorf("version %d, enclosed %v", port.Version, o.Enclosed)
		}
	})
}
