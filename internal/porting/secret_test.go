package porting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
)

// A secret shows in no print, log or encoding, wherever it stands.
func TestSecretNeverShows(t *testing.T) {
	const canary = "CANARY-7731"
	plain, opened := NewSecret(canary), SealedSecret("sealed").Opened(canary)
	for what, s := range map[string]Secret{"new": plain, "opened": opened} {
		type inside struct{ hidden Secret }
		for where, v := range map[string]any{
			"itself": s, "a pointer": &s, "a struct": struct{ S Secret }{s}, "a pointer in a struct": struct{ S *Secret }{&s},
			"an unexported field": inside{s}, "below a pointer": &inside{s}, "a slice": []Secret{s}, "a map": map[string]Secret{"k": s},
			"an order": Order{Given: Given{Details: Details{PIN: s}}, Drive: Drive{Wait: Wait{Token: s}}}, "a command": Edit{To: Details{PIN: s}}, "an any": []any{s},
		} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%p", "%T", "%08.3f", "%-20v"} {
				if got := fmt.Sprintf(verb, v); mentions(got, canary, "4341", fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)) {
					t.Errorf("%s secret in %s by %s: %s", what, where, verb, got)
				}
			}
			if got, err := json.Marshal(v); err != nil || mentions(string(got), canary) {
				t.Errorf("%s secret in %s as JSON: %s (%v)", what, where, got, err)
			}
			var text bytes.Buffer
			slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v)
			slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "v", v)
			if mentions(text.String(), canary) {
				t.Errorf("%s secret in %s in a log: %s", what, where, text.String())
			}
		}
	}
}

func TestSecret(t *testing.T) {
	for _, test := range []struct {
		name                    string
		s                       Secret
		set                     bool
		reveal, sealed, printed string
	}{
		{"none", Secret{}, false, "", "", ""},
		{"an empty text is none", NewSecret(""), false, "", "", ""},
		{"new", NewSecret("x"), true, "x", "", Redacted},
		{"sealed", SealedSecret("c"), true, "", "c", Redacted},
		{"opened", SealedSecret("c").Opened("x"), true, "x", "c", Redacted},
	} {
		t.Run(test.name, func(t *testing.T) {
			if s := test.s; s.IsSet() != test.set || s.Reveal() != test.reveal || s.Sealed() != test.sealed || s.String() != test.printed {
				t.Errorf("%v %q %q %q", s.IsSet(), s.Reveal(), s.Sealed(), s.String())
			}
		})
	}
	if one, same, other := NewSecret("x"), NewSecret("x"), NewSecret("y"); one != same || one == other {
		t.Error("secrets of one text are not the same")
	}
	var s Secret
	if err := json.Unmarshal([]byte(`"x"`), &s); err != nil || s.Reveal() != "x" {
		t.Errorf("read from JSON: %q (%v)", s.Reveal(), err)
	}
}
