package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"portway/internal/bucket"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// Files signs the URLs by which customers bring and fetch the files of documents. Anybody who holds such a URL can use
// it.
type Files interface {
	// Upload lets one PDF be PUT at the key for that long; a size above zero is the only one that it may have.
	Upload(ctx context.Context, key string, size int64, life time.Duration) (string, error)
	// Download lets the file at the key be fetched for that long, to be saved under the name.
	Download(ctx context.Context, key, name string, life time.Duration) (string, error)
}

// downloadTime is how long a file may be fetched by the URL that was given out for it.
const downloadTime = 5 * time.Minute

// fileAttributes are a document in the file calls (D-PUL). filename is the URL of a document that was pulled, else its
// name; file is its name. The attributes after status are ours.
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

// fileURLAttributes are a document with the URL by which its file is uploaded or fetched; null where there is none.
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

// onOrder are the words by which the order tells the state of a document, where the file calls have other ones.
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
		row := orderDocument{Filename: d.Name, Status: string(d.State), Kind: string(d.Kind), Dated: orNull(string(d.Dated)), Reason: orNull(text.English.Message(d.Why))}
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
		Dated: orNull(string(d.Dated)), Reason: orNull(text.English.Message(d.Why)), Added: *stamp(d.Added)}
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

// uploadFile is POST /v2/portorders/{order}/upload_file, with a bare body: the answer has the URL to PUT the file to
// (D-UPL).
func (a *API) uploadFile(ctx context.Context, r *request) (reply, error) {
	body, d, fs, err := r.newDocument("filename", "size")
	if err != nil {
		return reply{}, err
	}
	name, _ := body.text(&fs, "filename", "filename")
	d.Name, d.Size = porting.FileName(name), body.size(&fs)
	return a.change(ctx, r, 0, always(decision{porting.AddDocument{By: r.by, Document: d}, fs}), func(p orders.Plan) (reply, error) {
		o, made := p.After, lastDocument(p.After)
		attrs := fileURLAttributes{Expires: stamp(made.Expires), Headers: map[string]string{"Content-Type": bucket.ContentType}, fileAttributes: a.fileOf(made)}
		if made.Size > 0 {
			attrs.Headers["Content-Length"] = strconv.FormatInt(made.Size, 10)
		}
		if !r.dry {
			signed, err := a.files.Upload(ctx, bucket.Incoming(o.Account, o.ID, made.ID), made.Size, porting.UploadTime)
			if err != nil {
				return reply{}, err
			}
			attrs.URL = &signed
		}
		return r.added(o, made, "portorder-file-url", attrs), nil
	})
}

// pullFile is POST /v2/portorders/{order}/files, with a bare body: we fetch the file from its URL, afterwards (D-PUL).
func (a *API) pullFile(ctx context.Context, r *request) (reply, error) {
	body, d, fs, err := r.newDocument("url")
	if err != nil {
		return reply{}, err
	}
	from, _ := body.text(&fs, "url", "url")
	d.From = porting.TidyForm(from)
	d.Name = porting.PulledName(d.From)
	if d.From == "" && len(fs) == 0 {
		fs.Add("url", porting.Required, "This is required.")
	}
	return a.change(ctx, r, 0, always(decision{porting.AddDocument{By: r.by, Document: d}, fs}), func(p orders.Plan) (reply, error) {
		made := lastDocument(p.After)
		return r.added(p.After, made, "portorder-file", a.fileOf(made)), nil
	})
}

func lastDocument(o porting.Order) porting.Document { return o.Documents[len(o.Documents)-1] }

// newDocument reads the attributes that both ways of adding a document have. A document without a kind is a bill: the
// documented calls know no kinds, and bring bills (S-DOC: the primary proof).
func (r *request) newDocument(names ...string) (object, porting.Document, porting.Faults, error) {
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

// describe reads the kind and the date of a document.
func (o object) describe(d *porting.Document, fs *porting.Faults, under string) {
	if kind, ok := o.text(fs, under+"kind", "kind"); ok && kind != "" {
		d.Kind = porting.DocumentKind(kind)
	}
	if dated, ok := o.text(fs, under+"dated", "dated"); ok {
		d.Dated = porting.Date(dated)
	}
}

// size reads the size of the file that will come; 0 where the body has none.
func (o object) size(fs *porting.Faults) int64 {
	v, there := o.values["size"]
	if !there || v == nil {
		return 0
	}
	number, ok := v.(interface{ Int64() (int64, error) }) // a number of the body
	if !ok {
		fs.Add("size", wrongType, "Give a whole number of bytes.")
		return 0
	}
	n, err := number.Int64()
	switch {
	case err != nil:
		fs.Add("size", porting.BadFormat, "Give a whole number of bytes.")
	case n < 1:
		return -1 // which the domain refuses as out of range
	}
	return n
}

// added answers with a document that was just added.
func (r *request) added(o porting.Order, d porting.Document, kind string, attrs any) reply {
	made := resource{Type: kind, ID: string(d.ID), Attributes: attrs, Links: r.fileLink(o, d)}
	if r.dry {
		made.ID, made.Links = "", nil
	}
	return versioned(http.StatusOK, document{Data: made}, o.Version)
}

// listFiles is GET /v2/portorders/{order}/files: the latest documents by their numbers; links.next leads to those
// before them.
func (a *API) listFiles(ctx context.Context, r *request) (reply, error) {
	return a.back(ctx, r, "files", isID, func(o porting.Order, p page) ([]resource, string, error) {
		end := len(o.Documents)
		if i := slices.IndexFunc(o.Documents, func(d porting.Document) bool { return string(d.ID) == p.place }); i >= 0 {
			end = i
		}
		begin := max(0, end-p.limit)
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

// file is GET /v2/portorders/{order}/files/{file}: how far the document has come and, once it is accepted, where to
// fetch it (D-DWN).
func (a *API) file(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	d, ok := o.Document(porting.DocumentID(r.params["file"]))
	if !ok {
		return reply{}, refuse(http.StatusNotFound, codeNoSuchFile, "The order has no document of this number.")
	}
	attrs := fileURLAttributes{fileAttributes: a.fileOf(d)}
	if d.State == porting.DocumentComplete {
		signed, err := a.files.Download(ctx, bucket.Kept(o.Account, o.Keeper(d), d.Digest), d.Name, downloadTime)
		if err != nil {
			return reply{}, err
		}
		attrs.URL, attrs.Expires = &signed, stamp(a.book.Now().Add(downloadTime))
	}
	return versioned(http.StatusOK, document{Data: resource{Type: "portorder-file-url", ID: string(d.ID), Attributes: attrs,
		Links: r.fileLink(o, d)}}, o.Version), nil
}

// readDocuments reads the documents of a create call: URLs to pull them from, alone or with their kind and date.
func readDocuments(attrs object, fs *porting.Faults) []porting.Document {
	const name = "business_documents"
	v := attrs.values[name]
	if v == nil {
		return nil
	}
	rows, ok := v.([]any)
	if !ok {
		fs.Add(name, wrongType, "Send a list of URLs.")
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
			fs.Add(at, wrongType, "Send a URL, or an object with url, kind and dated.")
			continue
		}
		if d.From == "" {
			fs.Add(at, porting.Required, "Give the URL of the file.")
			continue
		}
		d.Name = porting.PulledName(d.From)
		all = append(all, d)
	}
	return all
}
