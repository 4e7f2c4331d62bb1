package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// The paths on which peers send their notices. All Locals peers speak the same language, so they share a path.
const (
	LocalsPath = "/peers/locals"
	SomosPath  = "/peers/somos"
	// SwitchPath takes the late answers of the operator's own switch.
	SwitchPath = "/peers/switch"
)

// The peers that every stack has.
const (
	firstLocals = "locals"
	registry    = "somos"
	// ownSwitch is the operator's own switch, whose user has the same name.
	ownSwitch = "switch"
)

// Hook holds the path and the credentials with which one porting peer sends its notices.
type Hook struct {
	Peer     string
	Path     string
	User     string
	Password porting.Secret
}

// Hooks has the hooks of all peers that have credentials of their own.
type Hooks []Hook

// Peers returns the authorizer of the peers' routes. It lets in a peer that sends its credentials by HTTP Basic. A hook
// without a password lets nobody in. The answer's context carries the peer's name and path. No part of the credentials
// is logged.
func Peers(hooks Hooks) Authorizer {
	return PeersWith(func(context.Context, bool) (Hooks, error) { return hooks, nil })
}

// PeersWith is Peers with hooks whose passwords may change. read returns the hooks. again asks it to look for new passwords,
// since a caller's credentials are none of those that it has returned.
func PeersWith(read func(ctx context.Context, again bool) (Hooks, error)) Authorizer {
	return func(ctx context.Context, in Request) (events.APIGatewayCustomAuthorizerResponse, error) {
		user, password, ok := basic(in.credentials())
		if !ok {
			return events.APIGatewayCustomAuthorizerResponse{}, ErrUnauthorized
		}
		for _, again := range []bool{false, true} {
			hooks, err := read(ctx, again)
			if err != nil {
				slog.ErrorContext(ctx, "the peers' credentials can't be used", "error", porting.Plain(err))
				return events.APIGatewayCustomAuthorizerResponse{}, err
			}
			for _, h := range hooks {
				if h.has(user, password) {
					return allow("peer-"+h.Peer, in.MethodArn, []string{"POST" + h.Path}, h.context())
				}
			}
		}
		slog.InfoContext(ctx, "credentials refused", "code", porting.Forbidden)
		return events.APIGatewayCustomAuthorizerResponse{}, ErrUnauthorized
	}
}

func (h Hook) has(user, password string) bool {
	want := sha256.Sum256([]byte(h.User + ":" + h.Password.Reveal()))
	got := sha256.Sum256([]byte(user + ":" + password))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && h.Password.IsSet()
}

// peerKind is the kind of a peer in the context, beside the kinds of accounts.
const peerKind = "peer"

func (h Hook) context() map[string]any {
	return map[string]any{"kind": peerKind, "peer": h.Peer, "path": h.Path}
}

// PeerOf reads the caller's name, and the one path of its notices, from the context that the gateway got from its
// authorizer. ok is false for a caller that is no peer.
func PeerOf(context map[string]any) (name, path string, ok bool) {
	name, _ = context["peer"].(string)
	path, _ = context["path"].(string)
	return name, path, name != "" && path != "" && context["kind"] == peerKind
}

// Of returns the hook with which a Locals peer sends its notices: its own, or else the one of the first Locals peer.
func (all Hooks) Of(peer string) Hook {
	var found Hook
	for _, h := range all {
		if h.Peer == peer {
			return h
		}
		if h.Peer == firstLocals {
			found = h
		}
	}
	return found
}

// ReadHooks reads the hooks from a function's environment, by the names of its variables and without their passwords. The
// first Locals peer and the registry have variables of their own. MORE_HOOKS lists those of further Locals peers as
// peer:user, separated by commas.
func ReadHooks(env func(string) string) (Hooks, error) {
	all := Hooks{
		{Peer: firstLocals, Path: LocalsPath, User: env("HOOK_USER")},
		{Peer: registry, Path: SomosPath, User: env("SOMOS_HOOK_USER")},
		{Peer: ownSwitch, Path: SwitchPath, User: ownSwitch},
	}
	if more := env("MORE_HOOKS"); more != "" {
		for n, entry := range strings.Split(more, ",") {
			parts := strings.Split(entry, ":")
			if len(parts) != 2 || !isPlain(parts[0]) || !isPlain(parts[1]) {
				return nil, fmt.Errorf("entry %d of MORE_HOOKS is not peer:user of letters, digits, - and _", n+1)
			}
			all = append(all, Hook{Peer: parts[0], Path: LocalsPath, User: parts[1]})
		}
	}
	peers, users := map[string]bool{}, map[string]bool{}
	for _, h := range all {
		if peers[h.Peer] {
			return nil, fmt.Errorf("MORE_HOOKS names the peer %s, which has credentials already", h.Peer)
		}
		peers[h.Peer] = true
		if h.User == "" {
			continue // nobody can send with this hook
		}
		if !isPlain(h.User) {
			return nil, fmt.Errorf("the user of the peer %s has characters other than letters, digits, - and _", h.Peer)
		}
		if users[h.User] {
			return nil, fmt.Errorf("two peers send their notices as the user %s; give each peer a user of its own", h.User)
		}
		users[h.User] = true
	}
	return all, nil
}

// With returns the hooks with their passwords by peer. A peer without a password sends no notices, and a password without a
// hook counts for nothing. An error names a peer, and never repeats a password.
func (all Hooks) With(passwords map[string]porting.Secret) (Hooks, error) {
	with := slices.Clone(all)
	for i, h := range with {
		password := passwords[h.Peer]
		if !password.IsSet() || h.User == "" {
			continue
		}
		if !isPlain(password.Reveal()) {
			return nil, porting.Errorf(porting.Invalid,
				"The password of the peer %s has characters other than letters, digits, - and _.", h.Peer)
		}
		if n := len(h.User) + len(":") + len(password.Reveal()); base64.StdEncoding.EncodedLen(n) > maxCredentials {
			return nil, porting.Errorf(porting.Invalid,
				"The credentials of the peer %s are too long. User and password may have %d characters together.",
				h.Peer, maxCredentials/4*3-len(":"))
		}
		with[i].Password = password
	}
	return with, nil
}
