package dynamo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"portway/internal/porting"
)

// partsItem stands in the head of an order and says which numbers and attempts belong to that head. DynamoDB promises
// no snapshot across the items of a Query, so numbers of before may come with a head of after. The version of the head
// would then let a change pass that was made from numbers of before.
//
// A head of an earlier release has no parts, and one of a later release may have them in a later form. Such a head is
// read without the check.
type partsItem struct {
	Form     int    `dynamodbav:"form"`
	Chunks   int    `dynamodbav:"chunks"`
	Attempts int    `dynamodbav:"attempts"`
	Digest   string `dynamodbav:"digest"`
}

// partsForm names what the digest is made of. Whoever adds to the digest raises it, so that a release that knows the
// older form alone does not take newer orders for torn ones.
//
// Form 1 had no leases, digests and times of another state; form 2 did not have Supplied, and form 3 the day asked for.
const partsForm = 4

// partsOf makes the parts of an order from the texts of its chunks and its attempts.
func partsOf(chunks []string, tries []tryItem) *partsItem {
	sum := sha256.New()
	var size [8]byte
	add := func(texts ...string) {
		for _, t := range texts {
			// The SDK writes U+FFFD in the place of bytes that are no UTF-8, so neither counts.
			t = strings.ToValidUTF8(strings.ReplaceAll(t, "\uFFFD", ""), "")
			binary.BigEndian.PutUint64(size[:], uint64(len(t)))
			sum.Write(size[:]) // never fails
			sum.Write([]byte(t))
		}
	}
	add(chunks...)
	for _, t := range tries {
		add(t.Kind, t.Peer, t.PON, strconv.Itoa(t.Version), strconv.Itoa(t.Sup), t.Ref, string(t.Planned),
			t.Asked, t.AskedFor, t.Time, string(t.Leased), t.Digest, string(t.Sent), string(t.Seen), strconv.Itoa(t.Reads),
			strconv.FormatBool(t.Supplied), t.State, t.Said, string(t.Answered))
		if r := t.Record; r != nil {
			add(r.Name, r.Street, r.City, r.State, r.Zip, r.AccountNumber, r.BTN, r.Numbers)
		}
	}
	const bytes = 12 // 96 bits tell two versions of one order apart
	return &partsItem{Form: partsForm, Chunks: len(chunks), Attempts: len(tries),
		Digest: base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:bytes])}
}

// has says that the chunks and attempts belong to the head, as far as this release can tell.
func (h headItem) has(chunks []string, tries []tryItem) bool {
	return h.Parts == nil || h.Parts.Form != partsForm || *h.Parts == *partsOf(chunks, tries)
}

// triesOf makes the items of the attempts of an order whose secrets are sealed.
func triesOf(o porting.Order) []tryItem {
	var tries []tryItem
	for n, a := range o.Attempts {
		tries = append(tries, tryOf(o.ID, n, a))
	}
	return tries
}
