package deploy

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// buildFlags are the Makefile's: no RPC mode; zone data, since the runtime has none; the same bytes from the same
// source.
var buildFlags = []string{"-tags", "lambda.norpc,timetzdata", "-trimpath", "-buildvcs=false"}

const linkFlags = "-ldflags=-s -w -buildid="

// build makes the zip of each function in dirs (package directories, relative to base) for this machine, and returns
// the zips' files by directory. A function is linked again only when its code or a package that it imports has changed.
// The zips are kept in root/.local/build, which several processes may use at once.
func build(ctx context.Context, root, base string, dirs []string, progress func(string)) (map[string]string, error) {
	if len(dirs) == 0 {
		return nil, nil
	}
	store := filepath.Join(root, ".local", "build")
	if err := os.MkdirAll(store, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(store, "lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()

	stamps, err := stamps(ctx, base, dirs)
	if err != nil {
		return nil, err
	}
	zips := map[string]string{}
	var stale []string
	for _, dir := range dirs {
		if stamps[dir] == "" {
			return nil, fmt.Errorf("%s is not a Go command", dir)
		}
		zips[dir] = filepath.Join(store, path.Base(dir), stamps[dir]+".zip")
		if _, err := os.Stat(zips[dir]); err != nil {
			stale = append(stale, dir)
		}
	}
	if len(stale) == 0 {
		return zips, nil
	}

	progress(fmt.Sprintf("building %d of %d functions", len(stale), len(dirs)))
	var (
		wg     sync.WaitGroup
		slots  = make(chan struct{}, runtime.NumCPU())
		faults = make([]error, len(stale))
	)
	for i, dir := range stale {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if faults[i] = link(ctx, base, dir, zips[dir]); faults[i] == nil {
				progress("built " + path.Base(dir))
			}
		})
	}
	wg.Wait()
	return zips, errors.Join(faults...)
}

// stamps hashes what each command is built from. It also compiles every package once, which leaves only the linking.
func stamps(ctx context.Context, base string, dirs []string) (map[string]string, error) {
	args := append([]string{"list", "-export", "-deps", "-json=ImportPath,BuildID,Name,Dir,Deps"}, buildFlags...)
	for _, dir := range dirs {
		args = append(args, "./"+dir)
	}
	out, err := goCommand(ctx, base, args...)
	if err != nil {
		return nil, err
	}
	type pkg struct {
		ImportPath, BuildID, Name, Dir string
		Deps                           []string
	}
	ids := map[string]string{}
	var commands []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		ids[p.ImportPath] = p.BuildID
		if p.Name == "main" {
			commands = append(commands, p)
		}
	}
	all := map[string]string{}
	for _, c := range commands {
		h := sha256.New()
		fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH, buildFlags, linkFlags, c.BuildID)
		for _, dep := range c.Deps {
			fmt.Fprintln(h, dep, ids[dep])
		}
		for _, dir := range dirs {
			if sameDir(c.Dir, filepath.Join(base, filepath.FromSlash(dir))) {
				all[dir] = hex.EncodeToString(h.Sum(nil))[:16]
			}
		}
	}
	return all, nil
}

func sameDir(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// link links one command, and writes zipFile with that command alone, as bootstrap.
func link(ctx context.Context, base, dir, zipFile string) error {
	store := filepath.Dir(zipFile)
	// What was built from older sources is not needed any more.
	old, err := filepath.Glob(filepath.Join(store, "*.zip"))
	if err != nil {
		return err
	}
	for _, f := range old {
		os.Remove(f)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(store), "link-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	binary := filepath.Join(tmp, "bootstrap")
	args := append([]string{"build", "-o", binary, linkFlags}, buildFlags...)
	if _, err := goCommand(ctx, base, append(args, "./"+dir)...); err != nil {
		return err
	}
	code, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	zipped, err := zipped(code)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(store, 0o755); err != nil {
		return err
	}
	part := filepath.Join(tmp, "zip")
	if err := os.WriteFile(part, zipped, 0o644); err != nil {
		return err
	}
	return os.Rename(part, zipFile)
}

// zipped makes an archive with bootstrap alone. The same code gives the same bytes.
func zipped(code []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	// Stored and not deflated, since it stays on this machine.
	h := &zip.FileHeader{Name: "bootstrap", Method: zip.Store, Modified: time.Unix(315532800, 0).UTC()}
	h.SetMode(0o755)
	f, err := w.CreateHeader(h)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(code); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, problems.String())
	}
	return out, nil
}

// lock keeps two processes from building at the same place at once.
func lock(file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", file, err)
	}
	return func() { f.Close() }, nil
}
