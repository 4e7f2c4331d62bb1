package mail

import "strings"

// labels are the names by which people know an order's details, by wire name.
var labels = map[string]string{
	"alias":                   "name of the order",
	"billing_name":            "name of the authorized person",
	"company":                 "company",
	"billing_number":          "billing telephone number",
	"provider":                "carrier",
	"provider_account":        "account number",
	"pin":                     "PIN",
	"last_4_ssn":              "last four digits of the SSN",
	"usage_type":              "usage type",
	"street":                  "street",
	"street2":                 "second address line",
	"city":                    "city",
	"state":                   "state",
	"zip":                     "ZIP code",
	"country":                 "country",
	"account_address/street":  "street of the account address",
	"account_address/street2": "second line of the account address",
	"account_address/city":    "city of the account address",
	"account_address/state":   "state of the account address",
	"account_address/zip":     "ZIP code of the account address",
	"account_address/country": "country of the account address",
	"desired_completion_date": "desired completion date",
	"desired_completion_time": "desired time of day",
	"loa_details/email":       "address for the LOA",
	"loa_details/cc":          "second address for the LOA",
	"enable_cnam_lookups":     "CNAM lookups",
	"one_line":                "single line",
	"status_url":              "status URL",
	"auto_correct":            "automatic corrections",
	"on_unportable":           "going on without numbers that can't be ported",
	"reseller":                "reseller's name",

	"partial_port/scope":              "whether all numbers of the account move",
	"partial_port/keep":               "numbers that stay at the carrier",
	"partial_port/disconnect":         "numbers to be disconnected",
	"partial_port/others":             "what becomes of the account's other numbers",
	"partial_port/new_billing_number": "new main number of the account",

	"line_features/services":          "services on the lines",
	"line_features/hunt_group":        "hunt group",
	"line_features/directory_listing": "directory listing",
	"line_features/tollfree_numbers":  "toll-free numbers that ring to the order's numbers",
}

// labelOf is the label of a detail. One without a label is called by its wire name, in words.
func labelOf(name string) string {
	if label, ok := labels[name]; ok {
		return label
	}
	return strings.NewReplacer("_", " ", "/", " ").Replace(name)
}
