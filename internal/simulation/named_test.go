package simulation

import (
	"fmt"
	"testing"
	"time"

	"portway/internal/porting"
)

// The histories that once broke a promise, each made again from what broke it.
func TestNamedHistories(t *testing.T) {
	const day = 24 * time.Hour
	straight := func(n int) []Order {
		var all []Order
		for i := range n {
			all = append(all, Order{N: i, Account: Accounts[i%len(Accounts)], Consent: porting.CorrectAll,
				Numbers: []string{fmt.Sprintf("+1206%d1201", 300+i)}, From: time.Duration(i) * time.Minute})
		}
		return all
	}
	for _, test := range []struct {
		name string
		plan Plan
	}{
		{"MailsWhoseFirstTriesDiedAreSent", Plan{
			Seed: 4, Peers: []Part{Locals, Locals2}, Orders: straight(8), Step: time.Hour, Complete: 2 * day,
			Faults: []Fault{{Kind: Crash, Part: Functions, For: 6 * day, Share: 0.15}},
		}},
		{"MailsOutliveADayWithoutSES", Plan{
			Seed: 4, Peers: []Part{Locals, Locals2}, Orders: straight(8), Step: time.Hour, Complete: 2 * day,
			Faults: []Fault{
				{N: 0, Kind: LostCall, Part: Mail, For: 40 * time.Hour, Share: 1},
				{N: 1, Kind: Crash, Part: Functions, For: 2 * day, Share: 0.05},
			},
		}},
		// What the last release has started goes on by its own definitions, against the present functions.
		{"ExecutionsOfTheLastReleaseGoOn", Plan{
			Seed: 9, Peers: []Part{Locals, Locals2}, Orders: straight(8), Step: time.Hour, Complete: 4 * day,
			Deploy: 36 * time.Hour, Overlap: time.Hour,
		}},
		{"ExecutionsOfTheLastReleaseGoOnBesideItsFunctions", Plan{
			Seed: 10, Peers: []Part{Locals, Locals2}, Orders: straight(8), Step: time.Hour, Complete: 4 * day,
			Deploy: 30 * time.Minute, Overlap: 30 * time.Hour,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, v := range Run(t, test.plan, false).Violations {
				t.Error(v)
			}
		})
	}
}
