// Command redeliver is the Lambda function of a schedule: it carries out what was left undone.
package main

import (
	"context"

	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/setup"
	"portway/internal/setup/flow"
	"portway/internal/workflow"
)

func main() {
	house := setup.New()
	redeliver := workflow.Redeliver(flow.Outbox(house), flow.Driver(house), flow.WebhookSweeps(house)...)
	lambdax.Start(func(ctx context.Context, tick lambdax.Tick) ([]orders.Swept, error) {
		return redeliver(ctx, house.Book.At(tick.At(house.Book.Now())))
	})
}
