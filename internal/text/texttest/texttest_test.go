package texttest

import (
	"strings"
	"testing"

	"portway/internal/porting"
)

func TestFaults(t *testing.T) {
	sentences := []string{"Your numbers move on {day|day}.", "%d of %s"}
	const good = "# a note\nYour numbers move on {day|day}.\n\tSus números se trasladan el {day|day}.\n\n%d of %s\n\t%[2]s: %[1]d\n"
	for name, test := range map[string]struct{ table, want string }{
		"a whole table":          {good, ""},
		"a gap":                  {strings.Replace(good, "%d of %s\n\t%[2]s: %[1]d\n", "", 1), "a row is missing for\n%d of %s"},
		"another placeholder":    {strings.Replace(good, "el {day|day}", "el {date|day}", 1), "it has [date|day] where the English has [day|day]"},
		"another form":           {strings.Replace(good, "el {day|day}", "el {day}", 1), "it has [day] where the English has [day|day]"},
		"a verb too few":         {strings.Replace(good, ": %[1]d", "", 1), "it has [%s] where the English has [%d %s]"},
		"a row that nobody says": {good + "Else.\n\tOtra cosa.\n", "nobody says Else."},
		"a row twice":            {good + "%d of %s\n\t%[2]s: %[1]d\n", "twice: %d of %s"},
		"no translation":         {good + "Else.\n", "no translation below: Else."},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(faults(test.table, porting.Spanish, sentences), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Calls are found by their name, and texts that are put together count as one.
func TestSentences(t *testing.T) {
	got := Sentences(t, ".", "found")
	if len(got) < 5 || got[0] != "a translation without a sentence above: %s" {
		t.Errorf("%q", got)
	}
}
