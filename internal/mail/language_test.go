package mail

import (
	"slices"
	"testing"

	"portway/internal/porting"
	"portway/internal/text"
	"portway/internal/text/texttest"
)

// sentences are all that mails say by themselves, in English.
func sentences(t *testing.T) []string {
	all := texttest.Sentences(t, ".", "say", "subject", "heading", "para", "add")
	for _, words := range statusWords {
		all = append(all, words)
	}
	for _, label := range labels {
		all = append(all, label)
	}
	return all
}

func TestTranslationsAreWhole(t *testing.T) { texttest.Whole(t, ".", sentences(t)) }

// Every mail is in its reader's language: no English sentence of ours is left in it.
func TestMailsInOtherLanguages(t *testing.T) {
	english := sentences(t)
	for _, language := range porting.Languages()[1:] {
		own := text.In(language, Table)
		for _, tc := range cases {
			e, o := tc.event()
			c := composer(t)
			c.Language = language
			m, err := c.Compose(e, o, samplePage)
			if err != nil {
				t.Fatal(err)
			}
			d := c.draft()
			d.e, d.o, d.page = e, o, samplePage
			mails[e.Kind](d)
			for _, b := range d.blocks {
				if slices.Contains(english, b.text) && own.Translate(b.text) != b.text {
					t.Errorf("%s in %s has %q", tc.name, language, b.text)
				}
			}
			if len(m.HTML) > 50_000 {
				t.Errorf("%s in %s has %d bytes", tc.name, language, len(m.HTML))
			}
		}
	}
}
