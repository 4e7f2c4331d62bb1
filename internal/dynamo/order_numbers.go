package dynamo

import (
	"slices"
	"strings"

	"portway/internal/porting"
)

// chunkItem holds numbers as text, one a line: the number, its state where it has one, the reason where it has one.
type chunkItem struct {
	key
	Numbers string `dynamodbav:"numbers"`
	// Intake names the large create call that wrote the chunk, which alone may take it back.
	Intake string `dynamodbav:"intake,omitempty"`
}

// chunksOf are the texts of an order's chunks.
func chunksOf(numbers []porting.Number) []string {
	var texts []string
	for part := range slices.Chunk(numbers, chunkSize) {
		lines := make([]string, 0, len(part))
		for _, n := range part {
			line := n.TN
			if n.State != "" {
				line += " " + string(n.State)
			}
			if n.Reason != "" {
				line += " " + string(n.Reason)
			}
			lines = append(lines, line)
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return texts
}

func (c chunkItem) list() []porting.Number {
	lines := strings.Split(c.Numbers, "\n")
	numbers := make([]porting.Number, 0, len(lines))
	for _, line := range lines {
		words := append(strings.Split(line, " "), "", "")
		numbers = append(numbers, porting.Number{TN: words[0], State: porting.NumberState(words[1]), Reason: porting.ReasonCode(words[2])})
	}
	return numbers
}

func (w *writes) chunks(before, after porting.Order) {
	old, now := chunksOf(before.Numbers), chunksOf(after.Numbers)
	for n, numbers := range now {
		if n >= len(old) || old[n] != numbers {
			w.put(chunkItem{key: chunkKey(after.ID, n), Numbers: numbers}, "", nil, nil)
		}
	}
	for n := len(now); n < len(old); n++ {
		w.delete(chunkKey(after.ID, n), "", nil, nil)
	}
}

func isChunk(i item) bool {
	sk := textOf(i["sk"])
	return sk >= fromNumbers && sk < orderSK
}

// chunkSize is how many numbers one item holds, 13 KB. An order of MaxNumbers has 5 chunks, which leaves room for
// porting.HoldsPerTransaction claims in the one transaction that changes them all.
const chunkSize = 1000
