package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
	"portway/internal/text"
)

// command is one thing that can be done by hand.
type command struct {
	name    string
	summary string // one line, for the list
	about   string
	example string
	// needs are the flags without which the command can't be carried out.
	needs []string
	// flags adds the command's flags to a set, and returns what carries the command out once the set is parsed.
	flags func(*flag.FlagSet) action
}

// action carries a command out, and tells on out what has become of it.
type action func(ctx context.Context, connect connector, out io.Writer) error

var commands = slices.Concat([]command{
	{
		name:    "account",
		summary: "open an account for a customer",
		about: `The account joins the gateway's usage plan, is written to the table, and gets its first access key. The
key's secret is printed this once and kept nowhere: hand it to the customer. A kind never changes: the orders
of a sandbox go to simulated carriers, and its deposit is play money.`,
		example: `go run ./infra/admin account -table portway-Table -plan a1b2c3 -id acme \
  -name "Acme Telephone" -mail porting@acme.example -deposit 100000`,
		needs: []string{"table", "plan", "id", "name", "mail"},
		flags: openAccount,
	},
	{
		name:    "deposit",
		summary: "enter a customer's payment",
		about: `The balance grows by the amount, and the ledger gets a line with the reference. A reference counts once:
entering the same payment again changes nothing and says so.`,
		example: `go run ./infra/admin deposit -table portway-Table -id acme -cents 50000 -reference "wire 7"`,
		needs:   []string{"table", "id", "reference"},
		flags:   enterDeposit,
	},
	{
		name:    "tariff",
		summary: "set what an account's ports cost, and what comes back",
		about: `The port fee of a number by its kind, in cents, and when it comes back: "unsent" if no carrier was ever asked for
the number, "always" or "never". Left-out numbers, orders that end without their numbers, and numbers that a
carrier did not bring have a rule each. A fee of 0 is the house's, and a rule that is not named is "unsent".
Orders keep the tariff with which they were created. Without a flag of the tariff the command shows it.`,
		example: `go run ./infra/admin tariff -table portway-Table -id acme
go run ./infra/admin tariff -table portway-Table -id acme -local 500 -tollfree 1500 -abandoned always`,
		needs: []string{"table", "id"},
		flags: setTariff,
	},
	{
		name:    "unsigned",
		summary: "limit the numbers of an account on orders that are not signed",
		about: `A call that would give the account more numbers on unsigned orders is refused, and names the limit. A limit of 0
is the usual one, 20,000 numbers. Orders that are there stay.`,
		example: `go run ./infra/admin unsigned -table portway-Table -id acme -most 50000`,
		needs:   []string{"table", "id"},
		flags:   limitUnsigned,
	},
	{
		name:    "keys",
		summary: "list the access keys of an account",
		about: `Each line has an access key, its public id, the time from which and until which it opens, its scopes, the address
ranges from which it opens, and the name that the customer gave it. The public id stands in the place of the key in the history of orders, in the logs and in the
API's answers about events.`,
		example: `go run ./infra/admin keys -table portway-Table -id acme`,
		needs:   []string{"table", "id"},
		flags:   listKeys,
	},
	{
		name:    "key",
		summary: "give an account a further access key",
		about: `The key's secret is printed this once and kept nowhere: hand it to the customer. A key has the scopes read, order
(create, change and cancel orders), sign (letters of agency) and admin (keys, contacts, webhooks and records), or some of
them, and opens from the given address ranges alone. Customers make keys themselves by POST /v2/account/keys.`,
		example: `go run ./infra/admin key -table portway-Table -id acme -name "the front desk"
go run ./infra/admin key -table portway-Table -id acme -name dashboard -scopes read -ranges 192.0.2.0/24,2001:db8::/48`,
		needs: []string{"table", "id"},
		flags: issueKey,
	},
	{
		name:    "history",
		summary: "tell what happened to an order, and who caused it",
		about: `Each line has the version of the order after the change, the time, the status, who caused the change, and
what our staff reads of it. A customer is named by the public id of the access key, our staff by the initials
that were given, a peer by its name, and our own programs by the way in which they work.`,
		example: `go run ./infra/admin history -table portway-Table -order 279827251204100`,
		needs:   []string{"table", "order"},
		flags:   tellHistory,
	},
	{
		name:    "cnam",
		summary: "approve or reject the caller name of a customer",
		about: `A customer's caller name (CNAM record) can be used by orders once it is approved. A later decision replaces
an earlier one.`,
		example: `go run ./infra/admin cnam -table portway-Table -id acme -record 7
go run ./infra/admin cnam -table portway-Table -id acme -record 7 -reject "The name is not the customer's."`,
		needs: []string{"table", "id", "record"},
		flags: decideOnName,
	},
	{
		name:    "parked list",
		summary: "list the work that failed for a day",
		about: `Work that has failed for a day is parked. It is tried every 6 hours for a day and then daily, until it succeeds
or its order no longer needs it. Each line tells the kind of the work, its order, since when it has been parked,
how often it has failed in a row, when it is tried next, its key, and the last failure.`,
		example: `go run ./infra/admin parked list -table portway-Table
go run ./infra/admin parked list -table portway-Table -kind event`,
		needs: []string{"table"},
		flags: listParked,
	},
	{
		name:    "parked release",
		summary: "have parked work tried now",
		about: `The next sweep of its kind takes the work, at most 15 minutes later. What fails again is parked again, with the
new reason. Name an order, a kind or a key of the list, or release all of it.`,
		example: `go run ./infra/admin parked release -table portway-Table -kind event
go run ./infra/admin parked release -table portway-Table -order 260009164804098
go run ./infra/admin parked release -table portway-Table -all`,
		needs: []string{"table"},
		flags: releaseParked,
	},
	{
		name:    "subscribe",
		summary: "have a Locals peer send us its notices",
		about: `The subscribe function does this daily for the peers of the template. This command does it at once, or for a
peer that is not in the template yet. Subscribing again renews the subscription, which lasts a year. The
passwords are taken from the environment: LOCALS_PASSWORD is ours at the peer, HOOK_PASSWORD guards the
address that takes the notices.`,
		example: `LOCALS_PASSWORD=… HOOK_PASSWORD=… go run ./infra/admin subscribe -url https://dashboard.bandwidth.com/api \
  -account 9500149 -site 743 -user portway -hook https://…/live/peers/locals`,
		needs: []string{"url", "account", "user", "hook", "hook-user"},
		flags: subscribe,
	},
}, carrierCommands, privacyCommands, []command{exportCommand})

// find returns the command that the words begin with, of one word or two, and the words behind it.
func find(words []string) (c command, rest []string, ok bool) {
	for _, c := range commands {
		name := strings.Fields(c.name)
		if len(words) >= len(name) && slices.Equal(words[:len(name)], name) {
			return c, words[len(name):], true
		}
	}
	return command{}, words, false
}

// tableFlag and idFlag are flags of every command about an account.
func tableFlag(set *flag.FlagSet) *string {
	return set.String("table", "", "`name` of the table, TableName of the stack's outputs")
}

func idFlag(set *flag.FlagSet) *string { return set.String("id", "", "`id` of the account") }

func openAccount(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	plan := set.String("plan", "", "`id` of the usage plan that counts the account's calls, PlanId of the stack's outputs")
	name := set.String("name", "", "`name` of the customer")
	mail := set.String("mail", "", "`address` to which mail about orders goes")
	kind := set.String("kind", string(account.Live), "`kind` of the account: live or sandbox")
	deposit := set.Int("deposit", 0, "`cents` of US dollars on the account at its beginning")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		a := account.Account{ID: porting.AccountID(*id), Name: *name, Mail: *mail, Kind: account.Kind(*kind),
			Balance: porting.Money(*deposit), Created: to.now}
		join := func(ctx context.Context, id porting.AccountID) error { return to.join(ctx, *plan, id) }
		key, err := account.Enroll(ctx, to.accounts, join, a, to.random)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "The account %s is open, with %s on it.\n\n", a.ID, account.InDollars(a.Balance))
		printKey(out, a.ID, key)
		return nil
	}
}

func enterDeposit(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	cents := set.Int("cents", 0, "`cents` of US dollars that were paid")
	reference := set.String("reference", "", "`text` that names the payment, such as the number of the wire")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		amount := porting.Money(*cents)
		if err := account.Deposit(ctx, to.accounts, porting.AccountID(*id), amount, *reference, to.now); err != nil {
			return err
		}
		fmt.Fprintf(out, "The account %s has got %s for %q.\n", *id, account.InDollars(amount), *reference)
		return nil
	}
}

func setTariff(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	var t porting.Tariff
	for _, fee := range []struct {
		name string
		to   *porting.Money
		of   string
	}{{"local", &t.Local, "a local US number"}, {"tollfree", &t.TollFree, "a toll-free number"}, {"canada", &t.Canada, "a Canadian number"}} {
		set.Func(fee.name, "`cents` of US dollars for the port of "+fee.of+"; 0 is the house's fee, and the word free is none", func(s string) error {
			if s == "free" {
				*fee.to = porting.Free
				return nil
			}
			cents, err := strconv.Atoi(s)
			if err != nil || cents < 0 || porting.Money(cents) > account.MaxFee {
				return fmt.Errorf("give cents from 0 to %d, or free", account.MaxFee)
			}
			*fee.to = porting.Money(cents)
			return nil
		})
	}
	for _, rule := range []struct {
		name string
		to   *porting.Refund
		of   string
	}{{"left-out", &t.LeftOut, "for numbers that are left out"}, {"abandoned", &t.Abandoned, "for orders that end without their numbers"},
		{"failed", &t.Failed, "for numbers that a carrier did not bring"}} {
		set.Func(rule.name, "`rule` by which the fee comes back "+rule.of+": unsent, always or never", func(s string) error {
			if !slices.Contains(porting.Refunds(), porting.Refund(s)) {
				return errors.New("give unsent, always or never")
			}
			*rule.to = porting.Refund(s)
			return nil
		})
	}
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		changes := false
		set.Visit(func(f *flag.Flag) { changes = changes || f.Name != "table" && f.Name != "id" })
		if changes {
			if err := to.accounts.SetTariff(ctx, porting.AccountID(*id), t); err != nil {
				return err
			}
		}
		a, err := to.accounts.Account(ctx, porting.AccountID(*id))
		if err != nil {
			return err
		}
		fee := func(m porting.Money) string {
			if m == 0 {
				return "the house's fee"
			}
			return account.InDollars(m.Or(0))
		}
		rule := func(r porting.Refund) porting.Refund { return cmp.Or(r, porting.RefundUnsent) }
		t := a.Tariff
		fmt.Fprintf(out, "The orders that %s creates cost by number: local %s, toll-free %s, Canada %s.\n"+
			"The fee comes back for left-out numbers %s, for orders that end without their numbers %s, for failed numbers %s.\n",
			a.ID, fee(t.Local), fee(t.TollFree), fee(t.Canada), rule(t.LeftOut), rule(t.Abandoned), rule(t.Failed))
		return nil
	}
}

func limitUnsigned(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	most := set.Uint("most", 0, "`number` of unsigned numbers; 0 is the usual limit")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		if _, err := to.accounts.Account(ctx, porting.AccountID(*id)); err != nil {
			return err
		}
		if err := to.accounts.LimitUnsigned(ctx, porting.AccountID(*id), int(*most)); err != nil {
			return err
		}
		fmt.Fprintf(out, "The account %s may have %d numbers on orders that are not signed.\n", *id, cmp.Or(int(*most), porting.UnsignedNumbers))
		return nil
	}
}

func listKeys(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		_, keys, err := to.accounts.Keys(ctx, porting.AccountID(*id))
		if err != nil {
			return err
		}
		rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(rows, "access key\tpublic id\tfrom\tuntil\tscopes\tranges\tname")
		for _, k := range keys {
			fmt.Fprintf(rows, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.Access, k.PublicID(), instant(k.Created), instant(k.Expires),
				cmp.Or(k.Scopes, "all"), cmp.Or(k.Ranges, "everywhere"), k.Name)
		}
		return rows.Flush()
	}
}

func issueKey(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	name := set.String("name", "", "`name` by which the customer knows the key")
	scopes := set.String("scopes", "read,order,sign,admin", "`list` of what the key opens: read, order, sign, admin")
	ranges := set.String("ranges", "", "`list` of address ranges from which the key opens; empty for everywhere")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		g := account.Grants{Name: *name}
		var faults, wrong porting.Faults
		g.Scopes, faults = account.ReadScopes(entries(*scopes))
		g.Ranges, wrong = account.ReadRanges(entries(*ranges))
		if err := append(faults, wrong...).Err(); err != nil {
			return err
		}
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		a, err := to.accounts.Account(ctx, porting.AccountID(*id))
		if err != nil {
			return err
		}
		key, err := account.Issue(ctx, to.accounts, a.ID, g, a.Version, to.random, to.now)
		if err != nil {
			return err
		}
		printKey(out, a.ID, key)
		return nil
	}
}

// printKey prints a new key, with its secret.
func printKey(out io.Writer, of porting.AccountID, key account.Credentials) {
	fmt.Fprintf(out, "access key  %s\nsecret key  %s\npublic id   %s\n\n"+
		"The secret key is shown this once. The public id names the key in histories and logs.\n",
		key.Access, key.Secret.Reveal(), account.KeyID(of, key.Access))
}

// entries returns the entries of a list with commas.
func entries(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}

func tellHistory(set *flag.FlagSet) action {
	table := tableFlag(set)
	order := set.String("order", "", "`id` of the order")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		after, more := int64(0), true
		for more {
			var events []porting.Event
			if events, more, err = to.history(ctx, porting.OrderID(*order), after, pageSize); err != nil {
				return err
			}
			for _, e := range events {
				fmt.Fprintf(rows, "%d\t%s\t%s\t%s\t%s\n", e.Version, instant(e.At), e.Status, giver(e),
					strings.ReplaceAll(text.English.StaffEvent(e), "\n", " "))
				after = e.Version
			}
		}
		if after == 0 {
			return fmt.Errorf("there is no order %q", *order)
		}
		return rows.Flush()
	}
}

// pageSize is how many events are read at a time.
const pageSize = 100

// giver names who caused an event: the role, and the key, the initials, the peer or the way.
func giver(e porting.Event) string {
	name := e.By.Name
	if e.By.Role == porting.Customer {
		name = e.KeyID()
	}
	return strings.TrimSpace(string(e.By.Role) + " " + cmp.Or(name, string(e.By.Way)))
}

// instant writes a time to the second; "-" where there is none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func decideOnName(set *flag.FlagSet) action {
	table, id := tableFlag(set), idFlag(set)
	record := set.String("record", "", "`id` of the CNAM record")
	reject := set.String("reject", "",
		"`reason` for rejecting the name, which the customer reads; without it the name is approved")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		if err := account.Judge(ctx, to.accounts, porting.AccountID(*id), *record, *reject, to.now); err != nil {
			return err
		}
		decision := "approved"
		if *reject != "" {
			decision = "rejected"
		}
		fmt.Fprintf(out, "The caller name %s of the account %s is %s.\n", *record, *id, decision)
		return nil
	}
}

// parkedFlags are the flags that narrow parked work.
func parkedFlags(set *flag.FlagSet) *orders.Parked {
	var of orders.Parked
	set.StringVar((*string)(&of.Order), "order", "", "`id` of an order, to leave out the others")
	set.StringVar((*string)(&of.Kind), "kind", "", "`kind` of the work, such as event or check, to leave out the others")
	set.StringVar(&of.Key, "key", "", "`key` of one piece of work, as the list has it")
	return &of
}

func listParked(set *flag.FlagSet) action {
	table, of := tableFlag(set), parkedFlags(set)
	return func(ctx context.Context, connect connector, out io.Writer) error {
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		all, err := to.book.ParkedWork(ctx, *of)
		if err != nil {
			return err
		}
		for _, d := range all {
			q, err := to.book.Store.Queued(ctx, d)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s  order %s, parked since %s, failed %d times, next try %s\n  %s\n  %s\n", q.Kind,
				cmp.Or(string(d.Order), "-"), q.Since.Format(time.RFC3339), q.Tries, d.At.Format(time.RFC3339), d.Key,
				text.English.Staff(q.Why))
		}
		fmt.Fprintf(out, "%d parked.\n", len(all))
		return nil
	}
}

func releaseParked(set *flag.FlagSet) action {
	table, of := tableFlag(set), parkedFlags(set)
	all := set.Bool("all", false, "release everything that is parked")
	return func(ctx context.Context, connect connector, out io.Writer) error {
		if (*of == orders.Parked{}) != *all {
			return errors.New("give -order, -kind or -key, or else -all")
		}
		to, err := connect(ctx, *table)
		if err != nil {
			return err
		}
		released, err := to.book.ReleaseParked(ctx, *of, "infra/admin")
		for _, d := range released {
			fmt.Fprintln(out, d.Key)
		}
		fmt.Fprintf(out, "%d released.\n", len(released))
		return err
	}
}

func subscribe(set *flag.FlagSet) action {
	base := set.String("url", "", "base `URL` of the peer, the template's LocalsUrl")
	ours := set.String("account", "", "`number` of our account at the peer")
	site := set.String("site", "", "`number` of our site at the peer")
	user := set.String("user", "", "`name` of our user at the peer")
	hook := set.String("hook", "", "`URL` that takes the notices: ApiUrl of the stack's outputs with /peers/locals behind it")
	hookUser := set.String("hook-user", "locals",
		"`name` of the user with which the peer sends notices, the template's HookUser")
	return func(ctx context.Context, _ connector, out io.Writer) error {
		peer := bandwidth.New(bandwidth.Config{
			BaseURL: *base, Account: *ours, Site: *site, User: *user, Password: fromEnvironment("LOCALS_PASSWORD"),
		})
		err := peer.Subscribe(ctx, bandwidth.Hook{URL: *hook, User: *hookUser,
			Password: fromEnvironment("HOOK_PASSWORD")})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "The peer sends its notices to %s for a year.\n", *hook)
		return nil
	}
}

func fromEnvironment(name string) porting.Secret { return porting.NewSecret(os.Getenv(name)) }
