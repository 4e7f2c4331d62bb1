// Command authorizer is the Lambda function that tells API Gateway which customer's access key a request has.
package main

import (
	"context"
	"portway/internal/env"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/lambdax"
)

func main() {
	e := env.OfProcess()
	// it writes no order, so it seals nothing
	keys := dynamo.New(dynamodb.NewFromConfig(lambdax.AWS()), e.Text("TABLE"), nil)
	// the gateway reads the text of the error
	env.StartUnguarded(e, access.Customers(func(ctx context.Context, key, secret, address string) (account.Key, error) {
		return account.Authenticate(ctx, keys, key, secret, address, time.Now())
	}, time.Now))
}
