package setup

import (
	"testing"
	"time"

	"portway/internal/porting"
)

// Each class of carriers has its own holidays: Canada Day is none of the registry's.
func TestCarriersHaveTheirOwnHolidays(t *testing.T) {
	for name, value := range map[string]string{"HOLIDAYS": "npac", "ZONE": "America/New_York", "PORT_FEE": "750",
		"HARD_CANCEL_FEE": "0",
		"CHECK_DAYS":      "3", "CHECK_HOUR": "9", "REMINDERS": "14,3", "SANDBOX_DAY_SECONDS": "60"} {
		t.Setenv(name, value)
	}
	r, at := rules(), time.Date(2027, 6, 30, 15, 0, 0, 0, time.UTC)
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
