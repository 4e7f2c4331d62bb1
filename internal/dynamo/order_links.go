package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
)

var _ link.Store = (*Store)(nil)

// linkSK begins the sort key of a link to the page of an order, O#<order> / LINK#<id>.
const linkSK = "LINK#"

func linkKey(order porting.OrderID, id string) key { return orderKey(order, linkSK+id) }

// linkItem is a link. It has the hash of the link's token, and nothing from which the token could be made.
type linkItem struct {
	key
	Account  string      `dynamodbav:"account"`
	To       string      `dynamodbav:"to,omitempty"`
	Scope    []string    `dynamodbav:"scope"`
	Hash     []byte      `dynamodbav:"hash"`
	Renewals int         `dynamodbav:"renewals,omitempty"`
	Created  stamp       `dynamodbav:"created"`
	Expires  stamp       `dynamodbav:"expires,omitempty"`
	Revoked  stamp       `dynamodbav:"revoked,omitempty"`
	Return   string      `dynamodbav:"return,omitempty"`
	Language string      `dynamodbav:"language,omitempty"`
	Reminded *remindItem `dynamodbav:"reminded,omitempty"`
	Code     codeItem    `dynamodbav:"code"`
	Session  sessionItem `dynamodbav:"session"`
	Version  int64       `dynamodbav:"version"`
}

type codeItem struct {
	Nonce string `dynamodbav:"nonce,omitempty"`
	Sent  stamp  `dynamodbav:"sent,omitempty"`
	Wrong int    `dynamodbav:"wrong,omitempty"`
}

type remindItem struct {
	Times int   `dynamodbav:"times"`
	First stamp `dynamodbav:"first"`
	Last  stamp `dynamodbav:"last"`
}

type sessionItem struct {
	Hash  []byte `dynamodbav:"hash,omitempty"`
	Until stamp  `dynamodbav:"until,omitempty"`
}

func linkItemOf(l link.Link) linkItem {
	i := linkItem{key: linkKey(l.Order, l.ID), Account: string(l.Account), To: l.To, Hash: l.Hash[:], Renewals: l.Renewals,
		Created: stampOf(l.Created), Expires: stampOf(l.Expires), Revoked: stampOf(l.Revoked), Return: l.Return,
		Language: string(l.Language), Code: codeItem{l.Code.Nonce, stampOf(l.Code.Sent), l.Code.Wrong},
		Session: sessionItem{Until: stampOf(l.Session.Until)}, Version: l.Version}
	if !l.Session.Until.IsZero() {
		i.Session.Hash = l.Session.Hash[:]
	}
	if l.Reminded.Times > 0 {
		i.Reminded = &remindItem{l.Reminded.Times, stampOf(l.Reminded.First), stampOf(l.Reminded.Last)}
	}
	for _, v := range l.Scope {
		i.Scope = append(i.Scope, string(v))
	}
	return i
}

func (i linkItem) link() link.Link {
	l := link.Link{Order: i.order(), ID: strings.TrimPrefix(i.SK, linkSK), Account: porting.AccountID(i.Account), To: i.To,
		Renewals: i.Renewals, Created: i.Created.time(), Expires: i.Expires.time(), Revoked: i.Revoked.time(),
		Return: i.Return, Language: porting.Language(i.Language), Code: link.Code{Nonce: i.Code.Nonce, Sent: i.Code.Sent.time(), Wrong: i.Code.Wrong},
		Session: link.Session{Until: i.Session.Until.time()}, Version: i.Version}
	if r := i.Reminded; r != nil {
		l.Reminded = link.Reminded{Times: r.Times, First: r.First.time(), Last: r.Last.time()}
	}
	copy(l.Hash[:], i.Hash)
	copy(l.Session.Hash[:], i.Session.Hash)
	for _, v := range i.Scope {
		l.Scope = append(l.Scope, link.Verb(v))
	}
	return l
}

// Link reads one link of an order.
func (s *Store) Link(ctx context.Context, order porting.OrderID, id string) (link.Link, error) {
	var i linkItem
	ok, err := s.get(ctx, linkKey(order, id).String(), &i)
	if err == nil && !ok {
		err = link.ErrNoLink
	}
	if err != nil {
		return link.Link{}, err
	}
	return i.link(), nil
}

// Links reads all links of an order, in the order of their ids.
func (s *Store) Links(ctx context.Context, order porting.OrderID) ([]link.Link, error) {
	var all []link.Link
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :link)"),
		ExpressionAttributeValues: item{":pk": text(linkKey(order, "").PK), ":link": text(linkSK)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var l linkItem
		if err := unmarshal(i, &l); err != nil {
			return err
		}
		all = append(all, l.link())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the links of order %s: %w", order, err)
	}
	return all, nil
}

// SaveLink writes a link, on the condition that its version in the table is the one before.
func (s *Store) SaveLink(ctx context.Context, l link.Link, r *orders.Receipt) error {
	w := &writes{table: s.table}
	condition, values := isNew, item(nil)
	if l.Version > 1 {
		condition, values = "version = :before", item{":before": number(l.Version - 1)}
	}
	w.put(linkItemOf(l), condition, values,
		means(porting.Errorf(porting.Stale, "The link has changed in between; read it again.")))
	w.receipt(r)
	return s.run(ctx, w)
}
