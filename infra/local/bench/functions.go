package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const (
	runs       = 45
	startLimit = 20 * time.Second

	maxSize  = 12.5e6 // bytes, of a function that a customer waits for
	maxTimes = 2.0    // of hello's start
)

// waitedFor lists the functions that a customer waits for.
var waitedFor = []string{"api", "authorizer", "page"}

// buildFlags are the Makefile's; a test holds them to it.
var buildFlags = []string{"-tags", "lambda.norpc,timetzdata", "-trimpath", "-buildvcs=false", "-ldflags",
	"-s -w -buildid="}

// binary is a built function and how long its starts took.
type binary struct {
	name   string
	env    []string
	bytes  int64
	starts []time.Duration
}

func (b binary) median() time.Duration {
	sorted := slices.Sorted(slices.Values(b.starts))
	return sorted[len(sorted)/2]
}

const hello = "hello"

// functions builds every function as for AWS, but for this machine, and starts each in turn, round after round. So a
// machine that is busy for a while slows all of them alike.
func functions(ctx context.Context, root string) ([]Figure, error) {
	tmp, err := os.MkdirTemp("", "portway-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	all, err := build(ctx, root, tmp)
	if err != nil {
		return nil, err
	}
	for range runs {
		for i, b := range all {
			took, err := start(ctx, filepath.Join(tmp, b.name), b.env)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", b.name, err)
			}
			all[i].starts = append(b.starts, took)
		}
	}
	return compare(all), nil
}

// compare sets each function beside hello, which comes first.
func compare(all []binary) []Figure {
	base := all[0].median()
	var figures []Figure
	for _, b := range all {
		times := float64(b.median()) / float64(base)
		f := Figure{What: b.name, Value: fmt.Sprintf("%4.1f MB, %4.1f ms", float64(b.bytes)/1e6, ms(b.median()))}
		if b.name != hello {
			f.Value += fmt.Sprintf(" = %.1f × hello", times)
		}
		if slices.Contains(waitedFor, b.name) {
			f.Goal, f.Met = fmt.Sprintf("< %.1f MB, < %.0f × hello", maxSize/1e6, maxTimes), b.bytes < maxSize &&
				times < maxTimes
		}
		figures = append(figures, f)
	}
	return figures
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// build builds hello and every function into dir.
func build(ctx context.Context, root, dir string) ([]binary, error) {
	args := slices.Concat([]string{"build", "-o", dir + string(filepath.Separator)}, buildFlags,
		[]string{"./functions/...", "./infra/local/bench/hello"})
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all := []binary{{name: hello}}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return nil, err
		}
		if f.Name() == hello {
			all[0].bytes = info.Size()
			continue
		}
		env, err := environment(text, f.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, binary{name: f.Name(), bytes: info.Size(), env: env})
	}
	return all, nil
}

// environment is the environment that the template gives the function: parameters have their defaults, everything else
// is a dummy.
func environment(template []byte, name string) ([]string, error) {
	type function struct {
		Environment struct {
			Variables map[string]yaml.Node `yaml:"Variables"`
		} `yaml:"Environment"`
	}
	var t struct {
		Parameters map[string]struct {
			Default string `yaml:"Default"`
		} `yaml:"Parameters"`
		Globals struct {
			Function function `yaml:"Function"`
		} `yaml:"Globals"`
		Resources map[string]struct {
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(template, &t); err != nil {
		return nil, err
	}
	var env []string
	add := func(f function) {
		for key, node := range f.Environment.Variables {
			value := node.Value
			if node.Tag == "!Ref" {
				value = t.Parameters[node.Value].Default
			}
			if value == "" {
				value = "dummy"
			}
			env = append(env, key+"="+value)
		}
	}
	for id, resource := range t.Resources {
		if !strings.EqualFold(id, strings.ReplaceAll(name, "-", "")+"Function") { // status-check is StatusCheckFunction
			continue
		}
		var own function
		if err := resource.Properties.Decode(&own); err != nil {
			return nil, fmt.Errorf("template: %s: %w", id, err)
		}
		add(t.Globals.Function)
		add(own)
		return env, nil
	}
	return nil, fmt.Errorf("the template has no function %s", name)
}

// start starts a function under a runtime API of its own, and returns the time until it asked for its first event.
func start(ctx context.Context, file string, env []string) (time.Duration, error) {
	polled, failed := make(chan time.Time, 1), make(chan error, 1)
	runtime := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/invocation/next") {
			return
		}
		select {
		case polled <- time.Now():
		default:
		}
		<-r.Context().Done() // no event ever comes
	}))
	defer runtime.Close()
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, file)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(runtime.URL, "http://"), "AWS_LAMBDA_FUNCTION_NAME=bench",
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=dummy", "AWS_SECRET_ACCESS_KEY=dummy", "AWS_SESSION_TOKEN=dummy",
	}, env...)
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() { failed <- cmd.Wait() }()
	select {
	case at := <-polled:
		cancel() // kills it
		<-failed
		return at.Sub(begin), nil
	case err := <-failed:
		return 0, errors.Join(fmt.Errorf("it ended before its first poll: %s", bytes.TrimSpace(said.Bytes())), err)
	}
}
