// Command authorizer is the Lambda function that tells API Gateway whose Basic credentials a request has.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/dynamo"
	"portway/internal/lambdax"
	"portway/internal/porting"
)

func main() {
	// it writes no order, so it seals nothing
	keys := dynamo.New(dynamodb.NewFromConfig(lambdax.AWS()), os.Getenv("TABLE"), nil)
	customers := func(ctx context.Context, access, secret string) (porting.Owner, error) {
		return account.Authenticate(ctx, keys, access, secret, time.Now())
	}
	peers := api.OnePeer(os.Getenv("HOOK_USER"), porting.NewSecret(os.Getenv("HOOK_PASSWORD")))
	// the gateway reads the text of the error
	lambdax.StartUnguarded(api.Authorize(api.AuthenticatorFunc(customers), peers))
}
