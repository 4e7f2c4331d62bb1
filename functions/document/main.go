// Command document is the Lambda function that checks a file which has arrived for an order.
package main

import (
	"context"

	"portway/internal/document"
	"portway/internal/document/reprint"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	if reprint.Child() {
		return
	}
	house := setup.New()
	files := &document.Files{Book: house.Book, Bucket: house.Bucket(), Reprint: reprint.File}
	lambdax.Start(func(ctx context.Context, in document.Arrival) (struct{}, error) {
		return struct{}{}, files.Arrived(ctx, in)
	})
}
