package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"go.yaml.in/yaml/v3"

	"portway/infra"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// scenario is one request and what has to come back. Ids of the world's orders stand as {name}.
type scenario struct {
	name    string
	request string // method and target
	header  map[string]string
	body    string
	before  func(*world)
	status  int
	expect  []string
	not     []string
	after   func(*testing.T, *world, events.APIGatewayProxyResponse)
}

func run(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			if s.before != nil {
				s.before(w)
			}
			method, target, _ := strings.Cut(s.request, " ")
			out := w.send(w.request(method, target, s.body, s.header))
			if out.StatusCode != s.status {
				t.Errorf("status %d, want %d: %s", out.StatusCode, s.status, out.Body)
			}
			for _, part := range s.expect {
				if !strings.Contains(out.Body, w.fill(part)) {
					t.Errorf("%q is missing in %s", part, out.Body)
				}
			}
			for _, part := range s.not {
				if strings.Contains(out.Body, w.fill(part)) {
					t.Errorf("%q stands in %s", part, out.Body)
				}
			}
			if s.after != nil {
				s.after(t, w, out)
			}
		})
	}
}

func attrs(members string) string {
	return `{"data":{"type":"portorder","attributes":{` + members + `}}}`
}

// minimal is the least that a create call needs.
const minimal = `"numbers":["+12065550150"],"billing_name":"Jane Roe","street":"1 Main St","city":"Seattle","state":"WA","zip":"98104",` +
	`"country":"US","provider":"Acme Tel","usage_type":"Residential"`

func (w *world) stored(name string) porting.Order {
	w.t.Helper()
	o, err := w.store.Load(context.Background(), porting.OrderID(w.ids[name]))
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// untouched checks that the named order is as it was made.
func untouched(name string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
	return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		fresh := newWorld(t)
		fresh.five()
		if got, want := w.stored(name), fresh.stored(name); got.Version != want.Version {
			t.Errorf("version %d, want %d: the order was changed", got.Version, want.Version)
		}
	}
}

func TestRouting(t *testing.T) {
	run(t, []scenario{
		{name: "UnknownRoute", request: "GET /v2/nothing", status: 404, expect: []string{`"code":"unknown_route"`, `"id":"` + requestID + `"`}},
		{name: "Root", request: "GET /", status: 404},
		{name: "EmptyPath", request: "GET ", status: 404},
		{name: "DeeperThanAnyRoute", request: "GET /v2/portorders/{pending}/loa/x", status: 404},
		{name: "MethodNotAllowed", request: "DELETE /v2/portorders/{pending}", status: 405,
			expect: []string{"The method is not allowed for the requested URL."}, after: header("Allow", "GET, PATCH")},
		{name: "LiteralBeforeID", request: "GET /v2/portorders/portability", status: 405, after: header("Allow", "POST")},
		{name: "UpperCaseLOA", request: "GET /v2/portorders/{pending}/LOA", status: 200},
		{name: "TrailingSlash", request: "GET /v2/portorders/{pending}/", status: 200},
		{name: "ListWithTrailingSlash", request: "GET /v2/portorders/", status: 200},
		{name: "IDThatIsNoNumber", request: "GET /v2/portorders/x7", status: 404, expect: []string{`"detail":"No such port order"`}},
		{name: "IDWithLeadingZero", request: "GET /v2/portorders/0{pending}", status: 404},
		{name: "IDBeyondAnyClient", request: "GET /v2/portorders/99999999999999999999", status: 404},
	})
}

func TestNobodyGetsInWithoutAnAccount(t *testing.T) {
	w := newWorld(t)
	for name, context := range map[string]map[string]any{
		"a gateway that lost its authorizer": nil,
		"no account":                         {"kind": "live"},
		"no kind":                            {"account": string(mine)},
		"an unknown kind":                    {"account": string(mine), "kind": "staff"},
		"a peer":                             {"kind": "peer", "peer": "locals", "path": "/peers/locals"},
		"a peer with an account":             {"account": string(mine), "kind": "peer"},
	} {
		t.Run(name, func(t *testing.T) {
			in := w.request("GET", "/v2/portorders", "", nil)
			in.RequestContext.Authorizer = context
			out := w.send(in)
			if out.StatusCode != 401 || out.Headers["WWW-Authenticate"] != `Basic realm="portway"` {
				t.Errorf("got %d %v", out.StatusCode, out.Headers)
			}
		})
	}
}

func header(name, want string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
	return func(t *testing.T, _ *world, out events.APIGatewayProxyResponse) {
		if got := out.Headers[name]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestDetails(t *testing.T) {
	run(t, []scenario{
		{name: "OK", request: "GET /v2/portorders/{pending}", status: 200, after: header("ETag", `"1"`),
			expect: []string{`"id":"{pending}"`, `"links":{"self":"https://api.example.com/v2/portorders/{pending}"}`,
				`"pin":"********"`, `"last_4_ssn":"********"`, `"provider_account":"********"`, `"status_updated_at":null`,
				`"numbers":["+12065550101","+12065550102"]`, `"cost":"15"`, `"billing_address":{"city":"Seattle"`, `"completion_date":null`}},
		{name: "RejectedTellsHowToCureIt", request: "GET /v2/portorders/{rejected}", status: 200,
			expect: []string{`"code":"ZIP_MISMATCH"`, `"patch":{"zip":"98104"}`, `"numbers":["+12065550111"]`, `"turn":"customer"`, `"carrier_code":"7508"`},
			not:    []string{"ACCT-778812"}},
		{name: "NothingDueOnceCancelled", request: "GET /v2/portorders/{cancelled}", status: 200, expect: []string{`"cost":"0"`, `"turn":""`}},
		{name: "Status", request: "GET /v2/portorders/{processing}/status", status: 200,
			expect: []string{`"status":"processing","status_updated_at":"2026-03-02T15:00:00Z"`}},
		{name: "Unknown", request: "GET /v2/portorders/{none}", status: 404,
			expect: []string{`"title":"Resource not found","detail":"No such port order","code":"not_found"`}},
	})
}

func TestAnotherAccountsOrderIsAsUnknownAsNone(t *testing.T) {
	sign := `{"data":{"type":"loa","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`
	for _, r := range []struct{ request, body string }{
		{"GET /v2/portorders/%s", ""},
		{"PATCH /v2/portorders/%s", attrs(`"zip":"98101"`)},
		{"PATCH /v2/portorders/%s", attrs(`"zip":7,"nothing":1`)},
		{"PATCH /v2/portorders/%s", attrs(`"status":"cancelled"`)},
		{"GET /v2/portorders/%s/status", ""},
		{"PATCH /v2/portorders/%s/status", attrs(`"status":"cancelled"`)},
		{"PATCH /v2/portorders/%s/status", attrs(`"status":"nothing"`)},
		{"PATCH /v2/portorders/%s/relationships/numbers", `{"add":["+12065550170"],"remove":["+12065550106"]}`},
		{"GET /v2/portorders/%s/loa", ""},
		{"POST /v2/portorders/%s/loa", sign},
		{"GET /v2/portorders/%s/comments", ""},
		{"POST /v2/portorders/%s/comments", `{"data":{"attributes":{"text":"Hello"}}}`},
		{"GET /v2/portorders/%s/events", ""},
		{"GET /v2/portorders/%s/explain", ""},
		{"POST /v2/portorders/%s/fixes/1", ""},
		{"POST /v2/portorders/%s/fixes/99", ""},
	} {
		t.Run(r.request, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			method, target, _ := strings.Cut(r.request, " ")
			notMine := w.send(w.request(method, fmt.Sprintf(target, "{theirs}"), r.body, nil))
			none := w.send(w.request(method, fmt.Sprintf(target, "{none}"), r.body, nil))
			if notMine.StatusCode != 404 || notMine.Body != none.Body {
				t.Errorf("another's: %d %s\nnone: %d %s", notMine.StatusCode, notMine.Body, none.StatusCode, none.Body)
			}
			untouched("theirs")(t, w, notMine)
		})
	}
	run(t, []scenario{
		{name: "Group", request: "GET /v2/portorders?group_id={theirs group}&status", status: 404, expect: []string{"No such port order group"}},
		{name: "NoGroup", request: "GET /v2/portorders?group_id={none}&status", status: 404, expect: []string{"No such port order group"}},
		{name: "ListByGroup", request: "GET /v2/portorders?group_id={theirs group}", status: 200, not: []string{"{theirs}"}, expect: []string{`"data":[]`}},
		{name: "List", request: "GET /v2/portorders?limit=200", status: 200, not: []string{`"id":"{theirs}"`}, expect: []string{`"id":"{pending}"`}},
	})
}

func TestBody(t *testing.T) {
	const target = "PATCH /v2/portorders/{pending}"
	deep := `{"data":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`
	run(t, []scenario{
		{name: "Empty", request: target, status: 400, expect: []string{"Send a JSON object as the body."}, after: untouched("pending")},
		{name: "Malformed", request: target, body: `{"data":`, status: 400, expect: []string{`"code":"malformed"`, "at byte"}},
		{name: "MissingComma", request: target, body: `{"data":{} "x":1}`, status: 400, expect: []string{`"code":"malformed"`}},
		{name: "TrailingGarbage", request: target, body: attrs(`"zip":"98104"`) + "x", status: 400, expect: []string{`"code":"malformed"`}, after: untouched("pending")},
		{name: "TwoDocuments", request: target, body: attrs(`"zip":"98104"`) + "{}", status: 400},
		{name: "DuplicateName", request: target, body: attrs(`"zip":"98104","zip":"98105"`), status: 400,
			expect: []string{`"code":"duplicate_name"`, `"pointer":"/data/attributes/zip"`}, after: untouched("pending")},
		{name: "NotUTF8", request: target, body: attrs("\"zip\":\"\xff\""), status: 400, expect: []string{"not UTF-8"}},
		{name: "TooDeep", request: target, body: deep, status: 400, expect: []string{"nested too deeply"}},
		{name: "NotAnObject", request: target, body: `[1]`, status: 400, expect: []string{"not a JSON object"}},
		{name: "Null", request: target, body: `null`, status: 400},
		{name: "NoData", request: target, body: `{}`, status: 400, expect: []string{`"pointer":"/data"`, `"code":"required"`}},
		{name: "DataIsAList", request: target, body: `{"data":[]}`, status: 400, expect: []string{`"pointer":"/data"`, `"code":"wrong_type"`}},
		{name: "AttributesIsAText", request: target, body: `{"data":{"attributes":"x"}}`, status: 400, expect: []string{`"pointer":"/data/attributes"`}},
		{name: "WrongType", request: target, body: attrs(`"zip":98104,"enable_cnam_lookups":"yes","presets":[],"loa_details":{"email":true}`), status: 400,
			expect: []string{`"pointer":"/data/attributes/zip"`, `"pointer":"/data/attributes/enable_cnam_lookups"`, `"pointer":"/data/attributes/presets"`,
				`"pointer":"/data/attributes/loa_details/email"`}, not: []string{"98104"}, after: untouched("pending")},
		{name: "WrongResourceType", request: target, body: `{"data":{"type":"portorders","attributes":{"zip":"98104"}}}`, status: 422,
			expect: []string{`"pointer":"/data/type"`}},
		{name: "AnotherID", request: target, body: `{"data":{"id":"{rejected}","attributes":{"zip":"98104"}}}`, status: 422, expect: []string{`"pointer":"/data/id"`}},
		{name: "TypeMayBeLeftOut", request: target, body: `{"data":{"attributes":{"zip":"98104"}}}`, status: 200},
		{name: "ItsOwnID", request: target, body: `{"data":{"id":"{pending}","attributes":{"zip":"98104"}}}`, status: 200},
		{name: "UnknownMember", request: target, body: `{"data":{"attributes":{"zip":"98104"},"a/b~":1}}`, status: 422, expect: []string{`"pointer":"/data/a~1b~0"`, `"code":"unknown"`}},
		{name: "TooLarge", request: target, body: attrs(`"alias":"` + strings.Repeat("x", maxBody) + `"`), status: 413, expect: []string{`"code":"too_large"`}},
		{name: "XML", request: target, header: map[string]string{"content-type": "text/xml"}, body: `<x/>`, status: 415, expect: []string{`"code":"unsupported_media_type"`}},
		{name: "FormElsewhere", request: target, header: map[string]string{"Content-Type": formType}, body: `zip=98104`, status: 415},
		{name: "UnreadableType", request: target, header: map[string]string{"Content-Type": ";;"}, body: attrs(`"zip":"98104"`), status: 415},
		{name: "JSONAPI", request: target, header: map[string]string{"Content-Type": "application/vnd.api+json; charset=utf-8"}, body: attrs(`"zip":"98104"`), status: 200},
		{name: "ManyFaultsAreBounded", request: target, body: flood(), status: 422},
	})
}

// flood is a body of a hundred thousand unknown attributes.
func flood() string {
	var b strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&b, `"%x":0,`, i)
	}
	return attrs(b.String() + `"zip":"98104"`)
}

func TestBase64Body(t *testing.T) {
	w := newWorld(t)
	w.five()
	in := w.request("PATCH", "/v2/portorders/{pending}", base64.StdEncoding.EncodeToString([]byte(attrs(`"zip":"98104"`))), nil)
	in.IsBase64Encoded = true
	if out := w.send(in); out.StatusCode != 200 || w.stored("pending").Details.Zip != "98104" {
		t.Errorf("got %d %s", out.StatusCode, out.Body)
	}
	for body, want := range map[string]int{"%%%": 400, strings.Repeat("A", 2*maxBody): 413} {
		in.Body = body
		if out := w.send(in); out.StatusCode != want {
			t.Errorf("%.10q: got %d, want %d", body, out.StatusCode, want)
		}
	}
}

func TestPatch(t *testing.T) {
	zip := func(want string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			if got := w.stored("pending").Details.Zip; got != want {
				t.Errorf("zip %q, want %q", got, want)
			}
		}
	}
	run(t, []scenario{
		{name: "Details", request: "PATCH /v2/portorders/{pending}", body: attrs(`"zip":" 98104 ","usage_type":"Residential","street2":null`), status: 200,
			expect: []string{`"zip":"98104"`, `"usage_type":"residential"`, `"street2":null`, `"version":2`}, after: zip("98104")},
		{name: "Rejected", request: "PATCH /v2/portorders/{rejected}", body: attrs(`"zip":"98104"`), status: 200},
		{name: "BillingNumberAsPeopleWriteIt", request: "PATCH /v2/portorders/{pending}", body: attrs(`"billing_number":"(206) 555-0177"`), status: 200,
			expect: []string{`"billing_number":"+12065550177"`}},
		{name: "AllFaultsAtOnce", request: "PATCH /v2/portorders/{pending}",
			body:   attrs(`"zip":"1","state":"XX","billing_name":"","country":"CA","surprise":1,"cost":"0","numbers":[],"presets":{"x":"1"},"loa_details":{"bcc":"x"}`),
			status: 422, after: untouched("pending"),
			expect: []string{`"pointer":"/data/attributes/zip"`, `"pointer":"/data/attributes/state"`, `"pointer":"/data/attributes/billing_name"`,
				`"pointer":"/data/attributes/surprise"`, `"pointer":"/data/attributes/cost"`,
				`"pointer":"/data/attributes/numbers"`, `"pointer":"/data/attributes/presets/x"`, `"pointer":"/data/attributes/loa_details/bcc"`}},
		{name: "NothingNamed", request: "PATCH /v2/portorders/{pending}", body: attrs(``), status: 422, expect: []string{`"pointer":"/data/attributes"`}},
		{name: "StatusWithOthers", request: "PATCH /v2/portorders/{pending}", body: attrs(`"status":"cancelled","zip":"98104"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/status"`, "call of its own"}, after: untouched("pending")},
		{name: "WrongStatus", request: "PATCH /v2/portorders/{submitted}", body: attrs(`"zip":"98104"`), status: 409,
			expect: []string{`"code":"wrong_status"`, "Only a pending or rejected order can be changed this way."}, after: untouched("submitted")},
		{name: "PresetsWhileSubmitted", request: "PATCH /v2/portorders/{submitted}", body: attrs(`"presets":{"primary_route_id":"3","alias":null}`), status: 200,
			expect: []string{`"primary_route_id":"3"`, `"presets":{"cnam_id":null,"e911_id":null,"alias":null`}},
		{name: "PresetsOfAnEndedOrder", request: "PATCH /v2/portorders/{cancelled}", body: attrs(`"presets":{"cnam_id":"1"}`), status: 409},
		{name: "BothInOneChange", request: "PATCH /v2/portorders/{pending}", body: attrs(`"zip":"98104","presets":{"cnam_id":"1"}`), status: 200,
			expect: []string{`"zip":"98104"`, `"cnam_id":"1"`, `"version":2`}},
		{name: "BothOrNothing", request: "PATCH /v2/portorders/{submitted}", body: attrs(`"zip":"98104","presets":{"cnam_id":"1"}`), status: 409, after: untouched("submitted")},
		{name: "PresetTooLong", request: "PATCH /v2/portorders/{pending}", body: attrs(`"presets":{"cnam_id":"` + strings.Repeat("x", 101) + `"}`), status: 422,
			expect: []string{`"pointer":"/data/attributes/presets/cnam_id"`}},
		{name: "MaskLeavesASecret", request: "PATCH /v2/portorders/{pending}", body: attrs(`"pin":"********","zip":"98104"`), status: 200,
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if w.stored("pending").Details.PIN.Reveal() != "4321" {
					t.Error("the mask replaced the PIN")
				}
			}},
		{name: "MaskAloneChangesNothing", request: "PATCH /v2/portorders/{pending}", body: attrs(`"pin":"********"`), status: 200, after: untouched("pending")},
		{name: "NewSecret", request: "PATCH /v2/portorders/{pending}", body: attrs(`"pin":"998877"`), status: 200, not: []string{"998877"}, expect: []string{`"pin":"********"`}},
		{name: "BadSecretIsNotEchoed", request: "PATCH /v2/portorders/{pending}", body: attrs(`"last_4_ssn":"12345","pin":"s3cr<t"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/last_4_ssn"`, `"pointer":"/data/attributes/pin"`}, not: []string{"12345", "s3cr"}},
		{name: "SecretOfTheWrongTypeIsNotEchoed", request: "PATCH /v2/portorders/{pending}", body: attrs(`"pin":998877`), status: 400, not: []string{"998877"}},
		{name: "IfMatch", request: "PATCH /v2/portorders/{pending}", header: map[string]string{"If-Match": `"1"`}, body: attrs(`"zip":"98104"`), status: 200,
			after: header("ETag", `"2"`)},
		{name: "Stale", request: "PATCH /v2/portorders/{rejected}", header: map[string]string{"if-match": `"1"`}, body: attrs(`"zip":"98104"`), status: 412,
			expect: []string{`"code":"precondition_failed"`}, after: untouched("rejected")},
		{name: "AnyVersion", request: "PATCH /v2/portorders/{rejected}", header: map[string]string{"If-Match": `*`}, body: attrs(`"zip":"98104"`), status: 200},
		{name: "OneOfSeveral", request: "PATCH /v2/portorders/{pending}", header: map[string]string{"If-Match": `"7", W/"1"`}, body: attrs(`"zip":"98104"`), status: 200},
	})
}

func TestChangeStatus(t *testing.T) {
	for _, path := range []string{"/v2/portorders/{%s}", "/v2/portorders/{%s}/status"} {
		patch := func(order string) string { return "PATCH " + fmt.Sprintf(path, order) }
		run(t, []scenario{
			{name: "Cancel", request: patch("pending"), body: attrs(`"status":"cancelled"`), status: 200,
				expect: []string{`{"data":{"type":"portorder","id":"{pending}","attributes":{"status":"cancelled","status_updated_at":"2026-03-02T15:00:00Z"}}}`}},
			{name: "CancelInAmerican", request: patch("pending"), body: `{"data":{"attributes":{"status":"canceled"}}}`, status: 200},
			{name: "CancelFromRejectedAbandons", request: patch("rejected"), body: attrs(`"status":"cancelled"`), status: 200, expect: []string{`"status":"abandoned"`}},
			{name: "CancelNeedsATicket", request: patch("processing"), body: attrs(`"status":"cancelled"`), status: 409, expect: []string{`"code":"wrong_status"`}},
			{name: "Resubmit", request: patch("rejected"), body: attrs(`"status":"review"`), status: 200, expect: []string{`"status":"review"`}},
			{name: "ResubmitUnsigned", request: patch("rejected"), body: attrs(`"status":"review"`), status: 409,
				before: func(w *world) {
					w.send(w.request("PATCH", "/v2/portorders/{rejected}", attrs(`"company":"Kite LLC","city":"Tacoma"`), nil))
				},
				expect: []string{`"code":"signature_needed"`, "company: The letter of agency was signed with another value.", "city: The letter"}},
			{name: "ResubmitWhatIsPending", request: patch("pending"), body: attrs(`"status":"review"`), status: 409, expect: []string{"Only a rejected order can be changed this way."}},
			{name: "AnyOther", request: patch("pending"), body: attrs(`"status":"completed"`), status: 422, expect: []string{`"pointer":"/data/attributes/status"`}, after: untouched("pending")},
			{name: "WrongType", request: patch("pending"), body: attrs(`"status":1`), status: 400},
			{name: "Stale", request: patch("pending"), header: map[string]string{"If-Match": `"9"`}, body: attrs(`"status":"cancelled"`), status: 412},
		})
	}
	run(t, []scenario{
		{name: "NoStatus", request: "PATCH /v2/portorders/{pending}/status", body: attrs(``), status: 422, expect: []string{`"code":"required"`}},
		{name: "OthersThere", request: "PATCH /v2/portorders/{pending}/status", body: attrs(`"status":"cancelled","zip":"98104"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/zip"`}, after: untouched("pending")},
	})
}

func TestComments(t *testing.T) {
	const target = "POST /v2/portorders/{pending}/comments"
	run(t, []scenario{
		{name: "Post", request: target, body: `{"data":{"type":"comment","attributes":{"text":" Keep the fax line. "}}}`, status: 201,
			expect: []string{`"id":"2.0"`, `"by":"customer","text":"Keep the fax line."`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				out := w.send(w.request("GET", "/v2/portorders/{pending}/comments", "", nil))
				if !strings.Contains(out.Body, `"id":"2.0"`) || !strings.Contains(out.Body, "Keep the fax line.") {
					t.Errorf("the comment is not there: %s", out.Body)
				}
			}},
		{name: "None", request: "GET /v2/portorders/{pending}/comments", status: 200, expect: []string{`{"data":[]`}, not: []string{`"next"`}},
		{name: "Ours", request: "GET /v2/portorders/{rejected}/comments", status: 200, expect: []string{`"by":"staff"`, "ZIP code mismatch"}, not: []string{`"mk"`}},
		{name: "Empty", request: target, body: `{"data":{"attributes":{"text":"  "}}}`, status: 422, expect: []string{`"pointer":"/data/attributes/text"`}},
		{name: "Missing", request: target, body: `{"data":{"attributes":{}}}`, status: 422, expect: []string{`"pointer":"/data/attributes/text"`}},
		{name: "TooLong", request: target, body: `{"data":{"attributes":{"text":"` + strings.Repeat("x", 2001) + `"}}}`, status: 422, expect: []string{`"code":"too_long"`}},
		{name: "AllFaults", request: target, body: `{"data":{"type":"x","attributes":{"text":"","by":"staff"}}}`, status: 422,
			expect: []string{`"pointer":"/data/attributes/text"`, `"pointer":"/data/attributes/by"`, `"pointer":"/data/type"`}},
		{name: "WrongType", request: target, body: `{"data":{"attributes":{"text":["x"]}}}`, status: 400},
		{name: "Ended", request: "POST /v2/portorders/{cancelled}/comments", body: `{"data":{"attributes":{"text":"x"}}}`, status: 409},
	})
}

func TestLOA(t *testing.T) {
	const target = "POST /v2/portorders/{pending}/loa"
	loa := func(members string) string { return `{"data":{"type":"loa","attributes":{` + members + `}}}` }
	run(t, []scenario{
		{name: "Get", request: "GET /v2/portorders/{pending}/loa", status: 200,
			expect: []string{`"numbers":["2065550101","2065550102"]`, `"signature_name":"","signature_title":""`, `"loa_copy":"This letter of agency serves one purpose`,
				"to Example Telecom LLC, the new carrier", "consents to signing it electronically.", `"disclosure_version":"2"`,
				`"account_address":{"city":"Seattle",`, `"new_carrier":"Example Telecom LLC","new_resporg":null,"signature_capacity":""`}},
		{name: "AsAReseller", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","signature_capacity":"Reseller"`),
			status: 422, expect: []string{`"pointer":"/data/attributes/signature_capacity"`, "Add it to the order as a document of the kind loa"}, after: untouched("pending")},
		{name: "AsAResellerWithTheEndUsersLOA", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","signature_capacity":"reseller"`),
			before: endUsersLOA, status: 201, expect: []string{`"status":"processing"`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if s := w.stored("pending").Signature; s.Capacity != porting.Reseller || s.EndUserLOA != "d7" || s.Words != porting.LOAVersion || s.Operator != storetest.Operator {
					t.Errorf("signature %+v", s)
				}
			}},
		{name: "AsTheHolder", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","signature_capacity":"holder"`), status: 201,
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if s := w.stored("pending").Signature; s.Capacity != porting.Holder {
					t.Errorf("signature %+v", s)
				}
			}},
		{name: "AsNobodyWeKnow", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","signature_capacity":"king"`),
			status: 422, expect: []string{"Give one of holder, authorized, reseller."}, after: untouched("pending")},
		{name: "CapacityOfAnotherType", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","signature_capacity":7`), status: 400,
			after: untouched("pending")},
		{name: "AnotherNewCarrier", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner","new_carrier":"Mine"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/new_carrier"`}, after: untouched("pending")},
		{name: "BothFieldsAlone", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"Owner"`), status: 201,
			expect: []string{`"status":"processing"`, `"type":"portorder"`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if s := w.stored("pending").Signature; s.Name != "Jane Roe" || s.Title != "Owner" || s.IP != "192.0.2.7" || !s.At.Equal(now) {
					t.Errorf("signature %+v", s)
				}
			}},
		{name: "SigningAgainResubmits", request: "POST /v2/portorders/{rejected}/loa", body: loa(`"signature_name":"Jane Roe","signature_title":"Owner"`),
			status: 201, expect: []string{`"status":"review"`}},
		{name: "SigningAnewChangesNoStatus", request: "POST /v2/portorders/{submitted}/loa", body: loa(`"signature_name":"Pat Roe","signature_title":"Owner"`),
			before: papersAsked, status: 201, expect: []string{`"status":"submitted"`, "The letter of agency was signed again."},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if s := w.stored("submitted").Signature; s.Name != "Pat Roe" || !s.At.Equal(now) {
					t.Errorf("signature %+v", s)
				}
			}},
		{name: "NobodyAskedForAnother", request: "POST /v2/portorders/{submitted}/loa", body: loa(`"signature_name":"Pat Roe","signature_title":"Owner"`),
			status: 409, expect: []string{`"code":"wrong_status"`, "only when a fresh one was asked for"}, after: untouched("submitted")},
		{name: "Unsigned", request: target, body: loa(``), status: 422,
			expect: []string{`"pointer":"/data/attributes/signature_name"`, `"pointer":"/data/attributes/signature_title"`}, after: untouched("pending")},
		{name: "Modified", request: target, body: loa(`"signature_name":"Jane Roe","signature_title":"","zip":"98104","numbers":["2065550101"],"surprise":"x"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/zip"`, `"pointer":"/data/attributes/numbers"`, `"pointer":"/data/attributes/signature_title"`,
				`"pointer":"/data/attributes/surprise"`, "Send this back as you got it."}, after: untouched("pending")},
		{name: "WrongType", request: target, body: loa(`"signature_name":1,"signature_title":"Owner"`), status: 400, after: untouched("pending")},
		{name: "WrongStatus", request: "POST /v2/portorders/{processing}/loa", body: loa(`"signature_name":"Jane Roe","signature_title":"Owner"`), status: 409,
			expect: []string{`"code":"wrong_status"`}},
		{name: "WrongStatusWhateverElseIsWrong", request: "POST /v2/portorders/{processing}/loa", body: loa(`"zip":"1"`), status: 409},
	})
}

// endUsersLOA has the end user's own LOA accepted on the pending order.
func endUsersLOA(w *world) {
	for _, cmd := range []porting.Command{
		porting.AddDocument{By: customer, Document: porting.Document{Name: "end-user.pdf", Kind: porting.LOADocument, Dated: "2026-03-01"}},
		porting.SettleDocument{By: system, ID: "1", Digest: "d7", Size: 2000, Pages: 1},
	} {
		if _, err := w.book.Do(context.Background(), porting.OrderID(w.ids["pending"]), cmd); err != nil {
			w.t.Fatal(err)
		}
	}
}

// The account address is given whole, shown, and left empty where it is the service address.
func TestAccountAddress(t *testing.T) {
	const target = "PATCH /v2/portorders/{pending}"
	const whole = `"account_address":{"street":"PO Box 9","city":"Salem","state":"or","zip":"97301"}`
	given := func(w *world) { w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(whole), nil)) }
	run(t, []scenario{
		{name: "Given", request: target, body: attrs(whole), status: 200,
			expect: []string{`"account_address":{"city":"Salem","country":"US","state":"OR","street":"PO Box 9","street2":null,"zip":"97301"}`}},
		{name: "NotGiven", request: "GET /v2/portorders/{pending}", status: 200, expect: []string{`"account_address":{"city":"","country":"","state":"","street":"","street2":null,"zip":""}`}},
		{name: "OnTheLOA", request: "GET /v2/portorders/{pending}/loa", before: given, status: 200,
			expect: []string{`"account_address":{"city":"Salem",`, `"street":"1218 3rd Ave"`}},
		{name: "InPart", request: target, body: attrs(`"account_address":{"street":"PO Box 9"}`), status: 422, after: untouched("pending"),
			expect: []string{`"pointer":"/data/attributes/account_address/city"`, `"pointer":"/data/attributes/account_address/state"`,
				`"pointer":"/data/attributes/account_address/zip"`, "Give the whole account address"}},
		{name: "PartOfAWholeOne", request: target, before: given, body: attrs(`"account_address":{"city":"Keizer"}`), status: 200,
			expect: []string{`"account_address":{"city":"Keizer","country":"US","state":"OR","street":"PO Box 9"`}},
		{name: "TakenAway", request: target, before: given, status: 200, expect: []string{`"account_address":{"city":"","country":"","state":"","street":"","street2":null,"zip":""}`},
			body: attrs(`"account_address":{"street":null,"street2":null,"city":null,"state":null,"zip":null,"country":null}`)},
		{name: "Wrong", request: target, status: 422, after: untouched("pending"),
			body: attrs(`"account_address":{"street":"PO Box 9","city":"Salem","state":"ON","zip":"9730","country":"US","planet":"Earth"}`),
			expect: []string{`"pointer":"/data/attributes/account_address/state"`, `"pointer":"/data/attributes/account_address/zip"`,
				`"pointer":"/data/attributes/account_address/planet"`}},
		{name: "WrongType", request: target, body: attrs(`"account_address":"PO Box 9"`), status: 400, after: untouched("pending")},
		{name: "ResubmittedUnsigned", request: "PATCH /v2/portorders/{rejected}/status", body: attrs(`"status":"review"`), status: 409,
			before: func(w *world) { w.send(w.request("PATCH", "/v2/portorders/{rejected}", attrs(whole), nil)) },
			expect: []string{`"code":"signature_needed"`, "account_address/street: The letter"}},
	})
}

// The blob as it was fetched, with its two fields filled, is what the documented client sends.
func TestLOARoundTrip(t *testing.T) {
	w := newWorld(t)
	w.five()
	form := w.send(w.request("GET", "/v2/portorders/{pending}/loa", "", nil)).Body
	form = strings.Replace(form, `"signature_name":""`, `"signature_name":"Jane Roe"`, 1)
	form = strings.Replace(form, `"signature_title":""`, `"signature_title":"Owner"`, 1)
	if out := w.send(w.request("POST", "/v2/portorders/{pending}/loa", form, nil)); out.StatusCode != 201 {
		t.Errorf("got %d %s", out.StatusCode, out.Body)
	}
}

func TestChangeNumbers(t *testing.T) {
	const target = "PATCH /v2/portorders/{pending}/relationships/numbers"
	run(t, []scenario{
		{name: "AddAndRemove", request: target, body: `{"add":["206-555-0120"],"remove":["+12065550101"]}`, status: 200,
			expect: []string{`"numbers":["+12065550102","+12065550120"]`}},
		{name: "EmptyLists", request: target, body: `{"add":[],"remove":[]}`, status: 422, expect: []string{`"pointer":"/add"`}},
		{name: "RemoveAll", request: target, body: `{"remove":["+12065550101","+12065550102"]}`, status: 422, expect: []string{`"pointer":"/remove"`}},
		{name: "AllFaultsAtOnce", request: target,
			body:   `{"add":["+12065550129","12","+12065550127","+18005550101","+14165550101","+12065550121","+12065550121"],"remove":["+12065550199"],"more":1}`,
			status: 422, after: untouched("pending"),
			expect: []string{`"code":"not_portable","pointer":"/add/0"`, `"code":"number_length","pointer":"/add/1"`, `"code":"not_allowed","pointer":"/add/2"`,
				`"code":"not_allowed","pointer":"/add/3"`, `"code":"not_allowed","pointer":"/add/4"`, `"code":"duplicate","pointer":"/add/6"`,
				`"code":"unknown","pointer":"/remove/0"`, `"code":"unknown","pointer":"/more"`}},
		{name: "JSONNumbers", request: target, body: `{"add":[12065550120]}`, status: 400, expect: []string{`"pointer":"/add/0"`, "Send a string, such as"}, not: []string{"12065550120"}},
		{name: "NotAList", request: target, body: `{"add":"+12065550120"}`, status: 400, expect: []string{`"pointer":"/add"`}},
		{name: "Taken", request: target, body: `{"add":["+12065550120","+12065550104"]}`, status: 409, after: untouched("pending"),
			expect: []string{`"code":"number_in_live_order","pointer":"/add/1"`, "+12065550104"}, not: []string{"{theirs}"}},
		{name: "PendingOnly", request: "PATCH /v2/portorders/{rejected}/relationships/numbers", body: `{"add":["+12065550120"]}`, status: 409,
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if w.peers.asked != 0 {
					t.Error("the peer was asked in vain")
				}
			}},
		{name: "TooMany", request: target, body: `{"add":[` + strings.TrimSuffix(strings.Repeat(`"+12065550120",`, 86), ",") + `]}`, status: 422, expect: []string{`"code":"too_many"`}},
		{name: "PeerDown", request: target, body: `{"add":["+12065550120"]}`, before: peerDown, status: 503, after: untouched("pending")},
		{name: "RemovingAsksNobody", request: target, body: `{"remove":["+12065550101"]}`, before: peerDown, status: 200},
		{name: "PeerDownAndFaults", request: target, body: `{"add":["+12065550120"],"remove":["+12065550199"]}`, before: peerDown, status: 422},
	})
}

func peerDown(w *world) { w.peers.err = &peer.Down{Peer: "locals", Why: "503"} }

func TestPortability(t *testing.T) {
	const target = "POST /v2/portorders/portability"
	form := map[string]string{"Content-Type": formType}
	run(t, []scenario{
		{name: "OK", request: target, body: `{"numbers":["+12065550129","14252081174","+12065550128","+18002255277","+12065550128"]}`, status: 200,
			expect: []string{`{"data":{"hypernetwork_enabled":["+12065550128"],"nonportable":["+12065550129"],"portable":["+14252081174","+12065550128","+18002255277"]}}`}},
		{name: "Form", request: target, header: form, body: `numbers=14252081174&numbers=%2B12065550129`, status: 200,
			expect: []string{`"nonportable":["+12065550129"],"portable":["+14252081174"]`}},
		{name: "FormWithBrackets", request: target, header: form, body: `numbers[]=14252081174,12065550121`, status: 200, expect: []string{`"portable":["+14252081174","+12065550121"]`}},
		{name: "JSONUnderAFormsName", request: target, header: form, body: `{"numbers":["+14252081174"]}`, status: 200},
		{name: "BadForm", request: target, header: form, body: `numbers=%zz`, status: 400},
		{name: "UnknownFormField", request: target, header: form, body: `numbers=14252081174&x=1`, status: 422, expect: []string{`"pointer":"/x"`}},
		{name: "Faults", request: target, body: `{"numbers":["+12065550121","12","+442071838750","+19005550101"]}`, status: 422,
			expect: []string{`"pointer":"/numbers/1"`, `"pointer":"/numbers/2"`, `"code":"number_country_code"`}, not: []string{"442071838750", "/numbers/3"}},
		{name: "WhatCanBeNoNumberIsNotPortable", request: target, body: `{"numbers":["+14252081174","+12125551212","1 (900) 555-0101","+12125551212","+18827833439"]}`, status: 200,
			expect: []string{`"nonportable":["+12125551212","+19005550101","+18827833439"],"portable":["+14252081174"]`}},
		{name: "JSONNumbers", request: target, body: `{"numbers":[14252081174]}`, status: 400, expect: []string{`"pointer":"/numbers/0"`}, not: []string{"14252081174"}},
		{name: "None", request: target, body: `{"numbers":[]}`, status: 422, expect: []string{`"code":"required"`}},
		{name: "Missing", request: target, body: `{}`, status: 422, expect: []string{`"pointer":"/numbers"`}},
		{name: "Null", request: target, body: `{"numbers":null}`, status: 400},
		{name: "TooMany", request: target, body: `{"numbers":[` + strings.TrimSuffix(strings.Repeat(`"+12065550120",`, 1001), ",") + `]}`, status: 422, expect: []string{`"code":"too_many"`}},
		{name: "PeerDown", request: target, body: `{"numbers":["+12065550120"]}`, before: peerDown, status: 503,
			expect: []string{`"code":"peer_unavailable"`}, after: header("Retry-After", "30")},
		{name: "PeerBroken", request: target, body: `{"numbers":["+12065550120"]}`, before: func(w *world) { w.peers.err = errors.New("secret detail") }, status: 500,
			expect: []string{`"code":"internal"`}, not: []string{"secret detail"}},
		{name: "PeerTooSlow", request: target, body: `{"numbers":["+12065550120"]}`, before: func(w *world) { w.peers.err = context.DeadlineExceeded }, status: 503},
	})
}

func TestCreate(t *testing.T) {
	const target = "POST /v2/portorders"
	run(t, []scenario{
		{name: "Minimal", request: target, body: attrs(minimal), status: 201,
			expect: []string{`"type":"portorder_group"`, `"status":"Requires Action"`, `"alias":"Port Order 3/2/2026"`, `"usage_type":"residential"`,
				`"pin":""`, `"auto_correct":"formatting"`, `"cost":"7.5"`, `"group_status":"Requires Action"`}},
		{name: "Everything", request: target, body: attrs(minimal + `,"street2":"Suite 1","loa_details":{"email":"a@example.com","cc":"b@example.com"},` +
			`"company":"Leather Inc.","billing_number":"2065550100","provider_account":" 123ABC ","pin":"4321","last_4_ssn":"6789",` +
			`"desired_completion_date":"2026-03-20","alias":"One","enable_cnam_lookups":true,"status_url":"https://example.com/x",` +
			`"auto_correct":"none","presets":{"cnam_id":"1","e911_id":"2","primary_route_id":"3","failover_route_id":"4","alias":"five"}`), status: 201,
			expect: []string{`"billing_number":"+12065550100"`, `"provider_account":"********"`, `"enable_cnam_lookups":true`, `"failover_route_id":"4"`}},
		{name: "Split", request: target, body: attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+12065550157","+18005550150","2065550151"`, 1)), status: 201,
			expect: []string{`"numbers":["+12065550150","+12065550151"]`, `"numbers":["+12065550157"]`, `"numbers":["+18005550150"]`}},
		{name: "AllFaultsAtOnce", request: target, status: 422, after: nothingMade,
			body: attrs(`"numbers":["+12065550159","12","+12065550151","2065550151"],"zip":"1","state":"WA","country":"US","usage_type":"both","status":"submitted",` +
				`"desired_completion_date":"2026-03-01","pin":"********","loa_details":{"email":"x"},"presets":{"what":"1"},"surprise":{}`),
			expect: []string{`"code":"not_portable","pointer":"/data/attributes/numbers/0"`, `"code":"number_length","pointer":"/data/attributes/numbers/1"`,
				`"code":"duplicate","pointer":"/data/attributes/numbers/3"`, `"pointer":"/data/attributes/zip"`, `"pointer":"/data/attributes/usage_type"`,
				`"pointer":"/data/attributes/status"`, `"pointer":"/data/attributes/desired_completion_date"`, `"pointer":"/data/attributes/pin"`,
				`"pointer":"/data/attributes/loa_details/email"`, `"pointer":"/data/attributes/presets/what"`, `"code":"unknown","pointer":"/data/attributes/surprise"`,
				`"code":"required","pointer":"/data/attributes/billing_name"`, `"code":"required","pointer":"/data/attributes/street"`,
				`"code":"required","pointer":"/data/attributes/city"`, `"code":"required","pointer":"/data/attributes/provider"`, "Neither we nor a porting peer"},
			not: []string{`"pointer":"/data/attributes/numbers"`}},
		{name: "NotPortableIsAllOrNothing", request: target, body: attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+12065550159"`, 1)), status: 422,
			expect: []string{`"pointer":"/data/attributes/numbers/1"`}, not: []string{"numbers/0"}, after: nothingMade},
		{name: "NoNumbers", request: target, body: attrs(strings.Replace(minimal, `"+12065550150"`, ``, 1)), status: 422, expect: []string{`"code":"required","pointer":"/data/attributes/numbers"`}},
		{name: "JSONNumbers", request: target, body: attrs(strings.Replace(minimal, `"+12065550150"`, `12065550150`, 1)), status: 400,
			expect: []string{`"code":"wrong_type","pointer":"/data/attributes/numbers/0"`}, not: []string{"12065550150"}},
		{name: "TypeErrorsComeWithTheRest", request: target, body: attrs(`"numbers":{},"zip":1,"city":"Seattle"`), status: 400,
			expect: []string{`"code":"wrong_type","pointer":"/data/attributes/numbers"`, `"code":"wrong_type","pointer":"/data/attributes/zip"`, `"code":"required","pointer":"/data/attributes/street"`}},
		{name: "TooMany", request: target, status: 422, expect: []string{`"code":"too_many","pointer":"/data/attributes/numbers"`},
			body: attrs(strings.Replace(minimal, `"+12065550150"`, strings.TrimSuffix(strings.Repeat(`"+12065550120",`, 5001), ","), 1))},
		{name: "EveryNumberWrong", request: target, status: 422, expect: []string{`"pointer":"/data/attributes/numbers/4999"`},
			body: attrs(strings.Replace(minimal, `"+12065550150"`, strings.TrimSuffix(strings.Repeat(`"1",`, 5000), ","), 1))},
		{name: "Taken", request: target, body: attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550104","+12065550150","+12065550101"`, 1)), status: 409, after: nothingMade,
			expect: []string{`"code":"number_in_live_order","pointer":"/data/attributes/numbers/0"`, `"code":"number_in_live_order","pointer":"/data/attributes/numbers/2"`,
				"+12065550104 is on another live port order."}, not: []string{"numbers/1", "{theirs}", "{pending}"}},
		{name: "PeerDown", request: target, body: attrs(minimal), before: peerDown, status: 503, after: nothingMade},
		{name: "PeerDownAndFaults", request: target, body: attrs(strings.Replace(minimal, `"98104"`, `"1"`, 1)), before: peerDown, status: 422,
			expect: []string{`"pointer":"/data/attributes/zip"`}},
		{name: "ReadOnlyID", request: target, body: `{"data":{"type":"portorder","id":"7","attributes":{` + minimal + `}}}`, status: 422, expect: []string{`"pointer":"/data/id"`}},
	})
}

// nothingMade checks that there are as many orders as the world was made with.
func nothingMade(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
	found, err := w.store.List(context.Background(), mine, orders.Filter{})
	if err != nil || len(found) != 5 {
		t.Errorf("%d orders, want the 5 that were there (%v)", len(found), err)
	}
}

func TestExclude(t *testing.T) {
	const target = "POST /v2/portorders"
	with := func(mode string, numbers ...string) string {
		return attrs(strings.Replace(minimal, `"+12065550150"`, `"`+strings.Join(numbers, `","`)+`"`, 1) + `,"on_unportable":` + mode)
	}
	run(t, []scenario{
		{name: "TakesTheRest", request: target, body: with(`"exclude"`, "+12065550159", "+12065550150", "+12065550169", "+12065550157"), status: 201,
			expect: []string{`"numbers":["+12065550150"]`, `"numbers":["+12065550157"]`,
				`"excluded":[{"number":"+12065550159","reason":"NO_COVERAGE","detail":"Neither we nor a porting peer can serve the number's area or carrier."},{"number":"+12065550169"`}},
		{name: "NothingToExclude", request: target, body: with(`"exclude"`, "+12065550150"), status: 201, not: []string{"excluded\":"}},
		{name: "NothingLeft", request: target, body: with(`"exclude"`, "+12065550159", "+12065550169"), status: 422, after: nothingMade,
			expect: []string{`"code":"not_portable","pointer":"/data/attributes/numbers/0"`, `"pointer":"/data/attributes/numbers/1"`}},
		{name: "WhatTheHelpDeskHandsOverIsOnAnOrderOfItsOwn", request: target, body: with(`"exclude"`, "+18885550150", "+18885550156"), status: 201,
			expect: []string{`"numbers":["+18885550150"]`, `"numbers":["+18885550156"]`, `"code":"TF_TRANSITIONAL"`, `document of the kind bill`}, not: []string{`"excluded":[{`}},
		{name: "WhatTheHelpDeskHandsOverAlone", request: target, body: with(`"exclude"`, "+18885550156"), status: 201,
			expect: []string{`"numbers":["+18885550156"]`}},
		{name: "WhatTheHelpDeskHandsOverFails", request: target, body: with(`"fail"`, "+18885550150", "+18885550156"), status: 422, after: nothingMade,
			expect: []string{`"code":"not_portable","pointer":"/data/attributes/numbers/1"`, "Set on_unportable to exclude to have an order of its own for it."}},
		{name: "Fail", request: target, body: with(`"fail"`, "+12065550159", "+12065550150"), status: 422, after: nothingMade, expect: []string{`"code":"not_portable"`}},
		{name: "FaultsStandInTheirPlaces", request: target, body: with(`"exclude"`, "+12065550159", "12", "+12065550150", "2065550150", "+12065550159"), status: 422, after: nothingMade,
			expect: []string{`"pointer":"/data/attributes/numbers/1"`, `"code":"duplicate","pointer":"/data/attributes/numbers/3"`, `"code":"duplicate","pointer":"/data/attributes/numbers/4"`},
			not:    []string{"not_portable"}},
		{name: "TakenIsAConflictStill", request: target, body: with(`"exclude"`, "+12065550159", "+12065550104", "+12065550150"), status: 409, after: nothingMade,
			expect: []string{`"pointer":"/data/attributes/numbers/1"`}},
		{name: "WhatCanBeNoNumberIsLeftOut", request: target, body: with(`"exclude"`, "2125551212", "+12065550150", "1 (900) 555-0101", "+12060550101", "206-411-0101", "+12065550159"), status: 201,
			expect: []string{`"numbers":["+12065550150"]`, `"excluded":[{"number":"+12125551212","reason":"TN_NOT_PORTABLE","detail":"555-1212 is directory assistance."},{"number":"+19005550101"`,
				`{"number":"+12060550101","reason":"TN_NOT_PORTABLE","detail":"The three digits after`, `{"number":"+12064110101"`, `{"number":"+12065550159","reason":"NO_COVERAGE"`}},
		{name: "WhatCanBeNoNumberIsAFaultOtherwise", request: target, body: with(`"fail"`, "2125551212", "+12065550150"), status: 422, after: nothingMade,
			expect: []string{`"code":"number_directory_assistance","pointer":"/data/attributes/numbers/0"`}},
		{name: "WhatCanBeNoNumberTwice", request: target, body: with(`"exclude"`, "2125551212", "+12065550150", "+1 212 555 1212"), status: 422, after: nothingMade,
			expect: []string{`"code":"duplicate","pointer":"/data/attributes/numbers/2"`}, not: []string{"/numbers/0"}},
		{name: "OnlyWhatCanBeNoNumber", request: target, body: with(`"exclude"`, "2125551212", "+12065550159"), status: 422, after: nothingMade,
			expect: []string{`"code":"number_directory_assistance"`, `"code":"not_portable","pointer":"/data/attributes/numbers/1"`}},
		{name: "WhatIsNoNumberAtAllIsAFault", request: target, body: with(`"exclude"`, "2125551212", "+12065550150", "12"), status: 422, after: nothingMade,
			expect: []string{`"code":"number_length","pointer":"/data/attributes/numbers/2"`}, not: []string{"/numbers/0"}},
		{name: "PeerDownWithWhatCanBeNoNumber", request: target, body: with(`"exclude"`, "2125551212", "+12065550150"), before: peerDown, status: 503, after: nothingMade},
		{name: "DryRunWithWhatCanBeNoNumber", request: target + "?validate_only=true", body: with(`"exclude"`, "2125551212", "+12065550150"), status: 200, after: nothingMade,
			expect: []string{`"excluded":[{"number":"+12125551212"`}},
		{name: "AnyOtherWord", request: target, body: with(`"maybe"`, "+12065550150"), status: 422, expect: []string{`"pointer":"/data/attributes/on_unportable"`}},
		{name: "WrongType", request: target, body: with(`true`, "+12065550150"), status: 400, expect: []string{`"pointer":"/data/attributes/on_unportable"`}},
		{name: "Later", request: "PATCH /v2/portorders/{pending}", body: attrs(`"on_unportable":"exclude"`), status: 200, expect: []string{`"on_unportable":"exclude"`}},
		{name: "PeerDown", request: target, body: with(`"exclude"`, "+12065550150"), before: peerDown, status: 503, after: nothingMade},
		{name: "DryRun", request: target + "?validate_only=true", body: with(`"exclude"`, "+12065550159", "+12065550150"), status: 200, after: nothingMade,
			expect: []string{`"excluded":[{"number":"+12065550159"`, `"meta":{"validated":true}`}},
	})
}

// An area code that is not known is asked about, with a warning; so is one that is announced for a later day.
func TestAreaCodesInDoubt(t *testing.T) {
	one := func(numbers string) string { return attrs(strings.Replace(minimal, `"+12065550150"`, numbers, 1)) }
	at := func(june int) func(*world) {
		return func(w *world) {
			w.book.Now = func() time.Time { return time.Date(2026, 6, june, 12, 0, 0, 0, time.UTC) }
		}
	}
	const unknown = `"meta":{"warnings":[{"number":"+12215550120","code":"area_code_unknown","detail":"We do not know the area code 221, `
	run(t, []scenario{
		{name: "Portability", request: "POST /v2/portorders/portability", body: `{"numbers":["2215550120","+12065550120","+1 221 555 0120"]}`, status: 200,
			expect: []string{`"portable":["+12215550120","+12065550120"]`, unknown}},
		{name: "NotPortable", request: "POST /v2/portorders/portability", body: `{"numbers":["2215550129"]}`, status: 200,
			expect: []string{`"nonportable":["+12215550129"]`, `"code":"area_code_unknown"`}},
		{name: "Announced", request: "POST /v2/portorders/portability", body: `{"numbers":["4655550120"]}`, status: 200,
			before: at(17),
			expect: []string{`"portable":["+14655550120"]`, `"code":"area_code_announced","detail":"The area code 465 is to be in service from 2026-06-18 on.`}},
		{name: "FromItsDayOn", request: "POST /v2/portorders/portability", body: `{"numbers":["4655550120"]}`, status: 200,
			before: at(18), not: []string{"warnings"}},
		{name: "Create", request: "POST /v2/portorders", body: one(`"2215550120"`), status: 201, expect: []string{`"numbers":["+12215550120"]`, unknown}},
		{name: "CreateWithOthersOfTheCountry", request: "POST /v2/portorders", body: one(`"2215550120","2065550151"`), status: 201,
			expect: []string{`"numbers":["+12215550120","+12065550151"]`, unknown}},
		{name: "DryRun", request: "POST /v2/portorders?validate_only=true", body: one(`"2215550120"`), status: 200, after: nothingMade,
			expect: []string{`"meta":{"validated":true,"warnings":[{"number":"+12215550120"`}},
		{name: "Add", request: "PATCH /v2/portorders/{pending}/relationships/numbers", body: `{"add":["2215550120"]}`, status: 200, expect: []string{unknown}},
		{name: "Join", request: "POST /v2/portorders/{pending group}/numbers", body: `{"numbers":["2215550120"]}`, status: 200, expect: []string{unknown}},
	})
}

func TestWarningsHaveABound(t *testing.T) {
	var numbers []string
	for i := range 150 {
		numbers = append(numbers, fmt.Sprintf(`"221555%03d0"`, i))
	}
	w := newWorld(t)
	out := w.send(w.request("POST", "/v2/portorders/portability", `{"numbers":[`+strings.Join(numbers, ",")+`]}`, nil))
	if n := strings.Count(out.Body, unknownAreaCode); out.StatusCode != 200 || n != maxWarnings {
		t.Errorf("%d, %d warnings", out.StatusCode, n)
	}
}

// A dry run answers what the real one would, and changes nothing.
func TestValidateOnly(t *testing.T) {
	same := func(name string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
			untouched(name)(t, w, out)
			nothingMade(t, w, out)
			if out.Headers["ETag"] != "" {
				t.Error("a version that never was is told")
			}
		}
	}
	run(t, []scenario{
		{name: "Create", request: "POST /v2/portorders?validate_only=true", body: attrs(minimal), status: 200, after: nothingMade,
			expect: []string{`{"data":{"type":"portorder_group","attributes":{"orders":{"data":[{"type":"portorder","attributes":{`, `"numbers":["+12065550150"]`,
				`"status":"pending"`, `"group_id":""`, `"cost":"7.5"`, `"meta":{"validated":true}`}, not: []string{`"links"`, `"id"`}},
		{name: "CreateWithFaults", request: "POST /v2/portorders?validate_only=true", body: attrs(strings.Replace(minimal, `98104`, `1`, 1)), status: 422,
			expect: []string{`"pointer":"/data/attributes/zip"`}},
		{name: "CreateNotPortable", request: "POST /v2/portorders?validate_only=true", body: attrs(strings.Replace(minimal, `50150`, `50159`, 1)), status: 422,
			expect: []string{`"code":"not_portable"`}},
		{name: "CreateTaken", request: "POST /v2/portorders?validate_only=true", body: attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+12065550104"`, 1)),
			status: 409, expect: []string{`"code":"number_in_live_order","pointer":"/data/attributes/numbers/1"`}},
		{name: "CreatePeerDown", request: "POST /v2/portorders?validate_only=true", body: attrs(minimal), before: peerDown, status: 503},
		{name: "NotADryRun", request: "POST /v2/portorders?validate_only=false", body: attrs(minimal), status: 201, not: []string{"validated"}},
		{name: "NeitherNor", request: "POST /v2/portorders?validate_only=yes", body: attrs(minimal), status: 422, after: nothingMade, expect: []string{`"parameter":"validate_only"`}},
		{name: "Sign", request: "POST /v2/portorders/{pending}/loa?validate_only=true", body: signature, status: 200, after: same("pending"),
			expect: []string{`"status":"processing"`, `"id":"{pending}"`, `"meta":{"validated":true}`}},
		{name: "SignUnsigned", request: "POST /v2/portorders/{pending}/loa?validate_only=true", body: `{"data":{"attributes":{}}}`, status: 422, after: same("pending")},
		{name: "SignWrongStatus", request: "POST /v2/portorders/{processing}/loa?validate_only=true", body: signature, status: 409},
		{name: "SignTheirs", request: "POST /v2/portorders/{theirs}/loa?validate_only=true", body: signature, status: 404},
		{name: "SignStale", request: "POST /v2/portorders/{pending}/loa?validate_only=true", header: map[string]string{"If-Match": `"7"`}, body: signature, status: 412},
		{name: "KeyIsNotTaken", request: "POST /v2/portorders/{pending}/loa", header: withKey("one"), body: signature, status: 201,
			before: func(w *world) {
				w.send(w.request("POST", "/v2/portorders/{pending}/loa?validate_only=true", signature, withKey("one")))
			}},
		{name: "Cancel", request: "PATCH /v2/portorders/{pending}/status?validate_only=true", body: attrs(`"status":"cancelled"`), status: 200, after: same("pending"),
			expect: []string{`"status":"cancelled"`, `"validated":true`}},
		{name: "Details", request: "PATCH /v2/portorders/{pending}?validate_only=true", body: attrs(`"zip":"98104"`), status: 200, after: same("pending"), expect: []string{`"zip":"98104"`}},
		{name: "Numbers", request: "PATCH /v2/portorders/{pending}/relationships/numbers?validate_only=true", body: `{"add":["+12065550104"]}`, status: 409,
			after: same("pending"), expect: []string{`"pointer":"/add/0"`}},
	})
}

func TestList(t *testing.T) {
	run(t, []scenario{
		{name: "NewestFirst", request: "GET /v2/portorders", status: 200, expect: []string{`"type":"portorder_list"`, `"alias":"Head office"`},
			after: func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
				if strings.Index(out.Body, w.ids["cancelled"]) > strings.Index(out.Body, w.ids["pending"]) {
					t.Errorf("oldest first: %s", out.Body)
				}
			}},
		{name: "Page", request: "GET /v2/portorders?limit=2&offset=1", status: 200,
			expect: []string{`"id":"{rejected}"`, `"id":"{submitted}"`, `"next":"https://api.example.com/v2/portorders?cursor=`}, not: []string{`"id":"{cancelled}"`}},
		{name: "CursorAndOffset", request: "GET /v2/portorders?offset=1&cursor=" + cursorOf("order", "7"), status: 422, expect: []string{`"parameter":"offset"`}},
		{name: "NoCursor", request: "GET /v2/portorders?cursor=7", status: 422, expect: []string{`"parameter":"cursor"`}},
		{name: "CursorOfSomethingElse", request: "GET /v2/portorders?cursor=" + cursorOf("event", "7"), status: 422, expect: []string{`"parameter":"cursor"`}},
		{name: "CursorWithoutAnOrder", request: "GET /v2/portorders?cursor=" + cursorOf("order", "x"), status: 422},
		{name: "CursorBeforeAll", request: "GET /v2/portorders?cursor=" + cursorOf("order", "7"), status: 200, expect: []string{`"data":[]`}},
		{name: "LastPage", request: "GET /v2/portorders?limit=2&offset=3", status: 200, expect: []string{`"id":"{pending}"`}, not: []string{`"next":"https`}},
		{name: "BeyondTheEnd", request: "GET /v2/portorders?offset=100", status: 200, expect: []string{`"orders":{"data":[]}`}},
		{name: "Status", request: "GET /v2/portorders?status=canceled", status: 200, expect: []string{`"id":"{cancelled}"`}, not: []string{`"id":"{pending}"`}},
		{name: "Numbers", request: "GET /v2/portorders?numbers=+12065550101,2065550103&numbers=%2B12065550104", status: 200,
			expect: []string{`"id":"{pending}"`, `"id":"{processing}"`, `"id":"{submitted}"`}, not: []string{`"id":"{rejected}"`}},
		{name: "Alias", request: "GET /v2/portorders?alias=nothing", status: 200, expect: []string{`"orders":{"data":[]}`}},
		{name: "Times", request: "GET /v2/portorders?created_after=2026-03-01&created_before=2026-03-03T00:00:00+00:00&modified_after=2026-03-01&modified_before=2026-03-03", status: 200,
			expect: []string{`"id":"{pending}"`}},
		{name: "Completed", request: "GET /v2/portorders?completed_after=2026-01-01&completed_before=2026-12-01&completion_date=2026-03-20", status: 200, expect: []string{`"data":[]`}},
		{name: "StatusAndGroup", request: "GET /v2/portorders?group_id={pending group}&status=pending", status: 200, expect: []string{`"type":"portorder_list"`, `"id":"{pending}"`}},
		{name: "StrayParameterOfAnSDK", request: "GET /v2/portorders?limit=1&is_approved=true", status: 200},
		{name: "AllFaultsAtOnce", request: "GET /v2/portorders?limit=0&offset=-1&status=nothing&numbers=12&completion_date=tomorrow&modified_after=x&modified_before=x" +
			"&created_after=x&created_before=x&completed_after=x&completed_before=x&group_id=x&order_by=size&surprise=1&alias=a&alias=b", status: 422,
			expect: []string{`"parameter":"limit"`, `"parameter":"offset"`, `"parameter":"status"`, `"parameter":"numbers"`, `"parameter":"completion_date"`,
				`"parameter":"modified_after"`, `"parameter":"modified_before"`, `"parameter":"created_after"`, `"parameter":"created_before"`,
				`"parameter":"completed_after"`, `"parameter":"completed_before"`, `"parameter":"group_id"`, `"parameter":"order_by"`, `"parameter":"surprise"`, `"parameter":"alias"`},
			not: []string{`"pointer"`}},
		{name: "LimitTooHigh", request: "GET /v2/portorders?limit=201", status: 422},
		{name: "StatusWithoutValue", request: "GET /v2/portorders?status", status: 422, expect: []string{`"parameter":"status"`}},
		{name: "Group", request: "GET /v2/portorders?group_id={rejected group}&status", status: 200,
			expect: []string{`"type":"portorder_group","id":"{rejected group}"`, `"status":"Requires Action"`, `"id":"{rejected}","attributes":{"status":"rejected"`}},
		{name: "GroupWithOthers", request: "GET /v2/portorders?group_id={rejected group}&status&limit=3", status: 422, expect: []string{`"parameter":"limit"`}},
	})
}

// order_by takes the documented names; what is the same by them stays newest first.
func TestOrderBy(t *testing.T) {
	for query, want := range map[string]string{
		"order_by=Status":                                      "pending processing submitted rejected cancelled",
		"order_by=-status":                                     "cancelled rejected submitted processing pending",
		"order_by=numbers":                                     "pending processing submitted cancelled rejected",
		"order_by=alias":                                       "cancelled rejected submitted processing pending",
		"order_by=group_status,-numbers":                       "rejected pending submitted processing cancelled",
		"order_by=group_status&order_by=numbers":               "pending rejected processing submitted cancelled",
		"order_by=completion_date,modified_date,-created_date": "cancelled rejected submitted processing pending",
		"order_by=group_status&status=rejected":                "rejected",
		"order_by=status&limit=2&offset=1":                     "processing submitted",
		"order_by=status&limit=2&offset=9":                     "",
	} {
		t.Run(query, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			out := w.send(w.request("GET", "/v2/portorders?"+query, "", nil))
			var page struct {
				Data  struct{ Attributes listAttributes }
				Links links
			}
			if err := json.Unmarshal([]byte(out.Body), &page); err != nil || out.StatusCode != 200 {
				t.Fatal(err, out.Body)
			}
			var got []string
			for _, o := range page.Data.Attributes.Orders.Data {
				got = append(got, o.Attributes.(map[string]any)["status"].(string))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if next := strings.Contains(query, "offset=1"); next != strings.Contains(page.Links.Next, "offset=3") {
				t.Errorf("next page %q", page.Links.Next)
			}
		})
	}
	run(t, []scenario{
		{name: "UnknownName", request: "GET /v2/portorders?order_by=alias,size", status: 422, expect: []string{`"parameter":"order_by"`, "modified_date"}},
		{name: "Empty", request: "GET /v2/portorders?order_by=", status: 422},
		{name: "Twice", request: "GET /v2/portorders?order_by=alias,-alias", status: 422, expect: []string{`"code":"duplicate"`}},
		{name: "WithCursor", request: "GET /v2/portorders?order_by=alias&cursor=" + cursorOf("order", "7"), status: 422, expect: []string{`"parameter":"cursor"`}},
		{name: "GroupStatusOfNumbers", request: "GET /v2/portorders?order_by=group_status&numbers=2065550101", status: 422, expect: []string{`"code":"not_allowed"`}},
		{name: "NumbersOfNumbers", request: "GET /v2/portorders?order_by=-numbers&numbers=2065550101,2065550103", status: 200, expect: []string{`"id":"{pending}"`, `"id":"{processing}"`}},
		{name: "MoreThanCanBeSorted", request: "GET /v2/portorders?order_by=alias", before: func(w *world) { w.book.Store = fullStore{w.store} }, status: 422,
			expect: []string{`"code":"too_many","parameter":"order_by"`, "At most 1000 orders"}},
	})
}

// fullStore has more orders than can be sorted.
type fullStore struct{ *storetest.Memory }

func (s fullStore) List(_ context.Context, _ porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	return make([]porting.Order, f.Limit), nil
}

// The documented group status is printed as &status; and copied from there (D-GRP).
func TestGroupStatusAsPrinted(t *testing.T) {
	w := newWorld(t)
	w.five()
	in := w.request("GET", "/v2/portorders", "", nil)
	in.MultiValueQueryStringParameters = url.Values{"group_id": {w.ids["rejected group"]}, "status;": {""}}
	if out := w.send(in); out.StatusCode != 200 || !strings.Contains(out.Body, `"type":"portorder_group"`) {
		t.Errorf("got %d %s", out.StatusCode, out.Body)
	}
}

func TestListWithoutOrdersIsEmptyNot404(t *testing.T) {
	w := newWorld(t)
	if out := w.send(w.request("GET", "/v2/portorders", "", nil)); out.StatusCode != 200 || !strings.Contains(out.Body, `"orders":{"data":[]}`) {
		t.Errorf("got %d %s", out.StatusCode, out.Body)
	}
}

// brokenStore fails in every way that a store can.
type brokenStore struct {
	orders.Store
	err error
}

func (s brokenStore) View(context.Context, porting.OrderID, int) (porting.Order, orders.Found, error) {
	if s.err == nil {
		panic("a value that may be a secret: 4321")
	}
	return porting.Order{}, orders.Found{}, s.err
}

func TestTroubleOfOursIsToldWithoutDetail(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"Error":   {errors.New("table arn:aws:x"), 500},
		"Panic":   {nil, 500},
		"TooSlow": {fmt.Errorf("read: %w", context.DeadlineExceeded), 503},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			w.book.Store = brokenStore{w.store, c.err}
			out := w.send(w.request("GET", "/v2/portorders/{pending}", "", nil))
			if out.StatusCode != c.status || strings.Contains(out.Body, "arn") || strings.Contains(out.Body, "4321") || !strings.Contains(out.Body, requestID) {
				t.Errorf("got %d %s", out.StatusCode, out.Body)
			}
		})
	}
}

// Whatever reads or writes an order tells its version, and whatever writes one heeds If-Match.
func TestVersions(t *testing.T) {
	sign := `{"data":{"attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`
	for _, c := range []struct{ request, body, etag string }{
		{"GET /v2/portorders/{pending}", "", `"1"`},
		{"GET /v2/portorders/{pending}/status", "", `"1"`},
		{"GET /v2/portorders/{pending}/loa", "", `"1"`},
		{"GET /v2/portorders/{pending}/comments", "", `"1"`},
		{"PATCH /v2/portorders/{pending}", attrs(`"zip":"98104"`), `"2"`},
		{"PATCH /v2/portorders/{pending}", attrs(`"status":"cancelled"`), `"2"`},
		{"PATCH /v2/portorders/{pending}/status", attrs(`"status":"cancelled"`), `"2"`},
		{"PATCH /v2/portorders/{pending}/relationships/numbers", `{"add":["+12065550120"]}`, `"2"`},
		{"POST /v2/portorders/{pending}/loa", sign, `"2"`},
		{"POST /v2/portorders/{pending}/comments", `{"data":{"attributes":{"text":"Hello"}}}`, `"2"`},
	} {
		t.Run(c.request, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			method, target, _ := strings.Cut(c.request, " ")
			if method != "GET" {
				out := w.send(w.request(method, target, c.body, map[string]string{"If-Match": `"2"`}))
				if out.StatusCode != 412 {
					t.Errorf("stale: %d %s", out.StatusCode, out.Body)
				}
				untouched("pending")(t, w, out)
			}
			if out := w.send(w.request(method, target, c.body, map[string]string{"If-Match": `"1"`})); out.Headers["ETag"] != c.etag {
				t.Errorf("%d with ETag %s, want %s", out.StatusCode, out.Headers["ETag"], c.etag)
			}
		})
	}
}

// Every call that the API's description offers If-Match heeds it: of another version it does nothing, and is answered 412.
func TestEveryCallHeedsIfMatch(t *testing.T) {
	type operation struct {
		Parameters []struct {
			Ref string `yaml:"$ref"`
		}
		RequestBody struct {
			Content map[string]struct {
				Examples map[string]struct{ Value any }
			}
		} `yaml:"requestBody"`
		Responses map[string]any
	}
	var description struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal([]byte(infra.OpenAPI()), &description); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.five()
	withKeys(w)
	order, one := porting.OrderID(w.ids["rejected"]), link.Link{ID: "aaaaaaaa", Version: 1, Account: mine, Scope: link.Verbs(), Created: now}
	one.Order = order
	if err := w.store.SaveLink(t.Context(), one, nil); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for path, methods := range description.Paths {
		for method, node := range methods {
			var op operation
			if method == "parameters" {
				continue
			}
			if err := node.Decode(&op); err != nil {
				t.Fatal(err)
			}
			offered := false
			for _, p := range op.Parameters {
				offered = offered || strings.HasPrefix(p.Ref, "#/components/parameters/ifMatch")
			}
			if _, answered := op.Responses["412"]; answered != offered {
				t.Errorf("%s %s offers If-Match: %v, and 412: %v", method, path, offered, answered)
			}
			if !offered {
				continue
			}
			tried++
			body := ""
			for _, example := range op.RequestBody.Content["application/json"].Examples {
				raw, err := json.Marshal(example.Value)
				if err != nil {
					t.Fatal(err)
				}
				body = string(raw)
			}
			target := strings.NewReplacer("{order}", string(order), "{link}", one.ID, "{fix}", "1", "{key}", "MineEnds").Replace(path)
			if out := w.send(w.request(strings.ToUpper(method), target, body, map[string]string{"If-Match": `"999"`})); out.StatusCode != 412 {
				t.Errorf("%s %s: %d %.300s", method, target, out.StatusCode, out.Body)
			}
		}
	}
	if tried == 0 {
		t.Error("no call offers If-Match")
	}
	untouched("rejected")(t, w, events.APIGatewayProxyResponse{})
	keysLeft(2)(t, w, events.APIGatewayProxyResponse{})
	if all, err := w.store.Links(t.Context(), order); err != nil || len(all) != 1 || !all[0].Revoked.IsZero() {
		t.Errorf("the links are %+v (%v)", all, err)
	}
}

// A writer who loses the race each time is told so; with If-Match, that the order is another one now.
func TestALostRace(t *testing.T) {
	for header, want := range map[string]int{"": 409, `"1"`: 412} {
		w := newWorld(t)
		w.five()
		w.book.Store = racingStore{w.store, w.book}
		out := w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"zip":"98104"`), map[string]string{"If-Match": header}))
		if out.StatusCode != want {
			t.Errorf("If-Match %s: %d %s, want %d", header, out.StatusCode, out.Body, want)
		}
	}
}

// racingStore lets somebody else write between every read and its write.
type racingStore struct {
	*storetest.Memory
	book *orders.Book
}

func (s racingStore) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	other := *s.book
	other.Store = s.Memory
	if _, err := other.Do(ctx, c.After.ID, porting.Comment{By: staff, Text: "I was faster."}); err != nil {
		return err
	}
	return s.Memory.Commit(ctx, c, redeliver)
}

// links.next leads through all orders that there were, each once, however many are added meanwhile.
func TestPagesStayRightWhileOrdersAreAdded(t *testing.T) {
	w := newWorld(t)
	w.five()
	var got []string
	target := "/v2/portorders?limit=2"
	for n := 0; target != ""; n++ {
		out := w.send(w.request("GET", target, "", nil))
		var page struct {
			Data  struct{ Attributes listAttributes }
			Links links
		}
		if err := json.Unmarshal([]byte(out.Body), &page); err != nil || n > 5 {
			t.Fatal(err, n)
		}
		for _, o := range page.Data.Attributes.Orders.Data {
			got = append(got, o.ID)
		}
		target = strings.TrimPrefix(page.Links.Next, "https://api.example.com")
		w.order("more", mine, []string{fmt.Sprintf("+1206555020%d", n)})
	}
	want := []string{w.ids["cancelled"], w.ids["rejected"], w.ids["submitted"], w.ids["processing"], w.ids["pending"]}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLinksFollowTheRequestWithoutABaseURL(t *testing.T) {
	w := newWorld(t)
	w.five()
	w.api = New(Config{Book: w.book, Portability: w.peers, Accounts: w.store})
	in := w.request("GET", "/v2/portorders/{pending}", "", map[string]string{"X-Forwarded-Proto": "https"})
	in.RequestContext.DomainName = "abc.execute-api.us-east-1.amazonaws.com"
	in.RequestContext.Path = "/prod" + in.Path
	want := w.fill(`"self":"https://abc.execute-api.us-east-1.amazonaws.com/prod/v2/portorders/{pending}"`)
	if out := w.send(in); !strings.Contains(out.Body, want) {
		t.Errorf("%s is missing in %s", want, out.Body)
	}
}

func TestARequestWithoutAnIDGetsOne(t *testing.T) {
	w := newWorld(t)
	in := w.request("GET", "/v2/nothing", "", nil)
	in.RequestContext.RequestID = ""
	if out := w.send(in); strings.Contains(out.Body, requestID) {
		t.Error(out.Body)
	}
}

func TestGolden(t *testing.T) {
	for _, g := range []struct{ name, request, body string }{
		{"order", "GET /v2/portorders/{rejected}", ""},
		{"pending", "GET /v2/portorders/{pending}", ""},
		{"status", "GET /v2/portorders/{processing}/status", ""},
		{"list", "GET /v2/portorders?limit=2", ""},
		{"group", "GET /v2/portorders?group_id={pending group}&status", ""},
		{"loa", "GET /v2/portorders/{pending}/loa", ""},
		{"comments", "GET /v2/portorders/{rejected}/comments", ""},
		{"portability", "POST /v2/portorders/portability", `{"numbers":["+12065550128","+12065550129","+18002255277"]}`},
		{"create", "POST /v2/portorders", attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+18005550150"`, 1))},
		{"cancel", "PATCH /v2/portorders/{pending}/status", attrs(`"status":"cancelled"`)},
		{"faults", "POST /v2/portorders", attrs(`"numbers":["12","+12065550129"],"billing_name":"Jane Roe","zip":"1","surprise":true`)},
		{"unknown", "GET /v2/portorders/{none}", ""},
	} {
		t.Run(g.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			method, target, _ := strings.Cut(g.request, " ")
			golden(t, g.name, w.send(w.request(method, target, g.body, nil)).Body)
		})
	}
}

// Whatever is readable in an order and writable at all can be sent back as it was read: a client that reads, changes
// one attribute and writes the lot loses nothing.
func TestReadingAndWritingBackChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.five()
	var doc struct {
		Data struct {
			Attributes map[string]any `json:"attributes"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(w.send(w.request("GET", "/v2/portorders/{pending}", "", nil)).Body), &doc); err != nil {
		t.Fatal(err)
	}
	got := doc.Data.Attributes
	for name := range readOnly {
		delete(got, name)
	}
	delete(got, "numbers")
	body, err := json.Marshal(map[string]any{"data": map[string]any{"attributes": got}})
	if err != nil {
		t.Fatal(err)
	}
	before := w.stored("pending")
	if out := w.send(w.request("PATCH", "/v2/portorders/{pending}", string(body), nil)); out.StatusCode != 200 {
		t.Fatalf("got %d %s", out.StatusCode, out.Body)
	}
	if after := w.stored("pending"); after.Details != before.Details || after.Presets != before.Presets {
		t.Errorf("changed:\n%+v\n%+v", before, after)
	}
}
