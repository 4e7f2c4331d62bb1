package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/porting"
	"portway/internal/pull"
)

const pullPrefix = "F#"

func pullPK(account porting.AccountID) string { return pullPrefix + string(account) }

// pullItem is a document that is still to be fetched. All jobs of an account are one partition, so that a worker sees
// what others have under way for the account.
type pullItem struct {
	key
	Order    string `dynamodbav:"order"`
	Document string `dynamodbav:"document"`
	Host     string `dynamodbav:"host"`
	Leased   stamp  `dynamodbav:"leased,omitempty"`
	Asked    int    `dynamodbav:"asked,omitempty"`
	due
}

func (i pullItem) value() pull.Job {
	d := dueItem{i.key, i.due}.value()
	d.Order = porting.OrderID(i.Order)
	return pull.Job{Account: porting.AccountID(strings.TrimPrefix(i.PK, pullPrefix)), Order: d.Order,
		Document: porting.DocumentID(i.Document), Host: i.Host, Leased: i.Leased.time(), Asked: i.Asked, Due: d}
}

// AddPull writes a job, unless the document has one.
func (s *Store) AddPull(ctx context.Context, j pull.Job) error {
	k := key{pullPK(j.Account), padded(j.Order) + "#" + string(j.Document)}
	return s.putNew(ctx, pullItem{key: k, Order: string(j.Order), Document: string(j.Document), Host: j.Host,
		due: dueAt(pull.DuePull, k, j.Due.At)})
}

// mostDue is how many due jobs of a shard a sweep looks at to find the accounts.
const mostDue = 10_000

// PullAccounts reads whose jobs are due. The index has the keys alone, so that it finds an account behind the thousands
// of jobs of another one by a few reads.
func (s *Store) PullAccounts(ctx context.Context, until time.Time) ([]porting.AccountID, error) {
	var all []porting.AccountID
	seen := map[string]bool{}
	for n := range shards {
		read := 0
		err := s.query(ctx, &dynamodb.QueryInput{
			IndexName:              aws.String(dueIndex),
			KeyConditionExpression: aws.String("due_shard = :shard AND due_at <= :until"),
			ExpressionAttributeValues: item{":shard": text(shardOf(pull.DuePull, n)),
				":until": text(string(stampOf(until)))},
		}, func(i item) error {
			if pk := textOf(i["pk"]); !seen[pk] {
				seen[pk] = true
				all = append(all, porting.AccountID(strings.TrimPrefix(pk, pullPrefix)))
			}
			if read++; read >= mostDue {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return nil, fmt.Errorf("read whose documents are to be pulled: %w", err)
		}
	}
	return all, nil
}

// mostPulls is how many jobs of an account are read at a time.
const mostPulls = 500

// Pulls reads the account's jobs.
func (s *Store) Pulls(ctx context.Context, account porting.AccountID) ([]pull.Job, error) {
	var all []pull.Job
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": text(pullPK(account))}, ConsistentRead: aws.Bool(true),
	}, func(i item) error {
		var one pullItem
		if err := unmarshal(i, &one); err != nil {
			return err
		}
		if all = append(all, one.value()); len(all) >= mostPulls {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the documents to pull of %s: %w", account, err)
	}
	slices.SortStableFunc(all, func(a, b pull.Job) int { return a.Due.At.Compare(b.Due.At) })
	return all, nil
}

// LeasePull leases a job that is as j was read.
func (s *Store) LeasePull(ctx context.Context, j pull.Job, until time.Time) (pull.Job, bool, error) {
	to := text(string(stampOf(until)))
	ok, err := s.move(ctx, j.Due, "SET due_at = :to, leased = :to", item{":to": to}, nil)
	j.Due.At, j.Leased = until, until
	return j, ok, err
}

// PutOffPull ends the lease of a job.
func (s *Store) PutOffPull(ctx context.Context, j pull.Job, next time.Time, asked bool) error {
	n := int64(0)
	if asked {
		n = 1
	}
	_, err := s.move(ctx, j.Due, "SET due_at = :to REMOVE leased ADD tries :one, asked :asked",
		item{":to": text(string(stampOf(next))), ":one": number(1), ":asked": number(n)}, nil)
	return err
}

// EndPull removes a leased job.
func (s *Store) EndPull(ctx context.Context, j pull.Job) error {
	k, _ := parseKey(j.Due.Key)
	return s.deleteIf(ctx, k, "due_at = :seen", item{":seen": text(string(stampOf(j.Due.At)))})
}
