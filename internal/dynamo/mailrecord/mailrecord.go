// Package mailrecord keeps the send records of mail beside the order's events. It is a package of its own so that a function
// that sends no mail does not carry SES.
package mailrecord

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/mail"
)

// Records are the send records in the table.
type Records struct {
	client *dynamodb.Client
	table  string
}

var _ mail.Records = (*Records)(nil)

// New is the records in a table.
func New(client *dynamodb.Client, table string) *Records { return &Records{client, table} }

// record is O#<order> / MAIL#<event version>.
type record struct {
	LeaseUntil string `dynamodbav:"lease_until"`
	Claims     int    `dynamodbav:"claims"`
	Sent       bool   `dynamodbav:"sent"`
	MessageID  string `dynamodbav:"message_id"`
}

// stampLayout has a fixed width, so that the order of text is the order of time.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

func key(text string) (map[string]types.AttributeValue, error) {
	order, version, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(version, 10, 64)
	if !ok || order == "" || err != nil {
		return nil, fmt.Errorf("%q is no key of a mail", text)
	}
	return map[string]types.AttributeValue{"pk": str("O#" + order), "sk": str(fmt.Sprintf("MAIL#%010d", n))}, nil
}

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

// Claim takes the key for the lease, in one conditional write.
func (r *Records) Claim(ctx context.Context, text string, now time.Time, lease time.Duration) (mail.Claim, error) {
	k, err := key(text)
	if err != nil {
		return mail.Claim{}, err
	}
	out, err := r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &r.table, Key: k,
		UpdateExpression:    aws.String("SET lease_until = :until ADD claims :one"),
		ConditionExpression: aws.String("attribute_not_exists(sent) AND (attribute_not_exists(lease_until) OR lease_until <= :now)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":until": str(now.UTC().Add(lease).Format(stampLayout)), ":now": str(now.UTC().Format(stampLayout)),
			":one": &types.AttributeValueMemberN{Value: "1"},
		},
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var found record
	var refused *types.ConditionalCheckFailedException
	switch {
	case errors.As(err, &refused):
		if err := attributevalue.UnmarshalMap(refused.Item, &found); err != nil {
			return mail.Claim{}, err
		}
		if found.Sent {
			return mail.Claim{State: mail.Sent, Tries: found.Claims, MessageID: found.MessageID}, nil
		}
		return mail.Claim{State: mail.Held, Tries: found.Claims}, nil
	case err != nil:
		return mail.Claim{}, err
	}
	if err := attributevalue.UnmarshalMap(out.Attributes, &found); err != nil {
		return mail.Claim{}, err
	}
	if found.Claims > 1 {
		return mail.Claim{State: mail.Unknown, Tries: found.Claims}, nil
	}
	return mail.Claim{State: mail.Fresh, Tries: found.Claims}, nil
}

// MarkSent ends the claim, or takes a key that nobody claimed; the first message id stays.
func (r *Records) MarkSent(ctx context.Context, text, messageID string) error {
	return r.update(ctx, text, "SET sent = :yes, message_id = if_not_exists(message_id, :id) REMOVE lease_until", "",
		map[string]types.AttributeValue{":yes": &types.AttributeValueMemberBOOL{Value: true}, ":id": str(messageID)})
}

// Release undoes the claim, unless the mail was sent.
func (r *Records) Release(ctx context.Context, text string) error {
	return r.update(ctx, text, "REMOVE lease_until, claims", "attribute_exists(pk) AND attribute_not_exists(sent)", nil)
}

func (r *Records) update(ctx context.Context, text, update, condition string, values map[string]types.AttributeValue) error {
	k, err := key(text)
	if err != nil {
		return err
	}
	in := &dynamodb.UpdateItemInput{TableName: &r.table, Key: k, UpdateExpression: &update, ExpressionAttributeValues: values}
	if condition != "" {
		in.ConditionExpression = &condition
	}
	_, err = r.client.UpdateItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
