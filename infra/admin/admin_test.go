package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/carrier"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var update = flag.Bool("update", false, "write the golden file")

// stack is a deployed stack in memory. It remembers who joined which plan, and what was connected to.
type stack struct {
	*storetest.Memory
	carriers  carrier.Memory
	joined    []string
	connected []string
	down      error
	bucket    objects
	// erased has the orders that were erased.
	erased []porting.OrderID
}

// objects are the keys of a bucket named B.
type objects map[string]bool

func (o objects) Keys(_ context.Context, bucket, prefix string) (all []string, err error) {
	for key := range o {
		if bucket == "B" && strings.HasPrefix(key, prefix) {
			all = append(all, key)
		}
	}
	return all, nil
}

func (o objects) Read(_ context.Context, bucket, key string) ([]byte, error) {
	if bucket != "B" || !o[key] {
		return nil, fmt.Errorf("there is no file %s", key)
	}
	return []byte("%PDF " + key), nil
}

func (o objects) Remove(_ context.Context, _, key string) error { delete(o, key); return nil }

func newStack(t *testing.T) *stack {
	t.Helper()
	s := &stack{Memory: storetest.NewMemory()}
	if err := s.OpenAccount(t.Context(), account.Account{ID: "acme", Name: "Acme", Mail: "porting@acme.example",
		Kind: account.Live}); err != nil {
		t.Fatal(err)
	}
	if err := s.AddPreset(t.Context(), account.Preset{Ref: account.Ref{Kind: account.CNAM, ID: "7"}, Account: "acme"},
		nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stack) connect(_ context.Context, table string) (deployment, error) {
	s.connected = append(s.connected, table)
	now := time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)
	return deployment{
		accounts: s.Memory, history: s.History,
		book: &orders.Book{Store: s.Memory, Now: func() time.Time { return now }},
		join: func(_ context.Context, plan string, id porting.AccountID) error {
			s.joined = append(s.joined, plan+" "+string(id))
			return nil
		},
		carriers: &s.carriers, list: s.List, files: s.bucket,
		api: func(of api.Files) (*api.API, error) { return reader(s.Memory, of, func() time.Time { return now }) },
		erase: func(ctx context.Context, id porting.OrderID) (porting.Order, error) {
			o, err := s.Load(ctx, id)
			if err == nil {
				_, err = o.Erased()
			}
			if err == nil {
				s.erased = append(s.erased, id)
			}
			return o, err
		},
		now:    now,
		random: strings.NewReader(strings.Repeat("k", 100)),
	}, s.down
}

func (s *stack) run(t *testing.T, args ...string) (code int, out, problems string) {
	t.Helper()
	var o, p bytes.Buffer
	code = run(t.Context(), args, &o, &p, s.connect)
	return code, o.String(), p.String()
}

func (s *stack) account(t *testing.T, id porting.AccountID) account.Account {
	t.Helper()
	a, err := s.Account(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s *stack) cnam(t *testing.T) account.Preset {
	t.Helper()
	p, err := account.FindPreset(t.Context(), s, "acme", account.Ref{Kind: account.CNAM, ID: "7"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAccount(t *testing.T) {
	line := []string{"account", "-table", "T", "-plan", "p1", "-id", "new", "-name", "New", "-mail",
		"porting@new.example"}

	t.Run("OpensOneThatCanCall", func(t *testing.T) {
		s := newStack(t)
		code, out, problems := s.run(t, append(line, "-kind", "sandbox", "-deposit", "150050")...)
		if code != done || problems != "" {
			t.Fatal(code, problems)
		}
		got := s.account(t, "new")
		if got.Name != "New" || got.Mail != "porting@new.example" || got.Kind != account.Sandbox ||
			got.Balance != 150050 {
			t.Errorf("opened %+v", got)
		}
		if !slices.Equal(s.joined, []string{"p1 new"}) || !slices.Equal(s.connected, []string{"T"}) {
			t.Errorf("joined %q on %q", s.joined, s.connected)
		}
		shown := regexp.MustCompile(`access key  (\w+)\nsecret key  (\w+)\n`).FindStringSubmatch(out)
		if len(shown) != 3 || !strings.Contains(out, "$1500.50") {
			t.Fatalf("printed %q", out)
		}
		if !strings.Contains(out, "public id   "+account.KeyID("new", shown[1])+"\n") {
			t.Errorf("%q tells no public id of the key", out)
		}
		k, err := account.Authenticate(t.Context(), s, shown[1], shown[2], "",
			time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC))
		if err != nil || k.Owner() != (porting.Owner{Account: "new", Sandbox: true}) {
			t.Errorf("the printed key opens %+v: %v", k, err)
		}
	})

	t.Run("SaysWhatIsWrongWithIt", func(t *testing.T) {
		s := newStack(t)
		code, out, problems := s.run(t, append(line, "-id", "a b", "-mail", "nobody", "-kind", "gold")...)
		if code != notDone || out != "" {
			t.Fatal(code, out)
		}
		for _, field := range []string{"id:", "mail:", "kind:"} {
			if !strings.Contains(problems, field) {
				t.Errorf("%q tells nothing of %s", problems, field)
			}
		}
	})

	t.Run("LeavesOneThatIsThereAsItIs", func(t *testing.T) {
		s := newStack(t)
		before := s.account(t, "acme")
		code, out, problems := s.run(t, append(line, "-id", "acme")...)
		if code != notDone || out != "" || problems == "" || s.account(t, "acme").Name != before.Name {
			t.Errorf("%d %q %q", code, out, problems)
		}
	})
}

func TestDeposit(t *testing.T) {
	s := newStack(t)
	line := []string{"deposit", "-table", "T", "-id", "acme", "-cents", "50000", "-reference", "wire 7"}
	if code, out, problems := s.run(t, line...); code != done || problems != "" ||
		out != "The account acme has got $500.00 for \"wire 7\".\n" {
		t.Fatal(code, out, problems)
	}
	if code, out, problems := s.run(t, line...); code != notDone || out != "" || problems == "" {
		t.Errorf("the second time: %d %q %q", code, out, problems)
	}
	for name, other := range map[string][]string{"nothing": {"-cents", "0"}, "less than nothing": {"-cents", "-1"},
		"nobody": {"-id", "b"}} {
		if code, _, problems := s.run(t, append(line, append(other, "-reference", name)...)...); code != notDone ||
			problems == "" {
			t.Errorf("%s: %d %q", name, code, problems)
		}
	}
	if got := s.account(t, "acme").Balance; got != 50000 {
		t.Errorf("the balance is %d", got)
	}
}

// A further key opens what its line says, from where it says, and a faulty line makes none.
func TestKey(t *testing.T) {
	s := newStack(t)
	keys := func() []account.Key {
		_, all, err := s.Keys(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for _, faulty := range [][]string{{"-scopes", "read,write"}, {"-scopes", ""}, {"-ranges", "here"}, {"-name", strings.Repeat("x", 61)}} {
		if code, out, problems := s.run(t, append([]string{"key", "-table", "T", "-id", "acme"}, faulty...)...); code != notDone || problems == "" || len(keys()) != 0 {
			t.Errorf("%q: %d %q %q", faulty, code, out, problems)
		}
	}
	code, out, problems := s.run(t, "key", "-table", "T", "-id", "acme", "-name", "dashboard", "-scopes", "read", "-ranges", "192.0.2.0/24,2001:db8::/48")
	shown := regexp.MustCompile(`access key  (\w+)\nsecret key  (\w+)\npublic id   (key-\w+)\n`).FindStringSubmatch(out)
	if code != done || len(shown) != 4 {
		t.Fatal(code, out, problems)
	}
	for address, opens := range map[string]bool{"192.0.2.7": true, "198.51.100.1": false} {
		k, err := account.Authenticate(t.Context(), s, shown[1], shown[2], address, time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC))
		if (err == nil) != opens || k.Scopes != "read" || k.Name != "dashboard" || k.PublicID() != shown[3] {
			t.Errorf("from %s the key opens %+v (%v)", address, k, err)
		}
	}
}

// A person finds the key with which an order was changed: its id stands in the order's history and in the list of keys.
func TestKeysAndHistory(t *testing.T) {
	s := newStack(t)
	at := time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)
	for _, k := range []account.Key{
		{Access: "Acme0001", Account: "acme", Created: at, Name: "billing"},
		{Access: "Acme0002", Account: "acme", Created: at.Add(time.Minute), Expires: at.AddDate(0, 0, 1), Scopes: "read order", Ranges: "192.0.2.0/24"},
	} {
		if err := s.AddKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	code, out, problems := s.run(t, "keys", "-table", "T", "-id", "acme")
	if want := `access key  public id   from                  until                 scopes      ranges        name
Acme0001    key-6fvpxv  2027-01-05 17:00:00Z  -                     all         everywhere    billing
Acme0002    key-sk123f  2027-01-05 17:01:00Z  2027-01-06 17:00:00Z  read order  192.0.2.0/24  
`; code != done || out != want {
		t.Errorf("%d %q\n%s\nwant\n%s", code, problems, out, want)
	}
	if code, _, problems := s.run(t, "keys", "-table", "T", "-id", "nobody"); code != notDone || problems == "" {
		t.Errorf("nobody's keys: %d %q", code, problems)
	}

	e := porting.Event{Order: "7", Account: "acme", Kind: porting.Commented, At: at, Status: porting.Pending}
	events := []porting.Event{e, e, e, e, e}
	for i, by := range []porting.By{{Role: porting.Customer, Name: "acme"}, porting.CustomerBy(account.KeyID("acme", "Acme0001")),
		porting.StaffBy("AB"), porting.PeerBy("locals"), porting.SystemBy(porting.WaySweep)} {
		events[i].Version, events[i].By, events[i].Message = int64(i+1), by, porting.Words("Hello\nyou.")
	}
	events[3].Message = porting.Say(porting.MsgSent, "pon", "P1", "version", "0", "peer", "locals")
	o := porting.Order{ID: "7", Group: "8", Account: "acme", Version: 5, Status: porting.Pending,
		Numbers: []porting.Number{{TN: "+12065550101"}}}
	if err := s.Open(t.Context(), porting.Group{ID: "8", Account: "acme", Orders: []porting.OrderID{"7"}},
		[]orders.Change{{After: o, Events: events}}, at); err != nil {
		t.Fatal(err)
	}
	code, out, problems = s.run(t, "history", "-table", "T", "-order", "7")
	if want := `1  2027-01-05 17:00:00Z  pending  customer             Hello you.
2  2027-01-05 17:00:00Z  pending  customer key-6fvpxv  Hello you.
3  2027-01-05 17:00:00Z  pending  staff AB             Hello you.
4  2027-01-05 17:00:00Z  pending  peer locals          Request P1, version 1, was sent to the carrier through locals.
5  2027-01-05 17:00:00Z  pending  system sweep         Hello you.
`; code != done || out != want {
		t.Errorf("%d %q\n%s\nwant\n%s", code, problems, out, want)
	}
	if code, out, problems := s.run(t, "history", "-table", "T", "-order", "9"); code != notDone || out != "" ||
		!strings.Contains(problems, "no order") {
		t.Errorf("an order that is not there: %d %q %q", code, out, problems)
	}
}

func TestCNAM(t *testing.T) {
	s := newStack(t)
	line := []string{"cnam", "-table", "T", "-id", "acme", "-record", "7"}
	if code, out, problems := s.run(t, line...); code != done || s.cnam(t).Approved.IsZero() ||
		!strings.Contains(out, "approved") {
		t.Fatal(code, out, problems)
	}
	if code, out, problems := s.run(t, append(line, "-reject", "Not yours.")...); code != done ||
		s.cnam(t).Rejected != "Not yours." ||
		!s.cnam(t).Approved.IsZero() || !strings.Contains(out, "rejected") {
		t.Fatal(code, out, problems)
	}
	if code, _, problems := s.run(t, append(line, "-record", "8")...); code != notDone || problems == "" {
		t.Errorf("an unknown record: %d %q", code, problems)
	}
}

// park parks work on a new order, and returns the order.
func (s *stack) park(t *testing.T, kind orders.DueKind, number int) porting.OrderID {
	t.Helper()
	_, made, err := storetest.Book(t, s.Memory).Create(t.Context(), storetest.Draft("acme", storetest.Numbers(number, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	due, err := s.Due(t.Context(), kind, storetest.Now.AddDate(1, 0, 0), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		if d.Order == made[0].ID {
			since := time.Date(2027, 1, 5, 12, 0, 0, 0, time.UTC)
			if err := s.Park(t.Context(), d, "throttled", since, since.Add(6*time.Hour)); err != nil {
				t.Fatal(err)
			}
			return d.Order
		}
	}
	t.Fatalf("nothing is due for %s", kind)
	return ""
}

func TestParked(t *testing.T) {
	s := newStack(t)
	clock := orders.DueKind(porting.DueClock)
	first, second, third := s.park(t, clock, 0), s.park(t, clock, 1), s.park(t, clock, 2)
	list := func(args ...string) string {
		t.Helper()
		code, out, problems := s.run(t, append([]string{"parked", "list", "-table", "T"}, args...)...)
		if code != done || problems != "" {
			t.Fatal(code, problems)
		}
		return out
	}
	if out := list("-order", string(first)); out != "clock  order "+string(first)+
		", parked since 2027-01-05T12:00:00Z, failed 1 times, next try 2027-01-05T18:00:00Z\n  "+string(first)+
		"|clock\n  throttled\n1 parked.\n" {
		t.Errorf("listed %q", out)
	}
	if out := list(); strings.Count(out, "throttled") != 3 || !strings.HasSuffix(out, "3 parked.\n") {
		t.Errorf("listed %q", out)
	}
	release := func(args ...string) (int, string, string) {
		return s.run(t, append([]string{"parked", "release", "-table", "T"}, args...)...)
	}
	for _, vague := range [][]string{nil, {"-all", "-kind", "clock"}} {
		if code, out, problems := release(vague...); code != notDone || out != "" || problems == "" {
			t.Errorf("%q: %d %q %q", vague, code, out, problems)
		}
	}
	for _, step := range []struct {
		line []string
		out  string
		left int
	}{
		{[]string{"-kind", "event"}, "0 released.\n", 3},
		{[]string{"-order", string(second)}, string(second) + "|clock\n1 released.\n", 2},
		{[]string{"-key", string(first) + "|clock"}, string(first) + "|clock\n1 released.\n", 1},
		{[]string{"-kind", "clock"}, string(third) + "|clock\n1 released.\n", 0},
		{[]string{"-all"}, "0 released.\n", 0},
	} {
		code, out, problems := release(step.line...)
		if code != done || problems != "" || out != step.out {
			t.Errorf("%q: %d %q %q", step.line, code, out, problems)
		}
		if got := strings.Count(list(), "throttled"); got != step.left {
			t.Errorf("%q leaves %d", step.line, got)
		}
	}
	due, err := s.Due(t.Context(), clock, time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC), 10)
	if err != nil || len(due) != 3 {
		t.Errorf("%d are due at once (%v)", len(due), err)
	}
}

func TestSubscribe(t *testing.T) {
	var asked, said string
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		user, password, _ := r.BasicAuth()
		if asked = r.Method + " " + r.URL.Path; r.Method == http.MethodPost {
			said = user + ":" + password + " " + body.String()
			w.WriteHeader(http.StatusCreated)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte("<SubscriptionsResponse></SubscriptionsResponse>"))
	}))
	defer peer.Close()
	t.Setenv("LOCALS_PASSWORD", "ours")
	t.Setenv("HOOK_PASSWORD", "theirs")
	s := newStack(t)
	code, out, problems := s.run(t, "subscribe", "-url", peer.URL, "-account", "12", "-user", "portway", "-hook",
		"https://api.example/peers/locals")
	if code != done || !strings.Contains(out, "https://api.example/peers/locals") {
		t.Fatal(code, out, problems, asked)
	}
	for _, part := range []string{"portway:ours", "https://api.example/peers/locals", "theirs"} {
		if !strings.Contains(said, part) {
			t.Errorf("the peer was told %q, without %q", said, part)
		}
	}
	if strings.Contains(out, "ours") || strings.Contains(out, "theirs") || len(s.connected) > 0 {
		t.Errorf("printed %q, connected to %q", out, s.connected)
	}
}

func TestNotUnderstood(t *testing.T) {
	for name, test := range map[string]struct {
		line []string
		says string
	}{
		"an unknown command":   {[]string{"acount"}, `no command "acount"`},
		"help on an unknown":   {[]string{"help", "acount"}, `no command "acount"`},
		"half a command":       {[]string{"parked", "-table", "T"}, `no command "parked"`},
		"a wrong second word":  {[]string{"parked", "drop", "-table", "T"}, `no command "parked drop"`},
		"all missing flags":    {[]string{"account", "-table", "T", "-id", "a"}, "-plan, -name, -mail are missing"},
		"the one missing flag": {[]string{"cnam", "-table", "T", "-id", "a"}, "the flag -record is missing"},
		"an unknown flag":      {[]string{"deposit", "-dollars", "5"}, "-dollars"},
		"an amount in words":   {[]string{"deposit", "-cents", "five"}, `"five"`},
		"a word that is no flag": {[]string{"cnam", "-table", "T", "-id", "a", "-record", "7", "reject"},
			`"reject" is no flag`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStack(t)
			code, out, problems := s.run(t, test.line...)
			if code != notUnderstood || out != "" || !strings.Contains(problems, test.says) || len(s.connected) > 0 {
				t.Errorf("%d %q %q, connected to %q", code, out, problems, s.connected)
			}
		})
	}
}

func TestStackThatCannotBeReached(t *testing.T) {
	s := newStack(t)
	s.down = errors.New("no credentials")
	for _, c := range commands {
		line := strings.Fields(c.name)
		for _, flag := range c.needs {
			line = append(line, "-"+flag, "x")
		}
		if c.name == "subscribe" {
			continue // it talks to a peer alone
		}
		if c.name == "parked release" {
			line = append(line, "-all")
		}
		if c.name == "erase" {
			line = append(line, "-order", "x")
		}
		if code, _, problems := s.run(t, line...); code != notDone || !strings.Contains(problems, "no credentials") {
			t.Errorf("%s: %d %q", c.name, code, problems)
		}
	}
}

// The help texts are a golden file: the list and each command's page, whatever way they are asked for.
func TestHelp(t *testing.T) {
	s := newStack(t)
	page := func(line ...string) string {
		t.Helper()
		code, out, problems := s.run(t, line...)
		if code != done || problems != "" || out == "" {
			t.Fatalf("%q: %d %q", line, code, problems)
		}
		return out
	}
	all := page()
	if page("help") != all || page("-h") != all {
		t.Error("help differs with the way it is asked for")
	}
	for _, c := range commands {
		words := strings.Fields(c.name)
		one := page(append([]string{"help"}, words...)...)
		if page(append(words, "-h")...) != one {
			t.Errorf("%s -h is not help %[1]s", c.name)
		}
		all += strings.Repeat("=", 72) + "\n" + one
	}
	golden := filepath.Join("testdata", "help.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(all), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if all != string(want) {
		t.Errorf("differs from %s (-update writes it):\n%s", golden, all)
	}
}

var (
	mention = regexp.MustCompile(`go run \./infra/admin ([a-z]+(?: (?:list|release|show|set|unset|add|remove|history)\b)?)((?: \\\n|[^\n#])*)`)
	flagged = regexp.MustCompile(`(?:^|\s)-([a-z][a-z-]*)`)
)

// Every command line of this tool in the documents, and in the help itself, names a command and flags that there are,
// and every command is in the documents.
func TestDocumentsNameRealCommands(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	check := func(where, text string) {
		for _, m := range mention.FindAllStringSubmatch(text, -1) {
			c, rest, ok := find(strings.Fields(m[1]))
			if (!ok || len(rest) > 0) && m[1] != "help" {
				t.Errorf("%s: there is no command %q", where, m[1])
			}
			if !ok {
				continue
			}
			told[c.name+" in "+where] = true
			set := flag.NewFlagSet(c.name, flag.ContinueOnError)
			c.flags(set)
			for _, f := range flagged.FindAllStringSubmatch(m[2], -1) {
				if set.Lookup(f[1]) == nil {
					t.Errorf("%s: the command %s has no flag -%s", where, c.name, f[1])
				}
			}
		}
	}
	documents := ""
	for _, page := range append(pages, "../../README.md") {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		documents += string(raw) + "\n"
	}
	check("the documents", documents)
	for _, c := range commands {
		check("the help", c.example)
		for _, where := range []string{"the documents", "the help"} {
			if !told[c.name+" in "+where] {
				t.Errorf("%s show no command line of %s", where, c.name)
			}
		}
	}
}

func TestTariff(t *testing.T) {
	s := newStack(t)
	before := s.account(t, "acme")
	show := []string{"tariff", "-table", "T", "-id", "acme"}
	for _, test := range []struct {
		name  string
		flags []string
		code  int
		want  string
		after porting.Tariff
	}{
		{"ShowsTheHouses", nil, done, "local the house's fee, toll-free the house's fee, Canada the house's fee", porting.Tariff{}},
		{"Sets", []string{"-local", "500", "-tollfree", "1500", "-abandoned", "always"}, done,
			"local $5.00, toll-free $15.00, Canada the house's fee", porting.Tariff{Local: 500, TollFree: 1500, Abandoned: "always"}},
		{"ShowsIt", nil, done, "for orders that end without their numbers always", porting.Tariff{Local: 500, TollFree: 1500, Abandoned: "always"}},
		{"RefusesARule", []string{"-failed", "sometimes"}, notUnderstood, "", porting.Tariff{Local: 500, TollFree: 1500, Abandoned: "always"}},
		{"RefusesAFee", []string{"-local", "-1"}, notUnderstood, "", porting.Tariff{Local: 500, TollFree: 1500, Abandoned: "always"}},
		{"Free", []string{"-local", "free"}, done, "local $0.00, toll-free the house's fee", porting.Tariff{Local: porting.Free}},
		{"GoesBackToTheHouses", []string{"-local", "0"}, done, "local the house's fee", porting.Tariff{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, problems := s.run(t, append(show, test.flags...)...)
			if code != test.code || !strings.Contains(out, test.want) {
				t.Errorf("%d %s%s, want %q", code, out, problems, test.want)
			}
			got := s.account(t, "acme")
			if got.Tariff != test.after || got.Balance != before.Balance || got.Version != before.Version {
				t.Errorf("the account is %+v", got)
			}
		})
	}
}
