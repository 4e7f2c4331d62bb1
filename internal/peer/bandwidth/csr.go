package bandwidth

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// RequestCSR asks for the record of the order's first number. Asking twice does no harm.
func (c *Client) RequestCSR(ctx context.Context, o porting.Order, pon porting.PON) (string, error) {
	res, err := c.send(ctx, false, http.MethodPost, "csrs", nil, known(o, pon))
	if err != nil {
		return "", err
	}
	if location := res.Header.Get("Location"); res.Status < 300 && location != "" && len(res.Body) == 0 {
		return path.Base(location), nil
	}
	answer, err := c.read(ctx, res, nil, "CsrResponse")
	if err != nil {
		return "", err
	}
	id := answer.text("OrderId")
	if location := res.Header.Get("Location"); id == "" && location != "" {
		id = path.Base(location)
	}
	if id == "" {
		return "", c.down("an answer without a CSR id")
	}
	return id, nil
}

// FindCSR looks for a request with our reference among those of the days since then. A list that can't be had is none:
// asking again does no harm.
func (c *Client) FindCSR(ctx context.Context, pon porting.PON, since time.Time) (ref string, ok bool, err error) {
	query := url.Values{"page": {"1"}, "size": {"500"},
		"modifiedDateFrom": {since.AddDate(0, 0, -1).UTC().Format(time.DateOnly)}}
	for range maxPages {
		res, err := c.send(ctx, true, http.MethodGet, "csrs", query, nil)
		if err != nil || res.Status == http.StatusNoContent {
			return "", false, err
		}
		list, err := c.read(ctx, res, nil, "CsrResponses")
		if errors.As(err, new(*peer.Denied)) {
			return "", false, nil
		}
		if err != nil {
			return "", false, err
		}
		for _, row := range list.all("CsrResponse") {
			if id := row.text("OrderId"); id != "" && row.text("CustomerOrderId") == string(pon) &&
				canonical(row.text("Status")) != "CANCELLED" {
				return id, true, nil
			}
		}
		next := nextPage(list)
		if next == "" || next == query.Get("page") {
			return "", false, nil
		}
		query.Set("page", next)
	}
	return "", false, nil
}

// ReadCSR reads the record. FAILED is normal: most carriers give no record at once. A record that has come counts,
// whatever errors stand beside it. Why there is none, or what is lacking, stands among the errors, or else in a note.
func (c *Client) ReadCSR(ctx context.Context, ref string) (porting.Record, porting.AnswerState, string, error) {
	res, err := c.send(ctx, true, http.MethodGet, "csrs/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return porting.Record{}, porting.AnswerNone, "", err
	}
	answer, err := c.read(ctx, res, nil, "CsrResponse")
	if err != nil {
		return porting.Record{}, porting.AnswerNone, "", err
	}
	said := porting.Quote(answer.text("Status"))
	switch canonical(said) {
	case "COMPLETE", "COMPLETED":
		if data := answer.at("CsrData"); len(data.Nodes) > 0 {
			return record(data), porting.AnswerReady, said, nil
		}
		return porting.Record{}, porting.AnswerNoRecord, c.why(ctx, ref, said, answer), nil
	case "FAILED", "CANCELLED":
		return porting.Record{}, porting.AnswerNoRecord, c.why(ctx, ref, said, answer), nil
	case "ACTION_REQUIRED":
		return porting.Record{}, porting.AnswerLacking, c.why(ctx, ref, said, answer), nil
	case "":
		return porting.Record{}, porting.AnswerNone, "", c.down("a CSR without a status")
	}
	return porting.Record{}, porting.AnswerWaiting, said, nil
}

// why adds to what is said the errors, or where there are none the newest note.
func (c *Client) why(ctx context.Context, ref, said string, answer node) string {
	var texts []string
	for _, f := range faults(answer) {
		texts = append(texts, strings.TrimSpace(porting.Quote(f.text)+" ("+f.code+")"))
	}
	if len(texts) > 0 {
		return said + ": " + strings.Join(texts, "; ")
	}
	all, err := c.notes(ctx, "csrs/"+url.PathEscape(ref))
	if err != nil || len(all) == 0 || all[len(all)-1].Text == "" {
		return said // the state stands without it
	}
	return said + ": " + all[len(all)-1].Text
}

// SupplyCSR gives a request in ACTION_REQUIRED what our order has and the request lacks; sent is false when there is
// nothing to give, or the request wants nothing. Doing it twice is harmless.
func (c *Client) SupplyCSR(ctx context.Context, ref string, o porting.Order) (sent bool, err error) {
	res, err := c.send(ctx, true, http.MethodGet, "csrs/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return false, err
	}
	have, err := c.read(ctx, res, nil, "CsrResponse")
	if err != nil || canonical(have.text("Status")) != "ACTION_REQUIRED" {
		return false, err
	}
	in := known(o, porting.PON(have.text("CustomerOrderId")))
	in.CustomerCode, in.Password = have.text("CustomerCode"), have.text("EndUserPassword")
	lacking := false
	for name, give := range map[string]*string{
		"AccountNumber": &in.AccountNumber, "AccountTelephoneNumber": &in.AccountTN, "EndUserName": &in.EndUser,
		"AuthorizingUserName": &in.Authorizing,
		"EndUserPIN":          &in.PIN, "AddressLine1": &in.Address, "City": &in.City, "State": &in.State, "ZIPCode": &in.Zip,
		"TypeOfService": &in.Service,
	} {
		switch there := have.text(name); {
		case *give == "":
			*give = there // what the PUT leaves out may be lost
		case *give != there:
			lacking = true
		}
	}
	if !lacking {
		return false, nil
	}
	res, err = c.send(ctx, true, http.MethodPut, "csrs/"+url.PathEscape(ref), nil, in)
	if err != nil {
		return false, err
	}
	if res.Status >= 300 {
		return false, c.denied(ctx, res, nil)
	}
	if len(strings.TrimSpace(string(res.Body))) > 0 {
		_, err = c.read(ctx, res, nil, "CsrResponse")
	}
	return err == nil, err
}

// known returns what our order knows about the account, as a request for the record.
func known(o porting.Order, pon porting.PON) csr {
	d, tns := o.Details, o.Active()
	in := csr{
		AccountNumber: d.ProviderAccount.Reveal(), AccountTN: ten(d.BillingNumber), Authorizing: cut(d.BillingName, 100),
		EndUser: cmp.Or(cut(d.Company, 100), cut(d.BillingName, 100)), PIN: cut(d.PIN.Reveal(), 50),
		Address: cut(d.Street+" "+d.Street2, 200), City: cut(d.City, 100), State: d.State, Zip: d.Zip,
		Service: string(d.UsageType), CustomerOrderID: string(pon),
	}
	if len(tns) > 0 {
		in.WorkingTN = ten(tns[0])
	}
	if len([]rune(in.AccountNumber)) > 20 { // the wire's limit; half an account number is a wrong one
		in.AccountNumber = ""
	}
	return in
}

// record is the carrier's record, which has the address in one line or in parts.
func record(data node) porting.Record {
	place := addressOf(data.at("ServiceAddress"))
	r := porting.Record{
		Name: data.text("CustomerName"), Street: cmp.Or(data.text("ServiceAddress", "UnparsedAddress"), place.line()),
		City: place.City, State: place.State, Zip: place.Zip, AccountNumber: porting.NewSecret(data.text("AccountNumber")),
	}
	if place.PlusFour != "" {
		r.Zip += "-" + place.PlusFour
	}
	if btn := data.text("BillingTelephoneNumber"); btn != "" {
		r.BTN = e164(btn)
	}
	for _, tn := range data.texts("WorkingTelephoneNumbersOnAccount", "TelephoneNumber") {
		r.Numbers = append(r.Numbers, e164(tn))
	}
	return r
}
