package webhook

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"portway/internal/egress"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Delivery tells one endpoint of one event. The customer can read it, and have it sent again.
type Delivery struct {
	Account  porting.AccountID
	Endpoint string
	// At is when the event happened; deliveries are listed and replayed by it.
	At      time.Time
	Order   porting.OrderID // empty for a ping
	Version int64
	N       int

	Type  string
	State State
	// Made is when the delivery was written, or was last asked for again.
	Made     time.Time
	Next     time.Time // of the next try, while the delivery is pending
	Attempts []Attempt // the latest MostAttempts, the newest last
}

// State says how far a delivery is.
type State string

// The states. A delivery is given up after a day of failed tries, and missed where the endpoint was paused. Both can be
// replayed.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	GivenUp   State = "failed"
	Missed    State = "missed"
)

// Attempt is one try.
type Attempt struct {
	At     time.Time
	Status int    // of the answer; 0 where there was none
	Why    string // a sentence; empty where the try succeeded
	Took   time.Duration
}

// MostAttempts is how many tries a delivery remembers.
const MostAttempts = 30

// Kept is how long a delivery can be read and replayed.
const Kept = 30 * 24 * time.Hour

// ID names the delivery, and is the request's webhook-id: the same for each try and replay. It says where the delivery
// is stored, so that no index is needed to find it. It has no full stop, which separates the parts of what is signed.
func (d Delivery) ID() string {
	return fmt.Sprintf("msg_%s_%s_%s_%d_%d", d.Endpoint, strconv.FormatInt(d.At.UnixNano(), 36), d.order36(), d.Version,
		d.N)
}

func (d Delivery) order36() string {
	n, ok := new(big.Int).SetString(string(d.Order), 10)
	if !ok {
		return "0"
	}
	return n.Text(36)
}

// parseID reads which delivery of the account's endpoint an id names; ok is false where it names none.
func parseID(account porting.AccountID, endpoint, id string) (Delivery, bool) {
	rest, ok := strings.CutPrefix(id, "msg_"+endpoint+"_")
	parts := strings.Split(rest, "_")
	if !ok || len(parts) != 4 {
		return Delivery{}, false
	}
	at, err1 := strconv.ParseInt(parts[0], 36, 64)
	order, err2 := strconv.ParseInt(parts[1], 36, 64)
	version, err3 := strconv.ParseInt(parts[2], 10, 64)
	n, err4 := strconv.Atoi(parts[3])
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || at < 0 || order < 0 || version < 0 || n < 0 {
		return Delivery{}, false
	}
	d := Delivery{Account: account, Endpoint: endpoint, At: time.Unix(0, at).UTC(), Version: version, N: n}
	if order > 0 {
		d.Order = porting.OrderID(strconv.FormatInt(order, 10))
	}
	return d, d.ID() == id
}

// Work is a delivery that is still to be done.
type Work struct {
	Delivery
	Due orders.Due
}

// next is the time of the next try of a delivery that has failed so many times, last at at. It is zero where the
// delivery is given up.
func next(failures int, at time.Time, after time.Duration) time.Time {
	wait, more := egress.Wait(failures)
	if !more {
		return time.Time{}
	}
	return at.Add(max(wait, after))
}

const (
	// pauseAfter is for how long every delivery to an endpoint has to fail until the endpoint is paused.
	pauseAfter = 24 * time.Hour
	// holdBack is for how long a delivery that fails keeps the later ones of its order back. So an endpoint that was
	// down gets them in their order, and an endpoint that refuses this one message still gets the others.
	holdBack = time.Hour
	// overlap is for how long an old secret signs together with the new one.
	overlap = 24 * time.Hour
	// mostSecrets is how many secrets sign at once.
	mostSecrets = 3
)
