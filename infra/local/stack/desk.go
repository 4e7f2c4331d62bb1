package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"go.yaml.in/yaml/v3"

	"portway/infra/local/console"
	"portway/infra/local/engine"
	"portway/internal/bizday"
)

// desk shows the dashboard of the desk as the AWS console does, with a clock whose days run the schedules.
func (s *Stack) desk() http.Handler {
	clock := &clock{sweep: func(ctx context.Context, name string, at time.Time) error {
		_, err := s.File.Sweep(ctx, name, at)
		return err
	}}
	c := &console.Console{Name: "portway-desk", Body: func(context.Context) (string, error) { return s.dashboard("DeskDashboard") },
		Invoke: s.invoke, NextDay: clock.next}
	return http.StripPrefix("/desk", c.Handler())
}

// invoke calls a function by its ARN, as the console does for a viewer who may call each of them.
func (s *Stack) invoke(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	out, err := lambda.NewFromConfig(s.Engine.Config()).Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(arn), Payload: payload})
	if err != nil {
		return nil, err
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("the function has failed: %s", out.Payload)
	}
	return out.Payload, nil
}

// reference is a resource's attribute in a text of the template.
var reference = regexp.MustCompile(`\$\{(\w+)\.Arn\}`)

// dashboard reads the body of a dashboard from the template, with the ARNs of the deployed functions.
func (s *Stack) dashboard(name string) (string, error) {
	root, err := engine.Root()
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		return "", err
	}
	var template struct {
		Resources map[string]struct {
			Properties map[string]yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(raw, &template); err != nil {
		return "", err
	}
	body, ok := template.Resources[name].Properties["DashboardBody"]
	machine := strings.Split(s.File.StateMachines["csr"], ":") // arn:aws:states:region:account:stateMachine:name
	if !ok || len(machine) < 6 {
		return "", fmt.Errorf("the stack is not ready, or has no dashboard %s", name)
	}
	text := reference.ReplaceAllStringFunc(body.Value, func(ref string) string {
		return "arn:aws:lambda:" + machine[3] + ":" + machine[4] + ":function:" + s.Deploy.IDs[reference.FindStringSubmatch(ref)[1]]
	})
	if !json.Valid([]byte(text)) {
		return "", fmt.Errorf("the body of %s is no JSON", name)
	}
	return text, nil
}

// clock is the local clock of the schedules.
type clock struct {
	sweep func(ctx context.Context, name string, at time.Time) error
	mu    sync.Mutex
	day   time.Time
}

// next goes on to the next business day, and runs the status checks and the end of forgotten orders as of its noon.
func (c *clock) next(ctx context.Context) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	days, err := bizday.Named("npac", "America/New_York")
	if err != nil {
		return time.Time{}, err
	}
	if c.day.IsZero() {
		c.day = time.Now()
	}
	c.day = days.At(days.AddBusinessDays(c.day, 1), 12, 0)
	for _, name := range []string{"status-check", "auto-cancel"} {
		if err := c.sweep(ctx, name, c.day); err != nil {
			return time.Time{}, err
		}
	}
	return c.day, nil
}
