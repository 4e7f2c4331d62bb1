package porting

import (
	"slices"
	"strings"
	"time"
)

// Somebody may say that a number was taken without the holder's word: the holder by mail to our desk, or the old carrier,
// which asks its peer for the LOA. The order then has a case with a clock. The evidence is put together at once, the
// customer is asked for papers, and a person decides: the port was authorised, or the numbers go back. When the clock has
// run out without a decision, the person is asked to send the numbers back.

// AuthorityCase is a case about whether the port of an order was authorised. The zero value is none.
type AuthorityCase struct {
	State CaseState
	// Raised says who doubts the port, and Who is what our staff wrote of that person. No customer is told of it.
	Raised CaseRaised
	Who    string
	// Numbers are those that the case is about.
	Numbers []string
	Opened  time.Time
	Ends    time.Time
	// Owner has the initials of the person who opened the case, or decided it.
	Owner string
	Ended time.Time
	// Pack is the SHA-256 of the pack of evidence, in hexadecimal; its file lies with the documents of the order.
	Pack     string
	PackSize int64
}

// CaseState is how far a case has come. Its text is stored with the order.
type CaseState string

// There is none; it is open; the port was authorised; the numbers go back, or have gone back.
const (
	NoCase         CaseState = ""
	CaseOpen       CaseState = "open"
	CaseAuthorised CaseState = "authorised"
	CaseReturned   CaseState = "returned"
)

// CaseRaised says who doubts a port. Its text is stored with the order.
type CaseRaised string

// The holder of the number, or the carrier that had it.
const (
	RaisedByHolder  CaseRaised = "holder"
	RaisedByCarrier CaseRaised = "carrier"
)

// CaseDays are the business days of the desk until a case has to be decided (assumed, after Bandwidth's guide: the LOA is
// due at once when a carrier asks for it, and an unauthorised port is reported within a day).
var CaseDays = map[CaseRaised]int{RaisedByHolder: 2, RaisedByCarrier: 1}

// Open says that nobody has decided the case.
func (a AuthorityCase) Open() bool { return a.State == CaseOpen }

// doubted are the statuses in which a port may be doubted: its request is with a carrier, or the numbers have moved.
var doubted = in(Submitted, Accepted, Completed)

// openCase opens a case, and asks the customer for papers.
func openCase(c *change, cmd OpenCase) error {
	var faults Faults
	days, known := CaseDays[cmd.Raised]
	if !known {
		faults.Add("outcome", Required, "Say who doubts the port: holder or carrier.")
	}
	if TidyLine(cmd.Who) == "" {
		faults.Add("who", Required, "Say who wrote or called, and how that person can be reached.")
	}
	tns := cmd.Numbers
	if len(tns) == 0 {
		tns = c.o.Active()
	}
	if !every(tns, func(tn string) bool { return slices.Contains(c.o.Active(), tn) }) {
		faults.Add("numbers", Unknown, "Name numbers that are on the order.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if c.o.Authority.Open() {
		return Errorf(WrongStatus, "The order has an open case about its authority already.")
	}
	ends := c.Paced(c.o, c.now, c.Calendar.AddBusinessDays(c.now, days))
	c.o.Authority = AuthorityCase{State: CaseOpen, Raised: cmd.Raised, Who: TidyLine(cmd.Who), Numbers: slices.Clone(tns),
		Opened: c.now, Ends: ends, Owner: cmd.Name}
	c.event.Ends = ends
	c.event.Effects = append(c.event.Effects, FileEvidence)
	c.say(c.aboutDispute(MsgCaseOpened, tns, ends))
	return nil
}

// keepCaseEvidence writes down where the evidence of the case lies.
func keepCaseEvidence(c *change, cmd KeepCaseEvidence) error {
	if c.o.Authority.State == NoCase || c.o.Authority.Pack != "" {
		return Errorf(Settled, "The evidence was kept already.")
	}
	c.o.Authority.Pack, c.o.Authority.PackSize = cmd.Digest, cmd.Size
	c.note(Say(MsgCaseEvidence))
	return nil
}

// lapseCase asks a person to send the numbers back, since the time for a decision is over.
func lapseCase(c *change, _ LapseCase) error {
	a := c.o.Authority
	why := Say(MsgAskAuthority, "numbers", strings.Join(a.Numbers, ","), "who", a.Who)
	switch {
	case !a.Open() || c.o.Desk.Equal(why):
		return Errorf(Settled, "Nobody has to be asked.")
	case a.Ends.After(c.now):
		return Errorf(TooEarly, "The time of the case is not over.")
	case !c.o.canAsk(why):
		return Errorf(Settled, "The desk is asked something else first.")
	}
	c.o.Desk = why
	c.note(Say(MsgDeskAsked).With(why))
	return nil
}

// closeCase decides a case. A case that is decided for the one who complains starts the way back of the numbers that have
// moved, with its clock, in the same step; those of a live order stay at their carrier by calling the order off.
func closeCase(c *change, cmd CloseCase) error {
	a := &c.o.Authority
	switch {
	case !a.Open():
		return Errorf(WrongStatus, "The order has no open case about its authority.")
	case cmd.State == CaseReturned && c.o.Status.Live():
		return Errorf(WrongStatus, "The numbers have not moved. Call the order off (hard_cancel), and they stay where they are.")
	case cmd.State != CaseReturned && cmd.State != CaseAuthorised:
		return Faults{{Field: "outcome", Code: Required, Message: "Give authorised or returned."}}.Err()
	}
	a.State, a.Ended, a.Owner = cmd.State, c.now, cmd.Name
	if c.o.Desk.Key == MsgAskAuthority {
		c.o.Desk = Message{}
	}
	key := MsgCaseAuthorised
	if cmd.State == CaseReturned {
		key = MsgCaseReturned
		c.sendDoubted()
	}
	c.say(c.aboutDispute(key, a.Numbers, time.Time{}).With(Words(cmd.Why)))
	return nil
}

// sendDoubted has the numbers of a case sent back that are in service with us, together with those that are on their way
// back already.
func (c *change) sendDoubted() {
	why := "The port was not authorised."
	var tns []string
	if going, err := c.o.goingBack(); err == nil {
		tns, why = going, c.o.Desk.Args["why"]
	}
	for _, n := range c.o.Numbers {
		if n.State == Ported && slices.Contains(c.o.Authority.Numbers, n.TN) && !slices.Contains(tns, n.TN) {
			tns = append(tns, n.TN)
		}
	}
	var first time.Time
	for _, n := range c.o.Numbers {
		if ends := c.SnapbackEnds(c.o, n); slices.Contains(tns, n.TN) && (first.IsZero() || ends.Before(first)) {
			first = ends
		}
	}
	if len(tns) > 0 {
		c.sendBack(tns, first, why)
	}
}

// authority ends the case of an order that has ended without its numbers.
func (c *change) authority() {
	if a := &c.o.Authority; a.Open() && c.o.Status.Terminal() && c.o.Status != Completed {
		a.State, a.Ended = CaseReturned, c.now
		if c.o.Desk.Key == MsgAskAuthority {
			c.o.Desk = Message{}
		}
	}
}
