// Command desk-action is the Lambda function that carries out a decision of our staff.
package main

import (
	"context"
	"encoding/json"

	"portway/internal/desk"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	house := setup.New()
	lambdax.Start(func(ctx context.Context, event json.RawMessage) (desk.Reply, error) {
		return desk.Take(ctx, house.Book, event)
	})
}
