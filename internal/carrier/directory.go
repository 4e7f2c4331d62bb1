package carrier

import (
	"cmp"
	"slices"

	"portway/internal/porting"
)

// Directory holds the profiles of all carriers: those of the table, with the operator's rows over them. It never changes,
// so that it is safe for concurrent use.
type Directory struct {
	profiles []Profile
	byID     map[string]int
	bySPID   map[string]int
	byName   map[string][]int // by the folded name
}

// NewDirectory makes the directory of the table and the operator's rows. A row that makes no carrier, since it is not in the
// table and lacks a name or a kind, is left out, and so is a single value that is wrong: what somebody has stored never
// stops a function. Carriers that the operator has added stand behind those of the table, by their ids.
func NewDirectory(rows []Row) Directory {
	d := Directory{profiles: All(), byID: map[string]int{}, bySPID: map[string]int{}, byName: map[string][]int{}}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range rows {
		at := slices.IndexFunc(d.profiles, func(p Profile) bool { return p.ID == r.ID })
		if at >= 0 {
			d.profiles[at] = r.over(d.profiles[at])
			continue
		}
		if p := r.over(Profile{}); idForm.MatchString(p.ID) && p.Name != "" && p.Kind.Class() != "" {
			d.profiles = append(d.profiles, p)
		}
	}
	for at, p := range d.profiles {
		d.byID[p.ID] = at
		for _, spid := range p.SPIDs {
			if _, taken := d.bySPID[spid]; !taken {
				d.bySPID[spid] = at
			}
		}
		for _, name := range p.Names() {
			if folded := fold(name); folded != "" {
				d.byName[folded] = append(d.byName[folded], at)
			}
		}
	}
	return d
}

// All lists the profiles in the order of the table.
func (d Directory) All() []Profile { return slices.Clone(d.profiles) }

// OfOrder finds the profile of an order's losing carrier. Resold numbers are the brand's, which knows the account: the
// name that the customer gives comes first for them.
func (d Directory) OfOrder(o porting.Order) (Profile, bool) {
	if o.Kind == porting.TollFree {
		return Profile{}, false
	}
	if o.Resold() {
		return d.Find("", o.Wireless(), o.Details.Provider)
	}
	return d.Find(o.Carrier.SPID, o.Wireless(), o.Carrier.Name, o.Details.Provider)
}

// ByID finds a profile by its id.
func (d Directory) ByID(id string) (Profile, bool) {
	at, ok := d.byID[id]
	if !ok {
		return Profile{}, false
	}
	return d.profiles[at], true
}

// Find finds a carrier by the SPID of the network that has the number. If no profile has the SPID, Find tries the names in
// their order, such as the network's name and then the one that the customer gave. Companies of a group may share a name,
// such as AT&T: Find then returns the mobile company for a wireless number, and never for another number.
func (d Directory) Find(spid string, wireless bool, names ...string) (Profile, bool) {
	if at, ok := d.bySPID[spid]; ok {
		return d.profiles[at], true
	}
	for _, name := range names {
		for _, folded := range folds(name) {
			for _, try := range []string{folded, folded + "wireless", folded + "mobile"} {
				for _, at := range d.byName[try] {
					if d.profiles[at].Kind.Wireless() == wireless {
						return d.profiles[at], true
					}
				}
			}
		}
	}
	return Profile{}, false
}

// Of finds the profile of an order's losing carrier.
func (d Directory) Of(l porting.Losing) (Profile, bool) {
	return d.Find(l.Carrier.SPID, l.Wireless, l.Carrier.Name, l.Provider)
}

// Own returns the own terms of an order's losing carrier; none where it has no profile.
func (d Directory) Own(l porting.Losing) porting.OwnTerms {
	p, ok := d.Of(l)
	if !ok {
		return porting.OwnTerms{}
	}
	return p.Own(l.Number)
}
