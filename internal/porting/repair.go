package porting

import (
	"maps"
	"slices"
	"time"
)

// Help is what FindRepair can't read off the order: what the carrier's record has in place of the order's details, and who else
// could carry it.
type Help struct {
	Known   map[string]string // the record's values by wire name, where they are not the order's to the letter
	Form    []string          // those of Known that differ from the order's in their form alone
	Account Secret            // the record's account number where it differs from the order's in its form alone
	Lines   []Line            // who has the numbers and where, asked anew where a reason wants it
	Peer    string            // another peer that can bring all numbers; empty when there is none
}

// allows says whether the customer's consent covers taking the record's value of the field: by the field's own level, or
// because nothing but its form changes.
func (h Help) allows(c Consent, name string) bool {
	return c.Allows(name) || slices.Contains(h.Form, name) && c != CorrectNone && c != ""
}

// repairStep is what one repair changes.
type repairStep struct {
	patch   map[string]string
	account Secret
	drop    []Reason
	split   []Sibling
	stays   Remaining
	// notBefore is the first day that the next request asks for.
	notBefore Date
	after     time.Duration
	fresh     bool
	enclose   []DocumentID
	peer      string
}

// repairRow is a repair with how often it is tried on an order before people are asked, and its rule: a pure function that
// says what to change, or that it does not help.
type repairRow struct {
	kind  RepairKind
	limit int
	rule  func(Rules, Order, Reason, Help, time.Time) (repairStep, bool)
}

var repairs = []repairRow{
	{FromCSR, 1, fromRecord},
	{NextDate, 2, nextDate},
	{TryLater, len(coolDown), tryLater},
	{SendLOA, 1, sendLOA},
	{SendPaper, 1, sendPaper},
	{DropThem, 3, dropThem},
	{SplitThemOff, 2, splitNumbersOff},
	{SendWhole, 1, sendWhole},
	{KeepRest, 1, keepRest},
	{NewMain, 1, newMain},
	{StartOver, 1, startOver},
	{Replace, 1, replace},
	{OtherPeer, 3, otherPeer},
	{Escalate, 1, nothing}, // the status check does it, to a request that is silent
}

// FindRepair looks for a way to resolve the order's present reasons without the customer: for each reason the first repair
// of its row that helps and has not been tried too often. One reason without a repair leaves all of them to people, so
// that the customer hears of everything at once. It is a pure function of the order and what is known beside it.
func (r Rules) FindRepair(o Order, h Help, now time.Time) (Repair, bool) {
	m := Repair{By: SystemBy(WayWorkflow), Proof: o.Proof.By, To: o.Details, Patch: map[string]string{}, Remaining: o.Remaining, Sup: SupOther}
	if len(o.Reasons) == 0 {
		return m, false
	}
	dates := true
	parted := map[int]bool{} // reasons that are resolved by orders of their own
	for i, reason := range o.Reasons {
		info := reason.Code.Info()
		had := len(m.SplitOff)
		kind, ok := m.add(r, o, reason, info, h, now)
		parted[i] = kind == SplitThemOff
		for n := had; n < len(m.SplitOff); n++ {
			m.SplitOff[n].of = i
		}
		if !ok {
			return m, false
		}
		dates = dates && info.Date()
	}
	if len(m.leaving()) >= len(o.Active()) { // a number has to stay
		return m, false
	}
	if part, whole := m.fit(o, parted); !whole {
		return part, true
	}
	if dates && o.FOC != "" {
		m.Sup = SupDate // NANC best practice 28: SUP 2 only after a confirmed response, else 3
	}
	if m.Fresh || m.Peer != "" {
		m.Sup = SupNew
	}
	return m, true
}

// RepairDecision says what becomes of the carrier's refusal.
type RepairDecision struct {
	Do RepairAction
	// Repair is what RepairIt carries out. EndFirst says that the present request has to end at its peer before.
	Repair   Repair
	EndFirst bool
	// Reason is the one for which RepairByStaff asks a person, and Ask the question; empty where the reason has its own.
	Reason ReasonCode
	Ask    MessageKey
	// Quick says of RepairByObjection that the customer could resolve the refusal at once, and gets the order back.
	Quick bool
}

// RepairAction is what becomes of a refusal.
type RepairAction string

// A refusal is resolved by a rule, waits for the record that is pulled again, is contested, is brought to our staff, or
// goes back to the customer.
const (
	RepairIt          RepairAction = "repair"
	RepairByRecord    RepairAction = "pull_record"
	RepairByObjection RepairAction = "object"
	RepairByStaff     RepairAction = "ask_staff"
	RepairByCustomer  RepairAction = "give_back"
)

// DecideRepair decides what becomes of the refusal of an order whose secrets are open.
func (r Rules) DecideRepair(o Order, h Help, now time.Time) RepairDecision {
	m, ok := r.FindRepair(o, h, now)
	switch {
	case ok:
	case o.Objection.Open():
		return RepairDecision{Do: RepairByObjection, Quick: r.quickFix(o, h, now)}
	case o.pullsRecord():
		return RepairDecision{Do: RepairByRecord}
	case r.Judge(o).Improper() && !o.contests() && o.Repairs[Contest] < mostContests:
		return RepairDecision{Do: RepairByObjection, Quick: r.quickFix(o, h, now)}
	default:
		if i := slices.IndexFunc(o.Reasons, o.Contradicts); i >= 0 {
			return RepairDecision{Do: RepairByStaff, Reason: o.Reasons[i].Code, Ask: MsgAskContradiction}
		}
		return GiveUp(o)
	}
	return RepairDecision{Do: RepairIt, Repair: m, EndFirst: m.makesAnother() && o.PeerRef() != ""}
}

// GiveUp decides who resolves a refusal that no rule does: our staff if one of the reasons is theirs, or nobody's, and
// else the customer, who hears all reasons at once. Whether the rest goes on without some numbers is the customer's
// choice.
func GiveUp(o Order) RepairDecision {
	for _, r := range o.Reasons {
		if fix := r.Code.Info().Fix; (fix == ByStaff || fix == ByNobody) && !o.asksToLeaveOut(r) {
			return RepairDecision{Do: RepairByStaff, Reason: r.Code}
		}
	}
	return RepairDecision{Do: RepairByCustomer}
}

// makesAnother says that the repair puts another request in the place of the present one. Both must not ask the carrier
// for the same numbers.
func (m Repair) makesAnother() bool {
	return m.Peer != "" || slices.Contains(m.Repairs, Replace) || m.StartsOver()
}

// StartsOver says that the repair makes a new request since the present one has ended by its refusal.
func (m Repair) StartsOver() bool { return slices.Contains(m.Repairs, StartOver) }

// add takes the reason's first repair that helps into m.
func (m *Repair) add(r Rules, o Order, reason Reason, info ReasonInfo, h Help, now time.Time) (RepairKind, bool) {
	for _, kind := range info.Repairs {
		i := slices.IndexFunc(repairs, func(row repairRow) bool { return row.kind == kind })
		if i < 0 || o.Repairs[kind] >= repairs[i].limit {
			continue
		}
		c, ok := repairs[i].rule(r, o, reason, h, now)
		wanted := len(c.patch)
		if c.account.Reveal() != "" && !r.TakableSecret(o, "provider_account", c.account) {
			c.account, ok = Secret{}, ok && wanted > 0
		}
		if c.patch = r.Takable(o, c.patch, now); len(c.patch) == 0 && wanted > 0 && !c.account.IsSet() {
			ok = kind == SendWhole && ok // which helps without a value too
		}
		if !ok {
			continue
		}
		maps.Copy(m.Patch, c.patch)
		for _, name := range h.Form {
			if _, taken := c.patch[name]; taken && !slices.Contains(m.Form, name) {
				m.Form = append(m.Form, name)
			}
		}
		if c.account.IsSet() {
			m.To.ProviderAccount, m.Fields = c.account, []string{"provider_account"}
		}
		m.Drop = append(m.Drop, c.drop...)
		m.addSiblings(c.split)
		m.Remaining.Active = m.Remaining.Active || c.stays.Active
		m.Remaining.BTN = max(m.Remaining.BTN, c.stays.BTN)
		m.NotBefore = max(m.NotBefore, c.notBefore)
		m.After = max(m.After, c.after)
		m.Fresh = m.Fresh || c.fresh
		m.Enclose = append(m.Enclose, c.enclose...)
		if c.peer != "" {
			m.Peer = c.peer
		}
		if !slices.Contains(m.Repairs, kind) {
			m.Repairs = append(m.Repairs, kind)
		}
		return kind, true
	}
	return "", false
}

// leaving are the numbers that m leaves out or splits off.
func (m *Repair) leaving() []string {
	var all []string
	for _, d := range m.Drop {
		all = append(all, d.Numbers...)
	}
	for _, s := range m.SplitOff {
		all = append(all, s.Numbers...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fromRecord takes the carrier's values of the reason's fields, within the customer's consent.
func fromRecord(_ Rules, o Order, reason Reason, h Help, _ time.Time) (repairStep, bool) {
	c := repairStep{patch: map[string]string{}}
	for _, name := range reason.Code.Info().Fields {
		have, _ := o.Details.Get(name)
		value, known := h.Known[name]
		switch {
		case !h.allows(o.Details.AutoCorrect, name):
		case name == "provider_account":
			c.account = h.Account
		case known && value != have:
			c.patch[name] = value
		}
	}
	return c, len(c.patch) > 0 || c.account.IsSet()
}

// nextDate asks for the next date that the carrier has to accept, unless that is further ahead than the customer may ask for.
// The customer's wish stays beside it.
func nextDate(r Rules, o Order, _ Reason, _ Help, now time.Time) (repairStep, bool) {
	next := r.after(o, o.Asked(r, now), now)
	return repairStep{notBefore: next}, next <= r.Latest(now, o)
}

// coolDown are the waits before a request goes again that another order at the carrier, or its own systems, kept out.
var coolDown = [...]time.Duration{24 * time.Hour, 24 * time.Hour, 48 * time.Hour, 72 * time.Hour, 120 * time.Hour}

func tryLater(_ Rules, o Order, _ Reason, _ Help, _ time.Time) (repairStep, bool) {
	return repairStep{after: coolDown[o.Repairs[TryLater]]}, true
}

// sendLOA sends the letter again, as it is set from the order today, unless it is too old to be sent at all.
func sendLOA(r Rules, o Order, _ Reason, _ Help, now time.Time) (repairStep, bool) {
	return repairStep{}, !r.LOAExpired(o, now)
}

// sendPaper encloses what the carrier wants to see, where the customer has given it to us already.
func sendPaper(r Rules, o Order, reason Reason, _ Help, now time.Time) (repairStep, bool) {
	ids := r.wanted(o, []Reason{reason}, now)
	return repairStep{enclose: ids}, len(ids) > 0
}

// dropThem leaves out the numbers that the reason names. A reason that names none of the order's is for people.
// The customer has to have agreed.
func dropThem(_ Rules, o Order, reason Reason, _ Help, _ time.Time) (repairStep, bool) {
	named := o.named(reason)
	slices.Sort(named)
	return repairStep{drop: []Reason{{Code: reason.Code, Numbers: named}}}, len(named) > 0 && o.LeavesOut(reason.Code)
}

// sendWhole sends all that the order has once more, with what it lacks and the record shows: a request may lose a field between
// the peer and the carrier (taxonomy, LSR_FIELD_MISSING: complete from the order).
func sendWhole(_ Rules, o Order, _ Reason, h Help, _ time.Time) (repairStep, bool) {
	c := repairStep{patch: map[string]string{}}
	if btn := h.Known["billing_number"]; o.Details.BillingNumber == "" && btn != "" && h.allows(o.Details.AutoCorrect, "billing_number") {
		c.patch["billing_number"] = btn
	}
	return c, true
}

// keepRest says that everything else stays in service, which is what Flowroute answers first (S-POST).
func keepRest(_ Rules, o Order, _ Reason, _ Help, _ time.Time) (repairStep, bool) {
	ends := o.Details.Others == EndsToo || o.Details.Disconnect != "" // by the customer's word
	return repairStep{stays: Remaining{Active: true}}, !o.Remaining.Active && !ends
}

// newMain makes a number that stays the account's main number: the first of those that the carrier's record lists. It is the
// customer's account, so that only full consent covers it.
func newMain(_ Rules, o Order, _ Reason, _ Help, _ time.Time) (repairStep, bool) {
	csr, _ := o.Record()
	going := o.Active()
	i := slices.IndexFunc(csr.Record.Numbers, func(tn string) bool {
		return !slices.Contains(going, tn) && !slices.Contains(Listed(o.Details.Disconnect), tn)
	})
	if i < 0 || o.Details.AutoCorrect != CorrectAll || !o.Proof.Given() || o.Details.NewBilling != "" {
		return repairStep{}, false
	}
	return repairStep{stays: Remaining{Active: true, BTN: csr.Record.Numbers[i]}}, true
}

// FrozenRequest is the raw code of a change that this request will never take, and another one in its place would.
const FrozenRequest = "new request"

// replace puts a new request in the place of one that does not take the change, as long as no date was agreed.
func replace(_ Rules, o Order, reason Reason, _ Help, _ time.Time) (repairStep, bool) {
	return repairStep{fresh: true}, reason.Raw == FrozenRequest && o.FOC == ""
}

func startOver(Rules, Order, Reason, Help, time.Time) (repairStep, bool) {
	return repairStep{fresh: true}, true
}

func otherPeer(_ Rules, o Order, _ Reason, h Help, _ time.Time) (repairStep, bool) {
	return repairStep{peer: h.Peer}, h.Peer != "" && !slices.Contains(o.Denied(), h.Peer)
}

func nothing(Rules, Order, Reason, Help, time.Time) (repairStep, bool) { return repairStep{}, false }

// Denied are the peers that have refused to carry the order; it is not brought to them again.
func (o Order) Denied() []string {
	var all []string
	for _, a := range o.Attempts {
		if a.Kind == AskPort && a.State == AnswerDenied {
			all = append(all, a.Peer)
		}
	}
	return all
}

// WantsOtherPeer says that the order was refused for a reason that another peer might not have.
func (o Order) WantsOtherPeer() bool {
	return slices.ContainsFunc(o.Reasons, func(r Reason) bool { return slices.Contains(r.Code.Info().Repairs, OtherPeer) })
}

// RepairKinds lists all repairs.
func RepairKinds() []RepairKind {
	all := make([]RepairKind, 0, len(repairs))
	for _, row := range repairs {
		all = append(all, row.kind)
	}
	return all
}
