// Command status-check is the Lambda function of a schedule: it asks the peers for the state of open orders.
package main

import (
	"context"
	"portway/internal/env"

	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/workflow"
)

func main() {
	house := setup.New(env.OfProcess())
	check := workflow.Check(house.Peers())
	env.Start(house.Env, func(ctx context.Context, tick lambdax.Tick) (orders.Swept, error) {
		book := house.Book.At(tick.At(house.Book.Now()))
		if tick.Sandbox {
			if _, err := book.Sweep(ctx, orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true}), 0,
				workflow.SandboxDesk); err != nil {
				return orders.Swept{}, err
			}
		}
		return book.Sweep(ctx, tick.Kind(porting.DueCheck), 0, check)
	})
}
