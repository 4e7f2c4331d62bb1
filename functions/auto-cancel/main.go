// Command auto-cancel is the Lambda function of a schedule: it reminds customers, asks them for papers that expire, and
// ends orders whose 45 days are over.
package main

import (
	"context"
	"portway/internal/env"

	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	env.Start(house.Env, func(ctx context.Context, tick lambdax.Tick) ([]orders.Swept, error) {
		return orders.SweepCustomers(ctx, house.Book.At(tick.At(house.Book.Now())), tick.Kind)
	})
}
