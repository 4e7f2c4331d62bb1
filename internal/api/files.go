package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"portway/internal/bucket"
	"portway/internal/porting"
)

// Files signs the URLs by which customers bring and fetch the files of documents. Whoever holds such a URL may use it.
type Files interface {
	// Upload lets one PDF be PUT at the key for that long; a size above zero is the only one that it may have.
	Upload(ctx context.Context, key string, size int64, life time.Duration) (string, error)
	// Download lets the file at the key be fetched for that long, to be saved under the name.
	Download(ctx context.Context, key, name string, life time.Duration) (string, error)
}

// downloadTime is how long a file may be fetched by the URL that was given out for it.
const downloadTime = 5 * time.Minute

// fileAttributes are a document as the file calls have it (D-PUL): filename is the URL that it was pulled from, where it was, and
// file its short name. What comes after status is ours.
type fileAttributes struct {
	Filename    string  `json:"filename"`
	File        string  `json:"file"`
	OriginalURL *string `json:"original_url"`
	Status      string  `json:"status"`
	Kind        string  `json:"kind"`
	Dated       *string `json:"dated"`
	Reason      *string `json:"reason"`
	Size        *int64  `json:"size"`
	Pages       *int    `json:"pages"`
	Added       string  `json:"added"`
}

// fileURLAttributes are a document with the URL of its file: to upload it by, or to fetch it; null where there is none.
type fileURLAttributes struct {
	URL     *string `json:"url"`
	Expires *string `json:"expires"`
	// Headers have to be sent with an upload.
	Headers map[string]string `json:"headers,omitempty"`
	fileAttributes
}

// orderDocument is a document as its order shows it: uploaded or failed once it is settled (D-DET).
type orderDocument struct {
	Filename string  `json:"filename"`
	Status   string  `json:"status"`
	Kind     string  `json:"kind"`
	Dated    *string `json:"dated"`
	Reason   *string `json:"reason"`
}

// onOrder are the order's words for how far a document has come, where they are not those of the file calls.
var onOrder = map[porting.DocumentState]string{porting.DocumentComplete: "uploaded", porting.DocumentError: "failed"}

func (r *request) fileLink(o porting.Order, d porting.Document) *links {
	if o.ID == "" { // there is no such order yet in a dry run
		return nil
	}
	return r.self("/" + string(o.ID) + "/files/" + string(d.ID))
}

// documentsOf lists an order's latest documents, in the order of their numbers: each signature adds one.
func (a *API) documentsOf(r *request, o porting.Order) []resource {
	all := []resource{}
	for _, d := range o.Documents[max(0, len(o.Documents)-latest):] {
		d = d.As(a.book.Now())
		row := orderDocument{Filename: d.Name, Status: string(d.State), Kind: string(d.Kind), Dated: orNull(string(d.Dated)), Reason: orNull(d.Why)}
		if word := onOrder[d.State]; word != "" {
			row.Status = word
		}
		all = append(all, resource{Type: "portorder-file", ID: string(d.ID), Attributes: row, Links: r.fileLink(o, d)})
	}
	return all
}

func (a *API) fileOf(d porting.Document) fileAttributes {
	d = d.As(a.book.Now())
	f := fileAttributes{Filename: d.Name, File: d.Name, OriginalURL: orNull(d.From), Status: string(d.State), Kind: string(d.Kind),
		Dated: orNull(string(d.Dated)), Reason: orNull(d.Why), Added: *stamp(d.Added)}
	if d.From != "" {
		f.Filename = d.From
	}
	if d.Size > 0 {
		f.Size = &d.Size
	}
	if d.Pages > 0 {
		f.Pages = &d.Pages
	}
	return f
}

// uploadFile is POST /v2/portorders/{order}/upload_file, with a bare body: the answer has the URL to PUT the file to (D-UPL).
func (a *API) uploadFile(ctx context.Context, r *request) (reply, error) {
	body, d, sofar, err := r.newDocument("filename", "size")
	if err != nil {
		return reply{}, err
	}
	name, _ := body.text(&sofar, "filename", "filename")
	d.Name, d.Size = porting.FileName(name), body.size(&sofar)
	var signed string
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		cmd := porting.AddDocument{By: r.by, Document: d}
		if err := a.book.Try(o, cmd); err != nil || len(sofar) > 0 {
			return nil, together(sofar, err)
		}
		if r.dry {
			return cmd, nil
		}
		var err error
		signed, err = a.files.Upload(ctx, bucket.Incoming(o.Account, o.ID, o.NextDocument()), d.Size, porting.UploadTime)
		return cmd, err
	}, showing(func(o porting.Order) reply {
		made := o.Documents[len(o.Documents)-1]
		attrs := fileURLAttributes{URL: orNull(signed), Expires: stamp(made.Expires), Headers: map[string]string{"Content-Type": bucket.ContentType},
			fileAttributes: a.fileOf(made)}
		if made.Size > 0 {
			attrs.Headers["Content-Length"] = strconv.FormatInt(made.Size, 10)
		}
		return r.added(o, made, "portorder-file-url", attrs)
	}))
}

// pullFile is POST /v2/portorders/{order}/files, with a bare body: we fetch the file from its URL, afterwards (D-PUL).
func (a *API) pullFile(ctx context.Context, r *request) (reply, error) {
	body, d, sofar, err := r.newDocument("url")
	if err != nil {
		return reply{}, err
	}
	from, _ := body.text(&sofar, "url", "url")
	d.From = porting.TidyForm(from)
	d.Name = porting.PulledName(d.From)
	if d.From == "" && len(sofar) == 0 {
		sofar.Add("url", porting.Required, "This is required.")
	}
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		cmd := porting.AddDocument{By: r.by, Document: d}
		if len(sofar) > 0 {
			return nil, together(sofar, a.book.Try(o, cmd))
		}
		return cmd, nil
	}, showing(func(o porting.Order) reply {
		made := o.Documents[len(o.Documents)-1]
		return r.added(o, made, "portorder-file", a.fileOf(made))
	}))
}

// newDocument reads what both ways of adding a document have in common. A document whose kind nobody said is a bill: that is what
// the documented calls bring (S-DOC: the primary proof), and they know no kinds.
func (r *request) newDocument(names ...string) (object, porting.Document, porting.Faults, error) {
	r.prefix = "/"
	body, err := r.object()
	if err != nil {
		return object{}, porting.Document{}, nil, err
	}
	var fs porting.Faults
	body.expect(&fs, "", append(names, "kind", "dated")...)
	d := porting.Document{Kind: porting.BillDocument}
	body.describe(&d, &fs, "")
	return body, d, fs, nil
}

// describe reads what a body says of a document beside its file.
func (o object) describe(d *porting.Document, fs *porting.Faults, under string) {
	if kind, ok := o.text(fs, under+"kind", "kind"); ok && kind != "" {
		d.Kind = porting.DocumentKind(kind)
	}
	if dated, ok := o.text(fs, under+"dated", "dated"); ok {
		d.Dated = porting.Date(dated)
	}
}

// size is the size of the file that will come; 0 where it is not said.
func (o object) size(fs *porting.Faults) int64 {
	v, there := o.values["size"]
	if !there || v == nil {
		return 0
	}
	number, ok := v.(interface{ Int64() (int64, error) }) // a number of the body
	if !ok {
		fs.Add("size", wrongType, "This must be a whole number of bytes.")
		return 0
	}
	n, err := number.Int64()
	switch {
	case err != nil:
		fs.Add("size", porting.BadFormat, "This must be a whole number of bytes.")
	case n < 1:
		return -1 // out of range, as the domain says
	}
	return n
}

// added answers with a document that was just added.
func (r *request) added(o porting.Order, d porting.Document, kind string, attrs any) reply {
	made := resource{Type: kind, ID: string(d.ID), Attributes: attrs, Links: r.fileLink(o, d)}
	if r.dry {
		made.ID, made.Links = "", nil
	}
	return reply{status: http.StatusOK, body: document{Data: made}, header: map[string]string{"ETag": etag(o.Version)}}
}

// listFiles is GET /v2/portorders/{order}/files: the latest documents by their numbers; links.next leads to those before them.
func (a *API) listFiles(ctx context.Context, r *request) (reply, error) {
	before := porting.DocumentID("")
	return a.back(ctx, r, "files", func(place string) bool {
		before = porting.DocumentID(place)
		return isID(place)
	}, func(o porting.Order, limit int) ([]resource, string, error) {
		end := len(o.Documents)
		if i := slices.IndexFunc(o.Documents, func(d porting.Document) bool { return d.ID == before }); i >= 0 {
			end = i
		}
		begin := max(0, end-limit)
		all, earlier := []resource{}, ""
		for _, d := range o.Documents[begin:end] {
			all = append(all, resource{Type: "portorder-file", ID: string(d.ID), Attributes: a.fileOf(d), Links: r.fileLink(o, d)})
		}
		if begin > 0 {
			earlier = string(o.Documents[begin].ID)
		}
		return all, earlier, nil
	})
}

// file is GET /v2/portorders/{order}/files/{file}: how far the document has come and, once it is accepted, where to fetch it (D-DWN).
func (a *API) file(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	d, ok := o.Document(porting.DocumentID(r.params["file"]))
	if !ok {
		return reply{}, refuse(http.StatusNotFound, codeNoSuchFile, "The order has no such file.")
	}
	attrs := fileURLAttributes{fileAttributes: a.fileOf(d)}
	if d.State == porting.DocumentComplete {
		signed, err := a.files.Download(ctx, bucket.Kept(o.Account, o.Keeper(d), d.Digest), d.Name, downloadTime)
		if err != nil {
			return reply{}, err
		}
		attrs.URL, attrs.Expires = &signed, stamp(a.book.Now().Add(downloadTime))
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder-file-url", ID: string(d.ID), Attributes: attrs, Links: r.fileLink(o, d)}},
		header: map[string]string{"ETag": etag(o.Version)}}, nil
}

// readDocuments reads the documents of a create call: URLs to pull them from, alone or with what is to be said of them.
func readDocuments(attrs object, fs *porting.Faults) []porting.Document {
	const name = "business_documents"
	v := attrs.values[name]
	if v == nil {
		return nil
	}
	rows, ok := v.([]any)
	if !ok {
		fs.Add(name, wrongType, "This must be a list of URLs.")
		return nil
	}
	var all []porting.Document
	for i, row := range rows {
		at := name + "/" + itoa(i)
		d := porting.Document{Kind: porting.BillDocument}
		switch row := row.(type) {
		case string:
			d.From = porting.TidyForm(row)
		case object:
			row.expect(fs, attributes+at, "url", "kind", "dated")
			from, _ := row.text(fs, at, "url")
			d.From = porting.TidyForm(from)
			row.describe(&d, fs, at+"/")
		default:
			fs.Add(at, wrongType, "This must be a URL, or an object with url, kind and dated.")
			continue
		}
		if d.From == "" {
			fs.Add(at, porting.Required, "The URL of the file is required.")
			continue
		}
		d.Name = porting.PulledName(d.From)
		all = append(all, d)
	}
	return all
}
