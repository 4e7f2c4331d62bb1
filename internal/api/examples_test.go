package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// errorExample is a refused call whose answer infra/openapi.yaml shows.
type errorExample struct {
	name    string
	summary string
	status  int
	// request, header and body are sent to the handler, after before.
	request string
	header  map[string]string
	body    string
	before  func(*world)
	// gateway names the answer of the template's gateway, which no handler sees.
	gateway string
}

var errorExamples = []errorExample{
	{name: "malformed", summary: "The body is cut off", status: http.StatusBadRequest,
		request: "POST /v2/portorders", body: `{"data":{"type":"portorder","attributes":{"numbers":["+12065550150"`},
	{name: "wrong_type", summary: "A ZIP code is sent as a number", status: http.StatusBadRequest,
		request: "PATCH /v2/portorders/{pending}", body: attrs(`"zip":98104`)},
	{name: "invalid_idempotency_key", summary: "The Idempotency-Key has other characters than ASCII", status: http.StatusBadRequest,
		request: "POST /v2/portorders", header: map[string]string{"Idempotency-Key": "é"}, body: attrs(minimal)},
	{name: "unauthorized", summary: "The credentials are missing or wrong", status: http.StatusUnauthorized, gateway: "UNAUTHORIZED"},
	{name: "forbidden", summary: "The account is not open", status: http.StatusForbidden, gateway: "ACCESS_DENIED"},
	{name: "not_found", summary: "There is no such order", status: http.StatusNotFound, request: "GET /v2/portorders/{none}"},
	{name: "unknown_route", summary: "There is no such path", status: http.StatusNotFound, request: "GET /v2/portorder"},
	{name: "wrong_status", summary: "The order has gone to the carrier", status: http.StatusConflict,
		request: "PATCH /v2/portorders/{submitted}", body: attrs(`"zip":"98104"`)},
	{name: "number_in_live_order", summary: "A number is on another open order", status: http.StatusConflict,
		request: "POST /v2/portorders", body: attrs(strings.Replace(minimal, "+12065550150", "+12065550101", 1))},
	{name: "preset_in_use", summary: "Open orders name the route", status: http.StatusConflict, request: "DELETE /v2/account/routes/83834"},
	{name: "precondition_failed", summary: "Somebody else has changed the order", status: http.StatusPreconditionFailed,
		request: "PATCH /v2/portorders/{rejected}", header: map[string]string{"If-Match": `"1"`}, body: attrs(`"zip":"98104"`)},
	{name: "too_large", summary: "The body has more than 1 MB", status: http.StatusRequestEntityTooLarge,
		request: "POST /v2/portorders", body: strings.Repeat(" ", maxBody+1)},
	{name: "unsupported_media_type", summary: "The body is XML", status: http.StatusUnsupportedMediaType,
		request: "POST /v2/portorders", header: map[string]string{"Content-Type": "application/xml"}, body: "<order/>"},
	{name: "faults", summary: "An order has several faults", status: http.StatusUnprocessableEntity,
		request: "POST /v2/portorders", body: attrs(`"numbers":["206-555-015","+12065550129"],"billing_name":"Jane Roe","street":"1 Main St",` +
			`"city":"Seattle","state":"WA","zip":"9810","country":"US","provider":"Acme Tel","usage_type":"residential","color":"red"`)},
	{name: "parameters", summary: "A list has wrong parameters", status: http.StatusUnprocessableEntity,
		request: "GET /v2/portorders?limit=500&created_after=yesterday"},
	{name: "idempotency_key_reused", summary: "The Idempotency-Key was sent with another request", status: http.StatusUnprocessableEntity,
		request: "POST /v2/portorders", header: map[string]string{"Idempotency-Key": "order-17"}, body: attrs(minimal),
		before: func(w *world) {
			w.send(w.request(http.MethodPatch, "/v2/portorders/{pending}", attrs(`"zip":"98104"`), map[string]string{"Idempotency-Key": "order-17"}))
		}},
	{name: "too_many_requests", summary: "The account sends too many requests", status: http.StatusTooManyRequests, gateway: "THROTTLED"},
	{name: "server_error", summary: "Something went wrong on our side", status: http.StatusInternalServerError, gateway: "DEFAULT_5XX"},
	{name: "peer_unavailable", summary: "The carriers cannot answer at the moment", status: http.StatusServiceUnavailable,
		request: "POST /v2/portorders", body: attrs(minimal), before: peerDown},
}

// The examples of errors in infra/openapi.yaml are answers of the API, and each is shown with the answers of its
// status.
func TestErrorExamples(t *testing.T) {
	quiet(t)
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var section strings.Builder
	shown := described(t).ResponseExamples()
	for _, e := range errorExamples {
		body := e.answer(t, string(template))
		fmt.Fprintf(&section, "    %s:\n      summary: %s\n      value:\n        errors:\n", e.name, e.summary)
		for _, one := range body.Errors {
			if one.Status != e.status {
				t.Errorf("%s is answered with %+v", e.name, one)
			}
			writeError(&section, one)
		}
		if got := shown[e.name]; len(got) != 1 || got[0] != e.status {
			t.Errorf("the example %s is shown with answers of the statuses %v, want %d", e.name, got, e.status)
		}
		delete(shown, e.name)
	}
	for name := range shown {
		t.Errorf("the answers show the example %s, which no test makes", name)
	}
	writeSection(t, "errors", section.String())
}

// answer is what the API answers.
func (e errorExample) answer(t *testing.T, template string) envelope {
	t.Helper()
	var body envelope
	if e.gateway != "" {
		form := regexp.MustCompile(`(?s)\n +` + e.gateway + `:.*?application/json: '([^']*)'`)
		m := form.FindStringSubmatch(template)
		if m == nil {
			t.Fatalf("the template's gateway has no answer %s", e.gateway)
		}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(m[1], "$context.requestId", requestID)), &body); err != nil {
			t.Fatal(err)
		}
		return body
	}
	w := newWorld(t)
	w.five()
	if e.before != nil {
		e.before(w)
	}
	method, target, _ := strings.Cut(e.request, " ")
	out := w.send(w.request(method, target, e.body, e.header))
	if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// writeError writes an entry as the file has it.
func writeError(b *strings.Builder, e wireError) {
	text := func(s string) string {
		raw, _ := json.Marshal(s) // a JSON text is one of YAML
		return string(raw)
	}
	fmt.Fprintf(b, "          - id: %s\n            status: %d\n            title: %s\n", text(e.ID), e.Status, text(e.Title))
	if line := "            detail: " + text(e.Detail); len(line) <= 120 {
		b.WriteString(line + "\n")
	} else {
		fmt.Fprintf(b, "            detail: >-\n              %s\n", strings.Join(wrap(e.Detail, 106), "\n              "))
	}
	fmt.Fprintf(b, "            code: %s\n", e.Code)
	if e.Pointer != "" {
		fmt.Fprintf(b, "            pointer: %s\n", text(e.Pointer))
	}
	if e.Parameter != "" {
		fmt.Fprintf(b, "            parameter: %s\n", text(e.Parameter))
	}
}
