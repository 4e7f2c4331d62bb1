package page

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"portway/internal/porting"
	"portway/internal/text"
)

// correctData is the screen of a rejected order: each reason with what is wrong, and the fields that resolve it.
type correctData struct {
	frame
	Mark     formMark
	Problems []problem
	Reasons  []reasonData
	Signs    bool // the LOA is signed next
}

// reasonData is one reason of the rejection.
type reasonData struct {
	Title, Meaning, Do, Note string
	Numbers                  string
	ByCarrier                bool
	Papers                   []string // what has to be uploaded
	Fields                   []fieldData
}

// fieldData is a field of the form. A secret shows no value; an empty field keeps it.
type fieldData struct {
	Name, ID, Label, Hint string
	Value                 string
	Given, Theirs         string
	Secret                bool
	Set                   bool // a secret is there
	Auto                  string
	Problem               string
}

// corrects says whether a person can correct the order and send it again.
func (v *visit) corrects() bool { return v.order.Status == porting.Rejected }

func showCorrect(_ context.Context, v *visit) (reply, error) { return v.correct(http.StatusOK, nil) }

func (v *visit) correct(status int, faults porting.Faults) (reply, error) {
	if !v.corrects() {
		return v.message(http.StatusConflict, titleNothingToCorrect, "The order has nothing to correct now.")
	}
	d := correctData{frame: v.frame(titleCorrect), Mark: v.mark("correct")}
	d.Error = len(faults) > 0
	wrong := map[string]string{}
	for _, f := range faults {
		wrong[f.Field] = f.Message
		d.Problems = append(d.Problems, problem{idOf(f.Field), f.Message})
	}
	shown := map[string]bool{}
	for _, reason := range v.order.Reasons {
		info := reason.Code.Info()
		r := reasonData{Title: info.Title, Meaning: v.order.Meaning(reason), Do: v.order.Advice(reason),
			Note: text.English.Message(reason.Note), Numbers: numbersOf(reason.Numbers), ByCarrier: info.Fix == porting.ByCarrier}
		for _, paper := range info.Papers {
			if paper != porting.SignedLOA {
				r.Papers = append(r.Papers, documentNames[porting.KindOf(paper)])
			}
		}
		ready := v.Book.Rules.Takable(v.order, v.order.FixValues(reason), v.now)
		for _, name := range fieldsOf(info, ready) {
			if !shown[name] { // one field for two reasons stands with the first of them
				shown[name] = true
				r.Fields = append(r.Fields, v.field(name, ready, wrong[name]))
			}
		}
		d.Reasons = append(d.Reasons, r)
	}
	d.Signs = v.signs()
	return v.show(status, "correct", d)
}

// fieldsOf are the details that resolve a reason, in the wire's order, as far as a person can type them.
func fieldsOf(info porting.ReasonInfo, ready map[string]string) []string {
	wanted := append(slices.Collect(maps.Keys(ready)), info.Fields...)
	return slices.DeleteFunc(porting.DetailFields(), func(name string) bool {
		row, _ := porting.DetailRow(name)
		return !slices.Contains(wanted, name) || row.Flag(&porting.Details{}) != nil || row.List
	})
}

func (v *visit) field(name string, ready map[string]string, problem string) fieldData {
	row, _ := porting.DetailRow(name)
	f := fieldData{Name: name, ID: idOf(name), Label: upper(strings.TrimPrefix(text.English.Field(name), "the ")), Hint: hints[name], Auto: autocomplete[name],
		Problem: problem}
	details := v.order.Details
	if s := row.Secret(&details); s != nil {
		f.Secret, f.Set, f.Auto = true, s.IsSet(), "off"
		return f
	}
	f.Given = row.Value(details)
	f.Value = f.Given
	if value, ok := ready[name]; ok && value != f.Given {
		f.Theirs, f.Value = value, value
	}
	if v.form.Has("f_" + name) {
		f.Value = v.form.Get("f_" + name)
	}
	return f
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
		if faults := faultsOf(err); len(faults) > 0 {
			return v.correct(http.StatusUnprocessableEntity, faults)
		}
		return reply{}, err
	}
	r := v.to("")
	r.redirect += "?done=sent"
	return r, nil
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
