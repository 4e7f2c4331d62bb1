package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/porting"
)

// Authenticator finds the owner of credentials. It refuses credentials that nobody has with a *porting.Error. Any other
// error says that the credentials could not be checked.
type Authenticator interface {
	Authenticate(ctx context.Context, access, secret string) (porting.Owner, error)
}

// AuthenticatorFunc makes a function an Authenticator.
type AuthenticatorFunc func(ctx context.Context, access, secret string) (porting.Owner, error)

// Authenticate calls f.
func (f AuthenticatorFunc) Authenticate(ctx context.Context, access, secret string) (porting.Owner, error) {
	return f(ctx, access, secret)
}

// OnePeer returns an Authenticator that lets the porting peer with these credentials in, and nobody if the password is
// not set. User and password consist of letters, digits, - and _.
func OnePeer(user string, password porting.Secret) Authenticator {
	want := sha256.Sum256([]byte(user + ":" + password.Reveal()))
	return AuthenticatorFunc(func(_ context.Context, access, secret string) (porting.Owner, error) {
		got := sha256.Sum256([]byte(access + ":" + secret))
		if !password.IsSet() || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			return porting.Owner{}, porting.Errorf(porting.Forbidden, "Not the peer's credentials.")
		}
		return porting.Owner{Account: porting.AccountID("peer-" + user)}, nil
	})
}

// AuthorizerRequest is the request of the gateway to an authorizer of the type REQUEST or TOKEN.
type AuthorizerRequest struct {
	Type      string              `json:"type"`
	MethodArn string              `json:"methodArn"`
	Token     string              `json:"authorizationToken"`
	Headers   map[string]string   `json:"headers"`
	Multi     map[string][]string `json:"multiValueHeaders"`
}

// ErrUnauthorized makes the gateway answer 401. The gateway knows the error by its text, which must not change.
var ErrUnauthorized = porting.Errorf(porting.Forbidden, "Unauthorized")

// Authorize returns the gateway's authorizer. It lets callers in who send an access key and its secret key by HTTP
// Basic. The answer's context carries the account, the account's kind, and the public id of the key to the handler. The
// gateway keeps the answer for later requests with the same credentials on any path, so the policy covers every route.
// No part of the credentials is logged.
//
// The paths below /peers/ are for porting peers, which have credentials of their own.
func Authorize(customers, peers Authenticator) func(context.Context, AuthorizerRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	return func(ctx context.Context, in AuthorizerRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
		var none events.APIGatewayCustomAuthorizerResponse
		access, secret, ok := basic(in.credentials())
		if !ok {
			return none, ErrUnauthorized
		}
		auth, plan, keyID := customers, account.PlanKey, account.KeyID
		if strings.Contains(in.MethodArn, "/peers/") { // peers are counted by no plan, and have no keys of ours
			auth, plan = peers, func(porting.AccountID) string { return "" }
			keyID = func(porting.AccountID, string) string { return "" }
		}
		owner, err := auth.Authenticate(ctx, access, secret)
		var refused *porting.Error
		switch {
		case errors.As(err, &refused):
			slog.InfoContext(ctx, "credentials refused", "code", refused.Code)
			return none, ErrUnauthorized
		case err != nil:
			slog.ErrorContext(ctx, "credentials could not be checked", "error", porting.Plain(err))
			return none, errors.New("the credentials could not be checked")
		case owner.Account == "":
			return none, ErrUnauthorized
		}
		return events.APIGatewayCustomAuthorizerResponse{
			PrincipalID: string(owner.Account), UsageIdentifierKey: plan(owner.Account),
			PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{{
				Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: []string{everyRoute(in.MethodArn)},
			}}},
			Context: map[string]any{"account": string(owner.Account), "kind": string(account.KindOf(owner.Sandbox)),
				"key_id": keyID(owner.Account, access)},
		}, nil
	}
}

func (in AuthorizerRequest) credentials() string {
	if in.Token != "" {
		return in.Token
	}
	for name, value := range in.Headers {
		if strings.EqualFold(name, "Authorization") {
			return value
		}
	}
	for name, values := range in.Multi {
		if strings.EqualFold(name, "Authorization") && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// maxCredentials is the length up to which credentials are decoded and looked up. Ours have 8 and 32 characters.
const maxCredentials = 256

// basic reads the keys from an Authorization header of the Basic scheme (RFC 7617). ok is false for any other header.
func basic(header string) (access, secret string, ok bool) {
	scheme, encoded, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "Basic") || len(encoded) > maxCredentials {
		return "", "", false
	}
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(encoded), "="))
	if err != nil {
		return "", "", false
	}
	access, secret, ok = strings.Cut(string(plain), ":")
	return access, secret, ok && isKey(access) && isKey(secret)
}

// isKey says whether s can be one of our keys, by its characters. So no other text becomes part of a key of the table.
func isKey(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	})
}

// everyRoute widens the ARN of a method to all methods and paths of its stage. The ARN has the form
// arn:aws:execute-api:region:account:api/stage/GET/v2/….
func everyRoute(methodArn string) string {
	parts := strings.SplitN(methodArn, "/", 3)
	if len(parts) < 2 {
		return methodArn
	}
	return parts[0] + "/" + parts[1] + "/*"
}
