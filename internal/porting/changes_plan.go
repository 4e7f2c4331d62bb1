package porting

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ChangePlan says what a change would take. It changes nothing.
type ChangePlan struct {
	Wish Wish
	Way  ChangeWay
	// Sup and Version are those of the request that asks for it; zero where none does.
	Sup     Sup
	Version int
	// Until is the last safe time: until then the carrier takes the change by rule. After it a person asks, for a further
	// fee. It is zero where no date is agreed.
	Until time.Time
	// Ends is when no change is possible any more; zero where no date is agreed.
	Ends time.Time
	// Fee has to be accepted, and is taken when the change is done. FeeLater is the fee after Until.
	Fee, FeeLater Money
	// Earliest is the first date that the carrier has to accept after the change; empty for a cancellation.
	Earliest Date
	// Sign are the details that the signed LOA shows otherwise after the change, so that it has to be signed again.
	Sign []string
	// Rest are the numbers that go on.
	Rest []string
	// Answer is by when our staff answers; zero where no person is needed.
	Answer time.Time
	// Leads is the status to which the change leads: at once, or when the carrier agrees; None where the status stays.
	Leads Status
}

// ChangeWay is how a change is carried out.
type ChangeWay string

// At once, on our side alone; by a supplement of the request at the carrier; by withdrawing that request, for good or for a
// new request in its place; or by our staff, who ask the carrier.
const (
	WayAtOnce     ChangeWay = "at_once"
	WaySupplement ChangeWay = "supplement"
	WayWithdrawal ChangeWay = "withdrawal"
	WayNewRequest ChangeWay = "new_request"
	WayStaff      ChangeWay = "staff"
)

// ChangeWays lists all ways.
func ChangeWays() []ChangeWay {
	return []ChangeWay{WayAtOnce, WaySupplement, WayWithdrawal, WayNewRequest, WayStaff}
}

// stage is how far an order is, as far as a change depends on it.
type stage int

const (
	stageDraft    stage = iota // not signed
	stageChecked               // our checks run
	stageUnsent                // submitted, and the next request is still to be made
	stageAsked                 // the carrier has the request
	stageAgreed                // the carrier has agreed to a date
	stageRejected              // with the customer
	stageReviewed              // with our review
)

func (o Order) stage() stage {
	switch o.Status {
	case Pending:
		return stageDraft
	case Processing:
		return stageChecked
	case Accepted:
		return stageAgreed
	case Rejected:
		return stageRejected
	case Review:
		return stageReviewed
	}
	port, asked := o.Last(AskPort)
	if !asked || o.Withdrawing || o.Resend != SupNew || port.State == AnswerRefused || port.State == AnswerOver {
		return stageUnsent
	}
	return stageAsked
}

// The ways that are none: why a change can't be made, with the call that can.
const (
	wayEdit     ChangeWay = "edit"     // the documented calls make it
	wayNotYet   ChangeWay = "not yet"  // our own checks come first
	wayNoDate   ChangeWay = "no date"  // carriers take nothing but a date
	wayAdd      ChangeWay = "add"      // carriers take no more numbers
	wayNoHurry  ChangeWay = "no hurry" // there is no date to bring forward
	wayRegistry ChangeWay = "registry" // the registry takes no change
)

// changeWays is the table of changes: for each stage, the way of each kind.
var changeWays = map[WishKind]map[stage]ChangeWay{
	WishCancel: {stageDraft: WayAtOnce, stageChecked: WayAtOnce, stageUnsent: WayAtOnce, stageAsked: WayWithdrawal,
		stageAgreed: WayWithdrawal, stageRejected: WayAtOnce, stageReviewed: WayAtOnce},
	WishDate: {stageDraft: wayEdit, stageChecked: wayNotYet, stageUnsent: WayAtOnce, stageAsked: WaySupplement,
		stageAgreed: WaySupplement, stageRejected: wayEdit, stageReviewed: wayNotYet},
	WishCorrection: {stageDraft: wayEdit, stageChecked: wayNotYet, stageUnsent: WayAtOnce, stageAsked: WaySupplement,
		stageAgreed: wayNoDate, stageRejected: wayEdit, stageReviewed: wayNotYet},
	WishRemoval: {stageDraft: wayEdit, stageChecked: wayNotYet, stageUnsent: WayAtOnce, stageAsked: WaySupplement,
		stageAgreed: WaySupplement, stageRejected: WayAtOnce, stageReviewed: wayNotYet},
	WishAddition: {stageDraft: wayEdit, stageChecked: wayAdd, stageUnsent: wayAdd, stageAsked: wayAdd, stageAgreed: wayAdd,
		stageRejected: WayAtOnce, stageReviewed: wayAdd},
	WishExpedite: {stageDraft: wayNoHurry, stageChecked: wayNoHurry, stageUnsent: wayNoHurry, stageAsked: WayStaff,
		stageAgreed: WayStaff, stageRejected: wayNoHurry, stageReviewed: wayNoHurry},
}

// noWay says why there is no way, and what to do instead.
var noWay = map[ChangeWay]string{
	wayEdit:     "The order is with you. Change it by PATCH on the order, or on its numbers.",
	wayNotYet:   "We are checking the order. Ask for the change once the order is submitted, or correct it if it is rejected.",
	wayNoDate:   "The carrier has agreed to a date, and takes nothing but another date or fewer numbers from now on. To change anything else, cancel the order and make a new one.",
	wayAdd:      "No number can be added to an order that has been submitted. Make a new order for it, or add it when this order is rejected.",
	wayNoHurry:  "Only a request that the carrier has can be expedited. Give an earlier date instead.",
	wayRegistry: "The toll-free registry takes no such change of a request that it has. Cancel the order and make a new one.",
}

// way is the table's way for the order, by the terms of its class.
func (o Order) way(kind WishKind) ChangeWay {
	at := o.stage()
	way := changeWays[kind][at]
	if kind == WishCancel && way == WayAtOnce && o.withCarrier() && o.requestLives() {
		way = WayWithdrawal
	}
	switch {
	case o.Kind == TollFree && kind == WishExpedite && way == WayStaff,
		o.Kind == TollFree && kind != WishCancel && at == stageAgreed:
		return wayRegistry
	case o.Terms().Change == ChangeByRequest && kind == WishDate && at == stageAsked:
		return WayNewRequest
	case o.Terms().Change == ChangeByAgreement && kind == WishDate && way == WaySupplement:
		return WayStaff
	}
	return way
}

// changeDays is how many business days before an agreed date a carrier still takes a change, where its own terms do not
// say (Bandwidth's help: two business days before the FOC).
const changeDays = 2

// LastChange is until when the carrier of an accepted order takes a change by rule: so many business days before the agreed
// date, at the cut-off. It is zero for any other order.
func (r Rules) LastChange(o Order) time.Time {
	c, t := r.carrierDays(o), o.Terms()
	foc := o.FOC.In(c.Location())
	if o.Status != Accepted || foc.IsZero() {
		return time.Time{}
	}
	last := c.At(c.AddBusinessDays(foc, -cmp.Or(o.Own.ChangeDays, changeDays)), t.Cutoff, 0)
	if o.Sandbox && r.SandboxDay != 0 { // as long before the instant of the port, by the sandbox's days
		return o.FOCAt.Add(-r.Lasts(o, c.At(foc, 12, 0).Sub(last)))
	}
	return last
}

// PlanChange says what it takes to change the order as the customer wishes, as of now. The error says why the change
// can't be made, and names what can: WrongStatus, ChangeOpen for a second change, SignatureNeeded, or Invalid with every
// fault.
func (r Rules) PlanChange(o Order, w Wish, now time.Time) (ChangePlan, error) {
	if err := r.changeable(o, now); err != nil {
		return ChangePlan{}, err
	}
	p := ChangePlan{Wish: w, Way: o.way(w.Kind), Rest: o.Active()}
	if why, none := noWay[p.Way]; none {
		return ChangePlan{}, Errorf(WrongStatus, "%s", why)
	}
	if o.Status == Accepted {
		p.Until, p.Ends = r.LastChange(o), o.FOCAt.Add(-r.Lasts(o, r.Freeze))
	}
	late := !p.Until.IsZero() && now.After(p.Until)
	if late {
		p.Way = WayStaff
	}
	if err := r.plan(o, &p, now); err != nil {
		return ChangePlan{}, err
	}
	p.Fee, p.FeeLater = r.changeFee(o, w, late), r.changeFee(o, w, true)
	if o.Status == Submitted && (p.Way == WaySupplement || p.Way == WayNewRequest) && r.LOAExpired(o, now) && len(p.Sign) == 0 {
		p.Sign = []string{"loa"} // the carrier would refuse the next request for it
	}
	switch p.Way {
	case WaySupplement:
		p.Sup, p.Version = SupOther, o.nextVersion()
		if o.Status == Accepted && w.Kind == WishDate {
			p.Sup = SupDate
		}
	case WayWithdrawal, WayNewRequest:
		p.Sup, p.Version = SupCancel, o.nextVersion()
	case WayStaff:
		p.Answer = r.Paced(o, now, deskHours(r.Calendar, now, promised[QueueChange]))
	}
	return p, nil
}

// changeable refuses what holds for a change of any kind.
func (r Rules) changeable(o Order, now time.Time) error {
	port, asked := o.Last(AskPort)
	ch, open := o.OpenChange()
	switch {
	case o.Status == Completed && now.Before(r.SnapbackUntil(o)):
		return Errorf(WrongStatus, "The numbers have moved. Until %s they can go back to the carrier that had them: ask for a snapback.",
			moment(r.SnapbackUntil(o).In(r.Calendar.Location())))
	case !o.Status.Live():
		return Errorf(WrongStatus, "The order is %s and cannot be changed any more.", o.Status)
	case open:
		return Errorf(ChangeOpen, "Change %d of the order (%s) has not been answered yet. Wait for its answer before you ask for another.",
			len(o.Changes), ch.Kind)
	case o.CancelAsked():
		return Errorf(ChangeOpen, "The carrier is being asked to cancel the order. Wait for its answer.")
	case len(o.Changes) >= MaxChanges:
		return Errorf(WrongStatus, "The order was changed %d times, which is the most. Write to our porting desk in a comment.", MaxChanges)
	case o.Status == Accepted && (o.Resend != SupNew || asked && port.Sent.IsZero()),
		o.Status == Submitted && asked && port.Sent.IsZero() && port.State != AnswerOver && port.State != AnswerRefused:
		return Errorf(ChangeOpen, "A request is on its way to the carrier at this moment. Try again in two minutes.")
	case o.Status == Accepted && !now.Before(o.FOCAt.Add(-r.Lasts(o, r.Freeze))):
		return Errorf(WrongStatus, "The numbers move on %s, and the carrier takes no change any more. "+
			"For 24 hours after they have moved they can be moved back.", o.FOC.Words())
	}
	return nil
}

// plan settles what depends on the kind, and tells every fault of the wish.
func (r Rules) plan(o Order, p *ChangePlan, now time.Time) error {
	w := &p.Wish
	var faults Faults
	switch w.Kind {
	case WishCancel:
		p.Rest = nil
		p.Leads = cmp.Or(map[stage]Status{stageDraft: Cancelled, stageChecked: Cancelled, stageRejected: Abandoned}[o.stage()], HardCanceled)
	case WishDate:
		faults = r.dateFaults(o, w.Date, now)
		p.Earliest = r.Earliest(o, now)
	case WishExpedite:
		switch {
		case w.Reason != ForOutage && w.Reason != ForMedical:
			faults.Add("reason", Required, "Give outage or medical. Carriers expedite a port for no other reason.")
		case w.Date != "" && isDate(string(w.Date), Details{}) != "":
			faults.Add("date", BadFormat, isDate(string(w.Date), Details{}))
		case w.Date != "" && w.Date <= DateOf(now.In(r.Calendar.Location())):
			faults.Add("date", OutOfRange, "Give a date after today.")
		}
		p.Earliest = r.Earliest(o, now)
	case WishCorrection:
		return r.planCorrection(o, p, now)
	case WishRemoval:
		active := o.Active()
		for i, tn := range w.Numbers {
			switch at := "numbers/" + strconv.Itoa(i); {
			case slices.Contains(w.Numbers[:i], tn):
				faults.Add(at, Duplicate, "The list has this number twice.")
			case !slices.Contains(active, tn):
				faults.Add(at, Unknown, "The number does not take part in this order.")
			}
		}
		p.Rest = slices.DeleteFunc(active, func(tn string) bool { return slices.Contains(w.Numbers, tn) })
		switch {
		case len(w.Numbers) == 0:
			faults.Add("numbers", Required, "Name at least one number.")
		case len(p.Rest) == 0:
			faults.Add("numbers", NotAllowed, "At least one number must stay on the order. To give up all of them, cancel the order.")
		case len(w.Numbers) > MaxNumberChanges:
			faults.Add("numbers", TooMany, fmt.Sprintf("Give at most %d numbers in one call.", MaxNumberChanges))
		}
		p.Earliest = r.Earliest(o, now)
	case WishAddition:
		faults = numberFaults("numbers", w.Numbers, o.Numbers)
		switch {
		case len(w.Numbers) == 0:
			faults.Add("numbers", Required, "Name at least one number.")
		case len(w.Numbers) > MaxNumberChanges:
			faults.Add("numbers", TooMany, fmt.Sprintf("Give at most %d numbers in one call.", MaxNumberChanges))
		}
		p.Rest = append(p.Rest, w.Numbers...)
		p.Sign = []string{"numbers"}
		p.Earliest = r.Earliest(o, now)
	default:
		kinds := make([]string, 0, len(WishKinds()))
		for _, k := range WishKinds() {
			kinds = append(kinds, string(k))
		}
		faults.Add("kind", NotAllowed, "Give one of: "+strings.Join(kinds, ", ")+".")
	}
	return faults.Err()
}

// dateFaults are what is wrong with another date. A date after the agreed one needs no interval; an earlier one has to keep
// the carrier's.
func (r Rules) dateFaults(o Order, d Date, now time.Time) Faults {
	var faults Faults
	switch why := isDate(string(d), Details{}); {
	case d == "":
		faults.Add("date", Required, "Give the date that you wish.")
		return faults
	case why != "":
		faults.Add("date", BadFormat, why)
		return faults
	}
	day := r.DayOf(d, now, o)
	if day.State == DayTooSoon && o.Status == Accepted && d > o.FOC {
		day.State = DayOpen
	}
	current := o.FOC
	if o.Status != Accepted {
		current = o.Details.Desired
	}
	advice := r.advice(day, now, o)
	switch {
	case d == current:
		faults.Add("date", NotAllowed, "The order has this date already.")
	case day.State.Never():
		faults = append(faults, Fault{Field: "date", Code: OutOfRange, Days: advice,
			Message: whyNever(day) + " " + nearestWords(advice.Nearest[:])})
	case day.State == DayTooFar:
		faults = append(faults, Fault{Field: "date", Code: OutOfRange, Days: advice,
			Message: "The last day that can be asked for now is " + advice.Latest.Words() + "."})
	case day.State == DayTooSoon:
		faults = append(faults, Fault{Field: "date", Code: OutOfRange, Days: advice,
			Message: "The carrier need not accept a day before " + advice.Earliest.Words() +
				". To ask for one all the same, ask for an expedited port, which needs a reason."})
	}
	return faults
}

// planCorrection plans other details: what no request tells the carrier is changed at once, and what the signed LOA shows
// otherwise needs a signature.
func (r Rules) planCorrection(o Order, p *ChangePlan, now time.Time) error {
	w := &p.Wish
	var faults Faults
	if len(w.Fields) == 0 {
		faults.Add("attributes", Required, "Name at least one attribute to correct.")
	}
	corrected := o
	for _, name := range w.Fields {
		row, ok := DetailRow(name)
		switch {
		case !ok:
			faults.Add(name, Unknown, "There is no such attribute.")
			continue
		case name == "desired_completion_date":
			faults.Add(name, NotAllowed, "Ask for another date by a change of the kind date.")
			continue
		}
		row.copy(&corrected.Details, &w.To)
	}
	corrected.Details = corrected.Details.Tidy()
	faults = append(faults, r.Faults(corrected.Details, o.Details)...)
	faults = append(faults, corrected.Details.stayFaults(corrected.Active())...)
	if err := faults.Err(); err != nil {
		return err
	}
	before := r.Unsigned(o)
	for _, name := range r.Unsigned(corrected) {
		if !slices.Contains(before, name) {
			p.Sign = append(p.Sign, name)
		}
	}
	p.Earliest = r.Earliest(corrected, now)
	w.To = corrected.Details
	return nil
}

// nextVersion is the version of the next request under the order's present PON.
func (o Order) nextVersion() int {
	port, asked := o.Last(AskPort)
	if !asked {
		return 0
	}
	next := port.Version + 1
	for _, a := range o.Attempts {
		if a.Kind == AskPort && a.PON == port.PON {
			next = max(next, a.Version+1)
		}
	}
	return next
}

// hadRequest says that a carrier has, or has had, a request of the order.
func (o Order) hadRequest() bool {
	return slices.ContainsFunc(o.Attempts, func(a Attempt) bool {
		return a.Kind == AskPort && !a.Sent.IsZero() && a.State != AnswerDenied
	})
}

// changeFee is what a change costs by the order's tariff, in time or once it is late. Nothing costs anything before a
// carrier has had the request, or once it has given the order back; a correction or fewer numbers cost nothing in time
// (our decision). Added numbers have their port fee, where that of the others was taken already.
func (r Rules) changeFee(o Order, w Wish, late bool) Money {
	switch {
	case w.Kind == WishAddition && o.PortFee > 0:
		return r.Fee(o) * Money(len(w.Numbers))
	case !o.hadRequest() || o.Status == Rejected:
		return 0
	}
	t := o.Tariff
	expedite := t.Expedite.Or(r.ExpediteFee)
	fee := map[WishKind]Money{
		WishCancel: t.Cancel.Or(r.HardCancelFee), WishDate: t.DateChange.Or(r.DateChangeFee), WishExpedite: expedite,
	}[w.Kind]
	if late && w.Kind != WishExpedite {
		fee += expedite
	}
	return fee
}

// moment writes an instant as people do: "Tuesday, December 1, 2026, 1:00 PM EST".
func moment(t time.Time) string { return t.Format("Monday, January 2, 2006, 3:04 PM MST") }

// State is how the change stands once it is asked for.
func (p ChangePlan) State() ChangeState {
	switch p.Way {
	case WayAtOnce, WayNewRequest:
		return ChangeIsDone
	case WayStaff:
		return ChangeWithStaff
	case WayWithdrawal:
		return ChangeWithCarrier
	}
	return ChangeAskedFor
}

// Command returns the command that carries the plan out, at the fee that was accepted.
func (p ChangePlan) Command(by By, fee Money) Command {
	if p.Wish.Kind == WishCancel && p.Way == WayAtOnce {
		return CancelNow{By: by}
	}
	return AskChange{By: by, Wish: p.Wish, Fee: fee}
}

// ChangeOffer is a change that can be asked for now, with its deadline and its fee.
type ChangeOffer struct {
	Kind          WishKind
	Until, Ends   time.Time // as in ChangePlan
	Fee, FeeLater Money
	Staff         bool // a person has to ask the carrier
}

// Offers are the changes that can be asked for now, whatever their values are. The documented calls make those of an order
// that is with its customer, save a change of a rejected order's numbers.
func (r Rules) Offers(o Order, now time.Time) []ChangeOffer {
	if o.Status == Pending || r.changeable(o, now) != nil {
		return nil
	}
	var all []ChangeOffer
	for _, kind := range WishKinds() {
		way := o.way(kind)
		if noWay[way] != "" || o.Status == Rejected && kind == WishCancel {
			continue
		}
		offer := ChangeOffer{Kind: kind, Staff: way == WayStaff}
		w := Wish{Kind: kind, Numbers: []string{""}}
		if o.Status == Accepted {
			offer.Until, offer.Ends = r.LastChange(o), o.FOCAt.Add(-r.Lasts(o, r.Freeze))
		}
		late := !offer.Until.IsZero() && now.After(offer.Until)
		offer.Staff = offer.Staff || late
		offer.Fee, offer.FeeLater = r.changeFee(o, w, late), r.changeFee(o, w, true)
		all = append(all, offer)
	}
	return all
}

// Words tell deadline and fee: "free until Friday, March 12, 2027, 1:00 PM PST; after that our staff has to ask, for $75".
func (f ChangeOffer) Words(zone *time.Location) string {
	fee := func(m Money) string {
		if m == 0 {
			return "free"
		}
		return "$" + m.Dollars()
	}
	switch {
	case f.Staff && f.Ends.IsZero():
		return "our staff asks the carrier, which need not agree; " + fee(f.Fee) + " if it does"
	case f.Staff:
		return fmt.Sprintf("until %s our staff asks the carrier, which need not agree; %s if it does", moment(f.Ends.In(zone)), fee(f.Fee))
	case f.Until.IsZero():
		return fee(f.Fee)
	case !f.Ends.After(f.Until):
		return fmt.Sprintf("%s until %s", fee(f.Fee), moment(f.Ends.In(zone)))
	}
	return fmt.Sprintf("%s until %s; after that our staff has to ask the carrier, %s", fee(f.Fee), moment(f.Until.In(zone)), fee(f.FeeLater))
}
