// Command redeliver is the Lambda function of a schedule: it carries out what was left undone.
package main

import (
	"context"
	"portway/internal/env"

	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/setup"
	"portway/internal/setup/flow"
	"portway/internal/workflow"
)

func main() {
	house := setup.New(env.OfProcess())
	redeliver := workflow.Redeliver(flow.Outbox(house), flow.Driver(house), flow.Sweeps(house)...)
	env.Start(house.Env, func(ctx context.Context, tick lambdax.Tick) ([]orders.Swept, error) {
		return redeliver(ctx, house.Book.At(tick.At(house.Book.Now())))
	})
}
