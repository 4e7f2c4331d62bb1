package locals

import (
	"cmp"
	"encoding/xml"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// history is [spec] RetrievePortinHistory.
func (s *Server) history(w http.ResponseWriter, _ *http.Request, o *order) {
	if o.state == "DRAFT" {
		reply(w, http.StatusOK, historyList{Refused: &status{"7710", texts["7710"]}})
		return
	}
	reply(w, http.StatusOK, historyList{Rows: o.past})
}

func (s *Server) notes(w http.ResponseWriter, _ *http.Request, o *order) {
	if len(o.notes) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, noteList{Notes: o.notes})
}

// addNote is [spec] CreatePortinNote: no body and the note's address. It also makes a silent carrier speak, and one that
// refuses without ground give way.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request, o *order) {
	n, ok := s.noted(w, r)
	if !ok {
		return
	}
	n.ID, n.Modified = strconv.Itoa(87000+len(o.notes)), stamp(s.now())
	o.notes = append(o.notes, n)
	if o.row.silent && !o.spoken {
		o.spoken, o.since = true, s.now()
	}
	if o.row.yields && o.state == "EXCEPTION" && strings.HasPrefix(n.Text, "Objection") {
		o.conceded, o.ended = true, false
		s.enter(o, "SUBMITTED", s.now())
	}
	w.Header().Set("Location", path.Join(r.URL.Path, n.ID))
	w.WriteHeader(http.StatusCreated)
}

// noted reads a note, whose user must be the one who is signed in ([spec]). Which code a note has that is too long no
// source tells (L9).
func (s *Server) noted(w http.ResponseWriter, r *http.Request) (note, bool) {
	var n note
	code := ""
	switch a := decode(r, "Note", &n); {
	case a.bad != "":
		code = "1005"
	case n.User == "" || s.opts.User != "" && n.User != s.opts.User:
		code = "12501"
	case len([]rune(n.Text)) > 500:
		code = "1011"
	}
	if code != "" {
		reply(w, http.StatusBadRequest, noteRefusal{Status: responseStatus{code, faulty(code).Text}})
	}
	return n, code == ""
}

func (s *Server) putNote(w http.ResponseWriter, r *http.Request, o *order) {
	i := slices.IndexFunc(o.notes, func(n note) bool { return n.ID == r.PathValue("note") })
	if i < 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	n, ok := s.noted(w, r)
	if !ok {
		return
	}
	o.notes[i].Text, o.notes[i].Modified = n.Text, stamp(s.now())
}

func (s *Server) tns(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"TelephoneNumbers"`
		Count   int      `xml:"Count"`
		Numbers []string `xml:"TelephoneNumber"`
	}{Count: len(o.Numbers), Numbers: o.Numbers})
}

func (s *Server) totals(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"Quantity"`
		Count   int      `xml:"Count"`
	}{Count: len(o.Numbers)})
}

func (s *Server) files(w http.ResponseWriter, r *http.Request, o *order) {
	out := fileList{Count: len(o.files), Code: "0", Text: "LOA file list successfully returned"}
	for _, f := range o.files {
		if r.URL.Query().Get("metadata") == "true" {
			out.Rows = append(out.Rows, fileRow{f.name, f.kind, f.text})
		} else {
			out.Names = append(out.Names, f.name)
		}
	}
	reply(w, http.StatusOK, out)
}

// endings are the kinds of files that are taken ([guide] stand-alone port-ins, supported formats).
var endings = map[string]string{
	"application/pdf": "pdf", "image/tiff": "tiff", "image/jpeg": "jpeg", "image/png": "png", "text/plain": "txt",
	"text/csv":           "csv",
	"application/msword": "doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
	"application/vnd.ms-excel": "xls", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}

// upload is [spec] UploadPortinLoaFile. Its refusals are published without a body: 400 for the kind of document, 409
// for the others.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, o *order) {
	asked, header := r.URL.Query().Get("documentType"), r.Header.Get("documentType")
	kind := cmp.Or(asked, header, "LOA")
	ending := endings[r.Header.Get("Content-Type")]
	switch {
	case !slices.Contains([]string{"LOA", "INVOICE", "CSR", "OTHER"}, kind):
		w.WriteHeader(http.StatusBadRequest)
		return
	case asked != "" && header != "" && asked != header, ending == "", r.ContentLength > 3<<20:
		w.WriteHeader(http.StatusConflict)
		return
	}
	f := file{name: o.id + "-" + strconv.FormatInt(s.now().UnixMilli()+int64(len(o.files)), 10) + "." + ending, kind: kind,
		contentType: r.Header.Get("Content-Type")}
	f.body, _ = io.ReadAll(r.Body) // from memory
	o.files = append(o.files, f)
	if o.state == "PENDING_DOCUMENTS" && kind == "LOA" {
		s.enter(o, "SUBMITTED", s.now())
	}
	w.Header().Set("Location", path.Join(r.URL.Path, f.name))
	if o.row.odd {
		reply(w, http.StatusOK, fileResult{Name: f.name})
		return
	}
	reply(w, http.StatusCreated, uploadResponse{Name: f.name, Code: "0", Text: "LOA file uploaded successfully " +
		"for order " + o.id})
}

// ofFile finds the file of a path.
func (o *order) ofFile(r *http.Request) *file {
	i := slices.IndexFunc(o.files, func(f file) bool { return f.name == r.PathValue("file") })
	if i < 0 {
		return nil
	}
	return &o.files[i]
}

func (s *Server) download(w http.ResponseWriter, r *http.Request, o *order) {
	f := o.ofFile(r)
	if f == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", f.contentType)
	_, _ = w.Write(f.body) // into memory
}

func (s *Server) metadata(w http.ResponseWriter, r *http.Request, o *order) {
	f := o.ofFile(r)
	if f == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	reply(w, http.StatusOK, fileMetaData{Text: f.text, Type: f.kind})
}

func (s *Server) putMetadata(w http.ResponseWriter, r *http.Request, o *order) {
	var in fileMetaData
	f := o.ofFile(r)
	switch {
	case f == nil:
		w.WriteHeader(http.StatusNotFound)
	case decode(r, "FileMetaData", &in).bad != "" || len([]rune(in.Text)) > 50:
		reply(w, http.StatusBadRequest, refusal(values{}, faulty("7800")))
	default: // without a body ([spec] UpdatePortinLoadMetadata)
		f.text, f.kind = in.Text, cmp.Or(in.Type, f.kind)
	}
}

// removeFile takes a file away, but not from an order that is over ([guide]); how that is refused no source tells (L9).
func (s *Server) removeFile(w http.ResponseWriter, r *http.Request, o *order) {
	if o.over() {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n := len(o.files)
	o.files = slices.DeleteFunc(o.files, func(f file) bool { return f.name == r.PathValue("file") })
	if len(o.files) == n {
		w.WriteHeader(http.StatusNotFound)
	}
}
