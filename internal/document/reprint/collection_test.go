package reprint

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sentences "portway/internal/text"
)

var pdfs = flag.String("pdfs", "", "a folder with public collections of PDFs, one folder each; see make soak")

// The PDFs of people who work with PDFs are made anew: those that come with the library, and those that make soak has
// brought (pypdf's). testdata/collections.txt names the files that are refused, and why; all others are taken.
func TestCollections(t *testing.T) {
	if *pdfs == "" {
		t.Skip("make soak runs it over public collections of PDFs")
	}
	collections := map[string]string{}
	where, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pdfcpu/pdfcpu").Output()
	if err != nil {
		t.Logf("SKIPPED: the library's own PDFs are not here: %v", err)
	} else {
		collections["pdfcpu"] = strings.TrimSpace(string(where))
	}
	brought, err := filepath.Glob(filepath.Join(*pdfs, "*-*"))
	if err != nil || len(brought) == 0 {
		t.Logf("SKIPPED: no other collections are in %s", *pdfs)
	}
	for _, folder := range brought {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			name, _, _ := strings.Cut(filepath.Base(folder), "-")
			collections[name] = folder
		}
	}
	path := filepath.Join("testdata", "collections.txt")
	before, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	var after bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(collections)) {
		var refused []string
		taken, pages := 0, 0
		err := filepath.WalkDir(collections[name], func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".pdf") {
				return err
			}
			file, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			made, n, why, err := File(t.Context(), file)
			short := strings.TrimPrefix(strings.TrimPrefix(path, collections[name]), "/")
			switch {
			case err != nil:
				return fmt.Errorf("%s: %w", short, err)
			case !why.IsZero():
				refused = append(refused, fmt.Sprintf("%s %s: %s\n", name, short, sentences.English.Message(why)))
			default:
				taken, pages = taken+1, pages+n
				if s := clean(t, made); t.Failed() || len(s.pages) != n {
					return fmt.Errorf("%s is not made as it should be", short)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d PDFs with %d pages are taken, %d are refused", name, taken, pages, len(refused))
		for _, line := range refused {
			after.WriteString(line)
			if !*update && !strings.Contains(string(before), line) {
				t.Errorf("refused: %s", line)
			}
		}
		for line := range strings.Lines(string(before)) {
			if !*update && strings.HasPrefix(line, name+" ") && !slices.Contains(refused, line) {
				t.Errorf("no longer refused, or for another reason: %s", line)
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, after.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
