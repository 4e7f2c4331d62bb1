package bandwidth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// RequestCSR asks for the record of the order's first number. Asking twice does no harm.
func (c *Client) RequestCSR(ctx context.Context, o porting.Order, pon porting.PON) (string, error) {
	in := csr{csrIn: known(o, string(pon))}
	res, err := c.send(ctx, false, http.MethodPost, "csrs", nil, in)
	if err != nil {
		return "", err
	}
	if res.Status >= 300 {
		return "", c.denied(res)
	}
	var answer csrResponse
	if err := c.read(res, &answer); err != nil {
		return "", err
	}
	if answer.OrderID == "" {
		return "", c.down("an answer without a CSR id")
	}
	return answer.OrderID, nil
}

// FindCSR looks for a request with our reference among those of the days since then. A list that can't be had is none: asking
// again does no harm.
func (c *Client) FindCSR(ctx context.Context, pon porting.PON, since time.Time) (ref string, ok bool, err error) {
	query := url.Values{"page": {"1"}, "size": {"500"}, "modifiedDateFrom": {since.AddDate(0, 0, -1).UTC().Format(time.DateOnly)}}
	res, err := c.send(ctx, true, http.MethodGet, "csrs", query, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return "", false, err
	}
	var list csrResponses
	err = c.read(res, &list)
	if errors.As(err, new(*peer.Denied)) {
		return "", false, nil
	}
	for _, r := range list.Rows {
		if r.CustomerOrderID == string(pon) && r.OrderID != "" && r.Status != "CANCELLED" {
			return r.OrderID, true, err
		}
	}
	return "", false, err
}

// ReadCSR reads the record. FAILED is normal: most carriers give no record at once.
func (c *Client) ReadCSR(ctx context.Context, ref string) (porting.Record, porting.AnswerState, string, error) {
	res, err := c.send(ctx, true, http.MethodGet, "csrs/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return porting.Record{}, porting.AnswerNone, "", err
	}
	var answer csrResponse
	if err := c.read(res, &answer); err != nil {
		return porting.Record{}, porting.AnswerNone, "", err
	}
	said := porting.Quote(answer.Status)
	switch answer.Status {
	case "COMPLETE":
		if answer.Data == nil {
			return porting.Record{}, porting.AnswerNoRecord, said, nil
		}
		return record(*answer.Data), porting.AnswerReady, said, nil
	case "FAILED", "CANCELLED":
		return porting.Record{}, porting.AnswerNoRecord, c.why(ctx, ref, said), nil
	case "ACTION_REQUIRED":
		return porting.Record{}, porting.AnswerLacking, c.why(ctx, ref, said), nil
	case "":
		return porting.Record{}, porting.AnswerNone, "", c.down("a CSR without a status")
	}
	return porting.Record{}, porting.AnswerWaiting, said, nil
}

// why adds the newest note to what is said: what a request lacks, or why it failed, stands nowhere else.
func (c *Client) why(ctx context.Context, ref, said string) string {
	all, err := c.notes(ctx, "csrs/"+url.PathEscape(ref))
	if err != nil || len(all) == 0 || all[len(all)-1].Text == "" {
		return said // the state stands without it
	}
	return said + ": " + all[len(all)-1].Text
}

// SupplyCSR gives a request in ACTION_REQUIRED what our order has and the request lacks; sent is false when there is nothing to
// give, or the request wants nothing. Secrets may not be shown by the peer: they count as lacking, and doing it twice is harmless.
func (c *Client) SupplyCSR(ctx context.Context, ref string, o porting.Order) (sent bool, err error) {
	res, err := c.send(ctx, true, http.MethodGet, "csrs/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return false, err
	}
	var have csrResponse
	if err := c.read(res, &have); err != nil || have.Status != "ACTION_REQUIRED" {
		return false, err
	}
	in := csr{csrIn: known(o, have.CustomerOrderID)}
	lacking := false
	for _, f := range []struct{ give, have *string }{
		{&in.AccountNumber, &have.AccountNumber}, {&in.AccountTN, &have.AccountTN}, {&in.EndUser, &have.EndUser}, {&in.Authorizing, &have.Authorizing},
		{&in.PIN, &have.PIN}, {&in.Address, &have.Address}, {&in.City, &have.City}, {&in.State, &have.State}, {&in.Zip, &have.Zip}, {&in.Service, &have.Service},
	} {
		if *f.give == "" {
			*f.give = *f.have // what the PUT leaves out may be lost
		} else if *f.give != *f.have {
			lacking = true
		}
	}
	if !lacking {
		return false, nil
	}
	res, err = c.send(ctx, true, http.MethodPut, "csrs/"+url.PathEscape(ref), nil, in)
	if err == nil && res.Status >= 300 {
		return false, c.denied(res)
	}
	return err == nil, err
}

// known is what our order can say about the account.
func known(o porting.Order, pon string) csrIn {
	d, tns := o.Details, o.Active()
	in := csrIn{
		AccountNumber: d.ProviderAccount.Reveal(), AccountTN: ten(d.BillingNumber), EndUser: cut(d.Company, 100), Authorizing: cut(d.BillingName, 100),
		PIN: d.PIN.Reveal(), Address: cut(d.Street+" "+d.Street2, 200), City: cut(d.City, 100), State: d.State, Zip: d.Zip,
		Service: string(d.UsageType), CustomerOrderID: pon,
	}
	if len(tns) > 0 {
		in.WorkingTN = ten(tns[0])
	}
	if in.EndUser == "" {
		in.EndUser = in.Authorizing
	}
	if len([]rune(in.AccountNumber)) > 20 { // the wire's limit; half an account number is a wrong one
		in.AccountNumber = ""
	}
	return in
}

// record is the carrier's record, which has the address in one line or in parts.
func record(d csrData) porting.Record {
	r := porting.Record{Name: d.Customer, Street: d.Address.Unparsed, City: d.Address.City, State: d.Address.StateShort, Zip: d.Address.Zip,
		AccountNumber: porting.NewSecret(d.AccountNumber)}
	if r.Street == "" {
		r.Street = d.Address.line()
	}
	if r.State == "" {
		r.State = d.Address.State
	}
	if d.Address.PlusFour != "" {
		r.Zip += "-" + d.Address.PlusFour
	}
	if d.BTN != "" {
		r.BTN = e164(d.BTN)
	}
	for _, tn := range d.Numbers {
		r.Numbers = append(r.Numbers, e164(tn))
	}
	return r
}
