package carrier

import (
	"fmt"
	"strings"

	"portway/internal/porting"
)

// asked has, for each field of a profile that says whether the carrier asks for a value, the attribute of an order that
// has the value, and the fields that say where a customer finds it.
var asked = []struct {
	field, attribute string
	hints            []hint
}{
	{"asks.account", "provider_account", []hint{{"account.format", "Its form"}, {"account.where", "It is found here"}}},
	{"asks.pin", "pin", []hint{{"pin.name", "The carrier calls it"}, {"pin.where", "It is made here"}, {"pin.who", "Who can make it"},
		{"pin.length", "Its length"}, {"pin.days", "It lives this many days"}}},
	{"asks.btn", "billing_number", nil},
	{"asks.zip", "zip", nil},
	{"asks.name", "billing_name", nil},
	{"asks.address", "street", nil},
	{"asks.ssn4", "last_4_ssn", nil},
}

// hint is a value of a profile with the words before it.
type hint struct{ field, words string }

// Wants returns what the carrier wants by its profile. A demand is sure if the carrier has published it. A carrier that
// asks only in some cases is no demand but a tip.
func (p Profile) Wants() porting.CarrierWants {
	wants := porting.CarrierWants{Name: p.Name, MaxAhead: p.Number("max_ahead_days")}
	if v, ok := p.Value("max_ahead_days"); ok {
		wants.MaxAheadSure = v.sure()
	}
	for _, row := range asked {
		v, ok := p.Value(row.field)
		where := p.hints(row.hints)
		switch {
		case ok && v.Text == "yes":
			wants.Demands = append(wants.Demands, porting.Demand{Field: row.attribute, Where: where, Source: p.source(v), Sure: v.sure()})
		case ok && row.attribute == "pin":
			wants.Tips = append(wants.Tips, porting.Tip{Code: porting.PINMissing, Source: p.source(v),
				Why: strings.TrimSpace("Give the account's PIN or passcode " + v.Text + ". " + where)})
		case ok:
			wants.Demands = append(wants.Demands, porting.Demand{Field: row.attribute, Where: where, Source: p.source(v)})
		case where != "": // what is known of a value serves where the class or the peer demands it
			wants.Hints = append(wants.Hints, porting.Demand{Field: row.attribute, Where: where})
		}
	}
	wants.Tips = append(wants.Tips, p.tips()...)
	return wants
}

// tips returns what the customer has to do beside the order.
func (p Profile) tips() []porting.Tip {
	var all []porting.Tip
	if v, ok := p.Value("lock.name"); ok {
		why := fmt.Sprintf("Ask for the lock of %s to be lifted before you sign (%s)", p.Name, v.Text)
		if where, ok := p.Value("lock.where"); ok {
			why += ", where you find it: " + where.Text
		}
		all = append(all, porting.Tip{Code: porting.PortFreeze, Why: why + ".", Source: p.source(v)})
	}
	if v, ok := p.Value("pin.days"); ok {
		all = append(all, porting.Tip{Code: porting.PINInvalid, Source: p.source(v),
			Why: fmt.Sprintf("Make the PIN shortly before you sign: %s lets it live %s days.", p.Name, v.Text)})
	} else if v, ok := p.Value("pin.temporary"); ok && v.Text == "yes" {
		all = append(all, porting.Tip{Code: porting.PINInvalid, Source: p.source(v), Why: "Make the PIN shortly before you sign: it does not last."})
	}
	if v, ok := p.Value("bill.days"); ok {
		all = append(all, porting.Tip{Code: porting.BillRequired, Source: p.source(v),
			Why: fmt.Sprintf("Upload a bill of %s that is at most %s days old.", p.Name, v.Text)})
	}
	return all
}

// hints writes the values of the fields as sentences.
func (p Profile) hints(fields []hint) string {
	var all []string
	for _, h := range fields {
		if v, ok := p.Value(h.field); ok {
			all = append(all, h.words+": "+v.Text+".")
		}
	}
	return strings.Join(all, " ")
}

// sure says that the value binds: the carrier has published it, or the operator has set it.
func (v Value) sure() bool { return v.Mark == Published || v.Mark == "operator" }

// source says in words who says so.
func (p Profile) source(v Value) string {
	switch v.Mark {
	case Published:
		return p.Name + " has published it"
	case Reported:
		return "others report it of " + p.Name
	case Assumed:
		return "assumed of " + p.Name
	}
	return "our experience with " + p.Name
}
