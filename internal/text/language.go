package text

import (
	_ "embed" // es.txt and fr.txt
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"portway/internal/porting"
)

// Table holds the translations of a package's own sentences. Each package that writes to customers has one, made of a text
// for each language beside its code: es.txt and fr.txt. See [NewTable] for the form of these texts, and package texttest
// for the test that finds gaps.
type Table struct {
	rows map[porting.Language]func() map[string]string
}

// NewTable makes a table of the texts in Spanish and French. A row is the English sentence on a line of its own, and the
// sentence in the language on the next line behind a tab. Lines that begin with # and empty lines say nothing. A text is
// read when somebody first reads that language.
func NewTable(spanish, french string) *Table {
	read := func(t string) func() map[string]string {
		return sync.OnceValue(func() map[string]string { return rows(t) })
	}
	return &Table{rows: map[porting.Language]func() map[string]string{porting.Spanish: read(spanish), porting.French: read(french)}}
}

// Rows are the translations into a language by their English sentence.
func (t *Table) Rows(l porting.Language) map[string]string {
	if read, ok := t.rows[l]; ok {
		return read()
	}
	return nil
}

func rows(text string) map[string]string {
	all, english := map[string]string{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if own, ok := strings.CutPrefix(line, "\t"); ok {
			all[english] = own
		} else if !strings.HasPrefix(line, "#") {
			english = line
		}
	}
	return all
}

//go:embed es.txt
var spanish string

//go:embed fr.txt
var french string

// own is the table of the domain's sentences. It is made at the first use, so that a function which writes English alone has
// neither the time nor the bytes of it.
var own struct {
	sync.Once
	table *Table
}

// In returns the catalogue in a language, with the sentences of the domain and of the tables. An unknown language is English.
func In(l porting.Language, tables ...*Table) *Catalogue {
	c := *English
	if form := formsOf(l); form.tag != porting.English {
		own.Do(func() { own.table = NewTable(spanish, french) })
		c.language, c.tables = form, append([]*Table{own.table}, tables...)
	}
	return &c
}

// Language is the catalogue's language.
func (c *Catalogue) Language() porting.Language { return c.tag }

// Translate returns the sentence of an English one, with its placeholders or verbs as they are. A sentence that has no
// translation stays English.
func (c *Catalogue) Translate(english string) string {
	for _, t := range c.tables {
		if own, ok := t.Rows(c.tag)[english]; ok {
			return own
		}
	}
	return english
}

// Say writes an English sentence in the catalogue's language. Its placeholders, such as {day|day}, are filled with the
// arguments, which are pairs of a name and a value.
func (c *Catalogue) Say(english string, args ...string) string {
	return c.fill(c.Translate(english), func(name, form string) string {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return c.form(form, args[i+1])
			}
		}
		return ""
	})
}

// language is how a language writes lists, days and amounts.
type language struct {
	tag          porting.Language
	name         string // of the language, in itself
	and          string // between the last two of a list
	more         string // behind a list that was cut short; %d is how many are left out
	months, days [12]string
	date         func(l language, t time.Time) string
	clock        func(t time.Time) string
	money        func(dollars, cents string) string
	colon        string
}

var english = language{
	tag: porting.English, name: "English", and: "and", more: "%d more", colon: ": ",
	date:  func(_ language, t time.Time) string { return t.Format("January 2, 2006") },
	clock: func(t time.Time) string { return t.Format("3:04 PM MST") },
	money: func(dollars, cents string) string { return "$" + dollars + "." + cents },
}

// formsOf are those of a language; of an unknown one, those of English.
func formsOf(l porting.Language) language {
	switch l {
	case porting.Spanish:
		return language{
			tag: porting.Spanish, name: "Español", and: "y", more: "%d más", colon: ": ",
			months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
				"noviembre", "diciembre"},
			days: [12]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
			date: func(l language, t time.Time) string {
				return fmt.Sprintf("%d de %s de %d", t.Day(), l.months[t.Month()-1], t.Year())
			},
			clock: func(t time.Time) string {
				half := "a. m."
				if t.Hour() >= 12 {
					half = "p. m."
				}
				return t.Format("3:04 ") + half + t.Format(" MST")
			},
			money: func(dollars, cents string) string { return "$" + dollars + "." + cents },
		}
	case porting.French:
		return language{
			tag: porting.French, name: "Français", and: "et", more: "%d de plus", colon: " : ",
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
				"novembre", "décembre"},
			days: [12]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
			date: func(l language, t time.Time) string {
				day := strconv.Itoa(t.Day())
				if t.Day() == 1 {
					day = "1er"
				}
				return fmt.Sprintf("%s %s %d", day, l.months[t.Month()-1], t.Year())
			},
			clock: func(t time.Time) string {
				zone := t.Format("MST")
				if own, ok := frenchZones[zone]; ok {
					zone = own
				}
				return fmt.Sprintf("%d h %02d %s", t.Hour(), t.Minute(), zone)
			},
			money: func(dollars, cents string) string { return dollars + "," + cents + " $" },
		}
	}
	return english
}

// frenchZones are the zones of the clock as French Canada abbreviates them (heure normale, heure avancée).
var frenchZones = map[string]string{"PST": "HNP", "PDT": "HAP", "MST": "HNR", "MDT": "HAR", "CST": "HNC", "CDT": "HAC",
	"EST": "HNE", "EDT": "HAE", "AST": "HNA", "ADT": "HAA", "NST": "HNT", "NDT": "HAT"}

// Name is the name of the language in itself.
func Name(l porting.Language) string { return formsOf(l).name }

// Weekday writes the day of the week of an instant in its zone.
func (c *Catalogue) Weekday(t time.Time) string {
	if c.days[0] == "" {
		return t.Weekday().String()
	}
	return c.days[t.Weekday()]
}

// Date writes a day without its weekday: January 2, 2006. It is empty for no day.
func (c *Catalogue) Date(d porting.Date) string {
	if t := d.In(time.UTC); !t.IsZero() {
		return c.date(c.language, t)
	}
	return ""
}

// Day writes a day with its weekday: Monday, January 2, 2006. It is empty for no day.
func (c *Catalogue) Day(d porting.Date) string {
	if t := d.In(time.UTC); !t.IsZero() {
		return c.dayOf(t)
	}
	return ""
}

func (c *Catalogue) dayOf(t time.Time) string {
	comma := ", "
	if c.tag == porting.French {
		comma = " "
	}
	return c.Weekday(t) + comma + c.date(c.language, t)
}

// Time writes an instant in a zone: Monday, January 2, 2006, 3:04 PM PST.
func (c *Catalogue) Time(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return c.dayOf(t) + ", " + c.clock(t)
}

// Money writes an amount of US cents.
func (c *Catalogue) Money(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return sign + c.money(strconv.FormatInt(cents/100, 10), fmt.Sprintf("%02d", cents%100))
}

// Numbers writes telephone numbers as a list, of which it counts the rest where there are many.
func (c *Catalogue) Numbers(tns []string) string { return c.numbers(tns) }

// List writes several things in a row, with "and" before the last.
func (c *Catalogue) List(all []string) string { return c.join(all) }

// count writes how many there are of a unit, whose plural adds an s unless it stands behind a slash: "mes/meses".
func (c *Catalogue) count(value, unit string) string {
	one, many, found := strings.Cut(unit, "/")
	if !found {
		many = one + "s"
	}
	if n, err := strconv.Atoi(value); err == nil && (n == 1 || n == 0 && c.tag == porting.French) {
		return value + " " + one
	}
	return value + " " + many
}
