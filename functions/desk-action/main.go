// Command desk-action is the Lambda function that carries out a decision of our staff.
package main

import (
	"context"
	"encoding/json"
	"portway/internal/env"

	"portway/internal/desk"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (desk.Reply, error) {
		return desk.Take(ctx, house.Book, event)
	})
}
