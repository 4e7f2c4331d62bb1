package porting

import (
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
)

// maxDraftWords is by how many of its numbers an unsigned order is found. The numbers of a signed order are found by
// their holds.
const maxDraftWords = 10

// SearchWords returns the words by which staff find the order beside its id, its PONs and the numbers that it holds
// against everybody: names, mail addresses, the customer's reference, the main number of the account at the carrier, and
// the peers' ids. Each is as SearchWord makes it. Orders of sandboxes have none, since no person works on them.
func (o Order) SearchWords() []string {
	if o.Sandbox {
		return nil
	}
	all := []string{o.Details.BillingName, o.Details.Company, o.Signature.Name, o.Details.Alias, o.Details.LOAEmail,
		o.Details.BillingNumber}
	all = append(all, strings.FieldsFunc(o.Details.LOACC, func(r rune) bool { return r == ',' || r == ' ' })...)
	for _, a := range o.Attempts {
		all = append(all, a.Ref)
	}
	if o.OwnOnly {
		for _, n := range o.Numbers[:min(len(o.Numbers), maxDraftWords)] {
			all = append(all, n.TN)
		}
	}
	var words []string
	for _, text := range all {
		if word := SearchWord(text); word != "" {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// SearchWord returns a text as the search compares it: without case, punctuation and the order of its words, so that
// "King, Ada" finds Ada King. A text without letters and digits is empty.
func SearchWord(text string) string {
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// searchable has the words of the search kept where they differ from those that are kept. An order of an older release
// has none kept, so its next change has them kept.
func (c *change) searchable() {
	words := c.o.SearchWords()
	digest := ""
	if len(words) > 0 {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(words, "\n"))) // never fails
		digest = hex.EncodeToString(h.Sum(nil))
	}
	if digest == c.o.SearchKept || !c.event.Published() {
		return
	}
	c.o.SearchKept = digest
	c.event.Effects = append(c.event.Effects, KeepSearch)
}
