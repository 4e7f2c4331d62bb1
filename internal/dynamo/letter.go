package dynamo

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// keptMailItem is a letter that was kept in place of being sent. It sorts before what Load reads.
type keptMailItem struct {
	key
	Version int64  `dynamodbav:"version"`
	Written stamp  `dynamodbav:"written"`
	To      string `dynamodbav:"to"`
	Subject string `dynamodbav:"subject"`
	Text    string `dynamodbav:"text"`
}

const (
	lettersSK  = "COPY#"
	lettersEnd = "COPY$" // $ follows #
)

func letterKey(id porting.OrderID, version int64) key {
	return orderKey(id, fmt.Sprintf("%s%010d", lettersSK, version))
}

// KeepLetter writes a letter, once for each event.
func (s *Store) KeepMail(ctx context.Context, l orders.Mail) error {
	err := s.putNew(ctx, keptMailItem{key: letterKey(l.Order, l.Version), Version: l.Version, Written: stampOf(l.At), To: l.To, Subject: l.Subject, Text: l.Text}, "The letter is there already.")
	if orders.Is(err, porting.Settled) {
		return nil
	}
	return err
}

// Letters reads an order's latest letters before a version, oldest first. more says that there are earlier ones.
func (s *Store) Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []orders.Mail, more bool, err error) {
	high := lettersEnd
	if before > 0 {
		high = letterKey(id, before-1).SK
	}
	items, more, err := s.page(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(lettersSK), ":high": text(high)},
		ScanIndexForward:          aws.Bool(false),
		ConsistentRead:            aws.Bool(true),
	}, limit)
	for _, i := range slices.Backward(items) {
		var l keptMailItem
		if err == nil {
			err = unmarshal(i, &l)
		}
		all = append(all, orders.Mail{Order: id, Version: l.Version, At: l.Written.time(), To: l.To, Subject: l.Subject, Text: l.Text})
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the letters of order %s: %w", id, err)
	}
	return all, more, nil
}
