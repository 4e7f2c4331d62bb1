package porting

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Numbers that can't go together at the carrier are split off: some stay on their order, the others continue in an order
// of their own in the same group, a sibling.

// Sibling is the numbers that a split takes off an order.
type Sibling struct {
	ID      OrderID // given by the order book
	Numbers []string
	Carrier Carrier // who has them
	// Apart says that they are on another account: account number, PIN and billing number of the first order are not
	// theirs.
	OtherAccount bool
	Why          ReasonCode
	of           int // the place of the reason
}

// splitOffRow says how the numbers of an order that was refused for a reason are parted: those with the key of home
// stay.
type splitOffRow struct {
	code ReasonCode
	asks bool // the peer is asked again who has the numbers, and where
	// apart says that what leaves is on another account: an account is with one carrier, and may reach over many rate
	// centers.
	otherAccount bool
	part         func(Order, Reason, Help) (key func(tn string) string, home string)
}

// splits are the reasons that orders of their own for some numbers can resolve (taxonomy D1, D3, D6).
var splitOffRows = []splitOffRow{
	{code: "MULTIPLE_ACCOUNTS", otherAccount: true, part: byAccount},
	{code: "DIFFERENT_CARRIERS", asks: true, otherAccount: true, part: byCarrier},
	{code: "WRONG_LOSING_CARRIER", asks: true, otherAccount: true, part: byCarrier},
	{code: "DIFFERENT_RATE_CENTERS", asks: true, part: byRateCenter},
	{code: "PORT_TYPE_INCORRECT", part: byName},
	{code: "HIGH_VOLUME_MANUAL", part: byBatch},
}

// MaxSiblings is how many orders may be split off one order for one reason; more are a project, and for people: our
// decision.
const MaxSiblings = 29

func splitOffRowOf(code ReasonCode) (splitOffRow, bool) {
	i := slices.IndexFunc(splitOffRows, func(row splitOffRow) bool { return row.code == code })
	if i < 0 {
		return splitOffRow{}, false
	}
	return splitOffRows[i], true
}

// WantsLines says that one of the order's reasons is resolved by asking the peer again who has its numbers, and where.
func (o Order) WantsLines() bool {
	return slices.ContainsFunc(o.Reasons, func(r Reason) bool { row, ok := splitOffRowOf(r.Code); return ok && row.asks })
}

// split parts the order's numbers. It does not help where nothing tells which ones are to go.
func splitNumbersOff(_ Rules, o Order, reason Reason, h Help, _ time.Time) (repairStep, bool) {
	row, ok := splitOffRowOf(reason.Code)
	if !ok {
		return repairStep{}, false
	}
	key, home := row.part(o, reason, h)
	place := map[string]int{}
	var parts []Sibling
	for _, tn := range o.Active() {
		k := key(tn)
		if k == home {
			continue
		}
		i, ok := place[k]
		if !ok {
			i = len(parts)
			place[k] = i
			parts = append(parts, Sibling{Carrier: h.carrier(tn, o.Carrier), OtherAccount: row.otherAccount, Why: reason.Code})
		}
		parts[i].Numbers = append(parts[i].Numbers, tn)
	}
	return repairStep{split: parts}, len(parts) > 0 && len(parts) <= MaxSiblings
}

// carrier is who has the number, as far as the peer was asked and knows it.
func (h Help) carrier(tn string, otherwise Carrier) Carrier {
	for _, l := range h.Lines {
		if l.TN == tn && l.Carrier.SPID != "" {
			return l.Carrier
		}
	}
	return otherwise
}

// byAccount keeps what the carrier's record of the account lists. Those go that the refusal names where the record lists
// none of the order's numbers or all of them, which tells nothing here, and where the order is unproven.
func byAccount(o Order, reason Reason, h Help) (func(string) string, string) {
	csr, _ := o.Record()
	listed := func(tn string) bool { return slices.Contains(csr.Record.Numbers, tn) }
	if all := o.Active(); o.Proof.Discloses(OrderNumbers).Shown && slices.ContainsFunc(all, listed) && !every(all, listed) {
		return func(tn string) string { return strconv.FormatBool(listed(tn)) }, "true"
	}
	return byName(o, reason, h)
}

// byCarrier keeps what is with the order's own carrier, or else with that of its first number. Where the peer does not
// find several carriers those go that the refusal names.
func byCarrier(o Order, reason Reason, h Help) (func(string) string, string) {
	all, spid := o.Active(), map[string]string{}
	for _, l := range h.Lines {
		spid[l.TN] = l.Carrier.SPID
	}
	key := func(tn string) string { return spid[tn] }
	known := len(all) > 0 && every(all, func(tn string) bool { return spid[tn] != "" })
	switch {
	case !known || every(all, func(tn string) bool { return spid[tn] == spid[all[0]] }):
		return byName(o, reason, h)
	case slices.ContainsFunc(all, func(tn string) bool { return spid[tn] == o.Carrier.SPID }):
		return key, o.Carrier.SPID
	}
	return key, spid[all[0]]
}

// byRateCenter keeps the rate center of the first number. Where the peer does not tell all of them the codes count: an
// NPA-NXX lies in one rate center, though a rate center may have several (Central Office Code Assignment Guidelines).
func byRateCenter(o Order, _ Reason, h Help) (func(string) string, string) {
	all, center := o.Active(), map[string]string{}
	for _, l := range h.Lines {
		center[l.TN] = l.RateCenter
	}
	key := func(tn string) string { return center[tn] }
	if !every(all, func(tn string) bool { return center[tn] != "" }) {
		key = func(tn string) string { return tn[:min(len(tn), len("+1206555"))] }
	}
	if len(all) == 0 {
		return key, ""
	}
	return key, key(all[0])
}

// byName keeps what the refusal does not name.
func byName(_ Order, reason Reason, _ Help) (func(string) string, string) {
	return func(tn string) string { return strconv.FormatBool(slices.Contains(reason.Numbers, tn)) }, "false"
}

// byBatch makes batches none of which is a project (taxonomy, HIGH_VOLUME_MANUAL: by 50, or by the carrier's own limit).
func byBatch(o Order, _ Reason, _ Help) (func(string) string, string) {
	place := map[string]int{}
	for i, tn := range o.Active() {
		place[tn] = i / max(1, o.projectFrom()-1)
	}
	return func(tn string) string { return strconv.Itoa(place[tn]) }, "0"
}

func every(tns []string, is func(string) bool) bool {
	return !slices.ContainsFunc(tns, func(tn string) bool { return !is(tn) })
}

// apart adds siblings of numbers that are not on one yet.
func (m *Repair) addSiblings(parts []Sibling) {
	for _, s := range parts {
		s.Numbers = slices.DeleteFunc(slices.Clone(s.Numbers), func(tn string) bool {
			return slices.ContainsFunc(m.SplitOff, func(have Sibling) bool { return slices.Contains(have.Numbers, tn) })
		})
		if len(s.Numbers) > 0 {
			m.SplitOff = append(m.SplitOff, s)
		}
	}
}

// What a split takes of the transaction that carries it out: of an order's items beside its claims, which a sibling
// has once and the first order too, and what is left beside the first order's.
const (
	siblingItems = 8
	splitItems   = HoldsPerTransaction - 5
)

// fit is a repair of as many siblings as one transaction takes, a part of one where it is too large; whole says that m
// is that already. What else m does, and the reasons that are left over, come after it.
func (m Repair) fit(o Order, parted map[int]bool) (part Repair, whole bool) {
	if len(m.SplitOff) == 0 {
		return m, true
	}
	room, fits := splitItems, m.SplitOff[:0:0]
	for _, s := range m.SplitOff {
		n := min(len(s.Numbers), room-siblingItems)
		if n == len(s.Numbers) || len(fits) == 0 { // the first sibling always finds room
			s.Numbers = s.Numbers[:n]
			fits = append(fits, s)
			room -= n + siblingItems
			continue
		}
		break
	}
	part = Repair{By: m.By, To: o.Details, SplitOff: fits, More: true}
	gone := part.leaving()
	open := map[int]bool{} // reasons with numbers that are still to go
	for _, s := range m.SplitOff {
		open[s.of] = open[s.of] || !every(s.Numbers, func(tn string) bool { return slices.Contains(gone, tn) })
	}
	for i, reason := range o.Reasons {
		if !parted[i] || open[i] {
			part.Rest = append(part.Rest, reason)
		}
	}
	whole = len(m.Drop) == 0 && !slices.Contains(slices.Collect(maps.Values(open)), true)
	return part, whole
}

// share is what n of the order's numbers have cost.
func (r Rules) share(o Order, n int) Money {
	return min(r.Fee(o)*Money(n), o.Paid()*Money(n)/Money(max(len(o.Active()), 1)))
}

// partWith takes the numbers of a sibling off the order, with their fee.
func (c *change) partWith(s Sibling, fee Money) (Message, error) {
	if s.ID == "" || s.ID == c.o.ID || len(s.Numbers) == 0 {
		return Message{}, Errorf(Invalid, "A split makes an order with an id and numbers of its own.")
	}
	active := c.o.Active()
	if !every(s.Numbers, func(tn string) bool { return slices.Contains(active, tn) }) {
		return Message{}, Errorf(Invalid, "A number to be split off is not on the order any more.")
	}
	c.o.Signature = c.o.original()
	c.o.Numbers = slices.DeleteFunc(c.o.Numbers, func(n Number) bool { return slices.Contains(s.Numbers, n.TN) })
	c.o.PortFee -= fee
	if !s.OtherAccount {
		c.o.Remaining = c.o.Remaining.beside(s)
	}
	return Say(MsgDidSplitOff, "numbers", strings.Join(s.Numbers, ","), "order", string(s.ID), "reason", string(s.Why)), nil
}

// beside is what the sibling's request says of what stays, where r is what the first one's did. Each of several
// requests on one account is for a part of it: without that word the carrier may end what the others are to bring. Of
// another account nothing was said.
func (r Remaining) beside(s Sibling) Remaining {
	if s.OtherAccount {
		return Remaining{}
	}
	r.Active = true
	return r
}

// splitOff makes the order of a sibling. It has what the customer gave and signed for the order it comes from, and no
// fee of its own: the numbers bring theirs. What is on another account is compared with the carrier's record first,
// which may tell the account.
func splitOff(c *change, cmd SplitOff) error {
	from, s := cmd.From, cmd.Sibling
	c.o = Order{
		ID: s.ID, Group: from.Group, Account: from.Account, Sandbox: from.Sandbox, SplitOffFrom: from.ID, OtherAccount: s.OtherAccount, Created: c.now, StatusAt: c.now,
		Kind: from.Kind, Carrier: s.Carrier, Given: Given{Details: from.Details, Presets: from.Presets, Signature: from.original()},
		NextRequest: NextRequest{Remaining: from.Remaining.beside(s)}, Answers: Answers{CSRSettled: from.CSRSettled && !s.OtherAccount}, Charges: Charges{PortFee: c.share(from, len(s.Numbers)), Tariff: from.Tariff},
	}
	if !s.OtherAccount {
		c.o.Proof, c.o.Misses = from.Proof, from.Misses
	}
	for _, tn := range s.Numbers {
		c.o.Numbers = append(c.o.Numbers, Number{TN: tn})
	}
	c.o.Class, c.o.Own, c.o.Flags, c.o.Home, c.o.QuietDays = from.Class, from.Own, from.Flags, from.Home, from.QuietDays
	if s.Carrier.SPID != from.Carrier.SPID {
		c.o.Own, c.o.Flags = OwnTerms{}, CarrierFlags{}
	}
	c.document(loa(from.Signature.At))
	d := &c.o.Details
	if s.OtherAccount {
		*d = d.only(func(r Detail) bool { return !r.OfAccount })
	} else {
		c.inherit(from)
		if csr, ok := from.Record(); ok {
			c.o.Attempts = []Attempt{csr}
		}
	}
	if s.Carrier.SPID != from.Carrier.SPID && s.Carrier.Name != "" {
		d.Provider = s.Carrier.Name
		c.ownTerms()
	}
	var secrets []*Secret
	for _, row := range detailRows {
		if row.secret != nil {
			secrets = append(secrets, row.secret(d))
		}
	}
	for i := range c.o.Attempts {
		secrets = append(secrets, &c.o.Attempts[i].Record.AccountNumber)
	}
	for _, secret := range secrets { // a ciphertext can be opened under its own order alone
		if secret.IsSet() && secret.Reveal() == "" {
			return Errorf(Invalid, "An order is split with its secrets open.")
		}
		*secret = NewSecret(secret.Reveal())
	}
	c.say(Say(MsgSplitOff, "order", string(from.ID), "reason", string(s.Why), "numbers", strings.Join(s.Numbers, ",")))
	return nil
}

// RequestIncludesSplitOff says that a request at the peer may still have numbers that were split off: what tells the
// peer is yet to be sent. A carrier may give a date all the same, to all of them.
func (o Order) RequestIncludesSplitOff() bool {
	port, ok := o.Last(AskPort)
	if !ok || !o.Desk.IsZero() {
		return false
	}
	planned := port.Version > 0 && port.Sent.IsZero()
	switch o.Status {
	case Submitted:
		return port.State == AnswerRefused && port.Ref != "" || o.Resend != SupNew || planned
	case Accepted:
		return o.Resend == SupOther || planned && port.Sup == SupOther
	}
	return false
}

// NeedsAccountNumber says that the numbers were split off for their account, and nobody has told or refused its number
// yet: the customer is asked before the carrier is.
func (o Order) NeedsAccountNumber() bool {
	return o.OtherAccount && o.Kind == Local && !o.Details.ProviderAccount.IsSet() && o.ClockFrom.IsZero()
}
