// Command subscribe is the Lambda function of a schedule: it keeps us subscribed to the notices of the Locals peers.
package main

import (
	"context"
	"os"
	"time"

	"portway/internal/lambdax"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
	"portway/internal/setup"
)

// within is how long before its end a subscription is renewed. So a month of failures leaves no gap.
const within = 30 * 24 * time.Hour

func main() {
	hook := bandwidth.Hook{URL: setup.Env("HOOK_URL"), User: os.Getenv("HOOK_USER"),
		Password: porting.NewSecret(os.Getenv("HOOK_PASSWORD"))}
	var clients []*bandwidth.Client
	for _, p := range setup.Locals() {
		clients = append(clients, p.Client)
	}
	lambdax.Start(func(ctx context.Context, _ lambdax.Tick) (struct{}, error) {
		return struct{}{}, bandwidth.KeepAllSubscribed(ctx, clients, hook, within)
	})
}
