// Package mailrecord keeps the send records of mail in the table: [Records] is what package mail asks for. The record
// of a mail about an order stands beside the order's events. The package is none of dynamo's, so that a function that
// sends no mail does not carry SES.
package mailrecord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/mail"
	"portway/internal/orders"
)

// Records keeps the send records in the table. It is safe for concurrent use.
type Records struct {
	client *dynamodb.Client
	table  string
}

var _ mail.Records = (*Records)(nil)

// New keeps records in the table of that name.
func New(client *dynamodb.Client, table string) *Records { return &Records{client, table} }

// record is the item O#<order> / MAIL#<event version>#<link of the reader>, where there is a link, or
// M#<about>#<id> / MAIL#<version> of a mail about something else. dynamo.Store.SentMails reads those of an order.
type record struct {
	LeaseUntil string `dynamodbav:"lease_until"`
	Claims     int    `dynamodbav:"claims"` // how often the mail was leased
	Sent       bool   `dynamodbav:"sent"`
	MessageID  string `dynamodbav:"message_id"`
	// What the record keeps of the mail itself, and what became of it.
	At      string `dynamodbav:"written,omitempty"`
	To      string `dynamodbav:"to,omitempty"` // masked
	Subject string `dynamodbav:"subject,omitempty"`
	Fate    string `dynamodbav:"fate,omitempty"`
	FateAt  string `dynamodbav:"fate_at,omitempty"`
}

// stampLayout has a fixed width, so that the order of text is the order of time.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

func keyOf(k mail.Key) map[string]types.AttributeValue {
	if order, ok := k.Order(); ok {
		return itemKey("O#"+string(order), k)
	}
	return itemKey("M#"+string(k.About)+"#"+k.ID, k)
}

// oldKeyOf is the key under which an earlier release wrote the record: that of a mail about a webhook stood beside
// orders, and a mail about an order went to all its readers together.
func oldKeyOf(k mail.Key) (map[string]types.AttributeValue, bool) {
	if k.About == mail.AboutWebhook {
		return itemKey("O#webhook-"+k.ID, k), true
	}
	together := k
	together.To = ""
	return keyOf(together), k.To != ""
}

func itemKey(pk string, k mail.Key) map[string]types.AttributeValue {
	sk := fmt.Sprintf("MAIL#%010d", k.Version)
	if k.To != "" {
		sk += "#" + k.To
	}
	return map[string]types.AttributeValue{"pk": str(pk), "sk": str(sk)}
}

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

// Lease leases the record of the key for a time, in one conditional write, which keeps the mail's outline too. A mail may
// have a record of the last release, which is read first.
func (r *Records) Lease(ctx context.Context, k mail.Key, o mail.Outline, now time.Time, term time.Duration) (mail.Lease, error) {
	earlier := 0
	if old, ok := oldKeyOf(k); ok {
		lease, err := r.read(ctx, old, now)
		if err != nil || lease.State == mail.Sent || lease.State == mail.Leased {
			return lease, err
		}
		earlier = lease.Tries
	}
	out, err := r.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &r.table, Key: keyOf(k),
		UpdateExpression: aws.String("SET lease_until = :until, written = if_not_exists(written, :now), #to = if_not_exists(#to, :to), " +
			"subject = if_not_exists(subject, :subject) ADD claims :one"),
		ExpressionAttributeNames: map[string]string{"#to": "to"},
		ConditionExpression: aws.String("attribute_not_exists(sent) AND (attribute_not_exists(lease_until) OR " +
			"lease_until <= :now)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":until": str(now.UTC().Add(term).Format(stampLayout)), ":now": str(now.UTC().Format(stampLayout)),
			":one": &types.AttributeValueMemberN{Value: "1"}, ":to": str(o.To), ":subject": str(o.Subject),
		},
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return leaseOf(refused.Item, now)
	}
	if err != nil {
		return mail.Lease{}, err
	}
	var taken record
	if err := attributevalue.UnmarshalMap(out.Attributes, &taken); err != nil {
		return mail.Lease{}, err
	}
	lease := mail.Lease{State: mail.Fresh, Tries: earlier + taken.Claims}
	if lease.Tries > 1 {
		lease.State = mail.Unknown
	}
	return lease, nil
}

// read reads how far the mail of a record is, and leaves the record as it is.
func (r *Records) read(ctx context.Context, key map[string]types.AttributeValue, now time.Time) (mail.Lease, error) {
	out, err := r.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &r.table, Key: key,
		ConsistentRead: aws.Bool(true)})
	if err != nil {
		return mail.Lease{}, err
	}
	return leaseOf(out.Item, now)
}

// leaseOf tells how far the mail of an item is: Sent, Leased, or else Unknown.
func leaseOf(item map[string]types.AttributeValue, now time.Time) (mail.Lease, error) {
	var found record
	if err := attributevalue.UnmarshalMap(item, &found); err != nil {
		return mail.Lease{}, err
	}
	lease := mail.Lease{State: mail.Unknown, Tries: found.Claims}
	switch {
	case found.Sent:
		lease.State, lease.MessageID = mail.Sent, found.MessageID
	case found.LeaseUntil > now.UTC().Format(stampLayout):
		lease.State = mail.Leased
	}
	return lease, nil
}

// MarkSent ends the lease, or marks a key that nobody has leased. The first message id stays.
func (r *Records) MarkSent(ctx context.Context, k mail.Key, messageID string) error {
	return r.update(ctx, k, "SET sent = :yes, message_id = if_not_exists(message_id, :id) REMOVE lease_until", "",
		map[string]types.AttributeValue{":yes": &types.AttributeValueMemberBOOL{Value: true}, ":id": str(messageID)})
}

// Release ends the lease, except where the mail was sent.
func (r *Records) Release(ctx context.Context, k mail.Key) error {
	return r.update(ctx, k, "REMOVE lease_until, claims", "attribute_exists(pk) AND attribute_not_exists(sent)", nil)
}

// Mark writes the fate of a mail, unless the record has a stronger one, or there is none.
func (r *Records) Mark(ctx context.Context, k mail.Key, fate orders.MailFate, at time.Time) error {
	values := map[string]types.AttributeValue{":fate": str(string(fate)), ":at": str(at.UTC().Format(stampLayout))}
	condition := "attribute_exists(pk) AND (attribute_not_exists(fate)"
	all := orders.MailFates()
	for i, weaker := range all[:slices.Index(all, fate)] {
		name := fmt.Sprintf(":weaker%d", i)
		condition += " OR fate = " + name
		values[name] = str(string(weaker))
	}
	return r.update(ctx, k, "SET fate = :fate, fate_at = :at", condition+")", values)
}

func (r *Records) update(ctx context.Context, k mail.Key, update, condition string,
	values map[string]types.AttributeValue) error {
	in := &dynamodb.UpdateItemInput{TableName: &r.table, Key: keyOf(k), UpdateExpression: &update,
		ExpressionAttributeValues: values}
	if condition != "" {
		in.ConditionExpression = &condition
	}
	_, err := r.client.UpdateItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
