// Package bench measures what Portway costs and how well it decides, and sets each figure beside its goal. [Run]
// measures: the size and the start of each function, the round trips and units of each call, the state transitions of a
// whole order, the items that a sweep reads, the precision of the comparison with carriers' records, and the refusals
// that rules resolve. Start reading at Run; each measurement has a file of its own.
//
// Nothing is estimated. The functions are the real binaries, the calls go through the real handler and store, and the
// order lives in the whole local stack.
package bench

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"portway/infra/local/engine"
)

// Run measures one thing after the other, so that none disturbs another. A measurement that fails is a figure that says
// so.
func Run(ctx context.Context, progress func(string)) (Report, error) {
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // drops the handler's log lines
	defer slog.SetDefault(was)

	root, err := engine.Root()
	if err != nil {
		return Report{}, err
	}
	r := Report{At: time.Now(), Machine: fmt.Sprintf("%d cores, %s, %s/%s", runtime.NumCPU(), runtime.Version(),
		runtime.GOOS, runtime.GOARCH)}
	for _, part := range []struct {
		what, title, note string
		measure           func() ([]Figure, error)
	}{
		{"building the functions and starting each", fmt.Sprintf("functions: size, exec to first poll (median of %d)",
			runs), "",
			func() ([]Figure, error) { return functions(ctx, root) }},
		{"counting each call's requests to DynamoDB", "requests to DynamoDB, and units (reads + writes)", unitsNote,
			func() ([]Figure, error) { return calls(ctx) }},
		{"running one order without trouble", "an order without trouble, signed to completed", "",
			func() ([]Figure, error) { return straight(ctx) }},
		{"comparing orders with carriers' records", "an order against the carrier's record (CSR)", recordsNote,
			records},
		{"refusing orders, each for another reason", "what carriers refuse", refusalsNote,
			func() ([]Figure, error) { return refusals(ctx) }},
		{"making mistakes before the signature", "mistakes before the signature", signingNote, signing},
		{"living histories", "histories of a world that overlaps, lags and fails", "",
			func() ([]Figure, error) { return historiesLived(ctx, root) }},
		{fmt.Sprintf("sweeping among %d and %d orders", few, many),
			fmt.Sprintf("a sweep that finds %d orders due", dueOrders), "",
			func() ([]Figure, error) { return sweeps(ctx, progress) }},
	} {
		progress(part.what)
		figures, err := part.measure()
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if err != nil {
			figures = append(figures, Figure{What: "the rest", Err: err})
		}
		r.Groups = append(r.Groups, Group{part.title, figures, part.note})
	}
	return r, nil
}
