package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portway/infra"
	"portway/infra/local/docs"
)

// The page of the documentation shows every operation, at every width.
func TestDocumentation(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		raw, err := docs.Page(infra.OpenAPI(), "http://127.0.0.1:1/live")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(raw)
	}))
	defer server.Close()
	var description struct{ Paths map[string]map[string]any }
	if err := yaml.Unmarshal([]byte(infra.OpenAPI()), &description); err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, path := range description.Paths {
		for method := range path {
			if method != "parameters" {
				operations++
			}
		}
	}
	Run(t, "infra/local/browser/testdata/docs.mjs", map[string]any{"url": server.URL, "operations": operations})
}

// The kit notices what is wrong with a page, and only that.
func TestKit(t *testing.T) {
	pages := map[string]string{
		"good":       `<label>Order <input name="o"></label>`,
		"unlabelled": `<input name="o">`,
		"wide":       `<div style="width:900px">wide</div>`,
		"failing":    `<script>throw new Error("no such thing")</script>`,
		"fetching":   `<img alt="" src="http://elsewhere.invalid/x.png">`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A page</title><main><h1>A page</h1>%s</main>`,
			pages[strings.TrimPrefix(r.URL.Path, "/")])
	}))
	defer server.Close()
	input := map[string]string{}
	for name := range pages {
		input[name] = server.URL + "/" + name
	}
	wrong := map[string]string{
		"a good page":                        "",
		"a field without a label":            "label: Form elements must have labels",
		"a page that is too wide":            "pixels wide in a window of 390",
		"a script that fails":                "the page's script failed: no such thing",
		"a page that fetches from elsewhere": "the page fetches http://elsewhere.invalid/x.png",
	}
	outcomes := run(t, "infra/local/browser/testdata/kit.mjs", input)
	for _, o := range outcomes {
		if want := wrong[o.Name]; (want == "") != (o.Error == "") || !strings.Contains(o.Error, want) {
			t.Errorf("%s: found %q, want %q", o.Name, o.Error, want)
		}
		delete(wrong, o.Name)
	}
	if len(wrong) != 0 {
		t.Errorf("not tried: %v", wrong)
	}
}
