package bandwidth

import (
	"slices"
	"strings"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Frozen says that a change was not sent, because the order's port type or its state does not let those fields change any more.
// It is a peer.Denied too, whose reason is LATE_CHANGE_REFUSED.
type Frozen struct {
	Fields []string // the wire's names
	// NewRequest says that no later moment will do either: the fields change by cancelling this request and making a new one.
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

// What an order's port type and state let change, by the peer's table of supplements. Its rows are our bits.
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
	fieldBTN: "BillingTelephoneNumber", fieldNewBTN: "NewBillingTelephoneNumber", fieldPartial: "PartialPort", fieldNames: "Subscriber",
	fieldLOAPerson: "LoaAuthorizingPerson", fieldAccount: "AccountNumber", fieldPIN: "PinNumber", fieldAddress: "ServiceAddress",
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

// editable is the table. For automated off-net orders before the FOC two pages of the peer disagree; the newer and wider one is
// followed (all but the LOA's person stands in it, and the official table has that in the same footnote as the account), since
// the peer refuses by itself what it does not take, and a repair that was never sent is lost.
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

// column is where an order stands in the table; empty is unknown, and then the peer decides. Port types are spelled in several
// ways. What is off-net is told by the partner's name, which an on-net order does not have.
func (c *Client) column(o lnpOrderResponse) column {
	kind := strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, strings.ToUpper(o.PortType))
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
	partner := o.Vendor != "" && !strings.Contains(strings.ToLower(o.Vendor), "bandwidth")
	switch {
	case kind == "AUTOMATEDOFFNET" || kind == "AUTOMATED" && partner:
		if o.Status == "FOC" {
			return offNetFOC
		}
		return offNet
	case c.cfg.Wireless && o.IsWireless == "true":
		return wirelessNet
	}
	return onNet
}

// frozen is the error of a change that the table does not let; nil when all of it may be sent. What the record does not show is
// no change.
func (c *Client) frozen(have lnpOrderResponse, want order) error {
	col := c.column(have)
	may, known := editable[col]
	stuck := changed(have.order, want) &^ may
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
	f.denied = &peer.Denied{Peer: c.cfg.Name, Reasons: []porting.Reason{{Code: "LATE_CHANGE_REFUSED", Raw: why, Said: strings.Join(f.Fields, " ")}}}
	return f
}

// changed are the fields in which want differs from what the record shows.
func changed(have, want order) field {
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
	if h, w := have.Wireless, want.Wireless; h != nil && w != nil {
		differ(fieldAccount, h.Account, w.Account)
		differ(fieldPIN, h.PIN, w.PIN)
	}
	if h, w := have.Subscriber, want.Subscriber; h != nil && w != nil {
		names := func(s subscriber) string {
			return strings.Trim(strings.Join([]string{s.Type, s.BusinessName, s.FirstName, s.MiddleInitial, s.LastName}, "|"), "|")
		}
		place := func(a serviceAddress) string {
			return strings.TrimSpace(strings.Join([]string{a.line(), a.City, a.State, a.Zip, a.PlusFour}, " "))
		}
		differ(fieldNames, names(*h), names(*w))
		differ(fieldAddress, place(h.Address), place(w.Address))
	}
	sorted := func(tns []string) string { return strings.Join(slices.Sorted(slices.Values(tns)), " ") }
	differ(fieldNumbers, sorted(have.Numbers), sorted(want.Numbers))
	if day, _, ok := parseFOC(have.RequestedFOC); ok && want.RequestedFOC != "" {
		differ(fieldDate, string(day), want.RequestedFOC)
	}
	return all
}
