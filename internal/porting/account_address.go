package porting

import (
	"slices"
	"strings"
)

// The account address is the address to which the carrier sends the account's bills. 47 CFR 64.1130(e)(1) wants it on the
// LOA, while carriers compare the service address. Both are the same unless the customer gives the account address.

// accountAddress lists the parts of the account address by their wire names; they stand in the order of serviceParts.
var (
	accountAddress = []string{"account_address/street", "account_address/street2", "account_address/city",
		"account_address/state", "account_address/zip", "account_address/country"}
	serviceParts = []string{"street", "street2", "city", "state", "zip", "country"}
)

// HasAccountAddress says that the customer has given an account address.
func (d Details) HasAccountAddress() bool {
	return slices.ContainsFunc(accountAddress, func(name string) bool { value, _ := d.Get(name); return value != "" })
}

// WithAccountAddress returns the details with an account address: the customer's, else the service address.
func (d Details) WithAccountAddress() Details {
	if d.HasAccountAddress() {
		return d
	}
	for i, name := range accountAddress {
		value, _ := d.Get(serviceParts[i])
		d.Set(name, value)
	}
	return d
}

// tidyAccountAddress brings the account address into the form in which it is kept. Its country is the service address's
// where the customer gives none.
func (d Details) tidyAccountAddress() Details {
	d.AccountState, d.AccountCountry = strings.ToUpper(d.AccountState), strings.ToUpper(d.AccountCountry)
	d.AccountZip = strings.ToUpper(d.AccountZip)
	switch country := d.AccountCountry; {
	case country == "" && d.HasAccountAddress():
		d.AccountCountry = d.Country
	case country == d.Country:
		d.AccountCountry = ""
		if d.HasAccountAddress() { // a country alone is none
			d.AccountCountry = country
		}
	}
	return d
}

// accountAddressFaults names the parts that an account address lacks.
func (d Details) accountAddressFaults() Faults {
	if !d.HasAccountAddress() {
		return nil
	}
	var faults Faults
	for _, name := range accountAddress {
		if value, _ := d.Get(name); value == "" && name != "account_address/street2" {
			faults.Add(name, Required, "Give the whole account address, or leave all of it empty if it is the service address.")
		}
	}
	return faults
}

// movedAccount names the parts of the account address that differ in content from those that were signed. Where neither
// has one, the LOA shows the service address that was signed as both, and a later service address changes nothing.
func (d Details) movedAccount(signed Details) []string {
	if !d.HasAccountAddress() && !signed.HasAccountAddress() {
		return nil
	}
	return d.WithAccountAddress().differsFrom(signed.WithAccountAddress(), accountAddress)
}

func isAccountZip(v string, d Details) string   { return ZipFault(v, d.AccountCountry) }
func isAccountState(v string, d Details) string { return StateFault(v, d.AccountCountry) }
