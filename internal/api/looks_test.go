package api

import "testing"

// An account says how the pages of its orders look.
func TestLooks(t *testing.T) {
	set := func(page string) string { return `{"data":{"type":"account","attributes":{"page":` + page + `}}}` }
	blue := func(w *world) {
		if out := w.send(w.request("PATCH", "/v2/account", set(`{"name":" Example Telecom ","color":"#0B5CAD","footer":"Call us."}`), nil)); out.StatusCode != 200 {
			w.t.Fatal(out.Body)
		}
	}
	const target = "PATCH /v2/account"
	run(t, []scenario{
		{name: "Set", request: target, before: blue, body: `{"data":{"type":"account","attributes":{"strict":true}}}`, status: 200,
			expect: []string{`"page":{"name":"Example Telecom","color":"#0b5cad","footer":"Call us."}`}},
		{name: "WhatIsLeftOutIsOurs", request: target, before: blue, body: set(`{"name":"Other"}`), status: 200,
			expect: []string{`"page":{"name":"Other","color":"","footer":""}`}},
		{name: "NoColor", request: target, body: set(`{"color":"blue"}`), status: 422,
			expect: []string{`"pointer":"/data/attributes/page/color"`, "six hexadecimal digits"}},
		{name: "NoStyle", request: target, body: set(`{"color":"#0b5cad;}*{"}`), status: 422, expect: []string{`"pointer":"/data/attributes/page/color"`}},
		{name: "NoObject", request: target, body: set(`"blue"`), status: 400, expect: []string{`"pointer":"/data/attributes/page"`}},
		{name: "NoSuchLook", request: target, body: set(`{"logo":"x"}`), status: 422, expect: []string{`/page/logo"`}},
	})
}
