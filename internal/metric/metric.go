// Package metric counts and measures things in CloudWatch by log lines in its embedded metric format: no call is made
// and nothing can fail. rows.go lists every metric with its unit and dimension; start reading there. [Count] counts one
// thing, [Gauge] writes a measured number. The package must not know the code that measures.
package metric

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// Namespace holds the metrics of all functions.
const Namespace = "Portway"

// Count writes one line that counts one of the metric at that time. value is the value of the row's dimension, and is
// ignored if the row has none. more holds further attributes in pairs, for people who read the log. Like every log line
// they must not hold a customer's data.
func Count(ctx context.Context, at time.Time, row Row, value string, more ...any) {
	Gauge(ctx, at, row, value, 1, more...)
}

// Gauge writes one line that measures the metric at that time. The other arguments are as in Count.
func Gauge(ctx context.Context, at time.Time, row Row, value string, measured int, more ...any) {
	var dimensions [][]string
	var all []any
	if row.Dimension != "" {
		dimensions = append(dimensions, []string{row.Dimension})
		all = append(all, row.Dimension, row.bounded(value))
	}
	if row.Total || row.Dimension == "" {
		dimensions = append(dimensions, []string{})
	}
	spec := map[string]any{
		"Timestamp": at.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace":  Namespace,
			"Dimensions": dimensions,
			"Metrics":    []any{map[string]string{"Name": row.Name, "Unit": string(row.Unit)}},
		}},
	}
	level := slog.LevelInfo
	if row.Trouble {
		level = slog.LevelWarn
	}
	slog.Log(ctx, level, row.Name, append(append([]any{"_aws", spec}, all...), append([]any{row.Name, measured},
		more...)...)...)
}

// bounded returns a value that the row's dimension may have: the value itself, or other where the row does not list it.
// CloudWatch would keep and bill each new value as a metric of its own.
func (r Row) bounded(value string) string {
	if r.Named != "" || slices.Contains(r.Values, value) {
		return value
	}
	return other
}

// other is the value of a dimension for everything that its row does not list.
const other = "other"
