// Command bounce is the Lambda function that takes what SES tells of our mail.
package main

import (
	"context"
	"encoding/json"
	"portway/internal/env"

	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() {
	house := setup.New(env.OfProcess())
	feedbacks := flow.Feedbacks(house)
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (struct{}, error) {
		return struct{}{}, feedbacks.Take(ctx, event)
	})
}
