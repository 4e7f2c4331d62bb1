package porting

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// OrderID and GroupID are numeric text, ordered by time, at most 2^53 so that any JSON client reads them as numbers.
type OrderID string

// GroupID names the group of orders that one create call made.
type GroupID string

// AccountID names a customer of ours.
type AccountID string

// Order is a port order: numbers of one account at one losing carrier on their way to us. It is a value: a change makes a new
// order and leaves the old one as it was.
//
// Its facts are grouped by their owner, so that a rule can take the part that it is about: [Given] by the customer, [Answers]
// of the carrier, the [NextRequest] that we owe the carrier, [Charges], [Clocks], the [Drive] that moves the order on, and
// the [Contention] about its numbers.
type Order struct {
	ID      OrderID
	Group   GroupID
	Account AccountID
	// Sandbox marks an order of a sandbox account (Owner).
	Sandbox bool
	// SplitOffFrom is the order from which this one was split off; empty for one that the customer made.
	SplitOffFrom OrderID
	// Reopens is the order in whose place this one was made, and ReopenedAs the one in the place of this one; empty for none.
	Reopens, ReopenedAs OrderID
	// OtherAccount marks an order split off for numbers on another account at the carrier than the first order's.
	OtherAccount bool
	// OwnOnly says that the order keeps its numbers from other orders of its own account alone: it is not signed yet, or
	// its hold has lapsed (Lapses). HeldIdle is for how long earlier rejections have kept numbers of which no carrier knows.
	OwnOnly  bool
	HeldIdle time.Duration

	// Version is raised by every write; a stale writer is refused.
	Version int64
	Status  Status
	// StatusAt is when the status last changed; zero while pending (D-STA: status_updated_at is null).
	StatusAt time.Time
	Created  time.Time
	Updated  time.Time

	Kind    Kind
	Carrier Carrier
	Numbers []Number
	Home    Home
	// Class is the trade's class of the port, as far as it is known; empty for an order of before classes (Order.Terms).
	Class Class
	// Own holds the carrier's own terms, as they were when the order was last made, changed, signed or resubmitted.
	Own OwnTerms
	// Flags are what was known of the losing carrier when the numbers were put on the order.
	Flags CarrierFlags
	// QuietDays are the account's, as they were when the order was made, last changed or signed.
	QuietDays QuietDays
	// SearchKept is a digest of the words by which staff find the order, as they were last kept (SearchWords).
	SearchKept string

	Given
	Answers
	NextRequest
	Charges
	Clocks
	Drive
	Contention
}

// Given is what the customer has told, signed and sent us.
type Given struct {
	Details   Details
	Presets   Presets
	Signature Signature
	Documents []Document // in the order of their numbers
	// ChangedFrom has, for each detail that the customer has changed since the order was given back, the value before; of a
	// secret an empty one.
	ChangedFrom map[string]string
	// Changes were asked for since the order was submitted, the first one first.
	Changes []AskedChange
}

// Answers is what was asked of the carrier and what the carrier has said.
type Answers struct {
	Attempts []Attempt
	// CSRSettled marks the end of the comparison with the carrier's record: it matched, was corrected, or there is none.
	CSRSettled bool
	// Proof says by which secret the customer has proven to be the holder of the account.
	Proof Proof
	// Misses are the instants at which the unproven order was compared with the record and differed (Quota).
	Misses []time.Time
	// Reasons of the present rejection, or of the refusal that is being repaired.
	Reasons []Reason
	// Objection is what we say against the refusal of a request; it stays when it is over.
	Objection Objection
	// FOC is the date that the carrier agreed to; empty before. FOCAt is the instant of activation on that day, which
	// comes sooner in a sandbox.
	FOC   Date
	FOCAt time.Time
	// FOCTime is the hour that the carrier has confirmed with the date, where one was wished; in the zone of the numbers.
	FOCTime Clock
	// Habit is how long the losing carrier usually takes to answer, as of the first request.
	Habit Habit
	// Shown is what is counted of the carrier's answers already (Lesson).
	Shown Shown
	// Withdrawing says that the last request is to end at its peer, and that the peer has not confirmed it yet: the order
	// has ended, or was given back. The numbers of an ended order are held until then.
	Withdrawing bool
	// WithoutFailed says that our staff has decided to go on without the numbers that did not move (fallout.go).
	WithoutFailed bool
}

// NextRequest is what the next request to the carrier has to say, and how often repairs and delays have brought us here.
type NextRequest struct {
	// NotBefore is the first day that the carrier may take, since it has refused an earlier one; empty for none.
	NotBefore Date
	// HandOver is when a toll-free request with a wished day is handed over to the registry; zero where nothing waits.
	HandOver time.Time
	// Resend is the supplement type that the next request carries (LSR SUP field); 0 is a new request.
	Resend Sup
	// Remaining is what the requests say of the numbers and services that stay at the carrier.
	Remaining Remaining
	// Enclosed are the documents that go with the next request, since the carrier has asked for them.
	Enclosed []DocumentID
	// Repairs counts what was tried on the carrier's refusals, for each kind of repair.
	Repairs map[RepairKind]int
	// Delays counts how often the present step was put off because a peer was down.
	Delays int
}

// Charges are the fees taken so far, what of the port fee has come back, and the tariff that the order has.
type Charges struct {
	PortFee   Money
	CancelFee Money
	// ChangeFees are those of the changes that are done.
	ChangeFees Money
	// Refunded is what of the port fee has come back by the tariff's rules, and Returned is what of all fees our staff has
	// given back.
	Refunded, Returned Money
	// Credit was paid for the order that this one reopens, and counts for this one's port fee. Credited is what of this
	// order's port fee counts for the one that has reopened it.
	Credit, Credited Money
	Tariff           Tariff
}

// Clocks are the instants and counts from which due dates follow.
type Clocks struct {
	// ClockFrom is where the rejected order's 45 days begin: its notice, or the customer's last activity since.
	ClockFrom time.Time
	// Reminders counts the reminders sent in the present clock.
	Reminders int
	// Extended is when the customer's time was extended; zero where it was not.
	Extended time.Time
	// Announced is the agreed day of which the customer was told the day before, or with the day itself.
	Announced Date
	// Renewals has, for each paper that runs out, the date of the one for which a fresh one was asked.
	Renewals map[string]time.Time
	// Unanswered is when the customer wrote the first comment that nobody has answered; zero where none waits.
	Unanswered time.Time
	// Escalated is when the carrier's silence was last brought to people at the peer.
	Escalated time.Time
	// Due holds the instants at which a sweep has to look at the order.
	Due map[DueKind]time.Time
}

// Drive is who moves the order on: a state machine, which may wait for an answer, or a person at the desk.
type Drive struct {
	Driver Driver
	Wait   Wait
	// Desk is why a person of ours is asked; empty when nobody is. DeskAt is since when; zero for a question that was asked
	// before this was kept.
	Desk   Message
	DeskAt time.Time
}

// Contention is what others say against the order, or the order against others: who is right about its numbers.
type Contention struct {
	// AlsoAsked are numbers that another account's order held when this one was last to be signed. They are told to the
	// customer, and are as few as MaxAlsoAsked.
	AlsoAsked []string
	// Disputes are those that the order has opened and those about its numbers, the oldest first.
	Disputes []Dispute
	// Authority is the latest case about whether the port was authorised.
	Authority AuthorityCase
}

// Turn says whose move it is now: of our staff where a person is asked, else as the status has it.
func (o Order) Turn() Turn {
	if !o.Desk.IsZero() {
		return TurnStaff
	}
	return o.Status.Turn()
}

// Active are the numbers that still take part.
func (o Order) Active() []string {
	return o.numbersIn(func(s NumberState) bool { return s != Excluded && s != SnappedBack })
}

// Project says that the order is a project order: 50 numbers or more (S-SUB), or as many as its carrier says.
func (o Order) Project() bool { return len(o.Numbers) >= o.projectFrom() }

// ProjectSize is where a port order becomes a project (S-SUB: "usually 50 or more numbers").
const ProjectSize = 50

// clone copies what a command may change in place, so that the old order stays as it was.
func (o Order) clone() Order {
	o.Numbers = slices.Clone(o.Numbers)
	o.Reasons = slices.Clone(o.Reasons)
	o.Attempts = slices.Clone(o.Attempts)
	o.Documents = slices.Clone(o.Documents)
	o.Changes = slices.Clone(o.Changes)
	o.Enclosed = slices.Clone(o.Enclosed)
	repairs := make(map[RepairKind]int, len(o.Repairs))
	for k, v := range o.Repairs {
		repairs[k] = v
	}
	o.Repairs = repairs
	return o
}

// Kind tells the two worlds of porting apart: they never share an order (D-GRP).
type Kind string

// Local is any number that is not toll-free.
const (
	Local    Kind = "local"
	TollFree Kind = "tollfree"
)

// Carrier is the network that holds the numbers: its SPID (or RespOrg id) and its name.
type Carrier struct{ SPID, Name string }

// Line is a number before it is on an order, with what decides on which order it goes.
type Line struct {
	TN      string
	Kind    Kind
	Country string // US or CA
	Zone    string // IANA name of the time zone of the number's area code
	Carrier Carrier
	// RateCenter is where the peer says that the number belongs; empty where it does not say.
	RateCenter string
	// Wireless says that the carrier is a mobile network, by the peer's word.
	Wireless bool
	Flags    CarrierFlags
}

// Details are what the customer tells us about the account at the losing carrier, and how the order is to be handled.
type Details struct {
	Alias           string
	BillingName     string // first and last name of the authorized contact at the LSP (D-CRE)
	Company         string
	BillingNumber   string // BTN, E.164 or empty
	Provider        string
	ProviderAccount Secret
	PIN             Secret
	LastFourSSN     Secret
	UsageType       Usage
	Street          string // the service address, which may differ from the billing address (D-CRE)
	Street2         string
	City            string
	State           string
	Zip             string
	Country         string
	// The account (billing) address, which only the LOA shows (47 CFR 64.1130(e)(1)). It is empty where it is the service
	// address.
	AccountStreet  string
	AccountStreet2 string
	AccountCity    string
	AccountState   string
	AccountZip     string
	AccountCountry string
	Desired        Date
	// DesiredTime is the wished hour on that day, in the zone of the numbers (hour.go); empty where none is wished.
	DesiredTime Clock
	LOAEmail    string
	LOACC       string
	CNAMLookups bool
	StatusURL   string
	OneLine     bool // the account has this one line, by the customer's word
	AutoCorrect Consent
	// Reseller is the company that sells the carrier's numbers to the customer; empty where the carrier does.
	Reseller string

	// What the customer says of the rest of the account (partial.go).
	PortScope   PortScope
	Keep        string // numbers that stay in service, in E.164 with commas between
	Disconnect  string // numbers that are to end at the carrier, likewise
	Others      Stay   // what becomes of the numbers that neither list names
	NewBilling  string // the account's main number from then on, E.164
	OnLine      string // services that use the lines of the numbers, with commas between
	HuntGroup   HuntGroup
	Listing     Listing
	RingingFrom string // toll-free numbers that ring to a number of the order, in E.164 with commas between

	// Unportable is what becomes of the order when a number turns out not to be portable (unportable.go).
	Unportable OnUnportable
}

// Usage is business or residential (D-UPD).
type Usage string

// The two usage types, in the wire form of D-NUM.
const (
	Business    Usage = "business"
	Residential Usage = "residential"
)

// Consent is how far we may correct the order from the carrier's record without asking (our decision).
type Consent string

// Nothing, what differs in form only (case, abbreviations, ZIP+4), the service address too, or also the account number.
// Person and company are never corrected in content, since the customer has signed them.
const (
	CorrectNone       Consent = "none"
	CorrectFormatting Consent = "formatting"
	CorrectAddress    Consent = "address"
	CorrectAll        Consent = "all"
)

// Presets are applied to all numbers when the order completes (D-PRS).
type Presets struct {
	CNAM          string
	E911          string
	PrimaryRoute  string
	FailoverRoute string
	Alias         string
}

// Signature is the customer's acceptance of the e-LOA (D-SLO).
type Signature struct {
	Name  string
	Title string
	At    time.Time
	IP    string
	// LOA holds the details that the signed letter of agency shows ([Details.OnLOA]); later corrections do not change it.
	LOA Details
	// Order is the order that was signed, whose numbers may have been split off since. Numbers are those that the LOA
	// lists. A signature of an older release has neither: it covers the numbers of its order.
	Order   OrderID
	Numbers []string
	// Conformed holds what the LOA covers beside its own words: the service address as the carrier's record has it, and
	// the record's spelling of another detail.
	Conformed Details
	// Capacity says in what capacity the signer signed; empty on a signature of an older release.
	Capacity Capacity
	// EndUserLOA is the digest of the file of the end user's own LOA, on which the signature of a reseller rests, and
	// EndUserDated the day on which the end user signed it, where that is known.
	EndUserLOA   string
	EndUserDated Date
	// Words is the version of the words that were signed ([LOAVersion]), the disclosures of electronic records among
	// them; empty for the words of older releases.
	Words string
	// Language is that of the words; empty for English.
	Language Language
	// By names the link or the access key by which the signature was given; empty on a signature of an older release.
	By string
	// Operator is the carrier to which the LOA moves the numbers. It is empty on a signature of an older release, whose
	// words name no carrier.
	Operator Operator
}

// IsZero says that nobody has signed.
func (s Signature) IsZero() bool { return s.At.IsZero() && s.Name == "" }

// Money is an amount in cents of US dollars.
type Money int64

// String writes the amount as the wire does: dollars without trailing zeros ("7.5", D-NUM).
func (m Money) String() string { return strconv.FormatFloat(float64(m)/100, 'f', -1, 64) }

// Dollars writes the amount as people do, without the sign: "25", "7.50".
func (m Money) Dollars() string {
	if m%100 == 0 {
		return strconv.FormatInt(int64(m/100), 10)
	}
	return strconv.FormatFloat(float64(m)/100, 'f', 2, 64)
}

// Date is a day of the calendar, "2006-01-02", without a time or a zone. Dates compare as text.
type Date string

const dateLayout = "2006-01-02"

// DateOf is the day of t where t is shown.
func DateOf(t time.Time) Date { return Date(t.Format(dateLayout)) }

// ParseDate reads a day; the error says what form is wanted.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return "", fmt.Errorf("a date has the form YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// In is midnight of the day in loc; the zero time when there is no date.
func (d Date) In(loc *time.Location) time.Time {
	t, err := time.ParseInLocation(dateLayout, string(d), loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Sup is the type of a supplement, the LSR's SUP field.
type Sup int

// A first request, and the three supplements.
const (
	SupNew    Sup = 0
	SupCancel Sup = 1
	SupDate   Sup = 2
	SupOther  Sup = 3
)

// Remaining is what a request says of the account's numbers and services that do not come along.
type Remaining struct {
	Active bool   // all of them stay in service
	BTN    string // the account's main number from then on
}

// Attempt is one thing asked of a peer. It is written before the peer is called and looked up at the peer by its PON before it
// is sent again, so that a crash between the two never makes a second one.
type Attempt struct {
	Kind    AttemptKind
	Peer    string
	PON     PON
	Version int // LSR VER: 0, then one more for each supplement
	Sup     Sup
	Ref     string // the peer's own id; empty until the peer has answered the call
	Planned time.Time
	// Asked is the date that the request asks for, and AskedFor says why. Attempts of older releases have neither.
	Asked    Date
	AskedFor AskedFor
	// AskedTime is the hour that the request asks for, in the zone of the numbers; empty where it names none.
	AskedTime Clock
	// Leased is until when the invocation that has written the request down, or has taken it over, may be sending it.
	Leased time.Time
	// Digest tells what the request carried, for as long as the peer has not answered the call. It is sealed, since it is
	// made of secrets too.
	Digest Secret
	Sent   time.Time
	// Seen is when the peer first showed something else of a supplement than its answer to the version before.
	Seen  time.Time
	Reads int // how often the CSR was asked for
	// Supplied says that the carrier asked for more before it gives the CSR, and was told what it had not been told before.
	Supplied bool
	// State is what the peer last said; Said is its raw word for it.
	State    AnswerState
	Said     string
	Answered time.Time
	Record   Record
}

// AttemptKind is what was asked: the CSR, or the port itself (LSR or RespOrg change).
type AttemptKind string

// The kinds of attempt.
const (
	AskCSR  AttemptKind = "csr"
	AskPort AttemptKind = "port"
)

// Record is the carrier's Customer Service Record as it came.
type Record struct {
	Name          string
	Street        string // one line, unparsed
	City          string
	State         string
	Zip           string
	AccountNumber Secret
	BTN           string
	Numbers       []string
}

// Last is the newest attempt of the kind; ok is false when there is none. A supplement that the peer has not
// taken leaves the request as the version before.
func (o Order) Last(kind AttemptKind) (Attempt, bool) {
	if i := o.last(kind); i >= 0 {
		return o.Attempts[i], true
	}
	return Attempt{}, false
}

// last is the place of the newest attempt; -1 when there is none.
func (o Order) last(kind AttemptKind) int {
	for i := len(o.Attempts) - 1; i >= 0; i-- {
		if a := o.Attempts[i]; a.Kind == kind && a.State != AnswerDropped {
			return i
		}
	}
	return -1
}
