package porting

import (
	"slices"
	"testing"
)

// A reseller signs with the end user's own LOA alone, which is accepted and young enough.
func TestCapacity(t *testing.T) {
	letter := func(dated Date) Command {
		return AddDocument{By: customer, Document: Document{Name: "loa.pdf", Kind: LOADocument, Dated: dated}}
	}
	kept := SettleDocument{By: system, ID: "1", Digest: "abc", Size: 9, Pages: 1}
	failed := SettleDocument{By: system, ID: "1", Why: Say(MsgFileNotPDF)}
	old := DateOf(now.AddDate(0, 0, -31))
	for _, test := range []struct {
		name     string
		before   []Command
		capacity Capacity
		want     Capacity
		digest   string
		faults   []string
	}{
		{name: "nobody says any", want: Authorized},
		{name: "the holder", capacity: Holder, want: Holder},
		{name: "authorized", capacity: Authorized, want: Authorized},
		{name: "a reseller with one of no day", before: []Command{letter(""), kept}, capacity: Reseller,
			faults: []string{"signature_capacity required"}},
		{name: "a reseller with the end user's LOA", before: []Command{letter(DateOf(now)), kept}, capacity: Reseller, want: Reseller,
			digest: "abc"},
		{name: "a reseller without", capacity: Reseller, faults: []string{"signature_capacity required"}},
		{name: "a reseller with a bill", before: []Command{AddDocument{By: customer, Document: bill}, kept}, capacity: Reseller,
			faults: []string{"signature_capacity required"}},
		{name: "a reseller with one that is being checked", before: []Command{letter("")}, capacity: Reseller,
			faults: []string{"signature_capacity required"}},
		{name: "a reseller with one that failed", before: []Command{letter(""), failed}, capacity: Reseller,
			faults: []string{"signature_capacity required"}},
		{name: "a reseller with an old one", before: []Command{letter(old), kept}, capacity: Reseller,
			faults: []string{"signature_capacity out_of_range"}},
		{name: "anything else", capacity: "king", faults: []string{"signature_capacity invalid_format"}},
		{name: "the holder has no use for it", before: []Command{letter(""), kept}, capacity: Holder, want: Holder},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 2).do(test.before...)
			cmd := signed
			cmd.Signature.Capacity = test.capacity
			// What a caller claims of the document does not count.
			cmd.Signature.EndUserLOA, cmd.Signature.EndUserDated = "forged", "2027-01-01"
			o, _, err := l.r.Apply(l.o, cmd, l.at)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Fatalf("%q, want %q", got, test.faults)
			}
			if s := o.Signature; err == nil && (s.Capacity != test.want || s.EndUserLOA != test.digest) {
				t.Errorf("signed as %q with %q", s.Capacity, s.EndUserLOA)
			}
		})
	}
}

// A reseller whose LOA was asked for anew brings a newer LOA of the end user, which the order takes for that.
func TestAResellerRenewsWithANewerLOA(t *testing.T) {
	letter := func(dated Date) Command {
		return AddDocument{By: customer, Document: Document{Name: "loa.pdf", Kind: LOADocument, Dated: dated}}
	}
	resold := signed
	resold.Signature.Capacity = Reseller
	l := begin(t, 2).do(letter(DateOf(now.AddDate(0, 0, -20))), SettleDocument{By: system, ID: "1", Digest: "old"}, resold)
	l.do(Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent)
	if _, _, err := l.r.Apply(l.o, letter(DateOf(l.at)), l.at); codeOf(err) != WrongStatus {
		t.Fatalf("taken though nobody has asked for it: %v", err)
	}
	l.at = now.AddDate(0, 0, 6)
	l.do(AskRenewal{By: system})
	if _, _, err := l.r.Apply(l.o, resold, l.at); !slices.Equal(faultsOf(err), []string{"signature_capacity required"}) {
		t.Errorf("renewed with the same LOA of the end user: %v", err)
	}
	l.do(letter(DateOf(l.at.AddDate(0, 0, -1))), SettleDocument{By: system, ID: "3", Digest: "new"}, resold)
	if l.o.Signature.EndUserLOA != "new" || l.o.Wanted(SignedLOA) || l.r.LOAExpired(l.o, l.at.AddDate(0, 0, 28)) {
		t.Errorf("%+v", l.o.Signature)
	}
}

// The registry gets the end user's LOA beside a reseller's, from each order that has it.
func TestEnclosures(t *testing.T) {
	o := Order{Kind: TollFree, Given: Given{Signature: Signature{Capacity: Reseller, EndUserLOA: "abc"}}}
	o.Documents = []Document{
		{ID: "1", Kind: LOADocument, State: DocumentComplete, Digest: "older"}, {ID: "2", Kind: BillDocument, State: DocumentComplete},
		{ID: "3", Kind: LOADocument, State: DocumentComplete, Digest: "abc", Of: "77"}, {ID: "4", Kind: LOADocument, LOA: true},
	}
	o.Enclosed = []DocumentID{"2"}
	for _, test := range []struct {
		name   string
		change func(*Order)
		want   []DocumentID
	}{
		{"a reseller's toll-free order", func(*Order) {}, []DocumentID{"2", "3"}},
		{"asked for already", func(o *Order) { o.Enclosed = []DocumentID{"3"} }, []DocumentID{"3"}},
		{"a local order", func(o *Order) { o.Kind = Local }, []DocumentID{"2"}},
		{"signed by the holder", func(o *Order) { o.Signature.Capacity = Holder }, []DocumentID{"2"}},
		{"split off without documents", func(o *Order) { o.Documents, o.Enclosed = nil, nil }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := o.clone()
			test.change(&o)
			if got := o.Enclosures(); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
