package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// mailItem is a mail that was kept and not sent. It sorts before the items that Load reads.
type mailItem struct {
	key
	Version int64  `dynamodbav:"version"`
	Written stamp  `dynamodbav:"written"`
	To      string `dynamodbav:"to"`
	Subject string `dynamodbav:"subject"`
	Text    string `dynamodbav:"text"`
}

const (
	mailSK  = "COPY#"
	mailEnd = "COPY$" // $ follows #
)

func mailKey(id porting.OrderID, version int64) key {
	return orderKey(id, fmt.Sprintf("%s%010d", mailSK, version))
}

// KeepMail writes a mail. A mail about the same event that is there already stays.
func (s *Store) KeepMail(ctx context.Context, m orders.Mail) error {
	return s.putNew(ctx, mailItem{key: mailKey(m.Order, m.Version), Version: m.Version, Written: stampOf(m.At), To: m.To,
		Subject: m.Subject, Text: m.Text})
}

// Mails reads an order's latest mails before a version, oldest first. more says that there are earlier ones.
func (s *Store) Mails(ctx context.Context, id porting.OrderID, before int64,
	limit int) (all []orders.Mail, more bool, err error) {
	high := mailEnd
	if before > 0 {
		high = mailKey(id, before-1).SK
	}
	items, more, err := s.page(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(mailSK), ":high": text(high)},
		ScanIndexForward:          aws.Bool(false),
		ConsistentRead:            aws.Bool(true),
	}, limit)
	for _, i := range slices.Backward(items) {
		var m mailItem
		if err == nil {
			err = unmarshal(i, &m)
		}
		all = append(all, orders.Mail{
			Order: id, Version: m.Version, At: m.Written.time(), To: m.To, Subject: m.Subject, Text: m.Text,
		})
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the mails of order %s: %w", id, err)
	}
	return all, more, nil
}

// The records of sent mail stand beside the order's events. Package mailrecord writes them.
const (
	sentSK  = "MAIL#"
	sentEnd = "MAIL$" // $ follows #
)

// SentMails reads the latest records of an order's mails before a place, oldest first. more says that there are earlier ones.
func (s *Store) SentMails(ctx context.Context, id porting.OrderID, before string,
	limit int) (all []orders.SentMail, more bool, err error) {
	in := &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(sentSK), ":high": text(sentEnd)},
		ScanIndexForward:          aws.Bool(false),
		ConsistentRead:            aws.Bool(true),
	}
	if before != "" { // which need not exist
		in.ExclusiveStartKey = orderKey(id, sentSK+before).av()
	}
	items, more, err := s.page(ctx, in, limit)
	for _, i := range slices.Backward(items) {
		var m orders.SentMail
		if err == nil {
			m, err = sentMail(id, i)
		}
		all = append(all, m)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the records of mails of order %s: %w", id, err)
	}
	return all, more, nil
}

// sentMail reads the record of a mail. A record of the last release says no more than whether the mail was sent.
func sentMail(id porting.OrderID, i item) (orders.SentMail, error) {
	m := orders.SentMail{Order: id, To: textOf(i["to"]), Subject: textOf(i["subject"]), Fate: orders.MailSending}
	version, link, _ := strings.Cut(strings.TrimPrefix(textOf(i["sk"]), sentSK), "#")
	m.Link = link
	var err error
	if m.Version, err = strconv.ParseInt(version, 10, 64); err != nil {
		return m, err
	}
	for name, at := range map[string]*time.Time{"written": &m.At, "fate_at": &m.FateAt} {
		if t := textOf(i[name]); t != "" {
			if *at, err = time.Parse(time.RFC3339Nano, t); err != nil {
				return m, err
			}
		}
	}
	if sent, ok := i["sent"].(*types.AttributeValueMemberBOOL); ok && sent.Value {
		m.Fate = orders.MailSent
	}
	if fate := textOf(i["fate"]); fate != "" {
		m.Fate = orders.MailFate(fate)
	}
	return m, nil
}
