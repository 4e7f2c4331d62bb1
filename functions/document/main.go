// Command document is the Lambda function that checks a file which has arrived for an order.
package main

import (
	"context"
	"portway/internal/env"

	"portway/internal/document"
	"portway/internal/document/reprint"
	"portway/internal/setup"
)

func main() {
	if reprint.Child() {
		return
	}
	house := setup.New(env.OfProcess())
	files := &document.Files{Book: house.Book, Bucket: house.Bucket(), LOAs: house.LOAs(), Reprint: reprint.File}
	env.Start(house.Env, func(ctx context.Context, in document.Arrival) (struct{}, error) {
		return struct{}{}, files.Arrived(ctx, in)
	})
}
