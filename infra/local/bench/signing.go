package bench

import (
	"fmt"
	"slices"
	"time"

	"portway/internal/bizday"
	"portway/internal/porting"
)

const signingNote = "An order gets one mistake for each peer-side reason whose ground the order's own values show. It is stopped if " +
	"an edit or the signature refuses it with the field named, and warned of if the readiness before the signature tells the " +
	"reason. No profile of a carrier and no history is taken into account. The other reasons are about what only the carrier, the " +
	"registry or a peer knows."

// visible makes, for each reason whose ground an order's own values show, the mistake of a customer.
var visible = []struct {
	code    porting.ReasonCode
	mistake func(*porting.Order)
}{
	{porting.AccountMissing, func(o *porting.Order) { o.Details.ProviderAccount = porting.Secret{} }},
	{porting.PINMissing, func(o *porting.Order) { o.Class, o.Details.PIN = porting.Wireless, porting.Secret{} }},
	{porting.BTNMismatch, func(o *porting.Order) { o.Details.BillingNumber = "" }},
	{porting.AuthPersonInvalid, func(o *porting.Order) { o.Details.BillingName = "Reception" }},
	{porting.AddressInvalid, func(o *porting.Order) { o.Details.Street = "PO Box 12" }},
	{porting.ZipMismatch, func(o *porting.Order) { o.Details.Zip = "9810" }},
	{porting.AddressMismatch, func(o *porting.Order) { o.Details.City = "" }},
	{porting.NameMismatch, func(o *porting.Order) { o.Details.BillingName = "" }},
	{porting.LSRFieldMissing, func(o *porting.Order) { o.Details.Company = "" }},
	{porting.WrongLosingCarrier, func(o *porting.Order) { o.Details.Provider = "" }},
	{porting.DueDateTooSoon, func(o *porting.Order) { o.Details.Desired = "2027-03-03" }},
	{porting.DueDateInvalid, func(o *porting.Order) { o.Details.Desired = "2027-03-13" }},
	{porting.ResellerRecord, func(o *porting.Order) { o.Class, o.Flags.Resold = porting.Resold, true }},
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
	return false, slices.ContainsFunc(found.Refusals, told) || doubt != ""
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
	return []Figure{{What: "mistakes that an order shows, stopped or warned of before the signature",
		Value: fmt.Sprintf("%d of %d (%d stopped, %d warned of)", stopped+warned, len(visible), stopped, warned),
	}}, nil
}
