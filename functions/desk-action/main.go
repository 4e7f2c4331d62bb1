// Command desk-action is the Lambda function that carries out a decision of our staff on an order or an account.
package main

import (
	"context"
	"encoding/json"

	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	widgets := house.DeskAction()
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (any, error) {
		return widgets.Decide(ctx, lambdax.Own(ctx), event)
	})
}
