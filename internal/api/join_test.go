package api

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

func TestJoinAGroup(t *testing.T) {
	const target = "POST /v2/portorders/{pending group}/numbers"
	alone := func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
		untouched("pending")(t, w, out)
		nothingMade(t, w, out)
	}
	run(t, []scenario{
		{name: "ToAnOrderOfTheGroup", request: target, body: `{"numbers":["206-555-0120"]}`, status: 200,
			expect: []string{`"type":"portorder_group","id":"{pending group}"`, `"id":"{pending}"`, `"numbers":["+12065550101","+12065550102","+12065550120"]`,
				`"group_status":"Requires Action"`}, not: []string{`"missing"`}, after: nothingMade},
		{name: "AsTheExamplesHaveIt", request: target, body: `{"add":["+12065550120"]}`, status: 200, after: nothingMade},
		{name: "AnOrderIsOpened", request: target, body: `{"numbers":["+12065550120","+12065550127","+18005550150"],"pin":"5566"}`, status: 200,
			expect: []string{`"numbers":["+12065550101","+12065550102","+12065550120"]`, `"numbers":["+12065550127"]`, `"numbers":["+18005550150"]`,
				`"alias":"Head office"`, `"missing":[{"order":"`, `"attributes":["provider_account","last_4_ssn"]`}, not: []string{"5566"},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				g, heads, err := w.store.Group(t.Context(), porting.GroupID(w.ids["pending group"]))
				if err != nil || len(g.Orders) != 3 || len(heads) != 3 {
					t.Fatalf("the group is %+v (%v)", g, err)
				}
				for _, o := range heads[1:] {
					if o.Details.PIN.Reveal() != "5566" || o.Details.ProviderAccount.IsSet() || o.Details.Street != "1218 3rd Ave" || o.Presets.PrimaryRoute != "83834" {
						t.Errorf("the new order is %+v", o)
					}
				}
			}},
		{name: "WhatIsNotPendingTakesNone", request: "POST /v2/portorders/{rejected group}/numbers", body: `{"numbers":["+12065550120"]}`, status: 200,
			expect: []string{`"numbers":["+12065550120"]`, `"missing":[`}, after: untouched("rejected")},
		{name: "AllFaultsAtOnce", request: target, body: `{"add":["+12065550129","12","+12065550101","+12065550127","2065550127"],"pin":"<","more":1}`,
			status: 422, after: alone, expect: []string{`"pointer":"/more"`, `"code":"number_length","pointer":"/add/1"`}},
		{name: "FaultsInTheirPlaces", request: target, body: `{"add":["+12065550129","+12065550101","+12065550127","2065550127"],"pin":"<"}`, status: 422, after: alone,
			expect: []string{`"code":"not_portable","pointer":"/add/0"`, `"code":"duplicate","pointer":"/add/1"`, `"code":"duplicate","pointer":"/add/3"`, `"pointer":"/pin"`}},
		{name: "Taken", request: target, body: `{"numbers":["+12065550127","+12065550104"]}`, status: 409, after: alone,
			expect: []string{`"code":"number_in_live_order","pointer":"/numbers/1"`}, not: []string{"{theirs}"}},
		{name: "BothNames", request: target, body: `{"numbers":["+12065550120"],"add":["+12065550121"]}`, status: 422, after: alone, expect: []string{`"pointer":"/add"`}},
		{name: "None", request: target, body: `{"numbers":[]}`, status: 422, expect: []string{`"code":"required","pointer":"/numbers"`}},
		{name: "Missing", request: target, body: `{}`, status: 422},
		{name: "SecretOfTheWrongType", request: target, body: `{"numbers":["+12065550127"],"pin":5566}`, status: 400, not: []string{"5566"}},
		{name: "Mask", request: target, body: `{"numbers":["+12065550127"],"pin":"********"}`, status: 422, expect: []string{`"pointer":"/pin"`}},
		{name: "Theirs", request: "POST /v2/portorders/{theirs group}/numbers", body: `{"numbers":["+12065550120"]}`, status: 404,
			expect: []string{"No such port order group"}, after: untouched("theirs")},
		{name: "NoSuch", request: "POST /v2/portorders/{none}/numbers", body: `{"numbers":["+12065550120"]}`, status: 404, expect: []string{"No such port order group"}},
		{name: "NoID", request: "POST /v2/portorders/x/numbers", body: `{"numbers":["+12065550120"]}`, status: 404, expect: []string{"No such port order group"}},
		{name: "PeerDown", request: target, body: `{"numbers":["+12065550120"]}`, before: peerDown, status: 503, after: alone},
		{name: "DryRun", request: target + "?validate_only=true", body: `{"numbers":["+12065550120","+12065550127"]}`, status: 200, after: alone,
			expect: []string{`"numbers":["+12065550127"]`, `"missing":[{"order":"","attributes":["provider_account","pin","last_4_ssn"]}]`, `"validated":true`}},
		{name: "DryRunTaken", request: target + "?validate_only=true", body: `{"numbers":["+12065550104"]}`, status: 409, after: alone},
		{name: "Replay", request: target, header: withKey("one"), body: `{"numbers":["+12065550127"]}`, status: 200,
			before: func(w *world) {
				w.send(w.request("POST", "/v2/portorders/{pending group}/numbers", `{"numbers":["+12065550127"]}`, withKey("one")))
			}, after: header("Idempotency-Replayed", "true")},
	})
}
