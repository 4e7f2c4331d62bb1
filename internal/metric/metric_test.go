package metric

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/porting"
)

// A line has what CloudWatch needs: the specification at the root, and beside it each dimension and metric that the
// specification names. A dimension never has a value that its row does not list.
func TestLines(t *testing.T) {
	at := time.UnixMilli(1898866800000)
	spec := func(name, unit string, dimensions ...any) any {
		return map[string]any{"Timestamp": 1898866800000.0, "CloudWatchMetrics": []any{map[string]any{
			"Namespace": "Portway", "Dimensions": dimensions,
			"Metrics": []any{map[string]any{"Name": name, "Unit": unit}}}}}
	}
	for _, test := range []struct {
		name  string
		write func()
		level string
		want  map[string]any
	}{
		{
			name:  "trouble is a warning",
			write: func() { Count(t.Context(), at, UnknownCode, "locals", "code", "7123") },
			level: "WARN",
			want: map[string]any{"_aws": spec("UnknownCode", "Count", []any{"Peer"}), "Peer": "locals",
				"UnknownCode": 1.0, "code": "7123"},
		},
		{
			name:  "a total stands with its dimension and without",
			write: func() { Gauge(t.Context(), at, Parked, "check", 3) },
			level: "INFO",
			want: map[string]any{"_aws": spec("Parked", "Count", []any{"Kind"}, []any{}), "Kind": "check",
				"Parked": 3.0},
		},
		{
			name:  "a metric without a dimension has none",
			write: func() { Gauge(t.Context(), at, OutboxLag, "", 7) },
			level: "INFO",
			want:  map[string]any{"_aws": spec("OutboxLag", "Seconds", []any{}), "OutboxLag": 7.0},
		},
		{
			name:  "a value that is not listed is other",
			write: func() { Count(t.Context(), at, MailRefused, "4503605600001") },
			level: "WARN",
			want: map[string]any{"_aws": spec("MailRefused", "Count", []any{"Code"}, []any{}), "Code": "other",
				"MailRefused": 1.0},
		},
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
			if line["level"] != test.level {
				t.Errorf("the level is %v", line["level"])
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

// Each row has a name, a unit and a meaning. The number of its dimension's values is bounded: they are listed, or are names
// from our configuration.
func TestRowsAreWhole(t *testing.T) {
	word := regexp.MustCompile(`^[A-Z][A-Za-z]+$`)
	seen := map[string]bool{}
	for _, r := range Rows() {
		if !word.MatchString(r.Name) || seen[r.Name] || r.Unit == "" || r.Means == "" {
			t.Errorf("%q has no name of its own, no unit or no meaning", r.Name)
		}
		seen[r.Name] = true
		switch {
		case r.Dimension == "" && (len(r.Values) > 0 || r.Named != "" || r.Total):
			t.Errorf("%s has values without a dimension", r.Name)
		case r.Dimension != "" && (len(r.Values) > 0) == (r.Named != ""):
			t.Errorf("%s does not say which values %s has", r.Name, r.Dimension)
		case r.Named != "" && r.Named != "peers":
			t.Errorf("%s is by %s, whose number is not bounded by the configuration", r.Name, r.Named)
		case r.Dimension != "" && !word.MatchString(r.Dimension):
			t.Errorf("%s has the dimension %q", r.Name, r.Dimension)
		case len(r.Values) > 20 || len(slices.Compact(slices.Sorted(slices.Values(r.Values)))) != len(r.Values):
			t.Errorf("%s has %d values, or one twice", r.Name, len(r.Values))
		}
	}
	for _, s := range []porting.Status{porting.Pending, porting.Processing, porting.Submitted, porting.Accepted,
		porting.Rejected, porting.Review, porting.Completed, porting.Cancelled, porting.Abandoned, porting.HardCanceled} {
		if !slices.Contains(statuses, string(s)) {
			t.Errorf("the status %s is not measured", s)
		}
		if turn := s.Turn(); turn != porting.TurnNobody && !slices.Contains(TurnTime.Values, string(turn)) {
			t.Errorf("the turn of %s is not measured", s)
		}
	}
}

// openValues lists the expressions that may give the dimension of a row with Named. Each is a name from the configuration.
var openValues = []string{"c.cfg.Name", "c.name"}

// Each row is listed, and is written by code outside of this package. A row with Named is written with a name from the
// configuration.
func TestEveryRowIsWritten(t *testing.T) {
	variables := rowVariables(t)
	if len(variables) != len(Rows()) {
		t.Errorf("%d rows are listed, %d are declared", len(Rows()), len(variables))
	}
	written := map[string]int{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || text(call.Fun) != "metric.Count" && text(call.Fun) != "metric.Gauge" {
				return true
			}
			name := strings.TrimPrefix(text(call.Args[2]), "metric.")
			row, ok := variables[name]
			if !ok {
				t.Errorf("%s writes %s, which is no row", path, text(call.Args[2]))
				return true
			}
			written[name]++
			if value := text(call.Args[3]); row.Named != "" && !slices.Contains(openValues, value) {
				t.Errorf("%s writes %s by %s, which is no name of the configuration", path, name, value)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range variables {
		if written[name] == 0 {
			t.Errorf("nothing writes %s", name)
		}
	}
}

// rowVariables returns the rows by the names of their variables, which must be the names of the metrics.
func rowVariables(t *testing.T) map[string]Row {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "rows.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Row{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if made, ok := spec.Values[0].(*ast.CompositeLit); ok && text(made.Type) == "Row" {
			name := spec.Names[0].Name
			i := slices.IndexFunc(Rows(), func(r Row) bool { return r.Name == name })
			if i < 0 {
				t.Errorf("the row %s is not listed, or has another name than its variable", name)
				return true
			}
			all[name] = Rows()[i]
		}
		return true
	})
	return all
}

// text returns a name with its qualifiers, such as metric.Count.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return text(e.X) + "." + e.Sel.Name
	}
	return ""
}
