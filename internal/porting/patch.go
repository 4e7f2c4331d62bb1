package porting

import (
	"maps"
	"slices"
	"time"
)

// address are the details of the service address. It is taken as a whole or not at all: the ZIP of a post office box is not that of
// the house.
var address = []string{"street", "street2", "city", "state", "zip"}

// screened are the details that a reason of the screening is about.
var screened = []struct {
	code   ReasonCode
	fields []string
}{
	{AuthPersonInvalid, []string{"billing_name"}},
	{AddressInvalid, address},
	{DateOutOfRange, []string{"desired_completion_date"}},
	{OrderIncomplete, []string{"company", "usage_type"}},
}

// Takable returns what the order can take of a patch: values that pass the checks of an edit and those before submission (S-PRE).
// A correction by rule and a fix that is offered are made of nothing else, so that the customer is never offered what we refuse
// later; what is left out is told without a patch.
func (r Rules) Takable(o Order, patch map[string]string, now time.Time) map[string]string {
	left := maps.Clone(patch)
	for len(left) > 0 {
		after := o
		for name, value := range left {
			if !after.Details.Set(name, value) {
				delete(left, name)
			}
		}
		after.Details = after.Details.Tidy()
		bad := r.refusedOf(o, after, now)
		if !slices.ContainsFunc(bad, func(name string) bool { _, ok := left[name]; return ok }) {
			return left
		}
		if slices.ContainsFunc(bad, func(name string) bool { _, ok := left[name]; return ok && slices.Contains(address, name) }) {
			bad = append(bad, address...)
		}
		for _, name := range bad {
			delete(left, name)
		}
	}
	return left
}

// refusedOf are the names of the details for which the changed order would be refused.
func (r Rules) refusedOf(o, after Order, now time.Time) []string {
	var names []string
	days := r.DayFaults(after.Details.Desired, now, after)
	for _, f := range append(r.Faults(after.Details, o.Details), days...) {
		names = append(names, f.Field)
	}
	for _, reason := range r.Screen(after, now) {
		for _, row := range screened {
			if row.code == reason.Code {
				names = append(names, row.fields...)
			}
		}
	}
	return names
}

// TakableSecret says whether the order can take the value of a secret detail, which has to be open.
func (r Rules) TakableSecret(o Order, name string, value Secret) bool {
	row, ok := DetailRow(name)
	if !ok || row.secret == nil || value.Reveal() == "" {
		return false
	}
	after := o.Details
	*row.secret(&after) = value
	return !slices.ContainsFunc(r.Faults(after.Tidy(), o.Details), func(f Fault) bool { return f.Field == name })
}

// takable takes out of the reasons' patches what the order can't take. The patches are judged together, since an address may be
// spread over several of them.
func (c *change) takable(reasons []Reason) []Reason {
	all := map[string]string{}
	for _, reason := range reasons {
		maps.Copy(all, reason.Patch)
	}
	if len(all) == 0 {
		return reasons
	}
	left := c.Takable(c.o, all, c.now)
	reasons = slices.Clone(reasons)
	for i := range reasons {
		patch := maps.Clone(reasons[i].Patch)
		maps.DeleteFunc(patch, func(name, _ string) bool { _, ok := left[name]; return !ok })
		reasons[i].Patch = patch
	}
	return reasons
}
