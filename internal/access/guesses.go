package access

import (
	"net/netip"
	"sync"
	"time"
)

// guesses counts refused credentials. Whoever guesses faster than a pace is refused unread, whatever the credentials are,
// and is answered as for wrong ones. Each instance of the function counts for itself, in a bounded memory. An access key
// that has opened from an address is counted for that address alone, so that nobody else's guesses close it there.
type guesses struct {
	now func() time.Time

	mu     sync.Mutex
	counts map[string]count
	opened map[string]bool
}

// count says how many guesses were left at a time.
type count struct {
	left float64
	at   time.Time
}

// pace is how many wrong guesses may come at once, and how long it takes until one more may.
type pace struct {
	burst float64
	every time.Duration
}

// The paces. A secret key has 190 random bits, so that no pace finds one. The paces keep guesses from costing reads of the
// table. A program with an old secret that tries every five seconds never reaches its pace.
var (
	ofAddress = pace{30, 5 * time.Second}
	ofKey     = pace{100, time.Second}
	ofPair    = pace{60, time.Second}
)

// maxCounts is how many keys and addresses are remembered. Beyond it some are forgotten, those that have all their guesses
// left first. An address of which much is forgotten may guess at once again.
const maxCounts = 10_000

func newGuesses(now func() time.Time) *guesses {
	return &guesses{now: now, counts: map[string]count{}, opened: map[string]bool{}}
}

// places are what a guess with the access key from the address is counted for. The address is empty where the gateway
// does not tell it.
func (g *guesses) places(access, address string) map[string]pace {
	from := network(address)
	pair := access + " " + from
	switch {
	case g.opened[pair]:
		return map[string]pace{"pair " + pair: ofPair}
	case from == "":
		return map[string]pace{"key " + access: ofKey}
	}
	return map[string]pace{"key " + access: ofKey, "address " + from: ofAddress}
}

// network is the address, or the network of 64 bits of an IPv6 address, since one host has as many addresses as it likes.
func network(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if at = at.Unmap(); at.Is6() {
		p, _ := at.WithZone("").Prefix(64) // 64 bits are within the length
		return p.String()
	}
	return at.String()
}

// open says whether the credentials may be looked at.
func (g *guesses) open(access, address string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for place, p := range g.places(access, address) {
		if g.left(place, p) < 1 {
			return false
		}
	}
	return true
}

// settle counts credentials that were looked at.
func (g *guesses) settle(access, address string, right bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if right {
		if len(g.opened) >= maxCounts {
			clear(g.opened)
		}
		g.opened[access+" "+network(address)] = true
		return
	}
	for place, p := range g.places(access, address) {
		left := g.left(place, p) - 1
		if _, known := g.counts[place]; !known && len(g.counts) >= maxCounts {
			g.forget()
		}
		g.counts[place] = count{left, g.now()}
	}
}

// left is how many guesses the place has left now.
func (g *guesses) left(place string, p pace) float64 {
	c, known := g.counts[place]
	if !known {
		return p.burst
	}
	return min(p.burst, c.left+max(0, g.now().Sub(c.at).Seconds())/p.every.Seconds())
}

// forget makes room for a quarter of the counts, so that many guesses share the work.
func (g *guesses) forget() {
	const longest = 3 * time.Minute // until any place has all its guesses again
	for place, c := range g.counts {
		if g.now().Sub(c.at) >= longest {
			delete(g.counts, place)
		}
	}
	for place := range g.counts { // any of them
		if len(g.counts) <= maxCounts/4*3 {
			return
		}
		delete(g.counts, place)
	}
}
