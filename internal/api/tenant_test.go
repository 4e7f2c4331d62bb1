package api

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"portway/internal/account"
	"portway/internal/api/apitest"
)

// Each route, with each of its examples, treats what is another account's as what there is not, and changes nothing of
// it. A new route is walked because it is in the table, and described; a new kind of id has to be one of the other
// account's too.
func TestEveryRouteIsBlindToAnotherAccount(t *testing.T) {
	quiet(t)
	for _, row := range routes {
		if strings.HasPrefix(row.path, "/v2/carriers/") {
			continue // the profiles of carriers are the same for every account (TestCarriers)
		}
		o, ok := described(t).Find(row.method, row.path)
		if !ok {
			t.Fatalf("%s %s is not described", row.method, row.path)
		}
		for _, e := range o.Examples {
			t.Run(row.method+" "+row.path+" "+e.Name, func(t *testing.T) {
				if strings.Contains(row.path, "{") {
					blindToIDs(t, row, o, e)
				} else {
					blindToLists(t, o, e)
				}
			})
		}
	}
}

// blindToIDs sends another account's ids, and ids that nobody has.
func blindToIDs(t *testing.T, row route, o apitest.Operation, e apitest.Example) {
	w := newWorld(t)
	w.five()
	w.ids["theirs webhook"], _ = w.hook(theirs, nil)
	delivery := w.delivery(w.ids["theirs webhook"], theirs, "+12065550190")
	w.ids["theirs delivery"], w.ids["none delivery"] = delivery.ID(), delivery.ID()
	w.ids["none webhook"] = w.ids["theirs webhook"][:2] + strings.Repeat("0", len(w.ids["theirs webhook"])-2)
	withKeys(w)
	w.ids["theirs key"], w.ids["none key"] = "Theirs01", "Theirs00"
	for _, kind := range []account.PresetKind{account.Route, account.E911, account.CNAM} {
		if err := w.store.AddPreset(t.Context(), account.Preset{Ref: account.Ref{Kind: kind, ID: "4503599627370490"}, Account: theirs}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.ids["theirs record"], w.ids["none record"] = "4503599627370490", "4503599627370491"
	ask := func(whose string) (int, string) {
		path := row.path
		for _, p := range o.Parameters {
			if p.In != "path" {
				continue
			}
			id := w.ids[whose+" "+p.Name]
			switch first, _, _ := strings.Cut(row.path[strings.Index(row.path, "{")+1:], "}"); {
			case p.Name == "order":
				id = w.ids[whose]
			case p.Name != first && id == "": // below another's order it may be anything
				id = p.Example
			}
			if id == "" {
				t.Fatalf("the world has no %s that is %s", p.Name, whose)
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", id)
		}
		good := o.Good(e)
		in := w.request(row.method, path, "", good.Header)
		in.Body = good.Body
		out := w.send(in)
		return out.StatusCode, out.Body
	}
	was := w.state()
	status, body := ask("theirs")
	unknown, none := ask("none")
	if status != 404 && status != 422 || status != unknown || body != none { // the body may have faults of its own
		t.Errorf("another's: %d %s\nnone: %d %s", status, body, unknown, none)
	}
	if now := w.state(); now != was {
		t.Errorf("something changed:\n%s\n%s", was, now)
	}
}

// blindToLists reads with each of the parameters, and finds nothing of another account's.
func blindToLists(t *testing.T, o apitest.Operation, e apitest.Example) {
	w := newWorld(t)
	w.five()
	queries := []url.Values{{}, {"limit": {"200"}}, {"numbers": {"+12065550106"}}, {"group_id": {w.ids["theirs group"]}}}
	for _, p := range o.Parameters {
		if p.In == "query" {
			queries = append(queries, url.Values{p.Name: {p.Example}})
		}
	}
	before, err := w.store.Load(context.Background(), w.stored("theirs").ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range queries {
		good := o.Good(e)
		in := w.request(o.Method, o.Path, "", good.Header)
		in.Body, in.MultiValueQueryStringParameters = good.Body, query
		if out := w.send(in); strings.Contains(strings.ReplaceAll(out.Body, query.Get("group_id"), ""), w.ids["theirs"]) {
			t.Errorf("%s tells of another account's order: %s", query.Encode(), out.Body)
		}
	}
	if after := w.stored("theirs"); after.Version != before.Version {
		t.Errorf("the other account's order is version %d now, not %d", after.Version, before.Version)
	}
}
