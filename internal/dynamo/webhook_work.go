package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// laneSK begins the sort keys of the pending work of one order.
func laneSK(d webhook.Delivery) string { return "P#" + padded(d.Order) + "#" }

func workKey(d webhook.Delivery) key {
	if d.Order == "" { // a ping is about no order
		return key{toldPK(d.Account, d.Endpoint), laneSK(d) + string(stampOf(d.At))}
	}
	return key{toldPK(d.Account, d.Endpoint), fmt.Sprintf("%s%010d.%d", laneSK(d), d.Version, d.N)}
}

// workItem is a pending delivery.
type workItem struct {
	toldItem
	due
	Leased stamp `dynamodbav:"leased,omitempty"` // until when a worker has it
}

func workOf(d webhook.Delivery) workItem {
	k := workKey(d)
	return workItem{toldItem: toldOf(k, d), due: dueAt(webhook.DueDelivery, k, d.Next)}
}

func (i workItem) value() webhook.Work {
	w := webhook.Work{Delivery: i.delivery(), Due: dueItem{i.key, i.due}.value()}
	w.State, w.Next = webhook.Pending, w.Due.At
	return w
}

// DeliveryOf reads the due work of a stream record from the record's keys and its due_at. ok is false for any other
// item.
func DeliveryOf(pk, sk, dueAt string) (d orders.Due, ok bool) {
	if !strings.HasPrefix(pk, "W#") || !strings.HasPrefix(sk, "P#") || dueAt == "" {
		return orders.Due{}, false
	}
	return orders.Due{Kind: webhook.DueDelivery, Key: key{pk, sk}.String(), At: stamp(dueAt).time()}, true
}

// LeaseWork moves the due date of pending work to until, and reads the work. ok is false where the due date is not as d
// has it, and where another worker's lease has not ended: a lane also shows the due dates of leased work.
func (s *Store) LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (w webhook.Work, ok bool, err error) {
	k, _ := parseKey(d.Key)
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: aws.String("SET due_at = :to, leased = :to"),
		ConditionExpression: aws.String(
			"due_shard = :shard AND due_at = :seen AND (attribute_not_exists(leased) OR leased <= :now)"),
		ExpressionAttributeValues: item{":to": text(string(stampOf(until))), ":shard": text(shard(d.Kind, k.PK)),
			":seen": text(string(stampOf(d.At))), ":now": text(string(stampOf(now)))},
		ReturnValues: types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException
	if errors.As(err, &refused) || errors.As(err, &busy) {
		return webhook.Work{}, false, nil
	}
	if err != nil {
		return webhook.Work{}, false, fmt.Errorf("lease %s: %w", d.Key, err)
	}
	var i workItem
	if err := unmarshal(out.Attributes, &i); err != nil {
		return webhook.Work{}, false, err
	}
	return i.value(), true, nil
}

// Lane reads the pending work of the same order at the same endpoint.
func (s *Store) Lane(ctx context.Context, w webhook.Work) ([]webhook.Work, error) {
	var all []webhook.Work
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :lane)"),
		ExpressionAttributeValues: item{":pk": text(toldPK(w.Account, w.Endpoint)), ":lane": text(laneSK(w.Delivery))},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var one workItem
		if err := unmarshal(i, &one); err != nil {
			return err
		}
		all = append(all, one.value())
		return nil
	})
	return all, err
}

// PutOff lets leased work fall due later.
func (s *Store) PutOff(ctx context.Context, w webhook.Work, until time.Time) error {
	_, err := s.move(ctx, w.Due, "SET due_at = :to REMOVE leased", item{":to": text(string(stampOf(until)))}, nil)
	return err
}

// Settle writes an attempt at leased work and the delivery's new state. Work that somebody else has leased in between
// stays as it is.
func (s *Store) Settle(ctx context.Context, w webhook.Work, a webhook.Attempt) error {
	t := &writes{table: s.table}
	outrun := errors.New("somebody else has leased it")
	tried := &types.AttributeValueMemberL{}
	if !a.At.IsZero() {
		one, err := marshal(attemptItem{At: stampOf(a.At), Status: a.Status, Why: a.Why, Took: a.Took.Milliseconds()})
		if err != nil {
			return err
		}
		tried.Value = append(tried.Value, &types.AttributeValueMemberM{Value: one})
	}
	values := item{":state": text(string(w.State)), ":none": &types.AttributeValueMemberL{}, ":tried": tried}
	update := "SET #state = :state, attempts = list_append(if_not_exists(attempts, :none), :tried)"
	if w.State == webhook.Pending {
		update += ", #next = :next"
		values[":next"] = text(string(stampOf(w.Next)))
	} else {
		update += " REMOVE #next"
	}
	// The record may have been removed by its ttl. Then only the work is removed.
	t.update(recordKey(w.Delivery), update, "attribute_exists(pk)", values, means(webhook.ErrNoDelivery))
	t.names(map[string]string{"#state": "state", "#next": "next"})
	k, seen := workKey(w.Delivery), item{":seen": text(string(stampOf(w.Due.At)))}
	if w.State == webhook.Pending {
		seen[":to"], seen[":one"] = text(string(stampOf(w.Next))), number(1)
		t.update(k, "SET due_at = :to REMOVE leased ADD tries :one", "due_at = :seen", seen, means(outrun))
	} else {
		t.delete(k, "due_at = :seen", seen, means(outrun))
	}
	err := s.run(ctx, t)
	for n := 1; porting.Is(err, porting.Stale) && n < 3; n++ { // another transaction writes one of the two
		err = s.run(ctx, t)
	}
	switch {
	case errors.Is(err, outrun):
		return nil
	case errors.Is(err, webhook.ErrNoDelivery):
		alone := &writes{table: s.table}
		alone.delete(k, "", nil, nil)
		return s.run(ctx, alone)
	}
	return err
}
