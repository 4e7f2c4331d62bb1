package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// accountAttributes is the account as its owner sees it.
type accountAttributes struct {
	Name     string                   `json:"name"`
	Kind     string                   `json:"kind"`
	Balance  string                   `json:"balance"`
	Currency string                   `json:"currency"`
	Created  *string                  `json:"created_date"`
	Contacts map[string][]contactBody `json:"contacts"`
	Fees     feesBody                 `json:"fees"`
	Refunds  refundsBody              `json:"refunds"`
	Strict   bool                     `json:"strict"`
	Quiet    []string                 `json:"quiet_days"`
	Calls    bool                     `json:"mail_calls"`
	Page     looksBody                `json:"page"`
	Version  int64                    `json:"version"`
}

// looksBody is how the pages of the account's orders look.
type looksBody struct {
	Name   string `json:"name"`
	Color  string `json:"color"`
	Footer string `json:"footer"`
}

// feesBody tells what the port of a number costs, by its kind.
type feesBody struct {
	Local    string `json:"local"`
	TollFree string `json:"tollfree"`
	Canada   string `json:"canada"`
}

// refundsBody tells when a fee comes back.
type refundsBody struct {
	LeftOut   porting.Refund `json:"left_out"`
	Abandoned porting.Refund `json:"abandoned"`
	Failed    porting.Refund `json:"failed"`
}

func feesOf(t porting.Tariff, house porting.Money) feesBody {
	return feesBody{t.Local.Or(house).String(), t.TollFree.Or(house).String(), t.Canada.Or(house).String()}
}

func refundsOf(t porting.Tariff) refundsBody {
	or := func(rule porting.Refund) porting.Refund { return cmp.Or(rule, porting.RefundUnsent) }
	return refundsBody{or(t.LeftOut), or(t.Abandoned), or(t.Failed)}
}

// currency is the currency of all amounts: the fee is in US dollars (S-FEE).
const currency = "USD"

// contactBody is a mail address. Held says why no mail goes there.
type contactBody struct {
	Address string  `json:"address"`
	Since   *string `json:"since"`
	Held    *string `json:"held"`
	HeldAt  *string `json:"held_at"`
}

func contactsOf(a account.Account) map[string][]contactBody {
	all := map[string][]contactBody{}
	for _, p := range account.Purposes() {
		all[string(p)] = []contactBody{}
	}
	for _, c := range a.AllContacts() {
		all[string(c.Purpose)] = append(all[string(c.Purpose)], contactBody{c.Address, stamp(c.Since), orNull(string(c.Blocked)), stamp(c.BlockedAt)})
	}
	return all
}

func (r *request) own(path string) *links { return &links{Self: r.base + "/v2/account" + path} }

// account is GET /v2/account.
func (a *API) account(ctx context.Context, r *request) (reply, error) {
	acc, err := a.accounts.Account(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	return a.accountReply(r, acc), nil
}

func (a *API) accountReply(r *request, acc account.Account) reply {
	return versioned(http.StatusOK, document{Data: resource{Type: "account", ID: string(acc.ID), Links: r.own(""), Attributes: accountAttributes{
		Name: acc.Name, Kind: string(acc.Kind), Balance: acc.Balance.String(), Currency: currency, Created: stamp(acc.Created),
		Contacts: contactsOf(acc), Fees: feesOf(acc.Tariff, a.book.Rules.PortFee), Refunds: refundsOf(acc.Tariff), Strict: acc.Strict,
		Quiet: acc.Quiet.List(), Calls: acc.MailCalls, Page: looksBody(acc.Looks),
		Version: acc.Version}}}, acc.Version)
}

// setAccount is PATCH /v2/account: whether warnings refuse a signature, the days on which the account wants no port, and how
// mails and pages are.
// What is left out stays.
func (a *API) setAccount(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("account")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "strict", "quiet_days", "mail_calls", "page")
	value, setsStrict := attrs.values["strict"]
	strict, ok := value.(bool)
	if setsStrict && !ok {
		fs.Add("strict", wrongType, "Give true or false.")
	}
	value, setsCalls := attrs.values["mail_calls"]
	calls, ok := value.(bool)
	if setsCalls && !ok {
		fs.Add("mail_calls", wrongType, "Give true or false.")
	}
	list, setsQuiet := attrs.values["quiet_days"]
	quiet, faults := quietDaysOf(list, setsQuiet)
	fs = append(fs, faults...)
	_, setsPage := attrs.values["page"]
	looks, faults := looksIn(attrs, setsPage)
	fs = append(fs, faults...)
	if !setsStrict && !setsQuiet && !setsCalls && !setsPage && len(fs) == 0 {
		fs.Add("/data/attributes", porting.Required, "Give strict, quiet_days, mail_calls or page.")
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	return a.amend(ctx, r, func(acc account.Account, _ []account.Key) (account.Change, reply, error) {
		set := acc.Settings()
		if setsStrict {
			set.Strict = strict
		}
		if setsQuiet {
			set.Quiet = quiet
		}
		if setsCalls {
			set.MailCalls = calls
		}
		if setsPage {
			set.Looks = looks
		}
		c, err := account.Set(acc, set)
		if porting.Is(err, porting.Settled) { // said twice, it is as the customer wants it
			return account.Change{}, a.accountReply(r, acc), nil
		}
		return c, a.accountReply(r, c.After), err
	})
}

// looksIn reads how pages look. What is left out looks as we do.
func looksIn(attrs object, there bool) (account.Looks, porting.Faults) {
	var fs porting.Faults
	if !there {
		return account.Looks{}, nil
	}
	inner, ok := attrs.inner(&fs, "page")
	if !ok {
		return account.Looks{}, fs
	}
	inner.expect(&fs, "page", "name", "color", "footer")
	var l account.Looks
	l.Name, _ = inner.text(&fs, "page/name", "name")
	l.Color, _ = inner.text(&fs, "page/color", "color")
	l.Footer, _ = inner.text(&fs, "page/footer", "footer")
	if len(fs) > 0 {
		return l, fs
	}
	return account.TidyLooks(l)
}

// quietDaysOf reads a list of quiet days.
func quietDaysOf(value any, there bool) (porting.QuietDays, porting.Faults) {
	var fs porting.Faults
	if !there {
		return "", nil
	}
	list, ok := value.([]any)
	if !ok {
		fs.Add("quiet_days", wrongType, "Send a list of texts, such as [\"friday\", \"2026-12-24\"].")
		return "", fs
	}
	var entries []string
	for i, entry := range list {
		text, ok := entry.(string)
		if !ok {
			fs.Add("quiet_days/"+itoa(i), wrongType, "Send a text, such as \"friday\".")
		}
		entries = append(entries, text)
	}
	if len(fs) > 0 {
		return "", fs
	}
	return porting.ParseQuietDays(entries)
}

// balance is GET /v2/account/balance.
func (a *API) balance(ctx context.Context, r *request) (reply, error) {
	acc, err := a.accounts.Account(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "balance", Links: r.own("/balance"), Attributes: struct {
		Balance  string `json:"balance"`
		Currency string `json:"currency"`
	}{acc.Balance.String(), currency}}}}, nil
}

// ledgerLine is one change of the balance; a charge is negative.
type ledgerLine struct {
	At        *string `json:"at"`
	Kind      string  `json:"kind"`
	Amount    string  `json:"amount"`
	Order     *string `json:"portorder_id"`
	Reference *string `json:"reference"`
	For       *string `json:"for"`
}

// ledger is GET /v2/account/ledger: every change of the balance, the newest first.
func (a *API) ledger(ctx context.Context, r *request) (reply, error) {
	p, err := r.page(pageSize, "cursor", cursors("cursor", "ledger", func(string) bool { return true }))
	if err != nil {
		return reply{}, err
	}
	lines, err := a.accounts.Ledger(ctx, r.account, p.place, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	all, around := []resource{}, r.own("/ledger"+queryText(r.query()))
	for _, l := range lines[:min(p.limit, len(lines))] {
		all = append(all, resource{Type: "ledger_line", ID: cursorOf("line", l.Place), Attributes: ledgerLine{At: stamp(l.At), Kind: string(l.Kind),
			Amount: l.Amount.String(), Order: orNull(string(l.Order)), Reference: orNull(l.Reference), For: orNull(cmp.Or(string(l.For), string(l.Change)))}})
	}
	if len(lines) > p.limit {
		around.Next = r.next("/ledger", "ledger", lines[p.limit-1].Place, p.limit)
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around}}, nil
}

// next is the URL of the next page of a list of the account.
func (r *request) next(path, kind, place string, limit int) string {
	return r.own(path + queryText(url.Values{"limit": {itoa(limit)}, "cursor": {cursorOf(kind, place)}})).Self
}

// contacts is GET /v2/account/contacts.
func (a *API) contacts(ctx context.Context, r *request) (reply, error) {
	acc, err := a.accounts.Account(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	return contactsReply(r, acc), nil
}

func contactsReply(r *request, a account.Account) reply {
	return versioned(http.StatusOK, document{Data: resource{Type: "contacts", Attributes: contactsOf(a), Links: r.own("/contacts")}}, a.Version)
}

// setContacts is PATCH /v2/account/contacts: each purpose that is named gets these addresses and no others.
func (a *API) setContacts(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("contacts")
	if err != nil {
		return reply{}, err
	}
	lists := map[account.Purpose][]string{}
	for _, name := range attrs.names {
		if list, ok := attrs.addresses(&fs, name); ok {
			lists[account.Purpose(name)] = list
		}
	}
	if len(attrs.names) == 0 {
		fs.Add("/data/attributes", porting.Required, "Name at least one purpose.")
	}
	return a.amend(ctx, r, func(acc account.Account, _ []account.Key) (account.Change, reply, error) {
		c, err := account.SetContacts(acc, lists, a.book.Now().UTC())
		return c, contactsReply(r, c.After), together(fs, err)
	})
}

// addresses reads the list of a purpose. An address is a text, or an object as answers have it, so that a list can be
// sent back as it came.
func (o object) addresses(fs *porting.Faults, purpose string) ([]string, bool) {
	known := false
	for _, p := range account.Purposes() {
		known = known || string(p) == purpose
	}
	if !known {
		fs.Add(attributes+escape(purpose), porting.Unknown, "There is no such purpose. Give primary, porting or billing.")
		return nil, false
	}
	list, ok := o.values[purpose].([]any)
	if !ok {
		fs.Add(purpose, wrongType, "Send a list of mail addresses.")
		return nil, false
	}
	var all []string
	for i, item := range list {
		if one, isObject := item.(object); isObject {
			one.expect(fs, attributes+purpose+"/"+itoa(i), "address", "since", "held", "held_at")
			item = one.values["address"]
		}
		text, isText := item.(string)
		if !isText {
			fs.Add(purpose+"/"+itoa(i), wrongType, `Send a string, such as "porting@example.com".`)
			ok = false
		}
		all = append(all, porting.TidyForm(text))
	}
	return all, ok
}

// confirmContact is POST /v2/account/contacts/confirm: mail goes again to an address that was held.
func (a *API) confirmContact(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("contacts")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "address")
	address, ok := attrs.text(&fs, "address", "address")
	if !ok && len(fs) == 0 {
		fs.Add("address", porting.Required, "This is required.")
	}
	return a.amend(ctx, r, func(acc account.Account, _ []account.Key) (account.Change, reply, error) {
		if err := fs.Err(); err != nil {
			return account.Change{}, reply{}, err
		}
		c, err := account.ConfirmMail(acc, porting.TidyForm(address))
		return c, contactsReply(r, c.After), err
	})
}

// amend changes the account by what plan makes of it as it is read with its keys, and answers with plan's reply.
func (a *API) amend(ctx context.Context, r *request, plan func(account.Account, []account.Key) (account.Change, reply, error)) (reply, error) {
	return orders.Retry(func(int) (reply, error) {
		acc, keys, err := a.accounts.Keys(ctx, r.account)
		if err != nil {
			return reply{}, err
		}
		if !r.expects(acc.Version) {
			return reply{}, refuse(http.StatusPreconditionFailed, codePrecondition,
				"The account has changed since the version that If-Match names. Read it again.")
		}
		c, out, err := plan(acc, keys)
		if err != nil {
			return reply{}, err
		}
		switch {
		case r.dry:
			return validated(out), nil
		case c.After.ID == "": // nothing changes
			return out, nil
		}
		return r.commit(out, func(receipt *orders.Receipt) error {
			c.Receipt = receipt
			return a.accounts.Amend(ctx, c)
		})
	})
}
