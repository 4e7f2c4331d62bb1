// Command notify does what follows from new events: it starts and resumes state machines, sends mail and webhooks.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/dynamo"
	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() {
	outbox := flow.Outbox(setup.New())
	lambdax.Start(func(ctx context.Context, in events.DynamoDBEvent) (struct{}, error) {
		var dues []orders.Due
		for _, r := range in.Records {
			image := r.Change.NewImage
			at, ok := image["due_at"]
			if !ok {
				continue // nothing follows from it
			}
			if due, ok := dynamo.DueOf(image["pk"].String(), image["sk"].String(), at.String()); ok {
				dues = append(dues, due)
			}
		}
		// What can't be done now falls due again; it never holds up the stream.
		return struct{}{}, outbox.Stream(ctx, dues)
	})
}
