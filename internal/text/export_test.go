package text

import (
	"maps"
	"slices"
	"strings"

	"portway/internal/porting"
)

// CustomersRead are all English sentences and names of the domain that customers may read, and nothing that our staff alone read.
func CustomersRead() []string {
	var all []string
	for key, s := range English.sentences {
		if !strings.HasPrefix(string(key), "ask_") {
			all = append(all, s.customer, s.unproven)
		}
	}
	for _, names := range []map[string]string{English.fields, English.papers} {
		all = slices.AppendSeq(all, maps.Values(names))
	}
	all = slices.AppendSeq(all, maps.Values(English.repairs))
	all = slices.AppendSeq(all, maps.Values(English.documents))
	all = slices.AppendSeq(all, maps.Values(English.waits))
	for _, row := range porting.Reasons {
		all = append(all, row.Title, row.Meaning, row.Do)
	}
	return all
}
