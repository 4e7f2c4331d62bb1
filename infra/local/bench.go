package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"portway/infra/local/bench"
)

// benchmark prints the figures, and fails where a goal is missed or a figure could not be measured.
func benchmark(ctx context.Context, _ []string) error {
	begin := time.Now()
	report, err := bench.Run(ctx, func(what string) {
		fmt.Fprintf(os.Stderr, "  %5.1fs  %s\n", time.Since(begin).Seconds(), what)
	})
	if err != nil {
		return err
	}
	fmt.Println()
	if err := report.Write(os.Stdout); err != nil {
		return err
	}
	fmt.Println()
	if faults := report.Faults(); len(faults) > 0 {
		return fmt.Errorf("%d goals are not shown to be met:\n  %s", len(faults), strings.Join(faults, "\n  "))
	}
	return nil
}
