package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/porting"
)

// charge takes the fee of an event from the balance, once: a fee has one line in the ledger, also where another order has
// paid all of it. The balance has to cover it, except for the fees for ending an order and for a change that the carrier
// has made, which may leave a debt. The play money of a sandbox pays for the sandbox's orders and for nothing else.
func (w *writes) charge(e porting.Event, sandbox bool) {
	if e.Charge == 0 && e.Credit == 0 {
		return
	}
	fee, condition := account.FeeOf(e), "balance_cents >= :amount"
	line := ledgerItem{Kind: string(fee), Amount: -int64(e.Charge), Order: string(e.Order), Reference: account.ReferenceOf(e),
		Change: string(e.ChargeFor), At: stampOf(e.At)}
	w.ledger(e.Account, account.ChargeOf(e), line, oddity("order %s was charged its %s already", e.Order, fee))
	if e.Charge == 0 {
		return
	}
	if account.MayLeaveDebt(e) {
		condition = "attribute_exists(pk)"
	}
	kind := account.KindOf(sandbox)
	condition += " AND kind = :kind"
	w.update(accountKey(e.Account), "SET balance_cents = balance_cents - :amount", condition,
		item{":amount": number(int64(e.Charge)), ":kind": text(string(kind))},
		func(old item) error {
			if old == nil || textOf(old["kind"]) != string(kind) {
				return fmt.Errorf("there is no %s account %s to charge", kind, e.Account)
			}
			return porting.Errorf(porting.NoFunds, "The balance does not cover the fee of $%s.", e.Charge)
		})
}

// Refund gives the refund of an event back to its account, once however often it is called: a refund has one line in the
// ledger for each change of its order.
func (s *Store) Refund(ctx context.Context, e porting.Event) error {
	if e.Refund == 0 {
		return nil
	}
	w := &writes{table: s.table}
	w.update(accountKey(e.Account), "SET balance_cents = balance_cents + :amount", "attribute_exists(pk)",
		item{":amount": number(int64(e.Refund))}, means(errNoAccount))
	line := ledgerItem{Kind: string(account.RefundLine), Amount: int64(e.Refund), Order: string(e.Order), For: string(e.RefundFor),
		At: stampOf(e.At)}
	w.ledger(e.Account, account.RefundOf(e), line, means(porting.Errorf(porting.Settled, "The refund was paid already.")))
	if err := s.run(ctx, w); !porting.Is(err, porting.Settled) {
		return err
	}
	return nil
}

// ledger writes a line of the ledger, once for each change that what names.
func (w *writes) ledger(id porting.AccountID, what string, i ledgerItem, refuse func(item) error) {
	i.key = ledgerKey(id, i.At.time(), what)
	w.put(onceItem{key: onceKey(id, what), Line: i.SK}, isNew, nil, refuse)
	w.put(i, "", nil, nil)
}

// Deposit adds to a balance, once for each reference.
func (s *Store) Deposit(ctx context.Context, id porting.AccountID, amount porting.Money, reference string,
	at time.Time) error {
	w := &writes{table: s.table}
	w.update(accountKey(id), "SET balance_cents = balance_cents + :amount", "attribute_exists(pk)",
		item{":amount": number(int64(amount))}, means(errNoAccount))
	line := ledgerItem{Kind: string(account.DepositLine), Amount: int64(amount), Reference: reference, At: stampOf(at)}
	w.ledger(id, "deposit#"+reference, line, means(porting.Errorf(porting.Settled, "The deposit was made already.")))
	return s.run(ctx, w)
}

// Ledger reads the changes of a balance, newest first.
func (s *Store) Ledger(ctx context.Context, id porting.AccountID, before string, limit int) ([]account.Line, error) {
	const from = "LEDGER#"
	to := from + "~" // sorts after every time
	if before != "" {
		to = from + before
	}
	var all []account.Line
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": text(accountKey(id).PK), ":from": text(from), ":to": text(to)},
		ScanIndexForward:          aws.Bool(false), ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(limit) + 1),
	}, func(i item) error {
		var l ledgerItem
		if err := unmarshal(i, &l); err != nil {
			return err
		}
		if line := l.value(); line.Place != before {
			all = append(all, line)
		}
		if len(all) >= limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the ledger of %s: %w", id, err)
	}
	return all, nil
}

// ledgerItem is one change of a balance.
type ledgerItem struct {
	key
	Kind      string `dynamodbav:"kind"`
	Amount    int64  `dynamodbav:"amount_cents"` // negative for a charge
	Order     string `dynamodbav:"order,omitempty"`
	Reference string `dynamodbav:"reference,omitempty"`
	For       string `dynamodbav:"for,omitempty"`
	Change    string `dynamodbav:"change,omitempty"`
	At        stamp  `dynamodbav:"at"`
}

func (i ledgerItem) value() account.Line {
	return account.Line{Place: strings.TrimPrefix(i.SK, "LEDGER#"), At: i.At.time(), Kind: account.LineKind(i.Kind),
		Amount: porting.Money(i.Amount), Order: porting.OrderID(i.Order), Reference: i.Reference, For: porting.RefundFor(i.For),
		Change: porting.WishKind(i.Change)}
}

// onceItem prevents that a line of the ledger is written a second time.
type onceItem struct {
	key
	Line string `dynamodbav:"line"`
}
