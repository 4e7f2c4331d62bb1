package page

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"portway/internal/account"
)

// Whatever color an account has, text in it and on it can be read in both themes.
func TestColorsCanBeRead(t *testing.T) {
	colors := regexp.MustCompile(`--act:(#[0-9a-f]{6});--on:(#[0-9a-f]{6})`)
	for i := range 16 * 16 * 16 {
		color := fmt.Sprintf("#%02x%02x%02x", i>>8*17, i>>4&15*17, i&15*17)
		both := colors.FindAllStringSubmatch(ownStyle(account.Looks{Color: color}), -1)
		if len(both) != 2 {
			t.Fatalf("%s makes %v", color, both)
		}
		for theme, grounds := range [][]rgb{{white, lightGround}, {{0x14 / 255.0, 0x18 / 255.0, 0x1d / 255.0}, darkGround}} {
			act, _ := parseColor(both[theme][1])
			label, _ := parseColor(both[theme][2])
			for _, ground := range append(grounds, label) {
				if c := contrast(act, ground); c < enough {
					t.Errorf("%s: %s on %s has the contrast %.2f", color, act, ground, c)
				}
			}
		}
	}
	if got := ownStyle(account.Looks{Color: "red;}"}); got != "" {
		t.Errorf("no color makes %q", got)
	}
	if got := ownStyle(account.Looks{Color: "#0b5cad"}); !strings.HasPrefix(got, ":root{--act:#0b5cad;--on:#ffffff}") {
		t.Errorf("a color that can be read is changed: %s", got)
	}
}

// A page looks as its account wants, and the policy allows no other style.
func TestLooks(t *testing.T) {
	w := newWorld(t)
	acc, err := w.store.Account(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	set := acc.Settings()
	set.Looks = account.Looks{Name: "Acme <b>", Color: "#ffcc00", Footer: "Call (206) 555-0100."}
	c, err := account.Set(acc, set)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Amend(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b := w.open(w.order(1))
	own := ownStyle(set.Looks)
	w.has(b.last.Body, "Acme &lt;b&gt;</p></header>", "<style>"+own+"</style>")
	w.has(b.last.Body[strings.Index(b.last.Body, "<main"):], "Call (206) 555-0100.")
	if p := b.last.Headers["Content-Security-Policy"]; !strings.Contains(p, "'sha256-"+hashOf(own)+"'") || strings.Contains(p, "unsafe") {
		t.Error(p)
	}
	if out := b.send(b.event(http.MethodGet, "/p/nothing", "")); strings.Contains(out.Body, "Acme") {
		t.Error("a dead link tells whose it was")
	}
}
