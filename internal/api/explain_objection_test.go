package api

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// refusedFor has the carrier of the submitted order refuse it, and us contest it. Back has the customer get the order
// back beside that.
func refusedFor(back bool, reason porting.Reason) func(*world) {
	return func(w *world) {
		cmds := []porting.Command{
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
			porting.MarkSent{By: system, PON: "P1", Ref: "1"},
			porting.Refuse{By: porting.PeerBy("locals"), PON: "P1", Said: "REJECTED", Reasons: []porting.Reason{reason}},
			porting.Object{By: system},
		}
		if back {
			cmds = append(cmds, porting.Return{By: system, Reasons: []porting.Reason{reason}})
		}
		for _, cmd := range cmds {
			if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), cmd); err != nil {
				w.t.Fatalf("%T: %v", cmd, err)
			}
		}
	}
}

func TestExplainsAnObjection(t *testing.T) {
	unpaid := porting.Reason{Code: porting.AccountUnpaid, Raw: "6125", Said: "unpaid balance"}
	run(t, []scenario{
		{name: "Prepared", request: "GET /v2/portorders/{submitted}/explain", before: refusedFor(false, unpaid), status: 200,
			expect: []string{"There is nothing for you to do.", `"objection":{"state":"prepared"`, `"reason":"ACCOUNT_UNPAID"`,
				"the debt remains", "47 CFR 52.34", `"with":null`, `"until":null`}},
		{name: "BesideAFix", request: "GET /v2/portorders/{submitted}/explain", before: refusedFor(true, unpaid), status: 200,
			expect: []string{`"status":"rejected"`, "we contest the refusal", `"state":"prepared"`, `"reason":"ACCOUNT_UNPAID","title"`}},
		{name: "None", request: "GET /v2/portorders/{rejected}/explain", status: 200, expect: []string{`"objection":null`}},
	})
}

// What stands in the place of a carrier's code is shown as a code only if it has the form of one.
func TestACarriersCodeIsACode(t *testing.T) {
	for raw, shown := range map[string]bool{"7402": true, "E17A": true, "ACCT-778812": false, "778812990": false, "J.SMITH": false} {
		run(t, []scenario{{name: raw, request: "GET /v2/portorders/{submitted}", status: 200,
			before: refusedFor(true, porting.Reason{Code: porting.AccountUnpaid, Raw: raw, Said: "no"}),
			after: func(t *testing.T, _ *world, res events.APIGatewayProxyResponse) {
				if strings.Contains(res.Body, raw) != shown {
					t.Errorf("%q is shown: %v", raw, !shown)
				}
			}}})
	}
}

// An order's explanation says of no two equal values that they differ.
func TestExplainsAContradiction(t *testing.T) {
	agrees := func(w *world) {
		w.order("agrees", mine, []string{"+12065550162"}, signed, passed,
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}},
			porting.MarkSent{By: system, PON: "C1", Ref: "1"},
			porting.TakeRecord{By: system, PON: "C1", State: porting.AnswerReady, Proof: porting.ProofAccount,
				Record: porting.Record{Name: "LEATHER INC", Zip: "98101"}},
			porting.Return{By: staff, Reasons: []porting.Reason{{Code: porting.NameMismatch}, {Code: porting.ZipMismatch}}})
	}
	run(t, []scenario{{name: "OK", request: "GET /v2/portorders/{agrees}/explain", before: agrees, status: 200,
		expect: []string{`"on_record":"98101"`, "though the record that it gave us agrees with the order", "say so in a comment"},
		not:    []string{"differs from the carrier's record."}}})
}
