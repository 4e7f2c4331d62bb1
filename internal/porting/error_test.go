package porting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestFaults(t *testing.T) {
	given := Faults{{Field: "zip", Code: BadFormat, Message: "Ours."}, {Field: "city", Code: Required, Message: "Ours."}}
	for _, test := range []struct {
		name string
		fs   Faults
		err  error
		want []string // nil: no error
	}{
		{"none", nil, nil, nil},
		{"OURS_ALONE", given, nil, []string{"city required", "zip invalid_format"}},
		{"THEIRS_ALONE", nil, Faults{{Field: "alias", Code: TooLong, Message: "Theirs."}}.Err(), []string{"alias too_long"}},
		{"ONE_FAULT_A_FIELD: ours stands", given, Faults{{Field: "zip", Code: TooLong, Message: "Theirs."}, {Field: "alias", Code: TooLong, Message: "Theirs."}}.Err(),
			[]string{"alias too_long", "city required", "zip invalid_format"}},
		{"BOTH_OF_THEIRS: two faults of a field are two", nil, Faults{{Field: "zip", Code: TooLong, Message: "."}, {Field: "zip", Code: BadFormat, Message: "."}}.Err(),
			[]string{"zip invalid_format", "zip too_long"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			fs := slices.Clone(test.fs)
			if err := fs.Merge(test.err); err != nil {
				t.Fatal(err)
			}
			if got := faultsOf(fs.Err()); !slices.Equal(got, test.want) {
				t.Errorf("faults %q, want %q", got, test.want)
			}
		})
	}
	t.Run("ErrOfAnotherKind is told alone", func(t *testing.T) {
		for _, err := range []error{Errorf(WrongStatus, "Not now."), Errorf(Invalid, "No number would be left."), errors.New("trouble"), TakenError("+12065550101")} {
			fs := slices.Clone(given)
			if got := fs.Merge(err); got != err || len(fs) != len(given) {
				t.Errorf("%v: merged to %v and %v", err, got, fs)
			}
		}
	})
	t.Run("COPY: a merge leaves the faults of another holder alone", func(t *testing.T) {
		mine := append(make(Faults, 0, 8), given...)
		one, two := mine, mine
		if err := errors.Join(one.Merge(Faults{{Field: "a", Code: Required, Message: "."}}.Err()), two.Merge(Faults{{Field: "b", Code: Required, Message: "."}}.Err())); err != nil {
			t.Fatal(err)
		}
		if got := faultsOf(one.Err()); !slices.Contains(got, "a required") || len(mine) != 2 {
			t.Errorf("the first merge has %q", got)
		}
	})
	t.Run("MANY: a hopeless input has an end", func(t *testing.T) {
		var fs Faults
		for n := range MaxFaults + 5 {
			fs.Add(fmt.Sprint(n), Unknown, ".")
		}
		if len(fs) != MaxFaults {
			t.Errorf("%d faults, want %d", len(fs), MaxFaults)
		}
	})
}

func TestWithFields(t *testing.T) {
	rename := func(field string) string { return "add/" + field }
	err := Faults{{Field: "0", Code: Duplicate, Message: "."}, {Field: "1", Code: Unknown, Message: "."}}.Err()
	if got, want := faultsOf(WithFields(fmt.Errorf("wrapped: %w", err), rename)), []string{"add/0 duplicate", "add/1 unknown"}; !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
	if got, want := faultsOf(err), []string{"0 duplicate", "1 unknown"}; !slices.Equal(got, want) {
		t.Errorf("the error that was given has %q", got)
	}
	for _, err := range []error{nil, errors.New("trouble"), Errorf(Stale, "Read it again.")} {
		if got := WithFields(err, rename); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestTakenError(t *testing.T) {
	err := TakenError("+12065550101", Owner{Account: "acme", Sandbox: true}.Hold("+12065550102"))
	if got, want := faultsOf(err), []string{"+12065550101 not_allowed", "+12065550102 not_allowed"}; !Is(err, Taken) || !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
}

func TestIs(t *testing.T) {
	err := Errorf(Stale, "Read it again.")
	for _, test := range []struct {
		name string
		err  error
		want bool
	}{
		{"OK", err, true}, {"OK: wrapped", fmt.Errorf("write: %w", err), true}, {"another code", Errorf(Taken, "No."), false},
		{"not ours", errors.New("trouble"), false}, {"none", nil, false},
	} {
		if got := Is(test.err, Stale); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

type plainError struct{}

func (plainError) Error() string { return "secret" }
func (plainError) Plain() string { return "fit to be read" }

// serviceError is an error as the SDK has them.
type serviceError struct{ cause error }

func (serviceError) Error() string     { return "secret" }
func (serviceError) ErrorCode() string { return "Throttled" }
func (e serviceError) Unwrap() error   { return e.cause }

// emptyError joins nothing.
type emptyError struct{}

func (emptyError) Error() string   { return "secret" }
func (emptyError) Unwrap() []error { return nil }

func TestPlain(t *testing.T) {
	for want, err := range map[string]error{
		"There is no such order.":          fmt.Errorf("read: %w", Errorf(NotFound, "There is no such order.")),
		"fit to be read":                   fmt.Errorf("secret: %w", plainError{}),
		"*errors.errorString":              errors.New("secret"),
		"porting.serviceError (Throttled)": fmt.Errorf("secret: %w", fmt.Errorf("secret: %w", serviceError{})),
		"*errors.errorString (Throttled)":  fmt.Errorf("secret: %w", serviceError{errors.New("secret")}),
		"context.deadlineExceededError":    errors.Join(fmt.Errorf("secret: %w", context.DeadlineExceeded), plainError{}),
		"porting.emptyError":               fmt.Errorf("secret: %w", emptyError{}),
		"<nil>":                            nil,
	} {
		if got := Plain(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
