package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Due reads what falls due at or before until, the longest due first. The index lags a little and holds keys only: tries are
// read by Claim.
func (s *Store) Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error) {
	var all []orders.Due
	for n := range shards {
		out, err := s.client.Query(ctx, &dynamodb.QueryInput{
			TableName: &s.table, IndexName: aws.String(dueIndex),
			KeyConditionExpression:    aws.String("due_shard = :shard AND due_at <= :until"),
			ExpressionAttributeValues: item{":shard": text(shardOf(kind, n)), ":until": text(string(stampOf(until)))},
			Limit:                     aws.Int32(int32(limit)),
		})
		if err != nil {
			return nil, fmt.Errorf("read what is due of %s: %w", kind, err)
		}
		for _, i := range out.Items {
			var d dueItem
			if err := unmarshal(i, &d); err != nil {
				return nil, err
			}
			all = append(all, d.value())
		}
	}
	slices.SortStableFunc(all, func(a, b orders.Due) int { return a.At.Compare(b.At) })
	return all[:min(limit, len(all))], nil
}

// Lease moves a due date to hold if it still is where d saw it.
func (s *Store) Lease(ctx context.Context, d orders.Due, hold time.Time) (orders.Due, bool, error) {
	var now dueItem
	ok, err := s.move(ctx, d, "SET due_at = :to", item{":to": text(string(stampOf(hold)))}, &now)
	if err != nil || !ok {
		return d, false, err
	}
	return now.value(), true, nil
}

// Fail counts a failure of what was due, to be tried again at next. What somebody else has moved in between is left to them.
func (s *Store) Fail(ctx context.Context, d orders.Due, next time.Time) error {
	_, err := s.move(ctx, d, "SET due_at = :to ADD tries :one", item{":to": text(string(stampOf(next))), ":one": number(1)}, nil)
	return err
}

// Park takes a due date out of the sweeps for good and puts it where staff see it, with the reason.
func (s *Store) Park(ctx context.Context, d orders.Due, why string, at time.Time) error {
	k, _ := parseKey(d.Key)
	_, err := s.move(ctx, d, "SET due_shard = :parked, due_at = :to, why = :why ADD tries :one", item{
		":parked": text(shard(orders.DueParked, k.PK)), ":to": text(string(stampOf(at))), ":why": text(why), ":one": number(1)}, nil)
	return err
}

// Why is the reason with which something was put where staff see it: the question to the desk, or what failed.
func (s *Store) Why(ctx context.Context, d orders.Due) (string, error) {
	var i dueItem
	if _, err := s.get(ctx, d.Key, &i); err != nil {
		return "", err
	}
	return i.Why, nil
}

// DueOf is the due event of a stream record, by the record's keys and its due_at; ok is false for any other item.
func DueOf(pk, sk, dueAt string) (orders.Due, bool) {
	k := key{pk, sk}
	if k.order() == "" || dueAt == "" || len(sk) < len(fromEvents) || sk[:len(fromEvents)] != fromEvents {
		return orders.Due{}, false
	}
	return orders.Due{Kind: orders.DueEvent, Key: k.String(), Order: k.order(), At: stamp(dueAt).time()}, true
}

// move updates the due item that still is where d saw it; ok is false when it is not.
func (s *Store) move(ctx context.Context, d orders.Due, update string, values item, into *dueItem) (ok bool, err error) {
	k, ok := parseKey(d.Key)
	if !ok {
		return false, fmt.Errorf("%q is no key of this table", d.Key)
	}
	values[":shard"], values[":seen"] = text(shard(d.Kind, k.PK)), text(string(stampOf(d.At)))
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: &update,
		ConditionExpression:       aws.String("due_shard = :shard AND due_at = :seen"),
		ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException // a change of the order is writing it right now
	if errors.As(err, &refused) || errors.As(err, &busy) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("move the due date of %s: %w", d.Key, err)
	}
	if into == nil {
		return true, nil
	}
	return true, unmarshal(out.Attributes, into)
}

// Delivered takes the effects off an event's list; the due date goes with the last of them. Most events have all their
// effects delivered at once: one write.
func (s *Store) Delivered(ctx context.Context, d orders.Due, effects []porting.Effect) error {
	if len(effects) == 0 {
		return nil
	}
	k, ok := parseKey(d.Key)
	if !ok {
		return fmt.Errorf("%q is no key of this table", d.Key)
	}
	done := &types.AttributeValueMemberSS{}
	for _, e := range effects {
		done.Value = append(done.Value, string(e))
	}
	const clear = "REMOVE todo, due_shard, due_at, tries, why"
	if ok, err := s.settle(ctx, k, clear, "todo = :done", item{":done": done}); ok || err != nil {
		return err
	}
	if ok, err := s.settle(ctx, k, "DELETE todo :done", "attribute_exists(todo)", item{":done": done}); !ok || err != nil {
		return err
	}
	_, err := s.settle(ctx, k, clear, "attribute_exists(pk) AND attribute_not_exists(todo)", nil)
	return err
}

func (s *Store) settle(ctx context.Context, k key, update, condition string, values item) (ok bool, err error) {
	_, err = s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: k.av(),
		UpdateExpression: &update, ConditionExpression: &condition, ExpressionAttributeValues: values})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("mark %s as delivered: %w", k, err)
	}
	return true, nil
}
