package docs

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portway/infra"
)

// The page holds the whole description, its own styles and script, and fetches nothing.
func TestPage(t *testing.T) {
	raw, err := Page(infra.OpenAPI(), "http://127.0.0.1:4599/live")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, part := range []string{"<title>Portway, the porting API</title>", `"url":"http://127.0.0.1:4599/live"`, `"/v2/portorders/{order}/loa"`,
		"SwaggerUIBundle(", ".swagger-ui", "Add `?validate_only=true` to any call that changes something (extension). The answer is that of the real call"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is missing", part)
		}
	}
	if settings := page[strings.LastIndex(page, "<script>"):]; strings.Contains(settings, "supportedSubmitMethods") ||
		!strings.Contains(settings, "persistAuthorization: false") {
		t.Error("the page sends no requests, or keeps the credentials")
	}
	if found := regexp.MustCompile(`<(script|link|img|iframe)[^>]*(src|href)="[^d][^"]*"`).FindString(page[:strings.Index(page, "<script>")]); found != "" {
		t.Errorf("the page fetches %s", found)
	}
	if n := strings.Count(page, "</script>"); n != 2 {
		t.Errorf("%d scripts end, not the two of the page", n)
	}
}

func TestWhatIsNoDescription(t *testing.T) {
	if _, err := Page("\tx: [", ""); err == nil {
		t.Error("a page was made of it")
	}
}

// Lines are joined, a value stays what it is, and no optional parameter is filled in.
func TestWhatThePageMakesOfTheDescription(t *testing.T) {
	const text = "One\ntwo\nthree.\n\n- An item\n  goes on.\n- Another\n  one.\n\n| a | b |\n|---|---|\n| c | d |\n\nThe end\ncomes.\n"
	const want = "One two three.\n\n- An item goes on.\n- Another one.\n\n| a | b |\n|---|---|\n| c | d |\n\nThe end comes.\n"
	if got := unwrap(text); got != want {
		t.Errorf("got %q", got)
	}
	for _, tc := range []struct{ yaml, json string }{
		{"z: 1\na: {y: [true, null, \"1\", 1.5], b: x}\n", `{"z":1,"a":{"y":[true,null,"1",1.5],"b":"x"}}`},
		{"{description: \"A\\nb.\", value: \"A\\nb.\"}", `{"description":"A b.","value":"A\nb."}`},
		{"{name: x, in: query, description: X., example: [a, b], schema: {}}", `{"name":"x","in":"query","description":"X. For example: ` + "`a,b`" + `.","schema":{}}`},
		{"{name: x, in: path, required: true, description: X., example: a}", `{"name":"x","in":"path","required":true,"description":"X.","example":"a"}`},
		{"{name: x, in: query, description: X., example: \"\"}", `{"name":"x","in":"query","description":"X."}`},
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(tc.yaml), &n); err != nil {
			t.Fatal(err)
		}
		prepare(&n)
		var b bytes.Buffer
		if err := writeJSON(&b, &n); err != nil || b.String() != tc.json {
			t.Errorf("%s became %s (%v), want %s", tc.yaml, b.String(), err, tc.json)
		}
	}
}
