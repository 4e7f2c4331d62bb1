package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// maxItems is DynamoDB's limit on one transaction.
const maxItems = 100

// writes is a transaction that is being put together.
type writes struct {
	table string
	items []types.TransactWriteItem
	// refuse has a function for each of items, which makes the error for a condition that does not hold from the item
	// that is there.
	refuse []func(old item) error
	// err is the first write that could not be put together.
	err error
}

var (
	errStale = porting.Errorf(porting.Stale, "The order has changed in between; read it again.")
	errInUse = porting.Errorf(porting.Stale, "The id is used already.")
)

// isNew is the condition under which nothing is overwritten.
const isNew = "attribute_not_exists(pk)"

// means makes a refusal that is the same error whatever is there.
func means(err error) func(item) error { return func(item) error { return err } }

// oddity makes a refusal that only an inconsistent table can cause.
func oddity(format string, args ...any) func(item) error {
	return means(fmt.Errorf("the table is not as it should be: "+format, args...))
}

func (w *writes) add(i types.TransactWriteItem, refuse func(item) error) {
	w.items, w.refuse = append(w.items, i), append(w.refuse, refuse)
}

// put writes an item. Without a condition it replaces the item that is there.
func (w *writes) put(v any, condition string, values item, refuse func(item) error) {
	i, err := marshal(v)
	if err != nil {
		w.err = err
		return
	}
	p := &types.Put{TableName: &w.table, Item: i}
	if condition != "" {
		p.ConditionExpression = &condition
		p.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	if len(values) > 0 {
		p.ExpressionAttributeValues = values
	}
	w.add(types.TransactWriteItem{Put: p}, refuse)
}

func (w *writes) update(k key, update, condition string, values item, refuse func(item) error) {
	u := &types.Update{TableName: &w.table, Key: k.av(), UpdateExpression: &update, ExpressionAttributeValues: values}
	if condition != "" {
		u.ConditionExpression = &condition
		u.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	w.add(types.TransactWriteItem{Update: u}, refuse)
}

func (w *writes) delete(k key, condition string, values item, refuse func(item) error) {
	d := &types.Delete{TableName: &w.table, Key: k.av()}
	if condition != "" {
		d.ConditionExpression = &condition
	}
	if len(values) > 0 {
		d.ExpressionAttributeValues = values
	}
	w.add(types.TransactWriteItem{Delete: d}, refuse)
}

func (w *writes) check(k key, condition string, refuse func(item) error) {
	c := &types.ConditionCheck{TableName: &w.table, Key: k.av(), ConditionExpression: &condition}
	w.add(types.TransactWriteItem{ConditionCheck: c}, refuse)
}

// run carries the transaction out, all or nothing. Of several refusals it returns the worst.
func (s *Store) run(ctx context.Context, w *writes) error {
	if w.err != nil {
		return w.err
	}
	if len(w.items) > maxItems {
		return porting.Errorf(porting.Invalid,
			"This changes %d items at once, and at most %d can be; do it in smaller steps.", len(w.items), maxItems)
	}
	_, err := s.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: w.items})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return err
	}
	var refusals []error
	for n, reason := range cancelled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			refusals = append(refusals, w.refuse[n](reason.Item))
		case "TransactionConflict":
			refusals = append(refusals, errStale)
		}
	}
	if len(refusals) == 0 {
		return err
	}
	return worst(refusals)
}

// worst returns the refusal that explains the others. Stale comes first, since the others may only follow from it. The
// numbers of all holds that are taken are told in one error.
func worst(refusals []error) error {
	var taken *porting.Error
	for _, code := range []porting.ErrorCode{porting.Stale, porting.NoFunds, porting.Taken} {
		for _, err := range refusals {
			var e *porting.Error
			switch {
			case !errors.As(err, &e) || e.Code != code:
			case code != porting.Taken:
				return err
			case taken == nil:
				taken = &porting.Error{Code: e.Code, Message: e.Message, Faults: slices.Clone(e.Faults)}
			default:
				taken.Faults = append(taken.Faults, e.Faults...)
			}
		}
	}
	if taken != nil {
		return taken
	}
	return refusals[0]
}

// deleteIf removes an item where the condition holds, and does nothing where it does not.
func (s *Store) deleteIf(ctx context.Context, k key, condition string, values item) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.table, Key: k.av(), ConditionExpression: &condition, ExpressionAttributeValues: values,
	})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

// updateIf changes an item where the condition holds. ok is false where it does not.
func (s *Store) updateIf(ctx context.Context, k key, update, condition string, values item) (ok bool, err error) {
	_, err = s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: k.av(),
		UpdateExpression: &update, ConditionExpression: &condition, ExpressionAttributeValues: values})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("update %s: %w", k, err)
	}
	return true, nil
}

// putNew writes an item, unless one is there already, which stays. That may also be the item of a call whose answer was
// lost.
func (s *Store) putNew(ctx context.Context, v any) error {
	i, err := marshal(v)
	if err != nil {
		return err
	}
	in := &dynamodb.PutItemInput{TableName: &s.table, Item: i, ConditionExpression: aws.String(isNew)}
	_, err = s.client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if err != nil && !errors.As(err, &refused) {
		return fmt.Errorf("write %s|%s: %w", textOf(i["pk"]), textOf(i["sk"]), err)
	}
	return nil
}

// names gives the last update other names for attributes whose names are reserved words of DynamoDB.
func (w *writes) names(names map[string]string) {
	w.items[len(w.items)-1].Update.ExpressionAttributeNames = names
}
