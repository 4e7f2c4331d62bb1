package webhook

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// The kinds of due dates.
const (
	// DueDelivery is the due date of a pending delivery.
	DueDelivery orders.DueKind = "webhook"
	// DuePause is the due date of the mail about a pause.
	DuePause orders.DueKind = "webhook-paused"
)

// Store keeps endpoints and deliveries. What the caller has to know is a *porting.Error: NotFound, Stale.
type Store interface {
	// Endpoints reads all endpoints of an account, and StatusURL where it has a secret, in one call.
	Endpoints(ctx context.Context, account porting.AccountID) ([]Endpoint, error)
	Endpoint(ctx context.Context, account porting.AccountID, id string) (Endpoint, error)
	// SaveEndpoint writes an endpoint where the stored version is the one before, else it answers Stale. A new endpoint
	// has version 1. The receipt of the request, where there is one, is written in the same transaction. An endpoint
	// that is PausedByUs falls due, whether or not the mail was sent: the mail's own record keeps it from being sent
	// twice.
	SaveEndpoint(ctx context.Context, e Endpoint, r *orders.Receipt) error
	RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error
	// Failing notes a failure of an endpoint, and returns the time of the first failure since its last success.
	// Recovered clears that time.
	Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (since time.Time, err error)
	Recovered(ctx context.Context, account porting.AccountID, id string) error
	// Pause pauses an endpoint that is not paused, and lets it fall due, so that the customer gets a mail.
	Pause(ctx context.Context, account porting.AccountID, id, why string, at time.Time) error
	// Paused reads the endpoint whose pause is due, and PauseTold takes its due date off.
	Paused(ctx context.Context, d orders.Due) (Endpoint, error)
	PauseTold(ctx context.Context, d orders.Due) error

	// Add writes a delivery, once. A pending delivery falls due.
	Add(ctx context.Context, d Delivery) error
	Delivery(ctx context.Context, d Delivery) (Delivery, error)
	// Deliveries reads an endpoint's deliveries as the page says.
	Deliveries(ctx context.Context, account porting.AccountID, endpoint string, p Page) ([]Delivery, error)
	// Requeue makes a delivery pending, whatever its state was. It is tried from d.Next on as if for the first time.
	Requeue(ctx context.Context, d Delivery) error

	// Due reads what falls due.
	Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error)
	// LeaseWork leases pending work from now until a time, and reads it. ok is false where the work has changed since d
	// was read, and where another worker's lease has not ended at now. PutOff and Settle end a lease.
	LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (w Work, ok bool, err error)
	// Lane reads the pending work of w's order at w's endpoint, in the order of its changes.
	Lane(ctx context.Context, w Work) ([]Work, error)
	// PutOff lets leased work fall due at a later time, without counting a failure.
	PutOff(ctx context.Context, w Work, until time.Time) error
	// Settle writes the state of leased work, and the attempt unless its time is zero. Pending work falls due at w.Next
	// with one more failure; any other work is done. Work that somebody else has leased meanwhile stays as it is.
	Settle(ctx context.Context, w Work, a Attempt) error
	// EventOf reads the event of which a delivery tells.
	EventOf(ctx context.Context, d Delivery) (porting.Event, error)
}

// Page narrows a list of deliveries.
type Page struct {
	Before   *Delivery // only deliveries of events before this one's
	From, To time.Time // of the events: at or after From, before To; zero is no bound
	Limit    int
	// Oldest puts the oldest first instead of the newest.
	Oldest bool
}
