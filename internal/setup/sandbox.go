package setup

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/lambdax"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/sandbox"
)

// sandboxPeers makes the peers of a world: the real adapters in front of the simulated peers. It is nil where the
// template deploys no sandbox. The peers have names of their own, so that an attempt tells by its peer that it was
// simulated.
func sandboxPeers(cfg aws.Config, url string, now func() time.Time) func(string) *peer.Router {
	if url == "" {
		return nil
	}
	function := &sandbox.Function{Function: lambdax.Function{URL: lambdax.Local(cfg, url), Region: cfg.Region,
		Keys: cfg.Credentials, HTTP: &http.Client{}, Now: now}}
	return func(world string) *peer.Router {
		const host = "http://sandbox.invalid" // the client uses the path alone
		return &peer.Router{
			Locals: []peer.Peer{bandwidth.New(bandwidth.Config{
				Name: "sandbox-locals", BaseURL: host + "/api/v1", Account: "9900001", Site: "743", User: "sandbox",
				HTTP: function.Client(world, sandbox.Locals),
			})},
			TollFree: somos.New(somos.Config{
				Name: "sandbox-somos", BaseURL: host, User: "sandbox", RespOrg: sandbox.RespOrg,
				Sessions: signedIn{now},
				HTTP:     function.Client(world, sandbox.TollFree),
			}),
		}
	}
}

// signedIn is a session that is always valid, for a registry that checks none.
type signedIn struct{ now func() time.Time }

func (s signedIn) Load(context.Context) (somos.Session, error) {
	return somos.Session{AccessToken: porting.NewSecret("sandbox"), Expires: s.now().Add(time.Hour), Version: 1}, nil
}

func (signedIn) Save(context.Context, somos.Session) error { return nil }
