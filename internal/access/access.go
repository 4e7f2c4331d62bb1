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
}

// Authorizer answers the gateway with a policy and a context for the caller. The gateway keeps an answer for later
// requests with the same credentials, whatever their route. So a policy lists all routes of the caller.
type Authorizer func(context.Context, Request) (events.APIGatewayCustomAuthorizerResponse, error)

// ErrUnauthorized makes the gateway answer 401. The gateway knows the error by its text, which must not change.
var ErrUnauthorized = porting.Errorf(porting.Forbidden, "Unauthorized")

// Authenticate finds the owner of an access key. It refuses a key that nobody has with a *porting.Error. Any other error
// says that the key could not be checked.
type Authenticate func(ctx context.Context, access, secret string) (porting.Owner, error)

// customerRoutes are the customers' routes as the gateway has them. Package api knows the calls below them.
var customerRoutes = []string{"DELETE/v2/*", "GET/v2/*", "PATCH/v2/*", "POST/v2/*", "PUT/v2/*"}

// Customers returns the authorizer of the customers' routes. It lets callers in who send an access key and its secret
// key by HTTP Basic. The answer's context carries the account, its kind, and the public id of the key. No part of the
// credentials is logged.
func Customers(authenticate Authenticate) Authorizer {
	return func(ctx context.Context, in Request) (events.APIGatewayCustomAuthorizerResponse, error) {
		var none events.APIGatewayCustomAuthorizerResponse
		access, secret, ok := basic(in.credentials())
		if !ok {
			return none, ErrUnauthorized
		}
		owner, err := authenticate(ctx, access, secret)
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
		customer := Customer{Owner: owner, KeyID: account.KeyID(owner.Account, access)}
		out, err := allow(string(owner.Account), in.MethodArn, customerRoutes, customer.context())
		out.UsageIdentifierKey = account.PlanKey(owner.Account)
		return out, err
	}
}

// Customer is a caller with an access key.
type Customer struct {
	porting.Owner
	// KeyID is the public id of the access key.
	KeyID string
}

func (c Customer) context() map[string]any {
	return map[string]any{"account": string(c.Account), "kind": string(account.KindOf(c.Sandbox)), "key_id": c.KeyID}
}

// CustomerOf reads the caller from the context that the gateway got from its authorizer. ok is false for a caller that
// is no customer.
func CustomerOf(context map[string]any) (c Customer, ok bool) {
	id, _ := context["account"].(string)
	kind, _ := context["kind"].(string)
	c.Owner = porting.Owner{Account: porting.AccountID(id), Sandbox: kind == string(account.Sandbox)}
	c.KeyID, _ = context["key_id"].(string)
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
