package bandwidth

import (
	"context"
	_ "embed" // codes.tsv
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"portway/internal/metric"
	"portway/internal/porting"
)

// codes.tsv says of each published code what it means for us; its head says of each column what it holds.
//
//go:embed codes.tsv
var codesFile string

// code is one row of the table of codes.
type code struct {
	code, family, when string
	kind               kind
	actor              string
	final              bool // the peer's order never goes on as it is
	reasons            []porting.ReasonCode
	byWords            bool // the text alone tells the reason
	carrier            []string
	words              string
	meaning            string
}

// kind says what an error stops, or whose it is.
type kind string

const (
	stops      kind = "refusal" // it stops an order, some of its numbers, or a change
	informs    kind = "info"    // it stops nothing
	ourAccount kind = "setup"   // it is about our account, rights or sites at the peer
	ourMessage kind = "request" // it is about a mistake in our message
)

const offNetFamily = "port-in-offnet"

// codes is the table by code. The rows of a code that means several things stand in the order in which they are tried.
var codes = sync.OnceValue(func() map[string][]code {
	table := map[string][]code{}
	head := true
	for line := range strings.Lines(codesFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		col := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if head || len(col) != 10 {
			head = false
			continue
		}
		for i := range col {
			if col[i] == "-" {
				col[i] = ""
			}
		}
		row := code{code: col[0], family: col[1], when: col[2], kind: kind(col[3]), actor: col[4], final: col[5] != "",
			byWords: col[6] == "WORDS", carrier: strings.Fields(col[7]), words: col[8], meaning: col[9]}
		for _, r := range strings.Fields(col[6]) {
			if !row.byWords {
				row.reasons = append(row.reasons, porting.ReasonCode(r))
			}
		}
		table[row.code] = append(table[row.code], row)
	}
	return table
})

// A carrier's own code ends an off-net text, in round brackets; on-net texts bear none, and 7999 begins with one.
var (
	endForm   = regexp.MustCompile(`[\[(]([0-9A-Za-z]{1,9})[\])]\s*\.?\s*$`)
	beginForm = regexp.MustCompile(`^(?:7999:\s*)?([0-9]{0,2}[A-Z]{1,3}[0-9]{0,4}[A-Za-z]{0,3}|[0-9]{2,5})\s+\S`)
)

// unspecific is the peer's inner error, and its code for a carrier's reject that has none of its own.
const unspecific = "7999"

// row is the table's row for an error. Texts decide only between the rows of one code.
func (f fault) row() (found code, known bool) {
	text, end := strings.ToLower(f.text), ""
	if m := endForm.FindStringSubmatch(f.text); m != nil {
		end = m[1]
	}
	for _, row := range codes()[f.code] {
		switch {
		case row.words == "":
			found, known = row, true
		case strings.Contains(text, row.words), end != "" && slices.Contains(row.carrier, end):
			return row, true
		}
	}
	return found, known
}

// reject is the carrier's own code in the text of 7999; empty where the text is the peer's.
func (f fault) reject() string {
	if m := beginForm.FindStringSubmatch(f.text); f.code == unspecific && m != nil && strings.ContainsAny(m[1],
		"0123456789") {
		return m[1]
	}
	return ""
}

// rejectRow is the row of the published code that stands for the carrier's own code in the text of 7999.
func (f fault) rejectRow() (code, bool) {
	if own := f.reject(); own != "" {
		for _, published := range slices.Sorted(maps.Keys(codes())) {
			for _, row := range codes()[published] {
				if slices.Contains(row.carrier, own) && len(row.reasons) > 0 {
					return row, true
				}
			}
		}
	}
	return code{}, false
}

// kind returns the kind of the error. A code that nobody has published counts as a refusal, for people.
func (f fault) kind() kind {
	row, known := f.row()
	if reject, ok := f.rejectRow(); ok {
		row = reject
	}
	if !known {
		return stops
	}
	return row.kind
}

// reasons are ours for the error, none where it stops nothing.
func (f fault) reasons() []porting.ReasonCode {
	row, known := f.row()
	reject, stated := f.rejectRow()
	if stated {
		row = reject
	}
	switch {
	case !known:
		return []porting.ReasonCode{porting.OtherReason}
	case row.kind == informs:
		return nil
	case row.byWords, f.reject() != "" && !stated:
		return []porting.ReasonCode{porting.ReasonIn(f.text)}
	}
	return row.reasons
}

// passes says that the error is trouble at the peer which goes away by itself.
func (f fault) passes() bool {
	all := f.reasons()
	return len(all) == 1 && all[0] == porting.CarrierBusy
}

// reasons turns the errors that stop something into reasons of ours. own are the order's numbers (E.164), which a text
// may name. A code that is not in the table is counted, so that somebody adds it.
func (c *Client) reasons(ctx context.Context, all []fault, own []string) []porting.Reason {
	var reasons []porting.Reason
	for _, f := range all {
		if _, known := f.row(); !known {
			metric.Count(ctx, c.cfg.Now(), metric.UnknownCode, c.cfg.Name, "code", f.code)
		}
		numbers := f.names(own)
		if len(numbers) == 0 {
			for _, tn := range f.numbers {
				numbers = append(numbers, e164(tn))
			}
		}
		for _, code := range f.reasons() {
			reasons = append(reasons, porting.Reason{Code: code, Raw: f.code, Said: porting.Quote(f.text), Numbers: numbers})
		}
	}
	return reasons
}

// every says that there are errors, and that the rule holds for all of them.
func every(all []fault, rule func(fault) bool) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(f fault) bool { return !rule(f) })
}

// e164 is a number as we write it; the wire has ten digits, or E.164 where a subscription asks for it.
func e164(tn string) string {
	d := digits(tn)
	if len(d) == 10 {
		return "+1" + d
	}
	return "+" + d
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func ten(e164 string) string { return strings.TrimPrefix(e164, "+1") }
