package page

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/text"
)

// A create call may become several orders, one for each carrier. The person of one of them gets mail about all, so that
// the code opens the list of the others too, each with its own link, and one act signs all their letters.

// groupTime is how long one request signs orders; the rest waits for the next one. The gateway ends a request after 29
// seconds.
const groupTime = 15 * time.Second

// grouped says that the order may have others beside it, and that the link is the person's own of the mails, which has others
// beside it too. A link that the account has made opens its one order, with its scope and until its end.
func (v *visit) grouped() bool {
	return v.order.Group != "" && v.link.To != "" && v.link.ID == link.IDOf(v.order.ID, v.link.To)
}

// group reads the orders of the group, those of the link's account alone.
func (v *visit) group(ctx context.Context) ([]porting.Order, error) {
	if !v.grouped() {
		return nil, nil
	}
	_, orders, err := v.Book.Store.Group(ctx, v.order.Group)
	if porting.Is(err, porting.NotFound) {
		return nil, nil
	}
	return slices.DeleteFunc(orders, func(o porting.Order) bool { return o.Account != v.order.Account }), err
}

// showGroup lists the orders of the group with their states.
func showGroup(ctx context.Context, v *visit) (reply, error) {
	if !v.grouped() {
		return reply{}, errNothing
	}
	return v.groupPage(ctx, http.StatusOK, "")
}

func (v *visit) groupPage(ctx context.Context, status int, done string) (reply, error) {
	orders, err := v.group(ctx)
	if err != nil {
		return reply{}, err
	}
	title := v.Say("All orders of this group")
	page := []markup{}
	if done != "" {
		page = append(page, el("p", class("done"), at("role", "status"), done))
	}
	said := v.Say("This is the only order of its group.")
	if len(orders) > 1 {
		said = v.Say("Your numbers are with several carriers, so that each of these orders goes its own way.")
	}
	page = append(page, el("h1", title), para(said))
	unsigned := 0
	for _, o := range orders {
		if o.Status == porting.Pending {
			unsigned++
		}
		name := o.Details.Provider
		if name == "" {
			name = o.Carrier.Name
		}
		rows := [][2]string{{v.Say("Order number"), string(o.ID)}, {v.Say("Current carrier"), name}}
		if o.FOC != "" {
			rows = append(rows, [2]string{v.Say("Day of the move"), v.Day(o.FOC)})
		}
		part := []any{el("h2", v.Say(headings[o.Status])), facts(slices.DeleteFunc(rows, func(row [2]string) bool { return row[1] == "" }))}
		if o.ID == v.order.ID {
			part = append(part, el("p", hyperlink(v.path, v.Say("Open this order"))))
		} else {
			part = append(part, v.formOf("group", hidden("order", string(o.ID)), second(v.Say("Open this order"))))
		}
		page = append(page, el("section", part...))
	}
	if unsigned > 1 && v.link.Allows(link.Sign, v.order, v.now) {
		page = append(page, el("p", hyperlink(v.path+"/sign-all", v.Say("Read and sign all that wait for your signature"), class("button"))))
	}
	return v.show(status, frame{title: title, back: true}, page...)
}

// takeGroup leads to the page of another order of the group, by that order's own link of the same person.
func takeGroup(ctx context.Context, v *visit) (reply, error) {
	orders, err := v.group(ctx)
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(orders, func(o porting.Order) bool { return string(o.ID) == v.form.Get("order") })
	if i < 0 {
		return reply{}, errNothing
	}
	_, token, err := v.Links.ForMail(ctx, orders[i], v.link.To)
	if porting.Is(err, porting.NotFound) { // it was taken back
		return reply{}, errNothing
	}
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusSeeOther, redirect: v.prefix(v.in) + "/p/" + token.Reveal()}, nil
}

// unsigned reads the orders of the group that wait for a signature, whole, but for those of which the person's link was taken
// back.
func (v *visit) unsigned(ctx context.Context) ([]porting.Order, error) {
	heads, err := v.group(ctx)
	if err != nil {
		return nil, err
	}
	var all []porting.Order
	for _, o := range heads {
		if o.Status != porting.Pending {
			continue
		}
		by, err := v.Links.Store.Link(ctx, o.ID, link.IDOf(o.ID, v.link.To))
		switch {
		case porting.Is(err, porting.NotFound): // it is made with the first mail about the order, or with the signature
		case err != nil:
			return nil, err
		case !by.Allows(link.Sign, o, v.now):
			continue
		}
		if o, err = v.Book.Store.Load(ctx, o.ID); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

func showSignAll(ctx context.Context, v *visit) (reply, error) {
	return v.signAll(ctx, http.StatusOK, nil)
}

// signAll is the screen of the letters of all orders that wait for a signature, one below the other. Each letter has its own
// facts, numbers and authorization; the disclosures are the same for all.
func (v *visit) signAll(ctx context.Context, status int, found []mistake) (reply, error) {
	orders, err := v.unsigned(ctx)
	if err != nil {
		return reply{}, err
	}
	if len(orders) == 0 {
		return v.message(http.StatusConflict, v.Say("There is nothing to sign"), v.Say("No order of this group waits for your signature."))
	}
	page := []markup{v.problems(found), el("h1", v.Say("Letters of agency"))}
	var loa porting.LOAWords
	var version string
	var form []markup
	for _, o := range orders {
		form = append(form, hidden("order", string(o.ID)+" "+strconv.FormatInt(o.Version, 10)))
		o.Signature = v.Book.Rules.Draft(o)
		o.Signature.Language = v.Language()
		loa, version = porting.LOAWordsOf(o), o.Signature.Words
		var numbers []markup
		for _, tn := range o.Active() {
			numbers = append(numbers, el("li", text.Number(tn)))
		}
		count := strconv.Itoa(len(numbers))
		page = append(page, el("section", el("h2", v.Say("Letter of agency for order {order}", "order", string(o.ID))), facts(v.loaFacts(o)),
			el("h3", v.Say("Telephone numbers ({n})", "n", count)),
			folded(len(numbers) > manyNumbers, v.Say("Show all {n} numbers", "n", count), el("ul", class("list"), numbers)),
			el("h3", v.Say("Authorization")), clauses(loa.Authorization)))
	}
	if len(loa.Disclosures) > 0 {
		page = append(page, el("h2", v.Say("Electronic records and signatures"), " ",
			soft(v.Say("(disclosures, version {version})", "version", version))), clauses(loa.Disclosures))
	}
	page = append(page, el("h2", v.Say("Signature")), para(v.Say("Your signature is set under each of the letters above.")),
		v.formOf("sign-all", append(form, append(v.signatureFields(false), button(v.Say("Sign and send all")))...)...))
	return v.show(status, frame{title: v.Say("Read and sign the letters of agency"), wrong: len(found) > 0, bare: true, back: true}, page...)
}

// takeSignatures signs each letter that the screen has shown, as it was shown. What one order refuses keeps no other back.
func takeSignatures(ctx context.Context, v *visit) (reply, error) {
	found := v.unsignedFields()
	if len(found) > 0 {
		return v.signAll(ctx, http.StatusUnprocessableEntity, found)
	}
	orders, err := v.unsigned(ctx)
	if err != nil {
		return reply{}, err
	}
	shown := v.form["order"]
	ends, signed, skipped := time.Now().Add(groupTime), 0, 0
	for _, o := range orders {
		if !slices.Contains(shown, string(o.ID)+" "+strconv.FormatInt(o.Version, 10)) || time.Now().After(ends) {
			skipped++ // it was not shown like this, or the time is over: the screen shows it again
			continue
		}
		by, _, err := v.Links.ForMail(ctx, o, v.link.To)
		if porting.Is(err, porting.NotFound) { // it was taken back just now
			continue
		}
		if err != nil {
			return reply{}, err
		}
		_, err = v.Book.Apply(ctx, o, v.signature(by, v.intake(ctx, o)))
		err = v.rivalled(ctx, o.ID, err)
		var refused *porting.Error
		switch {
		case err == nil:
			signed++
		case errors.As(err, &refused):
			said := v.sentence(refused.Message)
			for _, f := range refused.Faults {
				said += " " + v.fault(f)
			}
			found = append(found, mistake{"", v.Say("Order {order}: {why}", "order", string(o.ID), "why", said)})
		default:
			return reply{}, err
		}
	}
	if skipped > 0 {
		found = append(found, mistake{"", v.Say("Some letters have changed since you opened this page, or were not reached. Read and sign them.")})
	}
	switch {
	case len(found) > 0:
		return v.signAll(ctx, http.StatusUnprocessableEntity, found)
	case signed == 0: // the second click of one button
		return v.to("group"), nil
	}
	return v.groupPage(ctx, http.StatusOK, v.Say("Thank you. You have signed {n|count letter}.", "n", strconv.Itoa(signed)))
}
