package bench

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"portway/internal/bizday"
	"portway/internal/porting"
)

const signingNote = "An order gets one mistake for each peer-side reason whose ground the order's own values show, or the portability check. " +
	"It is stopped if create, an edit, an upload or the signature refuses it with the field named, and warned of if the answers before " +
	"the signature tell the reason. No profile of a carrier and no history is taken into account. The other reasons can't be known " +
	"before the signature, and are counted by whoever alone knows their ground."

// hidden has the peer-side reasons that nobody can know of before the signature, with why.
var hidden = map[porting.ReasonCode]string{
	porting.AccountMismatch: onRecord, porting.AllDataMismatch: onRecord, porting.TNNotFound: onRecord,
	porting.AuthPersonMismatch: onRecord, porting.MultipleAccounts: onRecord, porting.PortTypeIncorrect: onRecord,

	porting.PINInvalid: onAccount, porting.TaxIDMismatch: onAccount, porting.TNNotInService: onAccount,
	porting.PendingOrder: onAccount, porting.PortFreeze: onAccount, porting.AccountUnpaid: onAccount,
	porting.AccountSuspended: onAccount, porting.FraudHold: onAccount, porting.TFShared: onAccount,
	porting.TNAlreadyPorting: onAccount, porting.BillRequired: onAccount, porting.LOARequired: onAccount,

	porting.LOAExpired: ourLOA, porting.LOASignatureInvalid: ourLOA, porting.LOAIllegible: ourLOA, porting.LOATNMissing: ourLOA,
	porting.LOASuperseded: ourLOA,

	porting.FOCExpired: later, porting.FOCRejected: later, porting.JeopardyCarrier: later, porting.JeopardyCustomer: later,
	porting.LateChangeRefused: later, porting.SnapbackExpired: later, porting.CarrierNoResponse: later,
	porting.CarrierBusy: later, porting.LSRNotReceived: later, porting.SVConflict: later, porting.SVFailure: later,
	porting.ImproperReject: later, porting.PeerDenied: later, porting.PeerCancelled: later, porting.RespOrgMismatch: later,
	porting.ROCOverdue: later, porting.ROCExpired: later,

	porting.DifferentCarriers: grouped, porting.DifferentRateCenters: grouped,
}

// Why a reason can't be known before the signature.
const (
	onRecord  = "what the carrier's record has, of which nobody is told before the proof"
	onAccount = "the state of the account, which only the carrier knows"
	ourLOA    = "the LOA, which we make when it is signed"
	later     = "what happens after the request is sent"
	grouped   = "what create keeps apart by itself, as far as the check tells it"
)

// visible makes, for each reason whose ground an order's own values show, the mistake of a customer.
var visible = []struct {
	code    porting.ReasonCode
	mistake func(*porting.Order)
}{
	{porting.AccountMissing, func(o *porting.Order) { o.Details.ProviderAccount = porting.Secret{} }},
	{porting.PINMissing, func(o *porting.Order) { o.Class, o.Details.PIN = porting.Wireless, porting.Secret{} }},
	{porting.BTNMismatch, func(o *porting.Order) {
		o.Details.BillingNumber, o.Numbers = "", append(slices.Clone(o.Numbers), porting.Number{TN: "+12065550102"})
	}},
	{porting.AuthPersonInvalid, func(o *porting.Order) { o.Details.BillingName = "Reception" }},
	{porting.AddressInvalid, func(o *porting.Order) { o.Details.Street = "PO Box 12" }},
	{porting.ZipMismatch, func(o *porting.Order) { o.Details.Zip = "9810" }},
	{porting.AddressMismatch, func(o *porting.Order) { o.Details.City = "" }},
	{porting.NameMismatch, func(o *porting.Order) { o.Details.BillingName = "" }},
	{porting.LSRFieldMissing, func(o *porting.Order) { o.Details.Company = "" }},
	{porting.WrongLosingCarrier, func(o *porting.Order) { o.Details.Provider = "" }},
	{porting.DueDateTooSoon, func(o *porting.Order) { o.Details.Desired = "2027-03-03" }},
	{porting.DueDateInvalid, func(o *porting.Order) { o.Details.Desired = "2027-03-13" }},
	{porting.BTNRemaining, func(o *porting.Order) { o.Details.PortScope = porting.PartOfAccount }},
	{porting.RemainingServiceUnspecified, func(o *porting.Order) { o.Details.PortScope = porting.PartOfAccount }},
	{porting.BroadbandOnLine, func(o *porting.Order) { o.Details.OnLine = "dsl" }},
	{porting.SpecialFeature, func(o *porting.Order) { o.Details.HuntGroup = porting.PartOfGroup }},
	{porting.MultiLineRule, func(o *porting.Order) { o.Details.HuntGroup = porting.PartOfGroup }},
	{porting.HighVolumeManual, func(o *porting.Order) {
		o.Class = porting.ProjectPort
		o.Numbers = slices.Clone(o.Numbers)
		for i := range porting.ProjectSize {
			o.Numbers = append(o.Numbers, porting.Number{TN: fmt.Sprintf("+1206556%04d", i)})
		}
	}},
	{porting.TFDisconnected, func(o *porting.Order) { handedOver(o, porting.TFDisconnected) }},
	{porting.TFTransitional, func(o *porting.Order) { handedOver(o, porting.TFTransitional) }},
	{porting.BillStale, paper(porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, Dated: "2026-11-01"})},
	{porting.DocTypeInvalid, paper(porting.Document{Name: "bill.docx", Kind: porting.BillDocument})},
	{porting.TNNotPortable, refusedByCheck}, {porting.NoCoverage, refusedByCheck}, {porting.TNAlreadyOurs, refusedByCheck},
	{porting.TFSpare, refusedByCheck}, {porting.TFUnavailable, refusedByCheck}, {porting.RespOrgProtected, refusedByCheck},
	{porting.ResellerRecord, func(o *porting.Order) { o.Class, o.Flags.Resold = porting.Resold, true }},
}

// handedOver makes the order one of a number that the registry's help desk has to hand over.
func handedOver(o *porting.Order, why porting.ReasonCode) {
	o.Kind, o.Class, o.Flags.Recovery, o.Numbers = porting.TollFree, porting.TollFreePort, why, []porting.Number{{TN: "+18335550148"}}
}

// paper makes the mistake of adding a document.
func paper(d porting.Document) func(*porting.Order) {
	return func(o *porting.Order) { o.Documents = []porting.Document{d} }
}

// refusedByCheck marks the order as one whose number the portability check refuses at create, with the reason.
func refusedByCheck(o *porting.Order) {
	o.Numbers = []porting.Number{{TN: o.Numbers[0].TN, State: porting.Excluded}}
}

// ready is an order without a mistake, on a Tuesday.
func ready() (porting.Rules, porting.Order, time.Time, error) {
	c, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		return porting.Rules{}, porting.Order{}, time.Time{}, err
	}
	o := porting.Order{ID: "1", Status: porting.Pending, Kind: porting.Local, Class: porting.Wireline,
		Carrier: porting.Carrier{SPID: "8X34", Name: "Old Bell"}, Numbers: []porting.Number{{TN: "+12065550101"}}}
	o.Details = porting.Details{BillingName: "Ada Lovelace", Company: "Analytical Engines", BillingNumber: "+12065550101",
		Provider: "Old Bell", ProviderAccount: porting.NewSecret("778899"), PIN: porting.NewSecret("4321"),
		UsageType: porting.Business, Street: "500 Pike Street", City: "Seattle", State: "WA", Zip: "98101", Country: "US",
		Desired: "2027-03-15", LOAEmail: "ada@example.com"}
	return porting.Standard(c), o, time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC), nil
}

// before says what becomes of an order before its customer has signed: whether it is stopped, and whether the reason is
// told.
func before(r porting.Rules, o porting.Order, code porting.ReasonCode, now time.Time) (stopped, warned bool) {
	if o.Numbers[0].State == porting.Excluded { // create names the number, and makes no order
		return true, false
	}
	if len(o.Documents) > 0 {
		d := o.Documents[0]
		o.Documents = nil
		_, _, err := r.Apply(o, porting.AddDocument{By: porting.CustomerBy("bench"), Document: d}, now)
		return err != nil, false
	}
	if len(r.Faults(o.Details, porting.Details{})) > 0 || len(r.DayFaults(o.Details.Desired, now, o)) > 0 {
		return true, false
	}
	found := r.Readiness(o, porting.Intake{}, now)
	if len(found.Blocking()) > 0 {
		return true, false
	}
	told := func(x porting.LikelyRefusal) bool {
		return x.Code == code || code == porting.LSRFieldMissing && x.Code == porting.OrderIncomplete
	}
	_, doubt := r.DayDoubt(now, o)
	precaution := slices.ContainsFunc(o.Precautions(), func(m porting.Message) bool { return slices.Contains(precautions[code], m.Key) })
	if code == porting.HighVolumeManual { // the answer has the class, and its interval
		first, _ := r.Limits(now, o)
		precaution = o.Class == porting.ProjectPort && first.Date > o.Details.Desired
	}
	return false, slices.ContainsFunc(found.Refusals, told) || doubt != "" && code.Info().Date() || precaution
}

// precautions are the sentences of an answer that tell a reason before the signature.
var precautions = map[porting.ReasonCode][]porting.MessageKey{
	porting.BTNRemaining:    {porting.MsgMainLeaves},
	porting.BroadbandOnLine: {porting.MsgServicesEnd},
	porting.SpecialFeature:  {porting.MsgHuntGroup},
	porting.MultiLineRule:   {porting.MsgHuntGroup},
}

// signing counts the mistakes that are stopped or warned of before the signature.
func signing() ([]Figure, error) {
	r, good, now, err := ready()
	if err != nil {
		return nil, err
	}
	stopped, warned := 0, 0
	for _, row := range visible {
		o := good
		row.mistake(&o)
		switch s, w := before(r, o, row.code, now); {
		case s:
			stopped++
		case w:
			warned++
		}
	}
	figures := []Figure{{What: "mistakes that an order or the check shows, stopped or warned of before the signature",
		Value: fmt.Sprintf("%d of %d (%d stopped, %d warned of)", stopped+warned, len(visible), stopped, warned),
	}}
	by := map[string]int{}
	for _, why := range hidden {
		by[why]++
	}
	for _, why := range []string{onRecord, onAccount, ourLOA, later, grouped} {
		figures = append(figures, Figure{What: "peer-side reasons that nobody can know before: " + why, Value: strconv.Itoa(by[why])})
	}
	return figures, nil
}
