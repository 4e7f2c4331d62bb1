package lambdax

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Secret is a secret of AWS Secrets Manager. Its calls are made by hand for the reason that [Function] gives.
type Secret struct {
	ARN  string
	AWS  aws.Config
	HTTP *http.Client
	Now  func() time.Time
}

// Value reads the present value. A value that is no text is an error. No error repeats the value.
func (s *Secret) Value(ctx context.Context) (string, error) {
	var out struct{ SecretString string }
	if err := s.call(ctx, "GetSecretValue", map[string]string{"SecretId": s.ARN}, &out); err != nil {
		return "", err
	}
	if out.SecretString == "" {
		return "", secretError("the secret has no text")
	}
	return out.SecretString, nil
}

// Put writes a new value. No function has the right to it; stacks on this machine and tests do.
func (s *Secret) Put(ctx context.Context, value string) error {
	return s.call(ctx, "PutSecretValue", map[string]string{"SecretId": s.ARN, "SecretString": value}, &struct{}{})
}

func (s *Secret) call(ctx context.Context, operation string, in, out any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	res, body, err := post(ctx, s.HTTP, Address(s.AWS, "secretsmanager")+"/", raw, func(req *http.Request) error {
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("X-Amz-Target", "secretsmanager."+operation)
		return Sign(ctx, req, raw, s.AWS.Credentials, "secretsmanager", s.AWS.Region, s.Now())
	})
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		var why struct {
			Type string `json:"__type"`
		}
		_ = json.Unmarshal(body, &why) // a body of another form names no reason
		return secretError(fmt.Sprintf("secretsmanager:%s was answered by %d %s", operation, res.StatusCode, why.Type))
	}
	if json.Unmarshal(body, out) != nil {
		return secretError("the answer to secretsmanager:" + operation + " is not understood")
	}
	return nil
}

// secretError has no part of a secret's value, so that logs may show it.
type secretError string

func (e secretError) Error() string { return string(e) }

// Plain is the text for logs and for the state machines.
func (e secretError) Plain() string { return string(e) }
