package bandwidth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

// Each state means its row, in any case of letters; one that nobody knows is for a person.
func TestStates(t *testing.T) {
	all := map[string]porting.AnswerState{"SOMETHING_NEW": porting.AnswerUnclear, "FOC_PENDING": porting.AnswerUnclear}
	for status, want := range states {
		all[status] = want
	}
	for status, want := range all {
		for _, written := range []string{status, strings.ToLower(status), strings.ToUpper(status[:1]) +
			strings.ToLower(status[1:]), "\n  " + status + "\n", strings.ReplaceAll(strings.ToLower(status), "_", " ")} {
			a := read(t, `<ProcessingStatus>`+written+`</ProcessingStatus><ActualFocDate>2030-03-18</ActualFocDate>`)
			if a.State != want || a.Said != strings.Join(strings.Fields(written), " ") ||
				(len(a.Reasons) > 0) != (want == porting.AnswerRefused || want == porting.AnswerOver) {
				t.Errorf("%q: %+v", written, a)
			}
		}
	}
	if a := read(t, `<ProcessingStatus>SNAPBACK</ProcessingStatus>`); a.State != porting.AnswerOver ||
		len(a.Reasons) != 1 || a.Reasons[0].Code != porting.PortUndone {
		t.Errorf("numbers that are back at the losing carrier: %+v", a)
	}
	if a := read(t, `<ProcessingStatus>CANCELLED</ProcessingStatus><Errors><Code>7491</Code><Description>numbers: `+
		`[9195550101]</Description></Errors>`); a.State != porting.AnswerOver ||
		a.Reasons[0].Code != porting.InternalPort || a.Reasons[len(a.Reasons)-1].Code != porting.PeerCancelled {
		t.Errorf("an order that died: %+v", a)
	}
}

// A FOC date is a day in New York. Midnight in UTC is the evening before on an order with an hour of its own, else a
// bare day.
func TestFOCDates(t *testing.T) {
	const plain, triggered, mobile = "", "<Triggered>true</Triggered>",
		"<LosingCarrierIsWireless>true</LosingCarrierIsWireless>"
	for _, c := range []struct{ date, order, day, at string }{
		{"2030-07-18", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18Z", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18-04:00", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-01-18", plain, "2030-01-18", "2030-01-18T16:30:00Z"},
		{"2030-07-18T15:30:00Z", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T15:30:00.000Z", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T11:30:00-0400", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T11:30:00-04:00", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T18:30:00+03:00", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18t15:30:00z", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"\n 2030-07-18T15:30Z \n", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-01-16T01:00:00.000Z", plain, "2030-01-15", "2030-01-16T01:00:00Z"},
		{"2030-07-18T00:00:00Z", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T00:00:00.000+00:00", plain, "2030-07-18", "2030-07-18T15:30:00Z"},
		{"2030-07-18T00:00:00Z", triggered, "2030-07-17", "2030-07-18T00:00:00Z"},
		{"2030-01-18T00:00:00.000Z", triggered, "2030-01-17", "2030-01-18T00:00:00Z"},
		{"2030-07-18T00:00:00Z", mobile, "2030-07-17", "2030-07-18T00:00:00Z"},
		{"2030-07-18T00:00:00-04:00", triggered, "2030-07-18", "2030-07-18T04:00:00Z"},
		{"2030-07-18", triggered, "2030-07-18", "2030-07-18T15:30:00Z"},
	} {
		t.Run(fmt.Sprint(strings.TrimSpace(c.date), c.order), func(t *testing.T) {
			for _, name := range []string{"ActualFocDate", "ActualFOCDate"} {
				a := read(t, `<ProcessingStatus>FOC</ProcessingStatus><RequestedFocDate>2030-12-24</RequestedFocDate><`+name+`>`+
					c.date+`</`+name+`>`+c.order)
				if a.State != porting.AnswerAccepted || string(a.FOC) != c.day || a.At.UTC().Format(time.RFC3339) != c.at {
					t.Errorf("%+v", a)
				}
			}
		})
	}
	for _, bad := range []string{"soon", "03/18/2030", "2030-02-30", "2030-7-18", "1910000000"} {
		if a := read(t, `<ProcessingStatus>FOC</ProcessingStatus><RequestedFocDate>2030-12-24</RequestedFocDate>`+
			`<ActualFocDate>`+bad+`</ActualFocDate>`); a.State != porting.AnswerUnclear || a.FOC != "" {
			t.Errorf("%q is read as %+v", bad, a)
		}
	}
	if a := read(t, `<ProcessingStatus>FOC</ProcessingStatus><RequestedFocDate>`+
		`2030-12-24</RequestedFocDate>`); a.State != porting.AnswerWaiting || a.FOC != "" {
		t.Errorf("the date asked for is not the date agreed: %+v", a)
	}
}
