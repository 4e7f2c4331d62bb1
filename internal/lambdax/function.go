package lambdax

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
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
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Amz-Invocation-Type", kind)
	if err := sign(ctx, req, raw, f.Keys, "lambda", f.Region, f.Now()); err != nil {
		return nil, err
	}
	res, err := f.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return nil, err
	}
	if failed := res.Header.Get("X-Amz-Function-Error"); res.StatusCode != want || failed != "" {
		return nil, fmt.Errorf("the function could not be called: %d %s", res.StatusCode, failed)
	}
	return body, nil
}

// sign signs a request to a service of AWS.
func sign(
	ctx context.Context, req *http.Request, body []byte, by aws.CredentialsProvider, service, region string, now time.Time,
) error {
	keys, err := by.Retrieve(ctx)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "portway app/"+os.Getenv("AWS_LAMBDA_FUNCTION_NAME"))
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), service, region, now)
}
