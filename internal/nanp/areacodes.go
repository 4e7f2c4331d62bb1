package nanp

import (
	_ "embed"
	"strings"
	"time"
)

// areaCodes is the table of the plan's area codes, with its sources and its
// day in its first lines. TestOracle compares it with libphonenumber's
// metadata and names every difference.
//
// Nothing is built when a function starts: a look-up is a scan of about six
// kilobytes.
//
//go:embed areacodes.tsv
var areaCodes string

// area is one line of the table.
type area struct {
	use   string
	zone  string
	since string // a day, or empty
	place string
}

// The uses of area codes beside the countries of those that can be ported.
const (
	tollFree = "toll-free"
	reserved = "reserved"
	premium  = "premium"
	other    = "other"
	abroad   = "abroad"
)

// areaOf finds an area code; ok is false for one that the table does not have.
func areaOf(npa string) (found area, ok bool) {
	for from := 0; npa != ""; {
		at := strings.Index(areaCodes[from:], npa)
		if at < 0 {
			break
		}
		at += from
		from = at + len(npa)
		line := areaCodes[strings.LastIndexByte(areaCodes[:at], '\n')+1:]
		line = line[:strings.IndexByte(line, '\n')]
		codes := strings.LastIndexByte(line, '\t')
		if line[0] == '#' || !strings.Contains(line[codes:], npa) {
			continue // a number in a remark or a date
		}
		columns := strings.SplitN(line, "\t", 5)
		return area{columns[0], columns[1], columns[2], columns[3]}, true
	}
	return area{}, false
}

// AsOf is the day, as 2006-01-02, on which the table of area codes was last
// compared with its sources.
func AsOf() string {
	_, rest, _ := strings.Cut(areaCodes, "as of: ")
	day, _, _ := strings.Cut(rest, "\n")
	return day
}

// A Doubt says why a number of good form may be none: its area code is not one
// that is known to be in service.
type Doubt struct {
	NPA string
	// Since is the day, as 2006-01-02, from which the area code is in service,
	// where it was announced; empty where it is not known at all.
	Since string
}

// Doubtful reports whether the number's area code is not in service at that
// time, as far as is known. An announced one counts from its day on; new ones
// come several times a year, so that one that is not known is no reason to
// refuse a number without asking a carrier.
func (n Number) Doubtful(at time.Time) (d Doubt, doubtful bool) {
	a, known := areaOf(n.NPA())
	switch {
	case n.IsZero():
		return Doubt{}, false
	case !known:
		return Doubt{NPA: n.NPA()}, true
	case a.since > at.UTC().Format(time.DateOnly):
		return Doubt{NPA: n.NPA(), Since: a.since}, true
	}
	return Doubt{}, false
}
