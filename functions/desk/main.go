// Command desk is the Lambda function that shows the porting desk in a dashboard's widgets. It changes nothing.
package main

import (
	"context"
	"encoding/json"

	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	widgets := house.Desk(house.Env.Text("DESK_ACTION"))
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (any, error) {
		return widgets.Show(ctx, lambdax.Own(ctx), event), nil
	})
}
