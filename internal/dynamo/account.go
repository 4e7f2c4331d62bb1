package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/porting"
)

var errNoAccount = porting.Errorf(porting.NotFound, "There is no such account.")

// Account reads an account.
func (s *Store) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	var i accountItem
	ok, err := s.get(ctx, accountKey(id).String(), &i)
	if err != nil {
		return account.Account{}, err
	}
	if !ok {
		return account.Account{}, errNoAccount
	}
	return i.value(), nil
}

// OpenAccount writes a new account. Its error is Settled where the account is there already.
func (s *Store) OpenAccount(ctx context.Context, a account.Account) error {
	i := accountItem{key: accountKey(a.ID), Name: a.Name, Mail: a.Mail, Kind: string(a.Kind), Balance: int64(a.Balance),
		Created: stampOf(a.Created), Contacts: contactsOf(a.Contacts), Version: a.Version, Strict: a.Strict, Quiet: string(a.Quiet), MailCalls: a.MailCalls,
		Looks: looksOf(a.Looks), Tariff: tariffOf(a.Tariff)}
	w := &writes{table: s.table} // a transaction: the SDK repeats a write whose answer was lost, and a repeated put is refused
	w.put(i, isNew, nil, means(porting.Errorf(porting.Settled, "The account is there already.")))
	return s.run(ctx, w)
}

var errStaleAccount = porting.Errorf(porting.Stale, "The account has changed in between; read it again.")

// Amend writes a change of an account's settings, on the condition that the account's version is still the one before.
// The balance is no setting and stays as it is, since a charge may change it at the same time.
func (s *Store) Amend(ctx context.Context, c account.Change) error {
	a := c.After
	contacts, err := attributevalue.Marshal(contactsOf(a.Contacts))
	if err != nil {
		return err
	}
	w := &writes{table: s.table}
	condition := "version = :before"
	if c.Before.Version == 0 { // the item may be from a release whose accounts had no versions
		condition = "attribute_exists(pk) AND (attribute_not_exists(version) OR version = :before)"
	}
	set, values := "SET version = :after, contacts = :contacts, mail = :mail", item{
		":before": number(c.Before.Version), ":after": number(a.Version), ":contacts": contacts, ":mail": text(a.Mail),
	}
	var gone []string
	if a.Strict {
		set, values[":strict"] = set+", strict = :strict", &types.AttributeValueMemberBOOL{Value: true}
	} else {
		gone = append(gone, "strict")
	}
	if a.Quiet != "" {
		set, values[":quiet"] = set+", quiet_days = :quiet", text(string(a.Quiet))
	} else {
		gone = append(gone, "quiet_days")
	}
	if a.MailCalls {
		set, values[":calls"] = set+", mail_calls = :calls", &types.AttributeValueMemberBOOL{Value: true}
	} else {
		gone = append(gone, "mail_calls")
	}
	if looks := looksOf(a.Looks); looks != nil {
		value, err := attributevalue.Marshal(looks)
		if err != nil {
			return err
		}
		set, values[":looks"] = set+", looks = :looks", value
	} else {
		gone = append(gone, "looks")
	}
	if len(gone) > 0 {
		set += " REMOVE " + strings.Join(gone, ", ")
	}
	w.update(accountKey(a.ID), set, condition, values, means(errStaleAccount))
	for _, k := range c.Add {
		w.newKey(k)
	}
	for _, k := range c.Update {
		expires := item{":expires": text(string(stampOf(k.Expires)))}
		for _, at := range []key{accessKey(k.Access), listedKey(a.ID, k.Access)} {
			w.update(at, "SET expires = :expires", "attribute_exists(pk)", expires, means(errStaleAccount))
		}
	}
	for _, access := range c.Remove {
		w.delete(accessKey(access), "", nil, nil)
		w.delete(listedKey(a.ID, access), "", nil, nil)
	}
	w.receipt(c.Receipt)
	return s.run(ctx, w)
}

// accountItem is a customer's account.
type accountItem struct {
	key
	Name     string        `dynamodbav:"name"`
	Mail     string        `dynamodbav:"mail"`
	Kind     string        `dynamodbav:"kind"`
	Balance  int64         `dynamodbav:"balance_cents"`
	Created  stamp         `dynamodbav:"created"`
	Contacts []contactItem `dynamodbav:"contacts,omitempty"`
	Version  int64         `dynamodbav:"version"`
	Tariff   *tariffItem   `dynamodbav:"tariff,omitempty"`
	Strict   bool          `dynamodbav:"strict,omitempty"`
	Quiet    string        `dynamodbav:"quiet_days,omitempty"`
	// MailCalls is true or missing.
	MailCalls bool       `dynamodbav:"mail_calls,omitempty"`
	Looks     *looksItem `dynamodbav:"looks,omitempty"`
}

type looksItem struct {
	Name   string `dynamodbav:"name,omitempty"`
	Color  string `dynamodbav:"color,omitempty"`
	Footer string `dynamodbav:"footer,omitempty"`
}

func looksOf(l account.Looks) *looksItem {
	if l == (account.Looks{}) {
		return nil
	}
	return &looksItem{l.Name, l.Color, l.Footer}
}

// tariffItem is what an account's numbers cost and what comes back, on the account and on its orders.
type tariffItem struct {
	Local      int64  `dynamodbav:"local_cents,omitempty"`
	TollFree   int64  `dynamodbav:"tollfree_cents,omitempty"`
	Canada     int64  `dynamodbav:"canada_cents,omitempty"`
	Cancel     int64  `dynamodbav:"cancel_cents,omitempty"`
	DateChange int64  `dynamodbav:"date_change_cents,omitempty"`
	Expedite   int64  `dynamodbav:"expedite_cents,omitempty"`
	LeftOut    string `dynamodbav:"left_out,omitempty"`
	Abandoned  string `dynamodbav:"abandoned,omitempty"`
	Failed     string `dynamodbav:"failed,omitempty"`
}

func tariffOf(t porting.Tariff) *tariffItem {
	if t == (porting.Tariff{}) {
		return nil
	}
	return &tariffItem{Local: int64(t.Local), TollFree: int64(t.TollFree), Canada: int64(t.Canada), Cancel: int64(t.Cancel),
		DateChange: int64(t.DateChange), Expedite: int64(t.Expedite), LeftOut: string(t.LeftOut),
		Abandoned: string(t.Abandoned), Failed: string(t.Failed)}
}

func (i *tariffItem) tariff() porting.Tariff {
	if i == nil {
		return porting.Tariff{}
	}
	return porting.Tariff{Local: porting.Money(i.Local), TollFree: porting.Money(i.TollFree), Canada: porting.Money(i.Canada),
		Cancel: porting.Money(i.Cancel), DateChange: porting.Money(i.DateChange), Expedite: porting.Money(i.Expedite),
		LeftOut: porting.Refund(i.LeftOut), Abandoned: porting.Refund(i.Abandoned), Failed: porting.Refund(i.Failed)}
}

// SetTariff writes what the account's orders cost that are created from now on.
func (s *Store) SetTariff(ctx context.Context, id porting.AccountID, t porting.Tariff) error {
	update, values := "REMOVE tariff", item(nil)
	if i := tariffOf(t); i != nil {
		v, err := attributevalue.Marshal(i)
		if err != nil {
			return err
		}
		update, values = "SET tariff = :tariff", item{":tariff": v}
	}
	ok, err := s.updateIf(ctx, accountKey(id), update, "attribute_exists(pk)", values)
	if err == nil && !ok {
		err = errNoAccount
	}
	return err
}

func (i accountItem) value() account.Account {
	a := account.Account{ID: porting.AccountID(strings.TrimPrefix(i.PK, "A#")), Name: i.Name, Mail: i.Mail,
		Kind: account.Kind(i.Kind), Balance: porting.Money(i.Balance), Created: i.Created.time(), Version: i.Version, Strict: i.Strict,
		Quiet: porting.QuietDays(i.Quiet), MailCalls: i.MailCalls, Looks: i.Looks.looks(),
		Tariff: i.Tariff.tariff()}
	for _, c := range i.Contacts {
		a.Contacts = append(a.Contacts, account.Contact{Purpose: account.Purpose(c.Purpose), Address: c.Address,
			Since: c.Since.time(), Blocked: account.Block(c.Held), BlockedAt: c.HeldAt.time()})
	}
	return a
}

type contactItem struct {
	Purpose string `dynamodbav:"purpose"`
	Address string `dynamodbav:"address"`
	Since   stamp  `dynamodbav:"since"`
	Held    string `dynamodbav:"held,omitempty"`
	HeldAt  stamp  `dynamodbav:"held_at,omitempty"`
}

func contactsOf(contacts []account.Contact) []contactItem {
	var items []contactItem
	for _, c := range contacts {
		items = append(items, contactItem{Purpose: string(c.Purpose), Address: c.Address, Since: stampOf(c.Since),
			Held: string(c.Blocked), HeldAt: stampOf(c.BlockedAt)})
	}
	return items
}

func (i *looksItem) looks() account.Looks {
	if i == nil {
		return account.Looks{}
	}
	return account.Looks{Name: i.Name, Color: i.Color, Footer: i.Footer}
}
