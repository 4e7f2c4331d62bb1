package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// rivals has another account's order hold the numbers of the pending order, and puts an accepted bill on ours.
func rivals(n int) func(*world) {
	return func(w *world) {
		tns := []string{"+12065550101", "+12065550102"}
		for len(tns) < n {
			tns = append(tns, fmt.Sprintf("+1206555%04d", 3000+len(tns)))
		}
		if n > 2 {
			w.ids["few"] = w.ids["pending"]
			w.order("pending", mine, append([]string{"+12065550199"}, tns[2:]...))
			tns = tns[2:]
		}
		w.order("rival", theirs, tns[:min(n, len(tns))], signed)
		o, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["pending"]),
			porting.AddDocument{By: customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}})
		if err == nil {
			_, err = w.book.Do(w.t.Context(), o.ID, porting.SettleDocument{By: system, ID: "1", Digest: "d1", Size: 1, Pages: 1})
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

const disputed = `{"data":{"type":"dispute","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`

// settled brings the disputes of the pending order and its rival into line, as the effect of each event does.
func (w *world) settled() {
	w.t.Helper()
	if err := w.book.SettleDisputes(context.Background(), porting.OrderID(w.ids["pending"])); err != nil {
		w.t.Fatal(err)
	}
}

func TestDisputes(t *testing.T) {
	const target = "/v2/portorders/{pending}/disputes"
	opened := func(w *world) {
		rivals(1)(w)
		if out := w.send(w.request("POST", target, disputed, nil)); out.StatusCode != 201 {
			w.t.Fatal(out.Body)
		}
		w.settled()
	}
	secrets := []string{"{rival}", "{theirs}"}
	run(t, []scenario{
		{name: "TheLoserOfTheRace", request: "POST /v2/portorders/{pending}/loa", body: signature, status: 409, before: rivals(1), not: secrets,
			expect: []string{`"code":"number_in_live_order"`, "+12065550101: Another request to port the number exists.", "open a dispute"},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				o := w.stored("pending")
				if o.Status != porting.Pending || len(o.AlsoAsked) != 1 || !o.Signature.IsZero() {
					t.Errorf("status %s, told of %v", o.Status, o.AlsoAsked)
				}
				out := w.send(w.request("GET", "/v2/portorders/{pending}/explain", "", nil))
				for _, part := range []string{`"dispute":{"numbers":["+12065550101"]`, target, `"remove":["+12065550101"]`} {
					if !strings.Contains(out.Body, w.fill(part)) {
						t.Errorf("%s is missing in %s", part, out.Body)
					}
				}
			}},
		{name: "FewOfManyAreNamed", request: "POST /v2/portorders/{pending}/loa", body: signature, status: 409, before: rivals(30), not: secrets,
			after: func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
				if n := strings.Count(out.Body, porting.OtherRequest); n != porting.MaxAlsoAsked {
					t.Errorf("%d numbers are named", n)
				}
			}},
		{name: "ADryRunTellsNothing", request: "POST /v2/portorders/{pending}/loa?validate_only=true", body: signature, status: 200, before: rivals(1),
			not: []string{"Another request"}, after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if o := w.stored("pending"); len(o.AlsoAsked) > 0 {
					t.Errorf("told of %v", o.AlsoAsked)
				}
			}},
		{name: "Opens", request: "POST " + target, body: disputed, status: 201, before: rivals(1), not: secrets,
			expect: []string{`"type":"dispute","id":"1"`, `"state":"open","side":"asking","outcome":null,"numbers":["+12065550101"]`,
				`"until":"2026-03-04T15:00:00Z"`, `"wanted":[]`}},
		{name: "OpensDry", request: "POST " + target + "?validate_only=true", body: disputed, status: 200, before: rivals(1),
			expect: []string{`"numbers":["+12065550101","+12065550102"]`}, after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if o := w.stored("pending"); o.Disputed() || !o.Signature.IsZero() {
					t.Error("it was opened")
				}
			}},
		{name: "WithoutABill", request: "POST " + target, body: disputed, status: 422, before: func(w *world) {
			w.order("rival", theirs, []string{"+12065550101"}, signed)
		}, expect: []string{`"pointer":"/data/attributes/documents"`, "Add a bill of the account"}, after: untouched("pending")},
		{name: "NobodyHoldsThem", request: "POST " + target, body: disputed, status: 409, before: func(w *world) {
			rivals(1)(w)
			if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["rival"]), porting.RuleOut{By: system,
				Reasons: []porting.Reason{{Code: porting.NoCoverage}}}); err != nil {
				w.t.Fatal(err)
			}
		}, expect: []string{"Sign the order."}},
		{name: "NotPending", request: "POST /v2/portorders/{submitted}/disputes", body: disputed, status: 409, after: untouched("submitted")},
		{name: "Faults", request: "POST " + target, body: `{"data":{"type":"dispute","attributes":{"signature_name":"","why":"x"}}}`, status: 422,
			before: rivals(1), expect: []string{"signature_name", "signature_title", "why"}},
		{name: "Theirs", request: "POST /v2/portorders/{theirs}/disputes", body: disputed, status: 404},
		{name: "ListOfTheirs", request: "GET /v2/portorders/{theirs}/disputes", status: 404},
		{name: "ListOfNone", request: "GET " + target, status: 200, expect: []string{`"data":[]`}},
		{name: "List", request: "GET " + target, status: 200, before: opened, not: secrets, expect: []string{`"side":"asking"`}},
		{name: "Explained", request: "GET /v2/portorders/{pending}/explain", status: 200, before: opened, not: secrets,
			expect: []string{`"dispute":null`, "Our staff decides your dispute"}},
		{name: "WhatWasSignedStays", request: "PATCH /v2/portorders/{pending}", body: attrs(`"billing_name":"Ada Roe"`), status: 409, before: opened,
			expect: []string{`"code":"wrong_status"`, "until the dispute is over"}},
		{name: "TwiceTheSame", request: "POST " + target, body: disputed, status: 409, before: opened, expect: []string{"has a dispute about these numbers"}},
	})
}

// A rejected order whose hold has lapsed is answered as a draft is: its resubmission names few numbers, and the dispute
// is opened from there.
func TestDisputeOfRejectedOrder(t *testing.T) {
	lapsed := func(w *world) {
		o := w.order("lapsed", mine, []string{"+12065550171", "+12065550172"}, signed,
			porting.Return{By: system, Reasons: []porting.Reason{{Code: porting.AddressInvalid}}},
			porting.AddDocument{By: customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}},
			porting.SettleDocument{By: system, ID: "2", Digest: "d1", Size: 1, Pages: 1})
		later := w.book.At(now.AddDate(0, 0, 8))
		if _, err := later.Do(w.t.Context(), o.ID, porting.Lapse{By: system}); err != nil {
			w.t.Fatal(err)
		}
		w.order("rival", theirs, []string{"+12065550171"}, signed)
	}
	explained := func(t *testing.T, w *world, parts ...string) {
		t.Helper()
		out := w.send(w.request("GET", "/v2/portorders/{lapsed}/explain", "", nil))
		for _, part := range parts {
			if !strings.Contains(out.Body, w.fill(part)) {
				t.Errorf("%s is missing in %s", part, out.Body)
			}
		}
	}
	const target, again = "/v2/portorders/{lapsed}/disputes", `{"data":{"type":"portorder","attributes":{"status":"review"}}}`
	secrets := []string{"{rival}", "{theirs}"}
	refused := func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		if o := w.stored("lapsed"); o.Status != porting.Rejected || len(o.AlsoAsked) != 1 {
			t.Errorf("status %s, told of %v", o.Status, o.AlsoAsked)
		}
		explained(t, w, `"dispute":{"numbers":["+12065550171"]`, target, `"kind":"remove_numbers","numbers":["+12065550171"]`)
	}
	expect := []string{`"code":"number_in_live_order"`, "+12065550171: Another request to port the number exists.", "open a dispute"}
	run(t, []scenario{
		{name: "Resubmitted", request: "PATCH /v2/portorders/{lapsed}/status", body: again, status: 409, before: lapsed, not: secrets,
			expect: expect, after: refused},
		{name: "SignedAgain", request: "POST /v2/portorders/{lapsed}/loa", body: signature, status: 409, before: lapsed, not: secrets,
			expect: expect, after: refused},
		{name: "ADryRunTellsNothing", request: "PATCH /v2/portorders/{lapsed}/status?validate_only=true", body: again, status: 200, before: lapsed,
			not: []string{"Another request"}},
		{name: "Opens", request: "POST " + target, body: disputed, status: 201, before: lapsed, not: secrets,
			expect: []string{`"state":"open","side":"asking","outcome":null,"numbers":["+12065550171"]`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				explained(t, w, `"status":"rejected"`, "Our staff decides your dispute", `"dispute":null`)
			}},
		{name: "NotWhileItHoldsItsNumbers", request: "POST /v2/portorders/{rejected}/disputes", body: disputed, status: 409,
			expect: []string{"holds its numbers against all others"}, after: untouched("rejected")},
	})
}

// The customer whose numbers are disputed sees its own side, and may add a paper at any time.
func TestDisputeOfTheHoldingSide(t *testing.T) {
	w := newWorld(t)
	w.five()
	o := w.order("asks", theirs, []string{"+12065550104"}) // our order that is submitted holds the number
	for _, cmd := range []porting.Command{
		porting.AddDocument{By: customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}},
		porting.SettleDocument{By: system, ID: "1", Digest: "d1", Size: 1, Pages: 1},
		porting.OpenDispute{By: customer, Signature: signed.Signature, Rival: porting.OrderID(w.ids["submitted"]), Numbers: []string{"+12065550104"}},
	} {
		if _, err := w.book.Do(t.Context(), o.ID, cmd); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.book.SettleDisputes(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		request, body string
		status        int
		expect        string
	}{
		{"GET /v2/portorders/{submitted}/disputes", "", 200, `"side":"holding","outcome":null,"numbers":["+12065550104"]`},
		{"GET /v2/portorders/{submitted}/disputes", "", 200, `"wanted":["bill"]`},
		{"GET /v2/portorders/{submitted}/explain", "", 200, "upload a document"},
		{"GET /v2/portorders/{submitted}/events", "", 200, `"event":"numbers_contested"`},
		{"POST /v2/portorders/{submitted}/upload_file", `{"filename":"bill.pdf"}`, 200, "portorder-file-url"},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		out := w.send(w.request(method, path, c.body, nil))
		if out.StatusCode != c.status || !strings.Contains(out.Body, c.expect) {
			t.Errorf("%s: %d, want %d with %s: %s", c.request, out.StatusCode, c.status, c.expect, out.Body)
		}
		if strings.Contains(out.Body, string(o.ID)) {
			t.Errorf("%s tells whose the other order is: %s", c.request, out.Body)
		}
		if !json.Valid([]byte(out.Body)) {
			t.Error(out.Body)
		}
	}
}
