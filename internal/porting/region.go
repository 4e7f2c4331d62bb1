package porting

import (
	"slices"
	"strings"
)

// Region is a region of the NPAC. Cut-offs and business hours of US carriers are in the zone in which most of the region
// lives (47 CFR 52.35(e)).
type Region string

// The seven US regions; empty is none.
const (
	MidAtlantic Region = "Mid-Atlantic"
	Midwest     Region = "Midwest"
	Northeast   Region = "Northeast"
	Southeast   Region = "Southeast"
	Southwest   Region = "Southwest"
	Western     Region = "Western"
	WestCoast   Region = "West Coast"
)

// regions has the states of each region (NPAC: service areas), and its zone. No published table of the predominant zones
// was found: all zones are assumed, and so are the regions of Puerto Rico, the Virgin Islands and the Pacific territories.
var regions = []struct {
	region Region
	zone   string
	states string
}{
	{MidAtlantic, "America/New_York", "DC DE MD NJ PA VA WV"},
	{Midwest, "America/Chicago", "IL IN MI OH WI"},
	{Northeast, "America/New_York", "CT MA ME NH NY RI VT"},
	{Southeast, "America/New_York", "AL FL GA KY LA MS NC SC TN PR VI"},
	{Southwest, "America/Chicago", "AR KS MO OK TX"},
	{Western, "America/Denver", "AK AZ CO IA ID MN MT ND NE NM OR SD UT WA WY"},
	{WestCoast, "America/Los_Angeles", "CA HI NV AS GU MP"},
}

// RegionOf returns the region of a state or territory, by its two letters; empty where it is in none.
func RegionOf(state string) Region {
	for _, r := range regions {
		if slices.Contains(strings.Fields(r.states), state) {
			return r.region
		}
	}
	return ""
}

// Zone returns the IANA name of the region's predominant zone; empty for no region.
func (r Region) Zone() string {
	for _, row := range regions {
		if row.region == r {
			return row.zone
		}
	}
	return ""
}

// RegionZones lists the zones of the regions, each once.
func RegionZones() []string {
	return []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}
}

// CarrierZones lists the zones in which a carrier's cut-off may be: those of the regions, and those of area codes, which
// count for a carrier that says so (OwnTerms.Zone).
func CarrierZones(country string) []string {
	if country == "CA" {
		return []string{"America/Toronto", "America/Vancouver", "America/Edmonton", "America/Regina", "America/Winnipeg",
			"America/Halifax", "America/St_Johns"}
	}
	return append(RegionZones(), "America/Phoenix", "America/Boise", "America/Anchorage", "Pacific/Honolulu",
		"America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago")
}
