package account

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"portway/internal/porting"
)

// Preset is a record that an order's presets refer to: a route, an E911 address, or a CNAM.
type Preset struct {
	Ref
	Account porting.AccountID
	Fields  map[string]string // by their wire names
	Created time.Time
	// Approved is when a CNAM was approved; Rejected is why it was not.
	Approved time.Time
	Rejected string
}

// Ref names a record of an account.
type Ref struct {
	Kind PresetKind
	ID   string
}

// PresetKind is the wire's type of a record.
type PresetKind string

// The kinds of records.
const (
	Route PresetKind = "route"
	E911  PresetKind = "e911"
	CNAM  PresetKind = "cnam"
)

// SIPReg is the route that every account has from the start (C-JS): calls go to the account's SIP registration.
var SIPReg = Preset{Ref: Ref{Route, "0"}, Fields: map[string]string{"alias": "sip-reg", "route_type": "sip-reg", "value": ""}}

// presetField is one attribute of a record.
type presetField struct {
	name     string
	required bool
	max      int
	check    func(value string, all map[string]string) string // what is wrong with a value that is there
}

// presetFields are the attributes of each kind (C-JS: route, e911, cnam records).
var presetFields = map[PresetKind][]presetField{
	Route: {
		{"route_type", true, 20, oneOf("host", "number", "uri")},
		{"value", true, 250, routeValue},
		{"alias", false, 100, nil},
	},
	E911: {
		{"label", false, 100, nil},
		{"first_name", true, 60, nil},
		{"last_name", true, 60, nil},
		{"street_number", true, 20, nil},
		{"street_name", true, 100, nil},
		{"address_type", false, 30, pairOf("address_type_number")},
		{"address_type_number", false, 20, pairOf("address_type")},
		{"city", true, 60, nil},
		{"state", true, 2, form(stateForm, "The two letters of a state or province.")},
		{"country", true, 2, oneOf("US", "CA")},
		{"zip", true, 10, zip},
	},
	CNAM: {
		// Caller names are at most 15 characters.
		{"value", true, 15, form(cnamForm, "Letters, digits, spaces and . , & ' - only, beginning with a letter or digit.")},
	},
}

// PresetFields are the wire names of a kind's attributes.
func PresetFields(kind PresetKind) []string {
	var all []string
	for _, f := range presetFields[kind] {
		all = append(all, f.name)
	}
	return all
}

// Tidy brings a record into the form in which it is kept: spaces of any kind are plain ones, and a value of a fixed form has no
// marks that show nothing.
func (p Preset) Tidy() Preset {
	kept := map[string]string{}
	for _, f := range presetFields[p.Kind] {
		if kept[f.name] = porting.TidyLine(p.Fields[f.name]); f.check != nil {
			kept[f.name] = porting.TidyForm(kept[f.name])
		}
	}
	p.Fields = kept
	return p
}

// Faults is everything wrong with the record.
func (p Preset) Faults() []porting.Fault {
	var faults []porting.Fault
	for _, f := range presetFields[p.Kind] {
		v := p.Fields[f.name]
		why := ""
		switch {
		case v == "" && f.required:
			faults = append(faults, porting.Fault{Field: f.name, Code: porting.Required, Message: "This is required."})
			continue
		case utf8.RuneCountInString(v) > f.max:
			why = fmt.Sprintf("Give at most %d characters.", f.max)
		case porting.LineFault(v) != "":
			why = porting.LineFault(v)
		case v != "" && f.check != nil:
			why = f.check(v, p.Fields)
		}
		if why != "" {
			faults = append(faults, porting.Fault{Field: f.name, Code: porting.BadFormat, Message: why})
		}
	}
	return faults
}

var (
	stateForm  = porting.Pattern(`^[A-Z]{2}$`)
	cnamForm   = porting.Pattern(`^[A-Za-z0-9][A-Za-z0-9 .,&'-]*$`)
	usZip      = porting.Pattern(`^[0-9]{5}(-[0-9]{4})?$`)
	caPostal   = porting.Pattern(`^[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]$`)
	hostForm   = porting.Pattern(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
	numberForm = porting.Pattern(`^\+?1?[2-9][0-9]{2}[2-9][0-9]{6}$`)
	uriForm    = porting.Pattern(`^sips?:[^@\s]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
)

func form(has func(string) bool, why string) func(string, map[string]string) string {
	return func(v string, _ map[string]string) string {
		if has(v) {
			return ""
		}
		return why
	}
}

func oneOf(words ...string) func(string, map[string]string) string {
	return func(v string, _ map[string]string) string {
		for _, w := range words {
			if v == w {
				return ""
			}
		}
		return "One of " + strings.Join(words, ", ") + "."
	}
}

// pairOf wants the other attribute beside this one.
func pairOf(other string) func(string, map[string]string) string {
	return func(_ string, all map[string]string) string {
		if all[other] == "" {
			return "This goes with " + other + "."
		}
		return ""
	}
}

func routeValue(v string, all map[string]string) string {
	switch kind := all["route_type"]; {
	case kind == "host" && !hostForm(v):
		return "A host such as sip.example.com or 192.0.2.7:5060."
	case kind == "number" && !numberForm(v):
		return "A telephone number such as +12065550101."
	case kind == "uri" && !uriForm(v):
		return "A SIP address such as sip:desk@example.com."
	}
	return ""
}

func zip(v string, all map[string]string) string {
	switch country := all["country"]; {
	case country == "US" && !usZip(v):
		return "Five digits, or nine such as 98101-1234."
	case country == "CA" && !caPostal(v):
		return "A postal code such as K1A 0B1."
	}
	return ""
}

// presetRefs are which record each preset of an order refers to; the alias refers to none.
var presetRefs = []struct {
	field string
	kind  PresetKind
	at    func(porting.Presets) string
}{
	{"cnam_id", CNAM, func(p porting.Presets) string { return p.CNAM }},
	{"e911_id", E911, func(p porting.Presets) string { return p.E911 }},
	{"primary_route_id", Route, func(p porting.Presets) string { return p.PrimaryRoute }},
	{"failover_route_id", Route, func(p porting.Presets) string { return p.FailoverRoute }},
}

// Refers says whether the presets refer to the record.
func Refers(p porting.Presets, ref Ref) bool {
	for _, row := range presetRefs {
		if row.kind == ref.Kind && row.at(p) == ref.ID {
			return true
		}
	}
	return false
}

// CheckPresets finds what is wrong with the references of presets: "every referenced record must already exist on the account"
// (D-PRS), and a CNAM be approved (C-JS). The store is asked only when there are any.
func CheckPresets(ctx context.Context, s Store, id porting.AccountID, p porting.Presets) ([]porting.Fault, error) {
	var refs []Ref
	seen := map[Ref]bool{SIPReg.Ref: true}
	for _, row := range presetRefs {
		if ref := (Ref{row.kind, row.at(p)}); isPresetID(ref.ID) && !seen[ref] {
			seen[ref] = true
			refs = append(refs, ref)
		}
	}
	found := map[Ref]Preset{}
	if len(refs) > 0 {
		var err error
		if found, err = s.FindPresets(ctx, id, refs); err != nil {
			return nil, err
		}
	}
	found[SIPReg.Ref] = SIPReg
	var faults []porting.Fault
	for _, row := range presetRefs {
		value := row.at(p)
		record, there := found[Ref{row.kind, value}]
		switch {
		case value == "":
		case !there:
			faults = append(faults, porting.Fault{Field: "presets/" + row.field, Code: porting.Unknown,
				Message: fmt.Sprintf("The account has no %s record of this id.", row.kind)})
		case row.kind == CNAM && record.Approved.IsZero():
			faults = append(faults, porting.Fault{Field: "presets/" + row.field, Code: porting.NotAllowed,
				Message: "The CNAM record is not approved."})
		}
	}
	return faults, nil
}

// isPresetID says whether s can be an id of ours: a number; nothing else is asked of the store.
func isPresetID(s string) bool {
	return s != "" && len(s) <= 16 && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// ErrNoPreset is the answer for a record that does not exist, or is another account's.
var ErrNoPreset = porting.Errorf(porting.NotFound, "No such record")

// FindPreset reads one record.
func FindPreset(ctx context.Context, s Store, id porting.AccountID, ref Ref) (Preset, error) {
	if ref == SIPReg.Ref {
		return SIPReg, nil
	}
	if !isPresetID(ref.ID) {
		return Preset{}, ErrNoPreset
	}
	found, err := s.FindPresets(ctx, id, []Ref{ref})
	if err != nil {
		return Preset{}, err
	}
	p, ok := found[ref]
	if !ok {
		return Preset{}, ErrNoPreset
	}
	return p, nil
}

// Judge approves a CNAM record, or rejects it with a reason. It is our staff's to do.
func Judge(ctx context.Context, s Store, id porting.AccountID, record string, rejected string, at time.Time) error {
	p, err := FindPreset(ctx, s, id, Ref{CNAM, record})
	if err != nil {
		return err
	}
	p.Approved, p.Rejected = at, ""
	if rejected != "" {
		p.Approved, p.Rejected = time.Time{}, rejected
	}
	return s.JudgePreset(ctx, p)
}
