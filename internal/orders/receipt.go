package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Receipt is the record of an idempotency key. A request with such a key is carried out once, however often it comes.
//
// The key is taken with a lease before anything is done. The transaction that does what was asked also writes the
// answer into the record, on the condition that the lease is still the same. So there is an answer exactly where
// something was done. A crash before that leaves a record without an answer. When its lease is over, the key may be
// taken again, and nothing of the first try can be written any more.
type Receipt struct {
	Account porting.AccountID
	Key     string
	// Print is a fingerprint of the request.
	Print string
	// Group is the id of the group that the request makes, and empty for a request that makes none. A large create call
	// that ended half-way holds numbers under it, and is undone before the key is taken again.
	Group porting.GroupID
	// Lease is the time until which the request may run. It is later with each try, and so names the try.
	Lease time.Time
	// Expires is the time from which the record no longer counts, even where the store has not removed it yet.
	Expires time.Time
	Answer  Answer
}

// Receipts keeps the records of idempotency keys.
type Receipts interface {
	// Begin takes an idempotency key for a request where it is free at now. Where it is not, mine is false and have is
	// the record that is there: of another request, of one that still runs, or of one that has its answer.
	Begin(ctx context.Context, want Receipt, now time.Time) (have Receipt, mine bool, err error)
	// Finish writes the answer of a request that did nothing, ReleaseKey frees its key. Neither does anything where the
	// record has an answer, or where another try has taken the key in between.
	Finish(ctx context.Context, r Receipt) error
	ReleaseKey(ctx context.Context, r Receipt) error
}

// Answer is the answer to a request. Status is 0 while the request runs.
type Answer struct {
	Status int
	Header map[string]string
	// Body is empty where it was too large to keep.
	Body string
}

// MaxKey is the length of the longest idempotency key, in bytes.
const MaxKey = 255

// Free says whether a request with that print may take the key at now.
func (r Receipt) Free(print string, now time.Time) bool {
	return !r.Expires.After(now) || r.Answer.Status == 0 && r.Print == print && !r.Lease.After(now)
}
