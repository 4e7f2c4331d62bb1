package simulation

import (
	"time"
)

// dice is a draw that follows from a seed and names alone. The same seed and the same names draw the same, whatever
// else happens and in whatever order.
type dice uint64

// roll draws for the names.
func roll(seed uint64, names ...string) dice {
	h := mix(seed ^ 0x9e3779b97f4a7c15)
	for _, name := range names {
		for i := range len(name) {
			h = (h ^ uint64(name[i])) * 0x100000001b3
		}
		h = mix(h + uint64(len(name)))
	}
	return dice(h)
}

// mix is the finalizer of SplitMix64.
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}

// next returns the draw after this one.
func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// below draws a number from 0 up to n, n excluded.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// chance draws true with the probability p.
func (d *dice) chance(p float64) bool { return float64(d.next()>>11)/(1<<53) < p }

// between draws a duration, to the nanosecond.
func (d *dice) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.next()%uint64(high-low+1))
}

// of draws one of the values.
func of[T any](d *dice, values ...T) T { return values[d.below(len(values))] }
