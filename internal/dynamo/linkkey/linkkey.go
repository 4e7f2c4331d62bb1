// Package linkkey keeps two keys, sealed, in the table: [New] that from which the tokens of links are made, [ForSearch]
// that under which the desk's search hashes its words. The first function that needs a key draws it; all others read
// it. Each key has an item and an encryption context of its own, so that a function has the right to one alone. The
// package is none of dynamo's, so that only functions that need a key have its name in their rights.
package linkkey

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
	"portway/internal/secret"
)

// Keeper reads the key once for its process. It is safe for concurrent use.
type Keeper struct {
	client *dynamodb.Client
	table  string
	sealer *secret.Sealer
	random io.Reader
	of     kind

	mu  sync.Mutex
	key []byte
}

// New returns a keeper of the key of links in the table of that name. random is read where there is no key yet.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer, random io.Reader) *Keeper {
	return &Keeper{client: client, table: table, sealer: sealer, random: random, of: ofLinks}
}

// ForSearch returns a keeper of the key of the search. A keeper without random only reads, and has no key (nil) where none
// was drawn yet.
func ForSearch(client *dynamodb.Client, table string, sealer *secret.Sealer, random io.Reader) *Keeper {
	return &Keeper{client: client, table: table, sealer: sealer, random: random, of: ofSearch}
}

// kind tells the keys apart: the partition of the key's item, the name of what is sealed, and the scope, which belongs to
// no order.
type kind struct {
	pk, part string
	scope    secret.Scope
}

var (
	ofLinks  = kind{"P#links", "link_key", secret.Scope{Account: "portway", Order: "link-key"}}
	ofSearch = kind{"P#search", "search_key", secret.Scope{Account: "portway", Order: "search-key"}}
)

// item is a key, P#links / KEY or P#search / KEY.
type item struct {
	PK  string `dynamodbav:"pk"`
	SK  string `dynamodbav:"sk"`
	Key string `dynamodbav:"key_sealed"`
}

const sk = "KEY"

// Key returns the key, which has 32 bytes.
func (k *Keeper) Key(ctx context.Context) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key != nil {
		return k.key, nil
	}
	stored, err := k.read(ctx)
	if err == nil && stored == "" {
		if k.random == nil {
			return nil, nil
		}
		if err = k.draw(ctx); err == nil {
			stored, err = k.read(ctx) // another function may have drawn it first
		}
	}
	if err != nil {
		return nil, err
	}
	open, err := k.sealer.Open(ctx, k.of.scope, k.of.part, porting.SealedSecret(stored))
	if err != nil {
		return nil, fmt.Errorf("open the %s: %w", k.of.scope.Order, err)
	}
	key, err := base64.StdEncoding.DecodeString(open.Reveal())
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("the %s is not as we write it", k.of.scope.Order)
	}
	k.key = key
	return key, nil
}

func (k *Keeper) read(ctx context.Context) (string, error) {
	out, err := k.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &k.table, ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: k.of.pk},
			"sk": &types.AttributeValueMemberS{Value: sk}}})
	if err != nil {
		return "", fmt.Errorf("read the %s: %w", k.of.scope.Order, err)
	}
	var i item
	if err := attributevalue.UnmarshalMap(out.Item, &i); err != nil {
		return "", fmt.Errorf("item %s|%s is not as we write it (%T)", k.of.pk, sk, err)
	}
	return i.Key, nil
}

// draw writes a new key, unless there is one.
func (k *Keeper) draw(ctx context.Context) error {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(k.random, raw); err != nil {
		return fmt.Errorf("draw the %s: %w", k.of.scope.Order, err)
	}
	drawn := porting.NewSecret(base64.StdEncoding.EncodeToString(raw))
	if err := k.sealer.Seal(ctx, k.of.scope, secret.Part{Field: k.of.part, Secret: &drawn}); err != nil {
		return err
	}
	made, err := attributevalue.MarshalMap(item{k.of.pk, sk, drawn.Sealed()})
	if err != nil {
		return fmt.Errorf("make the item of the %s: %w", k.of.scope.Order, err)
	}
	_, err = k.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &k.table, Item: made,
		ConditionExpression: aws.String("attribute_not_exists(pk)")})
	var there *types.ConditionalCheckFailedException
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("write the %s: %w", k.of.scope.Order, err)
	}
	return nil
}
