package carrier

// Resale says whether a company sells numbers of another company's network.
type Resale string

// The network sells its numbers to its own customers, as far as is known; another company sells them; or the network is
// known to serve companies that sell its numbers, and nobody has said yet which company bills the customer.
const (
	NotResold   Resale = "no"
	IsResold    Resale = "yes"
	MayBeResold Resale = "possible"
)

// ResaleOf decides whether numbers are resold, from the profile of the network that has them and of the brand that
// bills the customer. Either may be empty. named says that the customer has named a company that bills the numbers. A brand is resold if it
// is a reseller, or if the network serves brands (hosts) and the brand is not the network's own.
func ResaleOf(network, brand Profile, named bool) Resale {
	hosts, _ := network.Value("hosts")
	switch {
	case brand.Kind == ResellerKind:
		return IsResold
	case hosts.Text != "yes" || network.ID != "" && brand.ID == network.ID:
		return NotResold
	case named:
		return IsResold
	}
	return MayBeResold
}
