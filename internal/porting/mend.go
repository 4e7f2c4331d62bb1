package porting

import (
	"slices"
	"strings"
	"time"
)

// limits is how often each repair is tried on an order before people are asked.
var limits = map[Repair]int{FromCSR: 1, NextDate: 2, TryLater: 5, SendLOA: 1, DropThem: 3, StartOver: 1}

// Mend looks for a way to cure the order's present reasons without the customer: for each reason the first repair of its row
// that applies and has not been tried too often. One reason without a repair leaves all of them to people, so that the
// customer hears of everything at once. It is a pure function of the order.
func (r Rules) Mend(o Order, now time.Time) (Mend, bool) {
	m := Mend{By: By{Role: System}, To: o.Details, Patch: map[string]string{}, Sup: SupOther}
	if len(o.Reasons) == 0 {
		return m, false
	}
	dates := true
	for _, reason := range o.Reasons {
		info := reason.Code.Info()
		i := slices.IndexFunc(info.Repairs, func(kind Repair) bool {
			return o.Repairs[kind] < limits[kind] && m.try(kind, r, o, reason, info, now)
		})
		if i < 0 {
			return m, false
		}
		dates = dates && info.Date
		if !slices.Contains(m.Repairs, info.Repairs[i]) {
			m.Repairs = append(m.Repairs, info.Repairs[i])
		}
	}
	if dates && o.FOC != "" {
		m.Sup = SupDate // NANC best practice 28: SUP 2 only after a confirmed response, else 3
	}
	if m.Fresh {
		m.Sup = SupNew
	}
	var why []string
	for _, kind := range m.Repairs {
		why = append(why, string(kind))
	}
	m.Why = strings.Join(why, ", ")
	return m, true
}

// try adds to m what a repair of the kind changes; false when it can't help.
func (m *Mend) try(kind Repair, r Rules, o Order, reason Reason, info ReasonInfo, now time.Time) bool {
	switch kind {
	case FromCSR:
		csr, ok := o.Last(AskCSR)
		return ok && csr.State == AnswerReady && m.fromRecord(o, csr.Record, info.Fields)
	case NextDate:
		next := r.after(o.Asked(r, now), now)
		m.Patch["desired_completion_date"] = string(next)
		return next <= DateOf(now.In(r.Calendar.Location()).AddDate(0, 0, r.MaxAheadDays))
	case DropThem:
		m.Drop = append(m.Drop, reason.Numbers...)
		return len(reason.Numbers) > 0 && len(m.Drop) < len(o.Active())
	case TryLater:
		m.Later = true
	case StartOver:
		m.Fresh = true
	}
	return true
}

// fromRecord takes the named fields from the carrier's record, within the customer's consent; false when that changes nothing.
func (m *Mend) fromRecord(o Order, rec Record, names []string) bool {
	helps := false
	for _, name := range names {
		value := map[string]string{
			"billing_number": rec.BTN, "zip": rec.Zip, "street": rec.Street, "city": rec.City, "state": rec.State,
		}[name]
		if name == "company" && o.Details.Company != "" {
			value = rec.Name
		}
		if name == "billing_name" && o.Details.Company == "" {
			value = rec.Name
		}
		have, _ := o.Details.Get(name)
		switch {
		case !o.Details.AutoCorrect.Allows(name):
		case name == "provider_account" && rec.AccountNumber.Reveal() != "" && rec.AccountNumber.Reveal() != o.Details.ProviderAccount.Reveal():
			m.To.ProviderAccount, m.Fields, helps = rec.AccountNumber, append(m.Fields, name), true
		case value != "" && !strings.EqualFold(value, have):
			m.Patch[name], helps = value, true
			if name == "street" {
				m.Patch["street2"] = "" // the record's one line holds the unit too
			}
		}
	}
	return helps
}
