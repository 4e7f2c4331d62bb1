package webhook

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Delivery is what is told to one endpoint of one event: the record that the customer sees.
type Delivery struct {
	Account  porting.AccountID
	Endpoint string
	// At is when the event happened; deliveries are listed and replayed by it.
	At      time.Time
	Order   porting.OrderID // none for a ping
	Version int64
	N       int

	Type  string
	State State
	// Made is when it was first to be told, or when it was last asked for again.
	Made     time.Time
	Next     time.Time // of the next try, while it is pending
	Attempts []Attempt // the newest last, of the last tries
}

// State is how far a delivery is.
type State string

// The states. Failed was tried for a day in vain, Missed not at all, since the endpoint was paused; both can be replayed.
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
	Why    string // in our own words, empty for a delivery
	Took   time.Duration
}

// MostAttempts is how many tries a delivery remembers.
const MostAttempts = 30

// Kept is how long a delivery can be read and replayed.
const Kept = 30 * 24 * time.Hour

// ID names the delivery, as webhook-id too: it is the same with each try and replay. It says where the delivery is, so that no index
// is needed to find it, and has no full stop, which the signature has for a mark.
func (d Delivery) ID() string {
	return fmt.Sprintf("msg_%s_%s_%s_%d_%d", d.Endpoint, strconv.FormatInt(d.At.UnixNano(), 36), d.order36(), d.Version, d.N)
}

func (d Delivery) order36() string {
	n, ok := new(big.Int).SetString(string(d.Order), 10)
	if !ok {
		return "0"
	}
	return n.Text(36)
}

// parseID is the delivery that an id names, of the account and the endpoint; ok is false where it names none of them.
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

// steps are the times between the tries of a delivery: ten tries over a day (issue 4).
var steps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 39 * time.Minute, // an hour
	time.Hour, 2 * time.Hour, 4 * time.Hour, 7 * time.Hour, 9 * time.Hour, // a day
}

// next is when a delivery is tried again that has failed so often, the last time at at; zero when it is given up.
func next(failures int, at time.Time, after time.Duration) time.Time {
	if failures > len(steps) {
		return time.Time{}
	}
	return at.Add(max(steps[failures-1], after))
}

const (
	// pauseAfter is for how long every delivery to an endpoint has to fail before it is paused.
	pauseAfter = 24 * time.Hour
	// holdBack is for how long a delivery that fails keeps back the later ones of its order. An endpoint that is down gets them in
	// their order when it is back; one that refuses this one message gets the others.
	holdBack = time.Hour
	// overlap is for how long an old secret signs beside the new one.
	overlap = 24 * time.Hour
	// mostSecrets is how many secrets sign at once.
	mostSecrets = 3
)
