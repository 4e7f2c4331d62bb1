// Package matchtest has what the comparison of orders with carriers' records
// is held against: pairs made by hand, each for a reason, with the verdict of
// a porting desk, and how often the comparison agrees.
package matchtest

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"portway/internal/match"
)

//go:embed testdata/pairs.tsv
var pairs string

// The corpus has at least this many pairs, and the comparison calls at least
// this part of what is the same so.
const (
	FewestPairs = 663
	LeastRecall = 0.95
)

// Pair is one field of an order and of a carrier's record.
type Pair struct {
	Line           int    // of testdata/pairs.tsv
	Field          string // the wire attribute
	Order, Carrier match.Side
	Want           match.Verdict // what the comparison has to say
	Careful        bool          // Want is Differs, though a desk would let it pass: a carrier may not
	Why            string        // what the pair is here for
}

// Same reports whether a porting desk takes the two for the same.
func (p Pair) Same() bool {
	return p.Careful || p.Want == match.Equal || p.Want == match.Equivalent
}

// Got returns the verdict of the comparison on the pair.
func (p Pair) Got() match.Field {
	fields := match.Compare(p.Order, p.Carrier)
	return fields[slices.IndexFunc(fields, func(f match.Field) bool { return f.Name == p.Field })]
}

// A kind is a word of the first column: which fields such a line judges, and
// how its text becomes a side.
type kind struct {
	name   string
	fields []string
	side   func(text string) match.Side
}

var kinds = []kind{
	{"person", []string{"billing_name"}, func(text string) match.Side {
		return match.Side{Name: text, Company: "Any Company"}
	}},
	{"company", []string{"company"}, func(text string) match.Side {
		return match.Side{Name: "Pat Example", Company: text}
	}},
	{"customer", []string{"billing_name", "company"}, func(text string) match.Side {
		name, company := parts(text, "|")
		return match.Side{Name: name, Company: company}
	}},
	{"address", []string{"street", "street2"}, func(text string) match.Side {
		text, place := parts(text, "@")
		city, rest := parts(place, "/")
		state, zip := parts(rest, "/")
		street, street2 := parts(text, "|")
		return match.Side{Street: street, Street2: street2, City: city, State: state, Zip: zip}
	}},
	{"city", []string{"city"}, func(text string) match.Side { return match.Side{City: text} }},
	{"state", []string{"state"}, func(text string) match.Side { return match.Side{State: text} }},
	{"zip", []string{"zip"}, func(text string) match.Side { return match.Side{Zip: text} }},
	{"account", []string{"provider_account"}, func(text string) match.Side {
		account, btn := parts(text, "|")
		return match.Side{AccountNumber: account, BTN: btn}
	}},
	{"btn", []string{"billing_number"}, func(text string) match.Side { return match.Side{BTN: text} }},
	{"numbers", []string{"numbers"}, func(text string) match.Side {
		return match.Side{Numbers: strings.FieldsFunc(text, func(r rune) bool { return r == ',' })}
	}},
}

func parts(text, by string) (before, after string) {
	before, after, _ = strings.Cut(text, by)
	return strings.TrimSpace(before), strings.TrimSpace(after)
}

// Corpus is all pairs, in the order of the file; an error says which line
// can't be read.
func Corpus() ([]Pair, error) {
	var all []Pair
	var err error
	n := 0
	for line := range strings.Lines(pairs) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 6 {
			return nil, fmt.Errorf("line %d has %d columns, not 6", n, len(columns))
		}
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == columns[0] })
		if i < 0 {
			return nil, fmt.Errorf("line %d: no field %q", n, columns[0])
		}
		wants := strings.Fields(columns[4])
		if len(wants) != len(kinds[i].fields) {
			return nil, fmt.Errorf("line %d has %d verdicts, not %d", n, len(wants), len(kinds[i].fields))
		}
		for j := 2; j < 4; j++ {
			if columns[j], err = unescaped(columns[j]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		order, carrier := kinds[i].side(columns[2]), kinds[i].side(columns[3])
		order.Country, carrier.Country = columns[1], columns[1]
		for j, field := range kinds[i].fields {
			p := Pair{Line: n, Field: field, Order: order, Carrier: carrier, Want: match.Verdict(wants[j]), Why: columns[5]}
			if wants[j] == "careful" {
				p.Want, p.Careful = match.Differs, true
			}
			if !slices.Contains([]match.Verdict{match.Equal, match.Equivalent, match.Differs, match.Absent}, p.Want) {
				return nil, fmt.Errorf("line %d: no verdict %q", n, wants[j])
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// unescaped writes the characters that \u and four hexadecimal digits stand for.
func unescaped(s string) (string, error) {
	if !strings.Contains(s, `\u`) {
		return s, nil
	}
	return strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
}

// Score counts how the comparison and the desk agree on one field.
type Score struct {
	Field        string
	Pairs        int
	Same         int // both say the same
	WronglyEqual int // the comparison says the same, the desk does not: the carrier would reject
	WronglyOther int // the desk says the same, the comparison does not: a correction or a question too many
}

// Precision is which part of what is called the same is the same; 1 when
// nothing is.
func (s Score) Precision() float64 { return part(s.Same, s.Same+s.WronglyEqual) }

// Recall is which part of what is the same is called so; 1 when nothing is.
func (s Score) Recall() float64 { return part(s.Same, s.Same+s.WronglyOther) }

func part(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// Measure compares every pair and counts: each field in the order in which
// Compare gives it, and all together. An address without a second line on
// either side says nothing of second lines and does not count there.
func Measure(pairs []Pair) (fields []Score, all Score) {
	for _, f := range match.Compare(match.Side{}, match.Side{}) {
		fields = append(fields, Score{Field: f.Name})
	}
	all.Field = "all"
	for _, p := range pairs {
		i := slices.IndexFunc(fields, func(s Score) bool { return s.Field == p.Field })
		got := p.Got()
		v := got.Verdict
		if p.Field == "street2" && v == match.Equal && p.Want == v && got.Carrier == "" {
			continue
		}
		for _, s := range []*Score{&fields[i], &all} {
			s.Pairs++
			switch said := v == match.Equal || v == match.Equivalent; {
			case said && p.Same():
				s.Same++
			case said:
				s.WronglyEqual++
			case p.Same():
				s.WronglyOther++
			}
		}
	}
	return fields, all
}
