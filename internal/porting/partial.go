package porting

import (
	"fmt"
	"slices"
	"strings"
)

// A port may take some numbers of an account, or lines that carry more than calls. The customer says at intake what stays
// and what becomes of it, since the carrier asks for it, and ends what it is not told to keep. Carriers' port guides ask
// these questions (infra/docs/sources.md); none of them has to be answered.

// PortScope says whether the order takes all numbers of the account at the carrier; empty where the customer did not say.
type PortScope string

// All numbers of the account move, or some stay.
const (
	WholeAccount  PortScope = "all"
	PartOfAccount PortScope = "some"
)

// Stay says what becomes of a number that is not ported.
type Stay string

// A number stays in service at the carrier, or ends there.
const (
	StaysActive Stay = "keep"
	EndsToo     Stay = "disconnect"
)

// HuntGroup says whether numbers of the order are in a group of lines that ring in turn.
type HuntGroup string

// No number is in such a group, the whole group moves, or only a part of it does.
const (
	NotHunting  HuntGroup = "none"
	WholeGroup  HuntGroup = "whole"
	PartOfGroup HuntGroup = "part"
)

// Listing says what becomes of the numbers' entry in the directory.
type Listing string

// The entry stays, changes, or there is to be none.
const (
	KeepListing   Listing = "keep"
	ChangeListing Listing = "change"
	NoListing     Listing = "none"
)

// lineServices are the services that end with the line under a number (port guides of Intermedia and VoiceMeUp).
var lineServices = [...]string{"dsl", "alarm", "fax", "elevator", "card_terminal", "meter", "other"}

// MaxListed is how many numbers a detail may list, and maxListed the same in characters.
const (
	MaxListed = 100
	maxListed = MaxListed * len("+12065550101,")
)

// tidyList brings a list of values with commas between into the form in which it is kept: each value once, without
// blanks.
func tidyList(s string) string {
	var all []string
	for v := range strings.SplitSeq(s, ",") {
		if v = TidyForm(v); v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return strings.Join(all, ",")
}

// Listed returns the values of a list detail.
func Listed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// eachOf checks every value of a list.
func eachOf(check func(string, Details) string) func(string, Details) string {
	return func(list string, d Details) string {
		for _, v := range Listed(list) {
			if why := check(v, d); why != "" {
				return why
			}
		}
		return ""
	}
}

// tollFreeCodes are the area codes of toll-free numbers.
var tollFreeCodes = [...]string{"800", "833", "844", "855", "866", "877", "888"}

func isTollFree(v string, d Details) string {
	if isTN(v, d) != "" || !slices.Contains(tollFreeCodes[:], v[2:5]) {
		return "Give a toll-free number in E.164 form, such as +18885550101."
	}
	return ""
}

// Partial says that numbers stay at the carrier by the customer's word: the customer said so, or named one that stays.
func (d Details) Partial() bool {
	return d.PortScope == PartOfAccount || d.Keep != "" || d.Disconnect != "" || d.NewBilling != ""
}

// accountFaults lists what the answers about the rest of the account say against each other.
func (d Details) accountFaults() Faults {
	var faults Faults
	if d.PortScope == WholeAccount {
		for _, name := range []string{"partial_port/keep", "partial_port/disconnect", "partial_port/others", "partial_port/new_billing_number"} {
			if value, _ := d.Get(name); value != "" {
				faults.Add(name, NotAllowed, "Leave this out if all numbers of the account move (partial_port/scope is all).")
			}
		}
	}
	keep, end := Listed(d.Keep), Listed(d.Disconnect)
	for _, tn := range end {
		if slices.Contains(keep, tn) {
			faults.Add("partial_port/disconnect", NotAllowed, fmt.Sprintf("%s is to stay and to be disconnected. Name it in one list only.", tn))
		}
	}
	switch {
	case d.NewBilling == "":
	case d.NewBilling == d.BillingNumber:
		faults.Add("partial_port/new_billing_number", NotAllowed, "The new main number is the present one (billing_number). Leave it out.")
	case slices.Contains(end, d.NewBilling):
		faults.Add("partial_port/new_billing_number", NotAllowed, "The new main number can't be one that is to be disconnected.")
	}
	return faults
}

// stayFaults lists the numbers of an order that are said to stay at the carrier too.
func (d Details) stayFaults(tns []string) Faults {
	var faults Faults
	for _, f := range []struct{ name, list string }{
		{"partial_port/keep", d.Keep}, {"partial_port/disconnect", d.Disconnect}, {"partial_port/new_billing_number", d.NewBilling},
	} {
		for _, tn := range Listed(f.list) {
			if slices.Contains(tns, tn) {
				faults.Add(f.name, NotAllowed, fmt.Sprintf("%s is on the order, so it can't stay at the carrier.", tn))
			}
		}
	}
	return faults
}

// MainLeaves says that the account's main number moves and others stay, by the customer's word, and that nobody has told
// which number becomes the main one.
func (o Order) MainLeaves() bool {
	return o.Kind == Local && o.Details.Partial() && o.Details.NewBilling == "" && o.Remaining.BTN == "" &&
		slices.Contains(o.Active(), o.Details.BillingNumber)
}

// Stays says that something stays at the carrier: by the customer's word, by a carrier's question that was answered, or by
// the carrier's record.
func (o Order) Stays() bool {
	if o.Details.PortScope == WholeAccount {
		return o.Remaining.Active // orders that were split off the first one take the rest
	}
	record, _ := o.Record()
	going := o.Active()
	return o.Details.Partial() || o.Remaining.Active ||
		slices.ContainsFunc(record.Record.Numbers, func(tn string) bool { return !slices.Contains(going, tn) })
}

// NewMain returns the account's main number from the port on: the customer's word goes before a repair's.
func (o Order) NewMain() string {
	if o.Details.NewBilling != "" {
		return o.Details.NewBilling
	}
	return o.Remaining.BTN
}

// NotAllPorting is the remark that a request for a part of an account has to bear (NANC provisioning flows).
const NotAllPorting = "Not all TNs are being ported."

// Remark is what the request says of the account in words, since the wires have no element for it; empty where there is
// nothing to say. It names no number of the account but those that the customer has named.
func (o Order) Remark() string {
	if o.Kind == TollFree {
		return ""
	}
	var all []string
	say := func(format, value string, words map[string]string) {
		if w, ok := words[value]; ok {
			value = w
		}
		if value != "" {
			all = append(all, fmt.Sprintf(format, value))
		}
	}
	d := o.Details
	stays := d.Partial() || o.Remaining.Active
	if stays {
		all = append(all, NotAllPorting)
	}
	if d.PortScope == WholeAccount && !o.Remaining.Active {
		all = append(all, "All TNs of the account are being ported.")
	}
	say("Keep: %s.", tens(d.Keep), nil)
	say("Disconnect: %s.", tens(d.Disconnect), nil)
	if stays {
		others := d.Others
		if others == "" {
			others = StaysActive // Flowroute's own first answer (S-POST)
		}
		say("All other numbers and services: %s.", string(others), map[string]string{string(StaysActive): "keep active"})
	}
	say("New BTN: %s.", tens(o.NewMain()), nil)
	say("On the lines: %s.", strings.ReplaceAll(d.OnLine, ",", ", "), nil)
	say("Hunt group: %s.", string(d.HuntGroup), map[string]string{
		string(WholeGroup): "the whole group is being ported", string(PartOfGroup): "remove the ported numbers from it",
	})
	say("Directory listing: %s.", string(d.Listing), nil)
	say("Reseller: %s.", d.Reseller, nil)
	return strings.Join(all, " ")
}

// tens writes numbers with their ten digits, as people at a carrier do.
func tens(list string) string {
	return strings.ReplaceAll(strings.ReplaceAll(list, "+1", ""), ",", ", ")
}

// HeldAgainst holds the customer's answers about the account against the carrier's record of a proven order. It names no
// number of the account but those that the customer has named.
func (o Order) HeldAgainst(rec Record) []Reason {
	if len(rec.Numbers) == 0 || !o.Proof.Given() {
		return nil
	}
	var reasons []Reason
	going, d := o.Active(), o.Details
	more := slices.ContainsFunc(rec.Numbers, func(tn string) bool { return !slices.Contains(going, tn) })
	if d.PortScope == WholeAccount && more && !o.Remaining.Active {
		reasons = append(reasons, Reason{Code: RemainingServiceUnspecified, Note: Say(MsgOthersOnAccount),
			Patch: map[string]string{"partial_port/scope": string(PartOfAccount)}})
	}
	var unknown []string
	for _, list := range []string{d.Keep, d.Disconnect, d.NewBilling} {
		for _, tn := range Listed(list) {
			if !slices.Contains(rec.Numbers, tn) && !slices.Contains(unknown, tn) {
				unknown = append(unknown, tn)
			}
		}
	}
	if len(unknown) > 0 {
		reasons = append(reasons, Reason{Code: RemainingServiceUnspecified, Note: Say(MsgNotOnAccount, "numbers", strings.Join(unknown, ","))})
	}
	if d.Partial() && more && o.NewMain() == "" && rec.BTN != "" && slices.Contains(going, rec.BTN) {
		reasons = append(reasons, Reason{Code: BTNRemaining, Note: Say(MsgMainLeaves)})
	}
	return reasons
}
