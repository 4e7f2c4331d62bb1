package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
)

// takingItem is a change of one order that takes more numbers than fit into its transaction, such as the signature of a
// large one, and has not ended.
type takingItem struct {
	key
	due
	Undoing bool `dynamodbav:"undoing,omitempty"` // nothing may be taken for it any more
}

// stands is the condition under which a record of unfinished work is there and nobody undoes it.
const stands = "attribute_exists(pk) AND attribute_not_exists(undoing)"

// takeHolds writes a change whose holds do not fit into its transaction, in the way of an intake:
//
//  1. a taking item, due at redeliver
//  2. the holds of the numbers, in batches
//  3. in one transaction the change, and the removal of the taking item
//
// Steps 2 and 3 are carried out only while the taking item is there and nobody undoes it. A caller who repeats the change
// after a crash, or a second one at the same time, goes on with the same taking item: a hold may be taken twice for one
// order. What is left half-way is undone by Undo: the order is as it was, and holds what it held.
func (s *Store) takeHolds(ctx context.Context, c orders.Change, change *writes, taken []string, redeliver time.Time) error {
	if err := s.heldByOthers(ctx, taken, c.After.ID); err != nil {
		return err // which names all numbers, before anything is written
	}
	k := takingKey(c.After.ID)
	d := dueAt(orders.DueIntake, k, redeliver)
	begun, err := s.updateIf(ctx, k, "SET due_shard = :shard, due_at = :at", "attribute_not_exists(undoing)",
		item{":shard": text(d.Shard), ":at": text(string(d.At))})
	if err != nil {
		return err
	}
	if !begun {
		return errStale
	}
	if err = s.takeAll(ctx, c, change, taken); err == nil {
		return nil
	}
	if undone := s.undoTaking(ctx, k); undone != nil {
		return errors.Join(err, fmt.Errorf("undo the taking of numbers, which is left to the sweep: %w", undone))
	}
	return err
}

// takeAll carries out the steps of takeHolds behind the first.
func (s *Store) takeAll(ctx context.Context, c orders.Change, change *writes, taken []string) error {
	k := takingKey(c.After.ID)
	w := &writes{table: s.table}
	for n, hold := range taken {
		if len(w.items) == 0 {
			w.check(k, stands, means(errStale))
		}
		w.hold(hold, c.After)
		if len(w.items) < maxItems && n+1 < len(taken) {
			continue
		}
		if err := s.run(ctx, w); err != nil {
			return err
		}
		w = &writes{table: s.table}
	}
	change.delete(k, stands, nil, means(errStale))
	return s.run(ctx, change)
}

// undoTaking gives up what a change has taken that did not come to its end.
func (s *Store) undoTaking(ctx context.Context, k key) error {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: aws.String("SET undoing = :yes"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: item{":yes": &types.AttributeValueMemberBOOL{Value: true}},
		ReturnValues:              types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return nil // it is undone, or came to its end
	}
	if err != nil {
		return fmt.Errorf("undo %s: %w", k, err)
	}
	var i takingItem
	if err := unmarshal(out.Attributes, &i); err != nil {
		return err
	}
	o, err := s.Load(ctx, k.order())
	if err == nil {
		err = s.release(ctx, o, func() *writes { return &writes{table: s.table} })
	}
	if err != nil {
		return fmt.Errorf("undo %s: %w", k, err)
	}
	return s.deleteIf(ctx, k, "attribute_exists(undoing)", nil)
}

// quiet adds the check that nobody takes numbers for the order, where a change of it takes some, or takes one off the
// order: Undo finds by the order what it has to give up.
func (w *writes) quiet(c orders.Change, taken []string) {
	if c.Before.Version > 0 && (len(taken) > 0 || len(c.After.Numbers) < len(c.Before.Numbers)) {
		w.check(takingKey(c.After.ID), "attribute_not_exists(pk)", means(errStale))
	}
}
