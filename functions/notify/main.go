// Command notify is the Lambda function that carries out the effects of new events: it starts and resumes state
// machines, sends mail, and queues webhooks.
package main

import (
	"context"
	"portway/internal/env"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/dynamo"
	"portway/internal/orders"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() {
	house := setup.New(env.OfProcess())
	outbox := flow.Outbox(house)
	env.Start(house.Env, func(ctx context.Context, in events.DynamoDBEvent) (struct{}, error) {
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
		// An effect that fails falls due again, so that it never holds up the stream.
		return struct{}{}, outbox.Stream(ctx, dues)
	})
}
