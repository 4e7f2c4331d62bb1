package access

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"portway/internal/porting"
)

const noticeArn = "arn:aws:execute-api:us-east-1:000000000000:abc/live/POST/peers/locals"

func someHooks() Hooks {
	return Hooks{
		{Peer: "locals", Path: LocalsPath, User: "locals", Password: porting.NewSecret("one")},
		{Peer: "somos", Path: SomosPath, User: "somos", Password: porting.NewSecret("two")},
		{Peer: "north", Path: LocalsPath, User: "north", Password: porting.NewSecret("three")},
		{Peer: "silent", Path: LocalsPath, User: "silent"},
	}
}

// A peer's credentials open the peer's own path. A customer's credentials open no path of notices, and the user of a hook
// without a password opens none either.
func TestPeersHaveCredentialsOfTheirOwn(t *testing.T) {
	for _, c := range []struct {
		name, credentials  string
		peer, path, policy string
	}{
		{"the first Locals peer", "locals:one", "locals", LocalsPath, "POST/peers/locals"},
		{"the registry, on whatever path", "somos:two", "somos", SomosPath, "POST/peers/somos"},
		{"a further Locals peer", "north:three", "north", LocalsPath, "POST/peers/locals"},
		{name: "another peer's password", credentials: "locals:two"},
		{name: "a wrong password", credentials: "locals:other"},
		{name: "a customer", credentials: "demokey1:examplesecretexamplesecretexa"},
		{name: "a peer without a password", credentials: "silent:x"},
		{name: "no password", credentials: "silent:"},
		{name: "nothing", credentials: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := Peers(someHooks())(t.Context(), Request{MethodArn: noticeArn, Token: basicOf(c.credentials)})
			if c.peer == "" {
				if err != ErrUnauthorized || len(out.PolicyDocument.Statement) != 0 {
					t.Errorf("let in: %+v (%v)", out, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := strings.TrimSuffix(noticeArn, "POST/peers/locals") + c.policy
			if s := out.PolicyDocument.Statement; len(s) != 1 || len(s[0].Resource) != 1 || s[0].Resource[0] != want {
				t.Errorf("policy %+v, want %s", s, want)
			}
			if name, path, ok := PeerOf(out.Context); !ok || name != c.peer || path != c.path {
				t.Errorf("the function reads %q %q %v", name, path, ok)
			}
			if customer, ok := CustomerOf(out.Context); ok || out.UsageIdentifierKey != "" {
				t.Errorf("a peer is the customer %+v, counted by %q", customer, out.UsageIdentifierKey)
			}
		})
	}
}

// The context of a customer is never read as a peer's, and a context of another kind is neither's.
func TestNoCustomerIsAPeer(t *testing.T) {
	for _, kind := range []string{"", "live", "staff"} {
		context := map[string]any{"kind": kind, "peer": "locals", "path": LocalsPath, "key_id": "k"}
		if name, _, ok := PeerOf(context); ok {
			t.Errorf("the kind %q is the peer %s", kind, name)
		}
		if context["account"] = "demo"; kind == "live" {
			continue
		}
		if c, ok := CustomerOf(context); ok {
			t.Errorf("the kind %q is the customer %+v", kind, c)
		}
	}
	for _, sandbox := range []bool{false, true} {
		c := Customer{Owner: porting.Owner{Account: "demo", Sandbox: sandbox}, KeyID: "k"}
		if name, _, ok := PeerOf(c.context()); ok {
			t.Errorf("%+v is the peer %s", c, name)
		}
		if got, ok := CustomerOf(c.context()); !ok || got != c {
			t.Errorf("%+v is read as %+v (%v)", c, got, ok)
		}
	}
}

func TestReadHooks(t *testing.T) {
	for _, c := range []struct {
		name      string
		env       map[string]string
		passwords map[string]string
		// own has the user with which each Locals peer sends its notices.
		own  map[string]string
		want string // part of the error
	}{
		{name: "nothing set", own: map[string]string{"locals": "", "north": ""}},
		{name: "one for all Locals peers", env: map[string]string{"HOOK_USER": "bw"}, passwords: map[string]string{"locals": "secret-1"},
			own: map[string]string{"locals": "bw", "north": "bw"}},
		{name: "one for each", env: map[string]string{"HOOK_USER": "bw", "MORE_HOOKS": "north:n,south:s"},
			passwords: map[string]string{"locals": "secret-1", "north": "secret-2", "south": "secret-3"},
			own:       map[string]string{"locals": "bw", "north": "n", "south": "s", "east": "bw"}},
		{name: "a password of a peer without a hook", env: map[string]string{"HOOK_USER": "bw"},
			passwords: map[string]string{"locals": "secret-1", "east": "secret-2"}, own: map[string]string{"east": "bw"}},
		{name: "a password that no peer could send", want: "locals",
			env: map[string]string{"HOOK_USER": "bw"}, passwords: map[string]string{"locals": "secret:1"}},
		{name: "a user that no peer could send", want: "somos", env: map[string]string{"SOMOS_HOOK_USER": "b w"}},
		{name: "a user of two peers", want: "bw", env: map[string]string{"HOOK_USER": "bw", "SOMOS_HOOK_USER": "bw"}},
		{name: "a password as long as may be", own: map[string]string{"locals": "bw"},
			env: map[string]string{"HOOK_USER": "bw"}, passwords: map[string]string{"locals": strings.Repeat("x", 189)}},
		{name: "a password that no authorizer reads", want: "locals",
			env: map[string]string{"HOOK_USER": "bw"}, passwords: map[string]string{"locals": strings.Repeat("x", 190)}},
		{name: "a peer twice", env: map[string]string{"MORE_HOOKS": "north:n,north:m"}, want: "north"},
		{name: "the first peer again", env: map[string]string{"MORE_HOOKS": "locals:n"}, want: "locals"},
		{name: "a peer's name that is not plain", want: "entry 1", env: map[string]string{"MORE_HOOKS": "nor th:n"}},
		{name: "an entry with a password", env: map[string]string{"MORE_HOOKS": "north:n,south:s:secret-3"}, want: "entry 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hooks, err := ReadHooks(func(name string) string { return c.env[name] })
			if err == nil {
				passwords := map[string]porting.Secret{}
				for peer, text := range c.passwords {
					passwords[peer] = porting.NewSecret(text)
				}
				hooks, err = hooks.With(passwords)
			}
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
					t.Errorf("error %v, want one about %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hooks {
				if !h.Password.IsSet() {
					continue
				}
				in := Request{MethodArn: noticeArn, Token: basicOf(h.User + ":" + h.Password.Reveal())}
				if _, err := Peers(hooks)(t.Context(), in); err != nil {
					t.Errorf("%s is not let in: %v", h.Peer, err)
				}
			}
			for peer, user := range c.own {
				if got := hooks.Of(peer); got.User != user || got.Path != LocalsPath {
					t.Errorf("%s sends to %+v, want the user %s", peer, got, user)
				}
			}
		})
	}
}

func TestPeerAuthorizerSampleEvent(t *testing.T) {
	text, err := os.ReadFile("../../events/peer-authorizer.json")
	if err != nil {
		t.Fatal(err)
	}
	var in Request
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	out, err := Peers(someHooks())(t.Context(), in)
	if err != nil || out.PrincipalID != "peer-somos" || out.PolicyDocument.Statement[0].Resource[0] != in.MethodArn {
		t.Errorf("%+v (%v)", out, err)
	}
}

// A peer with a new password is let in at once, although the hooks in hand have the old one. Hooks that can't be read refuse
// nobody for good: the gateway answers 500, and the peer sends its notice again.
func TestNewPasswordsAreLookedFor(t *testing.T) {
	hook := func(password string) Hooks {
		return Hooks{{Peer: "locals", Path: LocalsPath, User: "bw", Password: porting.NewSecret(password)}}
	}
	asked := 0
	peers := PeersWith(func(_ context.Context, again bool) (Hooks, error) {
		asked++
		if again {
			return hook("new"), nil
		}
		return hook("old"), nil
	})
	for _, c := range []struct {
		password string
		asked    int
		err      error
	}{{"old", 1, nil}, {"new", 2, nil}, {"none", 2, ErrUnauthorized}} {
		asked = 0
		_, err := peers(t.Context(), Request{MethodArn: noticeArn, Token: basicOf("bw:" + c.password)})
		if !errors.Is(err, c.err) || asked != c.asked {
			t.Errorf("%s: %v after %d looks, want %v after %d", c.password, err, asked, c.err, c.asked)
		}
	}
	broken := errors.New("no answer")
	peers = PeersWith(func(context.Context, bool) (Hooks, error) { return nil, broken })
	if _, err := peers(t.Context(), Request{MethodArn: noticeArn, Token: basicOf("bw:old")}); !errors.Is(err, broken) {
		t.Errorf("without hooks the answer is %v", err)
	}
}
