// Package engine starts the local AWS engine: a child process that serves every AWS service that Portway uses. [Start]
// starts one, and Engine.Config is the SDK configuration for its clients. `make run` keeps one engine for as long as it
// runs; each test package that needs AWS starts its own on a free port. Start reading at Start.
//
// The engine is not AWS. Where it differs in a way that we have to work around, [Differences] has a row with the
// difference and its workaround. The package knows nothing of Portway's template, which package deploy puts onto an
// engine.
package engine

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options say what kind of engine to start. The zero value is an engine on a free port that lets every caller do
// everything, and whose state machines wait in real time.
type Options struct {
	// Port is the port on 127.0.0.1; 0 is a free one.
	Port int
	// EnforceIAM makes the engine refuse what a role's policy does not allow, for the functions' roles too. Callers
	// with Config's key stay root.
	EnforceIAM bool
	// WaitScale multiplies the waits and retry intervals of state machines: 0.01 turns 100 seconds into one. 0 means 1.
	// Time-outs of tasks are not scaled.
	WaitScale float64
	// Region is the engine's region; "" is us-east-1.
	Region string
	// Dir is the directory of the engine's log and temporary files, which stay there. "" is a temporary directory that
	// Stop removes.
	Dir string
	// Recorder stands between the functions and the engine. It may be nil.
	Recorder *Recorder
}

// Engine is a running engine. Its methods are safe for concurrent use.
type Engine struct {
	endpoint string
	region   string
	dir      string
	ownDir   bool
	cmd      *exec.Cmd
	done     chan struct{}
	err      error // why the process ended; read only after done
}

// Limits on how long the engine may take to start and to stop. It needs half a second for each; the limits are for a
// machine that is busy compiling.
const (
	startLimit = 60 * time.Second
	stopLimit  = 10 * time.Second
	pollEvery  = 20 * time.Millisecond
)

// errPort says that somebody else took the port after we had looked for a free one.
var errPort = errors.New("the engine ended before it was healthy")

// Start starts an engine, and returns when the engine answers. The engine ends with ctx, with Stop, or with this
// process, even if this process is killed.
func Start(ctx context.Context, o Options) (*Engine, error) {
	o.Region = cmp.Or(o.Region, "us-east-1")
	o.WaitScale = cmp.Or(o.WaitScale, 1)
	python, err := interpreter()
	if err != nil {
		return nil, err
	}
	if o.Port != 0 {
		return start(ctx, python, o)
	}
	for try := 0; ; try++ {
		if o.Port, err = freePort(); err != nil {
			return nil, err
		}
		e, err := start(ctx, python, o)
		if errors.Is(err, errPort) && try < 3 {
			continue
		}
		return e, err
	}
}

// leash runs the engine together with a watcher, which ends the whole process group when our end of the pipe on its
// standard input closes. So a test or runner that is killed leaves no engine and no function behind.
const leash = `exec 3<&0
(read -r _ <&3; trap '' TERM; kill -TERM 0; sleep 5; kill -KILL 0) &
exec "$@" </dev/null 3<&-`

func start(ctx context.Context, python string, o Options) (_ *Engine, err error) {
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port))
	if l, err := net.Listen("tcp", addr); err != nil {
		return nil, fmt.Errorf("port %d is taken (another stack? choose one with PORT=): %w", o.Port, err)
	} else {
		l.Close()
	}
	e := &Engine{endpoint: "http://" + addr, region: o.Region, dir: o.Dir, done: make(chan struct{})}
	if e.dir == "" {
		if e.dir, err = os.MkdirTemp("", "portway-engine-"); err != nil {
			return nil, err
		}
		e.ownDir = true
	}
	defer func() {
		if err != nil && e.ownDir {
			os.RemoveAll(e.dir)
		}
	}()
	tmp := filepath.Join(e.dir, "tmp")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return nil, err
	}
	log, err := os.Create(e.LogFile())
	if err != nil {
		return nil, err
	}
	defer log.Close()

	forFunctions := e.endpoint
	if o.Recorder != nil {
		to, err := url.Parse(e.endpoint)
		if err != nil {
			return nil, err
		}
		o.Recorder.to, forFunctions = to, o.Recorder.url
	}
	e.cmd = exec.Command("/bin/sh", "-c", leash, "engine", python, "-m", "ministack")
	e.cmd.Env = environment(o, forFunctions, tmp)
	e.cmd.Dir = e.dir
	e.cmd.Stdout, e.cmd.Stderr = log, log
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if _, err := e.cmd.StdinPipe(); err != nil { // the leash; Wait closes it
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	if err := os.WriteFile(pidFile(e.dir), []byte(strconv.Itoa(e.cmd.Process.Pid)), 0o644); err != nil {
		e.Stop()
		return nil, err
	}
	go func() {
		e.err = e.cmd.Wait()
		close(e.done)
	}()
	if err := e.awaitHealth(ctx); err != nil {
		tail := e.LogTail(5)
		e.Stop()
		return nil, fmt.Errorf("%w; its log ends:\n%s", err, tail)
	}
	context.AfterFunc(ctx, func() { e.Stop() })
	return e, nil
}

// environment is the whole environment of the engine. The engine passes it on to the functions, so it holds nothing of
// ours but what Lambda would set for them.
func environment(o Options, endpoint, tmp string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + tmp,
		"TMPDIR=" + tmp,
		"BIND_HOST=127.0.0.1",
		"GATEWAY_PORT=" + strconv.Itoa(o.Port),
		"AWS_ENDPOINT_URL=" + endpoint,
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_DEFAULT_REGION=" + o.Region,
		"AWS_LAMBDA_LOG_FORMAT=JSON", // for the functions, as Lambda sets it by the template's LoggingConfig
		"MINISTACK_REGION=" + o.Region,
		"AUTH=" + strconv.FormatBool(o.EnforceIAM),
		"SFN_WAIT_SCALE=" + strconv.FormatFloat(o.WaitScale, 'f', -1, 64),
		"IOT_MTLS_ENABLED=0",
		"SFTP_ENABLED=0",
	}
}

func (e *Engine) awaitHealth(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("the engine was not healthy within %v",
		startLimit))
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if _, err := e.get(ctx, "/_ministack/health"); err == nil && e.listens() {
			return nil
		}
		select {
		case <-tick.C:
		case <-e.done:
			return errPort
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// listens says whether our own process serves the port, by its log. Another engine that took the port in the meantime
// answers for us until our process has found that out and ends.
func (e *Engine) listens() bool {
	log, err := os.ReadFile(e.LogFile())
	return err == nil && bytes.Contains(log, []byte("Running on "+e.endpoint+" "))
}

// Stop ends the engine and the functions that run in it, and returns when they have ended. Stopping twice is no error.
func (e *Engine) Stop() error {
	err := stopGroup(e.cmd.Process.Pid, e.done)
	if e.ownDir {
		err = errors.Join(err, os.RemoveAll(e.dir))
	} else {
		os.Remove(pidFile(e.dir))
	}
	return err
}

func stopGroup(pid int, done <-chan struct{}) error {
	syscall.Kill(-pid, syscall.SIGTERM)
	select {
	case <-done:
	case <-time.After(stopLimit):
	}
	// The leader has ended; this ends what is left of its group.
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end the engine's processes: %w", err)
	}
	return nil
}

// StopIn ends the engine that an ended process has left behind in dir (Options.Dir), and reports whether there was one.
func StopIn(dir string) (bool, error) {
	text, err := os.ReadFile(pidFile(dir))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// The file is removed before the engine ends, so that the engine's own runner sees that it was stopped (StoppedIn).
	os.Remove(pidFile(dir))
	pid, err := strconv.Atoi(string(text))
	if err != nil || pid <= 1 {
		return false, fmt.Errorf("%s does not hold a process id", pidFile(dir))
	}
	// A process id is used again after a while, so we check that the process is an engine.
	if line, err := exec.Command("ps", "-o", "command=", "-p", string(text)).Output(); err != nil ||
		!bytes.Contains(line, []byte("ministack")) {
		return false, nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for syscall.Kill(pid, 0) == nil {
			time.Sleep(pollEvery)
		}
	}()
	return true, stopGroup(pid, done)
}

// StoppedIn says whether the ended engine in dir was stopped by StopIn. Else it ended by itself.
func StoppedIn(dir string) bool {
	_, err := os.Stat(pidFile(dir))
	return errors.Is(err, os.ErrNotExist)
}

// Done is closed when the engine's process has ended, for whatever reason.
func (e *Engine) Done() <-chan struct{} { return e.done }

// Endpoint is the AWS endpoint, for AWS_ENDPOINT_URL.
func (e *Engine) Endpoint() string { return e.endpoint }

// Dir is the directory of the engine's log and temporary files.
func (e *Engine) Dir() string { return e.dir }

// Region is the region that the engine is in.
func (e *Engine) Region() string { return e.region }

// Config is the SDK configuration for clients of this engine.
func (e *Engine) Config() aws.Config { return Config(e.endpoint, e.region) }

// API is the base URL of a REST API's stage.
func (e *Engine) API(id, stage string) string { return API(e.endpoint, id, stage) }

// API is the base URL of a REST API's stage at an engine's endpoint.
func API(endpoint, id, stage string) string {
	return fmt.Sprintf("%s/_aws/execute-api/%s/%s", endpoint, id, stage)
}

// Reset deletes everything in the engine: stacks, tables, mail, executions.
func (e *Engine) Reset(ctx context.Context) error {
	_, err := e.do(ctx, http.MethodPost, "/_ministack/reset", nil)
	return err
}

// SetWaitScale changes Options.WaitScale while the engine runs. Here 0 means no wait at all.
func (e *Engine) SetWaitScale(ctx context.Context, scale float64) error {
	body, err := json.Marshal(map[string]float64{"stepfunctions._SFN_WAIT_SCALE": scale})
	if err != nil {
		return err
	}
	_, err = e.do(ctx, http.MethodPost, "/_ministack/config", body)
	return err
}

// LogFile is the file of the engine's log, which has the functions' output too.
func (e *Engine) LogFile() string { return filepath.Join(e.dir, "engine.log") }

// LogTail is the last n lines of the log, for a message about a failure.
func (e *Engine) LogTail(n int) string {
	text, err := os.ReadFile(e.LogFile())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func (e *Engine) get(ctx context.Context, path string) ([]byte, error) {
	return e.do(ctx, http.MethodGet, path, nil)
}

func (e *Engine) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return do(ctx, method, e.endpoint+path, body)
}

func do(ctx context.Context, method, url string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, answer)
	}
	return answer, nil
}

// Root is the directory of the Go module that the working directory is in. What make installs is in .local below it.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the source tree: no go.mod above the working directory")
		}
		dir = parent
	}
}

func interpreter() (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	python := filepath.Join(root, ".local", "engine", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return "", fmt.Errorf("the local AWS engine is not installed; run `make engine`: %w", err)
	}
	return python, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func pidFile(dir string) string { return filepath.Join(dir, "engine.pid") }
