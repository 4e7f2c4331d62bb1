package page

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"portway/internal/bucket"
	"portway/internal/porting"
)

// uploadData is the screen on which a person says what a document is, and then chooses its file.
type uploadData struct {
	frame
	Mark     formMark
	Problems []problem
	Kinds    []choice
	Dated    string
	Form     *bucket.Form // the second step
	Kind     string
}

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
		r := v.to("")
		r.redirect += "?done=uploaded"
		return r, nil
	}
	return v.upload(http.StatusOK, nil)
}

func (v *visit) upload(status int, problems []problem) (reply, error) {
	if !v.uploads() {
		return v.message(http.StatusConflict, titleNothingToUpload, "The order takes no document now. Write to our porting desk on the page if you want to send one.")
	}
	d := uploadData{frame: v.frame(titleUpload), Mark: v.mark("upload"), Problems: problems, Dated: v.form.Get("dated")}
	d.Error = len(problems) > 0
	asked := v.form.Get("kind")
	if asked == "" {
		asked = string(v.askedKind())
	}
	for _, kind := range porting.DocumentKinds() {
		d.Kinds = append(d.Kinds, choice{Value: string(kind), Label: upper(documentNames[kind]), Chosen: string(kind) == asked})
	}
	return v.show(status, "upload", d)
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
		return v.upload(http.StatusUnprocessableEntity, []problem{{"kind", "Say what the document is."}})
	}
	d := porting.Document{Name: strings.ReplaceAll(string(kind), " ", "-") + ".pdf", Kind: kind, Dated: porting.Date(v.text("dated"))}
	err := v.do(ctx, porting.AddDocument{By: v.link.By(), Document: d})
	if faults := faultsOf(err); len(faults) > 0 {
		var problems []problem
		for _, f := range faults {
			field := map[string]string{"dated": "dated", "kind": "kind"}[f.Field]
			problems = append(problems, problem{field, f.Message})
		}
		return v.upload(http.StatusUnprocessableEntity, problems)
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
	return v.show(http.StatusOK, "upload", uploadData{frame: v.frame(titleUpload), Form: &form, Kind: documentNames[kind]})
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
