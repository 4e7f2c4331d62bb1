// Package metric counts and measures things in CloudWatch by log lines in its embedded metric format: no call is made
// and nothing can fail. [Count] counts one thing, [Gauge] tells how many there are. The package must not know what is
// counted.
package metric

import (
	"context"
	"log/slog"
	"time"
)

// namespace is where the metrics of all functions stand.
const namespace = "Portway"

// Count writes one line that counts one of name at that time, with one dimension. The other attributes, in pairs, are
// for people; like every log line they hold no customer's data.
func Count(ctx context.Context, at time.Time, name, dimension, value string, more ...any) {
	write(ctx, slog.LevelWarn, at, [][]string{{dimension}}, name, dimension, value, 1, more)
}

// Gauge writes one line that measures name at that time, once with the dimension and once without, so that an alarm can
// look at all values of the dimension together. The other attributes are as in Count.
func Gauge(ctx context.Context, at time.Time, name, dimension, value string, measured int, more ...any) {
	write(ctx, slog.LevelInfo, at, [][]string{{dimension}, {}}, name, dimension, value, measured, more)
}

func write(ctx context.Context, level slog.Level, at time.Time, dimensions [][]string, name, dimension, value string,
	measured int, more []any) {
	spec := map[string]any{
		"Timestamp": at.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace":  namespace,
			"Dimensions": dimensions,
			"Metrics":    []any{map[string]string{"Name": name, "Unit": "Count"}},
		}},
	}
	slog.Log(ctx, level, name, append([]any{"_aws", spec, dimension, value, name, measured}, more...)...)
}
