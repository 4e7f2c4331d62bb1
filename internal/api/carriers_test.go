package api

import (
	"encoding/json"
	"strings"
	"testing"

	"portway/internal/carrier"
)

// The pages together tell every profile once, each value with its mark, and each profile is read by its id.
func TestCarriers(t *testing.T) {
	w := newWorld(t)
	seen, path := map[string]bool{}, "/v2/carriers?limit=30"
	for path != "" {
		var page struct {
			Data  []resource
			Links links
		}
		out := w.send(w.request("GET", path, "", nil))
		if err := json.Unmarshal([]byte(out.Body), &page); err != nil || out.StatusCode != 200 || len(page.Data) == 0 {
			t.Fatalf("%d %s", out.StatusCode, out.Body)
		}
		for _, one := range page.Data {
			if seen[one.ID] {
				t.Errorf("%s is there twice", one.ID)
			}
			seen[one.ID] = true
		}
		_, path, _ = strings.Cut(page.Links.Next, "/v2/")
		if path != "" {
			path = "/v2/" + path
		}
	}
	for _, p := range carrier.All() {
		out := w.send(w.request("GET", "/v2/carriers/"+p.ID, "", nil))
		if !seen[p.ID] || out.StatusCode != 200 {
			t.Errorf("%s: listed %t, %d", p.ID, seen[p.ID], out.StatusCode)
		}
		var one struct {
			Data struct{ Attributes carrierAttributes }
		}
		if err := json.Unmarshal([]byte(out.Body), &one); err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Values {
			if got, want := one.Data.Attributes.Values[v.Field], (carrierValue{v.Text, string(v.Mark)}); got != want {
				t.Errorf("%s: %s is told as %v, want %v", p.ID, v.Field, got, want)
			}
		}
	}
	for path, want := range map[string]int{"/v2/carriers/nobody": 404, "/v2/carriers?after=x": 422, "/v2/carriers?limit=0": 422} {
		if out := w.send(w.request("GET", path, "", nil)); out.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, out.StatusCode, want)
		}
	}
}
