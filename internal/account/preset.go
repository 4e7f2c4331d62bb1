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
	// Approved is the time when a CNAM was approved; Rejected is the reason why it was not.
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
var SIPReg = Preset{Ref: Ref{Route, "0"},
	Fields: map[string]string{"alias": "sip-reg", "route_type": "sip-reg", "value": ""}}

// presetField is one attribute of a record.
type presetField struct {
	name     string
	required bool
	max      int
	// check returns what is wrong with a value; empty when nothing is.
	check func(value string, all map[string]string) string
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
		{"state", true, 2, inCountry(porting.StateFault)},
		{"country", true, 2, oneOf("US", "CA")},
		{"zip", true, 10, inCountry(porting.ZipFault)},
	},
	CNAM: {
		// Caller names are at most 15 characters.
		{"value", true, 15,
			form(cnamForm, "Use letters, digits, spaces and . , & ' - only, and begin with a letter or digit.")},
	},
}

// PresetFields returns the wire names of a kind's attributes.
func PresetFields(kind PresetKind) []string {
	var all []string
	for _, f := range presetFields[kind] {
		all = append(all, f.name)
	}
	return all
}

// Tidy brings a record into the form in which it is stored: every kind of space becomes a plain one, and a value of a
// fixed form loses the marks that show nothing.
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

// Faults lists everything that is wrong with the record.
func (p Preset) Faults() porting.Faults {
	var faults porting.Faults
	for _, f := range presetFields[p.Kind] {
		v := p.Fields[f.name]
		why := ""
		switch {
		case v == "" && f.required:
			faults.Add(f.name, porting.Required, "This is required.")
			continue
		case utf8.RuneCountInString(v) > f.max:
			why = fmt.Sprintf("Use at most %d characters.", f.max)
		case porting.LineFault(v) != "":
			why = porting.LineFault(v)
		case v != "" && f.check != nil:
			why = f.check(v, p.Fields)
		}
		if why != "" {
			faults.Add(f.name, porting.BadFormat, why)
		}
	}
	return faults
}

var (
	cnamForm   = porting.Pattern(`^[A-Za-z0-9][A-Za-z0-9 .,&'-]*$`)
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
		return "Give one of " + strings.Join(words, ", ") + "."
	}
}

// pairOf requires the other attribute beside this one.
func pairOf(other string) func(string, map[string]string) string {
	return func(_ string, all map[string]string) string {
		if all[other] == "" {
			return "Send " + other + " too: each of the two needs the other."
		}
		return ""
	}
}

func routeValue(v string, all map[string]string) string {
	switch kind := all["route_type"]; {
	case kind == "host" && !hostForm(v):
		return "Give a host such as sip.example.com or 192.0.2.7:5060."
	case kind == "number" && !numberForm(v):
		return "Give a telephone number, such as +12065550101."
	case kind == "uri" && !uriForm(v):
		return "Give a SIP address such as sip:desk@example.com."
	}
	return ""
}

// inCountry makes a check that looks at the country beside the value.
func inCountry(fault func(v, country string) string) func(string, map[string]string) string {
	return func(v string, all map[string]string) string { return fault(v, all["country"]) }
}

// presetRefs name the kind of record that each preset of an order refers to. The alias refers to none.
var presetRefs = []struct {
	field string
	kind  PresetKind
}{{"cnam_id", CNAM}, {"e911_id", E911}, {"primary_route_id", Route}, {"failover_route_id", Route}}

// Refers says whether the presets refer to the record.
func Refers(p porting.Presets, ref Ref) bool {
	for _, row := range presetRefs {
		if row.kind == ref.Kind && p.Get(row.field) == ref.ID {
			return true
		}
	}
	return false
}

// CheckPresets tells which presets refer to a record that the account does not have ("every referenced record must
// already exist on the account", D-PRS), or to a CNAM that is not approved (C-JS). Without presets the store is not
// asked.
func CheckPresets(ctx context.Context, s Store, id porting.AccountID, p porting.Presets) (porting.Faults, error) {
	var refs []Ref
	seen := map[Ref]bool{SIPReg.Ref: true}
	for _, row := range presetRefs {
		if ref := (Ref{row.kind, p.Get(row.field)}); isPresetID(ref.ID) && !seen[ref] {
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
	var faults porting.Faults
	for _, row := range presetRefs {
		value := p.Get(row.field)
		record, there := found[Ref{row.kind, value}]
		switch {
		case value == "":
		case !there:
			faults.Add("presets/"+row.field, porting.Unknown,
				fmt.Sprintf("The account has no %s record of this id.", row.kind))
		case row.kind == CNAM && record.Approved.IsZero():
			faults.Add("presets/"+row.field, porting.NotAllowed, "Our staff has not approved this CNAM record.")
		}
	}
	return faults, nil
}

// isPresetID says whether s can be an id of ours, which is a number. The store is asked for no other.
func isPresetID(s string) bool {
	return s != "" && len(s) <= 16 && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// ErrNoPreset answers for a record that does not exist, or belongs to another account.
var ErrNoPreset = porting.Errorf(porting.NotFound, "The account has no such record.")

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

// Judge approves a CNAM record, or rejects it with a reason. Only our staff does this.
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
