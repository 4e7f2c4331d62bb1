package access

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var now = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// keys authenticates by one known key.
func keys(t *testing.T) Authenticate {
	t.Helper()
	store := storetest.NewMemory()
	key := account.NewKeyOf("demokey1", "examplesecretexamplesecretexa", "demo", account.Live, now)
	if err := store.AddKey(context.Background(), key); err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, access, secret string) (porting.Owner, error) {
		return account.Authenticate(ctx, store, access, secret, now)
	}
}

func basicOf(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}

const methodArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/v2/portorders"

func TestAuthorizeLetsTheOwnerIn(t *testing.T) {
	good := basicOf("demokey1:examplesecretexamplesecretexa")
	for name, in := range map[string]Request{
		"Request":      {Type: "REQUEST", MethodArn: methodArn, Headers: map[string]string{"authorization": good}},
		"MultiValue":   {Type: "REQUEST", MethodArn: methodArn, Multi: map[string][]string{"Authorization": {good}}},
		"Token":        {Type: "TOKEN", MethodArn: methodArn, Token: good},
		"NoPadding":    {Type: "TOKEN", MethodArn: methodArn, Token: strings.TrimRight(good, "=")},
		"SchemeInCaps": {Type: "TOKEN", MethodArn: methodArn, Token: "BASIC" + good[len("Basic"):]},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := Customers(keys(t))(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			checkPolicy(t, out)
		})
	}
}

// checkPolicy checks an answer for the owner of demokey1. The gateway keeps the answer for every later request with the
// same credentials, so the policy must cover all routes.
func checkPolicy(t *testing.T, out events.APIGatewayCustomAuthorizerResponse) {
	t.Helper()
	s := out.PolicyDocument.Statement
	const stage = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/"
	want := []string{stage + "DELETE/v2/*", stage + "GET/v2/*", stage + "PATCH/v2/*", stage + "POST/v2/*", stage + "PUT/v2/*"}
	if len(s) != 1 || s[0].Effect != "Allow" || !slices.Equal(s[0].Resource, want) {
		t.Errorf("policy %+v", s)
	}
	if c, ok := CustomerOf(out.Context); !ok || c != (Customer{porting.Owner{Account: "demo"}, account.KeyID("demo", "demokey1")}) {
		t.Errorf("the function reads %+v (%v)", c, ok)
	}
	if out.UsageIdentifierKey != account.PlanKey("demo") {
		t.Errorf("counted by %q", out.UsageIdentifierKey)
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
			out, err := Customers(keys(t))(context.Background(), Request{Type: "TOKEN", MethodArn: methodArn, Token: token})
			if err == nil || err.Error() != "Unauthorized" { // the text by which the gateway knows it
				t.Errorf("got %v, %+v", err, out)
			}
		})
	}
}

// A store that is down is not a wrong password: the gateway answers 500 and keeps nothing.
func TestAuthorizeTellsTroubleFromRefusal(t *testing.T) {
	broken := func(context.Context, string, string) (porting.Owner, error) {
		return porting.Owner{}, errors.New("table arn:aws:x")
	}
	_, err := Customers(broken)(context.Background(), Request{MethodArn: methodArn, Token: basicOf("demokey1:s")})
	if err == nil || err.Error() == "Unauthorized" || strings.Contains(err.Error(), "arn") {
		t.Errorf("got %v", err)
	}
}

// A request with two different headers is refused, whichever of them has credentials of ours, and on every try: a map has
// no order.
func TestTwoHeadersAreNone(t *testing.T) {
	good, other := basicOf("demokey1:examplesecretexamplesecretexa"), basicOf("demokey2:examplesecretexamplesecretexa")
	for name, in := range map[string]Request{
		"TwoValues":        {Multi: map[string][]string{"Authorization": {good, other}}},
		"TheOtherWayRound": {Multi: map[string][]string{"Authorization": {other, good}}},
		"TwoCases":         {Headers: map[string]string{"Authorization": good, "authorization": other}},
		"HeadersDiffer":    {Headers: map[string]string{"Authorization": good}, Multi: map[string][]string{"Authorization": {other}}},
		"OneEmpty":         {Multi: map[string][]string{"Authorization": {"", good}}},
	} {
		t.Run(name, func(t *testing.T) {
			in.Type, in.MethodArn = "REQUEST", methodArn
			for range 20 {
				if out, err := Customers(keys(t))(t.Context(), in); err != ErrUnauthorized {
					t.Fatalf("let in: %+v (%v)", out, err)
				}
			}
		})
	}
	same := Request{MethodArn: methodArn, Headers: map[string]string{"Authorization": good},
		Multi: map[string][]string{"Authorization": {good, good}}}
	if _, err := Customers(keys(t))(t.Context(), same); err != nil {
		t.Errorf("the same header twice is refused: %v", err)
	}
}

func TestAuthorizerSampleEvent(t *testing.T) {
	text, err := os.ReadFile("../../events/authorizer.json")
	if err != nil {
		t.Fatal(err)
	}
	var in Request
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	out, err := Customers(keys(t))(context.Background(), in)
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
		if ok && (!isPlain(access) || !isPlain(secret)) {
			t.Errorf("%q let %q and %q through", header, access, secret)
		}
	})
}

// A key whose owner is not named opens nothing.
func TestAKeyWithoutAnOwnerIsRefused(t *testing.T) {
	nobody := func(context.Context, string, string) (porting.Owner, error) { return porting.Owner{}, nil }
	out, err := Customers(nobody)(t.Context(), Request{MethodArn: methodArn, Token: basicOf("demokey1:s")})
	if !errors.Is(err, ErrUnauthorized) || len(out.PolicyDocument.Statement) != 0 {
		t.Errorf("got %v, %+v", err, out)
	}
}

// A request whose ARN names no method gets no policy.
func TestNoPolicyWithoutAMethod(t *testing.T) {
	good := basicOf("demokey1:examplesecretexamplesecretexa")
	for _, arn := range []string{"", "arn:aws:execute-api:us-east-1:1:abc", "arn:aws:execute-api:us-east-1:1:abc/live", "arn:x/live/GET"} {
		out, err := Customers(keys(t))(t.Context(), Request{MethodArn: arn, Token: good})
		if err == nil || len(out.PolicyDocument.Statement) != 0 {
			t.Errorf("%q: %+v (%v)", arn, out.PolicyDocument, err)
		}
	}
}
