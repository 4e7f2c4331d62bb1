package porting

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// AnswerState is what a peer says of a request, whatever its own words.
type AnswerState string

// The states of a port request, and those of a CSR request (waiting, ready, none).
const (
	AnswerNone      AnswerState = ""          // not asked yet; for a CSR: there is none
	AnswerWaiting   AnswerState = "waiting"   // the carrier has it
	AnswerRefused   AnswerState = "refused"   // rejected, or broken: reasons say why
	AnswerAccepted  AnswerState = "accepted"  // with a date
	AnswerCompleted AnswerState = "completed" // the numbers are in service with us
	AnswerOver      AnswerState = "over"      // cancelled, died or expired at the peer
	AnswerDenied    AnswerState = "denied"    // the peer does not carry the order; another one was asked
	AnswerDropped   AnswerState = "dropped"   // a supplement that the peer has not taken: the request is as before it
	AnswerReady     AnswerState = "ready"     // the CSR is there
	AnswerLacking   AnswerState = "lacking"   // the CSR is not given before more is told
	AnswerNoRecord  AnswerState = "no_record" // the carrier gives no CSR
	AnswerUnclear   AnswerState = "unclear"   // the peer's word is not known to us, or contradicts itself: a person has to ask
)

// portAnswers are the states that a peer can tell of a port request.
var portAnswers = [...]AnswerState{
	AnswerWaiting, AnswerRefused, AnswerAccepted, AnswerCompleted, AnswerOver, AnswerUnclear,
}

// Answer is what a peer says of one port request.
type Answer struct {
	// About says which request the peer was asked about, and how the order stood then.
	About   About
	State   AnswerState
	Said    string // the peer's own word, such as FOC or PORT_PROCESSING
	FOC     Date
	At      time.Time // the instant of activation on that day
	Timed   bool      // the carrier has named the hour of At
	Reasons []Reason
	Left    []string // numbers that did not move when the rest did
	// Moved are the numbers of an accepted request that have moved already, where the peer tells them apart.
	Moved []string
}

// About is the request that a peer was asked about, and how the order stood when the peer was asked. An answer that
// took long may come to an order that has gone on: it says nothing of the order's present request.
type About struct {
	PON     PON
	Version int    // of the request
	Ref     string // the peer's reference of the request
	Order   int64  // the order's version
	Status  Status
	State   AnswerState // of the request, as the order had it
	Resend  Sup
	FOC     Date
}

// About returns what the peer of the order's last request for the port is asked about now.
func (o Order) About() About {
	port, _ := o.Last(AskPort)
	return About{
		PON: port.PON, Version: port.Version, Ref: o.PeerRef(), Order: o.Version,
		Status: o.Status, State: port.State, Resend: o.Resend, FOC: o.FOC,
	}
}

// Holds says that the order still stands as it did when the peer was asked, whatever else has happened to it since.
func (a About) Holds(o Order) bool {
	now := o.About()
	now.Order = a.Order
	return now == a
}

// Hearing is what a peer's answer comes to on an order.
type Hearing struct {
	// Commands are what the order still needs, in their order. There are none if the order knows the answer already,
	// so that a second telling does no harm.
	Commands []Command
	// Stale says that the answer is about a request, or an order, of before. Its peer has to be asked again.
	Stale bool
}

// Hear says what a peer's answer about the order's last request comes to, by the table of meanings.
func (r Rules) Hear(o Order, a Answer, by By, now time.Time) Hearing {
	port, ok := o.Last(AskPort)
	switch {
	case !ok:
		return Hearing{}
	case !a.About.Holds(o):
		return Hearing{Stale: true}
	}
	m, known := meanings[standing{o.Status, o.asked()}][a.State]
	if !known || m.hear == nil {
		return Hearing{}
	}
	return Hearing{Commands: m.hear(hearing{Rules: r, o: o, port: port, a: a, by: by, now: now})}
}

// hearing is all that the meaning of an answer depends on.
type hearing struct {
	Rules
	o    Order
	port Attempt // the order's last request for the port
	a    Answer
	by   By // the peer
	now  time.Time
}

// standing is a row of the table: the order's status, and what is asked of the carrier beside the port itself.
type standing struct {
	status Status
	asked  asked
}

// asked is what is asked of the carrier beside the port itself.
type asked string

// Nothing is asked but the port; or that the request be withdrawn, for us or since the customer cancels the order; or a
// change that the customer has asked for.
const (
	askedPort     asked = ""
	askedWithdraw asked = "withdraw"
	askedCancel   asked = "cancel"
	askedChange   asked = "change"
)

// allAsked lists the values of asked.
var allAsked = [...]asked{askedPort, askedWithdraw, askedCancel, askedChange}

// asked returns what is asked of the carrier beside the port itself.
func (o Order) asked() asked {
	_, changing := o.changing()
	switch {
	case o.CancelAsked():
		return askedCancel
	case o.Withdrawing:
		return askedWithdraw
	case changing:
		return askedChange
	}
	return askedPort
}

// meaning is one cell of the table: what an answer does to the order, and why. Without a function it does nothing.
type meaning struct {
	hear   func(hearing) []Command
	reason string
}

// meanings is the table of what a carrier's answer means: for each status, for a request that stands, is being withdrawn,
// changed or cancelled, each answer. A test walks all cells.
var meanings = func() map[standing]map[AnswerState]meaning {
	table := map[standing]map[AnswerState]meaning{}
	for _, row := range []struct {
		in    statusSet
		asked []asked
		means map[AnswerState]meaning
	}{
		{in(Pending, Processing), allAsked[:], noRequest},
		{in(Submitted), []asked{askedPort, askedChange}, withCarrier},
		{in(Submitted), []asked{askedWithdraw}, replacing},
		{in(Accepted), []asked{askedPort, askedWithdraw}, agreed},
		{in(Accepted), []asked{askedChange}, changingAgreed},
		{in(Submitted, Accepted), []asked{askedCancel}, cancelling},
		{in(Rejected), allAsked[:], withCustomer},
		{in(Review), allAsked[:], withCustomer},
		{in(Completed), allAsked[:], done},
		{in(Cancelled, Abandoned, HardCanceled), allAsked[:], ended},
	} {
		for _, status := range row.in {
			for _, a := range row.asked {
				table[standing{status, a}] = row.means
			}
		}
	}
	return table
}()

// noRequest serves the statuses in which no request for the port is made.
var noRequest = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "Nothing is asked of the carrier before the order is submitted."},
	AnswerRefused:   {nil, "Nothing is asked of the carrier before the order is submitted."},
	AnswerAccepted:  {nil, "Nothing is asked of the carrier before the order is submitted."},
	AnswerCompleted: {nil, "Nothing is asked of the carrier before the order is submitted."},
	AnswerOver:      {nil, "Nothing is asked of the carrier before the order is submitted."},
	AnswerUnclear:   {nil, "Nothing is asked of the carrier before the order is submitted."},
}

// withCarrier serves a submitted order whose request stands.
var withCarrier = map[AnswerState]meaning{
	AnswerWaiting:   {hearing.seen, "The carrier has the request; of a supplement this is the first word about it."},
	AnswerRefused:   {hearing.refuse, "The carrier refuses the request, unless the answer is about the version before a supplement."},
	AnswerAccepted:  {hearing.accept, "The carrier has agreed to a date."},
	AnswerCompleted: {hearing.complete, "The numbers have moved, and nobody told us of the date."},
	AnswerOver:      {hearing.refuse, "The request has ended without the port, which is repaired as a refusal is."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// replacing serves a submitted order whose earlier request is withdrawn before a new one is sent.
var replacing = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "The carrier has yet to confirm the withdrawal."},
	AnswerRefused:   {nil, "The refused request is withdrawn all the same, since at some peers it lives on."},
	AnswerAccepted:  {hearing.acceptUnlessYielding, "The carrier was faster than the withdrawal: the port goes on as it was asked for, unless numbers of it are another order's now."},
	AnswerCompleted: {hearing.complete, "The carrier was faster than the withdrawal: the numbers have moved."},
	AnswerOver:      {hearing.withdrawn, "The request has ended as we asked, and a new one may be sent."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// agreed serves an accepted order.
var agreed = map[AnswerState]meaning{
	AnswerWaiting:   {hearing.seen, "The date stands until the carrier says otherwise; of a supplement this is the first word about it."},
	AnswerRefused:   {hearing.loseDate, "The date is in jeopardy where all reasons are about it, else it is withdrawn."},
	AnswerAccepted:  {hearing.moveDate, "The carrier may have moved the date."},
	AnswerCompleted: {hearing.complete, "The numbers have moved."},
	AnswerOver:      {hearing.loseDate, "The request has ended without the port, and its date with it."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// changingAgreed serves an accepted order of which the customer wants something changed.
var changingAgreed = map[AnswerState]meaning{
	AnswerWaiting:   {hearing.seen, "The carrier considers the change, and the old date stands until it has."},
	AnswerRefused:   {hearing.refuseChange, "The carrier refuses the change, and the order stays as it was."},
	AnswerAccepted:  {hearing.takeChange, "The carrier has taken the change if the peer speaks of it, or keeps the old date."},
	AnswerCompleted: {hearing.complete, "The carrier was faster than the change: the numbers have moved."},
	AnswerOver:      {hearing.loseDate, "The request has ended without the port, and its date and the change with it."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// cancelling serves an order whose customer cancels it while the carrier has the request.
var cancelling = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "The carrier has yet to confirm the cancellation."},
	AnswerRefused:   {nil, "The refused request is cancelled all the same, since at some peers it lives on."},
	AnswerAccepted:  {hearing.acceptMeanwhile, "The carrier gives a date before it has read the cancellation, which stays asked for."},
	AnswerCompleted: {hearing.complete, "The carrier was faster than the cancellation: the numbers have moved, and the customer is told."},
	AnswerOver:      {hearing.cancelled, "The carrier has let the numbers go: the order has ended, unless some have moved before."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// withCustomer serves an order that was given back, until it is approved again. Its request may still live.
var withCustomer = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "The request was left with the carrier or is being withdrawn, and neither has been answered."},
	AnswerRefused:   {nil, "The customer corrects what the carrier refuses."},
	AnswerAccepted:  {hearing.askAgreed, "The numbers will move though the order was given back: a person decides."},
	AnswerCompleted: {hearing.askMoved, "The numbers have moved though the order was given back: a person decides."},
	AnswerOver:      {hearing.withdrawn, "The request has ended, so that the corrected order needs a new one."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

// done serves a completed order.
var done = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "The move of the numbers was confirmed; the peer's list lags behind."},
	AnswerRefused:   {nil, "The move of the numbers was confirmed; the peer's list lags behind."},
	AnswerAccepted:  {nil, "The move of the numbers was confirmed; the peer's list lags behind."},
	AnswerCompleted: {nil, "The order knows it."},
	AnswerOver:      {nil, "The numbers are in service with us; their way back would be another carrier's order."},
	AnswerUnclear:   {nil, "The numbers are in service with us, whatever the peer calls its old request."},
}

// ended serves an order that has ended without the port. Its numbers are held until its request is withdrawn.
var ended = map[AnswerState]meaning{
	AnswerWaiting:   {nil, "The carrier has yet to confirm the withdrawal."},
	AnswerRefused:   {nil, "The refused request is withdrawn all the same, since at some peers it lives on."},
	AnswerAccepted:  {hearing.askAgreed, "The numbers will move though the order has ended: a person calls the carrier."},
	AnswerCompleted: {hearing.askMoved, "The numbers have moved though the order has ended: a person decides."},
	AnswerOver:      {hearing.withdrawn, "The request has ended, so that its numbers are free."},
	AnswerUnclear:   {hearing.askUnclear, "A word that nobody knows is for a person."},
}

func (h hearing) accept() []Command {
	accept := Accept{By: h.by, PON: h.port.PON, Said: h.a.Said, FOC: h.a.FOC, At: h.a.At, Timed: h.a.Timed}
	if accept.FOC == "" {
		accept.FOC, accept.At = DateOf(h.now), h.now
	}
	return []Command{accept}
}

// acceptUnlessYielding keeps the withdrawal going where the request still has numbers that a dispute gave to another order.
func (h hearing) acceptUnlessYielding() []Command {
	if len(h.o.Yields()) > 0 {
		return nil
	}
	return h.accept()
}

// cancelled takes the end of a request that the customer has cancelled. Where some numbers have moved, the others did not.
func (h hearing) cancelled() []Command {
	if cmds, parted := h.lost(); parted {
		return cmds
	}
	return h.withdrawn()
}

// complete takes the word that the numbers have moved. Numbers that stayed behind and go back to the customer leave the
// order first, which is the work of the order's machine, whose function opens secrets (Order.GivenUp).
func (h hearing) complete() []Command {
	complete := Complete{By: h.by, Said: h.a.Said, Left: h.a.Left}
	if len(h.a.Left) > 0 {
		complete.Why = h.a.reasonOf(h.a.Left[0]).Code
	}
	if h.o.Status == Submitted {
		return append(h.accept(), complete) // the second one is found again once the order is accepted
	}
	if cmds, done := h.fallout(); done {
		return cmds
	}
	if behind, _ := h.o.stayedBehind(h.a); len(behind) > 0 {
		return nil
	}
	return []Command{complete}
}

// refuse takes the peer's refusal, unless it is of a request before the one that is about to be sent.
func (h hearing) refuse() []Command {
	switch {
	case h.o.Resend != SupNew || h.port.Sent.IsZero() || h.port.State != AnswerWaiting && !h.o.otherGrounds(h.a.Reasons):
		return nil
	case h.Echoes(h.o, h.now):
		return h.doubt()
	}
	return []Command{Refuse{By: h.by, PON: h.port.PON, Said: h.a.Said, Reasons: h.a.Reasons}}
}

func (h hearing) loseDate() []Command {
	cmds, parted := h.lost()
	switch {
	case parted:
		return cmds
	case h.changing():
		return nil // what the peer speaks of is about to be changed
	case h.Echoes(h.o, h.now):
		return h.doubt()
	case h.a.State == AnswerRefused && jeopardy(h.a.Reasons):
		return []Command{MoveFOC{By: h.by, Why: h.a.Said}}
	}
	return []Command{LoseFOC{By: h.by, Said: h.a.Said, Reasons: h.a.Reasons}}
}

// lost takes the end of a request of which some numbers have moved: the others did not.
func (h hearing) lost() (cmds []Command, done bool) {
	if !h.o.partlyMoved() {
		return nil, false
	}
	h.a.Left = append(slices.Clone(h.a.Left), h.o.In(Taking)...)
	return h.fallout()
}

func (h hearing) moveDate() []Command {
	if cmds, done := h.fallout(); done && len(cmds) > 0 {
		return cmds
	}
	switch {
	case h.a.FOC == h.o.FOC && h.movesHour():
		return []Command{MoveFOC{By: h.by, FOC: h.a.FOC, At: h.a.At, Timed: h.a.Timed, Why: h.a.Said}}
	case h.a.FOC == "" || h.a.FOC == h.o.FOC:
		return h.seen()
	case h.changing():
		return nil // the date of before is what is about to be changed
	case h.Echoes(h.o, h.now):
		return h.doubt()
	}
	return []Command{MoveFOC{By: h.by, FOC: h.a.FOC, At: h.a.At, Timed: h.a.Timed, Why: h.a.Said}}
}

// movesHour says that the carrier has another hour for the agreed day than the one that it had confirmed.
func (h hearing) movesHour() bool {
	hour := h.confirmedTime(h.o, h.a.At, h.a.Timed)
	return h.o.FOCTime != "" && hour != "" && hour != h.o.FOCTime && !h.changing() && !h.Echoes(h.o, h.now)
}

// changing says that a supplement is about to be sent, or on its way. One that the peer has denied is not.
func (h hearing) changing() bool {
	return h.o.Resend != SupNew || h.port.Sent.IsZero() && h.port.Answered.IsZero()
}

// seen writes down that the peer knows of a supplement, once.
func (h hearing) seen() []Command {
	if h.port.Version == 0 || h.port.Sent.IsZero() || !h.port.Seen.IsZero() || h.o.Resend != SupNew {
		return nil
	}
	return []Command{See{By: h.by, PON: h.port.PON, Version: h.port.Version}}
}

// doubt has the peer asked again when its answer to the version before can no longer be meant, once.
func (h hearing) doubt() []Command {
	at := h.graceEnd(h.o, h.port)
	if due := h.o.Due[DueCheck]; !due.IsZero() && !due.After(at) {
		return nil
	}
	return []Command{Doubt{By: h.by, PON: h.port.PON, Version: h.port.Version}}
}

// withdrawn writes down that the request has ended at the peer.
func (h hearing) withdrawn() []Command {
	if !h.o.HasOpenRequest() {
		return nil
	}
	return []Command{h.o.LetGo(h.by, h.a.Said)}
}

// LetGo is the command for the end of the last request at its peer: it ends an order that the customer cancels.
func (o Order) LetGo(by By, said string) Command {
	port, _ := o.Last(AskPort)
	if o.CancelAsked() {
		return ConfirmCancel{By: by, PON: port.PON, Said: said}
	}
	return Withdrawn{By: by, PON: port.PON, Said: said}
}

// acceptMeanwhile takes a date of a request whose cancellation was asked for.
func (h hearing) acceptMeanwhile() []Command {
	if cmds, done := h.fallout(); done && len(cmds) > 0 {
		return cmds
	}
	switch {
	case h.o.Status == Submitted:
		return h.accept()
	case h.a.FOC == "" || h.a.FOC == h.o.FOC:
		return nil
	}
	return []Command{MoveFOC{By: h.by, FOC: h.a.FOC, At: h.a.At, Timed: h.a.Timed, Why: h.a.Said}}
}

// refuseChange takes the carrier's refusal of a change that it was asked for.
func (h hearing) refuseChange() []Command {
	switch {
	case h.changing():
		return nil
	case h.Echoes(h.o, h.now):
		return h.doubt()
	}
	return []Command{RefuseChange{By: h.by, Reasons: h.a.Reasons, Restore: true}}
}

// takeChange takes the date that the carrier has for a change. The date of before, once the peer has shown anything else
// since the change was sent, or has had time for it, says of another date that the carrier keeps the old one, and of any
// other change that it is taken.
func (h hearing) takeChange() []Command {
	ch, _ := h.o.changing()
	same := h.a.FOC == "" || h.a.FOC == h.o.FOC
	switch {
	case h.changing():
		return nil
	case h.Echoes(h.o, h.now) && (same || h.a.FOC != ch.Date):
		return h.doubt()
	case !same:
		return []Command{MoveFOC{By: h.by, FOC: h.a.FOC, At: h.a.At, Timed: h.a.Timed, Why: h.a.Said}}
	case ch.Kind == WishDate:
		return []Command{RefuseChange{By: h.by, Reasons: h.a.Reasons}}
	}
	return []Command{FinishChange{By: h.by}}
}

func (h hearing) askAgreed() []Command {
	if h.o.Status == Rejected && h.o.Objection.Open() { // the carrier has given way
		return append([]Command{TakeUp{By: SystemBy(WayPeer)}}, h.accept()...)
	}
	return h.ask(Say(MsgAskAgreed, "peer", h.port.Peer, "pon", string(h.port.PON), "foc", string(h.a.FOC)))
}

func (h hearing) askMoved() []Command {
	return h.ask(Say(MsgAskMoved, "peer", h.port.Peer, "pon", string(h.port.PON)))
}

func (h hearing) askUnclear() []Command {
	return h.ask(Say(MsgAskUnclear, "peer", h.port.Peer, "pon", string(h.port.PON), "said", h.a.Said))
}

// ask asks a person, unless the request has ended for us already or the person was asked.
func (h hearing) ask(why Message) []Command {
	if !h.o.withCarrier() && !h.o.HasOpenRequest() || !h.o.canAsk(why) {
		return nil
	}
	return []Command{AskDesk{By: SystemBy(WayPeer), Why: why}}
}

// Echoes says that what the peer tells may still be its answer to the version before a supplement: the peer has shown
// nothing else since the supplement was sent, and the grace for that is not over. A peer's answers may lag behind what
// it has taken.
func (r Rules) Echoes(o Order, now time.Time) bool {
	port, ok := o.Last(AskPort)
	return ok && port.Version > 0 && !port.Sent.IsZero() && port.Seen.IsZero() && now.Before(r.graceEnd(o, port))
}

// graceEnd is the instant from which a refusal counts though the peer has shown nothing else since the supplement.
func (r Rules) graceEnd(o Order, port Attempt) time.Time { return port.Sent.Add(r.Lasts(o, r.Grace)) }

// jeopardy says that all reasons are about the date alone.
func jeopardy(reasons []Reason) bool {
	return len(reasons) > 0 && !slices.ContainsFunc(reasons, func(r Reason) bool { return !r.Code.Info().Date() })
}

// Quote makes a peer's own text fit for comments, mail and logs: one line of at most 200 characters. It blots out what
// may be an account number, a PIN, SSN digits or an address with a key in it: every word of four or more characters
// that holds a digit, words in a row that hold four or more digits together, and every URL and "name=value".
func Quote(s string) string {
	quoted := []rune(Blot(s))
	if len(quoted) > 200 {
		quoted = append(quoted[:199], '…')
	}
	return string(quoted)
}

// Blot makes text one line, and blots out what may be a secret, as [Quote] does, at any length.
func Blot(s string) string {
	words := strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) })
	var kept []string
	for i := 0; i < len(words); {
		end, digits := digitRun(words[i:])
		switch end += i; {
		case end == i:
			kept = append(kept, words[i])
			end++
		case digits >= 4:
			kept = append(kept, "…")
		default:
			for _, w := range words[i:end] {
				kept = append(kept, blotted(w))
			}
		}
		i = end
	}
	return strings.Join(kept, " ")
}

// digitRun returns the number of words at the beginning that hold digits, or stand between such words and hold no
// letter, and how many digits they hold together. A URL or a "name=value" is a run of its own.
func digitRun(words []string) (end, digits int) {
	for i, w := range words {
		n := 0
		for _, c := range w {
			if unicode.IsNumber(c) {
				n++
			}
		}
		switch {
		case strings.Contains(w, "://"), len(w) >= 4 && strings.Contains(w, "="):
			if i == 0 {
				return 1, 4
			}
			return end, digits
		case n > 0:
			end, digits = i+1, digits+n
		case i == 0 || strings.ContainsFunc(w, unicode.IsLetter):
			return end, digits
		}
	}
	return end, digits
}

// blotted returns the word, or a blot for a word of four or more characters that holds a digit.
func blotted(w string) string {
	if strings.ContainsFunc(w, unicode.IsNumber) && len(strings.Trim(w, ".,;:()[]'\"")) >= 4 {
		return "…"
	}
	return w
}
