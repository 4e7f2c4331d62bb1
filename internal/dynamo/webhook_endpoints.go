package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// hookSK begins the sort key of an endpoint, A#<account> / HOOK#<id>. Its deliveries have a partition of their own,
// W#<account>#<endpoint>. D#<time>#<order>#<change> is the record of a delivery; the records sort by the time of their
// events. P#<order>#<change> is the work while the delivery is pending, and falls due; the work of one order is one
// short range.
const hookSK = "HOOK#"

func hookKey(account porting.AccountID, id string) key {
	return key{"A#" + string(account), hookSK + id}
}

// hookItem is an endpoint. It falls due when the customer has to be told that we paused it.
type hookItem struct {
	key
	due
	URL         string        `dynamodbav:"url,omitempty"`
	Description string        `dynamodbav:"description,omitempty"`
	Types       []string      `dynamodbav:"types,omitempty"`
	Secrets     []signingItem `dynamodbav:"secrets,omitempty"`
	Paused      bool          `dynamodbav:"paused,omitempty"`
	Reason      string        `dynamodbav:"paused_why,omitempty"`
	PausedAt    stamp         `dynamodbav:"paused_at,omitempty"`
	Failing     stamp         `dynamodbav:"failing_since,omitempty"`
	Created     stamp         `dynamodbav:"created"`
	Version     int64         `dynamodbav:"version"`
}

type signingItem struct {
	Secret string `dynamodbav:"secret_sealed"`
	Until  stamp  `dynamodbav:"until,omitempty"`
}

func hookOf(e webhook.Endpoint) hookItem {
	i := hookItem{key: hookKey(e.Account, e.ID), URL: e.URL, Description: e.Description, Types: e.Types,
		Paused: e.Paused, Reason: e.Why, PausedAt: stampOf(e.PausedAt), Failing: stampOf(e.FailingSince),
		Created: stampOf(e.Created), Version: e.Version}
	for _, s := range e.Secrets {
		i.Secrets = append(i.Secrets, signingItem{s.Secret.Sealed(), stampOf(s.Until)})
	}
	if e.PausedByUs() {
		i.due = dueAt(webhook.DuePause, i.key, e.PausedAt)
	}
	return i
}

func (i hookItem) endpoint() webhook.Endpoint {
	e := webhook.Endpoint{ID: strings.TrimPrefix(i.SK, hookSK),
		Account: porting.AccountID(strings.TrimPrefix(i.PK, "A#")), URL: i.URL, Description: i.Description,
		Types: i.Types, Paused: i.Paused, Why: i.Reason, PausedAt: i.PausedAt.time(), FailingSince: i.Failing.time(),
		Created: i.Created.time(), Version: i.Version}
	for _, s := range i.Secrets {
		e.Secrets = append(e.Secrets, webhook.Signing{Secret: porting.SealedSecret(s.Secret), Until: s.Until.time()})
	}
	return e
}

// Endpoints reads all endpoints of an account.
func (s *Store) Endpoints(ctx context.Context, account porting.AccountID) ([]webhook.Endpoint, error) {
	var all []webhook.Endpoint
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :hook)"),
		ExpressionAttributeValues: item{":pk": text(hookKey(account, "").PK), ":hook": text(hookSK)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var h hookItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		all = append(all, h.endpoint())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the webhooks of %s: %w", account, err)
	}
	return all, nil
}

// Endpoint reads one endpoint of an account.
func (s *Store) Endpoint(ctx context.Context, account porting.AccountID, id string) (webhook.Endpoint, error) {
	var h hookItem
	ok, err := s.get(ctx, hookKey(account, id).String(), &h)
	if err == nil && !ok {
		err = webhook.ErrNoEndpoint
	}
	return h.endpoint(), err
}

// SaveEndpoint writes an endpoint, on the condition that its version in the table is the one before. Version 1 is a new
// endpoint.
func (s *Store) SaveEndpoint(ctx context.Context, e webhook.Endpoint, r *orders.Receipt) error {
	w := &writes{table: s.table}
	condition, values := isNew, item(nil)
	if e.Version > 1 {
		condition, values = "version = :before", item{":before": number(e.Version - 1)}
	}
	w.put(hookOf(e), condition, values,
		means(porting.Errorf(porting.Stale, "The webhook has changed in between; read it again.")))
	w.receipt(r)
	return s.run(ctx, w)
}

// RemoveEndpoint removes an endpoint. The records of its deliveries are removed by their ttl.
func (s *Store) RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error {
	w := &writes{table: s.table}
	w.delete(hookKey(account, id), "", nil, nil)
	w.receipt(r)
	return s.run(ctx, w)
}

// Failing notes a failure at an endpoint, and returns the time of the first failure since a delivery last succeeded.
func (s *Store) Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (time.Time, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: hookKey(account, id).av(),
		UpdateExpression:          aws.String("SET failing_since = if_not_exists(failing_since, :at)"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: item{":at": text(string(stampOf(at)))},
		ReturnValues:              types.ReturnValueAllNew})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return stamp(textOf(out.Attributes["failing_since"])).time(), nil
}

// Recovered notes that a delivery to an endpoint succeeded.
func (s *Store) Recovered(ctx context.Context, account porting.AccountID, id string) error {
	_, err := s.updateIf(ctx, hookKey(account, id), "REMOVE failing_since", "attribute_exists(pk)", nil)
	return err
}

// Pause pauses an endpoint that is not paused, and lets it fall due.
func (s *Store) Pause(ctx context.Context, account porting.AccountID, id, why string, at time.Time) error {
	k := hookKey(account, id)
	const pause = "SET paused = :yes, paused_why = :why, paused_at = :at, due_shard = :shard, due_at = :at " +
		"ADD version :one"
	_, err := s.updateIf(ctx, k, pause, "attribute_exists(pk) AND attribute_not_exists(paused)", item{
		":yes": &types.AttributeValueMemberBOOL{Value: true}, ":why": text(why), ":at": text(string(stampOf(at))),
		":shard": text(shard(webhook.DuePause, k.PK)), ":one": number(1),
	})
	return err
}

// Paused reads the endpoint that is due. An endpoint that was removed in between is the zero Endpoint.
func (s *Store) Paused(ctx context.Context, d orders.Due) (webhook.Endpoint, error) {
	var h hookItem
	ok, err := s.get(ctx, d.Key, &h)
	if err == nil && !ok {
		return webhook.Endpoint{}, nil
	}
	return h.endpoint(), err
}

// PauseTold removes the due date of a paused endpoint.
func (s *Store) PauseTold(ctx context.Context, d orders.Due) error {
	k, _ := parseKey(d.Key)
	_, err := s.updateIf(ctx, k, "REMOVE due_shard, due_at, tries, why, parked_at", "attribute_exists(pk)", nil)
	return err
}
