package porting

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update-life", false, "draw infra/life.svg again")

// The README's picture is drawn from the table of moves: go test ./internal/porting -run TestLife -update-life.
func TestLifeIsDrawnFromTheTable(t *testing.T) {
	const name = "../../infra/life.svg"
	life := draw(t)
	want := life.svg()
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
		t.Errorf("%s differs from the table of moves; draw it again with -update-life", name)
	}
}

// Nothing in the picture lies on a text, and no text leaves the place that it has.
func TestLifeIsLegible(t *testing.T) {
	life := draw(t)
	for i, a := range life.texts {
		for _, b := range life.texts[:i] {
			if a.meets(b.area) {
				t.Errorf("%q lies on %q", a.text, b.text)
			}
		}
		for _, l := range life.lines {
			if a.meets(l) {
				t.Errorf("a line goes through %q", a.text)
			}
		}
		for _, b := range life.boxes {
			if a.meets(b) && !b.holds(a.area) {
				t.Errorf("the border of a box goes through %q", a.text)
			}
		}
		if whole := (area{0, 0, lifeWidth, life.height}); !whole.holds(a.area) {
			t.Errorf("%q leaves the picture", a.text)
		}
	}
}

// Every row of words is used: a command that no longer changes a status has none.
func TestLifeUsesItsWords(t *testing.T) {
	shown := ""
	for _, l := range draw(t).texts {
		shown += " " + l.text
	}
	for _, c := range causes {
		if !strings.Contains(strings.ToLower(shown), strings.ToLower(c.words)) {
			t.Errorf("nothing shows %q for %s", c.words, c.command)
		}
	}
}

// causes says in the customer's words by what a command changes the status. A command that means another thing in another
// status has a row for that status.
var causes = []struct {
	command string
	in      Status // empty: everywhere else
	words   string
}{
	{"Sign", Pending, "You sign the letter of agency"},
	{"Sign", Rejected, "or sign again"},
	{"Cancel", "", "You cancel"},
	{"CancelNow", Pending, "You cancel"},
	{"CancelNow", Rejected, "You cancel"},
	{"CancelNow", "", "You ask us to stop"},
	{"ConfirmCancel", "", "You ask us to stop"},
	{"Expire", "", "45 days pass"},
	{"RuleOut", "", "It can’t be ported"},
	{"Return", Processing, "One of our checks fails"},
	{"Return", Submitted, "The carrier refuses, so you have to act"},
	{"Return", Review, "Something is still wrong"},
	{"Pass", "", "The checks pass; the fee is taken"},
	{"Accept", "", "The carrier agrees to a date"},
	{"Resubmit", "", "You correct the order and send it again"},
	{"Approve", "", "All is well"},
	{"TakeUp", "", "The carrier has agreed"},
	{"Recover", "", "The registry hands over"},
	{"Complete", "", "The day has come, and your numbers work with us"},
	{"LoseFOC", "", "The carrier withdraws the date"},
	{"HardCancel", "", "You ask us to stop"},
}

// drawn says that the picture shows the move. It leaves out disputes between two accounts, which are rare.
func drawn(m Move) bool {
	return m.To != None && m.Command != "TakeOver" && m.Command != "Yield" && m.Command != "YieldNumbers"
}

// names are the statuses and the turns as a customer reads them.
var (
	statusNames = map[Status]string{Pending: "Pending", Processing: "Processing", Submitted: "Submitted", Accepted: "Accepted",
		Completed: "Completed", Rejected: "Rejected", Review: "Review", Cancelled: "Canceled", Abandoned: "Abandoned",
		HardCanceled: "Hard canceled"}
	turnNames = map[Turn]string{TurnCustomer: "your turn", TurnStaff: "our turn", TurnCarrier: "the carrier’s turn",
		TurnCalendar: "until the day", TurnNobody: "the end"}
	turnColors = map[Turn]string{TurnCustomer: "#fff8c5", TurnStaff: "#ddf4ff", TurnCarrier: "#fbefff", TurnCalendar: "#dafbe1",
		TurnNobody: "#f0f2f4"}
)

// ways are the columns of the picture: each status stands below the one that leads to it, and what else a status leads to
// stands beside it.
var ways = [][]Status{{Pending, Processing, Submitted, Accepted, Completed}, {Rejected, Review}}

// The picture's measures. It is as wide as a telephone's page, on which its smallest text has 12 points.
const (
	lifeWidth  = 360
	boxWidth   = 116
	exitHeight = 42 // two lines of a cause, and the arrow below them
	stepHeight = 36 // from one status to the next
	chipLeft   = 256
	textSize   = 12
	lineHeight = 14
)

// area is a rectangle, or a line that has no width or no height.
type area struct{ left, top, right, bottom float64 }

func (a area) meets(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ||
		b.left == b.right && a.left < b.left && b.left < a.right && a.top < b.bottom && b.top < a.bottom ||
		b.top == b.bottom && a.top < b.top && b.top < a.bottom && a.left < b.right && b.left < a.right
}

func (a area) holds(b area) bool {
	return a.left <= b.left && b.right <= a.right && a.top <= b.top && b.bottom <= a.bottom
}

// label is a text in its place.
type label struct {
	area
	text string
}

// drawing is the picture while it is drawn.
type drawing struct {
	shapes bytes.Buffer
	height float64
	texts  []label
	lines  []area
	boxes  []area
}

// draw draws every move that changes the status. It fails for a move that nothing tells of.
func draw(t *testing.T) *drawing {
	l := &drawing{}
	y := 10.0
	for n, way := range ways {
		if n > 0 {
			y += 22
			l.text(10, y, "start", "bold", "When an order comes back to you")
			y += 12
		}
		for i, status := range way {
			next := None
			if i+1 < len(way) {
				next = way[i+1]
			}
			y = l.status(t, status, next, y)
		}
	}
	l.height = y + 10
	return l
}

// status draws a status at y, what it leads to, and the arrow to the next one. It returns where the next one begins.
func (l *drawing) status(t *testing.T, status, next Status, y float64) float64 {
	exits := exitsOf(status)
	if next != None && !slices.Contains(exits, next) {
		t.Fatalf("no move leads from %s to %s", status, next)
	}
	exits = slices.DeleteFunc(exits, func(to Status) bool { return to == next })
	height := float64(max(len(exits), 1) * exitHeight)
	l.box(10, y, boxWidth, height, status)
	l.text(10+boxWidth/2, y+height/2-2, "middle", "bold", statusNames[status])
	l.text(10+boxWidth/2, y+height/2+13, "middle", "", turnNames[status.Turn()])
	for i, to := range exits {
		at := y + float64(i*exitHeight) + 33
		l.line(10+boxWidth, at, chipLeft-2, at)
		l.box(chipLeft, at-13, lifeWidth-chipLeft-10, 26, to)
		l.text((chipLeft+lifeWidth-10)/2, at+4, "middle", "", statusNames[to])
		words := wrap(cause(t, status, to), chipLeft-10-boxWidth-12)
		for n, line := range words {
			l.text(10+boxWidth+6, at-5-float64((len(words)-1-n)*lineHeight), "start", "", line)
		}
		if len(words) > 2 {
			t.Errorf("%q is longer than two lines", words)
		}
	}
	y += height
	if next == None {
		return y
	}
	l.line(36, y, 36, y+stepHeight-2)
	l.text(44, y+stepHeight/2+4, "start", "", cause(t, status, next))
	return y + stepHeight
}

// exitsOf lists the statuses to which moves lead from a status, in the order of the table.
func exitsOf(status Status) []Status {
	var all []Status
	for _, m := range Moves() {
		if slices.Contains(m.From, status) && drawn(m) && m.To != status && !slices.Contains(all, m.To) {
			all = append(all, m.To)
		}
	}
	return all
}

// cause says by what an order goes from one status to another.
func cause(t *testing.T, from, to Status) string {
	var all []string
	for _, m := range Moves() {
		if !slices.Contains(m.From, from) || m.To != to || !drawn(m) {
			continue
		}
		i := slices.IndexFunc(causes, func(c struct {
			command string
			in      Status
			words   string
		}) bool {
			return c.command == m.Command && (c.in == from || c.in == "")
		})
		if i < 0 {
			t.Fatalf("no words tell how %s leads from %s to %s", m.Command, from, to)
		}
		words := causes[i].words
		if slices.ContainsFunc(all, func(had string) bool { return strings.EqualFold(strings.TrimPrefix(had, "or "), words) }) {
			continue
		}
		if len(all) > 0 && !strings.HasPrefix(words, "or ") {
			words = "or " + strings.ToLower(words[:1]) + words[1:]
		}
		if !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return strings.Join(all, ", ")
}

// wrap breaks a text into lines of a width.
func wrap(text string, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if longer := strings.TrimSpace(line + " " + word); line == "" || widthOf(longer, "") <= width {
			line = longer
			continue
		}
		lines, line = append(lines, line), word
	}
	return append(lines, line)
}

// widthOf is how wide a text is in Arial, whose letters are measured in thousandths of the size.
func widthOf(text, weight string) float64 {
	n := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iljI.,;:’", r):
			n += 280
		case strings.ContainsRune("ftr ()", r):
			n += 335
		case strings.ContainsRune("mwMW", r):
			n += 840
		case r >= 'A' && r <= 'Z':
			n += 700
		default:
			n += 560
		}
	}
	if weight == "bold" {
		n += n / 10
	}
	return float64(n) * textSize / 1000
}

const lifeColor = "#424a53"

func (l *drawing) box(left, top, width, height float64, status Status) {
	l.boxes = append(l.boxes, area{left, top, left + width, top + height})
	fmt.Fprintf(&l.shapes, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" rx=\"6\" fill=\"%s\" stroke=\"%s\"/>\n",
		left, top, width, height, turnColors[status.Turn()], lifeColor)
}

func (l *drawing) line(left, top, right, bottom float64) {
	l.lines = append(l.lines, area{left, top, right, bottom})
	fmt.Fprintf(&l.shapes, "<path d=\"M%g %g %g %g\" stroke=\"%s\" marker-end=\"url(#head)\"/>\n", left, top, right, bottom, lifeColor)
}

func (l *drawing) text(x, y float64, anchor, weight, text string) {
	left, width := x, widthOf(text, weight)
	if anchor == "middle" {
		left -= width / 2
	}
	l.texts = append(l.texts, label{area{left, y - textSize + 2, left + width, y + 3}, text})
	style := ""
	if weight != "" {
		style = " font-weight=\"" + weight + "\""
	}
	fmt.Fprintf(&l.shapes, "<text x=\"%g\" y=\"%g\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, style, text)
}

func (l *drawing) svg() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %d %g" font-family="Arial,Helvetica,sans-serif" font-size="%d" fill="#1f2328">
<title>The life of a port order</title>
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="%s"/></marker></defs>
<rect width="%d" height="%g" fill="#fff"/>
`, float64(lifeWidth), l.height, lifeWidth, l.height, textSize, lifeColor, lifeWidth, l.height)
	b.Write(l.shapes.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}
