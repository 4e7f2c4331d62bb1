package bandwidth

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// ensureLOA uploads the LOA unless the order has one, and the papers that the order does not have.
func (c *Client) ensureLOA(ctx context.Context, ref string, r peer.Request) error {
	if len(r.LOA) == 0 && len(r.Papers) == 0 {
		return nil
	}
	all, err := c.Documents(ctx, ref)
	if err != nil && !errors.As(err, new(*peer.Denied)) {
		return err
	}
	if !slices.ContainsFunc(all, func(d Document) bool { return strings.EqualFold(d.Type, "LOA") || d.Type == "" }) {
		if err := c.uploadLOA(ctx, ref, r); err != nil {
			return err
		}
	}
	return c.ensurePapers(ctx, ref, r, all)
}

// paperTypes are the wire's words for the kinds of documents; it knows no others.
var paperTypes = map[porting.DocumentKind]string{porting.BillDocument: "INVOICE", porting.CSRDocument: "CSR",
	porting.LOADocument: "LOA"}

// ensurePapers uploads the papers that are not among those on the order. One that the peer does not take is no error,
// as with the LOA.
func (c *Client) ensurePapers(ctx context.Context, ref string, r peer.Request, there []Document) error {
	for _, p := range r.Papers {
		if slices.ContainsFunc(there, func(d Document) bool { return d.Name == porting.Quote(p.Name) }) {
			continue
		}
		_, err := c.Upload(ctx, ref, Document{Type: cmp.Or(paperTypes[p.Kind], "OTHER"), Name: p.Name,
			ContentType: "application/pdf", Bytes: p.PDF})
		if err != nil && !errors.As(err, new(*peer.Denied)) {
			return err
		}
	}
	return nil
}

// uploadLOA puts the LOA on the order; a second copy does no harm. An LOA that the peer does not take is no error here:
// the order exists all the same, and says itself what it misses.
func (c *Client) uploadLOA(ctx context.Context, ref string, r peer.Request) error {
	if len(r.LOA) == 0 {
		return nil
	}
	_, err := c.Upload(ctx, ref, Document{Type: "LOA", ContentType: "application/pdf", Bytes: r.LOA})
	if errors.As(err, new(*peer.Denied)) {
		return nil
	}
	return err
}

// Document is a file on an order.
type Document struct {
	ID          string // the peer's
	Type        string // LOA, INVOICE, CSR or OTHER; lists may have other values
	Name        string // a description of at most 50 characters; may be empty
	ContentType string
	Bytes       []byte // not given by Documents
}

// The wire's limits.
const (
	maxDocument     = 3 << 20
	maxDocumentName = 50
	documentTypes   = " LOA INVOICE CSR OTHER "
	contentTypes    = " application/pdf image/tiff image/jpeg image/png text/plain text/csv application/msword " +
		"application/vnd.ms-excel application/vnd.openxmlformats-officedocument.wordprocessingml.document " +
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet "
)

// Upload puts a document on an order and returns the peer's id of it. A document that the wire does not take is not
// sent; it is a Denied for DOC_TYPE_INVALID.
func (c *Client) Upload(ctx context.Context, ref string, d Document) (string, error) {
	if !is(documentTypes, d.Type) || !is(contentTypes, d.ContentType) || len(d.Bytes) == 0 || len(d.Bytes) > maxDocument {
		return "", &peer.Denied{Peer: c.cfg.Name, Reasons: []porting.Reason{{Code: porting.DocTypeInvalid, Raw: "not sent"}}}
	}
	at := "portins/" + url.PathEscape(ref) + "/loas"
	res, err := c.send(ctx, true, http.MethodPost, at, url.Values{"documentType": {d.Type}},
		document{d.ContentType, d.Bytes})
	if err != nil {
		return "", err
	}
	id, err := c.uploaded(ctx, res)
	if err != nil {
		return "", err
	}
	if d.Name == "" || id == "" {
		return id, nil
	}
	res, err = c.send(ctx, true, http.MethodPut, at+"/"+url.PathEscape(id)+"/metadata", nil,
		fileMetaData{Name: cut(d.Name, maxDocumentName), Type: d.Type})
	if err != nil {
		return id, err
	}
	if root, ok := parse(res.Body); res.Status < 300 && ok && root.is("FileMetaData") {
		return id, nil // it may be echoed
	}
	return id, c.taken(ctx, res, "fileUploadResponse", "FileResult")
}

// uploaded is the id of a file that was taken: the peer's answers bear several roots and spellings, or no body and a
// Location, which may be the bare name. Its refusals of a kind of file are published without a body.
func (c *Client) uploaded(ctx context.Context, res call.Response) (string, error) {
	root, ok := parse(res.Body)
	empty := len(bytes.TrimSpace(res.Body)) == 0
	location := res.Header.Get("Location")
	switch id := root.text("filename"); {
	case empty && (res.Status == http.StatusBadRequest || res.Status == http.StatusConflict):
		return "", &peer.Denied{Peer: c.cfg.Name,
			Reasons: []porting.Reason{{Code: porting.DocTypeInvalid, Raw: "HTTP " + strconv.Itoa(res.Status)}}}
	case res.Status >= 300 || ok && len(faults(root)) > 0:
		return "", c.denied(ctx, res, nil)
	case id != "":
		return id, nil
	case location != "" && (empty || ok && !root.is("html")):
		return path.Base(location), nil
	case empty || root.is("fileUploadResponse") || root.is("FileResult"):
		return "", nil // it is stored, under a name that it does not tell
	}
	return "", c.down("HTTP " + strconv.Itoa(res.Status) + " with an unreadable answer")
}

// Documents lists what is on an order.
func (c *Client) Documents(ctx context.Context, ref string) ([]Document, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref)+"/loas", url.Values{"metadata": {"true"}},
		nil)
	if err != nil || res.Status == http.StatusNoContent {
		return nil, err
	}
	list, err := c.read(ctx, res, nil, "fileListResponse")
	if err != nil {
		return nil, err
	}
	if len(faults(list)) > 0 {
		return nil, c.denied(ctx, res, nil) // a result that is none is no empty list
	}
	var all []Document
	for _, f := range list.all("fileData") {
		all = append(all, Document{ID: f.text("FileName"), Type: f.text("FileMetaData", "DocumentType"),
			Name: porting.Quote(f.text("FileMetaData", "DocumentName"))})
	}
	for _, name := range list.texts("fileNames") {
		all = append(all, Document{ID: name})
	}
	return all, nil
}
