package workflow_test

import (
	"testing"

	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow/workflowtest"
)

// asks is a customer who wants to be asked before a number is left out.
func asks(d *porting.Details) { d.Unportable = "" }

// Without the customer's consent an order with a number that can't be ported comes back with the choice, whoever finds the
// number; once the customer has agreed, the rest goes through.
func TestANumberIsLeftOutByConsent(t *testing.T) {
	for name, numbers := range map[string][]string{
		"the screening finds it": {local(1), local(56)},
		"the carrier names it":   {local(45), also(45)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed(numbers, asks)
			o := w.Ends(id, porting.Rejected)
			if len(o.Reasons) != 1 || o.Reasons[0].Patch["on_unportable"] != "exclude" || len(o.Active()) != 2 {
				t.Fatalf("%+v\n%s", o.Reasons, w.Story())
			}
			w.Do(id, porting.Edit{By: storetest.Customer, To: porting.Details{Unportable: porting.ExcludeUnportable}, Fields: []string{"on_unportable"}})
			w.Do(id, porting.Resubmit{By: storetest.Customer})
			o = w.Ends(id, porting.Completed)
			same(t, "numbers that moved", o.In(porting.Ported), numbers[:1])
			same(t, "numbers left out", o.In(porting.Excluded), numbers[1:])
			once(t, w)
		})
	}
}

// A number that stays behind when the rest moves, and that can be ported once something is done, comes back on an order of
// its own, with the consent and without. The customer does what it takes, and the number moves too, for no second fee.
func TestWhatStaysBehindComesBack(t *testing.T) {
	for name, numbers := range map[string][]string{
		"the RespOrg declines it":    {tollFree(1), tollFree(55)},
		"the carrier leaves it back": {"+12065557501", also(1)},
		"it is spare":                {tollFree(1), "+18335559119"},
	} {
		for _, consent := range []porting.OnUnportable{"", porting.ExcludeUnportable} {
			t.Run(name+" "+string(consent), func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
				id := w.Signed(numbers, func(d *porting.Details) { d.Unportable = consent })
				w.Until("a person is asked", w.AtDesk(id))
				o := w.Order(id)
				same(t, "status", o.Status, porting.Accepted)
				same(t, "question", o.Desk.Key, porting.MsgAskFallout)
				same(t, "active", o.In(porting.Ported), numbers[:1])
				same(t, "failed", o.In(porting.Failed), numbers[1:])
				if reply := w.Desk(desk.Action{Action: "go_without", Order: id, Initials: "AB"}); len(reply.Errors) > 0 {
					t.Fatalf("%+v", reply.Errors)
				}
				o = w.Ends(id, porting.Completed)
				others := siblings(w, id)
				if consent != "" && name != "the RespOrg declines it" { // nothing can be done about it
					same(t, "others", len(others), 0)
					same(t, "left out", o.Numbers[1].State, porting.Excluded)
					return
				}
				if len(others) != 1 || others[0].Status != porting.Rejected || len(others[0].Reasons) != 1 {
					t.Fatalf("the others are %+v\n%s", others, w.Story())
				}
				same(t, "numbers", o.In(porting.Ported), numbers[:1])
				same(t, "numbers that came back", others[0].Active(), numbers[1:])
				same(t, "mails", told(w)[len(told(w))-1] != "", true)
				back := others[0].ID
				w.Do(back, porting.Edit{By: storetest.Customer, Fields: []string{"desired_completion_date"}})
				w.Do(back, porting.Resubmit{By: storetest.Customer})
				w.Ends(back, porting.Completed)
				same(t, "fee", w.Spent(), porting.Money(1500))
				once(t, w)
			})
		}
	}
}

// siblings are the orders that were split off an order.
func siblings(w *workflowtest.World, id porting.OrderID) []porting.Order {
	list, err := w.Memory.List(w.Context(), workflowtest.Account, orders.Filter{})
	if err != nil {
		w.Fatal(err)
	}
	var all []porting.Order
	for _, row := range list {
		if o := w.Order(row.ID); o.SplitOffFrom == id {
			all = append(all, o)
		}
	}
	return all
}
