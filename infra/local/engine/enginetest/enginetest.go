// Package enginetest starts an AWS engine for one test: [Start].
package enginetest

import (
	"context"
	"testing"

	"portway/infra/local/engine"
)

// Start starts an engine that ends with the test. Where the test has failed, its output has the end of the engine's
// log.
func Start(t testing.TB, o engine.Options) *engine.Engine {
	t.Helper()
	e, err := engine.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the engine's log ends:\n%s", e.LogTail(40))
		}
		if err := e.Stop(); err != nil {
			t.Error(err)
		}
	})
	return e
}
