package porting

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// Another new carrier, and for toll-free numbers another RespOrg, need a new signature before anything is sent.
func TestAnotherOperator(t *testing.T) {
	for _, test := range []struct {
		name   string
		kind   Kind
		change func(*Operator)
		want   []string
	}{
		{"the same", Local, func(*Operator) {}, nil},
		{"another company", Local, func(o *Operator) { o.Name = "Other Telecom LLC" }, []string{"new_carrier"}},
		{"another spelling", Local, func(o *Operator) { o.Name = "EXAMPLE TELECOM, L.L.C." }, nil},
		{"another address and telephone number", Local, func(o *Operator) { o.Address, o.Phone = "2 Elm Road", "" }, nil},
		{"another RespOrg of local numbers", Local, func(o *Operator) { o.RespOrg = "XYZ01" }, nil},
		{"another RespOrg of toll-free numbers", TollFree, func(o *Operator) { o.RespOrg = "XYZ01" }, []string{"resporg"}},
		{"both", TollFree, func(o *Operator) { o.Name, o.RespOrg = "Other", "XYZ01" }, []string{"new_carrier", "resporg"}},
		{"nothing is known of it", TollFree, func(o *Operator) { *o = Operator{} }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Rejected)
			l.o.Kind = test.kind
			test.change(&l.r.Operator)
			if got := l.r.Unsigned(l.o); !slices.Equal(got, test.want) {
				t.Fatalf("%q, want %q", got, test.want)
			}
			_, _, err := l.r.Apply(l.o, Resubmit{By: customer}, l.at)
			var want []string
			for _, name := range test.want {
				want = append(want, name+" signature_needed")
			}
			if got := faultsOf(err); !slices.Equal(got, want) {
				t.Errorf("refused for %q, want %q", got, want)
			}
			l.o.Signature.Operator = Operator{}
			if got := l.r.Unsigned(l.o); len(got) > 0 {
				t.Errorf("a signature of an older release lacks %q", got)
			}
		})
	}
}

// Signed words are never changed: who changes the text makes a new version of it, and keeps the old one for the LOAs that
// were signed with it.
func TestSignedWordsStay(t *testing.T) {
	sums := map[string]string{
		"":  "9ca588cd283327cf",
		"2": "cb6ac67ce9481ea0",
	}
	for version, want := range sums {
		o := Order{Kind: TollFree, Given: Given{Signature: Signature{Words: version, Numbers: tns(20), Operator: rules(t).Operator}}}
		sum := sha256.Sum256([]byte(LOAWordsOf(o).Text()))
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("the words of version %q have the sum %s, want %s", version, got, want)
		}
	}
	if _, ok := sums[LOAVersion]; !ok {
		t.Errorf("the present version %s has no sum here", LOAVersion)
	}
}

// The words have what the rules want, and no gap is left in them.
func TestLOAWords(t *testing.T) {
	r := rules(t)
	for _, test := range []struct {
		name     string
		kind     Kind
		numbers  int
		operator Operator
		want     []string
		not      []string
	}{
		{name: "few local numbers", kind: Local, numbers: 15, operator: r.Operator,
			want: []string{"telephone numbers that are listed in it", "to Example Telecom LLC, the new carrier", "only one carrier",
				"sets the rates", "on paper", "withdrawn", "without a fee", "internet access"},
			not: []string{"RespOrg", "attached list"}},
		{name: "many local numbers", kind: Local, numbers: 16, operator: r.Operator,
			want: []string{"the 16 telephone numbers on the attached list, of which the first is 206-200-0000 and the last is 206-200-0015"}},
		{name: "toll-free", kind: TollFree, numbers: 1, operator: r.Operator,
			want: []string{"responsible organization (RespOrg) to Example Telecom LLC, RespOrg ID ABC01"}},
		{name: "nothing known of the operator", kind: TollFree, numbers: 1, want: []string{"to the carrier that runs this service, the new carrier"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Kind: test.kind, Given: Given{Signature: Signature{Words: LOAVersion, Numbers: tns(test.numbers), Operator: test.operator}}}
			text := LOAWordsOf(o).Text()
			for _, s := range test.want {
				if !strings.Contains(text, s) {
					t.Errorf("lacks %q", s)
				}
			}
			for _, s := range append(test.not, "{", "}", "  ") {
				if strings.Contains(text, s) {
					t.Errorf("holds %q", s)
				}
			}
			for _, c := range text {
				if !OnLOA(c) && c != '\n' {
					t.Errorf("holds %q", c)
				}
			}
		})
	}
}
