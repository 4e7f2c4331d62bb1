package dynamo

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// This file is the wire of the table: its keys, and each kind of item as it is written.

// The indexes. List holds the heads by account and id; due is sparse, keys only, and is what sweeps and the staff queue read;
// feed holds what is told of events, by account and place, and not what is still to follow from them, which would be written
// there too each time it changes.
const (
	listIndex = "list"
	dueIndex  = "due"
	feedIndex = "feed"
)

// key is an item's primary key.
type key struct {
	PK string `dynamodbav:"pk"`
	SK string `dynamodbav:"sk"`
}

func (k key) av() item {
	return item{"pk": &types.AttributeValueMemberS{Value: k.PK}, "sk": &types.AttributeValueMemberS{Value: k.SK}}
}

func (k key) String() string { return k.PK + "|" + k.SK }

type item = map[string]types.AttributeValue

// The sort keys of an order's items sort as COPY# < DOC# < DUE# < EVENT# < MAIL# < NUMBERS# < ORDER < TRY#, so that Load is one range
// and View a longer one.
const (
	fromNumbers = "NUMBERS#"
	fromEvents  = "EVENT#"
	orderSK     = "ORDER"
)

func orderKey(id porting.OrderID, sk string) key { return key{"O#" + string(id), sk} }
func headKey(id porting.OrderID) key             { return orderKey(id, orderSK) }
func chunkKey(id porting.OrderID, n int) key     { return orderKey(id, fmt.Sprintf("NUMBERS#%03d", n)) }
func tryKey(id porting.OrderID, n int) key       { return orderKey(id, fmt.Sprintf("TRY#%04d", n)) }
func eventKey(id porting.OrderID, version int64, n int) key {
	return orderKey(id, fmt.Sprintf("EVENT#%010d.%d", version, n))
}
func dueKey(id porting.OrderID, kind orders.DueKind) key { return orderKey(id, "DUE#"+string(kind)) }
func claimKey(claim string) key                          { return key{"TN#" + claim, "CLAIM"} }
func groupKey(id porting.GroupID) key                    { return key{"G#" + string(id), "GROUP"} }
func intakeKey(id porting.GroupID) key                   { return key{"G#" + string(id), "INTAKE"} }
func accountKey(id porting.AccountID) key                { return key{"A#" + string(id), "ACCOUNT"} }
func accessKey(access string) key                        { return key{"K#" + access, "KEY"} }

// An account's items sort as ACCESS#<access key> < ACCOUNT < LEDGER#<time>#<what> < ONCE#<what> < PRESET#<kind>#<id>, so that
// the account with its keys is one range, and the ledger one in the order of time. What makes a line of the ledger happen once
// is an item beside it: the same thing tried later has another time.
const fromAccess = "ACCESS#"

func accountSK(id porting.AccountID, sk string) key { return key{accountKey(id).PK, sk} }
func listedKey(id porting.AccountID, access string) key {
	return accountSK(id, fromAccess+access)
}
func ledgerKey(id porting.AccountID, at time.Time, what string) key {
	return accountSK(id, "LEDGER#"+string(stampOf(at))+"#"+what)
}
func onceKey(id porting.AccountID, what string) key { return accountSK(id, "ONCE#"+what) }
func presetKey(id porting.AccountID, ref account.Ref) key {
	return accountSK(id, "PRESET#"+string(ref.Kind)+"#"+padded(porting.OrderID(ref.ID)))
}

// receiptKey is unambiguous whatever the key: no account's id has a # in it.
func receiptKey(id porting.AccountID, idempotency string) key {
	return key{"I#" + string(id) + "#" + idempotency, "KEY"}
}

// parseKey reads a key as text, as in orders.Due.Key.
func parseKey(text string) (key, bool) {
	pk, sk, ok := strings.Cut(text, "|")
	return key{pk, sk}, ok
}

// order is the order that an item belongs to; empty when it is another's.
func (k key) order() porting.OrderID {
	id, ok := strings.CutPrefix(k.PK, "O#")
	if !ok {
		return ""
	}
	return porting.OrderID(id)
}

// idWidth is the length of the longest id, 2^53: padded to it, the order of text is the order of numbers.
const idWidth = 16

func padded(id porting.OrderID) string {
	return strings.Repeat("0", max(0, idWidth-len(id))) + string(id)
}

// shards is over how many partitions each kind of due date is spread: one takes 1,000 writes a second.
const shards = 4

func shard(kind orders.DueKind, pk string) string {
	h := fnv.New32a()
	h.Write([]byte(pk)) // never fails
	return shardOf(kind, int(h.Sum32()%shards))
}

func shardOf(kind orders.DueKind, n int) string { return string(kind) + "#" + strconv.Itoa(n) }

// stamp is an instant as text of fixed width, so that the order of text is the order of time; empty for the zero time.
type stamp string

const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stampOf(t time.Time) stamp {
	if t.IsZero() {
		return ""
	}
	return stamp(t.UTC().Format(stampLayout))
}

// time is the instant; zero for what is no stamp, which only a hand in the table can have written.
func (s stamp) time() time.Time {
	t, err := time.Parse(stampLayout, string(s))
	if err != nil {
		return time.Time{}
	}
	return t
}

// headItem is an order without its numbers and attempts. What the list answers with stands at the top level, since an index
// projects nothing below; list items have these attributes alone.
type headItem struct {
	key
	ID       string      `dynamodbav:"id"`
	Account  string      `dynamodbav:"account"`
	Sandbox  bool        `dynamodbav:"sandbox,omitempty"`
	Group    string      `dynamodbav:"group"`
	From     string      `dynamodbav:"split_from,omitempty"`
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

	Version    int64             `dynamodbav:"version"`
	Numbers    int               `dynamodbav:"numbers"` // how many
	First      string            `dynamodbav:"first_number,omitempty"`
	Details    detailsItem       `dynamodbav:"details"`
	Presets    map[string]string `dynamodbav:"presets,omitempty"`
	Signature  *signatureItem    `dynamodbav:"signature,omitempty"`
	Documents  []documentItem    `dynamodbav:"documents,omitempty"`
	Enclosed   []string          `dynamodbav:"enclosed,omitempty"`
	Reasons    []reasonItem      `dynamodbav:"reasons,omitempty"`
	ClockFrom  stamp             `dynamodbav:"clock_from,omitempty"`
	Reminders  int               `dynamodbav:"reminders,omitempty"`
	Renewals   map[string]stamp  `dynamodbav:"renewals,omitempty"`
	CSRSettled bool              `dynamodbav:"csr_settled,omitempty"`
	FOCAt      stamp             `dynamodbav:"foc_at,omitempty"`
	Repairs    map[string]int    `dynamodbav:"repairs,omitempty"`
	Resend     int               `dynamodbav:"resend,omitempty"`
	Remaining  *remainingItem    `dynamodbav:"remaining,omitempty"`
	Delays     int               `dynamodbav:"delays,omitempty"`
	Habit      *porting.Habit    `dynamodbav:"habit,omitempty"` // by the names of the fields: it is read by us alone
	Escalated  stamp             `dynamodbav:"escalated,omitempty"`
	PortFee    int64             `dynamodbav:"port_fee_cents,omitempty"`
	CancelFee  int64             `dynamodbav:"cancel_fee_cents,omitempty"`
	Driver     *driverItem       `dynamodbav:"driver,omitempty"`
	Wait       *waitItem         `dynamodbav:"wait,omitempty"`
	Desk       string            `dynamodbav:"desk,omitempty"`
	Due        map[string]stamp  `dynamodbav:"due,omitempty"`
}

type remainingItem struct {
	Active bool   `dynamodbav:"active,omitempty"`
	BTN    string `dynamodbav:"btn,omitempty"`
}

type carrierItem struct {
	SPID string `dynamodbav:"spid"`
	Name string `dynamodbav:"name"`
}

// detailsItem is porting.Details without alias and desired date; secrets are ciphertexts.
type detailsItem struct {
	BillingName     string `dynamodbav:"billing_name,omitempty"`
	Company         string `dynamodbav:"company,omitempty"`
	BillingNumber   string `dynamodbav:"billing_number,omitempty"`
	Provider        string `dynamodbav:"provider,omitempty"`
	ProviderAccount string `dynamodbav:"provider_account_sealed,omitempty"`
	PIN             string `dynamodbav:"pin_sealed,omitempty"`
	LastFourSSN     string `dynamodbav:"last_4_ssn_sealed,omitempty"`
	UsageType       string `dynamodbav:"usage_type,omitempty"`
	Street          string `dynamodbav:"street,omitempty"`
	Street2         string `dynamodbav:"street2,omitempty"`
	City            string `dynamodbav:"city,omitempty"`
	State           string `dynamodbav:"state,omitempty"`
	Zip             string `dynamodbav:"zip,omitempty"`
	Country         string `dynamodbav:"country,omitempty"`
	LOAEmail        string `dynamodbav:"loa_email,omitempty"`
	LOACC           string `dynamodbav:"loa_cc,omitempty"`
	CNAMLookups     bool   `dynamodbav:"cnam_lookups,omitempty"`
	StatusURL       string `dynamodbav:"status_url,omitempty"`
	AutoCorrect     string `dynamodbav:"auto_correct,omitempty"`
}

type signatureItem struct {
	Name  string `dynamodbav:"name"`
	Title string `dynamodbav:"title"`
	At    stamp  `dynamodbav:"at"`
	IP    string `dynamodbav:"ip,omitempty"`
	// Letter is by the names of the fields: it is read by us alone.
	Letter porting.Letter `dynamodbav:"letter"`
}

// documentItem is a document of an order; its number is its place. They are few, small, and wanted wherever the order is, so they
// lie in its head.
type documentItem struct {
	Name    string `dynamodbav:"name"`
	Kind    string `dynamodbav:"kind"`
	Dated   string `dynamodbav:"dated,omitempty"`
	State   string `dynamodbav:"state"`
	Why     string `dynamodbav:"why,omitempty"`
	Letter  bool   `dynamodbav:"letter,omitempty"`
	From    string `dynamodbav:"from,omitempty"`
	Expires stamp  `dynamodbav:"expires,omitempty"`
	Of      string `dynamodbav:"of,omitempty"`
	Digest  string `dynamodbav:"digest,omitempty"`
	Size    int64  `dynamodbav:"size,omitempty"`
	Pages   int    `dynamodbav:"pages,omitempty"`
	Added   stamp  `dynamodbav:"added"`
	Settled stamp  `dynamodbav:"settled,omitempty"`
}

func documentsOf(all []porting.Document) []documentItem {
	var items []documentItem
	for _, d := range all {
		items = append(items, documentItem{
			Name: d.Name, Kind: string(d.Kind), Dated: string(d.Dated), State: string(d.State), Why: d.Why, Letter: d.Letter, From: d.From,
			Expires: stampOf(d.Expires), Of: string(d.Of), Digest: d.Digest, Size: d.Size, Pages: d.Pages, Added: stampOf(d.Added), Settled: stampOf(d.Settled),
		})
	}
	return items
}

func documentsFrom(items []documentItem) []porting.Document {
	var all []porting.Document
	for n, i := range items {
		all = append(all, porting.Document{
			ID: porting.DocumentID(strconv.Itoa(n + 1)), Name: i.Name, Kind: porting.DocumentKind(i.Kind), Dated: porting.Date(i.Dated),
			State: porting.DocumentState(i.State), Why: i.Why, Letter: i.Letter, From: i.From, Expires: i.Expires.time(), Of: porting.OrderID(i.Of), Digest: i.Digest,
			Size: i.Size, Pages: i.Pages, Added: i.Added.time(), Settled: i.Settled.time(),
		})
	}
	return all
}

type reasonItem struct {
	Code    string            `dynamodbav:"code"`
	Raw     string            `dynamodbav:"raw,omitempty"`
	Said    string            `dynamodbav:"said,omitempty"`
	Numbers []string          `dynamodbav:"numbers,omitempty"`
	Patch   map[string]string `dynamodbav:"patch,omitempty"`
}

type driverItem struct {
	Machine string `dynamodbav:"machine,omitempty"`
	Run     int    `dynamodbav:"run"`
}

// waitItem holds the task token as it is: notify resumes by it and may not decrypt, and it dies with its wait.
type waitItem struct {
	For     string `dynamodbav:"for,omitempty"`
	Machine string `dynamodbav:"machine,omitempty"`
	Token   string `dynamodbav:"token,omitempty"`
	Seq     int64  `dynamodbav:"seq,omitempty"`
	Outcome string `dynamodbav:"outcome,omitempty"`
}

// headOf is the head of an order whose secrets are sealed.
func headOf(o porting.Order) headItem {
	d := o.Details
	h := headItem{
		key: headKey(o.ID), ID: padded(o.ID), Account: string(o.Account), Sandbox: o.Sandbox, Group: string(o.Group),
		From: string(o.SplitFrom), Apart: o.Apart,
		Status: string(o.Status), StatusAt: stampOf(o.StatusAt), Created: stampOf(o.Created), Updated: stampOf(o.Updated),
		Kind: string(o.Kind), Carrier: carrierItem(o.Carrier), Alias: d.Alias, Desired: string(d.Desired), FOC: string(o.FOC),
		Version: o.Version, Numbers: len(o.Numbers),
		Details: detailsItem{
			BillingName: d.BillingName, Company: d.Company, BillingNumber: d.BillingNumber, Provider: d.Provider,
			ProviderAccount: d.ProviderAccount.Sealed(), PIN: d.PIN.Sealed(), LastFourSSN: d.LastFourSSN.Sealed(),
			UsageType: string(d.UsageType), Street: d.Street, Street2: d.Street2, City: d.City, State: d.State, Zip: d.Zip,
			Country: d.Country, LOAEmail: d.LOAEmail, LOACC: d.LOACC, CNAMLookups: d.CNAMLookups, StatusURL: d.StatusURL,
			AutoCorrect: string(d.AutoCorrect),
		},
		Presets: presetsOf(o.Presets), Documents: documentsOf(o.Documents), Reasons: reasonsOf(o.Reasons),
		ClockFrom: stampOf(o.ClockFrom), Reminders: o.Reminders, CSRSettled: o.CSRSettled, FOCAt: stampOf(o.FOCAt),
		Resend: int(o.Resend), Delays: o.Delays, PortFee: int64(o.PortFee), CancelFee: int64(o.CancelFee), Desk: o.Desk,
		Escalated: stampOf(o.Escalated),
	}
	if o.Habit != (porting.Habit{}) {
		h.Habit = &o.Habit
	}
	if s := o.Signature; s != (porting.Signature{}) {
		h.Signature = &signatureItem{s.Name, s.Title, stampOf(s.At), s.IP, s.Letter}
	}
	for _, id := range o.Enclosed {
		h.Enclosed = append(h.Enclosed, string(id))
	}
	if o.Remaining != (porting.Remaining{}) {
		h.Remaining = &remainingItem{o.Remaining.Active, o.Remaining.BTN}
	}
	if o.Driver != (porting.Driver{}) {
		h.Driver = &driverItem{string(o.Driver.Machine), o.Driver.Run}
	}
	if w := o.Wait; w != (porting.Wait{}) {
		h.Wait = &waitItem{string(w.For), string(w.Machine), w.Token.Reveal(), w.Seq, string(w.Outcome)}
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
	return h
}

// listed is the order as lists show it.
func (h headItem) listed() porting.Order {
	o := h.order()
	if h.First != "" {
		o.Numbers = []porting.Number{{TN: h.First}}
	}
	return o
}

func (h headItem) order() porting.Order {
	d := h.Details
	o := porting.Order{
		ID: h.key.order(), Group: porting.GroupID(h.Group), Account: porting.AccountID(h.Account), Sandbox: h.Sandbox, Version: h.Version,
		SplitFrom: porting.OrderID(h.From), Apart: h.Apart,
		Status: porting.Status(h.Status), StatusAt: h.StatusAt.time(), Created: h.Created.time(), Updated: h.Updated.time(),
		Kind: porting.Kind(h.Kind), Carrier: porting.Carrier(h.Carrier),
		Details: porting.Details{
			Alias: h.Alias, Desired: porting.Date(h.Desired),
			BillingName: d.BillingName, Company: d.Company, BillingNumber: d.BillingNumber, Provider: d.Provider,
			ProviderAccount: porting.SealedSecret(d.ProviderAccount), PIN: porting.SealedSecret(d.PIN),
			LastFourSSN: porting.SealedSecret(d.LastFourSSN), UsageType: porting.Usage(d.UsageType), Street: d.Street,
			Street2: d.Street2, City: d.City, State: d.State, Zip: d.Zip, Country: d.Country, LOAEmail: d.LOAEmail,
			LOACC: d.LOACC, CNAMLookups: d.CNAMLookups, StatusURL: d.StatusURL, AutoCorrect: porting.Consent(d.AutoCorrect),
		},
		Documents: documentsFrom(h.Documents),
		Reasons:   reasonsFrom(h.Reasons), ClockFrom: h.ClockFrom.time(), Reminders: h.Reminders, CSRSettled: h.CSRSettled,
		FOC: porting.Date(h.FOC), FOCAt: h.FOCAt.time(), Resend: porting.Sup(h.Resend), Delays: h.Delays,
		PortFee: porting.Money(h.PortFee), CancelFee: porting.Money(h.CancelFee), Desk: h.Desk, Escalated: h.Escalated.time(),
	}
	if h.Habit != nil {
		o.Habit = *h.Habit
	}
	for _, id := range h.Enclosed {
		o.Enclosed = append(o.Enclosed, porting.DocumentID(id))
	}
	for name, value := range h.Presets {
		o.Presets.Set(name, value)
	}
	if s := h.Signature; s != nil {
		o.Signature = porting.Signature{Name: s.Name, Title: s.Title, At: s.At.time(), IP: s.IP, Letter: s.Letter}
	}
	if r := h.Remaining; r != nil {
		o.Remaining = porting.Remaining(*r)
	}
	if h.Driver != nil {
		o.Driver = porting.Driver{Machine: porting.Machine(h.Driver.Machine), Run: h.Driver.Run}
	}
	if w := h.Wait; w != nil {
		o.Wait = porting.Wait{For: porting.WaitFor(w.For), Machine: porting.Machine(w.Machine), Token: porting.NewSecret(w.Token),
			Seq: w.Seq, Outcome: porting.Outcome(w.Outcome)}
	}
	if len(h.Repairs) > 0 {
		o.Repairs = map[porting.Repair]int{}
		for kind, n := range h.Repairs {
			o.Repairs[porting.Repair(kind)] = n
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

func presetsOf(p porting.Presets) map[string]string {
	values := map[string]string{
		"cnam_id": p.CNAM, "e911_id": p.E911, "primary_route_id": p.PrimaryRoute, "failover_route_id": p.FailoverRoute, "alias": p.Alias,
	}
	for name, value := range values {
		if value == "" {
			delete(values, name)
		}
	}
	return values
}

func reasonsOf(reasons []porting.Reason) []reasonItem {
	var items []reasonItem
	for _, r := range reasons {
		items = append(items, reasonItem{string(r.Code), r.Raw, r.Said, r.Numbers, r.Patch})
	}
	return items
}

func reasonsFrom(items []reasonItem) []porting.Reason {
	var reasons []porting.Reason
	for _, r := range items {
		reasons = append(reasons, porting.Reason{Code: porting.ReasonCode(r.Code), Raw: r.Raw, Said: r.Said, Numbers: r.Numbers, Patch: r.Patch})
	}
	return reasons
}

// chunkSize is how many numbers one item holds, 13 KB. An order of MaxNumbers has 5 chunks, which leaves room for
// porting.ClaimsPerTransaction claims in the one transaction that changes them all.
const chunkSize = 1000

// chunkItem holds numbers as text, one a line: the number, its state where it has one, the reason where it has one.
type chunkItem struct {
	key
	Numbers string `dynamodbav:"numbers"`
	// Intake names the large create call that wrote the chunk, which alone may take it back.
	Intake string `dynamodbav:"intake,omitempty"`
}

// chunksOf are the texts of an order's chunks.
func chunksOf(numbers []porting.Number) []string {
	var texts []string
	for part := range slices.Chunk(numbers, chunkSize) {
		lines := make([]string, 0, len(part))
		for _, n := range part {
			line := n.TN
			if n.State != "" {
				line += " " + string(n.State)
			}
			if n.Reason != "" {
				line += " " + string(n.Reason)
			}
			lines = append(lines, line)
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return texts
}

func (c chunkItem) list() []porting.Number {
	lines := strings.Split(c.Numbers, "\n")
	numbers := make([]porting.Number, 0, len(lines))
	for _, line := range lines {
		words := append(strings.Split(line, " "), "", "")
		numbers = append(numbers, porting.Number{TN: words[0], State: porting.NumberState(words[1]), Reason: porting.ReasonCode(words[2])})
	}
	return numbers
}

// tryItem is an attempt.
type tryItem struct {
	key
	Kind     string      `dynamodbav:"kind"`
	Peer     string      `dynamodbav:"peer"`
	PON      string      `dynamodbav:"pon"`
	Version  int         `dynamodbav:"version"`
	Sup      int         `dynamodbav:"sup,omitempty"`
	Ref      string      `dynamodbav:"ref,omitempty"`
	Planned  stamp       `dynamodbav:"planned,omitempty"`
	Sent     stamp       `dynamodbav:"sent,omitempty"`
	Reads    int         `dynamodbav:"reads,omitempty"`
	State    string      `dynamodbav:"state,omitempty"`
	Said     string      `dynamodbav:"said,omitempty"`
	Answered stamp       `dynamodbav:"answered,omitempty"`
	Record   *recordItem `dynamodbav:"record,omitempty"`
}

// recordItem is a CSR; its account number is a ciphertext.
type recordItem struct {
	Name          string `dynamodbav:"name,omitempty"`
	Street        string `dynamodbav:"street,omitempty"`
	City          string `dynamodbav:"city,omitempty"`
	State         string `dynamodbav:"state,omitempty"`
	Zip           string `dynamodbav:"zip,omitempty"`
	AccountNumber string `dynamodbav:"account_number_sealed,omitempty"`
	BTN           string `dynamodbav:"btn,omitempty"`
	Numbers       string `dynamodbav:"numbers,omitempty"` // one a line
}

// tryOf is an attempt whose secret is sealed.
func tryOf(id porting.OrderID, n int, a porting.Attempt) tryItem {
	t := tryItem{
		key: tryKey(id, n), Kind: string(a.Kind), Peer: a.Peer, PON: a.PON, Version: a.Version, Sup: int(a.Sup), Ref: a.Ref,
		Planned: stampOf(a.Planned), Sent: stampOf(a.Sent), Reads: a.Reads, State: string(a.State), Said: a.Said, Answered: stampOf(a.Answered),
	}
	r := a.Record
	rec := recordItem{r.Name, r.Street, r.City, r.State, r.Zip, r.AccountNumber.Sealed(), r.BTN, strings.Join(r.Numbers, "\n")}
	if rec != (recordItem{}) {
		t.Record = &rec
	}
	return t
}

// same says that nothing of the attempt would be written anew.
func (t tryItem) same(old tryItem) bool {
	rec, oldRec := recordItem{}, recordItem{}
	if t.Record != nil {
		rec = *t.Record
	}
	if old.Record != nil {
		oldRec = *old.Record
	}
	t.Record, old.Record = nil, nil
	return t == old && rec == oldRec
}

func (t tryItem) attempt() porting.Attempt {
	a := porting.Attempt{
		Kind: porting.AttemptKind(t.Kind), Peer: t.Peer, PON: t.PON, Version: t.Version, Sup: porting.Sup(t.Sup), Ref: t.Ref,
		Planned: t.Planned.time(), Sent: t.Sent.time(), Reads: t.Reads, State: porting.AnswerState(t.State), Said: t.Said,
		Answered: t.Answered.time(),
	}
	if r := t.Record; r != nil {
		a.Record = porting.Record{Name: r.Name, Street: r.Street, City: r.City, State: r.State, Zip: r.Zip,
			AccountNumber: porting.SealedSecret(r.AccountNumber), BTN: r.BTN}
		if r.Numbers != "" {
			a.Record.Numbers = strings.Split(r.Numbers, "\n")
		}
	}
	return a
}

// due is what makes an item fall due: its place in the due index, and what became of it so far.
type due struct {
	Shard string `dynamodbav:"due_shard,omitempty"`
	At    stamp  `dynamodbav:"due_at,omitempty"`
	Tries int    `dynamodbav:"tries,omitempty"`
	// Why is the reason of what staff are asked, or of what was parked.
	Why string `dynamodbav:"why,omitempty"`
}

func dueAt(kind orders.DueKind, k key, at time.Time) due {
	return due{Shard: shard(kind, k.PK), At: stampOf(at)}
}

// kind is the kind that the item now is among.
func (d due) kind() orders.DueKind {
	kind, _, _ := strings.Cut(d.Shard, "#")
	return orders.DueKind(kind)
}

// dueItem is a due date of an order.
type dueItem struct {
	key
	due
}

func (i dueItem) value() orders.Due {
	return orders.Due{Kind: i.kind(), Key: i.key.String(), Order: i.key.order(), At: i.At.time(), Tries: i.Tries}
}

// eventItem is an event; todo are the effects that have not followed yet.
type eventItem struct {
	key
	due
	Place     string       `dynamodbav:"feed_at,omitempty"`
	Group     string       `dynamodbav:"group,omitempty"`
	Account   string       `dynamodbav:"account,omitempty"`
	Version   int64        `dynamodbav:"version"`
	N         int          `dynamodbav:"n"`
	Kind      string       `dynamodbav:"kind"`
	Happened  stamp        `dynamodbav:"happened"`
	Role      string       `dynamodbav:"role"`
	Name      string       `dynamodbav:"name,omitempty"`
	Before    string       `dynamodbav:"before,omitempty"`
	Status    string       `dynamodbav:"status"`
	Text      string       `dynamodbav:"text,omitempty"`
	Comment   bool         `dynamodbav:"comment,omitempty"`
	Reasons   []reasonItem `dynamodbav:"reasons,omitempty"`
	FOC       string       `dynamodbav:"foc,omitempty"`
	Charge    int64        `dynamodbav:"charge_cents,omitempty"`
	Ends      stamp        `dynamodbav:"ends,omitempty"`
	Paper     string       `dynamodbav:"paper,omitempty"`
	StatusURL string       `dynamodbav:"status_url,omitempty"`
	Todo      []string     `dynamodbav:"todo,stringset,omitempty"`
	// Tally is by the names of the fields: it is read by us alone. Counted says that the score has it.
	Tally   *porting.Tally `dynamodbav:"tally,omitempty"`
	Counted bool           `dynamodbav:"counted,omitempty"`
}

func eventOf(e porting.Event, redeliver time.Time) eventItem {
	i := eventItem{
		key: eventKey(e.Order, e.Version, e.N), Place: string(orders.PlaceOf(e, redeliver)), Group: string(e.Group), Account: string(e.Account), Version: e.Version, N: e.N,
		Kind: string(e.Kind), Happened: stampOf(e.At), Role: string(e.By.Role), Name: e.By.Name, Before: string(e.Before),
		Status: string(e.Status), Text: e.Text, Comment: e.Comment, Reasons: reasonsOf(e.Reasons), FOC: string(e.FOC),
		Charge: int64(e.Charge), Ends: stampOf(e.Ends), Paper: e.Paper, StatusURL: e.StatusURL,
	}
	for _, effect := range e.Effects {
		i.Todo = append(i.Todo, string(effect))
	}
	if e.Tally != (porting.Tally{}) {
		i.Tally = &e.Tally
	}
	if len(i.Todo) > 0 {
		i.due = dueAt(orders.DueEvent, i.key, redeliver)
	}
	return i
}

// effectOrder is the order in which effects are done; a set has none.
var effectOrder = []porting.Effect{
	porting.ResumeWait, porting.StartDriver, porting.SendMail, porting.SendWebhook, porting.WithdrawRequest, porting.ReleaseNumbers,
	porting.KeepScore, porting.FileLetter, porting.PullDocuments,
}

func (i eventItem) event() porting.Event {
	e := porting.Event{
		Order: i.key.order(), Group: porting.GroupID(i.Group), Account: porting.AccountID(i.Account), Version: i.Version, N: i.N,
		Kind: porting.EventKind(i.Kind), At: i.Happened.time(), By: porting.By{Role: porting.Role(i.Role), Name: i.Name},
		Before: porting.Status(i.Before), Status: porting.Status(i.Status), Text: i.Text, Comment: i.Comment,
		Reasons: reasonsFrom(i.Reasons), FOC: porting.Date(i.FOC), Charge: porting.Money(i.Charge), Ends: i.Ends.time(), Paper: i.Paper, StatusURL: i.StatusURL,
	}
	if i.Tally != nil {
		e.Tally = *i.Tally
	}
	for _, effect := range i.Todo {
		e.Effects = append(e.Effects, porting.Effect(effect))
	}
	slices.SortFunc(e.Effects, func(a, b porting.Effect) int {
		return slices.Index(effectOrder, a) - slices.Index(effectOrder, b)
	})
	return e
}

// claimItem is a number on a live order, and the orders that had it before.
type claimItem struct {
	key
	Holder  string     `dynamodbav:"holder,omitempty"`  // the order that has it
	Account string     `dynamodbav:"account,omitempty"` // the holder's
	Past    []pastItem `dynamodbav:"past,omitempty"`
}

type pastItem struct {
	Account string `dynamodbav:"account"`
	Order   string `dynamodbav:"order"`
}

// pastLimit is how many past orders a number remembers; the list's filter by number finds no older ones.
const pastLimit = 20

// groupItem is the orders of one create call.
type groupItem struct {
	key
	Account string   `dynamodbav:"account"`
	Created stamp    `dynamodbav:"created"`
	Orders  []string `dynamodbav:"orders"`
}

func groupOf(g porting.Group) groupItem {
	i := groupItem{key: groupKey(g.ID), Account: string(g.Account), Created: stampOf(g.Created)}
	for _, id := range g.Orders {
		i.Orders = append(i.Orders, string(id))
	}
	return i
}

// intakeItem is a large create call under way. Its numbers stand in the chunks, which are written before they are claimed.
type intakeItem struct {
	key
	due
	Orders  []string `dynamodbav:"orders"`
	Sandbox string   `dynamodbav:"sandbox,omitempty"` // whose claims they take, where it is one
	Undoing bool     `dynamodbav:"undoing,omitempty"`
}
