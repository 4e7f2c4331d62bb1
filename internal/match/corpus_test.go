package match_test

import (
	"slices"
	"strings"
	"testing"

	"portway/internal/match"
	"portway/internal/match/matchtest"
)

func corpus(t testing.TB) []matchtest.Pair {
	t.Helper()
	pairs, err := matchtest.Corpus()
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// Every line of the corpus, to the verdict.
func TestCorpus(t *testing.T) {
	pairs := corpus(t)
	for _, p := range pairs {
		f := p.Got()
		if f.Verdict != p.Want {
			t.Errorf("pairs.tsv:%d: %s %s (%d, %s), want %s: %s", p.Line, p.Field, f.Verdict, f.Score, f.Reason, p.Want, p.Why)
		}
	}
	fields, all := matchtest.Measure(pairs)
	for _, s := range append(fields, all) {
		t.Logf("%-16s %3d pairs, precision %5.1f %%, recall %5.1f %%, wrongly equal %d", s.Field, s.Pairs, 100*s.Precision(),
			100*s.Recall(), s.WronglyEqual)
		if s.WronglyEqual > 0 {
			t.Errorf("%s: %d wrongly equal", s.Field, s.WronglyEqual)
		}
	}
	if all.Pairs < matchtest.FewestPairs || all.Recall() < matchtest.LeastRecall {
		t.Errorf("%d pairs, recall %.1f %%: want %d and %.0f %%", all.Pairs, 100*all.Recall(), matchtest.FewestPairs,
			100*matchtest.LeastRecall)
	}
}

// A pair stands there once.
func TestCorpusRepeatsNothing(t *testing.T) {
	seen := map[string]int{}
	for _, p := range corpus(t) {
		key := strings.Join(append([]string{p.Field, p.Order.Country, p.Order.Name, p.Order.Company, p.Order.Street,
			p.Order.Street2, p.Order.City, p.Order.State,
			p.Order.Zip, p.Order.AccountNumber, p.Order.BTN, p.Carrier.Name, p.Carrier.Company, p.Carrier.Street, p.Carrier.City,
			p.Carrier.State, p.Carrier.Zip,
			p.Carrier.AccountNumber, p.Carrier.BTN, "|"}, slices.Concat(p.Order.Numbers, []string{"|"}, p.Carrier.Numbers)...),
			"\t")
		if line, ok := seen[key]; ok {
			t.Errorf("pairs.tsv:%d repeats line %d", p.Line, line)
		}
		seen[key] = p.Line
	}
}

// The other way round a pair has the same verdict: what is the same does not
// depend on whose it is.
func TestCorpusBothWays(t *testing.T) {
	for _, p := range corpus(t) {
		if oneName(p.Order) || oneName(p.Carrier) {
			continue
		}
		there := p.Got()
		p.Order, p.Carrier = p.Carrier, p.Order
		if back := p.Got(); there.Verdict != back.Verdict && there.Verdict != abs && back.Verdict != abs &&
			p.Field != "numbers" {
			t.Errorf("pairs.tsv:%d: %s %s (%s) one way, %s (%s) the other", p.Line, p.Field, there.Verdict, there.Reason,
				back.Verdict, back.Reason)
		}
	}
}

// oneName: the record's one name may be the person's or the business's, and so
// it has a side.
func oneName(s match.Side) bool {
	return (strings.TrimSpace(s.Name) == "") != (strings.TrimSpace(s.Company) == "")
}

// The score never contradicts the verdict.
func scored(f match.Field) bool {
	switch f.Verdict {
	case eq:
		return f.Score == 100
	case eqv:
		return f.Score >= 90 && f.Score < 100
	case dif:
		return f.Score >= 0 && f.Score < 90 && f.Reason != ""
	}
	return f.Verdict == abs && f.Score == 0
}

func TestScores(t *testing.T) {
	for _, tt := range []struct {
		field, near, far string // the order's; the record is the first of the two in the corpus' words
		carrier          string
	}{
		{"billing_name", "Bob Example", "Kim Example", "ROBERT EXAMPLE"},
		{"billing_name", "Robert Exampel", "Robert Sample", "ROBERT EXAMPLE"},
		{"billing_name", "Robert Example", "Roberta Example", "ROBERT A EXAMPLE"},
		{"company", "Paper Kite LLC", "Glass Kite Inc", "PAPER KITE INC"},
		{"street", "12 Example Ave", "99 Sample Blvd", "12 EXAMPLE ST"},
		{"street", "12 Example St", "12 Sample St", "12 N EXAMPLE ST"},
		{"city", "Sampletn", "Raleigh", "SAMPLETON"},
		{"zip", "27001", "90210", "27000"},
	} {
		side := func(text string) match.Side {
			switch tt.field {
			case "billing_name":
				return match.Side{Name: text, Company: "Any"}
			case "company":
				return match.Side{Company: text}
			case "street":
				return match.Side{Street: text}
			}
			return side(tt.field, text)
		}
		near, far := field(t, tt.field, side(tt.near), side(tt.carrier)), field(t, tt.field, side(tt.far), side(tt.carrier))
		if near.Score <= far.Score {
			t.Errorf("%q: %q has %d (%s), %q has %d (%s)", tt.carrier, tt.near, near.Score, near.Reason, tt.far, far.Score,
				far.Reason)
		}
	}
}

// Reasons that a desk acts upon.
func TestHints(t *testing.T) {
	for _, tt := range []struct{ field, order, carrier, hint string }{
		{"billing_name", "Bob Example", "ROBERT EXAMPLE", "nickname"},
		{"billing_name", "Bartholomew Featherstonehaugh", "BARTHOLOMEW FEATHERSTONEH", "cut_short"},
		{"billing_name", "Pat Example", "PAT EXAMPEL", "one_letter"},
		{"billing_name", "Pat Example", "EXAMPLE PAT", "reversed"},
		{"billing_name", "Ann Smith-Jones", "ANN JONES", "part_of_last"},
		{"street", "12 Example St", "12 N EXAMPLE ST", "less_direction"},
		{"street", "12 Example", "12 EXAMPLE ST", "less_suffix"},
		{"street", "12 N Example St", "12 S EXAMPLE ST", "other_direction"},
		{"street", "12 Example Ave", "12 EXAMPLE ST", "other_suffix"},
		{"street", "12 Example Ave", "14 EXAMPLE AVE", "other_house"},
		{"street2", "Suite 4", "Apt 4", "other_unit_kind"},
	} {
		order, carrier := match.Side{Name: tt.order, Company: "Any"}, match.Side{Name: tt.carrier, Company: "Any"}
		switch tt.field {
		case "street":
			order, carrier = match.Side{Street: tt.order}, match.Side{Street: tt.carrier}
		case "street2":
			order, carrier = match.Side{Street: "12 Example St", Street2: tt.order},
				match.Side{Street: "12 Example St", Street2: tt.carrier}
		}
		if f := field(t, tt.field, order, carrier); f.Verdict != dif || !strings.Contains(f.Reason, tt.hint) {
			t.Errorf("%q and %q: %s (%s), want %q", tt.order, tt.carrier, f.Verdict, f.Reason, tt.hint)
		}
	}
}

// Anything at all may stand in an order and in a record.
func FuzzCompare(f *testing.F) {
	pairs, err := matchtest.Corpus()
	if err != nil {
		f.Fatal(err)
	}
	one := func(s match.Side) string {
		return strings.Join([]string{s.Name, s.Company, s.Street, s.Street2, s.City, s.State, s.Zip, s.Country,
			s.AccountNumber, s.BTN, strings.Join(s.Numbers, ",")}, "\n")
	}
	for _, p := range pairs {
		f.Add(one(p.Order), one(p.Carrier))
	}
	sideOf := func(text string) match.Side {
		l := append(strings.Split(text, "\n"), make([]string, 11)...)
		return match.Side{Name: l[0], Company: l[1], Street: l[2], Street2: l[3], City: l[4], State: l[5], Zip: l[6],
			Country: l[7], AccountNumber: l[8], BTN: l[9],
			Numbers: strings.FieldsFunc(l[10], func(r rune) bool { return r == ',' })}
	}
	f.Fuzz(func(t *testing.T, order, carrier string) {
		a, b := sideOf(order), sideOf(carrier)
		for _, s := range []match.Side{a, b} {
			for _, f := range match.Compare(s, s) {
				if f.Verdict != eq && f.Verdict != abs || f.Patch != nil || !scored(f) {
					t.Errorf("%s and itself: %s, %d (%s), patch %v", f.Name, f.Verdict, f.Score, f.Reason, f.Patch)
				}
			}
		}
		there, back := match.Compare(a, b), match.Compare(b, a)
		for i, f := range there {
			g := back[i]
			if !scored(f) {
				t.Errorf("%s: %s has the score %d (%s)", f.Name, f.Verdict, f.Score, f.Reason)
			}
			if f.Verdict == abs || g.Verdict == abs || f.Name == "numbers" {
				continue // silence has a side, and so has the account's list
			}
			if (f.Name == "billing_name" || f.Name == "company") && (oneName(a) || oneName(b)) {
				continue
			}
			if f.Verdict != g.Verdict {
				t.Errorf("%s: %s (%s) one way, %s (%s) the other", f.Name, f.Verdict, f.Reason, g.Verdict, g.Reason)
			}
		}
	})
}
