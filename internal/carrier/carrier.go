// Package carrier knows single losing carriers: what each one asks for before it lets a number go, and how it behaves.
// A [Directory] looks a carrier up by its SPID or by the name that a customer writes. Its data is the file carriers.tsv with
// one row for each carrier, and the rows of the operator ([Row]) over it. A row has its sources, and each value a mark. A
// [Registry] keeps the directory of an installation. [Figures] is what orders have shown of a carrier.
//
// The terms of the port's class ([porting.Terms]) hold for a carrier without a row, and for a field without a value. The
// package knows the domain's classes. It must know neither the peers nor the store. Start reading at Profile.
package carrier

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"portway/internal/porting"
)

//go:embed carriers.tsv
var table string

// Profile holds the facts about one carrier.
type Profile struct {
	ID      string
	Name    string
	Kind    Kind
	Aliases []string
	SPIDs   []string
	// Host names the carrier of record of a reseller's numbers, in words.
	Host string
	// Sources are the keys of the sources, which the table explains in its first lines.
	Sources []string
	// Values are in the order of the table. A field without a value is unknown.
	Values []Value
}

// Value is one fact of a profile. Its field's form is among [Fields].
type Value struct {
	Field string
	Text  string
	Mark  Mark
}

// Mark says where a value comes from.
type Mark string

// The marks: the operator of this installation has set the value, the carrier has published it, others have reported it,
// orders have shown it, or it is a guess.
const (
	Operator  Mark = "operator"
	Published Mark = "published"
	Reported  Mark = "reported"
	Learned   Mark = "learned"
	Assumed   Mark = "assumed"
)

// Marks lists the marks, the surest first.
func Marks() []Mark { return []Mark{Operator, Published, Reported, Learned, Assumed} }

// Kind is a carrier's trade.
type Kind string

// The kinds. A reseller's numbers are on another carrier's network.
const (
	WirelessKind       Kind = "wireless"
	WirelineKind       Kind = "wireline"
	CableKind          Kind = "cable"
	VoIPKind           Kind = "voip"
	ResellerKind       Kind = "reseller"
	CanadaWirelineKind Kind = "ca-wireline"
	CanadaWirelessKind Kind = "ca-wireless"
)

// classes has, for each kind, the class of a port from such a carrier if nothing else is known of the port.
var classes = []struct {
	kind  Kind
	class porting.Class
}{
	{WirelessKind, porting.Wireless},
	{WirelineKind, porting.Wireline},
	{CableKind, porting.Wireline},
	{VoIPKind, porting.Wireline},
	{ResellerKind, porting.Resold},
	{CanadaWirelineKind, porting.CanadaWireline},
	{CanadaWirelessKind, porting.CanadaWireless},
}

// Class returns the class of a port from the carrier where nothing is known of the port; empty for a kind that is not known.
func (k Kind) Class() porting.Class {
	for _, row := range classes {
		if row.kind == k {
			return row.class
		}
	}
	return ""
}

// Wireless says that the kind is a mobile network.
func (k Kind) Wireless() bool { return k == WirelessKind || k == CanadaWirelessKind }

// Form is the form of a field's values.
type Form string

// A value is words, a whole number, or yes or no.
const (
	Words  Form = "words"
	Number Form = "number"
	YesNo  Form = "yes or no"
	Zone   Form = "zone" // an IANA name
)

// Fields are the fields of a profile with the form of their values. A name's first part is its subject.
var Fields = []struct {
	Name string
	Form Form
}{
	{"account.format", Words}, {"account.where", Words},
	{"pin.name", Words}, {"pin.where", Words}, {"pin.who", Words}, {"pin.length", Words}, {"pin.days", Number},
	{"pin.per_line", YesNo}, {"pin.temporary", YesNo},
	{"asks.account", Words}, {"asks.pin", Words}, {"asks.btn", Words}, {"asks.zip", Words}, {"asks.name", Words}, {"asks.address", Words}, {"asks.ssn4", Words},
	{"lock.name", Words}, {"lock.where", Words},
	{"approve.channel", Words}, {"approve.minutes", Number},
	{"csr.given", Words}, {"csr.via", Words}, {"csr.hours", Number}, {"csr.days", Number}, {"lsr.via", Words},
	{"simple.foc_hours", Number}, {"simple.days", Number},
	{"complex.foc_hours", Number}, {"complex.foc_days", Number}, {"complex.days", Number},
	{"project_from", Number}, {"cutoff.hour", Number}, {"cutoff.zone", Zone}, {"number_zone", YesNo},
	{"hours", Words}, {"hours.zone", Zone}, {"holidays", Words},
	{"loa.when", Words}, {"loa.days", Number}, {"bill.days", Number},
	{"foc.valid_days", Number}, {"foc.activate_days", Number}, {"subscription_hours", Number},
	{"sup", Words}, {"change.days", Number}, {"max_ahead_days", Number}, {"hot_cut", Words}, {"expedite", Words}, {"snapback_fee", Words},
	{"group", Words}, {"hosts", YesNo}, {"contact", Words}, {"remark", Words},
}

// All lists the profiles in the order of the table.
func All() []Profile {
	var all []Profile
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, read(strings.TrimSuffix(line, "\n")))
		}
	}
	return all
}

// read reads a row of the table.
func read(line string) Profile {
	cells := strings.Split(line, "\t")
	p := Profile{ID: cells[0], Name: cells[1], Kind: Kind(cells[2]), Aliases: list(cells[3]), SPIDs: list(cells[4]),
		Host: cells[5], Sources: list(cells[6])}
	for _, cell := range cells[7:] {
		field, rest, _ := strings.Cut(cell, ":")
		mark, text, _ := strings.Cut(rest, "=")
		p.Values = append(p.Values, Value{Field: field, Text: text, Mark: Mark(mark)})
	}
	return p
}

func list(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "; ")
}

// ByID finds a profile of the table by its id.
func ByID(id string) (Profile, bool) { return NewDirectory(nil).ByID(id) }

// Find finds a carrier of the table as [Directory.Find] does.
func Find(spid string, wireless bool, names ...string) (Profile, bool) {
	return NewDirectory(nil).Find(spid, wireless, names...)
}

// named says that the folded name is one of the carrier's.
func (p Profile) named(folded string) bool {
	return slices.ContainsFunc(p.Names(), func(name string) bool { return fold(name) == folded })
}

// Names returns all names of the carrier, its own first.
func (p Profile) Names() []string { return append([]string{p.Name}, p.Aliases...) }

// Value returns the value of a field; ok is false where it is unknown.
func (p Profile) Value(field string) (v Value, ok bool) {
	i := slices.IndexFunc(p.Values, func(v Value) bool { return v.Field == field })
	if i < 0 {
		return Value{}, false
	}
	return p.Values[i], true
}

// Number returns the value of a field that is a number, and 0 where it is unknown.
func (p Profile) Number(field string) int {
	v, _ := p.Value(field)
	n, _ := strconv.Atoi(v.Text) // a test checks the table's values against their forms
	return n
}
