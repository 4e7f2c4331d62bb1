package somos

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"portway/internal/peer"
	"portway/internal/porting"
)

// maxFiles limits the bytes of all files of one request.
const maxFiles = 2 << 20

// uploadLOA sends the LOA and returns its id.
func (c *Client) uploadLOA(ctx context.Context, r peer.Request) (string, error) {
	switch {
	case len(r.LOA) == 0:
		return "", c.denied(porting.LOARequired, "", "the LOA is missing")
	case len(r.LOA) > maxFiles:
		return "", c.denied(porting.LOARequired, "", "the LOA is larger than 2 MB")
	case !bytes.HasPrefix(r.LOA, []byte("%PDF-")):
		return "", c.denied(porting.LOAIllegible, "", "the LOA is not a PDF")
	}
	return c.upload(ctx, "/roc/uploadLOA", "loaID", loaName(r), r.LOA)
}

// Attach adds a document (a bill, a linking LOA: a PDF of at most 2 MB) to the request and returns its id. The registry
// takes one only while every number is pending, overdue or taken back by us. A second call makes a second document,
// which does no harm beside its weight.
func (c *Client) Attach(ctx context.Context, ref, name string, pdf []byte) (string, error) {
	switch {
	case len(pdf) > maxFiles:
		return "", c.denied(porting.PeerDenied, "", "the document is larger than 2 MB")
	case !bytes.HasPrefix(pdf, []byte("%PDF-")):
		return "", c.denied(porting.PeerDenied, "", "the document is not a PDF")
	}
	file, err := c.upload(ctx, "/roc/uploadFile", "fileId", fileName(cut(strings.TrimSuffix(name, ".pdf"), 90)), pdf)
	if err != nil {
		return "", err
	}
	var made struct {
		ID text `json:"docId"`
	}
	err = c.ask(ctx, ask{method: http.MethodPost, path: "/roc/uploadDoc", body: attachment{ref, []attachedFile{{file}}}},
		&made)
	return string(made.ID), err
}

// LOA is the LOA as the registry has it with the request.
func (c *Client) LOA(ctx context.Context, ref string) (name string, pdf []byte, err error) {
	t, err := c.retrieve(ctx, ref)
	switch {
	case err != nil:
		return "", nil, err
	case t.LOA == "":
		return "", nil, c.denied(porting.LOARequired, "", "the request has no LOA")
	}
	var file struct {
		Name    text `json:"fileName"`
		Content text `json:"fileContent"`
	}
	err = c.ask(ctx, ask{
		method: http.MethodGet, path: "/roc/retrieveDocument?loaID=" + url.QueryEscape(string(t.LOA)),
		keys: []string{"fileContent"}, safe: true,
	}, &file)
	if err != nil {
		return "", nil, err
	}
	if pdf, err = base64.StdEncoding.DecodeString(string(file.Content)); err != nil {
		return "", nil, c.down("document not understood")
	}
	return string(file.Name), pdf, nil
}

// upload sends a file and returns its id, which stands under key. A file that nothing points to is harmless, so it may
// be sent again.
func (c *Client) upload(ctx context.Context, path, key, name string, pdf []byte) (string, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`},
		"Content-Type":        {"application/pdf"},
	})
	if err == nil {
		_, err = part.Write(pdf)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return "", fmt.Errorf("write the upload form: %w", err)
	}
	var made struct {
		LOA  text `json:"loaID"`
		File text `json:"fileId"`
	}
	err = c.ask(ctx, ask{
		method: http.MethodPost, path: path, keys: []string{key}, safe: true, form: w.FormDataContentType(),
		raw: form.Bytes(),
	}, &made)
	return string(made.LOA + made.File), err
}

func loaName(r peer.Request) string {
	return fileName("loa-" + cut(string(r.PON), 80) + "-" + strconv.Itoa(r.Version))
}

// fileName keeps to letters, digits, _ and -, at most 100 characters (8MS guide).
func fileName(of string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			return c
		}
		return '_'
	}, of) + ".pdf"
}

func cut(s string, n int) string { return string([]rune(s)[:min(len([]rune(s)), n)]) }
