// Command api is the Lambda function that answers the customers' HTTP API, behind API Gateway.
package main

import (
	"os"

	"portway/internal/api"
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
)

func main() {
	house := setup.New()
	lambdax.Start(api.New(api.Config{
		Book:        house.Book,
		Receipts:    house.Store,
		Webhooks:    house.Webhooks(),
		Accounts:    house.Store,
		Portability: house.Peers(),
		Mails:       house.Store,
		BaseURL:     os.Getenv("API_URL"), // empty: links follow the request
		Files:       house.Bucket(),
		LOACopy:     porting.LOACopy,
		AllowOrigin: os.Getenv("ALLOW_ORIGIN"),
		Limit:       api.Limit{PerSecond: setup.Number("RATE_LIMIT"), Burst: setup.Number("RATE_BURST")},
	}).Handle)
}
