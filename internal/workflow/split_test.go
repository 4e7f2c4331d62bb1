package workflow_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/workflow/workflowtest"
)

// apart is a number whose carrier finds the order's last number on another account, and holds the rest back until that one has a
// date in an order of its own.
const apart = "+12065557524"

// Numbers of another account go on in an order of their own, which asks the customer for that account's number; both
// complete, for one fee.
func TestAnOrderOfTwoAccountsIsSplit(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
	id := w.Signed([]string{apart, also(1), local(62)}, nil)
	second := sibling(w, id)
	w.Reach(second.ID, porting.Rejected)
	same(t, "reasons", codes(w.Order(second.ID).Reasons), []porting.ReasonCode{porting.AccountMissing})
	tellAccount(w, second.ID)
	first := w.Ends(id, porting.Completed)
	family := w.Family(id)
	if len(family) != 2 {
		t.Fatalf("%d orders in the group", len(family))
	}
	second = w.Ends(family[1].ID, porting.Completed)
	same(t, "stay", first.Active(), []string{apart, also(1)})
	same(t, "go", second.Active(), []string{local(62)})
	same(t, "fees", []porting.Money{first.PortFee, second.PortFee, w.Spent()}, []porting.Money{1500, 750, 2250})
	same(t, "kinds", w.Kinds(second.ID)[:6], []porting.EventKind{porting.WasSplitOff, porting.DocumentKept,
		porting.AttemptPlanned, porting.AttemptSent, porting.RecordReceived, porting.WasRejected})
	same(t, "mails", told(w), []string{"rejected", "accepted", "accepted", "completed", "completed"})
	same(t, "requests", w.Locals.View().LSRs, map[string]int{"pw-" + string(id) + "-1": 2, "pw-" + string(second.ID) + "-1": 1})
	for order, words := range map[porting.OrderID]string{
		id:        fmt.Sprintf("We resolved the carrier's refusal (by orders of their own): %s moved to order %s (Several accounts on one order)", text.Number(local(62)), second.ID),
		second.ID: fmt.Sprintf("This order was made for numbers that can't move with order %s (Several accounts on one order): %s.", id, text.Number(local(62))),
	} {
		if !says(w, order, words) {
			t.Errorf("nobody says %q\n%s", words, w.Story())
		}
	}
	// The peer takes its time to end the request before, and is well: other orders may go to it meanwhile.
	if words := "locals is still ending the request before this one."; !says(w, id, words) {
		t.Errorf("nobody says %q\n%s", words, w.Story())
	}
	for _, e := range w.Events(id) {
		if e.Tally.Mark == porting.MarkDown {
			t.Errorf("the peer counts as down: %s", text.English.Staff(e.Message))
		}
	}
	once(t, w)
}

// sibling is the order that was split off another one, as soon as there is one.
func sibling(w *workflowtest.World, id porting.OrderID) porting.Order {
	w.Helper()
	w.Until("numbers are split off", func() bool { return len(w.Family(id)) > 1 })
	return w.Family(id)[1]
}

// tellAccount has the customer tell the account number of the record of number 62, in another form, and resubmit.
func tellAccount(w *workflowtest.World, id porting.OrderID) {
	w.Helper()
	w.Do(id, porting.Edit{By: storetest.Customer, Fields: []string{"provider_account"},
		To: porting.Details{ProviderAccount: porting.NewSecret("620162")}})
	w.Do(id, porting.Resubmit{By: storetest.Customer})
}

// Without the customer's leave the record's account number is not taken: the customer is asked for it, and the rest waits for
// nothing but the carrier.
func TestASiblingWithoutAnAccountIsTheCustomers(t *testing.T) {
	for name, number := range map[string]string{"the record shows one": local(62), "the carrier gives no record": local(50)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{"+12065556558", number}, consent("address"))
			w.Ends(id, porting.Completed)
			second := w.Reach(w.Family(id)[1].ID, porting.Rejected)
			same(t, "reasons", codes(second.Reasons), []porting.ReasonCode{porting.AccountMissing})
			w.Do(second.ID, porting.Edit{By: storetest.Customer, To: porting.Details{ProviderAccount: porting.NewSecret("62-0162")},
				Fields: []string{"provider_account", "desired_completion_date"}})
			w.Do(second.ID, porting.Resubmit{By: storetest.Customer})
			w.Ends(second.ID, porting.Completed)
			same(t, "fee", w.Spent(), porting.Money(1500))
			once(t, w)
		})
	}
}

// An order of too many numbers goes in batches. None is sent while its numbers are on the request that they were taken from.
func TestBatchesWaitForTheirNumbers(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	numbers := []string{local(57)}
	for n := range 66 {
		if n < 40 {
			numbers = append(numbers, fmt.Sprintf("+120655550%02d", n))
		} else {
			numbers = append(numbers, fmt.Sprintf("+120655550%02d", n+33))
		}
	}
	id := w.Signed(numbers, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	port, _ := w.Order(id).Last(porting.AskPort)
	w.LoseNext("locals PUT /api/v1/accounts/9500149/portins/" + port.Ref)
	speak(w, id, "EXCEPTION", "7517")
	first := w.Ends(id, porting.Completed)
	second := w.Ends(w.Family(id)[1].ID, porting.Completed)
	same(t, "numbers", []int{len(first.Active()), len(second.Active())}, []int{porting.ProjectSize - 1, 67 - porting.ProjectSize + 1})
	same(t, "the account goes along", second.Details.ProviderAccount.IsSet(), true)
	if want := fmt.Sprintf("The numbers are still on the request of order %s. This request is sent when they have left that one.", id); !says(w, second.ID, want) {
		t.Errorf("nobody says %q\n%s", want, w.Story())
	}
	same(t, "fee", w.Spent(), porting.Money(67*750))
	once(t, w)
}

// Where nothing tells which numbers are on which account a person of ours is asked, and then the customer.
func TestNothingTellsHowToSplit(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(57), also(1)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	speak(w, id, "EXCEPTION", severalAccounts)
	w.Until("a person is asked", w.AtDesk(id))
	same(t, "orders", len(w.Family(id)), 1)
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: []desk.Reason{{Code: "MULTIPLE_ACCOUNTS"}}})
	w.Reach(id, porting.Rejected)
}

// Where the peer does not change a request's numbers any more the request is replaced by another one, once its carrier has let go.
func TestASplitOfAFrozenRequest(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
	id := w.Signed([]string{"+12065557521", local(62)}, nil)
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	speak(w, id, "EXCEPTION", severalAccounts, local(62)[2:])
	second := w.Reach(sibling(w, id).ID, porting.Rejected)
	tellAccount(w, second.ID)
	w.Ends(id, porting.Completed)
	second = w.Ends(w.Family(id)[1].ID, porting.Completed)
	same(t, "go", second.Active(), []string{local(62)})
	if want := "We resolved the carrier's refusal (by a request in its place)."; !says(w, id, want) {
		t.Errorf("nobody says %q\n%s", want, w.Story())
	}
	for pon, n := range w.Locals.View().LSRs {
		if n != 1 {
			t.Errorf("%d requests under %s", n, pon)
		}
	}
}

// What the carrier wants to know of the services that stay, and what it has lost of the request, it is told without anybody.
func TestWhatTheRequestLacks(t *testing.T) {
	for name, test := range map[string]struct{ number, says string }{
		"what stays":      {"+12065557619", "by keeping the other services"},
		"a missing field": {"+12065557471", "by completing the request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{test.number}, nil)
			w.Ends(id, porting.Completed)
			if !says(w, id, "We resolved the carrier's refusal ("+test.says+")") {
				t.Errorf("nobody says %q\n%s", test.says, w.Story())
			}
			once(t, w)
		})
	}
}

// severalAccounts is how a carrier says so: no code of its own is published for it.
const severalAccounts = "7417 the numbers are on several accounts"

// speak has the carrier answer the order's first request, by a code with or without words of its own, and name numbers.
func speak(w *workflowtest.World, id porting.OrderID, status, code string, numbers ...string) {
	list := ""
	if len(numbers) > 0 {
		list = `, "numbers": ["` + strings.Join(numbers, `", "`) + `"]`
	}
	code, text, _ := strings.Cut(code, " ")
	body := fmt.Sprintf(`{"order": "pw-%s-1", "status": %q, "code": %q, "text": %q%s}`, id, status, code, text, list)
	w.Locals.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sim/answer", strings.NewReader(body)))
}
