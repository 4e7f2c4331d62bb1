package main

import (
	"context"
	"net/http"
	"testing"

	"portway/internal/porting"
)

// A second stack is deployed beside the first one, in the same account and region. No resource belongs to both. The second
// one takes an order through a state machine of its own, and neither stack knows the other's keys and orders.
func TestTwoStacks(t *testing.T) {
	ctx := limited(t)
	beside, err := up.Beside(ctx, "portway-second")
	if err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{}
	for logical, id := range up.Deploy.IDs {
		owner[id] = logical
	}
	delete(owner, "live") // each API has a stage of this name
	for logical, id := range beside.Deploy.IDs {
		if first, taken := owner[id]; taken {
			t.Errorf("%s of the second stack is %s of the first one: %s", logical, first, id)
		}
	}
	if n := len(beside.Deploy.IDs); n < 100 || n != len(up.Deploy.IDs)-1 { // one stack alone registers the mail domain
		t.Errorf("the second stack has %d resources, the first one %d", n, len(up.Deploy.IDs))
	}

	told := follow(t)
	told.file = beside.File
	if err := told.live(ctx, story{name: "beside", attrs: map[string]any{
		"numbers": []string{"+14255550201"}, "billing_name": "Jane Roe", "street": "1 Main St", "city": "Seattle", "state": "WA",
		"zip": "98104", "country": "US", "provider": "Example Telco", "provider_account": "000123", "usage_type": "residential",
	}, tell: func(ctx context.Context, n *narrator) error { return n.until(ctx, porting.Submitted) }}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		access, secret, path string
		want                 int
	}{
		"the second stack's key":   {beside.File.AccessKey, beside.File.SecretKey, "/v2/portorders", http.StatusUnauthorized},
		"the second stack's order": {up.File.AccessKey, up.File.SecretKey, told.path(""), http.StatusNotFound},
	} {
		a, err := up.File.CallAs(ctx, c.access, c.secret, http.MethodGet, c.path, nil)
		if err != nil || a.Status != c.want {
			t.Errorf("%s is answered %d by the first stack (%v), want %d", name, a.Status, err, c.want)
		}
	}
}
