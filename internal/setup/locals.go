package setup

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/env"
	"portway/internal/passwords"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
)

// LocalsPeer is a Locals peer of the environment.
type LocalsPeer struct {
	*bandwidth.Client
	// Direct says that we have an agreement of our own with this carrier, so that no other peer is preferred to it.
	Direct bool
}

// account is our account at a Locals peer, as the template gives it. Its name stands on the orders that went there.
type account struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Account string `json:"account"`
	Site    string `json:"site"`
	User    string `json:"user"`
	// TokenURL gives OAuth2 tokens. Where it is set, user and password are those of an OAuth2 client.
	TokenURL string `json:"token_url"`
	// Options is a comma-separated list of direct, draft, triggered and wireless.
	Options string `json:"options"`
}

// Passwords has our password at each peer, as package passwords reads it. refused is a password that the peer has just
// refused, or the zero Secret.
type Passwords interface {
	Of(ctx context.Context, peer string, refused porting.Secret) (porting.Secret, error)
}

// PeerPasswords reads our passwords at the peers from the secret that the environment names.
func PeerPasswords(e *env.Reader, cfg aws.Config) Passwords {
	return passwords.In(cfg, e.Text("PEER_PASSWORDS"))
}

// secretOf reads our password at one peer.
func secretOf(ours Passwords, peer string) func(context.Context, porting.Secret) (porting.Secret, error) {
	return func(ctx context.Context, refused porting.Secret) (porting.Secret, error) {
		return ours.Of(ctx, peer, refused)
	}
}

// options are the properties that a Locals peer's account may have.
var options = []string{"direct", "draft", "triggered", "wireless"}

// Locals makes the Locals peers of the environment: the first by variables of its own, then those that MORE_LOCALS
// lists as JSON. Another peer on the same wire is another entry, and no code. ours has our password at each peer.
func Locals(e *env.Reader, ours Passwords) []LocalsPeer {
	first := account{
		Name: "locals", URL: e.URL("LOCALS_URL"), Account: e.Text("LOCALS_ACCOUNT"), Site: e.Text("LOCALS_SITE"),
		User: e.Text("LOCALS_USER"), TokenURL: e.OptionalURL("LOCALS_TOKEN_URL"),
		Options: e.Raw("LOCALS_OPTIONS"),
	}
	if !first.hasKnownOptions() {
		e.Fail("LOCALS_OPTIONS", "is no list of "+strings.Join(options, ", "))
	}
	var more []account
	if list := e.Raw("MORE_LOCALS"); list != "" && json.Unmarshal([]byte(list), &more) != nil {
		e.Fail("MORE_LOCALS", "is no list of peers in JSON")
		more = nil
	}
	peers := []LocalsPeer{first.peer(ours)}
	names := map[string]bool{"": true, "locals": true, "somos": true}
	for n, a := range more {
		which := "has at place " + strconv.Itoa(n+1) + " "
		switch {
		case names[a.Name]:
			e.Fail("MORE_LOCALS", which+"a peer without a name of its own")
		case !env.IsURL(a.URL):
			e.Fail("MORE_LOCALS", which+"a peer without a url such as https://host/path")
		case a.TokenURL != "" && !env.IsURL(a.TokenURL):
			e.Fail("MORE_LOCALS", which+"a peer whose token_url is no address")
		case a.Account == "":
			e.Fail("MORE_LOCALS", which+"a peer without an account")
		case !a.hasKnownOptions():
			e.Fail("MORE_LOCALS", which+"a peer with other options than "+strings.Join(options, ", "))
		}
		names[a.Name] = true
		peers = append(peers, a.peer(ours))
	}
	return peers
}

func (a account) hasKnownOptions() bool {
	return a.Options == "" || !slices.ContainsFunc(strings.Split(a.Options, ","), func(name string) bool {
		return !slices.Contains(options, name)
	})
}

func (a account) peer(ours Passwords) LocalsPeer {
	given := strings.Split(a.Options, ",")
	has := func(name string) bool { return slices.Contains(given, name) }
	cfg := bandwidth.Config{
		Name: a.Name, BaseURL: a.URL, Account: a.Account, Site: a.Site, Draft: has("draft"),
		Triggered: has("triggered"), Wireless: has("wireless"), Secret: secretOf(ours, a.Name),
	}
	if a.TokenURL == "" {
		cfg.User = a.User
	} else {
		cfg.OAuth = bandwidth.OAuth{URL: a.TokenURL, ID: a.User}
	}
	return LocalsPeer{Client: bandwidth.New(cfg), Direct: has("direct")}
}
