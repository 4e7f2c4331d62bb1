// Command oapi-codegen creates an order, reads it and has it explained with the client that oapi-codegen makes.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"clients/oapi"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	credentials := func(_ context.Context, req *http.Request) error {
		req.SetBasicAuth(os.Getenv("PORTWAY_KEY"), os.Getenv("PORTWAY_SECRET"))
		return nil
	}
	client, err := oapi.NewClientWithResponses(os.Getenv("PORTWAY_URL"), oapi.WithRequestEditorFn(credentials))
	if err != nil {
		return err
	}
	var body oapi.CreateOrderJSONRequestBody
	a := &body.Data.Attributes
	a.Numbers = []oapi.SentNumber{os.Getenv("PORTWAY_NUMBER")}
	a.BillingName, a.Street, a.City, a.State, a.Zip = "Jane Roe", "1 Main St", "Olympia", "WA", "98501"
	a.Country, a.Provider, a.UsageType = oapi.SentCountryUs, "Example Telco", oapi.SentUsageResidential
	created, err := client.CreateOrderWithResponse(ctx, &oapi.CreateOrderParams{}, body)
	if err != nil {
		return err
	}
	if created.JSON201 == nil {
		return fmt.Errorf("create: %s %s", created.Status(), created.Body)
	}
	id := *created.JSON201.Data.Attributes.Orders.Data[0].Id
	read, err := client.ReadOrderWithResponse(ctx, id)
	if err != nil {
		return err
	}
	if read.JSON200 == nil {
		return fmt.Errorf("read: %s %s", read.Status(), read.Body)
	}
	explained, err := client.ExplainOrderWithResponse(ctx, id)
	if err != nil {
		return err
	}
	if explained.JSON200 == nil {
		return fmt.Errorf("explain: %s %s", explained.Status(), explained.Body)
	}
	missing, err := client.ReadOrderWithResponse(ctx, "4503599627370495")
	if err != nil {
		return err
	}
	if missing.JSON404 == nil {
		return fmt.Errorf("a missing order: %s %s", missing.Status(), missing.Body)
	}
	order, explanation := read.JSON200.Data.Attributes, explained.JSON200.Data.Attributes
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"order": id, "group": order.GroupId, "status": order.Status, "numbers": order.Numbers, "turn": explanation.Turn,
		"summary": explanation.Summary, "actions": len(explanation.Actions), "error": missing.JSON404.Errors[0].Code,
	})
}
