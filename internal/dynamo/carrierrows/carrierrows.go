// Package carrierrows keeps in the table what the operator sets about losing carriers: [Table] is what package carrier asks
// for in its Keeper, and with the counters of the store ([Counters]) in its Store. The package is none of dynamo's, so that
// a function that looks up no carrier does not carry the profiles.
package carrierrows

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/carrier"
	"portway/internal/porting"
)

// Table keeps the rows and their changes in the table. It is safe for concurrent use.
type Table struct {
	client *dynamodb.Client
	table  string
	Counters
}

// Counters reads what is learned about carriers, as dynamo.Store does.
type Counters interface {
	Learned(ctx context.Context, carriers []string, since string) (porting.Learned, error)
}

var (
	_ carrier.Keeper = (*Table)(nil)
	_ carrier.Store  = (*Table)(nil)
)

// New keeps rows in the table of that name.
func New(client *dynamodb.Client, table string, counters Counters) *Table {
	return &Table{client, table, counters}
}

// All rows stand in one partition, C#/rows, so that one query reads them: ROW#<carrier>, and CHANGE#<carrier>#<time>. No
// carrier has a slash in its id, so that the partition is none of a carrier's counters.
const (
	partition  = "C#/rows"
	fromRow    = "ROW#"
	fromChange = "CHANGE#"
)

// rowItem is what the operator has set about a carrier.
type rowItem struct {
	PK      string            `dynamodbav:"pk"`
	SK      string            `dynamodbav:"sk"`
	Carrier string            `dynamodbav:"carrier"`
	Set     map[string]string `dynamodbav:"set"`
	Version int               `dynamodbav:"version"`
	By      string            `dynamodbav:"by"`
	Why     string            `dynamodbav:"why"`
	At      string            `dynamodbav:"at"`
}

// changeItem is one change of a row.
type changeItem struct {
	PK      string            `dynamodbav:"pk"`
	SK      string            `dynamodbav:"sk"`
	Carrier string            `dynamodbav:"carrier"`
	Version int               `dynamodbav:"version"`
	By      string            `dynamodbav:"by"`
	Why     string            `dynamodbav:"why"`
	At      string            `dynamodbav:"at"`
	Before  map[string]string `dynamodbav:"before,omitempty"`
	After   map[string]string `dynamodbav:"after,omitempty"`
}

// stampLayout has a fixed width, so that the order of text is the order of time.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stampOf(t time.Time) string { return t.UTC().Format(stampLayout) }

func timeOf(stamp string) time.Time {
	t, _ := time.Parse(stampLayout, stamp) // the zero time for what only a person can have written
	return t
}

func (i rowItem) row() carrier.Row {
	return carrier.Row{ID: i.Carrier, Set: i.Set, Version: i.Version, By: i.By, Why: i.Why, At: timeOf(i.At)}
}

// Rows reads all rows of the operator, at most carrier.MaxRows. A row that cannot be read is left out, and the log names it.
// The read may lag a little behind a change.
func (t *Table) Rows(ctx context.Context) ([]carrier.Row, error) {
	var all []carrier.Row
	err := t.query(ctx, fromRow, false, func(i map[string]types.AttributeValue) bool {
		var one rowItem
		if err := attributevalue.UnmarshalMap(i, &one); err != nil || fromRow+one.Carrier != textOf(i["sk"]) {
			slog.WarnContext(ctx, "a carrier's row is left out, since it is not as we write it", "row", textOf(i["sk"]))
			return true
		}
		all = append(all, one.row())
		return len(all) < carrier.MaxRows
	})
	return all, err
}

// Row reads one row.
func (t *Table) Row(ctx context.Context, id string) (carrier.Row, bool, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.table, Key: keyOf(fromRow + id),
		ConsistentRead: aws.Bool(true)})
	if err != nil {
		return carrier.Row{}, false, fmt.Errorf("read the row of %s: %w", id, err)
	}
	if out.Item == nil {
		return carrier.Row{}, false, nil
	}
	var one rowItem
	if err := attributevalue.UnmarshalMap(out.Item, &one); err != nil {
		return carrier.Row{}, false, fmt.Errorf("the row of %s is not as we write it (%T)", id, err)
	}
	return one.row(), true, nil
}

// Change writes a row, or removes it, with its change in one transaction.
func (t *Table) Change(ctx context.Context, before carrier.Row, after *carrier.Row, c carrier.Change) error {
	condition, values := "attribute_not_exists(pk)", map[string]types.AttributeValue(nil)
	if before.Version > 0 {
		condition = "version = :version"
		values = map[string]types.AttributeValue{":version": &types.AttributeValueMemberN{Value: fmt.Sprint(before.Version)}}
	}
	var row types.TransactWriteItem
	if after == nil {
		row.Delete = &types.Delete{TableName: &t.table, Key: keyOf(fromRow + c.ID), ConditionExpression: &condition,
			ExpressionAttributeValues: values}
	} else {
		item, err := attributevalue.MarshalMap(rowItem{PK: partition, SK: fromRow + after.ID, Carrier: after.ID, Set: after.Set,
			Version: after.Version, By: after.By, Why: after.Why, At: stampOf(after.At)})
		if err != nil {
			return err
		}
		row.Put = &types.Put{TableName: &t.table, Item: item, ConditionExpression: &condition,
			ExpressionAttributeValues: values}
	}
	change, err := attributevalue.MarshalMap(changeItem{PK: partition, SK: fromChange + c.ID + "#" + stampOf(c.At), Carrier: c.ID,
		Version: c.Version, By: c.By, Why: c.Why, At: stampOf(c.At), Before: c.Before, After: c.After})
	if err != nil {
		return err
	}
	_, err = t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{row,
		{Put: &types.Put{TableName: &t.table, Item: change, ConditionExpression: aws.String("attribute_not_exists(pk)")}}}})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return porting.Errorf(porting.Stale, "Somebody else has changed the carrier at the same time. Look at it and try again.")
	}
	return err
}

// Changes reads the changes of a carrier's row, or of all rows where id is empty, oldest first for each carrier.
func (t *Table) Changes(ctx context.Context, id string) ([]carrier.Change, error) {
	from := fromChange
	if id != "" {
		from += id + "#"
	}
	var all []carrier.Change
	err := t.query(ctx, from, true, func(i map[string]types.AttributeValue) bool {
		var one changeItem
		if attributevalue.UnmarshalMap(i, &one) == nil {
			all = append(all, carrier.Change{ID: one.Carrier, Version: one.Version, At: timeOf(one.At), By: one.By, Why: one.Why,
				Before: one.Before, After: one.After})
		}
		return true
	})
	return all, err
}

// query hands the items of the partition whose keys begin so to each, until each returns false.
func (t *Table) query(ctx context.Context, from string, consistent bool, each func(map[string]types.AttributeValue) bool) error {
	in := &dynamodb.QueryInput{TableName: &t.table, ConsistentRead: &consistent,
		KeyConditionExpression: aws.String("pk = :pk AND begins_with(sk, :from)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": &types.AttributeValueMemberS{Value: partition}, ":from": &types.AttributeValueMemberS{Value: from}}}
	for {
		out, err := t.client.Query(ctx, in)
		if err != nil {
			return fmt.Errorf("read the carriers' rows: %w", err)
		}
		for _, i := range out.Items {
			if !each(i) {
				return nil
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

func keyOf(sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: partition},
		"sk": &types.AttributeValueMemberS{Value: sk}}
}

func textOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}
