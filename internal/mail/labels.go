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
	"desired_completion_date": "desired completion date",
	"loa_details/email":       "address for the LOA",
	"loa_details/cc":          "second address for the LOA",
	"enable_cnam_lookups":     "CNAM lookups",
	"status_url":              "status URL",
	"auto_correct":            "automatic corrections",
}

// labelOf is the label of a detail. One without a label is called by its wire name, in words.
func labelOf(name string) string {
	if label, ok := labels[name]; ok {
		return label
	}
	return strings.NewReplacer("_", " ", "/", " ").Replace(name)
}

func labelsOf(names []string) []string {
	all := make([]string, 0, len(names))
	for _, name := range names {
		all = append(all, labelOf(name))
	}
	return all
}
