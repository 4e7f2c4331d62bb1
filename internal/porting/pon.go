package porting

import (
	"strconv"
	"strings"
)

// PON is our reference of one request to a peer, the same on all versions of the request. It names the order and counts
// the order's requests of each kind from 1:
//
//	pw-150626304004106-2      the second request to port the numbers
//	pw-150626304004106-csr    the first request for the carrier's record
//	pw-150626304004106-csr-2  the second one
//
// Peers send the text back in their answers and notices, so its form never changes.
type PON string

const (
	ponPrefix = "pw-"
	ponCSR    = "csr"
)

// NextPON returns the reference of the order's next request of the kind that is no supplement.
func (o Order) NextPON(kind AttemptKind) PON {
	n := 1
	for _, a := range o.Attempts {
		id := a.PON.Order()
		inherited := id != "" && id != o.ID // from the order from which this one was split off
		if a.Kind == kind && a.Version == 0 && !inherited {
			n++
		}
	}
	of := ponPrefix + string(o.ID) + "-"
	switch {
	case kind == AskPort:
		return PON(of + strconv.Itoa(n))
	case n == 1:
		return PON(of + ponCSR)
	}
	return PON(of + ponCSR + "-" + strconv.Itoa(n))
}

// Order returns the order whose request has the reference. It returns an empty id for any text that is no reference of
// ours.
func (p PON) Order() OrderID {
	rest, ours := strings.CutPrefix(string(p), ponPrefix)
	id, _, whole := strings.Cut(rest, "-")
	if !ours || !whole {
		return ""
	}
	return OrderID(id)
}
