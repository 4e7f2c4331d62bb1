package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/storetest"
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

// counted counts how often an account is read.
type counted struct {
	*storetest.Memory
	reads int
}

func (c *counted) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	c.reads++
	return c.Memory.Account(ctx, id)
}

// A call reads the caller's account once at most, and not at all where nothing of its answer depends on it.
func TestAnAccountIsReadOnce(t *testing.T) {
	sign := `{"data":{"type":"loa","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`
	for name, test := range map[string]struct {
		request, body string
		reads         int
	}{
		"details of a pending order":   {"GET /v2/portorders/{pending}", "", 1},
		"details of a submitted order": {"GET /v2/portorders/{submitted}", "", 0},
		"explain":                      {"GET /v2/portorders/{pending}/explain", "", 0},
		"dates":                        {"GET /v2/portorders/{pending}/dates", "", 0},
		"status":                       {"GET /v2/portorders/{pending}/status", "", 0},
		"list":                         {"GET /v2/portorders", "", 0},
		"create":                       {"POST /v2/portorders", attrs(minimal), 1},
		"edit":                         {"PATCH /v2/portorders/{pending}", attrs(`"street":"9 Elm Rd"`), 1},
		"edit of the day":              {"PATCH /v2/portorders/{pending}", attrs(`"desired_completion_date":"2026-03-12"`), 1},
		"presets of a submitted order": {"PATCH /v2/portorders/{submitted}", attrs(`"presets":{"alias":"x"}`), 0},
		"sign":                         {"POST /v2/portorders/{pending}/loa", sign, 1},
		"cancel":                       {"PATCH /v2/portorders/{pending}/status", attrs(`"status":"cancelled"`), 0},
		"comment":                      {"POST /v2/portorders/{submitted}/comments", `{"data":{"type":"comment","attributes":{"text":"Hello."}}}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			c := &counted{Memory: w.store}
			w.api.accounts = c
			method, path, _ := strings.Cut(test.request, " ")
			if out := w.send(w.request(method, path, test.body, nil)); out.StatusCode >= 300 {
				t.Fatal(out.Body)
			}
			if c.reads != test.reads {
				t.Errorf("%d reads of the account, want %d", c.reads, test.reads)
			}
		})
	}
}
