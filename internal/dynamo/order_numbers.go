package dynamo

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/porting"
)

// chunkItem has up to chunkSize numbers of an order as one text. A line is a number, its state, its reason, the second
// of its state in base 36, and how far our switch is with it (provisionText), with a space between them; what is empty at
// the end of a line is left out.
type chunkItem struct {
	key
	Numbers string `dynamodbav:"numbers"`
	// Intake is the large create call that wrote the chunk. No other may remove it.
	Intake string `dynamodbav:"intake,omitempty"`
}

// chunksOf returns the texts of the chunks of an order.
func chunksOf(numbers []porting.Number) []string {
	var texts []string
	for part := range slices.Chunk(numbers, chunkSize) {
		lines := make([]string, 0, len(part))
		for _, n := range part {
			at := ""
			if !n.At.IsZero() {
				at = strconv.FormatInt(n.At.Unix(), 36)
			}
			line := n.TN + " " + string(n.State) + " " + string(n.Reason) + " " + at + " " + provisionText(n.Provision)
			lines = append(lines, strings.TrimRight(line, " "))
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return texts
}

// list reads the numbers of the chunk.
func (c chunkItem) list() []porting.Number {
	lines := strings.Split(c.Numbers, "\n")
	numbers := make([]porting.Number, 0, len(lines))
	for _, line := range lines {
		words := append(strings.Split(line, " "), "", "", "", "")
		n := porting.Number{TN: words[0], State: porting.NumberState(words[1]), Reason: porting.ReasonCode(words[2])}
		if at, err := strconv.ParseInt(words[3], 36, 64); err == nil {
			n.At = time.Unix(at, 0).UTC()
		}
		n.Provision = provisionOf(words[4])
		numbers = append(numbers, n)
	}
	return numbers
}

// provisionText writes how far our switch is with a number: step, answer, reason, day, round, the second of the answer in
// base 36, and the states of E911, CNAM and messages, with a slash between them; empty where no switch was asked.
func provisionText(p porting.Provision) string {
	if p == (porting.Provision{}) {
		return ""
	}
	at, round := "", ""
	if !p.At.IsZero() {
		at = strconv.FormatInt(p.At.Unix(), 36)
	}
	if p.Round != 0 {
		round = strconv.Itoa(p.Round)
	}
	f := p.Features
	return strings.TrimRight(strings.Join([]string{string(p.Step), string(p.Answer), p.Reason, string(p.Day), round, at,
		string(f.E911), string(f.CNAM), string(f.Messaging)}, "/"), "/")
}

// provisionOf reads what provisionText has written.
func provisionOf(text string) porting.Provision {
	if text == "" {
		return porting.Provision{}
	}
	parts := append(strings.Split(text, "/"), make([]string, 8)...)
	p := porting.Provision{Step: porting.ProvisionStep(parts[0]), Answer: porting.ProvisionAnswer(parts[1]), Reason: parts[2],
		Day: porting.Date(parts[3]), Features: porting.Features{E911: porting.FeatureState(parts[6]),
			CNAM: porting.FeatureState(parts[7]), Messaging: porting.FeatureState(parts[8])}}
	p.Round, _ = strconv.Atoi(parts[4])
	if at, err := strconv.ParseInt(parts[5], 36, 64); err == nil {
		p.At = time.Unix(at, 0).UTC()
	}
	return p
}

// chunks writes the chunks that differ.
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

// chunkSize is the number of numbers in one item, which takes 13 KB, and up to 80 KB with a switch. An order of MaxNumbers has 5 chunks. That leaves
// room for porting.HoldsPerTransaction holds in the transaction that changes all of them.
const chunkSize = 1000
