package lambdax

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

// asFunction, set in the environment, makes this test binary a Lambda function.
const asFunction = "PORTWAY_TEST_FUNCTION"

func TestMain(m *testing.M) {
	if os.Getenv(asFunction) != "" {
		switch os.Getenv(asFunction) {
		case "unguarded":
			StartUnguarded(function)
		default:
			Start(function)
		}
	}
	os.Exit(m.Run())
}

// function logs as a task does, and does as its input tells it.
func function(ctx context.Context, in input) (string, error) {
	slog.InfoContext(ctx, "working", "order", in.Order, "pin", porting.NewSecret(in.PIN))
	switch in.Order {
	case "panics":
		panic(in.PIN)
	case "fails":
		return "", fmt.Errorf("read %s: %w", in.PIN, errors.New(in.PIN))
	case "tells its end":
		end, _ := ctx.Deadline()
		return end.UTC().Format(time.RFC3339), nil
	case "waits":
		<-ctx.Done()
		return "", ctx.Err()
	}
	return "done", nil
}

// invoke starts this test binary as a function under a runtime API of the test's own, and hands it one event. It gives
// what was logged until the function had answered, and the answer.
func invoke(t *testing.T, as, request, event string, limit time.Time) (logged, answer string) {
	t.Helper()
	events := make(chan struct{}, 1)
	events <- struct{}{}
	answers := make(chan string, 1)
	runtime := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/invocation/next") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(http.StatusAccepted)
			answers <- string(body)
			return
		}
		select {
		case <-events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", request)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(limit.UnixMilli()))
			_, _ = io.WriteString(w, event)
		case <-r.Context().Done(): // no other event ever comes
		}
	}))
	defer runtime.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	var lines bytes.Buffer
	cmd.Stdout, cmd.Stderr = &lines, &lines
	cmd.Env = append(os.Environ(), asFunction+"="+as, "AWS_LAMBDA_LOG_FORMAT=JSON", "AWS_LAMBDA_FUNCTION_NAME=test",
		"AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(runtime.URL, "http://"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case answer = <-answers:
	case <-ctx.Done():
		t.Error("the function did not answer")
	}
	cancel()
	_ = cmd.Wait() // the test has ended it
	return lines.String(), answer
}

// Every line that a function logs is JSON and has the request's id, none has a secret, and each failure is logged once:
// whether the handler does its work, fails or panics, or never gets its event.
func TestEveryLineHasTheRequest(t *testing.T) {
	event := func(order porting.OrderID) string {
		raw, err := json.Marshal(input{Order: order, PIN: canary})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for _, test := range []struct {
		name, as, event string
		want            string // the messages, with the order that each is about
		answer          string
	}{
		{name: "Works", as: "guarded", event: event("works"), want: "working works", answer: `"done"`},
		{name: "Fails", as: "guarded", event: event("fails"), want: "working fails, failed fails",
			answer: `{"errorMessage":"*errors.errorString","errorType":"Transient"}`},
		{name: "Panics", as: "guarded", event: event("panics"), want: "working panics, panic panics",
			answer: `{"errorMessage":"panic","errorType":"Permanent"}`},
		{name: "EventOfAnotherForm", as: "guarded", event: `{"Order":7,"PIN":"` + canary + `"}`,
			want:   "the event can't be read ",
			answer: `{"errorMessage":"The event can't be read.","errorType":"Permanent"}`},
		{name: "UnguardedFails", as: "unguarded", event: event("fails"), want: "working fails",
			answer: `{"errorMessage":"read ` + canary + `: ` + canary + `","errorType":"wrapError"}`},
		{name: "UnguardedPanics", as: "unguarded", event: event("panics"), want: "working panics, panic ",
			answer: `{"errorMessage":"panic","errorType":"Permanent"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			logged, answer := invoke(t, test.as, "request-1", test.event, time.Now().Add(time.Minute))
			var messages []string
			for text := range strings.Lines(logged) {
				var line struct{ Timestamp, Level, Message, RequestID, Order string }
				if err := json.Unmarshal([]byte(text), &line); err != nil {
					t.Fatalf("%v in %q", err, text)
				}
				if line.RequestID != "request-1" || line.Timestamp == "" || line.Level == "" {
					t.Errorf("a line lacks something: %s", text)
				}
				messages = append(messages, line.Message+" "+line.Order)
			}
			if got := strings.Join(messages, ", "); got != test.want {
				t.Errorf("logged %q, want %q", got, test.want)
			}
			if strings.Contains(logged, canary) {
				t.Errorf("a secret is logged: %s", logged)
			}
			if answer != test.answer {
				t.Errorf("answered %s, want %s", answer, test.answer)
			}
		})
	}
}

// The context of a handler ends before Lambda would stop the function. The function can then log its order, and answer with
// an error after which the work is tried again.
func TestContextEndsBeforeTheLimit(t *testing.T) {
	limit := time.Now().Add(time.Hour).Truncate(time.Second)
	for _, as := range []string{"guarded", "unguarded"} {
		want := `"` + limit.Add(-2*time.Second).UTC().Format(time.RFC3339) + `"`
		if _, got := invoke(t, as, "request-1", `{"Order":"tells its end"}`, limit); got != want {
			t.Errorf("%s: the context ends at %s, want %s", as, got, want)
		}
	}
	logged, answer := invoke(t, "guarded", "request-1", `{"Order":"waits"}`, time.Now().Add(Reserve))
	if !strings.Contains(answer, `"errorType":"Transient"`) || !strings.Contains(logged, `"order":"waits"`) {
		t.Errorf("answered %s and logged %s", answer, logged)
	}
}

// Lambda's handler finds the request's id in the context alone, and only Start installs it: nobody logs without a
// context, and no function has a logger of its own.
func TestNobodyLogsPastTheHandler(t *testing.T) {
	for _, root := range []string{"../../internal", "../../functions"} {
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") ||
				strings.HasSuffix(filepath.Dir(file), "test") || filepath.Dir(file) == "../../internal/lambdax" ||
				filepath.Dir(file) == "../../internal/simulation" { // which no function imports
				return err
			}
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, file, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				switch from, _ := call.X.(*ast.Ident); {
				case from == nil:
				case from.Name == "slog" && (strings.HasSuffix(call.Sel.Name, "Context") ||
					strings.HasPrefix(call.Sel.Name, "Level") ||
					call.Sel.Name == "Log" || call.Sel.Name == "Value" || call.Sel.Name == "StringValue"):
				case from.Name == "slog", from.Name == "log" && strings.HasPrefix(call.Sel.Name, "Print"):
					t.Errorf("%s: %s.%s logs past Lambda's handler, or without the context", set.Position(call.Pos()),
						from.Name, call.Sel.Name)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
