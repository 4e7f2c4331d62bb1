package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"portway/infra/local/engine"
	"portway/internal/sim/locals"
	"portway/internal/sim/somos"
)

// logs shows the functions' log lines of the last ten minutes, and then the new ones as they come.
func logs(ctx context.Context, _ []string) error {
	f, err := running()
	if err != nil {
		return err
	}
	client := cloudwatchlogs.NewFromConfig(engine.Config(f.Endpoint, f.Region))
	names := make([]string, 0, len(f.Functions))
	for name := range f.Functions {
		names = append(names, name)
	}
	sort.Strings(names)
	since := map[string]int64{}
	start := time.Now().Add(-10 * time.Minute).UnixMilli()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		for _, name := range names {
			out, err := client.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
				LogGroupName: aws.String(f.Logs[name]),
				StartTime:    aws.Int64(max(start, since[name]+1)),
			})
			if err != nil {
				continue // a function that was never called has no log group yet
			}
			for _, e := range out.Events {
				since[name] = max(since[name], aws.ToInt64(e.Timestamp))
				fmt.Printf("%-13s %s\n", name, aws.ToString(e.Message))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// peers shows what the simulated carriers of a running stack were sent, and what they answered. Where no stack runs it
// serves the carriers alone, so that an adapter can be tested against them.
func peers(ctx context.Context, _ []string) error {
	f, err := running()
	if err == nil && show(ctx, os.Stdout, f.Peers["locals"]+"/_sim/orders",
		f.Peers["somos"]+"/_sim/transactions") == nil {
		return nil
	}
	return servePeers(ctx, os.Stdout, port())
}

// show prints what the addresses answer. It fails at the first address that does not answer.
func show(ctx context.Context, out io.Writer, addresses ...string) error {
	for _, at := range addresses {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, at)
		_, err = io.Copy(out, res.Body)
		_ = res.Body.Close()
		if err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	return nil
}

// The credentials at the carriers that are served alone. They are on loopback and protect nothing.
const (
	aloneUser     = "portway"
	alonePassword = "simulated-peer"
	aloneRespOrg  = "ZZPW1"
)

// servePeers serves the two simulated carriers until ctx ends, on the two ports after base, as a running stack does.
// Base 0 takes free ports.
func servePeers(ctx context.Context, out io.Writer, base int) error {
	local := locals.New(locals.Options{User: aloneUser, Password: alonePassword})
	tollFree := somos.New(somos.Options{User: aloneUser, Password: alonePassword, RespOrg: aloneRespOrg,
		Company: "Portway", Step: 2 * time.Second})
	ended := make(chan error, 2)
	var at []string
	for i, h := range []http.Handler{local, tollFree} {
		port := 0
		if base != 0 {
			port = base + 1 + i
		}
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return fmt.Errorf("port %d is taken; choose other ports with make peers PORT=…: %w", port, err)
		}
		server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
		defer server.Close()
		go func() { ended <- server.Serve(l) }()
		at = append(at, "http://"+l.Addr().String())
	}
	go local.Run(ctx)
	fmt.Fprintf(out, `The simulated carriers are serving without a stack. Stop them with Ctrl-C.

  locals  %s/api/v1          Bandwidth's Numbers API; any account and site
          user %s, password %s (Basic, or OAuth2 at %s/api/v1/oauth2/token)
          the controls: GET %[1]s/_sim/orders, /_sim/magic; POST /_sim/advance, /_sim/answer, /_sim/trouble
  somos   %[5]s                 Somos' TFNRegistry
          user %[2]s, password %[3]s, RespOrg %[6]s
          the controls: GET %[5]s/_sim/transactions, /_sim/magic; POST /_sim/advance

The last digits of an order's first number choose what locals does; four go before two:

`, at[0], aloneUser, alonePassword, at[0], at[1], aloneRespOrg)
	for _, row := range locals.Magic() {
		fmt.Fprintf(out, "  %-6s %s\n", row.Digits, row.Story)
	}
	fmt.Fprint(out, "\nThe last digits of each number choose what somos does:\n\n")
	for _, row := range somos.Magic() {
		fmt.Fprintf(out, "  %-6s %s\n", row.Digits, row.What)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}
