package workflow_test

import (
	"bytes"
	"testing"

	"portway/internal/bucket"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

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
