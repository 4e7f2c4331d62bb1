package porting

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An improper refusal is contested: we object at the carrier by the rule, climb a ladder of people who can overrule it
// while the carrier does not give way, and end with a pack of evidence for a complaint. The customer has nothing to do
// meanwhile, and may use a quicker fix where there is one.

// Objection is what we say to a carrier against its refusal of one request. The zero value is none.
type Objection struct {
	State ObjectionState
	// Class is the class of the port when the objection was made, and Reasons are those that it contests.
	Class   Class
	Reasons []ReasonCode
	// PON and Version name the refused request.
	PON     PON
	Version int
	Opened  time.Time
	// Owner has the initials of the person who has taken it up; empty where a rule has.
	Owner string
	// Step is the rung of the ladder that is asked, Asked since when, and Ends the end of its time.
	Step  Step
	Asked time.Time
	Ends  time.Time
	// Sent is when the words for the present rung went to the carrier by a note; zero where a person has to tell them.
	Sent time.Time
	// Outcome says how it ended, and Ended when.
	Outcome ObjectionOutcome
	Ended   time.Time
	// Pack is the SHA-256 of the pack of evidence, in hexadecimal; its file lies with the documents of the order.
	Pack     string
	PackSize int64
}

// ObjectionState is how far an objection has come. Its text is stored with the order.
type ObjectionState string

// There is none; its words are ready, and a person decides; it is with the carrier; it is over.
const (
	NoObjection       ObjectionState = ""
	ObjectionPrepared ObjectionState = "prepared"
	ObjectionRaised   ObjectionState = "raised"
	ObjectionEnded    ObjectionState = "ended"
)

// ObjectionOutcome says how an objection ended. Its text is stored with the order.
type ObjectionOutcome string

// The carrier gave way; another request took the place of the refused one; a person dropped it; the order ended.
const (
	ObjectionWon       ObjectionOutcome = "accepted"
	ObjectionOvertaken ObjectionOutcome = "overtaken"
	ObjectionDropped   ObjectionOutcome = "dropped"
	ObjectionMoot      ObjectionOutcome = "order_ended"
)

// Open says that the objection is not over.
func (b Objection) Open() bool { return b.State == ObjectionPrepared || b.State == ObjectionRaised }

// Step names a rung of the ladder. Its text is stored with the order.
type Step string

// Rung is one rung of the ladder: who is asked, and how long they have. The times are assumed, since no rule sets any.
type Rung struct {
	Step Step
	// Who names the people of the rung, in the middle of a sentence.
	Who string
	// Hours or Days is the time in business hours or business days of the carrier; none where the rung has no end.
	Hours, Days int
	// Note says that a note at the peer reaches these people. A complaint is filed by a person.
	Note bool
	// Source is where the way is written; empty for what port desks do.
	Source string
}

// ladders are the rungs in the United States and in Canada, the first one first.
var ladders = map[bool][]Rung{
	false: append(slices.Clone(carrierRungs),
		Rung{Step: "fcc_informal", Who: "the FCC, by an informal complaint", Source: "47 CFR 1.717"},
		Rung{Step: "fcc_formal", Who: "the FCC, by a formal complaint", Source: "47 CFR 1.721"},
		Rung{Step: "state_commission", Who: "the public utility commission of the state"}),
	true: append(slices.Clone(carrierRungs),
		Rung{Step: "ccts", Who: "the CCTS, by a complaint"}, Rung{Step: "crtc", Who: "the CRTC, by an application"}),
}

// carrierRungs are the rungs at the carrier and at our peer.
var carrierRungs = []Rung{
	{Step: "port_center", Who: "the carrier's port center", Hours: 4, Note: true},
	{Step: "supervisor", Who: "the supervisor of the carrier's port center", Days: 1, Note: true},
	{Step: "manager", Who: "the manager of the carrier's port center", Days: 2, Note: true},
	{Step: "carrier_relations", Who: "the carrier relations of our porting partner", Days: 5, Note: true},
}

// Ladder returns the rungs for ports of a class, the first one first.
func Ladder(class Class) []Rung { return ladders[class == CanadaWireline || class == CanadaWireless] }

// Rung returns the rung that is asked now; the zero value where none is.
func (b Objection) Rung() Rung {
	ladder := Ladder(b.Class)
	if i := slices.IndexFunc(ladder, func(r Rung) bool { return r.Step == b.Step }); i >= 0 {
		return ladder[i]
	}
	return Rung{}
}

// Who names the people of a rung, in the middle of a sentence; empty for a step that no ladder has.
func (s Step) Who() string {
	for _, ladder := range ladders {
		for _, r := range ladder {
			if r.Step == s {
				return r.Who
			}
		}
	}
	return ""
}

// next returns the rung above the present one; ok is false at the top.
func (b Objection) next() (Rung, bool) {
	ladder := Ladder(b.Class)
	i := slices.IndexFunc(ladder, func(r Rung) bool { return r.Step == b.Step })
	if i+1 >= len(ladder) {
		return Rung{}, false
	}
	return ladder[i+1], true
}

// files says that the rung is asked by a complaint, which goes with the pack of evidence.
func (r Rung) files() bool { return r.Step != "" && r.Hours == 0 && r.Days == 0 }

// Business hours of port centers, at the carrier's clock. They are assumed for all, after the guides of Cox, Lumen and
// Peerless.
const opens, closes = 8, 17

// endOf returns when the time of a rung is over that is asked from at on; zero where it has no end.
func (r Rules) endOf(o Order, rung Rung, at time.Time) time.Time {
	c := r.carrierDays(o)
	switch {
	case rung.Days > 0:
		return c.AddBusinessDays(at, rung.Days)
	case rung.Hours > 0:
		return addBusinessHours(c, at, time.Duration(rung.Hours)*time.Hour)
	}
	return time.Time{}
}

// addBusinessHours adds time of the carriers' business hours to at.
func addBusinessHours(c Calendar, at time.Time, left time.Duration) time.Time {
	for {
		open, shut := c.At(at, opens, 0), c.At(at, closes, 0)
		if at.Before(open) {
			at = open
		}
		if c.IsBusinessDay(at) && at.Before(shut) {
			if rest := shut.Sub(at); left <= rest {
				return at.Add(left)
			}
			left -= shut.Sub(at)
		}
		at = c.At(c.AddBusinessDays(c.At(at, 12, 0), 1), opens, 0)
	}
}

// ObjectionDue says that the people of the present rung have let their time pass.
func (r Rules) ObjectionDue(o Order, now time.Time) bool {
	b := o.Objection
	return b.State == ObjectionRaised && !b.Ends.IsZero() && !r.Paced(o, b.Asked, b.Ends).After(now)
}

// contests says that the objection, open or over, is about the order's last request.
func (o Order) contests() bool {
	port, ok := o.Last(AskPort)
	return ok && o.Objection.State != NoObjection && o.Objection.PON == port.PON && o.Objection.Version == port.Version
}

// otherGrounds says that a refusal of the contested request gives other reasons than the one that we contest, so that it
// is a refusal of its own.
func (o Order) otherGrounds(reasons []Reason) bool {
	if !o.Objection.Open() || !o.contests() || len(reasons) == 0 {
		return false
	}
	return slices.ContainsFunc(reasons, func(r Reason) bool { return !slices.Contains(o.Objection.Reasons, r.Code) })
}

// mostContests is how often rules object before a person has approved the order again (our decision). The count is kept
// apart from the objection: a function of a release that knows no objections loses the one, and keeps the other.
const mostContests = 2

// object contests the carrier's refusal.
func object(c *change, cmd Object) error {
	b := &c.o.Objection
	switch {
	case cmd.Role != Staff:
	case b.State == ObjectionPrepared:
		c.raise(cmd.Name)
		return nil
	case b.State == ObjectionRaised && objectionQuestion(c.o.Desk): // the person has told it, or filed the complaint
		b.Sent, b.Owner, c.o.Desk = c.now, cmd.Name, Message{}
		c.note(Say(MsgObjectionSent, "step", string(b.Step), "pon", string(b.PON)))
		return nil
	}
	j := c.Judge(c.o)
	theirs := slices.ContainsFunc(j.Verdicts, func(v Verdict) bool { return v.Ground != NotTheir })
	switch port, _ := c.o.Last(AskPort); {
	case c.o.contests():
		return Errorf(Settled, "The refusal of this request was contested already.")
	case !c.o.isRefused():
		return Errorf(WrongStatus, "No carrier has refused the order's request.")
	case !theirs, cmd.Role == System && !j.Improper():
		return Errorf(WrongStatus, "The carrier may refuse the port on the grounds that it gave.")
	default:
		*b = Objection{State: ObjectionPrepared, Class: j.Class, PON: port.PON, Version: port.Version, Opened: c.now}
		if cmd.Role == System {
			c.o.Repairs[Contest]++
		}
	}
	for _, reason := range c.o.Reasons {
		b.Reasons = append(b.Reasons, reason.Code)
	}
	// Unasked a rule objects only where the carrier's record proves that the port is simple.
	if cmd.Role == Staff || j.Class == SimpleWireline && j.Verified {
		c.raise(cmd.Name)
		return nil
	}
	c.say(Say(MsgObjectionPrepared, "reason", string(b.Reasons[0])).With(debtRemains(*b)...))
	return nil
}

// raise puts the objection on the first rung of the ladder.
func (c *change) raise(owner string) {
	b := &c.o.Objection
	b.State, b.Owner, c.o.Desk = ObjectionRaised, owner, Message{}
	c.climb(Ladder(b.Class)[0])
	c.say(Say(MsgObjectionRaised, "reason", string(b.Reasons[0])).With(debtRemains(*b)...))
}

// debtRemains says that a balance is still owed where the carrier gave it as its ground.
func debtRemains(b Objection) []Message {
	if slices.Contains(b.Reasons, AccountUnpaid) {
		return []Message{Say(MsgDebtRemains)}
	}
	return nil
}

// climb asks the people of a rung.
func (c *change) climb(rung Rung) {
	b := &c.o.Objection
	b.Step, b.Asked, b.Sent, b.Ends = rung.Step, c.now, time.Time{}, c.endOf(c.o, rung, c.now)
	c.event.Effects = append(c.event.Effects, SendObjection)
	if rung.files() && b.Pack == "" {
		c.event.Effects = append(c.event.Effects, FileEvidence)
	}
}

// escalate brings the objection to the next rung: by the clock, or because a person sees no use in waiting.
func escalate(c *change, cmd EscalateObjection) error {
	b := &c.o.Objection
	rung, ok := b.next()
	switch {
	case b.State != ObjectionRaised:
		return Errorf(WrongStatus, "The order has no objection that is with the carrier.")
	case cmd.Role == System && !c.ObjectionDue(c.o, c.now):
		return Errorf(TooEarly, "The time of the present step is not over.")
	case !ok:
		return Errorf(WrongStatus, "The objection is at the last step of the ladder.")
	}
	if cmd.Role == Staff {
		b.Owner = cmd.Name
	}
	c.o.Desk = Message{}
	c.climb(rung)
	c.say(Say(MsgObjectionEscalated, "step", string(rung.Step)))
	return nil
}

// tellObjection writes down whether a note has brought the objection to the people of the present rung. If none could, a
// person is asked to tell them.
func tellObjection(c *change, cmd TellObjection) error {
	b := &c.o.Objection
	switch {
	case b.State != ObjectionRaised || b.Step != cmd.Step || !b.Sent.IsZero():
		return Errorf(Settled, "The objection has gone on.")
	case cmd.ByNote:
		b.Sent = c.now
		c.note(Say(MsgObjectionSent, "step", string(cmd.Step), "pon", string(b.PON)))
		return nil
	}
	why := Say(MsgAskTellObjection, "step", string(cmd.Step), "pon", string(b.PON), "text", c.ObjectionText(c.o))
	if b.Rung().files() {
		why.Key = MsgAskComplaint
	}
	if c.o.canAsk(why) {
		c.o.Desk = why
	}
	c.note(Say(MsgDeskAsked).With(why))
	return nil
}

// keepEvidence writes down where the pack of evidence lies.
func keepEvidence(c *change, cmd KeepEvidence) error {
	b := &c.o.Objection
	if b.State == NoObjection || b.Pack != "" {
		return Errorf(Settled, "The evidence was kept already.")
	}
	b.Pack, b.PackSize = cmd.Digest, cmd.Size
	c.note(Say(MsgEvidenceKept))
	return nil
}

// dropObjection ends the objection by a person's decision. The refusal of an order that is with us then goes the way of a
// refusal that nobody contests.
func dropObjection(c *change, cmd DropObjection) error {
	if !c.o.Objection.Open() {
		return Errorf(WrongStatus, "The order has no objection that is open.")
	}
	c.endObjection(ObjectionDropped)
	c.o.Desk = Message{}
	c.say(Say(MsgObjectionDropped))
	return nil
}

func (c *change) endObjection(how ObjectionOutcome) {
	b := &c.o.Objection
	b.State, b.Outcome, b.Ended, b.Ends = ObjectionEnded, how, c.now, time.Time{}
}

// contest ends an objection that the present change has settled, and asks a person about one that is prepared while
// nobody is asked anything else.
func (c *change) contest() {
	b, kind := &c.o.Objection, c.event.Kind
	if !b.Open() {
		return
	}
	how := ObjectionOutcome("")
	switch s := c.o.Status; {
	case s == Accepted || s == Completed || kind == TakenUp:
		how = ObjectionWon
	case s.Terminal():
		how = ObjectionMoot
	case kind == WasRejected && c.event.By.Role == Staff:
		how = ObjectionDropped
	case !c.o.contests() || !c.o.isRefused():
		how = ObjectionOvertaken
	case b.State == ObjectionPrepared && c.o.Desk.IsZero() && (s == Submitted || s == Rejected):
		c.o.Desk = Say(MsgAskObject, "reason", string(b.Reasons[0]), "pon", string(b.PON), "text", c.ObjectionText(c.o))
		return
	default:
		return
	}
	c.endObjection(how)
	if how == ObjectionWon {
		c.event.Message.List = append(slices.Clone(c.event.Message.List), Say(MsgObjectionWon))
	}
	if objectionQuestion(c.o.Desk) {
		c.o.Desk = Message{}
	}
}

// objectionQuestion says that a person is asked about an objection alone.
func objectionQuestion(why Message) bool {
	return why.Key == MsgAskObject || why.Key == MsgAskTellObjection || why.Key == MsgAskComplaint
}

// isContested says that nobody of ours has to decide, since the objection is with the carrier.
func (o Order) isContested() bool {
	return o.Status == Submitted && o.isRefused() && o.Objection.State == ObjectionRaised
}

// maxObjection is how many characters an objection may have: as many as a note at a Locals peer.
const maxObjection = 500

// ObjectionText writes the objection for the people of the present rung, in at most 500 characters: the ids of the
// request, the ground, the rule, what the carrier is asked and until when, and the next step. It holds no value of the
// customer or of the record; the record's agreement with the order is told field by field.
func (r Rules) ObjectionText(o Order) string {
	b := o.Objection
	rung := b.Rung()
	if rung.Step == "" {
		rung = Ladder(b.Class)[0]
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Objection for %s. Reject of %s, version %d", rung.Who, b.PON, b.Version)
	var titles, rules []string
	for _, code := range b.Reasons {
		titles = append(titles, code.Info().Title)
		v := JudgeGround(b.Class, true, code)
		if rule := v.Rule + " (" + v.Source + ")"; !slices.Contains(rules, rule) && v.Ground != NotTheir {
			rules = append(rules, rule)
		}
	}
	fmt.Fprintf(&s, ": %s. ", strings.Join(titles, ", "))
	if b.Class == SimpleWireline {
		if csr, ok := o.Record(); ok {
			fmt.Fprintf(&s, "Your record of %s shows one line: a simple port. ", DateOf(csr.Answered.In(r.carrierDays(o).Location())))
		}
	}
	if slices.ContainsFunc(b.Reasons, func(code ReasonCode) bool { return o.Contradicts(Reason{Code: code}) }) {
		s.WriteString("It agrees with the order here. ")
	}
	if len(rules) > 0 {
		fmt.Fprintf(&s, "Rule: %s. ", rules[0])
	}
	s.WriteString("Please withdraw the reject and confirm a date")
	if !b.Ends.IsZero() {
		fmt.Fprintf(&s, " by %s", b.Ends.In(r.carrierDays(o).Location()).Format("Jan 2, 15:04 MST"))
	}
	s.WriteString(".")
	if next, ok := b.next(); ok && b.Step != "" {
		fmt.Fprintf(&s, " Next: %s.", next.Who)
	}
	text := []rune(s.String())
	return string(text[:min(len(text), maxObjection)])
}

// pullsRecord says that the carrier's record is to be pulled again before anybody judges the refusal, since the record
// that we have contradicts it: once for each refusal, and for as long as the record may still come.
func (o Order) pullsRecord() bool {
	if o.Kind == TollFree || !slices.ContainsFunc(o.Reasons, o.Contradicts) {
		return false
	}
	csr, asked := o.RecordAsked()
	return !asked || csr.Answered.IsZero() && csr.Reads < recordReads
}

// recordReads is how often a record that is pulled again is read before the refusal is judged without it.
const recordReads = 5

// RecordAsked returns the request for the record that was made since the last request for the port; ok is false where
// there is none.
func (o Order) RecordAsked() (csr Attempt, ok bool) {
	for _, a := range slices.Backward(o.Attempts) {
		switch a.Kind {
		case AskCSR:
			return a, true
		case AskPort:
			return Attempt{}, false
		}
	}
	return Attempt{}, false
}

// quickFix says that the customer could resolve each of the contested reasons at once: by a value that we know and may
// show, by a bill, or by a call to the carrier.
func (r Rules) quickFix(o Order, h Help, now time.Time) bool {
	return !slices.ContainsFunc(o.Reasons, func(reason Reason) bool {
		info := reason.Code.Info()
		if reason.Code == FraudHold || slices.Contains(info.Papers, Bill) {
			return false
		}
		return !slices.ContainsFunc(info.Fields, func(name string) bool {
			value, known := h.Known[name]
			return known && o.Proof.Discloses(name).Shown && len(r.Takable(o, map[string]string{name: value}, now)) > 0
		})
	})
}
