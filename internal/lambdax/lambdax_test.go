package lambdax

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

const canary = "CANARY-PIN-8842"

// input is a task's: it names its order, and holds a secret.
type input struct {
	Order porting.OrderID
	PIN   string
}

func (in input) OrderID() porting.OrderID { return in.Order }

// guarded runs a handler that does as told and gives its error and what was logged.
func guarded(t *testing.T, handle func() error) (messages.InvokeResponse_Error, string) {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	_, err := Guard(func(context.Context, input) (string, error) { return "", handle() })(t.Context(),
		input{Order: "4503605600001", PIN: canary})
	var named messages.InvokeResponse_Error
	if !errors.As(err, &named) {
		t.Fatalf("%T is no error that Lambda knows the name of", err)
	}
	return named, log.String()
}

func TestGuardNamesErrors(t *testing.T) {
	for _, test := range []struct {
		name    string
		handle  func() error
		want    string
		message string
	}{
		{"a refusal of ours", func() error { return porting.Errorf(porting.WrongStatus, "Not now.") }, Permanent,
			"Not now."},
		{"wrapped", func() error {
			return fmt.Errorf("%s: %w", canary, porting.Errorf(porting.NotFound, "No such order."))
		}, Permanent, "No such order."},
		{"somebody was faster", func() error { return porting.Errorf(porting.Stale, "Read it again.") }, Transient,
			"Read it again."},
		{"a peer is down", func() error { return &peer.Down{Peer: "locals", Why: "HTTP 503"} }, Transient,
			"locals can't be reached: HTTP 503"},
		{"a library's error", func() error { return errors.New(canary) }, Transient, "*errors.errorString"},
		{"out of time", func() error { return context.DeadlineExceeded }, Transient, "context.deadlineExceededError"},
		{"panic", func() error { panic(canary) }, Permanent, "panic"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, log := guarded(t, test.handle)
			if got.Type != test.want || got.Message != test.message {
				t.Errorf("%s: %s, want %s: %s", got.Type, got.Message, test.want, test.message)
			}
			if strings.Contains(log+got.Message, canary) {
				t.Errorf("a secret is shown: %s %s", log, got.Message)
			}
			if strings.Count(log, "\n") != 1 || !strings.Contains(log, `"order":"4503605600001"`) {
				t.Errorf("want one line with the order's id: %s", log)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		out, err := Guard(func(_ context.Context, in string) (string, error) { return in, nil })(t.Context(),
			"as it is")
		if out != "as it is" || err != nil {
			t.Errorf("%q %v", out, err)
		}
	})
}

func TestTickSweepsOneWorld(t *testing.T) {
	for tick, want := range map[Tick]orders.DueKind{{}: "check", {Sandbox: true}: "sandbox-check"} {
		if got := tick.Kind(porting.DueCheck); got != want {
			t.Errorf("%+v sweeps %s, want %s", tick, got, want)
		}
	}
}

func TestTick(t *testing.T) {
	now := time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2027-01-05T12:00:00Z":           time.Date(2027, 1, 5, 12, 0, 0, 0, time.UTC),
		"2027-01-05T04:00:00-08:00":      time.Date(2027, 1, 5, 12, 0, 0, 0, time.UTC),
		"":                               now,
		"<aws.scheduler.scheduled-time>": now,
		"yesterday":                      now,
	} {
		if got := (Tick{Time: text}).At(now); !got.Equal(want) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
