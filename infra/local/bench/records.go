package bench

import (
	"fmt"
	"time"

	"portway/internal/match"
	"portway/internal/match/matchtest"
)

const (
	timedRounds = 20

	recordsNote = "A pair is one field of an order and of a carrier's record, with a porting desk's verdict whether " +
		"they are the same. " +
		"Precision is the share of correct verdicts among our \"same\". Recall is the share of the desk's \"same\" " +
		"that we find. " +
		"Wrongly equal counts pairs that we would send and a carrier would reject. Where recall falls short, we say " +
		"\"different\" on purpose, " +
		"since some carriers reject such values; they are corrected, or the customer is asked. The rules were made " +
		"with these pairs, so the " +
		"figures show that no known case is wrong. They do not tell how carriers' next records will compare."
)

// records compares the corpus of orders and carriers' records, field by field, and scores our verdicts.
func records() ([]Figure, error) {
	pairs, err := matchtest.Corpus()
	if err != nil {
		return nil, err
	}
	fields, all := matchtest.Measure(pairs)
	var figures []Figure
	for _, s := range append(fields, all) {
		figures = append(figures, scored(s))
	}
	last := &figures[len(figures)-1]
	last.Goal = fmt.Sprintf("%s, at least %d pairs, recall %.0f %%", last.Goal, matchtest.FewestPairs,
		100*matchtest.LeastRecall)
	last.Met = last.Met && all.Pairs >= matchtest.FewestPairs && all.Recall() >= matchtest.LeastRecall

	begin := time.Now()
	for range timedRounds {
		for _, p := range pairs {
			match.Compare(p.Order, p.Carrier)
		}
	}
	each := time.Since(begin) / time.Duration(timedRounds*len(pairs))
	return append(figures, Figure{What: "time of a comparison", Value: fmt.Sprintf("%d ns", each.Nanoseconds())}), nil
}

func scored(s matchtest.Score) Figure {
	return Figure{
		What: s.Field,
		Value: fmt.Sprintf("%3d pairs, precision %5.1f %%, recall %5.1f %%, wrongly equal %d", s.Pairs,
			100*s.Precision(), 100*s.Recall(), s.WronglyEqual),
		Goal: "none wrongly equal", Met: s.WronglyEqual == 0,
	}
}
