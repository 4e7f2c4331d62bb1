// Package inspect looks into a file that is said to be a PDF and tells whether it is one that can be kept and shown to a
// carrier: readable by anybody, of few pages, and doing nothing when it is opened.
//
// The file comes from anybody, and a PDF is a program for its reader. So it is read in a process of its own, without our
// credentials, with little memory and little time: whatever it does there, the worst is that the process ends.
package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"portway/internal/porting"
)

const (
	// child is the only argument of the process that reads.
	child = "inspect-a-pdf"

	timeLimit = 20 * time.Second
	memory    = 1 << 30
	heap      = "512MiB"
	decoded   = 128 << 20 // of one stream
)

// verdict is what the process that reads tells.
type verdict struct {
	Pages int    `json:"pages"`
	Why   string `json:"why"`
}

// Why a file is not kept.
const (
	NoPDF      = "The file is no PDF."
	Unreadable = "The PDF can't be read: it is damaged, or too intricate."
	Encrypted  = "The PDF is encrypted or asks for a password; upload it without."
	NoPages    = "The PDF has no pages."
)

// TooLong is why a file with too many pages is not kept.
var TooLong = fmt.Sprintf("The PDF has more than %d pages.", porting.MaxDocumentPages)

func active(what string) string {
	return "The PDF holds " + what + "; print it to a new PDF and upload that."
}

// File looks into a file: how many pages it has, and in our own words why it is not kept; an empty why means that it is.
func File(ctx context.Context, file []byte) (pages int, why string, err error) {
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		return 0, NoPDF, nil
	}
	self, err := os.Executable()
	if err != nil {
		return 0, "", fmt.Errorf("find the program: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(limited, self, child)
	cmd.Env = []string{"GOMEMLIMIT=" + heap, "GOTRACEBACK=none"}
	cmd.Stdin, cmd.Stdout = bytes.NewReader(file), &out
	err = cmd.Run()
	var v verdict
	switch {
	case ctx.Err() != nil:
		return 0, "", ctx.Err() // it is our time that is up, not the file's
	case err != nil && errors.As(err, new(*exec.ExitError)):
		return 0, Unreadable, nil
	case err != nil && limited.Err() == nil:
		return 0, "", fmt.Errorf("start the reader: %w", err)
	case err != nil || json.Unmarshal(out.Bytes(), &v) != nil:
		return 0, Unreadable, nil
	}
	return v.Pages, v.Why, nil
}

// Child says whether this is the process that reads, and if so does its work. It has to stand first in a program that calls File.
func Child() bool {
	if len(os.Args) != 2 || os.Args[1] != child {
		return false
	}
	// Where a system counts memory otherwise, the time is a limit still.
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: memory, Max: memory})
	_ = syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: uint64(timeLimit / time.Second), Max: uint64(timeLimit / time.Second)})
	file, err := io.ReadAll(io.LimitReader(os.Stdin, porting.MaxDocumentSize+1))
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(look(file))
	}
	if err != nil {
		os.Exit(1)
	}
	return true
}

// look is the verdict on a file; a panic is one, too.
func look(file []byte) (v verdict) {
	defer func() {
		if recover() != nil {
			v = verdict{Why: Unreadable}
		}
	}()
	model.ConfigPath = "disable" // the library would write its settings into the home directory
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed // carriers' bills come from many programs
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = porting.MaxDocumentSize, decoded
	doc, err := pdfcpu.ReadWithContext(context.Background(), bytes.NewReader(file), conf)
	switch {
	case err != nil && bytes.Contains(file, []byte("/Encrypt")), err == nil && doc.Encrypt != nil:
		return verdict{Why: Encrypted}
	case err != nil:
		return verdict{Why: Unreadable}
	}
	leaves, what := does(doc)
	if what != "" {
		return verdict{Why: active(what)}
	}
	if what := mentions(file); what != "" {
		return verdict{Why: active(what)}
	}
	if err := doc.EnsurePageCount(); err != nil {
		return verdict{Why: Unreadable}
	}
	switch v.Pages = doc.PageCount; {
	case v.Pages < 1:
		v.Why = NoPages
	case max(v.Pages, leaves) > porting.MaxDocumentPages: // the count is the file's own word
		v.Why = TooLong
	case leaves < v.Pages:
		v.Why = Unreadable // pages are missing
	}
	return v
}

// What a document does, or carries, beside being read (ISO 32000-2: actions 12.6, multimedia 13, embedded files 7.11.4, XFA 12.7.8).
const (
	scripts = "scripts"
	files   = "other files"
	media   = "media"
	forms   = "an interactive form of the XFA kind"
	actions = "actions that start a program or send data"
)

// keys are the entries of a dictionary that make it active, whatever their value.
var keys = map[string]string{
	"JS": scripts, "JavaScript": scripts, "XFA": forms, "EF": files,
	"RichMediaContent": media, "RichMediaSettings": media,
}

// values are what makes a dictionary active as the value of S (actions), Subtype (annotations) or Type. An action at an event (AA,
// OpenAction) that only turns a page or zooms does no harm: it is the action that counts, not when it comes.
var values = map[string]string{
	"JavaScript": scripts, "Rendition": media, "Movie": media, "Sound": media, "RichMedia": media, "RichMediaExecute": media, "3D": media,
	"Screen": media, "GoTo3DView": media, "Launch": actions, "SubmitForm": actions, "ImportData": actions, "GoToE": actions,
	"EmbeddedFile": files, "FileAttachment": files,
}

// does is what the document's objects do, empty when it is nothing, and how many of them are pages.
func does(doc *model.Context) (pages int, what string) {
	for _, entry := range doc.Table {
		if entry == nil || entry.Free {
			continue
		}
		o := entry.Object
		if packed, ok := o.(types.LazyObjectStreamObject); ok { // of a compressed stream
			var err error
			if o, err = packed.DecodedObject(context.Background()); err != nil {
				return 0, "objects that can't be looked at"
			}
		}
		if what := object(o, 0); what != "" {
			return 0, what
		}
		if d, ok := o.(types.Dict); ok && d.Type() != nil && *d.Type() == "Page" {
			pages++
		}
	}
	return pages, ""
}

// depth is how deep objects may lie in each other; what lies deeper was made to be hidden.
const depth = 100

func object(o types.Object, at int) string {
	if at > depth {
		return "objects nested too deep to be looked at"
	}
	switch o := o.(type) {
	case types.Dict:
		return dict(o, at)
	case types.StreamDict:
		return dict(o.Dict, at)
	case *types.StreamDict:
		return dict(o.Dict, at)
	case types.ObjectStreamDict:
		return dict(o.Dict, at)
	case *types.ObjectStreamDict:
		return dict(o.Dict, at)
	case types.Array:
		for _, inner := range o {
			if what := object(inner, at+1); what != "" {
				return what
			}
		}
	}
	return ""
}

func dict(d types.Dict, at int) string {
	for name, value := range d {
		name = plain(name)
		if what := keys[name]; what != "" {
			return what
		}
		if v, ok := value.(types.Name); ok && (name == "S" || name == "Subtype" || name == "Type") {
			if what := values[plain(string(v))]; what != "" {
				return what
			}
		}
		if what := object(value, at+1); what != "" {
			return what
		}
	}
	return ""
}

// plain is a name without its escapes: #4a is J.
func plain(name string) string {
	if decoded, err := types.DecodeName(name); err == nil {
		return decoded
	}
	return name
}

// mentions finds what stands in the file in plain sight and was not among its objects: older revisions, and objects that this
// reader skips and another one may not. Only names so long that no picture holds them by chance are looked for.
func mentions(file []byte) string {
	for _, m := range []struct{ name, what string }{
		{"/JavaScript", scripts}, {"/FileAttachment", files}, {"/RichMedia", media}, {"/SubmitForm", actions}, {"/ImportData", actions},
	} {
		if bytes.Contains(file, []byte(m.name)) {
			return m.what
		}
	}
	for _, end := range []string{" ", "\r", "\n", "/", ">", "("} { // where the name ends
		for _, m := range []struct{ name, what string }{{"/S/Launch", actions}, {"/S /Launch", actions}, {"/EmbeddedFile", files}} {
			if bytes.Contains(file, []byte(m.name+end)) {
				return m.what
			}
		}
	}
	return ""
}
