// Package sandboxworld keeps what the simulated peers of a sandbox know: [Store] is what package room asks for. It is a
// package of its own so that no function but the sandbox's carries it.
package sandboxworld

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
	"portway/internal/sandbox/room"
	"portway/internal/secret"
)

// Store keeps worlds in the table. They are sealed, since a customer who tries a sandbox may have typed a real PIN.
type Store struct {
	client *dynamodb.Client
	table  string
	sealer *secret.Sealer
	now    func() time.Time
}

var _ room.Worlds = (*Store)(nil)

// New returns a store of worlds in the table of that name.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer, now func() time.Time) *Store {
	return &Store{client, table, sealer, now}
}

// item is a world, S#<name> / WORLD.
type item struct {
	PK      string `dynamodbav:"pk"`
	SK      string `dynamodbav:"sk"`
	State   string `dynamodbav:"state_sealed"`
	Version int64  `dynamodbav:"version"`
	Shard   string `dynamodbav:"due_shard,omitempty"`
	At      string `dynamodbav:"due_at,omitempty"`
	TTL     int64  `dynamodbav:"ttl"`
}

const (
	prefix = "S#"
	sk     = "WORLD"
	// shard is the partition of the due index for all worlds. One is enough, since the calls of sandboxes are few.
	shard = "sandbox-world#0"
	// keep is how long a world is kept after its last call. By then its orders have ended.
	keep = 90 * 24 * time.Hour
	// stampLayout has a fixed width, so that the order of texts is the order of time.
	stampLayout = "2006-01-02T15:04:05.000000000Z"
)

// scope is what worlds are sealed under. A role that may open them can open nothing else.
var scope = secret.Scope{Account: "portway", Order: "sandbox"}

func key(name string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": str(prefix + name), "sk": str(sk)}
}

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

// Load reads a world. One that was never saved is the zero World.
func (s *Store) Load(ctx context.Context, name string) (room.World, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: key(name),
		ConsistentRead: aws.Bool(true)})
	if err != nil || out.Item == nil {
		return room.World{}, err
	}
	var i item
	if err := attributevalue.UnmarshalMap(out.Item, &i); err != nil {
		return room.World{}, fmt.Errorf("item %s%s|%s is not as we write it (%T)", prefix, name, sk, err)
	}
	state := porting.SealedSecret(i.State)
	if err := s.sealer.OpenAll(ctx, scope, secret.Part{Field: "world", Secret: &state}); err != nil {
		return room.World{}, err
	}
	raw, err := unpack(state.Reveal())
	return room.World{State: raw, Version: i.Version}, err
}

// Save writes a world over the version that w has. Its error is room.ErrOutrun where the world has another version.
func (s *Store) Save(ctx context.Context, name string, w room.World, next time.Time) error {
	packed, err := pack(w.State)
	if err != nil {
		return err
	}
	state := porting.NewSecret(packed)
	if err := s.sealer.Seal(ctx, scope, secret.Part{Field: "world", Secret: &state}); err != nil {
		return err
	}
	i := item{PK: prefix + name, SK: sk, State: state.Sealed(), Version: w.Version + 1, TTL: s.now().Add(keep).Unix()}
	if !next.IsZero() {
		i.Shard, i.At = shard, next.UTC().Format(stampLayout)
	}
	av, err := attributevalue.MarshalMap(i)
	if err != nil {
		return err
	}
	in := &dynamodb.PutItemInput{TableName: &s.table, Item: av,
		ConditionExpression:                 aws.String("attribute_not_exists(pk)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}
	if w.Version > 0 {
		before := &types.AttributeValueMemberN{Value: strconv.FormatInt(w.Version, 10)}
		in.ConditionExpression = aws.String("version = :before")
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":before": before}
	}
	_, err = s.client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if !errors.As(err, &refused) {
		return err
	}
	// The SDK repeats a write whose answer was lost, and is refused because of what it wrote itself. Each call of Save
	// has a ciphertext of its own.
	if stored, ok := refused.Item["state_sealed"].(*types.AttributeValueMemberS); ok && stored.Value == i.State {
		return nil
	}
	return room.ErrOutrun
}

// Due reads the names of the worlds that fall due at or before until, the longest due first.
func (s *Store) Due(ctx context.Context, until time.Time, limit int) ([]string, error) {
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, IndexName: aws.String("due"), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression: aws.String("due_shard = :shard AND due_at <= :until"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":shard": str(shard),
			":until": str(until.UTC().Format(stampLayout))},
	})
	if err != nil {
		return nil, fmt.Errorf("read which worlds are due: %w", err)
	}
	var names []string
	for _, found := range out.Items {
		if pk, ok := found["pk"].(*types.AttributeValueMemberS); ok {
			names = append(names, strings.TrimPrefix(pk.Value, prefix))
		}
	}
	return names, nil
}

// pack compresses a state, since orders of thousands of numbers have to fit into one item.
func pack(state []byte) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(state); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func unpack(packed string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
