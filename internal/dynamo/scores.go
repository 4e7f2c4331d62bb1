package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// scoreShards is the number of items that a score is spread over. The score of a peer or of a losing carrier has
// counters for each month and peer. Two transactions that write the same item at the same time refuse each other.
const scoreShards = 4

func scoreKey(of porting.Scored, month, peer string, shard int) key {
	return key{"S#" + string(of), "MONTH#" + month + "#" + strconv.Itoa(shard) + "#" + peer}
}

// The counters: one for each mark, the sum of the leads, and one for each number of days until an answer. They stand at
// the top level of an item, since ADD reaches no others.
const (
	counter     = "n_"
	leadCounter = counter + "lead"
	daysCounter = counter + "days_"
)

// countTries is the number of times that Count tries at once where another count is in its way.
const countTries = 3

// Count adds the event's tally to the scores of its peer and its carrier, and its lesson to what is learned about the
// carrier. It does so once however often it is called, since the same transaction marks the event.
func (s *Store) Count(ctx context.Context, e porting.Event) error {
	t := e.Tally
	tallied := t.Mark != "" && t.Peer != ""
	if !tallied && e.Lesson.Carrier == "" {
		return nil
	}
	add := map[string]int{counter + string(t.Mark): 1}
	if t.Answered {
		add[daysCounter+strconv.Itoa(min(max(t.Days, 0), porting.MaxDays))] = 1
	}
	if t.Lead > 0 {
		add[leadCounter] = t.Lead
	}
	var of []porting.Scored
	if tallied {
		of = append(of, porting.ScoreOfPeer(t.Peer))
	}
	if tallied && t.Carrier != "" {
		of = append(of, porting.ScoreOfCarrier(t.Carrier))
	}
	var err error
	for range countTries {
		w := &writes{table: s.table}
		w.update(eventKey(e.Order, e.Version, e.N), "SET counted = :yes",
			"attribute_exists(pk) AND attribute_not_exists(counted)",
			item{":yes": &types.AttributeValueMemberBOOL{Value: true}}, means(errCounted))
		for _, scored := range of {
			update, values := "ADD ", item{}
			for i, name := range slices.Sorted(maps.Keys(add)) {
				value := ":n" + strconv.Itoa(i)
				update += strings.Repeat(", ", min(i, 1)) + name + " " + value
				values[value] = number(int64(add[name]))
			}
			if t.Mark == porting.MarkDown {
				update += " SET down_at = :at"
				values[":at"] = text(string(stampOf(e.At)))
			}
			k := scoreKey(scored, porting.MonthOf(e.At), t.Peer, hashed(string(e.Order), scoreShards))
			w.update(k, update, "", values, means(errCounted))
		}
		w.learn(e)
		if err = s.run(ctx, w); !porting.Is(err, porting.Stale) {
			break
		}
	}
	if porting.Is(err, porting.Settled) {
		return nil
	}
	return err
}

var errCounted = porting.Errorf(porting.Settled, "The event is counted already.")

// Months reads the counters from the given month on, for each month and peer.
func (s *Store) Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error) {
	var all []porting.Month
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :since AND :end"),
		ExpressionAttributeValues: item{":pk": text("S#" + string(of)), ":since": text("MONTH#" + since),
			":end": text("MONTH#~")},
	}, func(i item) error {
		var row map[string]any
		if err := unmarshal(i, &row); err != nil {
			return err
		}
		parts := strings.SplitN(textOf(i["sk"]), "#", 4)
		if len(parts) != 4 {
			return fmt.Errorf("%s|%s is no key of a score", textOf(i["pk"]), textOf(i["sk"]))
		}
		at := slices.IndexFunc(all, func(m porting.Month) bool { return m.Month == parts[1] && m.Peer == parts[3] })
		if at < 0 {
			at = len(all)
			all = append(all, porting.Month{Month: parts[1], Peer: parts[3], Marks: map[porting.Mark]int{}})
		}
		addRow(&all[at], row)
		return nil
	})
	return all, err
}

// addRow adds the counters of one item to its month.
func addRow(m *porting.Month, row map[string]any) {
	count := func(name string) int {
		n, _ := row[name].(float64) // 0 where it is missing
		return int(n)
	}
	for _, mark := range porting.Marks() {
		if n := count(counter + string(mark)); n > 0 {
			m.Marks[mark] += n
		}
	}
	for d := range m.Days {
		m.Days[d] += count(daysCounter + strconv.Itoa(d))
	}
	m.Lead += count(leadCounter)
	at, _ := row["down_at"].(string)
	if at := stamp(at).time(); at.After(m.DownAt) {
		m.DownAt = at
	}
}
