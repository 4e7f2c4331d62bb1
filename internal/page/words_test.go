package page

import (
	"maps"
	"slices"
	"testing"

	"portway/internal/link"
	"portway/internal/text/texttest"
)

// sentences are all that the page says of its own.
func sentences(t *testing.T) []string {
	all := append(texttest.Sentences(t, ".", "Say", "tell"), nextCheck, nextMove, nextEnd,
		numberMoving, numberPorted, numberExcluded, numberStays, numberFailed, numberBack,
		link.ErrCodeSoon.Message, link.ErrCodeTries.Message, link.ErrCodeOver.Message, link.ErrCodeWrong.Message, errChanged.Message)
	all = append(all, stepLabels...)
	all = append(all, values(headings)...)
	all = append(all, values(summaries)...)
	all = append(all, values(doneWords)...)
	all = append(all, values(stepStates)...)
	all = append(all, values(documentNames)...)
	all = append(all, values(documentStates)...)
	all = append(all, values(usages)...)
	all = append(all, values(authors)...)
	all = append(all, values(changeNames)...)
	all = append(all, values(changeStates)...)
	all = append(all, values(hints)...)
	slices.Sort(all)
	return slices.Compact(all)
}

func values[K comparable](m map[K]string) []string { return slices.Collect(maps.Values(m)) }

func TestWordsAreWhole(t *testing.T) { texttest.Whole(t, ".", sentences(t)) }
