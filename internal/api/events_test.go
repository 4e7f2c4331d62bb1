package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

func TestEvents(t *testing.T) {
	const target = "GET /v2/portorders/{rejected}/events"
	run(t, []scenario{
		{name: "All", request: target, status: 200, after: header("ETag", `"4"`),
			expect: []string{`{"data":[{"type":"event","id":"{rejected}.1.0","attributes":{"portorder_id":"{rejected}","group_id":"{rejected group}","sequence":1,` +
				`"event":"created","at":"2026-03-02T15:00:00Z","by":"customer","key_id":"key-8jn5za","status_before":null,"status":"pending"`,
				`"sequence":2,"event":"signed"`, `"status_before":"pending","status":"processing"`, `"charge":"15"`,
				`"by":"staff","key_id":null,"status_before":"submitted","status":"rejected","text":"The order was rejected: ZIP code mismatch (`,
				`"reasons":[{"code":"ZIP_MISMATCH","title":"ZIP code mismatch","numbers":[]}`}, not: []string{`"mk"`, "ACCT-778812", `"next"`}},
		{name: "Page", request: target + "?limit=2&after=1", status: 200, expect: []string{`"sequence":2`, `"sequence":3`,
			`"next":"https://api.example.com/v2/portorders/{rejected}/events?after=3&limit=2"`}, not: []string{`"sequence":1,`, `"sequence":4`}},
		{name: "LastPage", request: target + "?limit=2&after=2", status: 200, expect: []string{`"sequence":4`}, not: []string{`"next"`}},
		{name: "Beyond", request: target + "?after=9", status: 200, expect: []string{`{"data":[]`}},
		{name: "Faults", request: target + "?limit=0&after=x&since=1", status: 422,
			expect: []string{`"parameter":"limit"`, `"parameter":"after"`, `"parameter":"since"`}},
		{name: "WhatTheDeskIsAsked", request: "GET /v2/portorders/{submitted}/events", status: 200, expect: []string{`"event":"desk_asked"`, "Our staff was asked."},
			not: []string{"Is this a known reseller?"}, before: func(w *world) {
				if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["submitted"]), porting.AskDesk{By: system, Why: porting.Words("Is this a known reseller?")}); err != nil {
					w.t.Fatal(err)
				}
			}},
		{name: "Theirs", request: "GET /v2/portorders/{theirs}/events", status: 404},
		{name: "TheirsWithFaults", request: "GET /v2/portorders/{theirs}/events?limit=x", status: 404},
		{name: "Feed", request: "GET /v2/events", status: 200, expect: []string{`"portorder_id":"{pending}"`, `"portorder_id":"{rejected}"`, `"resume":"`},
			not: []string{"{theirs}", `"next"`}},
		{name: "FeedFaults", request: "GET /v2/events?after=" + cursorOf("order", "7") + "&limit=201&x=", status: 422,
			expect: []string{`"parameter":"after"`, `"parameter":"limit"`, `"parameter":"x"`}},
	})
}

// A client that comes back with what it was given sees every event of its account, and soon none twice.
func TestCatchUp(t *testing.T) {
	w := newWorld(t)
	w.five()
	type answer struct {
		Data  []resource
		Links links
		Meta  meta
	}
	read := func(target string) (ids []string, a answer) {
		t.Helper()
		for n := 0; target != ""; n++ {
			out := w.send(w.request("GET", target, "", nil))
			a = answer{}
			if err := json.Unmarshal([]byte(out.Body), &a); err != nil || out.StatusCode != 200 || n > 20 {
				t.Fatal(out.StatusCode, err, n)
			}
			for _, e := range a.Data {
				ids = append(ids, e.ID)
			}
			target = strings.TrimPrefix(a.Links.Next, "https://api.example.com")
		}
		return ids, a
	}
	all, last := read("/v2/events?limit=3")
	if want := 1 + 2 + 3 + 4 + 2; len(all) != want {
		t.Fatalf("%d events, want %d: %v", len(all), want, all)
	}
	if again, _ := read("/v2/events?after=" + last.Meta.Resume); len(again) != len(all) {
		t.Errorf("before they have settled, %d of %d come again", len(again), len(all))
	}
	w.book.Now = func() time.Time { return now.Add(time.Hour) }
	_, last = read("/v2/events?limit=3")
	w.order("later", mine, []string{"+12065550190"})
	if fresh, _ := read("/v2/events?after=" + last.Meta.Resume); len(fresh) != 1 || fresh[0] != w.ids["later"]+".1.0" {
		t.Errorf("new are %v", fresh)
	}
	in := w.request("GET", "/v2/events", "", nil)
	in.RequestContext.Authorizer = map[string]any{"account": "nobody", "kind": "live"}
	if out := w.send(in); out.StatusCode != 200 || !strings.Contains(out.Body, `"data":[]`) {
		t.Errorf("an account without orders: %d %s", out.StatusCode, out.Body)
	}
}
