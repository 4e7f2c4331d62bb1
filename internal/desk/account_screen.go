package desk

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Accounts reads and changes customers' accounts for the desk.
type Accounts struct {
	Store account.Store
	// Join puts an account on the gateway's usage plan. The function that shows has none.
	Join func(context.Context, porting.AccountID) error
	// Random makes keys; nil is the system's randomness.
	Random io.Reader
}

// How much of an account one screen shows.
const (
	linesShown  = 20
	ordersShown = 25
	namesShown  = 50
)

// accounts asks for an account, and has the form that opens one.
func (s *screen) accounts() markup {
	parts := []markup{el("h2", "Customers' accounts"),
		el("div", class("row"), textField("account", "Show the account with the id", s.typed("account"), ""),
			el("div", s.see("Show the account", Call{View: "account"}), s.see("Open an account", Call{View: "accounts", Form: "open_account"})))}
	return el("div", parts, s.accountForm(account.Account{}))
}

// account makes the screen of an account.
func (s *screen) account(id porting.AccountID) markup {
	if id == "" {
		id = porting.AccountID(s.typed("account"))
	}
	if id == "" {
		return s.accounts()
	}
	a, keys, err := s.Accounts.Store.Keys(s.ctx, id)
	switch {
	case porting.Is(err, porting.NotFound):
		s.fail("There is no account “%s”.", id)
		return s.accounts()
	case err != nil:
		return s.trouble(err)
	}
	lines, err := s.Accounts.Store.Ledger(s.ctx, id, "", linesShown)
	if err != nil {
		return s.trouble(err)
	}
	names, err := s.Accounts.Store.Presets(s.ctx, id, account.CNAM, "", namesShown)
	if err != nil {
		return s.trouble(err)
	}
	own, err := s.Book.Store.List(s.ctx, id, orders.Filter{Limit: ordersShown})
	if err != nil {
		return s.trouble(err)
	}
	return el("div", s.accountHead(a), s.accountBar(a), s.accountForm(a),
		s.contacts(a), s.keys(a, keys), s.prices(a), s.callerNames(a, names), s.ledger(lines), s.ordersOf(own))
}

// accountHead says what the account is, and what is on it.
func (s *screen) accountHead(a account.Account) markup {
	kind := "A live account: its orders go to carriers."
	if a.Kind == account.Sandbox {
		kind = "A sandbox: simulated carriers answer its orders, and its money is play money."
	}
	strict := "Warnings do not stop its signatures."
	if a.Strict {
		strict = "A warning about an order stops its signature, as the customer has chosen."
	}
	since := ""
	if !a.Created.IsZero() {
		since = " Open since " + s.clock(a.Created) + "."
	}
	return el("div", el("h2", fmt.Sprintf("Account %s, %s", a.ID, a.Name)),
		el("p", kind+" "+strict+since),
		el("p", el("strong", "Balance: "+account.InDollars(a.Balance))))
}

// accountBar has the buttons of the decisions on an account.
func (s *screen) accountBar(a account.Account) markup {
	var open []markup
	for _, f := range accountForms {
		if f.listed {
			open = append(open, s.see(f.title, Call{View: "account", Account: a.ID, Form: f.action}))
		}
	}
	return section("Decide", el("div", at("role", "group"), at("aria-label", "Decisions"), open,
		s.see("Reload", Call{View: "account", Account: a.ID})))
}

func (s *screen) contacts(a account.Account) markup {
	var rows [][]markup
	for _, c := range a.AllContacts() {
		state := sign("same", "gets mail")
		if c.Blocked != "" {
			state = sign("late", map[account.Block]string{account.Bounced: "there is no such address, says its mail server",
				account.Complained: "its reader has reported our mail as unwanted"}[c.Blocked]) + plain(", ") + s.when(c.BlockedAt) +
				el("br") + s.see("Write there again", Call{View: "account", Account: a.ID, Form: "confirm_mail", Key: c.Address})
		}
		rows = append(rows, []markup{plain(c.Address), plain(string(c.Purpose)), s.when(c.Since), state})
	}
	return section("Contacts", table("Where mail goes", []string{"Address", "For", "Since", "State"}, rows))
}

func (s *screen) keys(a account.Account, keys []account.Key) markup {
	var rows [][]markup
	for _, k := range keys {
		until := plain("without an end")
		if !k.Expires.IsZero() {
			until = s.when(k.Expires)
		}
		end := s.see("Revoke", Call{View: "account", Account: a.ID, Form: "revoke_key", Key: k.Access})
		rows = append(rows, []markup{plain(k.Access), plain(k.PublicID()), plain(k.Name), plain(opens(k)), s.when(k.Created), until, end})
	}
	if len(rows) == 0 {
		return section("Access keys", el("p", "The account has no key, so nobody can call for it."))
	}
	return section("Access keys", table("Keys; their secrets are kept nowhere", []string{"Access key", "Its name in histories", "The customer's name for it",
		"Opens", "From", "Until", "End it"}, rows))
}

// opens says what the key opens, and from where.
func opens(k account.Key) string {
	var words []string
	for _, one := range k.Scopes.List() {
		words = append(words, string(one))
	}
	what := strings.Join(words, ", ")
	if k.Scopes == "" {
		what = "everything"
	}
	if k.Ranges != "" {
		what += ", from " + strings.Join(k.Ranges.List(), ", ")
	}
	return what
}

func (s *screen) prices(a account.Account) markup {
	fee := func(m porting.Money) markup {
		if m == 0 {
			return plain("the house's fee, " + account.InDollars(s.Book.Rules.PortFee))
		}
		return plain(account.InDollars(m.Or(0)))
	}
	t := a.Tariff
	rows := [][]markup{{plain("A local US number"), fee(t.Local)}, {plain("A toll-free number"), fee(t.TollFree)}, {plain("A Canadian number"), fee(t.Canada)}}
	for _, r := range refundRows(t) {
		rows = append(rows, []markup{plain("Comes back " + r.label), plain(refundWords(*r.rule))})
	}
	return section("Prices", table("What a number costs on orders that are created from now on", []string{"What", "Price"}, rows))
}

// refundRow is one of a tariff's rules about what comes back.
type refundRow struct {
	name, label string
	rule        *porting.Refund
}

func refundRows(t porting.Tariff) []refundRow {
	return []refundRow{{"leftout", "for numbers that are left out", &t.LeftOut}, {"abandoned", "for orders that end without their numbers", &t.Abandoned},
		{"failed", "for numbers that the carrier did not bring", &t.Failed}}
}

func refundWords(r porting.Refund) string {
	switch r {
	case porting.RefundAlways:
		return "always"
	case porting.RefundNever:
		return "never"
	}
	return "if no carrier was asked for the number"
}

// callerNames shows the names that callers see, which a person approves.
func (s *screen) callerNames(a account.Account, names []account.Preset) markup {
	if len(names) == 0 {
		return ""
	}
	var rows [][]markup
	for _, p := range names {
		var fields []string
		for name, value := range p.Fields {
			fields = append(fields, name+": "+value)
		}
		slices.Sort(fields)
		state := markup("")
		switch {
		case p.Rejected != "":
			state = plain("rejected: " + p.Rejected)
		case !p.Approved.IsZero():
			state = sign("same", "approved") + plain(", ") + s.when(p.Approved)
		default:
			state = sign("today", "waits for a decision")
		}
		rows = append(rows, []markup{plain(p.ID), plain(strings.Join(fields, ", ")), state,
			s.see("Decide", Call{View: "account", Account: a.ID, Form: "judge_name", Key: p.ID})})
	}
	return section("Caller names", table("What the called person reads (CNAM)", []string{"Record", "Name", "State", "Decision"}, rows))
}

func (s *screen) ledger(lines []account.Line) markup {
	if len(lines) == 0 {
		return section("Money", el("p", "The balance has never changed."))
	}
	words := map[account.LineKind]string{account.DepositLine: "deposit", account.PortFeeLine: "port fee", account.CancelFeeLine: "fee for calling off",
		account.RefundLine: "refund"}
	var rows [][]markup
	for _, l := range lines {
		what := words[l.Kind]
		if what == "" {
			what = strings.ReplaceAll(string(l.Kind), "_", " ")
		}
		of := plain(l.Reference)
		if l.Order != "" {
			of = s.see(string(l.Order), Call{View: "order", Order: l.Order})
		}
		rows = append(rows, []markup{s.when(l.At), plain(what), plain(account.InDollars(l.Amount)), of})
	}
	return section("Money", table(fmt.Sprintf("The latest %d changes of the balance", len(lines)), []string{"When", "What", "Amount", "For"}, rows))
}

func (s *screen) ordersOf(all []porting.Order) markup {
	if len(all) == 0 {
		return section("Orders", el("p", "The account has no orders."))
	}
	var rows [][]markup
	for _, o := range all {
		tn := ""
		if len(o.Numbers) > 0 {
			tn = shown(o.Numbers[0].TN)
		}
		rows = append(rows, []markup{s.see(string(o.ID), Call{View: "order", Order: o.ID}), plain(strings.ReplaceAll(string(o.Status), "_", " ")), plain(tn),
			plain(o.Carrier.Name), s.when(o.Created)})
	}
	return section("Orders", table(fmt.Sprintf("The latest %d orders", len(all)), []string{"Order", "Status", "First number", "Carrier", "Created"}, rows))
}
