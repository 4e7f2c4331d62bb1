// Command local is Portway on one machine: it starts the whole stack, shows orders living their lives, and looks after it.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/infra/local/engine"
	"portway/infra/local/stack"
	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/lambdax"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
)

var commands = map[string]func(context.Context, []string) error{
	"run": run, "stop": stop, "logs": logs, "sweep": sweep, "peers": peers, "account": open, "deposit": deposit, "cnam": cnam, "subscribe": subscribe, "bench": benchmark,
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: local run | stop | logs | sweep NAME [TIME] | peers | account | deposit | cnam | subscribe | bench")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "portway:", err)
		os.Exit(1)
	}
}

// port is where the stack of this shell listens.
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
		stack.Forget(root, port())
		_ = s.Down() // there is nobody left to tell
	}()
	if err := tell(ctx, s); err != nil {
		return err
	}
	fmt.Printf(`
Portway is serving. Stop it with Ctrl-C or make stop.

  API     %s/v2/portorders   (curl -u %s:%s; the sandbox's is %s:%s)
  docs    %s
  staff   %s
  mail    %s
  peers   %s  %s
  all of it in %s
`, s.File.API, s.File.AccessKey, s.File.SecretKey, s.File.SandboxAccess, s.File.SandboxSecret, s.File.Docs, s.File.Console, s.File.Mail, s.File.Peers["locals"], s.File.Peers["somos"],
		stack.FileName("."))
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
	stack.Forget(root, port())
	if was {
		fmt.Println("stopped")
	} else {
		fmt.Println("nothing was running")
	}
	return nil
}

// running is the stack of this port.
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
		if arg == "sandbox" { // whose days have a sweep of their own
			sandbox = true
			continue
		}
		if at, err = time.Parse(time.RFC3339, arg); err != nil {
			return errors.New("AT is a time such as 2027-01-05T12:00:00Z")
		}
	}
	if f.Functions[args[0]] == "" {
		return fmt.Errorf("there is no schedule %q: status-check, auto-cancel or redeliver", args[0])
	}
	out, err := f.Invoke(ctx, args[0], lambdax.Tick{Time: at.UTC().Format(time.RFC3339), Sandbox: sandbox})
	if err != nil {
		return err
	}
	fmt.Println(string(out))
	return nil
}

// open joins an account to the usage plan, opens it in a deployed table with money on it, and prints its credentials once. Joining
// again does no harm, and is all that happens to an account that is there already.
func open(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("account", flag.ContinueOnError)
	table := set.String("table", "", "the table's name, from the stack's outputs")
	id := set.String("id", "", "the account's id")
	name := set.String("name", "", "the customer's name")
	mail := set.String("mail", "", "where porting mail goes")
	kind := set.String("kind", string(account.Live), "live, or sandbox: orders are played, the deposit is play money")
	deposit := set.Int("deposit", 0, "cents to begin with")
	plan := set.String("plan", "", "the usage plan that limits the account's calls, PlanId of the stack's outputs")
	if err := set.Parse(args); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	if *plan == "" {
		return errors.New("an account needs -plan, for the gateway lets nobody in whom it can't count")
	}
	if err := stack.JoinPlan(ctx, cfg, *plan, porting.AccountID(*id)); err != nil {
		return err
	}
	store := dynamo.New(dynamodb.NewFromConfig(cfg), *table, nil)
	key, err := account.Open(ctx, store, account.Account{
		ID: porting.AccountID(*id), Name: *name, Mail: *mail, Kind: account.Kind(*kind), Balance: porting.Money(*deposit), Created: time.Now().UTC(),
	}, rand.Reader)
	if err != nil {
		return err
	}
	fmt.Printf("access key %s\nsecret key %s\nThe secret is shown this once.\n", key.Access, key.Secret.Reveal())
	return nil
}

// deposit puts money on an account, once for each reference.
func deposit(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("deposit", flag.ContinueOnError)
	table := set.String("table", "", "the table's name, from the stack's outputs")
	id := set.String("id", "", "the account's id")
	cents := set.Int("cents", 0, "how much")
	reference := set.String("reference", "", "what it came by, such as the wire's number; the same one counts once")
	if err := set.Parse(args); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	return account.Deposit(ctx, dynamo.New(dynamodb.NewFromConfig(cfg), *table, nil), porting.AccountID(*id), porting.Money(*cents), *reference, time.Now().UTC())
}

// cnam approves a caller name of a customer's, or rejects it.
func cnam(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("cnam", flag.ContinueOnError)
	table := set.String("table", "", "the table's name, from the stack's outputs")
	id := set.String("id", "", "the account's id")
	record := set.String("record", "", "the record's id")
	reject := set.String("reject", "", "why it is rejected; without it, it is approved")
	if err := set.Parse(args); err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	return account.Judge(ctx, dynamo.New(dynamodb.NewFromConfig(cfg), *table, nil), porting.AccountID(*id), *record, *reject, time.Now().UTC())
}

// subscribe has a Locals peer send its notices to our answer function.
func subscribe(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("subscribe", flag.ContinueOnError)
	base := set.String("url", "", "the peer's base address, the template's LocalsUrl")
	accountID := set.String("account", "", "our account there")
	site := set.String("site", "", "our site there")
	user := set.String("user", "", "our user there; the password is LOCALS_PASSWORD in the environment")
	hook := set.String("hook", "", "where notices go: <ApiUrl>/peers/locals")
	hookUser := set.String("hook-user", "locals", "the user of the notices; the password is HOOK_PASSWORD in the environment")
	if err := set.Parse(args); err != nil {
		return err
	}
	peer := bandwidth.New(bandwidth.Config{
		BaseURL: *base, Account: *accountID, Site: *site, User: *user, Password: porting.NewSecret(os.Getenv("LOCALS_PASSWORD")),
	})
	if err := peer.Subscribe(ctx, bandwidth.Hook{URL: *hook, User: *hookUser, Password: porting.NewSecret(os.Getenv("HOOK_PASSWORD"))}); err != nil {
		return err
	}
	fmt.Println("subscribed for a year; the same call renews it")
	return nil
}
