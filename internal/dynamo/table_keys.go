package dynamo

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// The indexes of the table:
//   - list has the heads of orders by account and id.
//   - due has the keys of the items that fall due. Sweeps and the staff's queue read it. It also has the items of the
//     desk's search (package searchrows), which no sweep asks for.
//   - feed has the events by account and place, as far as a feed tells them. The effects that still have to follow are
//     left out, since each change of them would be written to the index too.
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

// String is the key in one text, as orders.Due.Key has it.
func (k key) String() string { return k.PK + "|" + k.SK }

// item is an item of the table, or a part of one, as the SDK has it.
type item = map[string]types.AttributeValue

// An order's items sort as COPY# < DESK# < DOC# < DUE# < EVENT# < FIND# < HOLDING < LINK# < MAIL# < NUMBERS# < ORDER < TRY#. Load reads the one range
// from NUMBERS# on; the items before it grow in number with time.
const (
	fromNumbers = "NUMBERS#"
	fromEvents  = "EVENT#"
	eventsEnd   = "EVENT$" // $ follows #
	orderSK     = "ORDER"
	dueSK       = "DUE#"
)

func orderKey(id porting.OrderID, sk string) key { return key{"O#" + string(id), sk} }
func headKey(id porting.OrderID) key             { return orderKey(id, orderSK) }
func chunkKey(id porting.OrderID, n int) key     { return orderKey(id, fmt.Sprintf("NUMBERS#%03d", n)) }
func tryKey(id porting.OrderID, n int) key       { return orderKey(id, fmt.Sprintf("TRY#%04d", n)) }
func eventKey(id porting.OrderID, version int64, n int) key {
	return orderKey(id, fmt.Sprintf("EVENT#%010d.%d", version, n))
}
func dueKey(id porting.OrderID, kind orders.DueKind) key { return orderKey(id, dueSK+string(kind)) }
func holdKey(hold string) key                            { return key{"TN#" + hold, "CLAIM"} }
func groupKey(id porting.GroupID) key                    { return key{"G#" + string(id), "GROUP"} }
func intakeKey(id porting.GroupID) key                   { return key{"G#" + string(id), "INTAKE"} }
func takingKey(id porting.OrderID) key                   { return orderKey(id, "HOLDING") }
func accountKey(id porting.AccountID) key                { return key{"A#" + string(id), "ACCOUNT"} }
func accessKey(access string) key                        { return key{"K#" + access, "KEY"} }

// fromAccess begins the sort keys of an account's access keys. An account's items sort as ACCESS#<access key> < ACCOUNT
// < HOOK#<endpoint> < LEDGER#<time>#<what> < ONCE#<what> < PRESET#<kind>#<id>
// < UNSIGNED. So an account with its keys is one
// range, and the ledger is another one in the order of time. A line of the ledger is written once because of its ONCE#
// item: the same change, tried again later, has another time.
const fromAccess = "ACCESS#"

func accountSK(id porting.AccountID, sk string) key { return key{accountKey(id).PK, sk} }
func listedKey(id porting.AccountID, access string) key {
	return accountSK(id, fromAccess+access)
}
func ledgerKey(id porting.AccountID, at time.Time, what string) key {
	return accountSK(id, "LEDGER#"+string(stampOf(at))+"#"+what)
}
func unsignedKey(id porting.AccountID) key          { return accountSK(id, "UNSIGNED") }
func onceKey(id porting.AccountID, what string) key { return accountSK(id, "ONCE#"+what) }
func presetKey(id porting.AccountID, ref account.Ref) key {
	return accountSK(id, "PRESET#"+string(ref.Kind)+"#"+padded(porting.OrderID(ref.ID)))
}

// receiptKey is the key of the record of an idempotency key. No two of them are alike, since no account's id has a # in
// it.
func receiptKey(id porting.AccountID, idempotency string) key {
	return key{"I#" + string(id) + "#" + idempotency, "KEY"}
}

// parseKey reads a key from one text (String).
func parseKey(text string) (key, bool) {
	pk, sk, ok := strings.Cut(text, "|")
	return key{pk, sk}, ok
}

// order returns the order that the item belongs to, and nothing for an item that belongs to no order.
func (k key) order() porting.OrderID {
	id, ok := strings.CutPrefix(k.PK, "O#")
	if !ok {
		return ""
	}
	return porting.OrderID(id)
}

// idWidth is the length of the longest id, 2^53.
const idWidth = 16

// padded fills an id up to idWidth, so that the order of texts is the order of numbers.
func padded(id porting.OrderID) string {
	return strings.Repeat("0", max(0, idWidth-len(id))) + string(id)
}

// shards is the number of partitions that the due dates of a kind are spread over. A partition takes 1,000 writes a
// second.
const shards = 4

// shard returns the partition of an item that falls due.
func shard(kind orders.DueKind, pk string) string {
	h := fnv.New32a()
	h.Write([]byte(pk)) // never fails
	return shardOf(kind, int(h.Sum32()%shards))
}

func shardOf(kind orders.DueKind, n int) string { return string(kind) + "#" + strconv.Itoa(n) }

// stamp is an instant as a text of fixed width, so that the order of texts is the order of time. The zero time is
// empty.
type stamp string

const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stampOf(t time.Time) stamp {
	if t.IsZero() {
		return ""
	}
	return stamp(t.UTC().Format(stampLayout))
}

// time returns the instant. A text that is no stamp, which only a person can have put into the table, is the zero time.
func (s stamp) time() time.Time {
	t, err := time.Parse(stampLayout, string(s))
	if err != nil {
		return time.Time{}
	}
	return t
}
