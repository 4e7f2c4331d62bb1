// Command subscribe is the Lambda function of a schedule: it keeps us subscribed to the notices of the Locals peers.
package main

import (
	"context"
	"portway/internal/env"
	"time"

	"portway/internal/access"
	"portway/internal/lambdax"
	"portway/internal/peer/bandwidth"
	"portway/internal/setup"
)

// within is how long before its end a subscription is renewed. So a month of failures leaves no gap.
const within = 30 * 24 * time.Hour

func main() {
	e := env.OfProcess()
	url := e.URL("HOOK_URL")
	hooks, err := access.ReadHooks(e.Raw)
	if err != nil {
		e.Fail("HOOK_USER, SOMOS_HOOK_USER or MORE_HOOKS", "can't be used: "+err.Error()) // without passwords
	}
	hook := func(peer string) bandwidth.Hook {
		own := hooks.Of(peer)
		return bandwidth.Hook{URL: url, User: own.User, Password: own.Password}
	}
	var clients []*bandwidth.Client
	for _, p := range setup.Locals(e) {
		clients = append(clients, p.Client)
	}
	env.Start(e, func(ctx context.Context, _ lambdax.Tick) (struct{}, error) {
		return struct{}{}, bandwidth.KeepAllSubscribed(ctx, clients, hook, within)
	})
}
