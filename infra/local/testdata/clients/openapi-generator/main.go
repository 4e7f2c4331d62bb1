// Command openapi-generator creates an order, reads it and has it explained with the Go client that openapi-generator
// makes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"clients/openapi"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config := openapi.NewConfiguration()
	config.Servers = openapi.ServerConfigurations{{URL: os.Getenv("PORTWAY_URL")}}
	client := openapi.NewAPIClient(config)
	ctx = context.WithValue(ctx, openapi.ContextBasicAuth, openapi.BasicAuth{
		UserName: os.Getenv("PORTWAY_KEY"), Password: os.Getenv("PORTWAY_SECRET"),
	})
	attributes := openapi.CreateRequestDataAttributes{
		Numbers: []string{os.Getenv("PORTWAY_NUMBER")}, BillingName: "Jane Roe", Street: "1 Main St", City: "Olympia", State: "WA",
		Zip: "98501", Country: openapi.SentCountryUs, Provider: "Example Telco", UsageType: openapi.SentUsageResidential,
	}
	request := openapi.CreateRequest{Data: openapi.CreateRequestData{Attributes: attributes}}
	created, _, err := client.OrdersAPI.CreateOrder(ctx).CreateRequest(request).Execute()
	if err != nil {
		return told("create", err)
	}
	id := created.Data.Attributes.Orders.Data[0].GetId()
	read, _, err := client.OrdersAPI.ReadOrder(ctx, id).Execute()
	if err != nil {
		return told("read", err)
	}
	explained, _, err := client.HistoryAPI.ExplainOrder(ctx, id).Execute()
	if err != nil {
		return told("explain", err)
	}
	_, _, err = client.OrdersAPI.ReadOrder(ctx, "4503599627370495").Execute()
	var refused *openapi.GenericOpenAPIError
	if !errors.As(err, &refused) {
		return fmt.Errorf("a missing order: %w", err)
	}
	missing, ok := refused.Model().(openapi.Errors)
	if !ok {
		return fmt.Errorf("a missing order: %T %s", refused.Model(), refused.Body())
	}
	order, explanation := read.Data.Attributes, explained.Data.Attributes
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"order": id, "group": order.GroupId, "status": order.Status, "numbers": order.Numbers, "turn": explanation.Turn,
		"summary": explanation.Summary, "actions": len(explanation.Actions), "error": missing.Errors[0].Code,
	})
}

// told adds the answer's body to an error.
func told(call string, err error) error {
	var refused *openapi.GenericOpenAPIError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s: %w: %s", call, err, refused.Body())
	}
	return fmt.Errorf("%s: %w", call, err)
}
