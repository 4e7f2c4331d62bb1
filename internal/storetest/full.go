package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// The values of this file have something in every field, and something else in each, so that a store that loses a field
// or exchanges two of them is found. They are not what the rules would make: what a store keeps does not depend on the
// rules. Their secrets are ciphertexts, which a store keeps as they are.
//
// The table's golden items are written from these values: a new field gets a value here, and no value changes.

// FullOrder returns an order with something in every field.
func FullOrder(id porting.OrderID) porting.Order {
	at := func(minutes int) time.Time { return Now.Add(time.Duration(minutes) * time.Minute) }
	var o porting.Order
	o.ID, o.Group, o.Account = id, "8000000000000001", "acme"
	o.Sandbox, o.SplitOffFrom, o.OtherAccount = true, "7000000000000001", true
	o.Version, o.Status, o.StatusAt, o.Created, o.Updated = 7, porting.Submitted, at(1), at(2), at(3)
	o.Kind, o.Carrier = porting.Local, porting.Carrier{SPID: "8X34", Name: "Old Bell"}
	o.Class = porting.SimpleWireline
	o.Home = porting.Home{Country: "CA", Zone: "America/Toronto"}
	o.Own = porting.OwnTerms{Profile: "cox", SimpleLead: 31, Lead: 32, SimpleFOCHours: 33, FOCHours: 34, Cutoff: 14,
		Zone: "America/Denver", Holidays: "canada", ProjectFrom: 51, MaxAheadDays: 35, LOADays: 36, BillDays: 37, ChangeDays: 3, NoCSR: true}
	o.Flags = porting.CarrierFlags{AccountNumber: true, LeadDays: 9, Resold: true, Recovery: porting.TFDisconnected}
	o.ChangedFrom = map[string]string{"city": "Renton", "pin": ""}
	o.QuietDays = "friday,2026-12-21/2026-12-31"
	o.SearchKept = "0123456789abcdef"
	o.Details = Details()
	o.Details.ProviderAccount = porting.SealedSecret("sealed account_number 0")
	o.Details.PIN, o.Details.LastFourSSN = porting.SealedSecret("sealed pin 1"),
		porting.SealedSecret("sealed last_4_ssn 2")
	o.Details.Provider, o.Details.AutoCorrect = "Old Bell of Seattle", porting.CorrectAddress
	o.Details.AccountStreet, o.Details.AccountStreet2, o.Details.AccountCity = "PO Box 9", "Accounts", "Tukwila"
	o.Details.AccountState, o.Details.AccountZip, o.Details.AccountCountry = "WA", "98168", "US"
	o.Details.Street2, o.Details.LOACC, o.Details.CNAMLookups = "Floor 3", "copy@example.com", true
	o.Details.Reseller, o.Details.Unportable = "Bell Resale", porting.ExcludeUnportable
	o.Details.PortScope, o.Details.Others, o.Details.NewBilling = porting.PartOfAccount, porting.EndsToo, "+12065550111"
	o.Details.Keep, o.Details.Disconnect = "+12065550111,+12065550112", "+12065550113"
	o.Details.OnLine, o.Details.HuntGroup, o.Details.Listing = "dsl,fax", porting.PartOfGroup, porting.NoListing
	o.Details.RingingFrom = "+18885550114"
	o.Details.OneLine = true
	o.Presets = porting.Presets{CNAM: "11", E911: "12", PrimaryRoute: "13", FailoverRoute: "14", Alias: "Front desk"}
	o.Signature = porting.Signature{Name: "A. Lovelace", Title: "CEO", At: at(4), IP: "192.0.2.1", LOA: porting.Details{
		BillingName: "Augusta Ada King", Company: "Engines of old", BillingNumber: "+12065550101",
		Provider: "Older Bell", UsageType: porting.Residential, Street: "1 First Avenue", Street2: "Suite 9",
		City: "Tacoma", State: "OR", Zip: "98402", Country: "CA", Reseller: "Older Resale",
		AccountStreet: "PO Box 7", AccountStreet2: "Bills", AccountCity: "Salem", AccountState: "OR", AccountZip: "97301",
		AccountCountry: "US",
	}, Order: "7000000000000001", Numbers: []string{"+12065550102", "+12065550103", "+12065550104", "+12065550199", "+18005550100"},
		Conformed: porting.Details{
			BillingName: "AUGUSTA ADA KING", Company: "ENGINES OF OLD", Provider: "OLDER BELL", Street: "100 FIRST AVE",
			Street2: "STE 9", City: "RENTON", State: "WA", Zip: "98057", Country: "US",
			Reseller:      "OLDER RESALE",
			AccountStreet: "PO BOX 7", AccountStreet2: "BILLS", AccountCity: "SALEM", AccountState: "OR", AccountZip: "97302",
			AccountCountry: "US",
		}, Capacity: porting.Reseller, EndUserLOA: "d2", EndUserDated: "2027-02-28", Words: "2", Language: porting.French, By: "link-0123abcd",
		Operator: porting.Operator{Name: "Example Telecom LLC", Address: "1 Example Way, Denver, CO 80202, US",
			Phone: "+1 303 555 0100", RespOrg: "ABC01"}}
	o.Shown = porting.Shown{Answered: true, CSR: true, FOC: true, Port: true,
		Refused: []porting.ReasonCode{porting.ZipMismatch, porting.PINInvalid}}
	o.Numbers = []porting.Number{
		{TN: "+12065550102", Provision: porting.Provision{Step: porting.Prepare, Answer: porting.SwitchRefused, Reason: "no_trunk",
			Day: "2027-03-17", Round: 2, At: at(52), Features: porting.Features{E911: porting.FeatureReady, CNAM: porting.FeaturePending,
				Messaging: porting.FeatureNone}}}, {TN: "+12065550103", State: porting.Excluded, Reason: porting.NoCoverage},
		{TN: "+12065550104", State: porting.Ported, At: at(17)},
	}
	o.Documents = []porting.Document{
		{ID: "1", Name: "bill.pdf", Kind: porting.BillDocument, Dated: "2027-02-20", State: porting.DocumentError,
			Why: porting.Say(porting.MsgUnfetched).With(porting.Say(porting.MsgFetchStatus, "status", "404")),
			LOA: true, From: "https://example.com/bill?key=1", Expires: at(5), Of: "6000000000000001", Digest: "d1",
			Size: 1234, Pages: 3, Added: at(6), Settled: at(7)},
		{ID: "2", Name: "csr.png", Kind: porting.CSRDocument, State: porting.DocumentPending, Added: at(8)},
	}
	o.Enclosed = []porting.DocumentID{"2", "1"}
	o.Changes = []porting.AskedChange{
		{Kind: porting.WishDate, State: porting.ChangeIsRefused, By: porting.Staff, At: at(35), Ended: at(36), Date: "2027-03-22",
			From: "2027-03-21", Fee: 1000, Outcome: porting.Say(porting.MsgChangeRefusedWhy, "why", "Too late.")},
		{Kind: porting.WishCorrection, State: porting.ChangeAskedFor, By: porting.Customer, At: at(37),
			Fields: []string{"pin", "zip"}, Numbers: []string{"+12065550102"}, Reason: porting.ForOutage,
			Was: o.Details},
	}
	o.Changes[1].Was.PIN, o.Changes[1].Was.Zip = porting.SealedSecret("sealed pin 5"), "98104"
	o.Reasons = []porting.Reason{
		{Code: porting.ZipMismatch, Raw: "7402", Said: "The ZIP differs.", Numbers: []string{"+12065550102", "+12065550104"},
			Patch: map[string]string{"zip": "98102", "city": "Renton"}},
		{Code: porting.NameMismatch, Note: porting.Say(porting.MsgRecordDiffers, "field", "billing_name", "how", "other words")},
		{Code: porting.OtherReason, Note: porting.Words("It is the wrong shop.")},
	}
	o.ClockFrom, o.Reminders, o.Announced = at(9), 2, "2027-03-16"
	o.Renewals = map[string]time.Time{porting.SignedLOA: at(10), porting.Bill: at(11)}
	o.Attempts = []porting.Attempt{
		{Kind: porting.AskCSR, Peer: "locals", PON: "C1", Version: 1, Sup: porting.SupDate, Ref: "csr-1",
			Planned: at(12), Sent: at(13),
			Reads: 4, Supplied: true, State: porting.AnswerReady, Said: "READY", Answered: at(14), Record: porting.Record{
				Name: "ADA LOVELACE", Street: "500 PIKE ST", City: "SEATTLE", State: "ID", Zip: "98103",
				AccountNumber: porting.SealedSecret("sealed account_number 3"), BTN: "+12065550105",
				Numbers: []string{"+12065550106", "+12065550107"}}},
		{Kind: porting.AskPort, Peer: "locals2", PON: "P1", Planned: at(15), Leased: at(22), Seen: at(23),
			Digest: porting.SealedSecret("sealed request_digest 4")},
	}
	o.Proof = porting.Proof{By: porting.ProofAccount, At: at(24)}
	o.Misses = []time.Time{at(27)}
	o.OwnOnly, o.HeldIdle = true, 29*time.Hour
	o.Objection = porting.Objection{State: porting.ObjectionRaised, Class: porting.SimpleWireline,
		Reasons: []porting.ReasonCode{porting.NameMismatch, porting.AccountUnpaid}, PON: "P0", Version: 2, Opened: at(30),
		Owner: "AB", Step: "manager", Asked: at(31), Ends: at(32), Sent: at(33), Outcome: porting.ObjectionDropped,
		Ended: at(34), Pack: "d9", PackSize: 4321}
	o.AlsoAsked = []string{"+12065550111", "+12065550112"}
	o.Disputes = []porting.Dispute{
		{Side: porting.Asking, Rival: "9007199254740002", Numbers: []string{"+12065550102"}, State: porting.DisputeOver,
			Winner: porting.Holding, Opened: at(40), Ends: at(41), LOA: at(42), Decided: at(43), By: "CD", Over: at(44)},
		{Side: porting.Holding, Rival: "9007199254740003", Numbers: []string{"+12065550102", "+12065550104"},
			State: porting.DisputeOpen, Opened: at(45), Ends: at(46)},
	}
	o.Authority = porting.AuthorityCase{State: porting.CaseReturned, Raised: porting.RaisedByCarrier, Who: "Port desk",
		Numbers: []string{"+12065550104"}, Opened: at(48), Ends: at(49), Owner: "EF", Ended: at(50), Pack: "d10", PackSize: 99}
	o.CSRSettled, o.FOC, o.FOCAt, o.Withdrawing = true, "2027-03-16", at(16), true
	o.Changes[1].Was.DesiredTime = "13:15"
	o.Details.DesiredTime, o.FOCTime, o.Attempts[1].AskedTime = "14:30", "15:00", "14:45"
	o.WithoutFailed = true
	o.Repairs = map[porting.RepairKind]int{porting.FromCSR: 1, porting.OtherPeer: 3}
	o.Resend, o.Remaining, o.Delays = porting.SupOther, porting.Remaining{Active: true, BTN: "+12065550108"}, 5
	o.NotBefore, o.HandOver = "2027-03-18", at(30)
	o.Attempts[1].Asked, o.Attempts[1].AskedFor = "2027-03-19", porting.AskedRefused
	o.Habit, o.Escalated = porting.Habit{Answers: 21, Usual: 2, Slow: 6}, at(17)
	o.Unanswered, o.DeskAt = at(28), at(29)
	o.PortFee, o.CancelFee, o.ChangeFees, o.Refunded, o.Returned = 1500, 2500, 1100, 350, 70
	o.Credit, o.Credited, o.Reopens, o.ReopenedAs, o.Extended = 410, 420, "9007199254740004", "9007199254740005", at(51)
	o.Tariff = porting.Tariff{Local: 610, TollFree: 620, Canada: 630, Cancel: 640, DateChange: 650, Expedite: 660, LeftOut: porting.RefundAlways, Abandoned: porting.RefundNever,
		Failed: porting.RefundUnsent}
	o.Driver = porting.Driver{Machine: porting.LSRMachine, Run: 8, Fence: porting.Fence{Entered: at(22), Try: 2}}
	o.Wait = porting.Wait{For: porting.WaitDesk, Machine: porting.CSRMachine, Run: 7, Token: porting.NewSecret("token"), Seq: 6,
		Outcome: porting.OutRetry}
	o.Desk = porting.Say(porting.MsgAskFailed, "error", "Permanent").With(porting.Say(porting.MsgAskReview))
	o.Due = map[porting.DueKind]time.Time{porting.DueClock: at(18), porting.DuePapers: at(19), porting.DueCheck: at(20), porting.DueDriver: at(21), porting.DueDispute: at(47),
		porting.DueSwitch: at(51)}
	return o
}

// FullEvent returns an event with something in every field, of an order after its change to the present version.
func FullEvent(o porting.Order) porting.Event {
	message := porting.Say(porting.MsgRepaired, "repairs", "another peer").With(
		porting.Say(porting.MsgFieldSet, "field", "zip", "after", "98101"), porting.Words("as it was"))
	message.Unproven = true
	return porting.Event{
		Order: o.ID, Group: o.Group, Account: o.Account, Version: o.Version, N: 1, Kind: porting.Refused,
		At: Now.Add(time.Second),
		By: porting.By{Role: porting.PeerRole, Way: porting.WayPeer, Name: "locals"}, Before: porting.Submitted, Status: porting.Rejected,
		Comment: true, Message: message, FOC: "2027-03-17", Charge: 750, ChargeFor: porting.WishDate, Credit: 130, CreditOf: "9007199254740004", Refund: 250, RefundFor: porting.ForLeftOut, Ends: Now.AddDate(0, 0, 45),
		Paper: porting.SoleUse, StatusURL: "https://example.com/hook",
		Reasons: []porting.Reason{{Code: porting.BTNMismatch, Raw: "7403", Said: "BTN", Note: porting.Words("As on the bill."), Numbers: []string{"+12065550109"},
			Patch: map[string]string{"billing_number": "+12065550110"}}},
		Tally: porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 2, Lead: 5},
		Lesson: porting.Lesson{Carrier: "cox", Answered: true, CSR: porting.Took{Known: true, Days: 3},
			FOC: porting.Took{Known: true, Days: 4}, Port: porting.Took{Known: true, Days: 5},
			Refused: []porting.ReasonCode{porting.BTNMismatch, porting.PINInvalid}},
		Effects: porting.Effects(),
	}
}

// InFeed returns as much of an event as an account's feed tells: neither effects, nor tallies and lessons, nor the paper that was
// asked for, nor the way of the command.
func InFeed(e porting.Event) porting.Event {
	e.Effects, e.Tally, e.Lesson, e.Paper, e.By.Way = nil, porting.Tally{}, porting.Lesson{}, "", ""
	e.Refund, e.RefundFor, e.ChargeFor, e.Credit, e.CreditOf = 0, "", "", 0, ""
	return e
}

// FullGroup returns the group of a FullOrder.
func FullGroup(id porting.OrderID) porting.Group {
	return porting.Group{ID: "8000000000000001", Account: "acme", Created: Now.Add(-time.Minute),
		Orders: []porting.OrderID{id}}
}

// FullReceipt returns the record of an idempotency key with something in every field.
func FullReceipt() orders.Receipt {
	return orders.Receipt{Account: "acme", Key: "k 1#2", Print: "POST /orders 5e", Group: "8000000000000001",
		Lease:   Now.Add(time.Minute),
		Expires: Now.AddDate(0, 0, 1), Answer: orders.Answer{Status: 201, Header: map[string]string{"ETag": `"1"`},
			Body: `{"id":"1"}`}}
}

// FullMail returns a mail of an order that was kept in place of being sent.
func FullMail(o porting.Order) orders.Mail {
	return orders.Mail{Order: o.ID, Version: o.Version, At: Now.Add(2 * time.Minute), To: "ops@example.com",
		Subject: "Your order", Text: "Dear customer,\n…"}
}

// FullAccount returns an account, and FullKey one of its keys, with something in every field.
func FullAccount() account.Account {
	return account.Account{ID: "acme", Name: "Acme", Mail: "ops@example.com", Kind: account.Sandbox, Balance: 100_000,
		Created: Now, Version: 3, Strict: true, MailCalls: true, Quiet: "holiday_eve",
		Looks: account.Looks{Name: "Example Telecom", Color: "#0b5cad", Footer: "Call us at (206) 555-0100."}, Tariff: FullOrder("1").Tariff,
		Contacts: []account.Contact{
			{Purpose: account.Primary, Address: "ops@example.com", Since: Now.Add(time.Minute)},
			{Purpose: account.Billing, Address: "pay@example.com", Since: Now.Add(2 * time.Minute), Blocked: account.Bounced, BlockedAt: Now.Add(3 * time.Minute)},
		}}
}

// FullKey returns an access key of a FullAccount.
func FullKey() account.Key {
	return account.Key{Access: "Acme0001", Account: "acme", Kind: account.Sandbox, Hash: [32]byte{1, 2, 3},
		Created: Now.Add(4 * time.Minute), Name: "New", Expires: Now.Add(5 * time.Minute),
		Scopes: "read order", Ranges: "192.0.2.0/24 2001:db8::/48"}
}

// FullPreset returns a record that presets refer to. No record is both approved and rejected in use.
func FullPreset() account.Preset {
	return account.Preset{Ref: account.Ref{Kind: account.CNAM, ID: "11"}, Account: "acme",
		Fields:  map[string]string{"value": "ACME", "label": "Sign"},
		Created: Now.Add(6 * time.Minute), Approved: Now.Add(7 * time.Minute), Rejected: "It is a brand."}
}

// FullEndpoint returns a customer's endpoint with something in every field.
func FullEndpoint() webhook.Endpoint {
	return webhook.Endpoint{ID: "weaaaa", Account: "acme", URL: "https://hooks.example.com/?key=1",
		Description: "Billing", Types: []string{"portorder.comment", "portorder.document"},
		Created: Now.Add(8 * time.Minute), Version: 1, Paused: true, Why: "It fails.",
		PausedAt: Now.Add(9 * time.Minute), FailingSince: Now.Add(10 * time.Minute), Secrets: []webhook.Signing{
			{Secret: porting.SealedSecret("sealed 1")},
			{Secret: porting.SealedSecret("sealed 2"), Until: Now.Add(11 * time.Minute)}}}
}

// FullDelivery returns a delivery to a FullEndpoint, after a try of it.
func FullDelivery() webhook.Delivery {
	return webhook.Delivery{Account: "acme", Endpoint: "weaaaa", At: Now.Add(12 * time.Minute),
		Order: "9007199254740001", Version: 7, N: 1,
		Type: "portorder.comment", State: webhook.Pending, Made: Now.Add(13 * time.Minute),
		Next: Now.Add(14 * time.Minute), Attempts: []webhook.Attempt{
			{At: Now.Add(15 * time.Minute), Status: 503, Why: "It is down.", Took: 120 * time.Millisecond}}}
}

// Unset lists the fields below v, by their paths, that hold nothing anywhere: of the elements of a list or a map, one
// has to set the field. It ranges over the type, so that a field of tomorrow is found too.
func Unset(v any) []string {
	var unset []string
	var walk func(path string, all []reflect.Value)
	walk = func(path string, all []reflect.Value) {
		set := false
		for _, v := range all {
			set = set || !v.IsZero()
		}
		if !set {
			unset = append(unset, path)
			return
		}
		switch kind := all[0].Kind(); {
		case isRecord(all[0].Type()):
			for i := range all[0].NumField() {
				field := all[0].Type().Field(i)
				name := path + "." + field.Name
				if field.Anonymous {
					name = path
				}
				var values []reflect.Value
				for _, v := range all {
					values = append(values, v.Field(i))
				}
				walk(name, values)
			}
		case kind == reflect.Slice || kind == reflect.Array || kind == reflect.Map:
			var below []reflect.Value
			for _, v := range all {
				below = append(below, elements(v)...)
			}
			walk(path+"[]", below)
		case kind == reflect.Pointer || kind == reflect.Interface:
			panic(fmt.Sprintf("%s is a %s: the domain has none", path, kind)) // a test's own mistake
		}
	}
	walk(reflect.TypeOf(v).Name(), []reflect.Value{reflect.ValueOf(v)})
	return slices.DeleteFunc(unset, neverOnLOA)
}

// neverOnLOA says that the path is of a detail that no letter of agency shows, so that Signature.LOA never holds it, or
// of one that is not signed, so that Signature.Conformed never holds it.
func neverOnLOA(path string) bool {
	var all porting.Details
	for _, row := range porting.DetailRows() {
		row.Restore(&all, "true")
	}
	held := all.OnLOA()
	_, field, ok := strings.Cut(path, ".Signature.LOA.")
	if !ok {
		held = all.Signed()
		if _, field, ok = strings.Cut(path, ".Signature.Conformed."); !ok {
			return false
		}
	}
	shown := reflect.ValueOf(held).FieldByName(field)
	return shown.IsValid() && shown.IsZero()
}

// isRecord says whether the type is a struct with fields of its own to fill: not an instant, a secret or a message, which is
// either a sentence of the catalogue or somebody's words.
func isRecord(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[porting.Message]() && t.NumField() > 0 && t.Field(0).IsExported()
}

func elements(v reflect.Value) []reflect.Value {
	var all []reflect.Value
	if v.Kind() == reflect.Map {
		for _, k := range v.MapKeys() {
			all = append(all, v.MapIndex(k))
		}
		return all
	}
	for i := range v.Len() {
		all = append(all, v.Index(i))
	}
	return all
}
