package bandwidth

import "testing"

// A demand names the LOA and asks for it; what else people write of papers is none.
func TestDemandWords(t *testing.T) {
	for text, want := range map[string]bool{
		"Please provide the LOA.":                                    true,
		"AT&T requests a copy of the letter of authorization today.": true,
		"Losing carrier disputes this port. Need LOA asap":           true,
		"The port was not authorized; send letter of agency":         true,
		"LOA received, thank you.":                                   false,
		"The FOC was requested again.":                               false,
		"Please provide the PIN.":                                    false,
		"We load the order again and ask the carrier.":               false,
	} {
		if got := namesLOA.MatchString(text) && asksFor.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
