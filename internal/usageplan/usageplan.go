// Package usageplan lets the API's gateway count an account's calls: [Join] puts the account on the usage plan of a
// deployed stack. The gateway refuses the calls of an account that is on no plan.
//
// The three requests are signed by hand, since the signer is in every function with DynamoDB, while API Gateway's own
// client would make the desk's function larger by a megabyte.
package usageplan

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/account"
	"portway/internal/lambdax"
	"portway/internal/porting"
)

// key is an API key of the gateway.
type key struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

// Join puts the account on the usage plan with the id plan. Joining twice is joining once.
func Join(ctx context.Context, cfg aws.Config, plan string, id porting.AccountID) error {
	name, value := "portway-"+string(id), account.PlanKey(id)
	var k key
	status, err := call(ctx, cfg, http.MethodPost, "/apikeys", map[string]any{"name": name, "value": value, "enabled": true,
		"description": "Counts the calls of the account; opens nothing."}, &k)
	if status == http.StatusConflict {
		k, err = find(ctx, cfg, name, value)
	}
	if err != nil {
		return fmt.Errorf("make the gateway's key of %s: %w", id, err)
	}
	status, err = call(ctx, cfg, http.MethodPost, "/usageplans/"+url.PathEscape(plan)+"/keys",
		map[string]any{"keyId": k.ID, "keyType": "API_KEY"}, nil)
	if err != nil && status != http.StatusConflict {
		return fmt.Errorf("join %s to the usage plan: %w", id, err)
	}
	return nil
}

// find returns the API key that was made before.
func find(ctx context.Context, cfg aws.Config, name, value string) (key, error) {
	place := ""
	for {
		query := url.Values{"name": {name}, "includeValues": {"true"}, "limit": {"500"}}
		if place != "" {
			query.Set("position", place)
		}
		var page struct {
			Item     []key  `json:"item"`
			Position string `json:"position"`
		}
		if _, err := call(ctx, cfg, http.MethodGet, "/apikeys?"+query.Encode(), nil, &page); err != nil {
			return key{}, err
		}
		for _, k := range page.Item {
			if k.Value == value {
				return k, nil
			}
		}
		if place = page.Position; place == "" {
			return key{}, fmt.Errorf("the gateway has a key with this value under another name")
		}
	}
}

// call makes one request. Its status is 0 where no answer has come.
func call(ctx context.Context, cfg aws.Config, method, path string, in, out any) (status int, err error) {
	var raw []byte
	if in != nil {
		if raw, err = json.Marshal(in); err != nil {
			return 0, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, lambdax.Address(cfg, "apigateway")+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if err := lambdax.Sign(ctx, req, raw, cfg.Credentials, "apigateway", cfg.Region, time.Now()); err != nil {
		return 0, err
	}
	client := cfg.HTTPClient
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return res.StatusCode, err
	}
	if res.StatusCode/100 != 2 {
		return res.StatusCode, fmt.Errorf("API Gateway answered %d", res.StatusCode)
	}
	if out == nil {
		return res.StatusCode, nil
	}
	return res.StatusCode, json.Unmarshal(body, out)
}
