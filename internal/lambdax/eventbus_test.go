package lambdax

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
)

// An event that the bus does not take is an error, whichever way AWS says so: the outbox keeps the event then.
func TestAnEventThatIsNotTakenIsAnError(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
		taken  bool
	}{
		{"taken", 200, `{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}`, true},
		{"one of two is not", 200, `{"FailedEntryCount":1,"Entries":[{"EventId":"1"},{"ErrorCode":"ThrottlingException","ErrorMessage":"s3cret"}]}`, false},
		{"a count without entries", 200, `{"FailedEntryCount":1}`, false},
		{"no such bus", 400, `{"__type":"ResourceNotFoundException","message":"s3cret"}`, false},
		{"not allowed", 403, `{"FailedEntryCount":0}`, false},
		{"a web page", 200, `<html>`, false},
		{"nothing", 200, ``, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				got = r.Header.Get("X-Amz-Target") + " " + string(body)
				if !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/events/aws4_request") {
					t.Errorf("signed as %q", r.Header.Get("Authorization"))
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			defer server.Close()
			b := EventBus{URL: server.URL, Name: "portway-events", Region: "us-east-1", HTTP: server.Client(), Now: time.Now,
				Keys: credentials.NewStaticCredentialsProvider("id", "key", "")}
			err := b.Put(t.Context(), []BusEntry{{Source: "portway", DetailType: "portorder.created", Detail: `{"a":1}`}})
			if (err == nil) != test.taken || err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
			name, raw, _ := strings.Cut(got, " ")
			var in struct{ Entries []map[string]string }
			if err := json.Unmarshal([]byte(raw), &in); err != nil || name != "AWSEvents.PutEvents" || len(in.Entries) != 1 ||
				in.Entries[0]["EventBusName"] != "portway-events" || in.Entries[0]["Detail"] != `{"a":1}` || len(in.Entries[0]) != 4 {
				t.Errorf("asked %s (%v)", got, err)
			}
		})
	}
}
