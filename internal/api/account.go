package api

import (
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
	Version  int64                    `json:"version"`
}

// currency is that of all amounts: the fee is in US dollars (S-FEE).
const currency = "USD"

// contactBody is an address; held says why no mail goes there.
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
		all[string(c.Purpose)] = append(all[string(c.Purpose)], contactBody{c.Address, stamp(c.Since), orNull(string(c.Held)), stamp(c.HeldAt)})
	}
	return all
}

func (r *request) own(path string) *links { return &links{Self: r.base + "/v2/account" + path} }

func versioned(status int, doc document, version int64) reply {
	return reply{status: status, body: doc, header: map[string]string{"ETag": etag(version)}}
}

// account is GET /v2/account.
func (a *API) account(ctx context.Context, r *request) (reply, error) {
	acc, err := a.accounts.Account(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	return versioned(http.StatusOK, document{Data: resource{Type: "account", ID: string(acc.ID), Links: r.own(""), Attributes: accountAttributes{
		Name: acc.Name, Kind: string(acc.Kind), Balance: acc.Balance.String(), Currency: currency, Created: stamp(acc.Created),
		Contacts: contactsOf(acc), Version: acc.Version}}}, acc.Version), nil
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
}

// ledger is GET /v2/account/ledger: every change of the balance, the newest first.
func (a *API) ledger(ctx context.Context, r *request) (reply, error) {
	q := r.query()
	before := ""
	limit, err := r.page(q, "cursor", from("ledger", func(place string) bool { before = place; return true }))
	if err != nil {
		return reply{}, err
	}
	lines, err := a.accounts.Ledger(ctx, r.account, before, limit+1)
	if err != nil {
		return reply{}, err
	}
	all, page := []resource{}, r.own("/ledger"+queryText(q))
	for _, l := range lines[:min(limit, len(lines))] {
		all = append(all, resource{Type: "ledger_line", ID: cursorOf("line", l.Place), Attributes: ledgerLine{At: stamp(l.At), Kind: string(l.Kind),
			Amount: l.Amount.String(), Order: orNull(string(l.Order)), Reference: orNull(l.Reference)}})
	}
	if len(lines) > limit {
		page.Next = r.next("/ledger", "ledger", lines[limit-1].Place, limit)
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: page}}, nil
}

// from reads a cursor of the kind; take says whether its place is one.
func from(kind string, take func(place string) bool) func(string, *porting.Faults) {
	return func(v string, fs *porting.Faults) {
		if place, ok := readCursor(kind, v); !ok || !take(place) {
			fs.Add("cursor", porting.BadFormat, "A cursor comes from links.next of the page before.")
		}
	}
}

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
	attrs, sofar, err := r.document("contacts")
	if err != nil {
		return reply{}, err
	}
	lists := map[account.Purpose][]string{}
	for _, name := range attrs.names {
		if list, ok := attrs.addresses(&sofar, name); ok {
			lists[account.Purpose(name)] = list
		}
	}
	if len(attrs.names) == 0 {
		sofar.Add("/data/attributes", porting.Required, "Name at least one purpose.")
	}
	return a.settle(ctx, r, func(acc account.Account, _ []account.Key) (account.Change, error) {
		c, err := account.SetContacts(acc, lists, a.book.Now().UTC())
		return c, together(sofar, err)
	}, func(c account.Change, _ []account.Key) reply { return contactsReply(r, c.After) })
}

// addresses reads the list of a purpose: addresses as texts, or the objects that reading gives, so that a list can be written
// back as it came.
func (o object) addresses(fs *porting.Faults, purpose string) ([]string, bool) {
	known := false
	for _, p := range account.Purposes() {
		known = known || string(p) == purpose
	}
	if !known {
		fs.Add(attributes+escape(purpose), porting.Unknown, "There is no such purpose.")
		return nil, false
	}
	list, ok := o.values[purpose].([]any)
	if !ok {
		fs.Add(purpose, wrongType, "This must be a list of mail addresses.")
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
			fs.Add(purpose+"/"+itoa(i), wrongType, `This must be a string, such as "porting@example.com".`)
			ok = false
		}
		all = append(all, porting.TidyForm(text))
	}
	return all, ok
}

// confirmContact is POST /v2/account/contacts/confirm: mail may go again to an address that was held.
func (a *API) confirmContact(ctx context.Context, r *request) (reply, error) {
	attrs, sofar, err := r.document("contacts")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&sofar, strings.TrimSuffix(attributes, "/"), "address")
	address, ok := attrs.text(&sofar, "address", "address")
	if !ok && len(sofar) == 0 {
		sofar.Add("address", porting.Required, "This is required.")
	}
	return a.settle(ctx, r, func(acc account.Account, _ []account.Key) (account.Change, error) {
		if len(sofar) > 0 {
			return account.Change{}, sofar.Err()
		}
		return account.ConfirmMail(acc, porting.TidyForm(address))
	}, func(c account.Change, _ []account.Key) reply { return contactsReply(r, c.After) })
}

// settle changes the account by what decide makes of it, and answers with what it becomes.
func (a *API) settle(ctx context.Context, r *request, decide func(account.Account, []account.Key) (account.Change, error),
	answer func(account.Change, []account.Key) reply) (reply, error) {
	guarded := func(acc account.Account, keys []account.Key) (account.Change, error) {
		if !r.expects(acc.Version) {
			return account.Change{}, refuse(http.StatusPreconditionFailed, codePrecondition,
				"The account is no longer as If-Match names it; read it again.")
		}
		return decide(acc, keys)
	}
	if r.dry {
		acc, keys, err := a.accounts.Keys(ctx, r.account)
		if err != nil {
			return reply{}, err
		}
		c, err := guarded(acc, keys)
		if err != nil {
			return reply{}, err
		}
		return validated(answer(c, c.Left(keys))), nil
	}
	var out reply
	err := account.Revise(ctx, a.accounts, r.account, guarded, func(c account.Change, keys []account.Key) *orders.Receipt {
		out = answer(c, keys)
		return r.keep(out)
	})
	if err != nil {
		return reply{}, err
	}
	r.kept = r.receipt != nil
	return out, nil
}
