package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"portway/internal/account"
	"portway/internal/porting"
)

// accountAction is a decision of our staff on an account, as a button sends it. What was typed comes beside it.
type accountAction struct {
	Action  string            `json:"account_action"`
	Account porting.AccountID `json:"account,omitempty"`
	// Version is the version of the account that the person saw.
	Version int64 `json:"version,omitempty"`
	// Key is the access key, the mail address or the caller name that the decision is about.
	Key  string `json:"key,omitempty"`
	Desk string `json:"desk"`
}

// accountForm is how a person gives a decision on an account.
type accountForm struct {
	action, title string
	does          string
	confirm       string
	listed        bool // has a button of its own; the others belong to a line of a table
	fields        func(s *screen, a account.Account) []markup
}

// accountForms are the decisions on accounts in the order of their buttons.
var accountForms = []accountForm{
	{action: "open_account", title: "Open the account", confirm: "Open this account?", fields: openFields,
		does: "The account can call at once with its first key. The key's secret is shown this once, to be handed to the customer. A kind never changes."},
	{action: "deposit", title: "Enter a deposit", listed: true, confirm: "Enter this payment?", fields: depositFields,
		does: "The balance grows by the amount. A reference counts once, so that the same payment can't be entered twice."},
	{action: "issue_key", title: "Issue a key", listed: true, confirm: "Issue a further key?", fields: keyFields,
		does: "The account gets a further key. Its secret is shown this once."},
	{action: "revoke_key", title: "Revoke the key", confirm: "End this key at once?",
		does: "Calls with this key are refused from now on. The last key without an end can't be revoked."},
	{action: "contacts", title: "Change contacts", listed: true, confirm: "Write to these addresses from now on?", fields: contactFields,
		does: "Mail goes to these addresses from now on. An address that stays keeps its block."},
	{action: "confirm_mail", title: "Write there again", confirm: "Has its owner said that our mail is wanted?",
		does: "The block of the address is lifted. Its owner has to have said that the address is right and our mail is wanted."},
	{action: "prices", title: "Change prices", listed: true, confirm: "Take these prices for new orders?", fields: priceFields,
		does: "Orders that are created from now on cost this for each number. Orders that are there keep their prices. Empty means the house's fee."},
	{action: "limit", title: "Limit unsigned numbers", listed: true, confirm: "Set this limit?", fields: limitFields,
		does: "A call that would give the account more numbers on unsigned orders is refused, and names the limit."},
	{action: "judge_name", title: "Decide on the caller name", confirm: "Take this decision?", fields: nameFields,
		does: "An approved caller name can be used by orders. A later decision replaces an earlier one."},
}

// accountDeeds carry the decisions out, and return in words what was done. They are apart from the forms, so that the
// function that shows has none of them in its binary.
var accountDeeds = map[string]func(s *screen, a accountAction) (string, error){
	"open_account": openAccount,
	"deposit":      deposit,
	"issue_key":    issueKey,
	"revoke_key":   revokeKey,
	"contacts":     setContacts,
	"confirm_mail": confirmMail,
	"prices":       setPrices,
	"limit":        setLimit,
	"judge_name":   judgeName,
}

func openFields(s *screen, _ account.Account) []markup {
	return []markup{
		textField("id", "Id: letters, digits, - and _", s.typed("id"), s.wrong("id"), maxLength(64)),
		textField("name", "Name of the customer", s.typed("name"), s.wrong("name"), maxLength(120)),
		textField("mail", "Mail address for orders", s.typed("mail"), s.wrong("mail"), maxLength(250)),
		selectField("kind", "Kind", s.typed("kind"), s.wrong("kind"), []choice{{"", "choose"}, {"live", "live: orders go to carriers"},
			{"sandbox", "sandbox: simulated carriers, play money"}}),
		textField("amount", "First deposit in US dollars, or empty", s.typed("amount"), s.wrong("amount"), at("inputmode", "decimal"))}
}

func openAccount(s *screen, _ accountAction) (string, error) {
	amount := porting.Money(0)
	if words := s.typed("amount"); words != "" {
		var err error
		if amount, err = dollarsOf("amount", words); err != nil {
			return "", err
		}
	}
	a := account.Account{ID: porting.AccountID(s.typed("id")), Name: s.typed("name"), Mail: s.typed("mail"), Kind: account.Kind(s.typed("kind")),
		Balance: amount, Created: s.now.UTC()}
	c, err := account.Enroll(s.ctx, s.Accounts.Store, s.Accounts.Join, a, s.Accounts.Random)
	if err != nil {
		return "", err
	}
	s.call.Account, s.shown = a.ID, c
	return fmt.Sprintf("The account %s is open.", a.ID), nil
}

// dollarsOf reads an amount of a field.
func dollarsOf(field, words string) (porting.Money, error) {
	amount, err := account.Dollars(words)
	var e *porting.Error
	if errors.As(err, &e) {
		return 0, porting.Faults{{Field: field, Code: porting.BadFormat, Message: e.Faults[0].Message}}.Err()
	}
	return amount, err
}

func depositFields(s *screen, _ account.Account) []markup {
	return []markup{
		textField("amount", "Amount in US dollars, such as 500.00", s.typed("amount"), s.wrong("amount"), at("inputmode", "decimal")),
		textField("reference", "Reference, such as the number of the bank transfer", s.typed("reference"), s.wrong("reference"), maxLength(100))}
}

func deposit(s *screen, a accountAction) (string, error) {
	amount, err := dollarsOf("amount", s.typed("amount"))
	if err != nil {
		return "", err
	}
	reference := porting.TidyLine(s.typed("reference"))
	if why := porting.LineFault(reference); why != "" && reference != "" {
		return "", porting.Faults{{Field: "reference", Code: porting.BadFormat, Message: why}}.Err()
	}
	if err := account.Deposit(s.ctx, s.Accounts.Store, a.Account, amount, reference, s.now.UTC()); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s was entered for “%s”.", account.InDollars(amount), reference), nil
}

func keyFields(s *screen, _ account.Account) []markup {
	return []markup{textField("keyname", "A name by which the customer knows the key, or empty", s.typed("keyname"), s.wrong("name"), maxLength(60)),
		selectField("scopes", "The key may", s.typed("scopes"), s.wrong("scopes"), []choice{{"", "do everything"}, {"read", "read"},
			{"read order", "read, and change orders"}, {"read order sign", "read, change orders, and sign"}, {"admin", "change the account"}}),
		textField("ranges", "Addresses from which it opens, such as 192.0.2.0/24, with spaces between them; empty means everywhere",
			s.typed("ranges"), s.wrong("ranges"))}
}

// grants reads what a new key is to open.
func (s *screen) grants() (account.Grants, error) {
	g := account.Grants{Name: s.typed("keyname")}
	var faults porting.Faults
	if words := strings.Fields(s.typed("scopes")); len(words) > 0 {
		scopes, wrong := account.ReadScopes(words)
		g.Scopes = scopes
		faults = append(faults, about("scopes", wrong)...)
	}
	ranges, wrong := account.ReadRanges(strings.Fields(s.typed("ranges")))
	g.Ranges = ranges
	return g, append(faults, about("ranges", wrong)...).Err()
}

// about returns the first fault of a list as the fault of its field.
func about(field string, faults porting.Faults) porting.Faults {
	if len(faults) == 0 {
		return nil
	}
	one := faults[0]
	one.Field = field
	return porting.Faults{one}
}

func issueKey(s *screen, a accountAction) (string, error) {
	g, err := s.grants()
	if err != nil {
		return "", err
	}
	c, err := account.Issue(s.ctx, s.Accounts.Store, a.Account, g, a.Version, s.Accounts.Random, s.now.UTC())
	if err != nil {
		return "", err
	}
	s.shown = c
	return "The account has a further key.", nil
}

func revokeKey(s *screen, a accountAction) (string, error) {
	if err := account.End(s.ctx, s.Accounts.Store, a.Account, a.Key, a.Version); err != nil {
		return "", err
	}
	return fmt.Sprintf("The key %s is revoked.", a.Key), nil
}

func contactFields(s *screen, a account.Account) []markup {
	var parts []markup
	for _, p := range account.Purposes() {
		value := s.typed("to" + string(p))
		if value == "" {
			var all []string
			for _, c := range a.AllContacts() {
				if c.Purpose == p {
					all = append(all, c.Address)
				}
			}
			value = strings.Join(all, ", ")
		}
		wrong := s.wrongBelow(string(p))
		parts = append(parts, textField("to"+string(p), "Addresses for the purpose "+string(p)+", with commas between", value, wrong))
	}
	return parts
}

func setContacts(s *screen, a accountAction) (string, error) {
	lists := map[account.Purpose][]string{}
	for _, p := range account.Purposes() {
		lists[p] = strings.FieldsFunc(s.typed("to"+string(p)), func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	}
	if err := account.Write(s.ctx, s.Accounts.Store, a.Account, lists, a.Version, s.now.UTC()); err != nil {
		return "", err
	}
	return "The contacts are changed.", nil
}

func confirmMail(s *screen, a accountAction) (string, error) {
	err := account.Revise(s.ctx, s.Accounts.Store, a.Account, func(now account.Account, _ []account.Key) (account.Change, error) {
		return account.ConfirmMail(now, a.Key)
	})
	if err != nil {
		return "", err
	}
	return "Mail goes to " + a.Key + " again.", nil
}

// tariffs are the fees of a tariff by the names of their fields.
func tariffs(t *porting.Tariff) []struct {
	name, label string
	fee         *porting.Money
} {
	return []struct {
		name, label string
		fee         *porting.Money
	}{{"local", "A local US number, in US dollars", &t.Local}, {"tollfree", "A toll-free number", &t.TollFree}, {"canada", "A Canadian number", &t.Canada}}
}

func priceFields(s *screen, a account.Account) []markup {
	var parts []markup
	t := a.Tariff
	for _, f := range tariffs(&t) {
		value := s.typed(f.name)
		if value == "" && *f.fee != 0 && len(s.faults) == 0 {
			value = strings.TrimPrefix(account.InDollars(f.fee.Or(0)), "$")
		}
		parts = append(parts, textField(f.name, f.label, value, s.wrong(f.name), at("inputmode", "decimal")))
	}
	for _, r := range refundRows(t) {
		var all []choice
		for _, rule := range porting.Refunds() {
			all = append(all, choice{string(rule), refundWords(rule)})
		}
		value := s.typed(r.name)
		if value == "" {
			value = string(*r.rule)
		}
		parts = append(parts, selectField(r.name, "The fee comes back "+r.label, value, s.wrong(r.name), all))
	}
	return parts
}

func setPrices(s *screen, a accountAction) (string, error) {
	var t porting.Tariff
	var faults porting.Faults
	for _, f := range tariffs(&t) {
		words := s.typed(f.name)
		if words == "" {
			continue
		}
		amount, err := account.Dollars(words)
		if err != nil || amount < 0 || amount > account.MaxFee {
			faults.Add(f.name, porting.BadFormat, "Write an amount from 0 to "+strings.TrimPrefix(account.InDollars(account.MaxFee), "$")+", or nothing for the house's fee.")
		}
		if *f.fee = amount; err == nil && amount == 0 {
			*f.fee = porting.Free
		}
	}
	rule := func(name string) porting.Refund {
		r := porting.Refund(s.typed(name))
		if r != "" && !slices.Contains(porting.Refunds(), r) {
			faults.Add(name, porting.BadFormat, "Choose one of the rules.")
		}
		if r == porting.RefundUnsent {
			return "" // the rule where nothing is said
		}
		return r
	}
	t.LeftOut, t.Abandoned, t.Failed = rule("leftout"), rule("abandoned"), rule("failed")
	if err := faults.Err(); err != nil {
		return "", err
	}
	if err := s.Accounts.Store.SetTariff(s.ctx, a.Account, t); err != nil {
		return "", err
	}
	return "The prices of new orders are changed.", nil
}

func limitFields(s *screen, _ account.Account) []markup {
	return []markup{textField("most", fmt.Sprintf("How many numbers; empty means the usual %d", porting.UnsignedNumbers), s.typed("most"), s.wrong("most"),
		at("inputmode", "numeric"))}
}

func setLimit(s *screen, a accountAction) (string, error) {
	most := 0
	if words := s.typed("most"); words != "" {
		n, err := strconv.Atoi(words)
		if err != nil || n < 1 || n > 10_000_000 {
			return "", porting.Faults{{Field: "most", Code: porting.BadFormat, Message: "Write a number from 1 to 10000000, or nothing for the usual limit."}}.Err()
		}
		most = n
	}
	if _, err := s.Accounts.Store.Account(s.ctx, a.Account); err != nil {
		return "", err
	}
	if err := s.Accounts.Store.LimitUnsigned(s.ctx, a.Account, most); err != nil {
		return "", err
	}
	return "The limit is set.", nil
}

func nameFields(s *screen, _ account.Account) []markup {
	return []markup{
		selectField("verdict", "Decision on the record "+s.call.Key, s.typed("verdict"), s.wrong("verdict"),
			[]choice{{"", "choose"}, {"approve", "approve"}, {"reject", "reject"}}),
		textField("why", "The reason of a rejection, as the customer reads it", s.typed("why"), s.wrong("why"), maxLength(200))}
}

func judgeName(s *screen, a accountAction) (string, error) {
	verdict, why := s.typed("verdict"), porting.TidyLine(s.typed("why"))
	var faults porting.Faults
	if verdict != "approve" && verdict != "reject" {
		faults.Add("verdict", porting.Required, "Choose a decision.")
	}
	if bad := porting.LineFault(why); verdict == "reject" && why == "" {
		faults.Add("why", porting.Required, "Give the reason, which the customer reads.")
	} else if verdict == "reject" && bad != "" {
		faults.Add("why", porting.BadFormat, bad)
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	if verdict == "approve" {
		why = ""
	}
	if err := account.Judge(s.ctx, s.Accounts.Store, a.Account, a.Key, why, s.now.UTC()); err != nil {
		return "", err
	}
	return "The caller name is decided on.", nil
}

// wrongBelow is what is wrong with a field or with a part of it.
func (s *screen) wrongBelow(name string) string {
	var all []string
	for _, f := range s.faults {
		if f.Field == name || strings.HasPrefix(f.Field, name+"/") {
			all = append(all, f.Message)
		}
	}
	return strings.Join(all, " ")
}

// accountForm shows the form of the decision on an account that was chosen.
func (s *screen) accountForm(a account.Account) markup {
	i := slices.IndexFunc(accountForms, func(f accountForm) bool { return f.action == s.call.Form })
	if i < 0 || (accountForms[i].action == "open_account") != (a.ID == "") {
		return ""
	}
	f := accountForms[i]
	parts := []markup{el("p", f.does)}
	if s.call.Key != "" && f.fields == nil {
		parts = append(parts, el("p", el("strong", s.call.Key)))
	}
	for _, fault := range s.faults {
		if fault.Field == "" {
			parts = append(parts, el("p", class("wrong"), fault.Message))
		}
	}
	if f.fields != nil {
		parts = append(parts, f.fields(s, a)...)
	}
	initials := s.typed("initials")
	if initials == "" {
		initials = s.call.Initials
	}
	back := Call{View: "account", Account: a.ID}
	if a.ID == "" {
		back = Call{View: "accounts"}
	}
	parts = append(parts, textField("initials", "Your initials", initials, s.wrong("initials"), maxLength(4)),
		button(f.title, "btn-primary", s.act, f.confirm, accountAction{Action: f.action, Account: a.ID, Version: a.Version, Key: s.call.Key, Desk: s.self}),
		s.see("Close", back))
	return el("div", class("note"), at("role", "group"), at("aria-label", f.title), el("h3", f.title), parts)
}

// logged names what a decision is about, without an access key or an address.
func (s *screen) logged(a accountAction) string {
	switch a.Action {
	case "revoke_key":
		return account.KeyID(a.Account, a.Key)
	case "judge_name":
		return a.Key
	}
	return ""
}

// decideOnAccount carries a decision on an account out, and shows the account as it is then.
func (s *screen) decideOnAccount(raw json.RawMessage) string {
	var a accountAction
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	err := in.Decode(&a)
	i := slices.IndexFunc(accountForms, func(f accountForm) bool { return f.action == a.Action })
	do := accountDeeds[a.Action]
	if err != nil || i < 0 || do == nil {
		s.fail("The button can't be read. Reload the account, and press it again.")
		return s.page(s.accounts())
	}
	f := accountForms[i]
	s.call.Account, s.call.Key, s.call.Initials = a.Account, a.Key, s.typed("initials")
	by := strings.ToUpper(s.call.Initials)
	done := ""
	if !initialsForm.MatchString(by) {
		err = porting.Faults{{Field: "initials", Code: porting.Required, Message: "Give the initials of the person who decides, two to four letters."}}.Err()
	} else {
		done, err = do(s, a)
	}
	var refused *porting.Error
	switch {
	case errors.As(err, &refused):
		s.call.Form = a.Action
		for _, one := range refused.Faults {
			s.faults = append(s.faults, Fault{one.Field, string(one.Code), one.Message})
		}
		if len(refused.Faults) == 0 {
			s.faults = []Fault{{Code: string(refused.Code), Message: refused.Message}}
		}
		s.fail("Nothing was done. Look at the form below.")
	case err != nil:
		s.call.Form = a.Action
		s.fail("It may not have been done. %s Look whether it was, before you try it again.", porting.Plain(err))
		slog.ErrorContext(s.ctx, "decision failed", "account", a.Account, "action", a.Action, "error", porting.Plain(err))
	default:
		s.done = fmt.Sprintf("Done: %s, by %s, at %s. %s", f.title, by, s.clock(s.now), done)
		s.forget()
		slog.InfoContext(s.ctx, "decided at the desk", "account", s.call.Account, "action", a.Action, "by", by, "about", s.logged(a))
	}
	if s.call.Account == "" {
		return s.page(s.accounts())
	}
	return s.page(s.credentials() + s.account(s.call.Account))
}

// credentials shows a new key, this once.
func (s *screen) credentials() markup {
	if s.shown.Access == "" {
		return ""
	}
	return el("div", class("note", "done"), at("role", "group"), at("aria-label", "The new key"), el("h3", "The new key"),
		el("p", "The secret is shown this once and kept nowhere. Hand it to the customer now."),
		el("dl", el("dt", "Access key"), el("dd", el("code", s.shown.Access)), el("dt", "Secret key"), el("dd", el("code", s.shown.Secret.Reveal()))))
}
