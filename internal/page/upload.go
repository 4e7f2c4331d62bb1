package page

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"portway/internal/bucket"
	"portway/internal/porting"
)

// downloadTime is how long a file may be fetched by the address that was given out for it.
const downloadTime = 5 * time.Minute

// uploads says whether the order takes a document from a person now.
func (v *visit) uploads() bool {
	o := v.order
	if !porting.Open(o.Status, "AddDocument", porting.Customer) {
		return false
	}
	return o.Status == porting.Pending || o.Status == porting.Rejected || o.Wanted(porting.Bill) ||
		o.Disputed() || o.Authority.Open() ||
		o.Wanted(porting.SignedLOA) && o.Signature.Capacity == porting.Reseller
}

func showUpload(_ context.Context, v *visit) (reply, error) {
	if v.in.QueryStringParameters["sent"] != "" || v.in.QueryStringParameters["key"] != "" { // S3 has taken the file
		return v.done("uploaded"), nil
	}
	return v.upload(http.StatusOK, nil)
}

// upload is the screen on which a person says what a document is.
func (v *visit) upload(status int, found []mistake) (reply, error) {
	if !v.uploads() {
		return v.message(http.StatusConflict, v.Say("No document is needed"),
			v.Say("The order takes no document now. Write to our porting desk on the page if you want to send one."))
	}
	kind := v.form.Get("kind")
	if kind == "" {
		kind = string(v.askedKind())
	}
	var kinds []choice
	for _, k := range porting.DocumentKinds() {
		kinds = append(kinds, choice{value: string(k), label: v.Say(documentNames[k]), chosen: string(k) == kind})
	}
	title := v.Say("Send us a document")
	return v.show(status, frame{title: title, wrong: len(found) > 0, back: true}, v.problems(found), el("h1", title),
		v.formOf("upload", radios("kind", "kind", v.Say("What is the document?"), kinds),
			input{id: "dated", label: v.Say("On which day was it issued?"), value: v.form.Get("dated"), short: true,
				hints: []string{v.Say("Year, month and day, such as 2027-03-27. Leave it empty if the document has no date.")}}.html(),
			button(v.Say("Continue"))))
}

// askedKind is the kind of document that the order waits for; a bill where it waits for none.
func (v *visit) askedKind() porting.DocumentKind {
	for _, r := range v.order.Reasons {
		for _, paper := range r.Code.Info().Papers {
			if paper != porting.SignedLOA {
				return porting.KindOf(paper)
			}
		}
	}
	return porting.BillDocument
}

// takeUpload puts the document on the order, and shows the form by which the browser sends the file to the bucket.
func takeUpload(ctx context.Context, v *visit) (reply, error) {
	kind := porting.DocumentKind(v.form.Get("kind"))
	if !slices.Contains(porting.DocumentKinds(), kind) {
		return v.upload(http.StatusUnprocessableEntity, []mistake{{"kind", v.Say("Say what the document is.")}})
	}
	d := porting.Document{Name: strings.ReplaceAll(string(kind), " ", "-") + ".pdf", Kind: kind, Dated: porting.Date(v.text("dated"))}
	err := v.do(ctx, porting.AddDocument{By: v.link.By(), Document: d})
	if faults := faultsOf(err); len(faults) > 0 {
		var found []mistake
		for _, f := range faults {
			found = append(found, mistake{map[string]string{"dated": "dated", "kind": "kind"}[f.Field], v.fault(f)})
		}
		return v.upload(http.StatusUnprocessableEntity, found)
	}
	if err != nil {
		return reply{}, err
	}
	made := v.order.Documents[len(v.order.Documents)-1]
	form, err := v.Files.Form(ctx, bucket.Incoming(v.order.Account, v.order.ID, made.ID), v.address(v.in, v.token)+"/upload?sent=1",
		porting.UploadTime)
	if err != nil {
		return reply{}, err
	}
	parts := []any{at("method", "post"), at("action", form.URL), at("enctype", "multipart/form-data")}
	for _, f := range form.Fields {
		parts = append(parts, hidden(f.Name, f.Value))
	}
	parts = append(parts, el("label", at("for", "file"), v.Say("File")),
		el("input", at("type", "file"), at("id", "file"), at("name", "file"), at("accept", "application/pdf,image/jpeg,image/png")),
		button(v.Say("Send the file")))
	title := v.Say("Send us a document")
	return v.show(http.StatusOK, frame{title: title, back: true}, el("h1", title),
		el("h2", v.Say(documentNames[kind])),
		para(v.Say("Choose the file, or photograph the document. It may be a PDF, JPEG or PNG file of at most 20 MB that opens without "+
			"a password. We check it as soon as it has come.")),
		el("form", parts...),
		el("p", class("soft"), v.Say("If the file is too large, your browser shows a page that we can't make readable. Go back, and "+
			"choose a smaller file.")))
}

// fetchFile leads to the file of an accepted document, by an address that is valid for five minutes.
func fetchFile(ctx context.Context, v *visit) (reply, error) {
	_, id, _ := strings.Cut(v.rest, "/")
	d, ok := v.order.Document(porting.DocumentID(id))
	if !ok || d.State != porting.DocumentComplete {
		return reply{}, errNothing
	}
	signed, err := v.Files.Download(ctx, bucket.Kept(v.order.Account, v.order.Keeper(d), d.Digest), d.Name, downloadTime)
	return reply{status: http.StatusSeeOther, redirect: signed}, err
}
