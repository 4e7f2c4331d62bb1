// Command pull is the Lambda function that fetches the documents which customers name by a URL. It is called for an
// account that has just added some, and by a schedule for the tries that are due. It is not part of notify, so that a
// customer's slow host delays nothing but that customer's documents.
package main

import (
	"context"
	"portway/internal/env"

	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
)

// call is a call for an account, or else the schedule's tick.
type call struct {
	Account porting.AccountID `json:"account"`
	lambdax.Tick
}

func main() {
	house := setup.New(env.OfProcess())
	puller := house.Puller()
	env.Start(house.Env, func(ctx context.Context, in call) (any, error) {
		if in.Account != "" {
			return puller.Work(ctx, in.Account)
		}
		return puller.Sweep(ctx, house.Book.At(in.At(house.Book.Now())))
	})
}
