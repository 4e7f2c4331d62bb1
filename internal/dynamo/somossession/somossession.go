// Package somossession shares one session at the toll-free registry among all functions: [Store] is what package somos
// asks for. It is a package of its own so that only the functions that talk to the registry carry the registry's
// client.
package somossession

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/secret"
)

// Store keeps the session, sealed.
type Store struct {
	client *dynamodb.Client
	table  string
	sealer *secret.Sealer
}

var _ somos.SessionStore = (*Store)(nil)

// New returns a store of the session in the table of that name.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer) *Store {
	return &Store{client, table, sealer}
}

// item is the session, P#somos / SESSION.
type item struct {
	PK           string    `dynamodbav:"pk"`
	SK           string    `dynamodbav:"sk"`
	AccessToken  string    `dynamodbav:"access_token_sealed,omitempty"`
	RefreshToken string    `dynamodbav:"refresh_token_sealed,omitempty"`
	ClientKey    string    `dynamodbav:"client_key_sealed,omitempty"`
	ClientSecret string    `dynamodbav:"client_secret_sealed,omitempty"`
	Expires      time.Time `dynamodbav:"expires"`
	Version      int64     `dynamodbav:"version"`
	Claim        string    `dynamodbav:"claim,omitempty"`
	Until        time.Time `dynamodbav:"claimed_until"`
}

const (
	pk = "P#somos"
	sk = "SESSION"
)

// scope is what the session is sealed under. It belongs to no order.
var scope = secret.Scope{Account: "portway", Order: "somos-session"}

func parts(s *somos.Session) []secret.Part {
	return []secret.Part{
		{Field: "access_token", Secret: &s.AccessToken}, {Field: "refresh_token", Secret: &s.RefreshToken},
		{Field: "client_key", Secret: &s.ClientKey}, {Field: "client_secret", Secret: &s.ClientSecret},
	}
}

// Load reads the session. It is the zero Session where there is none.
func (st *Store) Load(ctx context.Context) (somos.Session, error) {
	stored, err := st.stored(ctx)
	if err != nil || stored == nil {
		return somos.Session{}, err
	}
	var i item
	if err := attributevalue.UnmarshalMap(stored, &i); err != nil {
		return somos.Session{}, fmt.Errorf("item %s|%s is not as we write it (%T)", pk, sk, err)
	}
	s := somos.Session{AccessToken: porting.SealedSecret(i.AccessToken),
		RefreshToken: porting.SealedSecret(i.RefreshToken), ClientKey: porting.SealedSecret(i.ClientKey),
		ClientSecret: porting.SealedSecret(i.ClientSecret), Expires: i.Expires, Version: i.Version, Lease: i.Claim,
		Until: i.Until}
	if err := st.sealer.OpenAll(ctx, scope, parts(&s)...); err != nil {
		return somos.Session{}, err
	}
	return s, nil
}

// Save writes the session over the version before it. Its error is somos.ErrOutrun where the session has another
// version. The SDK repeats a write whose answer was lost, and is refused because of what it wrote itself: then the item
// that is there decides.
func (st *Store) Save(ctx context.Context, s somos.Session) error {
	if err := st.sealer.Seal(ctx, scope, parts(&s)...); err != nil {
		return err
	}
	i, err := attributevalue.MarshalMap(item{pk, sk, s.AccessToken.Sealed(), s.RefreshToken.Sealed(),
		s.ClientKey.Sealed(), s.ClientSecret.Sealed(), s.Expires.UTC(), s.Version, s.Lease, s.Until.UTC()})
	if err != nil {
		return err
	}
	in := &dynamodb.PutItemInput{TableName: &st.table, Item: i}
	switch s.Version {
	case 0:
		in.ConditionExpression = aws.String("attribute_not_exists(pk)")
	case 1: // the item is from a release without versions, or the first of all
		in.ConditionExpression = aws.String("attribute_not_exists(version) OR version = :before")
	default:
		in.ConditionExpression = aws.String("version = :before")
	}
	if s.Version > 0 {
		before := &types.AttributeValueMemberN{Value: strconv.FormatInt(s.Version-1, 10)}
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":before": before}
	}
	_, err = st.client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if !errors.As(err, &refused) {
		return err
	}
	stored, err := st.stored(ctx)
	switch {
	case err != nil:
		return err
	case reflect.DeepEqual(stored, i): // each call of Save has ciphertexts of its own
		return nil
	}
	return somos.ErrOutrun
}

// stored reads the item. It is nil where there is none.
func (st *Store) stored(ctx context.Context) (map[string]types.AttributeValue, error) {
	out, err := st.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &st.table, ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk},
			"sk": &types.AttributeValueMemberS{Value: sk}}})
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}
