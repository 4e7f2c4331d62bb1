package dynamo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/google/go-cmp/cmp"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/desk"
	"portway/internal/dynamo"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/dynamo/deskrows"
	"portway/internal/dynamo/linkkey"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/dynamo/sandboxworld"
	"portway/internal/dynamo/searchrows"
	"portway/internal/dynamo/somossession"
	"portway/internal/link"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/sandbox/room"
	"portway/internal/secret"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/webhook"
)

// domain has everything that the golden items tell, as values of the domain.
type domain struct {
	Accounts  []account.Account
	Keys      []account.Key
	Listed    []account.Key // as they stand below their accounts, without hash
	Lines     []account.Line
	Presets   []account.Preset
	Groups    []porting.Group
	Orders    []porting.Order
	InLists   []porting.Order // as lists show them
	Events    []porting.Event
	Fed       []porting.Event // as the feed shows them
	Holders   map[string]porting.OrderID
	Past      map[string]porting.OrderID
	Receipts  []orders.Receipt
	Due       []string
	Mails     []orders.Mail
	Sendings  []mail.Lease
	Outlines  []mail.Outline
	Sent      []orders.SentMail
	Endpoints []webhook.Endpoint
	Records   []webhook.Delivery
	Work      []webhook.Delivery
	Pulls     []pull.Job
	Months    []porting.Month
	Learned   porting.Learned
	Rows      []carrier.Row
	Changes   []carrier.Change
	World     room.World
	Worlds    []string
	Session   somos.Session
	Links     []link.Link
	LinkKey   []byte
	SearchKey []byte
	Found     []porting.OrderID // by a word of the order first
	Mark      desk.Mark
	Notes     []desk.Note
}

const (
	full    porting.OrderID = "9007199254740001" // everything is set, in a sandbox
	first   porting.OrderID = "1001"             // as an order begins
	ended   porting.OrderID = "1002"             // it has ended, and freed its number
	half1   porting.OrderID = "1003"             // of a large create call that died half-way
	half2   porting.OrderID = "1004"
	started porting.OrderID = "1005" // of one that died at once
)

// slotOfAcme is the hash under which the account acme is counted. It stays as it is, or an account counts twice.
const slotOfAcme = 47

var goldenTime = storetest.Now

// given returns the values from which the golden items are written.
func given() domain {
	var d domain
	at := func(minutes int) time.Time { return goldenTime.Add(time.Duration(minutes) * time.Minute) }
	d.Accounts = []account.Account{
		{ID: "acme", Name: "Acme", Mail: "ops@example.com", Kind: account.Sandbox, Balance: 99_500, Created: goldenTime,
			Version: 3, Strict: true, MailCalls: true, Looks: storetest.FullAccount().Looks, Quiet: "friday,2026-12-21/2026-12-31", Tariff: storetest.FullOrder(full).Tariff,
			Contacts: []account.Contact{
				{Purpose: account.Primary, Address: "ops@example.com", Since: at(1)},
				{Purpose: account.Billing, Address: "pay@example.com", Since: at(2), Blocked: account.Bounced, BlockedAt: at(3)},
			}},
		{ID: "plain", Name: "Plain", Mail: "plain@example.com", Kind: account.Live, Balance: 8_500, Created: at(4)},
	}
	d.Keys = []account.Key{
		{Access: "Acme0001", Account: "acme", Kind: account.Sandbox, Hash: [32]byte{1, 2, 3}, Created: at(5),
			Name: "New", Expires: at(6), Scopes: "read order", Ranges: "192.0.2.0/24 2001:db8::/48"},
		{Access: "Plain001", Account: "plain", Kind: account.Live, Hash: [32]byte{4, 5, 6}, Created: at(7)},
	}
	for _, k := range d.Keys {
		k.Hash = [32]byte{}
		d.Listed = append(d.Listed, k)
	}
	d.Lines = []account.Line{
		{Place: "2027-03-02T17:00:01.000000000Z#9007199254740001#refund#7", At: goldenTime.Add(time.Second),
			Kind: account.RefundLine, Amount: 250, Order: full, For: porting.ForLeftOut},
		{Place: "2027-03-02T17:00:01.000000000Z#9007199254740001#port_fee", At: goldenTime.Add(time.Second),
			Kind: account.PortFeeLine, Amount: -750, Order: full, Change: porting.WishDate,
			Reference: "less $1.30 paid for order 9007199254740004"},
		{Place: "2027-03-02T17:08:00.000000000Z#1002#cancel_fee", At: at(8), Kind: account.CancelFeeLine, Amount: -2500,
			Order: ended},
		{Place: "2027-03-02T17:07:00.000000000Z#deposit#wire 7", At: at(7), Kind: account.DepositLine, Amount: 11_000,
			Reference: "wire 7"},
	}
	d.Presets = []account.Preset{
		{Ref: account.Ref{Kind: account.CNAM, ID: "11"}, Account: "acme", Fields: map[string]string{"value": "ACME"},
			Created: at(9), Approved: at(10)},
		{Ref: account.Ref{Kind: account.CNAM, ID: "15"}, Account: "acme", Fields: map[string]string{"value": "BELL"},
			Created: at(11), Rejected: "It is a brand."},
		{Ref: account.Ref{Kind: account.E911, ID: "12"}, Account: "acme",
			Fields: map[string]string{"street_number": "500", "city": "Seattle"}, Created: at(12)},
		{Ref: account.Ref{Kind: account.Route, ID: "13"}, Account: "acme",
			Fields: map[string]string{"route_type": "uri", "value": "sip:a@example.com"}, Created: at(13)},
	}

	o := storetest.FullOrder(full)
	begins := porting.Order{ID: first, Group: "8000000000000002", Account: "plain", Version: 1, Status: porting.Pending,
		Created: at(14), Updated: at(14),
		Kind: porting.TollFree, Carrier: porting.Carrier{SPID: "ATX01", Name: "Long lines"},
		Numbers: []porting.Number{{TN: "+18005550101"}}}
	begins.Due = map[porting.DueKind]time.Time{porting.DueClock: at(15)}
	ends := porting.Order{ID: ended, Group: "8000000000000002", Account: "plain", Version: 2,
		Status: porting.HardCanceled, Created: at(14), Updated: at(8),
		StatusAt: at(8), Kind: porting.Local, Carrier: porting.Carrier{SPID: "1234", Name: "Bell"},
		Numbers: []porting.Number{{TN: "+12065550111"}}}
	ends.CancelFee = 2500
	d.Orders = []porting.Order{o, begins, ends}
	for _, o := range d.Orders {
		l := porting.Order{ID: o.ID, Group: o.Group, Account: o.Account, Status: o.Status, StatusAt: o.StatusAt,
			Created: o.Created, Updated: o.Updated, Kind: o.Kind, Carrier: o.Carrier,
			Numbers: []porting.Number{{TN: o.Numbers[0].TN}}}
		l.FOC, l.Details.Alias, l.Details.Desired = o.FOC, o.Details.Alias, o.Details.Desired
		d.InLists = append(d.InLists, l)
	}
	slices.Reverse(d.InLists[1:]) // newest first
	d.Groups = []porting.Group{
		{ID: "8000000000000001", Account: "acme", Created: at(16), Orders: []porting.OrderID{full}},
		{ID: "8000000000000002", Account: "plain", Created: at(17), Orders: []porting.OrderID{first, ended}},
	}
	created := func(o porting.Order) porting.Event {
		return porting.Event{Order: o.ID, Group: o.Group, Account: o.Account, Version: 1, Kind: porting.Created,
			At: o.Created, By: storetest.Customer, Status: porting.Pending}
	}
	cancelled := porting.Event{Order: ended, Group: ends.Group, Account: ends.Account, Version: 2,
		Kind: porting.HardCancelled, At: at(8),
		By: storetest.Staff, Before: porting.Submitted, Status: porting.HardCanceled, Charge: 2500,
		Effects: []porting.Effect{porting.SendMail}}
	d.Events = []porting.Event{storetest.FullEvent(o), created(begins), created(ends), cancelled}
	for _, e := range d.Events {
		d.Fed = append(d.Fed, storetest.InFeed(e))
	}
	d.Holders = map[string]porting.OrderID{"acme/+12065550102": full, "acme/+12065550104": full, "+18005550101": first,
		"+12065550111": ""}
	d.Past = map[string]porting.OrderID{"+12065550111": ended}

	done := storetest.FullReceipt()
	running := orders.Receipt{Account: "plain", Key: "2", Print: "p", Lease: at(18), Expires: at(19)}
	d.Receipts = []orders.Receipt{done, running}

	d.Mails = []orders.Mail{{Order: full, Version: 7, At: at(20), To: "ops@example.com", Subject: "Order 9",
		Text: "Dear customer"}}
	d.Sendings = []mail.Lease{{State: mail.Sent, Tries: 1, MessageID: "ses-1"}, {State: mail.Leased, Tries: 1},
		{State: mail.Sent, Tries: 1, MessageID: "ses-2"}, {State: mail.Leased, Tries: 1}}
	d.Outlines = []mail.Outline{{To: "o…@example.com", Subject: "Your numbers move"}, {To: "p…@example.com", Subject: "Read and sign"},
		{To: "o…@example.com", Subject: "Your webhook is paused"}, {To: "p…@example.com", Subject: "Please read and sign"}}
	d.Sent = []orders.SentMail{
		{Order: full, Version: 7, At: goldenTime, To: "o…@example.com", Subject: "Your numbers move", Fate: orders.MailBounced, FateAt: at(39)},
		{Order: first, Version: 1, At: goldenTime, To: "p…@example.com", Subject: "Read and sign", Fate: orders.MailSending},
		{Order: first, Version: 2, Link: "0123abcd", At: goldenTime, To: "p…@example.com", Subject: "Please read and sign", Fate: orders.MailSending},
	}

	e := webhook.Endpoint{ID: "weaaaa", Account: "acme", URL: "https://hooks.example.com/?key=1",
		Description: "Billing", Types: []string{"portorder.comment"}, Created: at(21), Version: 1, Paused: true,
		Why: "It fails.", PausedAt: at(22), FailingSince: at(23),
		Secrets: []webhook.Signing{{Secret: porting.SealedSecret("sealed 1")},
			{Secret: porting.SealedSecret("sealed 2"), Until: at(24)}}}
	d.Endpoints = []webhook.Endpoint{e, {ID: "webbbb", Account: "acme", URL: "https://hooks.example.com",
		Created: at(25), Version: 1}}
	told := func(version int64, s webhook.State) webhook.Delivery {
		return webhook.Delivery{Account: "acme", Endpoint: e.ID, At: at(26), Order: full, Version: version, N: 1,
			Type: "portorder.comment", State: s, Made: at(27)}
	}
	pending, given, ping := told(7, webhook.Pending), told(8, webhook.Delivered), told(0, webhook.Pending)
	pending.Next = at(28)
	pending.Attempts = []webhook.Attempt{{At: at(29), Status: 503, Why: "It is down.", Took: 120 * time.Millisecond}}
	given.Attempts = []webhook.Attempt{{At: at(30), Status: 200, Took: 80 * time.Millisecond}}
	ping.Order, ping.N, ping.Type, ping.Next, ping.At = "", 0, webhook.Ping, at(31), at(25)
	d.Records = []webhook.Delivery{ping, pending, given}
	for _, w := range []webhook.Delivery{ping, pending} {
		w.Attempts = nil
		d.Work = append(d.Work, w)
	}

	job := func(document porting.DocumentID, due time.Time) pull.Job {
		return pull.Job{Account: "acme", Order: full, Document: document, Host: "files.example.com", Due: orders.Due{
			Kind: pull.DuePull, Key: "F#acme|" + string(full) + "#" + string(document), Order: full, At: due}}
	}
	tried, fresh := job("2", at(35)), job("1", at(34))
	tried.Leased, tried.Asked, tried.Due.Tries = at(35), 1, 1
	d.Pulls = []pull.Job{fresh, tried}

	month := porting.Month{Month: "2027-03", Peer: "locals", Marks: map[porting.Mark]int{porting.MarkAccepted: 1},
		Lead: 5}
	month.Days[2] = 1
	all := month
	all.Marks = map[porting.Mark]int{porting.MarkAccepted: 1, porting.MarkDown: 1}
	all.DownAt = at(14)
	d.Months = []porting.Month{all, month}
	d.Learned = porting.Learned{Orders: 1, Refused: map[porting.ReasonCode]int{porting.BTNMismatch: 1, porting.PINInvalid: 1}}
	d.Learned.Slots[slotOfAcme] = true
	d.Learned.CSR[3], d.Learned.FOC[4], d.Learned.Port[5] = 1, 1, 1
	row := carrier.Row{ID: "cox", Set: map[string]string{"complex.days": "6", "csr.given": "no"}, Version: 2, By: "AB",
		Why: "Their port desk says so.", At: at(38)}
	d.Rows = []carrier.Row{row}
	d.Changes = []carrier.Change{{ID: "cox", Version: 2, At: at(38), By: "AB", Why: row.Why,
		Before: map[string]string{"complex.days": "5"}, After: row.Set}}
	d.Mark = desk.Mark{Order: full, Taken: "AB", TakenUntil: at(39), Later: at(40), LaterBy: "CD", LaterWhy: "The carrier calls back.", Version: 1}
	d.Notes = []desk.Note{{Order: full, At: at(41), By: "AB", Text: "They sounded\nunsure."}}
	d.World, d.Worlds = room.World{State: []byte(`{"orders":[]}`), Version: 1}, []string{"acme"}
	open := storetest.FullLink(first)
	open.Account, open.ID = "plain", "4567wxyz"
	open.Expires, open.Revoked, open.Code, open.Session = time.Time{}, time.Time{}, link.Code{}, link.Session{}
	d.Links = []link.Link{storetest.FullLink(first), open}
	d.Links[0].Account = "plain"
	d.LinkKey = bytes.Repeat([]byte{7}, 32)
	d.SearchKey, d.Found = bytes.Repeat([]byte{8}, 32), []porting.OrderID{first}
	d.Session = somos.Session{AccessToken: porting.NewSecret("access"), RefreshToken: porting.NewSecret("refresh"),
		ClientKey:    porting.NewSecret("key"),
		ClientSecret: porting.NewSecret("secret"), Expires: at(32), Version: 1, Lease: "i-1", Until: at(33)}

	d.Due = []string{
		"parked O#1002|EVENT#0000000002.0 order 1002 at 17:37:00.000 tries 1 why No such mail. since 17:37",
		"event O#9007199254740001|EVENT#0000000007.1 order 9007199254740001 at 17:34:00.000 tries 1 why ",
		"clock O#1001|DUE#clock order 1001 at 17:15:00.000 tries 0 why ",
		"driver O#9007199254740001|DUE#driver order 9007199254740001 at 17:21:00.000 tries 0 why ",
		"sandbox-check O#9007199254740001|DUE#sandbox-check order 9007199254740001 at 17:20:00.000 tries 0 why ",
		"sandbox-papers O#9007199254740001|DUE#sandbox-papers order 9007199254740001 at 17:19:00.000 tries 0 why ",
		"sandbox-desk O#9007199254740001|DUE#sandbox-desk order 9007199254740001 at 17:03:00.000 tries 0 why A step could not be done (Permanent). Look at the log, then try it again.",
		"parked O#9007199254740001|DUE#sandbox-clock order 9007199254740001 at 17:35:00.000 tries 1 why It broke. since 17:35",
		"intake O#1001|HOLDING order 1001 at 17:02:00.000 tries 0 why ",
		"intake G#8000000000000003|INTAKE order  at 17:02:00.000 tries 0 why ",
		"intake G#8000000000000004|INTAKE order  at 17:02:00.000 tries 0 why ",
		"webhook W#acme#weaaaa|P#0000000000000000#2027-03-02T17:25:00.000000000Z order  at 17:31:00.000 tries 0 why ",
		"webhook W#acme#weaaaa|P#9007199254740001#0000000007.1 order  at 17:28:00.000 tries 1 why ",
		"webhook-paused A#acme|HOOK#weaaaa order  at 17:22:00.000 tries 0 why ",
	}
	slices.Sort(d.Due)
	return d
}

// fixedKeys is a KMS with one data key, wrapped as its encryption context.
type fixedKeys struct{}

var dataKey = []byte("a data key of thirty-two bytes!!")

func (fixedKeys) GenerateDataKey(_ context.Context, in *kms.GenerateDataKeyInput,
	_ ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	wrapped, err := json.Marshal(in.EncryptionContext)
	return &kms.GenerateDataKeyOutput{Plaintext: bytes.Clone(dataKey), CiphertextBlob: wrapped}, err
}

func (fixedKeys) Decrypt(_ context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	if wrapped, err := json.Marshal(in.EncryptionContext); err != nil || !bytes.Equal(wrapped, in.CiphertextBlob) {
		return nil, errors.Join(err, &kmstypes.InvalidCiphertextException{})
	}
	return &kms.DecryptOutput{Plaintext: bytes.Clone(dataKey)}, nil
}

func goldenSealer() *secret.Sealer { return &secret.Sealer{Keys: fixedKeys{}, KeyID: "golden"} }

// write writes the domain into a table.
func (d domain) write(t *testing.T, name string, client *dynamodb.Client) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := dynamo.New(client, name, goldenSealer())
	redeliver := goldenTime.Add(2 * time.Minute)
	at := func(minutes int) time.Time { return goldenTime.Add(time.Duration(minutes) * time.Minute) }

	begins := map[porting.AccountID]porting.Money{"acme": 100_000, "plain": 0}
	for _, a := range d.Accounts {
		a.Balance = begins[a.ID]
		must(s.OpenAccount(ctx, a))
	}
	for _, k := range d.Keys {
		must(s.AddKey(ctx, k))
	}
	must(s.Deposit(ctx, "plain", 11_000, "wire 7", at(7)))
	must(s.LimitUnsigned(ctx, "plain", 300))
	must(s.Draft(ctx, "plain", 2))
	for _, p := range d.Presets {
		must(s.AddPreset(ctx, p, nil))
	}

	// One request has an answer, and one still runs.
	for _, r := range d.Receipts {
		_, mine, err := s.Begin(ctx, r, goldenTime)
		if must(err); !mine {
			t.Fatalf("the key %q is not free", r.Key)
		}
	}
	o, first, last := d.Orders[0], d.Orders[1], d.Orders[2]
	must(s.Open(ctx, d.Groups[0], []orders.Change{{After: o, Events: d.Events[:1], Receipt: &d.Receipts[0]}},
		redeliver))
	before := last
	before.Version, before.Status, before.CancelFee, before.StatusAt = 1, porting.Submitted, 0, time.Time{}
	must(s.Open(ctx, d.Groups[1], []orders.Change{{After: first, Events: d.Events[1:2]},
		{After: before, Events: d.Events[2:3]}}, redeliver))
	must(s.Commit(ctx, orders.Change{Before: before, After: last, Events: d.Events[3:]}, redeliver))

	// Two large create calls died: one after its first write, one while it was undone.
	for _, died := range []struct {
		group  porting.GroupID
		calls  int
		orders []porting.OrderID
	}{
		{"8000000000000003", 3, []porting.OrderID{started}},
		{"8000000000000004", 6, []porting.OrderID{half1, half2}},
	} {
		g := porting.Group{ID: died.group, Account: "acme", Created: goldenTime, Orders: died.orders}
		var made []orders.Change
		for i, id := range died.orders {
			half := porting.Order{ID: id, Group: g.ID, Account: "acme", Sandbox: true, Version: 1,
				Status: porting.Pending, Created: goldenTime}
			for _, tn := range storetest.Numbers(i, 100) {
				half.Numbers = append(half.Numbers, porting.Number{TN: tn})
			}
			made = append(made, orders.Change{After: half})
		}
		dying := dynamodb.NewFromConfig(engineConfig(), (&crash{calls: died.calls}).option)
		if err := dynamo.New(dying, name, goldenSealer()).Open(ctx, g, made, redeliver); !errors.Is(err, errCrash) {
			t.Fatalf("a large create of a process that died: %v", err)
		}
	}
	dying := dynamodb.NewFromConfig(engineConfig(), (&crash{calls: 1}).option)
	if err := dynamo.New(dying, name, nil).Undo(ctx, orders.Due{Key: "G#8000000000000004|INTAKE"}); !errors.Is(err,
		errCrash) {
		t.Fatalf("an undo of a process that died: %v", err)
	}

	// A large signature died after its first write.
	large := first
	large.OwnOnly, large.Version = true, first.Version+1
	for _, tn := range storetest.Numbers(7, 100) {
		large.Numbers = append(large.Numbers, porting.Number{TN: tn})
	}
	signing := dynamodb.NewFromConfig(engineConfig(), (&crash{calls: 3}).option)
	if err := dynamo.New(signing, name, goldenSealer()).Commit(ctx, orders.Change{Before: first, After: large}, redeliver); !errors.Is(err, errCrash) {
		t.Fatalf("a large signature of a process that died: %v", err)
	}
	unsigning := dynamodb.NewFromConfig(engineConfig(), (&crash{calls: 1}).option)
	if err := dynamo.New(unsigning, name, nil).Undo(ctx, orders.Due{Key: "O#1001|HOLDING"}); !errors.Is(err, errCrash) {
		t.Fatalf("the undo of a signature, of a process that died: %v", err)
	}

	find := func(kind orders.DueKind, key string) orders.Due {
		t.Helper()
		all, err := s.Due(ctx, kind, at(1000), 100)
		must(err)
		i := slices.IndexFunc(all, func(d orders.Due) bool { return strings.Contains(d.Key, key) })
		if i < 0 {
			t.Fatalf("%s is not due for %s", key, kind)
		}
		return all[i]
	}
	must(s.Fail(ctx, find(orders.DueEvent, string(full)), at(34)))
	must(s.Park(ctx, find(orders.DueEvent, string(ended)), "No such mail.", at(37), at(37)))
	must(s.Park(ctx, find("sandbox-clock", string(full)), "It broke.", at(35), at(35)))
	must(s.Count(ctx, d.Events[0]))
	must(s.Refund(ctx, d.Events[0]))
	down := d.Events[1]
	down.Tally, down.Lesson = porting.Tally{Mark: porting.MarkDown, Peer: "locals"}, porting.Lesson{}
	must(s.Count(ctx, down))

	for i := range d.Rows {
		must(carrierrows.New(client, name, s).Change(ctx, carrier.Row{}, &d.Rows[i], d.Changes[i]))
	}

	desks := deskrows.New(client, name)
	must(desks.SetMark(ctx, d.Mark))
	for _, n := range d.Notes {
		must(desks.AddNote(ctx, n))
	}
	for _, m := range d.Mails {
		must(s.KeepMail(ctx, m))
	}
	records := mailrecord.New(client, name)
	for i, key := range sendingKeys {
		_, err := records.Lease(ctx, key, d.Outlines[i], goldenTime, time.Hour)
		must(err)
		if d.Sendings[i].State == mail.Sent {
			must(records.MarkSent(ctx, key, d.Sendings[i].MessageID))
			must(records.Mark(ctx, key, orders.MailBounced, at(39)))
		}
	}
	for _, e := range d.Endpoints {
		must(s.SaveEndpoint(ctx, e, nil))
	}
	for _, told := range d.Records {
		attempts, state, next := told.Attempts, told.State, told.Next
		told.Attempts, told.State, told.Next = nil, webhook.Pending, at(28)
		if told.Order == "" {
			told.Next = next
		}
		must(s.Add(ctx, told))
		for _, a := range attempts {
			work := webhook.Work{Delivery: told, Due: orders.Due{At: told.Next}}
			work.State, work.Next = state, next
			must(s.Settle(ctx, work, a))
		}
		if told.Order == "" {
			lane, err := s.Lane(ctx, webhook.Work{Delivery: told})
			must(err)
			_, _, err = s.LeaseWork(ctx, lane[0].Due, next, next)
			must(err)
		}
	}
	for _, want := range d.Pulls {
		j := want
		j.Due.At = at(34)
		must(s.AddPull(ctx, j))
		for range want.Due.Tries {
			must(s.PutOffPull(ctx, j, j.Due.At, true))
		}
		if !want.Leased.IsZero() {
			_, _, err := s.LeasePull(ctx, j, want.Leased)
			must(err)
		}
	}
	worlds := sandboxworld.New(client, name, goldenSealer(), func() time.Time { return goldenTime })
	must(worlds.Save(ctx, "acme", room.World{State: d.World.State}, at(36)))
	for _, l := range d.Links {
		must(s.SaveLink(ctx, l, nil))
	}
	_, err := linkkey.New(client, name, goldenSealer(), bytes.NewReader(d.LinkKey)).Key(ctx)
	must(err)
	searches := searchrows.New(client, name, linkkey.ForSearch(client, name, goldenSealer(), bytes.NewReader(d.SearchKey)).Key)
	for _, id := range d.Found {
		must(searches.Keep(ctx, porting.Order{ID: id, Given: porting.Given{Details: porting.Details{Alias: goldenWord}}, Created: at(1)}))
	}
	must(somossession.New(client, name, goldenSealer()).Save(ctx, d.Session))
}

// goldenWord is a word by which an order is found.
const goldenWord = "Branch 9"

// sendingKeys name four mails: one that was sent, one that is leased, one about a webhook, and one with a link.
var sendingKeys = []mail.Key{mail.OrderKey(full, 7), mail.OrderKey(first, 1),
	{About: mail.AboutWebhook, ID: "weaaaa", Version: 3},
	{About: mail.AboutOrder, ID: string(first), Version: 2, To: "0123abcd"}}

// read reads the domain from a table. ask has the names of what to read.
func read(t *testing.T, name string, client *dynamodb.Client, ask domain) domain {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := dynamo.New(client, name, goldenSealer())
	var d domain
	for _, a := range ask.Accounts {
		got, keys, err := s.Keys(ctx, a.ID)
		must(err)
		alone, err := s.Account(ctx, a.ID)
		if must(err); !cmp.Equal(got, alone) {
			t.Errorf("account %s is read in two ways: %s", a.ID, cmp.Diff(got, alone))
		}
		d.Accounts, d.Listed = append(d.Accounts, got), append(d.Listed, keys...)
		lines, err := s.Ledger(ctx, a.ID, "", 100)
		must(err)
		d.Lines = append(d.Lines, lines...)
		for _, kind := range []account.PresetKind{account.CNAM, account.E911, account.Route} {
			presets, err := s.Presets(ctx, a.ID, kind, "", 100)
			must(err)
			d.Presets = append(d.Presets, presets...)
		}
		listed, err := s.List(ctx, a.ID, orders.Filter{})
		must(err)
		d.InLists = append(d.InLists, listed...)
		placed, _, err := s.Feed(ctx, a.ID, "", 100)
		must(err)
		for _, p := range placed {
			d.Fed = append(d.Fed, p.Event)
		}
		endpoints, err := s.Endpoints(ctx, a.ID)
		must(err)
		d.Endpoints = append(d.Endpoints, endpoints...)
	}
	for _, k := range ask.Keys {
		got, err := s.Key(ctx, k.Access)
		must(err)
		d.Keys = append(d.Keys, got)
	}
	for _, g := range ask.Groups {
		got, heads, err := s.Group(ctx, g.ID)
		if must(err); len(heads) != len(g.Orders) {
			t.Errorf("group %s has %d heads", g.ID, len(heads))
		}
		d.Groups = append(d.Groups, got)
	}
	for _, o := range ask.Orders {
		got, err := s.Load(ctx, o.ID)
		must(err)
		events, _, err := s.History(ctx, o.ID, 0, 1000)
		must(err)
		d.Orders, d.Events = append(d.Orders, got), append(d.Events, events...)
	}
	d.Holders = map[string]porting.OrderID{}
	for hold := range ask.Holders {
		holder, err := s.Holder(ctx, hold)
		if err != nil && !porting.Is(err, porting.NotFound) {
			t.Fatal(err)
		}
		d.Holders[hold] = holder
	}
	d.Past = map[string]porting.OrderID{}
	for tn := range ask.Past {
		found, err := s.List(ctx, "plain", orders.Filter{Numbers: []string{tn}})
		if must(err); len(found) == 1 {
			d.Past[tn] = found[0].ID
		}
	}
	for _, r := range ask.Receipts {
		r.Lease, r.Answer = r.Lease.Add(time.Second), orders.Answer{}
		have, mine, err := s.Begin(ctx, r, goldenTime)
		if must(err); mine {
			t.Errorf("the key %q is free", r.Key)
		}
		d.Receipts = append(d.Receipts, have)
	}
	for _, kind := range []orders.DueKind{orders.DueEvent, orders.DueIntake, orders.DueDesk, orders.DueParked, "clock",
		"papers", "check", "driver",
		"sandbox-clock", "sandbox-papers", "sandbox-check", "sandbox-desk", webhook.DueDelivery, webhook.DuePause} {
		due, err := s.Due(ctx, kind, goldenTime.AddDate(0, 0, 1), 100)
		must(err)
		for _, one := range due {
			q, err := s.Queued(ctx, one)
			must(err)
			why := text.English.Staff(q.Why)
			if kind == orders.DueParked { // items of older forms fell due when they were parked
				why += " since " + q.Since.Format("15:04")
			}
			if kind != webhook.DuePause {
				moved, ok, err := s.Lease(ctx, one, one.At)
				if must(err); !ok {
					t.Errorf("%s can't be leased", one.Key)
				}
				one = moved
			}
			d.Due = append(d.Due, fmt.Sprintf("%s %s order %s at %s tries %d why %s", one.Kind, one.Key, one.Order,
				one.At.Format("15:04:05.000"), one.Tries, why))
		}
	}
	slices.Sort(d.Due)
	for _, o := range ask.Orders {
		mails, _, err := s.Mails(ctx, o.ID, 0, 1000)
		must(err)
		d.Mails = append(d.Mails, mails...)
		sent, _, err := s.SentMails(ctx, o.ID, "", 1000)
		must(err)
		d.Sent = append(d.Sent, sent...)
	}
	d.Outlines = ask.Outlines // which are read as a part of Sent
	records := mailrecord.New(client, name)
	for _, key := range sendingKeys {
		l, err := records.Lease(ctx, key, mail.Outline{}, goldenTime, time.Hour)
		must(err)
		d.Sendings = append(d.Sendings, l)
	}
	var err error
	d.Records, err = s.Deliveries(ctx, "acme", "weaaaa", webhook.Page{Limit: 100, Oldest: true})
	must(err)
	for _, told := range ask.Work {
		lane, err := s.Lane(ctx, webhook.Work{Delivery: told})
		must(err)
		for _, w := range lane {
			d.Work = append(d.Work, w.Delivery)
		}
	}
	d.Pulls, err = s.Pulls(ctx, "acme")
	must(err)
	for _, of := range []porting.Scored{porting.ScoreOfPeer("locals"), porting.ScoreOfCarrier("8X34")} {
		months, err := s.Months(ctx, of, "2027-01")
		must(err)
		d.Months = append(d.Months, months...)
	}
	d.Rows, err = carrierrows.New(client, name, s).Rows(ctx)
	must(err)
	d.Changes, err = carrierrows.New(client, name, s).Changes(ctx, "")
	must(err)
	d.Mark, d.Notes, err = deskrows.New(client, name).Notes(ctx, full, 10)
	must(err)
	d.Learned, err = s.Learned(ctx, []string{"cox"}, "2027-1")
	must(err)
	worlds := sandboxworld.New(client, name, goldenSealer(), func() time.Time { return goldenTime })
	d.World, err = worlds.Load(ctx, "acme")
	must(err)
	d.Worlds, err = worlds.Due(ctx, goldenTime.AddDate(0, 0, 1), 10)
	must(err)
	for _, o := range ask.Orders {
		links, err := s.Links(ctx, o.ID)
		must(err)
		d.Links = append(d.Links, links...)
	}
	if ask.LinkKey != nil { // it is drawn where there is none
		d.LinkKey, err = linkkey.New(client, name, goldenSealer(), strings.NewReader("")).Key(ctx)
		must(err)
	}
	d.SearchKey, err = linkkey.ForSearch(client, name, goldenSealer(), nil).Key(ctx)
	must(err)
	d.Found, err = searchrows.New(client, name, linkkey.ForSearch(client, name, goldenSealer(), nil).Key).Found(ctx, porting.SearchWord(goldenWord), 10)
	must(err)
	d.Session, err = somossession.New(client, name, goldenSealer()).Load(ctx)
	must(err)
	for _, token := range []*porting.Secret{&d.Session.AccessToken, &d.Session.RefreshToken, &d.Session.ClientKey,
		&d.Session.ClientSecret} {
		*token = porting.NewSecret(token.Reveal()) // its ciphertext is of one writing alone
	}
	return d
}
