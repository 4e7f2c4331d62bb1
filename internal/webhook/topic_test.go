package webhook

import (
	"testing"

	"portway/internal/porting"
)

// An endpoint that names no types gets those of the release that introduced endpoints; a younger one it gets by name alone.
func TestYoungerTopicsAreGotByName(t *testing.T) {
	for _, topic := range porting.Topics() {
		kind := typeOf(topic)
		if got := (Endpoint{}).wants(kind); got == topic.ByNameOnly() {
			t.Errorf("an endpoint without types is told %s: %v", kind, got)
		}
		if !(Endpoint{Types: []string{kind}}).wants(kind) || (Endpoint{Types: []string{Ping}}).wants(kind) {
			t.Errorf("an endpoint with types is not told %s by its name alone", kind)
		}
	}
	if !porting.NumberMoved.ByNameOnly() || porting.DocumentChanged.ByNameOnly() {
		t.Error("another topic is got by name alone")
	}
}
