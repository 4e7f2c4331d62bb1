// Command bounce is the Lambda function that takes what SES tells of our mail.
package main

import (
	"context"
	"encoding/json"

	"portway/internal/lambdax"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() {
	feedbacks := flow.Feedbacks(setup.New())
	lambdax.Start(func(ctx context.Context, event json.RawMessage) (struct{}, error) {
		return struct{}{}, feedbacks.Take(ctx, event)
	})
}
