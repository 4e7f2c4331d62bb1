package api

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// recorded is an order whose carrier's record says otherwise, and that was rejected for it.
func recorded(w *world) {
	w.order("recorded", mine, []string{"+12065550160"}, signed, passed,
		porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}},
		porting.MarkSent{By: system, PON: "C1", Ref: "1"},
		porting.TakeRecord{By: system, PON: "C1", State: porting.AnswerReady, Proof: porting.ProofAccount,
			Record: porting.Record{Name: "Leather Incorporated", Street: "1218 3RD AVE STE 200", City: "SEATTLE", State: "WA",
				Zip: "98109", AccountNumber: porting.NewSecret("ACCT-778812")}},
		porting.Return{By: staff, Reasons: []porting.Reason{{Code: porting.AddressMismatch}, {Code: porting.AccountMismatch}, {Code: porting.NameMismatch}}})
}

// boxed is an order whose carrier's record has values that no order takes.
func boxed(rec porting.Record) func(*world) {
	return func(w *world) {
		w.order("boxed", mine, []string{"+12065550161"}, signed, passed,
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}},
			porting.MarkSent{By: system, PON: "C1", Ref: "1"},
			porting.TakeRecord{By: system, PON: "C1", State: porting.AnswerReady, Proof: porting.ProofAccount, Record: rec},
			porting.Return{By: staff, Reasons: []porting.Reason{{Code: porting.AddressMismatch}}})
	}
}

// What the carrier's record has is told, and offered only where the order can take it.
func TestAFixThatIsOfferedIsTaken(t *testing.T) {
	const explain, apply = "GET /v2/portorders/{boxed}/explain", "POST /v2/portorders/{boxed}/fixes/1"
	box := porting.Record{Street: "PO BOX 12", City: "SEATTLE", State: "WA", Zip: "98111"}
	run(t, []scenario{
		{name: "ABoxIsToldAndNotOffered", request: explain, before: boxed(box), status: 200, expect: []string{`"on_record":"PO BOX 12"`, `"patch":null,"apply":null`}},
		{name: "ABoxIsNotApplied", request: apply, before: boxed(box), status: 409, expect: []string{`"code":"no_ready_fix"`}},
		{name: "AStreetTooLong", request: apply, before: boxed(porting.Record{Street: "12 " + strings.Repeat("ELM", 40)}), status: 409, expect: []string{`"code":"no_ready_fix"`}},
		{name: "AZIPThatIsNone", request: apply, before: boxed(porting.Record{Zip: "9810"}), status: 409, expect: []string{`"code":"no_ready_fix"`}},
		{name: "OK", request: apply, before: boxed(porting.Record{Street: "9 ELM RD", City: "RENTON", State: "WA", Zip: "98055"}), status: 200,
			expect: []string{`"street":"9 ELM RD"`, `"zip":"98055"`}},
	})
}

// ended cancels the submitted order while the carrier has its request.
func ended(w *world) {
	for _, cmd := range []porting.Command{
		porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
		porting.MarkSent{By: system, PON: "P1", Ref: "1"},
		porting.HardCancel{By: staff, Why: "Asked for."},
	} {
		if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), cmd); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestExplain(t *testing.T) {
	explain := func(order string) string { return "GET /v2/portorders/{" + order + "}/explain" }
	run(t, []scenario{
		{name: "Pending", request: explain("pending"), status: 200, after: header("ETag", `"1"`),
			expect: []string{`"turn":"customer","since":"2026-03-02T15:00:00Z"`, `"event":"reminder"`, `"event":"automatic end of the order","at":"2026-04-1`,
				`"method":"POST","path":"/v2/portorders/{pending}/loa"`, `"path":"/v2/portorders/{pending}/relationships/numbers"`, `"status":"cancelled"`, `"fixes":[]`},
			not: []string{"review", "status check", "completion"}},
		{name: "Submitted", request: explain("submitted"), status: 200, expect: []string{`"turn":"carrier"`, `"event":"status check"`, `"path":"/v2/portorders/{submitted}/comments"`,
			`{"event":"request for fresh papers","at":"2026-03-27T15:00:00Z"}`}, not: []string{"letter of agency", "upload", "/status", "automatic end"}},
		{name: "TheHolderIsAsked", request: explain("pending"), status: 200, expect: []string{"the holder says yes within 90 minutes"},
			before: func(w *world) { w.grow(func(o *porting.Order) { o.Class = porting.CanadaWireless }) }},
		{name: "TheHolderIsNotAsked", request: explain("pending"), status: 200, not: []string{"90 minutes"}},
		{name: "PapersAsked", request: explain("submitted"), before: papersAsked, status: 200,
			expect: []string{`"action":"sign the letter of agency anew; the order goes on as it is"`}, not: []string{"submits the order", "upload"}},
		{name: "AtTheDesk", request: explain("submitted"), status: 200, expect: []string{`"turn":"staff"`, "Our staff looks"}, not: []string{"known reseller"},
			before: func(w *world) {
				if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), porting.AskDesk{By: system, Why: porting.Words("Is this a known reseller?")}); err != nil {
					w.t.Fatal(err)
				}
			}},
		{name: "EndedWhileTheCarrierHasIt", request: explain("submitted"), status: 200,
			expect: []string{"Its numbers are held until the carrier has let the request go.", `"event":"status check"`}, before: ended},
		{name: "EndedAndTheCarrierGoesOn", request: explain("submitted"), status: 200, expect: []string{`"turn":"staff"`, "Our staff looks"}, before: func(w *world) {
			ended(w)
			if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskMoved)}); err != nil {
				w.t.Fatal(err)
			}
		}},
		{name: "Rejected", request: explain("rejected"), status: 200,
			expect: []string{`"n":1,"reason":"ZIP_MISMATCH"`, `"fields":[{"field":"zip","given":"98101","on_record":null}]`,
				`"patch":{"action":"correct the order","method":"PATCH","path":"/v2/portorders/{rejected}","body":{"data":{"attributes":{"zip":"98104"},"type":"portorder"}}}`,
				`"apply":{"action":"apply this fix","method":"POST","path":"/v2/portorders/{rejected}/fixes/1","body":null}`, `"n":2`, `"numbers":["+12065550111"]`,
				`"patch":null,"apply":null`, `"status":"review"`}, not: []string{"ACCT-778812"}},
		{name: "WithTheCarriersRecord", request: explain("recorded"), before: recorded, status: 200,
			expect: []string{`{"field":"zip","given":"98101","on_record":"98109"}`, `{"field":"provider_account","given":"********","on_record":null}`,
				`"attributes":{"street":"1218 3RD AVE STE 200","street2":"","zip":"98109"}`, `{"field":"company","given":"Leather Inc.","on_record":"Leather Incorporated"}`,
				`"attributes":{"company":"Leather Incorporated"}`}, not: []string{"ACCT-778812"}},
		{name: "WhatCameWithTheReason", request: explain("recorded"), status: 200, not: []string{`"billing_name":"Leather`},
			expect: []string{`"attributes":{"company":"Leather Incorporated"}`, `{"field":"billing_name","given":"Jane Roe","on_record":null}`, `{"field":"company","given":"","on_record":"Leather Incorporated"}`},
			before: func(w *world) {
				recorded(w)
				for _, cmd := range []porting.Command{
					porting.Edit{By: customer, To: porting.Details{UsageType: porting.Residential}, Fields: []string{"company", "usage_type"},
						Signs: true, Signature: porting.Signature{Name: "Jane Roe", Title: "Owner"}},
					porting.Resubmit{By: customer},
					porting.Return{By: staff, Proof: porting.ProofAccount, Reasons: []porting.Reason{
						{Code: porting.NameMismatch, Patch: map[string]string{"company": "Leather Incorporated"}}}},
				} {
					if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["recorded"]), cmd); err != nil {
						w.t.Fatal(err)
					}
				}
			}},
		{name: "Over", request: explain("cancelled"), status: 200, expect: []string{`"turn":""`, `"next":[],"actions":[{"action":"reopen the order`, `"fixes":[]`}},
		{name: "Theirs", request: explain("theirs"), status: 404},
	})
}

// A rejected order whose LOA says something else tells so, and offers the signature instead of the resubmission.
func TestExplainSaysThatASignatureIsNeeded(t *testing.T) {
	edit := func(members string) func(*world) {
		return func(w *world) { w.send(w.request("PATCH", "/v2/portorders/{rejected}", attrs(members), nil)) }
	}
	const target = "GET /v2/portorders/{rejected}/explain"
	run(t, []scenario{
		{name: "Nothing", request: target, status: 200, expect: []string{`"signature_needed":[]`, `"status":"review"`}},
		{name: "AnotherCompany", request: target, before: edit(`"company":"Kite LLC"`), status: 200,
			expect: []string{`"signature_needed":["company"]`, "has to be signed again", `/loa"`}, not: []string{`"status":"review"`}},
		{name: "ADate", request: target, before: edit(`"desired_completion_date":null`), status: 200,
			expect: []string{`"signature_needed":[]`, `"status":"review"`}},
		{name: "Old", request: target, before: func(w *world) { w.book.Now = func() time.Time { return now.AddDate(0, 0, 31) } }, status: 200,
			expect: []string{`"signature_needed":["loa"]`}, not: []string{`"status":"review"`}},
	})
}

func TestApplyAFix(t *testing.T) {
	zip := func(order, want string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			if o := w.stored(order); o.Details.Zip != want || o.Status != porting.Rejected {
				t.Errorf("zip %q of an order that is %s", o.Details.Zip, o.Status)
			}
		}
	}
	run(t, []scenario{
		{name: "OK", request: "POST /v2/portorders/{rejected}/fixes/1", status: 200, expect: []string{`"zip":"98104"`, `"status":"rejected"`}, after: zip("rejected", "98104")},
		{name: "Signed", request: "POST /v2/portorders/{rejected}/fixes/1", body: signature, status: 200,
			expect: []string{`"zip":"98104"`, `"status":"rejected"`, `"kind":"loa"`}, after: zip("rejected", "98104")},
		{name: "SignedByNobody", request: "POST /v2/portorders/{rejected}/fixes/1", status: 422,
			body:   `{"data":{"type":"loa","attributes":{"signature_name":"","title":"Owner"}}}`,
			expect: []string{`"pointer":"/data/attributes/signature_name"`, `"pointer":"/data/attributes/signature_title"`, `"pointer":"/data/attributes/title"`}, after: untouched("rejected")},
		{name: "FromTheRecord", request: "POST /v2/portorders/{recorded}/fixes/1", before: recorded, status: 200, after: zip("recorded", "98109"),
			expect: []string{`"street":"1218 3RD AVE STE 200","street2":null`}},
		{name: "NotReady", request: "POST /v2/portorders/{rejected}/fixes/2", status: 409, expect: []string{`"code":"no_ready_fix"`}, after: untouched("rejected")},
		{name: "NeverASecret", request: "POST /v2/portorders/{recorded}/fixes/2", before: recorded, status: 409, expect: []string{`"code":"no_ready_fix"`}},
		{name: "NoSuch", request: "POST /v2/portorders/{rejected}/fixes/3", status: 404, expect: []string{`"code":"no_such_fix"`}},
		{name: "NoNumber", request: "POST /v2/portorders/{rejected}/fixes/x", status: 404},
		{name: "NotRejected", request: "POST /v2/portorders/{pending}/fixes/1", status: 404, after: untouched("pending")},
		{name: "Stale", request: "POST /v2/portorders/{rejected}/fixes/1", header: map[string]string{"If-Match": `"1"`}, status: 412, after: untouched("rejected")},
		{name: "DryRun", request: "POST /v2/portorders/{rejected}/fixes/1?validate_only=true", status: 200, expect: []string{`"zip":"98104"`, `"validated":true`}, after: untouched("rejected")},
		{name: "Theirs", request: "POST /v2/portorders/{theirs}/fixes/1", status: 404, expect: []string{"No such port order"}},
	})
}

// papersAsked has the customer of the submitted order asked for a fresh letter.
func papersAsked(w *world) {
	if _, err := w.book.At(now.AddDate(0, 0, 26)).Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), porting.AskRenewal{By: system}); err != nil {
		w.t.Fatal(err)
	}
}
