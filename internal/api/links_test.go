package api

import (
	"encoding/json"
	"strings"
	"testing"

	"portway/internal/link"
)

func TestLinks(t *testing.T) {
	of := func(attrs string) string { return `{"data":{"type":"link","attributes":{` + attrs + `}}}` }
	const path = "/v2/portorders/{pending}/links"
	for _, test := range []struct {
		name, body string
		status     int
		expect     []string
	}{
		{"WithoutEmail", "", 201, []string{`"scope":["see","comment","upload"]`, `"email":null`, `"url":"https://order.example.com/p/`}},
		{"WithEmail", of(`"email":"jane@example.com"`), 201, []string{`"scope":["see","comment","upload","correct","sign","date","cancel"]`}},
		{"WithAll", of(`"email":"jane@example.com","scope":["sign"],"expires_at":"2026-04-01T00:00:00Z","return_url":"https://portal.example.com/o"`), 201,
			[]string{`"scope":["see","sign"]`, `"expires_at":"2026-04-01T00:00:00Z"`, `"return_url":"https://portal.example.com/o"`, `"state":"open"`}},
		{"WeightWithoutEmail", of(`"scope":["sign","cancel"]`), 422, []string{`"pointer":"/data/attributes/scope/1"`, `"pointer":"/data/attributes/scope/2"`}},
		{"EveryFault", of(`"email":"x","scope":["fly"],"expires_at":"yesterday","return_url":"javascript:alert(1)","color":"red"`), 422,
			[]string{"/email", "/scope/0", "/expires_at", "/return_url", "/color"}},
		{"Expired", of(`"expires_at":"2026-03-02T15:00:00Z"`), 422, []string{"within the next year"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			out := w.send(w.request("POST", path, test.body, nil))
			if out.StatusCode != test.status {
				t.Errorf("%d: %s", out.StatusCode, out.Body)
			}
			for _, part := range test.expect {
				if !strings.Contains(out.Body, part) {
					t.Errorf("%q is missing in %s", part, out.Body)
				}
			}
			if all, err := w.store.Links(t.Context(), "x"); err != nil || len(all) > 0 {
				t.Errorf("%v %v", all, err)
			}
		})
	}
	t.Run("the address opens the order until the link is revoked, and is shown once", func(t *testing.T) {
		w := newWorld(t)
		w.five()
		var made struct {
			Data struct {
				ID         string
				Attributes struct{ URL string }
			}
		}
		if err := json.Unmarshal([]byte(w.send(w.request("POST", path, "", nil)).Body), &made); err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(made.Data.Attributes.URL, "https://order.example.com/p/")
		token, ok := link.ParseToken(text)
		if l, err := link.Find(t.Context(), w.store, token); !ok || err != nil || l.ID != made.Data.ID {
			t.Fatalf("it opens %+v (%v)", l, err)
		}
		for _, again := range []string{w.send(w.request("GET", path, "", nil)).Body, w.send(w.request("DELETE", path+"/"+made.Data.ID, "", nil)).Body} {
			if !strings.Contains(again, made.Data.ID) || strings.Contains(again, text[20:]) {
				t.Errorf("%s", again)
			}
		}
		if l, err := link.Find(t.Context(), w.store, token); err != nil || l.Revoked.IsZero() {
			t.Errorf("revoked at %s (%v)", l.Revoked, err)
		}
	})
	t.Run("a dry run makes none", func(t *testing.T) {
		w := newWorld(t)
		w.five()
		if out := w.send(w.request("POST", path+"?validate_only=true", "", nil)); out.StatusCode != 200 || strings.Contains(out.Body, "order.example.com") {
			t.Errorf("%d %s", out.StatusCode, out.Body)
		}
		if body := w.send(w.request("GET", path, "", nil)).Body; strings.Contains(body, `"type":"link"`) {
			t.Error(body)
		}
	})
}
