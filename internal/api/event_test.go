package api

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/orders"
)

func sample(t *testing.T, name string) events.APIGatewayProxyRequest {
	t.Helper()
	text, err := os.ReadFile("../../events/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var in events.APIGatewayProxyRequest
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// The three sample events are one story: an order is made, signed, and found.
func TestSampleEvents(t *testing.T) {
	w := newWorld(t)
	if err := w.store.OpenAccount(t.Context(), account.Account{ID: "demo", Name: "Demo", Mail: "ops@example.com", Kind: account.Live,
		Balance: 100_00}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		event  string
		status int
		expect []string
	}{
		{"api-create", 201, []string{`"type":"portorder_group"`, `"numbers":["+12065550150","+12065550151"]`, `"numbers":["+18005550150"]`,
			`"id":"150626304004098"`}}, // by the test's clock, as the next event says
		{"api-sign", 201, []string{`"status":"processing"`}},
		{"api-list", 200, []string{`"id":"150626304004098"`, `"status":"processing"`}},
	} {
		out := w.send(sample(t, step.event))
		if out.StatusCode != step.status {
			t.Fatalf("%s: %d %s", step.event, out.StatusCode, out.Body)
		}
		for _, part := range step.expect {
			if !strings.Contains(out.Body, part) {
				t.Errorf("%s: %s is missing in %s", step.event, part, out.Body)
			}
		}
	}
	if found, err := w.store.List(t.Context(), "demo", orders.Filter{}); err != nil || len(found) != 2 {
		t.Errorf("%d orders of the event's account (%v)", len(found), err)
	}
}
