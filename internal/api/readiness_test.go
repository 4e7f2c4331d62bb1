package api

import (
	"net/http"
	"strings"
	"testing"
)

// A warning lets the order be signed, and blocks on a strict account, with a fault at the attribute.
func TestAStrictAccountRefusesWhatWarns(t *testing.T) {
	w := newWorld(t)
	w.five()
	target := "/v2/portorders/{pending}"
	patched := w.send(w.request("PATCH", target, `{"data":{"attributes":{"billing_number":""}}}`, nil))
	if patched.StatusCode != http.StatusOK || !strings.Contains(patched.Body, `"attribute":"billing_number"`) ||
		!strings.Contains(patched.Body, `"effect":"warns"`) {
		t.Fatalf("%d %s", patched.StatusCode, patched.Body)
	}
	sign := func() (int, string) {
		out := w.send(w.request("POST", target+"/loa?validate_only=true",
			`{"data":{"attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`, nil))
		return out.StatusCode, out.Body
	}
	if status, body := sign(); status != http.StatusOK {
		t.Errorf("a warning: %d %s", status, body)
	}
	for range 2 { // said twice, it is as the customer wants it
		out := w.send(w.request("PATCH", "/v2/account", `{"data":{"type":"account","attributes":{"strict":true}}}`, nil))
		if out.StatusCode != http.StatusOK || !strings.Contains(out.Body, `"strict":true`) {
			t.Fatalf("%d %s", out.StatusCode, out.Body)
		}
	}
	if status, body := sign(); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"pointer":"/data/attributes/billing_number"`) {
		t.Errorf("strict: %d %s", status, body)
	}
}

// The detailed check stands beside the three documented lists, and only if it is asked for.
func TestDetailedCheck(t *testing.T) {
	w := newWorld(t)
	body := `{"numbers":["+12065550101","+12065550109","+18005550113"]}`
	if out := w.send(w.request("POST", "/v2/portorders/portability", body, nil)); strings.Contains(out.Body, "details") {
		t.Errorf("unasked: %s", out.Body)
	}
	out := w.send(w.request("POST", "/v2/portorders/portability?detail=true", body, nil))
	for _, want := range []string{`"portable":["+12065550101","+18005550113"]`, `"class":"wireline"`, `"class":"toll_free"`,
		`"attribute":"provider_account"`, `"earliest":{"date":"2026-03-06"`, `"code":"NO_COVERAGE"`} {
		if !strings.Contains(out.Body, want) {
			t.Errorf("%s is missing in %s", want, out.Body)
		}
	}
	if out := w.send(w.request("POST", "/v2/portorders/portability?detail=maybe", body, nil)); out.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("maybe: %d", out.StatusCode)
	}
}
