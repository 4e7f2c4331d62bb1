package text

import (
	"testing"
	"time"

	"portway/internal/porting"
)

func TestLanguages(t *testing.T) {
	zone := time.FixedZone("PST", -8*3600)
	at := time.Date(2027, time.March, 1, 22, 5, 0, 0, time.UTC)
	table := NewTable(
		"Your {n|count number} move on {day|day}.\n\t{n|count número} se trasladan el {day|day}.\n",
		"Your {n|count number} move on {day|day}.\n\t{n|count numéro} : {day|day}.\n")
	for _, test := range []struct {
		language                              porting.Language
		day, date, at, money, list, one, none string
	}{
		{
			language: porting.English, day: "Monday, March 1, 2027", date: "March 1, 2027", at: "Monday, March 1, 2027, 2:05 PM PST",
			money: "$7.50", list: "(206) 555-0101 and (206) 555-0102", one: "Your 1 number move on Monday, March 1, 2027.",
			none: "Your 0 numbers move on Monday, March 1, 2027.",
		},
		{
			language: porting.Spanish, day: "lunes, 1 de marzo de 2027", date: "1 de marzo de 2027", at: "lunes, 1 de marzo de 2027, 2:05 p. m. PST",
			money: "$7.50", list: "(206) 555-0101 y (206) 555-0102", one: "1 número se trasladan el lunes, 1 de marzo de 2027.",
			none: "0 números se trasladan el lunes, 1 de marzo de 2027.",
		},
		{
			language: porting.French, day: "lundi 1er mars 2027", date: "1er mars 2027", at: "lundi 1er mars 2027, 14 h 05 HNP",
			money: "7,50 $", list: "(206) 555-0101 et (206) 555-0102", one: "1 numéro : lundi 1er mars 2027.",
			none: "0 numéro : lundi 1er mars 2027.",
		},
	} {
		t.Run(string(test.language), func(t *testing.T) {
			c := In(test.language, table)
			say := func(n string) string {
				return c.Say("Your {n|count number} move on {day|day}.", "n", n, "day", "2027-03-01")
			}
			for got, want := range map[string]string{
				c.Day("2027-03-01"): test.day, c.Date("2027-03-01"): test.date, c.Time(at, zone): test.at, c.Money(750): test.money,
				c.Numbers([]string{"+12065550101", "+12065550102"}): test.list, say("1"): test.one, say("0"): test.none,
			} {
				if got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
			if c.Language() != test.language {
				t.Errorf("the language is %q", c.Language())
			}
		})
	}
	t.Run("a sentence without a translation stays English", func(t *testing.T) {
		if got := In(porting.French, table).Say("Not {x} yet.", "x", "there"); got != "Not there yet." {
			t.Error(got)
		}
	})
	t.Run("an unknown language is English", func(t *testing.T) {
		if got := In("tlh").Language(); got != porting.English {
			t.Error(got)
		}
	})
}

// The domain's sentences, with the reasons, lists and numbers within, are in one language.
func TestEventsInOtherLanguages(t *testing.T) {
	rejected := porting.Event{Message: porting.Say(porting.MsgReturned), Reasons: []porting.Reason{{Code: porting.ZipMismatch, Raw: "7508", Said: "ZIP"}}}
	left := porting.Event{Message: porting.Say(porting.MsgLeftOut, "numbers", "+12065550101,+12065550102", "reason", "TN_NOT_PORTABLE")}
	changed := porting.Event{Message: porting.Say(porting.MsgEdited, "fields", "zip,company")}
	for language, want := range map[porting.Language][]string{
		porting.Spanish: {
			"La solicitud fue rechazada: El código postal no coincide (“ZIP”).",
			"Estos números se excluyeron de la solicitud: (206) 555-0101 y (206) 555-0102. Un número no se puede portar.",
			"Estos datos se cambiaron: el código postal y la empresa.",
		},
		porting.French: {
			"La commande a été refusée : Code postal différent (“ZIP”).",
			"Ces numéros ont été laissés de côté : (206) 555-0101 et (206) 555-0102. Un numéro ne peut pas être transféré.",
			"Ces renseignements ont été changés : le code postal et l’entreprise.",
		},
	} {
		for i, e := range []porting.Event{rejected, left, changed} {
			if got := In(language).Event(e); got != want[i] {
				t.Errorf("%s: a customer reads\n%s\nwant\n%s", language, got, want[i])
			}
		}
	}
}
