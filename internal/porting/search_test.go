package porting

import (
	"slices"
	"testing"
)

// Two spellings of one name, address or number are one word, and others are not.
func TestSearchWord(t *testing.T) {
	for _, test := range []struct{ name, a, b string }{
		{"case", "Ada KING", "ada king"},
		{"the order of words", "King, Ada", "Ada King"},
		{"punctuation", "A-1 Movers, Inc.", "inc a 1 movers"},
		{"a mail address", "Port@Example.com", "port@example.com"},
		{"an id", "f3C2-11", "F3c2-11"},
	} {
		if SearchWord(test.a) != SearchWord(test.b) || SearchWord(test.a) == "" {
			t.Errorf("%s: %q and %q", test.name, SearchWord(test.a), SearchWord(test.b))
		}
	}
	for _, different := range [][2]string{{"Ada King", "Ada Kong"}, {"ada", "ada king"}, {"…", "a"}} {
		if SearchWord(different[0]) == SearchWord(different[1]) {
			t.Errorf("%v are one word", different)
		}
	}
}

// The words of an order are kept when it is made, and anew only when they change: a change of the status writes none. An
// order of an older release has them kept by its next change.
func TestSearchWords(t *testing.T) {
	kept := func(l *life) bool { return slices.Contains(l.last().Effects, KeepSearch) }
	l := begin(t, 2)
	if !kept(l) || !slices.Contains(l.o.SearchWords(), SearchWord(l.o.Numbers[0].TN)) {
		t.Fatalf("a new order: effects %v, words %v", l.last().Effects, l.o.SearchWords())
	}
	if l.do(Comment{customer, "Hello."}); kept(l) {
		t.Error("a comment has the words kept")
	}
	if l.do(Edit{By: customer, To: Details{Alias: "Branch 9"}, Fields: []string{"alias"}}); !kept(l) || !slices.Contains(l.o.SearchWords(), "9 branch") {
		t.Errorf("another reference: %v", l.o.SearchWords())
	}
	if l.do(signed); !kept(l) || slices.Contains(l.o.SearchWords(), SearchWord(l.o.Numbers[1].TN)) {
		t.Errorf("signed: a number that is held against everybody is a word: %v", l.o.SearchWords())
	}
	if l.do(Pass{By: system}); kept(l) {
		t.Error("a change of the status has the words kept")
	}
	l.o.SearchKept = "" // an older release has written it
	if l.do(Comment{customer, "Hello again."}); !kept(l) {
		t.Error("an order of an older release has no words")
	}
	l.o.Sandbox = true
	if words := l.o.SearchWords(); words != nil {
		t.Errorf("a sandbox's order has %v", words)
	}
}
