package stack

import (
	"context"
	"encoding/base64"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"portway/infra"
	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/porting"
)

// gatewayRoute is a route of the gateway, with the authorizer that checks its callers and the function that answers.
type gatewayRoute struct {
	method, path string
	authorizer   string
	function     string
	counted      bool // by the usage plan
}

func (tpl samTemplate) routes(t *testing.T) []gatewayRoute {
	t.Helper()
	byDefault := properties[struct {
		Auth struct{ DefaultAuthorizer string }
	}](t, tpl, "Api").Auth.DefaultAuthorizer
	var all []gatewayRoute
	for _, name := range tpl.functions() {
		events := properties[struct {
			Events map[string]struct {
				Type       string
				Properties struct {
					RestApiId, Path, Method string
					Auth                    struct {
						Authorizer     string
						ApiKeyRequired *bool
					}
				}
			}
		}](t, tpl, name).Events
		for _, e := range events {
			if e.Type != "Api" {
				continue
			}
			p := e.Properties
			r := gatewayRoute{method: strings.ToUpper(p.Method), path: p.Path, authorizer: p.Auth.Authorizer, function: name,
				counted: p.Auth.ApiKeyRequired == nil || *p.Auth.ApiKeyRequired}
			switch {
			case p.RestApiId != "Api": // the pages ask nobody for credentials
				r.authorizer, r.counted = "NONE", false
			case r.authorizer == "":
				r.authorizer = byDefault
			}
			all = append(all, r)
		}
	}
	return all
}

// The callers that are tried on each route: one without credentials, a customer, three peers and the operator's switch.
var (
	callers = []string{"none", "customer", "locals", "north", "somos", "switch"}
	hooks   = access.Hooks{
		{Peer: "locals", Path: access.LocalsPath, User: "locals", Password: porting.NewSecret("one")},
		{Peer: "somos", Path: access.SomosPath, User: "somos", Password: porting.NewSecret("two")},
		{Peer: "switch", Path: access.SwitchPath, User: "switch", Password: porting.NewSecret("four")},
		{Peer: "north", Path: access.LocalsPath, User: "north", Password: porting.NewSecret("three")},
	}
	credentials = map[string]string{"customer": "demokey1:examplesecret", "locals": "locals:one", "north": "north:three",
		"somos": "somos:two", "switch": "switch:four"}
)

// authorizers has the authorizer that each function runs, by the function's name in the template.
func authorizers() map[string]access.Authorizer {
	return map[string]access.Authorizer{
		"AuthorizerFunction": access.Customers(func(_ context.Context, key, secret, _ string) (account.Key, error) {
			if key+":"+secret != credentials["customer"] {
				return account.Key{}, porting.Errorf(porting.Forbidden, "No such key.")
			}
			return account.Key{Account: "demo"}, nil
		}, time.Now),
		"PeerAuthorizerFunction": access.Peers(hooks),
	}
}

const anyStage = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/live/"

// lets reports whether the gateway lets a caller use a route, and returns the context that the function then gets. The
// authorizer was called for the request asked: the gateway keeps an answer and applies it to later requests with the same
// credentials.
func (tpl samTemplate) lets(t *testing.T, caller string, r gatewayRoute, asked string) (map[string]any, bool) {
	t.Helper()
	if r.authorizer == "NONE" {
		return nil, true
	}
	api := properties[struct {
		Auth struct {
			Authorizers map[string]struct{ FunctionArn string }
		}
	}](t, tpl, "Api")
	function := strings.TrimSuffix(api.Auth.Authorizers[r.authorizer].FunctionArn, ".Arn")
	authorize := authorizers()[function]
	if authorize == nil {
		t.Fatalf("%s %s asks %q, which is no authorizer of ours", r.method, r.path, r.authorizer)
	}
	in := access.Request{MethodArn: anyStage + asked}
	if c := credentials[caller]; c != "" {
		in.Token = "Basic " + base64.StdEncoding.EncodeToString([]byte(c))
	}
	out, err := authorize(t.Context(), in)
	if err != nil {
		return nil, false
	}
	arn := anyStage + r.method + r.path
	return out.Context, slices.ContainsFunc(out.PolicyDocument.Statement[0].Resource, func(pattern string) bool {
		// IAM's * stands for slashes too.
		ok, err := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(arn, "/", "|"))
		if err != nil {
			t.Fatal(err)
		}
		return ok
	})
}

// Each route is open to its own callers alone: the customers' routes to customers, and a path of notices to the peers that
// have it. That holds whichever request the authorizer was called for. The routes are those of the template, and the
// customers' proxy route is tried with every path of the API's description.
func TestRoutesAreOpenToTheirOwnCallers(t *testing.T) {
	tpl := readTemplate(t)
	var description struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal([]byte(infra.OpenAPI()), &description); err != nil {
		t.Fatal(err)
	}
	routes := tpl.routes(t)
	var walk []gatewayRoute
	for _, r := range routes {
		below, isProxy := strings.CutSuffix(r.path, "{proxy+}")
		if !isProxy {
			walk = append(walk, r)
			continue
		}
		walk = append(walk, gatewayRoute{r.method, below + "unknown", r.authorizer, r.function, r.counted})
		for p, methods := range description.Paths {
			if _, ok := methods[strings.ToLower(r.method)]; ok && strings.HasPrefix(p, below) {
				walk = append(walk, gatewayRoute{r.method, p, r.authorizer, r.function, r.counted})
			}
		}
	}
	customers, peers := 0, 0
	for _, r := range walk {
		var open []string
		switch r.function {
		case "ApiFunction":
			open = []string{"customer"}
			customers++
			if r.method == "OPTIONS" { // a browser asks by it whether it may call, without credentials
				open = callers
			}
		case "PageFunction":
			open = callers
		case "AnswerFunction":
			peers++
			for _, h := range hooks {
				if h.Path == r.path && r.method == "POST" {
					open = append(open, h.Peer)
				}
			}
			if len(open) == 0 {
				t.Errorf("%s %s is open to no peer", r.method, r.path)
			}
		}
		for _, caller := range callers {
			for _, asked := range []string{r.method + r.path, "GET/v2/portorders", "POST/peers/locals", "POST/peers/somos"} {
				context, ok := tpl.lets(t, caller, r, asked)
				if want := slices.Contains(open, caller); ok != want {
					t.Errorf("%s %s is open to %s: %v (answer kept of %s)", r.method, r.path, caller, ok, asked)
				}
				// The function checks the caller too, whatever the policy allows.
				_, customer := access.CustomerOf(context)
				name, on, peer := access.PeerOf(context)
				if customer && (caller != "customer" || peer) || peer && (name != caller || on != hooks.Of(caller).Path) {
					t.Errorf("%s %s takes %s for a customer: %v, for the peer %s on %s", r.method, r.path, caller, customer, name, on)
				}
			}
		}
		if want := r.function == "ApiFunction" && r.method != "OPTIONS"; r.counted != want {
			t.Errorf("%s %s is counted by the usage plan: %v", r.method, r.path, r.counted)
		}
		if r.method == "ANY" {
			t.Errorf("%s answers %s with any verb", r.function, r.path)
		}
	}
	if customers < len(description.Paths) || peers != 3 {
		t.Errorf("the walk had %d routes of customers and %d of peers", customers, peers)
	}
}

// A policy opens no route that the gateway lacks, so that no later route is open by accident.
func TestPoliciesNameRealRoutes(t *testing.T) {
	tpl := readTemplate(t)
	have := map[string]bool{}
	for _, r := range tpl.routes(t) {
		have[r.method+strings.ReplaceAll(r.path, "{proxy+}", "*")] = true
	}
	for _, function := range slices.Sorted(maps.Keys(authorizers())) {
		for caller, c := range credentials {
			out, err := authorizers()[function](t.Context(), access.Request{MethodArn: anyStage + "GET/v2/portorders",
				Token: "Basic " + base64.StdEncoding.EncodeToString([]byte(c))})
			if err != nil {
				continue
			}
			for _, resource := range out.PolicyDocument.Statement[0].Resource {
				if route := strings.TrimPrefix(resource, anyStage); !have[route] {
					t.Errorf("%s opens %s to %s, which is no route", function, route, caller)
				}
			}
		}
	}
}

// The customers' authorizer has no peer's credentials, and the peers' authorizer has no policy by which it could read
// access keys.
func TestAuthorizersKnowTheirOwnCallers(t *testing.T) {
	tpl := readTemplate(t)
	for _, name := range tpl.functions() {
		raw := string(tpl.Resources[name].Properties)
		has := strings.Contains(raw, "HookPasswords")
		if want := slices.Contains([]string{"PeerAuthorizerFunction", "SubscribeFunction", "SandboxFunction"}, name); has != want {
			t.Errorf("%s has credentials of peers: %v", name, has)
		}
	}
	p := properties[struct{ Policies []statements }](t, tpl, "PeerAuthorizerFunction")
	if len(p.Policies) != 1 || len(p.Policies[0].Statement) != 1 ||
		p.Policies[0].Statement[0].Resource != any("HookPasswords.Id") {
		t.Errorf("the peers' authorizer may %v", p.Policies)
	}
}
