package dynamo

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// receiptItem is the record of an idempotency key. The record counts until lapses. DynamoDB removes it by its ttl some
// time later, which may be days.
type receiptItem struct {
	key
	Print  string `dynamodbav:"print"`
	Group  string `dynamodbav:"group,omitempty"`
	Lease  stamp  `dynamodbav:"lease"`
	Lapses stamp  `dynamodbav:"lapses"`
	TTL    int64  `dynamodbav:"ttl"` // seconds since 1970
	// Try names the call of Begin that wrote the record. The SDK repeats a write whose answer was lost, and so finds
	// its own record.
	Try    string      `dynamodbav:"try"`
	Answer *answerItem `dynamodbav:"answer,omitempty"`
}

// answerItem is an answer. Its body is packed with gzip, since one with 5,000 numbers would be too large for an item.
type answerItem struct {
	Status int               `dynamodbav:"status"`
	Header map[string]string `dynamodbav:"header,omitempty"`
	Packed []byte            `dynamodbav:"packed,omitempty"`
}

// maxPacked is the size of a packed body, in bytes, that leaves the item below DynamoDB's 400 KB.
const maxPacked = 350 << 10

func (i receiptItem) receipt(id porting.AccountID, idempotency string) (orders.Receipt, error) {
	r := orders.Receipt{Account: id, Key: idempotency, Print: i.Print, Group: porting.GroupID(i.Group),
		Lease: i.Lease.time(), Expires: i.Lapses.time()}
	if i.Answer == nil {
		return r, nil
	}
	r.Answer = orders.Answer{Status: i.Answer.Status, Header: i.Answer.Header}
	if len(i.Answer.Packed) == 0 {
		return r, nil
	}
	unpack, err := gzip.NewReader(bytes.NewReader(i.Answer.Packed))
	if err != nil {
		return r, fmt.Errorf("unpack an answer: %w", err)
	}
	body, err := io.ReadAll(unpack)
	if err != nil {
		return r, fmt.Errorf("unpack an answer: %w", err)
	}
	r.Answer.Body = string(body)
	return r, nil
}

// answerOf makes the attribute of an answer. A body that is too large even when it is packed is left out.
func answerOf(a orders.Answer) (types.AttributeValue, error) {
	var packed bytes.Buffer
	pack := gzip.NewWriter(&packed)
	if _, err := io.WriteString(pack, a.Body); err != nil {
		return nil, err
	}
	if err := pack.Close(); err != nil {
		return nil, err
	}
	i := answerItem{Status: a.Status, Header: a.Header}
	if packed.Len() <= maxPacked {
		i.Packed = packed.Bytes()
	}
	return attributevalue.Marshal(i)
}

// stillRuns is the condition that the key belongs to the try whose lease is :lease, and has no answer.
const stillRuns = "lease = :lease AND attribute_not_exists(answer)"

// receipt writes the answer of a request with an idempotency key in the transaction that does what was asked.
func (w *writes) receipt(r *orders.Receipt) {
	if r == nil {
		return
	}
	answer, err := answerOf(r.Answer)
	if err != nil {
		w.err = err
		return
	}
	w.update(receiptKey(r.Account, r.Key), "SET answer = :answer", stillRuns,
		item{":answer": answer, ":lease": text(string(stampOf(r.Lease)))},
		means(porting.Errorf(porting.Stale, "The request's key is another try's by now.")))
}

// Begin takes an idempotency key for a request: one write where the key is new.
func (s *Store) Begin(ctx context.Context, want orders.Receipt, now time.Time) (orders.Receipt, bool, error) {
	want.Answer = orders.Answer{}
	i := receiptItem{key: receiptKey(want.Account, want.Key), Print: want.Print, Group: string(want.Group),
		Lease: stampOf(want.Lease), Lapses: stampOf(want.Expires), TTL: want.Expires.Unix(), Try: rand.Text()}
	there, err := s.take(ctx, i, isNew+" OR lapses <= :now", item{":now": text(string(stampOf(now)))})
	if err != nil || there == nil {
		return want, err == nil, err
	}
	have, err := there.receipt(want.Account, want.Key)
	if err != nil || !have.Free(want.Print, now) {
		return have, false, err
	}
	// An earlier try has ended without an answer. A large create call that it left half-way is undone before the key is
	// taken.
	if have.Group != "" {
		if err := s.undo(ctx, intakeKey(have.Group)); err != nil {
			return have, false, err
		}
	}
	there, err = s.take(ctx, i, stillRuns, item{":lease": text(string(there.Lease))})
	if err != nil || there == nil {
		return want, err == nil, err
	}
	have, err = there.receipt(want.Account, want.Key) // somebody else was faster
	return have, false, err
}

// take writes the record where the condition holds. Where it does not, take returns the record that is there.
func (s *Store) take(ctx context.Context, i receiptItem, condition string, values item) (*receiptItem, error) {
	av, err := marshal(i)
	if err != nil {
		return nil, err
	}
	_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: av,
		ConditionExpression:                 &condition,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException // the answer is written at the same time
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &refused) && !errors.As(err, &busy):
		return nil, fmt.Errorf("take an idempotency key: %w", err)
	}
	var old item
	if refused != nil {
		old = refused.Item
	}
	if old == nil {
		in := &dynamodb.GetItemInput{TableName: &s.table, Key: i.key.av(), ConsistentRead: aws.Bool(true)}
		out, err := s.client.GetItem(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("read an idempotency key: %w", err)
		}
		if old = out.Item; old == nil {
			return nil, errStale // the key was released in between
		}
	}
	var there receiptItem
	if err := unmarshal(old, &there); err != nil || there.Try == i.Try {
		return nil, err
	}
	return &there, nil
}

// Finish writes the answer of a request that did nothing.
func (s *Store) Finish(ctx context.Context, r orders.Receipt) error {
	answer, err := answerOf(r.Answer)
	if err != nil {
		return err
	}
	_, err = s.updateIf(ctx, receiptKey(r.Account, r.Key), "SET answer = :answer", stillRuns,
		item{":answer": answer, ":lease": text(string(stampOf(r.Lease)))})
	return err
}

// ReleaseKey frees the key of a request that did nothing.
func (s *Store) ReleaseKey(ctx context.Context, r orders.Receipt) error {
	return s.deleteIf(ctx, receiptKey(r.Account, r.Key), stillRuns, item{":lease": text(string(stampOf(r.Lease)))})
}
