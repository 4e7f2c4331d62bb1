// Package dynamotest gives tests a table as the template makes it ([Create]), a KMS in memory ([Keys]), and a client that
// loses an answer ([Lossy]).
package dynamotest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// Schema returns the table as template.yaml has it.
func Schema(name string) *dynamodb.CreateTableInput {
	var attributes []types.AttributeDefinition
	for _, a := range []string{"pk", "sk", "account", "id", "due_shard", "due_at", "feed_at"} {
		attributes = append(attributes, types.AttributeDefinition{AttributeName: aws.String(a),
			AttributeType: types.ScalarAttributeTypeS})
	}
	schema := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
		}
	}
	return &dynamodb.CreateTableInput{
		TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: attributes, KeySchema: schema("pk", "sk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			{IndexName: aws.String("list"), KeySchema: schema("account", "id"), Projection: &types.Projection{
				ProjectionType: types.ProjectionTypeInclude,
				NonKeyAttributes: []string{"group", "status", "status_at", "created", "updated", "kind", "carrier",
					"alias", "desired", "foc", "first_number"},
			}},
			{IndexName: aws.String("due"), KeySchema: schema("due_shard", "due_at"), Projection: &types.Projection{
				ProjectionType: types.ProjectionTypeKeysOnly,
			}},
			{IndexName: aws.String("feed"), KeySchema: schema("account", "feed_at"), Projection: &types.Projection{
				ProjectionType: types.ProjectionTypeInclude,
				NonKeyAttributes: []string{"group", "version", "n", "kind", "happened", "role", "name", "before",
					"status", "text", "comment",
					"reasons", "foc", "charge_cents", "ends", "status_url"},
			}},
		},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true),
			StreamViewType: types.StreamViewTypeNewImage},
	}
}

// Create makes the table. A table that is there already is no error, since the SDK repeats a call whose answer was
// lost.
func Create(ctx context.Context, client *dynamodb.Client, name string) error {
	_, err := client.CreateTable(ctx, Schema(name))
	var exists *types.ResourceInUseException
	if errors.As(err, &exists) {
		return nil
	}
	return err
}

// Keys is a KMS that keeps its data keys in memory and counts its calls. The zero value is ready.
type Keys struct {
	mu   sync.Mutex
	keys []dataKey
	// Made and Opened count the calls.
	Made, Opened int
}

type dataKey struct {
	plain   []byte
	context map[string]string
}

// GenerateDataKey makes a data key.
func (k *Keys) GenerateDataKey(_ context.Context, in *kms.GenerateDataKeyInput,
	_ ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if in.KeySpec != kmstypes.DataKeySpecAes256 {
		return nil, fmt.Errorf("key spec %q", in.KeySpec)
	}
	k.Made++
	plain := make([]byte, 32)
	rand.Read(plain)
	k.keys = append(k.keys, dataKey{bytes.Clone(plain), maps.Clone(in.EncryptionContext)})
	wrapped := binary.BigEndian.AppendUint32([]byte("wrapped:"), uint32(len(k.keys)-1))
	return &kms.GenerateDataKeyOutput{Plaintext: plain, CiphertextBlob: wrapped}, nil
}

// Decrypt unwraps a data key, under the encryption context that it was made with.
func (k *Keys) Decrypt(_ context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.Opened++
	text, ok := bytes.CutPrefix(in.CiphertextBlob, []byte("wrapped:"))
	if !ok || len(text) != 4 || int(binary.BigEndian.Uint32(text)) >= len(k.keys) {
		return nil, &kmstypes.InvalidCiphertextException{}
	}
	key := k.keys[binary.BigEndian.Uint32(text)]
	if !maps.Equal(key.context, in.EncryptionContext) {
		return nil, &kmstypes.InvalidCiphertextException{}
	}
	return &kms.DecryptOutput{Plaintext: slices.Clone(key.plain)}, nil
}

// Lossy is an HTTP client that loses the answer of the next PutItem: the table has the item, the caller a broken
// connection. Before the SDK repeats the call, Meanwhile happens.
type Lossy struct {
	Lose      bool
	Meanwhile func() // nil is nothing
}

// Do sends the request.
func (l *Lossy) Do(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil || !l.Lose || !strings.HasSuffix(req.Header.Get("X-Amz-Target"), ".PutItem") {
		return resp, err
	}
	l.Lose = false
	if l.Meanwhile != nil {
		l.Meanwhile()
	}
	return nil, errors.Join(io.ErrUnexpectedEOF, resp.Body.Close())
}
