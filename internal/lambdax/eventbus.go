package lambdax

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// EventBus puts events on an EventBridge bus. The calls are made by hand, as those of [Function] are.
type EventBus struct {
	URL    string // of EventBridge
	Name   string // of the bus
	Region string
	Keys   aws.CredentialsProvider
	HTTP   *http.Client
	Now    func() time.Time
}

// BusEntry is one event for a bus.
type BusEntry struct {
	Source     string
	DetailType string
	Detail     string // JSON
}

// Put puts at most ten entries on the bus. It fails if one of them was not taken; the others may have been taken.
func (b *EventBus) Put(ctx context.Context, entries []BusEntry) error {
	type entry struct {
		BusEntry
		EventBusName string
	}
	var in struct{ Entries []entry }
	for _, e := range entries {
		in.Entries = append(in.Entries, entry{e, b.Name})
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	res, body, err := post(ctx, b.HTTP, b.URL, raw, func(req *http.Request) error {
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("X-Amz-Target", "AWSEvents.PutEvents")
		return Sign(ctx, req, raw, b.Keys, "events", b.Region, b.Now())
	})
	if err != nil {
		return err
	}
	var out struct {
		FailedEntryCount *int
		Entries          []struct{ ErrorCode string }
	}
	if json.Unmarshal(body, &out) != nil || res.StatusCode != http.StatusOK || out.FailedEntryCount == nil {
		return fmt.Errorf("the bus could not be called: %d", res.StatusCode)
	}
	for _, e := range out.Entries {
		if e.ErrorCode != "" {
			return fmt.Errorf("the bus did not take an event: %s", e.ErrorCode)
		}
	}
	if *out.FailedEntryCount > 0 {
		return fmt.Errorf("the bus did not take %d events", *out.FailedEntryCount)
	}
	return nil
}
