package porting

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update-life", false, "draw infra/life.svg again")

// The README's picture is drawn from the table of moves: go test ./internal/porting -run Life -update-life.
func TestLifeIsDrawnFromTheTable(t *testing.T) {
	const name = "../../infra/life.svg"
	want := drawing()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the table says; draw it again with -update-life", name)
	}
}

// places are where the statuses stand: the way through in the middle, the customer below, the ends around.
var places = map[Status][2]int{
	Pending: {90, 150}, Processing: {290, 150}, Submitted: {510, 150}, Accepted: {730, 150}, Completed: {930, 150},
	Rejected: {400, 310}, Review: {620, 310},
	Cancelled: {190, 30}, HardCanceled: {620, 30}, Abandoned: {190, 310},
}

// drawing has every move that changes the status.
func drawing() []byte {
	type arrow struct{ from, to Status }
	labels := map[arrow][]string{}
	var order []arrow
	for _, m := range Moves() {
		for _, from := range m.From {
			if from == None || m.To == None {
				continue
			}
			a := arrow{from, m.To}
			if labels[a] == nil {
				order = append(order, a)
			}
			if !slices.Contains(labels[a], m.Command) {
				labels[a] = append(labels[a], m.Command)
			}
		}
	}
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1020 350" font-family="Helvetica,Arial,sans-serif" font-size="13">
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#57606a"/></marker></defs>
<rect width="1020" height="350" fill="#fff"/>
`)
	for _, a := range order {
		x1, y1, x2, y2 := edge(places[a.from], places[a.to])
		_, back := labels[arrow{a.to, a.from}]
		dx, dy := 0, 0
		if back { // two arrows between the same two: side by side
			dx, dy = signum(y2-y1)*8, -signum(x2-x1)*8
		}
		fmt.Fprintf(&b, "<path d=\"M%d %d %d %d\" stroke=\"#57606a\" fill=\"none\" marker-end=\"url(#head)\"/>\n", x1+dx, y1+dy, x2+dx, y2+dy)
		at := func(from, to int) int { // in the middle; nearer to its start where arrows meet at their ends
			if y1 == y2 {
				return (from + to) / 2
			}
			return (3*from + 2*to) / 5
		}
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" fill=\"#57606a\" font-size=\"11\" text-anchor=\"middle\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\">%s</text>\n",
			at(x1, x2)+2*dx, at(y1, y2)+2*dy-4, html.EscapeString(strings.Join(labels[a], ", ")))
	}
	for _, row := range statuses {
		p := places[row.status]
		fill := map[Turn]string{TurnCustomer: "#fff8c5", TurnStaff: "#ddf4ff", TurnCarrier: "#fbefff", TurnCalendar: "#dafbe1", TurnNobody: "#f6f8fa"}[row.turn]
		fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%d\" width=\"120\" height=\"40\" rx=\"8\" fill=\"%s\" stroke=\"#57606a\"/>\n", p[0]-60, p[1]-20, fill)
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", p[0], p[1]+5, row.status)
	}
	b.WriteString("<text x=\"20\" y=\"345\" font-size=\"11\" fill=\"#57606a\">yellow: the customer's turn; blue: ours; violet: the carrier's; green: the calendar's; grey: over</text>\n</svg>\n")
	return b.Bytes()
}

// edge is the line between two boxes, from border to border.
func edge(from, to [2]int) (x1, y1, x2, y2 int) {
	side := func(a, b [2]int) (int, int) {
		dx, dy := b[0]-a[0], b[1]-a[1]
		if dy == 0 || dx*dx > 36*dy*dy/4 {
			return a[0] + signum(dx)*62, a[1]
		}
		return a[0] + dx*22/max(dy, -dy), a[1] + signum(dy)*22
	}
	x1, y1 = side(from, to)
	x2, y2 = side(to, from)
	return x1, y1, x2, y2
}

func signum(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}
