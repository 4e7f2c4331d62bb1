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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// mostAnswer is how much of an answer is read: more than Lambda gives.
const mostAnswer = 8 << 20

// post posts a body to a service of AWS and reads the whole answer. prepare sets the headers and signs the request.
func post(ctx context.Context, client *http.Client, url string, body []byte,
	prepare func(*http.Request) error) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if err := prepare(req); err != nil {
		return nil, nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	return res, answer, err
}

// Sign signs a request to a service of AWS. The User-Agent names the function, so that AWS's own logs tell which one called.
func Sign(
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

// Service calls a service of AWS by hand, with a body of JSON. The client of such a service would make a function larger by up
// to a fifth for one call.
type Service struct {
	Name string // by which its requests are signed, such as ses
	URL  string
	AWS  aws.Config
	HTTP *http.Client
	Now  func() time.Time
}

// Post sends a body. The error tells the status alone, since the text of an answer may repeat what was sent.
func (s *Service) Post(ctx context.Context, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, _, err := post(ctx, s.HTTP, s.URL, raw, func(req *http.Request) error {
		req.Header.Set("Content-Type", "application/json")
		return Sign(ctx, req, raw, s.AWS.Credentials, s.Name, s.AWS.Region, s.Now())
	})
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %d", s.Name, res.StatusCode)
	}
	return nil
}
