// Package env reads the environment of a function, which the template writes. A [Reader] returns each variable in the form
// that its caller needs, and notes every value that can't be used. [Start] then runs the function. If there are faults,
// the function does not crash: it answers each event with an error that names the variables, and logs the same. Start
// reading at Reader. The package must not know the name of any variable.
package env

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"portway/internal/lambdax"
	"portway/internal/porting"
)

// Reader reads variables. A method that can't use a value notes the fault and returns the zero value of its form.
type Reader struct {
	get    func(string) string
	faults []Fault
}

// Fault says what is wrong with the value of a variable. It never holds the value.
type Fault struct{ Variable, Problem string }

// OfProcess reads the environment of the process.
func OfProcess() *Reader { return Of(os.Getenv) }

// Of reads variables through get, as OfProcess does through os.Getenv.
func Of(get func(string) string) *Reader { return &Reader{get: get} }

// Faults lists what was wrong with the variables that were read.
func (r *Reader) Faults() []Fault { return r.faults }

// Fail notes that a variable can't be used. The problem is the rest of a sentence that begins with the variable.
func (r *Reader) Fail(name, problem string) {
	if f := (Fault{name, problem}); !slices.Contains(r.faults, f) {
		r.faults = append(r.faults, f)
	}
}

// Raw returns a variable unchecked. The caller checks it, and notes a fault by Fail.
func (r *Reader) Raw(name string) string { return r.get(name) }

// Text returns a variable that is not empty and has no control characters.
func (r *Reader) Text(name string) string {
	v := r.get(name)
	if v == "" {
		r.Fail(name, "is empty")
		return ""
	}
	return r.plain(name, v)
}

// Optional returns a variable that may be empty and has no control characters.
func (r *Reader) Optional(name string) string { return r.plain(name, r.get(name)) }

// Secret is Optional for a secret.
func (r *Reader) Secret(name string) porting.Secret { return porting.NewSecret(r.Optional(name)) }

func (r *Reader) plain(name, v string) string {
	if strings.ContainsFunc(v, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		r.Fail(name, "has a line break or another control character")
		return ""
	}
	return v
}

// Number returns a whole number between two bounds.
func (r *Reader) Number(name string, least, most int) int {
	n, err := strconv.Atoi(r.get(name))
	if err != nil || n < least || n > most {
		r.Fail(name, "is not a whole number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
		return 0
	}
	return n
}

// Is says whether a variable has the first of two values. Any third value is a fault.
func (r *Reader) Is(name, yes, no string) bool {
	v := r.get(name)
	if v != yes && v != no {
		r.Fail(name, "is neither "+yes+" nor "+no)
	}
	return v == yes
}

// URL returns an http or https URL, as IsURL accepts it.
func (r *Reader) URL(name string) string {
	v := r.get(name)
	if !IsURL(v) {
		r.Fail(name, "is not a URL such as https://host/path, without a user, a query and a fragment")
		return ""
	}
	return v
}

// OptionalURL is URL for a variable that may be empty.
func (r *Reader) OptionalURL(name string) string {
	if r.get(name) == "" {
		return ""
	}
	return r.URL(name)
}

// IsURL says whether a text is an http or https URL without user, query and fragment.
func IsURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		u.RawQuery == "" && u.Fragment == "" && !strings.ContainsAny(text, " ?#")
}

// Address returns a mail address without a display name.
func (r *Reader) Address(name string) string {
	v := r.get(name)
	local, domain, ok := strings.Cut(v, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(v, "<>(),;:\\\" ") ||
		strings.Contains(domain, "@") || slices.Contains(strings.Split(domain, "."), "") {
		r.Fail(name, "is not a mail address such as porting@example.com")
		return ""
	}
	return r.plain(name, v)
}

// Start runs a handler as the function, or reports the reader's faults. It does not return.
func Start[In, Out any](r *Reader, handle func(context.Context, In) (Out, error)) {
	if len(r.faults) > 0 {
		lambdax.StartUnguarded(r.refuse)
	}
	lambdax.Start(handle)
}

// StartUnguarded is Start for a handler whose errors go to the caller as they are. It does not return.
func StartUnguarded[In, Out any](r *Reader, handle func(context.Context, In) (Out, error)) {
	if len(r.faults) > 0 {
		lambdax.StartUnguarded(r.refuse)
	}
	lambdax.StartUnguarded(handle)
}

// refuse answers every event with the faults. The error is transient, since the event can be handled once the parameters
// are right. So no person is asked about the event's order.
func (r *Reader) refuse(ctx context.Context, _ any) (any, error) {
	var all []string
	for _, f := range r.faults {
		slog.ErrorContext(ctx, "a variable of the function's environment can't be used", "variable", f.Variable,
			"problem", f.Problem)
		all = append(all, f.Variable+" "+f.Problem+".")
	}
	return nil, messages.InvokeResponse_Error{Type: lambdax.Transient,
		Message: "The function's environment can't be used. " + strings.Join(all, " ")}
}
