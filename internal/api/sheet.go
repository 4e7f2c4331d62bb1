package api

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// A work list as a sheet: the columns that a porting desk keeps, in pages that fit an answer of the gateway.

// maxSheet is how many orders a page of a sheet has at most, and has unless a limit is asked for.
const maxSheet = 1000

// sheetColumns are the columns of a sheet of orders. Numbers are in ten digits, since programs take a cell that begins with
// a plus for a formula.
var sheetColumns = []struct {
	name string
	of   func(a *API, o orders.Head) string
}{
	{"id", func(_ *API, o orders.Head) string { return string(o.ID) }},
	{"group_id", func(_ *API, o orders.Head) string { return string(o.Group) }},
	{"alias", func(_ *API, o orders.Head) string { return o.Details.Alias }},
	{"status", func(_ *API, o orders.Head) string { return string(o.Status) }},
	{"turn", func(_ *API, o orders.Head) string { return string(o.Turn()) }},
	{"reason", func(a *API, o orders.Head) string { return deref(a.itemOf(o).Reason) }},
	{"carrier", func(_ *API, o orders.Head) string { return o.Carrier.Name }},
	{"kind", func(_ *API, o orders.Head) string { return string(o.Kind) }},
	{"port_class", func(_ *API, o orders.Head) string { return string(o.Terms().Class) }},
	{"number_count", func(_ *API, o orders.Head) string { return itoa(o.Count) }},
	{"first_numbers", func(_ *API, o orders.Head) string {
		var few []string
		for _, n := range o.Numbers {
			few = append(few, strings.TrimPrefix(n.TN, "+1"))
		}
		return strings.Join(few, " ")
	}},
	{"desired_completion_date", func(_ *API, o orders.Head) string { return string(o.Details.Desired) }},
	{"completion_date", func(_ *API, o orders.Head) string { return string(o.FOC) }},
	{"next", func(a *API, o orders.Head) string {
		event, _, _ := orders.Next(a.book.Rules, o.Order)
		return event
	}},
	{"next_at", func(a *API, o orders.Head) string {
		_, at, _ := orders.Next(a.book.Rules, o.Order)
		return deref(stamp(at))
	}},
	{"port_fee", func(_ *API, o orders.Head) string { return o.Paid().Dollars() }},
	{"created_date", func(_ *API, o orders.Head) string { return deref(stamp(o.Created)) }},
	{"modified_date", func(_ *API, o orders.Head) string { return deref(stamp(o.Updated)) }},
	{"status_updated_at", func(_ *API, o orders.Head) string { return deref(stamp(o.StatusAt)) }},
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sheetReply is the answer with a page of orders as CSV (RFC 4180). The header Link leads to the next page.
func (a *API) sheetReply(r *request, l listing, p orders.HeadPage) (reply, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	names := make([]string, 0, len(sheetColumns))
	for _, c := range sheetColumns {
		names = append(names, c.name)
	}
	rows := [][]string{names}
	for _, h := range p.Rows {
		row := make([]string, 0, len(sheetColumns))
		for _, c := range sheetColumns {
			row = append(row, cell(c.of(a, h)))
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return reply{}, err
	}
	out := reply{status: http.StatusOK, body: asItWas(b.String()), header: map[string]string{
		"Content-Type": "text/csv; charset=utf-8; header=present", "Content-Disposition": `attachment; filename="port-orders.csv"`}}
	if next := r.around(l, p).Next; next != "" {
		out.header["Link"] = "<" + next + `>; rel="next"`
	}
	return out, nil
}

// cell returns a text as a cell that no program takes for a formula (OWASP, CSV injection): one that would be is led by an
// apostrophe, which these programs do not show.
func cell(s string) string {
	if strings.HasPrefix(s, "'") || s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// uncell returns the text of a cell that [cell] may have written.
func uncell(s string) string { return strings.TrimPrefix(strings.TrimSpace(s), "'") }

// A sheet of numbers makes orders: a row for each number, and beside it the attributes of the create call, which are those
// of one end user and so the same in all rows.

// sheetPlaces says where on a sheet the attributes of a create call stand.
type sheetPlaces struct {
	numbers []int          // the row of each number, the header's being 1
	first   map[string]int // the row that gives an attribute, by its name
}

// sheetFault begins the field of a fault of one cell: sheet/<row>/<column>.
const sheetFault = "sheet/"

// readSheet reads a sheet as the attributes of a create call. The faults name cells.
func readSheet(body string) (object, sheetPlaces, porting.Faults, error) {
	at := sheetPlaces{first: map[string]int{}}
	rows, err := sheetRows(body)
	if err != nil {
		return object{}, at, nil, err
	}
	var fs porting.Faults
	header := rows[0].cells
	attrs, numbers, seen := object{values: map[string]any{}}, []any{}, map[string]bool{}
	for i, name := range header {
		header[i] = strings.ToLower(uncell(name))
		if seen[header[i]] && header[i] != "" {
			fs.Add(cellOf(1, header[i]), porting.Duplicate, "The sheet has this column twice.")
		}
		seen[header[i]] = true
	}
	if !seen["number"] {
		return object{}, at, nil, malformed("The sheet has no column named number. Name the columns in its first row.")
	}
	for _, row := range rows[1:] {
		if strings.TrimSpace(strings.Join(row.cells, "")) == "" {
			continue
		}
		number := ""
		for i, value := range row.cells {
			value = uncell(value)
			switch {
			case i >= len(header) || header[i] == "":
				if value != "" {
					fs.Add(cellOf(row.line, "column "+itoa(i+1)), porting.Unknown, "The column has no name in the first row.")
				}
			case header[i] == "number":
				number = value
			case value == "":
			default:
				first, there := at.first[header[i]]
				if !there {
					at.first[header[i]] = row.line
					attrs.put(header[i], value)
				} else if attrs.at(header[i]) != value {
					fs.Add(cellOf(row.line, header[i]), porting.NotAllowed,
						"Give the same as in row "+itoa(first)+", since a sheet has the numbers of one end user. Make one sheet for each.")
				}
			}
		}
		at.numbers, numbers = append(at.numbers, row.line), append(numbers, number)
	}
	if len(numbers) > porting.MaxNumbers {
		return object{}, at, nil, porting.Faults{{Field: cellOf(rows[0].line, "number"), Code: porting.TooMany,
			Message: "Give at most " + itoa(porting.MaxNumbers) + " numbers in one sheet."}}.Err()
	}
	attrs.names = append(attrs.names, "numbers")
	attrs.values["numbers"] = numbers
	attrs.typed()
	return attrs, at, fs, nil
}

func cellOf(row int, column string) string { return sheetFault + itoa(row) + "/" + column }

type sheetRow struct {
	line  int
	cells []string
}

// sheetRows reads the rows of CSV, whatever of comma, semicolon and tab stands between its cells.
func sheetRows(body string) ([]sheetRow, error) {
	body = strings.TrimPrefix(body, "\ufeff")
	if why := unreadable(body); why != "" {
		return nil, malformed("The sheet is not UTF-8. Save it as CSV UTF-8.")
	}
	head, _, _ := strings.Cut(body, "\n")
	in := csv.NewReader(strings.NewReader(body))
	in.FieldsPerRecord = -1
	for _, between := range ";\t" {
		if strings.ContainsRune(head, between) && !strings.Contains(head, ",") {
			in.Comma = between
		}
	}
	var rows []sheetRow
	for {
		cells, err := in.Read()
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong):
			return nil, malformed("The sheet cannot be read as CSV: line " + itoa(wrong.Line) + " has a quote in the wrong place.")
		case errors.Is(err, io.EOF) && len(rows) == 0:
			return nil, malformed("The sheet is empty. Name the columns in its first row.")
		case err != nil:
			return rows, nil
		}
		line, _ := in.FieldPos(0)
		rows = append(rows, sheetRow{line, cells})
	}
}

// put sets an attribute by its name; a slash leads into a nested object.
func (o *object) put(name string, value any) {
	outer, inner, nested := strings.Cut(name, "/")
	if !nested {
		o.names, o.values[name] = append(o.names, name), value
		return
	}
	within, ok := o.values[outer].(object)
	if !ok {
		within = object{values: map[string]any{}}
		o.names = append(o.names, outer)
	}
	within.put(inner, value)
	o.values[outer] = within
}

// at returns the attribute of that name as put has set it.
func (o object) at(name string) any {
	outer, inner, nested := strings.Cut(name, "/")
	if within, ok := o.values[outer].(object); nested && ok {
		return within.at(inner)
	}
	return o.values[name]
}

// typed turns the cells of attributes that are no texts into their types: yes or no, and lists with commas between.
func (o object) typed() { o.typedBelow("") }

func (o object) typedBelow(path string) {
	for name, value := range o.values {
		if within, ok := value.(object); ok {
			within.typedBelow(path + name + "/")
			continue
		}
		text, isText := value.(string)
		row, known := porting.DetailRow(path + name)
		switch {
		case !isText || !known:
		case row.List:
			all := []any{}
			for part := range strings.SplitSeq(text, ",") {
				all = append(all, strings.TrimSpace(part))
			}
			o.values[name] = all
		case row.Flag(&porting.Details{}) != nil:
			switch strings.ToLower(text) {
			case "true", "yes":
				o.values[name] = true
			case "false", "no":
				o.values[name] = false
			}
		}
	}
}

// onSheet says of each fault of a create call in which cell of the sheet it is.
func (p *problem) onSheet(at sheetPlaces) *problem {
	out := *p
	out.entries = nil
	for _, e := range p.entries {
		field, ok := strings.CutPrefix(e.pointer, attributes)
		if !ok {
			out.entries = append(out.entries, e)
			continue
		}
		e.pointer, e.row, e.column = "", 1, field
		if cell, ok := strings.CutPrefix(field, sheetFault); ok {
			row, column, _ := strings.Cut(cell, "/")
			e.row, _ = strconv.Atoi(row)
			e.column = column
		} else if place, ok := strings.CutPrefix(field, "numbers/"); ok {
			e.column = "number"
			if n, err := strconv.Atoi(place); err == nil && n < len(at.numbers) {
				e.row = at.numbers[n]
			}
		} else if row, ok := at.first[field]; ok {
			e.row = row
		}
		if _, said, ok := strings.Cut(e.detail, ": "); ok && strings.HasPrefix(e.detail, field) {
			e.detail = said
		}
		e.detail = "Row " + itoa(e.row) + ", " + e.column + ": " + e.detail
		out.entries = append(out.entries, e)
	}
	return &out
}
