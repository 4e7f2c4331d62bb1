package lambdax

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"portway/internal/porting"
)

// The call is the one that AWS documents for GetSecretValue: JSON 1.1 with a target, signed for the service. The answers
// have the documented form too.
func TestSecretValue(t *testing.T) {
	const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:PeerPasswords-a1b2c3"
	for _, test := range []struct {
		name   string
		status int
		answer string
		want   string
		err    string
	}{
		{name: "a text", status: 200, answer: `{"ARN":"` + arn + `","SecretString":"{\"locals\":\"s3cret\"}"}`, want: `{"locals":"s3cret"}`},
		{name: "bytes", status: 200, answer: `{"SecretBinary":"czNjcmV0"}`, err: "the secret has no text"},
		{name: "no right", status: 400, answer: `{"__type":"AccessDeniedException","Message":"s3cret"}`,
			err: "secretsmanager:GetSecretValue was answered by 400 AccessDeniedException"},
		{name: "a proxy's page", status: 502, answer: `<html>s3cret`, err: "secretsmanager:GetSecretValue was answered by 502 "},
		{name: "half an answer", status: 200, answer: `{"SecretString":"s3c`, err: "the answer to secretsmanager:GetSecretValue is not understood"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var in map[string]string
				body, err := io.ReadAll(r.Body)
				if err != nil || json.Unmarshal(body, &in) != nil || len(in) != 1 || in["SecretId"] != arn {
					t.Errorf("asked for %v (%v)", in, err)
				}
				if got := r.Header.Get("X-Amz-Target"); got != "secretsmanager.GetSecretValue" {
					t.Errorf("the target is %q", got)
				}
				if by := r.Header.Get("Authorization"); !strings.Contains(by, "/us-east-1/secretsmanager/aws4_request") {
					t.Errorf("signed by %q", by)
				}
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.answer)
			}))
			defer server.Close()
			s := &Secret{ARN: arn, HTTP: server.Client(), Now: time.Now, AWS: aws.Config{Region: "us-east-1",
				BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}}
			got, err := s.Value(t.Context())
			if got != test.want || (err == nil) != (test.err == "") || err != nil && porting.Plain(err) != test.err {
				t.Errorf("%q, %v; want %q, %s", got, err, test.want, test.err)
			}
		})
	}
}

// A service is called in its region's partition, and at a local engine's one address.
func TestAddress(t *testing.T) {
	engine := "http://127.0.0.1:4599/"
	for _, c := range []struct {
		region string
		base   *string
		want   string
	}{
		{region: "us-east-1", want: "https://events.us-east-1.amazonaws.com"},
		{region: "cn-north-1", want: "https://events.cn-north-1.amazonaws.com.cn"},
		{region: "us-east-1", base: &engine, want: "http://127.0.0.1:4599"},
	} {
		cfg := aws.Config{Region: c.region, BaseEndpoint: c.base}
		if got := Address(cfg, "events"); got != c.want {
			t.Errorf("in %s the address is %s, want %s", c.region, got, c.want)
		}
		want := strings.Replace(c.want, "events.", "lambda.", 1) + "/2015-03-31/functions/f/invocations"
		if got := Invocations(cfg, "f"); got != want {
			t.Errorf("in %s a function is called at %s, want %s", c.region, got, want)
		}
	}
}
