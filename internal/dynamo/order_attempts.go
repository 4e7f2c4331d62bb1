package dynamo

import (
	"strings"

	"portway/internal/porting"
)

// tryItem is an attempt: something that was asked of a peer.
type tryItem struct {
	key
	Kind     string      `dynamodbav:"kind"`
	Peer     string      `dynamodbav:"peer"`
	PON      string      `dynamodbav:"pon"`
	Version  int         `dynamodbav:"version"`
	Sup      int         `dynamodbav:"sup,omitempty"`
	Ref      string      `dynamodbav:"ref,omitempty"`
	Planned  stamp       `dynamodbav:"planned,omitempty"`
	Asked    string      `dynamodbav:"asked,omitempty"`
	AskedFor string      `dynamodbav:"asked_for,omitempty"`
	Time     string      `dynamodbav:"asked_time,omitempty"`
	Leased   stamp       `dynamodbav:"leased,omitempty"`
	Digest   string      `dynamodbav:"digest_sealed,omitempty"`
	Sent     stamp       `dynamodbav:"sent,omitempty"`
	Seen     stamp       `dynamodbav:"seen,omitempty"`
	Reads    int         `dynamodbav:"reads,omitempty"`
	Supplied bool        `dynamodbav:"supplied,omitempty"`
	State    string      `dynamodbav:"state,omitempty"`
	Said     string      `dynamodbav:"said,omitempty"`
	Answered stamp       `dynamodbav:"answered,omitempty"`
	Record   *recordItem `dynamodbav:"record,omitempty"`
}

// recordItem is a CSR. Its account number is a ciphertext.
type recordItem struct {
	Name          string `dynamodbav:"name,omitempty"`
	Street        string `dynamodbav:"street,omitempty"`
	City          string `dynamodbav:"city,omitempty"`
	State         string `dynamodbav:"state,omitempty"`
	Zip           string `dynamodbav:"zip,omitempty"`
	AccountNumber string `dynamodbav:"account_number_sealed,omitempty"`
	BTN           string `dynamodbav:"btn,omitempty"`
	Numbers       string `dynamodbav:"numbers,omitempty"` // one a line
}

// tryOf makes the item of an attempt whose secrets are sealed.
func tryOf(id porting.OrderID, n int, a porting.Attempt) tryItem {
	t := tryItem{
		key: tryKey(id, n), Kind: string(a.Kind), Peer: a.Peer, PON: string(a.PON), Version: a.Version, Sup: int(a.Sup),
		Ref: a.Ref, Planned: stampOf(a.Planned), Asked: string(a.Asked), AskedFor: string(a.AskedFor), Time: string(a.AskedTime), Leased: stampOf(a.Leased), Digest: a.Digest.Sealed(),
		Sent: stampOf(a.Sent), Seen: stampOf(a.Seen), Reads: a.Reads, Supplied: a.Supplied, State: string(a.State), Said: a.Said,
		Answered: stampOf(a.Answered),
	}
	r := a.Record
	rec := recordItem{Name: r.Name, Street: r.Street, City: r.City, State: r.State, Zip: r.Zip, BTN: r.BTN,
		AccountNumber: r.AccountNumber.Sealed(), Numbers: strings.Join(r.Numbers, "\n")}
	if rec != (recordItem{}) {
		t.Record = &rec
	}
	return t
}

// same says that the two items are alike, so that there is nothing to write.
func (t tryItem) same(old tryItem) bool {
	rec, oldRec := recordItem{}, recordItem{}
	if t.Record != nil {
		rec = *t.Record
	}
	if old.Record != nil {
		oldRec = *old.Record
	}
	t.Record, old.Record = nil, nil
	return t == old && rec == oldRec
}

// attempt reads the attempt.
func (t tryItem) attempt() porting.Attempt {
	a := porting.Attempt{
		Kind: porting.AttemptKind(t.Kind), Peer: t.Peer, PON: porting.PON(t.PON), Version: t.Version,
		Sup: porting.Sup(t.Sup), Ref: t.Ref, Planned: t.Planned.time(), Asked: porting.Date(t.Asked), AskedFor: porting.AskedFor(t.AskedFor), AskedTime: porting.Clock(t.Time), Leased: t.Leased.time(),
		Digest: porting.SealedSecret(t.Digest), Sent: t.Sent.time(), Seen: t.Seen.time(), Reads: t.Reads, Supplied: t.Supplied,
		State: porting.AnswerState(t.State), Said: t.Said, Answered: t.Answered.time(),
	}
	if r := t.Record; r != nil {
		a.Record = porting.Record{Name: r.Name, Street: r.Street, City: r.City, State: r.State, Zip: r.Zip,
			AccountNumber: porting.SealedSecret(r.AccountNumber), BTN: r.BTN}
		if r.Numbers != "" {
			a.Record.Numbers = strings.Split(r.Numbers, "\n")
		}
	}
	return a
}

// tries writes the attempts that differ. No command takes an attempt off an order.
func (w *writes) tries(before, after porting.Order) {
	for n, t := range triesOf(after) {
		if n >= len(before.Attempts) || !t.same(tryOf(after.ID, n, before.Attempts[n])) {
			w.put(t, "", nil, nil)
		}
	}
}
