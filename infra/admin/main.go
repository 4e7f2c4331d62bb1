// Command admin does what is done by hand to a deployed Portway: it opens a customer's account, enters a deposit, lists
// an account's keys, tells the history of an order, decides on a caller name, lists and releases work that failed for a
// day, sets what losing carriers want, writes or erases what is kept of a customer, and has a peer send us its notices.
//
//	go run ./infra/admin                  lists the commands
//	go run ./infra/admin help account     explains one
//
// The commands find AWS as its command line does (AWS_PROFILE, AWS_REGION). commands.go is the list of commands and
// their texts, and where to start reading; each command's work is in the internal package that it names. The local
// stack in infra/local opens its own accounts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	slog.SetLogLoggerLevel(slog.LevelError) // the API, by which export reads, logs each call
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr, onAWS))
}

// The exit codes: done, not done, and not understood.
const (
	done          = 0
	notDone       = 1
	notUnderstood = 2
)

// run carries out the command that args name, and answers with the exit code. The stack is connected to only after the
// command line has proved right.
func run(ctx context.Context, args []string, out, problems io.Writer, connect connector) int {
	if len(args) == 0 || isHelp(args[0]) && len(args) == 1 {
		list(out)
		return done
	}
	wantsHelp := isHelp(args[0])
	if wantsHelp {
		args = args[1:]
	}
	c, args, ok := find(args)
	if !ok {
		fmt.Fprintf(problems, "admin: there is no command %q. These are the commands:\n\n", said(args))
		list(problems)
		return notUnderstood
	}
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard) // its faults are told below, once
	do := c.flags(set)
	if wantsHelp {
		explain(out, c, set)
		return done
	}
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		explain(out, c, set)
		return done
	}
	if err == nil {
		err = complete(c, set)
	}
	if err != nil {
		fmt.Fprintf(problems, "admin %s: %v. \"go run ./infra/admin help %s\" explains the command.\n", c.name, err,
			c.name)
		return notUnderstood
	}
	if err := do(ctx, connect, out); err != nil {
		fmt.Fprintf(problems, "admin %s: %v\n", c.name, err)
		return notDone
	}
	return done
}

// said returns the words of a command line that should have been a command: those before its first flag.
func said(args []string) string {
	if n := slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-") }); n > 0 {
		args = args[:n]
	}
	return strings.Join(args, " ")
}

func isHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

// complete tells every flag that the command needs and the command line does not give, and every word that is no flag.
func complete(c command, set *flag.FlagSet) error {
	if set.NArg() > 0 {
		return fmt.Errorf("%q is no flag of this command", set.Arg(0))
	}
	var missing []string
	for _, name := range c.needs {
		if set.Lookup(name).Value.String() == "" {
			missing = append(missing, "-"+name)
		}
	}
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("the flag %s is missing", missing[0])
	}
	return fmt.Errorf("the flags %s are missing", strings.Join(missing, ", "))
}

// list tells each command in a line.
func list(out io.Writer) {
	fmt.Fprint(out, "usage: go run ./infra/admin <command> [flags]\n\n")
	for _, c := range commands {
		fmt.Fprintf(out, "  %-16s %s\n", c.name, c.summary)
	}
	fmt.Fprint(out, "\n\"go run ./infra/admin help <command>\" tells the flags of a command, with an example.\n")
}

// explain tells what a command does, its flags, and an example.
func explain(out io.Writer, c command, set *flag.FlagSet) {
	fmt.Fprintf(out, "admin %s: %s\n\n%s\n\nFlags:\n", c.name, c.summary, c.about)
	set.SetOutput(out)
	set.PrintDefaults()
	fmt.Fprintf(out, "\nExample:\n\n  %s\n", strings.ReplaceAll(c.example, "\n", "\n  "))
}
