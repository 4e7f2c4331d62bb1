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

var _ webhook.Store = (*Store)(nil)

// An endpoint is A#<account> / HOOK#<id>. What it is told has a partition of its own, W#<account>#<endpoint>: D#<time>#<order>#<change>
// is the record, and as long as it is to be delivered P#<order>#<change> is the work, which falls due. So the work of one order is
// one short range, and the records stand in the order of their events.
const hookSK = "HOOK#"

func hookKey(account porting.AccountID, id string) key {
	return key{"A#" + string(account), hookSK + id}
}

func toldPK(account porting.AccountID, endpoint string) string {
	return "W#" + string(account) + "#" + endpoint
}

func recordKey(d webhook.Delivery) key {
	return key{toldPK(d.Account, d.Endpoint), fmt.Sprintf("D#%s#%s#%010d.%d", stampOf(d.At), padded(d.Order), d.Version, d.N)}
}

func laneSK(d webhook.Delivery) string { return "P#" + padded(d.Order) + "#" }

func workKey(d webhook.Delivery) key {
	if d.Order == "" { // a ping stands in no order
		return key{toldPK(d.Account, d.Endpoint), laneSK(d) + string(stampOf(d.At))}
	}
	return key{toldPK(d.Account, d.Endpoint), fmt.Sprintf("%s%010d.%d", laneSK(d), d.Version, d.N)}
}

// hookItem is an endpoint; it falls due when the customer is to be told that it was paused.
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
	i := hookItem{key: hookKey(e.Account, e.ID), URL: e.URL, Description: e.Description, Types: e.Types, Paused: e.Paused, Reason: e.Why,
		PausedAt: stampOf(e.PausedAt), Failing: stampOf(e.FailingSince), Created: stampOf(e.Created), Version: e.Version}
	for _, s := range e.Secrets {
		i.Secrets = append(i.Secrets, signingItem{s.Secret.Sealed(), stampOf(s.Until)})
	}
	if e.PausedByUs() {
		i.due = dueAt(webhook.DuePause, i.key, e.PausedAt)
	}
	return i
}

func (i hookItem) endpoint() webhook.Endpoint {
	e := webhook.Endpoint{ID: strings.TrimPrefix(i.SK, hookSK), Account: porting.AccountID(strings.TrimPrefix(i.PK, "A#")), URL: i.URL,
		Description: i.Description, Types: i.Types, Paused: i.Paused, Why: i.Reason, PausedAt: i.PausedAt.time(),
		FailingSince: i.Failing.time(), Created: i.Created.time(), Version: i.Version}
	for _, s := range i.Secrets {
		e.Secrets = append(e.Secrets, webhook.Signing{Secret: porting.SealedSecret(s.Secret), Until: s.Until.time()})
	}
	return e
}

// toldItem is what record and work have in common.
type toldItem struct {
	key
	Order    string `dynamodbav:"order,omitempty"`
	Version  int64  `dynamodbav:"version"`
	N        int    `dynamodbav:"n"`
	Type     string `dynamodbav:"type"`
	Happened stamp  `dynamodbav:"happened"`
	Made     stamp  `dynamodbav:"made"`
}

func toldOf(k key, d webhook.Delivery) toldItem {
	return toldItem{k, string(d.Order), d.Version, d.N, d.Type, stampOf(d.At), stampOf(d.Made)}
}

func (i toldItem) delivery() webhook.Delivery {
	account, endpoint, _ := strings.Cut(strings.TrimPrefix(i.PK, "W#"), "#")
	return webhook.Delivery{Account: porting.AccountID(account), Endpoint: endpoint, Order: porting.OrderID(i.Order), Version: i.Version,
		N: i.N, Type: i.Type, At: i.Happened.time(), Made: i.Made.time()}
}

// deliveryItem is a delivery as it is remembered.
type deliveryItem struct {
	toldItem
	State    string        `dynamodbav:"state"`
	Next     stamp         `dynamodbav:"next,omitempty"`
	Attempts []attemptItem `dynamodbav:"attempts"`
	TTL      int64         `dynamodbav:"ttl"` // of house-keeping alone
}

type attemptItem struct {
	At     stamp  `dynamodbav:"at"`
	Status int    `dynamodbav:"status,omitempty"`
	Why    string `dynamodbav:"why,omitempty"`
	Took   int64  `dynamodbav:"ms"`
}

func (i deliveryItem) value() webhook.Delivery {
	d := i.delivery()
	d.State, d.Next = webhook.State(i.State), i.Next.time()
	for _, a := range i.Attempts {
		d.Attempts = append(d.Attempts, webhook.Attempt{At: a.At.time(), Status: a.Status, Why: a.Why, Took: time.Duration(a.Took) * time.Millisecond})
	}
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-webhook.MostAttempts):]
	return d
}

// workItem is a delivery that is still to be done.
type workItem struct {
	toldItem
	due
}

func workOf(d webhook.Delivery) workItem {
	k := workKey(d)
	return workItem{toldOf(k, d), dueAt(webhook.DueDelivery, k, d.Next)}
}

func (i workItem) value() webhook.Work {
	w := webhook.Work{Delivery: i.delivery(), Due: dueItem{i.key, i.due}.value()}
	w.State, w.Next = webhook.Pending, w.Due.At
	return w
}

// DeliveryOf is the due work of a stream record, by the record's keys and its due_at; ok is false for any other item.
func DeliveryOf(pk, sk, dueAt string) (orders.Due, bool) {
	if !strings.HasPrefix(pk, "W#") || !strings.HasPrefix(sk, "P#") || dueAt == "" {
		return orders.Due{}, false
	}
	return orders.Due{Kind: webhook.DueDelivery, Key: key{pk, sk}.String(), At: stamp(dueAt).time()}, true
}

// Endpoints are all of an account's.
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

// Endpoint is one of an account's.
func (s *Store) Endpoint(ctx context.Context, account porting.AccountID, id string) (webhook.Endpoint, error) {
	var h hookItem
	ok, err := s.get(ctx, hookKey(account, id).String(), &h)
	if err == nil && !ok {
		err = webhook.ErrNoEndpoint
	}
	return h.endpoint(), err
}

// SaveEndpoint writes an endpoint whose version is still the one before.
func (s *Store) SaveEndpoint(ctx context.Context, e webhook.Endpoint, r *orders.Receipt) error {
	w := &writes{table: s.table}
	condition, values := isNew, item(nil)
	if e.Version > 1 {
		condition, values = "version = :before", item{":before": number(e.Version - 1)}
	}
	w.put(hookOf(e), condition, values, means(&porting.Error{Code: porting.Stale, Message: "The webhook has changed in between; read it again."}))
	w.receipt(r)
	return s.run(ctx, w)
}

// RemoveEndpoint ends an endpoint. What it was told dies with its time.
func (s *Store) RemoveEndpoint(ctx context.Context, account porting.AccountID, id string, r *orders.Receipt) error {
	w := &writes{table: s.table}
	w.delete(hookKey(account, id), "", nil, nil)
	w.receipt(r)
	return s.run(ctx, w)
}

// Failing notes a failure at an endpoint, and says since when it has been failing.
func (s *Store) Failing(ctx context.Context, account porting.AccountID, id string, at time.Time) (time.Time, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: hookKey(account, id).av(),
		UpdateExpression:          aws.String("SET failing_since = if_not_exists(failing_since, :at)"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: item{":at": text(string(stampOf(at)))}, ReturnValues: types.ReturnValueAllNew})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return stamp(textOf(out.Attributes["failing_since"])).time(), nil
}

// Recovered ends a row of failures.
func (s *Store) Recovered(ctx context.Context, account porting.AccountID, id string) error {
	_, err := s.settle(ctx, hookKey(account, id), "REMOVE failing_since", "attribute_exists(pk)", nil)
	return err
}

// Pause pauses an endpoint, and lets it fall due.
func (s *Store) Pause(ctx context.Context, account porting.AccountID, id, why string, at time.Time) error {
	k := hookKey(account, id)
	_, err := s.settle(ctx, k, "SET paused = :yes, paused_why = :why, paused_at = :at, due_shard = :shard, due_at = :at ADD version :one",
		"attribute_exists(pk) AND attribute_not_exists(paused)", item{":yes": &types.AttributeValueMemberBOOL{Value: true}, ":why": text(why),
			":at": text(string(stampOf(at))), ":shard": text(shard(webhook.DuePause, k.PK)), ":one": number(1)})
	return err
}

// Paused is the endpoint that is due.
func (s *Store) Paused(ctx context.Context, d orders.Due) (webhook.Endpoint, error) {
	var h hookItem
	ok, err := s.get(ctx, d.Key, &h)
	if err == nil && !ok {
		return webhook.Endpoint{}, nil // it was deleted meanwhile
	}
	return h.endpoint(), err
}

// PauseTold takes the due date off.
func (s *Store) PauseTold(ctx context.Context, d orders.Due) error {
	k, _ := parseKey(d.Key)
	_, err := s.settle(ctx, k, "REMOVE due_shard, due_at, tries, why", "attribute_exists(pk)", nil)
	return err
}

// Add writes a delivery that is not there yet.
func (s *Store) Add(ctx context.Context, d webhook.Delivery) error {
	w := &writes{table: s.table}
	there := errors.New("it is there already")
	w.put(deliveryItem{toldOf(recordKey(d), d), string(d.State), stampOf(d.Next), []attemptItem{}, d.Made.Add(webhook.Kept).Unix()},
		isNew, nil, means(there))
	if d.State == webhook.Pending {
		w.put(workOf(d), "", nil, nil)
	}
	if err := s.run(ctx, w); err != nil && !errors.Is(err, there) {
		return err
	}
	return nil
}

// Delivery reads one.
func (s *Store) Delivery(ctx context.Context, d webhook.Delivery) (webhook.Delivery, error) {
	var i deliveryItem
	ok, err := s.get(ctx, recordKey(d).String(), &i)
	if err == nil && !ok {
		err = webhook.ErrNoDelivery
	}
	return i.value(), err
}

// Deliveries are an endpoint's, by the time of their events.
func (s *Store) Deliveries(ctx context.Context, account porting.AccountID, endpoint string, p webhook.Page) ([]webhook.Delivery, error) {
	low, high := "D#", "D$" // $ follows #
	if !p.From.IsZero() {
		low += string(stampOf(p.From))
	}
	if !p.To.IsZero() {
		high = "D#" + string(stampOf(p.To))
	}
	if p.Before != nil {
		high = recordKey(*p.Before).SK
	}
	var all []webhook.Delivery
	if low >= high {
		return nil, nil
	}
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(toldPK(account, endpoint)), ":low": text(low), ":high": text(high)},
		ScanIndexForward:          &p.Oldest, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(p.Limit) + 1),
	}, func(i item) error {
		if textOf(i["sk"]) == high { // which is out itself
			return nil
		}
		var d deliveryItem
		if err := unmarshal(i, &d); err != nil {
			return err
		}
		if all = append(all, d.value()); len(all) >= p.Limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the deliveries of %s: %w", account, err)
	}
	return all, nil
}

// Requeue makes a delivery pending, whatever it was.
func (s *Store) Requeue(ctx context.Context, d webhook.Delivery) error {
	w := &writes{table: s.table}
	update := "SET #state = :pending, made = :made, #next = :next, #ttl = :ttl"
	values := item{":pending": text(string(webhook.Pending)), ":made": text(string(stampOf(d.Made))), ":next": text(string(stampOf(d.Next))),
		":ttl": number(d.Made.Add(webhook.Kept).Unix())}
	if len(d.Attempts) >= webhook.MostAttempts {
		update += ", attempts = :few" // the list does not grow for ever
		values[":few"] = &types.AttributeValueMemberL{}
	}
	w.update(recordKey(d), update, "attribute_exists(pk)", values, means(webhook.ErrNoDelivery))
	w.names(reserved)
	w.put(workOf(d), "", nil, nil)
	return s.run(ctx, w)
}

// reserved are the names of ours that DynamoDB keeps for itself.
var reserved = map[string]string{"#state": "state", "#next": "next", "#ttl": "ttl"}

// LeaseWork claims pending work, and reads it.
func (s *Store) LeaseWork(ctx context.Context, d orders.Due, hold time.Time) (webhook.Work, bool, error) {
	k, _ := parseKey(d.Key)
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: aws.String("SET due_at = :to"),
		ConditionExpression: aws.String("due_shard = :shard AND due_at = :seen"),
		ExpressionAttributeValues: item{":to": text(string(stampOf(hold))), ":shard": text(shard(d.Kind, k.PK)),
			":seen": text(string(stampOf(d.At)))},
		ReturnValues: types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException
	if errors.As(err, &refused) || errors.As(err, &busy) {
		return webhook.Work{}, false, nil
	}
	if err != nil {
		return webhook.Work{}, false, fmt.Errorf("take %s: %w", d.Key, err)
	}
	var i workItem
	if err := unmarshal(out.Attributes, &i); err != nil {
		return webhook.Work{}, false, err
	}
	return i.value(), true, nil
}

// Lane is the pending work of the same order at the same endpoint.
func (s *Store) Lane(ctx context.Context, w webhook.Work) ([]webhook.Work, error) {
	var all []webhook.Work
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :lane)"),
		ExpressionAttributeValues: item{":pk": text(toldPK(w.Account, w.Endpoint)), ":lane": text(laneSK(w.Delivery))},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var one workItem
		if err := unmarshal(i, &one); err != nil {
			return err
		}
		all = append(all, one.value())
		return nil
	})
	return all, err
}

// PutOff lets taken work fall due later.
func (s *Store) PutOff(ctx context.Context, w webhook.Work, until time.Time) error {
	_, err := s.move(ctx, w.Due, "SET due_at = :to", item{":to": text(string(stampOf(until)))}, nil)
	return err
}

// Settle writes a try of taken work and what became of it.
func (s *Store) Settle(ctx context.Context, w webhook.Work, a webhook.Attempt) error {
	t := &writes{table: s.table}
	outrun := errors.New("it was taken by another")
	values := item{":state": text(string(w.State)), ":none": &types.AttributeValueMemberL{}, ":tried": &types.AttributeValueMemberL{}}
	if !a.At.IsZero() {
		one, err := marshal(attemptItem{stampOf(a.At), a.Status, a.Why, a.Took.Milliseconds()})
		if err != nil {
			return err
		}
		values[":tried"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: one}}}
	}
	update := "SET #state = :state, attempts = list_append(if_not_exists(attempts, :none), :tried)"
	if w.State == webhook.Pending {
		update += ", #next = :next"
		values[":next"] = text(string(stampOf(w.Next)))
	} else {
		update += " REMOVE #next"
	}
	// Its record may have seen its last day; nothing is to be written of it any more.
	t.update(recordKey(w.Delivery), update, "attribute_exists(pk)", values, means(webhook.ErrNoDelivery))
	t.names(map[string]string{"#state": "state", "#next": "next"})
	k, seen := workKey(w.Delivery), item{":seen": text(string(stampOf(w.Due.At)))}
	if w.State == webhook.Pending {
		seen[":to"], seen[":one"] = text(string(stampOf(w.Next))), number(1)
		t.update(k, "SET due_at = :to ADD tries :one", "due_at = :seen", seen, means(outrun))
	} else {
		t.delete(k, "due_at = :seen", seen, means(outrun))
	}
	err := s.run(ctx, t)
	for n := 1; orders.Is(err, porting.Stale) && n < 3; n++ { // another transaction was at one of the two
		err = s.run(ctx, t)
	}
	switch {
	case errors.Is(err, outrun):
		return nil
	case errors.Is(err, webhook.ErrNoDelivery):
		alone := &writes{table: s.table}
		alone.delete(k, "", nil, nil)
		return s.run(ctx, alone)
	}
	return err
}

// EventOf is the event of a delivery.
func (s *Store) EventOf(ctx context.Context, d webhook.Delivery) (porting.Event, error) {
	return s.Event(ctx, orders.Due{Key: eventKey(d.Order, d.Version, d.N).String()})
}

// names are what the last update calls attributes whose names DynamoDB keeps for itself.
func (w *writes) names(names map[string]string) {
	w.items[len(w.items)-1].Update.ExpressionAttributeNames = names
}
