// Command bounce takes what SES tells of our mail.
package main

import (
	"context"
	"encoding/json"

	"portway/internal/lambdax"
	"portway/internal/mail"
	"portway/internal/setup"
)

func main() {
	house := setup.New()
	post := mail.Feedbacks{Records: house.MailRecords(), Note: house.Comment}
	lambdax.Start(func(ctx context.Context, event json.RawMessage) (struct{}, error) {
		return struct{}{}, post.Take(ctx, event)
	})
}
