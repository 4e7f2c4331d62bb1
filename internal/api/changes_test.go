package api

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// carried brings the submitted order to the carrier, and further by the commands.
func carried(more ...porting.Command) func(*world) {
	return func(w *world) {
		w.book.Rules.HardCancelFee, w.book.Rules.DateChangeFee, w.book.Rules.ExpediteFee = 2500, 750, 9900
		for _, cmd := range append([]porting.Command{
			porting.SettleCSR{By: system, Why: porting.Words("It matches.")},
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
			porting.MarkSent{By: system, PON: "P1", Ref: "1"},
		}, more...) {
			if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), cmd); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// agreed is the carrier's date, ten days ahead.
var agreed = porting.Accept{By: porting.PeerBy("locals"), PON: "P1", Said: "FOC", FOC: "2026-03-12",
	At: time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)}

func asks(attributes string) string {
	return `{"data":{"type":"change","attributes":{` + attributes + `}}}`
}

func TestChanges(t *testing.T) {
	const post, dry = "POST /v2/portorders/{submitted}/changes", "POST /v2/portorders/{submitted}/changes?validate_only=true"
	date, cancel := asks(`"kind":"date","date":"2026-03-19","accept_fee":"7.50"`), asks(`"kind":"cancel","accept_fee":"25"`)
	unchanged := func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		if o := w.stored("submitted"); len(o.Changes) != 0 || o.Status != porting.Accepted && o.Status != porting.Submitted {
			t.Errorf("the order is %s with %d changes", o.Status, len(o.Changes))
		}
	}
	status := func(want porting.Status, state porting.ChangeState) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			o := w.stored("submitted")
			if ch := o.Changes[len(o.Changes)-1]; o.Status != want || ch.State != state {
				t.Errorf("the order is %s, and the change %s", o.Status, ch.State)
			}
		}
	}
	run(t, []scenario{
		{name: "ADryRunTellsThePlan", request: dry, body: asks(`"kind":"date","date":"2026-03-19"`), before: carried(agreed), status: 200,
			expect: []string{`"status":"asked"`, `"supplement":2,"version":1,"safe_until":"2026-03-10T`, `"fee":"7.5","fee_later":"106.5"`, `"validated":true`},
			not:    []string{`"id":`}, after: unchanged},
		{name: "AnotherDate", request: post, body: date, before: carried(agreed), status: 202,
			expect: []string{`"id":"1"`, `"status":"asked"`, `"date":"2026-03-19"`, `"fee":"7.5"`, `"way":"supplement"`},
			after:  status(porting.Accepted, porting.ChangeAskedFor)},
		{name: "TheFeeIsNotAccepted", request: post, body: asks(`"kind":"date","date":"2026-03-19"`), before: carried(agreed), status: 422,
			expect: []string{`"pointer":"/data/attributes/accept_fee"`, "The change costs $7.50."}, after: unchanged},
		{name: "AnotherFeeIsAccepted", request: post, body: asks(`"kind":"cancel","accept_fee":"24.99"`), before: carried(), status: 422,
			expect: []string{"The change costs $25."}, after: unchanged},
		{name: "NoAmount", request: post, body: asks(`"kind":"cancel","accept_fee":"much"`), before: carried(), status: 422,
			expect: []string{`"pointer":"/data/attributes/accept_fee"`, `\"7.50\"`}, after: unchanged},
		{name: "EveryFaultAtOnce", request: post, body: asks(`"kind":"date","date":"2026-03-15","color":"red","accept_fee":"much"`), before: carried(agreed), status: 422,
			expect: []string{`"pointer":"/data/attributes/date"`, `"pointer":"/data/attributes/color"`, `"pointer":"/data/attributes/accept_fee"`, "The nearest possible days are"}, after: unchanged},
		{name: "ASecondChangeWaits", request: post, body: asks(`"kind":"remove_numbers","numbers":["+12065550104"]`), status: 409,
			before: carried(agreed, porting.AskChange{By: customer, Wish: porting.Wish{Kind: porting.WishDate, Date: "2026-03-19"}, Fee: 750}),
			expect: []string{`"code":"change_open"`, "Change 1 of the order (date) has not been answered yet."}},
		{name: "ACancellationWaitsForTheCarrier", request: post, body: cancel, before: carried(), status: 202,
			expect: []string{`"status":"with_carrier"`, `"way":"withdrawal"`, `"leads_to":"hard_canceled"`}, after: status(porting.Submitted, porting.ChangeWithCarrier)},
		{name: "ACancellationBeforeTheCarrierIsAsked", request: post, body: asks(`"kind":"cancel"`), status: 202,
			expect: []string{`"status":"done"`, `"fee":"0"`}, after: status(porting.HardCanceled, porting.ChangeIsDone)},
		{name: "ACancellationWhileWeCheck", request: "POST /v2/portorders/{processing}/changes", body: asks(`"kind":"cancel"`), status: 202,
			expect: []string{`"status":"done"`, `"leads_to":"cancelled"`}},
		{name: "ACorrection", request: post, body: asks(`"kind":"correction","attributes":{"pin":"9876"}`), before: carried(), status: 202,
			expect: []string{`"fields":["pin"]`, `"supplement":3`}, not: []string{"9876"}, after: status(porting.Submitted, porting.ChangeAskedFor)},
		{name: "ACorrectionThatIsSigned", request: post, body: asks(`"kind":"correction","attributes":{"billing_name":"June Roe"}`), before: carried(), status: 409,
			expect: []string{`"code":"signature_needed"`}, after: unchanged},
		{name: "ACorrectionWithItsSignature", request: post, before: carried(), status: 202,
			body:   asks(`"kind":"correction","attributes":{"billing_name":"June Roe"},"signature_name":"June Roe","signature_title":"Owner"`),
			expect: []string{`"signature_needed":["billing_name"]`}, after: status(porting.Submitted, porting.ChangeAskedFor)},
		{name: "AnExpeditedPort", request: post, body: asks(`"kind":"expedite","reason":"outage","accept_fee":"99"`), before: carried(agreed), status: 202,
			expect: []string{`"status":"with_staff"`, `"answer_by":"2026-03-0`}, after: status(porting.Accepted, porting.ChangeWithStaff)},
		{name: "NumbersOfARejectedOrder", request: "POST /v2/portorders/{rejected}/changes", body: asks(`"kind":"remove_numbers","numbers":["206-555-0111"]`), status: 202,
			expect: []string{`"status":"done"`, `"numbers_left":["+12065550110"]`}},
		{name: "AddedNumbersOfARejectedOrder", request: "POST /v2/portorders/{rejected}/changes", status: 202,
			body: asks(`"kind":"add_numbers","numbers":["+12065550150"],"accept_fee":"7.50"`), expect: []string{`"status":"done"`, `"signature_needed":["numbers"]`}},
		{name: "AddedNumbersOfAnotherCarrier", request: "POST /v2/portorders/{submitted}/changes", body: asks(`"kind":"add_numbers","numbers":["+12065550150"]`), status: 409,
			expect: []string{"Make a new order"}},
		{name: "NoKind", request: post, body: asks(`"kind":"undo"`), status: 422, expect: []string{`"pointer":"/data/attributes/kind"`, "remove_numbers"}, after: unchanged},
		{name: "AnotherAccounts", request: "POST /v2/portorders/{theirs}/changes", body: cancel, status: 404},
		{name: "AnEndedOrder", request: "POST /v2/portorders/{cancelled}/changes", body: cancel, status: 409, expect: []string{"cannot be changed any more"}},
		{name: "OfAnOlderVersion", request: post, header: map[string]string{"If-Match": `"1"`}, body: cancel, status: 412},
		{name: "TheDocumentedCallNamesTheNewOne", request: "PATCH /v2/portorders/{submitted}/status", body: attrs(`"status":"cancelled"`), status: 409,
			expect: []string{"To change or cancel a submitted order, ask by POST /v2/portorders/{submitted}/changes."}},
		{name: "List", request: "GET /v2/portorders/{submitted}/changes", status: 200,
			before: carried(porting.AskChange{By: customer, Wish: porting.Wish{Kind: porting.WishCancel}, Fee: 2500}, porting.RefuseChange{By: staff, Why: "Too late."}),
			expect: []string{`"id":"1"`, `"status":"refused"`, `"outcome":"Too late."`, `"plan":null`}},
		{name: "One", request: "GET /v2/portorders/{submitted}/changes/1", status: 200,
			before: carried(porting.AskChange{By: customer, Wish: porting.Wish{Kind: porting.WishCancel}, Fee: 2500}), expect: []string{`"status":"with_carrier"`}},
		{name: "NoSuchOne", request: "GET /v2/portorders/{submitted}/changes/2", status: 404, expect: []string{`"code":"no_such_change"`}},
		{name: "ExplainOffersThem", request: "GET /v2/portorders/{submitted}/explain", before: carried(agreed), status: 200,
			expect: []string{"ask for another date ($7.50 until Tuesday, March 10, 2026, ", "after that our staff has to ask the carrier, $106.50", `"kind":"cancel"`, `"accept_fee":"25"`},
			not:    []string{"add numbers"}},
		{name: "ExplainTellsTheOpenOne", request: "GET /v2/portorders/{submitted}/explain", status: 200,
			before: carried(porting.AskChange{By: customer, Wish: porting.Wish{Kind: porting.WishCancel}, Fee: 2500}),
			expect: []string{"the carrier has not answered yet"}, not: []string{"/changes"}},
	})
}
