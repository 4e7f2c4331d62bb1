// Command desk-action is the Lambda function that carries out a decision of our staff.
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
	widgets := house.Desk("")
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (any, error) {
		return widgets.Decide(ctx, lambdax.Own(ctx), event)
	})
}
