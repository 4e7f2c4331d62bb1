// Package reprint copies the pages of a PDF into a new PDF of our own writing. The copy shows the same pages and holds
// nothing else: no action, annotation, form, script, attachment, layer or metadata, no reference to another file, and no
// bytes before or behind it.
//
// The package does not judge a file. It lists what a page is made of ([entries]), copies that, and leaves everything else
// behind. It refuses a file only if the pages cannot be copied; [Why] has the reasons.
//
// Start reading at [File]. Files come from strangers, and a PDF can be made to take a reader's time and memory. So a process
// of its own reads the file ([Child]), without our credentials and with little memory and time. The package must not know
// orders or the bucket.
package reprint

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"portway/internal/porting"
)

// Limits of a PDF, and of the process that copies it.
const (
	MaxSize  = porting.MaxDocumentSize // of the file that comes, and of the one that is made
	MaxPages = porting.MaxDocumentPages

	// child is the only argument of that process.
	child = "reprint-a-pdf"

	timeLimit = 20 * time.Second
	memory    = 1 << 30
	heap      = "512MiB"
)

// Why says why a PDF cannot be copied, as the key of the message for the person who uploads it.
type Why porting.MessageKey

// The reasons.
const (
	NotPDF     = Why(porting.MsgFileNotPDF)
	Unreadable = Why(porting.MsgFileUnreadable)
	Locked     = Why(porting.MsgFileLocked)
	Encrypted  = Why(porting.MsgFileEncrypted)
	NoPages    = Why(porting.MsgFileEmpty)
	TooLong    = Why(porting.MsgFilePages)
	TooLarge   = Why(porting.MsgFileHeavy)
	Elsewhere  = Why(porting.MsgFileElsewhere)
	Layered    = Why(porting.MsgFileLayered)
	Dynamic    = Why(porting.MsgFileDynamic)
	Unwritable = Why(porting.MsgFileUnwritable)
)

// Error makes w an error, so that the code that copies can return it.
func (w Why) Error() string { return string(w) }

// message returns what the person reads.
func (w Why) message() porting.Message {
	switch w {
	case TooLong:
		return porting.Say(porting.MsgFilePages, "most", strconv.Itoa(MaxPages))
	case TooLarge:
		return porting.Say(porting.MsgFileHeavy, "mb", strconv.Itoa(MaxSize>>20))
	}
	return porting.Say(porting.MessageKey(w))
}

// result is the first line that the process writes. The PDF follows.
type result struct {
	Pages int `json:"pages"`
	Why   Why `json:"why"`
}

// File copies a PDF in a process of its own. It returns the copy and the number of its pages, or why there is no copy.
// The same file always makes the same copy. An error says that the file was not judged, and that the caller can try
// again.
func File(ctx context.Context, file []byte) (made []byte, pages int, why porting.Message, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, 0, porting.Message{}, fmt.Errorf("find the program: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	out := &bounded{most: MaxSize + 1<<10}
	cmd := exec.CommandContext(limited, self, child)
	cmd.Env = []string{"GOMEMLIMIT=" + heap, "GOTRACEBACK=none"}
	cmd.Stdin, cmd.Stdout = bytes.NewReader(file), out
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, 0, porting.Message{}, ctx.Err() // our time is up, which is not the file's fault
	case limited.Err() != nil, errors.As(err, new(*exec.ExitError)), errors.Is(err, errTooMuch):
		return nil, 0, Unreadable.message(), nil
	case err != nil:
		return nil, 0, porting.Message{}, fmt.Errorf("start the process: %w", err)
	}
	first, made, _ := bytes.Cut(out.Bytes(), []byte("\n"))
	var r result
	switch {
	case json.Unmarshal(first, &r) != nil:
		return nil, 0, Unreadable.message(), nil
	case r.Why != "":
		return nil, 0, r.Why.message(), nil
	}
	return made, r.Pages, porting.Message{}, nil
}

var errTooMuch = errors.New("the process writes too much")

// bounded is a buffer with a limit to its bytes.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, errTooMuch
	}
	return b.Buffer.Write(p)
}

// Child says whether this process was started by File, and does its work in that case. A program that calls File has to
// call Child first of all.
func Child() bool {
	if len(os.Args) != 2 || os.Args[1] != child {
		return false
	}
	// The limit of time holds on systems that count memory in another way.
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: memory, Max: memory})
	_ = syscall.Setrlimit(syscall.RLIMIT_CPU,
		&syscall.Rlimit{Cur: uint64(timeLimit / time.Second), Max: uint64(timeLimit / time.Second)})
	if err := work(os.Stdin, os.Stdout); err != nil {
		os.Exit(1)
	}
	return true
}

func work(in io.Reader, to io.Writer) error {
	file, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	if err != nil {
		return err
	}
	var r result
	made, pages, err := remake(file)
	switch {
	case err == nil:
		r.Pages = pages
	case !errors.As(err, &r.Why):
		r.Why = Unreadable
	}
	out := bufio.NewWriter(to)
	if err := json.NewEncoder(out).Encode(r); err != nil {
		return err
	}
	if _, err := out.Write(made); err != nil {
		return err
	}
	return out.Flush()
}

// remake copies a PDF, and then copies the copy. The second copy must have the same bytes. It has others if the first
// one holds anything that is not listed in entries, or if it is read in another way than it was written.
func remake(file []byte) (made []byte, pages int, err error) {
	defer func() {
		if recover() != nil { // a fault of the reader, which the file has found
			made, pages, err = nil, 0, Unreadable
		}
	}()
	switch {
	case len(file) > MaxSize:
		return nil, 0, TooLarge
	case !bytes.Contains(file, header):
		return nil, 0, NotPDF
	}
	if made, pages, err = reprint(file); err != nil {
		return nil, 0, err
	}
	again, same, err := reprint(made)
	if err != nil || same != pages || !bytes.Equal(made, again) {
		return nil, 0, Unreadable
	}
	return made, pages, nil
}

// reprint reads a PDF and writes a copy of its pages.
func reprint(file []byte) ([]byte, int, error) {
	s, err := read(file)
	if err != nil {
		return nil, 0, err
	}
	pages, err := s.pages()
	if err != nil {
		return nil, 0, err
	}
	c := &copier{source: s, made: map[part]int{}}
	made, err := c.write(pages)
	return made, len(pages), err
}
