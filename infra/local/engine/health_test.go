package engine

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// Another engine may take a port between the search for a free one and the start of ours, and answer for it.
func TestOnlyOurOwnProcessIsHealthy(t *testing.T) {
	t.Parallel()
	asked, done := make(chan struct{}, 100), make(chan struct{})
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{} }))
	defer other.Close()
	e := &Engine{endpoint: other.URL, dir: t.TempDir(), done: done}
	go func() {
		<-asked
		<-asked // it has been asked again: the first answer was not believed
		close(done)
	}()
	if err := e.awaitHealth(t.Context()); !errors.Is(err, errPort) {
		t.Errorf("while another process answers: %v", err)
	}
	if err := os.WriteFile(e.LogFile(), []byte("Running on "+other.URL+" (CTRL + C to quit)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.done = make(chan struct{})
	if err := e.awaitHealth(t.Context()); err != nil {
		t.Errorf("when our own process serves: %v", err)
	}
}
