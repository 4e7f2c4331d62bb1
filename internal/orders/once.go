package orders

import (
	"context"
	"time"

	"portway/internal/porting"
)

// Receipt is the record of an idempotency key: one request of an account that is carried out once, however often it comes.
//
// The key is taken before anything is done, with a lease. The answer goes into the record in the transaction that does what
// was asked, and only while the lease is the writer's own. So there is an answer exactly where something was done. A crash
// before that leaves a record that says "running" until its lease is over; then the key may be taken again, and nothing of the
// first try can follow any more.
type Receipt struct {
	Account porting.AccountID
	Key     string
	// Print tells the request from any other one.
	Print string
	// Group is the id of the group that the request makes, where it makes one: a large create that ended half-way holds
	// numbers in its name, and is undone before the key is taken again.
	Group porting.GroupID
	// Lease is until when the request may run. It is later with each try, and so names the try.
	Lease time.Time
	// Expires is when the record counts no more, whether or not the store has removed it by then.
	Expires time.Time
	Answer  Answer
}

// Receipts keeps the records of idempotency keys.
type Receipts interface {
	// Begin takes an idempotency key for a request, where it is free at now. Where it is not, mine is false and have is the
	// record that is there: of another request, of one that still runs, or with its answer.
	Begin(ctx context.Context, want Receipt, now time.Time) (have Receipt, mine bool, err error)
	// Finish writes the answer of a request that did nothing, ReleaseKey gives its key back. Neither does anything where the
	// record has an answer, or where another try has taken the key since.
	Finish(ctx context.Context, r Receipt) error
	ReleaseKey(ctx context.Context, r Receipt) error
}

// Answer is what a request was answered with; a status of 0 says that it still runs.
type Answer struct {
	Status int
	Header map[string]string
	// Body is empty where it was too large to be kept.
	Body string
}

// MaxKey is how long an idempotency key may be, in bytes.
const MaxKey = 255

// Free says whether the key may be taken at now by a request of that print.
func (r Receipt) Free(print string, now time.Time) bool {
	return !r.Expires.After(now) || r.Answer.Status == 0 && r.Print == print && !r.Lease.After(now)
}
