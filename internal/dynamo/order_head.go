package dynamo

import (
	"cmp"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// headItem is an order without its numbers and attempts. What a list shows of an order stands at the top level, since
// an index takes attributes from there alone. The items of the list index have no others.
type headItem struct {
	key
	ID       string      `dynamodbav:"id"`
	Account  string      `dynamodbav:"account"`
	Sandbox  bool        `dynamodbav:"sandbox,omitempty"`
	OwnOnly  bool        `dynamodbav:"own_only,omitempty"` // missing in items of before v9, whose orders hold against everybody
	HeldIdle int64       `dynamodbav:"held_idle_ns,omitempty"`
	Group    string      `dynamodbav:"group"`
	From     string      `dynamodbav:"split_from,omitempty"`
	Reopens  string      `dynamodbav:"reopens,omitempty"`
	Reopened string      `dynamodbav:"reopened_as,omitempty"`
	Apart    bool        `dynamodbav:"apart,omitempty"`
	Status   string      `dynamodbav:"status"`
	StatusAt stamp       `dynamodbav:"status_at,omitempty"`
	Created  stamp       `dynamodbav:"created"`
	Updated  stamp       `dynamodbav:"updated"`
	Kind     string      `dynamodbav:"kind"`
	Carrier  carrierItem `dynamodbav:"carrier"`
	Alias    string      `dynamodbav:"alias,omitempty"`
	Desired  string      `dynamodbav:"desired,omitempty"`
	FOC      string      `dynamodbav:"foc,omitempty"`
	FOCTime  string      `dynamodbav:"foc_time,omitempty"`

	Version     int64             `dynamodbav:"version"`
	Class       string            `dynamodbav:"class,omitempty"`
	Country     string            `dynamodbav:"number_country,omitempty"`
	Zone        string            `dynamodbav:"number_zone,omitempty"`
	Own         *ownTermsItem     `dynamodbav:"own_terms,omitempty"`
	Flags       *flagsItem        `dynamodbav:"carrier_flags,omitempty"`
	Quiet       string            `dynamodbav:"quiet_days,omitempty"`
	SearchKept  string            `dynamodbav:"search_kept,omitempty"`
	Shown       *shownItem        `dynamodbav:"shown,omitempty"`
	Numbers     int               `dynamodbav:"numbers"` // how many
	First       string            `dynamodbav:"first_number,omitempty"`
	Few         []byte            `dynamodbav:"first_numbers,omitempty"` // the first few, packed, where there are several
	Details     map[string]any    `dynamodbav:"details,omitempty"`       // by wire name, in older items by olderName
	Personal    map[string]string `dynamodbav:"personal,omitempty"`      // the details that tell of a person, by wire name
	ChangedFrom map[string]string `dynamodbav:"changed_from,omitempty"`
	Sealed      map[string]string `dynamodbav:"sealed,omitempty"` // the ciphertexts of secret details, by wire name
	Presets     map[string]string `dynamodbav:"presets,omitempty"`
	Signature   *signatureItem    `dynamodbav:"signature,omitempty"`
	Documents   []documentItem    `dynamodbav:"documents,omitempty"`
	Changes     []changeItem      `dynamodbav:"changes,omitempty"`
	Enclosed    []string          `dynamodbav:"enclosed,omitempty"`
	Reasons     []reasonItem      `dynamodbav:"reasons,omitempty"`
	ClockFrom   stamp             `dynamodbav:"clock_from,omitempty"`
	Reminders   int               `dynamodbav:"reminders,omitempty"`
	Extended    stamp             `dynamodbav:"extended,omitempty"`
	Announced   string            `dynamodbav:"announced,omitempty"`
	Renewals    map[string]stamp  `dynamodbav:"renewals,omitempty"`
	CSRSettled  bool              `dynamodbav:"csr_settled,omitempty"`
	Proof       *proofItem        `dynamodbav:"proof,omitempty"` // missing in items of before v8 alone
	Misses      []stamp           `dynamodbav:"csr_misses,omitempty"`
	Withdrawing bool              `dynamodbav:"withdrawing,omitempty"`
	GoesWithout bool              `dynamodbav:"goes_without,omitempty"`
	Objection   *objectionItem    `dynamodbav:"objection,omitempty"`
	AlsoAsked   []string          `dynamodbav:"also_asked,omitempty"`
	Disputes    []disputeItem     `dynamodbav:"disputes,omitempty"`
	Authority   *authorityItem    `dynamodbav:"authority,omitempty"`
	FOCAt       stamp             `dynamodbav:"foc_at,omitempty"`
	Repairs     map[string]int    `dynamodbav:"repairs,omitempty"`
	NotBefore   string            `dynamodbav:"not_before,omitempty"`
	HandOver    stamp             `dynamodbav:"hand_over,omitempty"`
	Resend      int               `dynamodbav:"resend,omitempty"`
	Remaining   *remainingItem    `dynamodbav:"remaining,omitempty"`
	Delays      int               `dynamodbav:"delays,omitempty"`
	Habit       *porting.Habit    `dynamodbav:"habit,omitempty"` // by the names of its fields
	Escalated   stamp             `dynamodbav:"escalated,omitempty"`
	PortFee     int64             `dynamodbav:"port_fee_cents,omitempty"`
	CancelFee   int64             `dynamodbav:"cancel_fee_cents,omitempty"`
	ChangeFees  int64             `dynamodbav:"change_fees_cents,omitempty"`
	Refunded    int64             `dynamodbav:"refunded_cents,omitempty"`
	Returned    int64             `dynamodbav:"returned_cents,omitempty"`
	Credit      int64             `dynamodbav:"credit_cents,omitempty"`
	Credited    int64             `dynamodbav:"credited_cents,omitempty"`
	Tariff      *tariffItem       `dynamodbav:"tariff,omitempty"`
	Driver      *driverItem       `dynamodbav:"driver,omitempty"`
	Wait        *waitItem         `dynamodbav:"wait,omitempty"`
	Desk        *messageItem      `dynamodbav:"desk,omitempty"`
	DeskAt      stamp             `dynamodbav:"desk_at,omitempty"`
	Unanswered  stamp             `dynamodbav:"unanswered,omitempty"`
	Due         map[string]stamp  `dynamodbav:"due,omitempty"`
	Parts       *partsItem        `dynamodbav:"parts,omitempty"`
}

// proofItem is the secret by which the customer has proven to hold the account. An unproven order has an empty one, which
// tells it from an order of before the proofs.
type proofItem struct {
	By string `dynamodbav:"by,omitempty"`
	At stamp  `dynamodbav:"at,omitempty"`
}

// proof returns the order's proof. An order of before the proofs that was past the comparison with the carrier's record,
// or was given back, keeps what it has shown to its customer; any other one has to be proven like a new one.
func (h headItem) proof() porting.Proof {
	switch {
	case h.Proof != nil:
		return porting.Proof{By: porting.ProofKind(h.Proof.By), At: h.Proof.At.time()}
	case h.CSRSettled || len(h.Reasons) > 0:
		return porting.Proof{By: porting.ProofEarlier}
	}
	return porting.Proof{}
}

func stampsOf(all []time.Time) []stamp {
	var stamps []stamp
	for _, at := range all {
		stamps = append(stamps, stampOf(at))
	}
	return stamps
}

func timesOf(stamps []stamp) []time.Time {
	var all []time.Time
	for _, at := range stamps {
		all = append(all, at.time())
	}
	return all
}

// ownTermsItem has the terms of the order's carrier that differ from those of its class.
type ownTermsItem struct {
	Profile        string `dynamodbav:"profile,omitempty"`
	SimpleLead     int    `dynamodbav:"simple_lead,omitempty"`
	Lead           int    `dynamodbav:"lead,omitempty"`
	SimpleFOCHours int    `dynamodbav:"simple_foc_hours,omitempty"`
	FOCHours       int    `dynamodbav:"foc_hours,omitempty"`
	Cutoff         int    `dynamodbav:"cutoff,omitempty"`
	Zone           string `dynamodbav:"zone,omitempty"`
	Holidays       string `dynamodbav:"holidays,omitempty"`
	ProjectFrom    int    `dynamodbav:"project_from,omitempty"`
	MaxAheadDays   int    `dynamodbav:"max_ahead_days,omitempty"`
	LOADays        int    `dynamodbav:"loa_days,omitempty"`
	BillDays       int    `dynamodbav:"bill_days,omitempty"`
	ChangeDays     int    `dynamodbav:"change_days,omitempty"`
	NoCSR          bool   `dynamodbav:"no_csr,omitempty"`
}

// flagsItem is what was known of the losing carrier.
type flagsItem struct {
	AccountNumber bool `dynamodbav:"account_number,omitempty"`
	LeadDays      int  `dynamodbav:"lead_days,omitempty"`
	Resold        bool `dynamodbav:"resold,omitempty"`

	Recovery porting.ReasonCode `dynamodbav:"recovery,omitempty"`
}

// shownItem is what the order's events have shown of the losing carrier already.
type shownItem struct {
	Answered bool     `dynamodbav:"answered,omitempty"`
	CSR      bool     `dynamodbav:"csr,omitempty"`
	FOC      bool     `dynamodbav:"foc,omitempty"`
	Port     bool     `dynamodbav:"port,omitempty"`
	Refused  []string `dynamodbav:"refused,omitempty"`
}

type remainingItem struct {
	Active bool   `dynamodbav:"active,omitempty"`
	BTN    string `dynamodbav:"btn,omitempty"`
}

type carrierItem struct {
	SPID string `dynamodbav:"spid"`
	Name string `dynamodbav:"name"`
}

type signatureItem struct {
	Name  string            `dynamodbav:"name"`
	Title string            `dynamodbav:"title"`
	At    stamp             `dynamodbav:"at"`
	IP    string            `dynamodbav:"ip,omitempty"`
	LOA   map[string]string `dynamodbav:"loa,omitempty"` // the details that the signed LOA shows, by wire name
	// OlderLOA has the same details in older items, by the names of their fields.
	OlderLOA map[string]string `dynamodbav:"letter,omitempty"`
	// Order and Numbers are what was signed, which the order's own items no longer tell once numbers are split off. The
	// numbers are packed, since the head is written with every change. Conformed has details by wire name.
	Order     string            `dynamodbav:"order,omitempty"`
	Numbers   []byte            `dynamodbav:"numbers,omitempty"`
	Conformed map[string]string `dynamodbav:"conformed,omitempty"`

	Capacity     string        `dynamodbav:"capacity,omitempty"`
	EndUserLOA   string        `dynamodbav:"end_user_loa,omitempty"` // the digest of its file
	EndUserDated string        `dynamodbav:"end_user_dated,omitempty"`
	Words        string        `dynamodbav:"words,omitempty"` // the version of the words that were signed
	Language     string        `dynamodbav:"language,omitempty"`
	By           string        `dynamodbav:"by,omitempty"` // a link or an access key
	Operator     *operatorItem `dynamodbav:"operator,omitempty"`
}

// operatorItem is the new carrier that an LOA names.
type operatorItem struct {
	Name    string `dynamodbav:"name,omitempty"`
	Address string `dynamodbav:"address,omitempty"`
	Phone   string `dynamodbav:"phone,omitempty"`
	RespOrg string `dynamodbav:"resporg,omitempty"`
}

// documentItem is a document of an order. Its number is its place in the list. Documents are few and small, and whoever
// reads an order needs them, so they stand in its head.
type documentItem struct {
	Name    string       `dynamodbav:"name"`
	Kind    string       `dynamodbav:"kind"`
	Dated   string       `dynamodbav:"dated,omitempty"`
	State   string       `dynamodbav:"state"`
	Why     *messageItem `dynamodbav:"why,omitempty"`
	LOA     bool         `dynamodbav:"letter,omitempty"`
	From    string       `dynamodbav:"from,omitempty"`
	Expires stamp        `dynamodbav:"expires,omitempty"`
	Of      string       `dynamodbav:"of,omitempty"`
	Digest  string       `dynamodbav:"digest,omitempty"`
	Size    int64        `dynamodbav:"size,omitempty"`
	Pages   int          `dynamodbav:"pages,omitempty"`
	Added   stamp        `dynamodbav:"added"`
	Settled stamp        `dynamodbav:"settled,omitempty"`
}

func documentsOf(all []porting.Document) []documentItem {
	var items []documentItem
	for _, d := range all {
		items = append(items, documentItem{
			Name: d.Name, Kind: string(d.Kind), Dated: string(d.Dated), State: string(d.State), Why: messageOf(d.Why), LOA: d.LOA,
			From: d.From, Expires: stampOf(d.Expires), Of: string(d.Of), Digest: d.Digest, Size: d.Size, Pages: d.Pages,
			Added: stampOf(d.Added), Settled: stampOf(d.Settled),
		})
	}
	return items
}

func documentsFrom(items []documentItem) []porting.Document {
	var all []porting.Document
	for n, i := range items {
		all = append(all, porting.Document{
			ID: porting.DocumentID(strconv.Itoa(n + 1)), Name: i.Name, Kind: porting.DocumentKind(i.Kind),
			Dated: porting.Date(i.Dated), State: porting.DocumentState(i.State), Why: i.Why.message(), LOA: i.LOA, From: i.From,
			Expires: i.Expires.time(), Of: porting.OrderID(i.Of), Digest: i.Digest, Size: i.Size, Pages: i.Pages,
			Added: i.Added.time(), Settled: i.Settled.time(),
		})
	}
	return all
}

type reasonItem struct {
	Code    string            `dynamodbav:"code"`
	Raw     string            `dynamodbav:"raw,omitempty"`
	Said    string            `dynamodbav:"said,omitempty"`
	Note    *messageItem      `dynamodbav:"note,omitempty"`
	Numbers []string          `dynamodbav:"numbers,omitempty"`
	Patch   map[string]string `dynamodbav:"patch,omitempty"`
}

type driverItem struct {
	Machine string `dynamodbav:"machine,omitempty"`
	Run     int    `dynamodbav:"run"`
	Entered stamp  `dynamodbav:"entered,omitempty"`
	Try     int    `dynamodbav:"try,omitempty"`
}

// waitItem is the wait of a state machine. Its task token is not encrypted: function notify resumes by it and has no
// right to decrypt, and the token is worth nothing once the wait is over.
type waitItem struct {
	For     string `dynamodbav:"for,omitempty"`
	Machine string `dynamodbav:"machine,omitempty"`
	Run     int    `dynamodbav:"run,omitempty"`
	Token   string `dynamodbav:"token,omitempty"`
	Seq     int64  `dynamodbav:"seq,omitempty"`
	Outcome string `dynamodbav:"outcome,omitempty"`
}

// headOf makes the head of an order whose secrets are sealed.
func headOf(o porting.Order) headItem {
	d := o.Details
	h := headItem{
		key: headKey(o.ID), ID: padded(o.ID), Account: string(o.Account), Sandbox: o.Sandbox, Group: string(o.Group),
		OwnOnly: o.OwnOnly, HeldIdle: int64(o.HeldIdle),
		From: string(o.SplitOffFrom), Reopens: string(o.Reopens), Reopened: string(o.ReopenedAs), Apart: o.OtherAccount,
		Extended: stampOf(o.Extended), Credit: int64(o.Credit), Credited: int64(o.Credited),
		Status: string(o.Status), StatusAt: stampOf(o.StatusAt), Created: stampOf(o.Created),
		Updated: stampOf(o.Updated), Kind: string(o.Kind), Carrier: carrierItem(o.Carrier), Class: string(o.Class), Country: o.Home.Country, Zone: o.Home.Zone, Alias: d.Alias,
		Desired: string(d.Desired), FOC: string(o.FOC), FOCTime: string(o.FOCTime), Version: o.Version, Numbers: len(o.Numbers),
		Presets: presetsOf(o.Presets), Documents: documentsOf(o.Documents), Changes: changesOf(o.Changes), Reasons: reasonsOf(o.Reasons),
		ClockFrom: stampOf(o.ClockFrom), Reminders: o.Reminders, Announced: string(o.Announced), CSRSettled: o.CSRSettled, FOCAt: stampOf(o.FOCAt),
		NotBefore: string(o.NotBefore), HandOver: stampOf(o.HandOver), Resend: int(o.Resend), Delays: o.Delays, PortFee: int64(o.PortFee), CancelFee: int64(o.CancelFee), ChangeFees: int64(o.ChangeFees), Refunded: int64(o.Refunded), Returned: int64(o.Returned), Tariff: tariffOf(o.Tariff), Desk: messageOf(o.Desk),
		Escalated: stampOf(o.Escalated), Parts: partsOf(chunksOf(o.Numbers), triesOf(o)),
		Withdrawing: o.Withdrawing, GoesWithout: o.WithoutFailed, Proof: &proofItem{string(o.Proof.By), stampOf(o.Proof.At)},
		Misses: stampsOf(o.Misses), DeskAt: stampOf(o.DeskAt), Unanswered: stampOf(o.Unanswered),
		Objection: objectionOf(o.Objection), AlsoAsked: o.AlsoAsked, Disputes: disputesOf(o.Disputes), Authority: authorityOf(o.Authority),
	}
	h.setDetails(d)
	h.Quiet, h.ChangedFrom, h.SearchKept = string(o.QuietDays), o.ChangedFrom, o.SearchKept
	if o.Flags != (porting.CarrierFlags{}) {
		flags := flagsItem(o.Flags)
		h.Flags = &flags
	}
	if o.Habit != (porting.Habit{}) {
		h.Habit = &o.Habit
	}
	if s := o.Shown; s.Answered || s.CSR || s.FOC || s.Port || len(s.Refused) > 0 {
		h.Shown = &shownItem{s.Answered, s.CSR, s.FOC, s.Port, wordsOf(s.Refused)}
	}
	if o.Own != (porting.OwnTerms{}) {
		own := ownTermsItem(o.Own)
		h.Own = &own
	}
	if s := o.Signature; !s.IsZero() {
		h.Signature = &signatureItem{
			Name: s.Name, Title: s.Title, At: stampOf(s.At), IP: s.IP, LOA: valuesOf(s.LOA), Order: string(s.Order),
			Numbers: packed(s.Numbers), Conformed: valuesOf(s.Conformed), Capacity: string(s.Capacity),
			EndUserLOA: s.EndUserLOA, EndUserDated: string(s.EndUserDated), Words: s.Words, By: s.By, Language: string(s.Language),
		}
		if s.Operator != (porting.Operator{}) {
			by := operatorItem(s.Operator)
			h.Signature.Operator = &by
		}
	}
	for _, id := range o.Enclosed {
		h.Enclosed = append(h.Enclosed, string(id))
	}
	if o.Remaining != (porting.Remaining{}) {
		h.Remaining = &remainingItem{o.Remaining.Active, o.Remaining.BTN}
	}
	if o.Driver != (porting.Driver{}) {
		h.Driver = &driverItem{string(o.Driver.Machine), o.Driver.Run, stampOf(o.Driver.Fence.Entered), o.Driver.Fence.Try}
	}
	if w := o.Wait; w != (porting.Wait{}) {
		h.Wait = &waitItem{string(w.For), string(w.Machine), w.Run, w.Token.Reveal(), w.Seq, string(w.Outcome)}
	}
	if len(o.Repairs) > 0 {
		h.Repairs = map[string]int{}
		for kind, n := range o.Repairs {
			h.Repairs[string(kind)] = n
		}
	}
	if len(o.Renewals) > 0 {
		h.Renewals = map[string]stamp{}
		for paper, dated := range o.Renewals {
			h.Renewals[paper] = stampOf(dated)
		}
	}
	if len(o.Due) > 0 {
		h.Due = map[string]stamp{}
		for kind, at := range o.Due {
			h.Due[string(kind)] = stampOf(at)
		}
	}
	if len(o.Numbers) > 0 {
		h.First = o.Numbers[0].TN
	}
	if len(o.Numbers) > 1 {
		few := make([]string, 0, orders.FewNumbers)
		for _, n := range o.Numbers[:min(orders.FewNumbers, len(o.Numbers))] {
			few = append(few, n.TN)
		}
		h.Few = packed(few)
	}
	return h
}

// listed returns the order as lists show it.
func (h headItem) listed() porting.Order {
	o := h.order()
	if h.First != "" {
		o.Numbers = []porting.Number{{TN: h.First}}
	}
	return o
}

// head returns the order with the first few of its numbers; of an item of before v9 with the first alone.
func (h headItem) head() orders.Head {
	o := h.listed()
	if few := unpacked(h.Few); len(few) > 0 {
		o.Numbers = nil
		for _, tn := range few {
			o.Numbers = append(o.Numbers, porting.Number{TN: tn})
		}
	}
	return orders.Head{Order: o, Count: h.Numbers}
}

// order returns the order without its numbers and attempts.
func (h headItem) order() porting.Order {
	o := porting.Order{
		ID: h.key.order(), Group: porting.GroupID(h.Group), Account: porting.AccountID(h.Account), Sandbox: h.Sandbox,
		OwnOnly: h.OwnOnly, HeldIdle: time.Duration(h.HeldIdle),
		Version: h.Version, SplitOffFrom: porting.OrderID(h.From), OtherAccount: h.Apart,
		Reopens: porting.OrderID(h.Reopens), ReopenedAs: porting.OrderID(h.Reopened),
		Status: porting.Status(h.Status), StatusAt: h.StatusAt.time(), Created: h.Created.time(),
		Updated: h.Updated.time(), Kind: porting.Kind(h.Kind), Carrier: porting.Carrier(h.Carrier), Class: porting.Class(h.Class),
		Home:  porting.Home{Country: h.Country, Zone: h.Zone},
		Given: porting.Given{Details: h.details(), Documents: documentsFrom(h.Documents), Changes: changesFrom(h.Changes)},
		Answers: porting.Answers{Reasons: reasonsFrom(h.Reasons), CSRSettled: h.CSRSettled, FOC: porting.Date(h.FOC), FOCTime: porting.Clock(h.FOCTime),
			FOCAt: h.FOCAt.time(), Withdrawing: h.Withdrawing, WithoutFailed: h.GoesWithout, Proof: h.proof(), Misses: timesOf(h.Misses),
			Objection: h.Objection.objection()},
		Contention: porting.Contention{AlsoAsked: h.AlsoAsked, Disputes: disputesFrom(h.Disputes),
			Authority: h.Authority.authority()},
		Clocks: porting.Clocks{ClockFrom: h.ClockFrom.time(), Reminders: h.Reminders, Announced: porting.Date(h.Announced), Extended: h.Extended.time(),
			Escalated: h.Escalated.time(), Unanswered: h.Unanswered.time()},
		NextRequest: porting.NextRequest{NotBefore: porting.Date(h.NotBefore), HandOver: h.HandOver.time(), Resend: porting.Sup(h.Resend), Delays: h.Delays},
		Charges: porting.Charges{PortFee: porting.Money(h.PortFee), CancelFee: porting.Money(h.CancelFee), ChangeFees: porting.Money(h.ChangeFees),
			Refunded: porting.Money(h.Refunded), Returned: porting.Money(h.Returned), Credit: porting.Money(h.Credit), Credited: porting.Money(h.Credited), Tariff: h.Tariff.tariff()},
		Drive: porting.Drive{Desk: h.Desk.message(), DeskAt: h.DeskAt.time()},
	}
	if h.Habit != nil {
		o.Habit = *h.Habit
	}
	if s := h.Shown; s != nil {
		o.Shown = porting.Shown{Answered: s.Answered, CSR: s.CSR, FOC: s.FOC, Port: s.Port, Refused: codesOf(s.Refused)}
	}
	if h.Own != nil {
		o.Own = porting.OwnTerms(*h.Own)
	}
	o.QuietDays, o.ChangedFrom, o.SearchKept = porting.QuietDays(h.Quiet), h.ChangedFrom, h.SearchKept
	if h.Flags != nil {
		o.Flags = porting.CarrierFlags(*h.Flags)
	}
	for _, id := range h.Enclosed {
		o.Enclosed = append(o.Enclosed, porting.DocumentID(id))
	}
	for name, value := range h.Presets {
		o.Presets.Set(name, value)
	}
	if s := h.Signature; s != nil {
		o.Signature = porting.Signature{Name: s.Name, Title: s.Title, At: s.At.time(), IP: s.IP, LOA: s.details(),
			Order: porting.OrderID(s.Order), Numbers: unpacked(s.Numbers), Conformed: restored(s.Conformed),
			Capacity: porting.Capacity(s.Capacity), EndUserLOA: s.EndUserLOA, EndUserDated: porting.Date(s.EndUserDated),
			Words: s.Words, By: s.By, Language: porting.Language(s.Language)}
		if s.Operator != nil {
			o.Signature.Operator = porting.Operator(*s.Operator)
		}
	}
	if r := h.Remaining; r != nil {
		o.Remaining = porting.Remaining(*r)
	}
	if h.Driver != nil {
		o.Driver = porting.Driver{Machine: porting.Machine(h.Driver.Machine), Run: h.Driver.Run,
			Fence: porting.Fence{Entered: h.Driver.Entered.time(), Try: h.Driver.Try}}
	}
	if w := h.Wait; w != nil {
		o.Wait = porting.Wait{For: porting.WaitFor(w.For), Machine: porting.Machine(w.Machine), Run: w.Run,
			Token: porting.NewSecret(w.Token), Seq: w.Seq, Outcome: porting.Outcome(w.Outcome)}
	}
	if len(h.Repairs) > 0 {
		o.Repairs = map[porting.RepairKind]int{}
		for kind, n := range h.Repairs {
			o.Repairs[porting.RepairKind(kind)] = n
		}
	}
	if len(h.Renewals) > 0 {
		o.Renewals = map[string]time.Time{}
		for paper, dated := range h.Renewals {
			o.Renewals[paper] = dated.time()
		}
	}
	if len(h.Due) > 0 {
		o.Due = map[porting.DueKind]time.Time{}
		for kind, at := range h.Due {
			o.Due[porting.DueKind(kind)] = at.time()
		}
	}
	return o
}

// setDetails writes the details, each where its row says: among what tells of a person, among the ciphertexts, or with
// the others.
func (h *headItem) setDetails(d porting.Details) {
	h.Details, h.Personal, h.Sealed = map[string]any{}, map[string]string{}, map[string]string{}
	for _, row := range porting.DetailRows() {
		switch value := row.Value(d); {
		case value == "":
		case row.Seal != "":
			h.Sealed[row.Name] = value
		case row.Personal:
			h.Personal[row.Name] = value
		default:
			h.Details[row.Name] = value
		}
	}
}

// details reads the details in the present form and in the older one, which has all of them in one map. An item of the
// list index has only the details that stand at the top level.
func (h headItem) details() porting.Details {
	d := porting.Details{Alias: h.Alias, Desired: porting.Date(h.Desired)}
	for _, row := range porting.DetailRows() {
		value := h.Personal[row.Name] + h.Sealed[row.Name]
		for _, name := range []string{row.Name, olderName(row)} {
			switch v := h.Details[name].(type) {
			case string:
				value = v
			case bool:
				value = strconv.FormatBool(v)
			}
		}
		if value != "" {
			row.Restore(&d, value)
		}
	}
	return d
}

// olderName returns the attribute of a detail in the older form of a head: its wire name without the nesting, with a
// mark where it is a ciphertext.
func olderName(row porting.Detail) string {
	name := strings.TrimPrefix(row.Name, "enable_")
	name = strings.Replace(name, "loa_details/", "loa_", 1)
	if row.Seal != "" {
		name += "_sealed"
	}
	return name
}

// valuesOf returns the details that are set, by wire name.
func valuesOf(d porting.Details) map[string]string {
	values := map[string]string{}
	for _, row := range porting.DetailRows() {
		if value := row.Value(d); value != "" {
			values[row.Name] = value
		}
	}
	return values
}

// fieldName returns the Go name of the field with a wire name: BillingName for billing_name.
func fieldName(wire string) string {
	var name string
	for part := range strings.SplitSeq(wire, "_") {
		name += strings.ToUpper(part[:1]) + part[1:]
	}
	return name
}

// details reads the details that the signed LOA shows, in the present form and in the older one.
func (s signatureItem) details() porting.Details {
	var d porting.Details
	for _, row := range porting.DetailRows() {
		if value := cmp.Or(s.LOA[row.Name], s.OlderLOA[fieldName(row.Name)]); value != "" {
			row.Restore(&d, value)
		}
	}
	return d
}

// restored returns the details that valuesOf has written.
func restored(values map[string]string) porting.Details {
	var d porting.Details
	for _, row := range porting.DetailRows() {
		if value := values[row.Name]; value != "" {
			row.Restore(&d, value)
		}
	}
	return d
}

// packed writes numbers in a row, each as how many of its bytes are those of the number before, how many others follow,
// and these. Most numbers of an order follow each other and take three bytes.
func packed(tns []string) []byte {
	var all []byte
	before := ""
	for _, tn := range tns {
		same := 0
		for same < min(len(tn), len(before), math.MaxUint8) && tn[same] == before[same] {
			same++
		}
		all = append(all, byte(same))
		all = binary.AppendUvarint(all, uint64(len(tn)-same))
		all = append(all, tn[same:]...)
		before = tn
	}
	return all
}

// unpacked reads what packed has written.
func unpacked(all []byte) []string {
	var tns []string
	tn := ""
	for len(all) > 0 {
		rest, size := binary.Uvarint(all[1:])
		all, tn = all[1+size:], tn[:all[0]]+string(all[1+size:1+size+int(rest)])
		all = all[rest:]
		tns = append(tns, tn)
	}
	return tns
}

// presetsOf returns the presets that are set, by wire name.
func presetsOf(p porting.Presets) map[string]string {
	values := map[string]string{}
	for _, name := range porting.PresetFields() {
		if value := p.Get(name); value != "" {
			values[name] = value
		}
	}
	return values
}

func reasonsOf(reasons []porting.Reason) []reasonItem {
	var items []reasonItem
	for _, r := range reasons {
		items = append(items, reasonItem{Code: string(r.Code), Raw: r.Raw, Said: r.Said, Note: messageOf(r.Note), Numbers: r.Numbers, Patch: r.Patch})
	}
	return items
}

func reasonsFrom(items []reasonItem) []porting.Reason {
	var reasons []porting.Reason
	for _, r := range items {
		reasons = append(reasons, porting.Reason{
			Code: porting.ReasonCode(r.Code), Raw: r.Raw, Said: r.Said, Note: r.Note.message(), Numbers: r.Numbers, Patch: r.Patch,
		})
	}
	return reasons
}
