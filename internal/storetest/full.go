package storetest

import (
	"fmt"
	"reflect"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// FullOrder returns an order with something in every field. Its values differ from field to field, so that a store that
// exchanges two of them is found. It is an order that Apply would not make: what a store keeps does not depend on the rules.
func FullOrder(id porting.OrderID) porting.Order {
	at := func(minutes int) time.Time { return Now.Add(time.Duration(minutes) * time.Minute) }
	var o porting.Order
	o.ID, o.Group, o.Account = id, "8000000000000001", "acme"
	o.Sandbox, o.SplitOffFrom, o.OtherAccount = true, "7000000000000001", true
	o.Version, o.Status, o.StatusAt, o.Created, o.Updated = 7, porting.Submitted, at(1), at(2), at(3)
	o.Kind, o.Carrier = porting.Local, porting.Carrier{SPID: "8X34", Name: "Old Bell"}
	o.Details = porting.Details{
		Alias: "Head office", BillingName: "Ada Lovelace", Company: "Analytical Engines", BillingNumber: "+12065550100",
		Provider: "Old Bell of Seattle", ProviderAccount: porting.NewSecret(SecretAccount), PIN: porting.NewSecret(SecretPIN),
		LastFourSSN: porting.NewSecret(SecretSSN), UsageType: porting.Business, Street: "500 Pike Street", Street2: "Floor 3",
		City: "Seattle", State: "WA", Zip: "98101", Country: "US", Desired: "2027-03-15", LOAEmail: "ada@example.com",
		LOACC: "copy@example.com", CNAMLookups: true, StatusURL: "https://example.com/hook", AutoCorrect: porting.CorrectAddress,
	}
	o.Presets = porting.Presets{CNAM: "11", E911: "12", PrimaryRoute: "13", FailoverRoute: "14", Alias: "Front desk"}
	o.Signature = porting.Signature{Name: "A. Lovelace", Title: "CEO", At: at(4), IP: "192.0.2.1", LOA: porting.LOA{
		BillingName: "Augusta Ada King", Company: "Engines of old", BillingNumber: "+12065550101", Provider: "Older Bell",
		UsageType: porting.Residential, Street: "1 First Avenue", Street2: "Suite 9", City: "Tacoma", State: "OR", Zip: "98402",
		Country: "CA",
	}}
	o.Numbers = []porting.Number{
		{TN: "+12065550102"}, {TN: "+12065550103", State: porting.Excluded, Reason: porting.NoCoverage},
		{TN: "+12065550104", State: porting.Ported},
	}
	o.Documents = []porting.Document{
		{ID: "1", Name: "bill.pdf", Kind: porting.BillDocument, Dated: "2027-02-20", State: porting.DocumentError, Why: "It is no PDF file.",
			LOA: true, From: "https://example.com/bill?key=1", Expires: at(5), Of: "6000000000000001", Digest: "d1", Size: 1234, Pages: 3,
			Added: at(6), Settled: at(7)},
		{ID: "2", Name: "csr.png", Kind: porting.CSRDocument, State: porting.DocumentPending, Added: at(8)},
	}
	o.Enclosed = []porting.DocumentID{"2", "1"}
	o.Reasons = []porting.Reason{
		{Code: porting.ZipMismatch, Raw: "7402", Said: "The ZIP differs.", Numbers: []string{"+12065550102", "+12065550104"},
			Patch: map[string]string{"zip": "98102", "city": "Renton"}},
		{Code: porting.NameMismatch},
	}
	o.ClockFrom, o.Reminders = at(9), 2
	o.Renewals = map[string]time.Time{porting.SignedLOA: at(10), porting.Bill: at(11)}
	o.Attempts = []porting.Attempt{
		{Kind: porting.AskCSR, Peer: "locals", PON: "C1", Version: 1, Sup: porting.SupDate, Ref: "csr-1", Planned: at(12), Sent: at(13),
			Reads: 4, State: porting.AnswerReady, Said: "READY", Answered: at(14), Record: porting.Record{
				Name: "ADA LOVELACE", Street: "500 PIKE ST", City: "SEATTLE", State: "ID", Zip: "98103",
				AccountNumber: porting.NewSecret(SecretRecord), BTN: "+12065550105", Numbers: []string{"+12065550106", "+12065550107"}}},
		{Kind: porting.AskPort, Peer: "locals2", PON: "P1", Planned: at(15)},
	}
	o.CSRSettled, o.FOC, o.FOCAt = true, "2027-03-16", at(16)
	o.Repairs = map[porting.RepairKind]int{porting.FromCSR: 1, porting.OtherPeer: 3}
	o.Resend, o.Remaining, o.Delays = porting.SupOther, porting.Remaining{Active: true, BTN: "+12065550108"}, 5
	o.Habit, o.Escalated = porting.Habit{Answers: 21, Usual: 2, Slow: 6}, at(17)
	o.PortFee, o.CancelFee = 1500, 2500
	o.Driver = porting.Driver{Machine: porting.LSRMachine, Run: 8}
	o.Wait = porting.Wait{For: porting.WaitDesk, Machine: porting.CSRMachine, Token: porting.NewSecret("token"), Seq: 6,
		Outcome: porting.OutRetry}
	o.Desk = "Which name is right?"
	o.Due = map[porting.DueKind]time.Time{porting.DueClock: at(18), porting.DuePapers: at(19), porting.DueCheck: at(20), porting.DueDriver: at(21)}
	return o
}

// SecretRecord is the account number in the carrier's record of a FullOrder.
const SecretRecord = "CANARY-RECORD-5521"

// FullEvent returns an event with something in every field, of an order after its change to the version.
func FullEvent(o porting.Order) porting.Event {
	return porting.Event{
		Order: o.ID, Group: o.Group, Account: o.Account, Version: o.Version, N: 1, Kind: porting.Refused, At: Now.Add(time.Second),
		By: porting.By{Role: porting.PeerRole, Name: "locals"}, Before: porting.Submitted, Status: porting.Rejected,
		Text: "The carrier refused.", Comment: true, FOC: "2027-03-17", Charge: 750, Ends: Now.AddDate(0, 0, 45),
		Paper: porting.SoleUse, StatusURL: "https://example.com/hook",
		Reasons: []porting.Reason{{Code: porting.BTNMismatch, Raw: "7403", Said: "BTN", Numbers: []string{"+12065550109"},
			Patch: map[string]string{"billing_number": "+12065550110"}}},
		Tally: porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 2, Lead: 5},
		Effects: []porting.Effect{porting.ResumeWait, porting.StartDriver, porting.SendMail, porting.SendWebhook, porting.WithdrawRequest,
			porting.ReleaseNumbers, porting.KeepScore, porting.FileLOA, porting.PullDocuments},
	}
}

// FullReceipt returns the record of an idempotency key with something in every field.
func FullReceipt() orders.Receipt {
	return orders.Receipt{Account: "acme", Key: "k 1#2", Print: "POST /orders 5e", Group: "8000000000000001", Lease: Now.Add(time.Minute),
		Expires: Now.AddDate(0, 0, 1), Answer: orders.Answer{Status: 201, Header: map[string]string{"ETag": `"1"`}, Body: `{"id":"1"}`}}
}

// Unset lists the fields below v, by their paths, that hold nothing anywhere: of the elements of a list or a map, one has to
// set the field. It ranges over the type, so that a field of tomorrow is found too.
func Unset(v any) []string {
	var unset []string
	var walk func(path string, all []reflect.Value)
	walk = func(path string, all []reflect.Value) {
		var below []reflect.Value
		kind, set := reflect.Invalid, false
		for _, v := range all {
			kind = v.Kind()
			set = set || !v.IsZero()
			switch kind {
			case reflect.Slice, reflect.Array:
				for i := range v.Len() {
					below = append(below, v.Index(i))
				}
			case reflect.Map:
				for _, k := range v.MapKeys() {
					below = append(below, v.MapIndex(k))
				}
			}
		}
		switch {
		case !set:
			unset = append(unset, path)
		case kind == reflect.Struct && all[0].NumField() > 0 && all[0].Type().Field(0).IsExported():
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
			walk(path+"[]", below)
		case kind == reflect.Pointer || kind == reflect.Interface:
			panic(fmt.Sprintf("%s is a %s: the domain has none", path, kind)) // a test's own mistake
		}
	}
	walk(reflect.TypeOf(v).Name(), []reflect.Value{reflect.ValueOf(v)})
	return unset
}
