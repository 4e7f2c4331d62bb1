package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"portway/infra/local/engine"
)

// logs shows the functions' log lines as they come, the newest minutes first.
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
				LogGroupName: aws.String("/aws/lambda/" + f.Functions[name]), StartTime: aws.Int64(max(start, since[name]+1)),
			})
			if err != nil {
				continue // a function that was never called has no log group
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

// peers shows what the simulated carriers have got and said.
func peers(ctx context.Context, _ []string) error {
	f, err := running()
	if err != nil {
		return err
	}
	for _, at := range []string{f.Peers["locals"] + "/_sim/orders", f.Peers["somos"] + "/_sim/transactions"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return errors.New("the simulated carriers run inside make run, and it is not running")
		}
		fmt.Println(at)
		_, err = io.Copy(os.Stdout, res.Body)
		_ = res.Body.Close()
		if err != nil {
			return err
		}
		fmt.Println()
	}
	return nil
}
