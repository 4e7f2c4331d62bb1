// Command document is the Lambda function that checks a file which has arrived for an order.
package main

import (
	"context"

	"portway/internal/document"
	"portway/internal/document/inspect"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	if inspect.Child() {
		return
	}
	house := setup.New()
	files := &document.Files{Book: house.Book, Bucket: house.Bucket(), Inspect: inspect.File}
	lambdax.Start(func(ctx context.Context, in document.Arrival) (struct{}, error) {
		return struct{}{}, files.Arrived(ctx, in)
	})
}
