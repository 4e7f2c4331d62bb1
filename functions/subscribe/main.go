// Command subscribe is the Lambda function of a schedule: it keeps us subscribed to the notices of the Locals peers.
package main

import (
	"context"
	"time"

	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/passwords"
	"portway/internal/peer/bandwidth"
	"portway/internal/setup"
)

// within is how long before its end a subscription is renewed. So a month of failures leaves no gap.
const within = 30 * 24 * time.Hour

func main() {
	e := env.OfProcess()
	url := e.URL("HOOK_URL")
	cfg := lambdax.AWS()
	hooks := passwords.Hooks(e, cfg)
	var clients []*bandwidth.Client
	for _, p := range setup.Locals(e, setup.PeerPasswords(e, cfg)) {
		clients = append(clients, p.Client)
	}
	env.Start(e, func(ctx context.Context, _ lambdax.Tick) (struct{}, error) {
		all, err := hooks(ctx, true)
		if err != nil {
			return struct{}{}, err
		}
		hook := func(peer string) bandwidth.Hook {
			own := all.Of(peer)
			return bandwidth.Hook{URL: url, User: own.User, Password: own.Password}
		}
		return struct{}{}, bandwidth.KeepAllSubscribed(ctx, clients, hook, within)
	})
}
