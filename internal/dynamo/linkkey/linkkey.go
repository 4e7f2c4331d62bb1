// Package linkkey keeps the key from which the tokens of links are made ([Keeper.Key]), sealed, in the table. The first
// function that needs the key draws it; all others read it. The package is none of dynamo's, so that only functions that
// make links have its name in their rights.
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

	mu  sync.Mutex
	key []byte
}

// New returns a keeper of the key in the table of that name. random is read where there is no key yet.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer, random io.Reader) *Keeper {
	return &Keeper{client: client, table: table, sealer: sealer, random: random}
}

// item is the key, P#links / KEY.
type item struct {
	PK  string `dynamodbav:"pk"`
	SK  string `dynamodbav:"sk"`
	Key string `dynamodbav:"key_sealed"`
}

const (
	pk   = "P#links"
	sk   = "KEY"
	part = "link_key"
)

// scope is what the key is sealed under. It belongs to no order.
var scope = secret.Scope{Account: "portway", Order: "link-key"}

// Key returns the key, which has 32 bytes.
func (k *Keeper) Key(ctx context.Context) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key != nil {
		return k.key, nil
	}
	stored, err := k.read(ctx)
	if err == nil && stored == "" {
		if err = k.draw(ctx); err == nil {
			stored, err = k.read(ctx) // another function may have drawn it first
		}
	}
	if err != nil {
		return nil, err
	}
	open, err := k.sealer.Open(ctx, scope, part, porting.SealedSecret(stored))
	if err != nil {
		return nil, fmt.Errorf("open the key of links: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(open.Reveal())
	if err != nil || len(key) != 32 {
		return nil, errors.New("the key of links is not as we write it")
	}
	k.key = key
	return key, nil
}

func (k *Keeper) read(ctx context.Context) (string, error) {
	out, err := k.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &k.table, ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk},
			"sk": &types.AttributeValueMemberS{Value: sk}}})
	if err != nil {
		return "", fmt.Errorf("read the key of links: %w", err)
	}
	var i item
	if err := attributevalue.UnmarshalMap(out.Item, &i); err != nil {
		return "", fmt.Errorf("item %s|%s is not as we write it (%T)", pk, sk, err)
	}
	return i.Key, nil
}

// draw writes a new key, unless there is one.
func (k *Keeper) draw(ctx context.Context) error {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(k.random, raw); err != nil {
		return fmt.Errorf("draw the key of links: %w", err)
	}
	drawn := porting.NewSecret(base64.StdEncoding.EncodeToString(raw))
	if err := k.sealer.Seal(ctx, scope, secret.Part{Field: part, Secret: &drawn}); err != nil {
		return err
	}
	made, err := attributevalue.MarshalMap(item{pk, sk, drawn.Sealed()})
	if err != nil {
		return fmt.Errorf("make the item of the key of links: %w", err)
	}
	_, err = k.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &k.table, Item: made,
		ConditionExpression: aws.String("attribute_not_exists(pk)")})
	var there *types.ConditionalCheckFailedException
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("write the key of links: %w", err)
	}
	return nil
}
