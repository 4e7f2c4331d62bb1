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

func laneSK(d webhook.Delivery) string { return "P#" + padded(d.Order) + "#" }

func workKey(d webhook.Delivery) key {
	if d.Order == "" { // a ping stands in no order
		return key{toldPK(d.Account, d.Endpoint), laneSK(d) + string(stampOf(d.At))}
	}
	return key{toldPK(d.Account, d.Endpoint), fmt.Sprintf("%s%010d.%d", laneSK(d), d.Version, d.N)}
}

// workItem is a delivery that is still to be done.
type workItem struct {
	toldItem
	due
}

func workOf(d webhook.Delivery) workItem {
	k := workKey(d)
	return workItem{toldOf(k, d), dueAt(webhook.DueDelivery, k, d.Next)}
}

func (i workItem) value() webhook.Work {
	w := webhook.Work{Delivery: i.delivery(), Due: dueItem{i.key, i.due}.value()}
	w.State, w.Next = webhook.Pending, w.Due.At
	return w
}

// DeliveryOf is the due work of a stream record, by the record's keys and its due_at; ok is false for any other item.
func DeliveryOf(pk, sk, dueAt string) (orders.Due, bool) {
	if !strings.HasPrefix(pk, "W#") || !strings.HasPrefix(sk, "P#") || dueAt == "" {
		return orders.Due{}, false
	}
	return orders.Due{Kind: webhook.DueDelivery, Key: key{pk, sk}.String(), At: stamp(dueAt).time()}, true
}

// LeaseWork claims pending work, and reads it.
func (s *Store) LeaseWork(ctx context.Context, d orders.Due, hold time.Time) (webhook.Work, bool, error) {
	k, _ := parseKey(d.Key)
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: aws.String("SET due_at = :to"),
		ConditionExpression: aws.String("due_shard = :shard AND due_at = :seen"),
		ExpressionAttributeValues: item{":to": text(string(stampOf(hold))), ":shard": text(shard(d.Kind, k.PK)),
			":seen": text(string(stampOf(d.At)))},
		ReturnValues: types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException
	if errors.As(err, &refused) || errors.As(err, &busy) {
		return webhook.Work{}, false, nil
	}
	if err != nil {
		return webhook.Work{}, false, fmt.Errorf("take %s: %w", d.Key, err)
	}
	var i workItem
	if err := unmarshal(out.Attributes, &i); err != nil {
		return webhook.Work{}, false, err
	}
	return i.value(), true, nil
}

// Lane is the pending work of the same order at the same endpoint.
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

// PutOff lets taken work fall due later.
func (s *Store) PutOff(ctx context.Context, w webhook.Work, until time.Time) error {
	_, err := s.move(ctx, w.Due, "SET due_at = :to", item{":to": text(string(stampOf(until)))}, nil)
	return err
}

// Settle writes a try of taken work and what became of it.
func (s *Store) Settle(ctx context.Context, w webhook.Work, a webhook.Attempt) error {
	t := &writes{table: s.table}
	outrun := errors.New("it was taken by another")
	values := item{":state": text(string(w.State)), ":none": &types.AttributeValueMemberL{}, ":tried": &types.AttributeValueMemberL{}}
	if !a.At.IsZero() {
		one, err := marshal(attemptItem{stampOf(a.At), a.Status, a.Why, a.Took.Milliseconds()})
		if err != nil {
			return err
		}
		values[":tried"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: one}}}
	}
	update := "SET #state = :state, attempts = list_append(if_not_exists(attempts, :none), :tried)"
	if w.State == webhook.Pending {
		update += ", #next = :next"
		values[":next"] = text(string(stampOf(w.Next)))
	} else {
		update += " REMOVE #next"
	}
	// Its record may have seen its last day; nothing is to be written of it any more.
	t.update(recordKey(w.Delivery), update, "attribute_exists(pk)", values, means(webhook.ErrNoDelivery))
	t.names(map[string]string{"#state": "state", "#next": "next"})
	k, seen := workKey(w.Delivery), item{":seen": text(string(stampOf(w.Due.At)))}
	if w.State == webhook.Pending {
		seen[":to"], seen[":one"] = text(string(stampOf(w.Next))), number(1)
		t.update(k, "SET due_at = :to ADD tries :one", "due_at = :seen", seen, means(outrun))
	} else {
		t.delete(k, "due_at = :seen", seen, means(outrun))
	}
	err := s.run(ctx, t)
	for n := 1; porting.Is(err, porting.Stale) && n < 3; n++ { // another transaction was at one of the two
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
