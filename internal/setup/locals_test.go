package setup

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"portway/internal/env"
	"portway/internal/porting"
)

// wire is a Locals peer that says no to everything and remembers how it was asked.
func wire(t *testing.T) (url string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		auth, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		all = append(all, r.Method+" "+r.URL.Path+" "+auth)
		if r.URL.Path == "/token" {
			fmt.Fprint(w, `{"access_token":"t","expires_in":3600}`)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []string { mu.Lock(); defer mu.Unlock(); return all }
}

// ours has our passwords by peer.
type ours map[string]string

func (o ours) Of(_ context.Context, peer string, _ porting.Secret) (porting.Secret, error) {
	return porting.NewSecret(o[peer]), nil
}

// Another Locals peer is another entry: named, in its order, with the credentials and options of its own.
func TestLocals(t *testing.T) {
	url, asked := wire(t)
	values := map[string]string{"LOCALS_URL": url, "LOCALS_ACCOUNT": "1", "LOCALS_SITE": "743", "LOCALS_USER": "portway"}
	entry := `{"name":"%s","url":"` + url + `","account":"2","site":"743","user":"u"%s}`
	for _, test := range []struct {
		name, options, more string
		want                string
		refused             bool
	}{
		{name: "one", want: "locals"},
		{name: "an empty list", more: "[]", want: "locals"},
		{name: "more, in their order", more: "[" + fmt.Sprintf(entry, "north", "") + "," +
			fmt.Sprintf(entry, "south", `,"options":"direct,triggered"`) + "]",
			want: "locals north south(direct)"},
		{name: "the first is direct", options: "direct", want: "locals(direct)"},
		{name: "no list", more: "{}", refused: true},
		{name: "a name twice", more: "[" + fmt.Sprintf(entry, "locals", "") + "]", refused: true},
		{name: "no name", more: "[" + fmt.Sprintf(entry, "", "") + "]", refused: true},
		{name: "the registry's name", more: "[" + fmt.Sprintf(entry, "somos", "") + "]", refused: true},
		{name: "an unknown option", options: "direkt", refused: true},
		{name: "no address", more: `[{"name":"north","account":"2"}]`, refused: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			values["LOCALS_OPTIONS"], values["MORE_LOCALS"] = test.options, test.more
			e := env.Of(func(name string) string { return values[name] })
			var names []string
			for _, p := range Locals(e, ours{}) {
				name := p.Name()
				if p.Direct {
					name += "(direct)"
				}
				names = append(names, name)
			}
			if f := e.Faults(); (len(f) > 0) != test.refused {
				t.Errorf("refused: %v", f)
			}
			if got := strings.Join(names, " "); !test.refused && got != test.want {
				t.Errorf("peers: %s, want %s", got, test.want)
			}
		})
	}
	t.Run("Basic, or OAuth2 where there is a token service", func(t *testing.T) {
		values["LOCALS_OPTIONS"] = ""
		values["MORE_LOCALS"] = "[" + fmt.Sprintf(entry, "north", `,"token_url":"`+url+`/token"`) + "]"
		for _, p := range Locals(env.Of(func(name string) string { return values[name] }), ours{"locals": "p", "north": "p"}) {
			_, _ = p.Read(t.Context(), "ref") // what it says does not matter
		}
		want := "GET /accounts/1/portins/ref Basic, POST /token Basic, GET /accounts/2/portins/ref Bearer"
		if got := strings.Join(asked(), ", "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
