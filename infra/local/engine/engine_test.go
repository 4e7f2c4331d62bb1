package engine_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
)

func TestEngine(t *testing.T) {
	t.Parallel()
	ctx := t.Context()

	t.Run("OK: two at once share nothing", func(t *testing.T) {
		one := enginetest.Start(t, engine.Options{})
		two := enginetest.Start(t, engine.Options{})
		if _, err := s3.NewFromConfig(one.Config()).CreateBucket(ctx,
			&s3.CreateBucketInput{Bucket: aws.String("documents")}); err != nil {
			t.Fatal(err)
		}
		if got := buckets(t, one); got != 1 {
			t.Errorf("%d buckets in the first engine, want 1", got)
		}
		if got := buckets(t, two); got != 0 {
			t.Errorf("%d buckets in the second engine, want 0", got)
		}

		if err := one.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		if got := buckets(t, one); got != 0 {
			t.Errorf("%d buckets after a reset, want 0", got)
		}
	})

	t.Run("OK: nothing is left after Stop", func(t *testing.T) {
		dir := t.TempDir()
		e := enginetest.Start(t, engine.Options{Dir: dir})
		if err := e.Stop(); err != nil {
			t.Fatal(err)
		}
		if _, err := http.Get(e.Endpoint()); err == nil {
			t.Error("it still answers")
		}
		if _, err := os.Stat(filepath.Join(dir, "engine.log")); err != nil {
			t.Errorf("its log: %v", err)
		}
		if was, err := engine.StopIn(dir); was || err != nil {
			t.Errorf("StopIn says %v, %v", was, err)
		}
	})

	t.Run("OK: StopIn ends what somebody else has started", func(t *testing.T) {
		dir := t.TempDir()
		e := enginetest.Start(t, engine.Options{Dir: dir})
		if was, err := engine.StopIn(dir); !was || err != nil {
			t.Errorf("StopIn says %v, %v", was, err)
		}
		<-e.Done()
	})

	t.Run("OK: it ends with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		e, err := engine.Start(ctx, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		<-e.Done()
	})

	t.Run("ErrPortTaken", func(t *testing.T) {
		e := enginetest.Start(t, engine.Options{})
		_, text, _ := strings.Cut(e.Endpoint(), "127.0.0.1:")
		port, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Start(ctx, engine.Options{Port: port}); err == nil ||
			!strings.Contains(err.Error(), "PORT=") {
			t.Errorf("error %v, want one that names PORT=", err)
		}
	})

	t.Run("ErrCancelled: a start that is given up leaves nothing", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := engine.Start(ctx, engine.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
	})
}

func buckets(t *testing.T, e *engine.Engine) int {
	t.Helper()
	out, err := s3.NewFromConfig(e.Config()).ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Buckets)
}
