package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"portway/infra/local/browser"
	"portway/internal/porting"
)

// A new user finds the desk of the deployed stack, and with it alone approves the resubmitted order: functions, table and
// dashboard are the deployed ones.
func TestDeskOfTheStack(t *testing.T) {
	err := follow(t).live(limited(t), story{name: "desk", about: "a person approves at the desk",
		attrs: map[string]any{
			"numbers": []string{"+14255550651"}, "billing_name": "Jane Roe", "street": "1 Main St", "city": "Seattle", "state": "WA",
			"zip": "98104", "country": "US", "provider": "Example Telco", "provider_account": "000123", "usage_type": "residential",
		}, tell: func(ctx context.Context, n *narrator) error {
			if err := n.until(ctx, porting.Rejected); err != nil {
				return err
			}
			if _, err := n.call(ctx, http.MethodPost, n.path("/fixes/1"), map[string]any{"data": map[string]any{"type": "loa",
				"attributes": map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}}}, http.StatusOK); err != nil {
				return err
			}
			if _, err := n.call(ctx, http.MethodPatch, n.path("/status"), map[string]any{"data": map[string]any{"type": "portorder",
				"attributes": map[string]any{"status": "review"}}}, http.StatusOK); err != nil {
				return err
			}
			if err := n.until(ctx, porting.Review); err != nil {
				return err
			}
			browser.Run(t, "infra/local/testdata/desk.mjs", map[string]any{"url": up.File.Console, "order": n.order, "number": "425.555.0651"})
			if t.Failed() {
				return fmt.Errorf("the desk does not work")
			}
			return n.until(ctx, porting.Completed)
		}})
	if err != nil {
		t.Fatal(err)
	}
}

// The function that shows carries nothing out, whatever it is sent.
func TestTheDeskThatShowsDecidesNothing(t *testing.T) {
	raw, err := up.File.Invoke(t.Context(), "desk", map[string]any{"action": "hard_cancel", "order": "1", "version": 1, "initials": "ab"})
	if err != nil || !strings.Contains(string(raw), "What waits for a person") {
		t.Errorf("%.300s %v", raw, err)
	}
}
