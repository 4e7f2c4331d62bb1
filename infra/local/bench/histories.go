package bench

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// lived is how many histories are lived.
const lived = 20

// rateForm is the line that tells the rate.
var rateForm = regexp.MustCompile(`(?m)^([0-9.]+) orders a second$`)

// leastRate is the rate at which 300 histories of 30 orders take two minutes.
const leastRate = 75

// historiesLived lives some histories of the simulation, and measures how many orders a second that makes.
func historiesLived(ctx context.Context, root string) ([]Figure, error) {
	run := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestHistories$", "./internal/simulation",
		"-histories", strconv.Itoa(lived))
	run.Dir = root
	out, err := run.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("a history breaks a promise: %w", err)
	}
	return rate(out)
}

// rate reads the figure from what the histories print.
func rate(out []byte) ([]Figure, error) {
	found := rateForm.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("the histories tell no rate")
	}
	perSecond, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		return nil, fmt.Errorf("read the rate: %w", err)
	}
	return []Figure{{What: fmt.Sprintf("%d histories of 30 orders", lived), Value: fmt.Sprintf("%.0f orders a second", perSecond),
		Goal: fmt.Sprintf("at least %d", leastRate), Met: perSecond >= leastRate}}, nil
}
