// Command api is the Lambda function that answers the customers' HTTP API, behind API Gateway.
package main

import (
	"portway/internal/env"

	"portway/internal/api"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	handler := api.New(api.Config{
		Book:        house.Book,
		Receipts:    house.Store,
		Webhooks:    house.Webhooks(),
		Accounts:    house.Store,
		Portability: house.Peers(),
		Mails:       house.Store,
		Carriers:    house.Carriers(),
		BaseURL:     house.Env.OptionalURL("API_URL"), // empty: links follow the request
		Files:       house.Bucket(),
		Links:       house.Links(),
		Pages:       house.Env.URL("PAGE_URL"),
		AllowOrigin: house.Env.URL("ALLOW_ORIGIN"),
		Limit:       api.Limit{PerSecond: house.Env.Number("RATE_LIMIT", 1, 10_000), Burst: house.Env.Number("RATE_BURST", 1, 10_000)},
	})
	env.Start(house.Env, handler.Handle)
}
