package api

import "testing"

// What a customer says of the rest of the account is taken, checked, kept and shown, at create and later.
func TestPartialPort(t *testing.T) {
	const create, patch = "POST /v2/portorders", "PATCH /v2/portorders/{pending}"
	some := `,"partial_port":{"scope":"some","keep":["(206) 555-0180","+12065550181","2065550180"],"disconnect":["+12065550182"],` +
		`"others":"disconnect","new_billing_number":"206-555-0180"},"line_features":{"services":["dsl","alarm"],"hunt_group":"part",` +
		`"directory_listing":"none","tollfree_numbers":["888-555-0101"]},"reseller":"Example Resale"`
	run(t, []scenario{
		{name: "OK", request: create, body: attrs(minimal + some), status: 201, expect: []string{
			`"partial_port":{"scope":"some","keep":["+12065550180","+12065550181"],"disconnect":["+12065550182"],"others":"disconnect",` +
				`"new_billing_number":"+12065550180"}`,
			`"line_features":{"services":["dsl","alarm"],"hunt_group":"part","directory_listing":"none","tollfree_numbers":["+18885550101"]}`,
			`"reseller":"Example Resale"`}},
		{name: "Nothing", request: create, body: attrs(minimal), status: 201, expect: []string{
			`"partial_port":{"scope":"","keep":[],"disconnect":[],"others":"","new_billing_number":""}`, `"on_unportable":"fail"`}},
		{name: "LaterAndPartly", request: patch, body: attrs(`"partial_port":{"scope":"some"},"line_features":{"services":["fax"]}`), status: 200,
			expect: []string{`"scope":"some"`, `"services":["fax"]`}},
		{name: "Cleared", request: patch, body: attrs(`"partial_port":{"keep":null,"scope":null},"line_features":{"services":[]}`), status: 200,
			expect: []string{`"keep":[]`, `"scope":""`, `"services":[]`}},
		{name: "AllFaultsAtOnce", request: create, status: 422, after: nothingMade,
			body: attrs(minimal + `,"partial_port":{"scope":"half","keep":["12"],"disconnect":["a,b"],"others":"x","new_billing_number":"1","what":1},` +
				`"line_features":{"services":["pool"],"hunt_group":"x","directory_listing":"x","tollfree_numbers":["2065550101"]}`),
			expect: []string{`"pointer":"/data/attributes/partial_port/scope"`, `"pointer":"/data/attributes/partial_port/keep"`,
				`"pointer":"/data/attributes/partial_port/disconnect/0"`, `"pointer":"/data/attributes/partial_port/others"`,
				`"pointer":"/data/attributes/partial_port/new_billing_number"`, `"pointer":"/data/attributes/partial_port/what"`,
				`"pointer":"/data/attributes/line_features/services"`, `"pointer":"/data/attributes/line_features/hunt_group"`,
				`"pointer":"/data/attributes/line_features/directory_listing"`, `"pointer":"/data/attributes/line_features/tollfree_numbers"`}},
		{name: "WrongTypes", request: patch, status: 400, body: attrs(`"partial_port":{"keep":"+12065550180","disconnect":[1]},"line_features":[]`),
			expect: []string{`"pointer":"/data/attributes/partial_port/keep"`, `"pointer":"/data/attributes/partial_port/disconnect/0"`,
				`"pointer":"/data/attributes/line_features"`}},
		{name: "ANumberOfTheOrderCantStay", request: create, status: 422, after: nothingMade,
			body:   attrs(minimal + `,"partial_port":{"keep":["+12065550150"]}`),
			expect: []string{`"code":"not_allowed","pointer":"/data/attributes/partial_port/keep"`}},
		{name: "ANumberThatStaysCantJoin", request: "PATCH /v2/portorders/{pending}/relationships/numbers", status: 422,
			before: func(w *world) {
				w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"partial_port":{"keep":["+12065550180"]}`), nil))
			},
			body: `{"add":["+12065550180"]}`, expect: []string{`"code":"not_allowed","pointer":"/add/0"`}},
	})
}
