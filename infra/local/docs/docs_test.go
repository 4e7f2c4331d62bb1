package docs

import (
	"regexp"
	"strings"
	"testing"

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

func TestUnwrap(t *testing.T) {
	const text = "One\ntwo\nthree.\n\n- An item\n  goes on.\n- Another\n  one.\n\n| a | b |\n|---|---|\n| c | d |\n\nThe end\ncomes.\n"
	const want = "One two three.\n\n- An item goes on.\n- Another one.\n\n| a | b |\n|---|---|\n| c | d |\n\nThe end comes.\n"
	v := map[string]any{"list": []any{map[string]any{"description": text, "example": text}}}
	unwrapAll(v)
	if got := v["list"].([]any)[0].(map[string]any); got["description"] != want || got["example"] != text {
		t.Errorf("got %q and the example %q", got["description"], got["example"])
	}
}
