// hello-world greets whoever calls it, through the gateway or not.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		// The zone proves that the build brings its own zone data.
		zone, err := time.LoadLocation("America/Chicago")
		if err != nil {
			return events.APIGatewayProxyResponse{}, err
		}
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: "hello from " + zone.String()}, nil
	})
}
