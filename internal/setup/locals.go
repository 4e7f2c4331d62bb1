package setup

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"portway/internal/env"
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
	Name     string `json:"name"`
	URL      string `json:"url"`
	Account  string `json:"account"`
	Site     string `json:"site"`
	User     string `json:"user"`
	Password string `json:"password"`
	// TokenURL gives OAuth2 tokens. Where it is set, user and password are those of an OAuth2 client.
	TokenURL string `json:"token_url"`
	// Options is a comma-separated list of direct, draft, triggered and wireless.
	Options string `json:"options"`
}

// options are the properties that a Locals peer's account may have.
var options = []string{"direct", "draft", "triggered", "wireless"}

// Locals makes the Locals peers of the environment: the first by variables of its own, then those that MORE_LOCALS
// lists as JSON. Another peer on the same wire is another entry, and no code.
func Locals(e *env.Reader) []LocalsPeer {
	first := account{
		Name: "locals", URL: e.URL("LOCALS_URL"), Account: e.Text("LOCALS_ACCOUNT"), Site: e.Text("LOCALS_SITE"),
		User: e.Text("LOCALS_USER"), Password: e.Optional("LOCALS_PASSWORD"), TokenURL: e.OptionalURL("LOCALS_TOKEN_URL"),
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
	peers := []LocalsPeer{first.peer()}
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
		peers = append(peers, a.peer())
	}
	return peers
}

func (a account) hasKnownOptions() bool {
	return a.Options == "" || !slices.ContainsFunc(strings.Split(a.Options, ","), func(name string) bool {
		return !slices.Contains(options, name)
	})
}

func (a account) peer() LocalsPeer {
	given := strings.Split(a.Options, ",")
	has := func(name string) bool { return slices.Contains(given, name) }
	cfg := bandwidth.Config{
		Name: a.Name, BaseURL: a.URL, Account: a.Account, Site: a.Site, Draft: has("draft"),
		Triggered: has("triggered"), Wireless: has("wireless"),
	}
	if a.TokenURL == "" {
		cfg.User, cfg.Password = a.User, porting.NewSecret(a.Password)
	} else {
		cfg.OAuth = bandwidth.OAuth{URL: a.TokenURL, ID: a.User, Secret: porting.NewSecret(a.Password)}
	}
	return LocalsPeer{Client: bandwidth.New(cfg), Direct: has("direct")}
}
