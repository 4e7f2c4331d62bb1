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
