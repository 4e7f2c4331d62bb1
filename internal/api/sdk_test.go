package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// The four official SDKs work by changing their base address: each request is, byte for byte, what its demonstration
// makes it send. They know portability, and Ruby's the list; a status from 200 to 208 is success to all of them, and an
// answer has to be a JSON document.
func TestOfficialSDKs(t *testing.T) {
	const checked = `{"data":{"hypernetwork_enabled":[],"nonportable":["+18827833439"],"portable":["+14254664444"]}}`
	// All name themselves like this; what differs is how the body is made.
	with := func(more map[string]string) map[string]string {
		all := map[string]string{"User-Agent": "Flowroute SDK v3.0"}
		for name, value := range more {
			all[name] = value
		}
		return all
	}
	run(t, []scenario{
		// requests' data=: a form, whose numbers have no plus.
		{name: "Python", request: "POST /v2/portorders/portability", status: 200, expect: []string{checked}, body: "numbers=14254664444&numbers=18827833439",
			header: with(map[string]string{"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip, deflate"})},
		{name: "PHP", request: "POST /v2/portorders/portability", status: 200, expect: []string{checked}, body: `{"numbers":["+14254664444","+18827833439"]}`,
			header: with(map[string]string{"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "gzip"})},
		// An object with single quotes, written as JSON once more, and no word of JSON in its headers.
		{name: "NET", request: "POST /v2/portorders/portability", status: 200, expect: []string{checked}, body: `"{\"numbers\": ['+14254664444', '+18827833439']}"`,
			header: with(map[string]string{"Accept": "application/json", "Content-Type": "text/plain; charset=utf-8"})},
		// Faraday's form, flat as it is configured, and nested as its versions before 0.12 have it.
		{name: "Ruby", request: "POST /v2/portorders/portability", status: 200, expect: []string{checked}, body: "numbers=%2B14254664444&numbers=%2B18827833439",
			header: with(map[string]string{"Content-Type": "application/x-www-form-urlencoded"})},
		{name: "RubyNested", request: "POST /v2/portorders/portability", status: 200, expect: []string{checked}, body: "numbers%5B%5D=%2B14254664444&numbers%5B%5D=%2B18827833439",
			header: with(map[string]string{"Content-Type": "application/x-www-form-urlencoded"})},
		{name: "RubyList", request: "GET /v2/portorders?limit=10&offset=0", status: 200, header: with(nil), expect: []string{`"type":"portorder_list"`}},
		{name: "RubyListWithAStrayFilter", request: "GET /v2/portorders?limit=10&offset=0&is_approved=true", status: 200, header: with(nil), expect: []string{`"id":"{pending}"`}},
	})
	// What they take for an error is one: a number that is none.
	for name, body := range map[string]string{"application/x-www-form-urlencoded": "numbers=1", "application/json; charset=utf-8": `{"numbers":["1"]}`,
		"text/plain; charset=utf-8": `"{\"numbers\": ['1']}"`} {
		t.Run("Refused "+name, func(t *testing.T) {
			w := newWorld(t)
			out := w.send(w.request(http.MethodPost, "/v2/portorders/portability", body, map[string]string{"Content-Type": name}))
			if out.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%d %s", out.StatusCode, out.Body)
			}
		})
	}
	run(t, []scenario{
		{name: "ATextElsewhere", request: "PATCH /v2/portorders/{pending}", header: map[string]string{"Content-Type": "text/plain"}, body: attrs(`"zip":"98104"`), status: 415,
			after: untouched("pending")},
		{name: "ATextWithDoubleQuotes", request: "POST /v2/portorders/portability", header: map[string]string{"Content-Type": "text/plain"},
			body: `"{\"numbers\": [\"+14252081174\"]}"`, status: 200, expect: []string{`"portable":["+14252081174"]`}},
		{name: "ATextThatIsTheObjectItself", request: "POST /v2/portorders/portability", header: map[string]string{"Content-Type": "text/plain"},
			body: `{"numbers": ["+14252081174"]}`, status: 415},
		{name: "ATextThatIsNone", request: "POST /v2/portorders/portability", header: map[string]string{"Content-Type": "text/plain"}, body: `numbers`, status: 415},
		{name: "ATextOfNoObject", request: "POST /v2/portorders/portability", header: map[string]string{"Content-Type": "text/plain"}, body: `"numbers"`, status: 400},
	})
}

// The documents' own curl examples work as they are printed.
func TestDocumentedCalls(t *testing.T) {
	form := map[string]string{"Content-Type": formType} // what curl -d says of itself
	list := func(want string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
		return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
			if got := string(w.stored("pending").Status); got != want {
				t.Errorf("status %s, want %s", got, want)
			}
		}
	}
	run(t, []scenario{
		{name: "PortabilityByCurl", request: "POST /v2/portorders/portability", header: form, body: `{ "numbers": ["+14252081174", "+12125551212", "+18002255277"] }`, status: 200,
			expect: []string{`"nonportable":["+12125551212"]`}},
		{name: "AThousandNumbers", request: "POST /v2/portorders/portability", body: `{"numbers":[` + thousand() + `]}`, status: 200, expect: []string{`"+14252001000"`}},
		{name: "LOAInUpperCase", request: "GET /v2/portorders/{pending}/LOA", status: 200, expect: []string{`"signature_name":""`}},
		{name: "SlashAtTheEnd", request: "POST /v2/portorders/portability/", body: `{"numbers":["+14252081174"]}`, status: 200},
		{name: "CancelWithoutAType", request: "PATCH /v2/portorders/{pending}/status", body: `{"data":{"attributes":{"status":"cancelled"}}}`, status: 200, after: list("cancelled")},
		{name: "CancelAsTheProseHasIt", request: "PATCH /v2/portorders/{pending}", body: `{"data":{"type":"portorder","attributes":{"status":"canceled"}}}`, status: 200, after: list("cancelled")},
		{name: "GroupByItsExample", request: "POST /v2/portorders/{pending group}/numbers", body: `{"add":["+12065550160"]}`, status: 200},
		{name: "GroupByItsTable", request: "POST /v2/portorders/{pending group}/numbers/", body: `{"numbers":["12065550160"]}`, status: 200},
		{name: "UsageInProse", request: "PATCH /v2/portorders/{pending}", body: attrs(`"usage_type":"Business"`), status: 200, expect: []string{`"usage_type":"business"`}},
		{name: "GroupStatus", request: "GET /v2/portorders?group_id={pending group}&status", status: 200, expect: []string{`"portorder_group"`}},
	})
}

// thousand are the most numbers that one portability call takes.
func thousand() string {
	var all []string
	for i := range 1000 {
		all = append(all, fmt.Sprintf(`"+1425200%04d"`, 1000+i))
	}
	return strings.Join(all, ",")
}
