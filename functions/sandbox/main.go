// Command sandbox is the Lambda function that answers for the simulated peers and for the simulated switch, for the orders of sandbox
// accounts.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/dynamo/sandboxworld"
	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/passwords"
	"portway/internal/porting"
	"portway/internal/sandbox"
	"portway/internal/sandbox/room"
	"portway/internal/secret"
	"portway/internal/sim/exchange"
	"portway/internal/sim/locals"
)

func main() {
	e := env.OfProcess()
	cfg := lambdax.AWS()
	sealer := &secret.Sealer{Keys: kms.NewFromConfig(cfg), KeyID: e.Text("KEY")}
	theirs := passwords.In(cfg, e.Text("HOOK_PASSWORDS"))
	carriers := &room.Room{
		Worlds: sandboxworld.New(dynamodb.NewFromConfig(cfg), e.Text("TABLE"), sealer, time.Now),
		Now:    time.Now,
		Day:    time.Duration(e.Number("SANDBOX_DAY_SECONDS", 1, 86400)) * time.Second,
		Hook:   locals.Hook{URL: e.URL("API_URL") + "/peers/locals", User: e.Optional("HOOK_USER")},
		HookPassword: func(ctx context.Context) string {
			password, err := theirs.Of(ctx, "locals", porting.Secret{})
			if err != nil { // the status check finds what the notices would tell
				slog.WarnContext(ctx, "the carriers' notices are left out", "error", porting.Plain(err))
			}
			return password.Reveal()
		},
		HTTP: &http.Client{Timeout: 5 * time.Second},
	}
	env.Start(e, func(ctx context.Context, payload json.RawMessage) (any, error) {
		if exchange.Is(payload) {
			return exchange.Answer(payload)
		}
		var call sandbox.Call
		if err := json.Unmarshal(payload, &call); err != nil {
			return nil, err
		}
		return carriers.Handle(ctx, call)
	})
}
