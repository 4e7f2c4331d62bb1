package lambdax

import (
	"context"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Own is the ARN by which the function was called, with the version or alias of the call; empty outside of Lambda.
func Own(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.InvokedFunctionArn
	}
	return ""
}
