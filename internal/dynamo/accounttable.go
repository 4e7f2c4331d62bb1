package dynamo

import (
	"cmp"
	"maps"
	"strings"

	"portway/internal/account"
	"portway/internal/porting"
)

// This file is the wire of an account's items; their keys are in table.go.

// accountItem is a customer.
type accountItem struct {
	key
	Name     string        `dynamodbav:"name"`
	Mail     string        `dynamodbav:"mail"`
	Kind     string        `dynamodbav:"kind"`
	Balance  int64         `dynamodbav:"balance_cents"`
	Created  stamp         `dynamodbav:"created"`
	Contacts []contactItem `dynamodbav:"contacts,omitempty"`
	Version  int64         `dynamodbav:"version"`
}

func (i accountItem) value() account.Account {
	a := account.Account{ID: porting.AccountID(strings.TrimPrefix(i.PK, "A#")), Name: i.Name, Mail: i.Mail, Kind: account.Kind(i.Kind),
		Balance: porting.Money(i.Balance), Created: i.Created.time(), Version: i.Version}
	for _, c := range i.Contacts {
		a.Contacts = append(a.Contacts, account.Contact{Purpose: account.Purpose(c.Purpose), Address: c.Address, Since: c.Since.time(),
			Held: account.Hold(c.Held), HeldAt: c.HeldAt.time()})
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
		items = append(items, contactItem{string(c.Purpose), c.Address, stampOf(c.Since), string(c.Held), stampOf(c.HeldAt)})
	}
	return items
}

// keyItem is an access key: with its hash where the gateway's question finds it, without below its account.
type keyItem struct {
	key
	Account string `dynamodbav:"account"`
	Access  string `dynamodbav:"access"`
	Kind    string `dynamodbav:"kind,omitempty"` // the account's, so that a call reads no more than its key; live where it is not told
	Hash    []byte `dynamodbav:"secret_sha256,omitempty"`
	Name    string `dynamodbav:"name,omitempty"`
	Created stamp  `dynamodbav:"created"`
	Expires stamp  `dynamodbav:"expires,omitempty"`
}

func keyOf(k account.Key) keyItem {
	return keyItem{key: accessKey(k.Access), Account: string(k.Account), Access: k.Access, Kind: string(k.Kind), Name: k.Name, Created: stampOf(k.Created), Expires: stampOf(k.Expires)}
}

// value is the key without its hash.
func (i keyItem) value() account.Key {
	return account.Key{Access: i.Access, Account: porting.AccountID(i.Account), Kind: account.Kind(cmp.Or(i.Kind, string(account.Live))), Name: i.Name,
		Created: i.Created.time(), Expires: i.Expires.time()}
}

// ledgerItem is one change of a balance.
type ledgerItem struct {
	key
	Kind      string `dynamodbav:"kind"`
	Amount    int64  `dynamodbav:"amount_cents"` // negative for a charge
	Order     string `dynamodbav:"order,omitempty"`
	Reference string `dynamodbav:"reference,omitempty"`
	At        stamp  `dynamodbav:"at"`
}

func (i ledgerItem) value() account.Line {
	return account.Line{Place: strings.TrimPrefix(i.SK, "LEDGER#"), At: i.At.time(), Kind: account.LineKind(i.Kind), Amount: porting.Money(i.Amount),
		Order: porting.OrderID(i.Order), Reference: i.Reference}
}

// onceItem keeps a line of the ledger from being written a second time.
type onceItem struct {
	key
	Line string `dynamodbav:"line"`
}

// presetItem is a record that presets refer to.
type presetItem struct {
	key
	Kind     string            `dynamodbav:"kind"`
	Preset   string            `dynamodbav:"preset"`
	Fields   map[string]string `dynamodbav:"fields"`
	Created  stamp             `dynamodbav:"created"`
	Approved stamp             `dynamodbav:"approved,omitempty"`
	Rejected string            `dynamodbav:"rejected,omitempty"`
}

func presetOf(p account.Preset) presetItem {
	return presetItem{key: presetKey(p.Account, p.Ref), Kind: string(p.Kind), Preset: p.ID, Fields: maps.Clone(p.Fields),
		Created: stampOf(p.Created), Approved: stampOf(p.Approved), Rejected: p.Rejected}
}

func (i presetItem) value() account.Preset {
	return account.Preset{Ref: account.Ref{Kind: account.PresetKind(i.Kind), ID: i.Preset}, Account: porting.AccountID(strings.TrimPrefix(i.PK, "A#")),
		Fields: i.Fields, Created: i.Created.time(), Approved: i.Approved.time(), Rejected: i.Rejected}
}
