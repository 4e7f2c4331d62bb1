package simulation

import (
	"slices"
	"strconv"
	"strings"
)

// Shrink leaves orders and faults out of a plan as long as it fails, and tries fails so many times at most: halves
// first, then quarters, and single ones last.
func Shrink(p Plan, tries int, fails func(Plan) bool) Plan {
	still := func(q Plan) bool {
		tries--
		return tries >= 0 && fails(q)
	}
	for smaller := true; smaller && tries > 0; {
		faults := cut(p.Faults, func(rest []Fault) bool { q := p; q.Faults = rest; return still(q) })
		smaller = len(faults) < len(p.Faults)
		p.Faults = faults
		orders := cut(p.Orders, func(rest []Order) bool { q := p; q.Orders = rest; return len(rest) > 0 && still(q) })
		smaller = smaller || len(orders) < len(p.Orders)
		p.Orders = orders
	}
	return p
}

// cut leaves parts out of a list as long as the rest fails.
func cut[T any](all []T, fails func([]T) bool) []T {
	for size := (len(all) + 1) / 2; size > 0 && len(all) > 0; size /= 2 {
		for at := 0; at < len(all); {
			rest := slices.Concat(all[:at], all[min(at+size, len(all)):])
			if fails(rest) {
				all = rest
			} else {
				at += size
			}
		}
	}
	return all
}

// Only leaves all orders and faults out of the plan but those with the numbers, which are lists such as "3,17". An empty
// list leaves out none; "none" leaves out all.
func (p Plan) Only(orders, faults string) Plan {
	p.Orders = only(p.Orders, orders, func(o Order) int { return o.N })
	p.Faults = only(p.Faults, faults, func(f Fault) int { return f.N })
	return p
}

func only[T any](all []T, list string, number func(T) int) []T {
	if list == "" {
		return all
	}
	names := strings.Split(list, ",")
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool {
		return !slices.Contains(names, strconv.Itoa(number(one)))
	})
}

// String tells a plan: how to live it again, and what is in it.
func (p Plan) String() string {
	var b strings.Builder
	var orders, faults []string
	for _, o := range p.Orders {
		orders = append(orders, strconv.Itoa(o.N))
	}
	for _, f := range p.Faults {
		faults = append(faults, strconv.Itoa(f.N))
	}
	if len(faults) == 0 {
		faults = []string{"none"}
	}
	b.WriteString("make simulate SEED=" + strconv.FormatUint(p.Seed, 10) + " HISTORIES=1 ORDERS=" +
		strings.Join(orders, ",") + " FAULTS=" + strings.Join(faults, ",") + " SHOW=yes\n")
	b.WriteString("a carrier answers in " + p.Step.String() + ", and completes after " + p.Complete.String() + "\n")
	if p.Deploy > 0 {
		b.WriteString("the present release is deployed after " + p.Deploy.String() + ", beside the last one for " +
			p.Overlap.String() + "\n")
	}
	for _, o := range p.Orders {
		b.WriteString("order " + strconv.Itoa(o.N) + " of " + string(o.Account) + " after " + o.From.String() + ": " +
			strings.Join(o.Numbers, " ") + ", consent " + string(o.Consent) + "\n")
	}
	for _, f := range p.Faults {
		b.WriteString("fault " + strconv.Itoa(f.N) + ": " + f.String() + "\n")
	}
	return b.String()
}
