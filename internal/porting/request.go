package porting

import (
	"cmp"
	"time"
)

// Decision says what is to be asked of the carrier now, and why. [Rules.DecideRequest] makes it from the order alone;
// the workflow carries it out, and a dry run shows it.
type Decision struct {
	Do    Action
	Cause Cause
	// Request is what DoSend sends and what DoWithdraw ends.
	Request Request
	// At is when CauseHandOver ends.
	At time.Time
	// Reasons are those with which DoGiveBack returns the order to its customer.
	Reasons []Reason
}

// Action is the kind of a decision.
type Action string

// The kinds of decision.
const (
	DoNothing  Action = "nothing"   // nothing is to be asked of the carrier
	DoWait     Action = "wait"      // something of ours comes first, and the decision is made again after it
	DoGiveBack Action = "give_back" // the customer has to act before the carrier is asked
	DoSend     Action = "send"      // a first request, a supplement, or a new request in the place of one that is over
	DoWithdraw Action = "withdraw"  // the open request of an order that has ended
)

// Cause is the reason of a decision. It names one row of the table of decisions.
type Cause string

// The causes, in the order in which the table tries them.
const (
	CauseEnded         Cause = "order_ended"      // the order has ended, and its request is still open at a peer
	CauseWithdrawing   Cause = "withdrawing"      // an earlier request has to end before another one is sent
	CauseReview        Cause = "in_review"        // our team reviews the customer's corrections first
	CauseNotOpen       Cause = "not_with_carrier" // the order is with the customer, is being screened, or has ended
	CauseDateAgreed    Cause = "date_agreed"      // the carrier has agreed to a date, and nothing is to be changed
	CauseRefused       Cause = "refused"          // the carrier's refusal is repaired first
	CauseAccountNumber Cause = "account_number"   // nobody has told the number of the account that the numbers are on
	CauseOtherRequest  Cause = "on_other_request" // the first order's request still has the numbers that were split off
	CauseUnderWay      Cause = "under_way"        // another invocation is sending the request
	CauseUnsigned      Cause = "not_signed"       // the request would say something else than the LOA that was signed
	CausePlanned       Cause = "planned"          // the request is written down, and may have been sent
	CauseAsked         Cause = "with_carrier"     // the carrier has the request
	CauseOldLOA        Cause = "loa_expired"      // the carrier would refuse the request for the age of its LOA
	CauseHandOver      Cause = "hand_over"        // a toll-free request waits for the day of its handing over
	CauseHolder        Cause = "holder_at_night"  // the old carrier would ask the holder of the number at night
	CauseFirst         Cause = "first_request"    // nothing has been asked yet
	CauseChange        Cause = "change"           // the request at the carrier is to be changed
	CauseOver          Cause = "request_over"     // the last request has ended at its peer
)

// Request is one request for the port as it is to be sent.
type Request struct {
	Kind    AttemptKind
	Peer    string // empty for a first request, whose peer the router chooses
	PON     PON
	Version int
	Sup     Sup
	// Ref is the peer's reference of the request that this one changes or ends. It is empty for one that stands for
	// itself.
	Ref  string
	Date Date  // the date that is asked for
	Time Clock // the hour that is asked for, in the zone of the numbers; empty for none
	// Unconfirmed says that the order's last attempt is this request and that the peer may have it: a process that died
	// may have sent it. A request that is not sent yet is written on the order first, by Plan, and is unconfirmed from
	// then on.
	Unconfirmed bool
}

// Attempt returns the request as Plan writes it on the order.
func (q Request) Attempt() Attempt {
	return Attempt{Kind: q.Kind, Peer: q.Peer, PON: q.PON, Version: q.Version, Sup: q.Sup, Asked: q.Date, AskedTime: q.Time}
}

// DecideRequest decides what is to be asked of the carrier now: the first row of the table that applies. From is the
// order from which o was split off, and is read only if o.NeedsOrigin.
func (r Rules) DecideRequest(o, from Order, now time.Time) Decision {
	s := situation{Rules: r, o: o, from: from, now: now}
	s.port, s.asked = o.Last(AskPort)
	for _, row := range decisions {
		if row.when(s) {
			d := row.decide(s)
			d.Cause = row.cause
			return d
		}
	}
	return Decision{Do: DoNothing, Cause: CauseNotOpen}
}

// NeedsOrigin says that the decision depends on the order from which this one was split off.
func (o Order) NeedsOrigin() bool {
	_, asked := o.Last(AskPort)
	return o.SplitOffFrom != "" && !asked && o.withCarrier() && !o.NeedsAccountNumber()
}

// withCarrier says that the order is open at a carrier, or about to be.
func (o Order) withCarrier() bool { return o.Status == Submitted || o.Status == Accepted }

// situation is all that a decision depends on.
type situation struct {
	Rules
	o, from Order
	now     time.Time
	port    Attempt // the last request for the port
	asked   bool    // there is one
}

// decisionRow is one row of the table.
type decisionRow struct {
	cause  Cause
	when   func(situation) bool
	decide func(situation) Decision
}

// decisions is the table of what is asked of the carrier: the first row that applies decides, so each row may rely on
// those before it not applying.
var decisions = []decisionRow{
	{CauseEnded, func(s situation) bool { return !s.o.Status.Live() && s.o.hasToWithdraw() }, situation.withdraw},
	{CauseWithdrawing, func(s situation) bool { return s.o.Withdrawing }, situation.withdraw},
	{CauseReview, func(s situation) bool { return s.o.isInReview() }, doWait},
	{CauseNotOpen, func(s situation) bool { return !s.o.withCarrier() }, doNothing},
	{CauseDateAgreed, func(s situation) bool { return s.o.isAccepted() && !s.o.hasDateToSend() }, doNothing},
	{CauseRefused, func(s situation) bool { return s.o.isRefused() }, doWait},
	{CauseAccountNumber, func(s situation) bool {
		return !s.asked && s.o.NeedsAccountNumber()
	}, situation.askForAccount},
	{CauseOtherRequest, func(s situation) bool { return !s.asked && s.from.RequestIncludesSplitOff() }, doWait},
	{CauseUnderWay, func(s situation) bool {
		return s.asked && s.port.Sent.IsZero() && s.port.State != AnswerOver && s.now.Before(s.port.Leased)
	}, doWait},
	// An accepted order keeps its date: nothing of it changes that was signed.
	{CauseUnsigned, func(s situation) bool {
		return s.o.Status == Submitted && !s.atCarrier() && len(s.Unsigned(s.o)) > 0
	}, situation.askToSign},
	// What was planned goes on whatever has changed since, for it may be at the peer already.
	{CausePlanned, func(s situation) bool {
		return s.asked && s.port.Sent.IsZero() && s.port.State != AnswerOver
	}, situation.sendPlanned},
	{CauseAsked, situation.atCarrier, doNothing},
	// An accepted order keeps its date: the carrier has seen its LOA.
	{CauseOldLOA, func(s situation) bool {
		return s.o.Status == Submitted && s.LOAExpired(s.o, s.now)
	}, doGiveBack(LOAExpired)},
	{CauseHandOver, situation.waitsForHandOver, func(s situation) Decision {
		return Decision{Do: DoWait, At: s.handOver(s.o)}
	}},
	{CauseHolder, func(s situation) bool { return s.HolderDay(s.o, s.now).After(s.now) }, doWait},
	{CauseFirst, func(s situation) bool { return !s.asked }, situation.sendNew},
	{CauseChange, func(s situation) bool { return s.o.Resend != SupNew && s.port.Ref != "" }, situation.supplement},
	{CauseOver, func(situation) bool { return true }, situation.sendNew},
}

// Causes lists the causes of all decisions.
func Causes() []Cause {
	var all []Cause
	for _, row := range decisions {
		all = append(all, row.cause)
	}
	return all
}

func doNothing(situation) Decision { return Decision{Do: DoNothing} }

func doWait(situation) Decision { return Decision{Do: DoWait} }

func doGiveBack(code ReasonCode) func(situation) Decision {
	return func(situation) Decision { return Decision{Do: DoGiveBack, Reasons: []Reason{{Code: code}}} }
}

// atCarrier says that the carrier has the request as it is to be.
func (s situation) atCarrier() bool {
	return s.asked && s.o.Resend == SupNew && s.port.Ref != "" && s.port.State != AnswerOver
}

// askForAccount gives the order back for the number of the account, and for the signature that it lacks with that.
func (s situation) askForAccount() Decision {
	d := Decision{Do: DoGiveBack, Reasons: []Reason{{Code: AccountMissing}}}
	if names := s.Unsigned(s.o); len(names) > 0 {
		d.Reasons = append(d.Reasons, unsignedReason(names))
	}
	return d
}

// askToSign gives the order back to be signed as it would be sent.
func (s situation) askToSign() Decision {
	return Decision{Do: DoGiveBack, Reasons: []Reason{unsignedReason(s.Unsigned(s.o))}}
}

// sendNew sends a request that changes no other one: to the peer of the last request if there was one.
func (s situation) sendNew() Decision {
	return Decision{Do: DoSend, Request: Request{
		Kind: AskPort, Peer: s.port.Peer, PON: s.o.NextPON(AskPort), Sup: SupNew,
		Date: s.date(), Time: s.o.askedTime(),
	}}
}

// supplement sends a further version of the last request.
func (s situation) supplement() Decision {
	return Decision{Do: DoSend, Request: Request{
		Kind: AskPort, Peer: s.port.Peer, PON: s.port.PON, Version: s.o.nextVersion(), Sup: s.o.Resend,
		Ref: s.port.Ref, Date: s.date(), Time: s.o.askedTime(),
	}}
}

// sendPlanned sends the attempt that is on the order.
func (s situation) sendPlanned() Decision {
	return Decision{Do: DoSend, Request: Request{
		Kind: AskPort, Peer: s.port.Peer, PON: s.port.PON, Version: s.port.Version, Sup: s.port.Sup, Ref: s.o.PeerRef(),
		Date: s.date(), Time: s.o.askedTime(), Unconfirmed: true,
	}}
}

// withdraw ends the last request. Its peer may have a version of it whose reference was never written down.
func (s situation) withdraw() Decision {
	return Decision{Do: DoWithdraw, Request: Request{
		Kind: AskPort, Peer: s.port.Peer, PON: s.port.PON, Version: s.port.Version, Sup: SupCancel, Ref: s.o.PeerRef(),
		Unconfirmed: s.port.Ref == "",
	}}
}

// date is the date that a request of now asks for: a change leaves an agreed date as it is.
func (s situation) date() Date {
	ch, changing := s.o.changing()
	changing = changing && ch.Kind == WishDate
	switch {
	case s.o.isAccepted() && changing:
		return ch.Date
	case s.o.isAccepted():
		return s.o.FOC
	case changing:
		s.o.Details.Desired = ch.Date
	}
	return s.o.Asked(s.Rules, s.now)
}

// PeerRef returns the reference under which the peer has the order's request: the reference of the last attempt, or of
// the attempt that it was planned to change. It is empty if the peer has told none.
func (o Order) PeerRef() string {
	last, _ := o.Last(AskPort)
	before := ""
	for _, a := range o.Attempts {
		if a.Kind == AskPort && a.PON == last.PON && a.Version < last.Version && a.Ref != "" {
			before = a.Ref
		}
	}
	return cmp.Or(last.Ref, before)
}

// requestLives says that the peer of the last request has it, or may have it: it was not carried out, has not ended,
// and was not denied. A peer that has denied a first request has nothing of it.
func (o Order) requestLives() bool {
	port, asked := o.Last(AskPort)
	switch {
	case !asked || port.State == AnswerOver || port.State == AnswerCompleted:
		return false
	case port.State == AnswerRefused:
		return o.PeerRef() != ""
	}
	return true
}

// HasOpenRequest says that a carrier has, or may have, a request of the order, so that its answers have to be heard.
func (o Order) HasOpenRequest() bool {
	if o.Status.Terminal() {
		return o.Withdrawing
	}
	return asking.has(o.Status) && o.requestLives()
}

// refusalStands says that the last request is one that its carrier has refused. Such a request is left where it is
// when the order is given back, since the customer's correction goes to the carrier as a supplement of it. A request
// that the carrier has not answered is withdrawn: it would port the numbers with what the customer is asked to
// correct.
func (o Order) refusalStands() bool { return o.isRefused() || o.Resend != SupNew }

// hasToWithdraw says that the last request has to end at its peer. Orders that ended in a release before Withdrawing
// have a request that was never confirmed as ended.
func (o Order) hasToWithdraw() bool {
	return o.Withdrawing || o.Status.Terminal() && o.Status != Completed && o.requestLives()
}
