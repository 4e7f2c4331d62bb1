package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Report holds the figures of one run.
type Report struct {
	At      time.Time
	Machine string // cores, Go version, system
	Groups  []Group
}

// Group holds figures of one kind.
type Group struct {
	Title   string
	Figures []Figure
	Note    string // printed below the table
}

// Figure is one row: a measured value and its goal.
type Figure struct {
	What  string
	Value string
	Goal  string // empty where there is no goal
	Met   bool
	Err   error // why there is no value
}

func (f Figure) verdict() string {
	switch {
	case f.Err != nil:
		return "not measured"
	case f.Goal == "":
		return ""
	case f.Met:
		return "yes"
	}
	return "**no**"
}

// Write prints the report as one Markdown table. Its columns are aligned, so that it can be read in a terminal too.
func (r Report) Write(w io.Writer) error {
	rows := [][4]string{{"figure", "measured", "goal", "met"}, {}}
	for _, g := range r.Groups {
		rows = append(rows, [4]string{"**" + g.Title + "**"})
		for _, f := range g.Figures {
			value := f.Value
			if f.Err != nil {
				value = "—"
			}
			rows = append(rows, [4]string{f.What, value, f.Goal, f.verdict()})
		}
	}
	var width [4]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s on %s.\n\n", r.At.Format("January 2, 2006"), r.Machine)
	for n, row := range rows {
		for i, cell := range row {
			if n == 1 {
				cell = strings.Repeat("-", width[i])
			}
			fmt.Fprintf(&b, "| %s%s ", cell, strings.Repeat(" ", width[i]-len([]rune(cell))))
		}
		b.WriteString("|\n")
	}
	for _, g := range r.Groups {
		if g.Note != "" {
			fmt.Fprintf(&b, "\n%s\n", g.Note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Faults lists the goals that were missed and the figures that could not be measured, a line each.
func (r Report) Faults() []string {
	var all []string
	for _, g := range r.Groups {
		for _, f := range g.Figures {
			switch {
			case f.Err != nil:
				all = append(all, fmt.Sprintf("%s, %s: not measured: %v", g.Title, f.What, f.Err))
			case f.Goal != "" && !f.Met:
				all = append(all, fmt.Sprintf("%s, %s: %s, the goal is %s", g.Title, f.What, f.Value, f.Goal))
			}
		}
	}
	return all
}
