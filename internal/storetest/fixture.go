package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portway/internal/bizday"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Now is the time at which everything in the suite happens, a Tuesday.
var Now = time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)

// Customer, System, Staff and Peer give the commands.
var (
	Customer = porting.CustomerBy("key-7f3q2m")
	System   = porting.SystemBy(porting.WayWorkflow)
	Staff    = porting.StaffBy("AB")
	Peer     = porting.PeerBy("locals")
)

// Operator is the new carrier of the tests' LOAs.
var Operator = porting.Operator{Name: "Example Telecom LLC", Address: "1 Example Way, Denver, CO 80202, US",
	Phone: "+1 303 555 0100", RespOrg: "ABC01"}

// Rules returns the standard rules in the calendar of a desk on the Pacific coast.
func Rules(t testing.TB) porting.Rules {
	t.Helper()
	c, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	r := porting.Standard(c)
	r.HardCancelFee, r.Operator = 2500, Operator
	return r
}

// ids makes sure that no two books of one test binary make the same id.
var ids atomic.Uint32

// Book returns a book on a store. Its clock stands still.
func Book(t testing.TB, s orders.Store) *orders.Book {
	t.Helper()
	return &orders.Book{Store: s, Rules: Rules(t), Now: func() time.Time { return Now },
		Random: func() uint16 { return uint16(ids.Add(1)) }}
}

// The secrets of Details. No event, and no print of an order, may show any of them.
const (
	SecretAccount = "CANARY-ACCT-7731"
	SecretPIN     = "CANARY-PIN-8842"
	SecretSSN     = "9953"
)

// Details returns details that are complete and without a fault.
func Details() porting.Details {
	return porting.Details{
		Alias: "Head office", BillingName: "Ada Lovelace", Company: "Analytical Engines", BillingNumber: "+12065550100",
		Provider: "Old Bell", ProviderAccount: porting.NewSecret(SecretAccount), PIN: porting.NewSecret(SecretPIN),
		LastFourSSN: porting.NewSecret(SecretSSN), UsageType: porting.Business, Street: "500 Pike Street",
		City: "Seattle", State: "WA", Zip: "98101", Country: "US", Desired: "2027-03-15", LOAEmail: "ada@example.com",
		StatusURL: "https://example.com/hook", AutoCorrect: porting.CorrectAll, Unportable: porting.ExcludeUnportable,
	}
}

// Numbers returns n numbers. No number is returned for two values of from.
func Numbers(from, n int) []string {
	tns := make([]string, n)
	for i := range tns {
		tns[i] = fmt.Sprintf("+1206%07d", 2000000+from*10000+i)
	}
	return tns
}

// Lines returns the lines of a create call for numbers of one carrier.
func Lines(tns []string) []porting.Line {
	lines := make([]porting.Line, len(tns))
	for i, tn := range tns {
		lines[i] = porting.Line{TN: tn, Kind: porting.Local, Country: "US",
			Carrier: porting.Carrier{SPID: "1234", Name: "Old Bell"}}
	}
	return lines
}

// Draft returns a create call for numbers.
func Draft(a porting.AccountID, tns ...string) orders.Draft {
	return orders.Draft{By: Customer, Account: a, Details: Details(), Lines: Lines(tns)}
}

// Sign returns the customer's signature.
func Sign() porting.Sign {
	return porting.Sign{By: Customer, Signature: porting.Signature{Name: "Ada Lovelace", Title: "CEO", IP: "192.0.2.1"}}
}

// Same compares orders and events as a store has to keep them: instants whatever their zone, and secrets by whether
// they are set, since a store may keep them sealed.
var Same = cmp.Options{
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b porting.Secret) bool { return a.IsSet() == b.IsSet() }),
	cmpopts.EquateEmpty(),
}

// mixed returns a create call for local and toll-free numbers, which makes two orders.
func mixed(a porting.AccountID, tns ...string) orders.Draft {
	d := Draft(a, tns...)
	d.Lines = append(d.Lines, porting.Line{TN: "+18005550100", Kind: porting.TollFree,
		Carrier: porting.Carrier{SPID: "ABC01", Name: "RespOrg"}})
	return d
}

// Whole reads an order with its whole history, oldest first.
func Whole(ctx context.Context, store orders.Reader, id porting.OrderID) (porting.Order, []porting.Event, error) {
	o, err := store.Load(ctx, id)
	var all []porting.Event
	for more := err == nil; more && err == nil; {
		var page []porting.Event
		page, more, err = store.History(ctx, id, int64(len(all)), 100) // each version has one event
		all = append(all, page...)
	}
	return o, all, err
}
