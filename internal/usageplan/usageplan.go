// Package usageplan lets the API's gateway count an account's calls: [Join] puts the account on the usage plan of a
// deployed stack. The gateway refuses the calls of an account that is on no plan. Commands that open accounts use this
// package; no function does, so that none of them carries API Gateway's client.
package usageplan

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"portway/internal/account"
	"portway/internal/porting"
)

// Join puts the account on the usage plan with the id plan. Joining twice is joining once.
func Join(ctx context.Context, cfg aws.Config, plan string, id porting.AccountID) error {
	client := apigateway.NewFromConfig(cfg)
	name, value := "portway-"+string(id), account.PlanKey(id)
	var key string
	made, err := client.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{Name: &name, Value: &value, Enabled: true,
		Description: aws.String("Counts the calls of the account; opens nothing.")})
	var there *types.ConflictException
	switch {
	case err == nil:
		key = aws.ToString(made.Id)
	case errors.As(err, &there):
		pages := apigateway.NewGetApiKeysPaginator(client, &apigateway.GetApiKeysInput{NameQuery: &name,
			IncludeValues: aws.Bool(true)})
		for key == "" && pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("find the gateway's key of %s: %w", id, err)
			}
			for _, k := range page.Items {
				if aws.ToString(k.Value) == value {
					key = aws.ToString(k.Id)
				}
			}
		}
	}
	if key == "" {
		return fmt.Errorf("make the gateway's key of %s: %w", id, err)
	}
	_, err = client.CreateUsagePlanKey(ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: &plan, KeyId: &key,
		KeyType: aws.String("API_KEY")})
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("join %s to the usage plan: %w", id, err)
	}
	return nil
}
