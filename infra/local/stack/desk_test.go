package stack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"portway/infra/local/deploy"
)

// The dashboard's widgets call the deployed functions.
func TestDashboardNamesTheDeployedFunctions(t *testing.T) {
	s := &Stack{Deploy: deploy.Stack{IDs: map[string]string{"DeskFunction": "portway-desk-1A2B"}}}
	if _, err := s.dashboard("DeskDashboard"); err == nil {
		t.Error("there is a dashboard before the stack is deployed")
	}
	s.File.StateMachines = map[string]string{"csr": "arn:aws:states:us-east-1:000000000000:stateMachine:csr"}
	body, err := s.dashboard("DeskDashboard")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Widgets []struct {
			Type       string
			Properties struct{ Endpoint string }
		}
	}
	if err := json.Unmarshal([]byte(body), &dashboard); err != nil || len(dashboard.Widgets) == 0 {
		t.Fatal(err, body)
	}
	for _, w := range dashboard.Widgets {
		if w.Type != "custom" || w.Properties.Endpoint != "arn:aws:lambda:us-east-1:000000000000:function:portway-desk-1A2B" {
			t.Errorf("%+v", w)
		}
	}
	if _, err := s.dashboard("Moon"); err == nil {
		t.Error("there is a dashboard that the template does not have")
	}
}

// The clock goes on by business days, and each of them is swept.
func TestClockGoesOnByBusinessDays(t *testing.T) {
	var swept []string
	c := &clock{day: time.Date(2027, 1, 8, 20, 0, 0, 0, time.UTC), sweep: func(_ context.Context, name string, at time.Time) error {
		swept = append(swept, name+" "+at.UTC().Format("Mon 15:04"))
		return nil
	}}
	for _, want := range []string{"2027-01-11", "2027-01-12"} {
		if day, err := c.next(t.Context()); err != nil || day.Format(time.DateOnly) != want {
			t.Errorf("it is %s (%v), want %s", day, err, want)
		}
	}
	if got := strings.Join(swept, ", "); got != "status-check Mon 17:00, auto-cancel Mon 17:00, status-check Tue 17:00, auto-cancel Tue 17:00" {
		t.Errorf("swept %s", got)
	}
	c.sweep = func(context.Context, string, time.Time) error { return errors.New("down") }
	if _, err := c.next(t.Context()); err == nil {
		t.Error("a sweep that fails is not told")
	}
}
