//go:build !race

package reprint

const underRace = false
