// Package deskrows keeps what our staff have agreed on about orders: [Rows] is what package desk asks for. Both kinds of
// item stand beside the order's own, before those that Load reads. The package is none of dynamo's, so that only the
// functions of the desk carry it.
package deskrows

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Rows keeps marks and notes in the table. It is safe for concurrent use.
type Rows struct {
	client *dynamodb.Client
	table  string
}

var _ desk.Marks = (*Rows)(nil)

// New keeps them in the table of that name.
func New(client *dynamodb.Client, table string) *Rows { return &Rows{client, table} }

// The sort keys of the items, O#<order> / DESK#MARK and O#<order> / DESK#NOTE#<time>.
const (
	markSK = "DESK#MARK"
	noteSK = "DESK#NOTE#"
)

// markRow is the mark of an order. While the order is put off, the index of due dates has the row.
type markRow struct {
	PK         string `dynamodbav:"pk"`
	SK         string `dynamodbav:"sk"`
	Taken      string `dynamodbav:"taken_by,omitempty"`
	TakenUntil string `dynamodbav:"taken_until,omitempty"`
	Later      string `dynamodbav:"due_at,omitempty"`
	Shard      string `dynamodbav:"due_shard,omitempty"`
	LaterBy    string `dynamodbav:"later_by,omitempty"`
	LaterWhy   string `dynamodbav:"later_why,omitempty"`
	Version    int64  `dynamodbav:"version"`
	TTL        int64  `dynamodbav:"ttl,omitempty"` // a mark that is long over goes by itself
}

// noteRow is a private note.
type noteRow struct {
	PK   string `dynamodbav:"pk"`
	SK   string `dynamodbav:"sk"`
	By   string `dynamodbav:"by"`
	Text string `dynamodbav:"text"`
}

// stampLayout has a fixed width, so that the order of text is the order of time.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

func timeOf(s string) time.Time {
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		return time.Time{} // also of a text that a person has put there
	}
	return t
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func (r markRow) value() desk.Mark {
	return desk.Mark{Order: porting.OrderID(strings.TrimPrefix(r.PK, "O#")), Taken: r.Taken, TakenUntil: timeOf(r.TakenUntil),
		Later: timeOf(r.Later), LaterBy: r.LaterBy, LaterWhy: r.LaterWhy, Version: r.Version}
}

// MarksOf reads the marks of orders in one call.
func (r *Rows) MarksOf(ctx context.Context, ids []porting.OrderID) (map[porting.OrderID]desk.Mark, error) {
	found := map[porting.OrderID]desk.Mark{}
	if len(ids) == 0 {
		return found, nil
	}
	var keys []map[string]types.AttributeValue
	for _, id := range ids {
		keys = append(keys, map[string]types.AttributeValue{"pk": text("O#" + string(id)), "sk": text(markSK)})
	}
	for len(keys) > 0 {
		out, err := r.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{r.table: {Keys: keys, ConsistentRead: aws.Bool(true)}}})
		if err != nil {
			return nil, fmt.Errorf("read the marks of orders: %w", err)
		}
		for _, i := range out.Responses[r.table] {
			var row markRow
			if err := attributevalue.UnmarshalMap(i, &row); err != nil {
				return nil, err
			}
			found[row.value().Order] = row.value()
		}
		keys = out.UnprocessedKeys[r.table].Keys
	}
	return found, nil
}

// keptFor is how long a mark stays after it has ended.
const keptFor = 90 * 24 * time.Hour

// SetMark writes a mark over the one of the version before.
func (r *Rows) SetMark(ctx context.Context, m desk.Mark) error {
	row := markRow{PK: "O#" + string(m.Order), SK: markSK, Taken: m.Taken, TakenUntil: stampOf(m.TakenUntil), LaterBy: m.LaterBy,
		LaterWhy: m.LaterWhy, Version: m.Version}
	ends := m.TakenUntil
	if !m.Later.IsZero() {
		row.Later, row.Shard = stampOf(m.Later), shard(row.PK)
		if m.Later.After(ends) {
			ends = m.Later
		}
	}
	if !ends.IsZero() {
		row.TTL = ends.Add(keptFor).Unix()
	}
	i, err := attributevalue.MarshalMap(row)
	if err != nil {
		return err
	}
	written, err := r.putIf(ctx, i, "attribute_not_exists(pk) OR version = :before", map[string]types.AttributeValue{
		":before": &types.AttributeValueMemberN{Value: strconv.FormatInt(m.Version-1, 10)}})
	if err != nil {
		return fmt.Errorf("write the mark of order %s: %w", m.Order, err)
	}
	if !written {
		return porting.Errorf(porting.Stale, "The mark has changed in between.")
	}
	return nil
}

// putIf writes an item where the condition holds. Where it does not, the item counts as written if the one that is there
// equals it: the SDK repeats a write whose answer was lost, and the repeat is refused because of the write itself.
func (r *Rows) putIf(ctx context.Context, i map[string]types.AttributeValue, condition string,
	values map[string]types.AttributeValue) (written bool, err error) {
	_, err = r.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &r.table, Item: i,
		ConditionExpression: &condition, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return reflect.DeepEqual(refused.Item, i), nil
	}
	return err == nil, err
}

// shards is the number of partitions of each kind of due date, as package dynamo has it.
const shards = 4

func shard(pk string) string {
	h := fnv.New32a()
	h.Write([]byte(pk)) // never fails
	return string(desk.DueLater) + "#" + strconv.Itoa(int(h.Sum32()%shards))
}

// PutOff reads from the index which orders are put off, the soonest first. The index lags a little.
func (r *Rows) PutOff(ctx context.Context, limit int) ([]orders.Due, error) {
	var all []orders.Due
	for n := range shards {
		out, err := r.client.Query(ctx, &dynamodb.QueryInput{TableName: &r.table, IndexName: aws.String("due"),
			KeyConditionExpression:    aws.String("due_shard = :shard"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":shard": text(string(desk.DueLater) + "#" + strconv.Itoa(n))},
			Limit:                     aws.Int32(int32(limit))})
		if err != nil {
			return nil, fmt.Errorf("read what is put off: %w", err)
		}
		for _, i := range out.Items {
			var row markRow
			if err := attributevalue.UnmarshalMap(i, &row); err != nil {
				return nil, err
			}
			all = append(all, orders.Due{Kind: desk.DueLater, Key: row.PK + "|" + row.SK, Order: row.value().Order, At: timeOf(row.Later)})
		}
	}
	slices.SortFunc(all, func(a, b orders.Due) int { return a.At.Compare(b.At) })
	return all[:min(limit, len(all))], nil
}

// AddNote writes a note. A note of another text at the same instant is refused as stale; its writer tries it again.
func (r *Rows) AddNote(ctx context.Context, n desk.Note) error {
	i, err := attributevalue.MarshalMap(noteRow{PK: "O#" + string(n.Order), SK: noteSK + stampOf(n.At), By: n.By, Text: n.Text})
	if err != nil {
		return err
	}
	written, err := r.putIf(ctx, i, "attribute_not_exists(pk)", nil)
	if err != nil {
		return fmt.Errorf("write a note on order %s: %w", n.Order, err)
	}
	if !written {
		return porting.Errorf(porting.Stale, "Another note was written at the same time.")
	}
	return nil
}

// Notes reads the mark of an order and its latest notes: two calls.
func (r *Rows) Notes(ctx context.Context, id porting.OrderID, limit int) (desk.Mark, []desk.Note, error) {
	var m desk.Mark
	var notes []desk.Note
	mark, err := r.MarksOf(ctx, []porting.OrderID{id})
	if err != nil {
		return m, nil, err
	}
	m = mark[id]
	if limit == 0 {
		return m, nil, nil
	}
	out, err := r.client.Query(ctx, &dynamodb.QueryInput{TableName: &r.table,
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :note)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text("O#" + string(id)), ":note": text(noteSK)},
		ScanIndexForward:          aws.Bool(false), ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(limit))})
	if err != nil {
		return m, nil, fmt.Errorf("read the notes on order %s: %w", id, err)
	}
	for _, i := range out.Items {
		var row noteRow
		if err := attributevalue.UnmarshalMap(i, &row); err != nil {
			return m, nil, err
		}
		notes = append(notes, desk.Note{Order: id, At: timeOf(strings.TrimPrefix(row.SK, noteSK)), By: row.By, Text: row.Text})
	}
	return m, notes, nil
}
