package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Presets reads the records of a kind in the order of their ids.
func (s *Store) Presets(ctx context.Context, id porting.AccountID, kind account.PresetKind, after string,
	limit int) ([]account.Preset, error) {
	prefix := "PRESET#" + string(kind) + "#"
	from := prefix
	if after != "" {
		from = presetKey(id, account.Ref{Kind: kind, ID: after}).SK + " " // sorts just after it
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

// FindPresets reads the records of refs that exist.
func (s *Store) FindPresets(ctx context.Context, id porting.AccountID,
	refs []account.Ref) (map[account.Ref]account.Preset, error) {
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

// JudgePreset writes a record that was approved or rejected.
func (s *Store) JudgePreset(ctx context.Context, p account.Preset) error {
	w := &writes{table: s.table}
	w.put(presetOf(p), "attribute_exists(pk)", nil, means(account.ErrNoPreset))
	return s.run(ctx, w)
}

// RemovePreset removes a record.
func (s *Store) RemovePreset(ctx context.Context, id porting.AccountID, ref account.Ref, r *orders.Receipt) error {
	w := &writes{table: s.table}
	w.delete(presetKey(id, ref), "attribute_exists(pk)", nil, means(account.ErrNoPreset))
	w.receipt(r)
	return s.run(ctx, w)
}

// PresetUsers finds live orders that refer to a record. It reads the index of the account's orders, then the heads of
// the live ones.
func (s *Store) PresetUsers(ctx context.Context, id porting.AccountID, ref account.Ref,
	limit int) ([]porting.OrderID, error) {
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

// presetItem is a record that presets refer to: a route, an address for emergency calls, or a caller name.
type presetItem struct {
	key
	Kind     string            `dynamodbav:"kind"`
	Preset   string            `dynamodbav:"preset"`
	Fields   map[string]string `dynamodbav:"fields"`
	Created  stamp             `dynamodbav:"created"`
	Approved stamp             `dynamodbav:"approved,omitempty"`
	Rejected string            `dynamodbav:"rejected,omitempty"`
}

func presetOf(p account.Preset) presetItem {
	return presetItem{key: presetKey(p.Account, p.Ref), Kind: string(p.Kind), Preset: p.ID,
		Fields: maps.Clone(p.Fields), Created: stampOf(p.Created), Approved: stampOf(p.Approved), Rejected: p.Rejected}
}

func (i presetItem) value() account.Preset {
	return account.Preset{Ref: account.Ref{Kind: account.PresetKind(i.Kind), ID: i.Preset},
		Account: porting.AccountID(strings.TrimPrefix(i.PK, "A#")), Fields: i.Fields, Created: i.Created.time(),
		Approved: i.Approved.time(), Rejected: i.Rejected}
}
