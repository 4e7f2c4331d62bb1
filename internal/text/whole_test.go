package text_test

import (
	"testing"

	"portway/internal/text"
	"portway/internal/text/texttest"
)

// The domain's sentences, names and reasons have their translations, as far as customers read them.
func TestTranslationsAreWhole(t *testing.T) { texttest.Whole(t, ".", text.CustomersRead()) }
