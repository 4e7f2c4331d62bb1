package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// bodies are the calls that take a text, each with the place for it.
var textCalls = []struct{ request, body string }{
	{"POST /v2/portorders", `{"data":{"type":"portorder","attributes":{%s,` + minimal[:len(minimal)-1] + `"}}}`},
	{"PATCH /v2/portorders/{pending}", attrs(`%s`)},
	{"PATCH /v2/portorders/{pending}", attrs(`"presets":{%s}`)},
	{"PATCH /v2/portorders/{rejected}/status", attrs(`%s`)},
	{"PATCH /v2/portorders/{pending}/relationships/numbers", `{%s}`},
	{"POST /v2/portorders/{pending group}/numbers", `{%s}`},
	{"POST /v2/portorders/{pending}/loa", `{"data":{"type":"loa","attributes":{%s}}}`},
	{"POST /v2/portorders/{pending}/comments", `{"data":{"type":"comment","attributes":{%s}}}`},
	{"POST /v2/portorders/{pending}/upload_file", `{%s}`},
	{"POST /v2/portorders/{pending}/files", `{%s}`},
	{"POST /v2/portorders/portability", `{%s}`},
	{"POST /v2/account/keys", `{"data":{"type":"key","attributes":{%s}}}`},
	{"POST /v2/account/webhooks", `{"data":{"type":"webhook","attributes":{%s}}}`},
	{"PATCH /v2/account/contacts", `{"data":{"type":"contacts","attributes":{%s}}}`},
	{"POST /v2/account/e911s", `{"data":{"type":"e911","attributes":{%s}}}`},
	{"POST /v2/account/cnams", `{"data":{"type":"cnam","attributes":{%s}}}`},
	{"POST /v2/account/routes", `{"data":{"type":"route","attributes":{%s}}}`},
	{"PATCH /v2/account/webhooks/w1", `{"data":{"type":"webhook","attributes":{%s}}}`},
	{"POST /v2/account/webhooks/w1/replay", `{"data":{"type":"replay","attributes":{%s}}}`},
	{"POST /v2/account/contacts/confirm", `{"data":{"attributes":{%s}}}`},
	{"POST /v2/account/keys/k1/rotate", `{"data":{"attributes":{%s}}}`},
}

// A text that has lost a character, or will lose it in the decoder, is refused before anything is made of it, whatever
// it is for.
func TestLostCharacters(t *testing.T) {
	for _, call := range textCalls {
		for _, lost := range []struct{ name, member string }{
			{"Latin-1", "\"alias\":\"Jos\xe9\""},
			{"Windows-1252", "\"text\":\"\x93Hello\x94\""},
			{"cut in the middle of a letter", "\"alias\":\"Jos\xc3\""},
			{"a surrogate in UTF-8", "\"alias\":\"\xed\xa0\x80\""},
			{"overlong", "\"alias\":\"\xc0\xaf\""},
			{"replaced by a gateway", "\"alias\":\"Jos\ufffd\""},
			{"replaced, escaped", `"alias":"Jos\ufffd"`},
			{"half a pair in front", `"alias":"\ud83d"`},
			{"half a pair behind", `"alias":"\udc69 x"`},
			{"a pair the wrong way round", `"alias":"\udc69\ud83d"`},
			{"in a name", `"al\ud800ias":"x"`},
			{"in a list", `"numbers":["+12065550120","\ud800"]`},
		} {
			t.Run(call.request+"/"+lost.name, func(t *testing.T) {
				w := newWorld(t)
				w.five()
				method, target, _ := strings.Cut(call.request, " ")
				in := w.request(method, target, fmt.Sprintf(call.body, lost.member), nil)
				out := w.send(in)
				if out.StatusCode != 400 || !strings.Contains(out.Body, `"code":"malformed"`) || !strings.Contains(out.Body, "UTF-8") {
					t.Errorf("%d %s", out.StatusCode, out.Body)
				}
				in.Body, in.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(in.Body)), true
				if again := w.send(in); again.StatusCode != 400 {
					t.Errorf("in Base64: %d %s", again.StatusCode, again.Body)
				}
			})
		}
	}
}

func TestLostCharactersOfForms(t *testing.T) {
	const target = "POST /v2/portorders/portability"
	form, text := map[string]string{"Content-Type": formType}, map[string]string{"Content-Type": textType}
	lost := []string{"UTF-8"}
	run(t, []scenario{
		{name: "bytes in a form", request: target, header: form, body: "numbers=1425208117\xe9", status: 400, expect: lost},
		{name: "escaped in a form", request: target, header: form, body: "numbers=1425208117%E9", status: 400, expect: lost},
		{name: "in the name of a form", request: target, header: form, body: "%E9=14252081174", status: 400, expect: lost},
		{name: "in JSON under a form's name", request: target, header: form, body: `{"numbers":["1425208117` + "\xe9" + `"]}`, status: 400, expect: lost},
		{name: "replaced in a form", request: target, header: form, body: "numbers=1425208117%EF%BF%BD", status: 400, expect: lost},
		{name: "bytes in a quoted text", request: target, header: text, body: "\"{'numbers': ['1425208117\xe9']}\"", status: 400, expect: lost},
		{name: "half a pair in a quoted text", request: target, header: text, body: `"{'numbers': ['1425208117\ud800']}"`, status: 400, expect: lost},
		{name: "OK: marks around a number", request: target, header: form, body: "numbers=%E2%80%AA%2B14252081174%E2%80%AC", status: 200,
			expect: []string{`"portable":["+14252081174"]`}},
		{name: "OK: marks in a quoted text", request: target, header: text, body: "\"{'numbers': ['\u202a+1 425-208-1174\u202c']}\"", status: 200,
			expect: []string{`"portable":["+14252081174"]`}},
	})
}

// Text is kept composed, so that a letter is the same whichever way it was written.
func TestTextIsComposed(t *testing.T) {
	body := func(out events.APIGatewayProxyResponse, want string) string {
		if !strings.Contains(out.Body, want) {
			return fmt.Sprintf("lacks %+q: %s", want, out.Body)
		}
		return ""
	}
	for _, text := range []struct{ name, sent, kept string }{
		{"an accent", "Jose\u0301", "José"},
		{"two accents", "Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"},
		{"two accents in the other order", "e\u0323\u0302 e\u0302\u0323", "ệ ệ"},
		{"a letter that is another one's double", "\u212bngstro\u0308m", "Ångström"},
		{"Korean", "\u1112\u1161\u11ab", "한"},
		{"an accent by its escape", `Jose\u0301`, "José"},
		{"spaces of other kinds", "Pat\u00a0Q.\u3000Example", "Pat Q. Example"},
	} {
		t.Run(text.name, func(t *testing.T) {
			for _, call := range []struct{ request, body string }{
				{"PATCH /v2/portorders/{pending}", attrs(`"alias":"%s"`)},
				{"PATCH /v2/portorders/{pending}", attrs(`"billing_name":"%s","company":"x"`)},
				{"PATCH /v2/portorders/{pending}", attrs(`"city":"%s"`)},
				{"POST /v2/portorders/{pending}/comments", `{"data":{"type":"comment","attributes":{"text":"%s"}}}`},
				{"POST /v2/portorders/{pending}/upload_file", `{"filename":"%s.pdf"}`},
				{"POST /v2/account/keys", `{"data":{"type":"key","attributes":{"name":"%s"}}}`},
				{"POST /v2/account/webhooks", `{"data":{"type":"webhook","attributes":{"url":"https://example.com/hook","description":"%s"}}}`},
			} {
				w := newWorld(t)
				w.five()
				method, target, _ := strings.Cut(call.request, " ")
				out := w.send(w.request(method, target, fmt.Sprintf(call.body, text.sent), nil))
				if out.StatusCode >= http.StatusMultipleChoices {
					t.Errorf("%s: %d %s", call.request, out.StatusCode, out.Body)
				} else if why := body(out, text.kept); why != "" {
					t.Errorf("%s %s", call.request, why)
				}
			}
		})
	}
}

func TestMarksThatShowNothing(t *testing.T) {
	const target = "PATCH /v2/portorders/{pending}"
	run(t, []scenario{
		{name: "OK: around numbers of a contact card", request: "PATCH /v2/portorders/{pending}/relationships/numbers",
			body: `{"add":["\u202a+1 (206) 555-0170\u202c","\u200e206-555-0171\u200e","\ufeff2065550172","206\u00ad555\u200b0173","\u2068206.555.0174\u2069"]}`, status: 200,
			expect: []string{"+12065550170", "+12065550171", "+12065550172", "+12065550173", "+12065550174"}},
		{name: "OK: around values of a fixed form", request: target,
			body:   attrs(`"billing_number":"\u202a(206) 555-0177\u202c","zip":"\ufeff98104","state":"wa\u200e","pin":"\u200b998877","loa_details":{"email":"\u200eada@example.com"}`),
			status: 200, expect: []string{`"billing_number":"+12065550177"`, `"zip":"98104"`, `"state":"WA"`, `"email":"ada@example.com"`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if got := w.stored("pending").Details.PIN.Reveal(); got != "998877" {
					t.Errorf("the PIN is %q", got)
				}
			}},
		{name: "a number turned around", request: "PATCH /v2/portorders/{pending}/relationships/numbers", body: `{"add":["\u202e0710555602"]}`, status: 422,
			expect: []string{`"code":"number_character"`}},
		{name: "a mark in a name", request: target, body: attrs(`"billing_name":"Pat\u200bExample"`), status: 422,
			expect: []string{`"pointer":"/data/attributes/billing_name"`, "U+200B"}, after: untouched("pending")},
		{name: "a name turned around", request: target, body: attrs(`"company":"\u202eelpmaxE"`), status: 422, expect: []string{"U+202E"}, after: untouched("pending")},
		{name: "tags in a street", request: target, body: attrs(`"street":"1 Main St\udb40\udc41"`), status: 422, expect: []string{"U+E0041"}, after: untouched("pending")},
		{name: "an address of the web turned around", request: "POST /v2/account/webhooks",
			body:   `{"data":{"type":"webhook","attributes":{"url":"https://example.com/\u202egnp.exe"}}}`,
			status: 422, expect: []string{`"pointer":"/data/attributes/url"`, "U+202E"}},
		{name: "a character that is none in an address of the web", request: "POST /v2/account/webhooks",
			body:   `{"data":{"type":"webhook","attributes":{"url":"https://example.com/\uffffa"}}}`,
			status: 422, expect: []string{`"pointer":"/data/attributes/url"`, "U+FFFF"}},
		{name: "OK: marks around an address of the web", request: "POST /v2/account/webhooks",
			body:   `{"data":{"type":"webhook","attributes":{"url":"\u200ehttps://example.com/hook\u2069"}}}`,
			status: 201, expect: []string{`"url":"https://example.com/hook"`}},
		{name: "a comment with a hidden space", request: "POST /v2/portorders/{pending}/comments", body: `{"data":{"attributes":{"text":"a\u200bb"}}}`, status: 422,
			expect: []string{"U+200B"}, after: untouched("pending")},
		{name: "a comment with another line's end", request: "POST /v2/portorders/{pending}/comments", body: `{"data":{"attributes":{"text":"a\u2028b"}}}`, status: 422,
			expect: []string{"U+2028"}, after: untouched("pending")},
		{name: "OK: a comment of lines and tabs", request: "POST /v2/portorders/{pending}/comments", body: `{"data":{"attributes":{"text":" a\r\n\tb\u00a0c "}}}`, status: 201,
			expect: []string{`"text":"a\n\tb c"`}},
		{name: "a webhook's description", request: "POST /v2/account/webhooks",
			body:   `{"data":{"type":"webhook","attributes":{"url":"https://example.com/hook","description":"a\u2066b"}}}`,
			status: 422, expect: []string{`"pointer":"/data/attributes/description"`, "U+2066"}},
		{name: "a key's name", request: "POST /v2/account/keys", body: `{"data":{"type":"key","attributes":{"name":"a\u3164b"}}}`, status: 422, expect: []string{"U+3164"}},
		{name: "a record's city", request: "POST /v2/account/e911s", body: `{"data":{"type":"e911","attributes":{"city":"a\u2800b"}}}`, status: 422,
			expect: []string{`"pointer":"/data/attributes/city"`, "U+2800"}},
	})
}
