package api

import (
	"portway/internal/porting"
)

// dayAdvice tells programs which days are possible: why the requested one is not, the nearest ones that are, the first
// and the last one, and the zone in which the days begin and end.
type dayAdvice struct {
	Reason  string `json:"reason"`
	Holiday string `json:"holiday,omitempty"`
	// Unpublished says that nobody has published the holiday for this carrier.
	Unpublished bool     `json:"unpublished,omitempty"`
	Nearest     []string `json:"nearest"`
	Earliest    string   `json:"earliest"`
	Latest      string   `json:"latest"`
	Zone        string   `json:"zone"`
}

// adviceOf returns the advice on the wire; nil where there is none.
func adviceOf(d porting.DayAdvice) *dayAdvice {
	if d.Wrong == "" {
		return nil
	}
	a := &dayAdvice{Reason: string(d.Wrong), Holiday: d.Holiday, Unpublished: d.Unpublished, Nearest: []string{},
		Earliest: string(d.Earliest), Latest: string(d.Latest), Zone: d.Zone}
	for _, day := range d.Nearest {
		if day != "" {
			a.Nearest = append(a.Nearest, string(day))
		}
	}
	return a
}

// The codes of warnings about the requested day.
const (
	dateTooSoon = "date_too_soon"
	dateTooFar  = "date_too_far"
)

// dayWarnings tell of a requested day that is taken, and will not be the day of the move: one that is too soon for a
// carrier is moved, as documented, and one that is too far ahead makes the order fail its checks (S-PRE). The orders are
// those of one call, which asks for one day.
func (a *API) dayWarnings(all ...porting.Order) []warning {
	advice, words := a.book.Rules.DayDoubt(a.book.Time(), all...)
	code := map[porting.DayState]string{porting.DayTooSoon: dateTooSoon, porting.DayTooFar: dateTooFar}[advice.Wrong]
	if code == "" {
		return nil
	}
	return []warning{{Field: "desired_completion_date", Code: code, Detail: words, Days: adviceOf(advice)}}
}
