package peer

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"portway/internal/porting"
	"portway/internal/text"
)

// at is the present of these tests: the first months of 2027 are behind it.
var at = time.Date(2027, 3, 20, 15, 0, 0, 0, time.UTC)

// bringer is a peer that brings the numbers of the given endings, unless it is down, slow, or fails in another way.
type bringer struct {
	Peer
	name  string
	ends  string
	down  bool
	slow  bool  // it answers when the call's time is over
	fails error // the error that it answers with
	asked *[]string
}

func (b bringer) Name() string { return b.name }

func (b bringer) Portability(ctx context.Context, tns []string) ([]Portability, error) {
	if b.asked != nil {
		*b.asked = append(*b.asked, b.name)
	}
	switch {
	case b.slow:
		<-ctx.Done()
		return nil, &Down{Peer: b.name, Why: "no answer in time"}
	case b.fails != nil:
		return nil, b.fails
	case b.down:
		return nil, &Down{Peer: b.name, Why: "HTTP 503"}
	}
	var all []Portability
	for _, tn := range tns {
		p := Portability{TN: tn, Portable: strings.Contains(b.ends, tn[len(tn)-1:])}
		if !p.Portable {
			p.Reason = porting.NoCoverage
		}
		all = append(all, p)
	}
	return all, nil
}

// book is a score as it was written.
type book map[porting.Scored][]porting.Month

func (b book) Months(_ context.Context, of porting.Scored, since string) ([]porting.Month, error) {
	if since != "2026-10" {
		return nil, errors.New("not as far back as it counts: " + since)
	}
	return b[of], nil
}

// month has a peer's marks of March.
func month(name string, accepted, refused, denied, lead int) porting.Month {
	return porting.Month{Month: "2027-03", Peer: name, Lead: lead, Marks: map[porting.Mark]int{
		porting.MarkAccepted: accepted, porting.MarkRefused: refused, porting.MarkDenied: denied}}
}

func scoresOf(months ...porting.Month) book {
	b := book{}
	for _, m := range months {
		of := porting.ScoreOfPeer(m.Peer)
		b[of] = append(b[of], m)
	}
	return b
}

// resting is the score of a peer that could not be reached a minute ago.
func resting(name string) book {
	m := month(name, 0, 0, 0, 0)
	m.DownAt = at.Add(-time.Minute)
	return scoresOf(m)
}

// The points of a card, by the table of weights.
func TestPoints(t *testing.T) {
	for _, test := range []struct {
		name string
		card Card
		want float64
		ok   bool
	}{
		{"nothing known", Card{}, 0, false},
		{"all is well, with dates three days away", Card{Accepted: 40, Lead: 120}, 50 + 20*0.8 + 20 + 10, true},
		{"nineteen answers are too few", Card{Accepted: 19, Lead: 57}, 50 + 20*0.8 + 20 + 10, false},
		{"half is refused", Card{Accepted: 20, Refused: 20, Lead: 60}, 25 + 20*0.8 + 20 + 10, true},
		{"what is not carried is no better", Card{Accepted: 20, Denied: 20, Lead: 60}, 25 + 20*0.8 + 20 + 10, true},
		{"dates a month away", Card{Accepted: 20, Lead: 440}, 50 + 0 + 20 + 10, true},
		{"a quarter of the dates is lost", Card{Accepted: 20, Lead: 0, Lost: 5}, 50 + 20 + 15 + 10, true},
		{"half of the dates is put off", Card{Accepted: 20, Lead: 0, Moved: 10}, 50 + 20 + 15 + 10, true},
		{"as often down as up", Card{Accepted: 20, Lead: 0, Down: 20}, 50 + 20 + 20 + 5, true},
		{"nothing but refusals", Card{Refused: 30}, 0 + 0 + 0 + 10, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := test.card.Points(); got-test.want > 1e-9 || test.want-got > 1e-9 || ok != test.ok {
				t.Errorf("%v (%v), want %v (%v)", got, ok, test.want, test.ok)
			}
		})
	}
	all := 0.0
	for _, w := range weights {
		all += w.points
	}
	if all != 100 {
		t.Errorf("the weights add up to %v", all)
	}
}

// A card adds its own peer's months, each half as much as the one after it.
func TestCardOf(t *testing.T) {
	february := month("locals", 8, 2, 0, 24)
	february.Month, february.DownAt = "2027-02", at.AddDate(0, -1, 0)
	old := month("locals", 500, 0, 0, 0)
	old.Month = "2026-09"
	got := CardOf("locals", []porting.Month{month("locals", 10, 0, 1, 30), february, old,
		month("locals2", 99, 99, 99, 99)}, at)
	if want := (Card{Accepted: 14, Refused: 1, Denied: 1, Lead: 42, DownAt: february.DownAt}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// The configured order stands until both know enough and differ by more than the margin.
func TestRank(t *testing.T) {
	good, bad := Card{Accepted: 38, Refused: 2, Lead: 120}, Card{Accepted: 20, Refused: 20, Lead: 100}
	nearly := Card{Accepted: 37, Refused: 3, Lead: 120}
	few := Card{Accepted: 10, Lead: 10}
	down := func(c Card, ago time.Duration) Card { c.DownAt = at.Add(-ago); return c }
	for _, test := range []struct {
		name   string
		cards  string // in the configured order: A direct, then B, C, D
		direct bool
		by     map[string]Card
		want   string
	}{
		{"nothing known", "BCD", false, nil, "BCD"},
		{"better by far", "BC", false, map[string]Card{"B": bad, "C": good}, "CB"},
		{"nearly equal", "BC", false, map[string]Card{"B": nearly, "C": good}, "BC"},
		{"too few answers for the good one", "BC", false, map[string]Card{"B": bad, "C": few}, "BC"},
		{"too few answers for the bad one", "BC", false, map[string]Card{"B": {Refused: 10}, "C": good}, "BC"},
		{"the third is best", "BCD", false, map[string]Card{"B": bad, "C": bad, "D": good}, "DBC"},
		{"one that knows too little keeps its place", "BCD", false, map[string]Card{"B": bad, "D": good}, "BCD"},
		{"no score overtakes a direct peer", "ABC", true, map[string]Card{"A": bad, "B": bad, "C": good}, "ACB"},
		{"who was down just now comes last", "BCD", false, map[string]Card{"B": down(good, 14*time.Minute)}, "CDB"},
		{"and is tried again after a while", "BCD", false, map[string]Card{"B": down(good, 15*time.Minute)}, "BCD"},
		{"a direct one too", "AB", true, map[string]Card{"A": down(good, 0)}, "BA"},
		{"when all are down the order stands", "BC", false, map[string]Card{"B": down(bad, 0), "C": down(bad, time.Minute)},
			"BC"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var peers []Ranked
			for i, name := range strings.Split(test.cards, "") {
				peers = append(peers, Ranked{Peer: bringer{name: name}, Direct: test.direct && i == 0, Card: test.by[name]})
			}
			got := ""
			for _, p := range Rank(peers, at) {
				got += p.Peer.Name()
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Choose picks a peer and tells our staff why.
func TestChoose(t *testing.T) {
	order := porting.Order{Kind: porting.Local, Carrier: porting.Carrier{SPID: "8X34"},
		Numbers: []porting.Number{{TN: "+12065550101"}, {TN: "+12065550102"}}}
	asked := func(kind porting.AttemptKind, name string, state porting.AnswerState) porting.Order {
		o := order
		o.Attempts = []porting.Attempt{{Kind: kind, Peer: name, State: state}}
		return o
	}
	all := func(name string) bringer { return bringer{name: name, ends: "0123456789"} }
	gone := func(name string) bringer { return bringer{name: name, down: true} }
	shut := func(name string) bringer {
		return bringer{name: name,
			fails: &Denied{Peer: name, Reasons: []porting.Reason{{Code: porting.PeerDenied, Raw: "7333"}}}}
	}
	apart := scoresOf(month("locals", 20, 20, 0, 100), month("locals2", 48, 2, 0, 154))
	for _, test := range []struct {
		name   string
		direct []Peer
		locals []Peer
		scores book
		order  porting.Order
		want   string
		why    string
		err    string
	}{
		{name: "the only one is not asked", locals: []Peer{gone("locals")}, want: "locals",
			why: "it is our only peer for these numbers"},
		{name: "the first", locals: []Peer{all("locals"), all("locals2")}, want: "locals",
			why: "it is the first of our peers " +
				"for these numbers"},
		{name: "a direct one", direct: []Peer{all("own")}, locals: []Peer{all("locals")}, scores: apart, want: "own",
			why: "we port there by an agreement of our own"},
		{name: "the better one", locals: []Peer{all("locals"), all("locals2")}, scores: apart, want: "locals2",
			why: "lately 96 % of its orders got a date, 3.2 business days away; at locals 50 % of its orders got a date, 5.0 " +
				"business days away"},
		{name: "the first, which is better too", locals: []Peer{all("locals2"), all("locals")}, scores: apart,
			want: "locals2",
			why:  "lately 96 % of its orders got a date, 3.2 business days away"},
		{name: "the better one is down", locals: []Peer{all("locals"), gone("locals2")}, scores: apart, want: "locals",
			why: "locals2 can't be reached at present; lately 50 % of its orders got a date, 5.0 business days away"},
		{name: "the first does not bring them", locals: []Peer{bringer{name: "locals", ends: "1"}, all("locals2")},
			want: "locals2",
			why:  "locals does not bring all numbers; it brings all numbers"},
		{name: "the first can't be reached at present", locals: []Peer{all("locals"), all("locals2")},
			scores: resting("locals"), want: "locals2",
			why: "locals can't be reached at present; it brings all numbers"},
		{name: "a direct one could not", direct: []Peer{all("own")}, locals: []Peer{all("locals")}, scores: resting("own"),
			want: "locals",
			why:  "own can't be reached at present; it brings all numbers"},
		{name: "the second could not", locals: []Peer{all("locals"), all("locals2")}, scores: resting("locals2"),
			want: "locals",
			why:  "it is the first of our peers for these numbers"},
		{name: "who can't be reached at present is the only one that brings them",
			locals: []Peer{all("locals"), bringer{name: "locals2"}}, scores: resting("locals"),
			want: "locals", why: "locals2 does not bring all numbers; it brings all numbers"},
		{name: "nobody brings all", locals: []Peer{bringer{name: "locals"}, bringer{name: "locals2", ends: "2"}},
			want: "locals2",
			why:  "no peer that can be reached brings all numbers, and this one brings most of them"},
		{name: "the first refuses us", locals: []Peer{shut("locals"), all("locals2")}, want: "locals2",
			why: "locals refuses to be asked (PEER_DENIED 7333), so that our login and account there have to be checked; it " +
				"brings all numbers"},
		{name: "nobody else brings all", locals: []Peer{shut("locals"), bringer{name: "locals2", ends: "1"}}, want: "locals2",
			why: "locals refuses to be asked (PEER_DENIED 7333), so that our login and account there have to be checked; " +
				"no peer that can be reached brings all numbers, and this one brings most of them"},
		{name: "all are down", locals: []Peer{gone("locals"), gone("locals2")}, err: "locals can't be reached: HTTP 503"},
		{name: "who refused to carry it is not asked", locals: []Peer{all("locals"), all("locals2")},
			order: asked(porting.AskPort, "locals", porting.AnswerDenied),
			want:  "locals2", why: "it is our only peer for these numbers"},
		{name: "who has asked for the record keeps the order", locals: []Peer{all("locals"), gone("locals2")}, scores: apart,
			order: asked(porting.AskCSR, "locals2", porting.AnswerReady), want: "locals2"},
		{name: "nobody is left", locals: []Peer{all("locals")}, order: asked(porting.AskPort, "locals", porting.AnswerDenied),
			err: errNobody.Error()},
		{name: "toll-free is the registry's", locals: []Peer{all("locals")}, order: porting.Order{Kind: porting.TollFree},
			want: "somos"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &Router{Direct: test.direct, Locals: test.locals, TollFree: all("somos"), Now: func() time.Time { return at }}
			if test.scores != nil {
				r.Scores = test.scores
			}
			o := test.order
			if o.Kind == "" {
				o = order
			}
			got, err := r.Choose(t.Context(), o)
			if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
				t.Fatalf("error %v, want %q", err, test.err)
			}
			if err == nil && (got.Peer.Name() != test.want || because(got.Why) != test.why) {
				t.Errorf("%s: %s\nwant %s: %s", got.Peer.Name(), because(got.Why), test.want, test.why)
			}
		})
	}
}

// A peer's record with the order's own losing carrier counts more than all the rest, once there is enough of it,
// and the carrier's habit comes along.
func TestTheCarriersOwnScoreCounts(t *testing.T) {
	scores := scoresOf(month("locals", 20, 20, 0, 100), month("locals2", 48, 2, 0, 154))
	mine := month("locals", 30, 0, 0, 90)
	mine.Days[1], mine.Days[2] = 20, 10
	scores[porting.ScoreOfCarrier("8X34")] = []porting.Month{mine, month("locals2", 0, 19, 0, 0)}
	r := &Router{Locals: []Peer{bringer{name: "locals", ends: "1"}, bringer{name: "locals2", ends: "1"}}, Scores: scores,
		Now: func() time.Time { return at }}
	for carrier, want := range map[string]string{"8X34": "locals", "6214": "locals2"} {
		o := porting.Order{Kind: porting.Local, Carrier: porting.Carrier{SPID: carrier},
			Numbers: []porting.Number{{TN: "+12065550101"}}}
		got, err := r.Choose(t.Context(), o)
		if err != nil || got.Peer.Name() != want {
			t.Errorf("%s goes through %v, want %s (%v)", carrier, got.Peer, want, err)
		}
		if known := got.Habit == (porting.Habit{Answers: 30, Usual: 1, Slow: 2}); known != (carrier == "8X34") {
			t.Errorf("%s has the habit %+v", carrier, got.Habit)
		}
	}
}

// unaskable are the ways in which a peer can't be asked, by the peer's name.
var unaskable = []struct {
	name    string
	peer    func(name string) bringer
	refuses bool   // our staff has to see to it
	err     string // where nobody else can be asked
}{
	{name: "down", err: "locals can't be reached: HTTP 503",
		peer: func(name string) bringer { return bringer{name: name, down: true} }},
	{name: "throttled", err: "locals can't be reached: HTTP 429",
		peer: func(name string) bringer { return bringer{name: name, fails: &Down{Peer: name, Why: "HTTP 429"}} }},
	{name: "slow", err: "locals can't be reached: no answer in time",
		peer: func(name string) bringer { return bringer{name: name, slow: true} }},
	{name: "our login is refused", refuses: true, err: "locals refuses to be asked: HTTP 401",
		peer: func(name string) bringer {
			return bringer{name: name, fails: &Down{Peer: name, Why: "HTTP 401", Refuses: true}}
		}},
	{name: "our account may not port", refuses: true, err: "locals refuses to be asked: PEER_DENIED 7333",
		peer: func(name string) bringer {
			return bringer{name: name,
				fails: &Denied{Peer: name, Reasons: []porting.Reason{{Code: porting.PeerDenied, Raw: "7333"}}}}
		}},
	{name: "an error of the adapter's own", err: "load the session: no such table",
		peer: func(name string) bringer {
			return bringer{name: name, fails: errors.New("load the session: no such table")}
		}},
}

// counted has the lines of the metric that tells our staff of refusals.
func counted(t *testing.T) *bytes.Buffer {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &out
}

// A peer that can't be asked keeps nobody from answering for the numbers that another one brings, whatever its trouble
// and its place. A number that nobody else brings is unknown then, and our staff hears of a refusal.
func TestAPeerThatCantBeAskedIsPassedOver(t *testing.T) {
	const brought, left = "+12065550101", "+12065550102"
	names := []string{"locals", "locals2", "locals3"}
	for _, kind := range unaskable {
		for place := range names {
			t.Run(kind.name+", "+names[place], func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
					defer cancel()
					out := counted(t)
					r := &Router{Now: func() time.Time { return at }}
					for i, name := range names {
						p := bringer{name: name}
						switch {
						case i == place:
							p = kind.peer(name)
						case i == (place+1)%len(names):
							p.ends = "1"
						}
						r.Locals = append(r.Locals, p)
					}
					found, err := r.Portability(ctx, []string{brought})
					if err != nil || len(found) != 1 || !found[0].Portable {
						t.Errorf("another peer brings it: %+v, %v", found, err)
					}
					o := porting.Order{Kind: porting.Local, Numbers: []porting.Number{{TN: brought}}}
					if got, err := r.Choose(ctx, o); err != nil || got.Peer.Name() != names[(place+1)%len(names)] {
						t.Errorf("chosen: %+v, %v", got, err)
					}
					asked := place < (place+1)%len(names) // those before the one that brings it
					if told := strings.Contains(out.String(), `"peer":"`+names[place]+`"`); told != (kind.refuses && asked) {
						t.Errorf("told: %t\n%s", told, out)
					}
					if _, err := r.Portability(ctx, []string{brought, left}); err == nil {
						t.Error("the other number may be what this peer brings, and is called unportable")
					}
					if told := strings.Contains(out.String(), `"peer":"`+names[place]+`"`); told != kind.refuses {
						t.Errorf("told: %t\n%s", told, out)
					}
				})
			})
		}
		t.Run(kind.name+", all of them", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				counted(t)
				r := &Router{Now: func() time.Time { return at }}
				for _, name := range names {
					r.Locals = append(r.Locals, kind.peer(name))
				}
				o := porting.Order{Kind: porting.Local, Numbers: []porting.Number{{TN: brought}}}
				_, portability := r.Portability(ctx, []string{brought})
				_, choice := r.Choose(ctx, o)
				_, other := r.Other(ctx, o)
				for _, err := range []error{portability, choice, other} {
					if kind.name == "slow" && err != nil {
						continue // the first call has used up the time of the others
					}
					if err == nil || err.Error() != kind.err {
						t.Errorf("%v, want %s", err, kind.err)
					}
				}
			})
		})
		t.Run(kind.name+", the toll-free registry", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				counted(t)
				r := &Router{Locals: []Peer{bringer{name: "locals2", ends: "1"}}, TollFree: kind.peer("locals")}
				if found, err := r.Portability(ctx, []string{brought}); err != nil || !found[0].Portable {
					t.Errorf("it is not asked about others: %+v, %v", found, err)
				}
				if _, err := r.Portability(ctx, []string{brought, "+18005550101"}); err == nil || err.Error() != kind.err {
					t.Errorf("%v, want %s", err, kind.err)
				}
			})
		})
	}
}

// A caller that has gone away waits for no other peer.
func TestPortabilityEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var asked []string
	r := &Router{Locals: []Peer{bringer{name: "locals", fails: context.Canceled},
		bringer{name: "locals2", ends: "1", asked: &asked}}}
	if _, err := r.Portability(ctx, []string{"+12065550101"}); !errors.Is(err, context.Canceled) || len(asked) > 0 {
		t.Errorf("%v, asked %v", err, asked)
	}
}

// A number that is left over is unknown while a peer that might bring it can't be asked.
func TestPortabilityWithAPeerDown(t *testing.T) {
	down, some, whole := bringer{name: "locals", down: true}, bringer{name: "locals2", ends: "1"},
		bringer{name: "locals3", ends: "12"}
	for _, test := range []struct {
		name   string
		locals []Peer
		tns    []string
		ok     bool
	}{
		{"another brings it", []Peer{down, some}, []string{"+12065550101"}, true},
		{"another brings it before", []Peer{some, down}, []string{"+12065550101"}, true},
		{"it might bring what is left over", []Peer{down, some}, []string{"+12065550101", "+12065550102"}, false},
		{"nothing is left over", []Peer{some, down, whole}, []string{"+12065550101", "+12065550102"}, true},
		{"nobody else", []Peer{down}, []string{"+12065550101"}, false},
		{"toll-free is not its business", []Peer{down}, []string{"+18005550101"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &Router{Locals: test.locals, TollFree: bringer{name: "somos", ends: "1"}}
			found, err := r.Portability(t.Context(), test.tns)
			var gone *Down
			if test.ok != (err == nil) || err != nil && !errors.As(err, &gone) {
				t.Fatalf("error %v", err)
			}
			for _, p := range found {
				if !p.Portable {
					t.Errorf("%s is not portable", p.TN)
				}
			}
		})
	}
}

// The next peer after a refusal to carry the order is the best of those that are left.
func TestOther(t *testing.T) {
	asked := []string{}
	peers := []Peer{bringer{name: "locals", ends: "1"}, bringer{name: "locals2", ends: "1", asked: &asked},
		bringer{name: "locals3", ends: "1", asked: &asked}}
	r := &Router{Locals: peers, Scores: scoresOf(month("locals2", 20, 20, 0, 100), month("locals3", 40, 0, 0, 100)),
		Now: func() time.Time { return at }}
	o := porting.Order{Kind: porting.Local, Numbers: []porting.Number{{TN: "+12065550101"}},
		Answers: porting.Answers{Attempts: []porting.Attempt{{Kind: porting.AskPort, Peer: "locals"}}}}
	if p, err := r.Other(t.Context(), o); err != nil || p.Name() != "locals3" || len(asked) != 1 {
		t.Errorf("%v (%v), asked %v", p, err, asked)
	}
	o.Attempts[0].Kind = porting.AskCSR
	if p, err := r.Other(t.Context(), o); err != nil || p.Name() != "locals3" {
		t.Errorf("%v (%v) after the record's", p, err)
	}
	r.Locals = peers[:1]
	if p, err := r.Other(t.Context(), o); err != nil || p != nil {
		t.Errorf("%v (%v), want none", p, err)
	}
}

// because returns the reasons of a choice as our staff reads them.
func because(why []porting.Message) string {
	var all []string
	for _, m := range why {
		all = append(all, text.English.Staff(m))
	}
	return strings.Join(all, "; ")
}
