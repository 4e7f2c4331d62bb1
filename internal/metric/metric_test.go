package metric

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A line has what CloudWatch wants of it: the specification at the root, and beside it each dimension and metric that
// it names.
func TestLines(t *testing.T) {
	at := time.UnixMilli(1898866800000)
	spec := func(name string, dimensions ...any) any {
		return map[string]any{"Timestamp": 1898866800000.0, "CloudWatchMetrics": []any{map[string]any{
			"Namespace": "Portway", "Dimensions": dimensions,
			"Metrics": []any{map[string]any{"Name": name, "Unit": "Count"}}}}}
	}
	for _, test := range []struct {
		name  string
		write func()
		want  map[string]any
	}{
		{"a count has one dimension", func() { Count(t.Context(), at, "UnknownCode", "Peer", "locals", "code", "7123") },
			map[string]any{"_aws": spec("UnknownCode", []any{"Peer"}), "Peer": "locals", "UnknownCode": 1.0, "code": "7123"}},
		{"a gauge stands with its dimension and without", func() { Gauge(t.Context(), at, "Parked", "Kind", "check", 3) },
			map[string]any{"_aws": spec("Parked", []any{"Kind"}, []any{}), "Kind": "check", "Parked": 3.0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
			defer slog.SetDefault(before)
			test.write()
			var line map[string]any
			if err := json.Unmarshal(out.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			for _, common := range []string{"time", "level", "msg"} {
				delete(line, common)
			}
			if diff := cmp.Diff(test.want, line); diff != "" {
				t.Error(diff)
			}
		})
	}
}
