// Command desk is the Lambda function that shows the porting desk in a dashboard's widgets. It changes nothing.
package main

import (
	"context"
	"encoding/json"
	"slices"

	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/mail"
	"portway/internal/porting"
	"portway/internal/setup"
)

func main() {
	house := setup.New(env.OfProcess())
	widgets := house.Desk(house.Env.Text("DESK_ACTION"))
	widgets.Find = house.DeskFinder()
	write := mail.Composer{Rules: house.Book.Rules, API: house.Env.URL("API_URL") + "/v2"}
	widgets.Mail = func(e porting.Event, o porting.Order) (subject, body string, ok bool) {
		if !slices.Contains(e.Effects, porting.SendMail) {
			return "", "", false
		}
		m, err := write.Compose(e, o, mail.OwnLink)
		return m.Subject, m.Text, err == nil
	}
	env.Start(house.Env, func(ctx context.Context, event json.RawMessage) (any, error) {
		return widgets.Show(ctx, lambdax.Own(ctx), event), nil
	})
}
