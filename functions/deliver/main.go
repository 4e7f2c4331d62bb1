// Command deliver is the Lambda function that sends new webhooks. It is not part of notify, so that a customer's slow
// server delays nothing but webhooks.
package main

import (
	"context"
	"portway/internal/env"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/dynamo"
	"portway/internal/orders"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	webhooks := house.WebhookSender()
	env.Start(house.Env, func(ctx context.Context, in events.DynamoDBEvent) (struct{}, error) {
		var dues []orders.Due
		for _, r := range in.Records {
			image := r.Change.NewImage
			if due, ok := dynamo.DeliveryOf(image["pk"].String(), image["sk"].String(), image["due_at"].String()); ok {
				dues = append(dues, due)
			}
		}
		// A delivery that fails falls due again.
		return struct{}{}, webhooks.Stream(ctx, dues)
	})
}
