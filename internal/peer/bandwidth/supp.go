package bandwidth

import (
	"slices"
	"strings"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Frozen says that a change was not sent, because the order's port type or its state does not let those fields change
// any more. It wraps a *peer.Denied whose reason is LATE_CHANGE_REFUSED.
type Frozen struct {
	Fields []string // the wire's names
	// NewRequest says that the fields never change on this request, but by cancelling it and making another one.
	NewRequest bool
	denied     *peer.Denied
}

func (f *Frozen) Error() string {
	if f.NewRequest {
		return f.denied.Peer + " takes these only in a new request: " + strings.Join(f.Fields, ", ")
	}
	return f.denied.Peer + " does not change these after the FOC: " + strings.Join(f.Fields, ", ")
}

// Unwrap is the *peer.Denied.
func (f *Frozen) Unwrap() error { return f.denied }

// Plain says that the error's text is fit for logs and people.
func (f *Frozen) Plain() string { return f.Error() }

// field is a row of the peer's table of supplements
// (site/static/img/docs-diagrams/numbers/porting/PortinUpdateRules.png of Bandwidth/api-docs): what an order's port
// type and state let change.
type field uint

const (
	fieldBTN field = 1 << iota
	fieldNewBTN
	fieldPartial
	fieldNames
	fieldLOAPerson
	fieldAccount
	fieldPIN
	fieldAddress
	fieldNumbers
	fieldDate // every column lets it, and the site, the location and our reference
	allFields = fieldDate<<1 - 1
)

var fieldNamesOf = map[field]string{
	fieldBTN: "BillingTelephoneNumber", fieldNewBTN: "NewBillingTelephoneNumber", fieldPartial: "PartialPort",
	fieldNames:     "Subscriber",
	fieldLOAPerson: "LoaAuthorizingPerson", fieldAccount: "AccountNumber", fieldPIN: "PinNumber",
	fieldAddress: "ServiceAddress",
	fieldNumbers: "ListOfPhoneNumbers", fieldDate: "RequestedFocDate",
}

// column is a column of that table.
type column string

const (
	manualOffNet column = "manual off-net"
	manualOnNet  column = "manual on-net"
	manualTF     column = "manual toll-free"
	automatedTF  column = "automated toll-free"
	onNet        column = "automated on-net"
	wirelessNet  column = "on-net, wireless to wireless"
	offNet       column = "automated off-net before the FOC"
	offNetFOC    column = "automated off-net after the FOC"
	internalPort column = "internal"
)

// editable is the table. Its footnotes 1 to 3 are published nowhere. For automated off-net orders before the FOC two
// pages of the peer disagree. The newer and wider one is followed (all but the LOA's person stands in it, and the table
// has that in the same footnote as the account): the peer refuses by itself what it does not take, while a repair that
// was never sent is lost.
var editable = map[column]field{
	manualOffNet: allFields &^ fieldNumbers,
	manualOnNet:  allFields &^ fieldNumbers,
	manualTF:     fieldNames | fieldLOAPerson | fieldAccount | fieldAddress | fieldDate,
	automatedTF:  fieldLOAPerson | fieldDate,
	onNet:        allFields,
	wirelessNet:  fieldAccount | fieldPIN | fieldNumbers | fieldDate,
	offNet:       allFields,
	offNetFOC:    fieldDate,
	internalPort: allFields &^ fieldNumbers,
}

// column returns the column of the table that holds for an order; if it is empty, the peer decides. Port types are
// spelled in several ways. An off-net order bears the name of the partner; an on-net one bears none, or the peer's own.
func (c *Client) column(o existing) column {
	kind := strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, strings.ToUpper(o.text("PortType")))
	switch kind {
	case "MANUALOFFNET":
		return manualOffNet
	case "MANUALONNET":
		return manualOnNet
	case "MANUALTOLLFREE":
		return manualTF
	case "AUTOMATEDTOLLFREE":
		return automatedTF
	case "INTERNAL":
		return internalPort
	case "AUTOMATED", "AUTOMATEDONNET", "AUTOMATEDOFFNET":
	default:
		return ""
	}
	vendor := strings.ToLower(o.text("VendorName"))
	partner := vendor != "" && !strings.Contains(vendor, "bandwidth")
	switch {
	case kind == "AUTOMATEDOFFNET" || kind == "AUTOMATED" && partner:
		if canonical(o.Status) == "FOC" {
			return offNetFOC
		}
		return offNet
	case c.cfg.Wireless && o.yes("LosingCarrierIsWireless"):
		return wirelessNet
	}
	return onNet
}

// offNet says that a partner's automated interface has the order.
func (c *Client) offNet(have existing) bool {
	col := c.column(have)
	return col == offNet || col == offNetFOC
}

// frozen is the error of a change that the table does not allow; nil when all of it may be sent.
func (c *Client) frozen(have existing, want order) error {
	col := c.column(have)
	may, known := editable[col]
	stuck := changed(have, want) &^ may
	if !known || stuck == 0 {
		return nil
	}
	f := &Frozen{NewRequest: col != offNetFOC}
	for bit := fieldBTN; bit <= fieldDate; bit <<= 1 {
		if stuck&bit != 0 {
			f.Fields = append(f.Fields, fieldNamesOf[bit])
		}
	}
	why := "after FOC"
	if f.NewRequest {
		why = porting.FrozenRequest
	}
	f.denied = &peer.Denied{Peer: c.cfg.Name,
		Reasons: []porting.Reason{{Code: porting.LateChangeRefused, Raw: why, Said: strings.Join(f.Fields, " ")}}}
	return f
}

// changed returns the fields of the order that want changes. A field that the order does not show is not among them.
func changed(have existing, want order) field {
	var all field
	differ := func(bit field, a, b string) {
		if a != "" && !strings.EqualFold(a, b) {
			all |= bit
		}
	}
	differ(fieldBTN, have.BTN, want.BTN)
	differ(fieldNewBTN, have.NewBTN, want.NewBTN)
	differ(fieldPartial, have.PartialPort, want.PartialPort)
	differ(fieldLOAPerson, have.LOAPerson, want.LOAPerson)
	if h, w := have.order.Wireless, want.Wireless; h != nil && w != nil {
		differ(fieldAccount, text(h.Account), text(w.Account))
		differ(fieldPIN, text(h.PIN), text(w.PIN))
	}
	if h, w := have.order.Subscriber, want.Subscriber; h != nil && w != nil {
		names := func(s subscriber) string {
			return strings.Trim(strings.Join([]string{s.Type, s.BusinessName, s.FirstName, s.MiddleInitial, s.LastName}, "|"),
				"|")
		}
		place := func(a serviceAddress) string {
			return strings.TrimSpace(strings.Join([]string{a.line(), a.City, a.State, a.Zip, a.PlusFour}, " "))
		}
		differ(fieldNames, names(*h), names(*w))
		differ(fieldAddress, place(h.Address), place(w.Address))
	}
	sorted := func(tns []string) string { return strings.Join(slices.Sorted(slices.Values(tns)), " ") }
	differ(fieldNumbers, sorted(have.order.Numbers), sorted(want.Numbers))
	day, _, known := parseFOC(have.RequestedFOC, have.ownHour())
	if asked, _, ok := parseFOC(want.RequestedFOC, have.ownHour()); known && ok {
		differ(fieldDate, string(day), string(asked))
	}
	return all
}
