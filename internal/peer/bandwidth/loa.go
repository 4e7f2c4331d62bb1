package bandwidth

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"portway/internal/peer"
	"portway/internal/porting"
)

// ensureLOA uploads the letter of agency unless the order has one, and the papers that the order has not.
func (c *Client) ensureLOA(ctx context.Context, ref string, r peer.Request) error {
	if len(r.LOA) == 0 && len(r.Papers) == 0 {
		return nil
	}
	all, err := c.Documents(ctx, ref)
	if err != nil && !errors.As(err, new(*peer.Denied)) {
		return err
	}
	if !slices.ContainsFunc(all, func(d Document) bool { return d.Type == "LOA" || d.Type == "" }) {
		if err := c.uploadLOA(ctx, ref, r); err != nil {
			return err
		}
	}
	return c.ensurePapers(ctx, ref, r, all)
}

// paperTypes are the wire's words for the kinds of documents; it knows no others.
var paperTypes = map[porting.DocumentKind]string{porting.BillDocument: "INVOICE", porting.CSRDocument: "CSR", porting.LOADocument: "LOA"}

// ensurePapers uploads the papers that are not among those on the order. One that the peer does not take is no error, as with the
// letter.
func (c *Client) ensurePapers(ctx context.Context, ref string, r peer.Request, there []Document) error {
	for _, p := range r.Papers {
		if slices.ContainsFunc(there, func(d Document) bool { return d.Name == porting.Quote(p.Name) }) {
			continue
		}
		_, err := c.Upload(ctx, ref, Document{Type: cmp.Or(paperTypes[p.Kind], "OTHER"), Name: p.Name, ContentType: "application/pdf", Bytes: p.PDF})
		if err != nil && !errors.As(err, new(*peer.Denied)) {
			return err
		}
	}
	return nil
}

// uploadLOA puts the letter on the order; a second copy does no harm. A letter that the peer does not take is no error here,
// for the order exists all the same: it says itself what it misses.
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
	Type        string // LOA, INVOICE, CSR or OTHER
	Name        string // a description of at most 50 characters; may be empty
	ContentType string
	Bytes       []byte // not given by Documents
}

// The wire's limits.
const (
	maxDocument     = 3 << 20
	maxDocumentName = 50
	documentTypes   = " LOA INVOICE CSR OTHER "
	contentTypes    = " application/pdf image/tiff image/jpeg image/png text/plain text/csv application/msword application/vnd.ms-excel " +
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document application/vnd.openxmlformats-officedocument.spreadsheetml.sheet "
)

// Upload puts a document on an order and returns the peer's id of it. What the wire does not take at all is a Denied for
// DOC_TYPE_INVALID, and is not sent.
func (c *Client) Upload(ctx context.Context, ref string, d Document) (string, error) {
	if !is(documentTypes, d.Type) || !is(contentTypes, d.ContentType) || len(d.Bytes) == 0 || len(d.Bytes) > maxDocument {
		return "", &peer.Denied{Peer: c.cfg.Name, Reasons: []porting.Reason{{Code: "DOC_TYPE_INVALID", Raw: "not sent"}}}
	}
	at := "portins/" + url.PathEscape(ref) + "/loas"
	res, err := c.send(ctx, true, http.MethodPost, at, url.Values{"documentType": {d.Type}}, document{d.ContentType, d.Bytes})
	if err != nil {
		return "", err
	}
	var answer fileUploadResponse
	bad := xml.Unmarshal(res.Body, &answer) == nil && answer.Code != "" && answer.Code != "0" // be it with a good status
	if res.Status >= 300 || bad {
		return "", c.denied(res)
	}
	id := cmp.Or(answer.Name, answer.NameToo)
	if d.Name == "" || id == "" {
		return id, nil
	}
	res, err = c.send(ctx, true, http.MethodPut, at+"/"+url.PathEscape(id)+"/metadata", nil, fileMetaData{Name: cut(d.Name, maxDocumentName), Type: d.Type})
	if err == nil && res.Status >= 300 {
		return id, c.denied(res)
	}
	return id, err
}

// Documents lists what is on an order.
func (c *Client) Documents(ctx context.Context, ref string) ([]Document, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref)+"/loas", url.Values{"metadata": {"true"}}, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return nil, err
	}
	var list fileListResponse
	if err := c.read(res, &list); err != nil {
		return nil, err
	}
	var all []Document
	for _, f := range list.Files {
		all = append(all, Document{ID: f.Name, Type: f.Type, Name: porting.Quote(f.Text)})
	}
	for _, name := range list.Names {
		all = append(all, Document{ID: name})
	}
	return all, nil
}
