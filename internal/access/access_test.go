package access

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
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

func at() time.Time { return now }

// keys authenticates by one known key.
func keys(t *testing.T) Authenticate {
	t.Helper()
	store := storetest.NewMemory()
	key := account.NewKeyOf("demokey1", "examplesecretexamplesecretexa", "demo", account.Live, now)
	if err := store.AddKey(context.Background(), key); err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, access, secret, address string) (account.Key, error) {
		return account.Authenticate(ctx, store, access, secret, address, now)
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
			out, err := Customers(keys(t), at)(context.Background(), in)
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
	if c, ok := CustomerOf(out.Context); !ok || c != (Customer{Owner: porting.Owner{Account: "demo"}, KeyID: account.KeyID("demo", "demokey1")}) {
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
			out, err := Customers(keys(t), at)(context.Background(), Request{Type: "TOKEN", MethodArn: methodArn, Token: token})
			if err == nil || err.Error() != "Unauthorized" { // the text by which the gateway knows it
				t.Errorf("got %v, %+v", err, out)
			}
		})
	}
}

// A store that is down is not a wrong password: the gateway answers 500 and keeps nothing.
func TestAuthorizeTellsTroubleFromRefusal(t *testing.T) {
	broken := func(context.Context, string, string, string) (account.Key, error) {
		return account.Key{}, errors.New("table arn:aws:x")
	}
	_, err := Customers(broken, at)(context.Background(), Request{MethodArn: methodArn, Token: basicOf("demokey1:s")})
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
				if out, err := Customers(keys(t), at)(t.Context(), in); err != ErrUnauthorized {
					t.Fatalf("let in: %+v (%v)", out, err)
				}
			}
		})
	}
	same := Request{MethodArn: methodArn, Headers: map[string]string{"Authorization": good},
		Multi: map[string][]string{"Authorization": {good, good}}}
	if _, err := Customers(keys(t), at)(t.Context(), same); err != nil {
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
	out, err := Customers(keys(t), at)(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	checkPolicy(t, out)
}

// A key is let in to the routes of its scopes alone, from its ranges alone, and the function reads both again.
func TestScopesAndRanges(t *testing.T) {
	store := storetest.NewMemory()
	for name, k := range map[string]account.Key{
		"reads001": {Scopes: "read"}, "orders01": {Scopes: "read order"}, "signs001": {Scopes: "sign"}, "admins01": {Scopes: "admin"},
		"inside01": {Ranges: "192.0.2.0/24 2001:db8::/48"},
	} {
		k.Access, k.Account, k.Kind, k.Hash = name, "demo", account.Live, sha256.Sum256([]byte("s"))
		if err := store.AddKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	const stage = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/"
	calls := []string{"GET/v2/portorders/1", "POST/v2/portorders/portability", "POST/v2/portorders", "PATCH/v2/portorders/1/status",
		"POST/v2/portorders/1/LOA", "POST/v2/account/keys", "PATCH/v2/account", "DELETE/v2/routes/7"}
	for _, c := range []struct {
		name, key, address string
		opens              []int // of calls; nil for a refusal
	}{
		{name: "read", key: "reads001", address: "192.0.2.7", opens: []int{0, 1}},
		{name: "read and order", key: "orders01", address: "192.0.2.7", opens: []int{0, 1, 2, 3, 4}}, // the function refuses the LOA
		{name: "sign", key: "signs001", address: "192.0.2.7", opens: []int{4}},
		{name: "admin", key: "admins01", address: "192.0.2.7", opens: []int{5, 6, 7}},
		{name: "inside of a range", key: "inside01", address: "192.0.2.255", opens: []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{name: "inside of a range of IPv6", key: "inside01", address: "2001:db8::9", opens: []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{name: "an IPv4 address written as IPv6", key: "inside01", address: "::ffff:192.0.2.9", opens: []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{name: "outside of the ranges", key: "inside01", address: "198.51.100.1"},
		{name: "from an unknown address", key: "inside01", address: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Request{MethodArn: methodArn, Headers: map[string]string{"Authorization": basicOf(c.key + ":s")}}
			in.Context.Identity.SourceIP = c.address
			out, err := Customers(func(ctx context.Context, access, secret, address string) (account.Key, error) {
				return account.Authenticate(ctx, store, access, secret, address, now)
			}, at)(t.Context(), in)
			if c.opens == nil {
				if err != ErrUnauthorized {
					t.Errorf("let in: %+v (%v)", out, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, call := range calls {
				open := slices.ContainsFunc(out.PolicyDocument.Statement[0].Resource, func(pattern string) bool {
					form := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
					return regexp.MustCompile(form).MatchString(stage + call)
				})
				if open != slices.Contains(c.opens, i) {
					t.Errorf("%s is open: %v", call, open)
				}
			}
			k, err := store.Key(t.Context(), c.key)
			if read, ok := CustomerOf(out.Context); err != nil || !ok || read.Scopes != k.Scopes || read.Ranges != k.Ranges {
				t.Errorf("the function reads %+v", read)
			}
		})
	}
}

// Whoever guesses faster than the pace is refused unread and answered as before. A key that has opened from an address goes
// on opening there, and everybody is let in again after a while.
func TestGuessesHaveAPace(t *testing.T) {
	store, clock := storetest.NewMemory(), now
	if err := store.AddKey(t.Context(), account.NewKeyOf("demokey1", "right", "demo", account.Live, now)); err != nil {
		t.Fatal(err)
	}
	reads := 0
	authorize := Customers(func(ctx context.Context, access, secret, address string) (account.Key, error) {
		reads++
		return account.Authenticate(ctx, store, access, secret, address, clock)
	}, func() time.Time { return clock })
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	try := func(key, secret, address string) bool {
		in := Request{MethodArn: methodArn, Headers: map[string]string{"Authorization": basicOf(key + ":" + secret)}}
		in.Context.Identity.SourceIP = address
		_, err := authorize(t.Context(), in)
		if err != nil && err != ErrUnauthorized {
			t.Fatalf("answered %v", err)
		}
		return err == nil
	}
	office, elsewhere := "192.0.2.7", "198.51.100.1"
	if !try("demokey1", "right", office) {
		t.Fatal("the right key is refused")
	}
	reads = 0
	for range 1000 {
		try("demokey1", "guess", elsewhere)
	}
	if reads != int(ofAddress.burst) {
		t.Errorf("%d guesses from one address were looked at, want %v", reads, ofAddress.burst)
	}
	if try("demokey1", "right", elsewhere) {
		t.Error("an address that guessed too fast is let in at once")
	}
	if !try("demokey1", "right", office) {
		t.Error("guesses from elsewhere have closed a key where it had opened")
	}
	reads = 0
	for n := range 1000 { // from everywhere, a key of its own for each host
		try("demokey1", "guess", fmt.Sprintf("2001:db8:%x::1", n))
	}
	if want := int(ofKey.burst - ofAddress.burst); reads != want {
		t.Errorf("%d guesses of one key were looked at, want %d", reads, want)
	}
	if !try("demokey1", "right", office) {
		t.Error("guesses from everywhere have closed a key where it had opened")
	}
	reads = 0
	for n := range 100 { // hosts of one network of IPv6
		try(fmt.Sprintf("other%d", n), "guess", fmt.Sprintf("2001:db9::%x", n+1))
	}
	if reads != int(ofAddress.burst) {
		t.Errorf("%d guesses from one network were looked at, want %v", reads, ofAddress.burst)
	}
	clock = clock.Add(ofAddress.every)
	if !try("demokey1", "right", elsewhere) {
		t.Error("the address is still refused after its pause")
	}
	text := log.String()
	id := account.KeyID("demo", "demokey1")
	if !strings.Contains(text, `"key_id":"`+id+`"`) || !strings.Contains(text, `"address":"`+elsewhere+`"`) || !strings.Contains(text, tooFast) {
		t.Errorf("the log does not tell the key and the address: %.500s", text)
	}
	if strings.Contains(text, "demokey1") || strings.Contains(text, "guess\"") || strings.Contains(text, "right") {
		t.Error("credentials are in the log")
	}
}

// What is remembered of guesses has a bound, whoever guesses.
func TestGuessesAreForgotten(t *testing.T) {
	clock := now
	g := newGuesses(func() time.Time { return clock })
	for n := range 2 * maxCounts {
		g.settle(fmt.Sprint("key", n), fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255), false)
		g.settle(fmt.Sprint("right", n), "192.0.2.7", true)
	}
	if len(g.counts) > maxCounts || len(g.opened) > maxCounts {
		t.Errorf("%d counts and %d openings are kept", len(g.counts), len(g.opened))
	}
	clock = clock.Add(time.Hour)
	g.settle("one more", "192.0.2.8", false)
	if len(g.counts) != 2 {
		t.Errorf("%d counts are kept after all have run out", len(g.counts))
	}
}

// Headers that are no credentials cost no read of the table.
func TestNothingIsReadForOtherHeaders(t *testing.T) {
	authorize := Customers(func(context.Context, string, string, string) (account.Key, error) {
		t.Error("the table was read")
		return account.Key{}, nil
	}, at)
	for _, header := range []string{"", "Bearer x", "Basic", "Basic %%%", basicOf("demokey1"), basicOf("a#b:c"), "Basic " + strings.Repeat("A", 5000)} {
		if _, err := authorize(t.Context(), Request{MethodArn: methodArn, Headers: map[string]string{"authorization": header}}); err != ErrUnauthorized {
			t.Errorf("%.20q: %v", header, err)
		}
	}
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
	nobody := func(context.Context, string, string, string) (account.Key, error) { return account.Key{}, nil }
	out, err := Customers(nobody, at)(t.Context(), Request{MethodArn: methodArn, Token: basicOf("demokey1:s")})
	if !errors.Is(err, ErrUnauthorized) || len(out.PolicyDocument.Statement) != 0 {
		t.Errorf("got %v, %+v", err, out)
	}
}

// A request whose ARN names no method gets no policy.
func TestNoPolicyWithoutAMethod(t *testing.T) {
	good := basicOf("demokey1:examplesecretexamplesecretexa")
	for _, arn := range []string{"", "arn:aws:execute-api:us-east-1:1:abc", "arn:aws:execute-api:us-east-1:1:abc/live", "arn:x/live/GET"} {
		out, err := Customers(keys(t), at)(t.Context(), Request{MethodArn: arn, Token: good})
		if err == nil || len(out.PolicyDocument.Statement) != 0 {
			t.Errorf("%q: %+v (%v)", arn, out.PolicyDocument, err)
		}
	}
}
