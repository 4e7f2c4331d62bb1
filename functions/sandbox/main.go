// Command sandbox is the Lambda function that answers for the simulated peers, for the orders of sandbox accounts.
package main

import (
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/dynamo/sandboxworld"
	"portway/internal/lambdax"
	"portway/internal/sandbox/room"
	"portway/internal/secret"
	"portway/internal/setup"
	"portway/internal/sim/locals"
)

func main() {
	cfg := lambdax.AWS()
	sealer := &secret.Sealer{Keys: kms.NewFromConfig(cfg), KeyID: setup.Env("KEY")}
	lambdax.Start((&room.Room{
		Worlds: sandboxworld.New(dynamodb.NewFromConfig(cfg), setup.Env("TABLE"), sealer, time.Now),
		Now:    time.Now,
		Day:    time.Duration(setup.Number("SANDBOX_DAY_SECONDS")) * time.Second,
		Hook: locals.Hook{URL: setup.Env("API_URL") + "/peers/locals", User: os.Getenv("HOOK_USER"),
			Password: os.Getenv("HOOK_PASSWORD")},
		HTTP: &http.Client{Timeout: 5 * time.Second},
	}).Handle)
}
