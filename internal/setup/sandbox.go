package setup

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/sandbox"
)

// sandboxPeers are the simulated peers of a world, behind the real adapters; nil where the template deploys none. They have
// names of their own: an attempt tells by its peer that it was played.
func sandboxPeers(cfg aws.Config, url string, now func() time.Time) func(string) *peer.Router {
	if url == "" {
		return nil
	}
	if at := cfg.BaseEndpoint; at != nil { // a local engine has every service there
		_, path, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
		url = strings.TrimSuffix(*at, "/") + "/" + path
	}
	function := &sandbox.Function{URL: url, Region: cfg.Region, Keys: cfg.Credentials, HTTP: &http.Client{}, Now: now}
	return func(world string) *peer.Router {
		const host = "http://sandbox.invalid" // the transport takes the path alone
		return &peer.Router{
			Locals: []peer.Peer{bandwidth.New(bandwidth.Config{
				Name: "sandbox-locals", BaseURL: host + "/api/v1", Account: "9900001", Site: "743", User: "sandbox",
				HTTP: function.Client(world, sandbox.Locals),
			})},
			TollFree: somos.New(somos.Config{
				Name: "sandbox-somos", BaseURL: host, User: "sandbox", RespOrg: sandbox.RespOrg, Sessions: signedIn{now},
				HTTP: function.Client(world, sandbox.TollFree),
			}),
		}
	}
}

// signedIn is the session at a registry that asks for none.
type signedIn struct{ now func() time.Time }

func (s signedIn) Load(context.Context) (somos.Session, error) {
	return somos.Session{AccessToken: porting.NewSecret("sandbox"), Expires: s.now().Add(time.Hour), Version: 1}, nil
}

func (signedIn) Save(context.Context, somos.Session) error { return nil }
