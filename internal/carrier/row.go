package carrier

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portway/internal/bizday"
	"portway/internal/porting"
)

// Row is what the operator has set about one carrier, or a carrier that the operator has added. It is laid over the row of
// the table with the same id ([NewDirectory]). A value that it lacks stays as it was.
type Row struct {
	ID string
	// Set holds the values, by field. Beside [Fields] there are name, kind, aliases, spids and host; aliases and spids are
	// lists with semicolons. [Unset] takes a value of the table away, so that it is unknown.
	Set map[string]string
	// Version counts the changes. By, Why and At tell the last of them.
	Version int
	By, Why string
	At      time.Time
}

// Unset stands in the place of a value of the table that is not to be believed.
const Unset = "unknown"

// Change is one change of a row by the operator.
type Change struct {
	ID      string
	Version int
	At      time.Time
	By, Why string
	// Before and After hold the fields that changed, with their values; a field that was not set, or is not any more, is
	// missing there.
	Before, After map[string]string
}

// The fields of a row beside [Fields].
const (
	nameField    = "name"
	kindField    = "kind"
	aliasesField = "aliases"
	spidsField   = "spids"
	hostField    = "host"
)

func headFields() []string {
	return []string{nameField, kindField, aliasesField, spidsField, hostField}
}

// SettableFields lists all fields that a row may have.
func SettableFields() []string {
	all := headFields()
	for _, f := range Fields {
		all = append(all, f.Name)
	}
	return all
}

// The bounds of a row. An item of the table stays far below DynamoDB's 400 KB by them.
const (
	maxID    = 40
	maxText  = 300
	maxName  = 100
	maxNames = 20
	MaxRows  = 1000
)

// bounds are the least and the greatest value of numbers that have other ones than 1 and maxNumber.
var bounds = map[string][2]int{
	"cutoff.hour": {1, 24}, "project_from": {2, porting.MaxNumbers}, "simple.days": {1, 30}, "complex.days": {1, 60},
	"simple.foc_hours": {1, 720}, "complex.foc_hours": {1, 720}, "complex.foc_days": {1, 30}, "csr.days": {1, 30},
	"csr.hours": {1, 720}, "loa.days": {1, 60}, "bill.days": {1, 365}, "change.days": {1, 30}, "max_ahead_days": {1, 365},
}

const maxNumber = 10_000

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	spidForm = regexp.MustCompile(`^[0-9A-Z]{4}$`)
)

// valueFault says what is wrong with a value of a field, by itself; empty where nothing is.
func valueFault(field, value string) string {
	if value == Unset && field != nameField && field != kindField {
		return ""
	}
	if why := textFault(value); why != "" {
		return why
	}
	switch field {
	case kindField:
		if Kind(value).Class() == "" {
			return "Give one of these kinds: " + strings.Join(kindNames(), ", ") + "."
		}
		return ""
	case aliasesField:
		return listFault(value, maxName, nil)
	case spidsField:
		return listFault(value, 4, spidForm)
	case "holidays":
		if _, err := bizday.Named(value, "UTC"); err != nil {
			return "Give npac, house, federal or canada, and more days behind commas: day after Thanksgiving, Christmas Eve, New Year's Eve."
		}
		return ""
	case nameField, hostField:
		if utf8.RuneCountInString(value) > maxName || field == nameField && fold(value) == "" {
			return fmt.Sprintf("Give a name of at most %d characters with letters or digits in it.", maxName)
		}
		return ""
	}
	at := slices.IndexFunc(Fields, func(f struct {
		Name string
		Form Form
	}) bool {
		return f.Name == field
	})
	if at < 0 {
		return "There is no such field."
	}
	switch Fields[at].Form {
	case Number:
		n, err := strconv.Atoi(value)
		least, most := 1, maxNumber
		if b, ok := bounds[field]; ok {
			least, most = b[0], b[1]
		}
		if err != nil || strconv.Itoa(n) != value || n < least || n > most {
			return fmt.Sprintf("Give a whole number from %d to %d.", least, most)
		}
	case YesNo:
		if value != "yes" && value != "no" {
			return "Give yes or no."
		}
	case Zone:
		zones := append(porting.CarrierZones("US"), porting.CarrierZones("CA")...)
		if !slices.Contains(zones, value) {
			return "Give one of these time zones: " + strings.Join(zones, ", ") + "."
		}
	}
	return ""
}

func textFault(text string) string {
	switch {
	case text == "" || strings.TrimSpace(text) != text:
		return "Give a text without spaces around it, or take the field off with unset."
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Sprintf("Give at most %d characters.", maxText)
	}
	return porting.LineFault(text)
}

func listFault(text string, length int, form *regexp.Regexp) string {
	parts := list(text)
	if len(parts) > maxNames {
		return fmt.Sprintf("Give at most %d of them.", maxNames)
	}
	for _, part := range parts {
		switch {
		case form != nil && !form.MatchString(part):
			return fmt.Sprintf("%q is no SPID: give four capital letters or digits, and a semicolon and a space between two.", part)
		case form == nil && (fold(part) == "" || utf8.RuneCountInString(part) > length):
			return fmt.Sprintf("%q is no name of at most %d characters. Put a semicolon and a space between two names.", part, length)
		}
	}
	return ""
}

func kindNames() []string {
	var all []string
	for _, row := range classes {
		all = append(all, string(row.kind))
	}
	return all
}

// Faults names everything that is wrong with the row beside the rows of the directory, which has no row of the operator
// with this id yet, or an older one. The names of the faults are the fields.
func (r Row) Faults(beside Directory) porting.Faults {
	var faults porting.Faults
	if !idForm.MatchString(r.ID) || len(r.ID) > maxID {
		faults.Add("id", porting.BadFormat, fmt.Sprintf("Give an id of at most %d small letters, digits and single dashes.", maxID))
	}
	faults = append(faults, r.reasonFaults()...)
	for _, field := range slices.Sorted(maps.Keys(r.Set)) {
		if why := valueFault(field, r.Set[field]); why != "" {
			faults.Add(field, porting.BadFormat, why)
		}
	}
	base, inTable := ByID(r.ID)
	if !inTable {
		for _, field := range []string{nameField, kindField} {
			if r.Set[field] == "" {
				faults.Add(field, porting.Required, "Give it: this carrier is not in the table.")
			}
		}
	}
	if len(faults) > 0 {
		return faults
	}
	merged := r.over(base)
	for _, other := range beside.All() {
		if other.ID == merged.ID {
			continue
		}
		for _, spid := range merged.SPIDs {
			if slices.Contains(other.SPIDs, spid) {
				faults.Add(spidsField, porting.NotAllowed, fmt.Sprintf("%s is a SPID of %s.", spid, other.ID))
			}
		}
		for n, name := range merged.Names() {
			field := aliasesField
			if n == 0 {
				field = nameField
			}
			if other.named(fold(name)) {
				faults.Add(field, porting.NotAllowed, fmt.Sprintf("%q is a name of %s.", name, other.ID))
			}
		}
	}
	return faults
}

// reasonFaults says what is wrong with who changes the row and why.
func (r Row) reasonFaults() porting.Faults {
	var faults porting.Faults
	for _, f := range []struct{ name, value, ask string }{
		{"by", r.By, "Say who you are"}, {"why", r.Why, "Say why"},
	} {
		if textFault(f.value) != "" {
			faults.Add(f.name, porting.Required, fmt.Sprintf("%s, in one line of at most %d characters.", f.ask, maxText))
		}
	}
	return faults
}

// over returns the profile with the row laid over it. It leaves out every value that is wrong by itself, which a person or
// another release may have stored.
func (r Row) over(p Profile) Profile {
	p.ID = r.ID
	p.Aliases, p.SPIDs, p.Values = slices.Clone(p.Aliases), slices.Clone(p.SPIDs), slices.Clone(p.Values)
	for _, field := range SettableFields() {
		value, ok := r.Set[field]
		if !ok || valueFault(field, value) != "" {
			continue
		}
		known := value
		if value == Unset {
			known = ""
		}
		switch field {
		case nameField:
			p.Name = known
		case kindField:
			p.Kind = Kind(known)
		case aliasesField:
			p.Aliases = list(known)
		case spidsField:
			p.SPIDs = list(known)
		case hostField:
			p.Host = known
		default:
			p.Values = slices.DeleteFunc(p.Values, func(v Value) bool { return v.Field == field })
			if known != "" {
				p.Values = append(p.Values, Value{Field: field, Text: known, Mark: Operator})
			}
		}
	}
	return p
}

// strange lists the fields whose values over leaves out.
func (r Row) strange() []string {
	var all []string
	for _, field := range slices.Sorted(maps.Keys(r.Set)) {
		if valueFault(field, r.Set[field]) != "" {
			all = append(all, field)
		}
	}
	return all
}
