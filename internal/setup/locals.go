package setup

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

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

// Locals makes the Locals peers of the environment: the first by variables of its own, then those that MORE_LOCALS
// lists as JSON. Another peer on the same wire is another entry, and no code.
func Locals() []LocalsPeer {
	all := []account{{
		Name: "locals", URL: Env("LOCALS_URL"), Account: Env("LOCALS_ACCOUNT"), Site: Env("LOCALS_SITE"),
		User:     Env("LOCALS_USER"),
		Password: os.Getenv("LOCALS_PASSWORD"), TokenURL: os.Getenv("LOCALS_TOKEN_URL"),
		Options: os.Getenv("LOCALS_OPTIONS"),
	}}
	var more []account
	if list := os.Getenv("MORE_LOCALS"); list != "" && json.Unmarshal([]byte(list), &more) != nil {
		panic("MORE_LOCALS is no list of peers") // without its text, which has passwords
	}
	var peers []LocalsPeer
	names := map[string]bool{"": true, "somos": true}
	for _, a := range append(all, more...) {
		if names[a.Name] || a.URL == "" || a.Account == "" {
			panic("a Locals peer needs a name of its own, a url and an account: " + a.Name)
		}
		names[a.Name] = true
		peers = append(peers, a.peer())
	}
	return peers
}

func (a account) peer() LocalsPeer {
	options := strings.Split(a.Options, ",")
	has := func(name string) bool { return slices.Contains(options, name) }
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
