package page

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"portway/internal/porting"
)

// corrects says whether a person can correct the order and send it again.
func (v *visit) corrects() bool { return v.order.Status == porting.Rejected }

func showCorrect(_ context.Context, v *visit) (reply, error) { return v.correct(http.StatusOK, nil) }

// correct is the screen of a rejected order: each reason with what is wrong, and the fields that resolve it.
func (v *visit) correct(status int, faults porting.Faults) (reply, error) {
	if !v.corrects() {
		return v.message(http.StatusConflict, v.Say("There is nothing to correct"), v.Say("The order has nothing to correct now."))
	}
	wrong := map[string]string{}
	var found []mistake
	for _, f := range faults {
		wrong[f.Field] = v.fault(f)
		found = append(found, mistake{idOf(f.Field), v.fault(f)})
	}
	label := v.Say("Send the order again")
	if v.signs() {
		label = v.Say("Save and go on to sign")
	}
	var sections []markup
	shown := map[string]bool{}
	for _, reason := range v.order.Reasons {
		sections = append(sections, v.reason(reason, wrong, shown))
	}
	title := v.Say("Correct your order")
	return v.show(status, frame{title: title, wrong: len(faults) > 0, back: true}, v.problems(found), el("h1", title),
		v.formOf("correct", append(sections, button(label))...))
}

// reason is one reason of the rejection, with its fields. One field of two reasons stands with the first of them.
func (v *visit) reason(reason porting.Reason, wrong map[string]string, shown map[string]bool) markup {
	info := reason.Code.Info()
	parts := []markup{el("h2", v.Translate(info.Title)), para(v.Translate(v.order.Meaning(reason)))}
	if len(reason.Numbers) > 0 {
		parts = append(parts, para(v.Say("This is about {numbers|numbers}.", "numbers", strings.Join(reason.Numbers, ","))))
	}
	parts = append(parts, para(v.Message(reason.Note)), para(v.Translate(v.order.Advice(reason))))
	if info.Fix == porting.ByCarrier {
		parts = append(parts, el("p", class("note"),
			v.Say("Only your current carrier can do this. Ask it to, and send the order again when it is done.")))
	}
	for _, paper := range info.Papers {
		if paper != porting.SignedLOA {
			parts = append(parts, el("p", v.Say("Needed before you send the order again: {paper}.", "paper", v.Say(documentNames[porting.KindOf(paper)])),
				" ", hyperlink(v.path+"/upload", v.Say("Send us the document"))))
		}
	}
	ready := v.Book.Rules.Takable(v.order, v.order.FixValues(reason), v.now)
	for _, name := range fieldsOf(info, ready) {
		if !shown[name] {
			shown[name] = true
			parts = append(parts, v.field(name, ready, wrong[name]))
		}
	}
	return el("section", []markup{all(parts...)})
}

// fieldsOf are the details that resolve a reason, in the wire's order, as far as a person can type them.
func fieldsOf(info porting.ReasonInfo, ready map[string]string) []string {
	wanted := append(slices.Collect(maps.Keys(ready)), info.Fields...)
	return slices.DeleteFunc(porting.DetailFields(), func(name string) bool {
		row, _ := porting.DetailRow(name)
		return !slices.Contains(wanted, name) || row.Flag(&porting.Details{}) != nil || row.List
	})
}

// field is a field of the form. A secret shows no value, and keeps the one that it has when it is left empty.
func (v *visit) field(name string, ready map[string]string, wrong string) markup {
	row, _ := porting.DetailRow(name)
	f := input{id: idOf(name), name: "f_" + name, label: upper(v.withoutArticle(v.Field(name))), wrong: wrong, auto: autocomplete[name]}
	if hint := hints[name]; hint != "" {
		f.hints = append(f.hints, v.Say(hint))
	}
	details := v.order.Details
	if s := row.Secret(&details); s != nil {
		f.auto = "off"
		if s.IsSet() {
			f.hints = append(f.hints, v.Say("You gave one, which we do not show."))
		}
		return f.html()
	}
	given := row.Value(details)
	f.value = given
	if value, ok := ready[name]; ok && value != given {
		f.value = value
		f.hints = append(f.hints, v.Say("You gave “{given}”. Your carrier has “{theirs}”, which is filled in.", "given", given, "theirs", value))
	}
	if v.form.Has("f_" + name) {
		f.value = v.form.Get("f_" + name)
	}
	return f.html()
}

// withoutArticle leaves the article of a name out, which stands before it in sentences.
func (s sheet) withoutArticle(name string) string {
	for _, article := range map[porting.Language][]string{
		porting.English: {"the "},
		porting.Spanish: {"el ", "la ", "los ", "las "},
		porting.French:  {"le ", "la ", "les ", "l’"},
	}[s.Language()] {
		if rest, ok := strings.CutPrefix(name, article); ok {
			return rest
		}
	}
	return name
}

// idOf is the id of a field in the HTML.
func idOf(name string) string { return "f-" + strings.NewReplacer("/", "-", "_", "-").Replace(name) }

// takeCorrection changes what the person has changed, and sends the order again. Where the LOA has to be signed first, the
// signature sends it.
func takeCorrection(ctx context.Context, v *visit) (reply, error) {
	if v.changed() {
		return reply{}, errChanged
	}
	if !v.corrects() {
		return v.correct(http.StatusOK, nil)
	}
	edit := porting.Edit{By: v.link.By(), To: v.order.Details}
	for _, name := range v.correctable() {
		value, given := strings.TrimSpace(v.form.Get("f_"+name)), v.form.Has("f_"+name)
		row, _ := porting.DetailRow(name)
		secret := row.Secret(&edit.To) != nil
		if !given || secret && value == "" || !secret && value == row.Value(v.order.Details) {
			continue
		}
		edit.To.Set(name, value)
		edit.Fields = append(edit.Fields, name)
	}
	if len(edit.Fields) > 0 {
		if slices.Contains(edit.Fields, "provider") {
			v.Carriers.Refresh(ctx)
			edit.Resold = v.resold(edit.To.Provider)
		}
		err := v.do(ctx, edit)
		if faults := faultsOf(err); len(faults) > 0 {
			return v.correct(http.StatusUnprocessableEntity, faults)
		}
		if err != nil {
			return reply{}, err
		}
	}
	if v.signs() {
		return v.to("sign"), nil
	}
	if _, err := v.Book.Apply(ctx, v.order, porting.Resubmit{By: v.link.By()}); err != nil {
		err = v.rivalled(ctx, v.order.ID, err)
		if faults := faultsOf(err); len(faults) > 0 {
			return v.correct(http.StatusUnprocessableEntity, faults)
		}
		return reply{}, err
	}
	return v.done("sent"), nil
}

// correctable are the details that the form of the present reasons has.
func (v *visit) correctable() []string {
	var all []string
	for _, reason := range v.order.Reasons {
		ready := v.Book.Rules.Takable(v.order, v.order.FixValues(reason), v.now)
		all = append(all, fieldsOf(reason.Code.Info(), ready)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
