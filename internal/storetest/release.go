package storetest

import (
	"maps"
	"slices"
	"time"

	"portway/internal/porting"
)

// ByLastRelease returns an order as the present release reads it after the last release has written it: what the last
// release does not know is gone. In a deployment, functions of both releases write the same orders for a while.
func ByLastRelease(o porting.Order) porting.Order {
	s := &o.Signature
	s.Order, s.Numbers, s.Conformed = "", nil, porting.Details{}
	o.Home = porting.Home{}
	o.Unanswered, o.DeskAt, o.Announced = time.Time{}, time.Time{}, ""
	s.LOA.Reseller = ""
	d := &o.Details
	d.Reseller, d.Unportable, d.DesiredTime, o.FOCTime = "", "", "", ""
	d.PortScope, d.Keep, d.Disconnect, d.Others, d.NewBilling = "", "", "", "", ""
	d.OnLine, d.HuntGroup, d.Listing, d.RingingFrom = "", "", "", ""
	o.OwnOnly, o.HeldIdle = false, 0
	o.Returned = 0
	o.Refunded, o.Tariff = 0, porting.Tariff{}
	o.Credit, o.Credited, o.Reopens, o.ReopenedAs, o.Extended = 0, 0, "", "", time.Time{}
	s.Capacity, s.EndUserLOA, s.EndUserDated, s.Words, s.Language, s.By, s.Operator = "", "", "", "", "", "", porting.Operator{}
	for _, d := range []*porting.Details{&o.Details, &s.LOA} {
		d.AccountStreet, d.AccountStreet2, d.AccountCity = "", "", ""
		d.AccountState, d.AccountZip, d.AccountCountry = "", "", ""
	}
	o.Objection = porting.Objection{}
	o.Changes, o.ChangeFees = nil, 0
	o.WithoutFailed = false
	o.Numbers = slices.Clone(o.Numbers)
	for i := range o.Numbers {
		o.Numbers[i].At = time.Time{}
		o.Numbers[i].Provision = porting.Provision{}
	}
	o.Contention = porting.Contention{}
	o.Due = maps.Clone(o.Due)
	delete(o.Due, porting.DueDispute)
	delete(o.Due, porting.DueSwitch)
	o.ChangedFrom = nil
	o.NotBefore, o.HandOver = "", time.Time{}
	o.Attempts = slices.Clone(o.Attempts)
	for i := range o.Attempts {
		o.Attempts[i].Asked, o.Attempts[i].AskedFor, o.Attempts[i].AskedTime = "", "", ""
	}
	o.Flags, o.QuietDays, o.Details.OneLine = porting.CarrierFlags{}, "", false
	o.Own, o.Shown = porting.OwnTerms{}, porting.Shown{}
	o.SearchKept = ""
	return o
}

// EventByLastRelease is the same for an event.
func EventByLastRelease(e porting.Event) porting.Event {
	e.Refund, e.RefundFor, e.ChargeFor, e.Credit, e.CreditOf = 0, "", "", 0, ""
	e.Effects = slices.DeleteFunc(slices.Clone(e.Effects), func(f porting.Effect) bool {
		return f == porting.SendObjection || f == porting.FileEvidence || f == porting.PayRefund || f == porting.SettleDispute ||
			f == porting.Publish || f == porting.KeepSearch || f == porting.AskSwitch
	})
	e.Lesson = porting.Lesson{}
	return e
}
