package bucket

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"portway/internal/porting"
)

var now = time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)

func at(endpoint string) *Bucket {
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET",
		"TOKEN")}
	if endpoint != "" {
		cfg.BaseEndpoint = &endpoint
	}
	return New(cfg, "papers", func() time.Time { return now })
}

// What a URL allows is signed into it: the object, the verb, the kind of file, the size where it is known, and until
// when.
func TestURLs(t *testing.T) {
	key := Incoming("acme", "7", "1")
	for _, test := range []struct {
		name, endpoint string
		sign           func(*Bucket) (string, error)
		host, path     string
		headers        string
		query          map[string]string
	}{
		{"an upload", "", func(b *Bucket) (string, error) { return b.Upload(t.Context(), key, 0, 15*time.Minute) },
			"papers.s3.us-east-1.amazonaws.com", "/incoming/acme/7/1", "content-type;host",
			map[string]string{"X-Amz-Expires": "900", "X-Amz-Date": "20270302T170000Z"}},
		{"an upload of a known size", "",
			func(b *Bucket) (string, error) { return b.Upload(t.Context(), key, 1234, time.Minute) },
			"papers.s3.us-east-1.amazonaws.com", "/incoming/acme/7/1", "content-length;content-type;host",
			map[string]string{"X-Amz-Expires": "60"}},
		{"on one endpoint", "http://127.0.0.1:4566/",
			func(b *Bucket) (string, error) { return b.Upload(t.Context(), key, 0, time.Minute) },
			"127.0.0.1:4566", "/papers/incoming/acme/7/1", "content-type;host", nil},
		{"a download", "", func(b *Bucket) (string, error) {
			return b.Download(t.Context(), Kept("acme", "7", "d1"), `a "b".pdf`, time.Minute)
		}, "papers.s3.us-east-1.amazonaws.com", "/kept/acme/7/d1", "host", map[string]string{
			"response-content-disposition": `attachment; filename="a \"b\".pdf"`,
			"response-content-type":        "application/pdf"}},
		{"an odd account stays within its own folder", "", func(b *Bucket) (string, error) {
			return b.Upload(t.Context(), Incoming("a?b c", "7", "1"), 0, time.Minute)
		},
			"papers.s3.us-east-1.amazonaws.com", "/incoming/a%3Fb%20c/7/1", "content-type;host", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			signed, err := test.sign(at(test.endpoint))
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(signed)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			if u.Host != test.host || u.EscapedPath() != test.path || q.Get("X-Amz-SignedHeaders") != test.headers ||
				len(q.Get("X-Amz-Signature")) != 64 ||
				q.Get("X-Amz-Security-Token") != "TOKEN" {
				t.Errorf("signed %s", signed)
			}
			for name, want := range test.query {
				if q.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, q.Get(name), want)
				}
			}
			if strings.Contains(signed, "SECRET") {
				t.Error("the secret key is in the URL")
			}
		})
	}
}

func TestKeys(t *testing.T) {
	account, order, id, ok := Arrived(Incoming("acme", "7", "1"))
	if !ok || account != "acme" || order != "7" || id != porting.DocumentID("1") {
		t.Errorf("%s %s %s %v", account, order, id, ok)
	}
	for _, key := range []string{"", "incoming", "incoming/a/b", "incoming/a/b/c/d", Kept("acme", "7", "d")} {
		if _, _, _, ok := Arrived(key); ok {
			t.Errorf("%q has arrived", key)
		}
	}
}

func TestPutAndGet(t *testing.T) {
	files := map[string][]byte{}
	trouble := 0
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"),
			"AWS4-HMAC-SHA256 Credential=AKID/20270302/us-east-1/s3/") {
			t.Errorf("not signed: %v", r.Header)
		}
		file, ok := files[r.URL.Path]
		switch {
		case trouble != 0:
			http.Error(w, "<Error><Key>"+r.URL.Path+"</Key></Error>", trouble)
		case r.Method == http.MethodPut:
			files[r.URL.Path], _ = io.ReadAll(r.Body)
		case !ok:
			http.NotFound(w, r)
		default:
			_, _ = w.Write(file)
		}
	}))
	defer s3.Close()
	b, key, file := at(s3.URL), Kept("acme", "7", "d1"), []byte("%PDF-1.7")
	if err := b.Put(t.Context(), key, bytes.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(t.Context(), key, 8); err != nil || !bytes.Equal(got, file) {
		t.Errorf("%q %v", got, err)
	}
	if _, err := b.Get(t.Context(), key, 7); !errors.Is(err, ErrTooLarge) {
		t.Errorf("larger: %v", err)
	}
	if _, err := b.Get(t.Context(), key+"x", 8); !errors.Is(err, ErrNone) {
		t.Errorf("none: %v", err)
	}
	trouble = 503
	for what, err := range map[string]error{"put": b.Put(t.Context(), key, bytes.NewReader(file), 8),
		"get": func() error { _, err := b.Get(t.Context(), key, 8); return err }()} {
		if err == nil || strings.Contains(err.Error(), "acme") || !strings.Contains(err.Error(), "503") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
