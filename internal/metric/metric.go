// Package metric counts things in CloudWatch by log lines in its embedded metric format: no call is made and nothing can fail.
// Start at [Count]. It must not know what is counted.
package metric

import (
	"context"
	"log/slog"
	"time"
)

// namespace is where the metrics of all functions stand.
const namespace = "Portway"

// Count writes one line that counts one of name at that time, with one dimension. The other attributes, in pairs, are for people;
// like every log line they hold no customer's data.
func Count(ctx context.Context, at time.Time, name, dimension, value string, more ...any) {
	spec := map[string]any{
		"Timestamp": at.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace":  namespace,
			"Dimensions": [][]string{{dimension}},
			"Metrics":    []any{map[string]string{"Name": name, "Unit": "Count"}},
		}},
	}
	slog.WarnContext(ctx, name, append([]any{"_aws", spec, dimension, value, name, 1}, more...)...)
}
