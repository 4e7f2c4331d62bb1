package dynamo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// loads is how often an order is read before an error says that it changes too fast. Each reading takes a few
// milliseconds, and an order changes some dozen times in its life.
const loads = 4

// tornError answers for an order that has changed during each of its readings, or whose items a person has changed. The
// same call may succeed later. Where it never does, a person takes the attribute parts off the order's ORDER item: the
// order is then read without the check.
type tornError struct{ id porting.OrderID }

func (e tornError) Error() string {
	return fmt.Sprintf("the numbers and attempts of order %s belonged to another version than its head, %d times in a row",
		e.id, loads)
}

// Plain is the error's text in logs.
func (e tornError) Plain() string { return e.Error() }

// Load reads an order with its numbers and attempts. Its secrets are sealed. An order of thousands of numbers may take
// more than one call. An order that changes meanwhile is read again, since DynamoDB promises no snapshot across the
// items of an order.
func (s *Store) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	for range loads {
		o, whole, err := s.load(ctx, id)
		if err != nil {
			return porting.Order{}, err
		}
		if whole {
			return o, nil
		}
		slog.InfoContext(ctx, "the order has changed while it was read", "order", id, "version", o.Version)
	}
	return porting.Order{}, tornError{id}
}

// load reads an order once. whole says that all its items are of one version.
func (s *Store) load(ctx context.Context, id porting.OrderID) (o porting.Order, whole bool, err error) {
	var read reading
	err = s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk >= :from"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":from": text(fromNumbers)},
		ConsistentRead:            aws.Bool(true),
	}, read.add)
	if err != nil {
		return porting.Order{}, false, fmt.Errorf("read order %s: %w", id, err)
	}
	return read.order()
}

// reading collects the items of one order as they are read, upwards or downwards by their keys.
type reading struct {
	head   headItem
	chunks []keyed[string]
	tries  []keyed[tryItem]
}

// keyed is a part of an order with the key of its item, by which the parts stand in their order.
type keyed[T any] struct {
	sk   string
	part T
}

// add takes an item. One that is no part of the order, such as an event, is passed over.
func (r *reading) add(i item) error {
	sk := textOf(i["sk"])
	switch {
	case sk == orderSK:
		return unmarshal(i, &r.head)
	case strings.HasPrefix(sk, "NUMBERS#"):
		var c chunkItem
		err := unmarshal(i, &c)
		r.chunks = append(r.chunks, keyed[string]{sk, c.Numbers})
		return err
	case strings.HasPrefix(sk, "TRY#"):
		var t tryItem
		err := unmarshal(i, &t)
		r.tries = append(r.tries, keyed[tryItem]{sk, t})
		return err
	}
	return nil
}

// order makes the order of what was read. whole says that all of it is of one version.
func (r *reading) order() (o porting.Order, whole bool, err error) {
	if r.head.PK == "" {
		return porting.Order{}, false, orders.ErrNoOrder
	}
	chunks, tries := inOrder(r.chunks), inOrder(r.tries)
	o = r.head.order()
	for _, c := range chunks {
		o.Numbers = append(o.Numbers, chunkItem{Numbers: c}.list()...)
	}
	for _, t := range tries {
		o.Attempts = append(o.Attempts, t.attempt())
	}
	return o, r.head.has(chunks, tries), nil
}

// inOrder returns the parts by their keys, upwards.
func inOrder[T any](all []keyed[T]) []T {
	slices.SortFunc(all, func(a, b keyed[T]) int { return strings.Compare(a.sk, b.sk) })
	var parts []T
	for _, k := range all {
		parts = append(parts, k.part)
	}
	return parts
}

// Heads reads the heads of orders in the order of ids, at most 100 of them in one call. An order that does not exist is
// left out. The reads may lag a little.
func (s *Store) Heads(ctx context.Context, ids []porting.OrderID) ([]orders.Head, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, headKey(id))
	}
	found := map[porting.OrderID]orders.Head{}
	err := s.batchGet(ctx, keys, false, func(i item) error {
		var h headItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		head := h.head()
		found[head.ID] = head
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]orders.Head, 0, len(found))
	for _, id := range ids {
		if h, ok := found[id]; ok {
			all = append(all, h)
		}
	}
	return all, nil
}

// heads reads the heads of orders in the order of ids. An order that does not exist is left out. Each head is of one
// instant, and no two need be of the same one.
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
	taken, free := held(c), released(c)
	if porting.LeavesHolds(c.Before, c.After) {
		free = nil // left to the effect porting.ReleaseNumbers
	}
	if c.Before.OwnOnly && c.After.OwnOnly {
		if err := s.newDrafts(ctx, taken); err != nil {
			return err
		}
	}
	if len(w.items)+len(taken)+len(free)+1 > maxItems {
		return s.takeHolds(ctx, c, w, taken, redeliver)
	}
	w.quiet(c, taken)
	for _, tn := range taken {
		w.hold(tn, c.After)
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
