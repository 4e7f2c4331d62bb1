package dynamo

import "portway/internal/porting"

// changeItem is a change that was asked for, in the head of its order. Its number is its place in the list.
type changeItem struct {
	Kind    string            `dynamodbav:"kind"`
	State   string            `dynamodbav:"state"`
	By      string            `dynamodbav:"by"`
	At      stamp             `dynamodbav:"at"`
	Ended   stamp             `dynamodbav:"ended,omitempty"`
	Date    string            `dynamodbav:"date,omitempty"`
	From    string            `dynamodbav:"from,omitempty"`
	Numbers []string          `dynamodbav:"numbers,omitempty"`
	Fields  []string          `dynamodbav:"fields,omitempty"`
	Was     map[string]string `dynamodbav:"was,omitempty"` // details by wire name, secrets as ciphertexts
	Reason  string            `dynamodbav:"reason,omitempty"`
	Fee     int64             `dynamodbav:"fee_cents,omitempty"`
	Outcome *messageItem      `dynamodbav:"outcome,omitempty"`
}

func changesOf(all []porting.AskedChange) []changeItem {
	var items []changeItem
	for _, ch := range all {
		i := changeItem{
			Kind: string(ch.Kind), State: string(ch.State), By: string(ch.By), At: stampOf(ch.At), Ended: stampOf(ch.Ended),
			Date: string(ch.Date), From: string(ch.From), Numbers: ch.Numbers, Fields: ch.Fields, Reason: string(ch.Reason),
			Fee: int64(ch.Fee), Outcome: messageOf(ch.Outcome),
		}
		if was := valuesOf(ch.Was); len(was) > 0 {
			i.Was = was
		}
		items = append(items, i)
	}
	return items
}

func changesFrom(items []changeItem) []porting.AskedChange {
	var all []porting.AskedChange
	for _, i := range items {
		all = append(all, porting.AskedChange{
			Kind: porting.WishKind(i.Kind), State: porting.ChangeState(i.State), By: porting.Role(i.By), At: i.At.time(),
			Ended: i.Ended.time(), Date: porting.Date(i.Date), From: porting.Date(i.From), Numbers: i.Numbers, Fields: i.Fields,
			Was: restored(i.Was), Reason: porting.ExpediteReason(i.Reason), Fee: porting.Money(i.Fee), Outcome: i.Outcome.message(),
		})
	}
	return all
}
