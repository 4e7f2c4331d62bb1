package deploy_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"portway/infra/local/deploy"
	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
)

func TestDeploy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := enginetest.Start(t, engine.Options{EnforceIAM: true})
	root, err := engine.Root()
	if err != nil {
		t.Fatal(err)
	}
	o := deploy.Options{
		Config:     e.Config(),
		Root:       root,
		Template:   filepath.Join("testdata", "stack", "template.yaml"),
		Stack:      "greeter",
		Parameters: map[string]string{"Greeting": "good day"},
	}
	s, err := deploy.Deploy(ctx, o)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("OK: parameters and outputs", func(t *testing.T) {
		if got, want := s.Outputs["Greeting"], "good day, greeter"; got != want {
			t.Errorf("output %q, want %q", got, want)
		}
	})

	t.Run("OK: the function answers through the API", func(t *testing.T) {
		status, body, _ := get(t, e.API(s.Outputs["ApiId"], "v1")+"/hello")
		if status != 200 || body != "hello from America/Chicago" {
			t.Errorf("answer %d %q", status, body)
		}
	})

	t.Run("OK: gateway responses", func(t *testing.T) {
		status, body, header := get(t, e.API(s.Outputs["ApiId"], "v1")+"/nothing")
		if status != 404 || body != `{"title":"Not Found"}` || header.Get("X-Told-By") != "gateway" {
			t.Errorf("answer %d %q %v", status, body, header)
		}
	})

	t.Run("OK: a state machine from its file, with its role", func(t *testing.T) {
		client := sfn.NewFromConfig(e.Config())
		run, err := client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(s.IDs["Machine"]),
			Name: aws.String("one")})
		if err != nil {
			t.Fatal(err)
		}
		var got *sfn.DescribeExecutionOutput
		await(t, func(ctx context.Context) bool {
			got, err = client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: run.ExecutionArn})
			return err == nil && got.Status != sfntypes.ExecutionStatusRunning
		})
		if want := `"hello from America/Chicago"`; got.Status != sfntypes.ExecutionStatusSucceeded ||
			aws.ToString(got.Output) != want {
			t.Errorf("%s with output %s, want %s", got.Status, aws.ToString(got.Output), want)
		}
	})

	t.Run("OK: time to live", func(t *testing.T) {
		out, err := dynamodb.NewFromConfig(e.Config()).DescribeTimeToLive(ctx,
			&dynamodb.DescribeTimeToLiveInput{TableName: aws.String(s.IDs["Table"])})
		if err != nil {
			t.Fatal(err)
		}
		if d := out.TimeToLiveDescription; d.TimeToLiveStatus != ddb.TimeToLiveStatusEnabled ||
			aws.ToString(d.AttributeName) != "ttl" {
			t.Errorf("time to live %s by %q", d.TimeToLiveStatus, aws.ToString(d.AttributeName))
		}
	})

	t.Run("OK: the same again changes nothing and builds nothing", func(t *testing.T) {
		o := o
		o.Progress = func(what string) {
			if strings.HasPrefix(what, "buil") {
				t.Errorf("progress says %q", what)
			}
		}
		again, err := deploy.Deploy(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(again.IDs, s.IDs) {
			t.Errorf("resources %v, want %v", again.IDs, s.IDs)
		}
	})

	t.Run("ErrFailed: says which resource and why", func(t *testing.T) {
		o := o
		o.Stack = "broken"
		o.Template = filepath.Join(t.TempDir(), "template.yaml")
		const broken = `
Resources:
  Bad:
    Type: AWS::ApiGateway::GatewayResponse
    Properties: {RestApiId: none, ResponseType: UNAUTHORIZED}
`
		if err := os.WriteFile(o.Template, []byte(broken), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := deploy.Deploy(ctx, o); err == nil || !strings.Contains(err.Error(),
			"Bad (AWS::ApiGateway::GatewayResponse): ") {
			t.Errorf("error %v, want one that names Bad", err)
		}
	})
}

func get(t *testing.T, url string) (int, string, http.Header) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// await polls until done says so.
func await(t *testing.T, done func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done(ctx) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it did not come to that in 30 s")
		}
	}
}
