package workflow_test

import (
	"fmt"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// 48 documents of a host that never answers delay the order of another account by less than a second, and that order's
// own document too.
func TestHostThatHangsDelaysNobody(t *testing.T) {
	var took [2]time.Duration
	for n, host := range []string{"good.example", "hang.example"} {
		w := workflowtest.New(t, swift(workflowtest.Options{}))
		for i := range 3 {
			id := w.Create([]string{local(1 + i)}, nil).ID
			for k := range 16 {
				w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf",
					Kind: porting.BillDocument, From: fmt.Sprintf("https://%s/%d/%d", host, i, k)}})
			}
		}
		const other porting.AccountID = "other"
		if err := w.Memory.OpenAccount(t.Context(), account.Account{ID: other, Name: "Other",
			Mail: "porting@other.example", Kind: account.Live, Balance: workflowtest.Balance}); err != nil {
			t.Fatal(err)
		}
		d := storetest.Details()
		d.Desired, d.BillingNumber = "2027-01-12", local(9)
		_, made, err := w.Book.Create(t.Context(), orders.Draft{By: storetest.Customer, Account: other, Details: d,
			Lines: []porting.Line{{TN: local(9), Kind: porting.Local, Country: "US",
				Carrier: porting.Carrier{SPID: "8X34", Name: "Mockingbird Mobile"}}},
			Documents: []porting.Document{{Name: "bill.pdf", Kind: porting.BillDocument, From: "https://good.example/b"}}})
		if err != nil {
			t.Fatal(err)
		}
		id, began := made[0].ID, w.Now()
		w.Do(id, storetest.Sign())
		w.Reach(id, porting.Submitted)
		if took[n] = w.Now().Sub(began); w.Order(id).Documents[0].State != porting.DocumentProcessing {
			t.Errorf("%s: the other account's document is %s", host, w.Order(id).Documents[0].State)
		}
		w.Pass(3 * time.Hour)
		asked := 0
		for url, times := range w.Hosts.Asked() {
			if asked += times; times > 5 {
				t.Errorf("%s was asked for %d times", url, times)
			}
		}
		if jobs, err := w.Memory.Pulls(t.Context(), workflowtest.Account); err != nil || len(jobs) > 0 {
			t.Errorf("%s: %d jobs are left (%v)", host, len(jobs), err)
		}
		t.Logf("%s: submitted after %s; %d requests for 49 documents, each of at most %s", host, took[n], asked, pull.Limit)
	}
	if took[1]-took[0] >= time.Second {
		t.Errorf("a host that hangs delays the other account's order from %s to %s", took[0], took[1])
	}
}
