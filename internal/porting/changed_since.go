package porting

import "maps"

// What the customer has changed since the order was given back is kept with the values of before, for the person who
// reviews the order. It goes when the order is given back again, or leaves the review.

// changedSince keeps the values of before for the details that an edit of a rejected order has changed. Of a detail whose
// value is secret it keeps the name alone.
func (c *change) changedSince(was Details, names []string) {
	if c.o.Status != Rejected {
		return
	}
	kept := maps.Clone(c.o.ChangedFrom)
	for _, name := range names {
		row, ok := DetailRow(name)
		if _, known := kept[name]; !ok || known {
			continue
		}
		before := row.Value(was)
		if row.Seal == "" && before == row.Value(c.o.Details) {
			continue
		}
		if kept == nil {
			kept = map[string]string{}
		}
		if kept[name] = before; row.Seal != "" {
			kept[name] = ""
		}
	}
	c.o.ChangedFrom = kept
}
