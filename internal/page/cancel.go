package page

import (
	"context"
	"net/http"
	"strings"

	"portway/internal/link"
	"portway/internal/porting"
)

// cancels says whether the order has not gone to the carrier, so that it ends at once and for nothing.
func (v *visit) cancels() bool { return porting.Open(v.order.Status, "Cancel", porting.Customer) }

// showCancel says what the end of the order costs, and until when it can be had.
func showCancel(_ context.Context, v *visit) (reply, error) {
	title := v.Say("Cancel this order")
	said := para(v.Say("It costs nothing. Nothing changes at your current carrier: your numbers stay there, and stay in service."))
	label, fee := v.Say("Cancel the order"), porting.Money(0)
	if !v.cancels() {
		plan, err := v.Book.Rules.PlanChange(v.order, porting.Wish{Kind: porting.WishCancel}, v.now)
		if err != nil {
			return v.refused(err)
		}
		fee = plan.Fee
		said = v.costs(plan)
		if plan.Way != porting.WayAtOnce {
			label = v.Say("Ask your carrier to cancel it")
			said = all(para(v.Say("Your carrier has the request already and has to let it go. Your numbers stay in service at your current carrier.")), said)
		}
	}
	return v.show(http.StatusOK, frame{title: title, back: true}, el("h1", title), said,
		v.formOf("cancel", accepts(fee), button(label)), el("p", hyperlink(v.path, v.Say("Keep the order"))))
}

func takeCancel(ctx context.Context, v *visit) (reply, error) {
	if v.cancels() {
		if err := v.do(ctx, porting.Cancel{By: v.link.By()}); err != nil {
			return reply{}, err
		}
		return v.done("cancelled"), nil
	}
	if err := v.ask(ctx, porting.Wish{Kind: porting.WishCancel}); err != nil {
		return reply{}, err
	}
	if v.order.Status.Terminal() {
		return v.done("cancelled"), nil
	}
	return v.done("asked"), nil
}

// backs says whether the numbers can go back to the carrier that had them: for a day after they have moved.
func (v *visit) backs() bool {
	return v.order.Status == porting.Completed && v.now.Before(v.Book.Rules.SnapbackUntil(v.order)) &&
		v.order.Desk.Key != porting.MsgAskSnapback && v.link.Allows(link.Cancel, v.order, v.now)
}

func showBack(_ context.Context, v *visit) (reply, error) { return v.back(http.StatusOK, nil) }

// back is the screen on which the holder asks that the numbers go back.
func (v *visit) back(status int, found []mistake) (reply, error) {
	if !v.backs() {
		return v.message(http.StatusConflict, v.Say("The numbers can't go back here"),
			v.Say("Numbers go back to the carrier that had them within 24 hours of their move, once. After that the other carrier has to order a port."))
	}
	title := v.Say("Have the numbers moved back to your old carrier")
	return v.show(status, frame{title: title, wrong: len(found) > 0, back: true}, v.problems(found), el("h1", title),
		para(v.Say("All numbers of the order that have moved go back to the carrier that had them, if it takes them. You can ask for "+
			"that until {time}. Our porting desk arranges it.", "time", v.time(v.Book.Rules.SnapbackUntil(v.order)))),
		v.formOf("back",
			input{id: "reason", label: v.Say("Why are the numbers to go back?"), value: v.form.Get("reason"),
				hints: []string{v.Say("A few words for the carrier, such as: the calls do not arrive.")}}.html(),
			tick("holder", "yes", v.form.Get("holder") != "", v.Say("I hold these numbers, or ask for their holder")),
			button(v.Say("Ask for it"))))
}

func takeBack(ctx context.Context, v *visit) (reply, error) {
	if !v.backs() {
		return v.back(http.StatusOK, nil)
	}
	err := v.do(ctx, porting.AskSnapback{By: v.link.By(), HolderAsks: v.form.Get("holder") != "", Why: strings.TrimSpace(v.form.Get("reason"))})
	if faults := faultsOf(err); len(faults) > 0 {
		var found []mistake
		for _, f := range faults {
			found = append(found, mistake{map[string]string{"reason": "reason", "holder_asks": "holder"}[f.Field], v.fault(f)})
		}
		return v.back(http.StatusUnprocessableEntity, found)
	}
	if err != nil {
		return reply{}, err
	}
	return v.done("back"), nil
}
