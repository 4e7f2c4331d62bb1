package lambdax

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Function calls another Lambda function. The calls are made by hand: the signer is in every function with DynamoDB,
// while Lambda's own client would make each of them half a megabyte larger.
type Function struct {
	URL    string // of Lambda's Invoke for the function
	Region string
	Keys   aws.CredentialsProvider
	HTTP   *http.Client
	Now    func() time.Time
}

// Address returns the address of a service of AWS in the region, such as that of events, without a slash at its end. A local
// engine has every service at one address.
func Address(cfg aws.Config, service string) string {
	suffix := "amazonaws.com"
	if strings.HasPrefix(cfg.Region, "cn-") {
		suffix += ".cn"
	}
	return strings.TrimSuffix(Local(cfg, "https://"+service+"."+cfg.Region+"."+suffix+"/"), "/")
}

// Invocations returns the URL of Lambda's Invoke for a function of the region.
func Invocations(cfg aws.Config, function string) string {
	return Address(cfg, "lambda") + "/2015-03-31/functions/" + function + "/invocations"
}

// Local returns the URL as the functions of a local engine call it: an engine has every service at one address.
func Local(cfg aws.Config, url string) string {
	if cfg.BaseEndpoint == nil {
		return url
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
	return strings.TrimSuffix(*cfg.BaseEndpoint, "/") + "/" + path
}

// Start has the function run with the payload, and does not wait for its end. Lambda queues the call.
func (f *Function) Start(ctx context.Context, payload any) error {
	_, err := f.invoke(ctx, payload, "Event", http.StatusAccepted)
	return err
}

// Call has the function run with the payload, and reads its answer. A failure of Lambda or of the function is an error.
func (f *Function) Call(ctx context.Context, payload, answer any) error {
	body, err := f.invoke(ctx, payload, "RequestResponse", http.StatusOK)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, answer)
}

func (f *Function) invoke(ctx context.Context, payload any, kind string, want int) ([]byte, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	res, body, err := post(ctx, f.HTTP, f.URL, raw, func(req *http.Request) error {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Amz-Invocation-Type", kind)
		return Sign(ctx, req, raw, f.Keys, "lambda", f.Region, f.Now())
	})
	if err != nil {
		return nil, err
	}
	if failed := res.Header.Get("X-Amz-Function-Error"); res.StatusCode != want || failed != "" {
		return nil, fmt.Errorf("the function could not be called: %d %s", res.StatusCode, failed)
	}
	return body, nil
}
