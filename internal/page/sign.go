package page

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"portway/internal/carrier"
	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/text"
)

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

// sign is the screen of the letter of agency. It has the LOA and nothing beside it (47 CFR 64.1130(b)), in the language of
// the page (64.1130(h)).
func (v *visit) sign(status int, found []mistake) (reply, error) {
	if !v.signs() {
		return v.message(http.StatusConflict, v.Say("There is nothing to sign"), v.Say("The order needs no signature now."))
	}
	o := v.order
	o.Signature = v.Book.Rules.Draft(o)
	o.Signature.Language = v.Language()
	s := o.Signature
	var numbers []markup
	for _, tn := range o.Active() {
		numbers = append(numbers, el("li", text.Number(tn)))
	}
	count := strconv.Itoa(len(numbers))
	label := v.Say("Sign")
	if o.Status == porting.Pending || o.Status == porting.Rejected {
		label = v.Say("Sign and send")
	}
	loa := porting.LOAWordsOf(o)
	var consent []markup
	if len(loa.Disclosures) > 0 {
		consent = []markup{el("h2", v.Say("Electronic records and signatures"), " ",
			soft(v.Say("(disclosures, version {version})", "version", s.Words))), clauses(loa.Disclosures)}
	}
	return v.show(status, frame{title: v.Say("Read and sign the letter of agency"), wrong: len(found) > 0, bare: true, back: true},
		v.problems(found),
		el("h1", v.Say("Letter of agency")),
		facts(v.loaFacts(o)),
		el("h2", v.Say("Telephone numbers ({n})", "n", count)),
		folded(len(numbers) > manyNumbers, v.Say("Show all {n} numbers", "n", count), el("ul", class("list"), numbers)),
		el("h2", v.Say("Authorization")), clauses(loa.Authorization),
		all(consent...),
		el("h2", v.Say("Signature")),
		v.formOf("sign", append(v.signatureFields(hasOwn(o)), button(label))...))
}

// hasOwn says that the end user's own LOA is with the order: a reseller signs on that alone.
func hasOwn(o porting.Order) bool {
	_, ok := o.Newest(porting.LOADocument)
	return ok
}

// signatureFields ask for who signs, in what capacity, and the consent to sign electronically.
func (v *visit) signatureFields(reseller bool) []markup {
	capacities := []choice{{value: string(porting.Holder), label: v.Say("I am the account holder")},
		{value: string(porting.Authorized), label: v.Say("The account holder has authorized me to sign")}}
	if reseller {
		capacities = append(capacities, choice{value: string(porting.Reseller),
			label: v.Say("I am a reseller, and the end user has signed a letter of agency that is with this order")})
	}
	for i := range capacities {
		capacities[i].chosen = capacities[i].value == v.form.Get("capacity")
	}
	return []markup{hidden("language", string(v.Language())),
		input{id: "name", label: v.Say("Your full name"), value: v.form.Get("name"), auto: "name"}.html(),
		input{id: "title", label: v.Say("Your title"), value: v.form.Get("title"), auto: "organization-title",
			hints: []string{v.Say("Such as owner, or office manager.")}}.html(),
		radios("capacity", "capacity", v.Say("In what capacity do you sign?"), capacities),
		tick("consent", "yes", v.form.Get("consent") != "",
			v.Say("I have read the disclosures above, I can open PDF files, and I agree to sign this letter electronically.")),
		el("p", class("soft"), v.Say("You can print this page, sign it on paper, and send it as a document instead.")),
	}
}

// unsignedFields are what is missing in the fields of a signature.
func (v *visit) unsignedFields() []mistake {
	var found []mistake
	if v.text("name") == "" {
		found = append(found, mistake{"name", v.Say("Type your full name.")})
	}
	if v.text("title") == "" {
		found = append(found, mistake{"title", v.Say("Type your title, such as owner.")})
	}
	if !slices.Contains(porting.Capacities(), porting.Capacity(v.form.Get("capacity"))) {
		found = append(found, mistake{"capacity", v.Say("Say in what capacity you sign.")})
	}
	if v.form.Get("consent") == "" {
		found = append(found, mistake{"consent", v.Say("Tick the box if you agree to sign electronically.")})
	}
	if v.form.Get("language") != string(v.Language()) { // another window has changed it: another letter would be signed than was read
		found = append(found, mistake{"", v.Say("The language of this page has changed. Read the letter again before you sign it.")})
	}
	return found
}

// signature is the command that signs with what the fields have, for the person of the link.
func (v *visit) signature(by link.Link, in porting.Intake) porting.Sign {
	return porting.Sign{By: by.By(), Intake: in, Signature: porting.Signature{Name: v.text("name"), Title: v.text("title"),
		Capacity: porting.Capacity(v.form.Get("capacity")), IP: v.in.RequestContext.Identity.SourceIP, Language: v.Language()}}
}

// clauses are paragraphs with numbers.
func clauses(paragraphs []string) markup {
	var list []markup
	for _, p := range paragraphs {
		list = append(list, el("li", el("p", p)))
	}
	return el("ol", list)
}

// loaFacts are what the LOA says of the end user, the account and the carriers.
func (v *visit) loaFacts(o porting.Order) [][2]string {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	s := o.Signature
	l := s.LOA.WithAccountAddress()
	add(v.Say("End user"), l.BillingName)
	add(v.Say("Company"), l.Company)
	add(v.Say("Service address"), addressLine(l.Street, l.Street2, l.City, l.State, l.Zip, l.Country))
	add(v.Say("Account address"), addressLine(l.AccountStreet, l.AccountStreet2, l.AccountCity, l.AccountState, l.AccountZip, l.AccountCountry))
	add(v.Say("Kind of service"), v.Say(usages[l.UsageType]))
	add(v.Say("Current provider"), l.Provider)
	add(v.Say("Reseller"), l.Reseller)
	add(v.Say("New carrier"), s.Operator.Name)
	if o.Kind == porting.TollFree {
		add(v.Say("New RespOrg"), s.Operator.RespOrg)
	}
	if l.BillingNumber != "" {
		add(v.Say("Billing number"), text.Number(l.BillingNumber))
	}
	return rows
}

func addressLine(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func takeSignature(ctx context.Context, v *visit) (reply, error) {
	if v.changed() {
		return reply{}, errChanged
	}
	found := v.unsignedFields()
	if len(found) > 0 {
		return v.sign(http.StatusUnprocessableEntity, found)
	}
	err := v.do(ctx, v.signature(v.link, v.intake(ctx, v.order)))
	if faults := faultsOf(err); len(faults) > 0 {
		for _, f := range faults {
			found = append(found, mistake{fieldOfSignature(f.Field), v.fault(f)})
		}
		return v.sign(http.StatusUnprocessableEntity, found)
	}
	if err != nil {
		return reply{}, err
	}
	return v.done("signed"), nil
}

// fieldOfSignature is the field of the form that a fault of the domain is about; another one stands at the top.
func fieldOfSignature(name string) string {
	return map[string]string{"signature_name": "name", "signature_title": "title", "signature_capacity": "capacity"}[name]
}

// intake is what is known of the account and the carrier before a signature.
func (v *visit) intake(ctx context.Context, o porting.Order) porting.Intake {
	acc := v.account
	in := porting.Intake{Funds: acc.Balance, FundsKnown: acc.ID != "", Strict: acc.Strict, Quiet: acc.Quiet}
	v.Carriers.Refresh(ctx)
	if p, ok := v.Carriers.Directory().OfOrder(o); ok {
		in.Carrier = p.Wants()
	}
	return in
}

// resold says whether the provider resells numbers of the order's carrier.
func (v *visit) resold(provider string) bool {
	known, o := v.Carriers.Directory(), v.order
	network, _ := known.Find(o.Carrier.SPID, o.Wireless(), o.Carrier.Name)
	brand, _ := known.Find("", o.Wireless(), provider)
	return carrier.ResaleOf(network, brand, strings.TrimSpace(provider) != "") == carrier.IsResold
}
