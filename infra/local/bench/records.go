package bench

import (
	"fmt"
	"time"

	"portway/internal/match"
	"portway/internal/match/matchtest"
)

const (
	timedRounds = 20

	recordsNote = "A pair is one field of an order and of a carrier's record, with the verdict of a porting desk. Precision is which part of what we call " +
		"the same is the same, recall which part of what is the same we call so. Wrongly equal is what a carrier would reject and we would let through; " +
		"what recall lacks is called different on purpose, for some carriers may reject it, and is corrected or asked. The rules were made with these pairs: " +
		"they show that nothing known is wrong, not how carriers' next records will fare."
)

// records holds the comparison of orders with carriers' records against the corpus, field by field.
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
	last.Goal = fmt.Sprintf("%s, at least %d pairs, recall %.0f %%", last.Goal, matchtest.FewestPairs, 100*matchtest.LeastRecall)
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
		What:  s.Field,
		Value: fmt.Sprintf("%3d pairs, precision %5.1f %%, recall %5.1f %%, wrongly equal %d", s.Pairs, 100*s.Precision(), 100*s.Recall(), s.WronglyEqual),
		Goal:  "none wrongly equal", Met: s.WronglyEqual == 0,
	}
}
