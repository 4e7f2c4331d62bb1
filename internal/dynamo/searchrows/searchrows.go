// Package searchrows keeps the words by which staff find orders ([Rows.Keep]), and finds the orders of a word
// ([Rows.Found]). A word is kept as its hash under a key of the table (linkkey.ForSearch), beside its order, so that it is
// erased with what else tells of the order's persons. The index of due dates has these items by their hash: a search is one
// query. The package is none of dynamo's, so that only the functions that keep or find words carry it.
package searchrows

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// Rows keeps the words of orders in the table. It is safe for concurrent use.
type Rows struct {
	client *dynamodb.Client
	table  string
	key    func(context.Context) ([]byte, error)
}

// New keeps the words in the table of that name, hashed under a key. Without a key (nil) nothing was kept yet.
func New(client *dynamodb.Client, table string, key func(context.Context) ([]byte, error)) *Rows {
	return &Rows{client, table, key}
}

const (
	// findSK begins the sort key of a word, O#<order> / FIND#<hash>.
	findSK = "FIND#"
	// kind begins the shard of a word in the index of due dates, find#<hash>. No sweep asks for this kind.
	kind = "find#"
	// stampLayout is that of the index's due dates.
	stampLayout = "2006-01-02T15:04:05.000000000Z"
)

// row is a word of an order. The index sorts the orders of a word by when they were made.
type row struct {
	PK    string `dynamodbav:"pk"`
	SK    string `dynamodbav:"sk"`
	Shard string `dynamodbav:"due_shard"`
	At    string `dynamodbav:"due_at"`
}

func (r row) item() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(r.PK), "sk": text(r.SK), "due_shard": text(r.Shard), "due_at": text(r.At)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// textOf returns the text of an attribute, and nothing where it is missing or no text.
func textOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// hash returns the hash of a word, 128 bits of it: enough that no two words of a table meet.
func hash(key []byte, word string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(word)) // never fails
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Keep writes the words by which the order is found now, and removes those by which it was found before. It may be
// repeated, and the order of calls does not matter as long as the last one has the latest order.
func (r *Rows) Keep(ctx context.Context, o porting.Order) error {
	key, err := r.key(ctx)
	if err != nil {
		return err
	}
	pk := "O#" + string(o.ID)
	kept := map[string]bool{}
	pages := dynamodb.NewQueryPaginator(r.client, &dynamodb.QueryInput{TableName: &r.table,
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :find)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(pk), ":find": text(findSK)},
		ConsistentRead:            aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read the words of order %s: %w", o.ID, err)
		}
		for _, i := range page.Items {
			kept[textOf(i["sk"])] = true
		}
	}
	for _, word := range o.SearchWords() {
		at := hash(key, word)
		sk := findSK + at
		if kept[sk] {
			delete(kept, sk)
			continue
		}
		i := row{pk, sk, kind + at, o.Created.UTC().Format(stampLayout)}.item()
		if _, err := r.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &r.table, Item: i}); err != nil {
			return fmt.Errorf("keep a word of order %s: %w", o.ID, err)
		}
	}
	for _, sk := range slices.Sorted(maps.Keys(kept)) {
		_, err := r.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &r.table,
			Key: map[string]types.AttributeValue{"pk": text(pk), "sk": text(sk)}})
		if err != nil {
			return fmt.Errorf("remove a word of order %s: %w", o.ID, err)
		}
	}
	return nil
}

// Found returns the orders that have the word (porting.SearchWord), the latest first, at most limit. The index lags a
// little.
func (r *Rows) Found(ctx context.Context, word string, limit int) ([]porting.OrderID, error) {
	key, err := r.key(ctx)
	if err != nil || key == nil {
		return nil, err
	}
	out, err := r.client.Query(ctx, &dynamodb.QueryInput{TableName: &r.table, IndexName: aws.String("due"),
		KeyConditionExpression:    aws.String("due_shard = :shard"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":shard": text(kind + hash(key, word))},
		ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(limit))})
	if err != nil {
		return nil, fmt.Errorf("find the orders of a word: %w", err)
	}
	var ids []porting.OrderID
	for _, i := range out.Items {
		ids = append(ids, porting.OrderID(strings.TrimPrefix(textOf(i["pk"]), "O#")))
	}
	return ids, nil
}
