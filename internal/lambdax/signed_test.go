package lambdax

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// A call that is made by hand is signed, names its function, and tells no more of a refusal than its status.
func TestService(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "portway-page")
	var got *http.Request
	var body string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, body = r, string(raw)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "jane@example.com is not verified")
	}))
	t.Cleanup(server.Close)
	s := &Service{Name: "ses", URL: server.URL + "/v2/email/outbound-emails", HTTP: server.Client(),
		AWS: aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", "")},
		Now: func() time.Time { return time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC) }}
	if err := s.Post(t.Context(), map[string]string{"To": "jane@example.com"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Header.Get("Authorization"), "Credential=AKID/20270301/us-east-1/ses/aws4_request") ||
		got.UserAgent() != "portway app/portway-page" || body != `{"To":"jane@example.com"}` {
		t.Errorf("%v %s", got.Header, body)
	}
	status = http.StatusBadRequest
	if err := s.Post(t.Context(), nil); err == nil || err.Error() != "ses answers 400" {
		t.Errorf("refused: %v", err)
	}
	server.Close()
	if err := s.Post(t.Context(), nil); err == nil {
		t.Error("a service that can't be reached is no error")
	}
}
