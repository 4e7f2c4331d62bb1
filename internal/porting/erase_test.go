package porting_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// kept lists the places of an order whose texts stay when the order is erased. They tell of carriers, numbers, times, fees and
// decisions, and never of a person.
var kept = []string{
	"ID", "Group", "Account", "SplitOffFrom", "Reopens", "ReopenedAs", "Status", "Kind", "Carrier.SPID", "Carrier.Name", "Numbers.TN", "Numbers.State",
	"Numbers.Reason", "Home.Country", "Home.Zone", "Class", "Own.Profile", "Own.Zone", "Own.Holidays", "Flags.Recovery", "QuietDays",
	"Details.Provider", "Details.UsageType", "Details.Country", "Details.AccountCountry", "Details.Desired", "Details.AutoCorrect",
	"Numbers.Provision.Step", "Numbers.Provision.Answer", "Numbers.Provision.Reason", "Numbers.Provision.Day",
	"Numbers.Provision.Features.E911", "Numbers.Provision.Features.CNAM", "Numbers.Provision.Features.Messaging",
	"Announced", "Details.Reseller", "Details.DesiredTime", "Details.Unportable", "Details.PortScope", "Details.Others", "Details.OnLine", "Details.HuntGroup",
	"Details.Listing", "Presets.CNAM", "Presets.E911", "Presets.PrimaryRoute", "Presets.FailoverRoute",
	"Signature.Order", "Signature.Capacity", "Signature.EndUserDated", "Signature.Words", "Signature.Language", "Signature.Operator.Name",
	"Signature.Operator.Address", "Signature.Operator.Phone", "Signature.Operator.RespOrg",
	"Documents.ID", "Documents.Kind", "Documents.Dated", "Documents.State", "Documents.Of", "Documents.Digest",
	"Changes.Kind", "Changes.State", "Changes.By", "Changes.Date", "Changes.From", "Changes.Numbers", "Changes.Fields", "Changes.Reason",
	"Changes.Was.Provider", "Changes.Was.UsageType", "Changes.Was.Country", "Changes.Was.AccountCountry", "Changes.Was.Desired", "Changes.Was.DesiredTime",
	"Changes.Was.AutoCorrect", "Changes.Was.Reseller", "Changes.Was.Unportable", "Changes.Was.PortScope", "Changes.Was.Others",
	"Changes.Was.OnLine", "Changes.Was.HuntGroup", "Changes.Was.Listing",
	"Attempts.Kind", "Attempts.Peer", "Attempts.PON", "Attempts.Ref", "Attempts.Asked", "Attempts.AskedFor", "Attempts.AskedTime", "Attempts.State",
	"Attempts.Said", "Proof.By", "Reasons.Code", "Reasons.Raw", "Reasons.Numbers", "Objection.State", "Objection.Class",
	"Objection.Reasons", "Objection.PON", "Objection.Owner", "Objection.Step", "Objection.Outcome", "FOC", "FOCTime", "NotBefore", "Enclosed",
	"Shown.Refused", "Repairs", "Renewals", "Tariff.LeftOut", "Tariff.Abandoned", "Tariff.Failed", "Driver.Machine", "Wait.For",
	"Wait.Machine", "Wait.Outcome", "Due", "Disputes.Numbers", "Disputes.Side", "Disputes.Rival", "Disputes.By", "Disputes.Winner",
	"Disputes.State", "AlsoAsked", "Authority.State", "Authority.Raised", "Authority.Numbers", "Authority.Owner",
}

// textsOf lists the texts of a value by their places. Secrets are texts too.
func textsOf(v reflect.Value, place string, found map[string][]string) {
	if s, ok := v.Interface().(porting.Secret); ok {
		if s.IsSet() {
			found[place] = append(found[place], s.Reveal()+s.Sealed())
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			found[place] = append(found[place], v.String())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			below := place + "." + f.Name
			if f.Anonymous || place == "" {
				below = strings.TrimPrefix(below, ".")
			}
			if f.Anonymous {
				below = place
			}
			textsOf(v.Field(i), strings.TrimPrefix(below, "."), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			textsOf(v.Index(i), place, found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			textsOf(key, place, found)
			textsOf(v.MapIndex(key), place, found)
		}
	}
}

// ended returns an order with something in every field that has ended.
func ended() porting.Order {
	o := storetest.FullOrder("9000000000000001")
	o.Status, o.Withdrawing, o.Desk = porting.Completed, false, porting.Message{}
	return o
}

// An erased order has texts at the places of the list kept alone. A new field of an order has to be erased, or to be listed.
func TestErasedOrdersTellOfNobody(t *testing.T) {
	after, err := ended().Erased()
	if err != nil {
		t.Fatal(err)
	}
	found, before := textOf(after), textOf(ended())
	for place, texts := range found {
		if !slices.Contains(kept, place) {
			t.Errorf("%s is still there: %q", place, texts)
		}
	}
	for _, place := range kept {
		if before[place] == nil || !slices.Equal(found[place], before[place]) {
			t.Errorf("%s was %q and is %q", place, before[place], found[place])
		}
	}
	for _, r := range porting.DetailRows() {
		if r.Personal && r.Value(after.Details) != "" {
			t.Errorf("the detail %s is still there", r.Name)
		}
	}
	if after.Version != ended().Version+1 {
		t.Errorf("the version is %d", after.Version)
	}
	again, err := after.Erased()
	if err != nil || !reflect.DeepEqual(textOf(again), found) {
		t.Errorf("erasing again changes the order: %v", err)
	}
}

func textOf(o porting.Order) map[string][]string {
	found := map[string][]string{}
	textsOf(reflect.ValueOf(o), "", found)
	for _, texts := range found {
		slices.Sort(texts)
	}
	return found
}

// Nothing is erased as long as a carrier, the customer or our staff may need it.
func TestLiveOrdersAreNotErased(t *testing.T) {
	for name, change := range map[string]func(*porting.Order){
		"pending":     func(o *porting.Order) { o.Status = porting.Pending },
		"submitted":   func(o *porting.Order) { o.Status = porting.Submitted },
		"rejected":    func(o *porting.Order) { o.Status = porting.Rejected },
		"withdrawing": func(o *porting.Order) { o.Withdrawing = true },
	} {
		o := ended()
		change(&o)
		got, err := o.Erased()
		if !porting.Is(err, porting.WrongStatus) || !reflect.DeepEqual(got, o) || !regexp.MustCompile(`has not ended`).MatchString(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
