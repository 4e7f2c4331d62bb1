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
		"SwaggerUIBundle(", ".swagger-ui"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is missing", part)
		}
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
