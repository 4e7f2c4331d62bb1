package porting

import "strings"

// OnRecord returns the value of the carrier's record for a detail. It is empty where the record has none, or none that
// may be told to the customer of this order (Proof.Discloses).
func (o Order) OnRecord(name string) string {
	csr, ok := o.Record()
	if !o.Proof.Discloses(name).Shown || !ok {
		return ""
	}
	rec := csr.Record
	if name == "company" && o.Details.Company != "" || name == "billing_name" && o.Details.Company == "" {
		return rec.Name
	}
	return map[string]string{"billing_number": rec.BTN, "street": rec.Street, "city": rec.City, "state": rec.State, "zip": rec.Zip}[name]
}

// FixValues returns the values that would fix the reason: those that came with it, else the carrier's where they differ
// from the order's. No secret is among them. The order may not be able to take all of them (Rules.Takable).
func (o Order) FixValues(reason Reason) map[string]string {
	values := map[string]string{}
	for name, value := range reason.Patch {
		if _, plain := o.Details.Get(name); plain && o.Proof.Discloses(name).Shown {
			values[name] = value
		}
	}
	if len(values) > 0 {
		return values
	}
	for _, name := range reason.Code.Info().Fields {
		have, plain := o.Details.Get(name)
		if value := o.OnRecord(name); plain && value != "" && !strings.EqualFold(value, have) {
			values[name] = value
			if name == "street" && o.Details.Street2 != "" {
				values["street2"] = "" // the record's one line holds the unit too
			}
		}
	}
	return values
}
