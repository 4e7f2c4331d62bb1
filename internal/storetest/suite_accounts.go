package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

var accountsCases = []testCase{
	{"access keys", accessKeys},
	{"keys come, end and go with their account's version", settleKeys},
	{"contacts change, and are held", settleContacts},
	{"an account's change and its answer are written together", settleOnce},
	{"records for presets", presetRecords},
	{"a record's live orders are found", presetUsers},
}

func accessKeys(s suite) {
	c, err := account.Open(s.Context(), s.store, account.Account{ID: "k", Name: "K", Mail: "k@example.com",
		Kind: account.Sandbox, Created: Now}, nil)
	if err != nil {
		s.Fatal(err)
	}
	if got, err := account.Authenticate(s.Context(), s.store, c.Access, c.Secret.Reveal(), "", Now); err != nil ||
		got.Owner() != (porting.Owner{Account: "k", Sandbox: true}) {
		s.Errorf("authenticated as %v (%v)", got, err)
	}
	for _, wrong := range [][2]string{{c.Access, "x"}, {c.Access, ""}, {"nobody", c.Secret.Reveal()}, {"nobody", ""},
		{"", ""}} {
		_, err := account.Authenticate(s.Context(), s.store, wrong[0], wrong[1], "", Now)
		s.code(err, porting.Forbidden)
	}
	if a, keys := s.keys("k"); a.Name != "K" || len(keys) != 1 || keys[0].Access != c.Access ||
		!keys[0].Created.Equal(Now) {
		s.Errorf("account %+v with keys %+v", a, keys)
	}
	_, _, err = s.store.Keys(s.Context(), "nobody")
	s.code(err, porting.NotFound)
}

func settleKeys(s suite) {
	s.account("sk", 0)
	first := account.NewKeyOf("first", "one", "sk", account.Live, Now)
	if err := s.store.AddKey(s.Context(), first); err != nil {
		s.Fatal(err)
	}
	opens := func(access, secret string, at time.Time, want bool) {
		s.Helper()
		if _, err := account.Authenticate(s.Context(), s.store, access, secret, "", at); (err == nil) != want {
			s.Errorf("%s opens: %v, want %v", access, err, want)
		}
	}
	before, keys := s.keys("sk")
	next := account.NewKeyOf("next", "two", "sk", account.Live, Now.Add(time.Second))
	next.Name = "the next one"
	c, err := account.Rotate(before, keys, "first", next, account.Grants{}, time.Hour, Now)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.store.Amend(s.Context(), c); err != nil {
		s.Fatal(err)
	}
	after, keys := s.keys("sk")
	if after.Version != before.Version+1 || len(keys) != 2 || !keys[0].Expires.Equal(Now.Add(time.Hour)) ||
		keys[1].Name != "the next one" || !keys[1].Expires.IsZero() {
		s.Errorf("account %+v with keys %+v", after, keys)
	}
	opens("first", "one", Now.Add(59*time.Minute), true)
	opens("first", "one", Now.Add(time.Hour), false)
	opens("next", "two", Now.Add(time.Hour), true)
	s.code(s.store.Amend(s.Context(), c), porting.Stale)
	if c, err = account.Revoke(after, keys, "first"); err != nil {
		s.Fatal(err)
	}
	if err := s.store.Amend(s.Context(), c); err != nil {
		s.Fatal(err)
	}
	opens("first", "one", Now, false)
	opens("next", "two", Now, true)
	if _, keys := s.keys("sk"); len(keys) != 1 {
		s.Errorf("keys %+v, want one", keys)
	}
}

func settleContacts(s suite) {
	s.account("c", 300)
	a, _ := s.keys("c")
	c, err := account.SetContacts(a, map[account.Purpose][]string{account.Porting: {"a@example.com", "b@example.com"}},
		Now)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.store.Amend(s.Context(), c); err != nil {
		s.Fatal(err)
	}
	if err := account.Deposit(s.Context(), s.store, "c", 5, "wire-1", Now); err != nil {
		s.Fatal(err)
	}
	for range 2 { // SES tells it twice
		if err := account.BlockAddresses(s.Context(), s.store, "c", []string{"A@example.com"}, account.Bounced, Now.Add(time.Hour)); err != nil {
			s.Fatal(err)
		}
	}
	got, err := s.store.Account(s.Context(), "c")
	if err != nil {
		s.Fatal(err)
	}
	want := account.Account{ID: "c", Name: "Test", Mail: "ops@example.com", Kind: account.Live, Balance: 305, Created: Now, Version: 2, Contacts: []account.Contact{
		{Purpose: account.Primary, Address: "ops@example.com", Since: Now},
		{Purpose: account.Porting, Address: "a@example.com", Since: Now, Blocked: account.Bounced, BlockedAt: Now.Add(time.Hour)},
		{Purpose: account.Porting, Address: "b@example.com", Since: Now},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("want (-), got (+):\n%s", diff)
	}
	s.code(account.BlockAddresses(s.Context(), s.store, "nobody", []string{"a@example.com"}, account.Bounced, Now), porting.NotFound)
}

func settleOnce(s suite) {
	s.account("so", 0)
	a, keys := s.keys("so")
	c, err := account.Grant(a, keys, account.NewKeyOf("so-1", "one", "so", account.Live, Now), account.Grants{}, Now)
	if err != nil {
		s.Fatal(err)
	}
	mine := orders.Receipt{Account: "so", Key: "k", Print: "p", Lease: Now.Add(time.Minute),
		Expires: Now.Add(time.Hour)}
	c.Receipt = &mine
	mine.Answer = orders.Answer{Status: 201, Body: "{}"}
	s.code(s.store.Amend(s.Context(), c), porting.Stale) // nobody has taken the key
	if _, keys := s.keys("so"); len(keys) != 0 {
		s.Errorf("keys %+v, want none", keys)
	}
	if _, ok := s.begin(mine, Now); !ok {
		s.Fatal("the key is not free")
	}
	if err := s.store.Amend(s.Context(), c); err != nil {
		s.Fatal(err)
	}
	if have, ok := s.begin(mine, Now); ok || have.Answer.Status != 201 {
		s.Errorf("the receipt is %+v", have)
	}
	p := account.Preset{Ref: account.Ref{Kind: account.Route, ID: "7"}, Account: "so", Fields: map[string]string{}}
	s.code(s.store.AddPreset(s.Context(), p, &mine), porting.Stale) // its key has an answer
	if _, err := account.FindPreset(s.Context(), s.store, "so", p.Ref); !porting.Is(err, porting.NotFound) {
		s.Errorf("the record: %v, want none", err)
	}
}

func presetRecords(s suite) {
	route := func(id string) account.Preset {
		return account.Preset{Ref: account.Ref{Kind: account.Route, ID: id}, Account: "p", Created: Now,
			Fields: map[string]string{"route_type": "host", "value": "sip.example.com", "alias": "no " + id}}
	}
	for _, id := range []string{"9", "10", "11"} {
		if err := s.store.AddPreset(s.Context(), route(id), nil); err != nil {
			s.Fatal(err)
		}
	}
	cnam := account.Preset{Ref: account.Ref{Kind: account.CNAM, ID: "9"}, Account: "p", Created: Now,
		Fields: map[string]string{"value": "LEATHER INC"}}
	if err := s.store.AddPreset(s.Context(), cnam, nil); err != nil {
		s.Fatal(err)
	}
	s.code(s.store.AddPreset(s.Context(), cnam, nil), porting.Stale)
	page := func(after string, want ...account.Preset) {
		s.Helper()
		got, err := s.store.Presets(s.Context(), "p", account.Route, after, 2)
		if err != nil {
			s.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			s.Errorf("behind %q: want (-), got (+):\n%s", after, diff)
		}
	}
	page("", route("9"), route("10"))
	page("10", route("11"))
	page("11")
	faults, err := account.CheckPresets(s.Context(), s.store, "p",
		porting.Presets{CNAM: "9", E911: "9", PrimaryRoute: "10", FailoverRoute: "x"})
	if err != nil {
		s.Fatal(err)
	}
	for i, want := range []string{"presets/cnam_id not_allowed", "presets/e911_id unknown",
		"presets/failover_route_id unknown"} {
		if len(faults) != 3 || faults[i].Field+" "+string(faults[i].Code) != want {
			s.Fatalf("faults %+v, want %s", faults, want)
		}
	}
	if err := account.Judge(s.Context(), s.store, "p", "9", "", Now.Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
	for id, want := range map[porting.AccountID]int{"p": 0, "q": 2} {
		faults, err := account.CheckPresets(s.Context(), s.store, id,
			porting.Presets{CNAM: "9", PrimaryRoute: "10", FailoverRoute: "0"})
		if err != nil || len(faults) != want {
			s.Errorf("%s: faults %+v (%v), want %d", id, faults, err, want)
		}
	}
	s.code(s.store.RemovePreset(s.Context(), "q", cnam.Ref, nil), porting.NotFound)
	if err := s.store.RemovePreset(s.Context(), "p", cnam.Ref, nil); err != nil {
		s.Fatal(err)
	}
	s.code(s.store.RemovePreset(s.Context(), "p", cnam.Ref, nil), porting.NotFound)
	s.code(account.Judge(s.Context(), s.store, "p", "9", "", Now), porting.NotFound)
}

func presetUsers(s suite) {
	var made []porting.OrderID
	for i, p := range []porting.Presets{{PrimaryRoute: "8"}, {FailoverRoute: "8"}, {E911: "8"}, {PrimaryRoute: "8"}} {
		d := Draft("pu", Numbers(i, 1)...)
		d.Presets = p
		_, all, err := s.book.Create(s.Context(), d)
		if err != nil {
			s.Fatal(err)
		}
		made = append(made, all[0].ID)
	}
	s.do(made[3], porting.Cancel{By: Customer})
	for limit, want := range map[int][]porting.OrderID{10: made[:2], 1: made[:1]} {
		got, err := s.store.PresetUsers(s.Context(), "pu", account.Ref{Kind: account.Route, ID: "8"}, limit)
		if err != nil || !cmp.Equal(got, want) {
			s.Errorf("users %v (%v), want %v", got, err, want)
		}
	}
}
