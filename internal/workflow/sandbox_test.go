package workflow_test

import (
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// play is a story of the trade as an account plays it in a sandbox: the numbers choose what the simulated carriers do, and
// no person of ours decides anything.
type play struct {
	name    string
	numbers []string
	change  func(*porting.Details)
	// acts does what the customer does after the order was made, up to its end; nil signs and waits for the completion.
	acts func(*testing.T, *workflowtest.World, porting.OrderID)
	// class is the order's at the end; empty where the story is not about one.
	class porting.Class
	// told checks the order at its end.
	told func(*testing.T, porting.Order)
}

// signRefused signs, and returns the refusal.
func signRefused(t *testing.T, w *workflowtest.World, id porting.OrderID) error {
	t.Helper()
	_, err := w.Book.Do(t.Context(), id, storetest.Sign())
	if err == nil {
		t.Fatalf("the signature is taken\n%s", w.Story())
	}
	return err
}

// corrects has the customer correct an order that came back, and send it again.
func corrects(change func(*porting.Details), fields ...string) func(*testing.T, *workflowtest.World, porting.OrderID) {
	return func(_ *testing.T, w *workflowtest.World, id porting.OrderID) {
		w.Do(id, storetest.Sign())
		o := w.Reach(id, porting.Rejected)
		to := o.Details
		change(&to)
		w.Do(id, porting.Edit{By: storetest.Customer, To: to, Fields: fields})
		w.Do(id, porting.Resubmit{By: storetest.Customer})
		w.Ends(id, porting.Completed)
	}
}

// disputes has the customer open a dispute about numbers that a simulated order holds.
func disputes(status porting.Status) func(*testing.T, *workflowtest.World, porting.OrderID) {
	return func(t *testing.T, w *workflowtest.World, id porting.OrderID) {
		held := signRefused(t, w, id)
		if err := w.Book.NoteRival(t.Context(), id, held); err != nil {
			t.Fatal(err)
		}
		w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}})
		w.Do(id, porting.SettleDocument{By: storetest.System, ID: "1", Digest: "d1", Size: 1, Pages: 1})
		rival, tns, err := w.Book.Rival(t.Context(), w.Order(id))
		if err != nil {
			t.Fatal(err)
		}
		w.Do(id, porting.OpenDispute{By: storetest.Customer, Signature: storetest.Sign().Signature, Rival: rival, Numbers: tns})
		w.Until("the dispute is over", func() bool { return !w.Order(id).Disputed() })
		if status != porting.Pending {
			w.Ends(id, status)
		}
		same(t, "status", w.Order(id).Status, status)
	}
}

func pin(value string) func(*porting.Details) {
	return func(d *porting.Details) { d.PIN = porting.NewSecret(value) }
}

// plays are the stories that a sandbox account has to be able to play.
var plays = []play{
	{name: "a simple port", numbers: []string{"+14255550103"}, change: func(d *porting.Details) { d.OneLine = true },
		class: porting.SimpleWireline},
	{name: "a port that is not simple", numbers: []string{"+14255550101", "+14255550102"}, class: porting.Wireline},
	{name: "a mobile number with a PIN", numbers: []string{"+12065550101"}, class: porting.Wireless},
	{name: "a mobile number without a PIN", numbers: []string{"+12065550102"},
		change: func(d *porting.Details) { d.PIN, d.LastFourSSN = porting.Secret{}, porting.Secret{} }, class: porting.Wireless,
		acts: func(t *testing.T, w *workflowtest.World, id porting.OrderID) {
			if err := signRefused(t, w, id); !porting.Is(err, porting.Invalid) {
				t.Fatal(err)
			}
			to := w.Order(id).Details
			pin("4321")(&to)
			w.Do(id, porting.Edit{By: storetest.Customer, To: to, Fields: []string{"pin"}})
			w.Do(id, storetest.Sign())
			w.Ends(id, porting.Completed)
		}},
	{name: "a mobile number whose PIN runs out", numbers: []string{"+12065550141"}, class: porting.Wireless, acts: corrects(pin("8642"), "pin")},
	{name: "a Canadian mobile number", numbers: []string{"+14165550104"}, class: porting.CanadaWireless},
	{name: "a resold number", numbers: []string{"+14255550105"}, change: func(d *porting.Details) { d.Reseller = "Bluebird Resale" },
		class: porting.Resold},
	{name: "a part of an account with features", numbers: []string{"+14255557434"}, change: func(d *porting.Details) {
		d.PortScope, d.Keep = porting.PartOfAccount, "+14255557498"
		d.OnLine, d.HuntGroup, d.Listing = "dsl,alarm", porting.PartOfGroup, porting.KeepListing
	}, acts: corrects(func(d *porting.Details) { d.NewBilling = "+14255557498" }, "partial_port/new_billing_number")},
	{name: "a refusal without ground", numbers: []string{"+14255557550"}, class: porting.SimpleWireline, told: func(t *testing.T, o porting.Order) {
		same(t, "objection", o.Objection.Outcome, porting.ObjectionWon)
	}},
	{name: "a toll-free number with a date", numbers: []string{"+18005550101"},
		change: func(d *porting.Details) { d.Desired = "2027-01-26" }, class: porting.TollFreePort, told: func(t *testing.T, o porting.Order) {
			port, _ := o.Last(porting.AskPort)
			if port.Sent.Format("2006-01-02") < "2027-01-22" { // two business days before
				t.Errorf("handed over on %s", port.Sent)
			}
		}},
	{name: "a dispute that is won", numbers: []string{"+14255559901"}, acts: disputes(porting.Completed)},
	{name: "a dispute that is lost", numbers: []string{"+14255559902"}, acts: disputes(porting.Pending)},
	{name: "an unproven order", numbers: []string{"+14255550166"},
		acts: corrects(func(d *porting.Details) { d.ProviderAccount = porting.NewSecret("66-ZQ-0166") }, "provider_account")},
	{name: "a port that its carrier doubts", numbers: []string{"+14255557531"},
		acts: func(_ *testing.T, w *workflowtest.World, id porting.OrderID) {
			w.Do(id, storetest.Sign())
			w.Ends(id, porting.Completed)
			w.Until("the numbers have gone back", func() bool { return len(w.Order(id).In(porting.SnappedBack)) == 1 })
		}, told: func(t *testing.T, o porting.Order) {
			same(t, "case", o.Authority.State, porting.CaseReturned)
		}},
}

// A sandbox account plays each story of the trade to its end. Its carriers count for no figures of real ones.
func TestASandboxPlaysEachStory(t *testing.T) {
	for _, p := range plays {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Sandbox: true})
			id := w.Create(p.numbers, p.change).ID
			if p.acts != nil {
				p.acts(t, w, id)
			} else {
				w.Do(id, storetest.Sign())
				w.Ends(id, porting.Completed)
			}
			o := w.Order(id)
			if p.class != "" {
				same(t, "class", o.Class, p.class)
			}
			if p.told != nil {
				p.told(t, o)
			}
			if !o.Sandbox || len(w.SES.Mails()) > 0 {
				t.Errorf("sandbox %v, %d mails were sent", o.Sandbox, len(w.SES.Mails()))
			}
		})
	}
}
