package apitest

import (
	"net/http"
	"strings"
	"testing"
)

// Check finds a status, a header and a body that the description does not have.
func TestCheckFindsWhatIsNotDescribed(t *testing.T) {
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	const id = "7fcfd1cd-9f1c-4b5a-8d3e-0a1b2c3d4e5f"
	header := func(pairs ...string) http.Header {
		h := http.Header{"X-Request-Id": {id}, "Etag": {`"1"`}}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
			if pairs[i+1] == "" {
				h.Del(pairs[i])
			}
		}
		return h
	}
	const status = `{"data":{"type":"portorder","id":"7","attributes":{"status":"pending","status_updated_at":null}}}`
	const unknown = `{"errors":[{"id":"` + id + `","status":404,"title":"x","detail":"x","code":"unknown_route"}]}`
	for _, tc := range []struct {
		name, method, path string
		answer             Answer
		want               string // in the error; none when empty
	}{
		{"Fine", "GET", "/v2/portorders/7/status", Answer{200, header(), []byte(status)}, ""},
		{"FineInAnyCase", "GET", "/v2/PortOrders/7/STATUS/", Answer{200, header(), []byte(status)}, ""},
		{"UndescribedStatus", "GET", "/v2/portorders/7/status", Answer{418, header(), []byte(status)}, "not described to answer 418"},
		{"UnknownMember", "GET", "/v2/portorders/7/status", Answer{200, header(), []byte(strings.Replace(status, `"id"`, `"x":1,"id"`, 1))}, "additional properties 'x'"},
		{"MissingMember", "GET", "/v2/portorders/7/status", Answer{200, header(), []byte(strings.Replace(status, `,"status_updated_at":null`, ``, 1))}, "missing property"},
		{"UnknownWord", "GET", "/v2/portorders/7/status", Answer{200, header(), []byte(strings.Replace(status, `pending`, `waiting`, 1))}, "value must be one of"},
		{"NotJSON", "GET", "/v2/portorders/7/status", Answer{200, header(), []byte(`<x/>`)}, "invalid character"},
		{"UndescribedHeader", "GET", "/v2/portorders/7/status", Answer{200, header("Location", "https://example.com"), []byte(status)}, "Location is not described"},
		{"MissingHeader", "GET", "/v2/portorders/7/comments", Answer{200, header("ETag", ""), []byte(`{"data":[]}`)}, "ETag is missing"},
		{"OddHeader", "GET", "/v2/portorders/7/comments", Answer{200, header("ETag", "1"), []byte(`{"data":[]}`)}, "header ETag"},
		{"NoSuchPath", "GET", "/v2/nothing", Answer{404, header(), []byte(unknown)}, ""},
		{"NoSuchPathAnswersAllTheSame", "GET", "/v2/nothing", Answer{200, header(), []byte(status)}, "is not described"},
		{"AnotherMethod", "GET", "/v2/portorders/portability", Answer{405, header(), []byte(unknown)}, ""},
		{"AnEntryOfAnotherKind", "GET", "/v2/nothing", Answer{404, header(), []byte(strings.Replace(unknown, "unknown_route", "oops", 1))}, "code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := c.Check(tc.method, tc.path, tc.answer)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
