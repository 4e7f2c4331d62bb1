package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

var errNoAccount = &porting.Error{Code: porting.NotFound, Message: "No such account"}

// Account reads an account.
func (s *Store) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	var i accountItem
	ok, err := s.get(ctx, accountKey(id).String(), &i)
	if err != nil {
		return account.Account{}, err
	}
	if !ok {
		return account.Account{}, errNoAccount
	}
	return i.value(), nil
}

// OpenAccount writes a new account.
func (s *Store) OpenAccount(ctx context.Context, a account.Account) error {
	return s.putNew(ctx, accountItem{key: accountKey(a.ID), Name: a.Name, Mail: a.Mail, Kind: string(a.Kind),
		Balance: int64(a.Balance), Created: stampOf(a.Created), Contacts: contactsOf(a.Contacts), Version: a.Version}, "The account is there already.")
}

// Deposit adds to a balance, once for each reference.
func (s *Store) Deposit(ctx context.Context, id porting.AccountID, amount porting.Money, reference string, at time.Time) error {
	w := &writes{table: s.table}
	w.update(accountKey(id), "SET balance_cents = balance_cents + :amount", "attribute_exists(pk)",
		item{":amount": number(int64(amount))}, means(errNoAccount))
	w.ledger(id, "deposit#"+reference, ledgerItem{Kind: string(account.DepositLine), Amount: int64(amount), Reference: reference, At: stampOf(at)},
		means(&porting.Error{Code: porting.Settled, Message: "The deposit was made already."}))
	return s.run(ctx, w)
}

// Ledger reads the changes of a balance, newest first.
func (s *Store) Ledger(ctx context.Context, id porting.AccountID, before string, limit int) ([]account.Line, error) {
	const from = "LEDGER#"
	to := from + "~" // behind every time
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

// Key reads an access key.
func (s *Store) Key(ctx context.Context, access string) (account.Key, error) {
	var i keyItem
	ok, err := s.get(ctx, accessKey(access).String(), &i)
	if err != nil {
		return account.Key{}, err
	}
	k := i.value()
	k.Access = access
	if !ok || copy(k.Hash[:], i.Hash) != len(k.Hash) {
		return account.Key{}, &porting.Error{Code: porting.NotFound, Message: "No such access key"}
	}
	return k, nil
}

// AddKey writes a new access key, where the gateway's question finds it and where its account does.
func (s *Store) AddKey(ctx context.Context, k account.Key) error {
	w := &writes{table: s.table}
	w.newKey(k)
	return s.run(ctx, w)
}

func (w *writes) newKey(k account.Key) {
	i := keyOf(k)
	i.Hash = k.Hash[:]
	w.put(i, isNew, nil, means(&porting.Error{Code: porting.Settled, Message: "The access key is there already."}))
	listed := keyOf(k)
	listed.key = listedKey(k.Account, k.Access)
	w.put(listed, "", nil, nil)
}

// Keys reads an account with its keys, the oldest first.
func (s *Store) Keys(ctx context.Context, id porting.AccountID) (account.Account, []account.Key, error) {
	var a account.Account
	var keys []account.Key
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": text(accountKey(id).PK), ":from": text(fromAccess), ":to": text(accountKey(id).SK)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		if textOf(i["sk"]) == accountKey(id).SK {
			var head accountItem
			err := unmarshal(i, &head)
			a = head.value()
			return err
		}
		var k keyItem
		err := unmarshal(i, &k)
		keys = append(keys, k.value())
		return err
	})
	if err != nil {
		return a, nil, fmt.Errorf("read account %s: %w", id, err)
	}
	if a.ID == "" {
		return a, nil, errNoAccount
	}
	slices.SortStableFunc(keys, func(a, b account.Key) int { return a.Created.Compare(b.Created) })
	return a, keys, nil
}

var errStaleAccount = &porting.Error{Code: porting.Stale, Message: "The account has changed in between; read it again."}

// Amend writes a change of an account's settings. The balance is no setting: it is left to the charges, which may be at it.
func (s *Store) Amend(ctx context.Context, c account.Change) error {
	a := c.After
	contacts, err := attributevalue.Marshal(contactsOf(a.Contacts))
	if err != nil {
		return err
	}
	w := &writes{table: s.table}
	condition := "version = :before"
	if c.Before.Version == 0 { // before accounts had versions
		condition = "attribute_exists(pk) AND (attribute_not_exists(version) OR version = :before)"
	}
	w.update(accountKey(a.ID), "SET version = :after, contacts = :contacts, mail = :mail", condition,
		item{":before": number(c.Before.Version), ":after": number(a.Version), ":contacts": contacts, ":mail": text(a.Mail)}, means(errStaleAccount))
	for _, k := range c.Add {
		w.newKey(k)
	}
	for _, k := range c.Update {
		for _, at := range []key{accessKey(k.Access), listedKey(a.ID, k.Access)} {
			w.update(at, "SET expires = :expires", "attribute_exists(pk)", item{":expires": text(string(stampOf(k.Expires)))}, means(errStaleAccount))
		}
	}
	for _, access := range c.Remove {
		w.delete(accessKey(access), "", nil, nil)
		w.delete(listedKey(a.ID, access), "", nil, nil)
	}
	w.receipt(c.Receipt)
	return s.run(ctx, w)
}

// Presets reads the records of a kind in the order of their ids.
func (s *Store) Presets(ctx context.Context, id porting.AccountID, kind account.PresetKind, after string, limit int) ([]account.Preset, error) {
	prefix := "PRESET#" + string(kind) + "#"
	from := prefix
	if after != "" {
		from = presetKey(id, account.Ref{Kind: kind, ID: after}).SK + " " // behind it
	}
	var all []account.Preset
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": text(accountKey(id).PK), ":from": text(from), ":to": text(prefix + "~")},
		ConsistentRead:            aws.Bool(true), Limit: aws.Int32(int32(limit)),
	}, func(i item) error {
		var p presetItem
		if err := unmarshal(i, &p); err != nil {
			return err
		}
		if all = append(all, p.value()); len(all) >= limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the %s records of %s: %w", kind, id, err)
	}
	return all, nil
}

// FindPresets reads those of the records that there are.
func (s *Store) FindPresets(ctx context.Context, id porting.AccountID, refs []account.Ref) (map[account.Ref]account.Preset, error) {
	var keys []key
	for _, ref := range refs {
		keys = append(keys, presetKey(id, ref))
	}
	found := map[account.Ref]account.Preset{}
	return found, s.batchGet(ctx, keys, true, func(i item) error {
		var p presetItem
		if err := unmarshal(i, &p); err != nil {
			return err
		}
		found[p.value().Ref] = p.value()
		return nil
	})
}

// AddPreset writes a new record.
func (s *Store) AddPreset(ctx context.Context, p account.Preset, r *orders.Receipt) error {
	w := &writes{table: s.table}
	w.put(presetOf(p), isNew, nil, means(errInUse))
	w.receipt(r)
	return s.run(ctx, w)
}

// JudgePreset writes what was decided on a record.
func (s *Store) JudgePreset(ctx context.Context, p account.Preset) error {
	w := &writes{table: s.table}
	w.put(presetOf(p), "attribute_exists(pk)", nil, means(account.ErrNoPreset))
	return s.run(ctx, w)
}

// RemovePreset ends a record.
func (s *Store) RemovePreset(ctx context.Context, id porting.AccountID, ref account.Ref, r *orders.Receipt) error {
	w := &writes{table: s.table}
	w.delete(presetKey(id, ref), "attribute_exists(pk)", nil, means(account.ErrNoPreset))
	w.receipt(r)
	return s.run(ctx, w)
}

// PresetUsers finds live orders that refer to a record: by the index of the account's orders, and the heads of the live ones.
func (s *Store) PresetUsers(ctx context.Context, id porting.AccountID, ref account.Ref, limit int) ([]porting.OrderID, error) {
	var keys []key
	err := s.query(ctx, &dynamodb.QueryInput{
		IndexName:                 aws.String(listIndex),
		KeyConditionExpression:    aws.String("account = :account"),
		ExpressionAttributeValues: item{":account": text(string(id))},
		ScanIndexForward:          aws.Bool(false),
	}, func(i item) error {
		var h headItem
		err := unmarshal(i, &h)
		if porting.Status(h.Status).Live() {
			keys = append(keys, h.key)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list orders of %s: %w", id, err)
	}
	var users []porting.OrderID
	err = s.batchGet(ctx, keys, false, func(i item) error {
		var h headItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		if o := h.order(); o.Status.Live() && account.Refers(o.Presets, ref) {
			users = append(users, o.ID)
		}
		return nil
	})
	slices.SortFunc(users, func(a, b porting.OrderID) int { return strings.Compare(padded(a), padded(b)) })
	return users[:min(limit, len(users))], err
}

func (s *Store) putNew(ctx context.Context, v any, there string) error {
	i, err := marshal(v)
	if err != nil {
		return err
	}
	_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: i, ConditionExpression: aws.String(isNew)})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return &porting.Error{Code: porting.Settled, Message: there}
	}
	if err != nil {
		return fmt.Errorf("write %s|%s: %w", textOf(i["pk"]), textOf(i["sk"]), err)
	}
	return nil
}
