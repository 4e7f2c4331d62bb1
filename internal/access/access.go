// Package access says who calls the HTTP API. [Customers] and [Peers] are the gateway's two authorizers: one for access
// keys, and one for the credentials with which porting peers send their notices. Each answers with a policy of the
// routes of its own kind of caller, and hands the caller to the function behind the gateway, which reads the caller by
// [CustomerOf] or [PeerOf]. Start reading at Customers.
//
// The package knows the accounts' keys. It knows no order and no table, and of a peer only its hook.
package access

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/porting"
)

// Request is the request of the gateway to an authorizer of the type REQUEST or TOKEN.
type Request struct {
	Type      string              `json:"type"`
	MethodArn string              `json:"methodArn"`
	Token     string              `json:"authorizationToken"`
	Headers   map[string]string   `json:"headers"`
	Multi     map[string][]string `json:"multiValueHeaders"`
	// Context has the caller's address. It is missing from a request of the type TOKEN.
	Context struct {
		Identity struct {
			SourceIP string `json:"sourceIp"`
		} `json:"identity"`
	} `json:"requestContext"`
}

// Authorizer answers the gateway with a policy and a context for the caller. The gateway keeps an answer for later
// requests with the same credentials, whatever their route. So a policy lists all routes of the caller.
type Authorizer func(context.Context, Request) (events.APIGatewayCustomAuthorizerResponse, error)

// ErrUnauthorized makes the gateway answer 401. The gateway knows the error by its text, which must not change.
var ErrUnauthorized = porting.Errorf(porting.Forbidden, "Unauthorized")

// Authenticate finds the key that credentials open from an address. It refuses them with a *porting.Error, and then
// returns the key that they name, if there is one. Any other error says that the key could not be checked.
type Authenticate func(ctx context.Context, access, secret, address string) (account.Key, error)

// customerRoutes are the customers' routes as the gateway has them. Package api knows the calls below them.
var customerRoutes = []string{"DELETE/v2/*", "GET/v2/*", "PATCH/v2/*", "POST/v2/*", "PUT/v2/*"}

// scopeRoutes are the routes that a key of a scope needs. Package api knows exactly which call needs which scope, and
// refuses the rest.
var scopeRoutes = map[account.Scope][]string{
	account.ScopeRead: {"GET/v2/*", "POST/v2/portorders/portability"},
	account.ScopeOrder: {"DELETE/v2/portorders/*", "PATCH/v2/portorders/*", "POST/v2/portorders", "POST/v2/portorders/*",
		"PUT/v2/portorders/*"},
	account.ScopeSign: {"POST/v2/portorders/*/LOA", "POST/v2/portorders/*/loa"}, // documented in both cases
	account.ScopeAdmin: {"DELETE/v2/account/*", "PATCH/v2/account", "PATCH/v2/account/*", "POST/v2/account/*",
		"DELETE/v2/cnams/*", "DELETE/v2/e911s/*", "DELETE/v2/routes/*", "POST/v2/cnams", "POST/v2/e911s", "POST/v2/routes"},
}

// routesOf returns the routes of a key with the scopes.
func routesOf(s account.Scopes) []string {
	if s == "" {
		return customerRoutes
	}
	var all []string
	for _, one := range s.List() {
		all = append(all, scopeRoutes[one]...)
	}
	return all
}

// Customers returns the authorizer of the customers' routes. It lets callers in who send an access key and its secret
// key by HTTP Basic, to the routes of the key's scopes. The answer's context carries the account, its kind, the public id of
// the key, and the key's scopes and ranges. Whoever guesses too fast is refused as for wrong credentials. A refusal is
// logged with the key's public id and the caller's address, and without any part of the credentials.
func Customers(authenticate Authenticate, now func() time.Time) Authorizer {
	counted := newGuesses(now)
	return func(ctx context.Context, in Request) (events.APIGatewayCustomAuthorizerResponse, error) {
		var none events.APIGatewayCustomAuthorizerResponse
		access, secret, ok := basic(in.credentials())
		if !ok {
			return none, ErrUnauthorized
		}
		address := in.Context.Identity.SourceIP
		refuse := func(k account.Key, why string) (events.APIGatewayCustomAuthorizerResponse, error) {
			slog.InfoContext(ctx, "credentials refused", "code", why, "account", k.Account, "key_id",
				account.KeyID(k.Account, access), "address", address)
			return none, ErrUnauthorized
		}
		if !counted.open(access, address) {
			return refuse(account.Key{}, tooFast)
		}
		key, err := authenticate(ctx, access, secret, address)
		var refused *porting.Error
		switch {
		case errors.As(err, &refused):
			counted.settle(access, address, false)
			return refuse(key, string(refused.Code))
		case err != nil:
			slog.ErrorContext(ctx, "credentials could not be checked", "error", porting.Plain(err))
			return none, errors.New("the credentials could not be checked")
		case key.Account == "":
			return none, ErrUnauthorized
		}
		counted.settle(access, address, true)
		customer := Customer{Owner: key.Owner(), KeyID: account.KeyID(key.Account, access), Scopes: key.Scopes, Ranges: key.Ranges}
		out, err := allow(string(key.Account), in.MethodArn, routesOf(key.Scopes), customer.context())
		out.UsageIdentifierKey = account.PlanKey(key.Account)
		return out, err
	}
}

// tooFast is the log's word for credentials that were not looked at.
const tooFast = "too many guesses"

// Customer is a caller with an access key.
type Customer struct {
	porting.Owner
	// KeyID is the public id of the access key.
	KeyID string
	// Scopes is what the key opens, and Ranges from where.
	Scopes account.Scopes
	Ranges account.Ranges
}

func (c Customer) context() map[string]any {
	out := map[string]any{"account": string(c.Account), "kind": string(account.KindOf(c.Sandbox)), "key_id": c.KeyID}
	if c.Scopes != "" {
		out["scopes"] = string(c.Scopes)
	}
	if c.Ranges != "" {
		out["ranges"] = string(c.Ranges)
	}
	return out
}

// CustomerOf reads the caller from the context that the gateway got from its authorizer. ok is false for a caller that
// is no customer.
func CustomerOf(context map[string]any) (c Customer, ok bool) {
	id, _ := context["account"].(string)
	kind, _ := context["kind"].(string)
	c.Owner = porting.Owner{Account: porting.AccountID(id), Sandbox: kind == string(account.Sandbox)}
	c.KeyID, _ = context["key_id"].(string)
	scopes, _ := context["scopes"].(string)
	ranges, _ := context["ranges"].(string)
	c.Scopes, c.Ranges = account.Scopes(scopes), account.Ranges(ranges)
	if id == "" || kind != string(account.KindOf(c.Sandbox)) {
		return Customer{}, false
	}
	return c, true
}

// allow returns the answer that lets a caller use these routes on the stage of the request. Each route is a method and a
// path, such as POST/peers/locals.
func allow(principal, methodArn string, routes []string, context map[string]any,
) (out events.APIGatewayCustomAuthorizerResponse, err error) {
	// The ARN has the form arn:aws:execute-api:region:account:api/stage/GET/v2/….
	parts := strings.SplitN(methodArn, "/", 4)
	if len(parts) < 4 {
		return out, errors.New("the request has no ARN of a method")
	}
	var all []string
	for _, route := range routes {
		all = append(all, parts[0]+"/"+parts[1]+"/"+route)
	}
	return events.APIGatewayCustomAuthorizerResponse{
		PrincipalID: principal, Context: context,
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{{
			Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: all,
		}}},
	}, nil
}

// credentials returns the request's one Authorization header. Of two different headers it returns neither, since nobody
// can tell by which one the gateway keeps the answer.
func (in Request) credentials() string {
	if in.Token != "" {
		return in.Token
	}
	var all []string
	for name, value := range in.Headers {
		if strings.EqualFold(name, "Authorization") {
			all = append(all, value)
		}
	}
	for name, values := range in.Multi {
		if strings.EqualFold(name, "Authorization") {
			all = append(all, values...)
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) != 1 {
		return ""
	}
	return all[0]
}

// maxCredentials is the length up to which credentials are decoded and looked up. Our keys have 8 and 32 characters.
const maxCredentials = 256

// basic reads user and password from an Authorization header of the Basic scheme (RFC 7617). ok is false for any other
// header.
func basic(header string) (user, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "Basic") || len(encoded) > maxCredentials {
		return "", "", false
	}
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(encoded), "="))
	if err != nil {
		return "", "", false
	}
	user, password, ok = strings.Cut(string(plain), ":")
	return user, password, ok && isPlain(user) && isPlain(password)
}

// isPlain says whether s consists of letters, digits, - and _, as our keys and the peers' credentials do. No other text
// may become part of a key of the table.
func isPlain(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_'
	})
}
