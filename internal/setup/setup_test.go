package setup

import (
	"maps"
	"slices"
	"testing"
	"time"

	"portway/internal/env"
	"portway/internal/porting"
)

// with reads variables of a house whose other values are right.
func with(changes map[string]string) *env.Reader {
	all := map[string]string{"HOLIDAYS": "npac", "ZONE": "America/New_York", "PORT_FEE": "750", "HARD_CANCEL_FEE": "0", "DATE_CHANGE_FEE": "0", "EXPEDITE_FEE": "0",
		"CHECK_DAYS": "3", "CHECK_HOUR": "9", "REMINDERS": "14,3", "SANDBOX_DAY_SECONDS": "60",
		"OPERATOR_NAME": "Example Telecom LLC", "OPERATOR_ADDRESS": "1 Example Way, Denver, CO 80202, US", "OPERATOR_RESPORG": "ABC01"}
	maps.Copy(all, changes)
	return env.Of(func(name string) string { return all[name] })
}

// Reminders come in the order of their days, however the operator writes them. A list with another day is a fault.
func TestRemindersAreInOrder(t *testing.T) {
	for text, want := range map[string][]int{"14,3": {14, 3}, "3,14": {14, 3}, "1": {1}, "44,2,44": {44, 2}} {
		if got := rules(with(map[string]string{"REMINDERS": text})).Reminders; !slices.Equal(got, want) {
			t.Errorf("%s gives %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"", "0", "45", "14,", "14;3"} {
		e := with(map[string]string{"REMINDERS": text})
		if rules(e); len(e.Faults()) != 1 {
			t.Errorf("%q gives the faults %v", text, e.Faults())
		}
	}
}

// Each class of carriers has its own holidays: Canada Day is none of the registry's.
func TestCarriersHaveTheirOwnHolidays(t *testing.T) {
	r, at := rules(with(nil)), time.Date(2027, 6, 30, 15, 0, 0, 0, time.UTC)
	for want, o := range map[porting.Date]porting.Order{
		"2027-07-05": {Given: porting.Given{Details: porting.Details{Country: "CA"}}},
		"2027-07-02": {Kind: porting.TollFree},
		"2027-07-07": {},
	} {
		if got := r.Earliest(o, at); got != want {
			t.Errorf("%s %s: %s, want %s", o.Kind, o.Details.Country, got, want)
		}
	}
}
