package dynamo

import "portway/internal/porting"

// objectionItem is our objection to a carrier's refusal.
type objectionItem struct {
	State    string   `dynamodbav:"state"`
	Class    string   `dynamodbav:"class"`
	Reasons  []string `dynamodbav:"reasons"`
	PON      string   `dynamodbav:"pon"`
	Version  int      `dynamodbav:"version,omitempty"`
	Opened   stamp    `dynamodbav:"opened"`
	Owner    string   `dynamodbav:"owner,omitempty"`
	Step     string   `dynamodbav:"step,omitempty"`
	Asked    stamp    `dynamodbav:"asked,omitempty"`
	Ends     stamp    `dynamodbav:"ends,omitempty"`
	Sent     stamp    `dynamodbav:"sent,omitempty"`
	Outcome  string   `dynamodbav:"outcome,omitempty"`
	Ended    stamp    `dynamodbav:"ended,omitempty"`
	Pack     string   `dynamodbav:"pack,omitempty"`
	PackSize int64    `dynamodbav:"pack_size,omitempty"`
}

func objectionOf(b porting.Objection) *objectionItem {
	if b.State == porting.NoObjection {
		return nil
	}
	i := &objectionItem{State: string(b.State), Class: string(b.Class), PON: string(b.PON), Version: b.Version,
		Opened: stampOf(b.Opened), Owner: b.Owner, Step: string(b.Step), Asked: stampOf(b.Asked), Ends: stampOf(b.Ends),
		Sent: stampOf(b.Sent), Outcome: string(b.Outcome), Ended: stampOf(b.Ended), Pack: b.Pack, PackSize: b.PackSize}
	for _, code := range b.Reasons {
		i.Reasons = append(i.Reasons, string(code))
	}
	return i
}

func (i *objectionItem) objection() porting.Objection {
	if i == nil {
		return porting.Objection{}
	}
	b := porting.Objection{State: porting.ObjectionState(i.State), Class: porting.Class(i.Class), PON: porting.PON(i.PON),
		Version: i.Version, Opened: i.Opened.time(), Owner: i.Owner, Step: porting.Step(i.Step), Asked: i.Asked.time(),
		Ends: i.Ends.time(), Sent: i.Sent.time(), Outcome: porting.ObjectionOutcome(i.Outcome), Ended: i.Ended.time(),
		Pack: i.Pack, PackSize: i.PackSize}
	for _, code := range i.Reasons {
		b.Reasons = append(b.Reasons, porting.ReasonCode(code))
	}
	return b
}
