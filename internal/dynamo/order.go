package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Load reads an order with its numbers and attempts. Its secrets are sealed. An order of thousands of numbers may take
// more than one call.
func (s *Store) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	var head headItem
	var numbers []porting.Number
	var attempts []porting.Attempt
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk >= :from"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":from": text(fromNumbers)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		sk := textOf(i["sk"])
		switch {
		case sk == orderSK:
			return unmarshal(i, &head)
		case strings.HasPrefix(sk, "NUMBERS#"):
			var c chunkItem
			if err := unmarshal(i, &c); err != nil {
				return err
			}
			numbers = append(numbers, c.list()...)
		case strings.HasPrefix(sk, "TRY#"):
			var t tryItem
			if err := unmarshal(i, &t); err != nil {
				return err
			}
			attempts = append(attempts, t.attempt())
		}
		return nil
	})
	if err != nil {
		return porting.Order{}, fmt.Errorf("read order %s: %w", id, err)
	}
	if head.PK == "" {
		return porting.Order{}, orders.ErrNoOrder
	}
	o := head.order()
	o.Numbers, o.Attempts = numbers, attempts
	return o, nil
}

// heads reads the heads of orders in the order of ids. An order that does not exist is left out.
func (s *Store) heads(ctx context.Context, ids []porting.OrderID) ([]porting.Order, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, headKey(id))
	}
	found := map[porting.OrderID]porting.Order{}
	err := s.batchGet(ctx, keys, true, func(i item) error {
		var h headItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		o := h.order()
		found[o.ID] = o
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]porting.Order, 0, len(found))
	for _, id := range ids {
		if o, ok := found[id]; ok {
			all = append(all, o)
		}
	}
	return all, nil
}

// Commit writes one change in one transaction, on the condition that the order's version is still the one before.
// Numbers, attempts and due dates are written only where they differ, so that the cost of a step follows from what it
// changes.
func (s *Store) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	w, err := s.changes(ctx, c, redeliver)
	if err != nil {
		return err
	}
	for _, tn := range held(c) {
		w.hold(tn, c.After)
	}
	free := released(c)
	if len(free) > porting.HoldsPerTransaction {
		free = nil // left to the effect porting.ReleaseNumbers
	}
	return s.releasing(ctx, w, c.After, free)
}

// changes puts the transaction of a change together, except for the holds.
func (s *Store) changes(ctx context.Context, c orders.Change, redeliver time.Time) (*writes, error) {
	w := &writes{table: s.table}
	after, err := s.seal(ctx, c.After)
	if err != nil {
		return nil, err
	}
	if c.Before.Version == 0 {
		w.put(headOf(after), isNew, nil, means(errInUse))
	} else {
		w.put(headOf(after), "version = :version", item{":version": number(c.Before.Version)}, means(errStale))
	}
	w.events(c.Events, redeliver)
	w.chunks(c.Before, c.After)
	w.tries(c.Before, after)
	w.dues(c.Before, c.After)
	for _, e := range c.Events {
		w.charge(e, c.After.Sandbox)
	}
	w.receipt(c.Receipt)
	return w, nil
}

// seal returns the order with its secrets as ciphertexts.
func (s *Store) seal(ctx context.Context, o porting.Order) (porting.Order, error) {
	if s.sealer == nil {
		return o, errors.New("dynamo: a store without a sealer writes no orders")
	}
	return s.sealer.SealOrder(ctx, o)
}
