package webhook

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// The kinds of due dates.
const (
	// DueDelivery is a delivery that is still to be done.
	DueDelivery orders.DueKind = "webhook"
	// DuePause is an endpoint of whose pause the customer is to be told.
	DuePause orders.DueKind = "webhook-paused"
)

// Store keeps endpoints and deliveries. Its errors are *porting.Error where the facts are the caller's: NotFound, Stale.
type Store interface {
	// Endpoints are all of an account's, StatusURL among them where it has a secret: one call.
	Endpoints(ctx context.Context, account porting.AccountID) ([]Endpoint, error)
	Endpoint(ctx context.Context, account porting.AccountID, id string) (Endpoint, error)
	// SaveEndpoint writes an endpoint whose version is still the one before; Stale where it isn't. Version 1 is a new one. The receipt
	// of the request, where there is one, is written along, or nothing is. One that is PausedByUs falls due, told already or not:
	// the mail has a record of its own.
	SaveEndpoint(ctx context.Context, e Endpoint, r *orders.Receipt) error
	RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error
	// Failing notes a failure at an endpoint, and says since when it has been failing. Well ends the row.
	Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (since time.Time, err error)
	Recovered(ctx context.Context, account porting.AccountID, id string) error
	// Pause pauses an endpoint of ours that is not paused, and lets it fall due, so that the customer is told.
	Pause(ctx context.Context, account porting.AccountID, id, why string, at time.Time) error
	// Paused is the endpoint that is due, Told takes its due date off.
	Paused(ctx context.Context, d orders.Due) (Endpoint, error)
	PauseTold(ctx context.Context, d orders.Due) error

	// Add writes a delivery that is not there yet; a pending one falls due.
	Add(ctx context.Context, d Delivery) error
	Delivery(ctx context.Context, d Delivery) (Delivery, error)
	// Deliveries are an endpoint's, newest first, of events before the given delivery's, or from and to the instants, where they
	// are not zero.
	Deliveries(ctx context.Context, account porting.AccountID, endpoint string, p Page) ([]Delivery, error)
	// Requeue makes a delivery pending, whatever it was, to be tried anew from d.Next on.
	Requeue(ctx context.Context, d Delivery) error

	// Due reads what falls due.
	Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error)
	// LeaseWork leases pending work, as orders.DueDates.Lease does, and reads it.
	LeaseWork(ctx context.Context, d orders.Due, hold time.Time) (w Work, ok bool, err error)
	// Lane is the pending work of the same order at the same endpoint, in the order of its changes.
	Lane(ctx context.Context, w Work) ([]Work, error)
	// PutOff lets taken work fall due later, without counting a failure.
	PutOff(ctx context.Context, w Work, until time.Time) error
	// Settle writes a try of taken work and what became of it. Pending work falls due at w.Next, with a failure more; all else is
	// done. An attempt of zero time is none. Work that somebody else has taken meanwhile is left to them.
	Settle(ctx context.Context, w Work, a Attempt) error
	// Told of: the event of a delivery.
	EventOf(ctx context.Context, d Delivery) (porting.Event, error)
}

// Page narrows a list of deliveries.
type Page struct {
	Before   *Delivery
	From, To time.Time // the instant To itself is out
	Limit    int
	// Oldest first, in place of newest first.
	Oldest bool
}
