package usageplan

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"portway/internal/account"
)

// gateway plays API Gateway: it keeps keys in pages of one, and who is on the plan.
type gateway struct {
	keys   []key
	joined []string
	down   int // the status of every answer, 0 for none
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name, Value, KeyID, KeyType string }
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
	}
	answer := func(status int, out any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(out)
	}
	signed := strings.Contains(r.Header.Get("Authorization"), "/us-east-1/apigateway/aws4_request") &&
		strings.Contains(r.UserAgent(), " app/") // AWS's logs name the function
	switch {
	case !signed:
		answer(http.StatusForbidden, nil)
	case g.down != 0:
		answer(g.down, nil)
	case r.Method == http.MethodPost && r.URL.Path == "/apikeys":
		if slices.ContainsFunc(g.keys, func(k key) bool { return k.Value == in.Value }) {
			answer(http.StatusConflict, nil)
			return
		}
		g.keys = append(g.keys, key{ID: fmt.Sprint("k", len(g.keys)), Value: in.Value})
		answer(http.StatusCreated, g.keys[len(g.keys)-1])
	case r.Method == http.MethodGet && r.URL.Path == "/apikeys":
		at := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("position"), &at)
		page := map[string]any{"item": g.keys[at : at+1]}
		if at+1 < len(g.keys) {
			page["position"] = fmt.Sprint(at + 1)
		}
		answer(http.StatusOK, page)
	case r.Method == http.MethodPost && r.URL.Path == "/usageplans/p1/keys":
		if slices.Contains(g.joined, in.KeyID) {
			answer(http.StatusConflict, nil)
			return
		}
		g.joined = append(g.joined, in.KeyID)
		answer(http.StatusCreated, nil)
	default:
		answer(http.StatusNotFound, nil)
	}
}

func TestJoin(t *testing.T) {
	for name, test := range map[string]struct {
		keys   []key
		joined []string
		plan   string
		down   int
		want   string // the account's key on the plan, or the error
	}{
		"a new account":                       {plan: "p1", want: "k0"},
		"one whose key is there, on page two": {keys: []key{{"a", "other"}, {"b", account.PlanKey("acme")}}, plan: "p1", want: "b"},
		"one that has joined":                 {keys: []key{{"b", account.PlanKey("acme")}}, joined: []string{"b"}, plan: "p1", want: "b"},
		"a plan that is not there":            {plan: "p2", want: "join acme to the usage plan: API Gateway answered 404"},
		"no right to make keys":               {plan: "p1", down: http.StatusForbidden, want: "make the gateway's key of acme: API Gateway answered 403"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &gateway{keys: test.keys, joined: test.joined, down: test.down}
			server := httptest.NewServer(g)
			defer server.Close()
			cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: server.Client(),
				Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
			err := Join(t.Context(), cfg, test.plan, "acme")
			if err != nil && err.Error() != test.want {
				t.Errorf("failed with %q, want %q", err, test.want)
			}
			if err == nil && !slices.Equal(g.joined, []string{test.want}) {
				t.Errorf("on the plan are %q, want %q", g.joined, test.want)
			}
		})
	}
}
