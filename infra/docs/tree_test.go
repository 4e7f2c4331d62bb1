package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The repository's top level has these entries alone, beside files whose names begin with a dot and the operator's
// parameters, and no file has more than 1 MB.
func TestTopLevel(t *testing.T) {
	want := []string{"LICENSE", "Makefile", "README.md", "events", "functions", "go.mod", "go.sum", "infra", "internal", "samconfig.toml", "template.yaml"}
	root := filepath.Join("..", "..")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "parameters") {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the top level has %q, want %q", got, want)
	}
	files := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); path != root && strings.HasPrefix(name, ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() {
			files++
			if info, err := d.Info(); err != nil || info.Size() > 1<<20 {
				t.Errorf("%s has %d bytes (%v)", path, info.Size(), err)
			}
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files were looked at (%v)", files, err)
	}
}
