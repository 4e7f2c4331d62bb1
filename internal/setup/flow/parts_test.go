package flow

import (
	"slices"
	"testing"
	"time"

	"portway/internal/bus"
	"portway/internal/document"
	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/provision"
	"portway/internal/pull"
	"portway/internal/storetest"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

// Every effect that the domain knows has a handler, and there is no handler of anything else.
func TestEveryEffectIsCarriedOut(t *testing.T) {
	p := Parts{Book: &orders.Book{}, Store: storetest.NewMemory(), Driver: &workflow.Driver{},
		Webhook: &webhook.Sender{},
		Files:   &document.Files{}, Pull: &pull.Puller{}, Bus: &bus.Publisher{}, Switch: &provision.Asker{}, Now: time.Now}
	handlers := p.Outbox().Handlers
	for _, effect := range porting.Effects() {
		if handlers[effect] == nil {
			t.Errorf("nothing carries out the effect %q", effect)
		}
	}
	if len(handlers) != len(porting.Effects()) {
		t.Errorf("%d handlers for %d effects", len(handlers), len(porting.Effects()))
	}
}

// Every kind of due date is a value of the metrics about due dates.
func TestEveryKindIsMeasured(t *testing.T) {
	kinds := []orders.DueKind{orders.DueEvent, orders.DueIntake, orders.DueDesk, orders.DueParked, pull.DuePull,
		webhook.DueDelivery, webhook.DuePause, orders.KindOf(orders.DueDesk, porting.Owner{Sandbox: true})}
	for _, kind := range porting.DueKinds() {
		kinds = append(kinds, orders.DueKind(kind), orders.KindOf(orders.DueKind(kind), porting.Owner{Sandbox: true}))
	}
	for _, kind := range kinds {
		if !slices.Contains(metric.DueAge.Values, string(kind)) {
			t.Errorf("the kind %s is not measured", kind)
		}
	}
}
