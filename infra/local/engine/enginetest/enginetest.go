// Package enginetest gives a test an AWS engine of its own.
package enginetest

import (
	"context"
	"testing"

	"portway/infra/local/engine"
)

// Start starts an engine that ends with the test. When the test has failed, the
// end of the engine's log goes with it.
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
