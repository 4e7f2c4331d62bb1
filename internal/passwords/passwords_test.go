package passwords

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

// store is a secret whose value and trouble a test sets.
type store struct {
	value string
	err   error
	reads int
}

func (s *store) read(context.Context) (string, error) { s.reads++; return s.value, s.err }

func reader(s *store) (*Reader, *time.Time) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	return &Reader{Read: s.read, Now: func() time.Time { return now }}, &now
}

// Each step is a question for the password of locals after a pause. refused is what the peer has refused before.
func TestPasswordsChangeWithoutADeployment(t *testing.T) {
	s := &store{}
	r, now := reader(s)
	for _, step := range []struct {
		name           string
		after          time.Duration
		value, refused string
		err            error
		want           string
		reads          int
	}{
		{name: "the first question reads", value: `{"locals":"one"}`, want: "one", reads: 1},
		{name: "the next ones do not", after: 50 * time.Second, value: `{"locals":"two"}`, want: "one", reads: 1},
		{name: "after a minute it reads again", after: 10 * time.Second, value: `{"locals":"two"}`, want: "two", reads: 2},
		{name: "a refusal at once reads nothing", after: 9 * time.Second, value: `{"locals":"three"}`, refused: "two", want: "two", reads: 2},
		{name: "a later refusal reads", after: time.Second, value: `{"locals":"three"}`, refused: "two", want: "three", reads: 3},
		{name: "a refusal of an older password does not", after: 20 * time.Second, value: `{"locals":"four"}`, refused: "two", want: "three", reads: 3},
		{name: "trouble leaves the old ones", after: time.Minute, err: errors.New("no answer"), want: "three", reads: 4},
		{name: "and is not asked at each call", after: 9 * time.Second, value: `{"locals":"four"}`, want: "three", reads: 4},
		{name: "a value of another form leaves the old ones", after: time.Minute, value: `{"locals":7}`, want: "three", reads: 5},
		{name: "a peer that was taken out has none", after: time.Minute, value: `{"somos":"four"}`, want: "", reads: 6},
	} {
		*now = now.Add(step.after)
		s.value, s.err = step.value, step.err
		got, err := r.Of(t.Context(), "locals", porting.NewSecret(step.refused))
		if err != nil || got.Reveal() != step.want || s.reads != step.reads {
			t.Errorf("%s: %q after %d reads (%v), want %q after %d", step.name, got.Reveal(), s.reads, err, step.want, step.reads)
		}
	}
}

// Without a good value from before, a value that can't be used is an error that does not repeat it.
func TestBadValuesAreNotRepeated(t *testing.T) {
	for _, value := range []string{"", "s3cret", `{"locals":s3cret}`, `{"locals":["s3cret"]}`, `["s3cret"]`, "null", `{"locals":73}`} {
		s := &store{value: value}
		r, _ := reader(s)
		_, err := r.Of(t.Context(), "locals", porting.Secret{})
		if err == nil || strings.Contains(fmt.Sprint(err, porting.Plain(err)), "s3cret") || strings.Contains(porting.Plain(err), "73") ||
			!strings.Contains(porting.Plain(err), "JSON object") {
			t.Errorf("%s: %v", value, err)
		}
	}
}
