// Command local runs Portway on this machine: it starts the whole stack, shows the lives of some orders, and serves
// until it is interrupted. Other commands stop a stack, follow its logs, run a schedule, decide for our staff, show the
// simulated carriers, and measure what an order costs. `make help` lists them. Start reading at run. Package infra/admin
// has what is done by hand to a deployed stack.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"portway/infra/local/engine"
	"portway/infra/local/stack"
	"portway/internal/desk"
	"portway/internal/lambdax"
	"portway/internal/porting"
)

var commands = map[string]func(context.Context, []string) error{
	"run": run, "stop": stop, "logs": logs, "sweep": sweep, "desk": decide, "peers": peers, "bench": benchmark,
	"smoke": smoke,
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: local run | stop | logs | sweep NAME [TIME] | desk ACTION ORDER [CODE] [TEXT] | peers | bench | smoke")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "portway:", err)
		os.Exit(1)
	}
}

// port is the port of this shell's stack: PORT, or the usual one.
func port() int {
	if p, err := strconv.Atoi(os.Getenv("PORT")); err == nil && p > 0 {
		return p
	}
	return stack.UsualPort
}

func run(ctx context.Context, _ []string) error {
	root, err := engine.Root()
	if err != nil {
		return err
	}
	begin := time.Now()
	s, err := stack.Up(ctx, stack.Options{Port: port(), Dir: stack.Dir(root, port()), Progress: func(what string) {
		fmt.Printf("  %5.1fs  %s\n", time.Since(begin).Seconds(), what)
	}})
	if err != nil {
		return err
	}
	defer func() {
		stack.Release(root, port())
		_ = s.Down() // the process ends, whatever comes of it
	}()
	if err := tell(ctx, s); err != nil {
		return err
	}
	fmt.Printf(`
Portway is serving. Stop it with Ctrl-C or make stop.

  API     %s/v2/portorders   (curl -u %s:%s; the sandbox's is %s:%s)
  docs    %s
  desk    %sdesk/
  mail    %smail
  peers   %s  %s
  all of it in %s
`, s.File.API, s.File.AccessKey, s.File.SecretKey, s.File.SandboxAccess, s.File.SandboxSecret,
		s.File.Docs, s.File.Console, s.File.Console, s.File.Peers["locals"], s.File.Peers["somos"], stack.FileName("."))
	select {
	case <-ctx.Done():
		fmt.Println("\nstopping")
		return nil
	case <-s.Engine.Done():
		if engine.StoppedIn(stack.Dir(root, port())) {
			fmt.Println("\nstopped")
			return nil
		}
		return errors.New("the engine has ended; its log is in " + s.Engine.LogFile())
	}
}

func stop(context.Context, []string) error {
	root, err := engine.Root()
	if err != nil {
		return err
	}
	was, err := engine.StopIn(stack.Dir(root, port()))
	if err != nil {
		return err
	}
	stack.Release(root, port())
	if was {
		fmt.Println("stopped")
	} else {
		fmt.Println("nothing was running")
	}
	return nil
}

// running reads where the stack on this port is.
func running() (stack.File, error) {
	root, err := engine.Root()
	if err != nil {
		return stack.File{}, err
	}
	return stack.Read(root, port())
}

func sweep(ctx context.Context, args []string) error {
	f, err := running()
	if err != nil {
		return err
	}
	if len(args) == 0 || len(args) > 3 {
		return errors.New("usage: make sweep NAME=auto-cancel [AT=2027-01-05T12:00:00Z] [SANDBOX=yes]")
	}
	at, sandbox := time.Now(), false
	for _, arg := range args[1:] {
		if arg == "sandbox" { // the sandboxes' orders have a sweep of their own
			sandbox = true
			continue
		}
		if at, err = time.Parse(time.RFC3339, arg); err != nil {
			return errors.New("give AT as a time such as 2027-01-05T12:00:00Z")
		}
	}
	if f.Functions[args[0]] == "" {
		return fmt.Errorf("there is no schedule %q: status-check, auto-cancel, redeliver or pull", args[0])
	}
	out, err := f.Invoke(ctx, args[0], lambdax.Tick{Time: at.UTC().Format(time.RFC3339), Sandbox: sandbox})
	if err != nil {
		return err
	}
	fmt.Println(string(out))
	return nil
}

// decide carries out a decision of our staff by the function desk-action, as a person named JD, and prints the reply.
func decide(ctx context.Context, args []string) error {
	f, err := running()
	if err != nil {
		return err
	}
	if len(args) != 4 {
		return errors.New(`usage: make desk ACTION=approve ORDER=… [CODE=NAME_MISMATCH] [TEXT="Which name is on the bill?"]`)
	}
	out, err := act(ctx, f, decision(args[0], args[1], args[2], args[3]))
	if err != nil {
		return err
	}
	fmt.Println(string(out))
	return nil
}

// act carries out a decision of a person who has just looked at the order.
func act(ctx context.Context, f stack.File, d desk.Action) ([]byte, error) {
	var err error
	if d.Version, err = f.Version(ctx, d.Order); err != nil {
		return nil, err
	}
	return f.Invoke(ctx, "desk-action", d)
}

// decision is the event of a decision. An empty code gives no reason.
func decision(action, order, code, text string) desk.Action {
	d := desk.Action{Action: action, Order: porting.OrderID(order), Initials: "JD"}
	if code == "" {
		d.Text = text
		return d
	}
	d.Reasons = []desk.Reason{{Code: porting.ReasonCode(code), Text: text}}
	return d
}
