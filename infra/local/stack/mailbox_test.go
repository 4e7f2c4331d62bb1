package stack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The mailbox lists mails, the newest first, and shows one as HTML in a frame that runs no script.
func TestMailbox(t *testing.T) {
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"messages":{"a":[{"MessageId":"m1","Subject":"First <b>","To":["jane@example.com"],"BodyText":"T",
			"BodyHtml":"<p>Hello <a href=\"http://127.0.0.1/p/x\">open</a><script>x()</script></p>"},
			{"MessageId":"m2","Subject":"Second","To":["joe@example.com"]}]}}`))
	}))
	defer engine.Close()
	s := &Stack{File: File{Mail: engine.URL}}
	show := func(target string) string {
		w := httptest.NewRecorder()
		s.mailbox(w, httptest.NewRequest(http.MethodGet, target, nil))
		return w.Body.String()
	}
	list := show("/mail")
	if first, second := strings.Index(list, "First &lt;b&gt;"), strings.Index(list, "Second"); first < 0 || second < 0 || second > first {
		t.Errorf("the list:\n%s", list)
	}
	one := show("/mail?id=m1")
	for _, part := range []string{`srcdoc="&lt;base target=`, `sandbox="allow-top-navigation-by-user-activation"`, "jane@example.com"} {
		if !strings.Contains(one, part) {
			t.Errorf("%q is missing:\n%s", part, one)
		}
	}
	if strings.Contains(one, "<script>") {
		t.Errorf("a script of the mail stands in our page:\n%s", one)
	}
}
