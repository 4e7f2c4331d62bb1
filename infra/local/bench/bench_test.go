package bench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/match/matchtest"
	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

func TestReport(t *testing.T) {
	r := Report{At: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC), Machine: "2 cores, go1.26, linux/amd64",
		Groups: []Group{
			{"functions", []Figure{{What: "hello", Value: "6 MB"}, {What: "api", Value: "13 MB", Goal: "< 12 MB"}}, ""},
			{"requests", []Figure{{What: "details", Value: "1 read", Goal: "1 read", Met: true},
				{What: "the rest", Err: errors.New("no engine")}}, "Units are as counted."},
		}}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `Measured on March 2, 2027 on 2 cores, go1.26, linux/amd64.

| figure        | measured | goal    | met          |
| ------------- | -------- | ------- | ------------ |
| **functions** |          |         |              |
| hello         | 6 MB     |         |              |
| api           | 13 MB    | < 12 MB | **no**       |
| **requests**  |          |         |              |
| details       | 1 read   | 1 read  | yes          |
| the rest      | —        |         | not measured |

Units are as counted.
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	faults := []string{"functions, api: 13 MB, the goal is < 12 MB", "requests, the rest: not measured: no engine"}
	if got := r.Faults(); !slices.Equal(got, faults) {
		t.Errorf("faults %q, want %q", got, faults)
	}
}

func TestGoals(t *testing.T) {
	for _, test := range []struct {
		name string
		goal goal
		cost cost
		met  bool
	}{
		{"CreateOK", create, cost{reads: 2, transactions: 1}, true},
		{"CreateReadsTooOften", create, cost{reads: 3, transactions: 1}, false},
		{"CreateInTwoTransactions", create, cost{transactions: 2}, false},
		{"DetailsOK", oneRead, cost{reads: 1}, true},
		{"DetailsReadTwice", oneRead, cost{reads: 2}, false},
		{"DetailsWritten", oneRead, cost{reads: 1, writes: 1}, false},
		{"ChangeOK", readAndWrite, cost{reads: 1, transactions: 1}, true},
		{"ChangeWritesMore", readAndWrite, cost{reads: 1, transactions: 1, writes: 1}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if f := test.goal.figure("x", test.cost); f.Met != test.met || f.Goal == "" {
				t.Errorf("%s: met %v, want %v", f.Value, f.Met, test.met)
			}
		})
	}
}

// The comparison with carriers' records meets its goals, and fails them with a pair that is wrongly equal.
func TestRecords(t *testing.T) {
	figures, err := records()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if v := f.verdict(); v != "yes" && f.Goal != "" {
			t.Errorf("%s: %s, want %s", f.What, f.Value, f.Goal)
		}
	}
	pairs, err := matchtest.Corpus()
	if err != nil {
		t.Fatal(err)
	}
	_, all := matchtest.Measure(pairs)
	onThePage(t, fmt.Sprintf("| order against CSR, %d pairs made by hand | precision %.1f %%, recall %.1f %%, wrongly equal %d |",
		all.Pairs, 100*all.Precision(), 100*all.Recall(), all.WronglyEqual))
	if f := scored(matchtest.Score{Field: "zip", Pairs: 4, Same: 3, WronglyEqual: 1}); f.Met ||
		!strings.Contains(f.Value, "precision  75.0 %") {
		t.Errorf("met %v with %s", f.Met, f.Value)
	}
}

// The rate is read from what the histories print.
func TestRate(t *testing.T) {
	figures, err := rate([]byte("ok\n80.4 orders a second\nhistories 20, steps 1, faults 2, violations 0\n"))
	if err != nil || len(figures) != 1 || figures[0].Value != "80 orders a second" || !figures[0].Met {
		t.Errorf("%+v, %v", figures, err)
	}
	if _, err := rate([]byte("PASS\n")); err == nil {
		t.Error("a run that tells no rate has one")
	}
}

func TestCompare(t *testing.T) {
	took := func(all ...time.Duration) []time.Duration { return all }
	got := compare([]binary{
		{name: hello, bytes: 6e6, starts: took(3e6, 900e6, 3e6)}, // one slow start does not count
		{name: "api", bytes: 11e6, starts: took(5e6, 5e6, 5e6)},
		{name: "authorizer", bytes: 11e6, starts: took(7e6, 7e6, 7e6)},
		{name: "api", bytes: 12.5e6, starts: took(5e6, 5e6, 5e6)},
		{name: "csr", bytes: 13e6, starts: took(7e6, 7e6, 7e6)}, // nobody waits for it
	})
	var verdicts []string
	for _, f := range got {
		verdicts = append(verdicts, f.verdict())
	}
	if want := []string{"", "yes", "**no**", "**no**", ""}; !slices.Equal(verdicts, want) {
		t.Errorf("verdicts %q, want %q: %v", verdicts, want, got)
	}
}

func TestWaits(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	life := span{at(10), at(20)}
	for _, test := range []struct {
		name string
		wait span
		want time.Duration
	}{
		{"Inside", span{at(12), at(15)}, 3 * time.Second},
		{"OutlastsTheOrder", span{at(18), at(30)}, 2 * time.Second},
		{"Before", span{at(1), at(5)}, 0},
		{"After", span{at(21), at(25)}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.wait.within(life); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// What is measured is built and started as the template and the Makefile say.
func TestAsDeployed(t *testing.T) {
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	flags := strings.Join(buildFlags[:len(buildFlags)-1], " ") + ` "` + buildFlags[len(buildFlags)-1] + `"`
	if !strings.Contains(string(makefile), flags) {
		t.Errorf("the Makefile does not build with %s", flags)
	}
	template, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	functions, err := os.ReadDir("../../../functions")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		env, err := environment(template, f.Name())
		if err != nil {
			t.Error(err)
		}
		for _, want := range []string{"TABLE=dummy", "ZONE=America/New_York"} {
			if !slices.Contains(env, want) {
				t.Errorf("%s lacks %s: %v", f.Name(), want, env)
			}
		}
	}
	if env, err := environment(template, "api"); err != nil || !slices.Contains(env, "SOMOS_USER=portway") {
		t.Errorf("api lacks SOMOS_USER, which it takes over by an alias: %v (%v)", env, err)
	}
}

// Rules resolve as much of what carriers refuse as is promised.
func TestRefusals(t *testing.T) {
	figures, err := refusals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.Goal != "" && !f.Met {
			t.Errorf("%s: %s, want %s", f.What, f.Value, f.Goal)
		}
		onThePage(t, fmt.Sprintf("| %s | %s |", f.What, f.Value))
	}
}

// The mistakes that an order shows are told before the signature, and one without a mistake is not stopped.
func TestSigning(t *testing.T) {
	figures, err := signing()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		onThePage(t, fmt.Sprintf("| %s | %s |", f.What, f.Value))
	}
	r, good, now, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range visible {
		if stopped, warned := before(r, good, row.code, now); stopped || warned {
			t.Errorf("an order without a mistake: stopped %v, warned of %s %v", stopped, row.code, warned)
		}
		o := good
		row.mistake(&o)
		stopped, warned := before(r, o, row.code, now)
		if told := stopped || warned; told == untold[row.code] {
			t.Errorf("%s: stopped %v, warned of %v", row.code, stopped, warned)
		}
	}
}

// untold are the mistakes of which nobody is told before the signature. What stays at the carrier is then taken to stay
// in service.
var untold = map[porting.ReasonCode]bool{porting.RemainingServiceUnspecified: true}

// Each peer-side reason is one that an order can show, or one that nobody can know of before the signature.
func TestEveryReasonIsLookedAtBefore(t *testing.T) {
	for _, info := range porting.Reasons {
		shown := slices.ContainsFunc(visible, func(row struct {
			code    porting.ReasonCode
			mistake func(*porting.Order)
		}) bool {
			return row.code == info.Code
		})
		_, unknown := hidden[info.Code]
		if peers := !slices.Contains(ours[:], info.Code); shown && unknown || (shown || unknown) != peers {
			t.Errorf("%s: an order shows it %v, nobody can know it %v", info.Code, shown, unknown)
		}
	}
}

// What rules may not resolve is a reason of the peers' that no repair is written for.
func TestReservedReasons(t *testing.T) {
	for code, why := range reserved {
		info := code.Info()
		if info.Code != code || slices.Contains(ours[:], code) || why == "" {
			t.Errorf("%s is no reason of a peer's", code)
		}
		byRule := slices.ContainsFunc(info.Repairs, func(kind porting.RepairKind) bool {
			return kind != porting.SendPaper && kind != porting.Replace // with what the customer has given; of a change
		})
		if byRule {
			t.Errorf("%s has a repair, and is kept from rules", code)
		}
	}
}

// onThePage looks for a row of the page of figures.
func onThePage(t *testing.T, row string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), row) {
		t.Errorf("infra/docs/figures.md does not say %s", row)
	}
}

// A life outside of a test ends as it should, and tells what went wrong in it.
func TestRefused(t *testing.T) {
	r, err := refused(t.Context(), workflowtest.Case{Number: "+12065557403", With: "+12065550202"})
	if err != nil || r.By != "" || len(r.Repairs) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := refused(t.Context(), workflowtest.Case{Number: "no number"}); err == nil ||
		!strings.Contains(err.Error(), "no number: ") {
		t.Errorf("%v", err)
	}
}
