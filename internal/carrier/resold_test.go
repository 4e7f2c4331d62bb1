package carrier

import "testing"

// Numbers are resold if the brand is a reseller, or if a network that serves brands has them and another company bills.
func TestResaleOf(t *testing.T) {
	profile := func(id string) Profile {
		p, _ := ByID(id)
		return p
	}
	for _, test := range []struct {
		name           string
		network, brand Profile
		named          bool
		want           Resale
	}{
		{"nothing is known", Profile{}, Profile{}, true, NotResold},
		{"a reseller", Profile{}, profile("grasshopper"), true, IsResold},
		{"the network's own customer", profile("bandwidth"), profile("bandwidth"), true, NotResold},
		{"a brand on it", profile("bandwidth"), profile("ringcentral"), true, IsResold},
		{"a brand that nobody knows", profile("bandwidth"), Profile{}, true, IsResold},
		{"no brand is named yet", profile("bandwidth"), Profile{}, false, MayBeResold},
		{"a network without brands", profile("cox"), Profile{}, true, NotResold},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ResaleOf(test.network, test.brand, test.named); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
