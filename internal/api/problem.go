package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// problem is an answer that tells what went wrong, with one entry for each fault.
type problem struct {
	status  int
	entries []entry
	header  map[string]string
	cause   error
}

type entry struct {
	code      string
	detail    string
	pointer   string // into the body
	parameter string // of the query
	days      *dayAdvice
	// row and column are those of a sheet.
	row    int
	column string
}

func (p *problem) Error() string { return p.entries[0].detail }

func (p *problem) Unwrap() error { return p.cause }

// refuse is a problem with one entry.
func refuse(status int, code errorCode, detail string) *problem {
	return &problem{status: status, entries: []entry{{code: string(code), detail: detail}}}
}

// unavailable refuses a call for which a peer has to be asked that can't be asked; nothing was changed.
func unavailable(cause error) *problem {
	p := refuse(http.StatusServiceUnavailable, codePeerUnavailable, "The carriers cannot be asked at the moment, and nothing was changed. Try again in 30 seconds.")
	p.header = map[string]string{"Retry-After": "30"}
	p.cause = cause
	return p
}

// statuses are the HTTP statuses of the domain's refusals.
var statuses = map[porting.ErrorCode]int{
	porting.Invalid:     http.StatusUnprocessableEntity,
	porting.WrongStatus: http.StatusConflict,
	porting.Forbidden:   http.StatusForbidden,
	porting.TooEarly:    http.StatusConflict,
	porting.NotFound:    http.StatusNotFound,
	porting.Stale:       http.StatusConflict,
	porting.Taken:       http.StatusConflict,
	porting.NoFunds:     http.StatusPaymentRequired,
	porting.Settled:     http.StatusConflict,

	porting.SignatureNeeded: http.StatusConflict,
	porting.ChangeOpen:      http.StatusConflict,

	account.TooManyKeys: http.StatusConflict,
	account.LastKey:     http.StatusConflict,
	account.KeyScope:    http.StatusForbidden,
	account.KeyEnds:     http.StatusConflict,
	account.PresetInUse: http.StatusConflict,
}

// problem makes the answer of an error. An error that is no refusal of ours is our trouble, and is told without detail.
func (r *request) problem(err error) *problem {
	var p *problem
	var e *porting.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &e):
		return r.refusal(e)
	case errors.Is(err, context.DeadlineExceeded):
		p := refuse(http.StatusServiceUnavailable, codeUnavailable, "We could not answer in time. Try again in five seconds.")
		p.header = map[string]string{"Retry-After": "5"}
		return p
	}
	return refuse(http.StatusInternalServerError, codeInternal, sorry)
}

func (r *request) refusal(e *porting.Error) *problem {
	p := &problem{status: statuses[e.Code], cause: e}
	if p.status == 0 {
		p.status = http.StatusInternalServerError
	}
	if e.Code == porting.Invalid || e.Code == porting.SignatureNeeded {
		for _, f := range e.Faults {
			if f.Code == wrongType {
				p.status = http.StatusBadRequest // the body can't be read as it was meant
			}
			p.entries = append(p.entries, r.entry(f))
		}
	}
	if e.Code == porting.Taken { // the numbers are the order's own, and stand nowhere in the body
		rivals := 0
		for _, f := range e.Faults[:min(len(e.Faults), latest)] {
			if f.Message == porting.OtherRequest {
				if rivals++; rivals > porting.MaxAlsoAsked { // what others hold is not to be read off an answer
					continue
				}
			}
			p.entries = append(p.entries, entry{code: string(e.Code), detail: f.Field + ": " + f.Message})
		}
		if rivals > 0 {
			p.entries = append(p.entries, entry{code: string(e.Code), detail: mayDispute})
		}
	}
	if len(p.entries) == 0 {
		p.entries = []entry{{code: string(e.Code), detail: e.Message}}
	}
	if e.Code == porting.NotFound && r.order != "" {
		p.entries[0].detail = orders.ErrNoOrder.Message // the same whatever is missing, and whose it is
	}
	return p
}

// entry is one fault: of a parameter where the request has no body to have faults. The detail names the field, since
// many clients show nothing else.
func (r *request) entry(f porting.Fault) entry {
	name := cmp.Or(strings.TrimPrefix(strings.TrimPrefix(f.Field, attributes), "/"), `""`)
	e := entry{code: string(f.Code), detail: name + ": " + f.Message, days: adviceOf(f.Days)}
	if r.row.method == http.MethodGet {
		e.parameter = f.Field
	} else {
		e.pointer = r.row.pointer(f.Field)
	}
	return e
}

// mayDispute says what can be done about a number that another account's order holds.
const mayDispute = "The order was not submitted. Leave the numbers out, or open a dispute (POST …/disputes) if they are yours."

// together tells the faults that a body has with those that the domain finds in it, all at once. A refusal of another
// kind, such as the wrong status, is told alone.
func together(fs porting.Faults, err error) error {
	if err := fs.Merge(err); err != nil {
		return err
	}
	return fs.Err()
}

// down says whether err means that a peer cannot be asked now.
func down(err error) bool {
	var gone *peer.Down
	var denied *peer.Denied
	return errors.As(err, &gone) || errors.As(err, &denied) || errors.Is(err, context.DeadlineExceeded)
}

// envelope is Flowroute's error document.
type envelope struct {
	Errors []wireError `json:"errors"`
}

type wireError struct {
	ID        string `json:"id"` // of the request, for support
	Status    int    `json:"status"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Row       int    `json:"row,omitempty"`
	Column    string `json:"column,omitempty"`
	// Meta has the days that are possible in the place of one that is not.
	Meta *dayAdvice `json:"meta,omitempty"`
}

func (p *problem) reply(r *request) reply {
	title := http.StatusText(p.status)
	if p.status == http.StatusNotFound {
		title = "Resource not found" // the documented word
	}
	var body envelope
	for _, e := range p.entries {
		body.Errors = append(body.Errors, wireError{
			ID: r.id, Status: p.status, Title: title, Detail: e.detail, Code: e.code, Pointer: e.pointer, Parameter: e.parameter,
			Row: e.row, Column: e.column, Meta: e.days})
	}
	return reply{status: p.status, body: body, header: p.header}
}
