package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// keys is an authenticator over one known key.
func keys(t *testing.T) Authenticator {
	t.Helper()
	store := storetest.NewMemory()
	if err := store.AddKey(context.Background(), account.NewKeyOf("demokey1", "examplesecretexamplesecretexa", "demo", account.Live, now)); err != nil {
		t.Fatal(err)
	}
	return AuthenticatorFunc(func(ctx context.Context, access, secret string) (porting.Owner, error) {
		return account.Authenticate(ctx, store, access, secret, now)
	})
}

func basicOf(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}

const methodArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/v2/portorders"

func TestAuthorizeLetsTheOwnerIn(t *testing.T) {
	good := basicOf("demokey1:examplesecretexamplesecretexa")
	for name, in := range map[string]AuthorizerRequest{
		"Request":      {Type: "REQUEST", MethodArn: methodArn, Headers: map[string]string{"authorization": good}},
		"MultiValue":   {Type: "REQUEST", MethodArn: methodArn, Multi: map[string][]string{"Authorization": {good}}},
		"Token":        {Type: "TOKEN", MethodArn: methodArn, Token: good},
		"NoPadding":    {Type: "TOKEN", MethodArn: methodArn, Token: strings.TrimRight(good, "=")},
		"SchemeInCaps": {Type: "TOKEN", MethodArn: methodArn, Token: "BASIC" + good[len("Basic"):]},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := Authorize(keys(t), OnePeer("locals", porting.NewSecret("hook")))(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			checkPolicy(t, out)
		})
	}
}

// checkPolicy: the answer is kept by the gateway for every later request with these credentials, so it has to cover
// them all.
func checkPolicy(t *testing.T, out events.APIGatewayCustomAuthorizerResponse) {
	t.Helper()
	s := out.PolicyDocument.Statement
	if len(s) != 1 || s[0].Effect != "Allow" || len(s[0].Resource) != 1 ||
		s[0].Resource[0] != "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/*" {
		t.Errorf("policy %+v", s)
	}
	if out.PrincipalID != "demo" || out.Context["account"] != "demo" || out.Context["kind"] != "live" ||
		out.Context["key_id"] != account.KeyID("demo", "demokey1") {
		t.Errorf("principal %q, context %v", out.PrincipalID, out.Context)
	}
	text, err := json.Marshal(out)
	if err != nil || strings.Contains(string(text), "examplesecret") || strings.Contains(string(text), "demokey1") {
		t.Errorf("the key or its secret is in %s (%v)", text, err)
	}
}

func TestAuthorizeKeepsEverybodyElseOut(t *testing.T) {
	for name, token := range map[string]string{
		"Nothing":        "",
		"AnotherScheme":  "Bearer demokey1:examplesecretexamplesecretexa",
		"NoCredentials":  "Basic",
		"NotBase64":      "Basic %%%",
		"NoColon":        basicOf("demokey1"),
		"NoSecret":       basicOf("demokey1:"),
		"NoKey":          basicOf(":examplesecretexamplesecretexa"),
		"WrongSecret":    basicOf("demokey1:examplesecretexamplesecretexb"),
		"WrongCase":      basicOf("DEMOKEY1:examplesecretexamplesecretexa"),
		"UnknownKey":     basicOf("demokey2:examplesecretexamplesecretexa"),
		"ColonInSecret":  basicOf("demokey1:examplesecret:xamplesecretexa"),
		"NoKeyOfOurs":    basicOf("demo#key:examplesecretexamplesecretexa"),
		"BeyondAllSizes": basicOf("demokey1:" + strings.Repeat("x", 5000)),
	} {
		t.Run(name, func(t *testing.T) {
			out, err := Authorize(keys(t), OnePeer("locals", porting.NewSecret("hook")))(context.Background(), AuthorizerRequest{Type: "TOKEN", MethodArn: methodArn, Token: token})
			if err == nil || err.Error() != "Unauthorized" { // the text by which the gateway knows it
				t.Errorf("got %v, %+v", err, out)
			}
		})
	}
}

// A store that is down is not a wrong password: the gateway answers 500 and keeps nothing.
func TestAuthorizeTellsTroubleFromRefusal(t *testing.T) {
	broken := AuthenticatorFunc(func(context.Context, string, string) (porting.Owner, error) {
		return porting.Owner{}, errors.New("table arn:aws:x")
	})
	_, err := Authorize(broken, broken)(context.Background(), AuthorizerRequest{MethodArn: methodArn, Token: basicOf("demokey1:s")})
	if err == nil || err.Error() == "Unauthorized" || strings.Contains(err.Error(), "arn") {
		t.Errorf("got %v", err)
	}
}

func TestAuthorizerSampleEvent(t *testing.T) {
	text, err := os.ReadFile("../../events/authorizer.json")
	if err != nil {
		t.Fatal(err)
	}
	var in AuthorizerRequest
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	out, err := Authorize(keys(t), OnePeer("locals", porting.NewSecret("hook")))(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	checkPolicy(t, out)
}

func FuzzBasic(f *testing.F) {
	f.Add(basicOf("demokey1:examplesecretexamplesecretexa"))
	f.Add("Basic ")
	f.Add("Basic Og==")
	f.Fuzz(func(t *testing.T, header string) {
		access, secret, ok := basic(header)
		if ok && (!isKey(access) || !isKey(secret)) {
			t.Errorf("%q let %q and %q through", header, access, secret)
		}
	})
}

// A peer's credentials open the peers' paths alone, and a customer's never do.
func TestPeersHaveCredentialsOfTheirOwn(t *testing.T) {
	const peers = "arn:aws:execute-api:us-east-1:000000000000:abc/live/POST/peers/locals"
	authorize := Authorize(keys(t), OnePeer("locals", porting.NewSecret("hook")))
	for _, c := range []struct {
		name, arn, credentials string
		ok                     bool
	}{
		{"the peer at its path", peers, "locals:hook", true},
		{"the peer with a wrong password", peers, "locals:other", false},
		{"the peer at a customer's path", methodArn, "locals:hook", false},
		{"a customer at the peer's path", peers, "demokey1:s", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := authorize(t.Context(), AuthorizerRequest{MethodArn: c.arn, Token: basicOf(c.credentials)})
			if (err == nil) != c.ok {
				t.Errorf("let in: %v, want %v", err == nil, c.ok)
			}
			if c.ok && out.Context["key_id"] != "" {
				t.Errorf("a peer has the key %v", out.Context["key_id"])
			}
		})
	}
	if _, err := Authorize(keys(t), OnePeer("locals", porting.Secret{}))(t.Context(), AuthorizerRequest{MethodArn: peers, Token: basicOf("locals:x")}); err == nil {
		t.Error("a peer without a password was let in")
	}
}
