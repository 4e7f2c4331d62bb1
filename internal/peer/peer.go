// Package peer says what a porting peer can do for us, and which peer is asked. Below it stands one package for each
// wire: peer/bandwidth (Locals) and peer/somos (toll-free).
package peer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"portway/internal/porting"
)

// Peer is a company through which we port. Every method takes a context with a deadline, calls the peer at most a
// bounded number of times, and tells a peer that can't be reached ([Down]) from one that says no ([Denied]). A
// carrier's rejection of an order is neither: it is an Answer. Implementations are safe for concurrent use.
type Peer interface {
	// Name is the peer's name in comments and attempts, such as "locals" or "somos".
	Name() string
	// Portability says for each number (E.164, at most 1,000) whether the peer can bring it to us, and who has it now.
	Portability(ctx context.Context, tns []string) ([]Portability, error)
	// RequestCSR asks for the carrier's record of the order's account and returns the peer's id of the request. A peer or
	// carrier without CSRs answers ErrNoCSR.
	RequestCSR(ctx context.Context, o porting.Order, pon porting.PON) (ref string, err error)
	// ReadCSR reads a requested record. The state is AnswerReady, AnswerWaiting, AnswerLacking or AnswerNoRecord; said is
	// the peer's word.
	ReadCSR(ctx context.Context, ref string) (rec porting.Record, state porting.AnswerState, said string, err error)
	// Submit makes a port request and returns the peer's id of it. It is not safe to repeat: look it up by Find first.
	Submit(ctx context.Context, r Request) (ref string, err error)
	// Supplement changes the request ref as r says (SUP 2 and 3) and returns the id under which it goes on: a wire that
	// knows no supplements makes a new request of it. Repeating it with the same r is harmless.
	Supplement(ctx context.Context, ref string, r Request) (string, error)
	// Cancel ends the request (SUP 1). A request that is over already is no error; one that the carrier no longer lets go
	// answers Denied.
	Cancel(ctx context.Context, ref string) error
	// Find looks a request up by our reference, and changes nothing at the peer. ok is false where the peer has none. The
	// order's secrets may be sealed.
	Find(ctx context.Context, r Request) (ref string, ok bool, err error)
	// Complete brings the request ref, which Find has found, to where Submit would have left it: a crash may have left a
	// draft behind, or a request without its LOA or papers. r is what Submit was given. Repeating it is harmless.
	Complete(ctx context.Context, ref string, r Request) error
	// Read asks the peer how the request stands. AnswerCompleted is given only when the activation is confirmed.
	Read(ctx context.Context, ref string) (porting.Answer, error)
}

// Escalator is a peer at which a silent request can be brought to people.
type Escalator interface {
	// Escalate asks people at the peer to see to the request ref, as far as it is time for that by the peer's own rules;
	// done is true when they were asked; said tells the result in plain words. Repeating it is harmless.
	Escalate(ctx context.Context, ref string, now time.Time) (said string, done bool, err error)
}

// Noted is a peer whose people read notes on a request.
type Noted interface {
	// Note writes a text of at most 500 characters without secrets to the people behind the request ref, unless a note of
	// that text is there already.
	Note(ctx context.Context, ref, text string) error
}

// Doubted is a peer through which a carrier may ask for the LOA of a port that it has agreed to, or whose numbers have
// moved.
type Doubted interface {
	// LOAAsked looks for such a demand on the request ref that came after since, and returns its words.
	LOAAsked(ctx context.Context, ref string, since time.Time) (said string, asked bool, err error)
	// GiveLOA puts the LOA of r on the request ref, unless it is there, and tells the people behind it. Repeating it is
	// harmless.
	GiveLOA(ctx context.Context, ref string, r Request) error
}

// RecordFinder is a peer at which a request for a record can be looked up by our reference.
type RecordFinder interface {
	// FindCSR looks for a request made since then; ok is false when the peer has none.
	FindCSR(ctx context.Context, pon porting.PON, since time.Time) (ref string, ok bool, err error)
}

// Supplier is a peer whose requests for a record may want more than was first told.
type Supplier interface {
	// SupplyCSR gives the request ref what our order has and the request lacks; sent is false when there is nothing to
	// give, or the request wants nothing. Repeating it is harmless.
	SupplyCSR(ctx context.Context, ref string, o porting.Order) (sent bool, err error)
}

// Activator is a peer at which the numbers move only when we say so.
type Activator interface {
	// CutOver moves the numbers of the request ref now, where the request waits for our word. Repeating it is harmless.
	CutOver(ctx context.Context, ref string) error
}

// Notice is a message that a peer sends by itself. It names the request by the peer's id (Ref) and ours (PON), or a
// number. Note says that it tells of words that people at the peer have written on the request.
type Notice struct {
	Ref  string
	PON  porting.PON
	TN   string
	Note bool
}

// Request is one port request as it goes on a wire. Order holds the opened secrets; it must not be logged.
type Request struct {
	PON     porting.PON
	Version int
	Sup     porting.Sup
	Order   porting.Order
	Date    porting.Date // the date asked for
	At      time.Time    // the instant asked for on that date; zero where no hour is
	LOA     []byte       // the signed LOA, a PDF
	Papers  []Paper      // what goes with it, since the carrier has asked to see it
}

// Paper is a document of the customer's, a PDF. Its name is ours: the customer's own may tell an account number.
type Paper struct {
	Kind porting.DocumentKind
	Name string // such as bill 2
	PDF  []byte
}

// Portability holds a peer's answer about one number.
type Portability struct {
	TN       string
	Portable bool
	// OnNet says that the number is in our own footprint (the wire's hypernetwork_enabled).
	OnNet   bool
	Carrier porting.Carrier
	// RateCenter names the number's rate center; empty if the peer does not tell it.
	RateCenter string
	// Wireless says that the losing carrier is a mobile network, and NeedsAccountNumber that it wants to be told the
	// account number before it gives its record. LeadDays is the carrier's least interval in calendar days, an estimate; 0
	// is unknown.
	Wireless           bool
	NeedsAccountNumber bool
	LeadDays           int
	Reason             porting.ReasonCode // why it is not portable
}

// ErrNoCSR says that this carrier, or this peer, has no CSR to give.
var ErrNoCSR = errors.New("no CSR for these numbers")

// Down says that the peer could not be asked: unreachable, too slow, too busy, broken, or it refuses our login. The
// order waits.
type Down struct {
	Peer string
	Why  string // a status code or a class of failure; never a body
	// Refuses says that the peer answers and refuses to serve us, which does not pass by itself: staff have to see to it.
	Refuses bool
	// Ending says that the peer answers and is well, and has yet to end the request that this one replaces.
	Ending bool
}

func (d *Down) Error() string {
	if d.Refuses {
		return d.Peer + " refuses to be asked: " + d.Why
	}
	if d.Ending {
		return d.Peer + " has yet to end the request before"
	}
	return d.Peer + " can't be reached: " + d.Why
}

// Denied says that the peer understood and refuses the call; nothing exists at the peer because of it.
type Denied struct {
	Peer    string
	Reasons []porting.Reason
}

func (d *Denied) Error() string {
	s := d.Peer + " refuses"
	for _, r := range d.Reasons {
		s += " " + string(r.Code) + " (" + r.Raw + ")"
	}
	return s
}

// Unknown says that the peer knows of no such request, or that the request has ended there before. Nothing is left to
// cancel.
func (d *Denied) Unknown() bool { return d.only(porting.PeerCancelled) }

// Done says that the request was carried out before: its numbers have moved.
func (d *Denied) Done() bool { return d.only(porting.OrderDone) }

func (d *Denied) only(code porting.ReasonCode) bool {
	return len(d.Reasons) > 0 && !slices.ContainsFunc(d.Reasons, func(r porting.Reason) bool { return r.Code != code })
}

// Refusal says whether the peer refuses to serve us, by its own word, and why, in codes.
func Refusal(err error) (why string, refused bool) {
	var denied *Denied
	var down *Down
	switch {
	case errors.As(err, &denied):
		var codes []string
		for _, r := range denied.Reasons {
			codes = append(codes, strings.TrimSpace(string(r.Code)+" "+r.Raw))
		}
		return strings.Join(codes, ", "), true
	case errors.As(err, &down) && down.Refuses:
		return down.Why, true
	}
	return "", false
}

// Plain says that the error's text is fit for logs and people.
func (d *Down) Plain() string { return d.Error() }

// Plain says that the error's text is fit for logs and people.
func (d *Denied) Plain() string { return d.Error() }
