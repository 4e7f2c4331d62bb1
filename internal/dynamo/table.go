package dynamo

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// This file is the wire of the table: its keys, and each kind of item as it is written, save the heads of orders and the items of
// accounts, which have files of their own.

// The indexes. List holds the heads by account and id; due is sparse, keys only, and is what sweeps and the staff queue read;
// feed holds what is told of events, by account and place, and not what is still to follow from them, which would be written
// there too each time it changes.
const (
	listIndex = "list"
	dueIndex  = "due"
	feedIndex = "feed"
)

// key is an item's primary key.
type key struct {
	PK string `dynamodbav:"pk"`
	SK string `dynamodbav:"sk"`
}

func (k key) av() item {
	return item{"pk": &types.AttributeValueMemberS{Value: k.PK}, "sk": &types.AttributeValueMemberS{Value: k.SK}}
}

func (k key) String() string { return k.PK + "|" + k.SK }

type item = map[string]types.AttributeValue

// The sort keys of an order's items sort as COPY# < DOC# < DUE# < EVENT# < MAIL# < NUMBERS# < ORDER < TRY#, so that Load reads one
// range. What grows with time stands before it.
const (
	fromNumbers = "NUMBERS#"
	fromEvents  = "EVENT#"
	eventsEnd   = "EVENT$" // $ follows #
	orderSK     = "ORDER"
)

func orderKey(id porting.OrderID, sk string) key { return key{"O#" + string(id), sk} }
func headKey(id porting.OrderID) key             { return orderKey(id, orderSK) }
func chunkKey(id porting.OrderID, n int) key     { return orderKey(id, fmt.Sprintf("NUMBERS#%03d", n)) }
func tryKey(id porting.OrderID, n int) key       { return orderKey(id, fmt.Sprintf("TRY#%04d", n)) }
func eventKey(id porting.OrderID, version int64, n int) key {
	return orderKey(id, fmt.Sprintf("EVENT#%010d.%d", version, n))
}
func dueKey(id porting.OrderID, kind orders.DueKind) key { return orderKey(id, "DUE#"+string(kind)) }
func holdKey(claim string) key                           { return key{"TN#" + claim, "CLAIM"} }
func groupKey(id porting.GroupID) key                    { return key{"G#" + string(id), "GROUP"} }
func intakeKey(id porting.GroupID) key                   { return key{"G#" + string(id), "INTAKE"} }
func accountKey(id porting.AccountID) key                { return key{"A#" + string(id), "ACCOUNT"} }
func accessKey(access string) key                        { return key{"K#" + access, "KEY"} }

// An account's items sort as ACCESS#<access key> < ACCOUNT < LEDGER#<time>#<what> < ONCE#<what> < PRESET#<kind>#<id>, so that
// the account with its keys is one range, and the ledger one in the order of time. What makes a line of the ledger happen once
// is an item beside it: the same thing tried later has another time.
const fromAccess = "ACCESS#"

func accountSK(id porting.AccountID, sk string) key { return key{accountKey(id).PK, sk} }
func listedKey(id porting.AccountID, access string) key {
	return accountSK(id, fromAccess+access)
}
func ledgerKey(id porting.AccountID, at time.Time, what string) key {
	return accountSK(id, "LEDGER#"+string(stampOf(at))+"#"+what)
}
func onceKey(id porting.AccountID, what string) key { return accountSK(id, "ONCE#"+what) }
func presetKey(id porting.AccountID, ref account.Ref) key {
	return accountSK(id, "PRESET#"+string(ref.Kind)+"#"+padded(porting.OrderID(ref.ID)))
}

// receiptKey is unambiguous whatever the key: no account's id has a # in it.
func receiptKey(id porting.AccountID, idempotency string) key {
	return key{"I#" + string(id) + "#" + idempotency, "KEY"}
}

// parseKey reads a key as text, as in orders.Due.Key.
func parseKey(text string) (key, bool) {
	pk, sk, ok := strings.Cut(text, "|")
	return key{pk, sk}, ok
}

// order is the order that an item belongs to; empty when it is another's.
func (k key) order() porting.OrderID {
	id, ok := strings.CutPrefix(k.PK, "O#")
	if !ok {
		return ""
	}
	return porting.OrderID(id)
}

// idWidth is the length of the longest id, 2^53: padded to it, the order of text is the order of numbers.
const idWidth = 16

func padded(id porting.OrderID) string {
	return strings.Repeat("0", max(0, idWidth-len(id))) + string(id)
}

// shards is over how many partitions each kind of due date is spread: one takes 1,000 writes a second.
const shards = 4

func shard(kind orders.DueKind, pk string) string {
	h := fnv.New32a()
	h.Write([]byte(pk)) // never fails
	return shardOf(kind, int(h.Sum32()%shards))
}

func shardOf(kind orders.DueKind, n int) string { return string(kind) + "#" + strconv.Itoa(n) }

// stamp is an instant as text of fixed width, so that the order of text is the order of time; empty for the zero time.
type stamp string

const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stampOf(t time.Time) stamp {
	if t.IsZero() {
		return ""
	}
	return stamp(t.UTC().Format(stampLayout))
}

// time is the instant; zero for what is no stamp, which only a hand in the table can have written.
func (s stamp) time() time.Time {
	t, err := time.Parse(stampLayout, string(s))
	if err != nil {
		return time.Time{}
	}
	return t
}

// chunkItem holds numbers as text, one a line: the number, its state where it has one, the reason where it has one.
type chunkItem struct {
	key
	Numbers string `dynamodbav:"numbers"`
	// Intake names the large create call that wrote the chunk, which alone may take it back.
	Intake string `dynamodbav:"intake,omitempty"`
}

// chunksOf are the texts of an order's chunks.
func chunksOf(numbers []porting.Number) []string {
	var texts []string
	for part := range slices.Chunk(numbers, chunkSize) {
		lines := make([]string, 0, len(part))
		for _, n := range part {
			line := n.TN
			if n.State != "" {
				line += " " + string(n.State)
			}
			if n.Reason != "" {
				line += " " + string(n.Reason)
			}
			lines = append(lines, line)
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return texts
}

func (c chunkItem) list() []porting.Number {
	lines := strings.Split(c.Numbers, "\n")
	numbers := make([]porting.Number, 0, len(lines))
	for _, line := range lines {
		words := append(strings.Split(line, " "), "", "")
		numbers = append(numbers, porting.Number{TN: words[0], State: porting.NumberState(words[1]), Reason: porting.ReasonCode(words[2])})
	}
	return numbers
}

// tryItem is an attempt.
type tryItem struct {
	key
	Kind     string      `dynamodbav:"kind"`
	Peer     string      `dynamodbav:"peer"`
	PON      string      `dynamodbav:"pon"`
	Version  int         `dynamodbav:"version"`
	Sup      int         `dynamodbav:"sup,omitempty"`
	Ref      string      `dynamodbav:"ref,omitempty"`
	Planned  stamp       `dynamodbav:"planned,omitempty"`
	Sent     stamp       `dynamodbav:"sent,omitempty"`
	Reads    int         `dynamodbav:"reads,omitempty"`
	State    string      `dynamodbav:"state,omitempty"`
	Said     string      `dynamodbav:"said,omitempty"`
	Answered stamp       `dynamodbav:"answered,omitempty"`
	Record   *recordItem `dynamodbav:"record,omitempty"`
}

// recordItem is a CSR; its account number is a ciphertext.
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

// tryOf is an attempt whose secret is sealed.
func tryOf(id porting.OrderID, n int, a porting.Attempt) tryItem {
	t := tryItem{
		key: tryKey(id, n), Kind: string(a.Kind), Peer: a.Peer, PON: string(a.PON), Version: a.Version, Sup: int(a.Sup), Ref: a.Ref,
		Planned: stampOf(a.Planned), Sent: stampOf(a.Sent), Reads: a.Reads, State: string(a.State), Said: a.Said, Answered: stampOf(a.Answered),
	}
	r := a.Record
	rec := recordItem{r.Name, r.Street, r.City, r.State, r.Zip, r.AccountNumber.Sealed(), r.BTN, strings.Join(r.Numbers, "\n")}
	if rec != (recordItem{}) {
		t.Record = &rec
	}
	return t
}

// same says that nothing of the attempt would be written anew.
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

func (t tryItem) attempt() porting.Attempt {
	a := porting.Attempt{
		Kind: porting.AttemptKind(t.Kind), Peer: t.Peer, PON: porting.PON(t.PON), Version: t.Version, Sup: porting.Sup(t.Sup), Ref: t.Ref,
		Planned: t.Planned.time(), Sent: t.Sent.time(), Reads: t.Reads, State: porting.AnswerState(t.State), Said: t.Said,
		Answered: t.Answered.time(),
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

// due is what makes an item fall due: its place in the due index, and what became of it so far.
type due struct {
	Shard string `dynamodbav:"due_shard,omitempty"`
	At    stamp  `dynamodbav:"due_at,omitempty"`
	Tries int    `dynamodbav:"tries,omitempty"`
	// Why is the reason of what staff are asked, or of what was parked.
	Why string `dynamodbav:"why,omitempty"`
}

func dueAt(kind orders.DueKind, k key, at time.Time) due {
	return due{Shard: shard(kind, k.PK), At: stampOf(at)}
}

// kind is the kind that the item now is among.
func (d due) kind() orders.DueKind {
	kind, _, _ := strings.Cut(d.Shard, "#")
	return orders.DueKind(kind)
}

// dueItem is a due date of an order.
type dueItem struct {
	key
	due
}

func (i dueItem) value() orders.Due {
	return orders.Due{Kind: i.kind(), Key: i.key.String(), Order: i.key.order(), At: i.At.time(), Tries: i.Tries}
}

// eventItem is an event; todo are the effects that have not followed yet.
type eventItem struct {
	key
	due
	Place     string       `dynamodbav:"feed_at,omitempty"`
	Group     string       `dynamodbav:"group,omitempty"`
	Account   string       `dynamodbav:"account,omitempty"`
	Version   int64        `dynamodbav:"version"`
	N         int          `dynamodbav:"n"`
	Kind      string       `dynamodbav:"kind"`
	Happened  stamp        `dynamodbav:"happened"`
	Role      string       `dynamodbav:"role"`
	Name      string       `dynamodbav:"name,omitempty"`
	Before    string       `dynamodbav:"before,omitempty"`
	Status    string       `dynamodbav:"status"`
	Text      string       `dynamodbav:"text,omitempty"`
	Comment   bool         `dynamodbav:"comment,omitempty"`
	Reasons   []reasonItem `dynamodbav:"reasons,omitempty"`
	FOC       string       `dynamodbav:"foc,omitempty"`
	Charge    int64        `dynamodbav:"charge_cents,omitempty"`
	Ends      stamp        `dynamodbav:"ends,omitempty"`
	Paper     string       `dynamodbav:"paper,omitempty"`
	StatusURL string       `dynamodbav:"status_url,omitempty"`
	Todo      []string     `dynamodbav:"todo,stringset,omitempty"`
	// Tally is by the names of the fields: it is read by us alone. Counted says that the score has it.
	Tally   *porting.Tally `dynamodbav:"tally,omitempty"`
	Counted bool           `dynamodbav:"counted,omitempty"`
}

func eventOf(e porting.Event, redeliver time.Time) eventItem {
	i := eventItem{
		key: eventKey(e.Order, e.Version, e.N), Place: string(orders.PlaceOf(e, redeliver)), Group: string(e.Group), Account: string(e.Account), Version: e.Version, N: e.N,
		Kind: string(e.Kind), Happened: stampOf(e.At), Role: string(e.By.Role), Name: e.By.Name, Before: string(e.Before),
		Status: string(e.Status), Text: e.Text, Comment: e.Comment, Reasons: reasonsOf(e.Reasons), FOC: string(e.FOC),
		Charge: int64(e.Charge), Ends: stampOf(e.Ends), Paper: e.Paper, StatusURL: e.StatusURL,
	}
	for _, effect := range e.Effects {
		i.Todo = append(i.Todo, string(effect))
	}
	if e.Tally != (porting.Tally{}) {
		i.Tally = &e.Tally
	}
	if len(i.Todo) > 0 {
		i.due = dueAt(orders.DueEvent, i.key, redeliver)
	}
	return i
}

// effectOrder is the order in which effects are done; a set has none.
var effectOrder = []porting.Effect{
	porting.ResumeWait, porting.StartDriver, porting.SendMail, porting.SendWebhook, porting.WithdrawRequest, porting.ReleaseNumbers,
	porting.KeepScore, porting.FileLOA, porting.PullDocuments,
}

func (i eventItem) event() porting.Event {
	e := porting.Event{
		Order: i.key.order(), Group: porting.GroupID(i.Group), Account: porting.AccountID(i.Account), Version: i.Version, N: i.N,
		Kind: porting.EventKind(i.Kind), At: i.Happened.time(), By: porting.By{Role: porting.Role(i.Role), Name: i.Name},
		Before: porting.Status(i.Before), Status: porting.Status(i.Status), Text: i.Text, Comment: i.Comment,
		Reasons: reasonsFrom(i.Reasons), FOC: porting.Date(i.FOC), Charge: porting.Money(i.Charge), Ends: i.Ends.time(), Paper: i.Paper, StatusURL: i.StatusURL,
	}
	if i.Tally != nil {
		e.Tally = *i.Tally
	}
	for _, effect := range i.Todo {
		e.Effects = append(e.Effects, porting.Effect(effect))
	}
	slices.SortFunc(e.Effects, func(a, b porting.Effect) int {
		return slices.Index(effectOrder, a) - slices.Index(effectOrder, b)
	})
	return e
}

// holdItem is a number on a live order, and the orders that had it before.
type holdItem struct {
	key
	Holder  string     `dynamodbav:"holder,omitempty"`  // the order that has it
	Account string     `dynamodbav:"account,omitempty"` // the holder's
	Past    []pastItem `dynamodbav:"past,omitempty"`
}

type pastItem struct {
	Account string `dynamodbav:"account"`
	Order   string `dynamodbav:"order"`
}

// pastLimit is how many past orders a number remembers; the list's filter by number finds no older ones.
const pastLimit = 20

// groupItem is the orders of one create call.
type groupItem struct {
	key
	Account string   `dynamodbav:"account"`
	Created stamp    `dynamodbav:"created"`
	Orders  []string `dynamodbav:"orders"`
}

func groupOf(g porting.Group) groupItem {
	i := groupItem{key: groupKey(g.ID), Account: string(g.Account), Created: stampOf(g.Created)}
	for _, id := range g.Orders {
		i.Orders = append(i.Orders, string(id))
	}
	return i
}

// intakeItem is a large create call under way. Its numbers stand in the chunks, which are written before they are claimed.
type intakeItem struct {
	key
	due
	Orders  []string `dynamodbav:"orders"`
	Sandbox string   `dynamodbav:"sandbox,omitempty"` // whose claims they take, where it is one
	Undoing bool     `dynamodbav:"undoing,omitempty"`
}
