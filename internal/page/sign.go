package page

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"portway/internal/carrier"
	"portway/internal/porting"
	"portway/internal/text"
)

// signData is the screen of the letter of agency. It has the LOA and nothing beside it (47 CFR 64.1130(b)).
type signData struct {
	frame
	Mark        formMark
	Problems    []problem
	Facts       [][2]string
	Numbers     []string
	Words       porting.LOAWords
	Version     string // of the disclosures
	Submits     bool
	Signer, Job string // the name and the title, as they were typed
	Capacity    string
	Capacities  []choice
	Consent     bool
}

// choice is one of several values of a field.
type choice struct {
	Value, Label string
	Hint         string
	Chosen       bool
}

// problem is what is wrong with one field.
type problem struct{ Field, Words string }

// signs says whether the LOA can be signed now: to submit a pending order, to send a rejected one whose LOA says something
// else, or because a fresh one was asked for.
func (v *visit) signs() bool {
	o := v.order
	switch {
	case !porting.Open(o.Status, "Sign", porting.Customer):
		return false
	case o.Status == porting.Pending:
		return true
	case o.Status == porting.Rejected:
		return len(v.Book.Rules.SignatureNeeded(o, v.now)) > 0 || asksFor(o, porting.SignedLOA)
	}
	return o.Wanted(porting.SignedLOA)
}

// asksFor says that a reason of the present rejection asks for the paper.
func asksFor(o porting.Order, paper string) bool {
	return slices.ContainsFunc(o.Reasons, func(r porting.Reason) bool { return slices.Contains(r.Code.Info().Papers, paper) })
}

func showSign(_ context.Context, v *visit) (reply, error) { return v.sign(http.StatusOK, nil) }

func (v *visit) sign(status int, problems []problem) (reply, error) {
	if !v.signs() {
		return v.message(http.StatusConflict, titleNothingToSign, "The order needs no signature now.")
	}
	o := v.order
	o.Signature = v.Book.Rules.Draft(o)
	s := o.Signature
	d := signData{frame: v.frame(titleSign), Mark: v.mark("sign"), Problems: problems, Words: porting.LOAWordsOf(o),
		Version: s.Words, Submits: o.Status == porting.Pending || o.Status == porting.Rejected, Signer: v.form.Get("name"),
		Job: v.form.Get("title"), Capacity: v.form.Get("capacity"), Consent: v.form.Get("consent") != ""}
	d.Error = len(problems) > 0
	add := func(name, value string) {
		if value != "" {
			d.Facts = append(d.Facts, [2]string{name, value})
		}
	}
	l := s.LOA.WithAccountAddress()
	add("End user", l.BillingName)
	add("Company", l.Company)
	add("Service address", addressLine(l.Street, l.Street2, l.City, l.State, l.Zip, l.Country))
	add("Account address", addressLine(l.AccountStreet, l.AccountStreet2, l.AccountCity, l.AccountState, l.AccountZip, l.AccountCountry))
	add("Kind of service", string(l.UsageType))
	add("Current provider", l.Provider)
	add("Reseller", l.Reseller)
	add("New carrier", s.Operator.Name)
	if o.Kind == porting.TollFree {
		add("New RespOrg", s.Operator.RespOrg)
	}
	if l.BillingNumber != "" {
		add("Billing number", text.Number(l.BillingNumber))
	}
	for _, tn := range o.Active() {
		d.Numbers = append(d.Numbers, text.Number(tn))
	}
	d.Capacities = []choice{
		{Value: string(porting.Holder), Label: "I am the account holder"},
		{Value: string(porting.Authorized), Label: "The account holder has authorized me to sign"},
	}
	if _, ok := o.Newest(porting.LOADocument); ok { // a reseller signs on the end user's own LOA alone
		d.Capacities = append(d.Capacities, choice{Value: string(porting.Reseller), Label: "I am a reseller, and the end user has signed a letter of agency that is with this order"})
	}
	for i := range d.Capacities {
		d.Capacities[i].Chosen = d.Capacities[i].Value == d.Capacity
	}
	return v.show(status, "sign", d)
}

func addressLine(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func takeSignature(ctx context.Context, v *visit) (reply, error) {
	if v.changed() {
		return reply{}, errChanged
	}
	var problems []problem
	if v.text("name") == "" {
		problems = append(problems, problem{"name", "Type your full name."})
	}
	if v.text("title") == "" {
		problems = append(problems, problem{"title", "Type your title, such as owner."})
	}
	capacity := porting.Capacity(v.form.Get("capacity"))
	if !slices.Contains(porting.Capacities(), capacity) {
		problems = append(problems, problem{"capacity", "Say in what capacity you sign."})
	}
	if v.form.Get("consent") == "" {
		problems = append(problems, problem{"consent", "Tick the box if you agree to sign electronically."})
	}
	if len(problems) > 0 {
		return v.sign(http.StatusUnprocessableEntity, problems)
	}
	in, err := v.intake(ctx)
	if err != nil {
		return reply{}, err
	}
	err = v.do(ctx, porting.Sign{By: v.link.By(), Intake: in, Signature: porting.Signature{Name: v.text("name"), Title: v.text("title"),
		Capacity: capacity, IP: v.in.RequestContext.Identity.SourceIP}})
	if faults := faultsOf(err); len(faults) > 0 {
		for _, f := range faults {
			problems = append(problems, problem{fieldOfSignature(f.Field), f.Message})
		}
		return v.sign(http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return reply{}, err
	}
	r := v.to("")
	r.redirect += "?done=signed"
	return r, nil
}

// fieldOfSignature is the field of the form that a fault of the domain is about; another one stands at the top.
func fieldOfSignature(name string) string {
	return map[string]string{"signature_name": "name", "signature_title": "title", "signature_capacity": "capacity"}[name]
}

// intake reads what is known of the account and the carrier before a signature.
func (v *visit) intake(ctx context.Context) (porting.Intake, error) {
	acc, err := v.Accounts.Account(ctx, v.order.Account)
	if err != nil && !porting.Is(err, porting.NotFound) {
		return porting.Intake{}, err
	}
	in := porting.Intake{Funds: acc.Balance, FundsKnown: acc.ID != "", Strict: acc.Strict, Quiet: acc.Quiet}
	v.Carriers.Refresh(ctx)
	if p, ok := v.Carriers.Directory().OfOrder(v.order); ok {
		in.Carrier = p.Wants()
	}
	return in, nil
}

// resold says whether the provider resells numbers of the order's carrier.
func (v *visit) resold(provider string) bool {
	known, o := v.Carriers.Directory(), v.order
	network, _ := known.Find(o.Carrier.SPID, o.Wireless(), o.Carrier.Name)
	brand, _ := known.Find("", o.Wireless(), provider)
	return carrier.ResaleOf(network, brand, strings.TrimSpace(provider) != "") == carrier.IsResold
}
