package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Every detail of an order has its places on the wire: a call can send it, the answer shows it, and the description has
// it in both. A new row of porting's table of details fails here until it has all of them; each failure names the place.
func TestEveryDetailIsOnTheWire(t *testing.T) {
	w := newWorld(t)
	o := porting.Order{Created: now, Updated: now}
	for _, row := range porting.DetailRows() {
		row.Restore(&o.Details, detailValue(row))
	}
	raw, err := json.Marshal(w.api.orderOf(w.api.read(w.request("GET", "/v2/portorders", "", nil)), o, orders.Found{}))
	if err != nil {
		t.Fatal(err)
	}
	var shown map[string]any
	if err := json.Unmarshal(raw, &shown); err != nil {
		t.Fatal(err)
	}
	const schemas = "#/components/schemas/"
	for _, row := range porting.DetailRows() {
		t.Run(strings.ReplaceAll(row.Name, "/", "."), func(t *testing.T) {
			at, nested := row.Name, "billing_address/"+row.Name // the service address is sent flat and answered nested (D-NUM)
			if _, there := member(shown, at); !there {
				if _, there := member(shown, nested); there {
					at = nested
				}
			}
			want := any(detailValue(row))
			switch {
			case row.Seal != "":
				want = Mask
			case !row.Plain():
				want = true
			case row.List:
				want = []any{detailValue(row)}
			}
			if got, _ := member(shown, at); !reflect.DeepEqual(got, want) {
				t.Errorf("internal/api/order.go: an order with this detail is answered with %v at %s, want %v: it needs a field "+
					"in orderAttributes, which orderOf sets", got, at, want)
			}
			described := func(schema, at string) {
				t.Helper()
				of, name := schema, at
				if outer, inner, ok := strings.Cut(at, "/"); ok {
					of, name = schema+"/properties/"+outer, inner
				}
				if !slices.Contains(described(t).Attributes(of), name) {
					t.Errorf("infra/openapi.yaml: %s has no property %s", of, name)
				}
			}
			described(schemas+"OrderAttributes", at)
			for _, request := range []string{"CreateRequest", "EditRequest"} {
				described(schemas+request+"/properties/data/properties/attributes", row.Name)
			}

			sent := any(detailValue(row))
			if !row.Plain() && row.Seal == "" {
				sent = true
			}
			if row.List {
				sent = []any{detailValue(row)}
			}
			name := row.Name
			if outer, inner, ok := strings.Cut(row.Name, "/"); ok {
				name, sent = outer, map[string]any{inner: sent}
			}
			body, err := json.Marshal(map[string]any{"data": map[string]any{"attributes": map[string]any{name: sent}}})
			if err != nil {
				t.Fatal(err)
			}
			attrs, faults, err := w.api.read(w.request("POST", "/v2/portorders", string(body), nil)).document("portorder")
			if err != nil {
				t.Fatal(err)
			}
			taken := readAttributes(attrs, &faults, true).details
			got := row.Value(taken)
			if place := row.Secret(&taken); place != nil {
				got = place.Reveal()
			}
			if len(faults) > 0 || got != detailValue(row) {
				t.Errorf("internal/api/attributes.go: readAttributes takes %q of a call that sends %s (%v)", got, body, faults)
			}
		})
	}
}

// detailValue returns a value of the detail that no other detail has.
func detailValue(row porting.Detail) string {
	if !row.Plain() && row.Seal == "" {
		return "true"
	}
	return "the " + strings.ReplaceAll(row.Name, "/", " ")
}

// member returns the member of an object at a path of one or two names.
func member(of map[string]any, path string) (v any, there bool) {
	outer, inner, ok := strings.Cut(path, "/")
	if !ok {
		v, there = of[path]
		return v, there
	}
	below, _ := of[outer].(map[string]any)
	v, there = below[inner]
	return v, there
}
